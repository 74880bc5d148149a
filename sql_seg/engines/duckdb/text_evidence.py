"""Texts of contacts that DuckDB has, looked at as ``records.odd_texts`` looks at those in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sql_seg.engines.duckdb.connection import name, text
from sql_seg.records.odd_texts import MOMENT, MOST_LOOKED_AT, NULL_WORDS, Oddity, OddText
from sql_seg.records.path_values import Met

_IS_ODD: dict[Oddity, str] = {
    "capitals": "{0} <> lower({0})",
    "blanks": "regexp_matches({0}, '^[\\s\\p{{Z}}]|[\\s\\p{{Z}}]$')",
    "null word": f"{{0}} IN ({', '.join(map(text, NULL_WORDS))})",
    "no moment": f"{{0}} <> '' AND NOT regexp_full_match({{0}}, {text(MOMENT.replace('{', '{{').replace('}', '}}'))})",
}


def met_in(contacts: str, row: Callable[[str], Sequence[Any]], asked: OddText) -> Met | None:
    """Return how many of the first contacts have such a text, with the last of them in order."""
    test = _IS_ODD[asked.oddity].format("v")
    first = f"SELECT CAST({name(asked.column)} AS VARCHAR) AS v FROM {contacts} LIMIT {MOST_LOOKED_AT}"
    number, example = row(f"SELECT count(*), max(v) FROM ({first}) WHERE {test}")
    return Met(int(number), str(example)) if number else None
