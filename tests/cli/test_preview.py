from __future__ import annotations

import csv
import gzip
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tests.cli.running import CONTACTS, COULD_NOT_RUN, EVENTS, EXAMPLES, FIELDS, FINE, QUERY_ERRORS, run

SMALL = """EMAIL,FIRST_NAME,CREATED_AT,UPDATED_AT,CONTACT_ID,AGE
ada@x.com,Ada,2024-01-01,2025-01-01,c1,36
bob@x.com,,2024-01-01,2025-01-02,c2,
"eve@x.com","E ""v"",e",2024-01-01,2025-01-03,c3,7
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.csv"
    path.write_text(SMALL)
    return path


def preview(contacts: object, query: str, *options: object) -> Result:
    return run("preview", "--contacts", contacts, "-q", query, "--now", "2025-06-01", *options)


def as_json(contacts: object, query: str, *options: object) -> dict[str, Any]:
    result = preview(contacts, query, "--output-format", "json", *options)
    assert result.exit_code == FINE, result.stderr
    form: dict[str, Any] = json.loads(result.stdout)
    return form


def members(contacts: object, query: str, *options: object) -> list[str]:
    return [contact["contact_id"] for contact in as_json(contacts, query, *options)["sample"]]


def test_the_table_has_count_total_share_and_the_columns_that_the_query_reads(small: Path) -> None:
    result = preview(small, "age >= 7 AND first_name IS NOT NULL", "--sample", 1)
    assert (result.exit_code, "has no contacts" in result.stderr) == (FINE, False)
    assert result.stdout.splitlines() == [
        "2 of 3 contacts (66.7%) at 2025-06-01T00:00:00Z",
        "",
        " email       first_name   age   contact_id",
        "───────────────────────────────────────────",
        " ada@x.com   Ada           36   c1",
        "  and 1 more",
    ]


def test_null_is_told_from_a_text(small: Path) -> None:
    assert "bob@x.com   NULL" in preview(small, "first_name IS NULL").stdout


def test_nobody_and_no_sample(small: Path) -> None:
    assert preview(small, "city = 'x'").stdout == "0 of 3 contacts (0.0%) at 2025-06-01T00:00:00Z\n"
    assert (
        preview(small, "age > 7", "--sample", 0).stdout == "1 of 3 contacts (33.3%) at 2025-06-01T00:00:00Z\n"
    )


def test_json_has_iso_times(small: Path) -> None:
    form = as_json(small, "email = 'ada@x.com'", "--now", "2025-06-01T12:30:00.5+02:00")
    assert form == {
        "count": 1,
        "total": 3,
        "now": "2025-06-01T10:30:00.500000Z",
        "sample": [
            {
                "email": "ada@x.com",
                "first_name": "Ada",
                "created_at": "2024-01-01T00:00:00Z",
                "updated_at": "2025-01-01T00:00:00Z",
                "contact_id": "c1",
                "age": 36,
                "list_ids": [],
                "alternate_emails": [],
                "email_domains": ["x.com"],
            }
        ],
        "warnings": [],
    }


def test_a_sample_is_fifty_unless_told(small: Path) -> None:
    form = as_json(CONTACTS, "email IS NOT NULL")
    assert (form["count"], len(form["sample"])) == (500, 50)
    assert len(as_json(CONTACTS, "email IS NOT NULL", "--sample", 500)["sample"]) == 500


def test_csv_has_all_members_and_can_be_read_again(tmp_path: Path) -> None:
    result = preview(CONTACTS, "num_orders >= 3", "--output-format", "csv")
    rows = list(csv.DictReader(StringIO(result.stdout)))
    assert len(rows) > 50
    assert list(rows[0])[:3] == ["contact_id", "email", "updated_at"]
    assert {"num_orders", "whatsapp", "list_ids"} <= rows[0].keys()
    again = tmp_path / "members.csv"
    again.write_text(result.stdout)
    assert as_json(again, "num_orders >= 3")["total"] == len(rows)
    assert preview(again, "num_orders >= 3", "--output-format", "csv").stdout == result.stdout


def test_csv_quotes_what_needs_it(tmp_path: Path) -> None:
    awkward = ["a,b", 'a"b', "a\nb", "a\rb", " a ", "=1+1", "é東"]
    path = tmp_path / "contacts.json"
    path.write_text(json.dumps([{"id": f"c{i}", "city": city} for i, city in enumerate(awkward)]))
    result = preview(path, "contact_id IS NOT NULL", "--output-format", "csv")
    rows = list(csv.DictReader(StringIO(result.stdout, newline="")))
    assert [row["city"] for row in rows] == awkward
    assert [row["updated_at"] for row in rows] == [""] * len(awkward)


def test_csv_has_a_header_without_members_too(small: Path) -> None:
    lines = preview(small, "city = 'x'", "--output-format", "csv").stdout.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("contact_id,email,updated_at,")
    assert lines[0].endswith(",age")


def test_the_query_comes_from_a_file_or_standard_input(small: Path, tmp_path: Path) -> None:
    (tmp_path / "q.sql").write_text("age > 7")
    options = ["--contacts", small, "--sample", 0]
    assert run("preview", tmp_path / "q.sql", *options).stdout.startswith("1 of 3 contacts")
    assert run("preview", "-", *options, stdin="age > 7").stdout.startswith("1 of 3 contacts")


def test_contacts_come_from_many_files_and_globs(small: Path, tmp_path: Path) -> None:
    (tmp_path / "more-1.ndjson.gz").write_bytes(gzip.compress(b'{"id": "c4", "email": "d@x.com"}\n'))
    (tmp_path / "more-2.json").write_text('{"result": [{"id": "c5", "email": "e@x.com"}]}')
    form = as_json(small, "email IS NOT NULL", "--contacts", tmp_path / "more-*")
    assert [contact["contact_id"] for contact in form["sample"]] == ["c1", "c2", "c3", "c4", "c5"]


def test_lists_give_list_ids(small: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("EMAIL\nada@x.com\n")
    (tmp_path / "b.csv").write_text("EMAIL\neve@x.com\n")
    lists = ["--list", f"L1={tmp_path}/a.csv", "--list", f"L2={tmp_path}/[ab].csv"]
    assert members(small, "CONTAINS(list_ids, 'L1')", *lists) == ["c1"]
    assert members(small, "CONTAINS(list_ids, 'L2')", *lists) == ["c1", "c3"]


def test_no_list_ids_at_all_is_a_warning_on_top_of_the_result(small: Path) -> None:
    result = preview(small, "CONTAINS(list_ids, 'L1')")
    assert result.exit_code == FINE
    assert result.stdout.startswith("0 of 3 contacts")
    assert "warning: the query asks for list_ids" in result.stderr
    assert "--list ID=FILE" in result.stderr
    *_, warning = as_json(small, "CONTAINS(list_ids, 'L1')")["warnings"]
    assert "list_ids" in warning


@pytest.mark.parametrize("text", ["L1", "=a.csv", "L1=", ""])
def test_a_list_needs_an_id_and_a_file(small: Path, text: str) -> None:
    result = preview(small, "age > 7", "--list", text)
    assert result.exit_code == COULD_NOT_RUN
    assert "ID=FILE" in result.stderr


def test_field_definitions_decide_the_types(small: Path, tmp_path: Path) -> None:
    fields = tmp_path / "fields.json"
    fields.write_text('{"custom_fields": [{"name": "Age", "field_type": "Text"}]}')
    assert members(small, "age > '35'", "--fields", fields) == ["c1", "c3"]
    result = preview("missing.csv", "age > 35", "--fields", fields)
    assert (result.exit_code, result.stdout) == (QUERY_ERRORS, "")
    assert "type-mismatch" in result.stderr


def test_without_them_the_query_decides_then_the_values(small: Path) -> None:
    assert members(small, "age > 35") == ["c1"]
    assert members(small, "age > '35'") == ["c1", "c3"]
    assert members(small, "age IS NOT NULL") == ["c1", "c3"]
    assert preview(small, "age > '35'").stderr == (
        "note: custom field AGE is read as VARCHAR: queries use it so\n"
    )
    assert "custom field" not in preview(small, "email IS NULL").stderr


def test_a_column_that_the_contacts_lack_is_an_error(small: Path) -> None:
    result = preview(small, "agee > 35")
    assert (result.exit_code, result.stdout) == (QUERY_ERRORS, "")
    assert "did you mean age?" in result.stderr
    assert "--fields FILE" in result.stderr
    assert "--lenient" in result.stderr


def test_leniently_it_is_null_everywhere(small: Path) -> None:
    assert members(small, "plan IS NULL OR plan = 'x'", "--lenient") == ["c1", "c2", "c3"]
    result = preview(small, "plan != 'x'", "--lenient")
    assert result.stdout.startswith("0 of 3")
    assert "warning[assumed-column]" in result.stderr


def test_leniently_a_column_outside_the_definitions_is_what_the_query_takes_it_for(
    small: Path, tmp_path: Path
) -> None:
    fields = tmp_path / "fields.json"
    fields.write_text('{"custom_fields": []}')
    assert members(small, "age > 7", "--fields", fields, "--lenient") == ["c1"]
    assert members(small, "age > '35'", "--fields", fields, "--lenient") == ["c1", "c3"]
    assert preview(small, "age > 7", "--fields", fields).exit_code == QUERY_ERRORS


@pytest.mark.parametrize("query", ["age = ", "age > 3 AND age = 'x'", "email = 3", "SELECT *"])
def test_errors_of_the_query_come_before_the_data(query: str) -> None:
    result = preview("missing.csv", query)
    assert (result.exit_code, result.stdout) == (QUERY_ERRORS, "")
    assert "error[" in result.stderr
    assert "missing.csv" not in result.stderr


def test_events_are_asked_of_event_files() -> None:
    query = "event_type = 'open' AND event_timestamp >= TIMESTAMP '2026-11-01'"
    form = as_json(CONTACTS, query, "--events", EVENTS, "--sample", 0)
    assert 0 < form["count"] < form["total"]
    assert any("repeated event" in warning for warning in form["warnings"])


@pytest.mark.parametrize(
    "query",
    [
        "event_type = 'open'",
        """SELECT contact_id, updated_at FROM contact_data
           WHERE contact_id NOT IN (SELECT contact_id FROM event_data)""",
        """SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS latest FROM contact_data AS c
           JOIN event_data AS e ON c.contact_id = e.contact_id HAVING latest > '2026-01-01'""",
    ],
)
def test_without_event_files_there_is_no_answer_rather_than_a_wrong_one(query: str) -> None:
    result = preview("missing.csv", query)
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert "--events FILE" in result.stderr


def test_a_query_over_other_contacts_needs_no_events(small: Path) -> None:
    query = (
        "SELECT contact_id, updated_at FROM contact_data WHERE first_name IN "
        "(SELECT first_name FROM contact_data WHERE first_name = 'Ada')"
    )
    assert members(small, query) == ["c1"]


@pytest.mark.parametrize("name", sorted(path.name for path in (EXAMPLES / "segments").glob("*.sql")))
def test_every_example_has_members(name: str) -> None:
    lists = [
        f"115715d0-0000-4000-8000-00000000000{n}={EXAMPLES}/lists/{file}.csv"
        for n, file in ((1, "newsletter"), (2, "customers"))
    ]
    result = run(
        "preview", EXAMPLES / "segments" / name, "--contacts", CONTACTS, "--fields", FIELDS,
        "--events", EVENTS, "--list", lists[0], "--list", lists[1], "--now", "2026-11-23T12:00Z",
        "--output-format", "json",
    )  # fmt: skip
    assert result.exit_code == FINE
    form = json.loads(result.stdout)
    assert 0 < form["count"] < form["total"] == 500


def test_a_bad_value_ends_the_command_with_its_place_and_the_way_on(small: Path) -> None:
    small.write_text(SMALL.replace(",36", ",old"))
    result = preview(small, "age > 7")
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert f"{small}, row 2, column AGE: 'old' is not a number" in result.stderr
    assert "the query uses AGE as NUMBER" in result.stderr
    assert "--on-error skip" in result.stderr


def test_a_bad_value_can_be_left_out_and_is_reported(small: Path) -> None:
    small.write_text(SMALL.replace(",36", ",old"))
    skipped = as_json(small, "age IS NULL OR age < 99", "--on-error", "skip")
    assert (skipped["count"], skipped["total"]) == (2, 2)
    nulled = as_json(small, "age IS NULL OR age < 99", "--on-error", "null")
    assert (nulled["count"], nulled["total"]) == (3, 3)
    for form in (skipped, nulled):
        assert f"{small}, row 2, column AGE: 'old' is not a number" in form["warnings"]
    assert "row 2, column AGE" in preview(small, "age > 7", "--on-error", "skip").stderr


def test_of_many_bad_values_people_see_some_and_programs_all(tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    path.write_text("EMAIL,AGE\n" + "".join(f"a{i}@x.com,old\n" for i in range(30)))
    result = preview(path, "age > 7", "--on-error", "null")
    assert result.stderr.count("is not a number") == 10
    assert "and 20 more problems" in result.stderr
    warnings = as_json(path, "age > 7", "--on-error", "null")["warnings"]
    assert sum("is not a number" in warning for warning in warnings) == 30


def test_an_empty_text_is_null_unless_told(small: Path) -> None:
    assert members(small, "first_name IS NULL") == ["c2"]
    assert members(small, "first_name = ''", "--empty", "string") == ["c2"]


@pytest.mark.parametrize("now", ["yesterday", "2025-02-30", "", "2025-6-1", "1748736000"])
def test_now_has_one_form(small: Path, now: str) -> None:
    result = preview(small, "age > 7", "--now", now)
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert "--now" in result.stderr


@pytest.mark.parametrize(
    "options",
    [["--sample", "-1"], ["--sample", "x"], ["--on-error", "ignore"], ["--output-format", "xml"]],
)
def test_wrong_usage(small: Path, options: list[str]) -> None:
    assert preview(small, "age > 7", *options).exit_code == COULD_NOT_RUN


def test_contacts_are_required() -> None:
    result = run("preview", "-q", "email = 'x'")
    assert result.exit_code == COULD_NOT_RUN
    assert "--contacts" in result.stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "no such file"),
        (b"", "is empty"),
        (b"\x00\x01\x02", "is binary, not UTF-8 text"),
        (b"EMAIL\n\xff\n", "line 2: is not UTF-8"),
        (b"NAME\nx\n", "neither EMAIL nor CONTACT_ID"),
        (b"[{", "malformed JSON"),
    ],
)
def test_contacts_that_cannot_be_read(content: bytes | None, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "contacts.csv"
    if content is not None:
        path.write_bytes(content)
    result = preview(path, "email = 'x'")
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert str(path) in result.stderr
    assert reason in result.stderr
    assert "--on-error" not in result.stderr


def test_contacts_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "contacts.json"
    path.write_text(json.dumps([{"id": "c1", "city": "\x1b[31m[bold]red\nalert\u202e"}]))
    result = preview(path, "city IS NOT NULL")
    assert "\N{REPLACEMENT CHARACTER}[31m[bold]red\N{REPLACEMENT CHARACTER}alert" in result.stdout
    assert "\x1b" not in result.stdout


def test_warnings_of_the_query_are_told_but_no_infos(small: Path) -> None:
    query = "age BETWEEN 1 AND 99 AND email NOT LIKE '%x' AND NOT first_name = 'Ann' AND city = 'x'"
    result = preview(small, query)
    assert result.exit_code == FINE
    assert "warning[null-blind-inequality]: contacts whose first_name is NULL" in result.stderr
    assert "info[" not in result.stderr
    warnings = as_json(small, query)["warnings"]
    assert any("null-blind-inequality" in warning for warning in warnings)
    assert not any("info" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--master", "local[*]"], "--master is for --engine spark"),
        (["--engine", "spark", "--list", "l=x.csv"], "are for DuckDB"),
        (["--engine", "spark", "--funnel"], "are for DuckDB"),
        (["--engine", "spark", "--contacts", "y.csv"], "one table or path of each kind"),
        (["--engine", "spark", "-o", "x.csv"], "--output is not for --engine spark"),
        (["--engine", "spark", "--output-format", "csv"], "and not all members"),
    ],
)
def test_what_spark_does_not_do(arguments: list[str], reason: str) -> None:
    result = run("preview", "-q", "email = 'x'", "--contacts", CONTACTS, *arguments)
    assert result.exit_code == COULD_NOT_RUN
    assert reason in result.output


def test_the_encoding_of_one_file(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_bytes("EMAIL;CITY\na@x.example;Zürich\n".encode("cp1252"))
    (tmp_path / "new.csv").write_text("EMAIL,CITY\nb@x.example,Zürich\n", encoding="utf-8")
    contacts = ("--contacts", tmp_path / "old.csv", "--contacts", tmp_path / "new.csv")
    query = ("preview", "-q", "city = 'Zürich'", *contacts)
    said = run(*query, "--encoding", "old.csv=cp1252", "--delimiter", "old.csv=;")
    assert said.stdout.startswith("2 of 2 contacts")
    wrong = run(*query, "--encoding", "older.csv=cp1252")
    assert wrong.exit_code == COULD_NOT_RUN
    assert "encoding: none of the files that are read is called 'older.csv'" in wrong.stderr
    assert "there is no encoding ''" in run(*query, "--encoding", "old.csv=").stderr
    twice = run(*query, "--delimiter", "old.csv=;", "--delimiter", "old.csv=,")
    assert twice.exit_code == COULD_NOT_RUN
    assert "is given twice for old.csv, with two values" in " ".join(twice.output.split())
    assert "there is no encoding 'undefined'" in run(*query, "--encoding", "undefined").stderr
    assert run(*query, "--delimiter", "old.csv==").exit_code == COULD_NOT_RUN  # its header has no "="
