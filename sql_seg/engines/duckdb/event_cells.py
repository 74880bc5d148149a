"""Events in CSV: Email Activity's export, and rows of event_data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sql_seg.engines.duckdb.clean_copies import BadRow, records_of_csv
from sql_seg.engines.duckdb.connection import Connection
from sql_seg.engines.duckdb.contacts import refuse_one_value
from sql_seg.engines.duckdb.sources import DataFile
from sql_seg.errors import RecordError
from sql_seg.frozen import replace
from sql_seg.records.json_text import read_json, why_malformed
from sql_seg.records.loading_report import Problem

_ACTIVITY = {"processed", "event"}
"""Columns by which Email Activity's export is known: what it calls ``processed`` is the time of the event."""
_TIMES = {"timestamp", "event_timestamp"}

_NAMES = {
    "processed": "timestamp",
    "message_id": "sg_message_id",
    "recv_message_id": "smtp-id",
    "originating_ip": "ip",
    "user_agent": "useragent",
    "categories": "category",
}
"""Email Activity's names for what the webhook calls otherwise."""

_JSON = {"categories", "unique_args", "data"}


def event_csv_as_json(source: DataFile, connection: Connection, bad: BadRow) -> DataFile:
    """Return a copy of a CSV file of events with an object a line; ``bad`` hears of rows that are none.

    Raises RecordError where the header lacks what an event has.
    """
    keys = source.keys
    if {"event", "event_type"}.isdisjoint(keys):
        refuse_one_value(source)
        raise RecordError(
            f"{source.name}, row {source.first_row - 1}: the header has neither EVENT nor EVENT_TYPE; "
            f"it is: {', '.join(source.header)}",
            file=source.name,
            row=source.first_row - 1,
        )
    is_activity = set(keys) >= _ACTIVITY and _TIMES.isdisjoint(keys)
    path = connection.new_place("events")
    with path.open("w", encoding="utf-8") as out:
        for number, cells in records_of_csv(source, connection, bad):
            item: dict[str, Any] = {key: cell for key, cell in zip(keys, cells, strict=True) if cell != ""}
            if not item:
                continue
            if item.keys().isdisjoint({"event", "event_type"}):
                item["event" if "event" in keys else "event_type"] = None
            try:
                item = _activity(item) if is_activity else _row(item)
            except _BadCellError as error:
                bad(Problem(source.name, number, source.names[error.key], error.value, str(error)))
                continue
            out.write(f"{number}\x01{json.dumps(item)}\n")
    return replace(source, path=path, form="clean json", compression="none")


class _BadCellError(ValueError):
    def __init__(self, key: str, value: str, message: str) -> None:
        super().__init__(message)
        self.key, self.value = key, value


def _read(key: str, cell: str) -> Any:
    try:
        return read_json(cell)
    except json.JSONDecodeError as error:
        raise _BadCellError(key, cell, why_malformed(error)) from error
    except ValueError as error:
        raise _BadCellError(key, cell, str(error)) from error


def _row(item: Mapping[str, str]) -> dict[str, Any]:
    is_row = "event" not in item
    return {key: _read(key, cell) if is_row and key == "data" else cell for key, cell in item.items()}


def _activity(item: Mapping[str, str]) -> dict[str, Any]:
    """Return a row of Email Activity as the webhook's object: its unique arguments lie among the other keys."""
    values = {_NAMES.get(key, key): _read(key, cell) if key in _JSON else cell for key, cell in item.items()}
    arguments = values.pop("unique_args", None)
    return {**(arguments if isinstance(arguments, dict) else {}), **values}
