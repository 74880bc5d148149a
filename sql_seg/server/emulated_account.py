"""The emulated account: its store, its clock, what falls due, and who is in which segment.

Work that takes time at SendGrid is a *task*: a document with the moment it is due. Before each request, and
when the clock is put on, all tasks that are due are done in the order of their moments, each at its own.
With ``timing`` instant, a task is done before the request is answered, unless it waits for a moment of its
own: a segment's next refresh, a Single Send that is scheduled, a file that is removed.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.engines.dataset import Dataset
from sql_seg.errors import RecordError
from sql_seg.language.schema import SENDGRID, Schema
from sql_seg.records.telling import told_elsewhere
from sql_seg.segments.segment import Segment
from sql_seg.segments.segment_set import SegmentSet
from sql_seg.server.clock import Clock, as_text, from_text
from sql_seg.server.indexes import Due, Identified, OnLists, Records
from sql_seg.server.store import Document, Store

Timing = Literal["documented", "instant"]
Reset = Literal["seconds", "epoch"]
AccountAction = Callable[["EmulatedAccount", Any, datetime], None]

MOST_JOBS = 10_000
"""So many jobs are remembered; of more, the oldest that are done are forgotten."""

_KNOWN_SEGMENTS = 500
_NAMESPACE = uuid.UUID("5e6d9a5c-7c1f-5d0a-9a57-3d3f0e1c9b11")


@dataclass(frozen=True, slots=True)
class Options:
    """How the emulator behaves.

    ``api_key`` None takes any key. ``invalid_query`` says whether a bad query is refused or stored INVALID.
    ``free_plan`` has no manual refreshes. ``limits_rate`` answers 429 past the documented rates;
    ``rate_limit_reset`` says whether the header of that name has the seconds that are left (recorded) or a
    moment in seconds since 1970 (documented). ``delete_in_use`` says whether DELETE of one
    segment takes one that is in use: no source settles it.
    """

    timing: Timing = "documented"
    api_key: str | None = None
    invalid_query: Literal["reject", "store"] = "reject"
    free_plan: bool = False
    limits_rate: bool = False
    seed: int = 0
    rate_limit_reset: Reset = "seconds"
    delete_in_use: Literal["allow", "refuse"] = "allow"


@dataclass(slots=True)
class Fault:
    """What the next ``times`` calls of paths that start with ``path`` meet instead of an answer."""

    path: str
    method: str | None = None
    status: int | None = None
    delay: float = 0.0
    drop: bool = False
    times: int = 1
    rate_limit_reset: Reset | None = None
    """What the header of that name means in the answer; None is what it means in all."""


@dataclass(slots=True)
class EmulatedAccount:
    """One account with everything in it."""

    store: Store
    clock: Clock
    options: Options = field(default_factory=Options)
    actions: dict[str, AccountAction] = field(default_factory=dict)
    members: dict[str, frozenset[str]] = field(default_factory=dict)
    """The contact ids of each segment as its last refresh found them."""
    counted: dict[str, tuple[int, Document]] = field(default_factory=dict)
    """How many contacts of a set have each identifier, and for which version of the contacts."""
    _derived: dict[str, tuple[int, Any]] = field(default_factory=dict)
    _segments: dict[tuple[str, tuple[str, ...], Schema], Segment] = field(default_factory=dict)
    _together: tuple[tuple[str | None, int], dict[tuple[str, tuple[str, ...]], list[str]]] = field(
        default_factory=lambda: ((None, -1), {})
    )
    """The members of segments that were asked together, for which moment and version of the records."""
    identified: Identified = field(init=False)
    _on_lists: OnLists = field(init=False)
    _due: Due = field(init=False)
    _records: Records = field(init=False)

    def __post_init__(self) -> None:
        self.identified, self._on_lists = Identified(self.store), OnLists(self.store)
        self._due, self._records = Due(self.store), Records(self.store, self.record)

    def now(self) -> datetime:
        """Return the moment of the account's clock."""
        return self.clock.now()

    def keep_clock(self) -> None:
        """Write down how the clock stands, so that it goes on so after a restart."""
        state = self.clock.as_state()
        if self.store.get("state", "clock") != state:
            self.store.put("state", "clock", state)

    @property
    def faults(self) -> list[Fault]:
        """The faults that wait for calls; ``put_faults`` puts others in their place."""
        return [Fault(**entry) for entry in self._waiting("faults")]

    def put_faults(self, faults: Iterable[Fault]) -> None:
        """Let these faults wait for calls, and no others."""
        self.store.put("state", "faults", {"value": [asdict(fault) for fault in faults]})

    @property
    def pending(self) -> list[Document]:
        """What the next segment that is made or edited goes through; ``put_pending`` changes it."""
        return self._waiting("pending")

    def put_pending(self, transitions: list[Document]) -> None:
        """Let the next segment that is made or edited go through these states of validation."""
        if transitions or self.pending:
            self.store.put("state", "pending", {"value": transitions})

    def _waiting(self, name: str) -> list[Document]:
        return list((self.store.get("state", name) or {"value": ()})["value"])

    def new_id(self) -> str:
        """Return a new UUID; the same ones in the same order for the same seed."""
        number = self.store.next_number("ids")
        return str(uuid.uuid5(_NAMESPACE, f"{self.options.seed}/{number}"))

    def new_job(self, job_type: str, **more: Any) -> str:
        """Write down a job that is to be done, and return its id."""
        jobs = self.store.all("job")
        if len(jobs) >= MOST_JOBS:
            done = next((key for key, job in jobs.items() if job["status"] != "pending"), None)
            if done is not None:
                self.store.delete("job", done)
        job_id = self.new_id()
        self.store.put("job", job_id, {"id": job_id, "status": "pending", "job_type": job_type, **more})
        return job_id

    def contacts_on(self, list_id: str) -> Collection[str]:
        """Return the ids of the contacts on a list."""
        return self._on_lists.ids.get(list_id, {})

    # Tasks

    def schedule(
        self, action: str, data: Any, after: timedelta, *, waits: bool = False, start: datetime | None = None
    ) -> str | None:
        """Have something done some time behind ``start``, which is now; return the id of the task.

        With instant timing it is done at once, and there is none, unless it ``waits`` for its moment.
        """
        start = self.now() if start is None else start
        if self.options.timing == "instant" and not waits:
            self.actions[action](self, data, start)
            return None
        key = f"{self.store.next_number('tasks'):012d}"
        self.store.put("task", key, {"due": as_text(start + after), "action": action, "data": data})
        return key

    def run_due(self) -> None:
        """Do all that is due by now, each at its own moment."""
        while (first := self._due.first()) is not None:
            key, task = first
            if task["due"] > as_text(self.now()):
                return
            if task["action"] == "refresh_segment":
                self._ask_together(task["due"])
            with self.store.transaction():
                self.store.delete("task", key)
                self.actions[task["action"]](self, task["data"], from_text(task["due"]))

    def advance(self, by: timedelta) -> None:
        """Put the clock on, and do what falls due on the way."""
        self.clock.advance(by)
        self.run_due()

    # Membership

    @property
    def schema(self) -> Schema:
        """The columns that queries may name: the reserved ones and the account's custom fields."""
        found: Schema = self.derived("schema", ("field",), self._schema)
        return found

    def derived(self, name: str, kinds: tuple[str, ...], make: Callable[[], Any]) -> Any:
        """Return what follows from the documents of some kinds: made again where one of them changed."""
        version = self.store.version(*kinds)
        known = self._derived.get(name)
        if known is None or known[0] != version:
            known = self._derived[name] = version, make()
        return known[1]

    def _schema(self) -> Schema:
        return SENDGRID.with_fields(list(self.usable_fields.values()))

    @property
    def usable_fields(self) -> dict[str, Document]:
        """The definitions of custom fields by id, without those that were made a moment ago."""
        return {key: entry for key, entry in self.store.all("field").items() if not entry.get("is_new")}

    def segment(self, query: str, parent_list_ids: Iterable[str] = (), dialect: str | None = None) -> Segment:
        """Return the segment of a query. Raises QueryError where it is not valid now."""
        schema = self.schema
        key = query, tuple(parent_list_ids), schema
        found = self._segments.pop(key, None) or Segment(query, schema, dialect, parent_list_ids=key[1])
        if len(self._segments) >= _KNOWN_SEGMENTS:
            del self._segments[next(iter(self._segments))]
        self._segments[key] = found  # behind those that were asked for longer ago
        return found

    @property
    def dataset(self) -> Dataset:
        """All contacts and events, as queries see them; made again after a change."""
        found: Dataset = self.derived("dataset", ("contact", "event", "field"), self._made_dataset)
        return found

    def _made_dataset(self) -> Dataset:
        events = [_event(entry["event"]) for entry in self.store.all("event").values()]
        return Dataset(self._records.all(), events, self.schema)

    def record(self, contact: Document) -> dict[str, Any]:
        """Return a stored contact as a record of contact_data."""
        record: dict[str, Any] = {key: value for key, value in contact["columns"].items() if value != ""}
        fields = self.store.all("field")
        for field_id, value in contact["custom_fields"].items():
            definition = fields.get(field_id)
            if definition is not None:
                is_date = definition["field_type"] == "Date"
                record[definition["name"].lower()] = from_text(value) if is_date else value
        record["contact_id"] = contact["id"]
        record["list_ids"] = contact["list_ids"]
        record["created_at"] = from_text(contact["created_at"])
        record["updated_at"] = from_text(contact["updated_at"])
        return record

    def ids_in(self, query: str, parent_list_ids: Iterable[str], now: datetime) -> list[str]:
        """Return the ids of a query's members at a moment. Raises QueryError where it is not valid now."""
        key = query, tuple(parent_list_ids)
        stamp, known = self._together
        if key in known and stamp == (as_text(now), self._version()):
            return known[key]
        return self.members_of(self.segment(*key), now)

    def _ask_together(self, due: str) -> None:
        """Find the members of all segments that are refreshed at a moment, in one pass."""
        stamp = due, self._version()
        if self._together[0] == stamp:
            return
        segments = {}
        for task in self._due.at(due):
            entry = self.store.get("segment", task["data"]["id"]) if "id" in task["data"] else None
            if entry is not None and task["action"] == "refresh_segment":
                key = entry["query_dsl"], tuple(entry["parent_list_ids"] or ())
                with suppress(QueryError):  # which its own refresh reports
                    segments[key] = self.segment(*key)
        self._together = stamp, {}
        if len(segments) > 1:
            names = {str(number): segment for number, segment in enumerate(segments.values())}
            with suppress(RecordError), told_elsewhere():
                found = SegmentSet(names).ids(self.dataset, now=from_text(due))
                members = [[one for one in ids if one is not None] for ids in found.values()]
                self._together = stamp, dict(zip(segments, members, strict=True))

    def _version(self) -> int:
        return self.store.version("contact", "event", "field")

    def members_of(self, segment: Segment, now: datetime) -> list[str]:
        """Return the ids of a segment's members at a moment; an account that lacks something is no news."""
        with told_elsewhere():
            return [key for key in segment.ids(self.dataset, now=now) if key is not None]


def _event(event: Document) -> Document:
    """Return a stored event as queries see it: a row of event_data has a moment in place of a text."""
    if "event_type" not in event:
        return event
    name = "timestamp" if "timestamp" in event else "event_timestamp"
    return {**event, name: from_text(event[name])}
