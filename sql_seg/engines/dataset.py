"""An account's contacts and events, typed and checked, to be asked for the members of segments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from sql_seg import markup
from sql_seg.core.interpreter import Account
from sql_seg.engines.home import Home
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.schema import Schema
from sql_seg.records.account_sources import DUCKDBS_OWN_LIMIT, AccountSources, ByFile
from sql_seg.records.loading_report import Empty, OnError, Report
from sql_seg.records.text_files import FilePath

P_co = TypeVar("P_co", covariant=True)
E_co = TypeVar("E_co", covariant=True)


class AskedSegment(Protocol[P_co]):
    """A segment, as a dataset asks it; ``P_co`` is what its preview is."""

    def count(self, contacts: Dataset, /, *, now: datetime | None = None) -> int:
        """Return the number of members."""

    def ids(self, contacts: Dataset, /, *, now: datetime | None = None) -> Iterator[str | None]:
        """Return the contact ids of the members."""

    def members(self, contacts: Dataset, /, *, now: datetime | None = None) -> Iterator[Mapping[str, Any]]:
        """Return the members."""

    def preview(self, dataset: Dataset, /, *, now: datetime | None = None, sample: int = 50) -> P_co:
        """Return the number of members, and the first of them."""

    def decided_by(self, contact: Any, /, *, dataset: Dataset, now: datetime | None = None) -> Any:
        """Return whether a contact is a member, and why."""


_PROBLEMS_SHOWN = 10


class Explains(Protocol[E_co]):
    """A segment, as a dataset asks it to explain one of its contacts; ``E_co`` is what its explanation is."""

    def explain(self, contact: Mapping[str, Any] | str, *, dataset: Dataset, now: datetime | None) -> E_co:
        """Return why a contact is a member, or is not."""


class Dataset:
    """Contacts with their events, each value of its column's type.

    ``contacts`` are mappings keyed by lower-case column name, custom fields flat: str, int or float
    (no bool), aware datetime, list of str; None, NaN, NaT, ``pandas.NA`` or absent is NULL, and numpy's
    scalars are the numbers they hold. ``events`` are event_data rows or Event Webhook objects; those of
    other contacts are left out, repeats dropped (see ``report``). Without a ``schema`` it is SENDGRID with
    the custom fields that the contacts have.

    Raises RecordError, with ``key``, ``value``, ``expected`` and ``row`` (from 1), for a value that its
    column cannot hold; TypeError for an argument of another kind. The records are copied: what happens to
    them later happens elsewhere.

    Records in memory are asked by compiled Python, one pass a question. Contacts come out as they were, but
    for NULLs, for timestamps, which are in UTC, for ``email_domains``, which each contact then has, and for
    ``contact_id``, for which the email stands where there is none.

    A dataset is a context manager; ``close`` gives back what it holds. It answers from several threads.
    """

    __slots__ = ("_home",)

    def __init__(
        self,
        contacts: Iterable[Mapping[str, Any]],
        events: Iterable[Mapping[str, Any]] = (),
        schema: Schema | None = None,
    ) -> None:
        from sql_seg.engines.memory import InMemory  # of files nothing is there in memory
        from sql_seg.records.checks import records_in_memory

        given = records_in_memory(contacts, events, schema)
        self._home: Home = InMemory(
            given.contacts,
            given.events,
            given.schema,
            has_list_ids=given.has_list_ids,
            report=given.report,
            nested=given.nested,
        )

    @classmethod
    def load(
        cls,
        contacts: FilePath | Iterable[FilePath],
        *,
        events: FilePath | Iterable[FilePath] | None = None,
        fields: Any = None,
        lists: Mapping[str, FilePath] | Iterable[tuple[str, FilePath]] | None = None,
        hints: Mapping[str, DataType] | None = None,
        on_error: OnError = "fail",
        empty: Empty = "null",
        delimiter: ByFile = None,
        encoding: ByFile = None,
        memory_limit: str | None = DUCKDBS_OWN_LIMIT,
    ) -> Self:
        """Read a dataset from files: CSV, JSON, NDJSON or Parquet, packed by gzip or zstd or not.

        Globs are expanded. ``fields`` are field definitions, a path or parsed JSON. The types of custom
        fields that they lack are ``hints`` (by lower-case name); without definitions, those of all others
        follow from the values. ``lists`` gives for list ids the exports of their members. ``on_error`` says
        what becomes of a bad value: ``fail`` raises, ``skip`` leaves its row out, ``null`` makes it NULL.
        ``empty`` says whether an empty text is NULL or a text. ``delimiter`` is what separates the cells of
        CSV (its header mostly shows it), ``encoding`` what CSV and JSON are written in, if not UTF-8; each is
        for all files or, as a mapping, for those named: ``{"crm.csv": "cp1252"}``.

        The dataset is a DuckDB in this process. It takes up to ``memory_limit`` (``1GiB``), and beyond that,
        disk. Parquet is read in place, as frames are: see ``of``.

        Raises RecordError for a file that cannot be read and, with ``fail``, for the first bad value;
        SchemaError for field definitions that cannot be; EngineError where there is no room.
        """
        from sql_seg.engines.duckdb.files import AccountFiles

        sources = AccountSources(
            contacts,
            () if events is None else events,
            fields,
            () if lists is None else lists,
            hints or {},
            on_error,
            empty,
            delimiter,
            encoding,
            memory_limit,
        )
        sources.refuse_names_without_file()
        return cls.at(AccountFiles(sources).read())

    @classmethod
    def of(
        cls,
        contacts: Any,
        events: Any = None,
        *,
        connection: Any = None,
        schema: Schema | None = None,
        on_error: OnError = "fail",
    ) -> Self:
        """Return a dataset of what holds its contacts and events already.

        That is a pandas or polars frame, an Arrow table, or a relation or connection of DuckDB's, which are
        read in place: each contact is there once, columns have their queries' types or texts that read as
        these, naive timestamps are UTC, and events are rows of event_data (``contact_id``, ``event_type``,
        ``timestamp``, ``data``). Of a DuckDB connection they are the tables contact_data and event_data; with
        ``connection``, ``contacts`` and ``events`` name others. ``on_error`` says what becomes of a bad value
        or row, as for files: see ``load``. Or they are records, which are checked as by ``Dataset`` and then
        put into an engine: worth it from some fifty questions on.

        Raises RecordError for the first bad value or row with ``fail``, and where a column cannot be read as
        its type; TypeError for anything else.
        """
        from sql_seg.engines.duckdb.taking import home_of

        return cls.at(home_of(contacts, events, connection, schema, on_error))

    @classmethod
    def at(cls, home: Home) -> Self:
        """Return the dataset of the records that a home has."""
        dataset = cls.__new__(cls)
        dataset._home = home
        return dataset

    @property
    def schema(self) -> Schema:
        """The columns that the contacts may have."""
        return self._home.schema

    @property
    def report(self) -> Report:
        """What was met while loading."""
        return self._home.report

    @property
    def has_list_ids(self) -> bool:
        """Whether anything says which lists the contacts are on.

        If not, all ``list_ids`` are NULL in records, and empty in files, frames and tables.
        """
        return self._home.has_list_ids

    @property
    def contacts(self) -> Sequence[dict[str, Any]]:
        """The contacts in order; each access gives copies."""
        return list(self._home)

    @property
    def events(self) -> Sequence[dict[str, Any]]:
        """The rows of event_data in the order they came; each access gives copies."""
        return list(self._home.events())

    @property
    def _account(self) -> Account:
        """All contacts and events as rows, to be read: for what is asked of one contact after the other."""
        return self._home.account()

    def contact(self, id_or_address: str) -> dict[str, Any]:
        """Return the contact of an id, else of an email or an alternate email in any case.

        Raises KeyError where there is none.
        """
        found = self._home.contact(id_or_address)
        if found is None:
            raise KeyError(f"no contact has the id or the address {id_or_address!r}")
        return found

    def explain(
        self, segment: Explains[E_co], contact: str | Mapping[str, Any], *, now: datetime | None = None
    ) -> E_co:
        """Return why a contact, or that of an id or address, is in a segment, or is not.

        See ``Segment.explain``. Raises KeyError where there is no such contact.
        """
        return segment.explain(contact, dataset=self, now=now)

    def events_of(self, contact: str | Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return a contact's rows of event_data, in the order they came.

        ``contact`` is an id, an address or one of the contacts. Raises KeyError where there is none.
        """
        known = self.contact(contact) if isinstance(contact, str) else contact
        contact_id = known.get("contact_id") or known.get("email")
        return [] if contact_id is None else self._home.events_of(contact_id)

    def count(self, segment: AskedSegment[Any], *, now: datetime | None = None) -> int:
        """Return how many of the contacts are in a segment: ``Segment.count`` from the other side."""
        return _segment(segment).count(self, now=now)

    def ids(self, segment: AskedSegment[Any], *, now: datetime | None = None) -> Iterator[str | None]:
        """Return the ids of the contacts that are in a segment, lazily and in order."""
        return _segment(segment).ids(self, now=now)

    def members(
        self, segment: AskedSegment[Any], *, now: datetime | None = None
    ) -> Iterator[Mapping[str, Any]]:
        """Return the contacts that are in a segment, lazily and in order."""
        return _segment(segment).members(self, now=now)

    def preview(self, segment: AskedSegment[P_co], *, now: datetime | None = None, sample: int = 50) -> P_co:
        """Return the number of members, the first ``sample`` of them, and what the data lacks."""
        return _segment(segment).preview(self, now=now, sample=sample)

    def matches(
        self, segment: AskedSegment[Any], contact: str | Mapping[str, Any], *, now: datetime | None = None
    ) -> bool:
        """Return whether a contact is in a segment, with its events and beside the other contacts.

        ``contact`` is an id, an address or one of the contacts. Raises KeyError where there is none.
        """
        return bool(_segment(segment).decided_by(contact, dataset=self, now=now).is_member)

    def to_arrow(self) -> Any:
        """Return the contacts as a ``pyarrow.Table``; needs pyarrow."""
        return self._home.to_arrow()

    def to_pandas(self) -> Any:
        """Return the contacts as a ``pandas.DataFrame``; needs pandas and pyarrow."""
        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """Return the contacts as a ``polars.DataFrame``; needs polars and pyarrow."""
        import polars

        return polars.from_arrow(self.to_arrow())

    def close(self) -> None:
        """Give back what the dataset holds; it cannot be asked afterwards."""
        self._home.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._home)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._home)

    def __repr__(self) -> str:
        return f"<Dataset: {len(self._home):,} contacts, {self._home.number_of_events():,} events>"

    def _repr_html_(self) -> str:
        contacts, events = len(self), self._home.number_of_events()
        there = set(map(str.lower, self._home.keys()))
        columns = self.schema.contact_data.columns
        rows = [[name, column.type.name_in(Dialect.V2)] for name, column in columns.items() if name in there]
        return markup.block(
            markup.paragraph(f"{contacts:,} contacts, {events:,} events", strong=True),
            markup.table(["column", "type"], rows),
            markup.bullets([*self.report.warnings, *self.report.problems[:_PROBLEMS_SHOWN]]),
        )


def _segment(asked: AskedSegment[P_co]) -> AskedSegment[P_co]:
    """Return a segment; raise TypeError for a text, which is none yet."""
    if isinstance(asked, str):
        raise TypeError("a dataset is asked for a segment, not for a text: Segment(text, dataset.schema)")
    return asked
