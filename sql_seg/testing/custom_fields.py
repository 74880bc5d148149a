"""Strategies for schemas: accounts with custom fields of every type."""

from __future__ import annotations

from string import ascii_letters, digits

from hypothesis import strategies as st

from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import CONTACT_COLUMNS, NO_COLUMNS, SENDGRID, Schema, custom_column

_USUAL = ("plan", "age", "Lifetime_Value", "birthday", "num_orders", "favourite_colour")
_AWKWARD = (
    "_",
    "a1",
    "select",
    "ORDER",
    "timestamp",
    "event_type",
    "Data",
    "day",
    "CURRENT_TIMESTAMP",
    "x" * 100,
)
_TAKEN = {column.key for column in CONTACT_COLUMNS} | NO_COLUMNS.keys()


def schemas(*, max_fields: int = 6) -> st.SearchStrategy[Schema]:
    """Return schemas with up to ``max_fields`` custom fields, of usual and of awkward names."""
    first, more = st.sampled_from(f"{ascii_letters}_"), st.text(f"{ascii_letters}{digits}_", max_size=20)
    anything = st.builds(str.__add__, first, more).filter(lambda name: name.lower() not in _TAKEN)
    names = st.one_of(st.sampled_from(_USUAL), st.sampled_from(_AWKWARD), anything)
    types = st.sampled_from([DataType.VARCHAR, DataType.NUMBER, DataType.TIMESTAMP])
    fields = st.lists(
        st.builds(custom_column, names, types), max_size=max_fields, unique_by=lambda column: column.key
    )
    return fields.map(SENDGRID.with_columns)
