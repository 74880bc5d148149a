"""A timeline as a plot: bars for a terminal, a line in SVG."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sql_seg.language.timestamps import write_timestamp
from sql_seg.segments.timeline import Timeline

_LEAST_BAR = 8
_MARGIN, _GAP, _CHARACTER = 40, 6, 8


def bars(timeline: Timeline, width: int, paint: Callable[[str, str], str] | None = None) -> Iterator[str]:
    """Yield a line for each instant: its time, a bar, the count, and how many came and went.

    ``paint`` gives bars, and those who came and went, the looks of the styles ``bar``, ``more`` and ``less``.
    """
    instants = timeline.instants
    most = max((instant.count for instant in instants), default=0)
    whole_days = all(is_midnight(instant.now) for instant in instants)
    times = [_time(instant.now, whole_days) for instant in instants]
    counts = [f"{instant.count:,}" for instant in instants]
    come_and_gone = [(f"+{len(instant.entered):,}", f"-{len(instant.left):,}") for instant in instants]
    moves = [" ".join(both) for both in come_and_gone]
    fixed = sum(max(map(len, texts), default=0) for texts in (times, counts, moves))
    room = max(width - fixed - 6, _LEAST_BAR)
    longest = max(map(len, counts), default=0)
    for time, instant, count, both in zip(times, instants, counts, come_and_gone, strict=True):
        length = round(room * instant.count / most) if most else 0
        bar = "#" * (length or int(instant.count > 0))
        entered, left = both if instant.entered or instant.left else ("", "")
        rest = " " * (room - len(bar))
        if paint is not None:
            bar, entered, left = paint(bar, "bar"), paint(entered, "more"), paint(left, "less")
        yield f"{time}  {count:>{longest}}  {bar}{rest}  {entered} {left}".rstrip()


def is_midnight(moment: datetime) -> bool:
    """Return whether a moment is the start of a day."""
    return not (moment.hour or moment.minute or moment.second or moment.microsecond)


def _time(moment: datetime, whole_days: bool) -> str:
    text = write_timestamp(moment)
    return text[:10] if whole_days else text


def svg(timeline: Timeline) -> str:
    """Return a plot as an SVG document that needs nothing else; it is light or dark as its reader is."""
    points = [
        Point(each.now, each.count, f"+{len(each.entered):,} -{len(each.left):,}")
        for each in timeline.instants
    ]
    style = (
        "<style>svg{color:#222;font:12px sans-serif}text,circle{fill:currentColor}"
        "@media (prefers-color-scheme:dark){svg{color:#ddd}}</style>"
    )
    title = f"Members over time, of {timeline.total:,} contacts"
    drawn = plot(points, title, style=style)
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) + "\n"


@dataclass(frozen=True, slots=True)
class Point:
    """A count at a moment, and what else there is to say of it."""

    now: datetime
    count: int
    note: str = ""


def plot(
    points: Sequence[Point],
    title: str,
    *,
    width: int = 800,
    height: int = 300,
    style: str = "",
    marked: datetime | None = None,
) -> str:
    """Return counts over time as an SVG element, drawn in the colour of the text around it.

    A moment that is ``marked`` has a line of its own, if it lies within the plot.
    """
    most = max((point.count for point in points), default=0) or 1
    first = points[0].now.timestamp() if points else 0.0
    span = (points[-1].now.timestamp() - first if points else 0.0) or 1.0
    left = max(_MARGIN, len(f"{most:,}") * _CHARACTER + _GAP)
    top, right, base = _GAP * 2, width - _GAP * 2, height - _MARGIN

    def place(moment: datetime) -> float:
        return left + (right - left) * (moment.timestamp() - first) / span

    places = [
        (
            place(point.now),
            base - (base - top) * point.count / most,
        )
        for point in points
    ]
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{_said(point)}</title></circle>'
        for (x, y), point in zip(places, points, strict=True)
    )
    ends = [points[0], points[-1]] if points else []
    labels = "".join(
        f'<text x="{x}" y="{base + 20}" text-anchor="{anchor}">{write_timestamp(point.now)[:10]}</text>'
        for point, x, anchor in zip(ends, (left, right), ("start", "end"), strict=False)
    )
    mark = ""
    if marked is not None and points and points[0].now <= marked <= points[-1].now:
        at = f"{place(marked):.1f}"
        mark = (
            f'<path class="mark" d="M{at},{top}V{base}" fill="none" stroke="currentColor" '
            f'stroke-dasharray="3 3"/><text x="{at}" y="{base + 20}" text-anchor="middle">now</text>'
        )
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img"><title>{title}</title>{style}'
        f'<path d="M{left},{top}V{base}H{right}" fill="none" stroke="currentColor"/>{mark}'
        f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="2"/>{dots}'
        f'<text x="{left - _GAP}" y="{top + 4}" text-anchor="end">{most:,}</text>'
        f'<text x="{left - _GAP}" y="{base + 4}" text-anchor="end">0</text>{labels}</svg>'
    )


def _said(point: Point) -> str:
    note = f" ({point.note})" if point.note else ""
    return f"{write_timestamp(point.now)}: {point.count:,}{note}"
