"""Moments that do not say which clock they are read off."""

from __future__ import annotations

import pytest

from sql_seg.diagnostics import Safety, Severity
from tests.unit.linting.linting import JOINED, PLAIN, finds, is_silent

CODE = "date-without-offset"


@pytest.mark.parametrize(
    ("marked", "fixed"),
    [
        ("created_at > «TIMESTAMP '2026-01-31T18:00:00'»", "created_at > TIMESTAMP '2026-01-31T18:00:00Z'"),
        ('created_at > «TIMESTAMP "2026-01-31 18:00"»', 'created_at > TIMESTAMP "2026-01-31 18:00Z"'),
        (f"{PLAIN}created_at > «'2026-01-31 18:00'»", f"{PLAIN}created_at > '2026-01-31 18:00Z'"),
        (f"{PLAIN}created_at > «'2026\\x2d01-31 18:00'»", f"{PLAIN}created_at > '2026-01-31 18:00Z'"),
        (f"{PLAIN}«('2026-01-31 18:00')» = created_at", f"{PLAIN}('2026-01-31 18:00Z') = created_at"),
        (
            f"{PLAIN}created_at BETWEEN '2026-01-31Z' AND «'2026-01-31 18:00'»".replace("31Z", "31 00:00Z"),
            f"{PLAIN}created_at BETWEEN '2026-01-31 00:00Z' AND '2026-01-31 18:00Z'",
        ),
        (
            f"{JOINED}e.timestamp IN («'2026-01-31 18:00:00.25'»)",
            f"{JOINED}e.timestamp IN ('2026-01-31 18:00:00.25Z')",
        ),
        (
            f"{PLAIN}created_at > TIMESTAMPADD(day, 1, «'2026-01-31 18:00'»)",
            f"{PLAIN}created_at > TIMESTAMPADD(day, 1, '2026-01-31 18:00Z')",
        ),
    ],
)
def test_a_time_without_an_offset(marked: str, fixed: str) -> None:
    finds(
        marked,
        CODE,
        "a moment without an offset is in UTC",
        help="write Z for UTC, or an offset",
        severity=Severity.INFO,
        fixed=fixed,
        safety=Safety.UNSAFE,
    )


def test_a_day_is_told_when_it_begins() -> None:
    message = "this day begins at midnight UTC"
    hint = "'2026-01-31T00:00:00+02:00'"
    finds(f"{PLAIN}created_at > «'2026-01-31'»", CODE, message, help=hint, severity=Severity.INFO)


@pytest.mark.parametrize(
    "text",
    [
        "created_at > TIMESTAMP '2026-01-31T18:00:00Z'",
        f"{PLAIN}created_at > '2026-01-31 18:00+02:00'",
        f"{PLAIN}city = '2026-01-31 18:00'",
        f"{PLAIN}city IN ('2026-01-31 18:00')",
        f"{JOINED}e.data:day = '2026-01-31 18:00'",
    ],
)
def test_moments_with_an_offset_and_texts(text: str) -> None:
    is_silent(text, CODE)
