"""Code frames with labels and fixes, of queries inside files, and in colour."""

from __future__ import annotations

import re
from textwrap import dedent

import pytest

from sql_seg.diagnostics import Diagnostic, Safety, Severity, formats
from sql_seg.diagnostics.formats import QueryReport
from sql_seg.sources import check_limits, queries_in
from tests.unit.diagnostics.formats.made import HOSTILE, alone, found, in_file


def shown(made: QueryReport) -> str:
    return formats.render("full", [made])


def frame(text: str) -> str:
    return dedent(text).strip("\n")


def test_a_label_stands_below_its_place_in_the_same_line() -> None:
    text = "age > 30 AND age < 20"
    made = alone(text, found(text, "age < 20", labels=(("age > 30", "this says more"),)))
    assert shown(made) == frame(
        """
        error[some-code]: something is wrong
         --> query.sql:1:14
          |
        1 | age > 30 AND age < 20
          | --------     ^^^^^^^^
          | |
          | this says more
        """
    )


def test_the_message_of_the_last_label_stands_behind_it() -> None:
    text = "age > 30 AND age < 20"
    made = alone(text, found(text, "age > 30", labels=(("age < 20", "and this less"),)))
    assert shown(made).splitlines()[-1] == "  | ^^^^^^^^     -------- and this less"


def test_several_labels_in_one_line() -> None:
    text = "a = 1 AND b = 2 AND c = 3"
    labels = (("a", "first"), ("b", "second"), ("3", "last"))
    made = alone(text, found(text, "c", labels=labels))
    assert shown(made).splitlines()[-5:] == [
        "1 | a = 1 AND b = 2 AND c = 3",
        "  | -         -         ^   - last",
        "  | |         |",
        "  | |         second",
        "  | first",
    ]


def test_labels_in_other_lines() -> None:
    text = "a = 1\nAND b = 2\nAND c = 3\nAND d = 4"
    made = alone(text, found(text, "d", labels=(("a", "here"), ("b", "and here"))))
    assert shown(made).splitlines()[1:] == [
        " --> query.sql:4:5",
        "  |",
        "1 | a = 1",
        "  | - here",
        "2 | AND b = 2",
        "  |     - and here",
        "...",
        "4 | AND d = 4",
        "  |     ^",
    ]


def test_a_label_inside_the_place_itself() -> None:
    text = "a = 1 AND b"
    lines = shown(alone(text, found(text, "a = 1", labels=(("1", "this"),)))).splitlines()
    assert lines[-3:] == ["  | ^^^^^", "  |     |", "  |     this"]


def test_a_label_far_off_in_a_long_line_has_a_frame_of_its_own() -> None:
    text = "here = 1 AND " + "x" * 5000 + " AND there = 1"
    lines = shown(alone(text, found(text, "here", labels=(("there", "this"),)))).splitlines()
    assert all(len(line) < 200 for line in lines)
    first, carets, second, dashes = lines[-4:]
    assert first[carets.index("^") :].startswith("here")
    assert second[dashes.index("-") :].startswith("there")
    assert dashes.endswith("----- this")


def test_a_fix_is_said_with_its_safety() -> None:
    text = "a = b"
    safe = found(text, "a", help="or else", sendgrid="no", fix=("c", Safety.SAFE))
    assert shown(alone(text, safe)).splitlines()[-3:] == [
        "  = help: or else",
        "  = fix: Write c (safe)",
        "  = SendGrid says: no",
    ]
    unsafe = found(text, "a", fix=("c", Safety.UNSAFE))
    assert shown(alone(text, unsafe)).endswith("  = fix: Write c (unsafe)")


def test_help_that_says_what_the_fix_says_is_said_once() -> None:
    made = alone("a", found("a", "a", help="write c", fix=("c", Safety.SAFE)))
    assert shown(made).splitlines()[-2:] == ["  | ^", "  = fix: Write c (safe)"]


def test_a_query_in_json_is_shown_as_the_file_has_it() -> None:
    query = 'a = "x"\nAND b = 2'
    content = '{\n  "name": "Ours",\n  "query_dsl": "a = \\"x\\"\\nAND b = 2"\n}'
    made = in_file(content, found(query, "b", labels=(('"x"', "this"),)))
    assert shown(made).splitlines()[1:] == [
        ' --> segments.json:3:32 in "Ours"',
        "  |",
        r'3 |   "query_dsl": "a = \"x\"\nAND b = 2"',
        "  |                     -----      ^",
        "  |                     |",
        "  |                     this",
    ]


def test_a_query_in_a_literal_scalar_is_shown_as_the_file_has_it() -> None:
    content = "name: Ours\nquery_dsl: |\n  a = 1\n  AND b = 2\n"
    made = in_file(content, found("a = 1\nAND b = 2\n", "b"), file="s.yaml")
    assert shown(made).splitlines()[1:] == [
        ' --> s.yaml:4:7 in "Ours"',
        "  |",
        "4 |   AND b = 2",
        "  |       ^",
    ]


def test_a_query_whose_place_is_only_known_as_a_whole_is_shown_by_itself() -> None:
    content = "name: Ours\nquery_dsl: >-\n  a = 1\n\n  AND b = 2\n"
    made = in_file(content, found("a = 1\nAND b = 2", "b", labels=(("a", "this"),)), file="s.yaml")
    assert shown(made).splitlines()[1:] == [
        ' --> s.yaml:2:12 in "Ours", line 2, column 5 of the query',
        "  |",
        "1 | a = 1",
        "  | - this",
        "2 | AND b = 2",
        "  |     ^",
    ]


@pytest.mark.parametrize("scalar", ["|\n  a = 1", "'a = 1'"])
def test_what_is_wrong_with_a_segment_is_shown_in_the_file(scalar: str) -> None:
    (query,) = queries_in(f"name: ''\nquery_dsl: {scalar}\n", "s.yaml")
    (limits,) = check_limits([query])
    assert shown(query.report([], limits)).splitlines()[1:] == [
        " --> s.yaml:1:7",
        "  |",
        "1 | name: ''",
        "  |       ^^",
        "  = help: a segment's name has 1 to 100 characters",
    ]


def test_reports_are_in_the_order_of_the_file() -> None:
    (query,) = queries_in('{"query_dsl": "a = b", "name": ""}', "s.json")
    (limits,) = check_limits([query])
    made = query.report([found("a = b", "b")], limits)
    assert [item.code for item in made.diagnostics] == ["some-code", "segment-name-length"]


def test_several_queries_are_parted_by_an_empty_line() -> None:
    one, other = alone("a", found("a", "a"), file="1.sql"), alone("b", found("b", "b"), file="2.sql")
    both = formats.render("full", [one, alone("c"), other])
    assert both == f"{shown(one)}\n\n{shown(other)}"
    assert formats.render("full", []) == ""


def colored(*diagnostics: Diagnostic) -> str:
    return formats.render("full", [alone("a = b", *diagnostics)], color=True)


def test_colors_are_all_that_color_adds() -> None:
    every = found("a = b", "b", help="h", sendgrid="s", labels=(("a", "l"),), fix=("c", Safety.SAFE))
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored(every)) == shown(alone("a = b", every))


@pytest.mark.parametrize(
    ("severity", "code"), [(Severity.ERROR, "1;31"), (Severity.WARNING, "1;33"), (Severity.INFO, "1;36")]
)
def test_a_severity_has_its_color(severity: Severity, code: str) -> None:
    text = colored(found("a = b", "b", severity=severity))
    assert text.startswith(f"\x1b[{code}m{severity}[some-code]\x1b[0m")
    assert f"\x1b[{code}m^\x1b[0m" in text


def test_nothing_hostile_comes_through() -> None:
    text = f"a {HOSTILE} b"
    evil = found(
        text, "b", code="c", message=HOSTILE, help=HOSTILE, sendgrid=HOSTILE,
        labels=(("a", HOSTILE),), fix=(HOSTILE, Safety.SAFE),
    )  # fmt: skip
    for output_format in ("full", "concise"):
        out = formats.render(output_format, [alone(text, evil, file=HOSTILE)])
        assert all(character.isprintable() or character == "\n" for character in out)
    assert len(formats.render("concise", [alone(text, evil, file=HOSTILE)]).splitlines()) == 1
