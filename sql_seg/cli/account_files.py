"""An account's files, read for the queries that are asked of it, and what people should know of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sql_seg.checked import CheckedQuery, ColumnValue, LastEvent, SomeEvent, Subquery, walk
from sql_seg.cli.candidates import Candidate, Candidates
from sql_seg.cli.output import Failure
from sql_seg.cli.progress import progress
from sql_seg.dataset import Dataset
from sql_seg.datatypes import DataType, Dialect
from sql_seg.errors import RecordError
from sql_seg.records.report import Empty, OnError


@dataclass(frozen=True, slots=True)
class AccountFiles:
    """What options say of an account: its files, and how to read them; ``definitions`` are parsed JSON."""

    contacts: Sequence[str]
    events: Sequence[str]
    lists: Sequence[tuple[str, str]]
    definitions: Any
    on_error: OnError
    empty: Empty

    def read_for(self, candidates: Candidates) -> Dataset:
        """Return what queries are asked of; they are checked, leniently where there are no definitions.

        Raises Failure where it cannot be read, or lacks the events that a query asks for.
        """
        asking = _those(candidates, _asks_for_events)
        if asking and not self.events:
            raise Failure(f"{_subject(asking, 'ask')} for events: give them with --events FILE")
        uses = _uses(candidates)
        try:
            with progress("reading"):
                return Dataset.load(
                    self.contacts,
                    events=self.events if asking else (),
                    fields=self.definitions,
                    lists=self.lists,
                    hints=self._hints(uses),
                    on_error=self.on_error,
                    empty=self.empty,
                )
        except RecordError as error:
            raise _unreadable(error, uses) from error

    def _hints(self, uses: dict[str, list[_Use]]) -> dict[str, DataType]:
        """Return the types of custom fields on which the queries agree.

        What they do not agree on its values decide; beside definitions it is text, as all that they lack.
        """
        hints = {name: use.type for name, (use, *others) in uses.items() if not others}
        if self.definitions is None:
            return hints
        return dict.fromkeys(uses, DataType.VARCHAR) | hints


def notes_on(dataset: Dataset, candidates: Candidates) -> list[str]:
    """Return what was decided while loading, as far as the queries have to do with it."""
    asked = {name for segment in candidates.segments.values() for name in segment.checked.columns}
    beside = {str(choice) for key, choice in dataset.report.field_types.items() if key not in asked}
    return [remark for remark in dataset.report.notes if remark not in beside]


def warnings_on(dataset: Dataset, candidates: Candidates) -> list[str]:
    """Return what is not there as the files or the queries have it, without the single problems."""
    warnings = [*_disagreements(candidates), *dataset.report.warnings]
    asking = _those(candidates, _asks_for_lists)
    if asking and not dataset.has_list_ids:
        warnings.append(
            f"{_subject(asking, 'ask')} for list_ids, but the contacts come without: "
            "give the exports of lists with --list ID=FILE"
        )
    return warnings


def _disagreements(candidates: Candidates) -> list[str]:
    """Return a warning for each custom field that queries take to be of several types."""
    return [
        f"{name} is used as "
        + ", as ".join(f"{use.type.name_in(Dialect.V2)} by {use.by.name}" for use in uses)
        + ": say with --fields FILE which it is"
        for name, uses in _uses(candidates).items()
        if len(uses) > 1
    ]


class _Use(NamedTuple):
    """The type that a query takes a custom field for."""

    type: DataType
    by: Candidate


def _uses(candidates: Candidates) -> dict[str, list[_Use]]:
    """Return for each custom field the types that queries take it for, each with the first query."""
    uses: dict[str, list[_Use]] = {}
    for one in candidates.all:
        for name, data_type in one.assumed_types.items():
            known = uses.setdefault(name, [])
            if data_type not in [use.type for use in known]:
                known.append(_Use(data_type, one))
    return uses


def _unreadable(error: RecordError, uses: dict[str, list[_Use]]) -> Failure:
    """Return what to say of data that ended the command; a value that does not fit need not."""
    message = str(error)
    if error.expected:
        for data_type, by in uses.get((error.key or "").lower(), [])[:1]:
            message += f" ({by.name} uses {error.key} as {data_type.name_in(by.query.dialect)})"
        message += "\nTo go on without it: --on-error skip leaves out the row, --on-error null the value."
    return Failure(message)


def _those(candidates: Candidates, ask: Callable[[CheckedQuery], bool]) -> list[Candidate]:
    return [one for one in candidates.all if one.segment is not None and ask(one.segment.checked)]


def _subject(asking: Sequence[Candidate], verb: str) -> str:
    """Return some queries as the subject of a sentence, with its verb: ``vip.sql and 2 more ask``."""
    first, *others = asking
    return f"{first.name} and {len(others):,} more {verb}" if others else f"{first.name} {verb}s"


def _asks_for_events(checked: CheckedQuery) -> bool:
    """Return whether the answer depends on events, not on contacts alone."""
    return any(
        isinstance(term, SomeEvent) or (isinstance(term, LastEvent | Subquery) and _events_of(term))
        for term in walk(checked.condition)
    )


def _events_of(term: LastEvent | Subquery) -> tuple[int, ...]:
    return term.events if isinstance(term, Subquery) else term.rows


def _asks_for_lists(checked: CheckedQuery) -> bool:
    return any(isinstance(t, ColumnValue) and t.name == "list_ids" for t in walk(checked.condition))
