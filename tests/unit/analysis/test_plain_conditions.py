from __future__ import annotations

import pytest

from sql_seg import diagnose

JOIN = (
    "SELECT c.contact_id, c.updated_at, MAX(c.email) AS last_email FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id "
)
ALL = "SELECT contact_id, updated_at FROM contact_data "


@pytest.mark.parametrize(
    "text",
    [
        ALL + "WHERE NULL BETWEEN '2024-01-01' AND TIMESTAMP '2024-01-01'",
        JOIN + "HAVING LOWER(MAX(c.email)) = 'a'",
        JOIN + "HAVING MAX(c.email) BETWEEN 'a' AND 'b' AND UPPER(MAX(c.email)) IN ('A', 'B')",
    ],
)
def test_what_is_said_of_constants_and_maxima_is_not_plain(text: str) -> None:
    assert not any(found.is_error for found in diagnose(text))
