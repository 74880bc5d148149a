"""Members as CSV: kept in the scan that checks the contacts, they are what a second scan would write."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sql_seg import Segment
from sql_seg.engines.duckdb import contacts
from sql_seg.engines.duckdb.files import AccountFiles
from sql_seg.records.account_sources import AccountSources

from .account import Write, ndjson, rows

NOW = datetime(2026, 11, 29, tzinfo=UTC)
DEFINED = {
    "custom_fields": [
        {"name": "score", "field_type": "Number"},
        {"name": "seen", "field_type": "Date"},
        {"name": "remark", "field_type": "Text"},
    ]
}
HEADER = "CONTACT_ID,EMAIL,CITY,ALTERNATE_EMAILS,UPDATED_AT,SCORE,SEEN,REMARK"
WRITTEN = "remark contact_id score seen updated_at alternate_emails list_ids city line".split()


@pytest.fixture(autouse=True)
def no_file_is_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small files, too, be answered while they are read: else they become a table."""
    monkeypatch.setattr(contacts, "_SMALL", -1)


TEXTS = [
    *(f"a{chr(code)}b" for code in range(1, 32)),
    *(
        "",
        " ",
        "a ",
        "a,b",
        '"',
        "'",
        '""',
        "#",
        "\\",
        "\\N",
        "NULL",
        "null",
        "é",
        "\x7f",
        "\x85",
        "\u2028",
        "𝄞",
    ),
]
SCORES = ["", "1", "1.5", "-0", "1e300", "9007199254740993", "0.1"]
MOMENTS = ["", "2026-01-02", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678901Z", "1/2/2026"]
LISTS = ["", "[]", '["a@x.org"]', '["a@x.org", "é@x.org"]', "a@x.org, b@x.org"]


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def line(at: int, remark: str, *, score: str | None = None) -> str:
    city = "Rome" if at % 3 else ""
    cells = [f"c{at}", f"p{at}@x.org", city, LISTS[at % len(LISTS)], "2026-01-02T03:04:05Z"]
    cells += [SCORES[at % len(SCORES)] if score is None else score, MOMENTS[at % len(MOMENTS)], remark]
    return ",".join(map(quoted, cells))


def written(
    paths: Path | list[Path], to: Path, *, kept: bool, query: str = "contact_id != 'c3'", **options: Any
) -> tuple[bytes, bool]:
    """Return what is written of members, and whether they were kept."""
    files = AccountFiles(AccountSources(contacts=paths, definitions=DEFINED, **options))
    segment = Segment(query, files.schema)
    home = files.read([segment.checked], NOW, writes_csv=kept)
    try:
        home.write(segment, NOW, to, "csv", WRITTEN)
        marked = b"".join(home.pieces(segment, NOW, "csv", WRITTEN))
    finally:
        home.close()
    assert marked == to.read_bytes()
    return marked, getattr(home, "_kept", None) is not None


def remarks(text: str) -> list[str]:
    return [each.split(",")[0] for each in text.splitlines()]


def both(paths: Path | list[Path], tmp_path: Path, *, keeps: bool = True, **options: Any) -> str:
    """Return what is written, which is the same whether members were kept or not."""
    twice, was_kept = written(paths, tmp_path / "twice.csv", kept=False, **options)
    assert not was_kept
    once, was_kept = written(paths, tmp_path / "once.csv", kept=True, **options)
    assert (once, was_kept) == (twice, keeps)
    return once.decode()


@pytest.mark.parametrize("empty", ["null", "string"])
def test_cells_of_all_kinds_are_written_alike(write: Write, tmp_path: Path, empty: Any) -> None:
    path = write("contacts.csv", HEADER + "\n" + rows(*map(line, range(len(TEXTS)), TEXTS)))
    text = both(path, tmp_path, empty=empty)
    assert '"a,b",' in text
    assert "c3," not in text


def test_several_files_are_written_in_their_order(write: Write, tmp_path: Path) -> None:
    first = write("a.csv", HEADER + "\n" + rows(line(0, "first"), line(1, "second")))
    other = write("b.csv", "REMARK,EMAIL,CONTACT_ID\n" + rows("third,q@x.org,c9"))
    packed = write("c.csv.gz", gzip.compress((HEADER + "\n" + rows(line(5, "fourth"))).encode()))
    text = both([first, other, packed], tmp_path)
    assert remarks(text) == ["remark", "first", "second", "third", "fourth"]


def test_what_is_left_out_is_not_written(write: Write, tmp_path: Path) -> None:
    lines = [line(0, "kept"), line(1, "bad", score="many"), line(0, "again"), line(4, "good")]
    path = write("contacts.csv", HEADER + "\n" + rows(*lines))
    assert remarks(both(path, tmp_path, on_error="skip")) == ["remark", "kept", "good"]


def test_a_text_with_what_stands_between_kept_cells_is_left_out(write: Write, tmp_path: Path) -> None:
    lines = [*(line(at, "fine") for at in range(2000)), line(2000, "a\0b")]
    path = write("contacts.csv", HEADER + "\n" + rows(*lines))
    assert path.stat().st_size > 1 << 17  # a NUL at the start says that it is no text
    text = both(path, tmp_path, on_error="skip", query="contact_id IN ('c7', 'c2000')")
    assert remarks(text) == ["remark", "fine"]


def test_nobody_is_a_header(write: Write, tmp_path: Path) -> None:
    path = write("contacts.csv", HEADER + "\n" + rows(line(0, "somebody")))
    assert both(path, tmp_path, query="contact_id = 'nobody'") == ",".join(WRITTEN) + "\n"


def test_texts_of_json_may_hold_any_character_and_are_read_again(write: Write, tmp_path: Path) -> None:
    path = write("contacts.ndjson", ndjson({"email": "a@x.org", "remark": "b,c"}, {"email": "d@x.org"}))
    assert '"b,c"' in both(path, tmp_path, keeps=False)


def test_members_of_large_files_or_in_little_memory_are_read_again(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("contacts.csv", HEADER + "\n" + rows(line(0, "one")))
    both(path, tmp_path, keeps=False, memory_limit="1GiB")
    monkeypatch.setattr(contacts, "_MOST_KEPT", path.stat().st_size - 1)
    both(path, tmp_path, keeps=False)


def test_another_question_is_not_answered_with_the_members_of_the_first(write: Write, tmp_path: Path) -> None:
    path = write("contacts.csv", HEADER + "\n" + rows(line(0, "zero"), line(1, "one")))
    files = AccountFiles(AccountSources(contacts=path, definitions=DEFINED))
    first, second = (Segment(f"contact_id = 'c{at}'", files.schema) for at in (0, 1))
    home = files.read([first.checked], NOW, writes_csv=True)
    found = [b"".join(home.pieces(each, NOW, "csv", ["remark"])) for each in (second, first)]
    home.close()
    assert found == [b"remark\none\n", b"remark\nzero\n"]
