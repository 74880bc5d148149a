"""Where an account's records are, and what can be asked of them there: in memory, or in an engine."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from sql_seg.core.interpreter import Account
from sql_seg.core.reads import Reads
from sql_seg.core.terms import Meaning, Term
from sql_seg.frozen import replace
from sql_seg.language.schema import Schema
from sql_seg.records.address_book import near_addresses
from sql_seg.records.gaps import Holdings
from sql_seg.records.loading_report import Report

if TYPE_CHECKING:
    from sql_seg.evaluate.compiler import Compiler, Together


class Question(Protocol):
    """A segment, as a home is asked for it: what it means, and the Python that it compiles to.

    Names begin with an underscore where ``Segment``, ``SegmentSet`` and ``Dataset`` have them for this
    package alone: other modules of it may ask them, and people are promised nothing of them.
    """

    @property
    def checked(self) -> Meaning:
        """The checked query, the parent lists included."""

    @property
    def _compiler(self) -> Compiler:
        """Its compiler: what is compiled once is there for the next question."""


class Questions(Protocol):
    """Several segments that are asked together."""

    @property
    def _questions(self) -> Sequence[Question]:
        """Each of them, in order."""

    @property
    def _together(self) -> Together:
        """The compiler of one pass for all of them."""


class AskedCondition:
    """A condition over the columns of a query, asked as if it were a segment of its own."""

    def __init__(self, checked: Meaning, condition: Term) -> None:
        self.checked: Meaning = replace(checked, condition=condition)

    @cached_property
    def _compiler(self) -> Compiler:
        """The Python that it compiles to."""
        from sql_seg.evaluate.compiler import Compiler  # an engine that is asked by SQL needs no code

        return Compiler(self.checked)


class AskedConditions:
    """Conditions over the columns of a query, asked together."""

    def __init__(self, checked: Meaning, conditions: Iterable[Term]) -> None:
        self._questions: Sequence[AskedCondition] = [AskedCondition(checked, one) for one in conditions]

    @cached_property
    def _together(self) -> Together:
        """The compiler of one pass for all of them."""
        from sql_seg.evaluate.compiler import Together

        return Together(question.checked for question in self._questions)


class Home(ABC):
    """An account's contacts and events, as a Dataset asks for them.

    Every ``now`` is an aware datetime in UTC. Contacts come out in the account's order, as dicts that the
    caller may change; they have ``email_domains``, and a ``contact_id`` where they have an email. A home
    answers from several threads at once. It can be pickled, or raises TypeError that says that it cannot.
    """

    schema: Schema
    """The columns that the contacts may have."""
    report: Report
    """What was met while loading."""
    has_list_ids: bool
    """Whether anything says which lists the contacts are on.

    Whoever lacks ``list_ids`` has NULL there in records, which say themselves what they lack; in files,
    frames and tables, which are an account's, an empty list.
    """

    @abstractmethod
    def __len__(self) -> int:
        """Return the number of contacts."""

    @abstractmethod
    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield the contacts."""

    @abstractmethod
    def events(self) -> Iterator[dict[str, Any]]:
        """Yield the rows of event_data, in the order they came."""

    @abstractmethod
    def number_of_events(self) -> int:
        """Return the number of rows of event_data."""

    @abstractmethod
    def keys(self) -> Sequence[str]:
        """Return the names of all that the contacts have, those that are no columns too."""

    @abstractmethod
    def contact(self, id_or_address: str) -> dict[str, Any] | None:
        """Return the contact of an id, else of an email or an alternate email in any case."""

    def near(self, address: str) -> list[str]:
        """Return the emails of contacts that people may have meant by an address that nobody has."""
        return near_addresses(address, filter(None, (contact.get("email") for contact in self)))

    @abstractmethod
    def events_of(self, contact_id: str) -> list[dict[str, Any]]:
        """Return the rows of event_data of a contact."""

    @abstractmethod
    def count(self, question: Question, now: datetime) -> int:
        """Return the number of members."""

    @abstractmethod
    def ids(self, question: Question, now: datetime) -> Iterator[str | None]:
        """Return the contact ids of the members."""

    @abstractmethod
    def members(self, question: Question, now: datetime) -> Iterator[dict[str, Any]]:
        """Return the members."""

    @abstractmethod
    def preview(self, question: Question, now: datetime, sample: int) -> tuple[int, list[dict[str, Any]]]:
        """Return the number of members, and the first ``sample`` of them."""

    @abstractmethod
    def counts(self, asked: Questions, now: datetime) -> list[int]:
        """Return the number of members of each of several segments."""

    @abstractmethod
    def tallies(self, asked: Questions, now: datetime) -> dict[int, int]:
        """Return how many contacts are in which of several segments at once, in one scan.

        A key has the bit ``1 << n`` for each n-th segment that its contacts are in.
        """

    @abstractmethod
    def most_frequent(self, column: str, most: int) -> list[tuple[Any, int]]:
        """Return the most frequent values of a column of contacts, each with its number; NULL is none."""

    def extent(self, column: str) -> tuple[Any, Any] | None:
        """Return the least and the greatest value of a column of contacts; None where all are NULL."""
        return _extent(contact.get(column) for contact in self)

    def extent_of_events(self) -> tuple[datetime, datetime] | None:
        """Return the times of the first and of the last event; None where no event has one."""
        return _extent(event.get("timestamp") for event in self.events())

    @abstractmethod
    def ids_of_each(self, asked: Questions, now: datetime) -> list[list[str | None]]:
        """Return the contact ids of the members of each of several segments."""

    @abstractmethod
    def members_of_each(self, asked: Questions, now: datetime) -> list[list[dict[str, Any]]]:
        """Return the members of each of several segments."""

    @abstractmethod
    def previews(
        self, asked: Questions, now: datetime, sample: int
    ) -> list[tuple[int, list[dict[str, Any]]]]:
        """Return for each of several segments the number of members, and the first ``sample`` of them."""

    def account(self) -> Account:
        """Return all contacts and events as rows: for the few questions that only rows can answer."""
        return Account(list(self), list(self.events()))

    @abstractmethod
    def holdings(self, reads: Reads) -> Holdings:
        """Return what the account has of what a query reads."""

    @abstractmethod
    def to_arrow(self) -> Any:
        """Return the contacts as a ``pyarrow.Table``."""

    def close(self) -> None:  # noqa: B027 -- records in memory hold nothing to give back
        """Give back what the home holds: files, memory, connections. It cannot be asked afterwards."""


def _extent(values: Iterator[Any]) -> tuple[Any, Any] | None:
    there = [value for value in values if value is not None]
    return (min(there), max(there)) if there else None
