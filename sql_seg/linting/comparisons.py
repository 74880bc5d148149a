"""Conditions that hold a column against texts in quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum

from sql_seg.core.terms import ColumnValue, Term
from sql_seg.diagnostics import Edit, Finding, Fix, Label, Safety
from sql_seg.frozen import frozen
from sql_seg.language.case_mapping import CASES
from sql_seg.language.functions import Kind, is_of
from sql_seg.linting.places import literal_span, written_text
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

_MOST_LABELS = 5


class Way(Enum):
    """How a column is held against texts."""

    EQUAL = "="
    LIKE = "LIKE"
    CONTAINS = "CONTAINS"


@frozen
class TextComparison:
    """A column, or LOWER or UPPER of one (``function``), against texts: ``=``, ``IN``, LIKE or CONTAINS.

    ``!=`` and the forms with NOT are no other: what can never be equal is as wrong there.
    """

    way: Way
    column: Term
    function: str
    texts: tuple[nodes.String, ...]


def comparisons(context: Context) -> list[TextComparison]:
    """Return all such conditions of a query, in the order of its text."""
    found = [comparison for comparison in _all_comparisons(context) if comparison is not None]
    return sorted(found, key=lambda comparison: comparison.texts[0].span)


def compared_columns(context: Context) -> frozenset[str]:
    """Return the names of the columns in such conditions, of contacts and of events."""
    columns = [comparison.column for comparison in context.once(comparisons)]
    return frozenset([column.name for column in columns if isinstance(column, ColumnValue)])


def _all_comparisons(context: Context) -> Iterator[TextComparison | None]:
    for node in context.nodes_of(nodes.Comparison):
        if not node.operator.is_ordering:
            is_first = isinstance(node.left, nodes.String)
            subject, value = (node.right, node.left) if is_first else (node.left, node.right)
            yield _comparison(context, Way.EQUAL, subject, (value,))
    for inside in context.nodes_of(nodes.In):
        yield _comparison(context, Way.EQUAL, inside.operand, inside.values)
    for like in context.nodes_of(nodes.Like):
        yield _comparison(context, Way.LIKE, like.operand, (like.pattern,))
    for call in context.nodes_of(nodes.Call):
        if is_of(call.name, Kind.CONTAINMENT):
            holder, values = call.arguments
            items = values.items if isinstance(values, nodes.Array) else (values,)
            yield _comparison(context, Way.CONTAINS, holder, items)


def _comparison(
    context: Context, way: Way, subject: nodes.Expression, values: tuple[nodes.Expression, ...]
) -> TextComparison | None:
    texts = tuple([value for value in values if isinstance(value, nodes.String)])
    function = ""
    if isinstance(subject, nodes.Call) and subject.name in CASES:
        function, subject = subject.name, subject.arguments[0]
    if not texts or not isinstance(subject, (nodes.Column, nodes.Path)):
        return None
    term = context.term_of(subject)
    return None if term is None else TextComparison(way, term, function, texts)


def finding_of_texts(
    rule: Rule,
    context: Context,
    texts: list[nodes.String],
    message: str,
    *,
    help: str,
    also: str = "this one too",
    rewrite: tuple[str, Callable[[str], str]] | None = None,
) -> Finding:
    """Return one finding of several texts of one condition: at the first, with labels at the next few.

    ``rewrite`` is a fix: what it does in words, and what it makes of each text; it changes the members.
    """
    places = [literal_span(context, text) for text in texts]
    fix = None
    if rewrite is not None:
        words, change = rewrite
        edits = [
            Edit(place, written_text(context, text, change(text.value)))
            for place, text in zip(places, texts, strict=True)
        ]
        fix = Fix(words, tuple(edits), Safety.UNSAFE)
    labels = tuple([Label(place, also) for place in places[1 : _MOST_LABELS + 1]])
    return rule.finding(places[0], message, help=help, labels=labels, fix=fix)
