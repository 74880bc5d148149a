"""Measuring one way against another in the same run: pairs, so that a busy machine slows both."""

from __future__ import annotations

import gc
import platform
import statistics
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

Work = Callable[[], Any]


class Measured(NamedTuple):
    """Medians of paired runs: seconds of the yardstick, and how many times that the other one took."""

    name: str
    yardstick: float
    ratio: float


def measured(name: str, yardstick: Work, work: Work, rounds: int = 15) -> Measured:
    """Measure one work against another."""
    yardstick(), work()
    pairs = [_pair(yardstick, work, number) for number in range(rounds)]
    return Measured(
        name,
        statistics.median(first for first, _ in pairs),
        statistics.median(second / first for first, second in pairs),
    )


def _pair(yardstick: Work, work: Work, number: int) -> tuple[float, float]:
    """Return the seconds of one run each; which is first takes turns."""
    if number % 2:
        second = seconds(work)
        return seconds(yardstick), second
    return seconds(yardstick), seconds(work)


def seconds(work: Work) -> float:
    """Return how long one run takes, without the garbage collector."""
    gc.collect()
    gc.disable()
    start = perf_counter()
    work()
    taken = perf_counter() - start
    gc.enable()
    return taken


def report(title: str, sections: dict[str, list[Measured]], yardstick: str = "by hand") -> None:
    """Print a table of ways to do the same things, and write it into RESULTS.md in the last one's place."""
    lines = [
        f"## {title}",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, {_machine()}.",
        f"Milliseconds {yardstick}; the others as multiples of that.",
        "",
        f"| | {yardstick} | {' | '.join(sections)} |",
        f"|---|---:|{'---:|' * len(sections)}",
    ]
    for row in zip(*sections.values(), strict=True):
        cells = [f"{row[0].yardstick * 1000:.1f}", *(f"{item.ratio:.2f}" for item in row)]
        lines.append(f"| {row[0].name} | {' | '.join(cells)} |")
    means = [f"**{statistics.geometric_mean(item.ratio for item in way):.2f}**" for way in sections.values()]
    lines.append(f"| geometric mean | | {' | '.join(means)} |")
    text = "\n".join(lines)
    print(text)
    _replace(title, text)


def _machine() -> str:
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return f"{model}, Python {platform.python_version()}, {platform.system()}"


def _replace(title: str, text: str) -> None:
    path = Path(__file__).parent / "RESULTS.md"
    parts = path.read_text().split("\n## ") if path.exists() else ["# The last runs"]
    kept = [part.strip() for part in parts[1:] if not part.startswith(title + "\n")]
    sections = sorted([*(f"## {part}" for part in kept), text])
    path.write_text("\n\n".join([parts[0].strip(), *sections]) + "\n")
