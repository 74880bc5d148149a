"""SendGrid's own count and sample of a segment beside what the data says then, and why they differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sql_seg.core import terms as core
from sql_seg.core.interpreter import NO_ACCOUNT, Interpreter
from sql_seg.engines.home import AskedCondition
from sql_seg.errors import NeedsDatasetError
from sql_seg.explain.decision import shown
from sql_seg.language.datatypes import DataType
from sql_seg.language.operators import Comparator
from sql_seg.language.timestamps import write_second, write_timestamp
from sql_seg.records.address_book import AddressBook

if TYPE_CHECKING:
    from sql_seg.engines.dataset import Dataset
    from sql_seg.segments.reported import Reported
    from sql_seg.segments.segment import Segment

IN, OUT, MISSING = "in", "not in", "not in the data"
"""What a contact of the sample is by the data."""

_MOST_NAMED = 3
_VARCHAR, _TIMESTAMP = DataType.VARCHAR, DataType.TIMESTAMP


@dataclass(frozen=True, slots=True)
class Sampled:
    """A contact of SendGrid's sample, and what it is by the data: IN, OUT or MISSING.

    ``reason`` says of one that is out what decided, ``conditions`` are the texts of the conditions that did,
    and ``changed`` says which values that the query reads are others than in the sample.
    """

    who: str
    verdict: str
    reason: str = ""
    conditions: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    has_events: bool = True

    def to_json(self) -> dict[str, Any]:
        """Return the contact as JSON has it."""
        form: dict[str, Any] = {"contact": self.who, "verdict": self.verdict}
        if self.reason:
            form |= {"reason": self.reason, "conditions": list(self.conditions)}
        return form | ({"changed": list(self.changed)} if self.changed else {})


@dataclass(frozen=True, slots=True)
class Drift:
    """How a segment's count and sample at SendGrid lie to the data at ``now``, when SendGrid counted.

    ``there`` members are SendGrid's, ``here`` are the data's, of ``total`` contacts. ``only_here`` are ids of
    members that SendGrid has not, known where its sample is of all members (else None). ``causes`` say what
    explains a difference; without one there are none.
    """

    now: datetime
    there: int
    here: int
    total: int
    sample: tuple[Sampled, ...] = ()
    only_here: tuple[str, ...] | None = None
    causes: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether nothing differs: the count is the same, and the whole sample is in."""
        return (
            self.there == self.here and all(one.verdict == IN for one in self.sample) and not self.only_here
        )

    def that_are(self, verdict: str) -> list[Sampled]:
        """Return the contacts of the sample that are IN, OUT or MISSING."""
        return [one for one in self.sample if one.verdict == verdict]

    def __str__(self) -> str:
        moment = write_second(self.now)
        return f"SendGrid counted {self.there:,} at {moment}, and the data has {self.here:,}"

    def to_json(self) -> dict[str, Any]:
        """Return the drift as JSON has it."""
        return {
            "now": write_timestamp(self.now),
            "agrees": self.agrees,
            "there": self.there,
            "here": self.here,
            "total": self.total,
            "sample": [one.to_json() for one in self.sample],
            "only_here": None if self.only_here is None else list(self.only_here),
            "causes": list(self.causes),
        }


def drift_of(segment: Segment, dataset: Dataset, reported: Reported, now: datetime) -> Drift:
    """Return how SendGrid's word on a segment lies to a dataset, counted at the moment that it is of."""
    return _Comparison(segment, dataset, reported, now).drift()


class _Comparison:
    """One segment's report, held against the data."""

    def __init__(self, segment: Segment, dataset: Dataset, reported: Reported, now: datetime) -> None:
        self._segment, self._dataset, self._reported = segment, dataset, reported
        self._now = now
        self._at = reported.at or now
        self._checked = segment.checked
        self._reads = segment._reads

    def drift(self) -> Drift:
        here = self._dataset._home.count(self._segment, self._at)
        only_here = self._only_here(here)
        made = Drift(
            self._at,
            self._reported.count,
            here,
            len(self._dataset),
            tuple(self._sampled()),
            only_here,
        )
        if made.agrees:
            return made
        causes = [*self._about_the_count(), *self._about_the_sample(made), *self._about_the_data(made)]
        nothing = "nothing that the segment's JSON or the data say explains it"
        return replace(made, causes=tuple(causes) or (nothing,))

    # the sample

    @cached_property
    def _known(self) -> dict[int, Mapping[str, Any]]:
        """The contacts of the data that the sample shows, by their places in it."""
        sample = self._reported.sample or ()
        ids = tuple([one["contact_id"] for one in sample if one.get("contact_id")])
        addresses = tuple([one["email"] for one in sample if one.get("email")])
        tests = [
            core.OneOf(_column(name, _VARCHAR), values)
            for name, values in (("contact_id", ids), ("email", addresses))
            if values
        ]
        if not tests:
            return {}
        asked = AskedCondition(self._checked, core.AnyOf(tuple(tests)))
        book = AddressBook(list(self._dataset._home.members(asked, self._at)))
        found: dict[int, Mapping[str, Any]] = {}
        for place, one in enumerate(sample):
            by_id = book.by_id(one["contact_id"]) if one.get("contact_id") else None
            contact = by_id or (book.by_address(one["email"]) if one.get("email") else None)
            if contact is not None:
                found[place] = contact
        return found

    def _sampled(self) -> Iterator[Sampled]:
        ids = tuple([contact["contact_id"] for contact in self._known.values() if contact.get("contact_id")])
        inside: set[str | None] = set()
        if ids:
            both = core.All((core.OneOf(_column("contact_id", _VARCHAR), ids), self._checked.condition))
            inside = set(self._dataset._home.ids(AskedCondition(self._checked, both), self._at))
        for place, one in enumerate(self._reported.sample or ()):
            who = str(one.get("email") or one.get("contact_id") or "a contact without an address")
            contact = self._known.get(place)
            if contact is None:
                yield Sampled(who, MISSING)
            elif contact.get("contact_id") in inside:
                yield Sampled(who, IN)
            else:
                yield self._kept_out(who, one, contact)

    def _kept_out(self, who: str, one: Mapping[str, Any], contact: Mapping[str, Any]) -> Sampled:
        explanation = self._segment.explain(contact, dataset=self._dataset, now=self._at)
        conditions = tuple(dict.fromkeys(node.text for node in explanation.root.decisive if node.text))
        has_events = not self._reads.asks_for_events or bool(self._dataset.events_of(contact))
        changed = tuple(self._changed(one, contact))
        return Sampled(who, OUT, explanation.short, conditions, changed, has_events)

    def _changed(self, one: Mapping[str, Any], contact: Mapping[str, Any]) -> Iterator[str]:
        """Yield which values that the query reads differ between the sample and the data."""
        for name in self._reads.columns:
            before, after = one.get(name), contact.get(name)
            if name not in ("contact_id", "email_domains") and _plain(before) != _plain(after):
                yield f"{name} was {shown(before)}, and is {shown(after)} there"

    def _only_here(self, here: int) -> tuple[str, ...] | None:
        if not self._reported.is_whole:
            return None
        if not here:
            return ()
        theirs = {contact.get("contact_id") for contact in self._known.values()}
        found = self._dataset._home.ids(self._segment, self._at)
        return tuple([str(contact_id) for contact_id in found if contact_id not in theirs])

    # what explains a difference

    def _about_the_count(self) -> Iterator[str]:
        at, changed, following = self._reported.at, self._reported.changed_at, self._reported.next_at
        if at is None:
            yield "SendGrid has not counted the segment yet: its JSON has no sample_updated_at"
            return
        if changed is not None and changed > at:
            yield (
                f"the segment was changed at {_said(changed)}, after the count of {_said(at)}, which may be "
                "of an earlier query"
            )
        if following is not None and following < self._now:
            yield (
                f"SendGrid meant to count again at {_said(following)}: this count is not its last one; get "
                "the segment's JSON again"
            )

    def _about_the_sample(self, drift: Drift) -> Iterator[str]:
        missing, out = drift.that_are(MISSING), drift.that_are(OUT)
        size = len(drift.sample)
        if missing:
            yield f"{_some(len(missing), size)} not in the data: {_named(missing)}"
        changed = [one for one in out if one.changed]
        if changed:
            have = _some(len(changed), size, "has", "have")
            yield f"{have} other values in the data: of {changed[0].who}, {changed[0].changed[0]}"
        without = [one for one in out if not one.has_events]
        if without:
            yield f"{_some(len(without), size)} without any event in the data: {_named(without)}"
        as_shown = self._left_out_as_shown()
        if as_shown:
            yield (
                f"{_some(len(as_shown), size)} left out by the query even with the values that it shows: "
                f"{_named(as_shown)}; the count is of another query, or SendGrid reads it otherwise"
            )
        for text, number in Counter(text for one in out for text in one.conditions).most_common(_MOST_NAMED):
            yield f"`{text}` keeps {number:,} of the {size:,} out that SendGrid shows"

    def _left_out_as_shown(self) -> list[Sampled]:
        """Return who of the sample is no member even by the sample's own values."""
        if self._reads.asks_for_events or self._reads.untyped:
            return []
        interpreter = Interpreter(self._at, NO_ACCOUNT)
        found = []
        for one in self._reported.sample or ():
            try:
                verdict = interpreter.verdict(self._checked.condition, {"list_ids": [], **one}, ())
            except NeedsDatasetError:
                return []
            if verdict is not True:
                found.append(Sampled(str(one.get("email") or one.get("contact_id")), OUT))
        return found

    def _about_the_data(self, drift: Drift) -> Iterator[str]:
        yield from map(str, self._segment.gaps(self._dataset))
        at = self._reported.at
        if at is None:
            return
        extent = self._dataset._home.extent("updated_at")
        if extent is not None and extent[1] < at:
            yield (
                f"the data is older than the count: no contact was changed after {_said(extent[1])}, and "
                "whoever came or changed since is not in it"
            )
        elif extent is not None:
            yield from self._changed_since(at)
        if self._reads.asks_for_events and self._dataset._home.number_of_events():
            yield from self._about_events(at)
        if drift.only_here:
            yield f"{_members(len(drift.only_here))} here and not at SendGrid: {_listed(drift.only_here)}"

    def _changed_since(self, at: datetime) -> Iterator[str]:
        after = core.Compared(
            Comparator.GT, _column("updated_at", _TIMESTAMP), core.Constant(at, type=_TIMESTAMP)
        )
        home = self._dataset._home
        changed = home.count(AskedCondition(self._checked, after), self._at)
        if changed:
            both = core.All((after, self._checked.condition))
            members = home.count(AskedCondition(self._checked, both), self._at)
            contacts = "1 contact was" if changed == 1 else f"{changed:,} contacts were"
            yield (
                f"{contacts} changed after the count, and {members:,} of them are members by what they are "
                "now: what they were then is not in the data"
            )

    def _about_events(self, at: datetime) -> Iterator[str]:
        extent = self._dataset._home.extent_of_events()
        if extent is None:
            return
        first, last = extent
        start = self._window_start()
        if start is None or start < first:
            asked = "" if start is None else f", and the query asks back to {_said(start)}"
            yield (
                f"the first event of the data is of {_said(first)}{asked}: what happened before is not in it"
            )
        if last > at:
            yield (
                f"the data has events after the count, up to {_said(last)}: who is in because of these was "
                "not in then"
            )
        else:
            yield (
                f"the last event of the data is of {_said(last)}, before the count: what happened since is "
                "not in it"
            )

    def _window_start(self) -> datetime | None:
        """Return the earliest moment that the query makes of "now"; None where it makes none."""
        interpreter = Interpreter(self._at, NO_ACCOUNT)
        moments = [
            interpreter.value(term, {})
            for term in core.walk(self._checked.condition)
            if isinstance(term, core.ShiftedTime) and not core.has(term, core.ColumnValue, core.JsonValue)
        ]
        return min((moment for moment in moments if moment is not None), default=None)


def _plain(value: Any) -> Any:
    """Return a value to compare: SendGrid shows whole seconds, lists in any order, and nothing empty."""
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if isinstance(value, list):
        return sorted(value) or None
    return None if value == "" else value


def _column(name: str, kind: DataType) -> core.ColumnValue:
    return core.ColumnValue(core.THE_CONTACT, name, type=kind)


def _said(moment: datetime) -> str:
    return write_second(moment)


def _some(number: int, size: int, one: str = "is", several: str = "are") -> str:
    return f"{number:,} of the {size:,} contacts that SendGrid shows {one if number == 1 else several}"


def _members(number: int) -> str:
    return "1 member is" if number == 1 else f"{number:,} members are"


def _named(some: Sequence[Sampled]) -> str:
    return _listed([one.who for one in some])


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more
