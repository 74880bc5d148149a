"""An explanation: the verdict, and the query's own conditions as a tree, each with its truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from sql_seg.diagnostics.source import Span
from sql_seg.explain.decision import TRUTHS, Seen, as_html, shown
from sql_seg.language.json_paths import JSON_NULL
from sql_seg.language.timestamps import write_timestamp

AND, OR, NOT, IS, LEAF, EVENT, LAST = "and", "or", "not", "is", "condition", "event", "last event"
"""What a node of an explanation is."""


@dataclass(frozen=True, slots=True)
class DecisionNode:
    """A condition of the query, or a group of conditions, and what it came to.

    ``kind`` is ``condition``, or ``and``, ``or``, ``not``, ``is`` (IS TRUE and the like), ``event`` (a test
    of events, whose children are of the events in ``events``: those that satisfied it, or came nearest) or
    ``last event`` (one with HAVING). ``truth`` None is NULL. Those that ``decides`` imply the verdict
    alone. ``seen`` are the values that the condition saw, ``note`` is what else there is to say.
    """

    kind: str
    text: str
    truth: bool | None
    span: Span
    seen: tuple[Seen, ...] = ()
    children: tuple[DecisionNode, ...] = ()
    decides: bool = False
    note: str = ""
    events: tuple[Mapping[str, Any], ...] = ()

    @property
    def sentence(self) -> str:
        """What the node comes to and why, such as ``city is NULL, so `city = 'x'` is NULL``."""
        if self.kind in (EVENT, LAST):
            return self.note
        if self.kind == AND and not self.children:
            return ""
        verdict = f"`{self.text}` is {TRUTHS[self.truth]}"
        because = " and ".join(map(str, self.seen))
        if not because:
            return f"{verdict} ({self.note})" if self.note else verdict
        return f"{because}{f' ({self.note})' if self.note else ''}, so {verdict}"

    def walk(self) -> Iterator[DecisionNode]:
        """Yield the node and all nodes below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def decisive(self) -> Iterator[DecisionNode]:
        """The conditions below it that decided, and of tests of events the tests themselves."""
        if self.decides and (self.kind in (EVENT, LAST) or not self.children):
            yield self
        elif self.decides:
            for child in self.children:
                yield from child.decisive

    def to_json(self) -> dict[str, Any]:
        """Return the node as JSON has it."""
        form: dict[str, Any] = {
            "kind": self.kind,
            "text": self.text,
            "truth": TRUTHS[self.truth],
            "decides": self.decides,
            "start": self.span.start,
            "end": self.span.end,
        }
        if self.seen:
            form["seen"] = {item.name: plain(item.value) for item in self.seen}
        if self.note:
            form["note"] = self.note
        if self.events:
            form["events"] = [plain(event) for event in self.events]
        if self.children:
            form["children"] = [child.to_json() for child in self.children]
        return form


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A value that changes, or an event that comes (``before`` None) or goes (``after`` None).

    ``event`` is the event that it is of, None for the contact. ``name`` is "" for an event as a whole.
    """

    name: str
    before: Any
    after: Any
    event: Mapping[str, Any] | None = None

    def __str__(self) -> str:
        if self.name:
            where = "" if self.event is None else f" of the event {event_name(self.event)}"
            now = f"; it is {shown(self.before)}"
            return f"{self.name}{where} were {shown(self.after)}{now}"
        if self.after is None:
            return f"the event {event_name(self.before)} were not there"
        return f"there were one more event ({event_values(self.after)})"

    def to_json(self) -> dict[str, Any]:
        """Return the change as JSON has it."""
        return {
            "name": self.name,
            "before": plain(self.before),
            "after": plain(self.after),
            "event": plain(self.event),
        }


ChangeSet = tuple[ValueChange, ...]
"""What has to change together for the verdict to turn."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The smallest changes that turn a verdict, the smallest first; ``note`` says why there are none."""

    sets: tuple[ChangeSet, ...] = ()
    note: str = ""


def no_changes() -> Changes:
    """Return what is known where nobody looked for changes."""
    return Changes(note="no changes were looked for")


@dataclass(frozen=True, repr=False)
class Explanation:
    """Why a contact is a member at an aware ``now``, or is not.

    ``root`` is the whole condition: it is TRUE just where the contact is a member. ``who`` is what the
    contact is called. ``changes`` are looked for when they are first asked for.
    """

    is_member: bool
    now: datetime
    root: DecisionNode
    who: str = ""
    find: Callable[[], Changes] = field(default=no_changes, repr=False, compare=False)

    @cached_property
    def changes(self) -> Changes:
        """The smallest changes of the contact or its events that would turn the verdict."""
        return self.find()

    def with_changes(self, find: Callable[[], Changes]) -> Explanation:
        """Return the explanation with where its changes come from."""
        return replace(self, find=find)

    @property
    def reasons(self) -> tuple[str, ...]:
        """A sentence for each condition that decided."""
        found = [node.sentence for node in self.root.decisive if node.sentence]
        return tuple(dict.fromkeys(found))

    @property
    def short(self) -> str:
        """What decided, in a line."""
        said = "; ".join(self.reasons) or "the query takes every contact"
        return f"{said}{self.ending}"

    @property
    def ending(self) -> str:
        """What NULL comes to, where it decided: people take it for FALSE, or for no answer."""
        decided_by_null = any(node.truth is None for node in self.root.decisive)
        return ": the contact is left out" if decided_by_null and not self.is_member else ""

    def to_json(self) -> dict[str, Any]:
        """Return the explanation as JSON has it."""
        changes = self.changes
        return {
            "is_member": self.is_member,
            "contact": self.who,
            "now": write_timestamp(self.now),
            "reasons": list(self.reasons),
            "conditions": self.root.to_json(),
            "changes": [[one.to_json() for one in change] for change in changes.sets],
            "changes_note": changes.note,
        }

    def __str__(self) -> str:
        return f"{'in' if self.is_member else 'out'}: {self.short}"

    def __repr__(self) -> str:
        return f"<Explanation: {self}>"

    def _repr_html_(self) -> str:
        return as_html(self.is_member, self.now, self.reasons)


def event_name(event: Mapping[str, Any]) -> str:
    """Return what people know an event by: its type and time."""
    kind, moment = event.get("event_type"), event.get("timestamp")
    when = f" of {write_timestamp(moment)}" if isinstance(moment, datetime) else ""
    return f"{kind or 'without a type'}{when}"


def event_values(event: Mapping[str, Any]) -> str:
    """Return what an event holds, without its owner."""
    return ", ".join(
        f"{name} {shown(value) if not isinstance(value, Mapping) else _mapping(value)}"
        for name, value in event.items()
        if name not in ("contact_id", "event_source") and value is not None
    )


def _mapping(value: Mapping[str, Any]) -> str:
    return (
        "{"
        + ", ".join(
            f"{key}: {_mapping(v) if isinstance(v, Mapping) else shown(v)}" for key, v in value.items()
        )
        + "}"
    )


def plain(value: Any) -> Any:
    """Return a value as JSON has it: moments are texts."""
    if isinstance(value, datetime):
        return write_timestamp(value)
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return None if value is JSON_NULL else value
