"""What is said of an account's files, and of how to read them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, get_args

from sql_seg.errors import RecordError
from sql_seg.frozen import field, frozen
from sql_seg.language.datatypes import DataType
from sql_seg.records.choices_by_file import ByFile, names_without_file
from sql_seg.records.loading_report import Empty, OnError


@frozen
class AccountSources:
    """The files of an account, and how they are read; ``Dataset.load`` says what each means.

    ``contacts``, ``events`` and the values of ``lists`` are paths, globs or several of them; ``lists`` are
    pairs or a mapping. ``definitions`` are field definitions, as a path or parsed JSON.

    Raises ValueError for a choice that does not exist.
    """

    contacts: Any
    events: Any = ()
    definitions: Any = None
    lists: Any = ()
    hints: Mapping[str, DataType] = field(default_factory=dict)
    on_error: OnError = "fail"
    empty: Empty = "null"
    delimiter: ByFile = None
    encoding: ByFile = None
    memory_limit: str | None = None

    def __post_init__(self) -> None:
        checked_on_error(self.on_error)
        _one_of(self.empty, get_args(Empty))

    @property
    def list_files(self) -> list[tuple[str, Any]]:
        """The exports of lists, each with the id of its list."""
        return list(self.lists.items() if isinstance(self.lists, Mapping) else self.lists)

    def refuse_names_without_file(self) -> None:
        """Raise RecordError where an encoding or a delimiter is said of a file that is none of these."""
        if not isinstance(self.encoding, Mapping) and not isinstance(self.delimiter, Mapping):
            return
        paths = [*_several(self.contacts), *_several(self.events)]
        paths += [path for _, given in self.list_files for path in _several(given)]
        for said, choices in (("encoding", self.encoding), ("delimiter", self.delimiter)):
            for name in names_without_file(choices, paths):
                raise RecordError(f"{said}: none of the files that are read is called {name!r}")


def _several(paths: Any) -> list[Any]:
    return [paths] if isinstance(paths, str | os.PathLike) else list(paths)


def checked_on_error(choice: OnError) -> OnError:
    """Return what becomes of bad values. Raises ValueError for a choice that does not exist."""
    _one_of(choice, get_args(OnError))
    return choice


def _one_of(choice: str, choices: tuple[str, ...]) -> None:
    if choice not in choices:
        raise ValueError(f"{choice!r} is none of {', '.join(choices)}")
