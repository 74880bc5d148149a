"""The error of a text that does not parse: what is wrong with it, once that it is wrong is known."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import NamedTuple

from sql_seg.diagnostics import Finding, place
from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.diagnostics.repaired import Repaired
from sql_seg.diagnostics.source import Span
from sql_seg.frozen import replace
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import HalfOfAPairError, ascii_upper
from sql_seg.syntax.nodes import MOST_LEVELS, NestingError, refuse_deep
from sql_seg.syntax.parsing.around import VALUES, Around, Brackets
from sql_seg.syntax.parsing.automaton import DoesNotFitError
from sql_seg.syntax.parsing.builder import RefusedTextError
from sql_seg.syntax.parsing.complaints import complain
from sql_seg.syntax.parsing.foreign import foreign
from sql_seg.syntax.parsing.parser import automaton
from sql_seg.syntax.parsing.refused import refused_constructs
from sql_seg.syntax.parsing.tokens import Tokens, tokenize
from sql_seg.syntax.parsing.v1_comments import comment_around, comment_finding
from sql_seg.syntax.promised import safety_of_writing

_MOST_REPAIRED = 20
"""How many errors of one text are fixed to read on."""

_LONGEST_REPAIRED = 2**16
"""How long a text may be that is read again for each error."""


def too_long(text: str, most_bytes: int) -> QuerySyntaxError:
    """Return the error of a text past the bound."""
    finding = Finding(
        "text-too-long",
        Span(0, 0),
        f"the text is longer than {most_bytes:,} bytes",
        help="put the contacts on a list, and ask for its id in list_ids",
    )
    return QuerySyntaxError(place([finding], text), text)


def too_deep(text: str, span: Span) -> QuerySyntaxError:
    """Return the error of a text that nests past the bound, at a place."""
    return QuerySyntaxError(place([_too_deep(span)], text), text)


def _too_deep(span: Span) -> Finding:
    return Finding(
        "nesting-too-deep",
        span,
        f"the query nests deeper than {MOST_LEVELS} levels here",
        help="a chain of ANDs or ORs is one level: leave out parentheses that it does not need",
    )


def misfit(read: Tokens, index: int, accepted: set[str], dialect: Dialect) -> QuerySyntaxError:
    """Return the error of a text whose token at ``index`` is none of the ``accepted`` types."""
    return _explained(_Problem(read, index, accepted), dialect)


def refused(read: Tokens, finding: Finding, dialect: Dialect) -> QuerySyntaxError:
    """Return the error of a text that fits the grammar, but says nothing: what the builder has found."""
    return _explained(_of_builder(read, finding), dialect)


class _Problem(NamedTuple):
    """Why a text is no query: a token that does not fit, or what the builder has found."""

    read: Tokens
    position: int
    accepted: set[str]
    finding: Finding | None = None


def _of_builder(read: Tokens, finding: Finding) -> _Problem:
    last = len(read.tokens) - 1
    index = next((i for i, token in enumerate(read.tokens) if token.end > finding.span.start), last)
    return _Problem(read, index, set(), finding)


def _explained(problem: _Problem, dialect: Dialect) -> QuerySyntaxError:
    """Return the error that says what is wrong, and all else that is once that is fixed.

    Where a finding has a fix, the text that the fix writes is read on: what is found there is placed in the
    text as it was given. Where the fixed text is a query, the error brings it.
    """
    text = problem.read.text
    repaired = Repaired(text, dialect)
    findings: list[Finding] = []
    shapes: set[_Shape] = set()
    while True:
        found, rest = _findings(problem, dialect)
        if found.fix is not None:
            shapes.add(_shape_of(problem, found))
        placed = repaired.in_original(found)
        if findings and placed.span.start < findings[-1].span.start:
            return QuerySyntaxError(place(findings, text), text)
        if found.fix is None or len(findings) >= _MOST_REPAIRED or len(text) > _LONGEST_REPAIRED:
            more = dict.fromkeys([*rest, *_alike(problem, shapes, dialect)])
            findings += [placed, *map(repaired.in_original, more)]
            return QuerySyntaxError(place(findings, text), text)
        further = repaired.with_fix(found.fix, placed.fix)
        following = _problem_of(further.text, dialect)
        if following is not None and _is_inside(following, further):
            findings += [replace(placed, fix=None), *map(repaired.in_original, rest)]
            return QuerySyntaxError(place(findings, text), text)
        findings.append(placed)
        if following is None:
            return QuerySyntaxError(place(findings, text), text, further)
        problem, repaired = following, further


_Shape = tuple[int, tuple[str, ...]]
"""A mistake without the values in it: which of some tokens does not fit, and what the tokens are."""


def _shape_of(problem: _Problem, found: Finding) -> _Shape:
    """Return the shape of a mistake: what it takes with the token before, which the reader was led by."""
    ends = problem.read.ends
    spans = [found.span, *(edit.span for edit in (found.fix.edits if found.fix else ()))]
    first = bisect_right(ends, min(span.start for span in spans))
    last = bisect_left(ends, max(span.end for span in spans))
    first, last = max(min(first, problem.position) - 1, 0), max(last, problem.position)
    return problem.position - first, _said(problem.read, first, last)


def _said(read: Tokens, first: int, last: int) -> tuple[str, ...]:
    words = zip(read.types[first : last + 1], read.words[first : last + 1], strict=True)
    return tuple([kind if kind in VALUES else ascii_upper(word) for kind, word in words])


def _alike(problem: _Problem, shapes: set[_Shape], dialect: Dialect) -> list[Finding]:
    """Return the mistakes behind one that are of the same shape as some before: they are not read on to."""
    read, index, accepted, _ = problem
    tokens = read.tokens
    by_misfit: dict[str, list[_Shape]] = {}
    for shape in shapes:
        by_misfit.setdefault(shape[1][shape[0]], []).append(shape)
    found: list[Finding] = []
    brackets = Brackets(tokens)
    for position in range(index + 1, len(tokens)):
        kind, word = read.types[position], read.words[position]
        for before, said in by_misfit.get(kind if kind in VALUES else ascii_upper(word), ()):
            first = position - before
            if first < 0 or _said(read, first, first + len(said) - 1) != said:
                continue
            finding = _foreign(Around(read.text, tokens, position, accepted, dialect, brackets))
            if finding is not None and finding.fix is not None:
                found.append(finding)
            break
    return found


def _is_inside(problem: _Problem, repaired: Repaired) -> bool:
    """Return whether what is wrong stands in what was written last."""
    token = problem.read.tokens[problem.position]
    place = token.span if problem.finding is None else problem.finding.span
    return any(start <= place.start < max(end, start + 1) for start, end in repaired.written)


def _problem_of(text: str, dialect: Dialect) -> _Problem | None:
    """Return why a text is no query; None if it is one."""
    read = tokenize(text, dialect)
    try:
        refuse_deep(automaton(dialect).run(read))
    except DoesNotFitError:
        return _Problem(read, *automaton(dialect).fit(read.types))
    except RefusedTextError as error:
        return _of_builder(read, error.finding)
    except NestingError as error:
        return _of_builder(read, _too_deep(error.span))
    return None


def _foreign(around: Around) -> Finding | None:
    """Return what is wrong where it is syntax from elsewhere; nothing of a text that is no text."""
    try:
        found = foreign(around)
    except HalfOfAPairError:
        return None
    if found is None or found.fix is None:
        return found
    edits = found.fix.edits
    replaced = "\n".join([around.text[edit.span.start : edit.span.end] for edit in edits])
    written = "\n".join([edit.text for edit in edits])
    safe = safety_of_writing(written, replaced, around.dialect, found.fix.safety)
    return replace(found, fix=replace(found.fix, safety=safe))


_SELF_EXPLAINED = ("number-out-of-range", "half-character")
"""What is wrong with a token by itself: nothing around it explains that."""


def _findings(problem: _Problem, dialect: Dialect) -> tuple[Finding, list[Finding]]:
    """Return what is wrong with a text, and the refused constructs behind it; one may explain it all."""
    read, index, accepted, finding = problem
    tokens = read.tokens
    around = Around(read.text, tokens, index, accepted, dialect)
    constructs = refused_constructs(around)
    comment = comment_around(read.text, tokens, index) if dialect is Dialect.V1 else None
    if comment is not None:
        said = comment_finding(comment.start, read.text[comment.start : comment.end])
        return said, [item for item in constructs if item.span.start >= comment.end]
    is_of_form = finding is None or finding.code in ("unexpected-text", "malformed-interval")
    known = _foreign(around) if is_of_form else None
    if known is not None:
        end = max([known.span.end, *(edit.span.end for edit in (known.fix.edits if known.fix else ()))])
        return known, [item for item in constructs if item.span.start >= end]
    if finding is not None and finding.code in _SELF_EXPLAINED:
        return finding, [item for item in constructs if item.span.start > finding.span.start]
    if constructs and constructs[0].span.start <= tokens[index].start:
        return constructs[0], constructs[1:]
    return finding or complain(around), constructs
