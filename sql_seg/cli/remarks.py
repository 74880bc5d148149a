"""What people should know of an account's files, once queries are asked of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sql_seg.checking.checked_query import CheckedQuery
from sql_seg.core.reads import LIST_IDS, reads_of
from sql_seg.engines.dataset import Dataset
from sql_seg.language.datatypes import Dialect
from sql_seg.segments.candidates import Candidate, Candidates, subject
from sql_seg.segments.segment import Segment
from sql_seg.segments.telling import told_elsewhere


@dataclass(frozen=True, slots=True)
class Remarks:
    """What was decided while loading, what is not as the files or the queries have it, and each problem."""

    notes: list[str]
    warnings: list[str]
    problems: list[str]

    @property
    def all(self) -> list[str]:
        """Return all of them, one sentence each."""
        return [*self.notes, *self.warnings, *self.problems]


def remarks_on(candidates: Candidates, dataset: Dataset, now: datetime) -> Remarks:
    """Return what people should know about the data that an answer rests on."""
    warnings = [
        *_disagreements(candidates),
        *dataset.report.warnings,
        *_about_lists(dataset, candidates, now),
        *_gaps(dataset, candidates),
    ]
    problems = list(map(str, dataset.report.problems))
    return Remarks(_notes(dataset, candidates), list(dict.fromkeys(warnings)), problems)


def _notes(dataset: Dataset, candidates: Candidates) -> list[str]:
    """Return what was decided while loading, as far as the queries have to do with it."""
    asked = {name for segment in candidates.segments.values() for name in segment.checked.columns}
    beside = {str(choice) for key, choice in dataset.report.field_types.items() if key not in asked}
    return [remark for remark in dataset.report.notes if remark not in beside]


def _gaps(dataset: Dataset, candidates: Candidates) -> list[str]:
    """Return what queries read and the data lacks, each once; of lists, something else is said."""
    segments = candidates.segments.values()
    lacking = [gap for segment in segments for gap in segment.gaps(dataset)]
    return list(dict.fromkeys(str(gap) for gap in lacking if gap.kind not in ("lists", "list")))


def _about_lists(dataset: Dataset, candidates: Candidates, now: datetime) -> Iterator[str]:
    asking = candidates.that(_asks_for_lists)
    if asking and not dataset.has_list_ids:
        yield (
            f"{subject(asking, 'ask')} for list_ids, but the contacts come without: "
            "give the exports of lists with --list ID=FILE"
        )
    elif asking and len(dataset):
        yield from _empty_lists(dataset, candidates, now)


def list_questions(candidates: Candidates) -> list[CheckedQuery]:
    """Return what is asked beside the queries: who is on the lists that they name."""
    return [_on_list(list_id).checked for list_id in _lists_of(candidates)]


def _empty_lists(dataset: Dataset, candidates: Candidates, now: datetime) -> Iterator[str]:
    """Yield a warning for each list that queries name, that no export was given of, and nobody is on."""
    for list_id, by in _lists_of(candidates).items():
        if list_id not in dataset.report.lists and not _members_of(list_id, dataset, now):
            yield (
                f"{subject(by, 'ask')} for list {list_id}, which no contact is on: "
                f"give its export with --list {list_id}=FILE"
            )


def _members_of(list_id: str, dataset: Dataset, now: datetime) -> int:
    with told_elsewhere():
        return _on_list(list_id).count(dataset, now=now)


def _on_list(list_id: str) -> Segment:
    return Segment("SELECT contact_id, updated_at FROM contact_data", parent_list_ids=[list_id])


def _lists_of(candidates: Candidates) -> dict[str, list[Candidate]]:
    """Return the lists that queries name, each with the queries."""
    named: dict[str, list[Candidate]] = {}
    for candidate in candidates.that(_asks_for_lists):
        assert candidate.segment is not None
        for list_id in reads_of(candidate.segment.checked).lists:
            named.setdefault(list_id, []).append(candidate)
    return named


def _disagreements(candidates: Candidates) -> list[str]:
    """Return a warning for each custom field that queries take to be of several types."""
    return [
        f"{name} is used as "
        + ", as ".join(f"{use.type.name_in(Dialect.V2)} by {use.by.name}" for use in uses)
        + ": say with --fields FILE which it is"
        for name, uses in candidates.uses().items()
        if len(uses) > 1
    ]


def _asks_for_lists(checked: CheckedQuery) -> bool:
    return LIST_IDS in reads_of(checked).columns
