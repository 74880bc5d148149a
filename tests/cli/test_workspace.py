"""Settings, files and queries, the same for all commands."""

# ruff: noqa: E501 -- the texts of files stay on one line

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.running import CONTACTS, COULD_NOT_RUN, EVENTS, EXAMPLES, FIELDS, FINE, QUERY_ERRORS, run

LIST = "115715d0-0000-4000-8000-000000000001"
V2 = "SELECT contact_id, updated_at FROM contact_data WHERE "


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


SETTINGS = f"""
fields = "{FIELDS}"
contacts = "{CONTACTS}"
events = ["{EVENTS}"]
now = 2026-11-23T12:00:00Z

[lists]
newsletter = {{id = "{LIST}", file = "{EXAMPLES}/lists/newsletter.csv"}}
customers = {{id = "115715d0-0000-4000-8000-000000000002", file = ["{EXAMPLES}/lists/customers.csv"]}}
"""


def test_with_settings_the_folder_is_the_whole_command() -> None:
    write({"sql-seg.toml": SETTINGS})
    result = run("preview", EXAMPLES / "segments")
    assert result.exit_code == FINE
    counts = [line.split()[1] for line in result.stdout.splitlines()[4:]]
    assert counts == ["26", "65", "209", "89", "116", "49"]
    assert "2026-11-23T12:00:00Z" in result.stdout


def test_settings_count_for_every_command() -> None:
    write(
        {
            "sql-seg.toml": SETTINGS,
            "a.sql": "num_orders > 3",
            "a.test.json": '{"in": [{"num_orders": 4}]}',
        }
    )
    assert run("check", "a.sql").exit_code == FINE
    assert run("test", "a.sql").exit_code == FINE
    assert run("diff", "a.sql", "-q", "num_orders >= 4").exit_code == QUERY_ERRORS
    example = json.loads(run("example", "-q", "num_orders > 3").stdout)
    assert example["now"] == "2026-11-23T12:00:00Z"
    assert run("preview", "-q", "num_orders > 3", "--sample", 0).stdout.startswith(
        "230 of 500" if False else ""
    )
    assert run("check", "a.sql", "--isolated").exit_code == QUERY_ERRORS


def test_the_command_line_overrules_settings() -> None:
    write({"sql-seg.toml": SETTINGS + "\n", "c.csv": "EMAIL\na@b.c\n"})
    assert run("preview", "-q", "email IS NOT NULL", "--contacts", "c.csv").stdout.startswith(
        "1 of 1 contact"
    )
    result = run("preview", "-q", "email IS NOT NULL", "--now", "2020-01-01")
    assert "2020-01-01T00:00:00Z" in result.stdout
    write({"sql-seg.toml": "lenient = true\nstrict = true\nshow-info = true\nerror-on-warnings = true"})
    assert run("check", "-q", "nope = 3").exit_code == QUERY_ERRORS
    assert run("check", "-q", "nope = 3", "--no-error-on-warnings").exit_code == FINE
    assert "unknown-column" in run("check", "-q", "nope = 3", "--no-lenient").stdout
    assert run("check", "-q", "city <> 'x'", "--no-error-on-warnings").exit_code == QUERY_ERRORS
    assert run("check", "-q", "city <> 'x'", "--no-error-on-warnings", "--no-strict").exit_code == FINE


def test_lists_are_known_by_name(here: Path) -> None:
    write({
        "sql-seg.toml": f"[lists]\nnewsletter = '{LIST}'",
        "contacts.csv": "EMAIL\na@x.com\nb@x.com\n",
        "list.csv": "EMAIL\na@x.com\n",
        "s.json": json.dumps({"name": "a", "query_dsl": "email IS NOT NULL", "parent_list_ids": ["newsletter"]}),
        "old.json": json.dumps({"name": "b", "query_dsl": "email IS NOT NULL", "parent_list_id": "newsletter"}),
    })  # fmt: skip
    for file in ("s.json", "old.json"):
        result = run("preview", file, "--contacts", "contacts.csv", "--list", "newsletter=list.csv")
        assert result.stdout.startswith("1 of 2 contacts")
        assert run("check", file).stdout == "1 query checked: no errors\n"
    result = run(
        "preview",
        "-q",
        f"CONTAINS(list_ids, '{LIST}')",
        "--contacts",
        "contacts.csv",
        "--list",
        "newsletter=list.csv",
    )
    assert result.stdout.startswith("1 of 2 contacts")


def test_a_query_that_names_a_list_gets_its_id() -> None:
    write(
        {
            "sql-seg.toml": f"[lists]\nnewsletter = '{LIST}'",
            "a.sql": f"{V2} ARRAY_CONTAINS(list_ids, 'newsletter')",
        }
    )
    assert f"newsletter is {LIST} in the settings" in run("check", "a.sql").stdout
    run("check", "a.sql", "--fix", "--unsafe-fixes")
    assert Path("a.sql").read_text() == f"{V2} ARRAY_CONTAINS(list_ids, '{LIST}')"
    assert "in the settings" not in run("check", "-q", "CONTAINS(list_ids, 'other')").stdout


def test_severities_are_settings() -> None:
    trap = "city != 'Oslo'"
    write({"sql-seg.toml": "[severity]\nnull-blind-inequality = 'error'"})
    assert run("check", "-q", trap).exit_code == QUERY_ERRORS
    write({"sql-seg.toml": "[severity]\nnull-blind-inequality = 'info'"})
    assert run("check", "-q", trap).stdout == "1 query checked: no errors\n"
    write({"sql-seg.toml": "[severity]\nnull-blind-inequality = 'info'\nundocumented-construct = 'warning'"})
    assert "warning[undocumented-construct]" in run("check", "-q", f"{V2} city LIKE 'x%'").stdout
    write({"sql-seg.toml": "[severity]\nunknown-column = 'warning'"})
    assert "makes a query invalid, and stays an error" in run("check", "-q", trap).stderr


def test_config_shows_what_counts_and_where_it_comes_from(monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        {
            "sub/x.sql": "",
            "sql-seg.toml": "fields = 'f.json'\n[lists]\nnews = 'ID'\n[severity]\nnever-null = 'info'",
        }
    )
    monkeypatch.chdir("sub")
    form = json.loads(run("config", "--output-format", "json").stdout)
    assert form["file"] == "../sql-seg.toml"
    assert form["settings"]["fields"] == {"value": "../f.json", "source": "../sql-seg.toml"}
    assert form["settings"]["lists"]["value"] == {"news": {"id": "ID", "file": []}}
    assert form["settings"]["dialect"] == {"value": "auto", "source": "default"}
    text = run("config").stdout
    assert text.startswith("# ../sql-seg.toml\n")
    assert 'fields              = "../f.json"  # ../sql-seg.toml\n' in text
    assert "# contacts is not set\n" not in text
    assert "# now is not set\n" in text
    assert run("config", "--isolated").stdout.startswith("# no file with settings")


def test_every_setting_is_shown_as_toml_that_can_be_read_back() -> None:
    import tomllib

    write({"sql-seg.toml": SETTINGS})
    text = run("config").stdout
    assert tomllib.loads(text)["lists"]["newsletter"]["id"] == LIST
    write({"again.toml": text})
    again = json.loads(run("config", "--config", "again.toml", "--output-format", "json").stdout)
    first = json.loads(run("config", "--output-format", "json").stdout)
    assert {key: item["value"] for key, item in again["settings"].items()} == {
        key: item["value"] for key, item in first["settings"].items()
    }


COMMANDS = {
    "check": ("--output-format", "json"),
    "preview": ("--contacts", CONTACTS, "--output-format", "json"),
    "example": (),
    "parse": (),
    "format": ("--check",),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_all_commands_take_all_places(command: str) -> None:
    write(
        {
            "d/a.sql": "city = 'Oslo'\n",
            "d/deep/b.json": '{"name": "b", "query_dsl": "city = \'Rome\'"}',
            "c.yaml": "- {name: c, query_dsl: city IS NULL}\n- {name: d, query_dsl: city IS NOT NULL}\n",
            "g1.sgql": "city = 'Bern'\n",
            "g2.sgql": "city = 'Genf'\n",
        }
    )
    places = ("d", "c.yaml", "g*.sgql", "-", "-q", "city = 'X'", "-q", "city = 'Y'")
    result = run(command, *places, *COMMANDS[command], stdin="city = 'Z'\n")
    assert result.exit_code == FINE, result.output
    if command == "format":
        return
    form = json.loads(result.stdout)
    assert len(form if command == "check" else form["segments"]) == 9


@pytest.mark.parametrize("command", COMMANDS)
def test_a_glob_without_a_match_is_an_error(command: str) -> None:
    result = run(command, "nothing*.sql", *COMMANDS[command])
    assert result.exit_code == COULD_NOT_RUN
    assert "nothing*.sql: no file matches" in result.output


def test_folders_are_compared_segment_by_segment() -> None:
    old = [
        {"name": "VIP customers", "query_dsl": "city = 'Oslo'"},
        {"name": "Lapsed", "query_dsl": "city = 'Rome'"},
        {"name": "Gone", "query_dsl": "city = 'Rome'"},
    ]
    write(
        {
            "old.json": json.dumps({"results": old}),
            "new/vip-customers.sql": f"{V2} city = 'Oslo'",
            "new/lapsed.sql": f"{V2} city = 'Bern'",
            "new/extra.sql": f"{V2} city = 'Bern'",
        }
    )
    result = run("diff", "old.json", "new", "--output-format", "json")
    assert result.exit_code == QUERY_ERRORS
    form = json.loads(result.stdout)
    assert {pair["name"]: pair["verdict"] for pair in form["pairs"]} == {
        "VIP customers": "same",
        "Lapsed": "different",
    }
    assert (form["only_in_first"], form["only_in_second"]) == (["Gone"], ["extra.sql"])
    text = run("diff", "old.json", "new").stdout
    assert "VIP customers: the same" in text
    assert "Gone: is in the first place alone" in text


def test_a_v1_answer_is_compared_with_a_v2_file() -> None:
    answer = {"name": "a", "query_dsl": "city = 'Oslo'", "query_version": ""}
    write({"v1.json": json.dumps(answer), "v2.sql": f"{V2} city = 'Oslo'"})
    result = run("diff", "v1.json", "v2.sql")
    assert (result.exit_code, result.stdout.split(":")[0]) == (FINE, "the same")


def test_formatting_in_json_and_yaml_changes_the_query_alone() -> None:
    write(
        {
            "d/a.json": '{"name": "a",   "query_dsl": "city=\'Oslo\'"}\n',
            "d/b.yaml": "name: b # keep\nquery_dsl: |\n  city   IS   null\n",
        }
    )
    assert run("format", "d", "--check").exit_code == QUERY_ERRORS
    assert run("format", "d").exit_code == FINE
    assert Path("d/a.json").read_text() == '{"name": "a",   "query_dsl": "city = \'Oslo\'"}\n'
    assert Path("d/b.yaml").read_text() == "name: b # keep\nquery_dsl: |\n  city IS NULL\n"
    assert run("format", "d", "--check").exit_code == FINE


def test_mistyped_commands_options_and_formats_are_answered_with_the_right_ones() -> None:
    assert "there is no command 'chekc'; did you mean check?" in run("chekc").stderr
    assert "there are check, " in run("zzzzzz").stderr
    assert "--select" in run("check", "--slect", "x").stderr
    assert "did you mean sarif?" in run("check", "-q", "a", "--output-format", "sarfi").stderr
    assert "did you mean null-blind-inequality?" in run("rule", "null-blind-inequalty").stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_get_a_script(shell: str) -> None:
    result = run("completion", shell)
    assert result.exit_code == FINE
    assert "_SQL_SEG_COMPLETE" in result.stdout


def test_quiet_leaves_out_notes_and_summaries() -> None:
    write({"d/a.sql": "city != 'Oslo'", "d/m.sql": "CREATE TABLE x (y int)"})
    loud, quiet = run("check", "d"), run("check", "d", "--quiet")
    assert "left alone" in loud.stderr
    assert quiet.stderr == ""
    assert "1 query checked" in loud.stdout
    assert "1 query checked" not in quiet.stdout
    assert "null-blind-inequality" in quiet.stdout
