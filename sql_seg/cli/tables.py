"""Tables for people: as wide as their cells, or as the terminal has room."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import StringIO

from sql_seg.cli.output import is_colorful
from sql_seg.cli.output import room as room_there

NULL = "NULL"
"""What a cell without a value says."""

_NARROWEST = 12
_GAP = 3
_ENDLESS = 100_000


@dataclass
class TableColumn:
    """A column of a table: its cells, and how much room they take.

    Texts that ``can_give_way`` are cut where there is no room for more than ``most`` cells of a terminal, and
    for what else stands in the table; those that wrap go on in the next line instead. What is cut off a
    number or a timestamp would change it, and numbers never give way. ``styles`` say how each cell looks in
    colours, as rich has it.
    """

    name: str
    cells: Sequence[str]
    is_numeric: bool = False
    can_give_way: bool = True
    wraps: bool = False
    most: int = _ENDLESS
    styles: Sequence[str] = ()
    width: int = field(init=False)
    least: int = field(init=False)

    def __post_init__(self) -> None:
        from rich.cells import cell_len

        longest = max(cell_len(text) for text in (self.name, *self.cells))
        gives_way = self.can_give_way and not self.is_numeric
        self.width = min(longest, self.most) if gives_way else longest
        self.least = min(longest, _NARROWEST) if gives_way else longest


def lines_of(given: Sequence[TableColumn]) -> Iterator[str]:
    """Yield the lines of a table for standard output; columns that there is no room for are named below."""
    room = room_there() or _ENDLESS
    columns = _fitted(list(given), room)
    unicode = "utf" in (getattr(sys.stdout, "encoding", None) or "").lower()
    is_plain = not is_colorful("auto") and all(map(_is_plain, columns)) and _width(columns) <= room
    yield from (_plain_lines if is_plain else _drawn_lines)(columns, room, unicode=unicode)
    if len(columns) < len(given):
        yield f"  not shown, for want of room: {', '.join(column.name for column in given[len(columns) :])}"


def _is_plain(column: TableColumn) -> bool:
    """Return whether a column can be drawn by itself: no cell takes two lines or holds marks on letters."""
    from rich.cells import cell_len

    texts = (column.name, *column.cells)
    has_room = not column.wraps or all(cell_len(text) <= column.width for text in texts)
    return has_room and all(map(_is_plain_text, texts))


def _is_plain_text(text: str) -> bool:
    from rich.cells import cell_len

    if not text.isprintable() or text != text.strip():
        return False
    return text.isascii() or all(map(cell_len, text))


def _width(columns: Sequence[TableColumn]) -> int:
    return sum(column.width + _GAP for column in columns) - 1


def _plain_lines(columns: Sequence[TableColumn], room: int, *, unicode: bool) -> Iterator[str]:  # noqa: ARG001
    """Yield what rich would draw in no colours: to import rich takes 65 ms."""
    from rich.cells import cell_len, set_cell_size

    def cell(text: str, column: TableColumn) -> str:
        if cell_len(text) > column.width:
            text = set_cell_size(text, column.width - 1) + "…"
        space = " " * (column.width - cell_len(text))
        return f" {space}{text} " if column.is_numeric else f" {text}{space} "

    between, rule, crossing = (" ", "─", "─") if unicode else ("|", "-", "+")

    def line(texts: Sequence[str]) -> str:
        return between.join(map(cell, texts, columns)).rstrip()

    yield line([column.name for column in columns])
    yield crossing.join(rule * (column.width + 2) for column in columns)
    yield from map(line, zip(*(column.cells for column in columns), strict=True))


def _drawn_lines(columns: Sequence[TableColumn], room: int, *, unicode: bool) -> Iterator[str]:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD if unicode else box.ASCII, show_edge=False)
    for column in columns:
        table.add_column(
            Text(column.name),
            width=column.width,
            justify="right" if column.is_numeric else "left",
            no_wrap=not column.wraps,
            overflow="fold" if column.wraps else "ellipsis",
        )
    for cells in zip(*(_painted(column) for column in columns), strict=True):
        table.add_row(*[Text(cell, style=style) for cell, style in cells])
    console = Console(
        file=StringIO(),
        width=room,
        force_terminal=is_colorful("auto"),
        color_system="standard" if is_colorful("auto") else None,
        legacy_windows=False,
    )
    with console.capture() as capture:
        console.print(table)
    yield from (line.rstrip() for line in capture.get().splitlines())


def _painted(column: TableColumn) -> Iterator[tuple[str, str]]:
    """Yield the cells of a column with how they look."""
    styles = column.styles or ["dim" if cell == NULL else "" for cell in column.cells]
    return zip(column.cells, styles, strict=True)


def _fitted(columns: list[TableColumn], room: int) -> list[TableColumn]:
    """Return the columns that there is room for, one at least; the widest give way first."""
    while len(columns) > 1 and sum(column.least + _GAP for column in columns) > room:
        columns.pop()
    while sum(column.width + _GAP for column in columns) > room:
        widest = max(columns, key=lambda column: column.width - column.least)
        if widest.width <= 1:
            break
        widest.width -= 1
    return columns
