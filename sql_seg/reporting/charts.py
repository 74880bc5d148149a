"""What a report draws, as SVG that stands in the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sql_seg.reporting.contents import Contents, Count, Shared
from sql_seg.segments.timeline_plot import Point, plot

MOST_IN_TABLE = 20
"""Of so many segments the overlap is a table of numbers; of more it is a picture."""
_LEVELS = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)


def bar(*shares: float) -> str:
    """Return a bar; the shares, from 0 to 1, lie over each other: the widest comes first."""
    drawn = "".join(
        f'<rect class="in{number}" width="{share * 100:.2f}" height="10"/>'
        for number, share in enumerate(shares)
    )
    return (
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="all" width="100" height="10"/>{drawn}</svg>'
    )


def course(counts: Sequence[Count], now: datetime) -> str:
    """Return members over time as a line, with a mark at the moment of the report."""
    points = [Point(each.now, each.count) for each in counts]
    return plot(points, "Members over time, as in the table", width=420, height=160, marked=now)


def matrix(contents: Contents, shared: Shared) -> str:
    """Return the overlap of many segments as a picture: a row and a column for each, the darker the more.

    A cell's darkness is the share of the row's members that are in the column's segment.
    """
    number = len(contents.segments)
    drawn = "".join(
        f'<path class="l{level}" d="{cells}"/>' for level, cells in enumerate(_by_level(contents, shared), 1)
    )
    return (
        f'<svg class="matrix" viewBox="0 0 {number} {number}" role="img" aria-labelledby="matrix-says">'
        f"{drawn}</svg>"
    )


def _by_level(contents: Contents, shared: Shared) -> Iterator[str]:
    cells: list[list[str]] = [[] for _ in _LEVELS[1:]]
    counts = [part.count or 0 for part in contents.segments]
    for number, count in enumerate(counts):
        if count:
            cells[-1].append(f"M{number} {number}h1v1h-1z")
    for (one, other), both in shared.both.items():
        for row, column in ((one, other), (other, one)) if both else ():
            cells[_level(both / counts[row])].append(f"M{column} {row}h1v1h-1z")
    return map("".join, cells)


def _level(share: float) -> int:
    """Return how dark a share is: the level whose bounds it lies between, the upper one included."""
    return next(level for level, upper in enumerate(_LEVELS[1:]) if share <= upper)
