"""A file that is to be read, by DuckDB as a relation and by Python as text."""

from __future__ import annotations

import gzip
import io
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

from sql_seg.engines.duckdb.connection import Connection, name, text
from sql_seg.errors import RecordError
from sql_seg.file_kinds import holds_nul
from sql_seg.frozen import field, frozen, replace
from sql_seg.records.text_files import is_utf8, readable

Form = Literal["csv", "ndjson", "array", "any json", "parquet", "rows", "clean csv", "clean json"]
"""What a file holds. ``any json`` is what only Python reads; the clean ones are what it writes of it.

``rows`` are those of ``relation``, each as JSON.
"""


LARGEST_CELL = 16 * 1024 * 1024
_LONGEST_LINE = LARGEST_CELL + 1024 * 1024

_UNPACKED = 8
"""How many times as large a file is, about, once it is unpacked."""

Noun = Literal["contact", "event"]

IS_OBJECT = "CASE WHEN json_valid(j) THEN json_type(j) = 'OBJECT' ELSE FALSE END"
"""Whether the text ``j`` is a JSON object."""


@frozen
class DataFile:
    """One file: ``name`` is what people call it, ``path`` what is read, which may be a copy.

    ``header`` has a CSV file's names as they are, ``keys`` in lower case, with a name of its own for a blank
    one; ``skipped`` lines come before the header, and ``first_row`` is the number of the row below it.
    ``names`` are the columns that have a name, each as it is spelled, by key; of a JSON file they are known once
    somebody has looked for them. There ``paths`` has the places where each may stand, and ``customs`` those of
    objects of custom fields.
    """

    name: str
    path: Path
    form: Form
    compression: str = "none"
    delimiter: str = ","
    header: tuple[str, ...] = ()
    skipped: int = 0
    first_row: int = 1
    is_one_value: bool = False
    relation: str = ""
    twice: str = ""
    """What is said of keys that stand twice in an object at its start; nothing where none does."""
    original: Path = Path()
    stamp: tuple[int, int] = field(default=(0, 0), compare=False)
    names: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, Sequence[str]] = field(default_factory=dict)
    customs: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """About how many bytes of text it holds."""
        with readable(self.name):
            return self.path.stat().st_size * (1 if self.compression == "none" else _UNPACKED)

    @property
    def is_csv(self) -> bool:
        """Whether it has rows of cells."""
        return self.form in ("csv", "clean csv")

    @property
    def is_json(self) -> bool:
        """Whether its cells are JSON values."""
        return not self.is_csv

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of a CSV file by lower-case name."""
        return tuple(key.lower() or f"{NAMELESS}{index}" for index, key in enumerate(self.header))

    @property
    def may_hold_nul(self) -> bool:
        """Whether a CSV file's cells may have a NUL: to search all bytes takes 1/13 of searching the cells."""
        return self.form == "csv" and (self.compression != "none" or holds_nul(self.path))

    @property
    def nameless(self) -> list[str]:
        """The columns whose header is blank."""
        return [key for key in self.keys if key.startswith(NAMELESS)]

    def cells(self, *, keeps_empty: bool, numbered: bool, keys: Collection[str] | None = None) -> str:
        """Return what to select cells from, in the order of the file.

        With ``numbered``, or in JSON, there is ``_row``; in JSON ``j``, the whole text, and ``_ok``, whether it
        is an object that keeps to the form.
        """
        if self.is_json:
            return self._json_relation(self.names if keys is None else keys, keeps_empty=keeps_empty)
        return self.rows(keeps_empty=keeps_empty, numbered=numbered)

    def _json_relation(self, keys: Collection[str], *, keeps_empty: bool) -> str:
        wanted = {key: self.paths[key] for key in self.paths if key in keys}
        places = list(dict.fromkeys(place for each in wanted.values() for place in each))
        at = {place: f"c[{index}]" for index, place in enumerate(places, 1)}
        columns, twice = [], ["FALSE"]
        for key, each in wanted.items():
            cells = [_cell(at[place], keeps_empty=keeps_empty) for place in each]
            either = cells[0] if len(cells) == 1 else f"coalesce({', '.join(cells)})"
            columns.append(f"{either} AS {name(key)}")
            twice += [f"{cells[0]} <> {cell}" for cell in cells[1:]]
        shapes = [_is_no_object(text(place)) for place in self.customs]
        odd = " OR ".join(f"coalesce({each}, FALSE)" for each in [*twice, *shapes])
        listed = ", ".join(map(text, places))
        extracted = f"CASE WHEN _ok THEN json_extract(j, [{listed}]) END" if places else "NULL::JSON[]"
        whole = f"SELECT _row, j, {IS_OBJECT} AS _ok FROM {self.lines()}"
        apart = f"SELECT _row, j, _ok, {extracted} AS c FROM ({whole})"
        listed_columns = "".join(f", {column}" for column in columns)
        return f"(SELECT _row, j, CASE WHEN _ok THEN NOT ({odd}) ELSE FALSE END AS _ok{listed_columns} FROM ({apart}))"

    def rows(self, *, keeps_empty: bool = False, numbered: bool = False) -> str:
        """Return what to select a CSV file's cells from: texts, and ``_row`` in a clean copy, or if ``numbered``."""
        columns = dict.fromkeys(self.keys, "VARCHAR")
        extra = ""
        if self.form == "clean csv":
            columns["_row"] = "BIGINT"
            extra += f", max_line_size={_LONGEST_LINE}"
        if keeps_empty:
            extra += f", force_not_null=[{', '.join(map(text, self.keys))}]"
        if self.skipped:
            extra += f", skip={self.skipped}"
        typed = ", ".join(f"{text(key)}: '{kind}'" for key, kind in columns.items())
        rows = (
            f"read_csv({self._place()}, auto_detect=false, columns={{{typed}}}, header=true, "
            f"delim={text(self.delimiter)}, quote='\"', escape='\"', strict_mode=true{extra})"
        )
        if not numbered or self.form == "clean csv":
            return rows
        return f"(SELECT *, row_number() OVER () + {self.first_row - 1} AS _row FROM {rows})"

    def lines(self) -> str:
        """Return what to select a JSON file's values from: the text ``j``, and its number as ``_row``."""
        if self.form == "rows":
            return self.relation
        if self.form == "clean json":
            both = self.each_line("'_row': 'BIGINT', 'j': 'VARCHAR'")
            return f"(SELECT _row, j FROM {both})"
        if self.form == "array":
            return (
                "(SELECT row_number() OVER () AS _row, CAST(json AS VARCHAR) AS j FROM "
                f"read_json_objects({self._place()}, format='array', maximum_object_size={_LONGEST_LINE}))"
            )
        lines = self.each_line("'j': 'VARCHAR'")
        numbered = f"SELECT row_number() OVER () AS _row, j FROM {lines}"
        has_text = "CASE WHEN j >= '!' THEN TRUE ELSE trim(j, ' \t\r') <> '' END"
        return f"(SELECT * FROM ({numbered}) WHERE {has_text})"

    def typed_objects(self, types: Mapping[str, str]) -> str:
        """Return what to select keys of a JSON file's objects from, as DuckDB itself reads them."""
        typed = ", ".join(f"{text(key)}: {text(kind)}" for key, kind in types.items())
        form, lenient = ("array", "false") if self.form == "array" else ("newline_delimited", "true")
        return (
            f"read_json({self._place()}, format='{form}', records='true', columns={{{typed}}}, "
            f"ignore_errors={lenient}, maximum_object_size={_LONGEST_LINE})"
        )

    def each_line(self, columns: str) -> str:
        """Return the relation of the file's lines, each a cell of one of some columns."""
        return (
            f"read_csv({self._place()}, auto_detect=false, columns={{{columns}}}, header=false, delim='\x01', "
            f"quote='', escape='', strict_mode=false, max_line_size={_LONGEST_LINE})"
        )

    def _place(self) -> str:
        return f"{text(str(self.path))}, compression='{self.compression}'"

    def must_be_unchanged(self) -> None:
        """Raise RecordError where the file is not as it was when its reading began."""
        try:
            now = stamp_of(self.original)
        except OSError as error:
            raise RecordError(f"{self.name}: is gone: {error.strerror}", file=self.name) from error
        if now != self.stamp:
            raise RecordError(
                f"{self.name}: has changed while it was read: try again once it is whole", file=self.name
            )

    @contextmanager
    def open_text(self) -> Iterator[IO[str]]:
        """Open the file as text with its line ends as they are.

        Raises RecordError, while reading too, where it is not whole or not in UTF-8.
        """
        with readable(self.name), unpacked_bytes(self.path, self.compression) as raw:
            try:
                yield io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
            except UnicodeDecodeError as error:
                raise self._no_utf8() from error

    @contextmanager
    def open_bytes(self) -> Iterator[IO[bytes]]:
        """Open the file, unpacked. Raises RecordError, while reading too, where it is not whole."""
        with readable(self.name), unpacked_bytes(self.path, self.compression) as raw:
            yield raw

    def _no_utf8(self) -> RecordError:
        with readable(self.name), unpacked_bytes(self.path, self.compression) as raw:
            line = next((n for n, line in enumerate(raw, 1) if not is_utf8(line)), None)
        return no_utf8(self.name, line)


def _cell(place: str, *, keeps_empty: bool) -> str:
    cell = f"nullif(CAST({place} AS VARCHAR), 'null')"
    return cell if keeps_empty else f"nullif({cell}, '\"\"')"


def _is_no_object(place: str) -> str:
    """Return the SQL of whether custom fields are anything but an object, null or an empty text."""
    kind = f"json_type(j, {place})"
    return (
        f"CASE WHEN {kind} IS NULL OR {kind} IN ('OBJECT', 'NULL') THEN FALSE "
        f"WHEN {kind} = 'VARCHAR' THEN json_extract_string(j, {place}) <> '' ELSE TRUE END"
    )


NAMELESS = "_nameless_"
"""How the keys of columns begin whose header is blank."""


def no_utf8(name: str, line: int | None = None) -> RecordError:
    """Return the error of a file that is in another encoding."""
    place = f"{name}, line {line}" if line else name
    return RecordError(
        f"{place}: is not UTF-8 text: say what it is, such as --encoding cp1252 (Excel's on Windows), "
        "or save it as CSV UTF-8",
        file=name,
        row=line,
    )


def unpacked(source: DataFile, connection: Connection) -> DataFile:
    """Return a source whose bytes Python can read: a copy of what only DuckDB unpacks."""
    if source.compression != "zstd":
        return source
    copy = connection.new_place("unpacked")
    lines = replace(source, form="ndjson").each_line("'j': 'VARCHAR'")
    connection.run(
        f"COPY (SELECT j FROM {lines}) TO {text(str(copy))} (FORMAT csv, DELIMITER '\x01', QUOTE '', ESCAPE '', HEADER false)"
    )
    return replace(source, path=copy, compression="none")


def stamp_of(path: Path) -> tuple[int, int]:
    """Return what changes when a file does."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


@contextmanager
def unpacked_bytes(path: Path, compression: str) -> Iterator[IO[bytes]]:
    """Open a file that Python can unpack, or that is not packed."""
    with path.open("rb") as raw:
        if compression == "gzip":
            with gzip.open(raw) as stream:
                yield stream  # type: ignore[misc]
        else:
            yield raw


def listed(selects: Iterable[str]) -> str:
    """Return rows of several statements, one after the other."""
    return " UNION ALL BY NAME ".join(selects)
