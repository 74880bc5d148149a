"""What is said of a text with ``${name}`` shows the name, and never what stood in for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from sql_seg import SENDGRID, format_text
from sql_seg.diagnostics import Diagnostic
from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.language.dialects import detect_dialect
from sql_seg.linting.table import RULES
from sql_seg.mcp.tools import Assistant
from sql_seg.syntax.parsing.tokens import tokenize

START = "SELECT contact_id, updated_at FROM contact_data WHERE "
STAND_IN = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010ffff]|Q\dZ|(777|555|333)\d|U\+[EF]", re.IGNORECASE)


def error_of(text: str) -> QuerySyntaxError | None:
    try:
        format_text(text)
    except QuerySyntaxError as error:
        return error
    return None


def errors(text: str) -> list[Diagnostic]:
    error = error_of(text)
    if error is None:
        return []
    assert error.text == text
    assert STAND_IN.search(str(error)) is None, str(error)
    return error.diagnostics


def said(item: Diagnostic) -> Iterator[str]:
    yield from (item.message, item.help, item.sendgrid, item.table)
    yield from (label.message for label in item.labels)
    if item.fix is not None:
        yield item.fix.message
        yield from (edit.text for edit in item.fix.edits)


def with_names(text: str) -> Iterator[str]:
    """Yield a text with ``${name}`` for each text, number and name in it, and for each two that follow."""
    tokens = tokenize(text, detect_dialect(text)).tokens
    values = [token for token in tokens if token.type in ("STRING", "NUMBER", "NAME", "BACKTICKED")]
    for chosen in [*[[value] for value in values], *map(list, pairwise(values))]:
        for name in ("v", "a_name_that_is_longer_than_what_a_message_shows_of_a_text"):
            mended = text
            for token in reversed(chosen):
                mended = f"{mended[: token.start]}${{{name}}}{mended[token.end :]}"
            yield mended


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_no_error_shows_what_stood_in_for_a_name(rule: object) -> None:
    example = rule.example  # type: ignore[attr-defined]
    for text in with_names(example):
        for item in errors(text):
            assert not [words for words in said(item) if STAND_IN.search(words)], text
            assert 0 <= item.span.start <= item.span.end <= len(text)


@pytest.mark.parametrize(
    ("where", "message", "help_"),
    [
        ("city IS ${n}", "expected NULL, TRUE or FALSE, found ${n}", ""),
        ("city = 'x' ${a}", "found ${a}", ""),
        ("city = ${a} ${b}", "found ${b}", ""),
        ("city ILIKE ${a}", "ILIKE", "LOWER(city) LIKE ${a}"),
        ("city <=> ${a}", "", ""),
        ("(city, ${a}) = ('x', 'y')", "", ""),
    ],
)
def test_a_message_names_the_name(where: str, message: str, help_: str) -> None:
    (item, *_) = errors(START + where)
    assert message in item.message
    assert help_ in item.help


def test_fixes_and_labels_name_the_name_and_stand_at_their_places() -> None:
    many = " AND ".join(f"age = ${{n{number}}}" for number in range(120))
    text = f"{START}{many} AND city ILIKE ${{n1}} AND age = 3"
    (item,) = errors(text)
    assert item.fix is not None
    (edit,) = item.fix.edits
    assert edit.text == "LOWER(city) LIKE ${n1}"
    assert text[edit.span.start : edit.span.end] == "city ILIKE ${n1}"
    assert text[item.span.start : item.span.end] == "ILIKE"
    assert item.column == text.index("ILIKE") + 1


def test_an_error_before_all_names_is_an_error_of_the_text_itself() -> None:
    (item,) = errors("contact_id IN (SELECT ${c} FROM event_data)")
    assert item.message == "v1 has no subqueries"


@pytest.mark.parametrize("where", ["city ${test}", "LOWER ${test} = 'x'", "f(city) ${test}"])
def test_what_a_name_may_stand_for_is_not_written_as_one_word_with_the_name_before_it(where: str) -> None:
    assert errors(START + where)


def test_names_in_quotes_alone_change_nothing_of_an_error() -> None:
    (item,) = errors(START + "city = '${a}' '${b}'")
    assert "found the text '${b}'" in item.message


def test_an_assistant_is_told_the_name_too() -> None:
    answer = Assistant(SENDGRID, {}).format(START + "city IS ${n}")
    assert STAND_IN.search(str(answer)) is None
    assert "found ${n}" in str(answer)


@pytest.mark.parametrize("own", ["q0z0", "7770", "'\ue000\ue000'"])
def test_what_the_text_has_itself_is_not_taken_for_a_name(own: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        format_text(f"{START}city = ${{a}} {own}")
    assert caught.value.diagnostics[0].message.endswith(own)
