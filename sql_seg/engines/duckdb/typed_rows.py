"""The rows of files of contacts as SQL: each value of its column's type, and what is wrong with the row."""

from __future__ import annotations

from collections.abc import Sequence

from sql_seg.engines.duckdb.connection import name, text
from sql_seg.engines.duckdb.fields import Fields
from sql_seg.engines.duckdb.readers import always_reads, reading, reads, sql_type
from sql_seg.engines.duckdb.sources import DataFile
from sql_seg.frozen import frozen
from sql_seg.language.addresses import EMAIL_DOMAINS
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import CONTACT_COLUMNS
from sql_seg.records.loading_report import Empty
from sql_seg.records.raw_values import TEXT, TEXTS, RawKind

IDENTITY = frozenset({"contact_id", "email"})
"""The columns that identify contacts."""


NEVER_NULL = frozenset(
    column.key for column in CONTACT_COLUMNS if not column.nullable and column.type is not DataType.ARRAY
)
"""Columns whose row has to go where their value cannot be read."""


@frozen
class TypedRows:
    """Writes statements over files; ``wanted`` are the columns that matter, None all."""

    fields: Fields
    empty: Empty
    wanted: frozenset[str] | None

    def of(
        self,
        index: int,
        file: DataFile,
        columns: Sequence[str],
        *,
        many: bool,
        without: Sequence[int] = (),
    ) -> str:
        """Return the statement that selects the rows of a file, the ``index``-th of one or ``many``.

        ``without`` are the numbers of rows that are left out.
        """
        bad, elsewhere = self._flags(file)
        selected = [f"{self._identity(file)} AS contact_id"]
        selected += [f"{self._column(key, file)} AS {name(key)}" for key in columns if key != "contact_id"]
        selected += [
            f"hash({self._told_apart(file)}) AS _id",
            f"({bad}) AS _bad",
            f"({elsewhere}) AS _elsewhere",
        ]
        if many or file.is_json:
            selected.append(f"{index}::USMALLINT AS _file")
        if file.form == "clean csv" or file.is_json:
            selected.append("_row")
        selected += map(name, file.nameless)
        if not without:
            return f"SELECT {', '.join(selected)} FROM {self._values(file, numbered=False)}"
        left_out = f"_row IN ({', '.join(map(str, without))})"
        return f"SELECT {', '.join(selected)} FROM {self._values(file, numbered=True)} WHERE NOT ({left_out})"

    def odd(self, file: DataFile) -> str:
        """Return the relation of a file's rows as they are, numbered, each with ``_bad`` and ``_id``."""
        bad, _ = self._flags(file)
        return (
            f"(SELECT *, ({bad}) AS _bad, hash({self._told_apart(file)}) AS _id "
            f"FROM {self._values(file, numbered=True)})"
        )

    def kind(self, key: str) -> RawKind:
        """Return how a column is read."""
        return self.fields.kinds.get(key, TEXT)

    def _values(self, file: DataFile, *, numbered: bool) -> str:
        """Return the cells of a file, and beside them what they are as values.

        In a step of its own: a macro repeats the text of what it is given.
        """
        relation = file.cells(keeps_empty=self.empty == "string", numbered=numbered)
        read = [
            f"{reading(self.kind(key), self._cell(key, file), json=file.is_json)} AS {_value(key)}"
            for key in file.names
            if self._is_read(key, file)
        ]
        return f"(SELECT {', '.join(['*', *read])} FROM {relation})"

    def _is_read(self, key: str, file: DataFile) -> bool:
        """Return whether a column's cells are not their own values."""
        return not always_reads(self.kind(key), json=file.is_json)

    def _cell(self, key: str, file: DataFile) -> str:
        """Return the cell of a column: NULL for an empty one that is no text."""
        kind = self.kind(key)
        if self.empty == "string" and not (kind.textual and key not in NEVER_NULL):
            empty = '""' if file.is_json else ""
            return f"nullif({name(key)}, {text(empty)})"
        return name(key)

    def _read(self, key: str, file: DataFile) -> str:
        return _value(key) if self._is_read(key, file) else self._cell(key, file)

    def _column(self, key: str, file: DataFile) -> str:
        kind = self.kind(key)
        if key == EMAIL_DOMAINS:
            email = self._read("email", file) if "email" in file.names else "NULL"
            return f"domains_of({email}, {self._column('alternate_emails', file)})"
        if key not in file.names:
            return "[]::VARCHAR[]" if kind is TEXTS else f"CAST(NULL AS {sql_type(kind)})"
        return f"coalesce({self._read(key, file)}, [])" if kind is TEXTS else self._read(key, file)

    def _identity(self, file: DataFile) -> str:
        present = [
            f"nullif({self._read(key, file)}, '')" for key in ("contact_id", "email") if key in file.names
        ]
        return f"coalesce({', '.join(present)})" if present else "NULL::VARCHAR"

    def _told_apart(self, file: DataFile) -> str:
        """Return the SQL of what is the same in two rows of one contact."""
        parts = [self._read("contact_id", file)] if "contact_id" in file.names else []
        parts += [f"lower({self._read('email', file)})"] if "email" in file.names else []
        return f"coalesce({', '.join(parts)})" if parts else "NULL::VARCHAR"

    def matters(self, key: str) -> bool:
        """Return whether a value of a column that cannot be read makes its row odd."""
        if self.wanted is None or key in self.wanted or key in IDENTITY:
            return True
        return key == "alternate_emails" and EMAIL_DOMAINS in self.wanted

    def _flags(self, file: DataFile) -> tuple[str, str]:
        """Return the SQL of whether something that matters cannot be read, and whether something else cannot."""
        bad = [f"{self._identity(file)} IS NULL"]
        elsewhere: list[str] = []
        for key in file.names:
            matters, cell = self.matters(key), self._cell(key, file)
            if self._is_read(key, file):
                if matters:
                    bad.append(f"{cell} IS NOT NULL AND {_value(key)} IS NULL")
                elif self.kind(key) is not TEXT:
                    elsewhere.append(f"NOT {reads(self.kind(key), cell, json=file.is_json)}")
            elif matters and not file.is_json and file.may_hold_nul:
                bad.append(f"contains({name(key)}, chr(0))")
        if file.is_json:
            bad.append("NOT _ok")
        return f"coalesce({' OR '.join(bad)}, FALSE)", " OR ".join(elsewhere or ["FALSE"])


def _value(key: str) -> str:
    """Return what the value of a cell is called, which no column of a file is."""
    return name(f"\x1f{key}")
