"""What a file is, judged by its start: its form, its encoding, what separates its cells, and its header."""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import re
import shutil
from pathlib import Path
from typing import IO, Any

from sql_seg.engines.duckdb.connection import Connection, duckdb_module
from sql_seg.engines.duckdb.csv_rows import CsvRows
from sql_seg.engines.duckdb.encodings import in_utf_8
from sql_seg.engines.duckdb.json_values import form_of
from sql_seg.engines.duckdb.sources import DataFile, Noun, no_utf8, stamp_of, unpacked_bytes
from sql_seg.engines.duckdb.zstd_frames import is_whole
from sql_seg.errors import RecordError
from sql_seg.file_kinds import why_no_text
from sql_seg.frozen import frozen, replace
from sql_seg.records.account_sources import AccountSources, choice_for, refuse_choice_of
from sql_seg.records.json_text import twice_in
from sql_seg.records.text_files import codec_of, expand, readable
from sql_seg.wording import counted

START = 65536
"""How many bytes of a file are looked at to find what it is."""
_SNIFFED = 4096
_DELIMITERS = ",;\t|"
_NO_WIDTH = "".join(map(chr, (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)))
_UNSAFE = re.compile(r"[*?\[\]{}~\\\ud800-\udfff]")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def sources_of(paths: Any, noun: Noun, connection: Connection, account: AccountSources) -> list[DataFile]:
    """Return the files of an account that paths and globs name.

    Raises RecordError where one is missing, unreadable, empty, or of a kind that nothing reads.
    """
    found = []
    for given in [paths] if isinstance(paths, str | os.PathLike | Stream) else paths:
        if isinstance(given, Stream):
            found.append(_source(given.spooled(connection), noun, connection, account, given.name))
            continue
        refuse_address(given)
        found += [_source(path, noun, connection, account) for path in expand(given)]
    return found


@frozen
class Stream:
    """Something to read that is no file, such as standard input."""

    name: str
    content: IO[bytes]

    def spooled(self, connection: Connection) -> Path:
        """Return a file with all that comes."""
        path = connection.new_place("stream")
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
    path: Path, noun: Noun, connection: Connection, account: AccountSources, named: str | None = None
) -> DataFile:
    named = named or str(path)
    codec, delimiter = codec_of(choice_for(account.encoding, named)), choice_for(account.delimiter, named)
    with readable(named):
        stamp = stamp_of(path)
        with path.open("rb") as raw:
            magic = raw.read(4)
    source = DataFile(named, _safe(path, connection), "csv", original=path, stamp=stamp)
    if magic == b"PAR1":
        refuse_choice_of(account.encoding, named, "is Parquet, which has no encoding of its own to say")
        refuse_choice_of(account.delimiter, named, "is Parquet, in which nothing separates cells")
        return replace(source, form="parquet")
    if magic[:2] == b"\x1f\x8b":
        source = replace(source, compression="gzip")
    elif magic == b"\x28\xb5\x2f\xfd":
        source = replace(source, compression="zstd")
        with readable(named):
            if not is_whole(path):
                raise RecordError(f"{named}: is no whole zstd file: it is cut off, or damaged", file=named)
    if codec is not None:
        source = in_utf_8(source, codec, connection)
    start = _start(source, connection)
    if codec is None:
        why = why_no_text(start[:_SNIFFED])
        if why is not None:
            raise RecordError(f"{named}: {why}", file=named)
    told = _told(source, _decoded(source, start), len(start) < START, noun, delimiter)
    if not told.is_csv:
        refuse_choice_of(account.delimiter, named, "is JSON, in which nothing separates cells")
    return told


def _decoded(source: DataFile, start: bytes) -> str:
    """Return the start of a file as text; its last character may be cut."""
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(start)
    except UnicodeDecodeError as error:
        raise no_utf8(source.name, start.count(b"\n", 0, error.start) + 1) from error


def _told(source: DataFile, start: str, is_all: bool, noun: Noun, delimiter: str | None) -> DataFile:
    """Return a source with what its start shows."""
    if not start.strip():
        raise RecordError(f"{source.name}: is empty", file=source.name)
    first = start.lstrip()[:1]
    if first in "[{":
        form = form_of(start, noun, is_all=is_all)
        return replace(source, form=form, twice=_said_of_keys(source.name, start))
    source = replace(source, is_one_value=is_all and _is_json(start))
    return _with_header(source, start, delimiter)


def _said_of_keys(named: str, start: str) -> str:
    """Return a sentence where objects at the start of a file have a key twice; DuckDB does not say it."""
    odd, objects, key = twice_in(start)
    if not odd:
        return ""
    some = f"of the first {counted(objects, 'object')}, {odd:,} {'has' if odd == 1 else 'have'}"
    return f"{named}: {some} a key twice with two values, such as {key!r}: the first counts"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _with_header(source: DataFile, start: str, delimiter: str | None) -> DataFile:
    """Return a CSV source with its header, and what separates its cells."""
    skipped, rest = 0, start
    while True:
        line, _, after = rest.partition("\n")
        said = re.fullmatch(r'"?sep=(.)"?\r?', line)
        if said and delimiter is None:
            delimiter = said[1]
        if not said and line.strip():
            break
        skipped, rest = skipped + 1, after
    if delimiter is None:
        delimiter = _delimiter_of(rest)
    header = _header(source.name, rest, delimiter, skipped + 1)
    names = {given.lower(): given for given in header if given}
    return replace(
        source, delimiter=delimiter, header=header, names=names, skipped=skipped, first_row=skipped + 2
    )


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


def _start(source: DataFile, connection: Connection) -> bytes:
    if source.compression == "zstd":
        return _start_by_duckdb(source, connection)
    with readable(source.name), unpacked_bytes(source.path, source.compression) as raw:
        return raw.read(START)


def _start_by_duckdb(source: DataFile, connection: Connection) -> bytes:
    duckdb = duckdb_module()

    lines = replace(source, form="ndjson").each_line("'j': 'VARCHAR'")
    try:
        found = connection.rows(f"SELECT coalesce(j, '') FROM {lines} LIMIT 100")
    except duckdb.Error as error:
        raise RecordError(f"{source.name}: cannot be unpacked", file=source.name) from error
    return ("\n".join(line for (line,) in found) + "\n").encode()[:START]


def _safe(path: Path, connection: Connection) -> Path:
    """Return a path that DuckDB takes for nothing but a file: of a name that would be a pattern, a link."""
    absolute = Path.cwd() / path
    if not _UNSAFE.search(str(absolute)):
        return absolute
    link = connection.new_place("link")
    link.symlink_to(absolute)
    return link
