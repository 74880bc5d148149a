"""What the values of an undeclared column say of its type, asked in one scan."""

from __future__ import annotations

from collections.abc import Sequence

from sql_seg.engines.duckdb.cells import Cells
from sql_seg.engines.duckdb.connection import name
from sql_seg.engines.duckdb.fields import Evidence
from sql_seg.engines.duckdb.sources import listed


def asked_of(files: Sequence[Cells], keys: Sequence[str]) -> str:
    """Return the statement that finds for each column what ``said`` reads."""
    parts = []
    for cells in files:
        columns = [
            f"{_said_by(key, json=cells.is_json) if key in cells.keys else 'NULL::VARCHAR'} AS {name(key)}"
            for key in keys
        ]
        relation = cells.relation(keeps_empty=False, numbered=False, keys=keys)
        parts.append(f"SELECT {', '.join(columns)} FROM {relation}")
    asked = ", ".join(
        f"count({cell}), {_of_all(_is_plain_number(cell), cell)}, {_of_all(_is_time(cell), cell)}"
        for cell in map(name, keys)
    )
    return f"SELECT {asked} FROM ({listed(parts)})"


def said(found: Sequence[object], keys: Sequence[str]) -> dict[str, Evidence]:
    """Return the evidence on each column."""
    return {
        key: Evidence(*found[3 * index : 3 * index + 3])  # type: ignore[arg-type]
        for index, key in enumerate(keys)
    }


_NUMBER_IN_JSON = "\x1f"


def _said_by(key: str, *, json: bool) -> str:
    """Return the SQL of what a cell says of its column's type: a text, with a mark before a JSON number."""
    cell = name(key)
    if not json:
        return cell
    return (
        f"CASE WHEN {cell}[1] = '\"' THEN jstr({cell}) "
        f"WHEN jnum({cell}) IS NOT NULL THEN '{_NUMBER_IN_JSON}' || {cell} END"
    )


def _of_all(test: str, cell: str) -> str:
    return f"coalesce(bool_and({test}) FILTER (WHERE {cell} IS NOT NULL), FALSE)"


def _is_plain_number(cell: str) -> str:
    return (
        f"starts_with({cell}, '{_NUMBER_IN_JSON}') OR "
        f"regexp_full_match({cell}, '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?') AND read_num({cell}) IS NOT NULL"
    )


def _is_time(cell: str) -> str:
    return f"read_ts({cell}) IS NOT NULL"
