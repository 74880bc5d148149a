"""What SendGrid reports of a segment beside its query: its count, the time of it, and a sample."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sql_seg.errors import RecordError
from sql_seg.language.schema import CONTACT_COLUMNS, Schema
from sql_seg.records.contact_objects import NOT_FIELDS, contact_from_json
from sql_seg.records.raw_values import CUSTOM_KINDS, RESERVED_KINDS, read_time


@dataclass(frozen=True, slots=True)
class Reported:
    """SendGrid's own word on a segment: ``count`` members at ``at``, and up to 50 of them as they were then.

    ``at`` is None where SendGrid has not counted yet. ``next_at`` is when it meant to count again, and
    ``changed_at`` when the segment itself was changed. ``sample`` is None where the report has none.
    """

    count: int
    at: datetime | None = None
    next_at: datetime | None = None
    changed_at: datetime | None = None
    sample: tuple[dict[str, Any], ...] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether the sample is all of the members."""
        return self.sample is not None and len(self.sample) == self.count

    @classmethod
    def of(cls, form: Any, schema: Schema) -> Reported:
        """Read the parsed JSON of a segment; ``schema`` says which columns the sample's contacts have.

        Raises RecordError, with the key, for another shape.
        """
        if not isinstance(form, Mapping):
            raise _wrong("segment", form, "the JSON object of a segment")
        count = form.get("contacts_count")
        if not isinstance(count, int) or isinstance(count, bool) or count < 0:
            raise _wrong("contacts_count", count, "a number of contacts")
        sample = form.get("contacts_sample")
        if sample is not None and not isinstance(sample, list | tuple):
            raise _wrong("contacts_sample", sample, "a list of contacts")
        return cls(
            count,
            _moment(form, "sample_updated_at"),
            _moment(form, "next_sample_update"),
            _moment(form, "updated_at"),
            None if sample is None else tuple([_contact(item, schema) for item in sample]),
        )


def _moment(form: Mapping[str, Any], key: str) -> datetime | None:
    value = form.get(key)
    if value is None or value == "":
        return None
    moment = read_time(value) if isinstance(value, str) else None
    if moment is None:
        raise _wrong(key, value, "a time such as 2026-11-23T12:00:00Z")
    return moment


def _contact(item: Any, schema: Schema) -> dict[str, Any]:
    """Return a contact of a sample: what it shows of the columns, typed; what is empty there is NULL."""
    try:
        values, names = contact_from_json(item)
    except ValueError as error:
        raise RecordError(f"contacts_sample: {error}", key="contacts_sample") from error
    reserved = {column.key for column in CONTACT_COLUMNS}
    contact: dict[str, Any] = {}
    for key, value in values.items():
        column = schema.contact_data.column(key)
        if value in (None, "", []) or key in NOT_FIELDS or column is None:
            continue
        read = (RESERVED_KINDS if key in reserved else CUSTOM_KINDS)[column.type].read(value)
        if read is None:
            raise _wrong(f"contacts_sample: {names[key]}", value, "a value of its column")
        contact[key] = read
    return contact


def _wrong(key: str, value: Any, expected: str) -> RecordError:
    return RecordError(f"{key} is {value!r:.60}, not {expected}", key=key, value=value, expected=expected)
