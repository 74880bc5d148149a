"""Which findings count: --select, --ignore, --strict and --show-info."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sql_seg.diagnostics import Diagnostic, Severity
from sql_seg.workspace.selection import ALL, INVALIDATING, KNOWN, UNDOCUMENTED, Selection, complaint_about
from tests.cli.running import COULD_NOT_RUN, FINE, QUERY_ERRORS, run

NULL_TRAP = "first_name != 'Dave'"
UNEQUAL = "first_name <> 'Dave' OR first_name IS NULL"
A_PATH = "SELECT contact_id, updated_at FROM contact_data AS c WHERE c.city = 'Oslo'"
"""An alias is an info: the reference does not mention it, though queries in use have it."""


def codes(*arguments: object) -> list[str]:
    result = run("check", "--isolated", "--output-format", "json", *arguments)
    assert result.stderr == ""
    return [item["code"] for form in json.loads(result.stdout) for item in form["diagnostics"]]


def test_by_default_warnings_count_and_infos_do_not() -> None:
    assert codes("-q", NULL_TRAP, "-q", UNEQUAL, "-q", A_PATH) == ["null-blind-inequality", UNDOCUMENTED]


def test_what_is_selected_counts_alone() -> None:
    assert codes("-q", NULL_TRAP, "-q", UNEQUAL, "--select", "null-blind-inequality") == [
        "null-blind-inequality"
    ]
    assert codes("-q", NULL_TRAP, "--select", UNDOCUMENTED) == []


def test_rules_are_parted_by_commas_and_options_add_up() -> None:
    both = f"null-blind-inequality, {UNDOCUMENTED},"
    assert len(codes("-q", NULL_TRAP, "-q", UNEQUAL, "--select", both)) == 2
    two = ("--select", "null-blind-inequality", "--select", UNDOCUMENTED)
    assert len(codes("-q", NULL_TRAP, "-q", UNEQUAL, *two)) == 2
    assert codes("-q", NULL_TRAP, "-q", UNEQUAL, "--ignore", both) == []


def test_infos_are_shown_when_they_are_asked_for() -> None:
    for asked in (["--show-info"], ["--select", "ALL"], ["--select", UNDOCUMENTED]):
        assert codes("-q", A_PATH, *asked) == [UNDOCUMENTED]
    assert codes("-q", A_PATH, "--show-info", "--ignore", UNDOCUMENTED) == []


def test_a_name_outweighs_all_and_ignoring_outweighs_selecting() -> None:
    queries = ("-q", NULL_TRAP, "-q", UNEQUAL)
    assert codes(*queries, "--select", "ALL", "--ignore", UNDOCUMENTED) == ["null-blind-inequality"]
    assert codes(*queries, "--ignore", "ALL", "--select", UNDOCUMENTED) == [UNDOCUMENTED]
    assert codes(*queries, "--ignore", "ALL") == []
    assert codes(*queries, "--select", UNDOCUMENTED, "--ignore", UNDOCUMENTED) == []
    assert codes(*queries, "--select", "") == []


def test_errors_always_count() -> None:
    wrong = "citty = 'Oslo' AND email = 3"
    for asked in (["--ignore", "ALL"], ["--select", UNDOCUMENTED], ["--select", ""]):
        assert codes("-q", wrong, *asked) == ["unknown-column", "type-mismatch"]


def test_a_warning_of_a_lenient_check_can_be_ignored() -> None:
    assert codes("-q", "plan = 'free'", "--lenient") == ["assumed-column"]
    assert codes("-q", "plan = 'free'", "--lenient", "--ignore", "assumed-column") == []


@pytest.mark.parametrize("query", [UNEQUAL, A_PATH])
def test_strictly_what_is_not_promised_is_an_error(query: str) -> None:
    assert run("check", "-q", query).exit_code == FINE
    result = run("check", "-q", query, "--strict")
    assert result.exit_code == QUERY_ERRORS
    assert "error[undocumented-construct]" in result.stdout
    assert (
        run("check", "-q", query, "--strict", "--select", "null-blind-inequality").exit_code == QUERY_ERRORS
    )
    assert run("check", "-q", query, "--strict", "--ignore", "ALL").exit_code == QUERY_ERRORS
    assert run("check", "-q", query, "--strict", "--ignore", UNDOCUMENTED).exit_code == FINE


def test_strictly_other_warnings_stay_warnings() -> None:
    assert run("check", "-q", NULL_TRAP, "--strict").exit_code == FINE


def test_warnings_are_errors_of_the_run_if_that_is_wanted() -> None:
    assert run("check", "-q", NULL_TRAP).exit_code == FINE
    assert run("check", "-q", NULL_TRAP, "--error-on-warnings").exit_code == QUERY_ERRORS
    assert run("check", "-q", A_PATH, "--error-on-warnings", "--show-info").exit_code == FINE
    ignoring = ("--error-on-warnings", "--ignore", "null-blind-inequality")
    assert run("check", "-q", NULL_TRAP, *ignoring).exit_code == FINE


def test_the_exit_code_can_be_zero_whatever_is_wrong_with_queries() -> None:
    assert run("check", "-q", "email = 3", "--exit-zero").exit_code == FINE
    assert run("check", "-q", NULL_TRAP, "--error-on-warnings", "--exit-zero").exit_code == FINE
    assert run("check", "missing.sql", "--exit-zero").exit_code == COULD_NOT_RUN


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_rule_is_wrong_usage(option: str) -> None:
    result = run("check", "-q", NULL_TRAP, option, "null-blind-inequalty")
    assert (result.exit_code, result.stdout) == (COULD_NOT_RUN, "")
    assert (
        f"'{option}': there is no rule 'null-blind-inequalty': did you mean null-blind-ine" in result.stderr
    )
    result = run("check", "-q", NULL_TRAP, option, "x" * 1000)
    assert result.exit_code == COULD_NOT_RUN
    assert "`sql-seg rule` lists them all" in result.stderr
    assert "did you mean ALL?" in run("check", "-q", NULL_TRAP, option, "all").stderr


def test_an_error_cannot_be_ignored() -> None:
    result = run("check", "-q", "email = 3", "--ignore", "type-mismatch")
    assert result.exit_code == COULD_NOT_RUN
    assert "type-mismatch makes a query invalid, and cannot be ignored" in result.stderr
    assert run("check", "-q", "email = 3", "--select", "type-mismatch").exit_code == QUERY_ERRORS


def test_every_code_can_be_selected_and_all_but_errors_ignored() -> None:
    for code in KNOWN:
        assert complaint_about(code, ignored=False) is None
        assert (complaint_about(code, ignored=True) is None) == (code not in INVALIDATING)
    assert complaint_about(ALL, ignored=True) is None


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("strict", [False, True])
def test_what_counts_does_not_depend_on_the_rest(severity: Severity, strict: bool) -> None:
    one = Diagnostic("null-comparison", severity, "", 1, 1, 1, 1)
    other = Diagnostic(UNDOCUMENTED, severity, "", 1, 1, 1, 1)
    for selection in (
        Selection(),
        Selection(frozenset({one.code})),
        Selection(frozenset({ALL}), strict=strict),
    ):
        assert selection.of([one, other]) == selection.of([one]) + selection.of([other])


def test_files_that_would_be_checked_are_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.sql", "b.sql", "left/out.sql"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text("this is no query")
    result = run("check", ".", "--show-files", "--extend-exclude", "left/")
    assert (result.exit_code, result.stdout.splitlines(), result.stderr) == (FINE, ["a.sql", "b.sql"], "")


def test_a_rule_that_was_only_begun_is_suggested_whole() -> None:
    result = run("check", "-q", NULL_TRAP, "--select", "null-blind")
    assert result.exit_code == COULD_NOT_RUN
    assert "there is no rule 'null-blind': did you mean null-blind-inequality?" in " ".join(
        result.stderr.split()
    )
