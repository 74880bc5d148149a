"""A file that is to be read: what it holds, judged by its start, and how DuckDB is to read it."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import os
import re
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Literal

from sql_seg.engines.duckdb.connection import Connection, name, text
from sql_seg.engines.duckdb.csv_rows import CsvRows
from sql_seg.engines.duckdb.json_values import JsonForm, form_of
from sql_seg.errors import RecordError
from sql_seg.file_kinds import holds_nul, why_no_text
from sql_seg.records.text_files import expand, is_utf8

Form = Literal["csv", "ndjson", "array", "any json", "parquet", "rows", "clean csv", "clean json"]
"""What a file holds. ``any json`` is what only Python reads; the clean ones are what it writes of it.

``rows`` are those of ``relation``, each as JSON.
"""

START = 65536
"""How many bytes of a file are looked at to find what it is."""

LARGEST_CELL = 16 * 1024 * 1024
_SNIFFED = 4096
_LONGEST_LINE = LARGEST_CELL + 1024 * 1024

_DELIMITERS = ",;\t|"
_NO_WIDTH = "".join(map(chr, (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)))
_UNSAFE = re.compile(r"[*?\[\]{}~\\\ud800-\udfff]")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")

Noun = Literal["contact", "event"]


@dataclass(frozen=True, slots=True)
class Source:
    """One file: ``name`` is what people call it, ``path`` what is read, which may be a copy.

    ``header`` has a CSV file's names as they are, ``keys`` in lower case, with a name of its own for a blank
    one; ``skipped`` lines come before the header, and ``first_row`` is the number of the row below it.
    """

    name: str
    path: Path
    form: Form
    compression: str = "none"
    encoding: str | None = None
    delimiter: str = ","
    header: tuple[str, ...] = ()
    skipped: int = 0
    first_row: int = 1
    is_one_value: bool = False
    relation: str = ""
    original: Path = Path()
    stamp: tuple[int, int] = field(default=(0, 0), compare=False)

    @property
    def is_csv(self) -> bool:
        """Whether it has rows of cells."""
        return self.form in ("csv", "clean csv")

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of a CSV file by lower-case name."""
        return tuple(key.lower() or f"{NAMELESS}{index}" for index, key in enumerate(self.header))

    @property
    def may_hold_nul(self) -> bool:
        """Whether a CSV file's cells may have a NUL: to search all bytes costs less than to search the cells."""
        return self.form == "csv" and (self.compression != "none" or holds_nul(self.path))

    def names(self) -> dict[str, str]:
        """Return the columns' own spelling by key, of those that have a name."""
        return {key: given for key, given in zip(self.keys, self.header, strict=True) if given}

    def rows(self, *, keeps_empty: bool = False) -> str:
        """Return what to select a CSV file's cells from: texts, and ``_row`` in a clean copy."""
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
        return (
            f"read_csv({self._place()}, auto_detect=false, columns={{{typed}}}, header=true, "
            f"delim={text(self.delimiter)}, quote='\"', escape='\"', strict_mode=true{extra})"
        )

    def numbered_rows(self, *, keeps_empty: bool = False) -> str:
        """Return the same with the number of each row as ``_row``."""
        rows = self.rows(keeps_empty=keeps_empty)
        if self.form == "clean csv":
            return f"(SELECT * FROM {rows})"
        return f"(SELECT *, row_number() OVER () + {self.first_row - 1} AS _row FROM {rows})"

    def lines(self) -> str:
        """Return what to select a JSON file's values from: the text ``j``, and its number as ``_row``."""
        if self.form == "rows":
            return self.relation
        if self.form == "clean json":
            both = self._lines("'_row': 'BIGINT', 'j': 'VARCHAR'")
            return f"(SELECT _row, j FROM {both})"
        if self.form == "array":
            return (
                "(SELECT row_number() OVER () AS _row, CAST(json AS VARCHAR) AS j FROM "
                f"read_json_objects({self._place()}, format='array', maximum_object_size={_LONGEST_LINE}))"
            )
        lines = self._lines("'j': 'VARCHAR'")
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

    def _lines(self, columns: str) -> str:
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

        Raises RecordError, while reading too, where it is not whole or not in its encoding.
        """
        with _readable(self.name), _unpacked(self.path, self.compression) as raw:
            try:
                yield io.TextIOWrapper(raw, encoding=self.encoding or "utf-8-sig", newline="")
            except UnicodeDecodeError as error:
                raise self._not_in_its_encoding() from error

    @contextmanager
    def open_bytes(self) -> Iterator[IO[bytes]]:
        """Open the file, unpacked. Raises RecordError, while reading too, where it is not whole."""
        with _readable(self.name), _unpacked(self.path, self.compression) as raw:
            yield raw

    def _not_in_its_encoding(self) -> RecordError:
        if self.encoding is not None:
            return RecordError(f"{self.name}: is not {self.encoding} text", file=self.name)
        with _readable(self.name), _unpacked(self.path, self.compression) as raw:
            line = next((n for n, line in enumerate(raw, 1) if not is_utf8(line)), None)
        return no_utf8(self.name, line)


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


@dataclass(frozen=True, slots=True)
class Reading:
    """How people say that files are to be read: what separates the cells, and the encoding."""

    delimiter: str | None = None
    encoding: str | None = None


def sources_of(paths: Any, noun: Noun, connection: Connection, reading: Reading) -> list[Source]:
    """Return the files that paths and globs name.

    Raises RecordError where one is missing, unreadable, empty, or of a kind that nothing reads.
    """
    found = []
    for given in [paths] if isinstance(paths, str | os.PathLike | Stream) else paths:
        if isinstance(given, Stream):
            found.append(_source(given.spooled(connection), noun, connection, reading, given.name))
            continue
        refuse_address(given)
        found += [_source(path, noun, connection, reading) for path in expand(given)]
    return found


@dataclass(frozen=True, slots=True)
class Stream:
    """Something to read that is no file, such as standard input."""

    name: str
    content: IO[bytes]

    def spooled(self, connection: Connection) -> Path:
        """Return a file with all that comes."""
        path = Path(connection.folder) / f"stream-{len(list(Path(connection.folder).iterdir()))}"
        try:
            with path.open("wb") as out:
                shutil.copyfileobj(self.content, out)
        except OSError as error:
            raise RecordError(f"{self.name}: cannot be read: {error.strerror}", file=self.name) from error
        return path


def refuse_address(path: Any) -> None:
    """Raise RecordError for an address in the web."""
    if isinstance(path, str) and _ADDRESS.match(path):
        raise RecordError(
            f"{path}: is an address, not a file: download it first, and give the file", file=path
        )


def _source(
    path: Path, noun: Noun, connection: Connection, reading: Reading, named: str | None = None
) -> Source:
    named = named or str(path)
    with _readable(named):
        stamp = stamp_of(path)
        with path.open("rb") as raw:
            magic = raw.read(4)
    source = Source(
        named, _safe(path, connection), "csv", encoding=reading.encoding, original=path, stamp=stamp
    )
    if magic == b"PAR1":
        return replace(source, form="parquet", encoding=None)
    if magic[:2] == b"\x1f\x8b" or path.suffix.lower() == ".gz":
        source = replace(source, compression="gzip")
    elif magic == b"\x28\xb5\x2f\xfd":
        source = replace(source, compression="zstd")
    start = _start(source, connection)
    if reading.encoding is None:
        why = why_no_text(start[:_SNIFFED])
        if why is not None:
            raise RecordError(f"{named}: {why}", file=named)
    return _told(source, _decoded(source, start), len(start) < START, noun, reading)


def _decoded(source: Source, start: bytes) -> str:
    """Return the start of a file as text; its last character may be cut."""
    try:
        return codecs.getincrementaldecoder(source.encoding or "utf-8-sig")().decode(start)
    except UnicodeDecodeError as error:
        if source.encoding is not None:
            raise RecordError(f"{source.name}: is not {source.encoding} text", file=source.name) from error
        raise no_utf8(source.name, start.count(b"\n", 0, error.start) + 1) from error
    except LookupError as error:
        raise RecordError(f"there is no encoding {source.encoding!r}") from error


def _told(source: Source, start: str, is_all: bool, noun: Noun, reading: Reading) -> Source:
    """Return a source with what its start shows."""
    if not start.strip():
        raise RecordError(f"{source.name}: is empty", file=source.name)
    first = start.lstrip()[:1]
    if first in "[{":
        form: JsonForm = form_of(start, noun, is_all=is_all)
        if form == "any json" or source.encoding not in (None, "utf-8", "utf-8-sig"):
            form = "any json"
        return replace(source, form=form)
    source = replace(source, is_one_value=is_all and _is_json(start))
    return _with_header(source, start, reading)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _with_header(source: Source, start: str, reading: Reading) -> Source:
    """Return a CSV source with its header, and what separates its cells."""
    skipped, delimiter, rest = 0, reading.delimiter, start
    while True:
        line, _, after = rest.partition("\n")
        said = re.fullmatch(r"sep=(.)\r?", line)
        if said and delimiter is None:
            delimiter = said[1]
        if not said and line.strip():
            break
        skipped, rest = skipped + 1, after
    if delimiter is None:
        delimiter = _delimiter_of(rest)
    header = _header(source.name, rest, delimiter, skipped + 1)
    return replace(source, delimiter=delimiter, header=header, skipped=skipped, first_row=skipped + 2)


def _delimiter_of(rest: str) -> str:
    """Return what separates the cells of a header: a comma, unless it says more with something else."""
    header = rest.partition("\n")[0]

    def known(delimiter: str) -> tuple[bool, int]:
        names = {_bare(cell.strip(' "\r')).lower() for cell in header.split(delimiter)}
        return bool(names & {"email", "contact_id", "event", "event_type"}), len(names)

    if known(",")[0] and known(",")[1] > 1:
        return ","
    best = max(_DELIMITERS, key=known)
    return best if known(best)[0] else ","


def _header(named: str, rest: str, delimiter: str, number: int) -> tuple[str, ...]:
    reader = CsvRows(io.StringIO(rest, newline=""), delimiter)
    try:
        header = next(reader)
    except csv.Error as error:
        last = number + reader.line_num - 1
        lines = f"line {number}" if last == number else f"lines {number} to {last}"
        message = f"{named}, row {number}: is no CSV ({lines}): {error}"
        raise RecordError(message, file=named, row=number) from error
    bare = tuple(map(_bare, header))
    seen: set[str] = set()
    for given in bare:
        if given and given.lower() in seen:
            raise RecordError(
                f"{named}, row {number}: the header has the column {given} twice",
                file=named,
                row=number,
                key=given,
            )
        seen.add(given.lower())
    return bare


def _bare(given: str) -> str:
    """Return a name without white space and what takes no room around it."""
    return given.strip().strip(_NO_WIDTH).strip()


def _start(source: Source, connection: Connection) -> bytes:
    if source.compression == "zstd":
        return _start_by_duckdb(source, connection)
    with _readable(source.name), _unpacked(source.path, source.compression) as raw:
        return raw.read(START)


def _start_by_duckdb(source: Source, connection: Connection) -> bytes:
    import duckdb

    lines = replace(source, form="ndjson")._lines("'j': 'VARCHAR'")
    try:
        found = connection.rows(f"SELECT coalesce(j, '') FROM {lines} LIMIT 100")
    except duckdb.Error as error:
        raise RecordError(f"{source.name}: cannot be unpacked", file=source.name) from error
    return ("\n".join(line for (line,) in found) + "\n").encode()[:START]


def unpacked(source: Source, connection: Connection) -> Source:
    """Return a source whose bytes Python can read: a copy of what only DuckDB unpacks."""
    if source.compression != "zstd":
        return source
    copy = Path(connection.folder) / f"unpacked-{abs(hash(source.name))}"
    lines = replace(source, form="ndjson")._lines("'j': 'VARCHAR'")
    connection.run(
        f"COPY (SELECT j FROM {lines}) TO {text(str(copy))} (FORMAT csv, DELIMITER '\x01', QUOTE '', ESCAPE '', HEADER false)"
    )
    return replace(source, path=copy, compression="none")


def _safe(path: Path, connection: Connection) -> Path:
    """Return a path that DuckDB takes for nothing but a file: of a name that would be a pattern, a link."""
    absolute = Path.cwd() / path
    if not _UNSAFE.search(str(absolute)):
        return absolute
    link = Path(connection.folder) / f"link-{len(list(Path(connection.folder).iterdir()))}"
    link.symlink_to(absolute)
    return link


def stamp_of(path: Path) -> tuple[int, int]:
    """Return what changes when a file does."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns


@contextmanager
def _unpacked(path: Path, compression: str) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        if compression == "gzip":
            with gzip.open(raw) as stream:
                yield stream  # type: ignore[misc]
        else:
            yield raw


@contextmanager
def _readable(named: str) -> Iterator[None]:
    """Let whatever is wrong with a file come out as RecordError."""
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise RecordError(f"{named}: is no whole gzip file: {error}", file=named) from error
    except IsADirectoryError as error:
        raise RecordError(f"{named}: is a directory, not a file", file=named) from error
    except FileNotFoundError as error:
        raise RecordError(f"{named}: no such file", file=named) from error
    except OSError as error:
        raise RecordError(f"{named}: cannot be read: {error.strerror or error}", file=named) from error


def listed(selects: Iterable[str]) -> str:
    """Return rows of several statements, one after the other."""
    return " UNION ALL BY NAME ".join(selects)


__all__ = ["Reading", "Source", "listed", "name", "sources_of", "text"]
