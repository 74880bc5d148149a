"""The pytest plugin, as projects meet it: each test is a run of pytest of its own."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest_plugins = ["pytester"]

VIP = "country = 'US'\nAND created_at >= NOW() - INTERVAL 30 DAY"
TESTS: dict[str, Any] = {
    "now": "2026-11-23",
    "in": [{"country": "US", "created_at": "2026-11-01"}, {"case": "no country", "created_at": "2026-11-01"}],
    "out": [{"country": "CA"}],
}
STRICT = ("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-p", "no:schemathesis", "-W", "error")


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.path.joinpath("vip.sql").write_text(VIP)
    return pytester


def write(project: pytest.Pytester, name: str, form: Any) -> None:
    project.path.joinpath(name).write_text(form if isinstance(form, str) else json.dumps(form))


def run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return project.runpytest_subprocess(*STRICT, *arguments, timeout=60)


def test_the_tests_beside_a_segment_are_collected_and_fail_with_the_reason(project: pytest.Pytester) -> None:
    write(project, "vip.test.json", TESTS)
    write(project, "package.json", "{}")
    write(project, "settings.test.json", "not ours: no segment is beside it")
    write(project, "test_other.py", "def test_other(): pass")
    result = run(project, "-v")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(
        [
            "vip.test.json::in 1 PASSED*",
            "vip.test.json::no country FAILED*",
            "vip.test.json::out 1 PASSED*",
            "*_ no country _*",
            "expected in, but out",
            "  vip.sql:1:1: country = 'US' is NULL (country is NULL)",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert "pytest_plugin.py" not in result.stdout.str()
    run(project, "-p", "no:sql-seg").assert_outcomes(passed=1)


def test_it_works_with_xdist_and_one_test_can_be_chosen(project: pytest.Pytester) -> None:
    write(project, "vip.test.json", TESTS)
    write(project, "test_x.py", "def test(): pass")
    run(project, "-n", "1").assert_outcomes(passed=3, failed=1)
    run(project, "vip.test.json::out 1").assert_outcomes(passed=1)


def test_what_is_wrong_is_an_error_without_a_traceback(project: pytest.Pytester) -> None:
    write(project, "vip.test.json", '{"in": [{}]}')
    write(project, "b.sql", VIP)
    write(project, "b.test.json", '{"in": [}')
    write(project, "c.sql", "city = 3")
    write(project, "c.test.json", '{"in": [{}]}')
    result = run(project)
    result.assert_outcomes(errors=3)
    result.stdout.fnmatch_lines(
        [
            "b.test.json, line 1, column 9: is not JSON: expected a value, found }",
            "error?type-mismatch?: = compares two values of one type*",
            "vip.test.json, line 1, column 1: the query asks what time it is*",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_settings_pin_the_moment_and_give_the_custom_fields(project: pytest.Pytester) -> None:
    write(project, "pytest.ini", "[pytest]\nsegment_now = 2026-11-23\nsegment_fields = fields.json\n")
    write(project, "fields.json", [{"name": "plan", "field_type": "Text"}])
    write(project, "vip.test.json", {"in": [{"country": "US", "created_at": "2026-11-01", "plan": "x"}]})
    write(
        project,
        "test_x.py",
        """
import pytest
from sql_seg import RecordError, Segment

def test_the_fixtures(segment_now, segment_dataset):
    dataset = segment_dataset([{"plan": "pro", "created_at": segment_now, "events": [
        {"event": "open", "timestamp": "2026-11-20"}]}, {"country": "US", "created_at": "2026-11-01"}])
    assert (segment_now.year, len(dataset), len(dataset.events)) == (2026, 2, 1)
    assert dataset.contacts[0]["created_at"] == segment_now
    segment = Segment("country = 'US' AND created_at >= NOW() - INTERVAL 30 DAY", dataset.schema)
    assert list(segment.ids(dataset, now=segment_now)) == ["contact-2"]

def test_the_other_fields(segment_dataset):
    assert segment_dataset([{"x": "3"}], fields=[{"name": "x", "field_type": "Number"}]).contacts[0]["x"] == 3
    with pytest.raises(RecordError, match="contact 2: there is no column x, nor a custom field"):
        segment_dataset([{}, {"x": 3}])
""",
    )
    run(project).assert_outcomes(passed=3)


def test_what_is_not_pinned_is_said(project: pytest.Pytester) -> None:
    write(project, "test_x.py", "def test_now(segment_now): pass")
    result = run(project)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["pin the moment in the settings of pytest: segment_now = *"])
    write(project, "pytest.ini", "[pytest]\nsegment_now = noon\n")
    result = run(project)
    assert "segment_now is 'noon', not a time such as" in result.stdout.str() + result.stderr.str()


def test_it_loads_nothing_until_it_is_used(project: pytest.Pytester) -> None:
    write(
        project,
        "test_x.py",
        """
import sys

def test_loaded():
    packages = ("sql_seg", "hypothesis", "lark", "yaml", "click", "rich")
    loaded = {name for name in sys.modules if name.split(".")[0] in packages}
    assert loaded == {"sql_seg", "sql_seg.lazy", "sql_seg.pytest_plugin"}
""",
    )
    run(project).assert_outcomes(passed=1)


def test_settings_of_sql_seg_count_where_those_of_pytest_say_nothing(project: pytest.Pytester) -> None:
    write(project, "fields.json", [{"name": "plan", "field_type": "Number"}])
    write(project, "sql-seg.toml", "now = 2026-11-23T00:00:00Z\nfields = 'fields.json'")
    write(project, "vip.sql", "plan > 3 AND created_at >= NOW() - INTERVAL 30 DAY")
    write(project, "vip.test.json", {"in": [{"plan": 4, "created_at": "2026-11-01"}]})
    run(project).assert_outcomes(passed=1)
    write(project, "sql-seg.toml", "nonsense = 3")
    result = run(project)
    assert "there is no setting 'nonsense'" in result.stdout.str() + result.stderr.str()
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


def test_the_segments_api_is_a_fixture(project: pytest.Pytester) -> None:
    write(
        project,
        "test_x.py",
        """
import json
from urllib.request import Request, urlopen

import pytest

def ask(url):
    headers = {"Authorization": "Bearer SG.x", "Accept": "application/json"}
    return json.load(urlopen(Request(url + "/v3/marketing/segments/2.0", headers=headers)))

def test_it_runs(sendgrid_api):
    assert ask(sendgrid_api.url) == {"results": []}
    assert [request["status"] for request in sendgrid_api.requests] == [200]
    assert sendgrid_api.emulator.account.options.timing == "instant"

@pytest.mark.sendgrid_api(timing="documented", api_key="SG.x")
def test_it_has_settings(sendgrid_api):
    assert ask(sendgrid_api.url) == {"results": []}
    assert sendgrid_api.emulator.account.options.timing == "documented"
""",
    )
    run(project).assert_outcomes(passed=2)
