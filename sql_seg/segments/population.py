"""Contacts and events, as people give them, as the account that a query is evaluated over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sql_seg.core.interpreter import NO_ACCOUNT, Account
from sql_seg.core.reads import Reads
from sql_seg.errors import NeedsEventsError, RecordError
from sql_seg.evaluate.blame import Blame, must_be_mapping
from sql_seg.language.schema import Row
from sql_seg.language.values import is_missing
from sql_seg.records.events import event_address, event_row, is_of_the_account, rows_of_events
from sql_seg.records.loading_report import Report
from sql_seg.records.telling import tell

_IDENTITY = ("contact_id", "email", "alternate_emails")

_OWN_ID = "\ufdd0"
"""The id of a contact that has none and is asked alone: a text that no other contact has, nor a query."""


class Population(NamedTuple):
    """The account that contacts are asked in; those that differ there are in ``given`` as they came.

    ``report`` says what became of the events.
    """

    account: Account
    given: Mapping[int, Row]
    report: Report

    def as_given(self, contact: Row) -> Row:
        """Return a contact of the account as it was given."""
        return self.given.get(id(contact), contact)


NOBODY = Population(NO_ACCOUNT, {}, Report())
"""The account of nobody: for queries that only ask of one contact."""


def population_of(contacts: Iterable[Row], events: Iterable[Row]) -> Population:
    """Return the account of contacts with their events, and which of them are others there.

    A contact without an id is known by its email. Events are event_data rows or Event Webhook objects, found
    to their contacts by id, else by address; repeats and those of nobody here are left out. Raises
    RecordError for a bad event, or for a contact's bad id or address.
    """
    known: list[Row] = []
    given: dict[int, Row] = {}
    for contact in contacts:
        must_be_mapping(contact)
        one = identified(contact)
        known.append(one)
        if one is not contact:
            given[id(one)] = contact
    try:
        rows, report = rows_of_events(known, events)
    except (TypeError, AttributeError) as error:
        for contact in known:
            Blame()(contact, error)
        raise
    return Population(Account(known, rows), given, report)


def identified(contact: Row) -> Row:
    """Return a contact with its email for its id, where it has none."""
    values = {key: contact.get(key) for key in _IDENTITY}
    email = values["email"]
    if values["contact_id"].__class__ is str and (email is None or email.__class__ is str):
        return contact
    missing = {key for key, value in values.items() if value is None or is_missing(value)}
    changes: dict[str, Any] = {key: None for key in missing if contact.get(key) is not None}
    if "contact_id" in missing and "email" not in missing and email:
        changes["contact_id"] = email
    return {**contact, **changes} if changes else contact


def alone(contact: Row) -> Row:
    """Return a contact that is asked without others: it has an id, which is its own [ours]."""
    must_be_mapping(contact)
    one = identified(contact)
    return one if one.get("contact_id") is not None else {**one, "contact_id": _OWN_ID}


def require_events(reads: Reads, events: Iterable[Row] | None) -> Iterable[Row]:
    """Return the events that are given; raise NeedsEventsError if a query asks for events and none are."""
    if events is None and reads.asks_for_events:
        raise NeedsEventsError(
            "the query asks for events: give all events of the contact, as matches(contact, events); "
            "() if it has none; a Dataset has its own"
        )
    return () if events is None else events


def refuse_events(events: Iterable[Row] | None) -> None:
    """Raise ValueError for events that are given beside a Dataset."""
    if events is not None and next(iter(events), None) is not None:
        raise ValueError("a Dataset has its own events: give them to Dataset(contacts, events)")


def own_events(contact: Row, events: Iterable[Row]) -> list[Row]:
    """Return all events of one contact as event_data rows; those of the account are left out.

    Raises RecordError for a bad event, and for one that says it is of another contact's id. What is given
    with a contact is its own, whatever address it went to; warns (DataWarning) of addresses that are not the
    contact's.
    """
    must_be_mapping(contact)
    given = contact.get("contact_id")
    given = None if is_missing(given) else given
    contact_id = given if given is not None else alone(contact)["contact_id"]
    others: dict[str, None] = {}
    rows: list[Row] = []
    for number, event in enumerate(events, 1):
        if is_of_the_account(event):
            continue
        row = event_row(event)
        other = row.get("contact_id")
        if given is not None and other not in (None, given):
            raise RecordError(
                f"event {number} is of the contact {other!r}, not of {given!r}",
                key="contact_id",
                value=other,
                expected="the contact's own id",
                row=number,
            )
        if other is None and (address := event_address(event)) is not None:
            others[address.lower()] = None
        rows.append({**row, "contact_id": contact_id})
    own = _addresses(contact)
    tell(
        f"events that went to {address!r} are taken for this contact's, which has no such address: a Dataset "
        "of all contacts and events finds out whose each is"
        for address in others
        if own and address not in own
    )
    return rows


def _addresses(contact: Row) -> frozenset[str]:
    """Return the addresses of a contact, in lower case."""
    others = contact.get("alternate_emails")
    found = [contact.get("email"), *(others if isinstance(others, list | tuple) else ())]
    return frozenset([address.lower() for address in found if isinstance(address, str)])
