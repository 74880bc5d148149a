"""Where the keys of v1's flat event map stand in the ``data`` of v2.

The map holds the payload's own keys and those of its unique arguments. The Event Webhook's keys are the
payload's own, any other one is a unique argument; ``singlesend_id`` stands in both, and queries in use read
it among the unique arguments.
"""

from __future__ import annotations

from sql_seg.core import terms as core
from sql_seg.core.terms import CheckedQuery, Term, with_children
from sql_seg.frozen import replace
from sql_seg.language.datatypes import DataType
from sql_seg.records.events import WEBHOOK_KEYS

_IN_ARGUMENTS = frozenset({"singlesend_id"})


def keys_of(key: str) -> tuple[str, ...]:
    """Return the path to a key of the map."""
    if key in WEBHOOK_KEYS and key not in _IN_ARGUMENTS:
        return ("payload", key)
    return ("payload", "unique_args", key)


def key_of(keys: tuple[str, ...]) -> str | None:
    """Return the key of the map that a path leads to; None where it leads to none."""
    key = keys[-1] if keys else ""
    return key if keys == keys_of(key) else None


def as_webhook_sends(checked: CheckedQuery) -> CheckedQuery:
    """Return a query that reads the event map where the webhook has its keys, and nowhere else.

    That is what an upgrade assumes, so that nothing else is assumed when both are compared. Texts that are
    joined by several CONCATs are joined by one, in both.
    """
    return replace(checked, condition=_at_paths(checked.condition))


def _as_text(path: Term) -> Term:
    """Return a path read as a text, which is NULL where it leads to JSON's null, a list or an object."""
    nothing = core.Constant("", data_type=DataType.VARCHAR)
    return core.Applied("CONCAT", (path, nothing), data_type=DataType.VARCHAR)


def _at_paths(term: Term) -> Term:
    if isinstance(term, core.MapValue):
        return core.JsonValue(term.row, keys_of(term.key), data_type=DataType.VARCHAR, span=term.span)
    if isinstance(term, core.NullTest) and isinstance(term.operand, core.MapValue):
        return replace(term, operand=_as_text(_at_paths(term.operand)))
    key = term.key if isinstance(term, core.HasKey) else None
    if isinstance(term, core.HasKey) and isinstance(key, core.Constant) and isinstance(key.value, str):
        path = core.JsonValue(term.row, keys_of(key.value), data_type=DataType.VARCHAR)
        no_data = core.NullTest(core.JsonValue(term.row, (), data_type=DataType.VARIANT))
        null = core.Constant(None, data_type=DataType.NULL)
        is_text = core.NullTest(_as_text(path), negated=True)
        return core.AnyOf((is_text, core.All((no_data, null))), span=term.span)
    if isinstance(term, core.Applied) and term.function == "CONCAT":
        changed = with_children(term, _at_paths)
        assert isinstance(changed, core.Applied)
        operands: list[Term] = []
        for operand in changed.operands:
            is_concat = isinstance(operand, core.Applied) and operand.function == "CONCAT"
            operands += operand.operands if is_concat else (operand,)  # type: ignore[attr-defined]
        return replace(changed, operands=tuple(operands))
    return with_children(term, _at_paths)
