"""Proving the fixes of errors: what a fix writes has no error of its own.

Each fix is tried on the text, and one that would only put another error in place of its own is left out.
Imported only where there is a fix to prove.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from sql_seg.diagnostics import Edit, Finding, edited
from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.diagnostics.source import Span
from sql_seg.frozen import replace
from sql_seg.syntax.nodes import Query
from sql_seg.syntax.parsing import parse

_MOST_ROUNDS = 8
"""How often the text is checked again; fixes that this leaves unproven are left out."""

Errors = Callable[[Query], Sequence[Finding]]
"""From a query to its errors."""


def with_proven_fixes(findings: Sequence[Finding], query: Query, errors: Errors) -> list[Finding]:
    """Return findings without those fixes that write an error.

    An error that was there before, inside of what a fix keeps, is none of its own.
    """
    known = {_said(finding) for finding in findings}
    waiting = [index for index, finding in enumerate(findings) if finding.fix is not None]
    proven: set[int] = set()
    text = query.text or ""
    for round_number in range(_MOST_ROUNDS):
        if not waiting:
            break
        chosen = list(_apart(findings, waiting)) if round_number % 2 == 0 else waiting[:1]
        tried = set(chosen)
        edits = [(edit, index) for index in chosen for edit in _edits(findings[index])]
        edits.sort(key=lambda entry: entry[0].span)
        repaired, places = edited(text, [edit for edit, _ in edits])
        written = [(place, index) for place, (_, index) in zip(places, edits, strict=True)]
        wrong = _wrong(repaired, written, query, errors, known)
        if wrong is None:  # no query at all: which one is to blame is seen alone
            if len(chosen) == 1:
                waiting.remove(chosen[0])
            continue
        proven.update(tried - wrong)
        waiting = [index for index in waiting if index not in tried]
    return [
        finding if finding.fix is None or index in proven else replace(finding, fix=None)
        for index, finding in enumerate(findings)
    ]


def _said(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.message


def _apart(findings: Sequence[Finding], waiting: Sequence[int]) -> Iterator[int]:
    """Yield findings whose fixes do not touch those before."""
    end = -1
    for index in sorted(waiting, key=lambda index: _extent(findings[index])):
        start, last = _extent(findings[index])
        if start > end:
            end = last
            yield index


def _edits(finding: Finding) -> tuple[Edit, ...]:
    return finding.fix.edits if finding.fix else ()


def _extent(finding: Finding) -> Span:
    spans = [edit.span for edit in _edits(finding)]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _wrong(
    text: str,
    written: Sequence[tuple[Span, int]],
    query: Query,
    errors: Errors,
    known: set[tuple[str, str]],
) -> set[int] | None:
    """Return the findings whose fixes wrote an error; None where the text is no query.

    ``written`` are the places that fixes wrote in the text, in its order, and whose each is.
    """
    try:
        found = errors(parse(text, query.dialect))
    except QuerySyntaxError:
        return None
    starts = [place.start for place, _ in written]
    wrong: set[int] = set()
    for finding in found:
        if _said(finding) in known:
            continue
        position = bisect_right(starts, finding.span.end) - 1
        while position >= 0 and written[position][0].end >= finding.span.start:
            wrong.add(written[position][1])
            position -= 1
    return wrong
