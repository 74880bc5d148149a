"""An explanation as lines for people, as wide as there is room."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from sql_seg.diagnostics.formats import NARROWEST, paragraph
from sql_seg.explain.decision import TRUTHS
from sql_seg.explain.tree import (
    AND,
    EVENT,
    IS,
    LAST,
    LEAF,
    NOT,
    OR,
    DecisionNode,
    Explanation,
    event_name,
)
from sql_seg.language.timestamps import write_second

TruthPaint = Callable[[str, str], str]
"""Gives a text the look of a style: that of a truth (TRUE, FALSE, NULL), or ``strong``."""

_MOST_CHANGES = 5
_GROUPS = {
    AND: "all of these",
    OR: "any of these",
    NOT: "not",
    EVENT: "an event with",
    LAST: "the last event",
}


def unpainted(text: str, style: str) -> str:  # noqa: ARG001 -- as others paint
    """Return a text as it is."""
    return text


def as_text(
    explanation: Explanation, width: int = 100, paint: TruthPaint = unpainted, *, segment: str = "the segment"
) -> str:
    """Return the verdict, what decided, and what would turn it."""
    return "\n".join(
        [
            *_headlines(explanation, segment, width, paint),
            *_reasons(explanation, width),
            "",
            *_changes(explanation, width),
        ]
    )


def as_tree(
    explanation: Explanation, width: int = 100, paint: TruthPaint = unpainted, *, segment: str = "the segment"
) -> str:
    """Return the verdict, what decided, all conditions as a tree, and what would turn the verdict."""
    return "\n".join(
        [
            *_headlines(explanation, segment, width, paint),
            *_reasons(explanation, width),
            "",
            *tree_lines(explanation.root, width, paint),
            "",
            *_changes(explanation, width),
        ]
    )


def headline(explanation: Explanation, segment: str) -> str:
    """Return who is in what, or out of it, and when."""
    where = "in" if explanation.is_member else "not in"
    moment = write_second(explanation.now)
    return f"{explanation.who} is {where} {segment} at {moment}"


def _headlines(explanation: Explanation, segment: str, width: int, paint: TruthPaint) -> list[str]:
    return [paint(line, "strong") for line in paragraph(headline(explanation, segment), width)]


def tree_lines(root: DecisionNode, width: int, paint: TruthPaint = unpainted) -> list[str]:
    """Return a line or more for each condition: its truth, an arrow where it decides, and what it saw."""
    return list(_lines(root, 0, max(width, NARROWEST), paint))


def _lines(node: DecisionNode, depth: int, width: int, paint: TruthPaint) -> Iterator[str]:
    mark = ">" if node.decides else " "
    indent = "  " * min(depth, 12)
    truth = TRUTHS[node.truth]
    start = f"{mark} {truth:<5}  {indent}"
    first, *others = paragraph(_label(node), width, start, " " * (len(start) + 2))
    verdict = f"{mark} {truth}"
    yield paint(verdict, truth) + first[len(verdict) :]
    yield from others
    for note in _notes(node):
        yield from paragraph(note, width, " " * (len(start) + 2), " " * (len(start) + 2))
    for child in node.children:
        yield from _lines(child, depth + 1, width, paint)


def _label(node: DecisionNode) -> str:
    if node.kind == LEAF or (node.kind in (EVENT, LAST, IS) and not node.children):
        return node.text
    if node.kind == IS:
        return "IS TRUE or IS FALSE, of this"
    if node.kind == AND and not node.children:
        return "no condition: every contact is in"
    return _GROUPS[node.kind]


def _notes(node: DecisionNode) -> Iterator[str]:
    if node.kind == LEAF and node.seen:
        yield ", ".join(map(str, node.seen))
    if node.note and not (node.kind in (EVENT, LAST) and node.events):
        yield node.note
    elif node.events:
        named = " with ".join(map(event_name, node.events))
        yield f"{'it is' if node.truth else 'the nearest is'} {named}"


def _reasons(explanation: Explanation, width: int) -> Iterator[str]:
    reasons = explanation.reasons
    if not reasons:
        yield from paragraph("The query takes every contact.", width, "  ", "  ")
    for index, reason in enumerate(reasons):
        is_last = index == len(reasons) - 1
        ending = explanation.ending if is_last else ""
        yield from paragraph(f"{reason}{ending}", width, "  ", "    ")


def _changes(explanation: Explanation, width: int) -> Iterator[str]:
    changes = explanation.changes
    where = "out" if explanation.is_member else "in"
    if not changes.sets:
        yield from paragraph(f"Changes that would turn it: {changes.note}", width)
        return
    yield from paragraph(f"It would be {where} if one of these were so:", width)
    for change in changes.sets[:_MOST_CHANGES]:
        yield from paragraph("; and ".join(map(str, change)), width, "  - ", "    ")
    if len(changes.sets) > _MOST_CHANGES:
        yield f"  and {len(changes.sets) - _MOST_CHANGES:,} more"


def as_lines(
    found: Mapping[str, Explanation], now: datetime, width: int, paint: TruthPaint = unpainted
) -> list[str]:
    """Return of several segments who is in which, and a line for each that says what decided."""
    who = next((explanation.who for explanation in found.values()), "the contact")
    inside = sum(explanation.is_member for explanation in found.values())
    moment = write_second(now)
    segments = "1 segment" if len(found) == 1 else f"{len(found):,} segments"
    headline = f"{who} is in {inside:,} of {segments} at {moment}"
    lines = [paint(line, "strong") for line in paragraph(headline, width)]
    for is_member in (True, False):
        for name, explanation in found.items():
            if explanation.is_member is is_member:
                word = "in" if is_member else "out"
                said = f"{name}: {explanation.short}"
                first, *others = paragraph(said, width, f"{word:<5}", " " * 7)
                truth = TRUTHS[is_member]
                lines += [paint(word, truth) + first[len(word) :], *others]
    return lines
