"""What ``import sql_seg`` gives, and what it costs."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import types
from pathlib import Path

import pytest

import sql_seg

NAMES = """
    parse diagnose check lint to_text format_text to_json from_json to_predicate
    Segment SegmentSet Preview Schema SENDGRID
    Dataset Diagnostic Severity Dialect Query CheckedQuery SqlSegError QueryError QuerySyntaxError CheckError
    QueryJsonError SchemaError RecordError NeedsDatasetError NeedsEventsError DataWarning
    CannotCombineError UnsupportedSqlError to_sql Upgrade upgrade downgrade
""".split()


def test_all_is_all() -> None:
    assert sorted(sql_seg.__all__) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_there_and_documented(name: str) -> None:
    assert getattr(sql_seg, name).__doc__
    assert name in dir(sql_seg)


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="module 'sql_seg' has no attribute 'nope'"):
        getattr(sql_seg, "nope")  # noqa: B009 -- mypy knows as well
    assert not hasattr(sql_seg, "__wrapped__")


def test_errors_are_one_family() -> None:
    assert issubclass(sql_seg.QuerySyntaxError, sql_seg.QueryError)
    assert issubclass(sql_seg.CheckError, sql_seg.QueryError)
    family = [getattr(sql_seg, name) for name in NAMES if name.endswith("Error")]
    assert all(issubclass(error, sql_seg.SqlSegError) for error in family)


def loaded_after(code: str) -> set[str]:
    """Return the modules that a fresh Python has loaded after some code."""
    script = f"{code}\nimport sys; print(*sys.modules)"
    result = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return set(result.stdout.split())


def test_the_library_needs_no_click_and_no_rich() -> None:
    loaded = loaded_after("from sql_seg import *\nSegment(\"email = 'x'\").matches({})")
    assert "sql_seg.segments.segment" in loaded
    assert loaded.isdisjoint({"click", "rich"})


@pytest.mark.parametrize("arguments", [["check", "-q", "email = 'x'"], ["format", "-q", "email = 'x'"]])
def test_commands_that_print_no_table_do_without_rich(arguments: list[str]) -> None:
    code = f"from sql_seg.cli import main\ntry: main({arguments!r})\nexcept SystemExit: pass"
    assert "rich" not in loaded_after(code)


@pytest.mark.parametrize("kind", [sql_seg.Segment, sql_seg.SegmentSet, sql_seg.Dataset, sql_seg.Preview])
def test_objects_for_people_show_nothing_of_their_insides(kind: type) -> None:
    """What is public is documented, and no compiler, engine or account of rows is among it."""
    names = [name for name in dir(kind) if not name.startswith("_")]
    inside = {"compiler", "questions", "together", "home", "account", "reads", "engine"}
    assert inside.isdisjoint(names)
    for name in names:
        member = inspect.getattr_static(kind, name)
        is_field = isinstance(member, types.MemberDescriptorType)  # documented in the class's source
        documented = is_field or (getattr(member, "__doc__", None) or "").strip()
        assert documented, name


def test_no_name_of_a_package_is_hidden_by_a_module_of_it() -> None:
    hidden = []
    for path in sorted(Path(sql_seg.__file__).parent.rglob("__init__.py")):
        _, _, homes = path.read_text(encoding="utf-8").partition("_HOMES = ")
        names = set(re.findall(r'"(\w+)"', homes))
        modules = {place.stem for place in path.parent.iterdir()}
        hidden += [f"{path.parent.name}.{name}" for name in sorted(names & modules)]
    assert hidden == []
