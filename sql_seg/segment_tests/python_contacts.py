"""Contacts written in Python as test files write them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sql_seg.engines.dataset import Dataset
from sql_seg.errors import RecordError
from sql_seg.language.schema import SENDGRID, Schema
from sql_seg.language.timestamps import write_timestamp
from sql_seg.records.field_definitions import read_definitions
from sql_seg.segment_tests.given_contacts import ContactReader
from sql_seg.sources.json_tree import read_json_tree
from sql_seg.sources.value_tree import Object


def dataset_of(contacts: Iterable[Mapping[str, Any]], fields: Any = None) -> Dataset:
    """Return the account of contacts, each with its ``events``, as in a test file.

    Dates may be texts or aware datetimes, and ids may be left out. ``fields`` are the account's field
    definitions, a path or parsed JSON; without them there are no custom fields.

    Raises RecordError, with ``row`` (from 1), for what is no contact or event; SchemaError for definitions
    that cannot be.
    """
    definitions = read_definitions(fields)
    schema = SENDGRID if definitions is None else SENDGRID.with_fields(definitions)
    return dataset_over(contacts, schema, has_definitions=definitions is not None)


def dataset_over(contacts: Iterable[Mapping[str, Any]], schema: Schema, *, has_definitions: bool) -> Dataset:
    """Return the account of contacts over a schema; see ``dataset_of``."""
    reader = ContactReader(schema, keeps_empty=False, has_definitions=has_definitions)
    records: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for number, contact in enumerate(contacts, 1):
        record, own_events = reader.read(_tree_of(contact, number), f"contact-{number}")
        for problem in reader.problems:
            raise RecordError(f"contact {number}: {problem.message}", row=number)
        records.append(record)
        events += own_events
    return Dataset(records, events, schema)


def _tree_of(contact: Mapping[str, Any], number: int) -> Object:
    try:
        tree = read_json_tree(json.dumps(contact, default=_plain, allow_nan=False))
    except (TypeError, ValueError) as error:
        raise RecordError(f"contact {number}: {error}", row=number) from None
    if not isinstance(tree, Object):
        raise RecordError(f"contact {number}: a contact is a mapping, not {contact!r:.60}", row=number)
    return tree


def _plain(value: Any) -> str:
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return write_timestamp(value)
    raise ValueError(f"{value!r} is neither JSON nor a datetime with a time zone")
