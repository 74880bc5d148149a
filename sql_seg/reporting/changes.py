"""What differs between two reports: segments, sizes, findings, tests, and the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any

from sql_seg.reporting.contents import Contents, SegmentPart
from sql_seg.wording import counted

_CONTEXT = 2
_SAID = ("error", "warning")
"""The severities of findings whose coming and going is reported."""


@dataclass(frozen=True, slots=True)
class ReportChange:
    """Something that is not as it was: of a segment, or of the data where ``name`` is empty.

    ``diff`` has the query's lines, where it is another one, as a unified diff without its head.
    """

    name: str
    said: str
    diff: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name or 'The data'} {self.said}"


@dataclass(frozen=True, slots=True)
class ReportChanges:
    """What changed since an older report, and how many members each segment had there."""

    changes: tuple[ReportChange, ...]
    counts: Mapping[str, int | None]

    @property
    def sentences(self) -> list[str]:
        """A sentence for each change."""
        return list(map(str, self.changes)) or ["Nothing: the same queries and the same numbers."]


def compared(before: Any, after: Contents) -> ReportChanges:
    """Return what changed since an older report, which is given as JSON.

    Raises ValueError where it is none.
    """
    old = _segments_of(before)
    return ReportChanges(
        tuple(_changes(before, old, after)), {name: known["count"] for name, known in old.items()}
    )


def _changes(
    before: Mapping[str, Any], old: Mapping[str, Mapping[str, Any]], after: Contents
) -> Iterator[ReportChange]:
    total = before.get("total")
    if isinstance(total, int) and total != after.total:
        yield ReportChange("", f"has {counted(after.total, 'contact')}; before there were {total:,}")
    names = {part.name for part in after.segments}
    for part in after.segments:
        known = old.get(part.name)
        if known is None:
            yield ReportChange(part.name, f"is new: {_members(part.count)}")
        else:
            yield from _of_segment(part, known)
    for name, known in old.items():
        if name not in names:
            yield ReportChange(name, f"is gone: it had {_members(known['count'])}")


def _of_segment(part: SegmentPart, known: Mapping[str, Any]) -> Iterator[ReportChange]:
    sizes = f"{_members(known['count'])} before, {_members(part.count)} now"
    if known["query"] != part.query:
        old, new = str(known["query"]).splitlines(), part.query.splitlines()
        diff = [*unified_diff(old, new, n=_CONTEXT, lineterm="")][2:]
        yield ReportChange(part.name, f"has another query: {sizes}", tuple(diff))
    elif known["count"] != part.count:
        yield ReportChange(part.name, f"has the same query: {sizes}")
    had, has = _findings_of(known), _findings_of(part.to_json())
    yield from (ReportChange(part.name, f"has a new {has[key]}") for key in has if key not in had)
    yield from (ReportChange(part.name, f"no longer has this {had[key]}") for key in had if key not in has)
    held = {str(test.get("name")): bool(test.get("holds")) for test in _mappings(known, "tests")}
    for test in part.tests:
        if held.get(test.name, True) is not test.holds:
            yield ReportChange(part.name, f"{'passes' if test.holds else 'fails'} the test {test.name!r} now")


def _findings_of(part: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Return what is said of a segment, by what makes it the same: its place may be another one."""
    found = {}
    for finding in _mappings(part, "findings"):
        severity, message = str(finding.get("severity")), str(finding.get("message"))
        if severity in _SAID:
            found[severity, message] = f"{severity}: {message}"
    return found


def _mappings(form: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    items = form.get(key)
    return [item for item in items if isinstance(item, Mapping)] if isinstance(items, list) else []


def _segments_of(before: Any) -> dict[str, Mapping[str, Any]]:
    segments = before.get("segments") if isinstance(before, Mapping) and before.get("version") == 1 else None
    known = {}
    for item in segments if isinstance(segments, list) else [None]:
        if not isinstance(item, Mapping) or not {"name", "query", "count"} <= item.keys():
            raise ValueError("is no report: sql-seg report --output-format json writes one")
        if item["count"] is not None and not isinstance(item["count"], int):
            raise ValueError("is no report: the count of a segment is no number")
        known[str(item["name"])] = item
    return known


def _members(count: int | None) -> str:
    return "an error" if count is None else counted(count, "member")
