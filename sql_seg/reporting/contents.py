"""What a report says of segments and of the data that they were asked of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sql_seg.diagnostics import Diagnostic
from sql_seg.language.literals import write_timestamp
from sql_seg.records.masking import masked, masked_text
from sql_seg.segments.preview import Preview
from sql_seg.workspace.queries import Candidate

_ALWAYS_SHOWN = ("email", "contact_id")
_SURE = {
    "doc": "SendGrid's reference documents it",
    "api": "SendGrid's API has answered so",
    "seen": "queries in use rely on it",
    "snow": "Snowflake documents it, on which SendGrid's queries evidently run",
    "ours": "nothing documents it; sql-seg reads it so",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic: its place in the query, and what it says."""

    severity: str
    code: str
    line: int
    column: int
    start: int
    end: int
    message: str
    help: str
    sure: str


@dataclass(frozen=True, slots=True)
class TestResult:
    """A test of a segment, whether it holds, and what was found where it does not."""

    __test__ = False

    name: str
    holds: bool
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SegmentPart:
    """What is said of one segment; ``count`` is None where the query has errors."""

    name: str
    file: str
    query: str
    dialect: str
    count: int | None
    share: float | None
    columns: tuple[str, ...]
    sample: tuple[tuple[str | None, ...], ...]
    findings: tuple[Finding, ...]
    tests: tuple[TestResult, ...]

    @property
    def state(self) -> str:
        """The worst that is to be said of it, in a word."""
        severities = {finding.severity for finding in self.findings}
        if self.count is None:
            return "error"
        if not all(test.holds for test in self.tests):
            return "failing test"
        return "warning" if "warning" in severities else "fine"


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole report."""

    now: str
    total: int
    is_masked: bool
    segments: tuple[SegmentPart, ...]
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        return {"version": 1, **asdict(self)}


def part_of(
    candidate: Candidate,
    preview: Preview | None,
    known_columns: Sequence[str],
    tests: Sequence[TestResult],
    *,
    is_masked: bool,
) -> SegmentPart:
    """Return what a report says of a query; of a sample, personal data is masked unless it is asked for."""
    segment = candidate.segment
    diagnostics = candidate.refusal if segment is None else segment.diagnostics
    read = set() if segment is None else set(segment.checked.columns)
    columns = tuple(dict.fromkeys([*_ALWAYS_SHOWN, *(name for name in known_columns if name in read)]))
    sample = [] if preview is None else preview.sample
    rows = [_masked(contact) if is_masked else contact for contact in sample]
    return SegmentPart(
        candidate.name,
        candidate.query.file,
        candidate.query.text,
        candidate.query.dialect.value,
        None if preview is None else preview.count,
        None if preview is None or not preview.total else preview.share,
        columns,
        tuple(tuple(_cell(row.get(name)) for name in columns) for row in rows),
        tuple(map(_finding, diagnostics)),
        tuple(tests),
    )


def contents_of(
    parts: Sequence[SegmentPart], total: int, now: datetime, warnings: Sequence[str], *, is_masked: bool
) -> Contents:
    """Return a report of segments over ``total`` contacts; ``warnings`` are about the data."""
    moment = write_timestamp(now.replace(microsecond=0))
    return Contents(moment, total, is_masked, tuple(parts), tuple(warnings))


def changes_between(before: Mapping[str, Any], after: Contents) -> list[str]:
    """Return a sentence for each segment that is new, gone, or of another query or size than before.

    ``before`` is an older report as JSON. Raises ValueError where it is none.
    """
    return list(_changes(_segments_of(before), after))


def _changes(old: Mapping[str, Mapping[str, Any]], after: Contents) -> Iterator[str]:
    new = {part.name: part for part in after.segments}
    for name, part in new.items():
        known = old.get(name)
        if known is None:
            yield f"{name} is new: {_members(part.count)}"
            continue
        if known["query"] != part.query:
            yield f"{name} has another query: {_members(known['count'])} before, {_members(part.count)} now"
        elif known["count"] != part.count:
            yield f"{name} has the same query: {_members(known['count'])} before, {_members(part.count)} now"
    yield from (
        f"{name} is gone: it had {_members(known['count'])}" for name, known in old.items() if name not in new
    )


def _segments_of(before: Any) -> dict[str, Mapping[str, Any]]:
    segments = before.get("segments") if isinstance(before, Mapping) and before.get("version") == 1 else None
    known = {}
    for item in segments if isinstance(segments, list) else [None]:
        if not isinstance(item, Mapping) or not {"name", "query", "count"} <= item.keys():
            raise ValueError("is no report: sql-seg report --output-format json writes one")
        known[str(item["name"])] = item
    return known


def _masked(contact: Mapping[str, Any]) -> dict[str, Any]:
    """Return a contact without who it is; an address may stand for an id that is not there."""
    shown = masked(contact)
    contact_id = shown.get("contact_id")
    if isinstance(contact_id, str) and "@" in contact_id:
        shown["contact_id"] = masked_text(contact_id)
    return shown


def _members(count: int | None) -> str:
    if count is None:
        return "an error"
    return "1 member" if count == 1 else f"{count:,} members"


def _finding(item: Diagnostic) -> Finding:
    return Finding(
        item.severity.value,
        item.code,
        item.line,
        item.column,
        item.span.start,
        item.span.end,
        item.message,
        item.help,
        "" if item.provenance is None else _SURE[item.provenance.value],
    )


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return write_timestamp(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
