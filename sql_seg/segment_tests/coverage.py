"""Which conditions of a segment its tests depend on: the others could be wrong, and no test would notice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sql_seg.core import terms as core
from sql_seg.core.interpreter import Interpreter
from sql_seg.core.substitution import substituted
from sql_seg.language.datatypes import DataType
from sql_seg.segment_tests.cases import SegmentTests

_GROUPS = (core.All, core.AnyOf, core.Inverse, core.TruthTest, core.SomeEvent, core.LastEvent)


@dataclass(frozen=True, slots=True)
class Coverage:
    """A condition, its place in the segment's file, and what the tests depend on.

    ``if_always`` is whether a test has another answer if the condition is always TRUE, ``if_never`` whether
    one has if it never is.
    """

    text: str
    line: int
    column: int
    if_always: bool
    if_never: bool

    @property
    def is_covered(self) -> bool:
        """Whether tests notice both."""
        return self.if_always and self.if_never

    @property
    def complaint(self) -> str:
        """What no test notices; empty where they notice both."""
        if self.is_covered:
            return ""
        unnoticed = "always TRUE" if self.if_never else "never TRUE" if self.if_always else "left out"
        return f"no test notices if `{self.text}` is {unnoticed}"

    def to_json(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "condition": self.text,
            "line": self.line,
            "column": self.column,
            "covered": self.is_covered,
            "noticed_if_always_true": self.if_always,
            "noticed_if_never_true": self.if_never,
        }


def coverage_of(tests: SegmentTests) -> list[Coverage]:
    """Return each condition of a segment, in the order of the text, and whether its tests depend on it.

    A condition is tried as TRUE and as FALSE in place of what it is; a test depends on it if its contact is
    then in where it was out, or out where it was in.
    """
    whole = tests.checked.condition
    before = _verdicts(tests, whole)
    text = tests.checked.text
    found = []
    for condition in conditions(whole):
        if condition.span.end <= condition.span.start:  # a parent list is not of the query's text
            continue
        place = tests.query.source_map.positions(condition.span)[0]
        always, never = (_verdicts(tests, _with(whole, condition, value)) for value in _CONSTANTS)
        said = " ".join(text[condition.span.start : condition.span.end].split())
        found.append(Coverage(said, place.line, place.column, always != before, never != before))
    return sorted(found, key=lambda one: (one.line, one.column))


def _with(whole: core.Term, condition: core.Term, value: core.Term) -> core.Term:
    return substituted(whole, lambda part: value if part is condition else None)


_CONSTANTS = tuple(core.Constant(value, type=DataType.BOOLEAN) for value in (True, False))


def conditions(term: core.Term) -> Iterator[core.Term]:
    """Yield the conditions that are no groups of others; those of events and of subqueries, too."""
    if isinstance(term, core.Constant):
        return
    inner = list(_inside(term))
    if not inner:
        yield term
    for condition in inner:
        yield from conditions(condition)


def _inside(term: core.Term) -> Iterator[core.Term]:
    """Yield the conditions that one is made of."""
    match term:
        case core.LastEvent(condition=condition, having=having):
            yield from (condition, having)
        case core.InSubquery(subquery=subquery):
            if not isinstance(subquery.condition, core.Constant) and list(conditions(subquery.condition)):
                yield subquery.condition
        case core.OnParentList():
            return
        case _ if isinstance(term, _GROUPS):
            yield from (child for child in term.children() if child.type is DataType.BOOLEAN)


def _verdicts(tests: SegmentTests, condition: core.Term) -> list[bool]:
    """Return who is in, of the contacts of the tests, by a condition."""
    interpreter = Interpreter(tests.now, tests.account)
    contacts = (tests.account.contacts[case.index] for case in tests.cases)
    events_of = tests.account.events_of
    return [interpreter.verdict(condition, one, events_of(one)) is True for one in contacts]
