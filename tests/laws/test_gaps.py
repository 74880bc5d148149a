"""Records with one thing wrong: the answer is right, or something is said."""

from __future__ import annotations

import warnings
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sql_seg import DataWarning, RecordError, Segment
from sql_seg.language.schema import SENDGRID

FIELDS = SENDGRID.with_fields([{"name": "age", "field_type": "Number"}])
GOOD: dict[str, Any] = {"contact_id": "c", "email": "a@b.c", "country": "US", "age": 30, "list_ids": ["l"]}
CONDITIONS = {
    "country": ["country = 'US'", "country != 'US'", "country IN ('US', 'CA')", "NOT country LIKE 'C%'"],
    "age": ["age = 30", "age != 30", "age > 20", "age NOT IN (1, 2)", "NOT age < 20"],
    "list_ids": ["CONTAINS(list_ids, 'l')", "NOT CONTAINS(list_ids, 'x')"],
}
WRONG: dict[str, list[Any]] = {
    "country": [b"US", 5, ["US"], 1.5],
    "age": ["30", b"30", [30], "x"],
    "list_ids": ["l", "abc", 5],
}


@st.composite
def mistakes(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]], list[dict[str, Any]]]:
    """Draw a condition, records with one thing wrong, and the records as they were meant."""
    key = draw(st.sampled_from(sorted(CONDITIONS)))
    condition = draw(st.sampled_from([*CONDITIONS[key], f"{key} IS NULL", f"{key} IS NOT NULL"]))
    size = draw(st.integers(1, 4))
    meant = [dict(GOOD) for _ in range(size)]
    given_ = [dict(GOOD) for _ in range(size)]
    row = draw(st.integers(0, size - 1))
    match draw(st.sampled_from(["case", "NaN", "missing", "kind"])):
        case "case":
            given_ = [{(k.upper() if k == key else k): v for k, v in one.items()} for one in given_]
        case "NaN":
            given_[row][key], meant[row][key] = float("nan"), None
        case "missing":
            given_ = [{k: v for k, v in one.items() if k != key} for one in given_]
        case "kind":
            given_[row][key] = draw(st.sampled_from(WRONG[key]))
    return condition, given_, meant


@given(mistakes(), st.booleans())
def test_the_answer_is_right_or_something_is_said(
    drawn: tuple[str, list[dict[str, Any]], list[dict[str, Any]]], lazily: bool
) -> None:
    condition, records, meant = drawn
    segment = Segment(condition, FIELDS)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            found = segment.count(iter(records) if lazily else records)
        except RecordError:
            return
    if not any(issubclass(warning.category, DataWarning) for warning in said):
        assert found == segment.count(meant)
