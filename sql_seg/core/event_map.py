"""v1's map of an event's data, read where the Event Webhook has its keys.

Of an event of any shape, ``event_data['url']`` may be found in two places. To compare a v1 query with a v2
query, which reads the one path where the webhook puts the key, events are taken as the webhook sends them.
"""

from __future__ import annotations

from sql_seg.core import terms as core
from sql_seg.core.terms import Term, with_children
from sql_seg.frozen import replace
from sql_seg.language.datatypes import DataType
from sql_seg.language.event_data import path_of_key


def reads_map(term: Term) -> bool:
    """Return whether a term reads v1's map of an event's data."""
    return any(isinstance(part, (core.MapValue, core.HasKey)) for part in core.walk(term))


def as_webhook_sends(term: Term) -> Term:
    """Return a term that reads the event map where the webhook has its keys, and nowhere else.

    Texts that are joined by several CONCATs are joined by one.
    """
    if isinstance(term, core.MapValue):
        return core.JsonValue(term.row, path_of_key(term.key), data_type=DataType.VARCHAR, span=term.span)
    if isinstance(term, core.NullTest) and isinstance(term.operand, core.MapValue):
        return replace(term, operand=_as_text(as_webhook_sends(term.operand)))
    key = term.key if isinstance(term, core.HasKey) else None
    if isinstance(term, core.HasKey) and isinstance(key, core.Constant) and isinstance(key.value, str):
        path = core.JsonValue(term.row, path_of_key(key.value), data_type=DataType.VARCHAR)
        no_data = core.NullTest(core.JsonValue(term.row, (), data_type=DataType.VARIANT))
        null = core.Constant(None, data_type=DataType.NULL)
        is_text = core.NullTest(_as_text(path), negated=True)
        return core.AnyOf((is_text, core.All((no_data, null))), span=term.span)
    if isinstance(term, core.Applied) and term.function == "CONCAT":
        changed = with_children(term, as_webhook_sends)
        assert isinstance(changed, core.Applied)
        operands: list[Term] = []
        for operand in changed.operands:
            is_concat = isinstance(operand, core.Applied) and operand.function == "CONCAT"
            operands += operand.operands if is_concat else (operand,)  # type: ignore[attr-defined]
        return replace(changed, operands=tuple(operands))
    return with_children(term, as_webhook_sends)


def _as_text(path: Term) -> Term:
    """Return a path read as a text, which is NULL where it leads to JSON's null, a list or an object."""
    nothing = core.Constant("", data_type=DataType.VARCHAR)
    return core.Applied("CONCAT", (path, nothing), data_type=DataType.VARCHAR)
