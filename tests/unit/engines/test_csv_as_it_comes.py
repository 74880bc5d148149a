"""CSV as it comes: Excel's traces, other encodings and separators, cells that are large or empty."""

from __future__ import annotations

from pathlib import Path

import pytest

from sql_seg import Dataset, RecordError

from .account import Write, load, rows


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_the_header_tells_what_separates_cells(write: Write, delimiter: str) -> None:
    text = rows("EMAIL,CITY,AGE", "a@x.example,Rome,5").replace(",", delimiter)
    (contact,) = load(write("c.csv", text)).contacts
    assert (contact["city"], contact["age"]) == ("Rome", 5)


def test_excel_says_what_separates_cells(write: Write) -> None:
    (contact,) = load(write("c.csv", "sep=;\r\nEMAIL;CITY\r\na@x.example;Rome, Italy\r\n")).contacts
    assert contact["city"] == "Rome, Italy"


def test_what_separates_cells_may_be_said(write: Write) -> None:
    path = write("c.csv", rows("EMAIL^CITY", "a@x.example^Rome"))
    assert load(path, delimiter="^").contacts[0]["city"] == "Rome"


def test_the_first_line_of_excel_counts_as_a_row(write: Write) -> None:
    with pytest.raises(RecordError, match="row 3, column CREATED_AT"):
        load(write("c.csv", rows("sep=,", "EMAIL,CREATED_AT", "a@x.example,x")))


def test_another_encoding_is_said_or_told_how_to_say(write: Write) -> None:
    path = write("c.csv", rows("EMAIL,CITY", "a@x.example,Zürich").encode("cp1252"))
    with pytest.raises(
        RecordError, match=r"line 2: is not UTF-8 text.*--encoding cp1252.*save it as CSV UTF-8"
    ):
        load(path)
    assert load(path, encoding="cp1252").contacts[0]["city"] == "Zürich"


def test_what_is_not_utf_8_far_down_is_found_with_its_line(write: Write) -> None:
    lines = rows("EMAIL,CITY", *(f"a{number}@x.example,{'x' * 100}" for number in range(2000)))
    with pytest.raises(RecordError, match="line 2002: is not UTF-8 text"):
        load(write("c.csv", lines.encode() + "z@x.example,Zürich\n".encode("cp1252")))


def test_characters_without_width_around_a_header_are_no_part_of_it(write: Write) -> None:
    (contact,) = load(write("c.csv", rows("\u200bemail\u200b,\ufeffcity", "a@x.example,Rome"))).contacts
    assert (contact["email"], contact["city"]) == ("a@x.example", "Rome")


def test_rows_of_separators_alone_are_no_rows(write: Write) -> None:
    loaded = load(write("c.csv", rows("EMAIL,CITY,AGE", "a@x.example,Rome,5", ",,", ",,", "")))
    assert (len(loaded.contacts), loaded.report.problems) == (1, [])


def test_an_empty_cell_too_many_loses_nothing(write: Write) -> None:
    loaded = load(
        write("c.csv", rows("EMAIL,CITY", "a@x.example,Rome,", 'b@x.example,"x"y', "c@x.example,y,")),
        on_error="skip",
    )
    assert [contact["email"] for contact in loaded.contacts] == ["a@x.example", "c@x.example"]


@pytest.mark.parametrize(
    "time", ["2017-12-15 00:59:29 UTC", "2017-12-15 00:59:29 +0000 UTC", "2017-12-15T00:59:29.000000000Z"]
)
def test_times_as_the_api_and_bigquery_write_them(write: Write, time: str) -> None:
    (contact,) = load(write("c.csv", rows("EMAIL,CREATED_AT", f"a@x.example,{time}"))).contacts
    assert contact["created_at"].isoformat() == "2017-12-15T00:59:29+00:00"


def test_an_address_in_the_web_is_no_file() -> None:
    with pytest.raises(
        RecordError, match=r"^https://example\.com/x\.csv: is an address, not a file: download"
    ):
        Dataset.load("https://example.com/x.csv")


def test_names_of_files_are_no_patterns_and_no_sql(write: Write) -> None:
    for name in ("a'b.csv", "a%d;--.csv", "a*b.csv", "[a].csv", "{x}.csv", "~.csv", 'q"uote.csv', "ü.csv"):
        path = write(name, rows("EMAIL", "a@x.example"))
        assert len(load(str(path)).contacts) == 1


def test_zstd_and_parquet(write: Write, tmp_path: Path) -> None:
    import duckdb

    path = write("c.csv", rows("EMAIL,CITY,AGE", "a@x.example,Rome,5"))
    packed = tmp_path / "c.csv.zst"
    everything = f"SELECT * FROM read_csv('{path}', all_varchar=true)"
    duckdb.sql(f"COPY ({everything}) TO '{packed}' (FORMAT csv, COMPRESSION zstd)")
    assert load(packed).contacts == load(path).contacts
    parquet = tmp_path / "c.parquet"
    duckdb.sql(f"COPY (SELECT * FROM read_csv('{path}')) TO '{parquet}' (FORMAT parquet)")
    (contact,) = load(parquet).contacts
    assert (contact["email"], contact["age"]) == ("a@x.example", 5)


def test_half_of_a_zstd_file_is_an_error_not_a_shorter_file(write: Write, tmp_path: Path) -> None:
    import duckdb

    some = "SELECT 'a' || i || '@x.example' AS email, md5(i::VARCHAR) AS city FROM range(20000) t(i)"
    duckdb.execute(f"COPY ({some}) TO '{tmp_path}/c.csv.zst' (FORMAT csv, HEADER true, COMPRESSION zstd)")
    whole = (tmp_path / "c.csv.zst").read_bytes()
    assert len(load(write("whole.zst", whole)).contacts) == 20_000
    for kept in (5, 30, len(whole) // 2, len(whole) - 1):
        for on_error in ("fail", "skip"):
            with pytest.raises(RecordError, match="is no whole zstd file: it is cut off, or damaged"):
                load(write("cut.zst", whole[:kept]), on_error=on_error)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("e.ndjson", '{"email": "a@x.example", "event": "open", "timestamp": 1, "sg_event_id": "s"}\n'),
        ("e.csv", rows("processed,message_id,event,email", "2024-01-01,m,open,a@x.example")),
    ],
)
def test_events_are_no_contacts(write: Write, name: str, content: str) -> None:
    with pytest.raises(RecordError, match="holds events, not contacts: give it with --events"):
        load(write(name, content))


def test_of_a_key_that_stands_twice_the_first_counts(write: Write) -> None:
    record = '{"email": "a@x.example", "city": "Rome", "city": "Oslo"}'
    for text in (record, f"[{record}]", f'{{"result": [{record}]}}', f"{record}{record}"):
        (contact,) = load(write("c.json", text)).contacts
        assert contact["city"] == "Rome"


def test_one_file_of_several_may_be_in_another_encoding(write: Write) -> None:
    old = write("old.csv", rows("EMAIL;CITY", "a@x.example;Zürich").encode("cp1252"))
    new = write("new.csv", rows("EMAIL,CITY", "b@x.example,Zürich"))
    for name in (str(old), "old.csv", "o*.csv"):
        contacts = load([old, new], encoding={name: "cp1252"}, delimiter={name: ";"}).contacts
        assert [contact["city"] for contact in contacts] == ["Zürich", "Zürich"]
    others = load([old, new], encoding={"*": "cp1252", "new.csv": "utf-8"}).contacts
    assert [contact["city"] for contact in others] == ["Zürich", "Zürich"]


def test_an_encoding_of_a_file_that_is_not_read_is_an_error(write: Write) -> None:
    path = write("c.csv", rows("EMAIL,CITY", "a@x.example,Rome"))
    with pytest.raises(RecordError, match=r"encoding: none of the files that are read is called 'd\.csv'"):
        load(path, encoding={"d.csv": "cp1252"})
