"""A report as one page of HTML that needs nothing else."""

from __future__ import annotations

import json
from importlib import resources
from typing import NamedTuple

from sql_seg.language.timestamps import write_timestamp
from sql_seg.reporting import charts
from sql_seg.reporting.changes import ReportChanges
from sql_seg.reporting.contents import SURE, Contents, SegmentPart
from sql_seg.reporting.highlighting import HighlightedLine, lines_of

_MOST_OPEN = 10
"""So many segments stand open; of more each is opened when somebody wants to see it."""


class ShownSegment(NamedTuple):
    """A segment as the page has it."""

    number: int
    part: SegmentPart
    lines: list[HighlightedLine]


def require_jinja() -> None:
    """Raise ModuleNotFoundError where Jinja2 is not installed, before the work is done."""
    import jinja2  # noqa: F401


def as_html(contents: Contents, comparison: ReportChanges | None = None) -> str:
    """Return a report as a page; ``comparison`` is with an older one. Needs Jinja2."""
    import jinja2
    from markupsafe import Markup

    def drawn(text: str) -> Markup:
        return Markup(text)  # noqa: S704 -- charts are made of numbers alone

    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.globals |= {
        "bar": lambda *shares: drawn(charts.bar(*shares)),
        "course": lambda counts: drawn(charts.course(counts, contents.now)),
        "matrix": lambda: drawn(charts.matrix(contents, contents.shared)) if contents.shared else "",
        "both_of": lambda row, column: _both(contents, row, column),
        "sure": SURE,
        "time": write_timestamp,
    }
    shown = [
        ShownSegment(number, part, lines_of(part.query, part.dialect, part.findings))
        for number, part in enumerate(contents.segments, 1)
    ]
    return environment.from_string(_file("page.html.j2")).render(
        contents=contents,
        shown=shown,
        comparison=comparison,
        is_open=len(shown) <= _MOST_OPEN,
        has_tests=any(part.tests for part in contents.segments),
        as_table=len(shown) <= charts.MOST_IN_TABLE,
        style=Markup(_file("page.css")),  # noqa: S704 -- our own
        script=Markup(_file("page.js")),  # noqa: S704 -- our own
        pairs=Markup(_pairs(contents)),  # noqa: S704 -- numbers alone
    )


def _file(name: str) -> str:
    return resources.files("sql_seg.reporting").joinpath(name).read_text(encoding="utf-8")


def _both(contents: Contents, row: int, column: int) -> int | None:
    """Return how many contacts are in both of two segments; None where one has errors."""
    counts = contents.segments[row].count, contents.segments[column].count
    if contents.shared is None or None in counts:
        return None
    if row == column:
        return counts[0]
    return contents.shared.both.get((min(row, column), max(row, column)), 0)


def _pairs(contents: Contents) -> str:
    """Return what the picture of the overlap shows of a cell that somebody points at."""
    form = {} if contents.shared is None else contents.shared.to_json()
    return json.dumps(form.get("pairs", []), separators=(",", ":"))
