"""Which findings count: rules that are selected, ignored, or made stricter."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sql_seg.diagnostics import Diagnostic, Severity
from sql_seg.frozen import field, frozen, replace
from sql_seg.linting import RULES
from sql_seg.linting.about_limits import LIMITS
from sql_seg.linting.check_errors import CHECK_ERRORS
from sql_seg.linting.refused_sql import REFUSED_SQL
from sql_seg.linting.syntax_errors import SYNTAX_ERRORS
from sql_seg.wording import did_you_mean

ALL = "ALL"
"""Stands for all rules."""

UNDOCUMENTED = "undocumented-construct"
"""The rule whose every finding is about what SendGrid's reference does not promise."""

UNPROMISED = frozenset([UNDOCUMENTED, *(entry.code for entry in RULES if entry.provenance is not None)])
"""The rules whose findings are errors in a strict check."""

INVALIDATING = frozenset(
    entry.code for entry in (*SYNTAX_ERRORS, *REFUSED_SQL, *CHECK_ERRORS) if entry.severity is Severity.ERROR
)
"""The errors that make a query invalid, whatever anybody asks for: they always count."""

KNOWN = frozenset(entry.code for entry in RULES)
"""The codes of all rules."""

LIMIT_CODES = frozenset(entry.code for entry in LIMITS)
"""The rules about all segments together."""

_SEVERITIES = {entry.code: entry.severity for entry in RULES}


@frozen
class Selection:
    """What people want to hear.

    ``select`` None is everything but infos. A rule that is named outweighs ``ALL``, and one that is ignored
    outweighs one that is selected. ``strict`` selects by name what SendGrid's reference does not promise,
    and makes it an error.
    ``severity`` says how bad the findings of a rule are, where that is not as it comes.
    """

    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()
    strict: bool = False
    shows_infos: bool = False
    severity: Mapping[str, Severity] = field(default_factory=dict)

    @property
    def may_take_infos(self) -> bool:
        """Whether an info may count, so that infos must be looked for."""
        return self.shows_infos or self.strict or self.select is not None or bool(self.severity)

    def ignoring(self, codes: Collection[str]) -> Selection:
        """Return this selection without some more rules."""
        return replace(self, ignore=self.ignore.union(codes)) if codes else self

    def of(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return the diagnostics that count, as severe as they are wanted."""
        graded = map(self._graded, diagnostics)
        return [diagnostic for diagnostic in graded if self._counts(diagnostic)]

    def looks_for(self, code: str) -> bool:
        """Return whether findings of a rule count."""
        if code in INVALIDATING:
            return True
        severity = self.severity.get(code, _SEVERITIES.get(code, Severity.WARNING))
        return self._takes(code, severity)

    def _counts(self, diagnostic: Diagnostic) -> bool:
        # No setting makes one an error that was none.
        invalidates = diagnostic.code in INVALIDATING and diagnostic.is_error
        return invalidates or self._takes(diagnostic.code, diagnostic.severity)

    def _takes(self, code: str, severity: Severity) -> bool:
        named = self._names(code)
        if code in self.ignore or (ALL in self.ignore and not named):
            return False
        if named:
            return True
        if self.select is not None:
            return ALL in self.select
        return self.shows_infos or severity is not Severity.INFO

    def _names(self, code: str) -> bool:
        return (self.strict and code in UNPROMISED) or (self.select is not None and code in self.select)

    def _graded(self, diagnostic: Diagnostic) -> Diagnostic:
        if self.strict and diagnostic.code in UNPROMISED:
            return replace(diagnostic, severity=Severity.ERROR)
        severity = self.severity.get(diagnostic.code)
        return diagnostic if severity is None else replace(diagnostic, severity=severity)


def complaint_about(code: str, *, ignored: bool) -> str | None:
    """Return what is wrong with a code that somebody selects or ignores, None if nothing is."""
    if code == ALL or (code in KNOWN and not (ignored and code in INVALIDATING)):
        return None
    if code in KNOWN:
        return f"{code} makes a query invalid, and cannot be ignored"
    begun = [known for known in sorted(KNOWN) if len(code) > 2 and known.startswith(code.lower())]
    hint = did_you_mean(code, (*KNOWN, ALL)) or (f"did you mean {' or '.join(begun[:2])}?" if begun else "")
    return f"there is no rule {code!r}" + (f": {hint}" if hint else "; `sql-seg rule` lists them all")
