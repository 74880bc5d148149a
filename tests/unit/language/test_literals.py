"""Literals and names, read and written, in each dialect."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import (
    RESERVED,
    is_number,
    read_number,
    write_name,
    write_number,
    write_qualified_name,
)
from sql_seg.language.timestamps import read_timestamp, write_timestamp

V1, V2 = Dialect


class TestTimestamps:
    @pytest.mark.parametrize(
        ("text", "numbers"),
        [
            ("2024-02-29", (2024, 2, 29)),
            ("2024-02-29T12:30", (2024, 2, 29, 12, 30)),
            ("2024-02-29 12:30", (2024, 2, 29, 12, 30)),
            ("2024-02-29T12:30:59", (2024, 2, 29, 12, 30, 59)),
            ("2024-02-29T12:30Z", (2024, 2, 29, 12, 30)),
            ("2024-02-29 12:30:59Z", (2024, 2, 29, 12, 30, 59)),
            ("2024-02-29T12:30:59.5", (2024, 2, 29, 12, 30, 59, 500_000)),
            ("2024-02-29T12:30:59.000001Z", (2024, 2, 29, 12, 30, 59, 1)),
            ("2024-02-29T12:30:59.9999999", (2024, 2, 29, 12, 30, 59, 999_999)),
            ("2024-02-29T12:30:59.123456789012345", (2024, 2, 29, 12, 30, 59, 123_456)),
            ("2024-02-29T12:30:00+02:00", (2024, 2, 29, 10, 30)),
            ("2024-02-29T12:30:00+0200", (2024, 2, 29, 10, 30)),
            ("2024-02-29T12:30-09:30", (2024, 2, 29, 22, 0)),
            ("2024-02-29T23:30-01:00", (2024, 3, 1, 0, 30)),
            ("2024-02-29T12:30-00:00", (2024, 2, 29, 12, 30)),
            ("2024-02-29T12:30+23:59", (2024, 2, 28, 12, 31)),
            ("0001-01-01", (1, 1, 1)),
            ("0001-01-01T00:00-00:01", (1, 1, 1, 0, 1)),
            ("9999-12-31T23:59:59.999999Z", (9999, 12, 31, 23, 59, 59, 999_999)),
            ("2000-02-29", (2000, 2, 29)),
        ],
    )
    def test_the_one_form(self, text: str, numbers: tuple[int, ...]) -> None:
        moment = read_timestamp(text)
        assert moment == datetime(*numbers, tzinfo=UTC)  # type: ignore[misc,arg-type]
        assert moment.utcoffset() == timedelta(0)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " 2024-02-29",
            "2024-02-29 ",
            "2024-02-29\n",
            "2024-2-29",
            "24-02-29",
            "02024-02-29",
            "2024/02/29",
            "20240229",
            "2024-02",
            "2024-W09-4",
            "2024-02-30",
            "2023-02-29",
            "1900-02-29",
            "2024-13-01",
            "2024-00-01",
            "2024-01-00",
            "0000-01-01",
            "10000-01-01",
            "-2024-01-01",
            "2024-02-29Z",
            "2024-02-29+02:00",
            "2024-02-29T",
            "2024-02-29T12",
            "2024-02-29T12Z",
            "2024-02-29T1230",
            "2024-02-29t12:30",
            "2024-02-29T12:30z",
            "2024-02-29  12:30",
            "2024-02-29T24:00",
            "2024-02-29T12:60",
            "2024-02-29T12:30:60",
            "2024-02-29T12:30:59.",
            "2024-02-29T12:30:59,5",
            "2024-02-29T12:30.5",
            "2024-02-29T12:30:59+2",
            "2024-02-29T12:30:59+02",
            "2024-02-29T12:30:59 +02:00",
            "2024-02-29T12:30:59+24:00",
            "2024-02-29T12:30:59+02:60",
            "2024-02-29T12:30:59Z+02:00",
            "2024-02-29T12:30:59 UTC",
            "0001-01-01T00:00+00:01",
            "9999-12-31T23:59-00:01",
            "٢٠٢٤-02-29",
            "2024-02-29T12:30:59.٥",
            "now",
            "1709164800",
        ],
    )
    def test_no_other_form(self, text: str) -> None:
        assert read_timestamp(text) is None

    @given(st.datetimes(timezones=st.sampled_from([UTC])))
    def test_written_and_read(self, moment: datetime) -> None:
        assert read_timestamp(write_timestamp(moment)) == moment

    def test_written_in_utc(self) -> None:
        zone = timezone(timedelta(hours=2))
        assert write_timestamp(datetime(2024, 2, 29, 1, 30, tzinfo=zone)) == "2024-02-28T23:30:00Z"
        assert (
            write_timestamp(datetime(2024, 2, 29, microsecond=10, tzinfo=UTC))
            == "2024-02-29T00:00:00.000010Z"
        )


class TestNumbers:
    @pytest.mark.parametrize(
        ("token", "value"),
        [
            ("0", 0),
            ("007", 7),
            ("30", 30),
            ("0.5", 0.5),
            ("1.0", 1.0),
            ("00.10", 0.1),
            ("9007199254740992", 2**53),
            ("9007199254740993", 2**53),
            ("9007199254740994", 9007199254740994.0),
            ("1" + "0" * 308, 1e308),
            ("0." + "0" * 400 + "1", 0.0),
            ("0" * 5000 + "1", 1),
        ],
    )
    def test_read(self, token: str, value: float) -> None:
        number = read_number(token)
        assert number == value
        assert type(number) is type(value)

    def test_too_large_for_a_double(self) -> None:
        assert read_number("1" + "0" * 309) == float("inf")
        assert not is_number(read_number("9" * 10_000))

    @pytest.mark.parametrize(
        ("value", "token"),
        [
            (30, "30"),
            (0.1, "0.1"),
            (1.0, "1.0"),
            (1e16, "10000000000000000"),
            (5e-7, "0.0000005"),
            (1e23, "1" + "0" * 23),
        ],
    )
    def test_written_without_an_exponent(self, value: float, token: str) -> None:
        assert write_number(value) == token

    @given(st.floats(0, allow_nan=False, allow_infinity=False) | st.integers(0, 2**53))
    def test_written_and_read(self, value: float) -> None:
        assert read_number(write_number(value)) == value

    @pytest.mark.parametrize("value", [True, "1", None, float("nan"), float("inf"), 1j])
    def test_what_is_none(self, value: object) -> None:
        assert not is_number(value)


class TestNames:
    @pytest.mark.parametrize(
        ("name", "v1", "v2"),
        [
            ("email", "email", "email"),
            ("größe", "größe", "größe"),
            ("_", "_", "_"),
            ("line", "line", "line"),
            ("timestamp", "timestamp", "timestamp"),
            ("first name", "`first name`", '"first name"'),
            ("1st", "`1st`", '"1st"'),
            ("a-b", "`a-b`", '"a-b"'),
            ('a"b', '`a"b`', '`a"b`'),
            ("and", "`and`", '"and"'),
            ("Left", "Left", '"Left"'),
            ("select", "`select`", '"select"'),
            ("delete", "`delete`", "delete"),
            ("ſelect", "ſelect", "ſelect"),
            (" ", "` `", '" "'),
        ],
    )
    def test_written(self, name: str, v1: str, v2: str) -> None:
        assert write_name(name, V1) == v1
        assert write_name(name, V2) == v2

    def test_a_backtick_only_in_double_quotes(self) -> None:
        assert write_name("a`b", V2) == '"a`b"'
        with pytest.raises(ValueError, match="no v1 text can hold the name"):
            write_name("a`b", V1)
        with pytest.raises(ValueError, match="no v2 text can hold the name"):
            write_name('a`"b', V2)

    @pytest.mark.parametrize("dialect", Dialect)
    def test_no_empty_name(self, dialect: Dialect) -> None:
        with pytest.raises(ValueError, match="empty"):
            write_name("", dialect)

    @pytest.mark.parametrize("dialect", Dialect)
    def test_reserved_words_need_delimiters(self, dialect: Dialect) -> None:
        for word in RESERVED[dialect]:
            for spelling in (word, word.lower(), word.title()):
                assert write_name(spelling, dialect)[0] in '`"'

    def test_qualified(self) -> None:
        assert write_qualified_name("order", "c", V2) == 'c."order"'
        assert write_qualified_name("current_timestamp", None, V2) == '"current_timestamp"'
        assert write_qualified_name("current_timestamp", "c", V2) == "c.current_timestamp"
        assert write_qualified_name("current_timestamp", None, V1) == "current_timestamp"
