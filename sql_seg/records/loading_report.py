"""What loading met: every problem, what became of it, and what was decided on the way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sql_seg.errors import RecordError
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.wording import counted

OnError = Literal["fail", "skip", "null"]
"""What becomes of a bad value: an error, its row left out, or NULL in its place."""

Empty = Literal["null", "string"]
"""What an empty text is read as: NULL, or ``''``."""

_LONGEST_SHOWN = 60


@frozen
class Problem:
    """One thing that could not be read.

    ``file`` is None for records given in memory; ``row`` counts from 1, the header of a CSV file
    included (lines of NDJSON, elements of a JSON list); ``column`` is the name as the file has it,
    None where the row as a whole is bad.
    """

    file: str | None
    row: int | None
    column: str | None
    value: Any
    message: str

    def __str__(self) -> str:
        row = None if self.row is None else f"{'row' if self.file else 'record'} {self.row}"
        column = None if self.column is None else f"column {self.column}"
        place = ", ".join(part for part in (self.file, row, column) if part)
        return f"{place}: {self.message}" if place else self.message

    def as_error(self, expected: str | None = None) -> RecordError:
        """Return the error that says the same."""
        return RecordError(
            str(self),
            key=self.column,
            value=self.value,
            expected=expected,
            file=self.file,
            row=self.row,
            can_be_skipped=True,
        )


@frozen
class FieldChoice:
    """The type that an undeclared custom field was given, and why."""

    name: str
    type: DataType
    reason: str

    def __str__(self) -> str:
        return f"custom field {self.name} is read as {self.type.name_in(Dialect.V2)}: {self.reason}"


@dataclass(slots=True)
class Tally:
    """What became of the records that were met; ``nulled`` counts values, not records.

    Some were ``kept``, some bad and ``skipped``, some were there already (``repeats``), and some
    belong to no known contact (``strangers``).
    """

    kept: int = 0
    skipped: int = 0
    nulled: int = 0
    repeats: int = 0
    strangers: int = 0

    @property
    def met(self) -> int:
        """How many records there were in all."""
        return self.kept + self.skipped + self.repeats + self.strangers


@dataclass(slots=True)
class Report:
    """All that is worth knowing about a loading.

    ``problems`` is complete and in the order of reading; ``field_types`` is keyed by lower-case
    name; ``lists`` by list id; ``notes`` are facts that change nothing.
    """

    on_error: OnError = "fail"
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    field_types: dict[str, FieldChoice] = field(default_factory=dict)
    contacts: Tally = field(default_factory=Tally)
    events: Tally = field(default_factory=Tally)
    lists: dict[str, Tally] = field(default_factory=dict)
    of_the_account: int = 0
    """How many events are of the account, not of a contact: they are left out."""
    elsewhere: int = 0
    """How many contacts have a value that cannot be read, in a column that nothing asked for."""
    shared_addresses: int = 0
    """How many addresses several contacts have."""
    absent: dict[str, list[str]] = field(default_factory=dict)
    """Which of several files lack a column that others have, by its lower-case name."""
    keys_twice: list[str] = field(default_factory=list)
    """Of each file in which a key stands twice in an object, with two values, what is said of it."""
    ambiguous_ids: int = 0
    """How many ids came on events that are not the same."""

    def note_absent(self, keys_of_files: Mapping[str, Collection[str]]) -> None:
        """Keep which files lack a column that another one has."""
        for key in dict.fromkeys(key for keys in keys_of_files.values() for key in keys):
            lacking = [file for file, keys in keys_of_files.items() if key not in keys]
            if lacking:
                self.absent[key] = lacking

    def skip_row(self, tally: Tally, problem: Problem, expected: str | None = None) -> None:
        """Leave a bad row out; raise RecordError where problems are to fail."""
        self._record(problem, expected)
        tally.skipped += 1

    def null_value(self, tally: Tally, problem: Problem, expected: str, *, nullable: bool) -> bool:
        """Return whether a bad value becomes NULL, else its row has to go.

        Raises RecordError where problems are to fail.
        """
        self._record(problem, expected)
        nulled = self.on_error == "null" and nullable
        tally.nulled += nulled
        return nulled

    def _record(self, problem: Problem, expected: str | None) -> None:
        if self.on_error == "fail":
            raise problem.as_error(expected)
        self.problems.append(problem)

    @property
    def warnings(self) -> list[str]:
        """One sentence for each kind of thing that is not there as the files have it."""
        sentences = [
            *_losses("contact", self.contacts),
            *_losses("event", self.events),
            *(
                sentence
                for list_id, tally in self.lists.items()
                for sentence in _losses("member", tally, f" of list {list_id}")
            ),
        ]
        if self.elsewhere:
            some = counted(self.elsewhere, "contact")
            sentences.append(f"{some} with a value that cannot be read, in columns that no query reads")
        if self.shared_addresses:
            some = counted(self.shared_addresses, "address", "addresses")
            sentences.append(f"{some} of several contacts: events there are taken for the first one's")
        if self.ambiguous_ids:
            sentences.append(
                f"{counted(self.ambiguous_ids, 'sg_event_id')} on events that are not the same: all are kept"
            )
        sentences += self.keys_twice
        sentences += self.of_nobody
        for list_id, tally in self.lists.items():
            if tally.strangers:
                sentences.append(
                    f"list {list_id}: {counted(tally.strangers, 'member')} not among the contacts, left out"
                )
        return sentences

    @property
    def of_nobody(self) -> list[str]:
        """One sentence for each kind of events that are no known contact's, and so left out."""
        sentences = []
        if self.events.strangers:
            sentences.append(f"left out {counted(self.events.strangers, 'event')} of no known contact")
        if self.of_the_account:
            sentences.append(
                f"left out {counted(self.of_the_account, 'event')} of the account, of no contact"
            )
        return sentences


def _losses(noun: str, tally: Tally, of: str = "") -> list[str]:
    sentences = []
    if tally.skipped:
        sentences.append(f"left out {counted(tally.skipped, f'bad {noun} row')}{of}")
    if tally.nulled:
        sentences.append(f"read {counted(tally.nulled, f'bad {noun} value')}{of} as NULL")
    if tally.repeats:
        sentences.append(f"dropped {counted(tally.repeats, f'repeated {noun}')}{of}")
    return sentences


def shown(value: Any) -> str:
    """Return a value as messages show it: cut where it is long."""
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
