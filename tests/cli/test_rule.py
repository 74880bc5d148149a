"""``sql-seg rule``: the documentation of rules."""

from __future__ import annotations

import json

import pytest

from sql_seg.cli import reference
from sql_seg.linting import RULES, Rule
from tests.cli.running import COULD_NOT_RUN, FINE, run


def code_of(rule: Rule) -> str:
    return rule.code


def test_a_rule_is_explained_with_what_it_says_of_its_example() -> None:
    result = run("rule", "null-blind-inequality")
    assert (result.exit_code, result.stderr) == (FINE, "")
    said = run("check", "--isolated", "-q", "first_name != 'Dave'").stdout.splitlines()
    assert result.stdout.startswith("null-blind-inequality (warning)\n")
    assert "\n\nExample:\n\n    first_name != 'Dave'\n" in result.stdout
    assert f"\n    {said[0]}\n" in result.stdout
    assert "\nInstead:\n\n    first_name != 'Dave' OR first_name IS NULL\n" in result.stdout
    assert "--unsafe-fixes" in result.stdout
    assert "--ignore null-blind-inequality" in result.stdout.replace("\n", " ")


def test_an_error_says_that_it_cannot_be_ignored() -> None:
    text = run("rule", "unknown-column").stdout
    assert "cannot be ignored" in text
    assert "--ignore" not in text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_is_explained_in_every_form(rule: Rule) -> None:
    text = run("rule", rule.code).stdout
    assert rule.code in text
    assert rule.instead in text
    (form,) = [json.loads(run("rule", rule.code, "--output-format", "json").stdout)]
    assert (form["code"], form["severity"], form["why"]) == (rule.code, rule.severity.value, rule.why)
    assert run("rule", rule.code, "--output-format", "markdown").stdout.startswith(f"# {rule.code}\n")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_example_that_can_be_shown_is_found(rule: Rule) -> None:
    output, _ = reference.shown(rule)
    assert (f"[{rule.code}]: " in output) == ("and so on" not in rule.example)


def test_without_a_code_all_rules_are_listed() -> None:
    lines = run("rule").stdout.splitlines()
    listed = [line.split()[0] for line in lines if line.startswith("  ")]
    assert sorted(listed) == sorted(rule.code for rule in RULES)


def test_all_rules_are_explained_one_after_the_other() -> None:
    result = run("rule", "--all")
    assert result.exit_code == FINE
    assert all(f"{rule.code} ({rule.severity})\n" in result.stdout for rule in RULES)
    forms = json.loads(run("rule", "--all", "--output-format", "json").stdout)
    assert [form["code"] for form in forms] == [rule.code for rule in RULES]


def test_every_rule_is_in_one_group() -> None:
    grouped = [rule.code for group in reference.groups() for rule in group.rules]
    assert sorted(grouped) == sorted(rule.code for rule in RULES)


def test_the_groups_name_rules_that_there_are() -> None:
    (title,) = (group.title for group in reference.groups() if "never-matches" in map(code_of, group.rules))
    (group,) = (group for group in reference.groups() if group.title == title)
    assert set(map(code_of, group.rules)) == reference.DECIDED


def test_wrong_usage() -> None:
    result = run("rule", "null-blind")
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert "there is no rule 'null-blind'" in result.stderr
    assert "did you mean type-mismatch?" in run("rule", "type-mismach").stderr
    assert "give --all" in run("rule", "ALL").stderr
    assert "not both" in run("rule", "type-mismatch", "--all").stderr
