"""The twelve queries that are parsed, checked and compiled: short ones, long ones, events, arithmetic."""

from __future__ import annotations

from sql_seg import SENDGRID

SCHEMA = SENDGRID.with_fields(
    [{"name": "plan", "field_type": "Text"}, {"name": "age", "field_type": "Number"}]
)
ALL = "SELECT contact_id, updated_at FROM contact_data"
A, B, C = (f"115715d0-0000-4000-8000-00000000000{digit}" for digit in "370")
SEND = "5ing1e5e-0000-4000-8000-000000000004"
JOIN = (
    "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id WHERE e.event_source = 'mail'"
)
QUERIES = {
    "like": f"{ALL} WHERE email LIKE '%gmail.com'",
    "equal and in": f"{ALL} WHERE country = 'US' AND state_province_region IN ('CO', 'CA', 'NY')",
    "or null": f"{ALL} WHERE lower(first_name) = 'bob' OR first_name IS NULL",
    "numbers": f"{ALL} WHERE age >= 21 AND age < 65 AND plan != 'free'",
    "fifteen conditions": f"{ALL} WHERE (email LIKE '%gmail.com' OR email LIKE '%yahoo.com') "
    "AND (country = 'US' OR country = 'CA' OR country IS NULL) "
    "AND NOT (state_province_region IN ('TX', 'FL') AND plan = 'free') "
    "AND ((age >= 21 AND age < 65) OR plan != 'free') "
    "AND (postal_code NOT IN ('10001', '10002', '10003', '80202', '90210') OR lower(first_name) = 'bob') "
    "AND updated_at >= '2026-05-07T12:00:00Z' "
    f"AND (array_contains(list_ids, ['{A}', '{B}']) OR NOT array_contains(list_ids, ['{C}']))",
    "all": ALL,
    "lists": f"{ALL} WHERE array_contains(list_ids, ['{A}', '{B}']) "
    f"AND NOT array_contains(list_ids, ['{C}'])",
    "window": f"{ALL} WHERE updated_at >= TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP) "
    "AND created_at BETWEEN '2024-02-27T12:00:00Z' AND '2026-09-24T12:00:00Z'",
    "join": f"{JOIN} AND e.event_type = 'open' "
    "AND e.event_timestamp >= TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)",
    "path": f"{JOIN} AND e.event_type = 'click' AND e.data:payload.unique_args.singlesend_id = '{SEND}'",
    "sent, not opened": f"{JOIN} AND e.event_type = 'processed' "
    f"AND e.data:payload.unique_args.singlesend_id = '{SEND}' AND c.contact_id NOT IN "
    "(SELECT o.contact_id FROM event_data AS o WHERE o.event_source = 'mail' AND o.event_type = 'open' "
    f"AND o.data:payload.unique_args.singlesend_id = '{SEND}')",
    "arithmetic": f"{ALL} WHERE (age * 2 + 1) % 7 >= 3 AND age / 2 < 30 - 5 "
    "AND concat(first_name, ' ', last_name) = 'Bob Smith' AND postal_code IS NOT NULL",
}
