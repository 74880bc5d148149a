"""From v1 to v2, where the parent list that SendGrid wrote into a query goes to its segment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sql_seg.checking import check
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core import terms as core
from sql_seg.diagnostics.query_errors import QueryError, QuerySyntaxError
from sql_seg.language.datatypes import Dialect
from sql_seg.language.dialects import detect_dialect
from sql_seg.language.schema import Schema
from sql_seg.solver.preparing import checked_query
from sql_seg.syntax import nodes
from sql_seg.syntax.formatting import WIDTH, format_text, to_text
from sql_seg.syntax.parsing import parse
from sql_seg.syntax.parsing.v1_comments import without_comments
from sql_seg.upgrading.event_conditions import PredicateRewriter
from sql_seg.upgrading.result import Upgrade, rewritten
from sql_seg.upgrading.rewriting import ExpressionRewriter


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


def upgrade(
    query: str | nodes.Query | CheckedQuery,
    schema: Schema | None = None,
    *,
    now: datetime | None = None,
    width: int = WIDTH,
    effort: int = 1,
    in_segment: bool = False,
    remarks: Sequence[str] = (),
) -> Upgrade:
    """Return a v1 query as v2, which selects the same contacts, or why v2 cannot say it.

    The meaning is kept exactly: which events a condition speaks of, too. ``now`` is the moment at which both
    are compared, ``effort`` how long. Above the text stand ``remarks``, comments that the query had.

    With ``in_segment`` the text is that of a segment as the API has it: the parent list that stands in a
    query as ``(query) AND CONTAINS(list_ids, 'ID')`` becomes one of ``parent_list_ids``, and what a reader
    may wonder at is said in notes, for SendGrid's reference promises no comments.

    Raises QuerySyntaxError or CheckError where the query is no valid one, ValueError where it is v2 already.
    """
    if isinstance(query, str) and detect_dialect(query) is Dialect.V1:
        query, found = read_v1(query, schema)
        remarks = [*remarks, *found]
    checked = checked_query(query, schema)
    if not isinstance(checked.query, nodes.Predicate):
        raise ValueError("the query is v2 already: it needs no upgrade")
    where, lists = checked.query.where, ()  # type: nodes.Expression, tuple[str, ...]
    parent = parent_list_of(checked) if in_segment else None
    if parent is not None:
        where, lists = parent[0], (parent[1],)
    notes: dict[str, None] = {}

    def write() -> str:
        comments: dict[str, None] = {}
        select = PredicateRewriter(ExpressionRewriter(checked, notes, comments)).select(where)
        if in_segment:
            notes.update(comments)
            comments = {}
        return _laid_out(select, [*remarks, *(f"-- sql-seg: {comment}" for comment in comments)], width)

    return rewritten(checked, Dialect.V2, write, now, effort, notes, lists)


def read_v1(text: str, schema: Schema | None = None) -> tuple[CheckedQuery, tuple[str, ...]]:
    """Return a v1 text parsed and checked, and the comments that people wrote into it though v1 has none.

    Raises QuerySyntaxError or CheckError.
    """
    try:
        return check(parse(text, Dialect.V1), schema), ()
    except QueryError as error:
        if all(item.code != "no-comments" for item in error.diagnostics):
            raise
        bare, comments = without_comments(text)
        if not comments:
            raise
        try:
            query = parse(bare, Dialect.V1)
        except QuerySyntaxError:
            raise error from None
        return check(query, schema), comments


def _laid_out(select: nodes.Select, comments: Sequence[str], width: int) -> str:
    above = "".join(f"{comment}\n" for comment in comments)
    return format_text(above + to_text(select), Dialect.V2, width=width)
