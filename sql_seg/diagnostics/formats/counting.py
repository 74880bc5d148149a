"""How often each code was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from sql_seg.diagnostics import Severity
from sql_seg.diagnostics.formats.query_report import QueryReport, is_safely_fixable
from sql_seg.frozen import frozen


@frozen
class CodeCount:
    """How often a code was found, and how many of its findings have a safe fix."""

    code: str
    severity: Severity
    count: int
    fixable: int


def statistics(reports: Iterable[QueryReport]) -> list[CodeCount]:
    """Return the counts of all codes, the most frequent first; then by severity and code."""
    found = [diagnostic for report in reports for diagnostic in report.diagnostics]
    counts = Counter(diagnostic.code for diagnostic in found)
    fixable = Counter(diagnostic.code for diagnostic in found if is_safely_fixable(diagnostic))
    severities: dict[str, Severity] = {}
    for diagnostic in found:
        severities[diagnostic.code] = min(
            severities.get(diagnostic.code, diagnostic.severity), diagnostic.severity, key=_ORDER.index
        )
    rows = [CodeCount(code, severities[code], count, fixable[code]) for code, count in counts.items()]
    return sorted(rows, key=lambda row: (-row.count, _ORDER.index(row.severity), row.code))


def statistics_text(counts: Sequence[CodeCount]) -> str:
    """Return one line for each code: how often, the code, ``[*]`` where fixes are safe, the severity."""
    number = max((len(str(row.count)) for row in counts), default=0)
    name = max((len(row.code) for row in counts), default=0)
    some_fix = any(row.fixable for row in counts)
    return "\n".join(
        f"{row.count:>{number}}  {row.code:<{name}}  {_star(row) if some_fix else ''}{row.severity}"
        for row in counts
    )


def statistics_json(counts: Sequence[CodeCount]) -> str:
    """Return the counts as a JSON list of objects."""
    import json
    from dataclasses import asdict

    return json.dumps([{**asdict(row), "severity": row.severity.value} for row in counts], indent=2)


_ORDER = list(Severity)


def _star(row: CodeCount) -> str:
    """Return whether all findings of a code can be fixed safely, or some."""
    return "[*] " if row.fixable == row.count else "[-] " if row.fixable else "    "
