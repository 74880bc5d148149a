"""What is certain of conditions, in words and fixes, for the rules that report it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate
from typing import Any

from sql_seg.analysis import AlwaysTrue, Claim, NeverTrue, Redundant, claims
from sql_seg.core.terms import All, Between, Constant, Term, walk
from sql_seg.core.traits import constant, varies
from sql_seg.diagnostics import Edit, Fix, Label, Safety
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import DataType
from sql_seg.linting.compared_texts import CASE_NEVER_MATCHES
from sql_seg.linting.places import shortened
from sql_seg.linting.promises import judges_no_events_without, safety
from sql_seg.linting.rule import Context, labels_at

_WORDS = re.compile(r"\w\w")
_QUOTED = re.compile(r"\(*(['\"])(\w+)\1")
_TEXTS = (DataType.VARCHAR, DataType.VARIANT)


def certainties(context: Context) -> list[Claim]:
    """Return what is certain of the query's conditions, except what other rules have more to say of."""
    found = claims(context.checked)
    if not any(not isinstance(claim, Redundant) for claim in found):
        return found
    check = CASE_NEVER_MATCHES.check
    assert check is not None
    said = _Said(finding.span for finding in context.found_by(check))
    return [
        claim for claim in found if isinstance(claim, Redundant) or not said.is_within(claim.condition.span)
    ]


class _Said:
    """The places that other rules speak of, to be asked for one inside another without looking at all."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self._starts = [span.start for span in ordered]
        ends = accumulate((span.end for span in reversed(ordered)), min)
        self._first_ends = list(ends)[::-1]  # of a span and all that start behind it, the first end

    def is_within(self, outer: Span) -> bool:
        """Return whether one of them stands in a place."""
        index = bisect_left(self._starts, outer.start)
        return index < len(self._starts) and self._first_ends[index] <= outer.end


def is_impossible_event(claim: Claim) -> bool:
    """Return whether conditions ask for two texts in one place of one event, which has a rule of its own."""
    never = isinstance(claim, NeverTrue) or (isinstance(claim, AlwaysTrue) and claim.negated)
    subject = claim.subject
    return never and bool(claim.others) and claim.of_event and subject is not None and subject.type in _TEXTS


def text_of(context: Context, term: Term) -> str:
    """Return the text of a condition, for a message."""
    return shortened(context.text[term.span.start : term.span.end])


def quoted_column(context: Context, condition: Term) -> str:
    """Return the column whose name stands in quotes where a condition speaks of texts alone."""
    if varies(condition):
        return ""
    columns = context.checked.schema.contact_data
    quoted = [
        term.value
        for term in walk(condition)
        if isinstance(term, Constant) and isinstance(term.value, str)
        if _QUOTED.match(context.text, *term.span)
    ]
    known = [column.name for text in quoted if (column := columns.column(text)) is not None]
    return known[0] if known else ""


def listed(texts: Iterable[str], word: str) -> str:
    """Return texts in a row, with a word before the last."""
    *most, last = texts
    return f"{', '.join(most)} {word} {last}" if most else last


def swapped_bounds(context: Context, condition: Term) -> tuple[str, str]:
    """Return why a BETWEEN holds nothing, and how it is written with its bounds the other way round.

    Both are empty of another condition.
    """
    if isinstance(condition, Between) and not _are_ordered(condition.low, condition.high):
        word = "NOT BETWEEN" if condition.negated else "BETWEEN"
        parts = (condition.operand, condition.low, condition.high)
        subject, least, most = (text_of(context, term) for term in parts)
        hint = f"the smaller bound stands first: write {subject} {word} {most} AND {least}"
        return f"{least} is above {most}", hint
    return "", ""


def _are_ordered(low: Term, high: Term) -> bool:
    least, most = constant(low), constant(high)
    if least is None or most is None:
        return False
    first: Any = least.value
    return bool(first <= most.value)


def labels(claim: Claim, message: str) -> tuple[Label, ...]:
    """Return labels at the other conditions of a claim."""
    return labels_at((other.span for other in claim.others), message)


def removal(context: Context, claim: Redundant) -> Fix | None:
    """Return the fix that takes an operand out of its AND or OR; None where a comment stands beside it."""
    operands, index = claim.chain.operands, claim.index
    before, after = (0, 1) if index == 0 else (index - 1, index)
    gap = Span(operands[before].span.end, operands[after].span.start)
    word = "AND" if isinstance(claim.chain, All) else "OR"
    if context.text[gap.start : gap.end].strip().upper() != word:
        return None
    own = operands[index].span
    place = Span(own.start, gap.end) if index == 0 else Span(gap.start, own.end)
    touching = context.text[: place.start][-1:] + context.text[place.end : place.end + 1]
    blank = " " if _WORDS.fullmatch(touching) else ""
    others = [other.span for other in claim.others]
    is_copy = any(_written(context, other) == _written(context, own) for other in others)
    safe = Safety.SAFE if is_copy else safety(context, [own, *others])
    if judges_no_events_without(context, own):
        safe = Safety.UNSAFE
    return Fix("Remove it", (Edit(place, blank),), safe)


def _written(context: Context, span: Span) -> str:
    return context.text[span.start : span.end]
