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
    row: str | None = None
    """The one row that it is of."""


class Outcome(NamedTuple):
    """A target and what was measured."""

    target: Target
    ratio: float

    @property
    def is_met(self) -> bool:
        """Whether the ratio keeps to the target."""
        return self.ratio <= self.target.at_most


def _of_rows(module: str, measure: str, way: str, most: Mapping[str, float]) -> list[Target]:
    """Return a target for each of some rows of a way."""
    return [Target(f"{measure}: {row}", module, way, at_most, row=row) for row, at_most in most.items()]


CONTACTS = "one pass over 200,000 contacts, P1–P8"
EVENTS = "P9 and P10 over 200,000 contacts with 1,000,000 events, the worse"
FILES = "from files to a preview as a process, against DuckDB by hand"
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
    *_of_rows(
        "records",
        "a `Dataset` of 200,000 dicts against a loop over their values, or of ten",
        "Dataset",
        {"made": 2.0, "ten contacts, made and asked, against a millisecond": 1.0},
    ),
    Target(
        "list, get and search at 200 segments and 10,000 contacts, against 5 ms",
        "serving",
        "Answers",
        1.0,
        WORST,
    ),
    Target("what tells two long queries apart, against checking them", "solver", "distinguish", 15.0, WORST),
    *_of_rows(
        "files",
        FILES,
        "sql-seg: time",
        {"contacts": 1.8, "events": 1.9, "members to CSV": 1.7, "500 contacts": 1.5},
    ),
    *_of_rows("files", f"{FILES}, memory", "memory", {"contacts": 1.4, "events": 1.8, "members to CSV": 1.4}),
    *_of_rows(
        "large_files",
        "a preview of many contacts with two lists, against DuckDB by hand",
        "sql-seg: time",
        {"CSV": 3.0, "Parquet": 1.5, "loaded .duckdb": 1.3},
    ),
    Target("the same, memory of 1 GiB, the worst", "large_files", "memory, of 1 GiB", 1.0, WORST),
    *_of_rows(
        "odd_files",
        "a preview of odd files, against one of the same without",
        "time",
        {
            "5 % of the events twice": 1.1,
            "two bad contacts, two twice": 1.7,
            "two malformed lines of events": 1.8,
        },
    ),
    *_of_rows(
        "many_segments",
        "one scan, against a scan for each segment",
        "one scan",
        {
            "CSV, 20 segments of contacts": 0.2,
            "CSV, 200 segments of contacts": 0.12,
            "CSV, 20 segments with events": 0.35,
            "Parquet, 20 segments of contacts": 0.6,
            "Parquet, 20 segments with events": 0.6,
            "Parquet, 200 segments with events": 0.3,
        },
    ),
    Target("P1–P10 over Parquet, memory of 1 GiB, the worst", "millions", "memory, of 1 GiB", 1.0, WORST),
    Target(
        "a funnel of 15 conditions over 200,000 contacts, against one count",
        "explaining",
        "funnel",
        4.0,
        WORST,
    ),
    Target("an overlap of 200 segments, against their counts", "explaining", "overlap", 2.0, WORST),
    Target("to explain one contact, against 5 ms", "explaining", "explain", 1.0, WORST),
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
    Target(
        "an editor's answers on a query of 200 conditions, against 50 ms",
        "editing",
        "sql-seg lsp",
        1.0,
        WORST,
    ),
    Target("text to AST, against sqlglot's `parse_one`", "parsing", "parse", 0.5),
    Target("15 conditions built in Python, against parsing their text", "building", "build", 1.0),
    Target("text to diagnostics, against sqlglot's `parse_one`", "checking", "parse and check", 1.0),
    Target("`import sql_seg` and one parse, against `python -c pass`", "startup", "parse", 7),
    Target("`sql-seg check -q …`, against `python -c pass`", "startup", "check", 10),
    Target(
        "`sql-seg check` of 200 files, against sqlglot parsing them",
        "folders",
        "against sqlglot's parser",
        1.5,
    ),
    Target("the same, against half a second", "folders", "against half a second", 1.0),
    Target("compile one query, against its own parse", "compiling", "compile", 1.0),
]


def outcomes(results: Mapping[str, Results]) -> list[Outcome]:
    """Return how the modules that were measured did, by the results of each."""
    return [
        Outcome(target, target.statistic(_ratios(target, results[target.module])))
        for target in TARGETS
        if target.module in results
    ]


def _ratios(target: Target, results: Results) -> list[float]:
    rows = results.ways[target.way]
    return [row.ratio for row in rows if target.row in (None, row.name)]
