"""LIKE patterns, rewritten for engines: a literal ``%``, ``_`` and backslash behind a backslash."""

from __future__ import annotations

from sql_seg.language.patterns import Pattern, Run
from sql_seg.sql.engine import Engine
from sql_seg.sql.fragments import Sql

_SPECIAL = str.maketrans({"%": "\\%", "_": "\\_", "\\": "\\\\"})


def like(engine: Engine, operand: Sql, pattern: Pattern, *, negated: bool = False) -> Sql:
    """Return whether an operand matches a pattern, or does not: ``=`` where there is nothing to match."""
    first, *rest = pattern.runs
    if not rest and first.text is not None:
        return engine("<>" if negated else "=", operand, engine.value(first.text))
    text = "%".join(map(_written, pattern.runs))
    operation = "like escaped" if "\\" in text else "like"
    return engine(f"not {operation}" if negated else operation, operand, engine.value(text))


def _written(run: Run) -> str:
    """Return a run: ``_`` for any one character, and what is special behind a backslash."""
    parts, position = [], 0
    for offset, text in run.stretches:
        parts += ["_" * (offset - position), text.translate(_SPECIAL)]
        position = offset + len(text)
    return "".join([*parts, "_" * (run.length - position)])
