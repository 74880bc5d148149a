"""Rules about what SendGrid leaves open and Snowflake's documentation decides."""

from __future__ import annotations

import pytest

from sql_seg.diagnostics import Safety
from sql_seg.diagnostics.fixes import apply_fixes
from sql_seg.provenance import Provenance
from tests.unit.linting.linting import JOINED, PLAIN, findings, finds, is_silent


@pytest.mark.parametrize(
    ("written", "becomes", "fixed"),
    [
        (r"'C:«\U»sers'", r"\U is U", r"'C:\\Users'"),
        (r"'«\x»4'", r"\x is x", r"'\\x4'"),
        (r"'«\8»'", r"\8 is 8", r"'\\8'"),
        (r"'«\%»'", r"\% is %", r"'\\%'"),
    ],
)
def test_a_backslash_that_is_dropped(written: str, becomes: str, fixed: str) -> None:
    finds(
        f"{PLAIN}plan = {written}",
        "string-escape",
        f"the backslash is dropped: {becomes} in a text",
        help="for a backslash, write it twice",
        fixed=f"{PLAIN}plan = {fixed}",
        safety=Safety.UNSAFE,
    )


@pytest.mark.parametrize(
    ("written", "called"),
    [
        (r"«\n»", r"\n is a line break"),
        (r"«\0»8", r"\0 is the character U+0000"),
        (r"«\x41»", r"\x41 is the character A"),
        (r"«\101»", r"\101 is the character A"),
        (r"«\ud83d\ude00»", r"\ud83d\ude00 is the character 😀"),
        (r"«\u00a0»", r"\u00a0 is the character U+00A0 (NO-BREAK SPACE)"),
    ],
)
def test_a_backslash_that_names_a_character(written: str, called: str) -> None:
    finds(
        f"{PLAIN}plan = '{written}'",
        "string-escape",
        f"{called} in a text",
        help="write the character itself",
    )


def test_each_backslash_is_told_of_wherever_the_text_stands() -> None:
    text = rf"{JOINED}e.data:['a\-b'] IN ('\n\n', 'x\y') AND c.created_at > TIMESTAMP '2024\-01-01'"
    found = findings(text, "string-escape")
    assert [text[item.span.start : item.span.end] for item in found] == [r"\-", r"\n", r"\n", r"\y", r"\-"]
    assert {item.provenance for item in found} == {Provenance.SNOWFLAKE}


@pytest.mark.parametrize(
    "text",
    [
        rf"{PLAIN}plan = 'it\'s \"here\" \\ and there'",
        rf"{PLAIN}plan LIKE '100\%'",
        r"plan = 'a\nb' AND plan LIKE '100\%'",
        rf"{PLAIN}plan = 'a' -- \n",
    ],
)
def test_backslashes_that_are_known_or_none(text: str) -> None:
    is_silent(text, "string-escape")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (r"'100«\%»'", "the backslash is dropped, and % stays a wildcard"),
        (r"'a«\_»b'", "the backslash is dropped, and _ stays a wildcard"),
        (r"'100«\\%»'", "this is a backslash, and % stays a wildcard"),
    ],
)
def test_like_has_no_escape_character(written: str, said: str) -> None:
    finds(
        f"{PLAIN}plan LIKE {written}",
        "pattern-escape",
        f"LIKE has no escape character: {said}",
        help="write = in place of LIKE",
    )


@pytest.mark.parametrize(
    "text", [rf"{PLAIN}plan = '100\%'", rf"{PLAIN}plan LIKE 'a\n%'", r"plan LIKE '100\%'"]
)
def test_a_backslash_that_escapes_no_wildcard(text: str) -> None:
    is_silent(text, "pattern-escape")


def test_a_json_null_is_a_value() -> None:
    finds(
        f"{JOINED}«e.data:payload.reason IS NULL»",
        "json-null",
        "IS NULL asks only whether the path is there: a JSON null is a value",
        help="write (e.data:payload.reason = '') IS NULL",
    )
    finds(
        f"{JOINED}«(e.data:a) IS NOT NULL»",
        "json-null",
        "IS NOT NULL asks only whether the path is there: a JSON null is a value",
        help="write ((e.data:a) = '') IS NOT NULL",
    )


@pytest.mark.parametrize(
    "text",
    [
        f"{JOINED}e.data IS NULL",
        f"{JOINED}(e.data:a = 'x') IS NULL",
        "event_data['a'] IS NULL",
        "city IS NULL",
    ],
)
def test_null_tests_of_what_is_no_path(text: str) -> None:
    is_silent(text, "json-null")


@pytest.mark.parametrize(
    ("marked", "fixed"),
    [
        ("e.data:t = «'2026-01-31'»", "e.data:t = TIMESTAMP '2026-01-31'"),
        ("«'2026-01-31'» < e.data:t", "TIMESTAMP '2026-01-31' < e.data:t"),
        (
            "e.data:t BETWEEN «'2026-01-31'» AND '2026-02-01 12:00'",
            "e.data:t BETWEEN TIMESTAMP '2026-01-31' AND TIMESTAMP '2026-02-01 12:00'",
        ),
        ("e.data:t IN (NULL, «'2026-01-31'»)", "e.data:t IN (NULL, TIMESTAMP '2026-01-31')"),
        ("e.data:t IN ('x', «'2026-01-31'»)", None),
        ("e.data:t BETWEEN c.city AND «'2026-01-31'»", None),
    ],
)
def test_a_timestamp_beside_a_path_is_a_text(marked: str, fixed: str | None) -> None:
    text = f"{JOINED}{marked}"
    clean = text.replace("«", "").replace("»", "")
    (found,) = findings(clean, "timestamp-as-text")
    assert found.span.start == text.index("«")
    assert found.message.endswith("it is compared letter by letter, not as a moment")
    if fixed is None:
        assert found.fix is None
        return
    assert found.fix is not None
    assert found.fix.safety is Safety.UNSAFE
    assert apply_fixes(clean, [found.fix]) == f"{JOINED}{fixed}"


@pytest.mark.parametrize(
    "text",
    [
        f"{JOINED}e.data:t BETWEEN '2026-01-31' AND TIMESTAMP '2026-02-01'",
        f"{JOINED}e.data:t > TIMESTAMP '2026-01-31'",
        f"{JOINED}e.data:t = 'yesterday'",
        f"{JOINED}e.timestamp > '2026-01-31'",
        f"{JOINED}e.data:t LIKE '2026-01-31'",
    ],
)
def test_texts_that_are_no_moments_or_read_as_such(text: str) -> None:
    is_silent(text, "timestamp-as-text")


@pytest.mark.parametrize(
    "marked",
    [
        f"{PLAIN}plan = '-- a' «-- b ; '»",
        f"«/* a; */»{PLAIN}plan = ';'",
        f"«-- one»\n-- two\n{PLAIN}plan = 'x'",
        f"{PLAIN}plan = 'x' -- noqa\n «-- no qualms»",
        f"{PLAIN}plan = 'x' «-- name: nobody reads it here»",
        f"-- name: VIP\n«-- Name: VIP»\n{PLAIN}plan = 'x'",
    ],
)
def test_comments_are_told_of_once(marked: str) -> None:
    finds(marked, "comment", "SendGrid's reference does not promise comments", help="leave comments out")


@pytest.mark.parametrize(
    "text",
    [
        f"{PLAIN}plan = '-- a /* b */'",
        f"{PLAIN}plan = 'x' -- noqa",
        f"{PLAIN}plan = 'x' --NOQA: json-null",
        f"-- sql-seg: ignore\n{PLAIN}plan = 'x'",
        f"-- name: VIP\n-- parent_list: Newsletter\n--\n{PLAIN}plan = 'x'",
        "age - -3 > 2",
    ],
)
def test_what_is_no_comment_or_a_directive(text: str) -> None:
    is_silent(text, "comment")
