"""Laws of reasoning: no claim has a counterexample, nothing removed is missed, simple cases are all found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg import check, diagnose, parse
from sql_seg.analysis import AlwaysTrue, Claim, Duplicate, NeverNull, NeverTrue, Subsumed, claims
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core.interpreter import Account, Interpreter
from sql_seg.core.logic import all_of, any_of
from sql_seg.core.terms import LastEvent, SomeEvent, Term
from sql_seg.diagnostics.fixes import apply_fixes
from sql_seg.language.datatypes import Dialect
from tests.laws.strategies import SCHEMA

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
CODES = {"duplicate-condition", "subsumed-condition"}
JOINED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data c JOIN event_data e ON c.contact_id = e.contact_id "
    "JOIN event_data f ON c.contact_id = f.contact_id WHERE "
)

TEXTS = ["", "a", "A", "ab", "b", "ba", "aba", "abab"]
NUMBERS: list[int | float] = [-2, -1, -0.5, 0, 0.5, 1, 1.5, 2, 3]
OFFSETS = [timedelta(days=n, microseconds=m) for n in (-35, -31, -30, -10, -1, 0, 1) for m in (-1, 0, 1)]
MOMENTS = [
    *(NOW + offset for offset in OFFSETS),
    *(
        datetime(2026, 1, day, tzinfo=UTC) + timedelta(microseconds=m)
        for day in (1, 2, 3)
        for m in (-1, 0, 1)
    ),
    datetime(2026, 2, 28, 12, tzinfo=UTC),
]
JSON: list[Any] = [None, "a", "ab", "2026-01-02", "2026-01-03", 0, 1, 1.5, True, False, [], {"y": 1}]

Row = dict[str, Any]


def rows_of_events(random: Random) -> Iterator[Row]:
    while True:
        value = random.choice(JSON)
        data = {"x": value, "payload": {"x": value} if value is not None else {}}
        yield {
            "contact_id": "1",
            "event_type": random.choice([None, *TEXTS]),
            "timestamp": random.choice([None, *MOMENTS]),
            "data": random.choice([None, data, data, data]),
        }


def contacts(random: Random) -> Iterator[Row]:
    while True:
        yield {
            "contact_id": random.choice(TEXTS),
            "age": random.choice([None, *NUMBERS]),
            "plan": random.choice([None, *TEXTS]),
            "city": random.choice([None, *TEXTS]),
            "birthday": random.choice([None, *MOMENTS]),
            "created_at": random.choice(MOMENTS),
            "updated_at": random.choice(MOMENTS),
            "list_ids": random.choice([[], ["a"], ["ab"], ["a", "b"]]),
        }


class Words:
    """Draws conditions as text, in a dialect, of contacts and perhaps of events."""

    def __init__(self, draw: st.DrawFn, dialect: Dialect) -> None:
        self.draw = draw
        self.is_v1 = dialect is Dialect.V1
        self.negation = st.sampled_from(["", "", "NOT "])

    def pick(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def condition(self, depth: int) -> str:
        kind = self.draw(st.integers(0, 5 if depth else 0))
        if kind <= 1:
            return str(self.pick(self.number, self.text, self.moment, self.json, self.other)())
        if kind == 2:
            return f"NOT ({self.condition(depth - 1)})"
        if kind == 3 and not self.is_v1:
            test = f"{self.draw(self.negation)}{self.pick('TRUE', 'FALSE', 'NULL')}"
            return f"({self.condition(depth - 1)}) IS {test}"
        word: str = self.pick(" AND ", " OR ")
        parts = [self.condition(depth - 1) for _ in range(self.draw(st.integers(2, 4)))]
        return word.join(f"({part})" if " AND " in part or " OR " in part else part for part in parts)

    def compared(self, subject: str, values: list[str]) -> str:
        value = self.pick(*values)
        kind = self.draw(st.integers(0, 9))
        if kind == 0:
            return f"{subject} IS {self.draw(self.negation)}NULL"
        if kind == 1:
            return f"{subject} {self.draw(self.negation)}IN ({value}, {self.pick(*values)})"
        if kind == 2:
            return f"({subject} {self.draw(self.negation)}BETWEEN {value} AND {self.pick(*values)})"
        if kind == 3:
            return f"{value} {self.operator()} {subject}"
        return f"{subject} {self.operator()} {value}"

    def operator(self) -> str:
        return str(self.pick("=", "!=", "<", "<=", ">", ">="))

    def column(self, *names: str) -> str:
        name = self.pick(*names)
        return str(name) if self.is_v1 else f"c.{name}"

    def event(self, name: str) -> str:
        if self.is_v1:
            return "event_timestamp" if name == "timestamp" else name
        return f"{self.pick('e', 'e', 'f')}.{name}"

    def number(self) -> str:
        subject = self.pick(self.column("age"), self.column("age"), f"LENGTH({self.column('plan')})", "-age")
        subject = subject.replace("-age", f"(1 / {self.column('age')})")
        return self.compared(subject, ["0", "1", "2", "-1", "1.5"])

    def text(self) -> str:
        subject = self.pick(self.column("plan", "city"), self.column("plan"), self.event("event_type"))
        subject = self.pick(subject, subject, f"LOWER({subject})")
        if self.draw(st.booleans()):
            patterns = ["'a%'", "'%a'", "'%b%'", "'ab'", "'%'", "'ab%'", "'%ab'", "'_'", "'a_%'", "'%a%b%'"]
            return f"{subject} {self.draw(self.negation)}LIKE {self.pick(*patterns)}"
        return self.compared(subject, ["'a'", "'ab'", "'b'", "''", "'A'"])

    def moment(self) -> str:
        subject = self.pick(self.column("created_at", "birthday"), self.event("timestamp"))
        values = [f"TIMESTAMP '2026-01-0{day}'" for day in (1, 2, 3)]
        if self.is_v1:
            values += [
                "NOW()",
                *(f"NOW() - INTERVAL {n}" for n in ("10 DAY", "30 DAY", "1 MONTH", "2 MONTH")),
            ]
        else:
            amounts = ("day, -10", "day, -30", "week, 1", "month, -1", "month, -2")
            values += ["CURRENT_TIMESTAMP", *(f"TIMESTAMPADD({n}, NOW())" for n in amounts)]
        return self.compared(subject, values)

    def json(self) -> str:
        if self.is_v1:
            has_key = self.draw(st.integers(0, 3)) == 0
            return (
                "CONTAINS(event_data, 'x')"
                if has_key
                else self.compared("event_data['x']", ["'a'", "'1'", "'ab'"])
            )
        kinds = (["'a'", "'ab'"], ["0", "1"], ["TIMESTAMP '2026-01-02'", "NOW()"])
        if self.draw(st.integers(0, 5)) == 0:
            return f"{self.event('data')}:x = TRUE"
        return self.compared(f"{self.event('data')}:x", self.pick(*kinds))

    def other(self) -> str:
        lists = self.column("list_ids")
        texts = [self.pick("'a'", "'b'", "'ab'"), self.column("plan")]
        options = [
            f"CONTAINS({lists}, {self.pick(*texts)})"
            if self.is_v1
            else f"ARRAY_CONTAINS({lists}, {texts[0]})",
            f"{self.column('plan', 'city')} {self.operator()} {self.column('plan', 'city')}",
            f"{self.column('created_at')} {self.operator()} {self.column('updated_at')}",
            f"{self.column('contact_id', 'created_at', 'list_ids')} IS {self.draw(self.negation)}NULL",
            self.pick("TRUE", "FALSE", "1 = 1", "1 > 2", "'a' = 'b'"),
            f"{self.column('plan')} = NULL",
        ]
        if not self.is_v1:
            options.append(f"ARRAY_CONTAINS({lists}, ['a', {texts[1]}])")
            options.append("c.contact_id IN (SELECT contact_id FROM event_data WHERE event_type = 'a')")
        return str(self.pick(*options))


@st.composite
def texts(draw: st.DrawFn, dialect: Dialect) -> str:
    condition = Words(draw, dialect).condition(3)
    return condition if dialect is Dialect.V1 else JOINED + condition


def checked_of(text: str, dialect: Dialect) -> CheckedQuery:
    return check(parse(text, dialect), SCHEMA)


def event_rows(condition: Term) -> tuple[int, ...]:
    return condition.rows if isinstance(condition, SomeEvent | LastEvent) else ()


def assert_holds(claim: Claim, truths: list[bool | None], values: list[Any]) -> None:
    """Assert that a claim holds where the conditions that it is about have these truths."""
    if isinstance(claim, NeverTrue):
        assert all_of(truths) is not True
    elif isinstance(claim, AlwaysTrue):
        assert None in values or any_of(truths) is True
    elif isinstance(claim, NeverNull):
        assert truths[0] is not None


@pytest.mark.parametrize("dialect", Dialect)
@given(data=st.data(), seed=st.integers(0, 10_000))
def test_no_claim_has_a_counterexample(dialect: Dialect, data: st.DataObject, seed: int) -> None:
    text = data.draw(texts(dialect))
    checked = checked_of(text, dialect)
    found = claims(checked)
    if not found:
        return
    random = Random(seed)
    people, events = contacts(random), rows_of_events(random)
    interpreter = Interpreter(NOW, Account([next(people)], [next(events)]))
    rows = event_rows(checked.condition)
    for _ in range(300):
        record: dict[int, Any] = {0: next(people), **{row: next(events) for row in rows}}
        if dialect is Dialect.V1 and random.random() < 0.1:
            record.update(dict.fromkeys(rows))
        for claim in found:
            involved = [*claim.others, claim.condition]
            if not all(_is_outside_subqueries(term, record) for term in involved):
                continue
            truths = [interpreter.value(term, record) for term in involved]
            known = claim.known if isinstance(claim, AlwaysTrue) else ()
            assert_holds(claim, truths, [interpreter.value(term, record) for term in known])


def _is_outside_subqueries(term: Term, record: dict[int, Any]) -> bool:
    row = getattr(term, "row", None)
    return (row is None or row in record) and all(
        _is_outside_subqueries(child, record)
        for child in term.children()
        if type(child).__name__ != "Subquery"
    )


@pytest.mark.parametrize("dialect", Dialect)
@given(data=st.data(), seed=st.integers(0, 10_000))
def test_what_adds_nothing_is_not_missed(dialect: Dialect, data: st.DataObject, seed: int) -> None:
    text = data.draw(texts(dialect))
    fixes = [found.fix for found in diagnose(text, SCHEMA, dialect) if found.code in CODES and found.fix]
    conditions = [checked_of(apply_fixes(text, [fix]), dialect).condition for fix in fixes]
    if not conditions:
        return
    before = checked_of(text, dialect).condition
    random = Random(seed)
    people, rows = contacts(random), rows_of_events(random)
    stranger = Account([next(people)], [next(rows)])
    for _ in range(150):
        person, events = next(people), [next(rows) for _ in range(random.choice([0, 1, 1, 2]))]
        member = Interpreter(NOW, stranger).verdict(before, person, events) is True
        for after in conditions:
            assert (Interpreter(NOW, stranger).verdict(after, person, events) is True) is member


HALVES = [number / 2 for number in range(-3, 12)]


def as_condition(operator: str, low: int, high: int) -> tuple[str, Any]:
    """Return a condition on a number in words, and the same as a function."""
    tests: dict[str, tuple[str, Any]] = {
        "=": (f"age = {low}", lambda age: age == low),
        "!=": (f"age != {low}", lambda age: age != low),
        "<": (f"age < {low}", lambda age: age < low),
        "<=": (f"age <= {low}", lambda age: age <= low),
        ">": (f"age > {low}", lambda age: age > low),
        ">=": (f"{low} <= age", lambda age: age >= low),
        "IN": (f"age IN ({low}, {high})", lambda age: age in (low, high)),
        "NOT IN": (f"NOT age IN ({low}, {high})", lambda age: age not in (low, high)),
        "BETWEEN": (f"(age BETWEEN {low} AND {high})", lambda age: low <= age <= high),
    }
    return tests[operator]


conditions_on_a_number = st.builds(
    as_condition,
    st.sampled_from(["=", "!=", "<", "<=", ">", ">=", "IN", "NOT IN", "BETWEEN"]),
    st.integers(0, 4),
    st.integers(0, 4),
)


def kinds_of(text: str) -> set[type[Claim]]:
    return {type(claim) for claim in claims(checked_of(text, Dialect.V1))}


@given(parts=st.lists(conditions_on_a_number, min_size=2, max_size=4))
def test_every_contradiction_of_one_number_is_found(parts: list[tuple[str, Any]]) -> None:
    never = not any(all(holds(age) for _, holds in parts) for age in HALVES)
    assert (NeverTrue in kinds_of(" AND ".join(text for text, _ in parts))) is never


@given(parts=st.lists(conditions_on_a_number, min_size=2, max_size=4))
def test_every_tautology_of_one_number_is_found(parts: list[tuple[str, Any]]) -> None:
    always = all(any(holds(age) for _, holds in parts) for age in HALVES)
    found = kinds_of(" OR ".join(text for text, _ in parts))
    never_alone = not all(any(holds(age) for age in HALVES) for _, holds in parts)
    assert never_alone or (AlwaysTrue in found) is always


@given(one=conditions_on_a_number, other=conditions_on_a_number, word=st.sampled_from(["AND", "OR"]))
def test_every_implication_of_one_number_is_found(
    one: tuple[str, Any], other: tuple[str, Any], word: str
) -> None:
    truths = [(one[1](age), other[1](age)) for age in HALVES]
    related = all(a <= b for a, b in truths) or all(b <= a for a, b in truths)
    certain = not any(a and b for a, b in truths) or all(a or b for a, b in truths)
    alone = not all(any(pair[side] for pair in truths) for side in (0, 1))
    found = kinds_of(f"{one[0]} {word} {other[0]}")
    if not certain and not alone:
        assert bool(found & {Subsumed, Duplicate}) is related
