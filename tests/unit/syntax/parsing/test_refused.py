"""SQL that a segment does not take is recognised, and answered with what to write instead."""

from __future__ import annotations

import pytest

from tests.unit.marked import refuses, syntax_errors, unmarked

V2 = "SELECT contact_id, updated_at FROM contact_data"
IN_EVENTS = "contact_id IN (SELECT contact_id FROM event_data WHERE …)"


@pytest.mark.parametrize(
    "marked",
    [
        "«INSERT» INTO contact_data VALUES ('x')",
        "«update» contact_data SET email = 'x'",
        "-- all of them\n«DELETE» FROM contact_data",
        "«CREATE» TABLE t (c TEXT)",
        "«ALTER» TABLE contact_data ADD c TEXT",
        "«DROP» TABLE contact_data",
    ],
)
def test_a_statement_that_does_not_select(marked: str) -> None:
    refuses(
        marked,
        "unsupported-statement",
        "a segment is SELECT contact_id, updated_at FROM contact_data WHERE …",
    )


def test_with() -> None:
    refuses("«WITH» e AS (SELECT 1) SELECT contact_id FROM e", "unsupported-with", IN_EVENTS)


@pytest.mark.parametrize("marked", [f"{V2} «ORDER BY» email DESC", f"{V2} WHERE a = 1 «order\nby» 1"])
def test_order_by(marked: str) -> None:
    refuses(marked, "unsupported-order-by", "a segment has no order")


@pytest.mark.parametrize(
    "marked", [f"{V2} «LIMIT» 10", f"{V2} WHERE a = 1 «limit» 10 OFFSET 3", f"{V2} GROUP BY a «LIMIT» 1"]
)
def test_limit(marked: str) -> None:
    refuses(marked, "unsupported-limit", "a segment holds every contact that matches")


@pytest.mark.parametrize(
    "marked", ["SELECT «DISTINCT» contact_id FROM contact_data", "SELECT COUNT(«distinct» a) FROM b"]
)
def test_distinct(marked: str) -> None:
    refuses(marked, "unsupported-distinct", "a contact is in a segment once")


@pytest.mark.parametrize(
    ("operator", "help_"),
    [("UNION", "WHERE (…) OR (…)"), ("EXCEPT", "WHERE (…) AND NOT (…)"), ("INTERSECT", "WHERE (…) AND (…)")],
)
def test_set_operators(operator: str, help_: str) -> None:
    refuses(f"{V2} «{operator}» {V2}", "unsupported-union", f"{operator} is not supported", help_)
    refuses(f"{V2} WHERE a = 1 «{operator}» ALL {V2}", "unsupported-union", help_)


@pytest.mark.parametrize(
    "join",
    [
        "«LEFT JOIN»",
        "«LEFT OUTER JOIN»",
        "«RIGHT JOIN»",
        "«FULL JOIN»",
        "«full outer join»",
        "«OUTER JOIN»",
        "«NATURAL LEFT» JOIN",
    ],
)
def test_outer_joins(join: str) -> None:
    marked = f"{V2} {join} event_data e ON c.contact_id = e.contact_id"
    refuses(marked, "unsupported-join", "JOIN is not supported", f"NOT {IN_EVENTS[11:]}", "an inner join")


@pytest.mark.parametrize("join", ["CROSS JOIN", "NATURAL JOIN", "natural inner join"])
def test_other_joins(join: str) -> None:
    refuses(
        f"{V2} «{join}» event_data", "unsupported-join", "JOIN event_data AS e ON c.contact_id = e.contact_id"
    )


@pytest.mark.parametrize(
    "marked",
    [
        f"{V2} WHERE «EXISTS» (SELECT 1 FROM event_data)",
        f"{V2} WHERE a = 1 AND NOT «exists»(SELECT 1 FROM b)",
    ],
)
def test_exists(marked: str) -> None:
    instead = IN_EVENTS.replace(" IN ", " NOT IN ") if " NOT " in marked else IN_EVENTS
    refuses(marked, "unsupported-exists", instead)


@pytest.mark.parametrize(
    "marked", [f"{V2} WHERE «CASE» WHEN a = 1 THEN 2 END = 2", "SELECT «case» a WHEN 1 THEN 2 END FROM b"]
)
def test_case(marked: str) -> None:
    refuses(marked, "unsupported-case", "as conditions, with AND and OR")


def test_window_functions() -> None:
    refuses(
        "SELECT contact_id, ROW_NUMBER() «OVER (»PARTITION BY contact_id) FROM contact_data",
        "unsupported-window-function",
        "MAX(e.timestamp) AS last_event",
    )


@pytest.mark.parametrize(
    "marked", [f"{V2} WHERE email «ILIKE» '%x'", f"{V2} WHERE email NOT «ilike» '%x'", "email «ILIKE» '%x'"]
)
def test_ilike(marked: str) -> None:
    refuses(marked, "unsupported-ilike", "LOWER(email) ", "LIKE '%x'")


@pytest.mark.parametrize(
    "marked",
    [
        f"{V2} WHERE age«::»int > 3",
        f"{V2} WHERE e.data:payload.x «: :» string = 'x'",
        f"{V2} WHERE «CAST(»age AS int) > 3",
        f"{V2} WHERE a = 1 AND «cast (»LOWER(age) AS int) > 3",
    ],
)
def test_casts(marked: str) -> None:
    refuses(marked, "unsupported-cast", "columns have their types")


@pytest.mark.parametrize(
    ("marked", "help_"),
    [
        ("now() - «INTERVAL 30 DAY»", "TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)"),
        ("now() - «interval '6' months»", "TIMESTAMPADD(month, -6, CURRENT_TIMESTAMP)"),
        ("now() - «INTERVAL '2 weeks'»", "TIMESTAMPADD(week, -2, CURRENT_TIMESTAMP)"),
        ("now() + «INTERVAL 1 HOUR»", "TIMESTAMPADD(hour, 1, CURRENT_TIMESTAMP)"),
        ("now() + «INTERVAL -1 HOUR»", "TIMESTAMPADD(hour, -1, CURRENT_TIMESTAMP)"),
        ("now() - «INTERVAL '-1' HOUR»", "TIMESTAMPADD(hour, 1, CURRENT_TIMESTAMP)"),
        ("DATE_SUB(now(), «INTERVAL 1 YEAR»)", "TIMESTAMPADD(year, -1, CURRENT_TIMESTAMP)"),
        ("now() - «INTERVAL 30» fortnights", "TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)"),
    ],
)
def test_interval_of_v2(marked: str, help_: str) -> None:
    refuses(f"{V2} WHERE updated_at > {marked}", "unsupported-interval", "v2 has no INTERVAL", help_)


def test_an_amount_of_time_without_interval() -> None:
    help_ = "TIMESTAMPADD(day, -180, CURRENT_TIMESTAMP)"
    refuses(f"{V2} WHERE updated_at > now() - «180 days»", "malformed-interval", help_)
    refuses(f"{V2} WHERE updated_at > CURRENT_TIMESTAMP - «180 DAY» AND a = 1", "malformed-interval", help_)
    refuses("updated_at > NOW() - «180 DAYS»", "malformed-interval", "write NOW() - INTERVAL 180 DAY")


def test_an_interval_of_v1_without_a_unit_or_of_a_fraction() -> None:
    refuses(
        "a > NOW() - «INTERVAL 10»", "malformed-interval", "an integer and a unit", "write INTERVAL 10 DAY"
    )
    refuses("a > NOW() - «INTERVAL 1.5» DAY", "malformed-interval", "a whole number: half a day is 12 hours")


@pytest.mark.parametrize("unit", ["fortnight", "week", "weeks", "DAYZ"])
def test_a_unit_that_is_none(unit: str) -> None:
    refuses(
        f"a > NOW() - INTERVAL 1 «{unit}»",
        "unknown-unit",
        f"{unit} is no unit of time",
        "second, minute, hour",
    )


@pytest.mark.parametrize("amount", ["'x'", "'1.5'", "''", "'1e3'", "'+-1'", "'١'"])
def test_an_amount_that_is_none(amount: str) -> None:
    refuses(f"a > NOW() - INTERVAL «{amount}» DAY", "interval-amount", "write INTERVAL 10 DAY")


@pytest.mark.parametrize("marked", ["a «IN [»'x']", f"{V2} WHERE a NOT «in [»'x', 'y']"])
def test_a_list_in_square_brackets(marked: str) -> None:
    refuses(marked, "bracketed-list", "write ('x'")


def test_all_that_is_refused_behind_the_first_is_named_too() -> None:
    text, spans = unmarked(
        f"{V2} c «LEFT JOIN» event_data e ON c.a = e.a WHERE b «ILIKE» 'x' «ORDER BY» b «LIMIT» 10"
    )
    findings = syntax_errors(text)
    assert [finding.span for finding in findings] == spans
    assert [finding.code for finding in findings] == [
        "unsupported-join",
        "unsupported-ilike",
        "unsupported-order-by",
        "unsupported-limit",
    ]


def test_what_is_refused_behind_a_syntax_error_is_named_too() -> None:
    text, spans = unmarked(f"{V2} WHERE a = «AND» b = 1 «LIMIT» 10")
    findings = syntax_errors(text)
    assert [(finding.code, finding.span) for finding in findings] == list(
        zip(["unexpected-text", "unsupported-limit"], spans, strict=True)
    )


@pytest.mark.parametrize(
    "text",
    [
        'SELECT contact_id, updated_at FROM contact_data WHERE "limit" = 1',
        "SELECT contact_id, updated_at FROM contact_data WHERE c.order = 1",
        "SELECT contact_id, updated_at FROM contact_data WHERE a = 'LIMIT 10' -- ORDER BY",
    ],
)
def test_names_texts_and_comments_are_not_refused(text: str) -> None:
    (finding,) = syntax_errors(text + "\nLIMIT 1")
    assert finding.line == 2
