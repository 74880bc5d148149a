"""How diagnostics look: code frames, lines, and the formats of services and tools.

``render`` makes any of the ``FORMATS``; each lives in a module of its own, imported at its first use.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sql_seg.diagnostics import Diagnostic
from sql_seg.diagnostics.formats.query_report import QueryReport, ReportContext, RuleText
from sql_seg.diagnostics.formats.terminal_text import NARROWEST, painter, paragraph, visible
from sql_seg.diagnostics.source_map import whole_file
from sql_seg.lazy import imported_at_first_use

if TYPE_CHECKING:
    from sql_seg.diagnostics.formats.counting import CodeCount, statistics, statistics_json, statistics_text

__all__ = [
    "FORMATS",
    "NARROWEST",
    "CodeCount",
    "QueryReport",
    "RuleText",
    "as_json",
    "concise",
    "full",
    "paragraph",
    "render",
    "statistics",
    "statistics_json",
    "statistics_text",
    "visible",
]

_MODULES = {
    "full": "code_frames",
    "concise": "concise_lines",
    "json": "json_objects",
    "json-lines": "json_lines",
    "github": "github_annotations",
    "gitlab": "gitlab_quality",
    "sarif": "sarif_log",
    "junit": "junit_xml",
}

FORMATS = tuple(_MODULES)
"""The names of all formats."""


def render(
    output_format: str,
    reports: Iterable[QueryReport],
    *,
    color: bool = False,
    rules: Iterable[RuleText] = (),
    version: str = "",
    width: int | None = None,
) -> str:
    """Return what is to be said of queries in one of the ``FORMATS``, without a line break at the end.

    It is empty where the format says nothing of queries without diagnostics. ``color`` and ``width``, the
    columns of a terminal, are for the formats that people read; ``rules`` documents the codes, and
    ``version`` is that of sql-seg, in SARIF.
    """
    module = import_module(f"sql_seg.diagnostics.formats.{_MODULES[output_format]}")
    text: str = module.render(reports, ReportContext(color, rules, version, width))
    return text


def full(diagnostics: Iterable[Diagnostic], text: str, name: str) -> str:
    """Return the diagnostics of a text with code frames, for people; ``name`` is the file's name."""
    from sql_seg.diagnostics.formats import code_frames

    source_map = whole_file(text)
    paint = painter(color=False)
    return "\n\n".join(
        code_frames.framed(diagnostic, source_map, f"{name}:{diagnostic.line}:{diagnostic.column}", paint)
        for diagnostic in diagnostics
    )


def concise(diagnostics: Iterable[Diagnostic], name: str) -> str:
    """Return one line for each diagnostic: ``file:line:column: severity[code] message``."""
    from sql_seg.diagnostics.formats import concise_lines

    paint = painter(color=False)
    return "\n".join(concise_lines.line(diagnostic, name, paint) for diagnostic in diagnostics)


def as_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return a diagnostic as a JSON object with stable keys."""
    from sql_seg.diagnostics.formats import json_objects

    return json_objects.as_json(diagnostic)


_HOMES = {
    "sql_seg.diagnostics.formats.counting": ("CodeCount", "statistics", "statistics_json", "statistics_text")
}
__getattr__, __dir__ = imported_at_first_use(__name__, _HOMES)
