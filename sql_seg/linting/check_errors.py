"""The documentation of what the checker reports: names, types and shapes that are wrong."""

from __future__ import annotations

from sql_seg.diagnostics import Severity
from sql_seg.linting.rule import Rule, error

_ALL = "SELECT contact_id, updated_at FROM contact_data"
_JOIN = "SELECT c.contact_id, c.updated_at FROM contact_data AS c JOIN event_data AS e"
_ON = "ON c.contact_id = e.contact_id"
_LAST = "SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS last_event FROM contact_data AS c "
_LAST_ON = f"{_LAST}JOIN event_data AS e {_ON}"

CHECK_ERRORS: tuple[Rule, ...] = (
    error(
        "unknown-column",
        "a column that there is not",
        "The name is misspelled, or it is a custom field that the field definitions do not have. In v2, a "
        "name in double quotes is a column: a text takes single quotes.",
        "emial = 'a@example.com'",
        "email = 'a@example.com'",
    ),
    Rule(
        "assumed-column",
        Severity.WARNING,
        "a name that a lenient check takes for a custom field",
        "Without the account's field definitions, a misspelled column looks just like a custom field.",
        "favourite_colour = 'blue'",
        "city = 'blue'",
        lenient=True,
    ),
    error(
        "reserved-field",
        "a reserved field that is no column",
        "SendGrid lists last_opened, last_clicked, last_emailed, singlesend_id and automation_id among the "
        "reserved fields, yet refuses them in queries. What they stand for is in the events.",
        f"{_ALL} WHERE last_opened > '2026-01-31T00:00:00Z'",
        f"{_ALL} WHERE contact_id IN (SELECT contact_id FROM event_data WHERE event_type = 'open' "
        "AND timestamp > '2026-01-31T00:00:00Z')",
    ),
    error(
        "ambiguous-column",
        "a column that several tables have",
        "Write the table's name or alias before it.",
        f"SELECT contact_id, c.updated_at FROM contact_data AS c JOIN event_data AS e {_ON}",
        f"{_JOIN} {_ON} WHERE e.event_type = 'open'",
    ),
    error(
        "unknown-table",
        "a table or alias that there is not",
        "The tables are contact_data and event_data. A table with an alias is called by its alias alone, and "
        "a subquery sees its own tables only.",
        "SELECT contact_id, updated_at FROM contacts",
        _ALL,
    ),
    error(
        "wrong-table",
        "a table in the wrong place",
        "A segment is FROM contact_data, and only event_data is joined to it.",
        "SELECT contact_id, timestamp FROM event_data",
        _ALL,
    ),
    error(
        "duplicate-alias",
        "two tables or columns of one name",
        "A name must say which is meant.",
        f"{_JOIN} {_ON} JOIN event_data AS e {_ON}",
        f"{_JOIN} {_ON} JOIN event_data AS f ON c.contact_id = f.contact_id "
        "WHERE e.event_type = 'open' AND f.event_type = 'click'",
    ),
    error(
        "join-condition",
        "a join on anything but contact_id",
        "Tables are joined on contact_id alone; other conditions belong to WHERE.",
        f"{_JOIN} {_ON} AND e.event_type = 'open'",
        f"{_JOIN} {_ON} WHERE e.event_type = 'open'",
    ),
    error(
        "select-list",
        "a select list that is not contact_id and updated_at",
        "SendGrid's segments select these two columns of contact_data, and nothing more than MAX(…).",
        "SELECT * FROM contact_data",
        _ALL,
    ),
    error(
        "duplicate-column",
        "a column that is selected twice",
        "Each stands in the select list once.",
        "SELECT contact_id, contact_id, updated_at FROM contact_data",
        _ALL,
    ),
    error(
        "unexpected-alias",
        "an alias of a plain column",
        "Only MAX(…) has an alias.",
        "SELECT contact_id AS id, updated_at FROM contact_data",
        _ALL,
    ),
    error(
        "missing-alias",
        "MAX(…) in the select list without an alias",
        "HAVING asks for it by its alias.",
        _LAST_ON.replace(" AS last_event", ""),
        f"{_LAST_ON} HAVING last_event < '2026-03-01T00:00:00Z'",
    ),
    error(
        "misplaced-aggregate",
        "MAX where no group is",
        "MAX stands in the select list and in HAVING, and not inside another MAX.",
        f"{_JOIN} {_ON} WHERE MAX(e.timestamp) < '2026-03-01T00:00:00Z'",
        f"{_LAST_ON} HAVING last_event < '2026-03-01T00:00:00Z'",
    ),
    error(
        "unsupported-aggregate",
        "an aggregate other than MAX",
        "MAX is the one aggregate: it asks for the last event.",
        f"{_ALL} HAVING COUNT(contact_id) > 3",
        f"{_LAST_ON} HAVING last_event < '2026-03-01T00:00:00Z'",
    ),
    error(
        "group-by",
        "GROUP BY of anything but the selected columns",
        "Groups are the contacts. GROUP BY lists the selected plain columns, or is left out.",
        f"{_LAST_ON} GROUP BY e.event_type HAVING last_event < '2026-03-01T00:00:00Z'",
        f"{_LAST_ON} GROUP BY c.contact_id, c.updated_at HAVING last_event < '2026-03-01T00:00:00Z'",
    ),
    error(
        "having-without-max",
        "HAVING without MAX",
        "HAVING speaks of groups; a condition on rows belongs to WHERE.",
        f"{_ALL} HAVING updated_at > '2026-03-01T00:00:00Z'",
        f"{_ALL} WHERE updated_at > '2026-03-01T00:00:00Z'",
    ),
    error(
        "not-grouped",
        "a column in HAVING that is not selected",
        "HAVING may use the aliases, MAX(…) and the selected columns; the rest belongs to WHERE.",
        f"{_LAST_ON} HAVING last_event < '2026-03-01T00:00:00Z' AND c.city = 'Denver'",
        f"{_LAST_ON} WHERE c.city = 'Denver' HAVING last_event < '2026-03-01T00:00:00Z'",
    ),
    error(
        "subquery-shape",
        "a subquery that is not SELECT column FROM table",
        "A subquery selects one column, without alias, GROUP BY or HAVING.",
        f"{_ALL} WHERE contact_id IN (SELECT contact_id, timestamp FROM event_data)",
        f"{_ALL} WHERE contact_id IN (SELECT contact_id FROM event_data)",
    ),
    error(
        "type-mismatch",
        "values whose types do not go together",
        "There are no casts: a text is compared with a text, a number with a number, a timestamp with a "
        "timestamp. postal_code is a text. Arrays stand only in CONTAINS or ARRAY_CONTAINS.",
        "postal_code = 80202",
        "postal_code = '80202'",
    ),
    error(
        "invalid-timestamp",
        "a text that names no moment",
        "A moment is `2026-01-31`, with an optional time and offset; the day must exist.",
        "updated_at > TIMESTAMP '31.01.2026'",
        "updated_at > TIMESTAMP '2026-01-31T00:00:00Z'",
    ),
    error(
        "interval-precedence",
        "v1 intervals that are added to each other",
        "In v1 `+` binds tighter than `-`, so that `t - INTERVAL … + INTERVAL …` adds the intervals first.",
        "updated_at - INTERVAL 1 DAY + INTERVAL 2 HOUR < NOW()",
        "(updated_at - INTERVAL 1 DAY) + INTERVAL 2 HOUR < NOW()",
    ),
    error(
        "pattern-not-literal",
        "a LIKE pattern that is no text in quotes",
        "The pattern is written out, with % for any text.",
        "email LIKE first_name",
        "email LIKE '%@example.com'",
    ),
    error(
        "unknown-function",
        "a function that the dialect does not have",
        "v1 and v2 have functions of their own: CONTAINS is v1's, ARRAY_CONTAINS v2's.",
        f"{_ALL} WHERE CONTAINS(list_ids, '41a30d08-0000-4000-8000-000000000000')",
        f"{_ALL} WHERE ARRAY_CONTAINS(list_ids, '41a30d08-0000-4000-8000-000000000000')",
    ),
    error(
        "wrong-argument-count",
        "a call with too many or too few arguments",
        "The help shows how the function is written.",
        "LENGTH(first_name, last_name) > 10",
        "LENGTH(first_name) > 10",
    ),
    error(
        "amount-not-literal",
        "TIMESTAMPADD by an amount that is no integer literal",
        "The amount is written out, with a minus sign for the past.",
        f"{_ALL} WHERE updated_at > TIMESTAMPADD(day, 1.5, CURRENT_TIMESTAMP)",
        f"{_ALL} WHERE updated_at > TIMESTAMPADD(hour, 36, CURRENT_TIMESTAMP)",
    ),
    error(
        "misplaced-list",
        "`*` or a list in square brackets where none can stand",
        "A list in square brackets is the second argument of ARRAY_CONTAINS.",
        f"{_ALL} WHERE LENGTH(['Denver']) > 3",
        f"{_ALL} WHERE LENGTH('Denver') > 3",
    ),
)
"""In the order of the reference."""
