"""How many contacts a segment holds, and some of them."""

from __future__ import annotations

from datetime import datetime
from itertools import chain
from typing import Any

from sql_seg import markup
from sql_seg.frozen import frozen
from sql_seg.language.timestamps import write_second, write_timestamp
from sql_seg.wording import counted

_ROWS_SHOWN = 10


@frozen
class Preview:
    """How many contacts a segment holds, and some of them.

    ``total`` is the number of contacts that were asked, ``now`` the aware moment they were asked at, and
    ``sample`` the first members, in the dataset's order. ``warnings`` say what the query reads and the data
    lacks.
    """

    count: int
    total: int
    now: datetime
    sample: list[dict[str, Any]]
    warnings: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """The members' share of all contacts, from 0 to 1; of no contacts, 0."""
        return self.count / self.total if self.total else 0.0

    def __str__(self) -> str:
        share = f" ({self.share:.1%})" if self.total else ""
        return f"{self.count:,} of {counted(self.total, 'contact')}{share} at {write_second(self.now)}"

    def __repr__(self) -> str:
        return f"<Preview: {self}>"

    def _repr_html_(self) -> str:
        shown = self.sample[:_ROWS_SHOWN]
        keys = [key for key in dict.fromkeys(chain.from_iterable(shown)) if _is_told(key, shown)]
        parts = [markup.paragraph(self, strong=True)]
        if shown:
            parts.append(markup.table(keys, ([_cell(row.get(key)) for key in keys] for row in shown)))
        if self.count > len(shown):
            parts.append(markup.paragraph(f"and {self.count - len(shown):,} more"))
        return markup.block(*parts, markup.bullets(self.warnings))


def _is_told(key: str, rows: list[dict[str, Any]]) -> bool:
    """Return whether a column says something of any contact."""
    return any(row.get(key) is not None for row in rows)


def _cell(value: Any) -> Any:
    return write_timestamp(value) if isinstance(value, datetime) else value
