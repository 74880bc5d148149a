"""Rows of CSV, JSON and NDJSON files, one at a time; what the file holds decides which it is."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, count
from pathlib import Path
from typing import Any, NamedTuple

from sql_seg.errors import RecordError
from sql_seg.records.files import open_text
from sql_seg.records.json_text import read_json
from sql_seg.records.report import Problem
from sql_seg.records.report import count as counted


class Row(NamedTuple):
    """A row as its file has it: CSV cells (texts) by lower-case column name, or a JSON value.

    ``number`` is as in Problem; ``names`` gives the columns' own spelling, and is empty for JSON.
    """

    file: str
    number: int
    value: Any
    names: dict[str, str]


_ONE_VALUE = "holds one JSON value, not records; give a list of objects, or an object a line"

BadRow = Callable[[Problem], None]
"""Called for a row that cannot be read."""

Header = Callable[[Mapping[str, str]], str | None]
"""Called for a CSV header, the names by lower-case name; returns what it lacks, if anything."""


def read_rows(path: Path, *, bad_row: BadRow, header: Header) -> Iterator[Row]:
    """Yield the rows of a file; bad ones go to ``bad_row``.

    A CSV file has a header; its rows count from 1 with the header. A JSON file is a list, an object
    or an API answer with a list under ``result``; NDJSON has one of these a line. Raises RecordError
    where the file as a whole cannot be read.
    """
    with open_text(path) as lines:
        head: list[str] = []
        for line in lines:
            head.append(line)
            if line.strip():
                break
        else:
            raise RecordError(f"{path}: is empty", file=str(path))
        everything = chain(head, lines)
        if head[-1].lstrip().startswith(("[", "{")):
            yield from _json_rows(path, everything, bad_row)
        else:
            yield from _csv_rows(path, everything, bad_row, header, is_json=_is_json(head[-1]))


def _problem(path: Path, number: int, message: str) -> Problem:
    return Problem(str(path), number, None, None, message)


def _csv_rows(
    path: Path, lines: Iterable[str], bad_row: BadRow, check_header: Header, *, is_json: bool
) -> Iterator[Row]:
    """Yield the rows below a header, which may itself be JSON."""
    records = _csv_records(path, lines, bad_row)
    number, header = next(records, (1, []))
    names = _names(path, number, header)
    problem = check_header(names)
    if problem and is_json and next(records, None) is None:
        raise RecordError(f"{path}: {_ONE_VALUE}", file=str(path))
    if problem:
        raise _problem(path, number, problem + _other_delimiter(header)).as_error()
    keys = [name.strip().lower() for name in header]
    nameless = "" in keys
    width = len(keys)
    for number, cells in records:
        if len(cells) != width:
            bad_row(_problem(path, number, f"has {counted(len(cells), 'cell')} where the header has {width}"))
        elif "\0" in "".join(cells):
            bad_row(_problem(path, number, "holds a NUL character"))
        elif nameless and any(cell and not key for key, cell in zip(keys, cells, strict=True)):
            bad_row(_problem(path, number, "has a value in a column that has no name"))
        else:
            values = dict(zip(keys, cells, strict=True))
            values.pop("", None)
            yield Row(str(path), number, values, names)


def _csv_records(path: Path, lines: Iterable[str], bad_row: BadRow) -> Iterator[tuple[int, list[str]]]:
    """Yield the numbers and cells of all records that are not blank; the first, the header, must be good."""
    reader = csv.reader(lines, strict=True)
    is_header = True
    for number in count(1):
        first_line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            last_line = reader.line_num
            place = f"line {first_line}" if first_line == last_line else f"lines {first_line} to {last_line}"
            problem = _problem(path, number, f"is no CSV ({place}): {error}")
            if is_header:
                raise problem.as_error() from error
            bad_row(problem)
            continue
        if cells:
            is_header = False
            yield number, cells


def _names(path: Path, row: int, header: list[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for name in map(str.strip, header):
        if name and name.lower() in names:
            raise RecordError(
                f"{path}, row {row}: the header has the column {name} twice",
                file=str(path),
                row=row,
                key=name,
            )
        if name:
            names[name.lower()] = name
    return names


def _other_delimiter(header: list[str]) -> str:
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        return "; columns are separated by commas"
    return ""


def _json_rows(path: Path, lines: Iterable[str], bad_row: BadRow) -> Iterator[Row]:
    filled = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    first = next(filled)
    second = next(filled, None)
    if second is None:
        yield from _document(path, first[1], first[0])
    elif _is_json(first[1]):
        yield from _json_lines(path, chain((first, second), filled), bad_row)
    else:
        yield from _unlined_rows(path, [first, second, *filled], bad_row)


def _unlined_rows(path: Path, lines: list[tuple[int, str]], bad_row: BadRow) -> Iterator[Row]:
    """Yield the rows of a document over several lines, or of NDJSON whose first line is bad."""
    text = _as_it_was(lines)
    if not _is_json(text) and lines[1][1].lstrip().startswith("{") and _is_json(lines[1][1]):
        yield from _json_lines(path, lines, bad_row)
    else:
        yield from _document(path, text, lines[0][0])


def _as_it_was(lines: Iterable[tuple[int, str]]) -> str:
    """Return numbered lines as one text, the blank ones among them put back."""
    parts: list[str] = []
    following = None
    for number, line in lines:
        parts.append("\n" * (number - (following or number)) + line)
        following = number + 1
    return "".join(parts)


def _document(path: Path, text: str, first_line: int) -> Iterator[Row]:
    try:
        value = read_json(text)
    except json.JSONDecodeError as error:
        line = first_line + error.lineno - 1
        raise RecordError(
            f"{path}, line {line}, column {error.colno}: malformed JSON: {error.msg}",
            file=str(path),
            row=line,
        ) from error
    except ValueError as error:
        raise RecordError(f"{path}: malformed JSON: {error}", file=str(path)) from error
    for number, item in enumerate(_items(value), 1):
        yield Row(str(path), number, item, {})


def _json_lines(path: Path, lines: Iterable[tuple[int, str]], bad_row: BadRow) -> Iterator[Row]:
    for number, line in lines:
        try:
            value = read_json(line)
        except json.JSONDecodeError as error:
            bad_row(_problem(path, number, f"malformed JSON at column {error.colno}: {error.msg}"))
        except ValueError as error:
            bad_row(_problem(path, number, f"malformed JSON: {error}"))
        else:
            for item in _items(value):
                yield Row(str(path), number, item, {})


def _items(value: Any) -> list[Any]:
    """Return the records that a JSON value holds: a list's, an API answer's, or itself."""
    if isinstance(value, dict) and isinstance(value.get("result"), list):
        return list(value["result"])
    return value if isinstance(value, list) else [value]


def _is_json(text: str) -> bool:
    try:
        read_json(text)
    except ValueError:
        return False
    return True
