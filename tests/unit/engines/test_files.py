from __future__ import annotations

import gzip
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from sql_seg.errors import RecordError

from .account import Write, load, ndjson, rows

GOOD = rows("EMAIL,CITY", *(f"a{number}@x.example,Rome" for number in range(2000)))


def _load_as(role: str, path: Path, contacts: Path) -> None:
    if role == "contacts":
        load(path, on_error="skip")
    elif role == "events":
        load(contacts, events=path, on_error="skip")
    elif role == "lists":
        load(contacts, lists={"l1": path}, on_error="skip")
    else:
        load(contacts, fields=path, on_error="skip")


@pytest.mark.parametrize("role", ["contacts", "events", "lists", "fields"])
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b" \n\r\n\t\n", "is empty"),
        ("bom.csv", b"\xef\xbb\xbf", "is empty"),
        ("image.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is binary, not UTF-8 text"),
        ("utf16.csv", "EMAIL\na@x.example\n".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        ("latin.csv", "EMAIL,CITY\na@x.example,Köln\n".encode("latin-1"), "line 2: is not UTF-8 text"),
        (
            "latin.csv.gz",
            gzip.compress("{}\n\n[Köln".encode("latin-1"), mtime=0),
            "line 3: is not UTF-8 text",
        ),
        ("cut.csv.gz", gzip.compress(GOOD.encode(), mtime=0)[:60], "is no whole gzip file"),
        ("bad.csv.gz", gzip.compress(GOOD.encode(), mtime=0)[:30] + b"x" * 500, "is no whole gzip file"),
    ],
)
def test_a_file_that_is_no_text_is_named(
    write: Write, role: str, name: str, content: bytes, message: str
) -> None:
    contacts = write("contacts.csv", rows("EMAIL", "a@x.example"))
    path = write(name, content)
    with pytest.raises(RecordError, match=message) as caught:
        _load_as(role, path, contacts)
    assert caught.value.file == str(path)
    assert str(caught.value).startswith(str(path))


@pytest.mark.parametrize(
    ("role", "content"),
    [*product(["contacts", "events", "lists"], ["3", " null\n", "true\n\n"]), ("events", '"email"')],
)
def test_one_json_value_is_no_header(write: Write, role: str, content: str) -> None:
    contacts = write("contacts.csv", rows("EMAIL", "a@x.example"))
    path = write("value.json", content.encode())
    with pytest.raises(RecordError, match="holds one JSON value, not records"):
        _load_as(role, path, contacts)


@pytest.mark.parametrize("role", ["contacts", "events", "lists", "fields"])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.csv", "no such file"),
        ("missing*.csv", "no file matches"),
        (".", "is a directory"),
        ("contacts.csv/x", "cannot be read"),
        ("nul\0.csv", "cannot be read"),
    ],
)
def test_a_path_that_leads_nowhere_is_named(
    write: Write, tmp_path: Path, role: str, name: str, message: str
) -> None:
    contacts = write("contacts.csv", rows("EMAIL", "a@x.example"))
    with pytest.raises(RecordError, match=message):
        _load_as(role, tmp_path / name, contacts)


def test_a_bad_byte_is_found_however_far_it_is(write: Write) -> None:
    path = write("c.csv", GOOD.encode() + b"z@x.example,\xff\n")
    with pytest.raises(RecordError, match="line 2002: is not UTF-8") as caught:
        load(path)
    assert caught.value.row == 2002


def test_line_ends_of_all_systems(write: Write) -> None:
    for name, end in (("unix", "\n"), ("dos", "\r\n"), ("mac", "\r")):
        path = write(f"{name}.csv", end.join(["EMAIL,CITY", "a@x.example,Rome", "b@x.example,Oslo", ""]))
        assert [contact["city"] for contact in load(path).contacts] == ["Rome", "Oslo"]


def test_the_content_tells_json_from_csv_not_the_name(write: Write) -> None:
    assert len(load(write("c.csv", ndjson({"id": "1"}, {"id": "2"}))).contacts) == 2
    assert len(load(write("c.json", rows("EMAIL", "a@x.example"))).contacts) == 1


def test_nothing_is_left_in_the_folder_for_temporary_files(write: Write, tmp_path: Path) -> None:
    """Neither when a dataset is forgotten nor when the process ends: copies of contacts may be in there."""
    path = write("c.csv", "email\na@x.example\n")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    program = (
        "import gc, os, sys; from sql_seg import Dataset\n"
        "first = Dataset.load(sys.argv[1]); print(len(os.listdir(sys.argv[2])))\n"
        "del first; gc.collect(); print(len(os.listdir(sys.argv[2])))\n"
        "last = Dataset.load(sys.argv[1]); print(len(os.listdir(sys.argv[2])))"
    )
    command = [sys.executable, "-c", program, str(path), str(temporary)]
    done = subprocess.run(
        command, env={**os.environ, "TMPDIR": str(temporary)}, capture_output=True, text=True
    )
    assert (done.stderr, done.stdout.split()) == ("", ["1", "0", "1"])
    assert not list(temporary.iterdir())


@pytest.mark.parametrize("ending", [".gz", ".zst", ".bz2"])
def test_what_a_file_is_says_its_content_and_not_its_name(write: Write, ending: str) -> None:
    """Text that a transfer has unpacked on its way keeps the name of the packed file."""
    contacts = write(f"contacts.csv{ending}", rows("EMAIL", "a@x.example"))
    events = write(
        f"events.ndjson{ending}", '{"email": "a@x.example", "event": "open", "timestamp": 1700000000}\n'
    )
    assert len(load(contacts, events=events).events) == 1
