"""What comes of an upgrade: a query, how it is known to be the same, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum

from sql_seg import markup
from sql_seg.checking import check
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core.terms import within_lists
from sql_seg.diagnostics.query_errors import CheckError
from sql_seg.diagnostics.source import Span
from sql_seg.frozen import field, frozen
from sql_seg.language.datatypes import Dialect
from sql_seg.solver import Impossible, NotFound, distinguish
from sql_seg.syntax import nodes
from sql_seg.syntax.nodes import Query
from sql_seg.syntax.parsing import parse


class Obstacle(StrEnum):
    """Why a query cannot be said in the other dialect."""

    PATTERN = "pattern"
    """A LIKE pattern looks for what the other dialect reads as a wildcard, or the other way round."""
    KEY = "key"
    """A key of an event's data is computed, or a path leads where the other dialect has no key."""
    VALUE = "value"
    """A value is of a type that the other dialect has no place for."""
    SHAPE = "shape"
    """The other dialect has no such construct: several events, last events, other contacts."""
    NAME = "name"
    """The other dialect cannot write a name."""
    DEPTH = "depth"
    """The query would nest deeper, or be larger, than a query may."""
    UNPROVEN = "unproven"
    """What was written selects other contacts: it is not given out."""


class CannotSayError(Exception):
    """A part of a query that the other dialect cannot say: what and where, and what to do instead."""

    def __init__(self, kind: Obstacle, message: str, span: Span, help: str = "") -> None:
        super().__init__(message)
        self.refusal = Refusal(kind, message, span, help)


@frozen
class Refusal:
    """Why a query was not rewritten; ``span`` is the place in its text, ``help`` what to do instead."""

    kind: Obstacle
    message: str
    span: Span
    help: str = ""

    def __str__(self) -> str:
        return f"{self.message}; {self.help}" if self.help else self.message


@frozen
class Upgrade:
    """A query in the other dialect, or why there is none.

    ``text`` is laid out, with comments on what a reader may wonder at. ``notes`` say what the text rests on.
    ``verdict`` says how it is known that both select the same contacts; ``is_proven`` is whether that is a
    proof. ``parent_list_ids`` are the lists that a segment's condition moved to. With ``refusals`` there is
    no query, and the text is empty.
    """

    query: Query | None
    text: str = ""
    notes: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    verdict: str = ""
    is_proven: bool = False
    parent_list_ids: tuple[str, ...] = field(default=())

    def __repr__(self) -> str:
        said = f"refused: {self.refusals[0]}" if self.refusals else self.verdict
        return f"<Upgrade: {said}>"

    def _repr_html_(self) -> str:
        if self.refusals:
            return markup.block(markup.paragraph("refused", strong=True), markup.bullets(self.refusals))
        verdict = markup.paragraph(self.verdict, strong=True)
        return markup.block(markup.code(self.text), verdict, markup.bullets(self.notes))

    @property
    def is_refused(self) -> bool:
        """Whether there is no query."""
        return self.query is None


def rewritten(
    before: CheckedQuery,
    dialect: Dialect,
    write: Callable[[], str],
    now: datetime | None,
    effort: int,
    notes: Iterable[str] = (),
    lists: tuple[str, ...] = (),
) -> Upgrade:
    """Return a query as ``write`` says it in another dialect, and what is known of it, or why there is none.

    ``notes`` are what the text rests on, once it is written; ``lists`` what stands in it no longer.
    """
    whole = Span(0, len(before.text))
    try:
        text = write()
        after = check(parse(text, dialect), before.schema)
    except CannotSayError as error:
        refusal = error.refusal
    except nodes.NestingError as error:
        message = f"in {dialect} {error}, and this would nest deeper"
        refusal = Refusal(Obstacle.DEPTH, message, whole, "take a part of it into a segment of its own")
    except CheckError as error:
        message = f"{dialect} does not take it: {error.diagnostics[0].message}"
        refusal = Refusal(Obstacle.VALUE, message, whole)
    except ValueError as error:
        refusal = Refusal(Obstacle.NAME, str(error), whole)
    else:
        verdict = verdict_on(before, within_lists(after, lists), now, effort)
        if not isinstance(verdict, Refusal):
            return Upgrade(after.query, text, tuple(notes), (), *verdict, lists)
        refusal = verdict
    return Upgrade(None, refusals=(refusal,))


def verdict_on(
    before: CheckedQuery, after: CheckedQuery, now: datetime | None, effort: int = 1
) -> tuple[str, bool] | Refusal:
    """Return how it is known that two queries select the same contacts, and whether that is a proof.

    Of queries that do not, a refusal that shows a contact in one of them alone.
    """
    found = distinguish(before, after, now=now, effort=effort)
    if isinstance(found, Impossible):
        return f"the same, because {found.reason}", True
    if isinstance(found, NotFound):
        return f"the same on everything tried ({found.tried:,} cases)", False
    place = "v1" if found.in_first is (before.query.dialect == "v1") else "v2"
    text = before.query.text or ""
    return Refusal(
        Obstacle.UNPROVEN,
        f"the query that was written would select other contacts: {found.record.contact} with the events "
        f"{list(found.record.events)} is in the {place} segment alone",
        Span(0, len(text)),
    )
