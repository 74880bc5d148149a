"""The parent list that v1 segments have in their query, as SendGrid wrote it there."""

from __future__ import annotations

from sql_seg.checking.checker import CheckedQuery
from sql_seg.core import terms as core
from sql_seg.syntax import nodes


def parent_list_of(checked: CheckedQuery) -> tuple[nodes.Expression, str] | None:
    """Return what ``(query) AND CONTAINS(list_ids, 'ID')`` has beside the list, and the list's id.

    SendGrid kept a v1 segment's parent list by writing its query so [doc]. None for any other query.
    """
    where = checked.query.where if isinstance(checked.query, nodes.Predicate) else None
    if not isinstance(where, nodes.And) or len(where.operands) != 2:
        return None
    if not (checked.text).lstrip().startswith("("):
        return None
    condition, on_list = where.operands
    if not isinstance(on_list, nodes.Call) or on_list.name != "CONTAINS" or len(on_list.arguments) != 2:
        return None
    lists, list_id = map(checked.term_of, on_list.arguments)
    if not isinstance(lists, core.ColumnValue) or lists.name != "list_ids":
        return None
    if not isinstance(list_id, core.Constant) or not isinstance(list_id.value, str):
        return None
    return condition, list_id.value
