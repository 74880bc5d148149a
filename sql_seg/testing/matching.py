"""Strategies for contacts that are in a segment, that are not, and that are just out: by construction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from hypothesis import strategies as st

from sql_seg.checking.checker import CheckedQuery
from sql_seg.core.goals import Goal
from sql_seg.core.terms import ColumnValue, walk
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import Schema
from sql_seg.language.timestamps import the_moment
from sql_seg.solver import Found, Impossible, NearMiss, NotFound, Record, near_miss
from sql_seg.solver.choices import Simplest
from sql_seg.solver.preparing import QueryLike, checked_query
from sql_seg.solver.solver import Solver
from sql_seg.testing.constants import up_to
from sql_seg.testing.dressing import as_people_are
from sql_seg.testing.people import people
from sql_seg.testing.records import contacts

_ID = "contact_id"
_MOST_EXTRA_EVENTS = 2


class Drawn:
    """Takes choices from Hypothesis."""

    def __init__(self, draw: Callable[[st.SearchStrategy[int]], int]) -> None:
        self._draw = draw

    def integer(self, low: int, high: int) -> int:
        """Return an integer from ``low`` to ``high``."""
        return self._draw(st.integers(low, high))


def contacts_matching(
    query: QueryLike,
    *,
    schema: Schema | None = None,
    dialect: Dialect | str | None = None,
    now: datetime | None = None,
    effort: int = 1,
    realistic: bool = True,
) -> st.SearchStrategy[Record]:
    """Return contacts, with events, that are in a segment at ``now``.

    ``query`` is a text, a Query, a CheckedQuery or a Segment; ``schema`` (None is SENDGRID) and ``dialect``
    are for the first two. ``now`` is an aware datetime; None is the moment of this call. ``effort`` is
    that of ``sql_seg.solver.witness``. Values lie near the query's boundaries, and columns that it does not
    name hold anything. With ``realistic`` all values are such as people have, as far as the segment allows;
    without, they are anything that is allowed (see ``contacts``).

    Raises QuerySyntaxError or CheckError for what is no valid query; ValueError where nobody can be in the
    segment, or nobody was found who is.
    """
    return _records(checked_query(query, schema, dialect), Goal.TRUE, the_moment(now), effort, realistic)


def contacts_not_matching(
    query: QueryLike,
    *,
    schema: Schema | None = None,
    dialect: Dialect | str | None = None,
    now: datetime | None = None,
    effort: int = 1,
    realistic: bool = True,
) -> st.SearchStrategy[Record]:
    """Return contacts, with events, that are not in a segment at ``now``; see ``contacts_matching``."""
    return _records(checked_query(query, schema, dialect), Goal.NOT_TRUE, the_moment(now), effort, realistic)


def near_misses(
    query: QueryLike,
    *,
    schema: Schema | None = None,
    dialect: Dialect | str | None = None,
    now: datetime | None = None,
    effort: int = 1,
) -> st.SearchStrategy[NearMiss]:
    """Return pairs of records: one is in a segment at ``now``, and one, which hardly differs, is not.

    See ``contacts_matching``; ValueError too where everybody is in the segment.
    """
    checked, moment = checked_query(query, schema, dialect), the_moment(now)
    simplest = near_miss(checked, now=moment, effort=effort)
    if not isinstance(simplest, NearMiss):
        raise ValueError(_complaint("just out of", simplest))

    @st.composite
    def pairs(draw: st.DrawFn) -> NearMiss:
        found = near_miss(checked, now=moment, choices=Drawn(draw), effort=effort)
        return found if isinstance(found, NearMiss) else simplest

    return pairs()


def _records(
    checked: CheckedQuery, goal: Goal, now: datetime, effort: int, realistic: bool
) -> st.SearchStrategy[Record]:
    solver = Solver([(checked.condition, goal)], checked.schema, now, effort=effort)
    simplest = solver.solve(Simplest())
    if not isinstance(simplest, Found):
        raise ValueError(_complaint("in" if goal is Goal.TRUE else "out of", simplest))
    free = _free_columns(checked)
    everybody, habits = contacts(checked.schema, now=now, realistic=realistic), people(checked.query, now)

    @st.composite
    def records(draw: st.DrawFn) -> Record:
        extra = draw(up_to(_MOST_EXTRA_EVENTS)) if checked.reads_events else 0
        found = solver.solve(Drawn(draw), extra_events=extra)
        record = found.record if isinstance(found, Found) else simplest.record
        rest = {name: value for name, value in draw(everybody).items() if name in free}
        whole = replace(record, contact={**rest, _ID: "contact-1", **record.contact})
        if not realistic:
            return whole
        unasked = free - set(record.contact)
        return as_people_are(whole, checked.schema, draw, habits, unasked, solver.is_met)

    return records()


def _free_columns(checked: CheckedQuery) -> set[str]:
    """Return the columns that may hold anything where nothing was asked of them.

    Of those that a query reads, these are the ones that are never NULL: another may have been asked to be.
    """
    read = {term.name for term in walk(checked.condition) if isinstance(term, ColumnValue)}
    columns = checked.schema.contact_data.columns.values()
    return {column.key for column in columns if column.key not in read or not column.nullable}


def _complaint(where: str, outcome: Impossible | NotFound) -> str:
    if isinstance(outcome, Impossible):
        return f"no contact can be {where} this segment: {outcome.reason}"
    return f"no contact {where} this segment was found in {outcome.tried:,} attempts: {outcome.reason}"
