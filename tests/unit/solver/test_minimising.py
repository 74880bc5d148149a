"""What an answer does not need is left out."""

from __future__ import annotations

from sql_seg.solver import Record
from sql_seg.solver.minimising import minimal

EVENT = {"contact_id": "1", "event_type": "open", "data": {"payload": {"x": "a", "y": {"z": 1}}}}


def test_columns_and_events_go() -> None:
    record = Record({"contact_id": "1", "city": "a", "age": 3}, (EVENT, EVENT))
    assert minimal(record, lambda one: one.contact.get("age") == 3, ()) == Record({"age": 3})


def test_what_is_never_null_stays() -> None:
    record = Record({"updated_at": None, "city": "a"})
    assert minimal(record, lambda _: True, {"updated_at"}) == Record({"updated_at": None})


def test_an_id_stays_where_events_need_it() -> None:
    record = Record({"contact_id": "1", "city": "a"}, (EVENT,))
    kept = minimal(record, lambda one: len(one.events) == 1, ())
    assert kept.contact == {"contact_id": "1"}
    assert "data" not in kept.events[0]


def test_parts_of_the_data_and_of_arrays_go() -> None:
    def holds(one: Record) -> bool:
        data = one.events[0].get("data", {}) if one.events else {}
        has_z = data.get("payload", {}).get("y") == {"z": 1}
        return has_z and "b" in one.contact.get("list_ids", ())

    record = Record({"contact_id": "1", "list_ids": ["a", "b", "c"]}, (EVENT,))
    kept = minimal(record, holds, {"list_ids"})
    assert kept.contact == {"contact_id": "1", "list_ids": ["b"]}
    assert kept.events[0]["data"] == {"payload": {"y": {"z": 1}}}


def test_other_contacts_go() -> None:
    other = Record({"contact_id": "2", "city": "a", "age": 3})
    record = Record({"contact_id": "1"}, others=(other, other))
    kept = minimal(record, lambda one: any(o.contact.get("age") == 3 for o in one.others), ())
    assert kept.others == (Record({"contact_id": "2", "age": 3}),)
