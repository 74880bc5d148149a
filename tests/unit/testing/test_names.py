"""What ``sql_seg.testing`` gives, what it needs, and what Hypothesis knows by itself."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import strategies as st

import sql_seg.testing
from sql_seg.checking import check
from sql_seg.syntax import nodes
from tests.unit.testing.collected import examples


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", sql_seg.testing.__all__)
def test_a_name_is_there_and_documented(name: str) -> None:
    assert getattr(sql_seg.testing, name).__doc__
    assert name in dir(sql_seg.testing)


def test_other_names_are_not() -> None:
    assert not hasattr(sql_seg.testing, "nope")


def test_without_hypothesis_it_says_what_to_install() -> None:
    result = run("import sys\nsys.modules['hypothesis'] = None\nimport sql_seg.testing")
    assert result.stderr.splitlines()[-1] == (
        'ImportError: sql_seg.testing needs Hypothesis: pip install "sql-seg[hypothesis]"'
    )


def test_the_library_does_not_load_it() -> None:
    result = run("from sql_seg import *\nimport sys\nprint(*sys.modules)")
    assert result.returncode == 0, result.stderr
    assert not {name for name in result.stdout.split() if name.startswith(("hypothesis", "sql_seg.testing"))}


def test_hypothesis_draws_queries_by_their_type() -> None:
    for query in examples(st.from_type(nodes.Query), 10):
        check(query)
    assert all(isinstance(query, nodes.Predicate) for query in examples(st.from_type(nodes.Predicate), 5))
    assert all(isinstance(query, nodes.Select) for query in examples(st.from_type(nodes.Select), 5))
    assert all(isinstance(node, nodes.Expression) for node in examples(st.from_type(nodes.Expression), 5))


def test_hypothesis_alone_loads_no_more_than_the_tree() -> None:
    result = run("import hypothesis, sys\nprint(*sys.modules)")
    loaded = {name for name in result.stdout.split() if name.split(".")[0] in ("sql_seg", "lark")}
    assert "sql_seg.testing.registration" in loaded
    assert not {
        name for name in loaded if name.startswith(("lark", "sql_seg.syntax.parsing", "sql_seg.check"))
    }
    assert {name for name in loaded if name.startswith("sql_seg.testing.")} == {
        "sql_seg.testing.registration"
    }
