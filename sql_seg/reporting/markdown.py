"""A report as Markdown, for a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sql_seg.reporting.contents import Contents, SegmentPart

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~&])")


def as_markdown(contents: Contents, changes: Sequence[str] = ()) -> str:
    """Return a report's numbers and findings, and what differs from an older one."""
    lines = [
        f"### {len(contents.segments):,} segments over {contents.total:,} contacts at {contents.now}",
        "",
    ]
    if changes:
        lines += ["**What changed**", "", *(f"- {_plain(change)}" for change in changes), ""]
    lines += ["| segment | members | share | tests | state |", "|---|---:|---:|---:|---|"]
    lines += map(_row, contents.segments)
    found = [
        f"- {_plain(part.name)}:{finding.line}:{finding.column}: "
        f"{finding.severity}: {_plain(finding.message)}"
        for part in contents.segments
        for finding in part.findings
        if finding.severity != "info"
    ]
    if found:
        lines += ["", "**Findings**", "", *found]
    if contents.warnings:
        lines += ["", "**The data**", "", *(f"- {_plain(warning)}" for warning in contents.warnings)]
    return "\n".join(lines)


def _row(part: SegmentPart) -> str:
    count = "" if part.count is None else f"{part.count:,}"
    share = "" if part.share is None else f"{part.share:.1%}"
    hold = f"{sum(test.holds for test in part.tests):,} of {len(part.tests):,}" if part.tests else ""
    return f"| {_plain(part.name)} | {count} | {share} | {hold} | {part.state} |"


def _plain(text: str) -> str:
    """Return a text as one line of Markdown that shows it as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
