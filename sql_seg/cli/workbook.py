"""Members as a workbook of Excel's: one row each, texts always texts, and moments as dates in UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from sql_seg.cli.csv_text import csv_cell
from sql_seg.errors import EngineError
from sql_seg.whole_files import scratch_folder, take_place, why_not_written

MOST_ROWS = 1_048_575
"""How many rows a sheet has below its header: those behind them go on in another sheet."""

_LONGEST = 32_767
_FIRST, _LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)
"""The moments that Excel has dates for. It rounds to thousandths, and the year 10000 is an error there."""

_WIDTH = 20


@dataclass
class Written:
    """How many rows were written, and how many cells were cut to what Excel takes."""

    rows: int = 0
    cut: int = 0


def write_workbook(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Written:
    """Write rows into a workbook, which is there as a whole or not at all.

    A text is written as a text whatever it starts with, so that ``=1+1`` is no formula. Raises EngineError
    where the file cannot be written.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import XlsxWriterException

    written = Written()
    try:
        with scratch_folder(path) as folder:
            part = folder / "members.xlsx"
            options = {"constant_memory": True, "tmpdir": str(folder), "remove_timezone": True}
            book = Workbook(str(part), options)
            try:
                _fill(_Sheets(book, columns, written), iter(rows))
            finally:
                book.close()
            take_place(part, path)
    except XlsxWriterException as error:
        reason = next((cause for cause in error.args if isinstance(cause, OSError)), None) or OSError(
            str(error)
        )
        raise EngineError(f"{path}: {why_not_written(reason)}") from error
    except OSError as error:
        raise EngineError(f"{path}: {why_not_written(error)}") from error
    return written


def _fill(sheets: _Sheets, rows: Iterator[Mapping[str, Any]]) -> None:
    """Write rows into as many sheets as they need, one at least."""
    sheets.add(islice(rows, MOST_ROWS))
    for first in rows:
        sheets.add(chain([first], islice(rows, MOST_ROWS - 1)))


class _Sheets:
    def __init__(self, book: Any, columns: Sequence[str], written: Written) -> None:
        self._book, self._columns, self._written = book, columns, written
        self._bold = book.add_format({"bold": True})
        self._moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._number = 0

    def add(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows into a sheet of their own, below a header."""
        self._number += 1
        sheet = self._book.add_worksheet("members" if self._number == 1 else f"members {self._number}")
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(self._columns) - 1, 0), _WIDTH)
        for at, name in enumerate(self._columns):
            sheet.write_string(0, at, name, self._bold)
        for number, row in enumerate(rows, 1):
            self._written.rows += 1
            for at, name in enumerate(self._columns):
                self._put(sheet, number, at, row.get(name))

    def _put(self, sheet: Any, row: int, column: int, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, datetime) and _FIRST <= value <= _LAST:
            sheet.write_datetime(row, column, value, self._moment)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            sheet.write_number(row, column, value)
        else:
            text = csv_cell(value)
            self._written.cut += len(text) > _LONGEST
            sheet.write_string(row, column, text[:_LONGEST])
