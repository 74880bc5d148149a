"""Which tables a statement reads, and what their columns are called there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sql_seg.frozen import field, frozen
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA, EVENT_TABLE, Schema
from sql_seg.sql.engine import Engine
from sql_seg.wording import did_you_mean

TableName = str | Sequence[str]
"""A table's name: its parts, or a text in which dots part them; a part may stand in ``"`` or backticks."""

_PATH = re.compile(r"""(?:^|\.)([^\W\d]\w*)|\['((?:[^']|'')*)'\]""")


@frozen
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
    parts = _parts(name) if isinstance(name, str) else list(name)
    if not parts or not all(isinstance(part, str) and part for part in parts):
        raise ValueError(f"{name!r} is no table's name")
    return ".".join(map(engine.identifier, parts))


def _parts(name: str) -> list[str]:
    """Return the parts of a name, without the quotes around them. Raises ValueError where one has no end."""
    parts, position = [], 0
    while True:
        found = _DELIMITED.match(name, position) or _BARE_PART.match(name, position)
        assert found is not None  # a bare part may be empty
        part = found.group()
        if part[:1] in _QUOTES:
            if found.re is _BARE_PART:
                raise ValueError(f"{name!r} is no table's name: what begins with {part[0]} has no such end")
            part = part[1:-1].replace(part[0] * 2, part[0])
        parts.append(part)
        if found.end() == len(name):
            return parts
        position = found.end() + 1


_QUOTES = ('"', "`")
_DELIMITED = re.compile(r"""(?:"(?:[^"]|"")+"|`(?:[^`]|``)+`)(?=\.|\Z)""")
_BARE_PART = re.compile(r"[^.]*")


def read_tables(
    engine: Engine,
    contacts: TableName,
    events: TableName,
    columns: Mapping[str, str] | None,
    schema: Schema,
) -> Tables:
    """Return the tables of ``to_sql``'s arguments.

    A key of ``columns`` is a column of contact_data, ``event_data.column``, or a path into an event's data as
    queries write it: ``data:payload.unique_args.id``. Raises ValueError for any other key, for one column
    named twice, and for a name that is no text.
    """
    read = _Columns(schema)
    for key, name in (columns or {}).items():
        if not isinstance(name, str) or not name:
            raise ValueError(f"columns: the name of {key} must be a text, not {name!r}")
        read.add(key, name)
    return Tables(
        table_name(engine, contacts), table_name(engine, events), read.of_contact, read.of_event, read.paths
    )


class _Columns:
    """The columns that are called otherwise, put in one by one."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self.of_contact: dict[str, str] = {}
        self.of_event: dict[str, str] = {}
        self.paths: dict[tuple[str, ...], str] = {}

    def add(self, key: str, name: str) -> None:
        """Put in one column by its key. Raises ValueError for a key that names none, or one again."""
        table, dot, column = key.partition(".")
        table = table.lower()
        if not dot or table not in (CONTACT_DATA, EVENT_DATA):
            table, column = "", key
        if table != CONTACT_DATA and column[:5].lower() == "data:":
            self._put(self.paths, read_path(column[5:]), key, name)
        elif table == EVENT_DATA:
            self._put(self.of_event, self._event_column(column), key, name)
        else:
            self._put(self.of_contact, self._contact_column(column), key, name)

    @staticmethod
    def _put(columns: dict[Any, str], of: Any, key: str, name: str) -> None:
        if of in columns:
            raise ValueError(f"columns: {key} is named twice")
        columns[of] = name

    @staticmethod
    def _event_column(name: str) -> str:
        column = EVENT_TABLE.column(name)
        if column is None:
            hint = did_you_mean(name, list(EVENT_TABLE.columns))
            raise ValueError(f"columns: {EVENT_DATA} has no column {name}" + f": {hint}" * bool(hint))
        return "timestamp" if column.key == "event_timestamp" else column.key

    def _contact_column(self, name: str) -> str:
        table = self._schema.contact_data
        known = table.column(name) is not None
        hint = "" if known else _where_it_is(name)
        if known or (self._schema.lenient and name.isidentifier() and not hint):
            return name.lower()
        hint = hint or did_you_mean(name, list(table.columns))
        raise ValueError(f"columns: {CONTACT_DATA} has no column {name}" + f": {hint}" * bool(hint))


def _where_it_is(name: str) -> str:
    """Return what to write for a column of events that stands without its table, or an empty text."""
    last = name.rpartition(".")[2]
    return f"write {EVENT_DATA}.{last} for the column of events" if EVENT_TABLE.column(last) else ""


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
