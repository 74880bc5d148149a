"""What a report says of segments and of the data that they were asked of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sql_seg.language.timestamps import write_second, write_timestamp
from sql_seg.segments.funnel import Funnel
from sql_seg.segments.overlap import CONTAINED, CONTAINS, DISJOINT, EQUAL, OVERLAPPING

SURE = {
    "": "documented",
    "doc": "documented",
    "api": "answered",
    "seen": "in use",
    "snow": "Snowflake",
    "ours": "our reading",
}
"""How sure the meaning of a query is, in a word, by the mark of what it rests on; the least sure is last."""
RESTS_ON = {
    "doc": "SendGrid's reference documents it",
    "api": "SendGrid's API has answered so",
    "seen": "queries in use rely on it",
    "snow": "Snowflake documents it, on which SendGrid's queries evidently run",
    "ours": "nothing documents it; sql-seg reads it so",
}
"""The same in a sentence."""
RELATIONS = {
    EQUAL: "the same contacts",
    CONTAINED: "this one is contained in it",
    CONTAINS: "it is contained in this one",
    DISJOINT: "no contact in common",
    OVERLAPPING: "",
}
"""How a segment lies to another one, in words."""


@dataclass(frozen=True, slots=True)
class ReportedFinding:
    """A diagnostic: its place in the query, and what it says.

    ``rests_on`` is the mark of what the construct's meaning rests on, where it is about one that SendGrid
    does not promise.
    """

    severity: str
    code: str
    line: int
    column: int
    start: int
    end: int
    message: str
    help: str
    rests_on: str

    @property
    def sure(self) -> str:
        """How sure the meaning is, as a sentence; empty where that is no question."""
        return RESTS_ON.get(self.rests_on, "")

    @property
    def is_only_about_certainty(self) -> bool:
        """Whether nothing is to be fixed: it only says that people rely on what is not documented."""
        return self.severity == "info" and bool(self.rests_on)


@dataclass(frozen=True, slots=True)
class TestResult:
    """A test of a segment, whether it holds, and what was found where it does not."""

    __test__ = False

    name: str
    holds: bool
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many members a segment has at a moment."""

    now: datetime
    count: int

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {"now": write_timestamp(self.now), "count": self.count}


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another segment: how many contacts are in both, and how this one lies to it, always if it is proven."""

    name: str
    both: int
    relation: str
    always: bool

    @property
    def words(self) -> str:
        """How the two lie to each other."""
        said = RELATIONS[self.relation]
        return f"{said}, always" if said and self.always else said


@dataclass(frozen=True, slots=True)
class SegmentPart:
    """What is said of one segment; ``count`` is None where the query has errors.

    ``warnings`` say what it reads and the data lacks. ``timeline`` is None where time alone changes nothing.
    ``neighbours`` are those of the other segments that it shares most contacts with, or lies to in a way
    worth telling; ``neighbours_left_out`` are how many more share contacts with it.
    """

    name: str
    file: str
    query: str
    dialect: str
    count: int | None
    share: float | None
    columns: tuple[str, ...]
    sample: tuple[tuple[str | None, ...], ...]
    findings: tuple[ReportedFinding, ...]
    tests: tuple[TestResult, ...]
    warnings: tuple[str, ...] = ()
    funnel: Funnel | None = None
    timeline: tuple[Count, ...] | None = None
    neighbours: tuple[Neighbour, ...] = ()
    neighbours_left_out: int = 0

    @property
    def state(self) -> str:
        """The worst that is to be said of it, in a word."""
        severities = {finding.severity for finding in self.findings}
        if self.count is None:
            return "error"
        if not all(test.holds for test in self.tests):
            return "failing test"
        if "warning" in severities:
            return "warning"
        return "fine" if self.count else "empty"

    @property
    def rests_on(self) -> str:
        """The mark of the least sure that its meaning rests on; empty where all of it is documented."""
        marks = list(SURE)
        return max((finding.rests_on for finding in self.findings), key=marks.index, default="")

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "name": self.name,
            "file": self.file,
            "query": self.query,
            "dialect": self.dialect,
            "count": self.count,
            "share": self.share,
            "state": self.state,
            "rests_on": self.rests_on or "doc",
            "columns": list(self.columns),
            "sample": [list(row) for row in self.sample],
            "findings": [{**asdict(finding), "sure": finding.sure} for finding in self.findings],
            "tests": [asdict(test) for test in self.tests],
            "warnings": list(self.warnings),
            "funnel": None if self.funnel is None else self.funnel.to_json(),
            "timeline": None if self.timeline is None else [each.to_json() for each in self.timeline],
            "neighbours": [asdict(neighbour) for neighbour in self.neighbours],
        }


@dataclass(frozen=True, slots=True)
class Shared:
    """How many contacts segments share, each two by their numbers in the report, and how many are in none."""

    nowhere: int
    both: Mapping[tuple[int, int], int]

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON has it; only those that share contacts."""
        pairs = [[one, other, both] for (one, other), both in self.both.items() if both]
        return {"in_no_segment": self.nowhere, "pairs": pairs}


@dataclass(frozen=True, slots=True)
class Contents:
    """A whole report; ``warnings`` are about the data."""

    now: datetime
    total: int
    is_masked: bool
    segments: tuple[SegmentPart, ...]
    warnings: tuple[str, ...]
    shared: Shared | None = None

    @property
    def moment(self) -> str:
        """When the segments were asked, to the second."""
        return write_second(self.now)

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON has it."""
        return {
            "version": 1,
            "now": self.moment,
            "total": self.total,
            "is_masked": self.is_masked,
            "segments": [part.to_json() for part in self.segments],
            "warnings": list(self.warnings),
            "overlap": None if self.shared is None else self.shared.to_json(),
        }
