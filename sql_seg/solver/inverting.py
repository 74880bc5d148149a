"""From a wanted value of an expression back to values of what it reads: guesses, which are then tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from sql_seg.core import scalars
from sql_seg.core import terms as core
from sql_seg.language import arithmetic
from sql_seg.language.literals import is_number
from sql_seg.language.operators import Arithmetic
from sql_seg.solver.record_cells import Cell, cells_in

ValueOf = Callable[[core.Term], Any]
"""What a term is by now; None where it is NULL, or not yet known."""

_NEAR = (timedelta(0), timedelta(days=1), timedelta(days=-1), timedelta(days=3), timedelta(days=-3))


def preimages(term: core.Term, target: Any, cell: Cell, value_of: ValueOf) -> Iterator[Any]:
    """Yield values of a cell for which a term may be the target."""
    if isinstance(term, core.Negated):
        yield from preimages(term.operand, -target, cell, value_of)
    elif isinstance(term, core.Calculation):
        for side, wanted in _operands(term, target, cell, value_of):
            yield from preimages(side, wanted, cell, value_of)
    elif isinstance(term, core.ShiftedTime):
        for moved in _moved(scalars.shift(target, term.unit, -term.amount)):
            yield from preimages(term.operand, moved, cell, value_of)
    elif isinstance(term, core.Applied):
        inverse = INVERSES.get(term.function)
        if inverse is not None:
            yield from inverse(term, target, cell, value_of)
    else:
        yield target


def _moved(moment: datetime | None) -> Iterator[datetime]:
    """Yield a moment and some near it: months are not all of one length."""
    if moment is not None:
        for step in _NEAR:
            with suppress(OverflowError):
                yield moment + step


def _operands(
    term: core.Calculation, target: Any, cell: Cell, value_of: ValueOf
) -> Iterator[tuple[core.Term, Any]]:
    """Yield the operand that reads the cell with what it may be, the other being what it is."""
    is_left = cell in cells_in(term.left)
    if is_left and cell in cells_in(term.right):
        return
    side, other = (term.left, term.right) if is_left else (term.right, term.left)
    known = value_of(other)
    if known is None:
        return
    inverse = CALCULATIONS.get(term.operator)
    for wanted in [] if inverse is None else inverse(target, known, is_left):
        if wanted is not None and is_number(wanted):
            yield side, _plain(wanted)


def _plain(number: Any) -> Any:
    return int(number) if float(number).is_integer() and abs(number) < 2**53 else number


def _of_modulo(target: Any, known: Any, is_left: bool) -> list[Any]:
    if is_left:
        return [target, target + known, target - known, target + 10 * known]
    return [known - target, known + 1]


CALCULATIONS: dict[Arithmetic, Callable[[Any, Any, bool], list[Any]]] = {
    Arithmetic.ADD: lambda target, known, _: [target - known],
    Arithmetic.SUBTRACT: lambda target, known, left: [target + known if left else known - target],
    Arithmetic.MULTIPLY: lambda target, known, _: [arithmetic.divide(target, known)],
    Arithmetic.DIVIDE: lambda target, known, left: [
        arithmetic.multiply(target, known) if left else arithmetic.divide(known, target)
    ],
    Arithmetic.MODULO: _of_modulo,
}


def _of_case(term: core.Applied, target: Any, cell: Cell, value_of: ValueOf) -> Iterator[Any]:
    yield from preimages(term.operands[0], target, cell, value_of)


def _of_length(term: core.Applied, target: Any, cell: Cell, value_of: ValueOf) -> Iterator[Any]:
    if is_number(target) and 0 <= target <= 1000:
        yield from preimages(term.operands[0], "a" * int(target), cell, value_of)


def _of_concat(term: core.Applied, target: str, cell: Cell, value_of: ValueOf) -> Iterator[Any]:
    """Yield what may stand for the cell in a text, the longest first, unless others can take nothing."""
    index = next(i for i, operand in enumerate(term.operands) if cell in cells_in(operand))
    before, after = [value_of(part) for part in term.operands[:index]], term.operands[index + 1 :]
    if None in before:
        return
    start = sum(map(len, before))
    if not target.startswith("".join(before)):
        return
    rest = target[start:]
    anchor = next((known for part in after if (known := value_of(part))), None)
    ends = [i for i in range(len(rest) + 1) if anchor is None or rest.startswith(anchor, i)]
    for end in [len(rest), *ends]:
        yield from preimages(term.operands[index], rest[:end], cell, value_of)


INVERSES: dict[str, Callable[[core.Applied, Any, Cell, ValueOf], Iterator[Any]]] = {
    "LOWER": _of_case,
    "UPPER": _of_case,
    "LENGTH": _of_length,
    "CONCAT": _of_concat,
}
"""How a value of each function leads back to one of an argument; of any other function nothing is guessed."""
