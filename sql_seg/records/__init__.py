"""Contacts, custom fields, lists and events, from the files that people have to typed records."""

from __future__ import annotations

from sql_seg.records.checks import check_contacts
from sql_seg.records.events import event_row, rows_of_events
from sql_seg.records.loading import Loaded, load
from sql_seg.records.report import Empty, FieldChoice, OnError, Problem, Report, Tally

__all__ = [
    "Empty",
    "FieldChoice",
    "Loaded",
    "OnError",
    "Problem",
    "Report",
    "Tally",
    "check_contacts",
    "event_row",
    "load",
    "rows_of_events",
]
