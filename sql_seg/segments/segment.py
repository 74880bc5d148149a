"""A segment as one object: its query, who is in it, and how many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sql_seg import markup
from sql_seg.checking import check
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core.reads import reads_of
from sql_seg.core.terms import within_lists
from sql_seg.diagnostics import Diagnostic
from sql_seg.engines.dataset import Dataset
from sql_seg.engines.home import Home
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import Row, Schema
from sql_seg.language.timestamps import the_moment
from sql_seg.records.gaps import Gap, gaps, gaps_of_nobody, holdings_of
from sql_seg.records.looking import check_alike, check_keys
from sql_seg.records.telling import are_told_elsewhere, looked_at, tell
from sql_seg.segments.population import (
    NOBODY,
    Population,
    alone,
    own_events,
    population_of,
    refuse_events,
    require_events,
)
from sql_seg.segments.preview import Preview
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.nodes import Query
from sql_seg.syntax.parsing import parse

if TYPE_CHECKING:
    from sql_seg.evaluate.compiler import Compiler
    from sql_seg.explain import Decision, Explanation
    from sql_seg.explain.turning_points import TurningPoint
    from sql_seg.segments.drift import Drift
    from sql_seg.segments.funnel import Funnel
    from sql_seg.segments.timeline import Timeline

_LONGEST_SHOWN = 100


class Segment:
    """A query that is parsed, checked and ready to be asked; ``text`` may be a syntax tree, too.

    ``schema`` None is ``SENDGRID``, the reserved columns alone; ``dialect`` None detects it. With
    ``parent_list_ids`` the members are only contacts on one of these lists, as SendGrid has it.

    Raises QuerySyntaxError where the text does not parse, CheckError where it is not valid.
    """

    __slots__ = (
        "_columns",
        "_is_known_by_id",
        "_made",
        "_reads",
        "_reads_events",
        "_said",
        "_without_lists",
        "checked",
        "parent_list_ids",
    )

    checked: CheckedQuery
    """The checked query, the parent lists included."""
    parent_list_ids: tuple[str, ...]
    """The ids of the lists that the members must be on one of; of none, all contacts may be members."""

    def __init__(
        self,
        text: str | Query,
        schema: Schema | None = None,
        dialect: Dialect | str | None = None,
        *,
        parent_list_ids: Iterable[str] | None = (),
    ) -> None:
        if not isinstance(text, str | Query):
            raise TypeError(f"a segment is made of a query's text, not of a {type(text).__name__}")
        query = parse(text, dialect) if isinstance(text, str) else text
        lists = parent_list_ids if isinstance(parent_list_ids, str) else tuple(parent_list_ids or ())
        self._without_lists = check(query, schema)
        self._said: list[Diagnostic] | None = None
        self.checked = within_lists(self._without_lists, lists)
        self.parent_list_ids = tuple(lists)
        self._made: Compiler | None = None
        self._reads = reads_of(self.checked)
        self._reads_events = self.checked.reads_events
        self._columns = self._reads.columns.keys()
        self._is_known_by_id = "contact_id" in self._columns

    @property
    def _compiler(self) -> Compiler:
        """The Python that the query compiles to, for those that ask it of records."""
        if self._made is None:
            from sql_seg.evaluate.compiler import Compiler  # an engine that is asked by SQL needs no code

            self._made = Compiler(self.checked)
        return self._made

    @property
    def query(self) -> Query:
        """The syntax tree."""
        return self.checked.query

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """The warnings and infos, looked for when first asked; a segment has no errors."""
        if self._said is None:
            self._said = self._lint(infos=True)
        return list(self._said)

    def _lint(self, *, infos: bool) -> list[Diagnostic]:
        """Return the warnings, and the infos if asked for."""
        from sql_seg.linting import lint  # asking needs no rules

        return lint(self._without_lists, infos=infos)

    def matches(
        self, contact: Row, events: Iterable[Row] | None = None, *, now: datetime | None = None
    ) -> bool:
        """Return whether a contact is a member.

        ``contact`` is a mapping keyed by lower-case column name, custom fields flat; None, NaN, NaT,
        ``pandas.NA`` or absent is NULL. ``events`` are all of the contact's events, as event_data rows or
        Event Webhook objects; ``()`` if it has none. ``now`` is an aware datetime; None is the moment of the
        call. A contact without an id is known by its email, or has an id of its own.

        Raises RecordError for a value that its column cannot hold, or another contact's event;
        NeedsEventsError if the query asks for events and none are given; NeedsDatasetError where the answer
        depends on other contacts (use ``decided_by`` with a ``dataset``); ValueError for a naive ``now``.
        """
        moment = the_moment(now)
        if not self._reads_events:
            if self._is_known_by_id:
                contact = alone(contact)
            if isinstance(contact, Mapping) and not self._columns <= contact.keys():
                check_keys(contact, self._columns)
            for pair in self._reads.alike:
                check_alike(contact, *pair)
            return self._compiler.predicate(moment)(contact, ())
        predicate = self._compiler.predicate(moment)
        rows = own_events(contact, require_events(self._reads, events))
        if not self._columns <= contact.keys():
            check_keys(contact, self._columns)
        return predicate(alone(contact) if self._is_known_by_id else contact, rows)

    def decided_by(
        self,
        contact: Row | str,
        events: Iterable[Row] | None = None,
        *,
        dataset: Dataset | None = None,
        now: datetime | None = None,
    ) -> Decision:
        """Return whether a contact is a member, and the smallest set of conditions that decided it.

        The parameters are those of ``matches``. With a ``dataset`` the contact is one of its contacts, or the
        id or an address of one, and has its events there; the answer may then depend on others.

        Raises what ``matches`` raises; KeyError for an id or address that no contact of the dataset has;
        ValueError for events beside those of a dataset.
        """
        from sql_seg.segments.one_contact import decision_on

        return decision_on(self, contact, events, dataset, the_moment(now))

    def explain(
        self,
        contact: Row | str,
        events: Iterable[Row] | None = None,
        *,
        dataset: Dataset | None = None,
        now: datetime | None = None,
        most: int = 3,
    ) -> Explanation:
        """Return why a contact is a member, or is not: each condition with its truth and what decided it.

        The parameters, and what is raised, are those of ``decided_by``, which is the short form of it. The
        explanation's ``changes`` are the smallest ones that would turn the verdict, of ``most`` columns and
        events together; they are looked for when they are first asked for.
        """
        from sql_seg.segments.one_contact import explanation_of

        return explanation_of(self, contact, events, dataset, the_moment(now), most)

    def members(
        self,
        contacts: Dataset | Iterable[Row],
        events: Iterable[Row] | None = None,
        *,
        now: datetime | None = None,
    ) -> Iterator[Row]:
        """Return the contacts that are members, lazily and in order.

        ``contacts`` is a Dataset, whose members are equal contacts, or any mappings, which come out as
        the very same objects. ``events`` are those of all contacts; a Dataset has its own.

        Of mappings the first hundred are looked at closely; a Dataset checks all. Warns (DataWarning) of what
        the query reads and the contacts, as far as they are looked at, lack.

        Raises RecordError, while it is walked, for a value that its column cannot hold; NeedsEventsError
        if the query asks for events and none are given; ValueError for a naive ``now``.
        """
        moment = the_moment(now)
        if isinstance(contacts, Dataset):
            return self._home(contacts, events).members(self, moment)
        asked, population = self._population(contacts, events)
        found = self._compiler.members(asked, population.account, moment)
        return map(population.as_given, found) if population.given else found

    def ids(
        self,
        contacts: Dataset | Iterable[Row],
        events: Iterable[Row] | None = None,
        *,
        now: datetime | None = None,
    ) -> Iterator[str | None]:
        """Return the contact ids of the members, lazily and in order; see ``members``.

        The email stands in for an id that is not there.
        """
        moment = the_moment(now)
        if isinstance(contacts, Dataset):
            return self._home(contacts, events).ids(self, moment)
        asked, population = self._population(contacts, events)
        return self._compiler.ids(asked, population.account, moment)

    def count(
        self,
        contacts: Dataset | Iterable[Row],
        events: Iterable[Row] | None = None,
        *,
        now: datetime | None = None,
    ) -> int:
        """Return the number of members; see ``members``."""
        moment = the_moment(now)
        if isinstance(contacts, Dataset):
            return self._home(contacts, events).count(self, moment)
        asked, population = self._population(contacts, events)
        return self._compiler.count(asked, population.account, moment)

    def preview(self, dataset: Dataset, *, now: datetime | None = None, sample: int = 50) -> Preview:
        """Return the number of members, and the first ``sample`` of them (SendGrid shows up to 50).

        Its ``warnings`` say what the query reads and the dataset lacks; they are warned of too (DataWarning).
        """
        check_preview(dataset, sample)
        moment = the_moment(now)
        lacking = self.gaps(dataset)
        tell(lacking)
        count, members = dataset._home.preview(self, moment, sample)
        return Preview(count, len(dataset), moment, members, tuple(map(str, lacking)))

    def funnel(self, dataset: Dataset, *, now: datetime | None = None) -> Funnel:
        """Return where contacts go: of each condition how many pass it, and how many remain after it.

        All is counted in one scan. The ``hints`` say what the query asks for and the data lacks, such as a
        value that no contact has, with the nearest that some have.
        """
        from sql_seg.segments.funnel import funnel_of

        check_preview(dataset, 0)
        gaps = [] if are_told_elsewhere() else map(str, self.gaps(dataset))
        return funnel_of(self.checked, dataset, the_moment(now), gaps)

    def drift(self, dataset: Dataset, reported: Any, *, now: datetime | None = None) -> Drift:
        """Return how SendGrid's own count and sample of the segment lie to what the data says at that time.

        ``reported`` is the parsed JSON of ``GET /v3/marketing/segments/2.0/{id}``: its contacts_count,
        contacts_sample, sample_updated_at, next_sample_update and updated_at. ``now`` is the moment to judge
        at whether that is late, and to count at where SendGrid says none.

        Raises RecordError for a report of another shape.
        """
        from sql_seg.segments.drift import drift_of
        from sql_seg.segments.reported import Reported

        check_preview(dataset, 0)
        said = reported if isinstance(reported, Reported) else Reported.of(reported, dataset.schema)
        return drift_of(self, dataset, said, the_moment(now))

    def timeline(self, dataset: Dataset, instants: Iterable[datetime]) -> Timeline:
        """Return the members at each of some aware instants, of the same data: who enters, and who leaves."""
        from sql_seg.segments.timeline import timeline_of

        check_preview(dataset, 0)
        tell(self.gaps(dataset))
        return timeline_of(self, dataset, instants)

    def changes(
        self,
        contact: Row,
        events: Iterable[Row] | None = None,
        *,
        now: datetime | None = None,
        most: int = 10,
    ) -> tuple[TurningPoint, ...]:
        """Return the next instants at which the verdict turns by time alone, ``most`` at most.

        They are of the next hundred years; between them nothing turns, as long as the contact and its events
        stay as they are. The parameters, and what is raised, are those of ``matches``.
        """
        from sql_seg.segments.one_contact import turning_points_of

        return turning_points_of(self, contact, events, the_moment(now), most)

    def gaps(self, dataset: Dataset) -> list[Gap]:
        """Return what the query reads and a dataset lacks: an answer rests on it being NULL, or not there."""
        reads = self._reads
        found = gaps(reads, dataset._home.holdings(reads))
        return found + gaps_of_nobody(dataset.report) if reads.asks_for_events else found

    def _home(self, dataset: Dataset, events: Iterable[Row] | None) -> Home:
        """Return where the records of a dataset are, after warnings about what they lack."""
        refuse_events(events)
        tell(self.gaps(dataset))
        return dataset._home

    def _population(
        self, contacts: Iterable[Row], events: Iterable[Row] | None
    ) -> tuple[Iterable[Row], Population]:
        """Return the contacts to ask, and the account that they are asked in."""
        reads = self._reads
        if not self._reads_events:
            return looked_at(contacts, reads), NOBODY
        population = population_of(contacts, require_events(reads, events))
        account = population.account
        if reads.asks_for_events:
            tell(gaps_of_nobody(population.report))
        if reads.asks_for_events and account.events:
            tell(
                gap
                for gap in gaps(reads, holdings_of(len(account.contacts), list(account.events), reads))
                if gap.kind in ("event type", "path")
            )
        return looked_at(account.contacts, reads), population

    def __and__(self, other: Segment) -> Segment:
        """Return the segment of the contacts that are in both, its query in their dialect.

        Raises CannotCombineError where no single query says it; ``|``, ``-`` and ``~`` do, too.
        """
        from sql_seg.segments.set_operations import intersection

        return intersection(self, other) if isinstance(other, Segment) else NotImplemented

    def __or__(self, other: Segment) -> Segment:
        """Return the segment of the contacts that are in one of two, or in both; see ``&``."""
        from sql_seg.segments.set_operations import union

        return union(self, other) if isinstance(other, Segment) else NotImplemented

    def __sub__(self, other: Segment) -> Segment:
        """Return the segment of the contacts that are in this one and not in the other; see ``&``."""
        from sql_seg.segments.set_operations import difference

        return difference(self, other) if isinstance(other, Segment) else NotImplemented

    def __invert__(self) -> Segment:
        """Return the segment of the contacts that are not in this one; see ``&``."""
        from sql_seg.segments.set_operations import complement

        return complement(self)

    def _value(self) -> tuple[Any, ...]:
        """Return what a segment is made of, in the order of its parameters."""
        return self.query.text, self.checked.schema, self.query.dialect, self.parent_list_ids

    def __eq__(self, other: object) -> bool:
        return self._value() == other._value() if isinstance(other, Segment) else NotImplemented

    def __hash__(self) -> int:
        return hash((self.query.text, self.query.dialect, self.parent_list_ids))

    def __reduce__(self) -> tuple[Any, ...]:
        return _segment, self._value()

    def __repr__(self) -> str:
        lists = f", parent_list_ids={list(self.parent_list_ids)!r}" if self.parent_list_ids else ""
        return f"Segment({shortened(self.query)!r}{lists})"

    def _repr_html_(self) -> str:
        lists = f"on one of the lists {', '.join(self.parent_list_ids)}"
        return markup.block(
            markup.code(text_of(self.query)),
            markup.paragraph(lists) if self.parent_list_ids else "",
            markup.bullets(self.diagnostics),
        )


def text_of(query: Query) -> str:
    """Return the text that a query was read from; of one that was built, its canonical text."""
    return to_text(query) if query.text is None else query.text


def shortened(query: Query) -> str:
    """Return a query's text, cut where it is long."""
    text = text_of(query)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _segment(text: str, schema: Schema, dialect: Dialect, lists: tuple[str, ...]) -> Segment:
    return Segment(text, schema, dialect, parent_list_ids=lists)


def check_preview(dataset: Dataset, sample: int) -> None:
    """Raise TypeError for anything but a Dataset, ValueError for a sample of negative size."""
    if not isinstance(dataset, Dataset):
        raise TypeError(f"a preview is of a Dataset, not of a {type(dataset).__name__}: Dataset(contacts)")
    if sample < 0:
        raise ValueError(f"a sample has no negative size: {sample}")
