"""What SendGrid refuses of segments, whatever their queries say."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sql_seg.diagnostics import Diagnostic, Severity
from sql_seg.linting import RULES, Rule
from sql_seg.linting.about_limits import LIMITS
from sql_seg.sources import check_limits, queries_in
from sql_seg.sources import sendgrid_limits as limits

LIST = "115715d0-0000-4000-8000-000000000001"
OTHER_LIST = "115715d0-0000-4000-8000-000000000002"


def found(*files: Any) -> list[Diagnostic]:
    """Return what is found in files, each given as its value or its text."""
    queries = [
        query
        for number, file in enumerate(files, start=1)
        for query in queries_in(file if isinstance(file, str) else json.dumps(file), f"{number}.json")
    ]
    checked = check_limits(queries)
    assert len(checked) == len(queries)
    return [diagnostic for diagnostics in checked for diagnostic in diagnostics]


def codes(*files: Any) -> list[str]:
    return [diagnostic.code for diagnostic in found(*files)]


def segment(**fields: Any) -> dict[str, Any]:
    return {"query_dsl": "a = 1", **fields}


def test_a_good_segment() -> None:
    assert codes(segment(name="x", parent_list_ids=[LIST])) == []
    assert codes(segment(name="é" * 100)) == []
    assert codes(segment()) == []


@pytest.mark.parametrize("name", ["", "x" * 101])
def test_a_name_has_1_to_100_characters(name: str) -> None:
    (diagnostic,) = found(f'{{"query_dsl": "a",\n "name": "{name}"}}')
    assert (diagnostic.code, diagnostic.severity) == ("segment-name-length", Severity.ERROR)
    assert (diagnostic.line, diagnostic.column) == (2, 10)
    assert (diagnostic.end_line, diagnostic.end_column) == (2, 12 + len(name))


def test_a_name_is_unique_over_all_files() -> None:
    (diagnostic,) = found(segment(name="x"), [segment(name="y"), segment(name="x")])
    assert (diagnostic.code, diagnostic.severity) == ("duplicate-segment-name", Severity.ERROR)
    assert diagnostic.column == len(json.dumps([segment(name="y")])) + len(
        ', {"query_dsl": "a = 1", "name": '
    )
    assert "the other is at 1.json:1:32" in diagnostic.help


def test_names_that_differ_in_case_are_two() -> None:
    assert codes(segment(name="x"), segment(name="X")) == []


def test_one_segment_given_twice_is_no_duplicate() -> None:
    assert codes(segment(name="x", id=LIST), segment(name="x", id=LIST)) == []
    assert codes(segment(name="x", id=LIST), segment(name="x", id=OTHER_LIST)) == ["duplicate-segment-name"]


def test_segments_without_names_are_no_duplicates() -> None:
    assert codes(segment(), segment()) == []


def test_an_account_has_200_segments() -> None:
    segments = [segment(name=str(number)) for number in range(202)]
    assert codes(segments[:200]) == []
    assert codes(segments) == ["too-many-segments"]
    (diagnostic,) = found(segments[:150], segments[150:])
    assert diagnostic.message == "this is segment 201 of those given"


def test_queries_that_are_no_segments_have_no_limits() -> None:
    queries = queries_in("a = 1", "q.sql") * 500
    assert check_limits(queries) == [[]] * 500


def test_there_is_one_parent_list_at_most() -> None:
    (diagnostic,) = found(segment(parent_list_ids=[LIST, OTHER_LIST]))
    assert (diagnostic.code, diagnostic.severity) == ("too-many-parent-lists", Severity.ERROR)
    assert diagnostic.column == 1 + json.dumps(segment(parent_list_ids=[LIST, OTHER_LIST])).index(
        f'"{OTHER_LIST}'
    )


def test_a_list_id_is_a_uuid() -> None:
    (diagnostic,) = found(segment(parent_list_ids=["Newsletter"]))
    assert (diagnostic.code, diagnostic.severity) == ("malformed-list-id", Severity.WARNING)
    assert codes(segment(parent_list_ids=[LIST.upper()])) == []
    assert codes(segment(parent_list_ids=[LIST + "0"])) == ["malformed-list-id"]


def test_every_limit_is_documented_and_no_other() -> None:
    source = Path(limits.__file__).read_text(encoding="utf-8")
    said = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', source))
    assert said == {rule.code for rule in LIMITS}
    assert set(LIMITS) <= set(RULES)


@pytest.mark.parametrize("rule", LIMITS, ids=lambda rule: rule.code)
def test_the_example_is_found_and_what_to_write_instead_is_not(rule: Rule) -> None:
    assert found(rule.instead) == []
    if rule.code == "too-many-segments":
        assert "and so on" in rule.example
        return
    (diagnostic,) = found(rule.example)
    assert (diagnostic.code, diagnostic.severity) == (rule.code, rule.severity)
