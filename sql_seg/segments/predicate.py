"""A checked query as a function of one contact and its events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sql_seg.core.terms import Meaning
from sql_seg.evaluate.compiler import Compiler
from sql_seg.language.timestamps import the_moment
from sql_seg.records.looking import check_keys
from sql_seg.segments.population import alone, own_events, require_events


def to_predicate(checked: Meaning, now: datetime | None = None) -> Callable[..., bool]:
    """Return the function ``(contact, events=None) -> bool`` that a checked query is.

    ``now`` is the aware datetime to evaluate at; None is the moment of this call. The contact is a
    mapping keyed by lower-case column name, the events are all of that contact's, as event_data rows or
    Event Webhook objects, ``()`` if it has none.

    Raises ValueError for a naive ``now``, NeedsDatasetError where the answer depends on other contacts; the
    function raises what ``Segment.matches`` does.
    """
    compiler = Compiler(checked, check_keys)
    predicate = compiler.predicate(the_moment(now))
    reads = compiler.reads
    is_known_by_id = "contact_id" in reads.columns
    if not checked.reads_events and not is_known_by_id:
        return predicate

    def predicate_of_events(
        contact: Mapping[str, Any], events: Iterable[Mapping[str, Any]] | None = None
    ) -> bool:
        rows = own_events(contact, require_events(reads, events))
        return predicate(alone(contact) if is_known_by_id else contact, rows)

    return predicate_of_events
