"""The documentation of SQL that segments do not take, each with the way to say it here."""

from __future__ import annotations

from sql_seg.linting.rule import Rule, error

_ALL = "SELECT contact_id, updated_at FROM contact_data"
_NEVER_OPENED = (
    f"{_ALL} WHERE contact_id NOT IN (SELECT contact_id FROM event_data WHERE event_type = 'open')"
)
_OPENED = f"{_ALL} WHERE contact_id IN (SELECT contact_id FROM event_data WHERE event_type = 'open')"

REFUSED_SQL: tuple[Rule, ...] = (
    error(
        "unsupported-statement",
        "a statement that changes something",
        "A segment only selects.",
        "DELETE FROM contact_data",
        _ALL,
    ),
    error(
        "unsupported-with",
        "WITH",
        "Write the inner query where it is used.",
        "WITH openers AS (SELECT contact_id FROM event_data) SELECT contact_id, updated_at FROM openers",
        _OPENED,
    ),
    error("unsupported-order-by", "ORDER BY", "A segment has no order.", f"{_ALL} ORDER BY updated_at", _ALL),
    error(
        "unsupported-limit", "LIMIT", "A segment holds every contact that matches.", f"{_ALL} LIMIT 50", _ALL
    ),
    error(
        "unsupported-distinct",
        "DISTINCT",
        "A contact is in a segment once, however many rows match.",
        "SELECT DISTINCT contact_id, updated_at FROM contact_data",
        _ALL,
    ),
    error(
        "unsupported-union",
        "UNION, EXCEPT and INTERSECT",
        "Write the conditions as one, with OR, AND NOT, or AND.",
        f"{_ALL} WHERE city = 'Denver' UNION {_ALL} WHERE city = 'Boulder'",
        f"{_ALL} WHERE city = 'Denver' OR city = 'Boulder'",
    ),
    error(
        "unsupported-join",
        "any join that is not an inner one",
        "A segment's joins are inner and on contact_id. Contacts without an event are NOT IN (SELECT …).",
        f"{_ALL} AS c LEFT JOIN event_data AS e ON c.contact_id = e.contact_id",
        _NEVER_OPENED,
    ),
    error(
        "unsupported-exists",
        "EXISTS",
        "IN over a subquery says the same.",
        f"{_ALL} WHERE EXISTS (SELECT contact_id FROM event_data)",
        _OPENED,
    ),
    error(
        "unsupported-case",
        "CASE",
        "Write the cases as conditions, with AND and OR.",
        f"{_ALL} WHERE CASE WHEN country = 'US' THEN city = 'Denver' ELSE TRUE END",
        f"{_ALL} WHERE country = 'US' AND city = 'Denver' OR country != 'US'",
    ),
    error(
        "unsupported-window-function",
        "window functions",
        "For the last event, select MAX(…) and ask for it in HAVING.",
        "SELECT contact_id, updated_at, ROW_NUMBER() OVER (PARTITION BY contact_id) FROM contact_data",
        "SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS last_event FROM contact_data AS c "
        "JOIN event_data AS e ON c.contact_id = e.contact_id HAVING last_event < '2026-03-01T00:00:00Z'",
    ),
    error(
        "unsupported-ilike",
        "ILIKE",
        "LIKE is case-sensitive; LOWER brings both sides to one case.",
        f"{_ALL} WHERE city ILIKE 'den%'",
        f"{_ALL} WHERE LOWER(city) LIKE 'den%'",
    ),
    error(
        "unsupported-operator",
        "an operator of other SQL",
        "Each can be written in another way: IS DISTINCT FROM by IS NULL, regular expressions and several "
        "patterns by LIKE and OR, || by CONCAT. LIKE has no ESCAPE.",
        f"{_ALL} WHERE city IS DISTINCT FROM 'Denver'",
        f"{_ALL} WHERE (city != 'Denver' OR city IS NULL)",
    ),
    error(
        "unsupported-cast",
        "casts",
        "Columns have their types, and a VARIANT takes the type of what stands beside it.",
        f"{_ALL} WHERE updated_at::date > '2026-01-31'",
        f"{_ALL} WHERE updated_at > '2026-01-31'",
    ),
    error(
        "unsupported-interval",
        "INTERVAL and bare amounts of time in v2",
        "TIMESTAMPADD moves a timestamp.",
        f"{_ALL} WHERE updated_at > CURRENT_TIMESTAMP - INTERVAL '30 days'",
        f"{_ALL} WHERE updated_at > TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)",
    ),
    error(
        "bracketed-list",
        "a list in square brackets behind IN",
        "IN takes parentheses; square brackets stand in ARRAY_CONTAINS alone.",
        f"{_ALL} WHERE city IN ['Denver', 'Boulder']",
        f"{_ALL} WHERE city IN ('Denver', 'Boulder')",
    ),
)
"""In the order of the reference."""
