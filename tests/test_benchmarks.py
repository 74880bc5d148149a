"""The benchmarks on a small account: what they compare is the same, and targets are of what is measured."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sql_seg import Dataset, Segment, SegmentSet, diagnose
from sql_seg.core.interpreter import Account
from sql_seg.evaluate.compiler import Compiler

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture(scope="module")
def benchmark() -> Iterator[Any]:
    """Return how to import a module of the folder, which is no package."""
    known = set(sys.modules)
    sys.path.insert(0, str(BENCHMARKS))
    yield importlib.import_module
    sys.path.remove(str(BENCHMARKS))
    for name in set(sys.modules) - known:
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent == BENCHMARKS:
            del sys.modules[name]


@pytest.fixture(scope="module")
def account(benchmark: Any) -> Account:
    generate = benchmark("generate")
    contacts = generate.contacts(20_000)
    return Account(contacts, generate.events(contacts, 20_000))


@pytest.fixture(scope="module")
def dataset(benchmark: Any, account: Account) -> Dataset:
    return Dataset(account.contacts, account.events, benchmark("contact_predicates").SCHEMA)


def test_each_target_is_of_a_module_that_is_there(benchmark: Any) -> None:
    modules = {target.module for target in benchmark("targets").TARGETS}
    assert [name for name in modules if not (BENCHMARKS / f"{name}.py").is_file()] == []


def test_one_contact_in_a_thousand_is_at_an_edge(benchmark: Any, account: Account) -> None:
    generate = benchmark("generate")
    moments = {contact["created_at"] for contact in account.contacts}
    assert {generate.EARLIEST, generate.LATEST, generate.NOW} <= moments
    assert {-(2**53), 2**53, 0, -1} <= {contact.get("age") for contact in account.contacts}
    assert any(event["data"] is None for event in account.events)


def test_contacts_by_hand_are_those_of_the_segment(
    benchmark: Any, account: Account, dataset: Dataset
) -> None:
    module, now = benchmark("contact_predicates"), benchmark("generate").NOW
    for name, predicate in module.PREDICATES.items():
        segment = Segment(f"SELECT contact_id, updated_at FROM contact_data WHERE {predicate}", module.SCHEMA)
        expected = module.BY_HAND[name](account.contacts)
        assert 0 < len(expected) < len(account.contacts)
        assert list(segment.ids(account.contacts, now=now)) == expected
        assert list(segment.ids(dataset, now=now)) == expected


def test_contacts_of_events_by_hand_are_those_of_the_segment(
    benchmark: Any, account: Account, dataset: Dataset
) -> None:
    module, now = benchmark("event_predicates"), benchmark("generate").NOW
    for name, text in module.PREDICATES.items():
        segment = Segment(text, module.SCHEMA)
        expected = module.BY_HAND[name](account.contacts, account.events)
        assert 0 < len(expected) < len(account.contacts)
        assert list(Compiler(segment.checked).ids(account.contacts, account, now)) == expected
        assert list(segment.ids(dataset, now=now)) == expected


def test_the_generated_segments_are_different_valid_and_the_same_together(
    benchmark: Any, dataset: Dataset
) -> None:
    schema, now = benchmark("contact_predicates").SCHEMA, benchmark("generate").NOW
    texts = [made.text for made in benchmark("generate_segments").segments()]
    assert len(set(texts)) == len(texts) == 200
    assert not [found for text in texts for found in diagnose(text, schema) if found.is_error]
    together = SegmentSet({text: text for text in texts[:30]}, schema)
    assert together.counts(dataset, now=now) == {
        text: segment.count(dataset, now=now) for text, segment in together.items()
    }


def test_sql_by_hand_counts_what_ours_does(benchmark: Any, account: Account, tmp_path: Path) -> None:
    module = benchmark("sql")
    connection = module.filled(tmp_path, account.contacts, account.events)
    for source in module.SOURCES.values():
        for name, text in module.PREDICATES.items():
            wanted = Segment(text, module.SCHEMA).count(account.contacts, account.events, now=module.NOW)
            found = [connection.execute(sql).fetchone()[0] for sql in module.statements(name, source)]
            assert found == [wanted, wanted], name
    connection.close()


def test_the_work_on_a_long_query_grows_with_its_text(benchmark: Any) -> None:
    """Calls are counted, not time: a query of four times as many conditions takes some four times as many."""
    long_queries = benchmark("long_queries")
    steps, bent = long_queries.STEPS, []
    nested = ("or of pairs", "nested", "subqueries", "paths", "one in list", "one list of lists")
    for name, form in long_queries.FORMS.items():
        sizes = {"fix": 10}  # which diagnoses
        if long_queries.formatted(form(4)) is not None:
            sizes |= dict.fromkeys(("layout", "sql", "pass") if name in nested else ("pass",), 7)
        for step_name, small in sizes.items():
            step = steps[step_name]
            step(form(4))  # what is found out once is found out
            growth = calls(step, form(4 * small)) / calls(step, form(small))
            if growth > 7:  # a square takes up to 16 times as many
                bent.append((name, step_name, growth))
    assert bent == []


def calls(step: Any, text: str) -> int:
    """Return how many functions are called, of Python's own too."""
    number = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal number
        number += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        step(text)
    finally:
        sys.setprofile(None)
    return number


def test_a_large_account_is_the_same_in_csv_and_parquet(benchmark: Any, tmp_path: Path) -> None:
    module, now = benchmark("contact_predicates"), benchmark("generate").NOW
    benchmark("generate_large").write_large(tmp_path, 3_000, 9_000, csv=True, parquet=True)
    contacts = [tmp_path / "contacts.csv", tmp_path / "contacts.parquet"]
    csv = Dataset.load(contacts[0], fields=tmp_path / "fields.json")
    parquet = Dataset.load(contacts[1], events=tmp_path / "events.parquet", fields=tmp_path / "fields.json")
    for predicate in module.PREDICATES.values():
        segment = Segment(f"SELECT contact_id, updated_at FROM contact_data WHERE {predicate}", module.SCHEMA)
        assert 0 < segment.count(csv, now=now) == segment.count(parquet, now=now) < 3_000
    for text in benchmark("event_predicates").PREDICATES.values():
        assert 0 < Segment(text, module.SCHEMA).count(parquet, now=now) < 3_000
    csv.close()
    parquet.close()


def test_odd_files_have_the_oddities_that_they_are_named_for(benchmark: Any, tmp_path: Path) -> None:
    benchmark("generate_files").write_account(tmp_path, 3_000, 3_000)
    module = benchmark("odd_files")
    reports = {}
    for name, (file, _, odd) in module.ODDITIES.items():
        path = tmp_path / file
        clean = path.read_text(encoding="utf-8")
        path.write_text("".join(odd(clean.splitlines(keepends=True))), encoding="utf-8")
        with Dataset.load(
            tmp_path / "contacts.csv",
            events=tmp_path / "events.ndjson",
            fields=tmp_path / "fields.json",
            on_error="skip",
        ) as dataset:
            reports[name] = dataset.report
        path.write_text(clean, encoding="utf-8")
    twice, contacts, events = reports.values()
    assert twice.events.repeats == 150
    assert (contacts.contacts.skipped, contacts.contacts.repeats) == (2, 2)
    assert events.events.skipped == 2


def test_the_generated_segments_are_the_same_in_one_scan_of_an_engine(benchmark: Any) -> None:
    generate, schema = benchmark("generate"), benchmark("contact_predicates").SCHEMA
    contacts = generate.contacts(600)
    events = generate.events(contacts, 3_000)
    together = SegmentSet(
        {made.text: made.text for made in benchmark("generate_segments").segments(60)}, schema
    )
    in_memory = together.ids(Dataset(contacts, events, schema), now=generate.NOW)
    with Dataset.of(contacts, events, schema=schema) as dataset:
        assert together.ids(dataset, now=generate.NOW) == in_memory
    assert any(in_memory.values())
