from __future__ import annotations

import pytest

from sql_seg.errors import RecordError
from sql_seg.language.datatypes import DataType

from .account import EXPORT_HEADER, Write, load, rows, utc


def test_an_export_is_read_by_its_header(write: Write) -> None:
    path = write(
        "contacts.csv",
        rows(
            EXPORT_HEADER,
            "ann@example.com,Ann,Ågren,1 Main St,,Denver,CO,80202,US,a@alt.example,+1303,,,,ann,"
            "2024-01-02T03:04:05Z,2024-02-03T04:05:06.7+01:00,id-1,pro,p-1,x-1,n-1",
        ),
    )
    loaded = load(path)
    assert loaded.contacts == [
        {
            "email": "ann@example.com",
            "first_name": "Ann",
            "last_name": "Ågren",
            "address_line_1": "1 Main St",
            "city": "Denver",
            "state_province_region": "CO",
            "postal_code": "80202",
            "country": "US",
            "alternate_emails": ["a@alt.example"],
            "phone_number": "+1303",
            "unique_name": "ann",
            "created_at": utc(2024, 1, 2, 3, 4, 5),
            "updated_at": utc(2024, 2, 3, 3, 5, 6, 700_000),
            "contact_id": "id-1",
            "plan": "pro",
            "phone_number_id": "p-1",
            "external_id": "x-1",
            "anonymous_id": "n-1",
            "list_ids": [],
            "email_domains": ["example.com", "alt.example"],
        }
    ]
    assert loaded.report.contacts.kept == 1


def test_columns_are_matched_by_name_in_any_case_and_order(write: Write) -> None:
    path = write("c.csv", rows("Contact_Id, fIRST_name ,email", "1,Ann,a@x.example"))
    (contact,) = load(path).contacts
    assert contact["contact_id"] == "1"
    assert contact["first_name"] == "Ann"


def test_an_older_export_lacks_the_last_three_columns(write: Write) -> None:
    path = write("c.csv", rows("EMAIL,CONTACT_ID", "a@x.example,1"))
    (contact,) = load(path).contacts
    assert "anonymous_id" not in contact


def test_in_the_import_template_the_email_stands_in_as_the_id(write: Write) -> None:
    path = write("c.csv", rows("email,first_name,country,plan", "A@x.example,Ann,US,pro"))
    (contact,) = load(path).contacts
    assert contact["contact_id"] == "A@x.example"
    assert contact["email"] == "A@x.example"
    assert contact["email_domains"] == ["x.example"]


def test_a_contact_may_have_an_id_and_no_email(write: Write) -> None:
    (contact,) = load(write("c.csv", rows("EMAIL,CONTACT_ID", ",1"))).contacts
    assert contact == {"contact_id": "1", "alternate_emails": [], "list_ids": [], "email_domains": []}


def test_an_empty_cell_is_null_by_default(write: Write) -> None:
    (contact,) = load(write("c.csv", rows("EMAIL,CITY,PLAN", "a@x.example,,"))).contacts
    assert "city" not in contact
    assert "plan" not in contact


def test_an_empty_cell_is_an_empty_text_if_so_wished_in_text_columns_alone(write: Write) -> None:
    path = write(
        "c.csv",
        rows("EMAIL,CITY,CREATED_AT,ALTERNATE_EMAILS,AGE,NOTE", "a@x.example,,,,,", "b@x.example,,,,7,x"),
    )
    first, second = load(path, empty="string").contacts
    assert first["city"] == ""
    assert first["note"] == ""
    assert "created_at" not in first
    assert "age" not in first
    assert first["alternate_emails"] == []
    assert second["age"] == 7


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("", []),
        ('"[""a@x.example"", ""b@x.example""]"', ["a@x.example", "b@x.example"]),
        ("[]", []),
        ('"a@x.example,b@x.example"', ["a@x.example", "b@x.example"]),
        ('"a@x.example; b@x.example"', ["a@x.example", "b@x.example"]),
        ('"a@x.example\tb@x.example\nc@x.example"', ["a@x.example", "b@x.example", "c@x.example"]),
        ('"""a@x.example"",""b@x.example"""', ["a@x.example", "b@x.example"]),
    ],
)
def test_alternate_emails_are_a_json_list_or_separated_texts(
    write: Write, cell: str, expected: list[str]
) -> None:
    path = write("c.csv", rows("EMAIL,ALTERNATE_EMAILS", f"z@x.example,{cell}"))
    (contact,) = load(path).contacts
    assert contact["alternate_emails"] == expected


@pytest.mark.parametrize("cell", ["[1]", '"[""a"""', '"[null]"'])
def test_alternate_emails_that_are_no_list_of_texts_are_bad(write: Write, cell: str) -> None:
    path = write("c.csv", rows("EMAIL,ALTERNATE_EMAILS", f"z@x.example,{cell}"))
    with pytest.raises(RecordError, match=r"row 2, column ALTERNATE_EMAILS: .* is not a list of texts"):
        load(path)


def test_email_domains_are_in_lower_case_each_once(write: Write) -> None:
    path = write("c.csv", rows("EMAIL,ALTERNATE_EMAILS", "a@X.example,b@y.example;c@x.EXAMPLE;nonsense;d@"))
    (contact,) = load(path).contacts
    assert contact["email_domains"] == ["x.example", "y.example"]


def test_multi_value_text_is_text(write: Write) -> None:
    (contact,) = load(write("c.csv", rows("EMAIL,TAGS", 'a@x.example,"""a"",""b"""'))).contacts
    assert contact["tags"] == '"a","b"'


def test_cells_may_hold_line_breaks_and_commas(write: Write) -> None:
    path = write("c.csv", 'EMAIL,CITY\r\na@x.example,"Den\r\nver, CO"\r\nb@x.example,Rome\r\n')
    assert [contact["city"] for contact in load(path).contacts] == ["Den\r\nver, CO", "Rome"]


def test_old_data_has_unix_seconds(write: Write) -> None:
    (contact,) = load(write("c.csv", rows("EMAIL,CREATED_AT", "a@x.example,1700000000"))).contacts
    assert contact["created_at"] == utc(2023, 11, 14, 22, 13, 20)


def test_byte_order_mark_gzip_and_many_files(write: Write) -> None:
    write("part-2.csv.gz", rows("CONTACT_ID,EMAIL", "2,b@x.example"))
    first = write("part-1.csv", b"\xef\xbb\xbf" + rows("EMAIL,CONTACT_ID", "a@x.example,1").encode())
    other = write("other.csv", rows("EMAIL,CONTACT_ID", "c@x.example,3"))
    loaded = load([str(first.with_name("part-*")), other])
    assert [contact["contact_id"] for contact in loaded.contacts] == ["1", "2", "3"]


def test_gzip_is_known_by_its_content_too(write: Write) -> None:
    packed = write("c.csv.gz", rows("EMAIL", "a@x.example"))
    assert len(load(packed.rename(packed.with_name("export"))).contacts) == 1


def test_a_name_with_brackets_is_a_file_if_there_is_one(write: Write) -> None:
    assert len(load(write("contacts[1].csv", rows("EMAIL", "a@x.example"))).contacts) == 1


def test_a_contact_met_twice_is_dropped_and_counted(write: Write) -> None:
    path = write("c.csv", rows("EMAIL,CONTACT_ID,AGE", "a@x.example,1,3", "a@x.example,1,3"))
    loaded = load([path, path])
    assert len(loaded.contacts) == 1
    assert loaded.report.contacts.repeats == 3
    assert loaded.report.warnings == ["dropped 3 repeated contacts"]


@pytest.mark.parametrize(
    ("header", "first", "second", "message"),
    [
        ("EMAIL,CONTACT_ID", "a@x.example,1", "b@x.example,1", "row 3: the contact id '1' was there before"),
        ("EMAIL,CITY", "a@x.example,Rome", "A@x.example,Rome", "row 3: the email 'A@x.example' was there"),
    ],
)
def test_an_identity_met_twice_with_other_values_is_a_bad_row(
    write: Write, header: str, first: str, second: str, message: str
) -> None:
    path = write("c.csv", rows(header, first, second))
    with pytest.raises(RecordError, match=message):
        load(path)
    skipped = load(path, on_error="skip")
    assert len(skipped.contacts) == 1
    assert skipped.report.contacts.skipped == 1


def test_one_email_with_two_ids_makes_two_contacts(write: Write) -> None:
    path = write("c.csv", rows("EMAIL,CONTACT_ID", "a@x.example,1", "a@x.example,2"))
    assert len(load(path).contacts) == 2


def test_a_bad_value_fails_with_its_place(write: Write) -> None:
    path = write("c.csv", rows("EMAIL,CREATED_AT", "a@x.example,2024-01-01", "b@x.example,01.02.2024"))
    with pytest.raises(RecordError) as caught:
        load(path)
    error = caught.value
    assert (error.file, error.row, error.column, error.value) == (str(path), 3, "CREATED_AT", "01.02.2024")
    assert error.expected is not None
    assert error.expected in str(error)
    assert str(error).startswith(f"{path}, row 3, column CREATED_AT: '01.02.2024' is not a timestamp")


BAD_VALUES = rows(
    "EMAIL,CITY,CREATED_AT,AGE",
    "a@x.example,Rome,2024-01-01,old",
    "b@x.example,Oslo,never,young",
    "c@x.example,Bonn,2024-01-03,3",
)
AGE_IS_A_NUMBER = {"age": DataType.NUMBER}


def test_skip_leaves_bad_rows_out_and_reports_each_value(write: Write) -> None:
    path = write("c.csv", BAD_VALUES)
    loaded = load(path, hints=AGE_IS_A_NUMBER, on_error="skip")
    assert [contact["email"] for contact in loaded.contacts] == ["c@x.example"]
    assert [(p.file, p.row, p.column, p.value) for p in loaded.report.problems] == [
        (str(path), 2, "AGE", "old"),
        (str(path), 3, "CREATED_AT", "never"),
        (str(path), 3, "AGE", "young"),
    ]
    assert loaded.report.contacts.skipped == 2
    assert loaded.report.contacts.met == 3
    assert loaded.report.warnings == ["left out 2 bad contact rows"]


def test_null_makes_bad_values_null_but_skips_rows_that_cannot_lack_them(write: Write) -> None:
    loaded = load(write("c.csv", BAD_VALUES), hints=AGE_IS_A_NUMBER, on_error="null")
    assert [contact["email"] for contact in loaded.contacts] == ["a@x.example", "c@x.example"]
    assert "age" not in loaded.contacts[0]
    assert loaded.contacts[0]["city"] == "Rome"
    assert loaded.report.contacts.skipped == 1
    assert len(loaded.report.problems) == 3


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a@x.example", "has 1 cell where the header has 2"),
        ("a@x.example,Rome,more", "has 3 cells where the header has 2"),
        (",Rome", "has neither a contact id nor an email"),
        ("a@x.example,R\0me", "holds a NUL character"),
        ('a@x.example,"Ro"me', r"is no CSV \(line 3\)"),
    ],
)
@pytest.mark.parametrize("on_error", ["skip", "null"])
def test_a_row_that_is_bad_as_a_whole(write: Write, row: str, message: str, on_error: str) -> None:
    filler = [f"f{number}@x.example,{'x' * 50}" for number in range(200)]
    content = rows("EMAIL,CITY", "z@x.example,Oslo", row, "y@x.example,Bonn", *filler)
    if "\0" in row:
        content = rows("EMAIL,CITY", "z@x.example,Oslo", *filler, row, "y@x.example,Bonn")
    path = write("c.csv", content)
    with pytest.raises(RecordError, match=message) as caught:
        load(path)
    assert caught.value.row is not None
    loaded = load(path, on_error=on_error)
    assert len(loaded.contacts) == 202
    assert [problem.row for problem in loaded.report.problems] == [caught.value.row]


def test_a_quote_that_never_closes_is_a_bad_row(write: Write) -> None:
    path = write("c.csv", rows("EMAIL,CITY", 'a@x.example,"Rome', "b@x.example,Oslo"))
    with pytest.raises(RecordError, match=r"row 2: is no CSV \(lines 2 to 3\): unexpected end of data"):
        load(path)


def test_a_quote_that_is_never_closed_takes_the_rest_of_the_file_with_it(write: Write) -> None:
    good = [f"f{number}@x.example,{'x' * 1000}" for number in range(200)]
    loaded = load(
        write("c.csv", rows("EMAIL,CITY", "e@x.example,Rome", 'a@x.example,"Rome', *good)), on_error="skip"
    )
    (problem,) = loaded.report.problems
    assert (problem.row, problem.message) == (3, "is no CSV (lines 3 to 203): unexpected end of data")
    assert [contact["email"] for contact in loaded.contacts] == ["e@x.example"]


@pytest.mark.parametrize("size", [200_000, 5_000_000])
def test_a_large_cell_is_read(write: Write, size: int) -> None:
    loaded = load(write("c.csv", rows("EMAIL,CITY", f"a@x.example,{'x' * size}", "b@x.example,y")))
    assert [len(contact["city"]) for contact in loaded.contacts] == [size, 1]


def test_a_cell_past_sixteen_mebibytes_is_a_bad_row(write: Write) -> None:
    path = write("c.csv", rows("EMAIL,CITY", f"a@x.example,{'x' * (17 << 20)}", "b@x.example,y"))
    loaded = load(path, on_error="skip")
    assert [contact["email"] for contact in loaded.contacts] == ["b@x.example"]
    assert "a cell is longer than 16 MiB" in loaded.report.problems[0].message


def test_blank_lines_are_no_rows_but_count_as_places(write: Write) -> None:
    path = write("c.csv", "\nEMAIL,CREATED_AT\n\na@x.example,x\n\n")
    with pytest.raises(RecordError, match="row 4, column CREATED_AT"):
        load(path)


def test_a_column_without_a_name_is_left_out_and_said_so_where_it_has_values(write: Write) -> None:
    path = write("c.csv", rows("email,first_name,,age", "a@x.example,Ann,something,5", "b@x.example,Bo,,6"))
    loaded = load(path)
    assert [contact["age"] for contact in loaded.contacts] == [5, 6]
    assert f"{path}: column 3 has values but no name: left out" in loaded.report.notes
    assert not load(write("d.csv", rows("email,,age", "a@x.example,,5"))).report.problems


def test_a_header_alone_is_an_account_without_contacts(write: Write) -> None:
    loaded = load(write("c.csv", rows("EMAIL,PLAN")))
    assert loaded.contacts == []
    assert loaded.schema.contact_data.column("plan") is not None
    assert any("has no contacts" in note for note in loaded.report.notes)


def test_a_file_with_contacts_is_not_said_to_have_none(write: Write) -> None:
    loaded = load(write("c.csv", rows("email,plan", "a@x.example,free")))
    assert not any("has no contacts" in note for note in loaded.report.notes)


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("FIRST_NAME,CITY", "row 1: the header has neither EMAIL nor CONTACT_ID"),
        ("GET /x HTTP/1.1", "neither EMAIL nor CONTACT_ID; it is: GET /x HTTP/1.1"),
        ("EMAIL,City,CITY", "row 1: the header has the column CITY twice"),
        ('EMAIL,"CI"TY', r"row 1: is no CSV \(line 1\)"),
        ('EMAIL,"CITY', r"row 1: is no CSV \(lines 1 to 2\)"),
    ],
)
def test_a_header_that_cannot_be(write: Write, header: str, message: str) -> None:
    path = write("c.csv", rows(header, "x,y,z"))
    with pytest.raises(RecordError, match=message) as caught:
        load(path, on_error="skip")
    assert caught.value.file == str(path)


def test_a_csv_that_never_says_list_ids_has_none(write: Write) -> None:
    assert not load(write("c.csv", rows("EMAIL", "a@x.example"))).has_list_ids
    assert load(write("d.csv", rows("EMAIL,LIST_IDS", "a@x.example,"))).has_list_ids
    assert load(write("e.csv", rows("EMAIL,LIST_IDS", "a@x.example,l1;l2"))).has_list_ids
