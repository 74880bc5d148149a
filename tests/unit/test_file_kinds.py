"""What files are that are no text."""

from __future__ import annotations

import io
import zipfile

import pytest

from sql_seg.file_kinds import why_no_text


def zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", None),
        (b"email\na@x.com\n", None),
        ("héé".encode("latin-1"), None),  # whoever decodes it says so, with its place
        ("email".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        ("email".encode("utf-16-be"), "is UTF-16; save it as UTF-8"),
        ("email".encode("utf-16-le"), "is UTF-16; save it as UTF-8"),
        (
            zipped("[Content_Types].xml", "xl/workbook.xml"),
            "is a spreadsheet (.xlsx), not text: save",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is a spreadsheet (.xls), not text: save it as CSV"),
        (zipped("contacts.csv"), "is a zip archive: unpack it"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is binary, not UTF-8 text"),
    ],
)
def test_the_first_bytes_tell(content: bytes, expected: str | None) -> None:
    found = why_no_text(content)
    assert found == expected or (found and expected and found.startswith(expected))
