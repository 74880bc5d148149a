"""``sql-seg upgrade``: what goes where, and with which exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from sql_seg import upgrade
from tests.cli.running import COULD_NOT_RUN, FINE, QUERY_ERRORS, run

LIST = "115715d0-0000-4000-8000-000000000001"
V1 = "email LIKE '%gmail.com'"
V2 = "SELECT contact_id, updated_at FROM contact_data WHERE email LIKE '%gmail.com'"


def test_the_query_alone_is_printed_and_the_proof_is_a_remark() -> None:
    result = run("upgrade", "-q", V1)
    assert (result.exit_code, result.stdout) == (FINE, V2 + "\n")
    assert result.stderr == "<query>: the same, because the queries say the same in the same words\n"


def test_standard_input_and_quiet() -> None:
    result = run("upgrade", "-", "--quiet", stdin=V1)
    assert (result.exit_code, result.stdout, result.stderr) == (FINE, V2 + "\n", "")


def test_what_cannot_be_said_is_refused_with_its_kind() -> None:
    result = run("upgrade", "-q", "email LIKE '%a_b'")
    assert (result.exit_code, result.stdout) == (QUERY_ERRORS, "")
    assert "refused (pattern): the pattern looks for a _ behind a wildcard" in result.stderr


def test_a_query_with_errors_and_a_file_that_is_not_there() -> None:
    assert run("upgrade", "-q", "email =").exit_code == QUERY_ERRORS
    assert run("upgrade", "-q", "plan = 'x'").exit_code == QUERY_ERRORS
    assert run("upgrade", "nope.sql").exit_code == COULD_NOT_RUN
    assert run("upgrade").exit_code == COULD_NOT_RUN


def test_v2_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.sql"
    path.write_text(V2)
    result = run("upgrade", "--write", path)
    assert (result.exit_code, path.read_text()) == (FINE, V2)
    assert "is v2 already" in result.stderr


def test_files_are_rewritten_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "a.sgql"
    path.write_text(V1 + "\n")
    assert run("upgrade", path).stdout == V2 + "\n"
    assert run("upgrade", path, "--check").stdout == ""
    assert f"+{V2}" in run("upgrade", path, "--diff").stdout
    assert path.read_text() == V1 + "\n"
    assert run("upgrade", path, "--write").exit_code == FINE
    assert path.read_text() == V2 + "\n"


@pytest.mark.parametrize("lists", [{}, {"parent_list_id": None}, {"parent_list_ids": []}])
def test_a_parent_list_in_the_query_becomes_the_segments(tmp_path: Path, lists: dict[str, object]) -> None:
    path = tmp_path / "a.json"
    query = f"({V1} OR event_type = 'open') AND CONTAINS(list_ids, '{LIST}')"
    path.write_text(json.dumps({"results": [{"name": "A", "query_dsl": query, **lists}]}, indent=2))
    assert run("upgrade", path, "--write").exit_code == FINE
    segment = json.loads(path.read_text())["results"][0]
    assert segment["query_version"] == "2"
    assert segment["parent_list_ids"] == [LIST]
    assert "parent_list_id" not in segment
    assert "ARRAY_CONTAINS" not in segment["query_dsl"]


def test_segments_in_yaml(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(
        f"- name: one\n  query_dsl: |\n    {V1}\n"
        f"- query_dsl: \"first_name = 'x'\"\n  parent_list_id: {LIST}\n"
    )
    result = run("upgrade", path, "--write")
    assert result.exit_code == FINE, result.stderr
    assert path.read_text() == (
        f'- name: one\n  query_version: "2"\n  query_dsl: |\n    {V2}\n'
        '- query_version: "2"\n'
        "  query_dsl: \"SELECT contact_id, updated_at FROM contact_data WHERE first_name = 'x'\"\n"
        f'  parent_list_ids: ["{LIST}"]\n'
    )
    assert run("check", path).exit_code == FINE


SCALARS = {
    "folded": "query_dsl: >\n    email LIKE '%gmail.com'\n    AND event_type = 'open'\n",
    "folded, its end stripped": "query_dsl: >-\n    email LIKE '%gmail.com'\n    AND event_type = 'open'\n",
    "with a comment": "query_dsl: > # opens\n    email LIKE '%gmail.com'\n    AND event_type = 'open'\n",
    "literal": "query_dsl: |\n    email LIKE '%gmail.com'\n    AND event_type = 'open'\n",
    "plain": "query_dsl: email LIKE '%gmail.com' AND event_type = 'open'\n",
    "plain, of two lines": "query_dsl: email LIKE '%gmail.com'\n    AND event_type = 'open'\n",
    "in single quotes": "query_dsl: 'email LIKE ''%gmail.com'' AND event_type = ''open'''\n",
    "in double quotes": "query_dsl: \"email LIKE '%gmail.com' AND event_type = 'open'\"\n",
    "in quotes, of two lines": "query_dsl: \"email LIKE '%gmail.com'\n    AND event_type = 'open'\"\n",
    "tagged": "query_dsl: !!str \"email LIKE '%gmail.com' AND event_type = 'open'\"\n",
    "anchored": "query_dsl: &one \"email LIKE '%gmail.com' AND event_type = 'open'\"\n",
}


@pytest.mark.parametrize("scalar", SCALARS.values(), ids=SCALARS)
def test_every_scalar_of_yaml_is_upgraded(tmp_path: Path, scalar: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"- name: one\n  {scalar}- name: two\n  query_dsl: {V1}\n")
    result = run("upgrade", path, "--write")
    assert result.exit_code == FINE, result.stderr
    one, two = yaml.safe_load(path.read_text())
    assert (one["name"], one["query_version"], two["query_version"]) == ("one", "2", "2")
    wanted = upgrade("email LIKE '%gmail.com' AND event_type = 'open'")
    assert one["query_dsl"].strip() == wanted.text
    assert two["query_dsl"] == V2
    assert run("check", path).exit_code == FINE


def test_segments_that_share_a_query_by_an_alias(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f'- name: one\n  query_dsl: &shared "{V1}"\n- name: two\n  query_dsl: *shared\n')
    result = run("upgrade", path, "--write")
    assert result.exit_code == FINE, result.stderr
    segments = yaml.safe_load(path.read_text())
    assert [(item["query_dsl"], item["query_version"]) for item in segments] == [(V2, "2"), (V2, "2")]


def test_of_several_files_it_says_what_became_of_all(tmp_path: Path) -> None:
    v2 = "SELECT contact_id FROM contact_data"
    texts = {"a": "city = 'Oslo'", "b": "email LIKE '%a_b'", "c": "city =", "d": v2}
    for name, text in texts.items():
        (tmp_path / f"{name}.sql").write_text(text)
    summary = "4 queries: 1 can be upgraded, 1 v2 already, 1 refused, 1 with errors"
    assert run("upgrade", tmp_path, "--check").stderr.splitlines()[-1] == summary
    assert run("upgrade", tmp_path).stderr.splitlines()[-1] == summary.replace("can be ", "")
    assert summary not in run("upgrade", tmp_path, "--check", "--quiet").stderr
    assert run("upgrade", tmp_path / "a.sql", "--check").stderr.count("\n") == 1
