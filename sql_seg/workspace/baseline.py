"""A baseline: the findings that are known already. They are counted, not shown, until they are fixed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from sql_seg.diagnostics import Diagnostic
from sql_seg.diagnostics.report import QueryReport
from sql_seg.diagnostics.source import Source
from sql_seg.errors import SqlSegError
from sql_seg.frozen import replace
from sql_seg.sources import read_file
from sql_seg.workspace.folders import relative
from sql_seg.workspace.writing import write_file

_VERSION = 1
_KEYS = ("file", "segment", "code", "message", "line")
_Known = tuple[str, str, str, str, str]


class BaselineError(SqlSegError, ValueError):
    """A file that is no baseline."""


class Baseline:
    """Known findings, each by its file, segment, code and message, and by the text of its line.

    Line numbers do not count, so that a finding stays known where lines are added above it. ``file`` is where
    it is kept; files are named as they are seen from its folder.
    """

    def __init__(self, file: Path, known: Counter[_Known] | None = None) -> None:
        self.file = file
        self._folder = file.parent.resolve()
        self._known: Counter[_Known] = Counter() if known is None else known
        self._met: Counter[_Known] = Counter()
        self._files: set[str] = set()

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
        return [replace(report, diagnostics=list(self._new_in(report))) for report in reports]

    def _new_in(self, report: QueryReport) -> Iterable[Diagnostic]:
        source = Source(report.text)
        file = self._seen(report.file)
        self._files.add(file)
        for diagnostic in report.diagnostics:
            key = _key(file, report, diagnostic, source)
            self._met[key] += 1
            if self._met[key] > self._known[key]:
                yield diagnostic

    @property
    def known(self) -> int:
        """How many findings were met that are known."""
        return sum(min(number, self._known[key]) for key, number in self._met.items())

    @property
    def fixed(self) -> int:
        """How many known findings are no longer there, of the files that were checked."""
        return sum(self._known.values()) - sum(self._left().values())

    def _left(self) -> Counter[_Known]:
        """Return what is known still: all of files that were not checked, and what was met of the others."""
        return Counter(
            {
                key: min(number, self._met[key]) if key[0] in self._files else number
                for key, number in self._known.items()
            }
        )

    def take_off_fixed(self) -> None:
        """Write the baseline without what is fixed. Raises SegmentFileError where that cannot be."""
        self._write(self._left())

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
