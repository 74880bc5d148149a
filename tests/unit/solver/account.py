"""What the tests of witnesses share: an account's columns, a moment, and queries in short."""

from __future__ import annotations

from datetime import UTC, datetime

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def where(condition: str) -> str:
    """Return the v2 query for contacts."""
    return f"SELECT contact_id, updated_at FROM contact_data WHERE {condition}"


def joined(condition: str, *aliases: str) -> str:
    """Return the v2 query for contacts c with an event e, and others."""
    joins = "".join(
        f"JOIN event_data AS {alias} ON c.contact_id = {alias}.contact_id " for alias in ("e", *aliases)
    )
    return f"SELECT c.contact_id, c.updated_at FROM contact_data AS c {joins}WHERE {condition}"


def last(having: str, condition: str = "e.event_type = 'open'") -> str:
    """Return the v2 query for contacts by their last event."""
    return (
        "SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS last FROM contact_data AS c "
        f"JOIN event_data AS e ON c.contact_id = e.contact_id WHERE {condition} HAVING {having}"
    )


def opened(column: str = "contact_id", condition: str = "event_type = 'open'") -> str:
    """Return the subquery for the contacts of events."""
    return f"(SELECT {column} FROM event_data WHERE {condition})"
