"""Comments that hide findings: ``-- noqa: code``, or ``-- noqa`` for all, on a line of the finding."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from sql_seg.diagnostics import Diagnostic, Edit, Finding, Fix, place, replacement
from sql_seg.diagnostics.fixes import apply_fixes
from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.diagnostics.source import Source, Span
from sql_seg.language.datatypes import Dialect
from sql_seg.linting.about_files import UNUSED_NOQA
from sql_seg.syntax.parsing import comments
from sql_seg.syntax.parsing.tokens import tokenize
from sql_seg.wording import did_you_mean
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


def has_noqa(text: str) -> bool:
    """Return whether there may be comments in a text that hide findings, for which all must be known."""
    return "noqa" in text.lower()


def without_hidden(text: str, dialect: Dialect, diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Return the diagnostics of a text that no comment in it hides, and one for each comment that hides none.

    ``diagnostics`` are all that are found, as they are placed in the text. Those that make a query invalid
    are never hidden.
    """
    if not has_noqa(text):
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
    free = _lines_for_comments(text, dialect, source)
    codes: dict[int, list[str]] = {}
    hidden = left = 0
    for diagnostic in diagnostics:
        if _must_be_heard(diagnostic) or diagnostic.code == UNUSED_NOQA.code:
            continue
        at = bisect_left(free, diagnostic.line)
        if at == len(free) or free[at] > diagnostic.end_line:
            left += 1
            continue
        hidden += 1
        of_line = codes.setdefault(free[at], [])
        if diagnostic.code not in of_line:
            of_line.append(diagnostic.code)
    edits = [_comment(source, line, codes[line], known.get(line)) for line in sorted(codes)]
    return apply_fixes(text, [Fix("Hide what is found", tuple(edits))]), hidden, left


def _comment(source: Source, line: int, codes: Sequence[str], known: _Noqa | None) -> Edit:
    """Return what writes a comment that hides codes on a line, or adds them to the one that is there."""
    if known is not None:
        together = ", ".join([*known.codes, *(code for code in codes if code not in known.codes)])
        return Edit(known.span, f"-- noqa: {together}")
    end, said = source.end_of_line(line), source.line(line)
    blanks = len(said) - len(said.rstrip(" \t"))
    return Edit(Span(end - blanks, end), f"  -- noqa: {', '.join(codes)}")


def _lines_for_comments(text: str, dialect: Dialect, source: Source) -> list[int]:
    """Return the lines, in order, behind which a comment is one: not where a text or a comment goes on.

    The text is read once, not once for each line: 400 findings on lines of their own took 1.2 s.
    """
    read = tokenize(text, dialect)
    comment_ends = [span.end for span in read.comments]

    def is_free(line: int) -> bool:
        end = source.end_of_line(line)
        token, comment = bisect_right(read.ends, end), bisect_right(comment_ends, end)
        in_token = token < len(read.ends) and read.ends[token] - len(read.words[token]) < end
        return not in_token and not (comment < len(comment_ends) and read.comments[comment].start < end)

    return [line for line in range(1, source.position(len(text)).line + 1) if is_free(line)]
