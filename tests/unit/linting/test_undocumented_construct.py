"""What SendGrid's reference does not promise, reported once each."""

from __future__ import annotations

import pytest

from sql_seg.diagnostics import Safety, Severity
from sql_seg.diagnostics.fixes import apply_fixes
from sql_seg.provenance import Provenance
from tests.unit.linting.linting import JOINED, PLAIN, findings, is_silent
from tests.unit.marked import unmarked

CODE = "undocumented-construct"
LAST = (
    "SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS last_event FROM contact_data c "
    "JOIN event_data e ON c.contact_id = e.contact_id"
)


def tells_of(marked: str, construct: str, severity: Severity, fixed: str | None = None) -> None:
    """Assert that one finding tells of a construct, at the marked place."""
    text, (span,) = unmarked(marked)
    said = f"{construct}, though" if severity is Severity.INFO else construct
    (found,) = [
        item
        for item in findings(text, CODE)
        if item.message.partition(said)[2] or item.message.endswith(said)
    ]
    assert (found.span, found.severity) == (span, severity)
    if fixed is None:
        assert found.fix is None
        return
    assert found.fix is not None
    assert found.fix.safety is Safety.SAFE
    assert apply_fixes(text, [found.fix]) == fixed
    assert found.message not in {item.message for item in findings(fixed, CODE)}


@pytest.mark.parametrize(
    ("marked", "construct", "fixed"),
    [
        ("plan «<>» 'a' OR plan<>'b'", "<>", "plan != 'a' OR plan!='b'"),
        (f"{PLAIN}plan «<>» 'a<>b'", "<>", f"{PLAIN}plan != 'a<>b'"),
        (
            "created_at > NOW() - INTERVAL 2 «DAYS» - INTERVAL 3 hours",
            "units of time in the plural",
            "created_at > NOW() - INTERVAL 2 DAY - INTERVAL 3 hour",
        ),
        (
            f"{PLAIN}created_at > TIMESTAMPADD(«days», -2, CURRENT_TIMESTAMP)",
            "units of time in the plural",
            f"{PLAIN}created_at > TIMESTAMPADD(day, -2, CURRENT_TIMESTAMP)",
        ),
        (
            "created_at > NOW() - INTERVAL«'2'»DAY",
            "a quoted amount of time",
            "created_at > NOW() - INTERVAL 2 DAY",
        ),
        ("city LIKE «'100%%%'»", "three percent signs in a row", None),
        (f"{PLAIN}created_at < «NOW()»", "the function NOW in v2", f"{PLAIN}created_at < CURRENT_TIMESTAMP"),
        (f"{PLAIN}«LOWER(city)» = 'a' OR LOWER(plan) = 'b'", "the function LOWER in v2", None),
        (f"{PLAIN}created_at > «TIMESTAMP '2026-01-31'»", "TIMESTAMP '…' in v2", None),
        (f"{PLAIN}«`plan`» = 'a'", "names in backticks in v2", None),
        (f"{PLAIN}plan = ';'«;»", "a semicolon at the end", f"{PLAIN}plan = ';'"),
        (f"{JOINED}e.data:«a»".replace("e.data:«a»", "«e.data:a['b c']» = 'a'"), "a key in brackets", None),
        (
            f"{JOINED}«e.event_timestamp» > updated_at",
            "the column event_timestamp in v2",
            f"{JOINED}e.timestamp > updated_at",
        ),
        (
            "SELECT contact_id, updated_at FROM contact_data JOIN event_data «USING (contact_id)»",
            "USING",
            "SELECT contact_id, updated_at FROM contact_data JOIN event_data ON contact_id",
        ),
        (
            LAST.replace("MAX(e.timestamp) AS last_event", "«MAX(e.timestamp) AS last_event»")
            + " HAVING last_event < '2026-01-31'",
            "MAX without GROUP BY",
            LAST + " GROUP BY c.contact_id, c.updated_at HAVING last_event < '2026-01-31'",
        ),
        (
            LAST.replace("MAX(e.timestamp) AS last_event", "«MAX(e.timestamp) AS last_event»")
            + " WHERE age = 3 OR age = 4",
            "MAX without GROUP BY",
            LAST + " WHERE age = 3 OR age = 4 GROUP BY c.contact_id, c.updated_at",
        ),
    ],
)
def test_what_this_project_decided_is_a_warning(marked: str, construct: str, fixed: str | None) -> None:
    tells_of(marked, construct, Severity.WARNING, fixed)


@pytest.mark.parametrize(
    ("marked", "construct", "provenance"),
    [
        (f"{JOINED}«e.data:n» > 5 OR e.data:n = 6", "a path beside a number", Provenance.SNOWFLAKE),
        (f"{JOINED}«e.data:n» + 1 IS NULL", "a path beside a number", Provenance.SNOWFLAKE),
        (f"{JOINED}«e.data:b»", "a path as a truth value", Provenance.SNOWFLAKE),
        (f"{JOINED}«e.data:t» > c.created_at", "a path beside a timestamp", Provenance.SNOWFLAKE),
        (
            f"{JOINED}ARRAY_CONTAINS(«e.data:payload.category», 'a')",
            "a path in ARRAY_CONTAINS",
            Provenance.OURS,
        ),
    ],
)
def test_what_a_path_is_read_as(marked: str, construct: str, provenance: Provenance) -> None:
    text, (span,) = unmarked(marked)
    found = next(item for item in findings(text, CODE) if f"promise {construct}" in item.message)
    assert (found.span, found.severity, found.provenance) == (span, Severity.WARNING, provenance)
    assert ("Snowflake" in found.message) == (provenance is Provenance.SNOWFLAKE)


def test_a_path_as_a_text_is_what_queries_in_use_rely_on() -> None:
    text = f"{JOINED}e.data:payload.url LIKE '%a%' AND e.data:payload.reason IN ('a', 'b')"
    assert {item.provenance for item in findings(text, CODE)} == {Provenance.SEEN}


@pytest.mark.parametrize(
    ("marked", "construct"),
    [
        (f"{PLAIN}«plan LIKE 'a%'» OR plan LIKE 'b%'", "LIKE in v2"),
        (f"{PLAIN}«age NOT BETWEEN 1 AND 2»", "BETWEEN in v2"),
        (f"{PLAIN}contact_id IN («SELECT contact_id FROM event_data»)", "a subquery"),
        (JOINED.replace("contact_data c", "«contact_data c»") + "c.age = 3", "an alias of a table"),
        (f"{JOINED}«e.event_type» = 'open' AND event_type = 'open'", "the column event_type"),
        (f"{JOINED}«timestamp» > updated_at", "the column timestamp"),
        (f"{JOINED}«e.data» IS NULL", "the column data"),
        (f"{JOINED}«e.data:payload.url» = 'a'", "a path into data"),
        (f"{PLAIN}«ARRAY_CONTAINS(list_ids, 'a')»", "the function ARRAY_CONTAINS in v2"),
        (
            f"{PLAIN}created_at > «TIMESTAMPADD(week, 1, CURRENT_TIMESTAMP)»",
            "the function TIMESTAMPADD in v2",
        ),
        (f"{PLAIN}created_at > TIMESTAMPADD(«week», 1, CURRENT_TIMESTAMP)", "the unit week"),
        (f"{PLAIN}«\"plan\"» = 'a'", "names in double quotes"),
        (f"{PLAIN}plan = 'a«\\'»b'", "backslashes in a text"),
        ("«event_data['a']» = 'b'", "reading event_data by a key"),
    ],
)
def test_what_queries_in_use_rely_on_is_an_info(marked: str, construct: str) -> None:
    tells_of(marked, construct, Severity.INFO)


@pytest.mark.parametrize(
    "text",
    [
        "email LIKE '%gmail.com' AND CONTAINS(list_ids, 'a') AND LOWER(city) = CONCAT('a', 'b')",
        "`plan` != \"it's\" AND created_at > TIMESTAMP '2026-01-31' - INTERVAL 2 DAY",
        "event_type = 'open' AND event_timestamp > NOW() - INTERVAL -2 MONTH AND CONTAINS(event_data, 'a')",
        f"{PLAIN}plan IN ('a', '/* -- ; \"') AND created_at < CURRENT_TIMESTAMP AND (age = 3) IS TRUE",
        "SELECT contact_id, updated_at FROM contact_data JOIN event_data ON contact_id WHERE age = 3",
    ],
)
def test_what_the_reference_has(text: str) -> None:
    is_silent(text, CODE)
