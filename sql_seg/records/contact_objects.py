"""Contacts as SendGrid writes them in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sql_seg.records.loading_report import shown

Contact = dict[str, Any]
"""A contact: values by lower-case column name; a NULL is an absent key."""

NOT_FIELDS = frozenset({"segment_ids", "_metadata"})
"""Keys of SendGrid's JSON contacts that are neither columns nor custom fields."""


def contact_from_json(item: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a JSON contact's values by lower-case name, custom fields flat, and the names as they are.

    ``id`` is ``contact_id``. Raises ValueError where the shape is wrong or two keys are one name.
    """
    if not isinstance(item, Mapping):
        raise ValueError(f"a contact is a JSON object, not {'null' if item is None else shown(item)}")
    values: dict[str, Any] = {}
    names: dict[str, str] = {}
    for name, value in item.items():
        key = name.lower()
        if key == "custom_fields":
            if value is None or value == "":
                continue
            if not isinstance(value, Mapping):
                raise ValueError(f"custom_fields must be an object, not {shown(value)}")
            for field, field_value in value.items():
                _put(values, names, field.lower(), field, field_value)
        else:
            _put(values, names, "contact_id" if key == "id" else key, name, value)
    return values, names


def _put(values: dict[str, Any], names: dict[str, str], key: str, name: str, value: Any) -> None:
    if key in values and values[key] != value:
        raise ValueError(f"the keys {names[key]} and {name} name one column, with two values")
    values[key] = value
    names[key] = name
