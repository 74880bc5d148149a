"""Long queries: how the time grows with the number of conditions, form by form.

    python -m benchmarks.long_queries [--small 2000] [--large 8000] [--only NAME] [--step diagnose]
    python -m benchmarks.long_queries --mebibyte

The time of four times as many conditions is at most six times as long; a text of 1 MiB is answered within
30 seconds and 1 GiB. Measured are ``diagnose``, the fixes, ``to_text``, the layout on one line, the SQL, the
compiled predicate and the compiled pass, each in a process of its own, by the time of the processor.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from sql_seg import SENDGRID, diagnose, format_text, parse, to_text
from sql_seg.checking import check
from sql_seg.core.interpreter import Account
from sql_seg.diagnostics.fixes import fix_text
from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.errors import UnsupportedSqlError
from sql_seg.evaluate.compiler import Compiler
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import custom_column
from sql_seg.segments.predicate import to_predicate
from sql_seg.sql import to_sql

SCHEMA = SENDGRID.with_columns(
    [
        custom_column("stage", DataType.VARCHAR),
        custom_column("age", DataType.NUMBER),
        custom_column("score", DataType.NUMBER),
        custom_column("d", DataType.TIMESTAMP),
    ]
)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
MOST_GROWTH = 6.0
"""How much longer four times as many conditions may take."""
MOST_SECONDS = 10.0
"""How long the runs of one measurement may take before no other is begun."""
BYTES = 2**20
SECONDS_FOR_BYTES = 30
GIBIBYTES_FOR_BYTES = 1.0
CUT_OFF = 120
"""After how many seconds of the processor a measurement is given up."""
SELECT = "SELECT contact_id, updated_at FROM contact_data WHERE "
JOINED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data AS c "
    "JOIN event_data AS e ON c.contact_id = e.contact_id WHERE "
)

Form = Callable[[int], str]


def chain(word: str, condition: str, start: str = SELECT) -> Form:
    """Return a chain of conditions, in which {} is a number, and {c} one of seven columns."""
    columns = ("city", "country", "first_name", "last_name", "postal_code", "stage", "line")

    def form(count: int) -> str:
        parts = [condition.format(i, c=columns[i % 7]) for i in range(count)]
        return start + f" {word} ".join(parts)

    return form


def joins(condition: str) -> Form:
    """Return many joins with a condition each: past a bound, reported immediately."""

    def form(count: int) -> str:
        joined = " ".join(f"JOIN event_data AS e{i} ON c.contact_id = e{i}.contact_id" for i in range(count))
        where = " AND ".join(condition.format(i) for i in range(count))
        return f"SELECT c.contact_id, c.updated_at FROM contact_data AS c {joined} WHERE {where}"

    return form


def maxima(count: int) -> str:
    """Return a query for the last event with many conditions on it."""
    having = " AND ".join(f"last_event < '{2000 + i % 1000}-01-01'" for i in range(count))
    return (
        "SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS last_event FROM contact_data AS c "
        f"JOIN event_data AS e ON c.contact_id = e.contact_id HAVING {having}"
    )


def many_maxima(count: int) -> str:
    """Return a query of many different maxima."""
    having = " OR ".join(f"MAX(LENGTH(e.data:payload.k{i})) > {i}" for i in range(count))
    return (
        "SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS last_event FROM contact_data AS c "
        f"JOIN event_data AS e ON c.contact_id = e.contact_id HAVING {having}"
    )


def nested(count: int) -> str:
    """Return groups of a few conditions in parentheses."""
    groups = [
        f"(city = 'c{i}' AND (age > {i} OR score < {i}) AND NOT country = 'x{i}')" for i in range(count // 4)
    ]
    return SELECT + " OR ".join(groups)


def values(count: int) -> str:
    """Return one long IN list, ten values in place of each condition."""
    return f"{SELECT}city IN ({', '.join(repr(f'city {i}') for i in range(10 * count))})"


def listed(count: int) -> str:
    """Return one long array of ids of lists, ten in place of each condition."""
    return f"{SELECT}ARRAY_CONTAINS(list_ids, [{', '.join(repr(f'list {i}') for i in range(10 * count))}])"


SUBQUERY = "contact_id IN (SELECT contact_id FROM event_data WHERE event_type = 'open' AND timestamp > '{}')"
FORMS: dict[str, Form] = {
    "or of equals": chain("OR", "city = 'c{}'"),
    "or of equals of several columns": chain("OR", "{c} = 'c{}'"),
    "and of unequals": chain("AND", "city != 'c{}'"),
    "and of <>": chain("AND", "{c} <> 'c{}'"),
    "and of unequals of several columns": chain("AND", "{c} != 'c{}'"),
    "or of pairs": chain("OR", "(city = 'c{0}' AND age = {0})"),
    "or of triples": chain("OR", "(age = {0} AND score = {0} AND city = 'c{0}')"),
    "and of pairs": chain("AND", "(city = 'c{0}' OR age = {0})"),
    "the same condition": chain("OR", "city = 'Denver'"),
    "the same pair": chain("OR", "(city = 'Denver' AND age = 3)"),
    "likes": chain("OR", "email LIKE '%@d{}.com'"),
    "not likes": chain("AND", "email NOT LIKE '%@d{}.com'"),
    "likes in the middle": chain("OR", "city LIKE '%a{}b%'"),
    "lower": chain("OR", "LOWER(city) = 'c{}'"),
    "upper in the wrong case": chain("OR", "UPPER(city) = 'c{}'"),
    "capitals in emails": chain("OR", "email = 'A{}@x.com'"),
    "lengths": chain("OR", "LENGTH(city) = {}"),
    "concat": chain("OR", "CONCAT(first_name, last_name) = 'n{}'"),
    "dates": chain("OR", "created_at > '2026-01-01T00:00:00.{:06}Z'"),
    "between dates": chain("OR", "d BETWEEN '2026-01-01T00:00:00.{0:06}Z' AND '2026-01-02T00:00:00.{0:06}Z'"),
    "moved dates": chain("OR", "d > TIMESTAMPADD(day, -{}, CURRENT_TIMESTAMP)"),
    "numbers": chain("OR", "age > {}"),
    "falling numbers": chain("AND", "age != {}"),
    "arithmetic": chain("OR", "age + {} > 3"),
    "long sum": lambda count: SELECT + "age > " + " + ".join(f"({i} + 1)" for i in range(min(count, 150))),
    "null tests": chain("OR", "{c} IS NULL"),
    "not": chain("AND", "NOT (city = 'c{}')"),
    "not of pairs": chain("AND", "NOT (city = 'c{0}' OR age = {0})"),
    "lists": chain("OR", "ARRAY_CONTAINS(list_ids, 'l{}')"),
    "in lists": chain("OR", "city IN ('a{0}', 'b{0}')"),
    "not in lists": chain("AND", "city NOT IN ('a{0}', 'b{0}')"),
    "one in list": values,
    "one list of lists": listed,
    "nested": nested,
    "one event": chain("OR", "e.event_type = 'open' AND e.timestamp > '2026-01-01T00:00:00.{:06}Z'", JOINED),
    "paths": chain("OR", "e.data:payload.k{} = 'x'", JOINED),
    "one path": chain("OR", "e.data:payload.url = 'x{}'", JOINED),
    "events in v1": chain("OR", "(event_type = 'open' AND event_timestamp > TIMESTAMP '2026-01-01')", ""),
    "map keys in v1": chain("OR", "event_data['k{}'] = 'x'", ""),
    "contains in v1": chain("OR", "CONTAINS(list_ids, 'l{}')", ""),
    "subqueries": chain("AND", SUBQUERY.replace("{}", "2026-01-01T00:00:00.{:06}Z")),
    "the same subquery": chain("AND", SUBQUERY.replace("{}", "2026-01-01")),
    "joins": joins("e{0}.event_type = 'open'"),
    "a last event": maxima,
    "many last events": many_maxima,
    "unknown columns": chain("OR", "c{} = 'x'"),
    "double quotes": chain("OR", 'city = "c{}"'),
    "unknown functions": chain("OR", "CONTAINS(city, 'c{}')"),
    "wrong types": chain("OR", "age = 'c{}'"),
    "two equal signs": chain("OR", "age == {}"),
    "no operator": chain("OR", "age {}"),
    "ampersands": chain("&&", "age = {}"),
    "casts": chain("OR", "city = 'a{}'::text"),
    "distinct from": chain("OR", "city IS DISTINCT FROM 'a{}'"),
    "extracts": chain("OR", "EXTRACT(year FROM d) = {}"),
    "ago": chain("OR", "d > now() - interval '{} days'"),
    "plain words": chain("OR", "city does not contain 'a{}'"),
    "typographic quotes": chain("OR", "city = “a{}”"),
    "several values": chain("OR", "city = 'a{}', 'b'"),
    "commas too many": chain("OR", "city IN ('a{}',, 'b')"),
}


def fixed(text: str) -> object:
    """Return a text with all its fixes."""
    return fix_text(text, lambda query: diagnose(query, SCHEMA), unsafe=True)


def formatted(text: str) -> object:
    """Return the canonical text."""
    try:
        return to_text(parse(text))
    except QueryError:
        return None


def laid_out(text: str) -> object:
    """Return the text laid out for a width that it fits into."""
    try:
        return format_text(text, width=10 * BYTES)
    except QueryError:
        return None


def as_sql(text: str) -> object:
    """Return the query as SQL of an engine."""
    try:
        return to_sql(check(parse(text), SCHEMA), "duckdb", now=NOW)
    except (QueryError, UnsupportedSqlError):
        return None


def compiled(text: str) -> object:
    """Ask one contact whether it is a member, by the compiled function."""
    try:
        checked = check(parse(text), SCHEMA)
        return to_predicate(checked, NOW)({"contact_id": "a", "city": "x", "age": 3}, ())
    except QueryError:
        return None


def passed(text: str) -> object:
    """Return who of a few contacts are members, by the compiled pass."""
    try:
        return list(Compiler(check(parse(text), SCHEMA)).ids(CONTACTS, Account(CONTACTS, EVENTS), NOW))
    except QueryError:
        return None


CONTACTS = [{"contact_id": name, "city": "x", "age": 3} for name in "abc"]
EVENTS = [{"contact_id": "a", "event_type": "open", "timestamp": NOW, "data": None}]
STEPS: dict[str, Callable[[str], object]] = {
    "diagnose": lambda text: diagnose(text, SCHEMA),
    "fix": fixed,
    "format": formatted,
    "layout": laid_out,
    "sql": as_sql,
    "predicate": compiled,
    "pass": passed,
}


def seconds(step: Callable[[str], object], text: str) -> float:
    """Return how long a step takes: the least of three runs, or of fewer if they are long."""
    runs: list[float] = []
    while len(runs) < 3 and sum(runs) < MOST_SECONDS:
        gc.collect()
        start = time.process_time()
        step(text)
        runs.append(time.process_time() - start)
    return min(runs)


class Cost(NamedTuple):
    """What a measurement took: seconds of the processor, and GiB at their most."""

    seconds: float
    memory: float


def apart(measured: Callable[[], float]) -> Cost:
    """Return what is measured in a process of its own: endless seconds where it is cut off or fails."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (CUT_OFF, CUT_OFF))
        try:
            os.write(writing, repr(measured()).encode())
        finally:
            os._exit(0)
    os.close(writing)
    _, _, used = os.wait4(process, 0)
    said = os.read(reading, 100)
    os.close(reading)
    return Cost(float(said) if said else float("inf"), used.ru_maxrss / 2**20)


def mebibyte(form: Form) -> str:
    """Return a text of a form of just under 1 MiB."""
    count = 1000
    size = len(form(count).encode())
    count = max(1, int(count * BYTES / size * 0.97))
    while len(form(count).encode()) > BYTES:
        count = int(count * 0.97)
    return form(count)


def main() -> int:
    """Measure, and return how many forms grow too fast or take too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", type=int, default=2000)
    parser.add_argument("--large", type=int, default=8000)
    parser.add_argument("--only", default="", help="forms whose names have this text")
    parser.add_argument("--start", type=int, default=0, help="the first form, by its number")
    parser.add_argument("--stop", type=int, default=len(FORMS), help="the form behind the last")
    parser.add_argument("--step", default="")
    parser.add_argument("--mebibyte", action="store_true")
    options = parser.parse_args()
    bad = 0
    for name, form in list(FORMS.items())[options.start : options.stop]:
        if options.only not in name:
            continue
        for step_name, step in STEPS.items():
            if options.step not in step_name:
                continue
            if options.mebibyte:
                line, wrong = of_a_mebibyte(form, step)
            else:
                line, wrong = growth(form, step, options.small, options.large)
            print(f"{name:36} {step_name:10} {line}{'  !' * wrong}", flush=True)
            bad += wrong
    return bad


def of_a_mebibyte(form: Form, step: Callable[[str], object]) -> tuple[str, bool]:
    """Return what a text of 1 MiB takes, and whether that is too much."""
    text = mebibyte(form)

    def once() -> float:
        start = time.process_time()
        step(text)
        return time.process_time() - start

    cost = apart(once)
    wrong = cost.seconds > SECONDS_FOR_BYTES or cost.memory > GIBIBYTES_FOR_BYTES
    return f"{cost.seconds:8.2f} s  {cost.memory:5.2f} GiB", wrong


def growth(form: Form, step: Callable[[str], object], small: int, large: int) -> tuple[str, bool]:
    """Return what a few conditions and many take, and whether the time grows too fast."""
    short = apart(lambda: seconds(step, form(small))).seconds
    long = apart(lambda: seconds(step, form(large))).seconds
    times = long / max(short, 0.001)
    return f"{short:8.3f} {long:8.3f} s  {times:5.1f} x", times > MOST_GROWTH and long > 0.05


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
