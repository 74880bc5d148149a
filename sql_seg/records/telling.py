"""Saying, beside an answer, what the data lacks that it rests on."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sql_seg.core.reads import Reads
from sql_seg.errors import DataWarning
from sql_seg.records.gaps import gaps
from sql_seg.records.looking import Look, first_looked_at

_IS_SILENT: ContextVar[bool] = ContextVar("is_silent", default=False)
_PACKAGE = str(Path(__file__).parent.parent)


def tell(sentences: Iterable[Any], name: str = "") -> None:
    """Warn of each of some gaps, at the line outside of this package that asked."""
    if _IS_SILENT.get():
        return
    for sentence in sentences:
        message = f"{name}: {sentence}" if name else str(sentence)
        warnings.warn(message, DataWarning, stacklevel=_frames_of_ours() + 1)


def are_told_elsewhere() -> bool:
    """Return whether who asks says the gaps in another way, so that no answer need have them."""
    return _IS_SILENT.get()


def looked_at(contacts: Iterable[Any], reads: Reads) -> Iterator[Any]:
    """Yield contacts, the first hundred looked at closely; then warn of the columns that none of them has."""
    look = Look(reads)

    def then_tell() -> Iterator[Any]:
        tell(gap for gap in gaps(reads, look.holdings) if gap.kind in ("column", "lists", "emails"))
        return
        yield

    return first_looked_at(look, contacts, then_tell())


@contextmanager
def told_elsewhere() -> Iterator[None]:
    """Keep gaps from being warned of, by who says them in another way.

    Filters of warnings are the process's, and other threads have theirs: they are left alone.
    """
    token = _IS_SILENT.set(True)
    try:
        yield
    finally:
        _IS_SILENT.reset(token)


def _frames_of_ours() -> int:
    """Return how many frames of this package, and of code that it compiled, stand up to the one who asked."""
    frame = sys._getframe(1)
    number = 0
    while frame is not None and frame.f_code.co_filename.startswith((_PACKAGE, "<segment>")):
        number += 1
        if frame.f_back is None:
            break
        frame = frame.f_back
    return number
