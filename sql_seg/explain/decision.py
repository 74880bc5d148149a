"""A decision and its reasons, and how they are said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sql_seg import markup
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import write_string
from sql_seg.language.timestamps import write_second, write_timestamp

_LONGEST_SHOWN = 60
TRUTHS = {True: "TRUE", False: "FALSE", None: "NULL"}
"""What the three truth values are called."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A value that a condition saw: what the query calls it, and what it was; None is NULL."""

    name: str
    value: Any

    def __str__(self) -> str:
        return f"{self.name} is {shown(self.value)}"


@dataclass(frozen=True, slots=True)
class ConditionReason:
    """A condition on the contact: its place and text in the query, its truth (None is NULL), what it saw."""

    span: Span
    text: str
    verdict: bool | None
    seen: tuple[Seen, ...] = ()

    def __str__(self) -> str:
        return f"{self.text} is {TRUTHS[self.verdict]}{_in_parentheses(self.seen)}"


@dataclass(frozen=True, slots=True)
class SubqueryReason:
    """A condition on other contacts or events: whether a value is among the ``size`` of a subquery."""

    span: Span
    text: str
    verdict: bool | None
    seen: tuple[Seen, ...]
    size: int

    def __str__(self) -> str:
        values = "1 value" if self.size == 1 else f"{self.size:,} values"
        seen = "".join(f"{item}; " for item in self.seen)
        return f"{self.text} is {TRUTHS[self.verdict]} ({seen}the subquery yields {values})"


@dataclass(frozen=True, slots=True)
class EventStep:
    """A condition on events: its place and text in the query; ``left`` choices met it and those before."""

    span: Span
    text: str
    left: int


@dataclass(frozen=True, slots=True)
class EventReason:
    """Whether the contact has such events.

    ``steps`` are the conditions that decided it, of which ``choices`` of ``joined`` events were asked; the
    contact has ``events`` in all. ``seen`` are the values of the events that were found, or of the one that
    came nearest.
    """

    verdict: bool
    steps: tuple[EventStep, ...]
    events: int
    choices: int
    joined: int = 1
    seen: tuple[Seen, ...] = ()

    @property
    def span(self) -> Span | None:
        """The place of the last condition that was asked; None where there was none to ask."""
        return self.steps[-1].span if self.steps else None

    def __str__(self) -> str:
        if self.verdict:
            return self._found()
        if not self.steps or not self.events:
            return "the contact has no events"
        *before, last = [step.text for step in self.steps]
        seen = _in_parentheses(self.seen)
        if not before:
            return f"{self._none_of_all()} {last}{seen}"
        left = [step.left for step in self.steps]
        kept = ", ".join(f"{number:,} met {text}" for number, text in zip(left, before, strict=False))
        return f"{self._of_all()}, {kept}, and none of these {last}{seen}"

    def _found(self) -> str:
        if not self.steps:
            return "the contact has events" if self.events else "the contact has no events"
        met = " and ".join(step.text for step in self.steps) + _in_parentheses(self.seen)
        if not self.events:
            return f"the contact has no events, so event fields are NULL, and {met}"
        return f"an event met {met}" if self.joined == 1 else f"{self.joined} events met {met}"

    def _of_all(self) -> str:
        if self.joined > 1:
            return f"of the {self.choices:,} choices of {self.joined} events"
        return "of the contact's 1 event" if self.events == 1 else f"of the contact's {self.events:,} events"

    def _none_of_all(self) -> str:
        if self.choices == 1:
            one = "contact's 1 event" if self.joined == 1 else f"1 choice of {self.joined} events"
            return f"the {one} did not meet"
        return f"none {self._of_all()} met"


Reason = ConditionReason | SubqueryReason | EventReason


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a contact is a member at an aware ``now``, and the smallest set of reasons for it.

    The reasons alone imply the answer, whatever the query's other conditions were. A query that says nothing
    of the contact has none.
    """

    is_member: bool
    reasons: Sequence[Reason]
    now: datetime

    def __str__(self) -> str:
        why = "; ".join(map(str, self.reasons))
        return ("in" if self.is_member else "out") + (f": {why}" if why else "")

    def __repr__(self) -> str:
        return f"<Decision: {self}>"

    def _repr_html_(self) -> str:
        return as_html(self.is_member, self.now, self.reasons)


def as_html(is_member: bool, now: datetime, reasons: Iterable[object]) -> str:
    """Return a verdict as notebooks show it: in or out, when, and why."""
    verdict = f"{'in' if is_member else 'out'} at {write_second(now)}"
    return markup.block(markup.paragraph(verdict, strong=True), markup.bullets(reasons))


def shown(value: Any) -> str:
    """Return a value as queries write it, cut where it is long."""
    match value:
        case None | bool():
            text = TRUTHS[value]
        case str():
            text = write_string(value, Dialect.V2)
        case datetime():
            text = write_timestamp(value)
        case list() | tuple():
            text = f"[{', '.join(map(shown, value))}]"
        case _:
            text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _in_parentheses(seen: Sequence[Seen]) -> str:
    return f" ({', '.join(map(str, seen))})" if seen else ""
