"""Pairs of queries that look the same: which hold the same contacts, and which do not."""

from __future__ import annotations

from tests.unit.solver.account import joined, last, opened, where

NOT_OPENED = opened(condition="event_type != 'open'")
IN_A_ROW = "e.timestamp < f.timestamp AND f.timestamp < g.timestamp"
CLICKED = opened(condition="event_type = 'click'")

DIFFERENT = {
    "NULL is not another country": ("country != 'US'", "country != 'US' OR country IS NULL"),
    "NOT of a comparison with NULL is NULL": (
        "NOT country = 'US'",
        "NOT (country = 'US' AND country IS NOT NULL)",
    ),
    "NOT IN leaves NULL out": ("plan NOT IN ('a', 'b')", "plan NOT IN ('a', 'b') OR plan IS NULL"),
    "a NULL in the list of NOT IN": ("age NOT IN (1, NULL)", "age NOT IN (1)"),
    "an empty text is not NULL": ("city IS NULL", "city = ''"),
    "IS NOT TRUE takes NULL": (where("(age > 3) IS NOT TRUE"), where("NOT age > 3")),
    "the boundary above": ("age > 21", "age >= 21"),
    "the boundary below": ("age < 65", "age <= 65"),
    "BETWEEN has both its ends": ("age BETWEEN 1 AND 5", "age > 1 AND age < 5"),
    "between integers": ("age > 3", "age >= 4"),
    "BETWEEN the wrong way round": ("age BETWEEN 5 AND 1", "age BETWEEN 1 AND 5"),
    "lost parentheses": ("(city = 'a' OR city = 'b') AND age > 1", "city = 'a' OR city = 'b' AND age > 1"),
    "NOT of one part only": ("NOT (age > 1 AND score > 1)", "NOT age > 1 AND score > 1"),
    "AND for OR under NOT": ("NOT (age > 1 OR score > 1)", "NOT age > 1 OR NOT score > 1"),
    "case counts": ("city = 'oslo'", "LOWER(city) = 'oslo'"),
    "upper case counts, too": (where("UPPER(city) = 'OSLO'"), where("city = 'OSLO'")),
    "_ is any character in v2": ("first_name LIKE 'a_b'", where("first_name LIKE 'a_b'")),
    "an escaped _ is itself": (where("plan LIKE 'a_b'"), where(r"plan LIKE 'a\\_b'")),
    "%% is a percent sign in v1": ("plan LIKE 'max%%'", "plan LIKE 'max%'"),
    "a suffix is not a part": ("email LIKE '%gmail.com'", "email LIKE '%gmail.com%'"),
    "LIKE without a wildcard": ("email LIKE 'gmail.com'", "email LIKE '%gmail.com'"),
    "a domain with its @": ("email LIKE '%@x.com'", "email LIKE '%x.com'"),
    "IN is not LIKE": ("city IN ('ab')", "city LIKE '%ab%'"),
    "any of two lists, or both": (
        where("ARRAY_CONTAINS(list_ids, ['A', 'B'])"),
        where("ARRAY_CONTAINS(list_ids, 'A') AND ARRAY_CONTAINS(list_ids, 'B')"),
    ),
    "a month is not 30 days": (
        "updated_at >= NOW() - INTERVAL 1 MONTH",
        "updated_at >= NOW() - INTERVAL 30 DAY",
    ),
    "a year is not 365 days": (
        where("birthday > TIMESTAMPADD(year, -10, NOW())"),
        where("birthday > TIMESTAMPADD(day, -3650, NOW())"),
    ),
    "the clamped end of a month": (
        where("TIMESTAMPADD(month, 1, birthday) > '2024-02-29'"),
        where("birthday > TIMESTAMPADD(month, -1, TIMESTAMP '2024-02-29')"),
    ),
    "a day's midnight": (
        "created_at <= TIMESTAMP '2026-01-31'",
        "created_at < TIMESTAMP '2026-02-01'",
    ),
    "an offset": (
        "created_at >= TIMESTAMP '2026-01-01T00:00:00Z'",
        "created_at >= TIMESTAMP '2026-01-01T00:00:00-05:00'",
    ),
    "v1's minus is looser than plus": ("age - 2 + 3 > 0", where("age - 2 + 3 > 0")),
    "dividing by zero is NULL": (
        "age / score > 1 OR age / score <= 1",
        "age IS NOT NULL AND score IS NOT NULL",
    ),
    "% has the dividend's sign": ("age % 2 = 1", "age % 2 != 0"),
    "one event, or two": (
        joined("e.event_type = 'open' AND e.timestamp >= '2026-03-01'"),
        joined("e.event_type = 'open' AND f.timestamp >= '2026-03-01'", "f"),
    ),
    "never opened is not an event that is no open": (
        where(f"contact_id NOT IN {opened()}"),
        joined("e.event_type != 'open'"),
    ),
    "v1 needs no event for what it says of the contact": (
        "email LIKE '%x' OR event_type = 'open'",
        joined("c.email LIKE '%x' OR e.event_type = 'open'"),
    ),
    "the last open, or some open": (
        last("last < '2026-01-01'"),
        joined("e.event_type = 'open' AND e.timestamp < '2026-01-01'"),
    ),
    "the key of the payload, or of its unique_args": (
        joined("e.data:payload.x = 'a'"),
        joined("e.data:payload.unique_args.x = 'a'"),
    ),
    "a JSON number is no text": (joined("e.data:payload.x = '1'"), joined("e.data:payload.x = 1")),
    "opened, or clicked": ("event_type = 'open'", "event_type = 'click'"),
    "the contact's own email, or anyone's": (
        where("email IN (SELECT email FROM contact_data WHERE country = 'US')"),
        where("country = 'US' AND email IS NOT NULL"),
    ),
}
"""What makes the difference, and the two queries."""

SAME = {
    "spelling": ("email='a'and( city='b' )", "email = 'a' AND city = 'b'"),
    "order of AND": ("age > 1 AND city = 'a'", "city = 'a' AND age > 1"),
    "order of OR": ("age > 1 OR city = 'a'", "city = 'a' OR age > 1"),
    "De Morgan, AND": ("NOT (age > 1 AND city = 'a')", "NOT age > 1 OR NOT city = 'a'"),
    "De Morgan, OR": ("NOT (age > 1 OR city = 'a')", "NOT age > 1 AND NOT city = 'a'"),
    "NOT of a comparison": ("NOT age > 3", "age <= 3"),
    "NOT twice": ("NOT (NOT age > 3)", "age > 3"),
    "NOT of =": ("NOT city = 'a'", "city != 'a'"),
    "IN as OR": ("city IN ('a', 'b')", "city = 'b' OR city = 'a'"),
    "NOT IN as AND": ("city NOT IN ('a', 'b')", "city != 'a' AND city != 'b'"),
    "BETWEEN": ("age BETWEEN 1 AND 5", "age >= 1 AND age <= 5"),
    "NOT BETWEEN": ("age NOT BETWEEN 1 AND 5", "age < 1 OR age > 5"),
    "IN a list with NULL": ("age IN (1, NULL)", "age = 1"),
    "IS TRUE at the top": (where("(age > 3) IS TRUE"), where("age > 3")),
    "IS NOT TRUE": (where("(age > 3) IS NOT TRUE"), where("age <= 3 OR age IS NULL")),
    "absorbed": ("age > 3 OR age > 3 AND city = 'a'", "age > 3"),
    "distributed": (
        "age > 3 AND (city = 'a' OR city = 'b')",
        "age > 3 AND city = 'a' OR age > 3 AND city = 'b'",
    ),
    "implied": ("age > 3 AND age > 1", "age > 3"),
    "not NULL already": ("age > 3 AND age IS NOT NULL", "age > 3"),
    "one point": ("age >= 3 AND age <= 3", "age = 3"),
    "the two dialects": ("city LIKE 'a%'", where("city LIKE 'a%'")),
    "a prefix as an interval": ("city LIKE 'ab%'", "city >= 'ab' AND city < 'ac'"),
    "LIKE of a text": ("city LIKE 'ab'", "city = 'ab'"),
    "windows in two dialects": (
        "updated_at >= NOW() - INTERVAL 30 DAY",
        where("updated_at >= TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)"),
    ),
    "thirty days in hours": (
        "updated_at > NOW() - INTERVAL 30 DAY",
        "updated_at > NOW() - INTERVAL 720 HOUR",
    ),
    "two ways to write an instant": (
        "created_at > TIMESTAMP '2026-01-01T05:00:00Z'",
        "created_at > TIMESTAMP '2026-01-01T00:00:00-05:00'",
    ),
    "lists": (
        where("ARRAY_CONTAINS(list_ids, ['A', 'B'])"),
        "CONTAINS(list_ids, 'B') OR CONTAINS(list_ids, 'A')",
    ),
    "never NULL": ("updated_at > NOW() OR updated_at <= NOW()", "updated_at IS NOT NULL"),
    "events in two dialects": (
        "event_type = 'open' AND event_timestamp >= NOW() - INTERVAL 3 MONTH",
        joined("e.event_type = 'open' AND e.timestamp >= TIMESTAMPADD(month, -3, NOW())"),
    ),
    "a join as a subquery": (
        joined("e.event_type = 'open' AND c.city = 'a'"),
        where(f"city = 'a' AND contact_id IN {opened()}"),
    ),
    "joins in another order": (
        joined("e.event_type = 'open' AND f.event_type = 'click'", "f"),
        joined("e.event_type = 'click' AND f.event_type = 'open'", "f"),
    ),
    "a join that asks for what there is": (
        joined("e.event_type = 'open'", "f"),
        joined("e.event_type = 'open'"),
    ),
    "the last event since, or some event since": (
        last("last >= '2026-01-01'"),
        joined("e.event_type = 'open' AND e.timestamp >= '2026-01-01'"),
    ),
    "not the last event since, but some event": (
        last("last < '2026-01-01'"),
        where(
            f"contact_id IN {opened()} AND contact_id NOT IN "
            + opened(condition="event_type = 'open' AND timestamp >= '2026-01-01'")
        ),
    ),
    "v1's OR of contact and event as a subquery": (
        "email LIKE '%x' OR event_type = 'open'",
        where(f"email LIKE '%x' OR contact_id IN {opened()}"),
    ),
    "v1's AND of an OR": (
        "(city = 'a' OR event_type = 'open') AND age > 1",
        where(f"age > 1 AND (contact_id IN {opened()} OR city = 'a')"),
    ),
    "v1's event that is no open": (
        "NOT event_type = 'open'",
        where(f"contact_id IN {NOT_OPENED}"),
    ),
    "v1's contact without events": (
        "event_type IS NULL",
        where("contact_id NOT IN (SELECT contact_id FROM event_data)"),
    ),
    "v1's either of two events": (
        "event_type = 'open' OR event_type = 'click'",
        where(f"contact_id IN {opened()} OR contact_id IN {CLICKED}"),
    ),
    "v1's event that is none of some": (
        "event_type NOT IN ('open', 'click') AND city = 'a'",
        joined("c.city = 'a' AND e.event_type != 'click' AND e.event_type != 'open'"),
    ),
    "a subquery over contacts for one's own id": (
        "age > 1 AND city = 'a'",
        where("city = 'a' AND contact_id IN (SELECT contact_id FROM contact_data WHERE age > 1)"),
    ),
    "a subquery with a join for one's own id": (
        joined("e.event_type = 'open' AND c.age > 1"),
        where(
            "contact_id IN (SELECT c.contact_id FROM contact_data AS c JOIN event_data AS e "
            "ON c.contact_id = e.contact_id WHERE c.age > 1 AND e.event_type = 'open')"
        ),
    ),
    "three moments in a row": (
        joined(IN_A_ROW, "f", "g"),
        joined(f"{IN_A_ROW} AND e.timestamp < g.timestamp", "f", "g"),
    ),
    "v1's map as a path": (
        "event_data['singlesend_id'] IS NULL AND event_type = 'open' AND event_type = 'click'",
        joined(
            "e.data:payload.unique_args.singlesend_id = 'x' AND e.event_type = 'open' AND e.event_type = 'a'"
        ),
    ),
}
"""The law, and the two queries."""
