"""Why a contact has such events, or none."""

from __future__ import annotations

from collections.abc import Sequence

from sql_seg.core import terms as core
from sql_seg.core.interpreter import Interpreter, Rows
from sql_seg.core.planning import conjuncts
from sql_seg.diagnostics.source import text_at
from sql_seg.explain.decision import EventReason, EventStep, Seen
from sql_seg.explain.observation import observed


def event_reason(
    term: core.SomeEvent | core.LastEvent,
    verdict: bool,
    interpreter: Interpreter,
    rows: Rows,
    text: str,
    events: int,
) -> EventReason:
    """Return why a test of events is TRUE, or why it finds none; ``events`` is how many the contact has.

    Of the conditions that the events are to meet, those are named that no event meets together; without any
    one of them, some would.
    """
    conditions = conjuncts(term.condition)
    choices = list(interpreter.choices(term, rows))
    met = [[interpreter.value(condition, chosen) is True for condition in conditions] for chosen in choices]
    decisive = list(range(len(conditions))) if verdict else _refuting(met, len(conditions))
    steps = tuple(
        EventStep(
            conditions[index].span,
            text_at(conditions[index].span, text),
            sum(all(truths[i] for i in decisive[: step + 1]) for truths in met),
        )
        for step, index in enumerate(decisive)
    )
    asked = decisive if verdict else decisive[-1:]
    passed = decisive if verdict else decisive[:-1]
    nearest = [rows for rows, truths in zip(choices, met, strict=True) if all(truths[i] for i in passed)]
    seen: tuple[Seen, ...] = ()
    if asked and (verdict or len(nearest) == 1):
        seen = observed([conditions[index] for index in asked], interpreter, nearest[0], text)
    return EventReason(verdict, steps, events, len(choices), len(term.rows), seen)


def _refuting(met: Sequence[Sequence[bool]], conditions: int) -> list[int]:
    """Return the numbers of conditions that no choice meets together, none of which could be left out."""
    kept = list(range(conditions))
    for index in reversed(range(conditions)):
        rest = [other for other in kept if other != index]
        if not any(all(truths[i] for i in rest) for truths in met):
            kept = rest
    return kept
