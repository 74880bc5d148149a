"""LIKE of v1 in v2, whose pattern has no escape: ``_`` and ``%`` cannot be asked for there."""

from __future__ import annotations

from sql_seg.language.datatypes import Dialect
from sql_seg.language.operators import Comparator
from sql_seg.language.patterns import Run, read_pattern
from sql_seg.syntax import nodes
from sql_seg.upgrading.result import CannotSayError, Obstacle

_SPECIAL = ("_", "%")
_LAST = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)


def like(node: nodes.Like, operand: nodes.Expression) -> nodes.Expression:
    """Return v1's LIKE as v2 says it; what is NULL stays NULL.

    Raises CannotSayError where a wildcard of v2 is looked for in a place that no other condition can name.
    """
    assert isinstance(node.pattern, nodes.String)
    runs = read_pattern(node.pattern.value, Dialect.V1).runs
    if len(runs) == 1:
        if any(mark in _text(runs[0]) for mark in _SPECIAL):
            operator = Comparator.NE if node.negated else Comparator.EQ
            return nodes.Comparison(operator, operand, nodes.String(_text(runs[0])))
        return nodes.Like(operand, nodes.String(_text(runs[0])), node.negated)
    first, *others = map(_text, runs)
    for text in others:
        for mark in _SPECIAL:
            if mark in text:
                raise _no_escape(node, mark)
    if not any(mark in first for mark in _SPECIAL):
        return nodes.Like(operand, nodes.String("%".join([first, *others])), node.negated)
    parts = starting_with(operand, first)
    if any(others):
        start = "" if len(others) == 1 and not _may_overlap(first, others[0]) else first.replace("%", "_")
        parts.append(nodes.Like(operand, nodes.String("%".join([start, *others]))))
    whole = nodes.And(tuple(parts)) if len(parts) > 1 else parts[0]
    return nodes.Not(whole) if node.negated else whole


def _may_overlap(start: str, end: str) -> bool:
    """Return whether a text may start with one and end with the other, and be shorter than both together."""
    return any(start.endswith(end[:size]) for size in range(1, min(len(start), len(end)) + 1))


def _text(run: Run) -> str:
    text = run.text
    assert text is not None, "v1 has no pattern for any one character"
    return text


def starting_with(operand: nodes.Expression, prefix: str) -> list[nodes.Expression]:
    """Return the conditions that a text starts with another: texts are ordered by code point."""
    parts: list[nodes.Expression] = [nodes.Comparison(Comparator.GE, operand, nodes.String(prefix))]
    behind = prefix.rstrip(chr(_LAST))
    following = ord(behind[-1]) + 1
    if following in _SURROGATES:
        following = _SURROGATES.stop
    end = behind[:-1] + chr(following)
    return [*parts, nodes.Comparison(Comparator.LT, operand, nodes.String(end))]


def _no_escape(node: nodes.Like, mark: str) -> CannotSayError:
    what = "any one character" if mark == "_" else "any text"
    return CannotSayError(
        Obstacle.PATTERN,
        f"the pattern looks for a {mark} behind a wildcard, which v2's LIKE cannot: there {mark} is {what}",
        node.span,
        "ask for the whole text with =, for its start, or for something without it"
        if mark == "%"
        else "in v2 the same pattern finds these contacts and others; see whether that will do",
    )
