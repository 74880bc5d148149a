from __future__ import annotations

import pickle
from datetime import UTC, datetime

import pytest

from sql_seg import CheckError, Dataset, NeedsDatasetError, NeedsEventsError, Segment, SegmentSet

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANN = {"contact_id": "1", "email": "ann@example.com", "country": "US"}
BOB = {"contact_id": "2", "email": "bob@example.org", "country": "CA"}
OPENED = {"contact_id": "2", "event_type": "open", "event_source": "mail", "timestamp": NOW}
DATASET = Dataset([ANN, BOB], [OPENED])
OPENERS = (
    "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id WHERE e.event_type = 'open'"
)
SEGMENTS = SegmentSet({"us": "country = 'US'", "openers": OPENERS, "all": Segment("email IS NOT NULL")})


def test_it_is_a_mapping_of_segments_by_name() -> None:
    assert list(SEGMENTS) == ["us", "openers", "all"]
    assert SEGMENTS["us"].matches(ANN)
    assert repr(SEGMENTS) == "<SegmentSet: us, openers, all>"


def test_the_segments_of_one_contact() -> None:
    assert SEGMENTS.matches(ANN, (), now=NOW) == ["us", "all"]
    assert SEGMENTS.matches(BOB, [OPENED], now=NOW) == ["openers", "all"]


def test_events_must_be_given_where_a_segment_asks_for_them() -> None:
    with pytest.raises(NeedsEventsError, match=r"matches\(contact, events\); \(\) if it has none"):
        SEGMENTS.matches(ANN, now=NOW)
    assert SegmentSet({"us": "country = 'US'"}).matches(ANN) == ["us"]


def test_one_contact_alone_is_no_answer_to_a_segment_that_asks_of_others() -> None:
    others = "SELECT contact_id, updated_at FROM contact_data WHERE city IN (SELECT city FROM contact_data)"
    with pytest.raises(NeedsDatasetError):
        SegmentSet({"others": others}).matches(ANN)


def test_a_dataset_is_asked_for_all_segments() -> None:
    assert SEGMENTS.counts(DATASET, now=NOW) == {"us": 1, "openers": 1, "all": 2}
    assert SEGMENTS.ids(DATASET, now=NOW) == {"us": ["1"], "openers": ["2"], "all": ["1", "2"]}
    assert SEGMENTS.members(DATASET, now=NOW) == {
        "us": [DATASET.contact("1")],
        "openers": [DATASET.contact("2")],
        "all": DATASET.contacts,
    }


def test_previews_are_those_of_the_segments() -> None:
    assert SEGMENTS.preview(DATASET, now=NOW, sample=1) == {
        name: segment.preview(DATASET, now=NOW, sample=1) for name, segment in SEGMENTS.items()
    }


def test_a_preview_is_of_a_dataset() -> None:
    with pytest.raises(TypeError, match="Dataset"):
        SEGMENTS.preview([ANN])  # type: ignore[arg-type]


def test_a_bad_query_is_named() -> None:
    with pytest.raises(CheckError) as caught:
        SegmentSet({"fine": "country = 'US'", "vip": "contry = 'US'"})
    assert caught.value.__notes__ == ["in the segment vip"]


def test_no_segments_are_no_answers() -> None:
    assert SegmentSet({}).counts(DATASET) == {}


def test_sets_are_compared_and_pickled_by_value() -> None:
    assert pickle.loads(pickle.dumps(SEGMENTS)) == SEGMENTS
    assert SegmentSet({"us": "country = 'US'"}) != SEGMENTS
    assert pickle.loads(pickle.dumps(SEGMENTS)).counts(DATASET, now=NOW) == SEGMENTS.counts(DATASET, now=NOW)


def test_segments_of_events_are_asked_together_of_tables_without_row_numbers() -> None:
    join = "JOIN event_data e ON c.contact_id = e.contact_id WHERE e.event_type = 'open'"
    opened = f"SELECT c.contact_id, c.updated_at FROM contact_data c {join}"
    event = {"contact_id": "1", "event_type": "open", "timestamp": datetime(2026, 1, 1, tzinfo=UTC)}
    with Dataset.of([{"contact_id": "1"}, {"contact_id": "2"}], [event]) as dataset:
        segments = SegmentSet({"opened": opened, "v1": "event_type = 'open'"})
        assert segments.counts(dataset) == {"opened": 1, "v1": 1}
