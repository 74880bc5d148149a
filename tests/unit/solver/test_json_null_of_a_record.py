"""A JSON null of a record that is given is a value, for the solver too."""

from __future__ import annotations

from sql_seg import Segment


def test_a_json_null_of_a_given_event_is_a_value_that_can_be_taken_away() -> None:
    query = (
        "SELECT c.contact_id, c.updated_at FROM contact_data AS c JOIN event_data AS e "
        "ON c.contact_id = e.contact_id WHERE e.data:payload.reason IS NULL"
    )
    event = {"event": "bounce", "email": "a@b.c", "timestamp": 1790000000, "reason": None}
    explained = Segment(query).explain({"email": "a@b.c"}, [event])
    assert not explained.is_member
    first = explained.changes.sets[0]
    assert [(change.name, change.after) for change in first] == [("data.payload.reason", None)]
    assert first[0].to_json()["before"] is None
    assert str(first[0]).endswith("were NULL; it is null")
