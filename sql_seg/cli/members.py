"""All members of a segment, written in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sql_seg.cli.renderings import csv_columns
from sql_seg.dataset import Dataset
from sql_seg.segments.segment import Segment

if TYPE_CHECKING:
    from sql_seg.engines.duckdb.home import DuckDBHome


def _home(dataset: Dataset) -> DuckDBHome:
    from sql_seg.engines.duckdb.home import DuckDBHome

    home = dataset.home
    assert isinstance(home, DuckDBHome)  # all that the command line reads is there
    return home


def members_as_csv(dataset: Dataset, segment: Segment, now: datetime) -> Iterator[bytes]:
    """Yield a header, then all members, as pieces of CSV."""
    return _home(dataset).pieces(segment, now, "csv", csv_columns(dataset))


def write_members(dataset: Dataset, segment: Segment, now: datetime, path: Path, form: Any) -> int:
    """Write all members into a file, and return how many there are. Raises EngineError where it cannot."""
    return _home(dataset).write(segment, now, path, form, csv_columns(dataset))
