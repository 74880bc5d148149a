"""Strings in quotes, read and written."""

from __future__ import annotations

import pytest
from hypothesis import given

from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import HalfOfAPairError, escapes, read_string, write_string
from sql_seg.testing.constants import texts

V1, V2 = Dialect.V1, Dialect.V2


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("'x'", "x"),
        ('"x"', "x"),
        ("''", ""),
        (r"'it\'s'", "it's"),
        (r'"it\'s"', r"it\'s"),
        (r'"say \"hi\""', 'say "hi"'),
        (r"'say \"hi\"'", r"say \"hi\""),
        (r"'a\\b'", r"a\b"),
        (r"'a\nb'", r"a\nb"),
        (r"'a\%b'", r"a\%b"),
        (r"'\\\''", r"\'"),
        (r"'a\\'", "a\\"),
        ("'a\nb'", "a\nb"),
    ],
)
def test_v1(token: str, value: str) -> None:
    assert read_string(token, V1) == value


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ("'x'", "x"),
        ("''", ""),
        ("'it''s'", "it's"),
        ("''''", "'"),
        ("''''''", "''"),
        (r"'it\'s'", "it's"),
        (r"'\"vip\"'", '"vip"'),
        ("'\"vip\"'", '"vip"'),
        (r"'a\\b'", r"a\b"),
        (r"'a\\'", "a\\"),
        (r"'a\\''b'", "a\\'b"),
        (r"'\'''", "''"),
        (r"'a\nb'", "a\nb"),
        (r"'\b\f\n\r\t\0'", "\b\f\n\r\t\0"),
        (r"'100\%'", "100%"),
        (r"'a\\%'", r"a\%"),
        ("'a\\\nb'", "a\nb"),
        ("'a\r\nb'", "a\r\nb"),
        (r"'C:\Users'", "C:Users"),
        (r"'\012\101\377'", "\nA\xff"),
        (r"'\400\18\8'", "400188"),
        (r"'\01'", "\x001"),
        (r"'\x4A\x4a\x4\x'", "JJx4x"),
        (r"'\u00e9\uFFFD\u12'", "\xe9\ufffdu12"),
        (r"'\ud83d\ude00\uD83D\uDE00'", "\N{GRINNING FACE}\N{GRINNING FACE}"),
        (r"'\\u0041\\n'", r"\u0041\n"),
    ],
)
def test_v2(token: str, value: str) -> None:
    assert read_string(token, V2) == value


@pytest.mark.parametrize("half", [r"\ud83d", r"\ude00"])
@pytest.mark.parametrize("around", ["'{}'", "'a{}b'", r"'{}\u0041'", r"'\ud83d\ude00{}'", r"'{}x'"])
def test_half_of_a_pair(half: str, around: str) -> None:
    token = around.format(half)
    with pytest.raises(HalfOfAPairError) as caught:
        read_string(token, V2)
    assert token[caught.value.start :].startswith(caught.value.written)


@pytest.mark.parametrize("dialect", Dialect)
@given(value=texts())
def test_written_and_read(dialect: Dialect, value: str) -> None:
    token = write_string(value, dialect)
    assert token.startswith("'")
    assert token.endswith("'")
    assert read_string(token, dialect) == value


def test_how_a_quote_is_written() -> None:
    assert write_string("it's \\", V1) == r"'it\'s \\'"
    assert write_string("it's \\", V2) == r"'it''s \\'"


def test_what_each_backslash_becomes() -> None:
    found = list(escapes(r"'it''s \'a\\ \n\U'"))
    assert [(escape.written, escape.value) for escape in found] == [
        (r"\'", "'"),
        ("\\\\", "\\"),
        (r"\n", "\n"),
        (r"\U", "U"),
    ]
    assert [escape.is_seen for escape in found] == [True, True, False, False]
    assert [escape.is_dropped for escape in found] == [False, False, False, True]
