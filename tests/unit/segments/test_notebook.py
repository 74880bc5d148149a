"""How objects look at the prompt and in a notebook, and that they go to other processes."""

from __future__ import annotations

import multiprocessing
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

import sql_seg
from sql_seg import Dataset, Segment, SegmentSet

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CONTACTS: list[dict[str, Any]] = [
    {"email": "ann@example.com", "city": "<Köln>", "updated_at": NOW},
    {"contact_id": "b", "email": "bob@example.com"},
]
COLOGNE = Segment("city = '<Köln>' AND country != 'DE'", parent_list_ids=["l&1"])
NAMED = Segment("email LIKE '%@example.com'")
PREVIEW = NAMED.preview(Dataset(CONTACTS), now=NOW)
DECISION = Segment("city = '<Köln>'").decided_by(CONTACTS[1], now=NOW)
(FINDING,) = sql_seg.diagnose("SELECT contact_id, updated_at FROM contact_data WHERE emial = '<b>'")


class Reader(HTMLParser):
    """Collects what an HTML shows; raises for an element that is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        assert tag != "script"
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def shown(item: Any) -> list[str]:
    reader = Reader()
    reader.feed(item._repr_html_())
    assert not reader.open
    return reader.texts


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (NAMED, "Segment(\"email LIKE '%@example.com'\")"),
        (PREVIEW, "<Preview: 2 of 2 contacts (100.0%) at 2026-11-23T12:00:00Z>"),
        (Dataset(CONTACTS), "<Dataset: 2 contacts, 0 events>"),
        (SegmentSet({"a": NAMED}), "<SegmentSet: a>"),
        (DECISION, "<Decision: out: city = '<Köln>' is NULL (city is NULL)>"),
    ],
)
def test_at_the_prompt_it_is_one_line(item: object, text: str) -> None:
    assert repr(item) == text


def test_a_diagnostic_is_its_place_and_its_message() -> None:
    assert repr(FINDING).startswith("<Diagnostic: 1:55: error[unknown-column]: ")
    assert str(FINDING) in shown(FINDING)


def test_long_ones_are_cut() -> None:
    long = Segment(" AND ".join(["email != 'x'"] * 50))
    assert len(repr(long)) < 130
    assert repr(SegmentSet(dict.fromkeys("abcdefghijklm", NAMED))).endswith("i, j, and 3 more>")
    assert len(repr(NAMED.preview(Dataset([{"email": f"{n}@example.com"} for n in range(60)])))) < 100


def test_a_notebook_shows_values_queries_and_findings() -> None:
    assert COLOGNE.query.text in shown(COLOGNE)
    assert "on one of the lists l&1" in shown(COLOGNE)
    assert any("null-blind-inequality" in text for text in shown(COLOGNE))
    assert shown(SegmentSet({"<a>": NAMED}))[2:] == ["<a>", NAMED.query.text]
    texts = shown(PREVIEW)
    assert texts[0] == "2 of 2 contacts (100.0%) at 2026-11-23T12:00:00Z"
    assert {"ann@example.com", "<Köln>", "2026-11-23T12:00:00Z", "NULL"} <= set(texts)
    texts = shown(Dataset(CONTACTS))
    assert texts[texts.index("city") + 1] == "VARCHAR"
    assert shown(DECISION) == [
        "out at 2026-11-23T12:00:00Z",
        "city = '<Köln>' is NULL (city is NULL)",
    ]


def test_an_explanation_is_a_line_and_its_reasons() -> None:
    explanation = Segment("city = '<Köln>'").explain(CONTACTS[1], now=NOW)
    assert repr(explanation).startswith("<Explanation: out: ")
    assert shown(explanation) == ["out at 2026-11-23T12:00:00Z", *explanation.reasons]


def test_a_large_sample_is_cut() -> None:
    many = NAMED.preview(Dataset([{"email": f"{n}@example.com"} for n in range(60)]), now=NOW)
    assert "and 50 more" in shown(many)
    assert (
        sum(bool(re.fullmatch(r"\d+@example.com", text)) for text in shown(many)) == 20
    )  # the id, the email


def test_ids_are_alike_in_memory_and_in_an_engine() -> None:
    both = SegmentSet({"named": NAMED, "lost": Segment("city IS NULL")})
    homes = [Dataset(CONTACTS), Dataset.of(CONTACTS)]
    for dataset in homes:
        assert both.ids(dataset, now=NOW) == {"named": ["ann@example.com", "b"], "lost": ["b"]}
        assert {name: list(each.ids(dataset, now=NOW)) for name, each in both.items()} == both.ids(
            dataset, now=NOW
        )


def is_member(work: tuple[Segment, dict[str, Any]]) -> bool:
    segment, contact = work
    return segment.matches(contact)


def test_segments_go_to_other_processes() -> None:
    work = [(Segment("city = '<Köln>'"), contact) for contact in CONTACTS]
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(is_member, work) == [True, False]


def test_what_is_counted_is_a_line_at_the_prompt_and_a_table_in_a_notebook() -> None:
    dataset = Dataset(CONTACTS)
    found = {
        "funnel": COLOGNE.funnel(dataset, now=NOW),
        "timeline": NAMED.timeline(dataset, [NOW]),
        "overlap": SegmentSet({"<a>": NAMED, "b": Segment("city = '<Köln>'")}).overlap(dataset, now=NOW),
        "upgrade": sql_seg.upgrade("city = '<Köln>'"),
        "refused": sql_seg.upgrade("email LIKE '%a_b'"),
    }
    for item in found.values():
        assert "\n" not in repr(item)
        assert len(repr(item)) < 250
    assert repr(found["overlap"]) == "<Overlap: 2 segments over 2 contacts at 2026-11-23T12:00:00Z>"
    assert repr(found["timeline"]).startswith("<Timeline: 2 of 2 contacts at 2026-11-23T12:00:00Z, 2 at")
    assert "city = '<Köln>'" in shown(found["funnel"])
    assert {"now", "2026-11-23T12:00:00Z", "2"} <= set(shown(found["timeline"]))
    assert "<a>" in shown(found["overlap"])
    assert any("'<Köln>'" in text for text in shown(found["upgrade"]))
    assert "refused" in shown(found["refused"])
