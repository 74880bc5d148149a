"""A report as Markdown, for a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from sql_seg.reporting.changes import ReportChange, ReportChanges
from sql_seg.reporting.contents import SURE, Contents, SegmentPart
from sql_seg.wording import counted

_SPECIAL = re.compile(r"([\\`*{}\[\]<>|#~&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
_MOST_OPEN = 20
"""So many segments stand open; a longer table is folded away."""
_SAID = ("error", "warning")


def as_markdown(contents: Contents, comparison: ReportChanges | None = None) -> str:
    """Return a report's numbers and findings, and what differs from an older one."""
    segments = contents.segments
    asked = f"{counted(len(segments), 'segment')} over {counted(contents.total, 'contact')}"
    lines = [f"### {asked} at {contents.moment}", ""]
    nowhere = 0 if contents.shared is None else contents.shared.nowhere
    if nowhere:
        lines += [f"{counted(nowhere, 'contact')} {'is' if nowhere == 1 else 'are'} in no segment.", ""]
    if comparison is not None:
        lines += ["**What changed**", "", *_changes(comparison), ""]
    table = list(_table(contents, {} if comparison is None else comparison.counts))
    lines += _folded(f"All {len(segments):,} segments", table) if len(segments) > _MOST_OPEN else table
    for title, items in (
        ("Findings", _findings(segments)),
        ("Failing tests", _failing_tests(segments)),
        ("Why nobody", _nobodies(segments)),
        ("Overlap", _overlap(segments)),
        ("The data", map(_plain, contents.warnings)),
    ):
        said = [f"- {item}" for item in items]
        if said:
            lines += ["", f"**{title}**", "", *said]
    return "\n".join(lines)


def _changes(comparison: ReportChanges) -> Iterator[str]:
    if not comparison.changes:
        yield from comparison.sentences
    for change in comparison.changes:
        yield f"- {_plain(str(change))}"
        yield from _diff(change)


def _diff(change: ReportChange) -> Iterator[str]:
    """Yield the lines of a query that is another one now, as part of the list."""
    if not change.diff:
        return
    longest = max(map(len, re.findall("`+", "\n".join(change.diff))), default=0)
    fence = "`" * max(longest + 1, 3)
    yield ""
    yield from (f"  {line}" for line in (f"{fence}diff", *change.diff, fence))
    yield ""


def _table(contents: Contents, before: Mapping[str, int | None]) -> Iterator[str]:
    yield "| segment | members | share | tests | how sure | state |"
    yield "|---|---:|---:|---:|---|---|"
    for part in contents.segments:
        count = "" if part.count is None else f"{part.count:,}{_moved(part, before.get(part.name))}"
        share = "" if part.share is None else f"{part.share:.1%}"
        hold = f"{sum(test.holds for test in part.tests):,} of {len(part.tests):,}" if part.tests else ""
        sure = "" if part.count is None else SURE[part.rests_on]
        yield f"| {_plain(part.name)} | {count} | {share} | {hold} | {sure} | {part.state} |"


def _moved(part: SegmentPart, before: int | None) -> str:
    if before is None or part.count is None or before == part.count:
        return ""
    return f" ({part.count - before:+,})"


def _folded(title: str, lines: Iterable[str]) -> list[str]:
    return ["<details>", f"<summary>{title}</summary>", "", *lines, "", "</details>"]


def _findings(segments: Iterable[SegmentPart]) -> Iterator[str]:
    for part in segments:
        for finding in part.findings:
            if finding.severity in _SAID:
                place = f"{_plain(part.name)}:{finding.line}:{finding.column}"
                yield f"{place}: {finding.severity}: {_plain(finding.message)}"


def _failing_tests(segments: Iterable[SegmentPart]) -> Iterator[str]:
    for part in segments:
        for test in part.tests:
            if not test.holds:
                first = f": {_plain(test.details[0])}" if test.details else ""
                yield f"{_plain(part.name)}: {_plain(test.name)}{first}"


def _nobodies(segments: Iterable[SegmentPart]) -> Iterator[str]:
    for part in segments:
        if part.count == 0 and part.funnel is not None:
            for hint in part.funnel.hints:
                yield f"{_plain(part.name)}: {_plain(hint)}"
            if len(part.funnel.emptied_by) > 1:
                together = " and ".join(map(_plain, part.funnel.emptied_by))
                yield f"{_plain(part.name)}: no contact meets {together}"


def _overlap(segments: Iterable[SegmentPart]) -> Iterator[str]:
    """Yield how segments lie to each other, each two once."""
    told = set()
    for part in segments:
        for other in part.neighbours:
            if other.words and (other.name, part.name) not in told:
                told.add((part.name, other.name))
                always = "always " if other.always else ""
                yield f"{_plain(part.name)} {_relation(other.relation, always)} {_plain(other.name)}"


def _relation(relation: str, always: str) -> str:
    return {
        "equal": f"has {always}the same contacts as",
        "contained in": f"is {always}contained in",
        "contains": f"{always}contains",
        "disjoint": f"{always}shares no contact with",
    }[relation]


def _plain(text: str) -> str:
    """Return a text as one line of Markdown that shows it as it is."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
