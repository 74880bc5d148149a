"""A timeline as a plot: bars for a terminal, a line in SVG."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sql_seg.language.literals import write_timestamp
from sql_seg.segments.timeline import Timeline

_LEAST_BAR = 8
_WIDTH, _HEIGHT, _MARGIN = 800, 300, 48


def bars(timeline: Timeline, width: int) -> Iterator[str]:
    """Yield a line for each instant: its time, a bar, the count, and how many came and went."""
    instants = timeline.instants
    most = max((instant.count for instant in instants), default=0)
    whole_days = all(is_midnight(instant.now) for instant in instants)
    times = [_time(instant.now, whole_days) for instant in instants]
    counts = [f"{instant.count:,}" for instant in instants]
    moves = [f"+{len(instant.entered):,} -{len(instant.left):,}" for instant in instants]
    fixed = sum(max(map(len, texts), default=0) for texts in (times, counts, moves))
    room = max(width - fixed - 6, _LEAST_BAR)
    longest = max(map(len, counts), default=0)
    for time, instant, count, move in zip(times, instants, counts, moves, strict=True):
        length = round(room * instant.count / most) if most else 0
        bar = "#" * (length or int(instant.count > 0))
        moved = move if instant.entered or instant.left else ""
        yield f"{time}  {count:>{longest}}  {bar:<{room}}  {moved}".rstrip()


def is_midnight(moment: datetime) -> bool:
    """Return whether a moment is the start of a day."""
    return not (moment.hour or moment.minute or moment.second or moment.microsecond)


def _time(moment: datetime, whole_days: bool) -> str:
    text = write_timestamp(moment)
    return text[:10] if whole_days else text


def svg(timeline: Timeline) -> str:
    """Return a plot as an SVG document that needs nothing else; it is light or dark as its reader is."""
    instants = timeline.instants
    most = max((instant.count for instant in instants), default=0) or 1
    first = instants[0].now.timestamp() if instants else 0.0
    span = (instants[-1].now.timestamp() - first if instants else 0.0) or 1.0
    inner_width, inner_height = _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN
    points = [
        (
            _MARGIN + inner_width * (instant.now.timestamp() - first) / span,
            _HEIGHT - _MARGIN - inner_height * instant.count / most,
        )
        for instant in instants
    ]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{write_timestamp(instant.now)}: {instant.count:,} '
        f"(+{len(instant.entered):,} -{len(instant.left):,})</title></circle>"
        for (x, y), instant in zip(points, instants, strict=True)
    )
    base = _HEIGHT - _MARGIN
    ends = [instants[0], instants[-1]] if instants else []
    labels = "".join(
        f'<text x="{x}" y="{base + 20}" text-anchor="{anchor}">{write_timestamp(instant.now)[:10]}</text>'
        for instant, x, anchor in zip(ends, (_MARGIN, _WIDTH - _MARGIN), ("start", "end"), strict=False)
    )
    title = f"Members over time, of {timeline.total:,} contacts"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
        f"<title>{title}</title><style>svg{{color:#222;font:12px sans-serif}}text,circle{{fill:currentColor}}"
        "@media (prefers-color-scheme:dark){svg{color:#ddd}}</style>"
        f'<path d="M{_MARGIN},{_MARGIN}V{base}H{_WIDTH - _MARGIN}" fill="none" stroke="currentColor"/>'
        f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-width="2"/>{dots}'
        f'<text x="{_MARGIN - 6}" y="{_MARGIN + 4}" text-anchor="end">{most:,}</text>'
        f'<text x="{_MARGIN - 6}" y="{base + 4}" text-anchor="end">0</text>{labels}</svg>\n'
    )
