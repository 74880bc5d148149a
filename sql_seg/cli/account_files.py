"""An account's files, opened and read for the queries that are asked of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sql_seg.checking.checker import CheckedQuery
from sql_seg.cli.output import Failure
from sql_seg.cli.progress import Told, progress
from sql_seg.core.reads import reads_of
from sql_seg.engines.dataset import Dataset
from sql_seg.errors import RecordError
from sql_seg.language.datatypes import DataType
from sql_seg.language.now import the_moment
from sql_seg.language.schema import SENDGRID, Schema
from sql_seg.records.account_sources import AccountSources
from sql_seg.records.loading_report import Problem
from sql_seg.segments.candidates import Candidates, ColumnUse, subject

if TYPE_CHECKING:
    from sql_seg.engines.duckdb.files import AccountFiles as Files
    from sql_seg.engines.duckdb.stored import StoredAccount

_STDIN = "-"


@dataclass(frozen=True, slots=True)
class AccountOptions:
    """What options say of an account: its files, or one that ``load`` has written, in place of them."""

    sources: AccountSources
    stored: str | None = None

    @property
    def reads_standard_input(self) -> bool:
        """Whether one of the files is standard input."""
        sources = self.sources
        return _STDIN in [*sources.contacts, *sources.events, *(path for _, path in sources.lists)]

    def open_for(
        self, candidates: Candidates, wanted: Iterable[str] | None = None, *, with_events: bool = False
    ) -> OpenAccount:
        """Look at the files for queries, which are checked, leniently where there are no definitions.

        ``wanted`` are the columns that matter beside those that the queries read; None is all that there are.
        Events are read where a query asks for them, or ``with_events``.
        Raises Failure where a file cannot be read, or one lacks the events that a query asks for.
        """
        asking = candidates.that(lambda checked: reads_of(checked).asks_for_events)
        if asking and not self.sources.events and self.stored is None:
            raise Failure(f"{subject(asking, 'ask')} for events: give them with --events FILE")
        uses = candidates.uses()
        columns = None
        if wanted is not None:
            read = (segment.checked.columns for segment in candidates.segments.values())
            columns = frozenset(wanted).union(*read)
        with _readable(uses), progress("reading") as watch:
            return OpenAccount(
                self._opened(asking=bool(asking) or with_events, uses=uses, columns=columns, watch=watch),
                uses,
            )

    def _opened(
        self,
        *,
        asking: bool,
        uses: Mapping[str, Sequence[ColumnUse]],
        columns: frozenset[str] | None,
        watch: Told | None,
    ) -> Files | StoredAccount:
        if self.stored is not None:
            from sql_seg.engines.duckdb.stored import StoredAccount

            return StoredAccount(self.stored, memory_limit=self.sources.memory_limit, watch=watch)
        from sql_seg.engines.duckdb.files import AccountFiles as Files

        given = self.sources
        sources = replace(
            given,
            contacts=_with_standard_input(given.contacts),
            events=_with_standard_input(given.events) if asking else (),
            lists=[(list_id, _with_standard_input([path])) for list_id, path in given.lists],
            hints=self._hints(uses),
        )
        return Files(sources, wanted=columns, watch=watch or _nobody_looks)

    def _hints(self, uses: Mapping[str, Sequence[ColumnUse]]) -> dict[str, DataType]:
        """Return the types of custom fields on which the queries agree.

        What they do not agree on its values decide; beside definitions it is text, as all that they lack.
        """
        hints = {name: use.type for name, (use, *others) in uses.items() if not others}
        if self.sources.definitions is None:
            return hints
        return dict.fromkeys(uses, DataType.VARCHAR) | hints


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """An account whose columns are known, and that is read when it is known what is asked."""

    files: Files | StoredAccount
    uses: Mapping[str, Sequence[ColumnUse]]

    @property
    def schema(self) -> Schema:
        """The columns that queries may name."""
        return self.files.schema

    def dataset(
        self,
        checked: Sequence[CheckedQuery] | None = None,
        now: datetime | None = None,
        *,
        writes_csv: bool = False,
    ) -> Dataset:
        """Return what queries are asked of, read for these alone where they are given.

        It ``writes_csv`` where the members of one of them are to be written so.
        """
        with _readable(self.uses), progress("reading"):
            dataset = Dataset.at(self.files.read(checked, the_moment(now), writes_csv=writes_csv))
        if not len(dataset) and dataset.report.problems:
            raise _nothing_left(dataset.report.problems)
        return dataset

    def close(self) -> None:
        """Give back what was opened."""
        self.files.close()


def _nobody_looks(_done: float) -> None:
    """Hear how far a statement is where nobody looks: Ctrl-C is heard at once even so."""


def _with_standard_input(paths: Sequence[str]) -> list[Any]:
    from sql_seg.engines.duckdb.sniffing import Stream

    if _STDIN in paths and sys.stdin is None:
        raise Failure("<stdin>: is closed")
    return [Stream("<stdin>", sys.stdin.buffer) if path == _STDIN else path for path in paths]


@contextmanager
def _readable(uses: Mapping[str, Sequence[ColumnUse]]) -> Iterator[None]:
    """Let data that cannot be read end the command."""
    try:
        yield
    except RecordError as error:
        raise _unreadable(error, uses) from error


def _unreadable(error: RecordError, uses: Mapping[str, Sequence[ColumnUse]]) -> Failure:
    """Return what to say of data that ended the command; a value that does not fit need not."""
    message = str(error)
    if error.expected:
        for data_type, by in uses.get((error.key or "").lower(), [])[:1]:
            message += f" ({by.name} uses {error.key} as {data_type.name_in(by.query.dialect)})"
    if error.can_be_skipped:
        message += "\n" + _way_on(error.key if error.expected else None)
    return Failure(message)


def _way_on(column: str | None) -> str:
    """Return how to go on without a bad value: of a column that is never NULL, the whole row goes."""
    if column is None:
        return "To go on without it: --on-error skip leaves out the row."
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
