"""Values: texts, numbers, timestamps and patterns, small enough to meet each other by chance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from sql_seg.datatypes import Dialect

_ODD_TEXTS = (
    "",
    " ",
    "'",
    "''",
    '"',
    "`",
    "\\",
    "\\'",
    "%",
    "%%",
    "_",
    "--",
    "/*",
    "ß",
    "İ",
    "ﬁ",
    "e\N{COMBINING ACUTE ACCENT}",
    "é",
    "\N{GRINNING FACE}",
    "\r\n",
    "\0",
    "\ud800",
)
_WORDS = (
    "Ann",
    "ann",
    "ANN",
    "max",
    "Max%",
    "a@gmail.com",
    "A@Gmail.com",
    "gmail.com",
    "2024-02-29",
    "10",
    "TRUE",
)


def texts() -> st.SearchStrategy[str]:
    """Return texts: common words, awkward ones, and any other; lone surrogates too."""
    anything = st.text(st.characters(exclude_categories=()), max_size=6)
    return st.one_of(
        st.sampled_from(_WORDS), st.text("abAB%_\\'\"", max_size=5), st.sampled_from(_ODD_TEXTS), anything
    )


def patterns(dialect: Dialect) -> st.SearchStrategy[str]:
    """Return LIKE patterns of a dialect, made of its special parts and of words."""
    special = ["%", "%%", "%%%", "_"] + (["\\%", "\\_", "\\\\", "\\a"] if dialect is Dialect.V2 else [])
    part = st.sampled_from(special) | st.sampled_from(["a", "A", "@", "gmail", "max", "ß", ".com"]) | texts()
    return st.lists(part, max_size=5).map("".join)


def magnitudes() -> st.SearchStrategy[int | float]:
    """Return numbers without a sign, as literals are."""
    return st.one_of(
        st.integers(0, 12),
        st.sampled_from(
            [0.0, 0.1, 0.5, 2.5, 100, 2**31, 2**53, 2**53 + 1, 1e16, 1.5e300, 5e-324, 1.7976931348623157e308]
        ),
        st.floats(0, allow_nan=False, allow_infinity=False).map(abs),
    )


def instants() -> st.SearchStrategy[datetime]:
    """Return aware datetimes: a few days that many share, month ends, the extremes, and any other."""
    common = st.sampled_from(
        [
            datetime(2024, 1, 1, tzinfo=UTC),
            datetime(2024, 1, 31, 12, 30, tzinfo=UTC),
            datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC),
            datetime(2023, 12, 31, 23, 59, 59, tzinfo=UTC),
            datetime(1, 1, 1, tzinfo=UTC),
            datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
        ]
    )
    zones = st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=8))])
    anywhere = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=zones)
    return common | anywhere


@st.composite
def timestamp_texts(draw: st.DrawFn) -> str:
    """Return the text of an instant, in any of the forms that literals take."""
    moment = draw(instants())
    if moment.year in (1, 9999):
        return moment.strftime(f"{moment.year:04}-%m-%d")
    date = f"{moment.year:04}-{moment:%m-%d}"
    form = draw(st.sampled_from(["", "%H:%M", "%H:%M:%S", "%H:%M:%S.%f"]))
    if not form:
        return date
    offset = draw(st.sampled_from(["", "Z", "+02:00", "-0930"]))
    digits = draw(st.sampled_from(["", "789"])) if form.endswith("%f") else ""
    return f"{date}{draw(st.sampled_from('T '))}{moment:{form}}{digits}{offset}"
