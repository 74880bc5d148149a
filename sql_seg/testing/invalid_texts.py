"""Strategies for texts that are no valid query, each with the error that it must provoke."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st

from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.literals import write_string
from sql_seg.language.schema import CONTACT_DATA, SENDGRID
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.nodes import (
    MOST_LEVELS,
    MOST_VALUES,
    Column,
    Expression,
    Predicate,
    Select,
    SelectItem,
    Table,
)
from sql_seg.testing.constants import among, texts
from sql_seg.testing.drawn_queries import expressions
from sql_seg.testing.faults import FAULTS, LARGE, NOT_COVERED, FaultTemplates

_FRAME = "SELECT contact_id, updated_at FROM contact_data WHERE "


@dataclass(frozen=True, slots=True)
class InvalidQueryText:
    """A text that ``diagnose(text, dialect=dialect)`` finds an error of this code in."""

    text: str
    dialect: Dialect
    code: str


def invalid_query_texts(
    code: str | None = None, dialect: Dialect | str | None = None
) -> st.SearchStrategy[InvalidQueryText]:
    """Return texts that are no valid query with the default schema, each with the error it provokes.

    ``code`` is an error's code; None is any, except ``text-too-long`` and ``too-many-values``, whose texts
    are large. Other errors may be there beside it. ``dialect`` None is both.

    Raises ValueError for a code that is no error's, that no text provokes, or that the dialect does not have.
    """
    codes = [name for name in FAULTS if name not in LARGE] if code is None else [_known(code)]
    wanted = list(Dialect) if dialect is None else [Dialect(dialect)]
    found = [(name, fault) for name in codes for fault in FAULTS[name] if fault.dialect in wanted]
    if not found:
        raise ValueError(f"no text of {wanted[0]} provokes {code}")
    return st.sampled_from(found).flatmap(lambda pair: _invalid(*pair))


def _known(code: str) -> str:
    if code in NOT_COVERED:
        raise ValueError(f"no text provokes {code}: {NOT_COVERED[code]}")
    if code not in FAULTS:
        raise ValueError(f"{code!r} is the code of no error: sql-seg rule lists them")
    return code


@st.composite
def _invalid(draw: st.DrawFn, code: str, fault: FaultTemplates) -> InvalidQueryText:
    parts = _parts(fault.dialect)

    def filled(template: str) -> str:
        return re.sub(r"{(\w+)}", lambda name: draw(parts[name[1]]), template)

    text = among(draw, fault.templates)
    if fault.condition:
        text = among(draw, ("{bad}", "{good} AND {bad}", "{bad} OR {good}")).replace("{bad}", text)
        text = text if fault.dialect is Dialect.V1 else _FRAME + text
    return InvalidQueryText(filled(text), fault.dialect, code)


@cache
def _parts(dialect: Dialect) -> Mapping[str, st.SearchStrategy[str]]:
    """Return the parts that a template is filled with, by name."""
    columns = SENDGRID.contact_data.columns.values()
    names = {kind: [item.name for item in columns if item.type is kind] for kind in DataType}
    words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=6).map("q".__add__)
    column = st.sampled_from([name for name in names[DataType.VARCHAR] if name != "contact_id"])
    conditions = expressions(DataType.BOOLEAN, dialect, depth=1)
    nested = MOST_LEVELS + 1
    return {
        "good": conditions.map(lambda condition: f"({_written(condition, dialect)})"),
        "textual": st.one_of(column, column.map("LOWER({})".format)),
        "numeric": column.map("LENGTH({})".format),
        "moment": st.sampled_from([*names[DataType.TIMESTAMP], "NOW()"]),
        "array": st.sampled_from(names[DataType.ARRAY]),
        "column": column,
        "typo": st.sampled_from(["emial", "firstname", "first_nam", "citty", "e_mail"]) | words,
        "text": texts().map(lambda text: write_string(text, dialect)),
        "number": st.integers(0, 99).map(str),
        "word": words,
        "blanks": st.text(" \t\n", min_size=1, max_size=4),
        "huge": st.integers(310, 400).map("9".__mul__),
        "mebibyte": st.just(" " * 2**20),
        "too_many": st.just(", ".join(["'a'"] * (MOST_VALUES + 1))),
        "nested": conditions.map(
            lambda condition: "(" * nested + _written(condition, dialect) + ")" * nested
        ),
    }


def _written(condition: Expression, dialect: Dialect) -> str:
    """Return the text of a condition of one contact."""
    if dialect is Dialect.V1:
        return to_text(Predicate(condition))
    items = (SelectItem(Column("contact_id")), SelectItem(Column("updated_at")))
    return to_text(Select(items, Table(CONTACT_DATA), where=condition)).removeprefix(_FRAME)
