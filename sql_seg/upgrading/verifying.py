"""Whether two queries select the same contacts, and how that is known."""

from __future__ import annotations

from datetime import datetime

from sql_seg.checking.checker import CheckedQuery
from sql_seg.diagnostics.source import Span
from sql_seg.solver import Impossible, NotFound, distinguish
from sql_seg.upgrading.result import Kind, Refusal


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
        Kind.UNPROVEN,
        f"the query that was written would select other contacts: {found.record.contact} with the events "
        f"{list(found.record.events)} is in the {place} segment alone",
        Span(0, len(text)),
    )
