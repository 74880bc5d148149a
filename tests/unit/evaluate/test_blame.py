from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from sql_seg.checking import check
from sql_seg.errors import RecordError
from sql_seg.evaluate.blame import NO_CONTACT, Blame
from sql_seg.language.schema import SENDGRID
from sql_seg.syntax.parsing import parse

ERROR = TypeError("the cause")
SCHEMA = SENDGRID.with_fields(
    [{"name": "age", "field_type": "Number"}, {"name": "timestamp", "field_type": "Text"}]
)
JOINED = """
SELECT c.contact_id, c.updated_at FROM contact_data c JOIN event_data e ON c.contact_id = e.contact_id
WHERE e.timestamp > '2024-01-01' AND c.age > 18 AND c.email IN (SELECT first_name FROM contact_data)
"""


@pytest.fixture
def blame() -> Blame:
    return Blame.of(check(parse(JOINED), SCHEMA).condition)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("age", "30", "a finite number"),
        ("age", True, "a finite number"),
        ("email", 5, "a text"),
        ("first_name", ["a"], "a text"),
        ("contact_id", 5, "a text"),
        ("alternate_emails", "a", "a list of texts"),
    ],
)
def test_the_value_to_blame(blame: Blame, key: str, value: Any, expected: str) -> None:
    with pytest.raises(RecordError) as caught:
        blame({"contact_id": "1", key: value}, ERROR)
    assert (caught.value.key, caught.value.value, caught.value.expected) == (key, value, expected)
    assert caught.value.__cause__ is ERROR


@pytest.mark.parametrize(
    "contact",
    [
        {},
        {"age": None, "email": "a", "alternate_emails": []},
        {"city": 5},
        {"timestamp": "a text of the contact's own"},
        {"timestamp": datetime(2024, 1, 1, tzinfo=UTC)},
        NO_CONTACT,
    ],
)
def test_nothing_to_blame(blame: Blame, contact: Any) -> None:
    blame(contact, ERROR)


def test_a_long_value_is_cut(blame: Blame) -> None:
    with pytest.raises(RecordError) as caught:
        blame({"age": "3" * 10_000}, ERROR)
    assert len(str(caught.value)) < 200


def test_a_contact_that_is_no_mapping(blame: Blame) -> None:
    with pytest.raises(RecordError, match="must be a mapping, not int"):
        blame(5, ERROR)
