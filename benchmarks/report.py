"""The results as Markdown: one table of all targets, then the details of each measure."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from measure import Measured, Results
from targets import Outcome

SCALES = {"ms": 1e3, "MB": 1e-6}
PACKAGES = ("duckdb", "sqlglot", "lark", "click", "rich")
MEANING = """\
Each figure is a multiple of a yardstick that ran side by side with it, in turns: the median of the pairs'
ratios. Times are the processor's. What is found is compared with what is found by hand before anything is
measured."""


def summary(outcomes: Iterable[Outcome]) -> str:
    """Return the table of targets."""
    lines = ["| measure | target | measured | met |", "|---|---:|---:|---|"]
    for outcome in outcomes:
        met = "yes" if outcome.is_met else "**no**"
        lines.append(
            f"| {outcome.target.measure} | ≤ {outcome.target.at_most:.2f} | {outcome.ratio:.2f} | {met} |"
        )
    return "\n".join(lines)


def details(results: Results) -> str:
    """Return the section of one measure."""
    ways = results.ways
    unit = results.unit
    lines = [
        f"## {results.title}",
        "",
        *([results.note, ""] if results.note else []),
        f"| | {results.yardstick}, {unit} | {' | '.join(f'{way}, ×' for way in ways)} |",
        f"|---|---:|{'---:|' * len(ways)}",
    ]
    for row in zip(*ways.values(), strict=True):
        figure = f"{row[0].yardstick * SCALES[unit]:,.1f}"
        lines.append(_line(row[0].name, figure, (f"{item.ratio:.2f}" for item in row)))
    if results.has_mean:
        lines.append(_line("geometric mean", "", (f"**{_mean(way):.2f}**" for way in ways.values())))
    return "\n".join(lines)


def _line(name: str, yardstick: str, ratios: Iterable[str]) -> str:
    return f"| {name} | {yardstick} | {' | '.join(ratios)} |"


def _mean(way: list[Measured]) -> float:
    return statistics.geometric_mean(item.ratio for item in way)


def document(outcomes: Iterable[Outcome], results: Iterable[Results]) -> str:
    """Return the whole of RESULTS.md."""
    versions = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    made = f"`make bench` wrote this on {datetime.now(UTC):%Y-%m-%d}. {_machine()}; {versions}."
    parts = ["# Results of the benchmarks", made, MEANING, summary(outcomes), *map(details, results)]
    return "\n\n".join(parts)


def _machine() -> str:
    cpus = Path("/proc/cpuinfo")
    lines = cpus.read_text().splitlines() if cpus.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    processor = f"{len(models)} × {models[0]}" if models else platform.processor()
    return f"{processor}, {platform.system()}, Python {platform.python_version()}"
