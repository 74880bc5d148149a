"""A baseline: the findings that are known already. They are counted, not shown, until they are fixed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from sql_seg.diagnostics import Diagnostic
from sql_seg.diagnostics.formats import QueryReport
from sql_seg.diagnostics.source import Source
from sql_seg.errors import SqlSegError
from sql_seg.frozen import replace
from sql_seg.sources import read_file
from sql_seg.workspace.folders import relative
from sql_seg.workspace.selection import INVALIDATING
from sql_seg.workspace.writing import write_file

_VERSION = 1
_KEYS = ("file", "segment", "code", "message", "line")
_Known = tuple[str, str, str, str, str]


class BaselineError(SqlSegError, ValueError):
    """A file that is no baseline."""


class Baseline:
    """Known findings, each by its file, segment, code and message, and by the text of its line.

    Line numbers do not count, so that a finding stays known where lines are added above it. Nor does the text
    of a line that is no longer there: where a query was laid out again, or something else in the line was
    fixed, the finding is known by the rest. ``file`` is where it is kept; files are named as they are seen
    from its folder.
    """

    def __init__(self, file: Path, known: Counter[_Known] | None = None) -> None:
        self.file = file
        self._folder = file.parent.resolve()
        self._known: Counter[_Known] = Counter() if known is None else known
        self._met: Counter[_Known] = Counter()
        self._files: set[str] = set()
        self._invalid: set[tuple[str, str]] = set()

    @classmethod
    def read(cls, file: Path) -> Baseline:
        """Return the baseline of a file. Raises SegmentFileError, or BaselineError where it is none."""
        try:
            form = json.loads(read_file(file).text)
        except (ValueError, RecursionError) as error:
            if isinstance(error, SqlSegError):
                raise
            raise BaselineError(f"{file}: is not JSON: {error}") from error
        if not isinstance(form, dict) or form.get("version") != _VERSION:
            raise BaselineError(f"{file}: is no baseline: write one with --write-baseline {file}")
        known: Counter[_Known] = Counter()
        for entry in form.get("findings") or ():
            known[_known_of(entry, file)] += _count_of(entry, file)
        return cls(file, known)

    def new(self, reports: Iterable[QueryReport]) -> list[QueryReport]:
        """Return reports without the findings that are known."""
        met = [(report, list(self._meet(report))) for report in reports]
        moved = self._moved()
        shown = []
        for report, found in met:
            new = [one for one, key, is_new in found if is_new and not self._move(key, moved)]
            shown.append(replace(report, diagnostics=new))
        return shown

    def _meet(self, report: QueryReport) -> Iterator[tuple[Diagnostic, _Known, bool]]:
        """Yield each finding of a report, and whether none of its line is known."""
        source = Source(report.text)
        file = self._seen(report.file)
        self._files.add(file)
        for diagnostic in report.diagnostics:
            if diagnostic.is_error and diagnostic.code in INVALIDATING:
                self._invalid.add((file, report.segment or ""))
            key = _key(file, report, diagnostic, source)
            self._met[key] += 1
            yield diagnostic, key, self._met[key] > self._known[key]

    def _moved(self) -> dict[_Known, list[_Known]]:
        """Return the known findings whose line is no longer there, by all but the line."""
        moved: dict[_Known, list[_Known]] = {}
        for key, number in self._known.items():
            if key[0] in self._files and number > self._met[key]:
                moved.setdefault((*key[:-1], ""), []).extend([key] * (number - self._met[key]))
        return moved

    def _move(self, key: _Known, moved: dict[_Known, list[_Known]]) -> bool:
        """Know a finding by its present line, if it was known by one that is no longer there."""
        before = moved.get((*key[:-1], ""))
        if not before:
            return False
        self._known[before.pop(0)] -= 1
        self._known[key] += 1
        return True

    @property
    def known(self) -> int:
        """How many findings were met that are known."""
        return sum(min(number, self._known[key]) for key, number in self._met.items())

    def take_off_fixed(self, is_looked_for: Callable[[str], bool]) -> int:
        """Write the baseline without what is no longer there, and return how many findings that is.

        What was not looked for stays: findings of files that were not checked, of rules that were not asked,
        and of queries that are invalid, of which little else can be said. Raises SegmentFileError where the
        file cannot be written.
        """
        left = Counter({key: self._left(key, number, is_looked_for) for key, number in self._known.items()})
        gone = sum(self._known.values()) - sum(left.values())
        if gone:
            self._write(left)
        return gone

    def _left(self, key: _Known, number: int, is_looked_for: Callable[[str], bool]) -> int:
        file, segment, code, *_ = key
        is_judged = file in self._files and (file, segment) not in self._invalid and is_looked_for(code)
        return min(number, self._met[key]) if is_judged else number

    def write(self, reports: Sequence[QueryReport]) -> int:
        """Make all findings of some reports known, and return how many. Raises SegmentFileError."""
        found = Counter(
            _key(self._seen(report.file), report, diagnostic, Source(report.text))
            for report in reports
            for diagnostic in report.diagnostics
        )
        self._write(found)
        return sum(found.values())

    def _write(self, known: Counter[_Known]) -> None:
        entries = [
            {**dict(zip(_KEYS, key, strict=True)), "count": number}
            for key, number in sorted(known.items())
            if number
        ]
        text = json.dumps({"version": _VERSION, "findings": entries}, indent=2, ensure_ascii=False) + "\n"
        write_file(self.file, text.encode(errors="backslashreplace"))

    def _seen(self, file: str) -> str:
        return file if file.startswith("<") else relative(Path(file), self._folder)


def _key(file: str, report: QueryReport, diagnostic: Diagnostic, source: Source) -> _Known:
    line = source.line(source.position(diagnostic.span.start).line) if report.text else ""
    return file, report.segment or "", diagnostic.code, diagnostic.message, " ".join(line.split())


def _known_of(entry: Any, file: Path) -> _Known:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in _KEYS):
        raise BaselineError(f"{file}: a finding has the texts {', '.join(_KEYS)}, and a count")
    return entry["file"], entry["segment"], entry["code"], entry["message"], entry["line"]


def _count_of(entry: dict[str, Any], file: Path) -> int:
    count = entry.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise BaselineError(f"{file}: the count of a finding is a whole number")
    return count
