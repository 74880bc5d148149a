"""Contacts and events as people have them: the types of their values, and what is wrong with some."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sql_seg.lazy import imported_at_first_use

if TYPE_CHECKING:
    from sql_seg.records.address_book import AddressBook
    from sql_seg.records.checks import CheckedRecords, copied, records_in_memory
    from sql_seg.records.contact_objects import Contact
    from sql_seg.records.events import EventRow, event_row, rows_of_events
    from sql_seg.records.loading_report import Empty, FieldChoice, OnError, Problem, Report, Tally

__all__ = [
    "AddressBook",
    "CheckedRecords",
    "Contact",
    "Empty",
    "EventRow",
    "FieldChoice",
    "OnError",
    "Problem",
    "Report",
    "Tally",
    "copied",
    "event_row",
    "records_in_memory",
    "rows_of_events",
]

_HOMES = {
    "sql_seg.records.address_book": ("AddressBook",),
    "sql_seg.records.checks": ("CheckedRecords", "copied", "records_in_memory"),
    "sql_seg.records.contact_objects": ("Contact",),
    "sql_seg.records.events": ("EventRow", "event_row", "rows_of_events"),
    "sql_seg.records.loading_report": ("Empty", "FieldChoice", "OnError", "Problem", "Report", "Tally"),
}
__getattr__, __dir__ = imported_at_first_use(__name__, _HOMES)
