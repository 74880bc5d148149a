"""Contacts with their events, whose values lie near what a query compares them with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st

from sql_seg.datatypes import DataType
from sql_seg.literals import read_timestamp
from sql_seg.nodes import Number, Path, Query, String, Timestamp
from sql_seg.traversal import walk
from tests.laws.strategies.evaluated import CONTACT_COLUMNS
from tests.laws.strategies.values import instants, texts

Record = dict[str, Any]

_KEYS = ("payload", "singlesend_id", "a-b", "url", "select", "unique_args")
_STEPS = [timedelta(microseconds=n) for n in (-1, 0, 1)] + [timedelta(days=n) for n in (-31, -1, 1, 30)]
_FAR: list[int | float] = [1e308, -1.7e308, 5e-324, -0.0, 2**53, 2**53 + 1, -(2**63), 10**308]


@dataclass(frozen=True)
class Account:
    """Contacts and rows of event_data: of some of the contacts, and of a stranger."""

    contacts: list[Record]
    events: list[Record] = field(default_factory=list)

    def events_of(self, contact: Mapping[str, Any]) -> list[Record]:
        return [event for event in self.events if event["contact_id"] == contact.get("contact_id")]


class Near:
    """Values near the literals of a query."""

    def __init__(self, query: Query) -> None:
        nodes = list(walk(query))
        strings = [node.value for node in nodes if isinstance(node, String)]
        self.keys = tuple({key for node in nodes if isinstance(node, Path) for key in node.keys}) or _KEYS
        self.texts = _texts(strings)
        self.numbers = _numbers([node.value for node in nodes if isinstance(node, Number)])
        self.instants = _instants([n.value for n in nodes if isinstance(n, String | Timestamp)])

    def of(self, kind: DataType) -> st.SearchStrategy[Any]:
        return {
            DataType.VARCHAR: self.texts,
            DataType.NUMBER: self.numbers,
            DataType.TIMESTAMP: self.instants,
            DataType.ARRAY: st.lists(self.texts, max_size=3),
        }[kind]

    def json(self) -> st.SearchStrategy[Any]:
        """Return JSON values: scalars of every kind, nested under the keys that the query asks for."""
        numbers = self.numbers.filter(lambda number: abs(number) < 1e300)
        stamps = self.instants.map(_iso)
        scalars = st.none() | self.texts | numbers | st.booleans() | stamps
        inner: st.SearchStrategy[Any] = scalars | st.lists(scalars, max_size=2)
        for _ in range(2):
            inner = inner | st.dictionaries(
                st.sampled_from((*self.keys, *_KEYS)), inner, min_size=1, max_size=3
            )
        return inner

    def data(self) -> st.SearchStrategy[Any]:
        """Return the data of an event: mostly a payload with unique arguments, as v1's map needs it."""
        flat = st.dictionaries(st.sampled_from((*self.keys, *_KEYS[1:5])), self.json(), max_size=3)
        payloads = st.builds(lambda own, unique: {"payload": {**own, "unique_args": unique}}, flat, flat)
        return st.one_of(payloads, payloads, self.json())


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat()[:19]


def _texts(literals: list[str]) -> st.SearchStrategy[str]:
    near = sorted({form for text in literals for form in _forms(text)})
    anything = texts()
    return st.one_of(st.sampled_from(near), st.sampled_from(near), anything) if near else anything


def _forms(text: str) -> tuple[str, ...]:
    plain = text.replace("\\%", "%").replace("\\_", "_").replace("\\\\", "\\")
    return (
        text,
        text.upper(),
        text.lower(),
        plain.replace("%%", "%"),
        text.replace("%", ""),
        text.replace("%", "ab").replace("_", "a"),
        text + "a",
        text[:-1],
    )


def _numbers(literals: list[int | float]) -> st.SearchStrategy[int | float]:
    near = sorted({form for number in literals for form in (number, -number, number + 1, number - 1)})
    usual = st.sampled_from([*near, 0, 1, -1, 2, 10])
    return st.one_of(usual, usual, st.integers(-5, 5), st.sampled_from(_FAR), _FLOATS)


_FLOATS = st.floats(allow_nan=False, allow_infinity=False)
_ZONES = [UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=11))]


def _instants(literals: list[str]) -> st.SearchStrategy[datetime]:
    moments = [moment for moment in map(read_timestamp, literals) if moment is not None]
    near = sorted({moved for moment in moments for moved in _around(moment)})
    if not near:
        return instants()
    there = st.builds(_seen_in, st.sampled_from(near), st.sampled_from(_ZONES))
    return st.one_of(there, there, instants())


def _around(moment: datetime) -> list[datetime]:
    made = []
    for step in _STEPS:
        try:
            made.append(moment + step)
        except OverflowError:
            continue
    return made


def _seen_in(moment: datetime, zone: timezone) -> datetime:
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


_COLUMNS = {name.lower(): kind for kind, names in CONTACT_COLUMNS.items() for name in names}


@st.composite
def contacts_near(draw: st.DrawFn, query: Query, contact_id: str | None = None) -> Record:
    """Return a contact: a quarter of its columns NULL, as None or absent."""
    near = Near(query)
    contact: Record = {} if contact_id is None else {"contact_id": contact_id}
    for name, kind in _COLUMNS.items():
        chance = draw(st.integers(0, 7))
        if chance == 0:
            contact[name] = None
        elif chance > 1:
            contact[name] = draw(near.of(kind))
    return contact


@st.composite
def accounts(draw: st.DrawFn, query: Query, *, events: bool = True) -> Account:
    """Return contacts near a query, most with 0 to 4 events; some events repeat, some are a stranger's."""
    ids = [f"c{number}" for number in range(draw(st.integers(1, 4)))]
    contacts = [draw(contacts_near(query, contact_id)) for contact_id in ids]
    if not events:
        return Account(contacts)
    rows: list[Record] = [
        row for contact_id in (*ids, "stranger") for row in draw(_some_rows(query, contact_id))
    ]
    if draw(st.booleans()) and rows:
        rows.append(dict(draw(st.sampled_from(rows))))
    return Account(contacts, list(draw(st.permutations(rows))))


@st.composite
def _some_rows(draw: st.DrawFn, query: Query, contact_id: str) -> list[Record]:
    least = draw(st.sampled_from([0, 1, 2]))
    return draw(st.lists(event_rows(query, contact_id), min_size=least, max_size=4))


@st.composite
def event_rows(draw: st.DrawFn, query: Query, contact_id: str) -> Record:
    """Return a row of event_data near a query."""
    near = Near(query)
    row: Record = {
        "contact_id": contact_id,
        "event_type": draw(near.texts) or "open",
        "timestamp": draw(near.instants),
    }
    if draw(st.integers(0, 3)):
        row["event_source"] = draw(st.sampled_from(["mail", "Ann", "a"]))
    if draw(st.integers(0, 4)):
        row["data"] = draw(near.data())
    return row
