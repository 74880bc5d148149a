"""A report of what segments and a dataset answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sql_seg.diagnostics import Diagnostic
from sql_seg.engines.dataset import Dataset
from sql_seg.language.timestamps import write_timestamp
from sql_seg.records.masking import PERSONAL, masked, masked_text
from sql_seg.reporting.contents import (
    Contents,
    Count,
    Neighbour,
    ReportedFinding,
    SegmentPart,
    Shared,
    TestResult,
)
from sql_seg.segments.candidates import Candidate
from sql_seg.segments.funnel import Funnel
from sql_seg.segments.overlap import DISJOINT, OVERLAPPING, Overlap, Pair
from sql_seg.segments.preview import Preview
from sql_seg.segments.segment_set import SegmentSet

_ALWAYS_SHOWN = ("email", "contact_id")
_MOST_NEIGHBOURS = 10
_MOST_PROVEN = 200
"""Proofs are looked for of so many pairs at most; each takes some milliseconds."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What a dataset answers for segments, by their names."""

    previews: Mapping[str, Preview]
    funnels: Mapping[str, Funnel]
    instants: Sequence[datetime]
    counts: Mapping[str, Sequence[int]]
    overlap: Overlap
    pairs: Sequence[Pair]


def ask(
    segments: SegmentSet,
    dataset: Dataset,
    now: datetime,
    *,
    sample: int,
    instants: Iterable[datetime],
    is_masked: bool,
) -> Answers:
    """Ask a dataset for everything that a report says of segments."""
    moments = list(instants)
    overlap = segments.overlap(dataset, now=now)
    return Answers(
        segments.preview(dataset, now=now, sample=sample),
        segments.funnels(dataset, now=now, unnamed=PERSONAL if is_masked else ()),
        moments,
        segments.counts_at(dataset, moments),
        overlap,
        _pairs(overlap),
    )


def report_of(
    candidates: Sequence[Candidate],
    answers: Answers,
    dataset: Dataset,
    tests: Mapping[str, Sequence[TestResult]],
    warnings: Iterable[str],
    *,
    is_masked: bool,
) -> Contents:
    """Return a report of queries; of samples, personal data is masked unless it is asked for."""
    columns = list(dataset.schema.contact_data.columns)
    parts = [_part(one, answers, columns, tests.get(one.name, ()), is_masked=is_masked) for one in candidates]
    overlap = answers.overlap
    numbers = {one.name: number for number, one in enumerate(candidates)}
    both = {(numbers[one], numbers[other]): count for (one, other), count in overlap.shared.items()}
    return Contents(
        overlap.now, overlap.total, is_masked, tuple(parts), tuple(warnings), Shared(overlap.nowhere, both)
    )


def _part(
    candidate: Candidate,
    answers: Answers,
    known_columns: Sequence[str],
    tests: Sequence[TestResult],
    *,
    is_masked: bool,
) -> SegmentPart:
    name, segment = candidate.name, candidate.segment
    preview = answers.previews.get(name)
    read = set() if segment is None else set(segment.checked.columns)
    columns = tuple(dict.fromkeys([*_ALWAYS_SHOWN, *(each for each in known_columns if each in read)]))
    sample = [] if preview is None else preview.sample
    rows = [_masked(contact) if is_masked else contact for contact in sample]
    neighbours = _neighbours(name, answers.pairs)
    counts = answers.counts.get(name)
    return SegmentPart(
        name=name,
        file=candidate.query.file,
        query=candidate.query.text,
        dialect=candidate.query.dialect.value,
        count=None if preview is None else preview.count,
        share=None if preview is None or not preview.total else preview.share,
        columns=columns,
        sample=tuple(tuple(_cell(row.get(each)) for each in columns) for row in rows),
        findings=tuple(map(_finding, candidate.refusal if segment is None else segment.diagnostics)),
        tests=tuple(tests),
        warnings=() if preview is None else preview.warnings,
        funnel=answers.funnels.get(name),
        timeline=None if counts is None else tuple(map(Count, answers.instants, counts)),
        neighbours=tuple(neighbours[:_MOST_NEIGHBOURS]),
        neighbours_left_out=len(neighbours[_MOST_NEIGHBOURS:]),
    )


def _pairs(overlap: Overlap) -> list[Pair]:
    """Return each two segments that share contacts; of few segments also those that never share one."""
    names = overlap.names
    are_few = len(names) * (len(names) - 1) // 2 <= _MOST_PROVEN
    proven = 0
    found = []
    for pair in overlap.pairs():
        if not (overlap.counts[pair.first] and overlap.counts[pair.second] and (pair.both or are_few)):
            continue
        always = False
        if pair.relation != OVERLAPPING and overlap.prove is not None and proven < _MOST_PROVEN:
            proven += 1
            always = overlap.prove(pair.first, pair.second, pair.relation)
        if pair.both or always:
            found.append(replace(pair, always=always))
    return found


def _neighbours(name: str, pairs: Iterable[Pair]) -> list[Neighbour]:
    found = []
    for pair in pairs:
        if pair.first == name:
            found.append(Neighbour(pair.second, pair.both, pair.relation, pair.always))
        elif pair.second == name:
            found.append(Neighbour(pair.first, pair.both, pair.turned.relation, pair.always))
    return sorted(found, key=_by_weight)


def _by_weight(neighbour: Neighbour) -> tuple[bool, bool, int]:
    return neighbour.relation == DISJOINT, neighbour.relation == OVERLAPPING, -neighbour.both


def _finding(item: Diagnostic) -> ReportedFinding:
    return ReportedFinding(
        item.severity.value,
        item.code,
        item.line,
        item.column,
        item.span.start,
        item.span.end,
        item.message,
        item.help,
        "" if item.provenance is None else item.provenance.value,
    )


def _masked(contact: Mapping[str, Any]) -> dict[str, Any]:
    """Return a contact without who it is; an address may stand for an id that is not there."""
    shown = masked(contact)
    contact_id = shown.get("contact_id")
    if isinstance(contact_id, str) and "@" in contact_id:
        shown["contact_id"] = masked_text(contact_id)
    return shown


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return write_timestamp(value)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
