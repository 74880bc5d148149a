"""Members of a segment in files: which columns, CSV as Excel takes it, and workbooks."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from sql_seg.cli import workbook
from sql_seg.cli.workbook import write_workbook
from sql_seg.errors import EngineError
from tests.cli.running import CONTACTS, COULD_NOT_RUN, FIELDS, FINE, run

MARK = b"\xef\xbb\xbf"
NOW = ("--now", "2026-11-23")
DENVER = ("preview", "-q", "city = 'Denver'", "--contacts", CONTACTS, "--fields", FIELDS, *NOW)


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text)))


def cells(path: Path, sheet: str = "members") -> list[tuple[Any, ...]]:
    return [tuple(row) for row in load_workbook(path)[sheet].iter_rows(values_only=True)]


def shown(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def test_chosen_columns_are_shown_in_their_order() -> None:
    header = run(*DENVER, "--columns", "Last_Name,email", "--columns", "num_orders").stdout.splitlines()[2]
    assert header.split() == ["last_name", "email", "num_orders"]
    form = json.loads(run(*DENVER, "--columns", "email,plan", "--output-format", "json").stdout)
    assert {key for contact in form["sample"] for key in contact} == {"email", "plan"}
    rows = rows_of(run(*DENVER, "--columns", "plan,email", "--output-format", "csv").stdout)
    assert list(rows[0]) == ["plan", "email"]
    assert len(rows) == form["count"]


@pytest.mark.parametrize("output_format", ["table", "json", "csv"])
def test_a_column_that_there_is_not_is_said(output_format: str) -> None:
    result = run(*DENVER, "--columns", "emial", "--output-format", output_format)
    assert result.exit_code == COULD_NOT_RUN
    assert "the contacts have no column emial; did you mean email?" in result.stderr


def test_csv_has_a_byte_order_mark_on_request(tmp_path: Path) -> None:
    plain = run(*DENVER, "--output-format", "csv").stdout_bytes
    marked = run(*DENVER, "--output-format", "csv", "--bom").stdout_bytes
    assert marked == MARK + plain
    path = tmp_path / "members.csv"
    result = run(*DENVER, "-o", path, "--bom")
    assert result.exit_code == FINE, result.stderr
    assert path.read_bytes() == marked
    assert f"{len(rows_of(plain.decode()))} members in" in result.stderr
    assert [file.name for file in tmp_path.iterdir()] == ["members.csv"]


@pytest.mark.parametrize("arguments", [(), ("--output-format", "json"), ("-o", "x.ndjson"), ("-o", "x.xlsx")])
def test_other_forms_have_no_byte_order_mark(arguments: tuple[str, ...]) -> None:
    result = run(*DENVER, *arguments, "--bom")
    assert result.exit_code == COULD_NOT_RUN
    assert "--bom is for CSV" in result.stderr


@pytest.mark.parametrize("ending", ["csv", "ndjson", "parquet", "xlsx"])
def test_files_have_the_chosen_columns(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"members.{ending}"
    result = run(*DENVER, "-o", path, "--columns", "email,num_orders")
    assert result.exit_code == FINE, result.stderr
    expected = rows_of(run(*DENVER, "--output-format", "csv").stdout)
    if ending == "csv":
        found = [(row["email"], row["num_orders"]) for row in rows_of(path.read_text(encoding="utf-8"))]
    elif ending == "ndjson":
        forms = map(json.loads, path.read_text(encoding="utf-8").splitlines())
        found = [(form["email"], shown(form["num_orders"])) for form in forms]
    elif ending == "parquet":
        import pyarrow.parquet as parquet

        table = parquet.read_table(path).to_pylist()
        found = [(row["email"], shown(row["num_orders"])) for row in table]
    else:
        header, *rows = cells(path)
        assert header == ("email", "num_orders")
        found = [(email, shown(number)) for email, number in rows]
    assert found == [(row["email"], row["num_orders"]) for row in expected]


def test_a_workbook_has_texts_as_texts_and_the_rest_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "members.xlsx"
    texts = ["=1+1", "+41 44", "-1", "@SUM(A1)", "https://example.com", "{=A1}", "00042", "é\u2028x"]
    moment = datetime(2026, 11, 23, 12, 30, 5, tzinfo=UTC)
    rows: list[dict[str, Any]] = [{"a": text} for text in texts]
    rows += [{"b": 1.5, "c": moment, "d": ["x", "y"]}, {"b": 0, "c": moment.replace(year=1850)}, {}]
    written = write_workbook(path, ["a", "b", "c", "d"], rows)
    assert (written.rows, written.cut) == (len(rows), 0)
    sheet = load_workbook(path)["members"]
    assert [sheet.cell(2 + at, 1).value for at in range(len(texts))] == texts
    assert {sheet.cell(2 + at, 1).data_type for at in range(len(texts))} == {"s"}
    last = 2 + len(texts)
    assert [sheet.cell(last, at).value for at in (2, 3, 4)] == [
        1.5,
        moment.replace(tzinfo=None),
        '["x", "y"]',
    ]
    assert [sheet.cell(last + 1, at).value for at in (2, 3)] == [0, "1850-11-23T12:30:05Z"]


def test_a_moment_that_excel_would_round_out_of_its_years_is_a_text(tmp_path: Path) -> None:
    path = tmp_path / "members.xlsx"
    last = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    write_workbook(path, ["a"], [{"a": last}, {"a": last.replace(microsecond=0)}])
    sheet = load_workbook(path)["members"]
    assert sheet.cell(2, 1).value == "9999-12-31T23:59:59.999999Z"
    assert sheet.cell(3, 1).value == last.replace(microsecond=0, tzinfo=None)


@pytest.mark.parametrize("output", ["-", "/dev/stdout"])
def test_members_on_standard_output_have_another_option(output: str) -> None:
    ran = run("preview", "-q", "email IS NOT NULL", "--contacts", CONTACTS, "-o", output)
    assert ran.exit_code == COULD_NOT_RUN
    assert "--output-format csv writes all members to standard output" in " ".join(ran.output.split())


def test_a_text_that_excel_does_not_take_is_cut_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "members.xlsx"
    written = write_workbook(path, ["a"], [{"a": "x" * 40_000}, {"a": "y"}])
    assert (written.rows, written.cut) == (2, 1)
    assert [len(value) for (value,) in cells(path)[1:]] == [32_767, 1]


def test_rows_past_the_bound_go_on_in_another_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 2)
    path = tmp_path / "members.xlsx"
    write_workbook(path, ["a"], [{"a": str(number)} for number in range(5)])
    assert load_workbook(path).sheetnames == ["members", "members 2", "members 3"]
    assert cells(path, "members 3") == [("a",), ("4",)]


def test_nobody_is_a_sheet_with_a_header(tmp_path: Path) -> None:
    path = tmp_path / "members.xlsx"
    assert write_workbook(path, ["a"], []).rows == 0
    assert cells(path) == [("a",)]


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    def failing() -> Iterator[dict[str, Any]]:
        yield {"a": "x"}
        raise EngineError("no room")

    with pytest.raises(EngineError, match="no room"):
        write_workbook(tmp_path / "members.xlsx", ["a"], failing())
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(EngineError, match="there is no folder"):
        write_workbook(tmp_path / "nowhere" / "members.xlsx", ["a"], [])


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("updated_at IS NOT NULL", "hint: every contact is in: --funnel shows what each condition lets in"),
        (
            "SELECT contact_id, updated_at FROM contact_data",
            "hint: the query has no condition: every contact is in",
        ),
        (
            "city = 'Denver' AND city = 'Toronto'",
            "hint: --funnel shows how many contacts each condition keeps out",
        ),
        (
            "city = 'Denver' AND city = 'Toronto'",
            "hint: sql-seg explain --contact ADDRESS says of one contact why",
        ),
    ],
)
def test_nobody_and_everybody_get_a_hint_at_what_to_try_next(query: str, hint: str) -> None:
    assert hint in run("preview", "-q", query, "--contacts", CONTACTS, *NOW).stderr
