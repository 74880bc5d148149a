"""What a rule is, and what it sees of a query."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from itertools import islice
from typing import Any, TypeVar

from sql_seg.analysis import Claim
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core.reads import rows_of_events
from sql_seg.core.terms import (
    THE_CONTACT,
    ColumnValue,
    JsonValue,
    LastEvent,
    MapValue,
    SomeEvent,
    Term,
    walk,
)
from sql_seg.diagnostics import Finding, Fix, Label, Severity
from sql_seg.diagnostics.source import Span
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.schema import Column
from sql_seg.provenance import Provenance
from sql_seg.syntax import nodes

_RESOLVED = (
    nodes.Comparison,
    nodes.Like,
    nodes.In,
    nodes.InSubquery,
    nodes.Between,
    nodes.IsNull,
    nodes.IsBoolean,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Call,
    nodes.Binary,
    nodes.Negative,
    nodes.Path,
)
"""The kinds of nodes that each have a term."""

_Node = TypeVar("_Node", bound=nodes.Node)
_Reading = TypeVar("_Reading")
_ONLY_THE_CONTACT = frozenset({THE_CONTACT})


class Context:
    """A valid query, with its text, its syntax tree and what each expression was resolved to.

    ``infos`` says whether infos are wanted. A rule whose findings may be infos need not look for them then:
    all diagnostics of a text take 4 % longer where it does.
    """

    checked: CheckedQuery
    infos: bool
    query: nodes.Query
    """The syntax tree; every node has its place in the text."""
    text: str
    dialect: Dialect
    kinds: Set[type[nodes.Node]]
    """The kinds of nodes that the query has."""
    is_partial: bool
    """Whether the query has errors: what they stand in is not seen, and what depends on it is not said."""

    def __init__(self, checked: CheckedQuery, *, infos: bool = True) -> None:
        self.checked, self.infos, self.query = checked, infos, checked.query
        self.text, self.dialect = self.query.text or "", self.query.dialect
        self._readings: dict[Callable[[Context], Any], Any] = {}
        self._found: dict[Callable[[Context], Iterator[Finding]], list[Finding]] = {}
        self._nodes = _nodes_by_kind(self.query)
        self._terms = checked.terms
        self.is_partial = checked.sound_parts is not None
        if self.is_partial:
            self._nodes = {kind: self._sound(found) for kind, found in self._nodes.items()}
        self.kinds = self._nodes.keys()

    def once(self, read: Callable[[Context], _Reading]) -> _Reading:
        """Return what a function reads out of the query; rules that ask the same share the answer."""
        reading: _Reading | None = self._readings.get(read)
        if reading is None:
            reading = self._readings[read] = read(self)
        return reading

    def found_by(self, check: Callable[[Context], Iterator[Finding]]) -> list[Finding]:
        """Return what a rule's check finds, which is looked for once."""
        found = self._found.get(check)
        if found is None:
            found = self._found[check] = list(check(self))
        return found

    def nodes_of(self, kind: type[_Node]) -> Sequence[_Node]:
        """Return all nodes of a kind, in the order of the text."""
        found: Any = self._nodes.get(kind, ())
        return found  # type: ignore[no-any-return]

    def _sound(self, found: Sequence[nodes.Node]) -> list[nodes.Node]:
        """Return the nodes that no error stands in."""
        return [node for node in found if not isinstance(node, _RESOLVED) or self.term_of(node) is not None]

    def slice(self, node: nodes.Node) -> str:
        """Return the text of a node (with its parentheses, if it stands in some)."""
        return self.text[node.span.start : node.span.end]

    def term_of(self, node: nodes.Expression) -> Term | None:
        """Return what an expression was resolved to."""
        term = self._terms.get(id(node))
        return None if term is None or term.type is DataType.ERROR else term

    def type_of(self, node: nodes.Expression) -> DataType:
        """Return the type of an expression (UNKNOWN where it has none of its own)."""
        term = self.term_of(node)
        return DataType.UNKNOWN if term is None else term.type

    @property
    def has_events(self) -> bool:
        """Whether the query joins events, or a subquery of it does."""
        return self.once(_has_events)

    def contact_column(self, term: Term | None) -> Column | None:
        """Return the column of a contact that a term is: the judged contact's, or one's in a subquery."""
        if not isinstance(term, ColumnValue) or term.row not in self.once(_contact_rows):
            return None
        known = self.checked.schema.contact_data.column(term.name)
        return known or Column(term.name, term.type)

    def event_value(self, term: Term | None) -> ColumnValue | JsonValue | MapValue | None:
        """Return a term if it is a value of an event: a column, or something in its data."""
        if isinstance(term, (JsonValue, MapValue)):
            return term
        if isinstance(term, ColumnValue) and term.row not in self.once(_contact_rows):
            return term
        return None


def _brings_rows(context: Context) -> bool:
    """Return whether a query may have more rows than the contact.

    Most have not, and are not walked for them: without this glance, all diagnostics take 4 % longer.
    """
    if nodes.InSubquery in context.kinds:
        return True
    return any(isinstance(part, (SomeEvent, LastEvent)) for part in context.checked.parts)


def _contact_rows(context: Context) -> frozenset[int]:
    return context.checked.contact_rows if _brings_rows(context) else _ONLY_THE_CONTACT


def _has_events(context: Context) -> bool:
    if not _brings_rows(context):
        return False
    return any(rows_of_events(term) for part in context.checked.parts for term in walk(part))


def _nodes_by_kind(root: nodes.Node) -> dict[type[nodes.Node], list[nodes.Node]]:
    """Return all nodes of a tree by their class, those of each in the order of the text."""
    found: dict[type[nodes.Node], list[nodes.Node]] = {}
    for node in nodes.walk(root):
        kind = type(node)
        if kind in found:
            found[kind].append(node)
        else:
            found[kind] = [node]
    return found


_MOST_LABELS = 5


def labels_at(places: Iterable[Span], message: str) -> tuple[Label, ...]:
    """Return labels with one message at the first few of some places."""
    return tuple([Label(place, message) for place in islice(places, _MOST_LABELS)])


@frozen
class Rule:
    """A code with its documentation, and for a lint the function that finds it.

    ``example`` is a query (or a condition, which then stands in a WHERE) that the rule finds, ``instead``
    what to write. ``check`` is None for what is reported while a query is parsed or checked. The example
    is read with a ``lenient`` schema if the rule needs one. ``provenance`` is that of the construct that all
    findings are about, where SendGrid does not promise it: in a strict check they are errors.

    A rule says what it is about, and is not asked of a query that has nothing of it: one of the ``about``
    nodes, one of ``columns`` held against a text, a ``claim`` of the analysis, the one ``dialect`` in which
    there is anything to find. A rule that says nothing of these is asked of each query.
    """

    code: str
    severity: Severity
    summary: str
    why: str
    example: str
    instead: str
    check: Callable[[Context], Iterator[Finding]] | None = None
    about: tuple[type[nodes.Node], ...] = ()
    columns: frozenset[str] = frozenset()
    claim: type[Claim] | None = None
    dialect: Dialect | None = None
    lenient: bool = False
    provenance: Provenance | None = None

    def finding(
        self,
        span: Span,
        message: str,
        *,
        help: str = "",
        labels: tuple[Label, ...] = (),
        fix: Fix | None = None,
        severity: Severity | None = None,
        provenance: Provenance | None = None,
    ) -> Finding:
        """Return a finding of this rule, of its own severity and provenance unless others are given."""
        return Finding(
            self.code,
            span,
            message,
            help,
            severity=severity or self.severity,
            labels=labels,
            fix=fix,
            provenance=provenance or self.provenance,
        )


def error(
    code: str, summary: str, why: str, example: str, instead: str, dialect: Dialect | None = None
) -> Rule:
    """Return the documentation of an error that the parser or the checker reports."""
    return Rule(code, Severity.ERROR, summary, why, example, instead, dialect=dialect)
