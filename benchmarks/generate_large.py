"""Large accounts, made by DuckDB itself: contacts in CSV or Parquet, events in Parquet."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from generate import DOMAINS, FIRST_NAMES, LAST_NAMES, LIST_IDS, PLANS, SINGLESEND_IDS, US_PLACES
from generate_files import FIELDS

_TYPES = "processed delivered deferred open open open click bounce unsubscribe".split()


def _one_of(values: Iterable[str], salt: int) -> str:
    """Return the SQL of one of some values, as the row's number has it."""
    listed = [value.replace("'", "''") for value in values]
    texts = ", ".join(f"'{value}'" for value in listed)
    return f"[{texts}][1 + (hash(i, {salt}) % {len(listed)})::INT]"


def _or_null(value: str, salt: int) -> str:
    return f"CASE WHEN hash(i, {salt}) % 10 > 0 THEN {value} END"


def _before_now(days: int, salt: int) -> str:
    return f"TIMESTAMP '2026-11-23 12:00:00' - to_seconds((hash(i, {salt}) % {days * 86400})::BIGINT)"


_ID = "md5('c' || {})"
_PLACE = f"(hash(i, 11) % {len(US_PLACES)})::INT"


def _of_place(values: list[str]) -> str:
    texts = ", ".join(f"'{value}'" for value in values)
    return f"[{texts}][1 + {_PLACE}]"


COLUMNS = {
    "email": f"'user' || i || '@' || {_one_of(DOMAINS, 1)}",
    "first_name": _or_null(_one_of(FIRST_NAMES, 2), 3),
    "last_name": _or_null(_one_of(LAST_NAMES, 4), 5),
    "city": _or_null(_of_place([place.city for place in US_PLACES]), 6),
    "state_province_region": _or_null(_of_place([place.state for place in US_PLACES]), 6),
    "postal_code": _or_null(_of_place([place.postal_code for place in US_PLACES]), 6),
    "country": _or_null(_one_of(["US", "US", "CA", "GB", "DE"], 7), 8),
    "alternate_emails": "CASE hash(i, 9) % 3 WHEN 0 THEN []::VARCHAR[] "
    "WHEN 1 THEN ['alt' || i || '@example.org'] "
    "ELSE ['alt' || i || '@example.org', 'b' || i || '@example.org'] END",
    "list_ids": f"list_distinct([{_one_of(LIST_IDS, 12)}, {_one_of(LIST_IDS, 13)}, {_one_of(LIST_IDS, 14)}]"
    "[1:(hash(i, 15) % 4)::INT])",
    "created_at": _before_now(1500, 16),
    "updated_at": _before_now(365, 17),
    "contact_id": _ID.format("i"),
    "plan": _or_null(_one_of(PLANS, 18), 19),
    "age": _or_null("(13 + hash(i, 20) % 80)::DOUBLE", 21),
    "last_order_at": _or_null(_before_now(700, 22), 23),
}
LISTS = ("alternate_emails", "list_ids")
TIMES = ("created_at", "updated_at", "last_order_at")


def write_large(
    folder: Path,
    contacts: int,
    events: int = 0,
    *,
    csv: bool = False,
    parquet: bool = False,
    ndjson: bool = False,
) -> None:
    """Write ``contacts`` and ``events`` in the forms that are asked for, and ``fields.json``."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": "4GiB", "temp_directory": str(folder / "spilled")})
    connection.execute("SET enable_progress_bar = false")
    columns = ", ".join(f"{value} AS {name}" for name, value in COLUMNS.items())
    selected = f"SELECT {columns} FROM range({contacts}) AS numbers(i)"
    if csv:
        cells = ", ".join(f"{_cell(name)} AS {name.upper()}" for name in COLUMNS)
        connection.execute(f"COPY (SELECT {cells} FROM ({selected})) TO '{folder}/contacts.csv' (HEADER)")
    if parquet:
        _put(connection, selected, folder / "contacts.parquet")
    if events:
        _put(connection, _events(contacts, events), folder / "events.parquet")
    if ndjson:
        moment = "strftime(\"timestamp\", '%Y-%m-%dT%H:%M:%SZ')"
        cells = f'contact_id, event_source, event_type, {moment} AS "timestamp"'
        connection.execute(
            f"COPY (SELECT {cells}, data::JSON AS data FROM ({_events(contacts, events)})) "
            f"TO '{folder}/events.ndjson' (FORMAT json)"
        )
    connection.close()
    (folder / "fields.json").write_text(json.dumps(FIELDS), encoding="utf-8")


def _put(connection: Any, selected: str, path: Path) -> None:
    connection.execute(f"COPY ({selected}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")


def _cell(name: str) -> str:
    if name in LISTS:
        return f"CAST(to_json({name}) AS VARCHAR)"
    if name in TIMES:
        return f"strftime({name}, '%Y-%m-%dT%H:%M:%SZ')"
    return f"CAST({name} AS INTEGER)" if name == "age" else name


def _events(contacts: int, events: int) -> str:
    data = (
        '\'{"payload":{"sg_event_id":"e\' || i || \'","unique_args":{"singlesend_id":"\' || '
        f"{_one_of(SINGLESEND_IDS, 24)} || '\"}}}}}}'"
    )
    return (
        f"SELECT {_ID.format(f'(hash(i, 25) % {contacts})')} AS contact_id, 'mail' AS event_source, "
        f'{_one_of(_TYPES, 26)} AS event_type, {_before_now(365, 27)} AS "timestamp", {data} AS data '
        f"FROM range({events}) AS numbers(i)"
    )
