"""Values: texts, numbers, moments and patterns, few enough to meet each other, awkward ones among them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

from sql_seg.language.datatypes import Dialect

_Value = TypeVar("_Value")

_WORDS = ("a", "", "b", "A", "ab", "Ann", "ann", "max", "Max%", "a@gmail.com", "A@Gmail.com", "gmail.com")
_LIKE_OTHER_TYPES = ("2024-02-29", "2024-02-29T12:00:00Z", "10", "-1.5", "TRUE", "NULL")
_AWKWARD = (" ", "'", "''", '"', "`", "\\", "\\'", "%", "%%", "_", "--", "/*", "\r\n", "\0")
_UNICODE = ("é", "e\N{COMBINING ACUTE ACCENT}", "ß", "İ", "ﬁ", "\N{GRINNING FACE}", "\N{NO-BREAK SPACE}")

_COMMON = [
    datetime(2024, 1, 1, tzinfo=UTC),
    datetime(2024, 1, 31, 12, 30, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2023, 2, 28, tzinfo=UTC),
    datetime(2024, 3, 31, 12, tzinfo=UTC),
    datetime(2023, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(1, 1, 1, tzinfo=UTC),
    datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
]
"""Month ends, a leap day, the first and the last moment."""

_CHARACTERS = st.characters(exclude_categories=["Cs"])
"""All that UTF-8 can hold: all but halves of surrogate pairs.

``st.text()`` draws the same, but first tries a million characters one by one, which takes seconds.
"""
_CHARACTERS.validate()  # where .hypothesis is empty, its tables are made here: no draw has to wait for them

_ZONES = (UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=11)))


@cache
def up_to(most: int) -> st.SearchStrategy[int]:
    """Return integers from 0 on."""
    return st.integers(0, most)


def among(draw: st.DrawFn, values: Sequence[_Value]) -> _Value:
    """Return one of some values; the simplest stands first.

    What composites draw from is made once and not at each draw, as ``st.sampled_from`` would be there.
    """
    return values[draw(up_to(len(values) - 1))] if len(values) > 1 else values[0]


def evenly(*strategies: st.SearchStrategy[_Value]) -> st.SearchStrategy[_Value]:
    """Return values of each strategy as often as of another.

    ``st.one_of`` would rather take the parts of one that is itself made of many.
    """
    return up_to(len(strategies) - 1).flatmap(strategies.__getitem__)


@cache
def texts() -> st.SearchStrategy[str]:
    """Return texts that UTF-8 can hold: common words, LIKE's and quoting's characters, and any other."""
    return st.one_of(
        st.sampled_from(_WORDS),
        st.text("abAB%_\\'\"", max_size=5),
        st.sampled_from((*_LIKE_OTHER_TYPES, *_AWKWARD, *_UNICODE)),
        st.text(_CHARACTERS, max_size=6),
    )


@cache
def patterns(dialect: Dialect) -> st.SearchStrategy[str]:
    """Return LIKE patterns of a dialect, made of its special parts and of words."""
    special = ["%", "%%", "%%%", "_", "__"]
    if dialect is Dialect.V2:
        special += ["\\%", "\\_", "\\\\", "\\a"]
    words = st.sampled_from(["a", "A", "@", "gmail", "max", "ß", ".com"])
    return st.lists(words | st.sampled_from(special) | texts(), max_size=5).map("".join)


@cache
def magnitudes() -> st.SearchStrategy[int | float]:
    """Return finite numbers without a sign, as literals are: small ones, and the bounds of doubles."""
    bounds = [0.0, 0.1, 2.5, 100, 2**31, 2**53, 2**53 + 1, 1e16, 1.5e300, 5e-324, 1.7976931348623157e308]
    return st.one_of(
        st.integers(0, 12),
        st.sampled_from([0.5, 1.5]),
        st.sampled_from(bounds),
        st.floats(0, allow_nan=False, allow_infinity=False).map(abs),
    )


@cache
def numbers() -> st.SearchStrategy[int | float]:
    """Return finite numbers, negative zero and integers that no double holds among them."""
    far: list[int | float] = [1e308, -1.7e308, 5e-324, -0.0, 2**53, 2**53 + 1, -(2**63), 10**308]
    return st.one_of(
        st.integers(-5, 12), st.sampled_from(far), st.floats(allow_nan=False, allow_infinity=False)
    )


@cache
def instants() -> st.SearchStrategy[datetime]:
    """Return aware datetimes: some that many share, month ends, a leap day, the extremes, and any other."""
    anywhere = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=st.sampled_from(_ZONES))
    return st.sampled_from(_COMMON) | anywhere


def in_some_zone(moment: datetime) -> st.SearchStrategy[datetime]:
    """Return the same moment, as clocks of several zones show it."""
    shown = [moment]
    for zone in _ZONES[1:]:
        try:
            shown.append(moment.astimezone(zone))
        except OverflowError:
            continue
    return st.sampled_from(shown)


@cache
@st.composite
def timestamp_texts(draw: st.DrawFn) -> str:
    """Return the text of an instant, in any of the forms that literals take."""
    moment = draw(instants())
    if moment.year in (1, 9999):
        return moment.strftime(f"{moment.year:04}-%m-%d")
    date = f"{moment.year:04}-{moment:%m-%d}"
    form = among(draw, ("", "%H:%M", "%H:%M:%S", "%H:%M:%S.%f"))
    if not form:
        return date
    offset = among(draw, ("", "Z", "+02:00", "-0930"))
    digits = among(draw, ("", "789")) if form.endswith("%f") else ""
    return f"{date}{among(draw, 'T ')}{moment:{form}}{digits}{offset}"
