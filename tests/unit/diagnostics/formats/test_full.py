"""How diagnostics look."""

from __future__ import annotations

import json
from textwrap import dedent

import pytest

from sql_seg.diagnostics import Diagnostic, Finding, Severity, formats, place
from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.diagnostics.source import Span
from sql_seg.syntax.parsing import parse


def found(text: str, part: str, help_: str = "", sendgrid: str = "") -> Diagnostic:
    start = text.index(part)
    finding = Finding(
        "some-code", Span(start, start + len(part)), "something is wrong", help=help_, sendgrid=sendgrid
    )
    return place([finding], text)[0]


def framed(text: str, part: str, help_: str = "", sendgrid: str = "") -> str:
    return formats.full([found(text, part, help_, sendgrid)], text, "query.sql")


def test_a_code_frame() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse("email = 'x'\nAND first_name == 'Ann'")
    assert str(caught.value) == dedent(
        """\
        error[unexpected-text]: there is no ==
         --> <query>:2:17
          |
        2 | AND first_name == 'Ann'
          |                 ^
          = help: equality is a single =
          = fix: Write = (safe)"""
    )


def test_help_and_what_sendgrid_says() -> None:
    text = framed("a b", "b", "write this\nand that", "illegal thing")
    assert text.splitlines()[-3:] == [
        "  = help: write this",
        "          and that",
        "  = SendGrid says: illegal thing",
    ]


def test_wide_characters_take_two_cells() -> None:
    lines = framed("名前 = 'x' AND b", "AND").splitlines()
    assert lines[-2:] == ["1 | 名前 = 'x' AND b", "  |            ^^^"]


def test_combining_characters_take_none() -> None:
    lines = framed("e\N{COMBINING ACUTE ACCENT} = b", "b").splitlines()
    assert lines[-1] == "  |     ^"


def test_the_place_of_a_wide_character_is_wide() -> None:
    assert framed("a = 名", "名").endswith("^^")


def test_tabs_become_spaces() -> None:
    assert framed("\ta = b", "b").splitlines()[-2:] == ["1 |     a = b", "  |         ^"]


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_any_line_break_ends_a_line(line_break: str) -> None:
    lines = framed(f"a{line_break}b = c{line_break}d", "c").splitlines()
    assert lines[1:] == [" --> query.sql:2:5", "  |", "2 | b = c", "  |     ^"]


def test_unprintable_characters_are_replaced() -> None:
    assert "1 | a \N{REPLACEMENT CHARACTER} b" in framed("a \x1b b", "b")


def test_a_place_over_several_lines_is_marked_to_the_end_of_its_first() -> None:
    assert framed("a = 'x\ny'", "'x\ny'").splitlines()[-2:] == ["1 | a = 'x", "  |     ^^"]


def test_the_end_of_the_text_is_marked_behind_it() -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse("a = ")
    assert str(caught.value).splitlines()[-2:] == ["1 | a = ", "  |     ^"]


def test_line_numbers_make_room() -> None:
    lines = framed("\n" * 99 + "a = b", "b").splitlines()
    assert lines[1:] == ["   --> query.sql:100:5", "    |", "100 | a = b", "    |     ^"]


def test_a_long_line_is_cut_around_the_place() -> None:
    text = "a = '" + "x" * 5000 + "' AND here = '" + "y" * 5000 + "'"
    line, carets = framed(text, "here").splitlines()[-2:]
    assert len(line) < 200
    assert line.startswith("1 | …x")
    assert line.endswith("y…")
    assert line[carets.index("^") :].startswith("here")
    assert carets.count("^") == 4


def test_a_long_place_in_a_long_line() -> None:
    text = "a = " + "b" * 5000
    line, carets = framed(text, "b" * 5000).splitlines()[-2:]
    assert len(carets) <= len(line) < 200


def test_findings_in_the_order_of_the_text_and_each_once() -> None:
    one, two = Finding("a", Span(4, 5), "later"), Finding("b", Span(0, 1), "sooner")
    assert [item.message for item in place([one, two, one], "a = b")] == ["sooner", "later"]


def test_concise() -> None:
    assert formats.concise([found("a\nb", "b")], "f.sql") == "f.sql:2:1: error[some-code] something is wrong"


def test_json() -> None:
    form = formats.as_json(found("a\nbc", "bc", "so", "no"))
    assert form == json.loads(json.dumps(form))
    assert form == {
        "code": "some-code",
        "severity": "error",
        "message": "something is wrong",
        "line": 2,
        "column": 1,
        "end_line": 2,
        "end_column": 3,
        "help": "so",
        "sendgrid": "no",
        "provenance": None,
    }


def test_only_errors_are_errors() -> None:
    finding = Finding("a", Span(0, 0), "m", severity=Severity.WARNING)
    assert not place([finding], "")[0].is_error
    assert found("a", "a").is_error


def test_diagnostics_are_parted_by_an_empty_line() -> None:
    bad = found("bad", "bad")
    assert formats.full([bad, bad], "bad", "q").count("\n\n") == 1
    assert formats.full([], "bad", "q") == ""


@pytest.mark.parametrize("unprintable", ["\x1b", "\u3000", "\u200d", "\ue000", "\udcff"])
def test_carets_stand_below_what_they_mean_behind_what_cannot_be_shown(unprintable: str) -> None:
    line, carets = framed(f"{unprintable} bad", "bad").splitlines()[-2:]
    assert line[carets.index("^") :] == "bad"


def test_nothing_that_is_shown_can_speak_to_a_terminal() -> None:
    evil = "\x1b[31m\r\n\u202e\udcff"
    items = place([Finding("c", Span(0, 1), evil, evil, evil, Severity.WARNING)], evil)
    for shown in (formats.full(items, evil, evil), formats.concise(items, evil)):
        assert all(character.isprintable() or character == "\n" for character in shown)
        shown.encode()
    assert len(formats.concise(items, evil).splitlines()) == 1
