"""How each engine writes each function, as docs/sql.md says it: ``python -m tools.sql_reference``."""

from __future__ import annotations

from pathlib import Path

from sql_seg.language.functions import FUNCTIONS, Function, Kind
from sql_seg.sql import ENGINES, engine_of
from sql_seg.sql.engine import Unsupported
from sql_seg.sql.fragments import Level, Sql

PAGE = Path(__file__).parents[1] / "docs" / "sql.md"
START = "## Functions\n"
_RUN = [name for name in ENGINES if engine_of(name).is_run]
_OTHERS = {
    "a / b": ("divide", "a", "b"),
    "a % 7": ("modulo whole", "a", "7"),
    "a % b": ("modulo", "a", "b"),
    "data:key": ("json text", "data", "key"),
}
_INTRODUCTION = """
What each engine runs stands in a table of its own, `sql_seg/sql/<engine>.py`: one row for each function and
operator. Here are those of the engines that our tests run; timestamps that leave the years 1 to 9999, and
numbers that are no finite double, become NULL around them, as a divisor does that is 0.
"""


def reference() -> str:
    """Return the part: a heading for each function, and a line for each engine."""
    written = [function for function in FUNCTIONS.values() if function.kind is not Kind.CLOCK]
    parts = [START + _INTRODUCTION]
    parts += [_part(function.usage or function.name, *_operation(function)) for function in written]
    parts += [_part(title, *row) for title, row in _OTHERS.items()]
    return "\n".join(parts)


def _operation(function: Function) -> tuple[str, ...]:
    if function.kind is Kind.CONTAINMENT:
        return "array has value", "array", "value"
    if function.kind is Kind.SHIFT:
        return "add days", "timestamp", "number"
    if function.kind is Kind.AGGREGATE:
        return "max", "expression"
    return function.name, *(["text", "text"] if len(function.parameters) > 1 else ["text"])


def _part(title: str, operation: str, *operands: str) -> str:
    lines = [f"### `{title}`", ""]
    for name in _RUN:
        engine = engine_of(name)
        rows = {**engine.rows, **engine.functions}
        row = rows.get(operation, rows.get(operation.removesuffix(" whole")))
        if isinstance(row, Unsupported):
            lines.append(f"- {engine.title}: refused; {row.reason}")
        elif row is not None:
            keys = engine.path((operands[-1],)) if operation.startswith("json") else None
            given = [Sql(text, Level.ATOM) for text in operands]
            written = row(given[0], keys) if keys is not None else row(*given)
            lines.append(f"- {engine.title}: `` {written} ``")
    return "\n".join([*lines, ""])


def page(text: str) -> str:
    """Return the page with this part as it should be: it is the last one."""
    return text.partition(START)[0] + reference()


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
