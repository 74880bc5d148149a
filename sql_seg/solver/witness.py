"""A contact that a query holds, or one that it leaves out."""

from __future__ import annotations

from datetime import datetime

from sql_seg.core.goals import Goal
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import Schema
from sql_seg.language.timestamps import the_moment
from sql_seg.solver.choices import Simplest
from sql_seg.solver.minimising import minimal
from sql_seg.solver.outcome import Found, Outcome
from sql_seg.solver.preparing import QueryLike, checked_query, kept_columns
from sql_seg.solver.solver import Solver


def witness(
    query: QueryLike,
    *,
    inside: bool = True,
    schema: Schema | None = None,
    dialect: Dialect | str | None = None,
    now: datetime | None = None,
    effort: int = 1,
) -> Outcome:
    """Return a smallest contact, with events, that is in a segment at ``now``; or that is not ``inside``.

    ``query`` is a text, a Query, a CheckedQuery or a Segment; ``schema`` (None is SENDGRID) and ``dialect``
    are for the first two. ``now`` is an aware datetime; None is the moment of the call. ``effort`` says how
    many times as much as usual the search may do: it counts steps, not seconds.

    Raises QuerySyntaxError or CheckError for what is no valid query, ValueError for a naive ``now`` or an
    effort below 1.
    """
    checked = checked_query(query, schema, dialect)
    goal = Goal.TRUE if inside else Goal.NOT_TRUE
    solver = Solver([(checked.condition, goal)], checked.schema, the_moment(now), effort=effort)
    outcome = solver.solve(Simplest())
    if isinstance(outcome, Found):
        return Found(minimal(outcome.record, solver.is_met, kept_columns(checked)))
    return outcome
