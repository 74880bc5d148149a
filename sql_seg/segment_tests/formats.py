"""What came of tests, for people, as JSON and as JUnit's XML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sql_seg.diagnostics import Diagnostic
from sql_seg.diagnostics.formats import visible
from sql_seg.diagnostics.formats.junit_xml import JunitCase, JunitFailure, Suite, document
from sql_seg.diagnostics.formats.paths import repository_path
from sql_seg.errors import FileProblem
from sql_seg.language.timestamps import write_timestamp
from sql_seg.segment_tests.cases import CaseOutcome, SegmentTests, expectation, explained, place_of
from sql_seg.segment_tests.coverage import Coverage


@dataclass(frozen=True, slots=True)
class FileResult:
    """What came of a test file.

    Where the query of its segment has errors there are no ``tests``, and ``errors`` says why; where the file
    cannot be read, ``problems`` does. ``coverage`` is there where it was asked for.
    """

    file: Path
    segment: Path
    tests: SegmentTests | None
    outcomes: Sequence[CaseOutcome] = ()
    errors: Sequence[Diagnostic] = ()
    problems: Sequence[FileProblem] = ()
    coverage: Sequence[Coverage] | None = None

    @property
    def failed(self) -> int:
        """How many tests do not hold."""
        return sum(not outcome.holds for outcome in self.outcomes)


def as_text(result: FileResult) -> str:
    """Return a line for a file, and lines for each of its tests that fails."""
    return "\n".join(map(visible, _lines(result)))


def as_json(results: Sequence[FileResult], untested: Sequence[Path]) -> str:
    """Return an object with all files and the segments that have no tests, in ASCII."""
    form = {"files": list(map(_file_object, results)), "untested": list(map(str, untested))}
    return json.dumps(form, indent=2)


def as_junit(results: Sequence[FileResult]) -> str:
    """Return a document of JUnit's: a test suite for each file."""
    return document(
        Suite(file, list(_junit_cases(result, file)))
        for result in results
        for file in [repository_path(str(result.file))]
    )


def _lines(result: FileResult) -> Iterator[str]:
    tests = result.tests
    if tests is None:
        yield f"{result.file}: not run, the query has errors"
        return
    yield from _about_tests(result, tests)
    if result.coverage is not None:
        yield f"  coverage: {_covered(result.coverage)}"
        for one in result.coverage:
            if not one.is_covered:
                yield f"  {result.segment}:{one.line}:{one.column}: {one.complaint}"


def _covered(coverage: Sequence[Coverage]) -> str:
    number, total = sum(one.is_covered for one in coverage), len(coverage)
    return f"{number:,} of {total:,} {'condition' if total == 1 else 'conditions'}"


def _about_tests(result: FileResult, tests: SegmentTests) -> Iterator[str]:
    total = len(result.outcomes)
    if not result.failed:
        yield f"{result.file}: {total:,} {'holds' if total == 1 else 'hold'}"
        return
    yield f"{result.file}: {result.failed:,} of {total:,} {'fails' if result.failed == 1 else 'fail'}"
    for outcome in result.outcomes:
        if not outcome.holds:
            case = outcome.case
            yield f'  {result.file}:{case.line}:{case.column} "{case.name}": {expectation(outcome)}'
            yield from (f"    {line}" for line in explained(tests, outcome))


def _file_object(result: FileResult) -> dict[str, Any]:
    tests = result.tests
    form: dict[str, Any] = {
        "file": str(result.file),
        "segment": str(result.segment),
        "now": None if tests is None else write_timestamp(tests.now),
        "valid": tests is not None,
        "tests": [] if tests is None else [_test_object(tests, outcome) for outcome in result.outcomes],
    }
    if result.coverage is not None:
        form["coverage"] = {
            "conditions": [one.to_json() for one in result.coverage],
            "covered": sum(one.is_covered for one in result.coverage),
            "total": len(result.coverage),
        }
    if result.problems:
        form["problems"] = [{"code": "unreadable-file", **problem._asdict()} for problem in result.problems]
    return form


def _test_object(tests: SegmentTests, outcome: CaseOutcome) -> dict[str, Any]:
    case, decision = outcome.case, outcome.decision
    return {
        "name": case.name,
        "line": case.line,
        "column": case.column,
        "expected": "in" if case.is_in else "out",
        "found": "in" if decision.is_member else "out",
        "holds": outcome.holds,
        "reasons": [
            {
                "line": place.line if place else None,
                "column": place.column if place else None,
                "message": str(reason),
            }
            for reason in decision.reasons
            for place in (place_of(tests, reason),)
        ],
    }


def _junit_cases(result: FileResult, file: str) -> Iterator[JunitCase]:
    tests = result.tests
    if result.problems:
        said = "\n".join(f"{item.line}:{item.column}: {item.message}" for item in result.problems)
        unread = JunitFailure(result.problems[0].message, "unreadable-file", said)
        yield JunitCase(result.file.name, file, 1, unread)
        return
    if tests is None:
        said = "\n".join(f"{item.line}:{item.column}: {item.message}" for item in result.errors)
        yield JunitCase(result.segment.name, file, 1, JunitFailure("the query has errors", "query", said))
        return
    for name, outcome in zip(tests.case_names, result.outcomes, strict=True):
        failure = None
        if not outcome.holds:
            failure = JunitFailure(expectation(outcome), "membership", "\n".join(explained(tests, outcome)))
        yield JunitCase(name, file, outcome.case.line, failure)
