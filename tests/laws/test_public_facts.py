"""What public test suites of SQL assert holds in each reading: 1,143 facts, asked as some 6,700 queries.

DuckDB is asked some of them here, and all by ``make test-engines``, as PostgreSQL, ClickHouse and Spark are.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sql_seg import diagnose
from sql_seg.core.interpreter import Account, Interpreter
from sql_seg.language.datatypes import Dialect
from sql_seg.segments.segment import Segment
from tests.engines import facts
from tests.engines.duckdb import DuckDb


def test_the_interpreter() -> None:
    wrong = []
    for known in facts.all_facts():
        for condition, dialect, truths in known.truths:
            if verdicts(known, condition, dialect) != truths:
                wrong.append(condition)
        for question in known.others:
            found = verdicts(known, question.text, question.dialect)
            pairs = zip(known.contacts, found, strict=True)
            if not question.is_answered_by([contact["contact_id"] for contact, is_true in pairs if is_true]):
                wrong.append(question.text)
    assert wrong == []


def verdicts(known: facts.Facts, text: str, dialect: Dialect) -> list[bool | None]:
    """Return what a query is of each contact: TRUE, FALSE or NULL."""
    account = Account(known.contacts, known.events)
    interpreter = Interpreter(facts.NOW, account)
    condition = known.checked(text, dialect).condition
    return [interpreter.verdict(condition, contact, account.events_of(contact)) for contact in known.contacts]


@pytest.mark.filterwarnings("ignore::sql_seg.errors.DataWarning")
def test_compiled_python() -> None:
    wrong = []
    for known in facts.all_facts():
        for question in known.questions():
            segment = Segment(question.text, known.schema, dialect=question.dialect)
            if not question.is_answered_by(
                [str(one) for one in segment.ids(known.contacts, known.events, now=facts.NOW)]
            ):
                wrong.append(question.text)
    assert wrong == []


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckDb]:
    database = DuckDb()
    yield database
    database.close()


def test_duckdb(engine: DuckDb) -> None:
    assert facts.wrong_answers(engine, step=7) == []


@pytest.mark.parametrize("text", facts.no_queries())
def test_what_is_no_timestamp(text: str) -> None:
    assert any(diagnostic.is_error for diagnostic in diagnose(text))
