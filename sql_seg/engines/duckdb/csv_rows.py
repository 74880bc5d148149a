"""The rows of CSV as Python reads them where DuckDB does not: cell for cell what DuckDB would read.

Python's csv module takes blanks before a quote for the cell's first characters, and refuses blanks behind one.
DuckDB, and people, take a blank before a quoted cell, and all behind it, for no part of it. Quoted pieces with
blanks between them are one cell.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator

_QUOTED = r'(?:[^"]|""|" +")*+'
"""What stands between the first quote and the last: quotes doubled, or blanks between two pieces."""
_ODD = re.compile(' "|" ')


class CsvRows:
    """The rows of lines, which keep their ends; ``line_num`` lines were read so far.

    Raises csv.Error for a row that is none; the next one can still be asked for.
    """

    def __init__(self, lines: Iterable[str], delimiter: str) -> None:
        self._lines = iter(lines)
        self._delimiter = delimiter
        self._begins_row = True
        end = rf"(?={re.escape(delimiter)}|[\r\n]|\Z)"
        self._cell = re.compile(
            rf' ?"(?P<quoted>{_QUOTED})(?P<closed>" *{end})?|[^{re.escape(delimiter)}\r\n]*'
        )
        self._rest = re.compile(rf'(?P<quoted>{_QUOTED})(?P<closed>" *{end})?')
        self._rows = csv.reader(self._plain_lines(), delimiter=delimiter, strict=True)

    @property
    def line_num(self) -> int:
        """How many lines were read."""
        return self._rows.line_num

    def __iter__(self) -> Iterator[list[str]]:
        return self

    def __next__(self) -> list[str]:
        self._begins_row = True
        return next(self._rows)

    def _plain_lines(self) -> Iterator[str]:
        """Yield the lines as the csv module takes them: with no blanks around quotes."""
        for line in self._lines:
            begins_row, self._begins_row = self._begins_row, False
            yield self._plain(line, begins_row=begins_row) if _ODD.search(line) else line

    def _plain(self, line: str, *, begins_row: bool) -> str:
        """Return a line without blanks around quotes; from where it is no CSV, as it is."""
        written: list[str] = []
        at, cell = 0, self._cell if begins_row else self._rest
        while match := cell.match(line, at):
            quoted, closed = match.group("quoted", "closed")
            if quoted is None:
                written.append(match[0])
            else:
                written.append('"' if cell is self._cell else "")
                written.append(_ESCAPED.sub(_as_csv, quoted))
                if closed is None:
                    at = match.end()
                    break
                written.append('"')
            at, cell = match.end(), self._cell
            if line[at : at + 1] != self._delimiter:
                break
            written.append(self._delimiter)
            at += 1
        return "".join(written) + line[at:]


_ESCAPED = re.compile('"(.?)', re.DOTALL)


def _as_csv(escaped: re.Match[str]) -> str:
    """Return the character behind a quote, which stands for itself, as the csv module has it."""
    return '""' if escaped[1] == '"' else escaped[1]
