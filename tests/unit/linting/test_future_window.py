"""Windows that begin now or later, for what has happened."""

from __future__ import annotations

import pytest

from tests.unit.linting.linting import JOINED, PLAIN, finds, is_silent

CODE = "future-window"
LAST = (
    "SELECT c.contact_id, c.updated_at FROM contact_data c JOIN event_data e ON c.contact_id = e.contact_id "
    "WHERE e.event_type = 'open' GROUP BY c.contact_id, c.updated_at HAVING "
)


@pytest.mark.parametrize(
    ("marked", "column", "fixed"),
    [
        (
            f"{PLAIN}updated_at >= «TIMESTAMPADD(day, 30, CURRENT_TIMESTAMP)»",
            "updated_at",
            f"{PLAIN}updated_at >= TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)",
        ),
        (
            f"{PLAIN}NOT «TIMESTAMPADD(month, 1, NOW())» <= created_at",
            "created_at",
            f"{PLAIN}NOT TIMESTAMPADD(month, -1, NOW()) <= created_at",
        ),
        (
            f"{JOINED}e.event_type = 'open' AND e.timestamp > «TIMESTAMPADD(week, 1, NOW())»",
            "timestamp",
            f"{JOINED}e.event_type = 'open' AND e.timestamp > TIMESTAMPADD(week, -1, NOW())",
        ),
        (
            f"{LAST}MAX(e.timestamp) >= «TIMESTAMPADD(day, 7, NOW())»",
            "timestamp",
            f"{LAST}MAX(e.timestamp) >= TIMESTAMPADD(day, -7, NOW())",
        ),
        (
            "event_timestamp > «NOW() + INTERVAL 30 DAY»",
            "event_timestamp",
            "event_timestamp > NOW() - INTERVAL 30 DAY",
        ),
        ("updated_at > «NOW()»", "updated_at", None),
        (
            f"{PLAIN}created_at BETWEEN «TIMESTAMPADD(day, 0, NOW())» AND TIMESTAMPADD(day, 7, NOW())",
            "created_at",
            None,
        ),
        ("created_at = «NOW() - INTERVAL -2 DAY»", "created_at", None),
    ],
)
def test_what_lies_ahead(marked: str, column: str, fixed: str | None) -> None:
    message = f"{column} is never later than now: this window is empty"
    finds(marked, CODE, message, help="to look back, ", fixed=fixed)


def test_what_to_write() -> None:
    marked = f"{PLAIN}updated_at >= «(TIMESTAMPADD(day, 30, NOW()))»"
    finds(
        marked,
        CODE,
        "updated_at is never later than now: this window is empty",
        help="to look back, write (TIMESTAMPADD(day, -30, NOW()))",
        fixed=f"{PLAIN}updated_at >= (TIMESTAMPADD(day, -30, NOW()))",
    )


@pytest.mark.parametrize(
    "text",
    [
        "updated_at >= NOW() - INTERVAL 30 DAY",
        "updated_at <= NOW()",
        "created_at BETWEEN NOW() - INTERVAL 1 DAY AND NOW() + INTERVAL 1 DAY",
        "created_at < NOW() + INTERVAL 1 DAY",
        "updated_at != NOW() + INTERVAL 1 DAY",
        "birthday >= NOW() + INTERVAL 7 DAY",
        "updated_at >= TIMESTAMP '2999-01-01T00:00:00Z'",
        "updated_at >= created_at",
    ],
)
def test_what_lies_in_the_past_or_may_lie_ahead(text: str) -> None:
    is_silent(text, CODE)
