"""Events, from Event Webhook objects or rows of event_data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sql_seg.errors import RecordError
from sql_seg.language.event_data import WEBHOOK_KEYS
from sql_seg.language.values import without_numpy
from sql_seg.records.address_book import AddressBook
from sql_seg.records.loading_report import Problem, Report, shown
from sql_seg.records.raw_values import INSTANT, why_not

EventRow = dict[str, Any]
"""A row of event_data: contact_id, event_source, event_type, timestamp (UTC) and data."""

EVENT_SOURCE = "mail"

_UNIQUE_KEYS = frozenset({"sg_event_id", "sg_message_id", "smtp-id"})
"""Keys whose values are hardly ever the same in two events."""

_ROW_KEYS = frozenset({"event_type", "event_source", "event_timestamp", "data"})


def event_row(item: Mapping[str, Any]) -> EventRow:
    """Return the event_data row of a webhook object (it has ``event``) or of a row (``event_type``).

    Timestamps are aware datetimes, ISO texts or Unix time. The row has a ``contact_id`` only if the
    item has one: whose the address is, the caller knows. Raises RecordError, with ``key``, ``value``
    and ``expected``, where the event lacks its type, its time, or both address and contact id.
    """
    if not isinstance(item, Mapping):
        raise _error(f"an event is an object, not {shown(item)}", None, item, "an object")
    if "event" not in item and "event_type" not in item:
        item = _with_known_keys_lowered(item)
    return _row_of_webhook(item) if "event" in item else _row_of_row(item)


def event_address(item: Mapping[str, Any]) -> str | None:
    """Return the address that an event was sent to, or None where it does not say."""
    address = item.get("email") or _with_known_keys_lowered(item).get("email")
    return address if isinstance(address, str) else None


def _address(item: Mapping[str, Any]) -> str | None:
    address = event_address(item)
    return None if address is None else address.lower()


def _with_known_keys_lowered(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an item whose known keys are as we write them: names match without regard to case."""
    known = WEBHOOK_KEYS.keys() | _ROW_KEYS
    return {
        key.lower() if isinstance(key, str) and key.lower() in known else key: value
        for key, value in item.items()
    }


def _row_of_webhook(item: Mapping[str, Any]) -> EventRow:
    event_type = _text(item, "event")
    timestamp = _instant(item, "timestamp")
    contact_id = _contact_id(item)
    payload: dict[str, Any] = {}
    unique_args: dict[str, Any] = {}
    for key, value in item.items():
        own = WEBHOOK_KEYS.get(key)
        if key == "unique_args" and isinstance(value, Mapping):
            unique_args = {**value, **unique_args}
        elif own is None:
            unique_args[key] = value
        else:
            payload[own] = value
    if "singlesend_id" in payload:
        unique_args["singlesend_id"] = payload["singlesend_id"]
    payload["unique_args"] = unique_args
    return {
        **contact_id,
        "event_source": EVENT_SOURCE,
        "event_type": event_type,
        "timestamp": timestamp,
        "data": {"payload": payload},
    }


def _row_of_row(item: Mapping[str, Any]) -> EventRow:
    if "event_type" not in item:
        raise _error("has neither event nor event_type", "event", None, "an event type")
    row = {
        **_contact_id(item),
        "event_type": _text(item, "event_type"),
        "timestamp": _instant(item, _time_key(item)),
    }
    if item.get("event_source") is not None:
        row["event_source"] = _text(item, "event_source")
    if item.get("data") is not None:
        row["data"] = item["data"]
    return row


def _time_key(item: Mapping[str, Any]) -> str:
    is_other_name = item.get("timestamp") is None and item.get("event_timestamp") is not None
    return "event_timestamp" if is_other_name else "timestamp"


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    if not isinstance(value, str) or not value:
        raise _bad_value(key, value, "a text")
    return value


def _instant(item: Mapping[str, Any], key: str) -> datetime:
    value = item.get(key)
    if isinstance(value, datetime):
        return utc(value, key)
    plain = without_numpy(value)
    instant = None if value is None or value == "" else INSTANT.read(plain)
    if not isinstance(instant, datetime):
        raise _bad_value(key, value, INSTANT.expected)
    return instant


def utc(value: datetime, key: str) -> datetime:
    """Return an aware datetime in UTC; raise RecordError for a naive one, or outside the years 1 to 9999."""
    if value.utcoffset() is None:
        raise _bad_value(key, value, "a datetime with a time zone")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise _bad_value(key, value, "a datetime in the years 1 to 9999") from None


def _contact_id(item: Mapping[str, Any]) -> dict[str, str]:
    """Return the contact id as a part of a row, empty where the event has an address instead."""
    for key in ("contact_id", "email"):
        value = item.get(key)
        if value is not None and value != "":
            text = _text(item, key)
            return {key: text} if key == "contact_id" else {}
    raise _error("has neither an email nor a contact_id", "email", None, "an email or a contact_id")


def _bad_value(key: str, value: Any, expected: str) -> RecordError:
    if value is None or value == "":
        return _error(f"has no {key}", key, value, expected)
    return _error(why_not(value, expected), key, value, expected)


def _error(message: str, key: str | None, value: Any, expected: str) -> RecordError:
    return RecordError(message, key=key, value=value, expected=expected)


class EventLoader:
    """Reads events into ``events``: those of known contacts, each once, in the order they come."""

    def __init__(self, book: AddressBook, report: Report) -> None:
        self.events: list[EventRow] = []
        self._book = book
        self._report = report
        self._seen: set[tuple[Any, ...]] = set()
        self._times_met: dict[str, int] = {}
        self._texts: dict[str, str] = {}

    def add(self, item: Mapping[str, Any], number: int) -> None:
        """Take one event, if it is a good one, new, and of a known contact."""
        if is_of_the_account(item):
            self._report.of_the_account += 1
            return
        try:
            event = event_row(item)
        except RecordError as error:
            problem = Problem(None, number, error.key, error.value, str(error))
            self._report.skip_row(self._report.events, problem, error.expected)
            return
        given_id = event_id(event)
        if given_id is not None:
            same = (
                given_id,
                event["event_type"],
                event["timestamp"],
                event.get("contact_id") or _address(item),
            )
            if same in self._seen:
                self._report.events.repeats += 1
                return
            self._seen.add(same)
            met = self._times_met[given_id] = self._times_met.get(given_id, 0) + 1
            self._report.ambiguous_ids += met == _TWICE
        contact_id = self._contact_id(event, item)
        if contact_id is None:
            self._report.events.strangers += 1
            return
        event["contact_id"] = contact_id
        self.events.append(event)
        self._report.events.kept += 1
        self._share_texts(event)

    def _share_texts(self, event: EventRow) -> None:
        """Let equal texts of events be one object: most are, and a million events are large."""
        share = self._texts.setdefault
        event["event_type"] = share(event["event_type"], event["event_type"])
        payload = _payload(event)
        arguments = payload.get("unique_args")
        for values in (payload, arguments) if isinstance(arguments, dict) else (payload,):
            for key, value in values.items():
                if type(value) is str and key not in _UNIQUE_KEYS:
                    values[key] = share(value, value)

    def _contact_id(self, event: EventRow, item: Mapping[str, Any]) -> str | None:
        given = event.get("contact_id")
        if given is not None:
            contact = self._book.by_id(given)
        else:
            address = event_address(item)
            contact = self._book.by_address(address) if address else None
        return None if contact is None else contact.get("contact_id")


def rows_of_events(
    contacts: Iterable[Mapping[str, Any]], events: Iterable[Mapping[str, Any]]
) -> tuple[list[EventRow], Report]:
    """Return the events of contacts as rows, and what was met: repeats and those of nobody are left out.

    Raises RecordError, with ``row`` (from 1), for a bad event.
    """
    loader = EventLoader(AddressBook(contacts), report := Report())
    for number, event in enumerate(events, 1):
        loader.add(event, number)
    return loader.events, report


def _payload(event: EventRow) -> dict[str, Any]:
    """Return the payload of a row's data, empty where it has none."""
    data = event.get("data")
    payload = data.get("payload") if isinstance(data, dict) else None
    return payload if isinstance(payload, dict) else {}


def event_id(event: EventRow) -> str | None:
    """Return the event's sg_event_id, by which the webhook's repeats are known."""
    found = _payload(event).get("sg_event_id")
    return found if isinstance(found, str) and found else None


_TWICE = 2
OF_THE_ACCOUNT = ("account_status_change",)
"""Events that are of the account, not of a contact: they have no address."""


def is_of_the_account(item: Any) -> bool:
    """Return whether an event is of the account, and says of no contact that it is its."""
    return (
        isinstance(item, Mapping)
        and item.get("event") in OF_THE_ACCOUNT
        and not (item.get("email") or item.get("contact_id"))
    )
