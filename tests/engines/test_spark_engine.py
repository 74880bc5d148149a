"""SparkEngine: contacts and events in frames, views and files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sql_seg import Segment
from tests.engines import spark

pytestmark = pytest.mark.engines

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


def test_contacts_without_ids_are_refused(session: Any) -> None:
    from sql_seg.engines.spark import SparkEngine

    with pytest.raises(ValueError, match="contact_data has no column contact_id"):
        SparkEngine(session, session.createDataFrame([("x",)], "email string"))
