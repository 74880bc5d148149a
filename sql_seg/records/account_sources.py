"""What is said of an account's files, and of how to read them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, TypeAlias, get_args

from sql_seg.errors import RecordError
from sql_seg.frozen import field, frozen
from sql_seg.language.datatypes import DataType
from sql_seg.records.loading_report import Empty, OnError
from sql_seg.records.text_files import expand

ByFile: TypeAlias = "str | Mapping[str, str] | None"
"""One choice for all files, or choices by file: a path, its last part, or a glob; ``*`` is all others."""

ALL_OTHERS = "*"
_STREAM = ("-", "<stdin>")

DUCKDBS_OWN_LIMIT: str | None = None
"""How much memory data may take where nothing is said: DuckDB takes up to four fifths of the machine's."""


def choice_for(choices: ByFile, path: str | os.PathLike[str]) -> str | None:
    """Return what was chosen for a file: what names it goes before what is for all others."""
    if choices is None or isinstance(choices, str):
        return choices
    named = [key for key in choices if key != ALL_OTHERS and _names(key, os.fspath(path))]
    return choices[named[-1]] if named else choices.get(ALL_OTHERS)


def refuse_choice_of(choices: ByFile, path: str | os.PathLike[str], why: str) -> None:
    """Raise RecordError where something is chosen for this very file, of which it says nothing.

    What is for all files, or for those of a glob, may be meant for others.
    """
    if isinstance(choices, Mapping) and any(_is_name_of(key, os.fspath(path)) for key in choices):
        raise RecordError(f"{path}: {why}", file=os.fspath(path))


def _names(key: str, path: str) -> bool:
    """Return whether people mean a file by a name: its path, its last part, or a glob."""
    key, path = os.path.normpath(key), os.path.normpath(path)
    is_stream = path in _STREAM
    return _is_name_of(key, path) or (not is_stream and (fnmatch(path, key) or fnmatch(Path(path).name, key)))


def _is_name_of(key: str, path: str) -> bool:
    """Return whether a name is that of a file: its path, or its last part."""
    key, path = os.path.normpath(key), os.path.normpath(path)
    return key in _STREAM if path in _STREAM else key in (path, Path(path).name)


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
    memory_limit: str | None = DUCKDBS_OWN_LIMIT

    def __post_init__(self) -> None:
        checked_on_error(self.on_error)
        _one_of(self.empty, get_args(Empty))

    @property
    def list_files(self) -> list[tuple[str, Any]]:
        """The exports of lists, each with the id of its list."""
        return list(self.lists.items() if isinstance(self.lists, Mapping) else self.lists)

    def refuse_names_without_file(self) -> None:
        """Raise RecordError where an encoding or a delimiter is said of a file that is none of these.

        So it does for a glob without matches.
        """
        said = {"encoding": self.encoding, "delimiter": self.delimiter}
        by_file = {what: choices for what, choices in said.items() if isinstance(choices, Mapping)}
        files = list(self._names_of_files()) if by_file else []
        for what, choices in by_file.items():
            for name in sorted(choices.keys() - {ALL_OTHERS}):
                if not any(_names(name, file) for file in files):
                    raise RecordError(f"{what}: none of the files that are read is called {name!r}")

    def _names_of_files(self) -> Iterator[str]:
        """Yield what each file is called, as it was given and as a glob finds it."""
        for paths in (self.contacts, self.events, *(given for _, given in self.list_files)):
            for path in [paths] if isinstance(paths, str | os.PathLike) else paths:
                if isinstance(path, str | os.PathLike):
                    yield os.fspath(path)
                    yield from map(os.fspath, expand(path))
                else:  # a stream, such as standard input
                    yield str(getattr(path, "name", path))


def checked_on_error(choice: OnError) -> OnError:
    """Return what becomes of bad values. Raises ValueError for a choice that does not exist."""
    _one_of(choice, get_args(OnError))
    return choice


def _one_of(choice: str, choices: tuple[str, ...]) -> None:
    if choice not in choices:
        raise ValueError(f"{choice!r} is none of {', '.join(choices)}")
