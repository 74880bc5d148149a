"""Reports for CI: several at once, to files, with paths from the repository's root; and watching."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sql_seg.diagnostics.formats import FORMATS
from tests.cli.running import COULD_NOT_RUN, FINE, QUERY_ERRORS, run

TRAP = "city != 'Oslo'"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CI_PROJECT_DIR", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_file_that_cannot_be_read_is_a_finding_in_every_format(output_format: str) -> None:
    Path("a.json").write_text('{"name": "a"}')
    result = run("check", "missing.sql", "a.json", "--output-format", output_format)
    assert result.exit_code == COULD_NOT_RUN
    assert result.stdout.count("unreadable-file") >= 2
    for name in ("missing.sql", "a.json"):
        assert name in result.stdout


def test_several_reports_at_once() -> None:
    Path("a.sql").write_text(TRAP)
    formats = [f"--output-format={given}" for given in ("full", "sarif=r.sarif", "junit=j.xml")]
    result = run("check", "a.sql", *formats)
    assert "warning[null-blind-inequality]" in result.stdout
    assert json.loads(Path("r.sarif").read_text())["runs"][0]["results"]
    assert ElementTree.parse("j.xml").getroot().attrib["tests"] == "1"


def test_one_report_to_a_file() -> None:
    Path("a.sql").write_text("city =")
    result = run("check", "a.sql", "--output-format", "json", "--output-file", "deep.json")
    assert (result.exit_code, result.stdout) == (QUERY_ERRORS, "")
    assert json.loads(Path("deep.json").read_text())[0]["valid"] is False
    assert run("check", "a.sql", "--output-file", "full.txt").stdout == ""
    assert Path("full.txt").read_text().startswith("error[unexpected-end]")


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (
            ["--output-format", "json", "--output-format", "sarif"],
            "only one format can go to standard output",
        ),
        (["--output-format", "json=a", "--output-file", "b"], "--output-file is for one --output-format"),
        (["--output-format", "xml"], "there is no output format 'xml'"),
        (["--output-format", "json="], "names no file"),
        (["--output-format", "json=missing/a.json"], "missing/a.json: there is no folder"),
        (["--output-file", "."], ".: is a directory"),
    ],
)
def test_reports_that_cannot_be(options: list[str], reason: str) -> None:
    result = run("check", "-q", TRAP, *options)
    assert result.exit_code == COULD_NOT_RUN
    assert reason in result.stderr


def paths_of(output_format: str, text: str) -> set[str]:
    if output_format == "github":
        return {line.partition("file=")[2].partition(",")[0] for line in text.splitlines()}
    if output_format == "junit":
        return {suite.attrib["name"] for suite in ElementTree.fromstring(text).iter("testsuite")}
    form = json.loads(text)
    if output_format == "gitlab":
        return {item["location"]["path"] for item in form}
    results = form["runs"][0]["results"]
    return {item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for item in results}


@pytest.mark.parametrize("output_format", ["github", "gitlab", "sarif", "junit"])
def test_paths_are_seen_from_the_root_of_the_repository(
    output_format: str, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = here / "repo" / "team" / "segments"
    folder.mkdir(parents=True)
    (folder / "a.sql").write_text(TRAP)
    outside = here / "b.sql"
    outside.write_text(TRAP)

    def found(*files: object) -> set[str]:
        return paths_of(output_format, run("check", *files, "--output-format", output_format).stdout)

    monkeypatch.chdir(folder)
    assert found("a.sql") == {"a.sql"}
    (here / "repo" / ".git").mkdir()
    for file in ("a.sql", "../segments/a.sql", folder / "a.sql", "."):
        assert found(file) == {"team/segments/a.sql"}
    monkeypatch.chdir(folder.parent)
    assert found("segments") == {"team/segments/a.sql"}
    assert found("../../b.sql") == {"../../b.sql"}
    for name in ("CI_PROJECT_DIR", "GITHUB_WORKSPACE"):
        monkeypatch.setenv(name, str(here))
        assert found("segments") == {"repo/team/segments/a.sql"}
        monkeypatch.setenv(name, "/somewhere/else")
        assert found("segments") == {"team/segments/a.sql"}


def test_tests_can_be_chosen_required_and_written_to_files() -> None:
    Path("a.sql").write_text("city = 'Oslo'")
    Path("b.sql").write_text("city = 'Rome'")
    cases = [{"case": "from Oslo", "city": "Oslo"}, {"case": "from Rome", "city": "Rome"}]
    Path("a.test.json").write_text(json.dumps({"in": cases}))
    assert run("test", ".").exit_code == QUERY_ERRORS
    assert run("test", ".", "-k", "OSLO").stdout.endswith("1 test of 1 file: 1 holds\n")
    assert run("test", ".", "-k", "a.test").stdout.endswith("2 tests of 1 file: 1 holds, 1 fails\n")
    result = run("test", ".", "-k", "nobody")
    assert (result.exit_code, result.stderr) == (COULD_NOT_RUN, "Error: no test has 'nobody' in its name\n")
    result = run("test", ".", "-k", "oslo", "--require-tests")
    assert (result.exit_code, result.stderr) == (QUERY_ERRORS, "Error: b.sql: has no tests\n")
    Path("m.sql").write_text("CREATE TABLE x (y int)")
    assert "m.sql" not in run("test", ".", "--require-tests").stderr
    assert run("test", ".", "--output-format", "junit", "--output-file", "t.xml").stdout == ""
    assert ElementTree.parse("t.xml").getroot().attrib["tests"] == "2"
    assert "hold" not in run("test", ".", "-k", "oslo", "--quiet").stdout


def test_a_watch_runs_again_when_a_file_changes() -> None:
    Path("d").mkdir()
    file = Path("d/a.sql")
    file.write_text("city =")
    command = [sys.executable, "-u", "-m", "sql_seg", "check", "d", "--watch", "--output-format", "concise"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            assert "unexpected-end" in process.stdout.readline()
            assert "waiting for changes" in process.stderr.readline()
            time.sleep(0.1)
            file.write_text("citty = 'Oslo'")
            assert "unknown-column" in process.stdout.readline()
            assert "waiting for changes" in process.stderr.readline()
        finally:
            process.kill()


def test_a_watch_needs_files() -> None:
    for arguments in (["-q", TRAP], ["-"]):
        assert "--watch needs a FILE or a directory" in run("check", *arguments, "--watch").stderr


def test_help_needs_no_extra() -> None:
    program = """
import sys
EXTRAS = {"duckdb", "pyarrow", "pyspark", "pandas", "polars", "starlette", "uvicorn", "httpx", "pygls",
          "lsprotocol", "mcp", "hypothesis", "pytest", "lark"}
class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in EXTRAS:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Missing())
from sql_seg.cli import main
for name in main.list_commands(None):
    try:
        main([name, "--help"], standalone_mode=False)
    except SystemExit:
        pass
    print("helped:", name)
"""
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert result.returncode == FINE, result.stderr
    assert result.stdout.count("helped:") == result.stdout.count("Usage: ")


def test_a_missing_extra_is_named_with_its_install_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from sql_seg.cli.missing_packages import how_to_install

    monkeypatch.setattr(
        "importlib.metadata.requires",
        lambda _name: ["click>=8.1", 'Some-Thing[x]>=1 ; extra == "lsp"', "some_thing; extra == 'all'"],
    )
    assert how_to_install("some_thing.inner") == 'this needs Some-Thing: pip install "sql-seg[lsp]"'
    assert how_to_install("click") is None
    assert how_to_install(None) is None


def test_test_files_that_cannot_be_read_are_in_each_report() -> None:
    Path("a.sql").write_text("city = 'Oslo'")
    Path("a.test.json").write_text('{"inn": []}')
    result = run("test", "a.sql", "--output-format", "json")
    assert result.exit_code == COULD_NOT_RUN
    (problem,) = json.loads(result.stdout)["files"][0]["problems"]
    assert (problem["code"], problem["line"], problem["column"]) == ("unreadable-file", 1, 2)
    root = ElementTree.fromstring(run("test", "a.sql", "--output-format", "junit").stdout)
    assert [failure.attrib["type"] for failure in root.iter("failure")] == ["unreadable-file"]
