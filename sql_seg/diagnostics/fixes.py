"""Fixing queries by the fixes that diagnostics bring."""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Callable, Iterable
from typing import NamedTuple

from sql_seg.diagnostics import Diagnostic, Fix, Safety, edited
from sql_seg.diagnostics.source import Span

Diagnose = Callable[[str], list[Diagnostic]]

_MOST_ROUNDS = 100


class Fixed(NamedTuple):
    """A fixed text, and the diagnostics whose fixes were applied, in order."""

    text: str
    applied: list[Diagnostic]


def fix_text(text: str, diagnose: Diagnose, *, unsafe: bool = False) -> Fixed:
    """Return a text with all fixes applied that its diagnostics have: the safe ones, or all.

    Fixes that touch each other are applied one after the other, each to the text that the others left,
    and a fix that would make a query worse (more errors than before) is left out.
    """
    applied: list[Diagnostic] = []
    diagnostics = diagnose(text)
    for _ in range(_MOST_ROUNDS):
        chosen = list(_apart(diagnostics, unsafe=unsafe))
        repaired = apply_fixes(text, [fix for _, fix in chosen])
        after = diagnose(repaired) if chosen else diagnostics
        if not chosen or repaired == text or _errors(after) > _errors(diagnostics):
            return Fixed(text, applied)
        text, diagnostics = repaired, after
        applied += [diagnostic for diagnostic, _ in chosen]
    return Fixed(text, applied)


def apply_fixes(text: str, fixes: Iterable[Fix]) -> str:
    """Return a text with fixes applied, whose edits must not overlap."""
    return edited(text, [edit for fix in fixes for edit in fix.edits])[0]


def _apart(diagnostics: list[Diagnostic], *, unsafe: bool) -> Iterable[tuple[Diagnostic, Fix]]:
    """Yield the diagnostics that are to be fixed, with fixes whose edits do not touch those before."""
    taken: list[Span] = []  # in order, and apart
    for diagnostic in diagnostics:
        fix = diagnostic.fix
        if fix is None or (fix.safety is Safety.UNSAFE and not unsafe):
            continue
        if not any(_touches_one_of(taken, edit.span) for edit in fix.edits):
            for edit in fix.edits:
                insort(taken, edit.span)
            yield diagnostic, fix


def _touches_one_of(taken: list[Span], span: Span) -> bool:
    """Return whether a span touches one of some: the last before it, or the first behind it."""
    at = bisect(taken, span)
    before, behind = taken[at - 1 : at], taken[at : at + 1]
    return any(other.end >= span.start for other in before) or any(
        other.start <= span.end for other in behind
    )


def _errors(diagnostics: list[Diagnostic]) -> int:
    return sum(diagnostic.is_error for diagnostic in diagnostics)
