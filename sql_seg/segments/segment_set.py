"""Many segments, asked together: what they share is found out once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from sql_seg import markup
from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.engines.dataset import Dataset
from sql_seg.engines.home import Home
from sql_seg.language.schema import Row, Schema
from sql_seg.language.timestamps import the_moment
from sql_seg.records.gaps import Gap
from sql_seg.records.telling import tell
from sql_seg.segments.population import own_events
from sql_seg.segments.preview import Preview
from sql_seg.segments.segment import Segment, check_preview, shortened

if TYPE_CHECKING:
    from sql_seg.evaluate.compiler import Together
    from sql_seg.segments.funnel import Funnel
    from sql_seg.segments.overlap import Overlap

_T = TypeVar("_T")

_NAMES_SHOWN = 10


class SegmentSet(Mapping[str, Segment]):
    """Segments by name. A Dataset is asked for all of them in one go; conditions that they share, once.

    ``segments`` are Segments, or the texts of queries over ``schema`` (None is ``SENDGRID``).

    Raises QuerySyntaxError or CheckError for a text that makes no segment, with its name as a note.
    """

    def __init__(self, segments: Mapping[str, Segment | str], schema: Schema | None = None) -> None:
        self._segments = {name: _segment(name, given, schema) for name, given in segments.items()}

    def __getitem__(self, name: str) -> Segment:
        return self._segments[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._segments)

    def __len__(self) -> int:
        return len(self._segments)

    def matches(
        self, contact: Row, events: Iterable[Row] | None = None, *, now: datetime | None = None
    ) -> list[str]:
        """Return the names of the segments that a contact is in, in their order; see ``Segment.matches``."""
        moment = the_moment(now)
        rows = None if events is None else own_events(contact, events)
        return [name for name, segment in self.items() if segment.matches(contact, rows, now=moment)]

    def counts(self, dataset: Dataset, *, now: datetime | None = None) -> dict[str, int]:
        """Return the number of members of each segment; ``now`` as in ``Segment.matches``.

        Warns (DataWarning) of what a segment reads and the dataset lacks.
        """
        return self._named(self._home(dataset).counts(self, the_moment(now)))

    def ids(self, dataset: Dataset, *, now: datetime | None = None) -> dict[str, list[str | None]]:
        """Return the contact ids of the members of each segment, in the dataset's order; see ``counts``."""
        return self._named(self._home(dataset).ids_of_each(self, the_moment(now)))

    def members(self, dataset: Dataset, *, now: datetime | None = None) -> dict[str, list[dict[str, Any]]]:
        """Return the members of each segment, in the dataset's order; see ``counts``."""
        return self._named(self._home(dataset).members_of_each(self, the_moment(now)))

    def preview(
        self, dataset: Dataset, *, now: datetime | None = None, sample: int = 50
    ) -> dict[str, Preview]:
        """Return for each segment the number of members, and the first ``sample`` of them; see ``counts``."""
        check_preview(dataset, sample)
        moment = the_moment(now)
        lacking = {name: segment.gaps(dataset) for name, segment in self.items()}
        found = self._home(dataset, lacking).previews(self, moment, sample)
        total = len(dataset)
        return {
            name: Preview(count, total, moment, members, tuple(map(str, lacking[name])))
            for name, (count, members) in zip(self, found, strict=True)
        }

    def overlap(self, dataset: Dataset, *, now: datetime | None = None) -> Overlap:
        """Return how many contacts are in each segment, in each two of them, and in none; see ``counts``.

        All is counted in one scan. ``pairs(proofs=True)`` also says what holds for all contacts there can be.
        """
        from sql_seg.segments.overlap import is_proven, overlap_of

        moment = the_moment(now)

        def prove(first: str, second: str, relation: str) -> bool:
            return is_proven(self[first].checked, self[second].checked, relation, moment)

        return overlap_of(list(self), self._home(dataset).tallies(self, moment), moment, prove)

    def funnels(
        self, dataset: Dataset, *, now: datetime | None = None, unnamed: Container[str] = ()
    ) -> dict[str, Funnel]:
        """Return for each segment where contacts go; see ``Segment.funnel``.

        Each is one scan: one scan of all takes longer, for what few contacts pass is then asked of everybody.
        Of the ``unnamed`` columns the hints tell no values that contacts have.
        """
        from sql_seg.segments.funnel import funnel_of

        moment = the_moment(now)
        return {
            name: funnel_of(segment.checked, dataset, moment, unnamed=unnamed)
            for name, segment in self.items()
        }

    def counts_at(self, dataset: Dataset, instants: Iterable[datetime]) -> dict[str, list[int]]:
        """Return the number of members at each of some aware instants, of the segments that read the clock.

        The number of members of any other one is the same at all of them.
        """
        timed = {name: segment for name, segment in self.items() if segment.checked.reads_clock}
        together = SegmentSet(timed)
        counts = [dataset._home.counts(together, the_moment(instant)) for instant in instants if timed]
        return dict(zip(timed, map(list, zip(*counts, strict=True)), strict=True)) if counts else {}

    def _home(self, dataset: Dataset, lacking: Mapping[str, list[Gap]] | None = None) -> Home:
        """Return where the records of a dataset are, after warnings about what they lack."""
        for name, segment in self.items():
            tell(segment.gaps(dataset) if lacking is None else lacking[name], name)
        return dataset._home

    @property
    def _questions(self) -> Sequence[Segment]:
        """The segments in their order."""
        return list(self._segments.values())

    @cached_property
    def _together(self) -> Together:
        """The compiler of one pass for all of them, for those that ask them of records."""
        from sql_seg.evaluate.compiler import Together

        return Together(segment.checked for segment in self._segments.values())

    def _named(self, answers: Iterable[_T]) -> dict[str, _T]:
        return dict(zip(self, answers, strict=True))

    def __reduce__(self) -> tuple[Any, ...]:
        return SegmentSet, (dict(self._segments),)

    def __repr__(self) -> str:
        shown = [*self][:_NAMES_SHOWN]
        more = [f"and {len(self) - len(shown):,} more"] * (len(self) > len(shown))
        return f"<SegmentSet: {', '.join([*shown, *more])}>"

    def _repr_html_(self) -> str:
        rows = ([name, shortened(segment.query)] for name, segment in self.items())
        return markup.table(["segment", "query"], rows)


def _segment(name: str, given: Segment | str, schema: Schema | None) -> Segment:
    if isinstance(given, Segment):
        return given
    try:
        return Segment(given, schema)
    except QueryError as error:
        error.add_note(f"in the segment {name}")
        raise
