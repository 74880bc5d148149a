"""Mending queries by the fixes that diagnostics bring."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from sql_seg.diagnostics import Diagnostic, Edit, Fix, Safety

Diagnose = Callable[[str], list[Diagnostic]]

_MOST_ROUNDS = 100


class Fixed(NamedTuple):
    """A mended text, and the diagnostics whose fixes were applied, in order."""

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
        mended = apply_fixes(text, [fix for _, fix in chosen])
        after = diagnose(mended) if chosen else diagnostics
        if not chosen or mended == text or _errors(after) > _errors(diagnostics):
            return Fixed(text, applied)
        text, diagnostics = mended, after
        applied += [diagnostic for diagnostic, _ in chosen]
    return Fixed(text, applied)


def apply_fixes(text: str, fixes: Iterable[Fix]) -> str:
    """Return a text with fixes applied, whose edits must not overlap."""
    edits = sorted((edit for fix in fixes for edit in fix.edits), key=lambda edit: edit.span, reverse=True)
    for edit in edits:
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _apart(diagnostics: list[Diagnostic], *, unsafe: bool) -> Iterable[tuple[Diagnostic, Fix]]:
    """Yield the diagnostics that are to be fixed, with fixes whose edits do not touch those before."""
    taken: list[Edit] = []
    for diagnostic in diagnostics:
        fix = diagnostic.fix
        if fix is None or (fix.safety is Safety.UNSAFE and not unsafe):
            continue
        if not any(_touch(edit, other) for edit in fix.edits for other in taken):
            taken += fix.edits
            yield diagnostic, fix


def _touch(edit: Edit, other: Edit) -> bool:
    return edit.span.start <= other.span.end and other.span.start <= edit.span.end


def _errors(diagnostics: list[Diagnostic]) -> int:
    return sum(diagnostic.is_error for diagnostic in diagnostics)
