"""SparkEngine: contacts and events in frames, views and files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sql_seg import SENDGRID, Segment
from sql_seg.errors import DataWarning, RecordError
from sql_seg.language.datatypes import DataType
from sql_seg.records.raw_values import CUSTOM_KINDS, RESERVED_KINDS
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
        return sorted(SparkEngine(session, frame, on_error="null").ids(Segment(query), now=NOW))

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


TEXTS = """
x| x|1|01|-1|+1|1.5|1.|.5|1e5|1E-3|1e400|inf|NaN|1d|1_000|1,5|٣|0x10|+-1|1 |9007199254740993|-0|true
null|2024-01-01|2024-1-1|2024-02-30|2024-02-29|2024-01-01T00:00|2024-01-01 00:00:00
2024-01-01T00:00:00.123456789Z|2024-01-01T00:00:00+02:00|2024-01-01T00:00:00-0230
2024-01-01T00:00:00+24:00|2024-01-01T24:00:00|2024-01-01T23:59:60|2024-01-01T00:00:00 UTC
2024-01-01 00:00:00 +0000 UTC|2024-01-01 UTC|2024-01|2024|0000-01-01|0001-01-01T00:00:00+01:00
9999-12-31T23:59:59-01:00|10000-01-01|1/2/2024|13/1/2024|2/29/2023|1/1/0000|1/1/24|20240131|45000
1704067200|1704067200000|1704067200.5|-62135596800|-62135596801|253402300800|1e11|99999999999
253402300799999|253402300800000|a,b|a;b c|a,,b|"a","b"|["a","b"]|["a", ""]|["a",]|[1]|["a",1]
["a",null]|[null]|[]| ["a"]|[|{"a":1}|{|["\\u0041"]|,|now|epoch"""


def test_texts_are_read_as_in_files(session: Any) -> None:
    """A value of each kind, and whether it cannot be read, are those of ``records.raw_values``."""
    from sql_seg.engines.spark.columns import spark_column

    texts = [*TEXTS.strip("\n").replace("\n", "|").split("|"), "1\n", "a\u00a0b", '\n["a"]', "2024-01-01\n"]
    session.createDataFrame([(text,) for text in texts], "t string").createOrReplaceTempView("texts")
    wrong = []
    for is_reserved, kinds in ((True, RESERVED_KINDS), (False, CUSTOM_KINDS)):
        for data_type, kind in kinds.items():
            column = spark_column("t", "string", data_type, is_reserved=is_reserved)
            for text, value, bad in session.sql(
                f"SELECT t, {column.value}, {column.bad or 'FALSE'} FROM texts"
            ).collect():
                expected = kind.read(text)
                is_bad = expected is None
                if is_bad and data_type is DataType.ARRAY:
                    expected = []
                if isinstance(expected, datetime):
                    expected = expected.replace(tzinfo=None)
                if (value, bool(bad)) != (expected, is_bad):
                    wrong.append((data_type, text, expected, value, bad))
    assert not wrong


def test_what_cannot_be_read_is_an_error_or_told(session: Any) -> None:
    from sql_seg.engines.spark import SparkEngine

    contacts = session.sql(
        "SELECT * FROM VALUES ('a', '3', double('NaN'), ''), ('b', 'x', double('Infinity'), 'Rome'),"
        " ('c', 'y', 2D, 'Rome'), (NULL, '1', 3D, 'Rome'), ('c', '4', 3D, NULL)"
        " AS t(contact_id, age, score, city)"
    )
    schema = SENDGRID.with_fields(
        [{"name": name, "field_type": "Number"} for name in ("age", "score", "size")]
    )
    old = Segment("age > 2", schema=schema)
    with pytest.raises(RecordError, match="contact_data: 1 contact has neither a contact id nor an email"):
        SparkEngine(session, contacts, schema=schema).count(old)
    contacts = contacts.where("contact_id IS NOT NULL")
    with pytest.raises(
        RecordError, match=r"column age: 'y' is not a number \(contact 'c'\); 2 contacts have such"
    ):
        SparkEngine(session, contacts, schema=schema).members(old)
    engine = SparkEngine(session, contacts, schema=schema, on_error="null")
    with (
        pytest.warns(DataWarning, match="'y' is not a number"),
        pytest.warns(DataWarning, match="1 contact id on several rows"),
    ):
        assert engine.count(old) == 2
    assert engine.report.contacts.nulled == 2
    assert [problem.column for problem in engine.report.problems] == ["age"]
    with pytest.warns(DataWarning, match="column score: 'Infinity' is not a number"):
        assert sorted(engine.ids(Segment("score IS NULL", schema=schema))) == ["a", "b"]
    assert engine.count(Segment("city IS NULL", schema=schema)) == 1  # '' is a text in frames and tables
    with pytest.warns(DataWarning, match="reads size, which none of the 4 contacts has"):
        assert engine.count(Segment("size > 1", schema=schema)) == 0
    silent = SparkEngine(session, contacts, schema=schema, looks=False)
    assert silent.count(old) == 2
    assert silent.report.problems == []


def test_what_a_query_reads_and_events_lack_is_told(session: Any) -> None:
    from sql_seg.engines.spark import SparkEngine

    contacts = session.sql(
        "SELECT 'a' AS contact_id, array('l1') AS list_ids UNION ALL SELECT 'b', array('l2')"
    )
    events = session.sql(
        """SELECT * FROM VALUES ('a', 'open', TIMESTAMP_NTZ'2024-03-30', '{"payload": {"n": 1}}'),
        ('b', 'open', TIMESTAMP_NTZ'2024-03-30', '{"payload": {"n": "x", "l": ["a"]}}'),
        ('b', 'open', TIMESTAMP_NTZ'2024-03-30', '{"payload": '),
        ('b', NULL, TIMESTAMP_NTZ'2024-03-30', NULL), (NULL, 'open', TIMESTAMP_NTZ'2024-03-30', NULL)
        AS t(contact_id, event_type, timestamp, data)"""
    )
    asked = (
        "SELECT c.contact_id, c.updated_at FROM contact_data c "
        "JOIN event_data e ON c.contact_id = e.contact_id WHERE e.event_source = 'mail' AND {}"
    )

    def said(condition: str, *, of_events: bool = True) -> list[str]:
        query = asked.format(condition) if of_events else condition
        return [str(remark) for remark in engine.remarks(Segment(query))]

    with pytest.raises(RecordError, match="event_data: 1 event has no event_type"):
        SparkEngine(session, contacts, events).count(Segment(OPENED), now=NOW)
    engine = SparkEngine(session, contacts, events, on_error="null")
    assert engine.count(Segment(OPENED), now=NOW) == 2
    always = ["event_data: 1 event has no event_type", "left out 1 event of no known contact"]
    assert said("e.event_type = 'open'") == always
    assert said("e.event_type = 'click'") == [
        *always,
        "the query asks for events of type 'click', but there are none; there are open (3)",
    ]
    malformed = "1 event has data that are no JSON, such as '{\"payload\": ': all paths are NULL there"
    assert said("e.data:payload.n > 0") == [
        *always,
        malformed,
        '1 event has a value under payload.n that is no number, such as "x": it is NULL there',
    ]
    assert said("e.data:payload.l = 'a'") == [
        *always,
        malformed,
        "1 event has a list under payload.l, which never equals a text",
    ]
    assert said("e.data:payload.m = 'a'")[-1:] == [
        "the query reads payload.m of events, which none of the 3 has"
    ]
    assert said("CONTAINS(list_ids, 'l1')", of_events=False) == []
    assert said("CONTAINS(list_ids, 'l3')", of_events=False) == [
        "the query asks for list l3, which no contact is on"
    ]


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
