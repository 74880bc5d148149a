"""Any query that the constructors take, whether it means anything or not."""

from __future__ import annotations

from functools import cache

from hypothesis import strategies as st

from sql_seg.language.datatypes import Dialect, TimeUnit
from sql_seg.language.literals import RESERVED, is_bare_name, write_name
from sql_seg.language.operators import Arithmetic, Comparator
from sql_seg.syntax import nodes
from sql_seg.testing.constants import magnitudes
from sql_seg.testing.constants import texts as usual_texts

Expressions = st.SearchStrategy[nodes.Expression]

_SOFT_WORDS = (
    "email Email contact_id updated_at data timestamp TIMESTAMP interval INTERVAL day now max line over cast "
    "CURRENT_TIMESTAMP current_timestamp select with delete contains e1 _ é größe ſelect"
).split()


def texts() -> st.SearchStrategy[str]:
    """Return texts, lone surrogates among them, which no file can hold."""
    return usual_texts() | st.text(st.characters(exclude_categories=()), max_size=6)


@cache
def trees(dialect: Dialect) -> st.SearchStrategy[nodes.Query]:
    """Return queries of a dialect, of every shape that has a text."""
    expressions = st.recursive(_leaves(dialect), lambda inner: _composites(dialect, inner), max_leaves=12)
    return _selects(expressions) if dialect is Dialect.V2 else st.builds(nodes.Predicate, expressions)


def _can_be_written(name: str, dialect: Dialect) -> bool:
    try:
        write_name(name, dialect)
    except ValueError:
        return False
    return True


@cache
def names(dialect: Dialect) -> st.SearchStrategy[str]:
    """Return names that a dialect can write: soft words, reserved words, and any text in delimiters."""
    reserved = st.sampled_from(sorted(RESERVED[dialect])).map(
        lambda word: word.lower() if len(word) % 2 else word
    )
    anything = texts().filter(lambda name: _can_be_written(name, dialect))
    return st.one_of(st.sampled_from(_SOFT_WORDS), reserved, anything)


def _leaves(dialect: Dialect) -> Expressions:
    name = names(dialect)
    table = st.none() if dialect is Dialect.V1 else st.none() | name
    column = st.builds(nodes.Column, name, table)
    keys = st.lists(texts() | name, min_size=1, max_size=1 if dialect is Dialect.V1 else 3).map(tuple)
    leaves: list[Expressions] = [
        column,
        st.builds(nodes.String, texts()),
        st.builds(nodes.Number, magnitudes()),
        st.builds(nodes.Boolean, st.booleans()),
        st.builds(nodes.Null),
        st.builds(nodes.Timestamp, texts()),
        st.builds(nodes.Path, column, keys),
    ]
    if dialect is Dialect.V1:
        units = st.sampled_from([unit for unit in TimeUnit if unit is not TimeUnit.WEEK])
        leaves.append(st.builds(nodes.Interval, st.integers(-(2**53) + 1, 2**53 - 1), units))
    return st.one_of(leaves)


def _composites(dialect: Dialect, inner: Expressions) -> Expressions:
    flag = st.booleans()
    several = st.lists(inner, min_size=1, max_size=3).map(tuple)
    chain = st.lists(inner, min_size=2, max_size=4).map(tuple)
    argument = inner
    arguments: st.SearchStrategy[tuple[nodes.Expression, ...]] = st.lists(inner, max_size=3).map(tuple)
    composites: list[Expressions] = []
    if dialect is Dialect.V2:
        argument = inner | st.builds(nodes.Array, several)
        arguments = st.lists(argument, max_size=3).map(tuple) | st.just((nodes.Star(),))
        composites += [
            st.builds(nodes.InSubquery, inner, _selects(inner), flag),
            st.builds(nodes.IsBoolean, inner, flag, flag),
        ]
    function = names(dialect).filter(lambda name: is_bare_name(name, dialect))
    composites += [
        st.builds(nodes.Binary, st.sampled_from(Arithmetic), inner, inner),
        st.builds(nodes.Negative, inner),
        st.builds(nodes.Comparison, st.sampled_from(Comparator), inner, inner),
        st.builds(nodes.And, chain),
        st.builds(nodes.Or, chain),
        st.builds(nodes.Not, inner),
        st.builds(nodes.Like, inner, inner, flag),
        st.builds(nodes.In, inner, several, flag),
        st.builds(nodes.Between, inner, inner, inner, flag),
        st.builds(nodes.IsNull, inner, flag),
        st.builds(nodes.Call, function, arguments),
    ]
    return st.one_of(composites)


def _selects(inner: Expressions) -> st.SearchStrategy[nodes.Select]:
    name = names(Dialect.V2)
    alias = st.none() | name
    items = st.builds(nodes.SelectItem, inner, alias) | st.builds(
        nodes.SelectItem, st.builds(nodes.Star, alias)
    )
    table = st.builds(nodes.Table, name, alias)
    joins = st.lists(st.builds(nodes.Join, table, inner | st.builds(nodes.Using, name)), max_size=2)
    return st.builds(
        nodes.Select,
        st.lists(items, min_size=1, max_size=3).map(tuple),
        table,
        joins.map(tuple),
        st.none() | inner,
        st.lists(inner, max_size=2).map(tuple),
        st.none() | inner,
    )
