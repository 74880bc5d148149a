"""Comments that hide findings: ``-- noqa: code``, or ``-- noqa`` for all, on a line of the finding."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from sql_seg.diagnostics import Diagnostic, Finding, place, replacement
from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.diagnostics.source import Source, Span
from sql_seg.diagnostics.suggestions import did_you_mean
from sql_seg.language.datatypes import Dialect
from sql_seg.linting.about_files import UNUSED_NOQA
from sql_seg.syntax.parsing import comments
from sql_seg.workspace.selection import INVALIDATING, KNOWN

_NOQA = re.compile(
    r"--\s*noqa\b(?:\s*:(?P<codes>[ \t]*[\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)?)?", re.IGNORECASE | re.ASCII
)


class _Noqa:
    """A comment that hides: its place, its line, its codes (none is all), and those that hid something."""

    def __init__(self, span: Span, line: int, codes: tuple[str, ...]) -> None:
        self.span, self.line, self.codes = span, line, codes
        self.used: set[str] = set()

    def hides(self, diagnostic: Diagnostic) -> bool:
        """Return whether it hides a finding on its line, and remember that it did."""
        if self.codes and diagnostic.code not in self.codes:
            return False
        self.used.add(diagnostic.code)
        return True

    @property
    def is_unused(self) -> bool:
        """Whether it, or a code of it, hid nothing."""
        return not self.used or not self.used.issuperset(self.codes)


def may_hide(text: str) -> bool:
    """Return whether a comment of a text may hide something, as far as is seen at a glance."""
    return "noqa" in text.lower()


def without_hidden(text: str, dialect: Dialect, diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics of a text that no comment in it hides, and one for each comment that hides none.

    ``diagnostics`` are all that are found, as they are placed in the text. Those that make a query invalid
    are never hidden.
    """
    if not may_hide(text):
        return list(diagnostics)
    found = _noqas(text, dialect)
    if not found:
        return list(diagnostics)
    lines = [one.line for one in found]  # in order

    def is_hidden(diagnostic: Diagnostic) -> bool:
        first, last = bisect_left(lines, diagnostic.line), bisect_right(lines, diagnostic.end_line)
        return bool([one for one in found[first:last] if one.hides(diagnostic)])  # all that do are of use

    kept = [item for item in diagnostics if _must_be_heard(item) or not is_hidden(item)]
    is_valid = not any(map(_must_be_heard, diagnostics))  # else not all warnings are known
    idle = [one for one in found if one.is_unused and (is_valid or not INVALIDATING.isdisjoint(one.codes))]
    unused = place([_unused(one, text) for one in idle], text)
    return sorted([*kept, *unused], key=lambda diagnostic: diagnostic.span)


def _must_be_heard(diagnostic: Diagnostic) -> bool:
    return diagnostic.is_error and diagnostic.code in INVALIDATING


def _noqas(text: str, dialect: Dialect) -> list[_Noqa]:
    source = Source(text)
    return [
        _Noqa(span, source.position(span.start).line, _codes(found))
        for span, found in _comments_with_noqa(text, dialect)
    ]


def _comments_with_noqa(text: str, dialect: Dialect) -> Iterator[tuple[Span, re.Match[str]]]:
    """Yield the place of each noqa, from its dashes to its last code."""
    try:
        spans = comments(text, dialect)
    except QuerySyntaxError:
        return
    for span in spans:
        if text.startswith("--", span.start):
            found = _NOQA.search(text, span.start, span.end)
            if found is not None:
                yield Span(*found.span()), found


def _codes(found: re.Match[str]) -> tuple[str, ...]:
    return tuple(code.strip() for code in (found["codes"] or "").split(",") if code.strip())


def _unused(one: _Noqa, text: str) -> Finding:
    idle = [code for code in one.codes if code not in one.used]
    if not one.codes or len(idle) == len(one.codes):
        message = "this comment hides nothing"
        start = one.span.start
        while start and text[start - 1] in " \t":
            start -= 1
        fix = replacement(Span(start, one.span.end), "", "Take the comment away")
    else:
        message = f"nothing is hidden of {', '.join(idle)}"
        kept = ", ".join(code for code in one.codes if code in one.used)
        fix = replacement(one.span, f"-- noqa: {kept}", f"Write -- noqa: {kept}")
    return UNUSED_NOQA.finding(one.span, message, help=" ".join(_advice(idle)), fix=fix)


def _advice(idle: Iterable[str]) -> Iterator[str]:
    for code in idle:
        if code in INVALIDATING:
            yield f"{code} makes a query invalid, and cannot be hidden"
        elif code not in KNOWN:
            hint = did_you_mean(code, KNOWN)
            yield f"there is no rule {code}" + (f": {hint}" if hint else "")


def with_noqa(text: str, dialect: Dialect, diagnostics: Iterable[Diagnostic]) -> tuple[str, int, int]:
    """Return a text with comments that hide its findings; how many are hidden, and how many cannot be.

    Each comment stands at the end of the first line of its finding where a comment can stand.
    """
    source = Source(text)
    known = {one.line: one for one in _noqas(text, dialect)}
    codes: dict[int, list[str]] = {}
    hidden = left = 0
    for diagnostic in diagnostics:
        if _must_be_heard(diagnostic) or diagnostic.code == UNUSED_NOQA.code:
            continue
        lines = range(diagnostic.line, diagnostic.end_line + 1)
        line = next((line for line in lines if _can_end_in_comment(text, dialect, source, line)), None)
        if line is None:
            left += 1
            continue
        hidden += 1
        codes.setdefault(line, [])
        if diagnostic.code not in codes[line]:
            codes[line].append(diagnostic.code)
    for line in sorted(codes, reverse=True):
        text = _with_comment(text, source.end_of_line(line), codes[line], known.get(line))
    return text, hidden, left


def _with_comment(text: str, end: int, codes: Sequence[str], known: _Noqa | None) -> str:
    if known is not None:
        together = ", ".join([*known.codes, *(code for code in codes if code not in known.codes)])
        return f"{text[: known.span.start]}-- noqa: {together}{text[known.span.end :]}"
    blanks = len(text[:end]) - len(text[:end].rstrip(" \t"))
    return f"{text[: end - blanks]}  -- noqa: {', '.join(codes)}{text[end:]}"


def _can_end_in_comment(text: str, dialect: Dialect, source: Source, line: int) -> bool:
    """Return whether a comment at the end of a line is one: not where a text or a comment goes on."""
    end = source.end_of_line(line)
    mark = " --\x1anoqa"
    try:
        before, after = comments(text, dialect), comments(text[:end] + mark + text[end:], dialect)
    except QuerySyntaxError:
        return False
    return len(after) == len(before) + 1 or (
        any(span.end == end + len(mark) for span in after)
        and any(text.startswith("--", span.start) and span.start < end <= span.end for span in before)
    )
