"""What the meaning of a part of a query rests on: a safe fix never on what SendGrid does not promise."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable

from sql_seg.core.terms import THE_CONTACT, JsonValue, walk
from sql_seg.core.traits import ROWED
from sql_seg.diagnostics import Safety
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.timestamps import read_timestamp
from sql_seg.linting.places import written_escapes
from sql_seg.linting.rule import Context
from sql_seg.linting.undocumented_construct import uses
from sql_seg.provenance import Provenance
from sql_seg.syntax import nodes

_UNPROMISED = (Provenance.SNOWFLAKE, Provenance.OURS)
_ZONED = re.compile(r"(?:Z|[+-]\d\d:?\d\d)\Z")
_MOST_EXACT_DIGITS = 15


def safety(context: Context, parts: Iterable[Span]) -> Safety:
    """Return how safe a fix is that keeps the members by what some parts of a query mean."""
    rests = any(_rests(context, part) for part in parts)
    return Safety.UNSAFE if rests else Safety.SAFE


def _rests(context: Context, part: Span) -> bool:
    places = context.once(_unpromised_places)
    first = bisect_left(places, part.start)
    return first < len(places) and places[first] < part.end


def judges_no_events_without(context: Context, part: Span) -> bool:
    """Return whether a part of a v1 predicate holds all that names an event.

    Without it the predicate is one of the contact alone, and so of contacts without events, too: how v1
    judges events is ours.
    """
    if context.dialect is not Dialect.V1:
        return False
    places = context.once(_events_named)
    return bool(places) and part.start <= places[0] and places[-1] < part.end


def _events_named(context: Context) -> list[int]:
    """Return where, in order, a v1 predicate names a field of events."""
    terms = walk(context.checked.condition)
    return sorted(term.span.start for term in terms if isinstance(term, ROWED) and term.row != THE_CONTACT)


def _unpromised_places(context: Context) -> list[int]:
    """Return where, in order, a query holds what Snowflake or this library alone gives its meaning."""
    places = [use.span.start for use in uses(context) if use.provenance in _UNPROMISED]
    places += [
        found.start for found in context.once(written_escapes) if not found.escape.is_seen or found.of_pattern
    ]
    places += [
        node.span.start
        for node in context.nodes_of(nodes.IsNull)
        if isinstance(context.term_of(node.operand), JsonValue)
    ]
    places += [node.span.start for node in context.nodes_of(nodes.Number) if _is_rounded(context, node)]
    return sorted(places + _moments_of_two_kinds(context))


def _is_rounded(context: Context, number: nodes.Number) -> bool:
    """Return whether a number is one only as a double."""
    return sum(map(str.isdigit, context.slice(number))) > _MOST_EXACT_DIGITS


def _moments_of_two_kinds(context: Context) -> list[int]:
    """Return the moments without an offset, where others have one: that they are in UTC is ours."""
    literals: list[nodes.Timestamp | nodes.String] = []
    literals += context.nodes_of(nodes.Timestamp)
    literals += context.nodes_of(nodes.String)
    written = [(node.span.start, node.value) for node in literals if read_timestamp(node.value) is not None]
    bare = [start for start, text in written if not _ZONED.search(text)]
    return bare if len(bare) < len(written) else []
