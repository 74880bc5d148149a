"""Records that a solver found, made realistic: a value changes only where the answer stays what it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from sql_seg.language.schema import Schema
from sql_seg.solver import Record
from sql_seg.solver.budget import OutOfStepsError
from sql_seg.testing.people import People, consistent, is_usual, with_domains

_TRIES = 3
"""How many drawn values are tried in place of an odd one, and after them how many of the query's own."""
_MOST_OWN = 40


def as_people_are(
    record: Record,
    schema: Schema,
    draw: st.DrawFn,
    people: People,
    free: set[str],
    is_met: Callable[[Record], bool],
) -> Record:
    """Return a record with values that people have, as far as ``is_met`` stays true.

    Columns that are ``free`` were not asked for. What must be odd stays odd, so no member is left out.
    """

    def tried(contact: dict[str, Any]) -> dict[str, Any] | None:
        try:
            return contact if is_met(replace(record, contact=contact)) else None
        except OutOfStepsError:
            return None

    contact, drawn = dict(record.contact), people.someone(draw)
    for key, value in record.contact.items():
        column = schema.contact_data.columns[key]
        if key == "contact_id" or is_usual(column, value):
            continue
        values = [*(drawn(column) for _ in range(_TRIES)), *people.own_values(column)[:_MOST_OWN]]
        for usual in values:
            better = tried({**contact, key: usual})
            if better is not None:
                contact = better
                break
    for agreed in (consistent(contact), consistent(with_domains(contact, free), free)):
        better = tried(agreed)
        if better is not None:
            contact = better
            break
    return replace(record, contact=contact)
