"""The tables and columns that a query may name, and an account's custom fields."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from sql_seg.errors import SchemaError
from sql_seg.frozen import field, frozen, replace
from sql_seg.language.datatypes import DataType
from sql_seg.provenance import Provenance

Row = Mapping[str, Any]
"""A contact, or an event: its values by lower-case column name. What is NULL is None, or is not there."""

CONTACT_DATA = "contact_data"
EVENT_DATA = "event_data"

_CUSTOM_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_MOST_CUSTOM_FIELDS = 500

FIELD_TYPES = {"Text": DataType.VARCHAR, "Number": DataType.NUMBER, "Date": DataType.TIMESTAMP}
"""The types that a custom field may have, by SendGrid's names, which are read in any case."""

_TYPES_BY_WORD = {name.lower(): data_type for name, data_type in FIELD_TYPES.items()}


@frozen
class Column:
    """A column: its name, its type, the longest text it stores, and whether it may be NULL.

    ``field_id`` is what SendGrid's field definitions call a field beside its name: no query can use it.
    """

    name: str
    type: DataType
    length: int | None = None
    nullable: bool = True
    provenance: Provenance = Provenance.DOCUMENTED
    field_id: str = field(default="", compare=False)

    @property
    def key(self) -> str:
        """The name in lower case: columns are named without regard to case."""
        return self.name.lower()


@frozen
class TableSchema:
    """A table: its columns by lower-case name."""

    name: str
    columns: Mapping[str, Column]

    def column(self, name: str) -> Column | None:
        """Return the column of a name, in any case."""
        return self.columns.get(name.lower())


def _table(name: str, columns: Iterable[Column]) -> TableSchema:
    return TableSchema(name, {column.key: column for column in columns})


_VARCHAR, _TIMESTAMP, _ARRAY = DataType.VARCHAR, DataType.TIMESTAMP, DataType.ARRAY
_SEEN = Provenance.SEEN

CONTACT_COLUMNS = (
    Column("contact_id", _VARCHAR, 36, nullable=False),
    Column("email", _VARCHAR, 254),
    Column("phone_number_id", _VARCHAR),
    Column("external_id", _VARCHAR, 254),
    Column("anonymous_id", _VARCHAR, 254),
    Column("first_name", _VARCHAR, 50),
    Column("last_name", _VARCHAR, 50),
    Column("alternate_emails", _ARRAY, nullable=False),
    Column("address_line_1", _VARCHAR, 100),
    Column("address_line_2", _VARCHAR, 100),
    Column("city", _VARCHAR, 60),
    Column("state_province_region", _VARCHAR, 50),
    Column("postal_code", _VARCHAR, 60),
    Column("country", _VARCHAR, 55),
    Column("list_ids", _ARRAY, nullable=False),
    Column("created_at", _TIMESTAMP, nullable=False),
    Column("updated_at", _TIMESTAMP, nullable=False),
    Column("email_domains", _ARRAY, nullable=False),
    Column("phone_number", _VARCHAR, 24),
    Column("whatsapp", _VARCHAR, 254),
    Column("line", _VARCHAR, 254),
    Column("facebook", _VARCHAR, 254),
    Column("unique_name", _VARCHAR, 254),
)
"""The reserved columns of contact_data, in SendGrid's order."""

EVENT_TABLE = _table(
    EVENT_DATA,
    (
        Column("contact_id", _VARCHAR, 36, nullable=False),
        Column("event_source", _VARCHAR),
        Column("event_type", _VARCHAR, provenance=_SEEN),
        Column("timestamp", _TIMESTAMP, provenance=_SEEN),
        Column("event_timestamp", _TIMESTAMP, provenance=Provenance.OURS),
        Column("data", DataType.VARIANT, provenance=_SEEN),
    ),
)
"""event_data; ``event_timestamp``, v1's name, is another name of ``timestamp``."""

EVENT_TYPES = (
    "processed",
    "delivered",
    "deferred",
    "dropped",
    "bounce",
    "open",
    "click",
    "spamreport",
    "unsubscribe",
    "group_unsubscribe",
    "group_resubscribe",
)
"""The types of events, by the Event Webhook's names."""

V1_EVENT_FIELDS = _table(
    "events",
    (
        Column("event_source", _VARCHAR),
        Column("event_type", _VARCHAR),
        Column("event_timestamp", _TIMESTAMP),
        Column("event_data", DataType.VARIANT),
    ),
)
"""What a v1 predicate may say of an event."""

NO_COLUMNS: Mapping[str, str] = {
    "last_opened": "open",
    "last_clicked": "click",
    "last_emailed": "processed",
    "singlesend_id": "processed",
    "automation_id": "processed",
    "segment_ids": "",
}
"""Reserved fields that are listed but are no columns [api], with the event type that holds each, if any."""


@frozen
class Schema:
    """The columns that queries may name: the reserved ones and an account's custom fields.

    A *lenient* schema is for when the custom fields are unknown: it takes any other name as a
    custom field, whose type follows from its use.
    """

    __slots__ = ("__dict__",)  # where a cached property keeps its value

    custom_fields: tuple[Column, ...] = ()
    lenient: bool = field(default=False, kw_only=True)

    def field_of_id(self, field_id: str) -> Column | None:
        """Return the custom field of an id, such as ``e45_T``."""
        return self._fields_by_id.get(field_id.lower())

    @cached_property
    def _fields_by_id(self) -> Mapping[str, Column]:
        return {column.field_id.lower(): column for column in self.custom_fields if column.field_id}

    @cached_property
    def contact_data(self) -> TableSchema:
        """The contact table: reserved columns, then custom fields."""
        return _table(CONTACT_DATA, (*CONTACT_COLUMNS, *self.custom_fields))

    @property
    def event_data(self) -> TableSchema:
        """The event table."""
        return EVENT_TABLE

    def table(self, name: str) -> TableSchema | None:
        """Return the table of a name, in any case."""
        tables = {CONTACT_DATA: self.contact_data, EVENT_DATA: self.event_data}
        return tables.get(name.lower())

    def as_lenient(self) -> Schema:
        """Return the schema that takes unknown names as custom fields."""
        return replace(self, lenient=True)

    def with_columns(self, columns: Iterable[Column]) -> Schema:
        """Return the schema with custom fields instead of those it has.

        Raises SchemaError where a name is no custom field's name, or is there twice.
        """
        custom = tuple(columns)
        reserved = {column.key for column in CONTACT_COLUMNS} | NO_COLUMNS.keys()
        seen: set[str] = set()
        for column in custom:
            _check_name(column.name, seen, reserved)
            seen.add(column.key)
        return replace(self, custom_fields=custom)

    def with_fields(self, definitions: Any) -> Schema:
        """Return the schema with the custom fields of ``GET /v3/marketing/field_definitions``.

        ``definitions`` is the parsed JSON: the whole answer, its list of custom fields, or one definition
        alone; each is an object with ``name`` and ``field_type`` (Text, Number or Date).

        Raises SchemaError where the shape, a type or a name is wrong.
        """
        fields = definitions
        if isinstance(definitions, Mapping):
            fields = _fields_of(definitions)
        if not isinstance(fields, list | tuple):
            raise SchemaError(f"custom_fields must be a list, not {type(fields).__name__}")
        if len(fields) > _MOST_CUSTOM_FIELDS:
            raise SchemaError(
                f"{len(fields)} custom fields, but an account has at most {_MOST_CUSTOM_FIELDS}"
            )
        return self.with_columns([_read_field(entry, index) for index, entry in enumerate(fields, 1)])


def _fields_of(definitions: Mapping[str, Any]) -> Any:
    """Return the custom fields of an object: of a whole answer, or the one that POST answers."""
    if definitions.keys() & {"custom_fields", "reserved_fields"}:
        return definitions.get("custom_fields") or []
    if "name" in definitions and definitions.keys() & {"field_type", "type"}:
        return [definitions]
    keys = ", ".join(map(str, list(definitions)[:6]))
    raise SchemaError(
        "field definitions must be an object with the key custom_fields, or one definition with name and "
        f"field_type; this has {f'the keys {keys}' if keys else 'no keys'}"
    )


def _read_field(entry: Any, number: int) -> Column:
    if not isinstance(entry, Mapping):
        raise SchemaError(f"custom field {number} must be an object with name and field_type, not {entry!r}")
    name, field_type = entry.get("name"), entry.get("field_type")
    if not isinstance(name, str):
        raise SchemaError(f"custom field {number} has no name")
    data_type = _TYPES_BY_WORD.get(field_type.lower()) if isinstance(field_type, str) else None
    if data_type is None and field_type is None and "type" in entry:
        raise SchemaError(
            f"custom field {name!r} has the type {entry['type']!r}, as the legacy API has it; give the JSON "
            "of GET /v3/marketing/field_definitions, where it is a field_type: Text, Number or Date"
        )
    if data_type is None:
        raise SchemaError(
            f"custom field {name!r} has the field_type {field_type!r}; it must be Text, Number or Date"
        )
    field_id = entry.get("id")
    return custom_column(name, data_type, field_id if isinstance(field_id, str) else "")


def custom_column(name: str, data_type: DataType, field_id: str = "") -> Column:
    """Return a custom field's column: a text holds up to 1,000 characters."""
    return Column(name, data_type, 1000 if data_type is DataType.VARCHAR else None, field_id=field_id)


def _check_name(name: str, seen: set[str], reserved: set[str]) -> None:
    if not _CUSTOM_NAME.fullmatch(name):
        raise SchemaError(
            f"{name!r} is no custom field's name: letters, digits and _, not starting with a digit, "
            "1 to 100 characters"
        )
    if name.lower() in reserved:
        raise SchemaError(f"custom field {name!r} has the name of a reserved field")
    if name.lower() in seen:
        raise SchemaError(f"custom field {name!r} is defined twice")


SENDGRID = Schema()
"""The reserved columns alone, as every account has them."""
