"""Any JSON value gives a query, or an error that names the place inside it; nothing else."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sql_seg.errors import QueryJsonError
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax import nodes
from sql_seg.syntax.formatting import from_json, to_json, to_text
from sql_seg.syntax.parsing import parse
from sql_seg.testing import queries
from tests.laws.strategies import trees

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.just(10**400)
KINDS = st.sampled_from([name for name, kind in vars(nodes).items() if isinstance(kind, type)])
VALUES = st.one_of(
    SCALARS,
    st.lists(SCALARS, max_size=2),
    st.fixed_dictionaries({"type": KINDS}),
    st.dictionaries(st.text(max_size=3), SCALARS, max_size=2),
)


def places(form: Any) -> list[tuple[Any, Any]]:
    """Return every place in a JSON value, as the container and the key in it."""
    found: list[tuple[Any, Any]] = []
    waiting = [form]
    while waiting:
        container = waiting.pop()
        keys = container.keys() if isinstance(container, dict) else range(len(container))
        for key in keys:
            found.append((container, key))
            if isinstance(container[key], dict | list):
                waiting.append(container[key])
    return found


@st.composite
def broken_forms(draw: st.DrawFn) -> Any:
    """Return the JSON form of a query with one or two values replaced, taken out or renamed."""
    dialect = draw(st.sampled_from(Dialect))
    form = copy.deepcopy(to_json(draw(trees(dialect) | queries(dialect))))
    for _ in range(draw(st.integers(1, 2))):
        container, key = draw(st.sampled_from(places(form)))
        if isinstance(container, dict) and key == "type" and draw(st.booleans()):
            container[key] = draw(KINDS)
        elif draw(st.booleans()):
            container[key] = draw(VALUES)
        else:
            del container[key]
    return form


def look_at(error: QueryJsonError) -> None:
    assert error.path.startswith("$")
    assert str(error).startswith(error.path)


@given(VALUES | broken_forms())
def test_a_query_or_an_error_with_its_place(form: Any) -> None:
    try:
        query = from_json(form)
    except QueryJsonError as error:
        look_at(error)
    else:
        assert parse(to_text(query)) == query
