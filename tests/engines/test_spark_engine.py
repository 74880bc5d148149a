"""SparkEngine: contacts and events in frames, views and files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sql_seg import Segment
from tests.cli.running import COULD_NOT_RUN, FINE, run
from tests.engines import spark

pytestmark = [pytest.mark.engines, pytest.mark.xdist_group("spark")]

NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)
OPENED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data c JOIN event_data e ON c.contact_id = e.contact_id "
    "WHERE e.event_type = 'open' AND e.timestamp >= TIMESTAMPADD(day, -7, NOW())"
)


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    reason = spark.why_not()
    if reason is not None:
        pytest.skip(reason)
    database = spark.make()
    yield database.session
    database.close()


def test_frames_and_files(session: Any, tmp_path: Path) -> None:
    from sql_seg.engines.spark import SparkEngine

    contacts = session.createDataFrame(
        [("a", "a@x.com", datetime(2024, 3, 1), ["l1"]), ("b", "b@y.com", None, [])],
        "contact_id string, email string, created_at timestamp_ntz, list_ids array<string>",
    )
    events = session.createDataFrame(
        [("a", "open", datetime(2024, 3, 30)), ("b", "open", datetime(2024, 1, 1))],
        "contact_id string, event_type string, timestamp timestamp_ntz",
    )
    segments = {
        "opened": Segment(OPENED),
        "mail": Segment("email LIKE '%y.com'"),
        "list": Segment("CONTAINS(list_ids, 'l1') AND created_at < NOW()"),
    }
    engine = SparkEngine(session, contacts, events)
    assert engine.counts(segments, now=NOW) == {"opened": 1, "mail": 1, "list": 1}
    assert list(engine.ids(segments["opened"], now=NOW)) == ["a"]
    assert [row.email for row in engine.members(segments["mail"], now=NOW).collect()] == ["b@y.com"]

    (tmp_path / "contacts.csv").write_text(
        'contact_id,email,created_at,list_ids\na,a@x.com,2024-03-01T00:00:00Z,"[""l1""]"\nb,b@y.com,,[]\n'
    )
    events.write.parquet(str(tmp_path / "events.parquet"))
    engine = SparkEngine(session, str(tmp_path / "contacts.csv"), str(tmp_path / "events.parquet"))
    assert engine.counts(segments, now=NOW) == {"opened": 1, "mail": 1, "list": 1}


MOMENTS = [
    "'2024-03-01T00:00:00Z'",
    "'2024-03-01T00:00:00'",
    "'2024-03-01'",
    "'2024-03-01 00:00:00'",
    "'2024-03-01T02:00:00+02:00'",
    "'2024-03-01 00:00:00 UTC'",
    "DATE'2024-03-01'",
    "TIMESTAMP_NTZ'2024-03-01 00:00:00'",
    "TIMESTAMP'2024-03-01 00:00:00Z'",
    "1709251200",
    "1709251200000",
    "1709251200D",
    "'1709251200'",
]
"""One moment in all the kinds that a column may have; the session is in another zone than UTC."""

LISTS = ["array('l2', 'l1')", "'[\"l1\"]'", "'l1,l2'", "'l2; l1'", "' l1 '"]


def test_columns_of_other_kinds_are_read_as_in_files(session: Any) -> None:
    from sql_seg.engines.spark import SparkEngine

    def ids(rows: list[str], query: str) -> list[str]:
        frame = session.sql(
            " UNION ALL ".join(f"SELECT '{at:02}' AS contact_id, {row}" for at, row in enumerate(rows))
        )
        return sorted(SparkEngine(session, frame).ids(Segment(query), now=NOW))

    for moment in MOMENTS:
        assert ids([f"{moment} AS created_at"], "created_at = TIMESTAMP '2024-03-01T00:00:00Z'") == ["00"], (
            moment
        )
    for no_moment in ("'x'", "45000", "20240301", "'20240301'", "1E17D"):
        assert ids([f"{no_moment} AS created_at"], "created_at IS NULL") == ["00"], no_moment
    assert ids(["3D AS city", "2.5D AS city", "CAST(NULL AS double) AS city"], "city IN ('3', '2.5')") == [
        "00",
        "01",
    ]
    for texts in LISTS:
        assert ids([f"{texts} AS list_ids"], "CONTAINS(list_ids, 'l1')") == ["00"], texts
    for nothing in ("1 AS other", "CAST(NULL AS array<string>) AS list_ids", "'' AS list_ids"):
        assert ids([nothing], "NOT CONTAINS(list_ids, 'l1')") == ["00"], nothing
    for addresses in (
        "'A@X.com' AS email, array('b@y.org') AS alternate_emails",
        "'a@x.com b@y.org' AS alternate_emails",
    ):
        query = "CONTAINS(email_domains, 'x.com') AND CONTAINS(email_domains, 'y.org')"
        assert ids([addresses], query) == ["00"], addresses


def test_events_may_have_their_time_under_the_name_of_v1(session: Any) -> None:
    from sql_seg.engines.spark import SparkEngine

    contacts = session.sql("SELECT 'a' AS contact_id")
    events = session.sql(
        "SELECT 'a' AS contact_id, 'open' AS event_type, DATE'2024-03-30' AS event_timestamp"
    )
    assert SparkEngine(session, contacts, events).count(Segment(OPENED), now=NOW) == 1


def test_a_column_that_is_there_twice_is_refused(session: Any) -> None:
    from sql_seg.engines.spark import SparkEngine

    with pytest.raises(ValueError, match="contact_data has the column EMAIL twice"):
        SparkEngine(session, session.sql("SELECT 'a' AS contact_id, 'x' AS email, 'y' AS EMAIL"))


def test_contacts_without_ids_are_refused(session: Any) -> None:
    from sql_seg.engines.spark import SparkEngine

    with pytest.raises(ValueError, match="contact_data has no column contact_id"):
        SparkEngine(session, session.createDataFrame([("x",)], "email string"))


def test_preview_on_the_command_line(session: Any, tmp_path: Path) -> None:
    (tmp_path / "contacts.csv").write_text(
        "contact_id,email,created_at,plan\na,a@x.com,2024-03-01T00:00:00Z,vip\nb,b@y.com,,\n"
    )
    (tmp_path / "fields.json").write_text('[{"name": "plan", "field_type": "Text"}]')
    asked = [
        *("--engine", "spark", "--master", "local[*]", "--now", "2024-03-31"),
        *("--contacts", tmp_path / "contacts.csv", "--fields", tmp_path / "fields.json"),
    ]
    one = run("preview", "-q", "plan = 'vip'", *asked, "--output-format", "json")
    assert one.exit_code == FINE, one.output
    found = json.loads(one.stdout)
    assert (found["count"], found["total"]) == (1, 2)
    by_duckdb = run("preview", "-q", "plan = 'vip'", *asked[4:], "--output-format", "json")
    assert found["sample"] == json.loads(by_duckdb.stdout)["sample"]
    assert found["sample"][0]["created_at"] == "2024-03-01T00:00:00Z"
    two = run("preview", "-q", "plan = 'vip'", "-q", "email LIKE '%.com'", *asked, "--output-format", "csv")
    assert two.exit_code == FINE, two.output
    assert [line.split(",")[1:] for line in two.stdout.splitlines()[1:]] == [["1", "0.5"], ["2", "1.0"]]
    missing = run("preview", "-q", "email = 'x'", "--engine", "spark", "--contacts", "no_such_table")
    assert missing.exit_code == COULD_NOT_RUN
    assert "no_such_table" in missing.output
    assert "Traceback" not in missing.output
