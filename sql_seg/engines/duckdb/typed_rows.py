"""The rows of files of contacts as SQL: each value of its column's type, and what is wrong with the row."""

from __future__ import annotations

from collections.abc import Sequence

from sql_seg.engines.duckdb.cells import Cells
from sql_seg.engines.duckdb.connection import name, text
from sql_seg.engines.duckdb.fields import Fields
from sql_seg.engines.duckdb.odd_rows import NEVER_NULL
from sql_seg.engines.duckdb.readers import always_reads, reading, reads, sql_type
from sql_seg.frozen import frozen
from sql_seg.language.addresses import EMAIL_DOMAINS
from sql_seg.records.loading_report import Empty
from sql_seg.records.raw_values import TEXT, TEXTS, RawKind

IDENTITY = frozenset({"contact_id", "email"})
"""The columns that identify contacts."""


@frozen
class TypedRows:
    """Writes statements over files; ``wanted`` are the columns that matter, None all."""

    fields: Fields
    empty: Empty
    wanted: frozenset[str] | None

    def of(
        self,
        index: int,
        cells: Cells,
        columns: Sequence[str],
        *,
        many: bool,
        without: Sequence[int] = (),
    ) -> str:
        """Return the statement that selects the rows of a file, the ``index``-th of one or ``many``.

        ``without`` are the numbers of rows that are left out.
        """
        bad, elsewhere = self._flags(cells)
        selected = [f"{self._identity(cells)} AS contact_id"]
        selected += [f"{self._column(key, cells)} AS {name(key)}" for key in columns if key != "contact_id"]
        selected += [
            f"hash({self._told_apart(cells)}) AS _id",
            f"({bad}) AS _bad",
            f"({elsewhere}) AS _elsewhere",
        ]
        if many or cells.is_json:
            selected.append(f"{index}::USMALLINT AS _file")
        if cells.source.form == "clean csv" or cells.is_json:
            selected.append("_row")
        selected += map(name, cells.nameless)
        if not without:
            return f"SELECT {', '.join(selected)} FROM {self._values(cells, numbered=False)}"
        left_out = f"_row IN ({', '.join(map(str, without))})"
        return (
            f"SELECT {', '.join(selected)} FROM {self._values(cells, numbered=True)} WHERE NOT ({left_out})"
        )

    def odd(self, cells: Cells) -> str:
        """Return the relation of a file's rows as they are, numbered, each with ``_bad`` and ``_id``."""
        bad, _ = self._flags(cells)
        return (
            f"(SELECT *, ({bad}) AS _bad, hash({self._told_apart(cells)}) AS _id "
            f"FROM {self._values(cells, numbered=True)})"
        )

    def kind(self, key: str) -> RawKind:
        """Return how a column is read."""
        return self.fields.kinds.get(key, TEXT)

    def _values(self, cells: Cells, *, numbered: bool) -> str:
        """Return the cells of a file, and beside them what they are as values.

        In a step of its own: a macro repeats the text of what it is given.
        """
        relation = cells.relation(keeps_empty=self.empty == "string", numbered=numbered)
        read = [
            f"{reading(self.kind(key), self._cell(key, cells), json=cells.is_json)} AS {_value(key)}"
            for key in cells.keys
            if self._is_read(key, cells)
        ]
        return f"(SELECT {', '.join(['*', *read])} FROM {relation})"

    def _is_read(self, key: str, cells: Cells) -> bool:
        """Return whether a column's cells are not their own values."""
        return not always_reads(self.kind(key), json=cells.is_json)

    def _cell(self, key: str, cells: Cells) -> str:
        """Return the cell of a column: NULL for an empty one that is no text."""
        kind = self.kind(key)
        if self.empty == "string" and not (kind.textual and key not in NEVER_NULL):
            empty = '""' if cells.is_json else ""
            return f"nullif({name(key)}, {text(empty)})"
        return name(key)

    def _read(self, key: str, cells: Cells) -> str:
        return _value(key) if self._is_read(key, cells) else self._cell(key, cells)

    def _column(self, key: str, cells: Cells) -> str:
        kind = self.kind(key)
        if key == EMAIL_DOMAINS:
            email = self._read("email", cells) if "email" in cells.keys else "NULL"
            return f"domains_of({email}, {self._column('alternate_emails', cells)})"
        if key not in cells.keys:
            return "[]::VARCHAR[]" if kind is TEXTS else f"CAST(NULL AS {sql_type(kind)})"
        return f"coalesce({self._read(key, cells)}, [])" if kind is TEXTS else self._read(key, cells)

    def _identity(self, cells: Cells) -> str:
        present = [
            f"nullif({self._read(key, cells)}, '')" for key in ("contact_id", "email") if key in cells.keys
        ]
        return f"coalesce({', '.join(present)})" if present else "NULL::VARCHAR"

    def _told_apart(self, cells: Cells) -> str:
        """Return the SQL of what is the same in two rows of one contact."""
        parts = [self._read("contact_id", cells)] if "contact_id" in cells.keys else []
        parts += [f"lower({self._read('email', cells)})"] if "email" in cells.keys else []
        return f"coalesce({', '.join(parts)})" if parts else "NULL::VARCHAR"

    def matters(self, key: str) -> bool:
        """Return whether a value of a column that cannot be read makes its row odd."""
        if self.wanted is None or key in self.wanted or key in IDENTITY:
            return True
        return key == "alternate_emails" and EMAIL_DOMAINS in self.wanted

    def _flags(self, cells: Cells) -> tuple[str, str]:
        """Return the SQL of whether something that matters cannot be read, and whether something else cannot."""
        bad = [f"{self._identity(cells)} IS NULL"]
        elsewhere: list[str] = []
        for key in cells.keys:
            matters, cell = self.matters(key), self._cell(key, cells)
            if self._is_read(key, cells):
                if matters:
                    bad.append(f"{cell} IS NOT NULL AND {_value(key)} IS NULL")
                elif self.kind(key) is not TEXT:
                    elsewhere.append(f"NOT {reads(self.kind(key), cell, json=cells.is_json)}")
            elif matters and not cells.is_json and cells.source.may_hold_nul:
                bad.append(f"contains({name(key)}, chr(0))")
        if cells.is_json:
            bad.append("NOT _ok")
        return f"coalesce({' OR '.join(bad)}, FALSE)", " OR ".join(elsewhere or ["FALSE"])


def _value(key: str) -> str:
    """Return what the value of a cell is called, which no column of a file is."""
    return name(f"\x1f{key}")
