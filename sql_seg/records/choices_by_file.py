"""How people say that files are read: an encoding, what separates the cells; of all files, or of some."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, TypeAlias

from sql_seg.records.text_files import expand

ByFile: TypeAlias = "str | Mapping[str, str] | None"
"""One choice for all files, or choices by file: a path, its last part, or a glob; ``*`` is all others."""

ALL_OTHERS = "*"


def choice_for(choices: ByFile, path: str | os.PathLike[str]) -> str | None:
    """Return what was chosen for a file: what names it goes before what is for all others."""
    if choices is None or isinstance(choices, str):
        return choices
    named = [key for key in choices if key != ALL_OTHERS and _names(key, os.fspath(path))]
    return choices[named[-1]] if named else choices.get(ALL_OTHERS)


def names_without_file(choices: ByFile, paths: Iterable[Any]) -> list[str]:
    """Return the names in choices that are of none of some files, which are given as paths and globs.

    Raises RecordError for a glob without matches.
    """
    if choices is None or isinstance(choices, str):
        return []
    files: list[str] = []
    for path in paths:
        if isinstance(path, str | os.PathLike):
            files += [os.fspath(path), *map(os.fspath, expand(path))]
        else:  # a stream, such as standard input
            files.append(str(getattr(path, "name", path)))
    named = choices.keys() - {ALL_OTHERS}
    return sorted(key for key in named if not any(_names(key, file) for file in files))


def _names(key: str, path: str) -> bool:
    """Return whether people mean a file by a name: its path, its last part, or a glob."""
    key, path = os.path.normpath(key), os.path.normpath(path)
    if path in ("-", "<stdin>"):
        return key in ("-", "<stdin>")
    last = Path(path).name
    return key in (path, last) or fnmatch(path, key) or fnmatch(last, key)
