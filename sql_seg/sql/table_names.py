"""Which tables a statement reads, and what their columns are called there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA, EVENT_TABLE
from sql_seg.sql.engine import Engine

TableName = str | Sequence[str]
"""A table's name: its parts, or a text in which dots part them."""

_PATH = re.compile(r"""(?:^|\.)([^\W\d]\w*)|\['((?:[^']|'')*)'\]""")


@dataclass(frozen=True)
class Tables:
    """The tables as SQL, and the names of columns that are called otherwise.

    ``contact_columns`` and ``event_columns`` are by the query's lower-case names. ``paths`` are columns that
    hold the JSON value at a path of ``data``, by the path's keys; those of ``present`` are not NULL for JSON
    null either.
    """

    contacts: str = CONTACT_DATA
    events: str = EVENT_DATA
    contact_columns: Mapping[str, str] = field(default_factory=dict)
    event_columns: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    present: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    def column(self, name: str, *, of_contact: bool) -> str:
        """Return what a column is called."""
        return (self.contact_columns if of_contact else self.event_columns).get(name, name)


def table_name(engine: Engine, name: TableName) -> str:
    """Return a table's name as an engine reads it. Raises ValueError for one without parts."""
    parts = name.split(".") if isinstance(name, str) else list(name)
    if not parts or not all(parts):
        raise ValueError(f"{name!r} is no table's name")
    return ".".join(map(engine.identifier, parts))


def read_tables(
    engine: Engine, contacts: TableName, events: TableName, columns: Mapping[str, str] | None
) -> Tables:
    """Return the tables of ``to_sql``'s arguments.

    A key of ``columns`` is a column of contact_data, ``event_data.column``, or a path into an event's data as
    queries write it: ``data:payload.unique_args.id``. Raises ValueError for any other key.
    """
    of_contact: dict[str, str] = {}
    of_event: dict[str, str] = {}
    paths: dict[tuple[str, ...], str] = {}
    for key, name in (columns or {}).items():
        plain = key.removeprefix(f"{EVENT_DATA}.")
        if plain.startswith("data:"):
            paths[read_path(plain.removeprefix("data:"))] = name
        elif plain != key:
            if plain.lower() not in EVENT_TABLE.columns:
                raise ValueError(f"columns: {EVENT_DATA} has no column {plain}")
            of_event[plain.lower()] = name
        else:
            of_contact[key.removeprefix(f"{CONTACT_DATA}.").lower()] = name
    return Tables(table_name(engine, contacts), table_name(engine, events), of_contact, of_event, paths)


def read_path(text: str) -> tuple[str, ...]:
    """Return the keys of a path such as ``payload.unique_args['a-b']``. Raises ValueError for no path."""
    keys, position = [], 0
    for found in _PATH.finditer(text):
        if found.start() != position:
            break
        word, quoted = found.groups()
        keys.append(word if quoted is None else quoted.replace("''", "'"))
        position = found.end()
    if not keys or position != len(text):
        raise ValueError(f"columns: {text!r} is no path such as payload.unique_args.id")
    return tuple(keys)
