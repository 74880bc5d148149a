"""Which conditions only ask how an address ends."""

from __future__ import annotations

import pytest

from sql_seg import SENDGRID, check, parse
from sql_seg.columnar.endings import asks_ending


@pytest.mark.parametrize(
    ("condition", "is_one"),
    [
        ("email LIKE '%@gmail.com'", True),
        ("email LIKE '%gmail.com'", True),
        ("email NOT LIKE '%@gmail.com' AND (email LIKE '%.org' OR email IS NULL)", True),
        ("email LIKE '%bob@gmail.com'", False),
        ("email LIKE '%@%'", False),
        ("email LIKE 'bob%'", False),
        ("email LIKE '%@gmail_com'", False),
        ("email LIKE '%.org' AND email > 'b'", False),
        ("email = 'bob@gmail.com'", False),
        ("last_name LIKE '%son'", False),
    ],
)
def test_what_asks_how_an_address_ends(condition: str, is_one: bool) -> None:
    query = parse(f"SELECT contact_id, updated_at FROM contact_data WHERE {condition}")
    assert asks_ending(check(query, SENDGRID).condition) is is_one
