"""Every error has its documentation, and its example provokes just that error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import sql_seg
from sql_seg import SENDGRID, diagnose
from sql_seg.linting import RULES, Rule
from sql_seg.linting.check_errors import CHECK_ERRORS
from sql_seg.linting.refused_sql import REFUSED_SQL
from sql_seg.linting.syntax_errors import SYNTAX_ERRORS

DOCUMENTED = (*SYNTAX_ERRORS, *REFUSED_SQL, *CHECK_ERRORS)
TOO_LARGE_TO_SHOW = {
    "text-too-long",
    "too-many-values",
    "too-many-tables",
    "nesting-too-deep",
    "number-out-of-range",
}


def codes_in_source() -> set[str]:
    """Return the codes that the parser and the checker give their findings."""
    package = Path(sql_seg.__file__).parent
    files = [*package.glob("syntax/parsing/**/*.py"), *package.glob("checking/*.py")]
    quoted = {code for file in files for code in re.findall(r'"([a-z]+(?:-[a-z0-9]+)+)"', file.read_text())}
    return quoted - {"utf-8"}


def test_every_code_of_the_parser_and_the_checker_is_documented_and_no_other() -> None:
    assert {rule.code for rule in DOCUMENTED} == codes_in_source()


def test_codes_are_unique() -> None:
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("rule", DOCUMENTED, ids=lambda rule: rule.code)
def test_the_example_provokes_the_error(rule: Rule) -> None:
    if rule.code in TOO_LARGE_TO_SHOW:
        assert "and so on" in rule.example
        return
    schema = SENDGRID.as_lenient() if rule.lenient else SENDGRID
    assert rule.code in {found.code for found in diagnose(rule.example, schema, rule.dialect)}


@pytest.mark.parametrize("rule", DOCUMENTED, ids=lambda rule: rule.code)
def test_what_to_write_instead_is_valid(rule: Rule) -> None:
    errors = [found for found in diagnose(rule.instead, SENDGRID, rule.dialect) if found.is_error]
    assert errors == []
