"""Facts that public test suites of SQL assert, said of segments: ``data/facts_of_public_suites.ndjson``.

A line is an account and what is true over it. ``from`` says which files of the suites of DuckDB and of
sqllogictest assert it; ``truths`` are conditions with what they are of each contact, ``members`` queries with
the contacts for which they are TRUE, ``counts`` queries with how many those are. A line with ``refused`` is a
text that is no query: its suite says that its timestamp is none.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sql_seg.checking import check
from sql_seg.checking.checker import CheckedQuery
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import SENDGRID, Schema
from sql_seg.sql import Tables, condition_sql, engine_of
from sql_seg.syntax.parsing import parse
from tests.engines.laws import Database, as_a_table_has_them, ask_all, batched, rendered

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
_FILE = Path(__file__).parents[1] / "data" / "facts_of_public_suites.ndjson"
_HEAD = "SELECT contact_id, updated_at FROM contact_data WHERE "
_ASKED = (("{}", True), ("NOT ({})", False), ("({}) IS NULL", None))
"""How to ask whether a condition is TRUE, FALSE or NULL."""


@dataclass(frozen=True)
class Question:
    """A query, and the contacts that it has, or how many."""

    text: str
    dialect: Dialect
    wanted: list[str] | int

    def is_answered_by(self, ids: list[str]) -> bool:
        """Return whether ids are what the fact says."""
        return len(ids) == self.wanted if isinstance(self.wanted, int) else sorted(ids) == sorted(self.wanted)


@dataclass(frozen=True, eq=False)
class Facts:
    """What is true over an account."""

    schema: Schema
    contacts: list[dict[str, Any]]
    events: list[dict[str, Any]]
    truths: list[tuple[str, Dialect, list[bool | None]]]
    others: list[Question]

    def questions(self) -> Iterator[Question]:
        """Yield all of it as queries: three for each condition."""
        ids = [contact["contact_id"] for contact in self.contacts]
        for condition, dialect, truths in self.truths:
            for form, truth in _ASKED:
                members = [one for one, found in zip(ids, truths, strict=True) if found is truth]
                yield Question(_whole(form.format(condition), dialect), dialect, members)
        yield from self.others

    def checked(self, text: str, dialect: Dialect) -> CheckedQuery:
        """Return a query that is checked over the account."""
        return check(parse(_whole(text, dialect), dialect), self.schema)


@cache
def all_facts() -> list[Facts]:
    """Return the accounts that something is asserted of."""
    return [_facts(line) for line in _lines() if "contacts" in line]


def no_queries() -> list[str]:
    """Return the texts that are no queries."""
    return [line["refused"] for line in _lines() if "refused" in line]


def wrong_answers(database: Database, step: int = 1) -> list[str]:
    """Return the queries, with their SQL, to which an engine has other answers than the suites.

    A larger ``step`` asks only each n-th as a statement of its own, one after another of the three forms of
    conditions; all that ask for no events, of accounts with many, are then columns of one statement.
    """
    of_accounts = [(facts, list(facts.questions())) for facts in all_facts()]
    asked = [(facts, question) for facts, questions in of_accounts for question in questions]
    many = [(facts, one) for facts, questions in of_accounts if len(questions) >= _MANY for one in questions]
    return _wrong_statements(database, asked[::step]) + (_wrong_columns(database, many) if step > 1 else [])


_MANY = 36


def _wrong_columns(database: Database, asked: Sequence[tuple[Facts, Question]]) -> list[str]:
    """Return which questions have wrong answers: all conditions on the contacts of an account in one scan."""
    wrong = []
    for facts in dict.fromkeys(facts for facts, _ in asked):
        questions, conditions = [], ["c.contact_id"]
        for question in (question for of, question in asked if of is facts):
            condition = _condition_on_contacts(facts.checked(question.text, question.dialect), database)
            if condition is not None:
                questions.append(question)
                conditions.append(f"CASE WHEN {condition} THEN 1 ELSE 0 END")
        if not questions:
            continue
        database.put(facts.schema, as_a_table_has_them(facts.contacts), facts.events)
        rows = database.rows(f"SELECT {', '.join(conditions)} FROM contact_data AS c")
        for place, question in enumerate(questions, 1):
            ids = [str(row[0]) for row in rows if row[place]]
            if not question.is_answered_by(ids):
                wrong.append(f"{question.text}\n{conditions[place]}")
    return wrong


def _condition_on_contacts(checked: CheckedQuery, database: Database) -> str | None:
    """Return a condition as SQL; None where it asks for events, or the engine has a gap."""
    if "event_data" in (rendered(checked, database, NOW) or "event_data"):
        return None
    return condition_sql(checked, engine_of(database.dialect), Tables("contact_data", ""), now=NOW) or "TRUE"


def _wrong_statements(database: Database, asked: Sequence[tuple[Facts, Question]]) -> list[str]:
    """Return which of many questions have wrong answers, each as a statement of its own."""
    wrong = []
    for some in batched(asked, database.batch):
        places: dict[int, str] = {}
        held: dict[str, Facts] = {}
        statements = []
        for facts, question in some:
            checked = facts.checked(question.text, question.dialect)
            place = places.setdefault(id(facts), f"_{len(places)}")
            sql = rendered(checked, database, NOW, place)
            records = [*facts.contacts, *facts.events]
            if sql is not None and all(database.holds(record, checked.columns) for record in records):
                held[place] = facts
                statements.append((question, sql))
        for place, facts in held.items():
            database.put(facts.schema, as_a_table_has_them(facts.contacts), facts.events, place)
        found = ask_all(database, [sql for _, sql in statements])
        for (question, sql), ids in zip(statements, found, strict=True):
            if not question.is_answered_by(ids):
                wrong.append(f"{question.text}\n{sql}")
    return wrong


def _whole(text: str, dialect: Dialect) -> str:
    return text if dialect is Dialect.V1 or text.startswith("SELECT ") else _HEAD + text


def _lines() -> Iterator[Any]:
    with _FILE.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line, object_hook=_moment)


def _moment(found: dict[str, Any]) -> Any:
    return datetime.fromisoformat(found["timestamp"]) if list(found) == ["timestamp"] else found


def _facts(line: Mapping[str, Any]) -> Facts:
    fields = line.get("fields", {})
    asked = [*line.get("members", ()), *line.get("counts", ())]
    queries = [(text, Dialect(dialect), wanted) for dialect, text, wanted in asked]
    return Facts(
        SENDGRID.with_fields([{"name": name, "field_type": kind} for name, kind in fields.items()]),
        line["contacts"],
        [{"event_type": "open", "timestamp": NOW, **event} for event in line.get("events", ())],
        [(text, Dialect(dialect), truths) for dialect, text, truths in line.get("truths", ())],
        [Question(_whole(text, dialect), dialect, wanted) for text, dialect, wanted in queries],
    )
