"""Values as people and their mail have them: names, addresses, places, moments of this century, payloads.

Where a query asks for a column, half of its values are the query's own or just beside them, as far as a
contact of an account could have them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property, lru_cache
from typing import Any, NamedTuple, TypeVar

from hypothesis import strategies as st

from sql_seg.language.addresses import EMAIL_DOMAINS, email_domains
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import EVENT_TYPES, Column
from sql_seg.syntax.nodes import Query
from sql_seg.testing.constants import among, evenly, up_to
from sql_seg.testing.near import Near
from sql_seg.testing.near import near as near_query

_Value = TypeVar("_Value")

_ADDRESS = re.compile(r"[a-z0-9._+-]+@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}")
_FIRST = datetime(2001, 1, 1, tzinfo=UTC)
_LIFE = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Dates that fields of an account may hold."""
_BEGINNING = datetime(2015, 1, 1, tzinfo=UTC)
_END = datetime(2026, 1, 1, tzinfo=UTC)
"""Moments lie before this one where no ``now`` is given."""
_LARGEST = 10**9

FIRST_NAMES = ("Ada", "Grace", "Ann", "Bob", "José", "Zoë", "Nils", "Chloe", "Tom", "Aiko", "Mary Ann")
LAST_NAMES = ("Lovelace", "Hopper", "Lee", "O'Neil", "García", "Müller", "Hansen", "Okafor", "Smith-Jones")
DOMAINS = ("gmail.com", "example.com", "yahoo.com", "outlook.com", "example.org", "acme.example")


class Place(NamedTuple):
    """Where somebody lives, in the columns of contact_data."""

    city: str
    state_province_region: str
    postal_code: str
    country: str


PLACES = (
    Place("Oslo", "Oslo", "0150", "NO"),
    Place("Denver", "CO", "80202", "US"),
    Place("Portland", "OR", "97201", "US"),
    Place("Toronto", "ON", "M5V 2T6", "CA"),
    Place("München", "BY", "80331", "DE"),
    Place("São Paulo", "SP", "01310-100", "BR"),
    Place("Lima", "LIM", "15001", "PE"),
)
LISTS = tuple(f"115715d0-0000-4000-8000-00000000000{number}" for number in range(1, 4))
WORDS = ("free", "pro", "gold", "blue", "yes", "Spring Sale", "Acme Ltd.", "n/a")


def is_address(text: str) -> bool:
    """Return whether a text is an email address as SendGrid stores one."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def is_usual(column: Column, value: Any) -> bool:
    """Return whether a contact of an account could well have a value in a column."""
    if isinstance(value, list):
        return len(set(value)) == len(value) and all(_is_usual_text(column, text) for text in value)
    if isinstance(value, str):
        return _is_usual_text(column, value)
    if isinstance(value, datetime):
        return value >= _FIRST if not column.nullable else _LIFE[0] <= value <= _LIFE[1]
    return value is None or (-_LARGEST <= value <= _LARGEST and round(value, 2) == value)


def _is_usual_text(column: Column, text: str) -> bool:
    if column.key in ("email", "alternate_emails"):
        return is_address(text)
    if column.key == EMAIL_DOMAINS:
        return is_address(f"a@{text}")
    return 0 < len(text) <= (column.length or 100) and text.isprintable() and text == text.strip()


def addresses(own: Iterable[str] = ()) -> st.SearchStrategy[str]:
    """Return email addresses; those with a text of the query's own in them are as likely as others."""
    theirs = {address for text in own for address in _with(text.lower()) if is_address(address)}
    return _or(sorted(theirs), _usual_addresses())


@cache
@st.composite
def _usual_addresses(draw: st.DrawFn) -> str:
    first, last = among(draw, FIRST_NAMES), among(draw, LAST_NAMES)
    form = among(draw, ("{first}", "{first}.{last}", "{first}{number}", "{first}_{last}+{number}"))
    local = form.format(first=_plain(first), last=_plain(last), number=draw(st.integers(1, 999)))
    return f"{local}@{among(draw, DOMAINS)}"


def _with(text: str) -> tuple[str, ...]:
    """Return what may be an address with a text in it, such as a part that a pattern asks for."""
    return text, f"ada@{text}", f"ada{text}", f"{text}@example.com", f"ada@{text}.com"


def _plain(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())


def moments(near: Near, now: datetime | None, *, is_history: bool = True) -> st.SearchStrategy[datetime]:
    """Return moments of this century up to ``now``; the query's own are as likely as others.

    What is no history of the account, such as a birthday or the end of a contract, may be earlier or later
    where the query says so.
    """
    end = _END if now is None else now.astimezone(UTC)
    start = min(_BEGINNING, end - timedelta(days=365)) if end > _FIRST else end
    days, seconds = st.integers(0, (end - start).days), st.integers(0, 86_399)
    usual = st.builds(lambda day, second: min(start + timedelta(day, second), end), days, seconds)
    first, last = (min(_FIRST, end), end) if is_history else _LIFE
    own, beside = (
        [moment for moment in given if first <= moment <= last]
        for given in (near.own_instants, near.own_beside)
    )
    return evenly(st.sampled_from(own), st.sampled_from(beside), usual) if own and beside else _or(own, usual)


def numbers(own: Iterable[int | float]) -> st.SearchStrategy[int | float]:
    """Return counts and amounts of money; the query's own are as likely as others."""
    usual = st.integers(0, 100) | st.integers(0, 100_000).map(lambda cents: cents / 100)
    return _or([number for number in own if abs(number) <= _LARGEST], usual)


def _or(own: Sequence[_Value], usual: st.SearchStrategy[_Value]) -> st.SearchStrategy[_Value]:
    return evenly(st.sampled_from(own), usual) if own else usual


class People:
    """What contacts of an account hold, and their events: strategies that are made once for a query."""

    always = frozenset({"email"})
    """What everybody has, unless a query asks for it."""

    def __init__(self, near: Near, now: datetime | None) -> None:
        self.near = near
        self._now = now
        self._strategy = cache(self._made)

    def someone(self, draw: st.DrawFn) -> Callable[[Column], Any]:
        """Return what draws the columns of one contact, which belong to each other."""
        place = among(draw, PLACES)

        def value(column: Column) -> Any:
            there = getattr(place, column.key) if column.key in Place._fields else None
            return draw(self._strategy(column, there))

        return value

    def agreeing(self, contact: dict[str, Any]) -> dict[str, Any]:
        """Return a contact whose columns belong to each other."""
        return consistent(contact)

    @cached_property
    def events(self) -> st.SearchStrategy[dict[str, Any]]:
        """Events as the webhook sends them, without the id of their contact."""
        usual = st.sampled_from(("open", "click", "processed", "delivered", *EVENT_TYPES))
        types = _or([text for text in self.near.own_texts if text in EVENT_TYPES], usual)
        return _mail(types, moments(self.near, self._now), self.near)

    def _made(self, column: Column, there: str | None) -> st.SearchStrategy[Any]:
        """Return values of a column; ``there`` is what it says of the place where somebody lives."""
        near = self.near if self._asks_for(column.key) else near_query(None, None)
        if column.type is DataType.TIMESTAMP:
            return moments(near, self._now, is_history=not column.nullable)
        if column.type is DataType.NUMBER:
            return numbers(near.own_numbers)
        if column.key in ("email", "alternate_emails"):
            own = addresses((self.near if self._asks_for(EMAIL_DOMAINS) else near).own_texts)
            return own if column.type is DataType.VARCHAR else st.lists(own, max_size=2, unique=True)
        theirs = [text for text in near.own_texts if is_usual(column, text)]
        if column.type is DataType.ARRAY:
            return st.lists(_or(theirs, st.sampled_from(LISTS)), max_size=3, unique=True)
        return _or(theirs, _USUAL.get(column.key, _WORDS) if there is None else st.just(there))

    def own_values(self, column: Column) -> list[Any]:
        """Return values of the query that a column could well have; for an email one of each domain, too.

        Values that are drawn may all have the one domain that a segment leaves out.
        """
        own: Sequence[Any] = ()
        if column.type is DataType.TIMESTAMP:
            own = (*self.near.own_instants, *self.near.own_beside)
        elif column.type is DataType.NUMBER:
            own = self.near.own_numbers
        elif column.key == "email":
            own = (*self.near.own_texts, *(f"ada@{domain}" for domain in DOMAINS))
        elif column.type is DataType.VARCHAR:
            own = self.near.own_texts
        return [value for value in dict.fromkeys(own) if is_usual(column, value)]

    def _asks_for(self, key: str) -> bool:
        return self.near.columns is not None and key in self.near.columns


@lru_cache(maxsize=64)
def people(query: Query | None, now: datetime | None) -> People:
    """Return the people of an account near what a query asks for at ``now``."""
    return People(near_query(query, now), now)


_WORDS = st.sampled_from(WORDS)
_IDS = st.uuids(version=4).map(str)
_PHONES = st.integers(0, 9999).map("+1202555{:04}".format)
_HANDLES = st.sampled_from(FIRST_NAMES).map(lambda name: f"{_plain(name)}1")
_USUAL: Mapping[str, st.SearchStrategy[str]] = {
    **dict.fromkeys(("contact_id", "anonymous_id"), _IDS),
    "external_id": st.integers(1, 99_999).map("crm-{}".format),
    "first_name": st.sampled_from(FIRST_NAMES),
    "last_name": st.sampled_from(LAST_NAMES),
    "address_line_1": st.integers(1, 999).map("{} Main Street".format),
    "address_line_2": st.integers(1, 99).map("Apt. {}".format),
    **dict.fromkeys(("phone_number", "phone_number_id", "whatsapp"), _PHONES),
    **dict.fromkeys(("line", "facebook", "unique_name"), _HANDLES),
}


def consistent(contact: dict[str, Any], free: Iterable[str] | None = None) -> dict[str, Any]:
    """Return a contact whose columns agree: created before updated, the domains of its addresses.

    Only columns that are ``free`` change; None is all.
    """
    agreed = dict(contact)
    may = set(contact if free is None else free)
    created, updated = agreed.get("created_at"), agreed.get("updated_at")
    if created is not None and updated is not None and created > updated:
        if "updated_at" in may:
            agreed["updated_at"] = created
        elif "created_at" in may:
            agreed["created_at"] = updated
    others = agreed.get("alternate_emails")
    if others and "alternate_emails" in may:
        email = agreed.get("email")
        agreed["alternate_emails"] = [text for text in others if text != email] if email else []
    if EMAIL_DOMAINS in may and agreed.get(EMAIL_DOMAINS) is not None:
        given = [agreed.get("email") or "", *(agreed.get("alternate_emails") or ())]
        agreed[EMAIL_DOMAINS] = email_domains(given)
    return agreed


def with_domains(contact: dict[str, Any], free: Iterable[str]) -> dict[str, Any]:
    """Return a contact with addresses of the domains that it is asked to have, where those are free."""
    domains = [domain for domain in contact.get(EMAIL_DOMAINS) or () if is_address(f"ada@{domain}")]
    if not domains or not {"email", "alternate_emails"} <= set(free) or EMAIL_DOMAINS in free:
        return contact
    first, *others = (f"ada@{domain}" for domain in domains)
    return {**contact, "email": first, "alternate_emails": others, EMAIL_DOMAINS: domains}


@st.composite
def _mail(
    draw: st.DrawFn, types: st.SearchStrategy[str], when: st.SearchStrategy[datetime], near: Near
) -> dict[str, Any]:
    event_type = draw(types)
    row: dict[str, Any] = {"event_type": event_type, "timestamp": draw(when)}
    if draw(up_to(3)):
        row["event_source"] = "mail"
    if draw(up_to(4)):
        row["data"] = _payload(draw, event_type, near)
    return row


_UNIQUE_ARGS = st.dictionaries(st.sampled_from(("campaign", "plan")), _WORDS, max_size=2)


def _payload(draw: st.DrawFn, event_type: str, near: Near) -> dict[str, Any]:
    """Return the data of an event as the webhook sends it, with what the query's paths lead to."""
    payload: dict[str, Any] = {"email": draw(_usual_addresses()), "unique_args": draw(_UNIQUE_ARGS)}
    if event_type in ("click", "open"):
        payload["useragent"] = "Mozilla/5.0"
    if event_type == "click":
        payload["url"] = among(draw, ("https://example.com/", "https://example.com/sale?id=1"))
    data: dict[str, Any] = {"payload": payload}
    if near.paths and draw(up_to(3)) > 0:
        path = among(draw, near.paths)
        theirs = [text for text in near.own_texts if text and text.isprintable()]
        if near.own_numbers and not theirs:
            _put(data, path, draw(numbers(near.own_numbers)))
        else:
            _put(data, path, among(draw, [*theirs, *WORDS]))
    return data


def _put(data: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value at the end of a path, beside what is there."""
    *way, last = path
    for key in way:
        inner = data.get(key)
        if not isinstance(inner, dict):
            inner = data[key] = {}
        data = inner
    data[last] = value
