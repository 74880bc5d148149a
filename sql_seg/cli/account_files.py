"""An account's files, read for the queries that are asked of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sql_seg.cli.output import Failure
from sql_seg.cli.progress import progress
from sql_seg.core.terms import CheckedQuery, LastEvent, SomeEvent, Subquery, walk
from sql_seg.dataset import Dataset
from sql_seg.errors import RecordError
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import SENDGRID
from sql_seg.records.report import Empty, OnError, Problem
from sql_seg.workspace.queries import Candidates, Use, subject


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
        asking = candidates.that(_asks_for_events)
        if asking and not self.events:
            raise Failure(f"{subject(asking, 'ask')} for events: give them with --events FILE")
        uses = candidates.uses()
        try:
            with progress("reading"):
                dataset = Dataset.load(
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
        if not len(dataset) and dataset.report.problems:
            raise _nothing_left(dataset.report.problems)
        return dataset

    def _hints(self, uses: Mapping[str, Sequence[Use]]) -> dict[str, DataType]:
        """Return the types of custom fields on which the queries agree.

        What they do not agree on its values decide; beside definitions it is text, as all that they lack.
        """
        hints = {name: use.type for name, (use, *others) in uses.items() if not others}
        if self.definitions is None:
            return hints
        return dict.fromkeys(uses, DataType.VARCHAR) | hints


def _unreadable(error: RecordError, uses: Mapping[str, Sequence[Use]]) -> Failure:
    """Return what to say of data that ended the command; a value that does not fit need not."""
    message = str(error)
    if error.expected:
        for data_type, by in uses.get((error.key or "").lower(), [])[:1]:
            message += f" ({by.name} uses {error.key} as {data_type.name_in(by.query.dialect)})"
        message += "\n" + _way_on(error.key)
    return Failure(message)


def _way_on(column: str | None) -> str:
    """Return how to go on without a bad value: of a column that is never NULL, the whole row goes."""
    known = SENDGRID.contact_data.column(column or "")
    if known is not None and not known.nullable and known.type is not DataType.ARRAY:
        return (
            f"To go on without it: --on-error skip leaves out the row; {column} is never NULL, so "
            "--on-error null does the same. If all rows are like this, correct the column or take it out "
            "of the file."
        )
    return "To go on without it: --on-error skip leaves out the row, --on-error null the value."


def _nothing_left(problems: Sequence[Problem]) -> Failure:
    """Return what to say where each row was bad: an answer over no rows would be none."""
    return Failure(
        f"none of the contacts could be read: all {len(problems):,} problems are like this one\n"
        f"{problems[0]}\n"
        "Correct the values, or take a column that no query reads out of the file."
    )


def _asks_for_events(checked: CheckedQuery) -> bool:
    """Return whether the answer depends on events, not on contacts alone."""
    return any(
        isinstance(term, SomeEvent) or (isinstance(term, LastEvent | Subquery) and _events_of(term))
        for term in walk(checked.condition)
    )


def _events_of(term: LastEvent | Subquery) -> tuple[int, ...]:
    return term.events if isinstance(term, Subquery) else term.rows
