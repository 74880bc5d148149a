"""The formats of tools: lines, JSON, GitHub's, GitLab's, JUnit's."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from sql_seg.diagnostics import Safety, Severity, formats
from sql_seg.diagnostics.formats import QueryReport
from tests.unit.diagnostics.formats.made import HOSTILE, alone, found, in_file

TEXT = "a = 1\nAND b = 2"
ERROR = found(TEXT, "b", help="so\nor so", sendgrid="no", labels=(("a", "this"),), fix=("c", Safety.SAFE))
WARNING = found(TEXT, "a", code="other-code", severity=Severity.WARNING)
INFO = found(TEXT, "1", code="third-code", severity=Severity.INFO)


def data(output_format: str, *reports: QueryReport) -> Any:
    return json.loads(formats.render(output_format, reports))


def hostile() -> QueryReport:
    text = f"a {HOSTILE} b"
    evil = found(
        text, "b", message=HOSTILE, help=HOSTILE, sendgrid=HOSTILE,
        labels=(("a", HOSTILE),), fix=(HOSTILE, Safety.SAFE),
    )  # fmt: skip
    return alone(text, evil, file=HOSTILE)


@pytest.mark.parametrize("output_format", formats.FORMATS)
def test_every_format_of_nothing_good_and_bad(output_format: str) -> None:
    for reports in ([], [alone(TEXT)], [alone(TEXT, ERROR, WARNING, INFO)], [hostile()]):
        assert formats.render(output_format, reports) == formats.render(output_format, iter(reports))
        formats.render(output_format, reports).encode(errors="strict")


def test_all_formats_are_there() -> None:
    assert formats.FORMATS == (
        "full", "concise", "json", "json-lines", "github", "gitlab", "sarif", "junit",
    )  # fmt: skip


def test_concise() -> None:
    assert formats.render("concise", [alone(TEXT, WARNING, ERROR)]).splitlines() == [
        "query.sql:1:1: warning[other-code] something is wrong",
        "query.sql:2:5: error[some-code] [*] something is wrong",
    ]


def test_a_fix_that_is_not_safe_has_no_star() -> None:
    assert "[*]" not in formats.render("concise", [alone(TEXT, found(TEXT, "b", fix=("c", Safety.UNSAFE)))])


def test_json() -> None:
    assert data("json", alone(TEXT, ERROR), alone("x", file="good.sql")) == [
        {
            "file": "query.sql",
            "segment": None,
            "dialect": "v1",
            "valid": False,
            "diagnostics": [
                {
                    "code": "some-code",
                    "severity": "error",
                    "message": "something is wrong",
                    "line": 2,
                    "column": 5,
                    "end_line": 2,
                    "end_column": 6,
                    "help": "so\nor so",
                    "sendgrid": "no",
                    "provenance": None,
                    "fix": {
                        "message": "Write c",
                        "safety": "safe",
                        "edits": [{"line": 2, "column": 5, "end_line": 2, "end_column": 6, "text": "c"}],
                    },
                    "labels": [{"message": "this", "line": 1, "column": 1, "end_line": 1, "end_column": 2}],
                }
            ],
        },
        {"file": "good.sql", "segment": None, "dialect": "v1", "valid": True, "diagnostics": []},
    ]


def test_warnings_leave_a_query_valid() -> None:
    (form,) = data("json", alone(TEXT, WARNING, INFO))
    assert form["valid"]
    assert form["diagnostics"][0]["fix"] is None
    assert form["diagnostics"][0]["labels"] == []


def test_places_in_json_are_places_in_the_file() -> None:
    content = r'{"name": "Ours", "query_dsl": "a = \"x\" AND b"}'
    query = 'a = "x" AND b'
    bad = found(query, "b", labels=(('"x"', "this"),), fix=('"c"', Safety.SAFE))
    (form,) = data("json", in_file(content, bad))
    assert form["segment"] == "Ours"
    (item,) = form["diagnostics"]
    for place, part in ((item, "b"), (item["labels"][0], r"\"x\""), (item["fix"]["edits"][0], "b")):
        assert place["line"] == place["end_line"] == 1
        assert content[place["column"] - 1 : place["end_column"] - 1] == part
    assert item["fix"]["edits"][0]["text"] == r"\"c\""


def test_a_fix_that_the_file_cannot_hold_has_no_edits() -> None:
    bad = found("a = 1", "1", fix=("2", Safety.SAFE))
    (form,) = data("json", in_file("query_dsl: 'a = 1'", bad, file="s.yaml"))
    assert form["diagnostics"][0]["fix"] == {"message": "Write 2", "safety": "safe", "edits": None}


def test_json_lines() -> None:
    made = alone(TEXT, WARNING, ERROR)
    lines = [json.loads(line) for line in formats.render("json-lines", [made, alone("x")]).splitlines()]
    assert [(line["file"], line["segment"], line["dialect"], line["code"]) for line in lines] == [
        ("query.sql", None, "v1", "other-code"),
        ("query.sql", None, "v1", "some-code"),
    ]
    (form,) = data("json", made)
    beside = {"file", "segment", "dialect"}
    assert [{k: v for k, v in line.items() if k not in beside} for line in lines] == form["diagnostics"]


def test_github() -> None:
    error, warning, info = formats.render("github", [alone(TEXT, ERROR, WARNING, INFO)]).splitlines()
    assert error == (
        "::error file=query.sql,line=2,col=5,endLine=2,endColumn=6,title=sql-seg (some-code)"
        "::query.sql:2:5: some-code something is wrong%0Ahelp: so%0Aor so%0ASendGrid says: no"
    )
    assert warning.startswith("::warning file=query.sql,line=1,")
    assert info.startswith("::notice file=query.sql,")


def test_github_has_no_columns_of_a_place_over_several_lines() -> None:
    command = formats.render("github", [alone(TEXT, found(TEXT, "1\nAND"))])
    assert command.startswith("::error file=query.sql,line=1,endLine=2,title=")


def test_github_commands_hold_what_is_hostile() -> None:
    (command,) = formats.render("github", [hostile()]).splitlines()
    _, properties, message = command.split("::", 2)
    assert properties.count(",") == 5
    assert all(character.isprintable() for character in command)
    assert "%250A" in message


def test_gitlab() -> None:
    error, warning, info = data("gitlab", alone(TEXT, ERROR, WARNING, INFO, file="./a/query.sql"))
    assert error.pop("fingerprint")
    assert error == {
        "check_name": "some-code",
        "description": "some-code: something is wrong",
        "severity": "major",
        "location": {
            "path": "a/query.sql",
            "positions": {"begin": {"line": 2, "column": 5}, "end": {"line": 2, "column": 6}},
        },
    }
    assert (warning["severity"], info["severity"]) == ("minor", "info")


def test_gitlab_fingerprints_are_unique_and_stay_when_lines_move() -> None:
    def fingerprints(text: str) -> list[str]:
        a, b = found(text, "b"), found(text, "c")
        return [item["fingerprint"] for item in data("gitlab", alone(text, a, b))]

    assert len(set(fingerprints("b c"))) == 2
    assert fingerprints("b c") == fingerprints("\n\n  b\nc")


def test_junit() -> None:
    bad = in_file('{"name": "Ours", "query_dsl": "a = 1 AND b"}', found("a = 1 AND b", "b", help="so"))
    made = [bad, alone(TEXT, WARNING), alone("x", file="dir/good.sql")]
    root = ElementTree.fromstring(formats.render("junit", made))
    assert (root.tag, root.attrib) == (
        "testsuites", {"name": "sql-seg", "tests": "3", "failures": "1", "errors": "0"},
    )  # fmt: skip
    assert [suite.get("name") for suite in root] == ["segments.json", "query.sql", "dir/good.sql"]
    first, second, third = root.iter("testcase")
    assert (first.get("name"), first.get("classname")) == ("Ours", "segments.json")
    failure = first.find("failure")
    assert failure is not None
    assert (failure.get("message"), failure.get("type")) == ("something is wrong", "some-code")
    assert failure.text == "segments.json:1:42: error[some-code] something is wrong\nhelp: so"
    assert second.find("failure") is None
    assert second.findtext("system-out") == "query.sql:1:1: warning[other-code] something is wrong"
    assert third.get("name") == "good"
    assert list(third) == []


def test_several_errors_are_one_failure_of_one_test() -> None:
    root = ElementTree.fromstring(formats.render("junit", [alone(TEXT, ERROR, found(TEXT, "a"))]))
    (failure,) = root.iter("failure")
    assert failure.get("message") == "something is wrong (and 1 more)"
    assert failure.text is not None
    assert failure.text.count("error[some-code]") == 2


def test_junit_holds_what_is_hostile() -> None:
    root = ElementTree.fromstring(formats.render("junit", [hostile()]))
    (case,) = root.iter("testcase")
    shown = HOSTILE.replace("\x1b", "�").replace("\x00", "�").replace("\udcff", "�").replace("\ufffe", "�")
    assert case.get("file") == shown


def test_statistics() -> None:
    more = found(TEXT, "a", code="other-code", severity=Severity.WARNING, fix=("x", Safety.SAFE))
    counts = formats.statistics([alone(TEXT, ERROR, WARNING, more), alone(TEXT, WARNING), alone("x")])
    assert [(row.code, row.severity, row.count, row.fixable) for row in counts] == [
        ("other-code", Severity.WARNING, 3, 1),
        ("some-code", Severity.ERROR, 1, 1),
    ]
    assert formats.statistics_text(counts).splitlines() == [
        "3  other-code  [-] warning",
        "1  some-code   [*] error",
    ]
    assert json.loads(formats.statistics_json(counts))[1] == {
        "code": "some-code", "severity": "error", "count": 1, "fixable": 1,
    }  # fmt: skip


def test_statistics_without_fixes_have_no_room_for_them() -> None:
    counts = formats.statistics([alone(TEXT, WARNING, INFO)])
    assert formats.statistics_text(counts) == "1  other-code  warning\n1  third-code  info"
    assert formats.statistics_text(formats.statistics([])) == ""
