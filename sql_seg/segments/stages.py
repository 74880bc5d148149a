"""The stages between a text and its meaning, as functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sql_seg.checking import check, check_query
from sql_seg.checking.checked_query import CheckedQuery
from sql_seg.diagnostics import Diagnostic, Severity
from sql_seg.errors import QuerySyntaxError
from sql_seg.language.clock import the_moment
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import SENDGRID, Schema
from sql_seg.syntax.parsing import parse

__all__ = ["check", "diagnose", "lint", "to_predicate"]


def lint(checked: CheckedQuery) -> list[Diagnostic]:
    """Return the warnings and infos about a query that is valid, in the order of its text."""
    from sql_seg.linting import lint as found_by_rules  # checking needs no rules, and starts sooner without

    found = [*checked.diagnostics, *found_by_rules(checked)]
    return sorted(found, key=lambda diagnostic: diagnostic.span)


def to_predicate(checked: CheckedQuery, now: datetime | None = None) -> Callable[..., bool]:
    """Return the function ``(contact, events=None) -> bool`` that a checked query is.

    ``now`` is the aware datetime to evaluate at; None is the moment of this call. The contact is a
    mapping keyed by lower-case column name, the events are all of that contact's, as event_data rows or
    Event Webhook objects, ``()`` if it has none.

    Raises ValueError for a naive ``now``, NeedsDatasetError where the answer depends on other contacts; the
    function raises what ``Segment.matches`` does.
    """
    # Checking needs none of this, and starts sooner without.
    from sql_seg.evaluate import Compiler
    from sql_seg.records.looking import check_keys
    from sql_seg.segments.population import alone, own_events, require_events

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


def diagnose(
    text: str,
    schema: Schema | None = None,
    dialect: Dialect | str | None = None,
    *,
    infos: bool = False,
) -> list[Diagnostic]:
    """Return all that is to be said of a query, in the order of its text; never raises for a bad one.

    The query is valid if no diagnostic is an error. Infos are left out unless asked for.
    """
    try:
        query = parse(text, dialect)
    except QuerySyntaxError as error:
        return _continued(error, SENDGRID if schema is None else schema, infos=infos)
    from sql_seg.linting import lint as found_by_rules

    _, diagnostics, sound = check_query(query, SENDGRID if schema is None else schema)
    found = [*diagnostics, *found_by_rules(sound, infos=infos)]
    found.sort(key=lambda diagnostic: diagnostic.span)
    return [item for item in found if infos or item.severity is not Severity.INFO]


def _continued(error: QuerySyntaxError, schema: Schema, *, infos: bool) -> list[Diagnostic]:
    """Return what is wrong with a text that does not parse, and what is said of it once it is fixed.

    What a fix wrote is judged only by its errors: one that speaks of nothing that stood there before is the
    fix's own, which then is none.
    """
    repaired = error.repaired
    if repaired is None:
        return error.diagnostics
    from sql_seg.diagnostics.repaired import without_unsound

    found = diagnose(repaired.text, schema, repaired.dialect, infos=infos)
    return without_unsound(error.diagnostics, found, repaired, error.text)
