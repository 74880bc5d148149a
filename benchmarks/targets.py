"""What is aimed at: for each measure the ratio that it should not exceed."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from measure import Results

Statistic = Callable[[Iterable[float]], float]
MEAN: Statistic = statistics.geometric_mean
WORST: Statistic = max


class Target(NamedTuple):
    """A ratio to keep to: of the rows of one way that a module of this folder measures."""

    measure: str
    module: str
    way: str
    at_most: float
    statistic: Statistic = MEAN


class Outcome(NamedTuple):
    """A target and what was measured."""

    target: Target
    ratio: float

    @property
    def is_met(self) -> bool:
        """Whether the ratio keeps to the target."""
        return self.ratio <= self.target.at_most


CONTACTS = "one pass over 200,000 contacts, P1–P8"
EVENTS = "P9 and P10 over 200,000 contacts with 1,000,000 events, the worse"
SEGMENTS = "200 segments over a `Dataset` in one pass"
TARGETS = [
    Target(f"{CONTACTS}: dicts, `members`", "contact_predicates", "members", 1.08),
    Target("the same, the worst of the eight", "contact_predicates", "members", 1.25, WORST),
    Target(f"{CONTACTS}: dicts, `ids`", "contact_predicates", "ids", 1.08),
    Target("the same, the worst of the eight", "contact_predicates", "ids", 1.25, WORST),
    Target("one contact at a time, `predicate(contact)`", "one_contact", "predicate", 1.15),
    Target(f"{CONTACTS}: `Dataset`, `ids`", "contact_predicates", "Dataset: ids", 1.08),
    Target(f"{CONTACTS}: `Dataset`, `count`", "contact_predicates", "Dataset: count", 1.08),
    Target(f"{EVENTS}: dicts", "event_predicates", "rows", 1.1, WORST),
    Target(f"{EVENTS}: `Dataset`", "event_predicates", "Dataset", 1.1, WORST),
    Target(f"{SEGMENTS}, against 200 passes over dicts", "segment_sets", "one pass", 0.25, WORST),
    Target(
        "a `Dataset` of 200,000 dicts, against a loop over their values",
        "records",
        "Dataset",
        2.0,
        WORST,
    ),
    Target(
        "list, get and search at 200 segments and 10,000 contacts, against 5 ms",
        "serving",
        "Answers",
        1.0,
        WORST,
    ),
    Target("what tells two long queries apart, against checking them", "solver", "distinguish", 15.0, WORST),
    Target(
        "from files to a preview, the worst of contacts, events and members",
        "files",
        "sql-seg preview",
        1.9,
        WORST,
    ),
    Target(
        "a report of 50 segments over 200,000 contacts, against their `preview`",
        "reporting",
        "sql-seg report",
        10.0,
        WORST,
    ),
    Target(
        "our SQL over DuckDB's tables, against SQL by hand, the worst of P1–P10", "sql", "tables", 1.1, WORST
    ),
    Target("the same over Parquet", "sql", "Parquet", 1.1, WORST),
    Target("text to AST, against sqlglot's `parse_one`", "parsing", "parse", 0.5),
    Target("15 conditions built in Python, against parsing their text", "building", "build", 1.0),
    Target("text to diagnostics, against sqlglot's `parse_one`", "checking", "parse and check", 1.0),
    Target("`import sql_seg` and one parse, against `python -c pass`", "startup", "parse", 7),
    Target("`sql-seg check -q …`, against `python -c pass`", "startup", "check", 10),
    Target("compile one query, against its own parse", "compiling", "compile", 1.0),
]


def outcomes(results: Mapping[str, Results]) -> list[Outcome]:
    """Return how the modules that were measured did, by the results of each."""
    return [
        Outcome(target, target.statistic(row.ratio for row in results[target.module].ways[target.way]))
        for target in TARGETS
        if target.module in results
    ]
