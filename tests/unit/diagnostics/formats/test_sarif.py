"""SARIF 2.1.0: valid against the schema, and whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from sql_seg import diagnose
from sql_seg.diagnostics import Safety, Severity, formats
from sql_seg.diagnostics.formats import QueryReport, paths
from sql_seg.linting import RULES
from sql_seg.sources import check_limits, queries_in
from tests.unit.diagnostics.formats.made import HOSTILE, alone, found, in_file

SCHEMA = json.loads(Path(__file__).parents[3].joinpath("data/sarif-2.1.0-subset.json").read_text())
TEXT = "a = 1\nAND b = 2"


def log(*reports: QueryReport, version: str = "") -> Any:
    """Return a log that was held against the schema."""
    made = json.loads(formats.render("sarif", reports, rules=RULES, version=version))
    jsonschema.validate(made, SCHEMA)
    return made


def results(*reports: QueryReport) -> Any:
    return log(*reports)["runs"][0]["results"]


def test_a_log_of_nothing() -> None:
    assert log() == {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "sql-seg", "rules": []}},
                "columnKind": "unicodeCodePoints",
                "results": [],
            }
        ],
    }
    assert results(alone(TEXT)) == []


def test_the_tool_has_its_version() -> None:
    assert log(version="1.2.3")["runs"][0]["tool"]["driver"]["version"] == "1.2.3"


def test_a_result() -> None:
    bad = found(TEXT, "b", help="so", sendgrid="no", labels=(("a", "this"),), fix=("c", Safety.SAFE))
    place = {"startLine": 2, "startColumn": 5, "endLine": 2, "endColumn": 6}
    first = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2}
    file = {"uri": "a%20b/query.sql"}
    assert results(alone(TEXT, bad, file="a b/query.sql")) == [
        {
            "ruleId": "some-code",
            "ruleIndex": 0,
            "level": "error",
            "message": {"text": "something is wrong\nhelp: so\nSendGrid says: no"},
            "locations": [{"physicalLocation": {"artifactLocation": file, "region": place}}],
            "relatedLocations": [
                {
                    "physicalLocation": {"artifactLocation": file, "region": first},
                    "message": {"text": "this"},
                }
            ],
            "fixes": [
                {
                    "description": {"text": "Write c"},
                    "artifactChanges": [
                        {
                            "artifactLocation": file,
                            "replacements": [{"deletedRegion": place, "insertedContent": {"text": "c"}}],
                        }
                    ],
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("severity", "level"),
    [(Severity.ERROR, "error"), (Severity.WARNING, "warning"), (Severity.INFO, "note")],
)
def test_levels(severity: Severity, level: str) -> None:
    (result,) = results(alone(TEXT, found(TEXT, "a", severity=severity)))
    assert result["level"] == level


def test_rules_that_found_something_are_documented() -> None:
    text = "emial = 'x'"
    made = log(alone(text, *diagnose(text), found(text, "x", code="another")))
    rules = made["runs"][0]["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["another", "unknown-column"]
    assert set(rules[1]) == {"id", "shortDescription", "fullDescription", "help", "defaultConfiguration"}
    assert "```\nemial" in rules[1]["help"]["markdown"]
    indices = [(result["ruleId"], result["ruleIndex"]) for result in made["runs"][0]["results"]]
    assert sorted(indices) == [("another", 0), ("unknown-column", 1)]


def test_all_rules_are_documented_as_the_schema_has_it() -> None:
    every = [found(TEXT, "a", code=rule.code, severity=rule.severity) for rule in RULES]
    assert len(log(alone(TEXT, *every))["runs"][0]["tool"]["driver"]["rules"]) == len(RULES)


def test_a_segment_is_named_and_its_fix_is_one_of_the_file() -> None:
    content = r'{"name": "Ours", "query_dsl": "a = \"x\""}'
    (result,) = results(in_file(content, found('a = "x"', '"x"', fix=("'y'", Safety.SAFE))))
    (location,) = result["locations"]
    assert location["logicalLocations"] == [{"name": "Ours", "kind": "object"}]
    ((change,),) = (fix["artifactChanges"] for fix in result["fixes"])
    (replaced,) = change["replacements"]
    region = replaced["deletedRegion"]
    assert content[region["startColumn"] - 1 : region["endColumn"] - 1] == r"\"x\""


def test_a_fix_that_the_file_cannot_hold_is_left_out() -> None:
    bad = found("a = 1", "1", fix=("2", Safety.SAFE))
    (result,) = results(in_file("query_dsl: 'a = 1'", bad, file="s.yaml"))
    assert "fixes" not in result


def test_limits_are_results_too() -> None:
    (query,) = queries_in('{"name": "", "query_dsl": "email = \'a\'"}', "s.json")
    (limits,) = check_limits([query])
    assert [result["ruleId"] for result in results(query.report([], limits))] == ["segment-name-length"]


def test_what_is_hostile_is_data() -> None:
    text = f"a {HOSTILE} b"
    bad = found(text, "b", message=HOSTILE, labels=(("a", HOSTILE),), fix=(HOSTILE, Safety.SAFE))
    (result,) = results(alone(text, bad, file=HOSTILE))
    assert result["message"]["text"] == HOSTILE


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("a.sql", "a.sql"),
        ("./a/b.sql", "a/b.sql"),
        ("../a.sql", "../a.sql"),
        ("/a/b c.sql", "file:///a/b%20c.sql"),
        ("a:b.sql", "a%3Ab.sql"),
        ("é#?.sql", "%C3%A9%23%3F.sql"),
        ("<stdin>", "%3Cstdin%3E"),
        ("\udcff.sql", "%FF.sql"),
    ],
)
def test_files_have_uris(file: str, uri: str) -> None:
    assert paths.uri(file) == uri
