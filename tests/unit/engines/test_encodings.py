"""Files in other encodings than UTF-8 are read as what they say, in each form: no byte is taken for UTF-8."""

from __future__ import annotations

import codecs
import encodings.aliases
import gzip
import json
from contextlib import suppress

import pytest

from sql_seg import RecordError

from .account import Write, load, rows


def _is_of_text(encoding: str) -> bool:
    try:
        return "".encode(encoding) == "".encode(encoding) and encoding not in ("idna", "punycode")
    except (LookupError, UnicodeError):
        return False


EVERY = sorted({codecs.lookup(name).name for name in encodings.aliases.aliases.values() if _is_of_text(name)})
"""All that Python knows, each once."""

TEXTS = (
    "Zürich",
    "Łódź",
    "Москва",
    "東京",
    "서울",
    "Αθήνα",
    "ירושלים",
    "القاهرة",
    "İzmir",
    "€5 – ok",
    "a+b ~{ c",
)
NON_ASCII = ["cp1252", "utf-16", "utf-16-le", "utf-32", "utf-7", "iso2022_jp", "hz", "shift_jis", "cp037"]
"""One of each kind: of one byte, of two, of four, in ASCII's bytes alone, and not like ASCII."""


def _cities(encoding: str) -> list[str]:
    """Return texts that an encoding can write, and one whose bytes are another text in UTF-8."""
    found = [text for text in TEXTS if _can_be(text, encoding)]
    with suppress(UnicodeError):
        found.append("état".encode().decode(encoding))
    return [city for city in dict.fromkeys(found) if _can_be(city, encoding) and city.isprintable()]


def _can_be(text: str, encoding: str) -> bool:
    try:
        return text.encode(encoding).decode(encoding) == text
    except UnicodeError:
        return False


def _contacts(encoding: str) -> list[dict[str, str]]:
    return [{"email": f"a{number}@{encoding}", "city": city} for number, city in enumerate(_cities(encoding))]


def _csv(records: list[dict[str, str]]) -> str:
    return "\r\n".join([",".join(records[0]), *(",".join(one.values()) for one in records), ""])


def _json(records: list[dict[str, str]]) -> str:
    return json.dumps(records, ensure_ascii=False)


def _ndjson(records: list[dict[str, str]]) -> str:
    return rows(*(json.dumps(one, ensure_ascii=False) for one in records))


FORMS = {"csv": _csv, "json": _json, "ndjson": _ndjson}


def test_many_encodings_are_tried() -> None:
    assert len(EVERY) >= 80
    assert {codecs.lookup(name).name for name in NON_ASCII} <= set(EVERY)


def test_contacts_in_every_encoding(write: Write) -> None:
    paths = [write(f"{encoding}.csv", _csv(_contacts(encoding)).encode(encoding)) for encoding in EVERY]
    loaded = load(paths, encoding={f"{encoding}.csv": encoding for encoding in EVERY}).contacts
    found = {encoding: [] for encoding in EVERY}  # type: dict[str, list[str]]
    for contact in loaded:
        found[contact["email"].partition("@")[2]].append(contact["city"])
    assert found == {encoding: _cities(encoding) for encoding in EVERY}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("packed", [False, True])
def test_contacts_in_each_form(write: Write, form: str, packed: bool) -> None:
    for encoding in NON_ASCII:
        content = FORMS[form](_contacts(encoding)).encode(encoding)
        path = write("c.gz" if packed else "c", gzip.compress(content) if packed else content)
        loaded = load(path, encoding=encoding).contacts
        assert [contact["city"] for contact in loaded] == _cities(encoding)


@pytest.mark.parametrize("form", FORMS)
def test_events_in_each_form(write: Write, form: str) -> None:
    contacts = write("c.csv", rows("email", "a@x.example"))
    paths = []
    for encoding in NON_ASCII:
        events = [
            {"email": "a@x.example", "event": "open", "timestamp": "2026-01-01T00:00:00Z", "url": city}
            for city in _cities(encoding)
        ]
        paths.append(write(f"{encoding}.e", FORMS[form](events).encode(encoding)))
    loaded = load(
        contacts, events=paths, encoding={f"{encoding}.e": encoding for encoding in NON_ASCII}
    ).events
    urls = [event["data"]["payload"]["url"] for event in loaded]
    assert sorted(urls) == sorted(city for encoding in NON_ASCII for city in _cities(encoding))


@pytest.mark.parametrize("form", FORMS)
def test_lists_in_each_form(write: Write, form: str) -> None:
    for encoding in NON_ASCII:
        ids = _cities(encoding)
        contacts = write("c.ndjson", _ndjson([{"email": "a@x.example", "contact_id": one} for one in ids]))
        path = write("l", FORMS[form]([{"contact_id": one} for one in ids]).encode(encoding))
        loaded = load(contacts, lists={"l": path}, encoding={"l": encoding})
        assert [contact["list_ids"] for contact in loaded.contacts] == [["l"]] * len(ids)
        assert loaded.report.problems == []


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "UTF8", "cp65001"])
def test_a_byte_order_mark_is_no_part_of_utf_8(write: Write, form: str, encoding: str) -> None:
    records = [{"email": "a@x.example", "city": "Zürich"}]
    events = [{"email": "a@x.example", "event": "open", "timestamp": "2026-01-01T00:00:00Z"}]
    contacts = write("c", codecs.BOM_UTF8 + FORMS[form](records).encode())
    marked = write("e", codecs.BOM_UTF8 + FORMS[form](events).encode())
    loaded = load(contacts, events=marked, lists={"l": contacts}, encoding=encoding)
    ((contact,), (event,)) = loaded.contacts, loaded.events
    assert (contact["city"], contact["list_ids"], event["event_type"]) == ("Zürich", ["l"], "open")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_a_byte_order_mark_that_an_encoding_leaves_in_is_no_part_of_the_file(
    write: Write, encoding: str
) -> None:
    for text in ("email,city\na@x.example,Zürich\n", '{"email": "a@x.example", "city": "Zürich"}\n'):
        path = write("c", ("\ufeff" + text).encode(encoding))
        (contact,) = load(path, encoding=encoding).contacts
        assert (contact["email"], contact["city"]) == ("a@x.example", "Zürich")


@pytest.mark.parametrize(
    ("encoding", "content"),
    [
        ("ascii", "email,city\na@x.example,Zürich\n".encode()),
        ("cp1252", b"email,city\na@x.example,\x81\n"),
        ("utf-16", "email,city\na@x.example,Zürich\n".encode("utf-16") + b"a"),
        ("utf-16-le", b"e\x00\x00\xd8\x00\x00"),
        ("utf-7", b"email,city\na@x.example,+2AA-\n"),  # half of a pair, of which UTF-8 has none
        ("shift_jis", b"email,city\n" + b"a@x.example,x\n" * 9000 + b"a@x.example,\x81"),
    ],
)
def test_what_is_not_of_its_encoding_is_refused(write: Write, encoding: str, content: bytes) -> None:
    with pytest.raises(RecordError, match=f"c.csv: is not {encoding} text"):
        load(write("c.csv", content), encoding=encoding)


@pytest.mark.parametrize("encoding", ["", "utf-9", "rot13", "undefined", "a\0b"])
def test_what_is_no_encoding_of_text_is_named(write: Write, encoding: str) -> None:
    with pytest.raises(RecordError, match="there is no encoding"):
        load(write("c.csv", "email\na@x.example\n"), encoding=encoding)


def test_what_is_said_of_a_file_that_has_no_cells_is_refused(write: Write) -> None:
    path = write("c.json", _json([{"email": "a@x.example"}]))
    with pytest.raises(RecordError, match=r"c\.json: is JSON, in which nothing separates cells"):
        load(path, delimiter={"c.json": ";"})
    for choice in (";", {"*": ";"}, {"*.json": ";"}):
        assert len(load(path, delimiter=choice).contacts) == 1
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    table = path.with_name("c.parquet")
    parquet.write_table(pyarrow.table({"contact_id": ["a"], "email": ["a@x.example"]}), table)
    with pytest.raises(RecordError, match=r"c\.parquet: is Parquet, in which nothing separates cells"):
        load(table, delimiter={"c.parquet": ";"})
    with pytest.raises(RecordError, match=r"c\.parquet: is Parquet, which has no encoding"):
        load(table, encoding={str(table): "cp1252"})
    assert len(load(table, encoding="cp1252", delimiter=";").contacts) == 1


def test_what_is_packed_by_zstd_is_unpacked_first(write: Write) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    content = pyarrow.Codec("zstd").compress(b"email,city\na@x.example,\xc3\x89vora\n", asbytes=True)
    path = write("c.zst", content)
    with pytest.raises(RecordError, match="packed by zstd, files are read in UTF-8 alone, not in cp1252"):
        load(path, encoding="cp1252")
    assert load(path, encoding="utf8").contacts[0]["city"] == "Évora"


def test_rows_and_line_ends_are_those_of_the_file(write: Write) -> None:
    text = 'sep=;\r\nEMAIL;CITY;CREATED_AT\r\n"a@x.example";"Zü\r\nrich";\r\nb@x.example;;x\r\n'
    path = write("c.csv", text.encode("cp1252"))
    with pytest.raises(RecordError, match="row 4, column CREATED_AT"):
        load(path, encoding="cp1252")
    (first,) = load(path, encoding="cp1252", on_error="null").contacts
    assert first["city"] == "Zü\r\nrich"
