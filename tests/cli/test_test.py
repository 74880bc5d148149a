from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.cli.running import COULD_NOT_RUN, EXAMPLES, FINE, QUERY_ERRORS, run

VIP = """SELECT contact_id, updated_at FROM contact_data
WHERE country = 'US'
  AND created_at >= TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)
"""
HOLDS: dict[str, Any] = {
    "now": "2026-11-23",
    "in": [{"country": "US", "created_at": "2026-11-01"}],
    "out": [{"country": "CA"}],
}
FAILS: dict[str, Any] = {"now": "2026-11-23", "in": [{"case": "no country", "created_at": "2026-11-01"}]}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write("vip.sql", VIP)
    return tmp_path


def write(name: str, content: str | dict[str, Any]) -> None:
    Path(name).write_text(content if isinstance(content, str) else json.dumps(content))


def test_a_file_whose_tests_hold_is_one_line(here: Path) -> None:
    write("vip.test.json", HOLDS)
    result = run("test", "vip.test.json")
    assert (result.exit_code, result.stderr) == (FINE, "")
    assert result.stdout == "vip.test.json: 2 hold\n2 tests of 1 file: 2 hold\n"


def test_a_failure_says_which_condition_decided_and_where(here: Path) -> None:
    write("vip.test.json", FAILS)
    result = run("test", "vip.sql")
    assert result.exit_code == QUERY_ERRORS
    assert result.stdout.splitlines() == [
        "vip.test.json: 1 of 1 fails",
        '  vip.test.json:1:30 "no country": expected in, but out',
        "    vip.sql:2:7: country = 'US' is NULL (country is NULL)",
        "1 test of 1 file: 0 hold, 1 fails",
    ]


def test_a_folder_is_run_as_a_whole(here: Path) -> None:
    write("vip.test.json", HOLDS)
    write("other.sql", VIP)
    write("other.test.json", FAILS)
    write("untested.sql", VIP)
    result = run("test", here, here)
    assert result.exit_code == QUERY_ERRORS
    assert result.stdout.splitlines()[-1] == "3 tests of 2 files: 2 hold, 1 fails"
    assert result.stderr == f"{here / 'untested.sql'}: has no tests\n"


def test_a_query_with_errors_is_shown_and_the_others_are_run(here: Path) -> None:
    write("bad.sql", "city = 3")
    write("bad.test.json", HOLDS)
    write("vip.test.json", HOLDS)
    result = run("test", "bad.sql", "vip.sql")
    assert result.exit_code == QUERY_ERRORS
    assert "error[type-mismatch]" in result.stderr
    assert "bad.sql:1:1" in result.stderr
    assert result.stdout.splitlines()[-1] == "2 tests of 2 files: 2 hold, 1 query with errors"


def test_a_bad_test_file_ends_with_2_and_the_others_are_run(here: Path) -> None:
    write("vip.test.json", HOLDS)
    write("alone.test.json", HOLDS)
    write("wrong.sql", VIP)
    write("wrong.test.json", {"now": "2026-11-23", "in": [{"contry": "US"}]})
    result = run("test", ".")
    assert result.exit_code == COULD_NOT_RUN
    assert "alone.test.json: has no segment: neither alone.sql nor alone.sgql is beside it" in result.stderr
    assert "wrong.test.json, line 1, column 31: there is no column contry; did you mean" in result.stderr
    assert result.stdout.splitlines()[-1] == "2 tests of 1 file: 2 hold, 2 not read"


@pytest.mark.parametrize("path", [".", "vip.sql"])
def test_no_tests_at_all_are_an_error(here: Path, path: str) -> None:
    result = run("test", path)
    assert result.exit_code == COULD_NOT_RUN
    assert "has no tests, no files that end in .test.json or .test.yaml" in result.stderr


def test_nothing_named_is_an_error(here: Path) -> None:
    assert run("test").exit_code == COULD_NOT_RUN


def test_now_and_fields_are_for_tests_that_give_none(here: Path) -> None:
    del (form := dict(HOLDS))["now"]
    write("vip.test.json", form)
    assert run("test", "vip.sql").exit_code == COULD_NOT_RUN
    assert run("test", "vip.sql", "--now", "2026-11-23").exit_code == FINE
    assert run("test", "vip.sql", "--now", "2027-11-23").exit_code == QUERY_ERRORS
    write("vip.sql", VIP + " AND shoe = 4")
    write("vip.test.json", {"now": "2026-11-23", "out": [{"shoe": 1}]})
    write("fields.json", '{"custom_fields": [{"name": "shoe", "field_type": "Text"}]}')
    assert run("test", "vip.sql").exit_code == FINE
    assert run("test", "vip.sql", "--fields", "fields.json").exit_code == QUERY_ERRORS
    write("sql-seg.toml", 'fields = "fields.json"')
    assert run("test", "vip.sql").exit_code == QUERY_ERRORS
    assert run("test", "vip.sql", "--isolated").exit_code == FINE


def test_as_json(here: Path) -> None:
    write("vip.test.json", FAILS)
    result = run("test", ".", "--output-format", "json")
    assert result.exit_code == QUERY_ERRORS
    assert json.loads(result.stdout) == {
        "files": [
            {
                "file": "vip.test.json",
                "segment": "vip.sql",
                "now": "2026-11-23T00:00:00Z",
                "valid": True,
                "tests": [
                    {
                        "name": "no country",
                        "line": 1,
                        "column": 30,
                        "expected": "in",
                        "found": "out",
                        "holds": False,
                        "reasons": [
                            {
                                "line": 2,
                                "column": 7,
                                "message": "country = 'US' is NULL (country is NULL)",
                            }
                        ],
                    }
                ],
            }
        ],
        "untested": [],
    }


def test_as_junit(here: Path) -> None:
    write("vip.test.json", FAILS)
    write("bad.sql", "city = 3")
    write("bad.test.json", HOLDS)
    root = ElementTree.fromstring(run("test", ".", "--output-format", "junit").stdout)
    assert root.attrib == {"name": "sql-seg", "tests": "2", "failures": "2", "errors": "0"}
    assert [case.get("name") for case in root.iter("testcase")] == ["bad.sql", "no country"]
    assert [failure.get("message") for failure in root.iter("failure")] == [
        "the query has errors",
        "expected in, but out",
    ]


def test_cases_of_one_name_are_told_apart_in_junit(here: Path) -> None:
    write("vip.test.json", {**FAILS, "in": [{"case": "Ada"}, {"case": "Ada"}, {"case": "Ada"}]})
    root = ElementTree.fromstring(run("test", ".", "--output-format", "junit").stdout)
    first, *others = [case.get("name") or "" for case in root.iter("testcase")]
    assert first == "Ada"
    assert len(set(others)) == 2
    assert all(re.fullmatch(r"Ada \(line 1, column \d+\)", name) for name in others)


def test_a_contacts_name_does_nothing_to_a_terminal(here: Path) -> None:
    write("vip.test.json", {**FAILS, "in": [{"case": "\x1b[31mred"}]})
    assert "\x1b" not in run("test", "vip.sql").stdout


def test_the_examples_hold(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    assert run("test", tmp_path / "examples").exit_code == FINE


def test_coverage_names_the_conditions_that_no_test_depends_on(here: Path) -> None:
    write("vip.test.json", HOLDS)
    result = run("test", "vip.test.json", "--coverage")
    assert result.exit_code == FINE
    assert result.stdout.splitlines() == [
        "vip.test.json: 2 hold",
        "  coverage: 0 of 2 conditions",
        "  vip.sql:2:7: no test notices if `country = 'US'` is always TRUE",
        f"  vip.sql:3:7: no test notices if `{VIP.splitlines()[2].removeprefix('  AND ')}` is always TRUE",
        "2 tests of 1 file: 2 hold",
    ]
    late = {"country": "US", "created_at": "2026-09-01"}
    elsewhere = {"country": "CA", "created_at": "2026-11-01"}
    write("vip.test.json", {**HOLDS, "out": [late, elsewhere]})
    covered = run("test", "vip.test.json", "--coverage").stdout.splitlines()
    assert covered == ["vip.test.json: 3 hold", "  coverage: 2 of 2 conditions", "3 tests of 1 file: 3 hold"]


def test_coverage_as_json(here: Path) -> None:
    write("vip.test.json", {"now": "2026-11-23", "out": [{"country": "CA"}]})
    form = json.loads(run("test", ".", "--coverage", "--output-format", "json").stdout)
    (file,) = form["files"]
    assert (file["coverage"]["covered"], file["coverage"]["total"]) == (0, 2)
    assert file["coverage"]["conditions"][0] == {
        "condition": "country = 'US'",
        "line": 2,
        "column": 7,
        "covered": False,
        "noticed_if_always_true": False,
        "noticed_if_never_true": False,
    }
    assert "coverage" not in json.loads(run("test", ".", "--output-format", "json").stdout)["files"][0]


def test_coverage_looks_into_events_subqueries_and_negations(here: Path) -> None:
    write(
        "vip.sql",
        "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
        "WHERE NOT c.country = 'US' AND c.contact_id NOT IN "
        "(SELECT contact_id FROM event_data WHERE event_type = 'open' AND event_source = 'mail')",
    )
    opened = {"event_type": "open", "timestamp": "2026-11-01", "event_source": "mail"}
    write(
        "vip.test.json",
        {
            "now": "2026-11-23",
            "in": [{"country": "CA"}, {"country": "CA", "events": [{**opened, "event_type": "click"}]}],
            "out": [{"country": "US"}, {"country": "CA", "events": [opened]}],
        },
    )
    lines = run("test", ".", "--coverage").stdout.splitlines()
    assert "  coverage: 2 of 3 conditions" in lines
    (missing,) = [line for line in lines if "no test notices" in line]
    assert missing.endswith("no test notices if `event_source = 'mail'` is always TRUE")
