"""What conditions saw: the values of what they read, under the query's own names for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sql_seg.core import terms as core
from sql_seg.core.interpreter import Interpreter, Rows
from sql_seg.core.traits import is_clock
from sql_seg.diagnostics.source import text_at
from sql_seg.explain.decision import Seen

ON_PARENT_LIST = "being on a parent list"
"""What a condition is called that no text of the query says."""

_READ = core.ColumnValue | core.JsonValue | core.MapValue | core.Maximum


def observed(
    conditions: Iterable[core.Term], interpreter: Interpreter, rows: Rows, text: str
) -> tuple[Seen, ...]:
    """Return the values that conditions saw, each once, and the moments that they made of "now"."""
    read = [inner for condition in conditions for inner in _read(condition)]
    seen = {_name(inner, text): interpreter.value(inner, rows) for inner in read}
    return tuple(Seen(name, value) for name, value in seen.items())


def _read(term: core.Term) -> Iterator[core.Term]:
    """Yield what a condition reads itself, in order; not what its subqueries and tests of events read."""
    if isinstance(term, _READ) or is_clock(term):
        yield term
    elif isinstance(term, core.InSubquery):
        yield from _read(term.operand)
    elif not isinstance(term, core.SomeEvent | core.LastEvent):
        for inner in term.children():
            yield from _read(inner)


def _name(term: core.Term, text: str) -> str:
    if isinstance(term, core.ColumnValue) and term.row == core.THE_CONTACT:
        return term.name
    return text_at(term.span, text)
