"""Settings from files: ``sql-seg.toml``, or ``[tool.sql-seg]`` in ``pyproject.toml``."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from sql_seg.checking.suggestions import did_you_mean
from sql_seg.cli.output import Failure
from sql_seg.cli.selection import complaint_about
from sql_seg.diagnostics.report import FORMATS
from sql_seg.frozen import field, frozen
from sql_seg.language.datatypes import Dialect

OWN_FILE = "sql-seg.toml"
SHARED_FILE = "pyproject.toml"
_TABLE = "sql-seg"
_MOST_BYTES = 1 << 20


@frozen
class Settings:
    """What a file says; what it says nothing of is as if an option were not given.

    ``fields`` is a path as it is seen from the current directory. ``per_file_ignores`` are globs of files
    below ``folder``, each with the codes that are ignored there.
    """

    folder: Path = field(default_factory=Path)
    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()
    strict: bool = False
    dialect: Dialect | None = None
    fields: str | None = None
    lenient: bool = False
    output_format: str | None = None
    per_file_ignores: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def ignored_in(self, path: Path) -> frozenset[str]:
        """Return the codes that are ignored in a file."""
        if not self.per_file_ignores:
            return frozenset()
        relative = _relative(path, self.folder)
        found = (codes for glob, codes in self.per_file_ignores.items() if matches_glob(relative, glob))
        return frozenset().union(*found)


def settings_for(config: str | None, *, isolated: bool) -> Settings:
    """Return the settings of a file that is named, else of the nearest one, or, if ``isolated``, of none."""
    if config is not None and isolated:
        raise click.UsageError("give either --config or --isolated, not both")
    if isolated:
        return Settings()
    if config is not None:
        return read_settings(Path(config))
    try:
        here = Path.cwd()
    except OSError:  # it has been removed
        return Settings()
    return _nearest_settings(here)


def _nearest_settings(here: Path) -> Settings:
    """Return the settings of the nearest file at or above the current directory; none if there is none."""
    for folder in (here, *here.parents):
        seen = Path(os.path.relpath(folder, here))
        own, shared = seen / OWN_FILE, seen / SHARED_FILE
        if _is_file(own):
            return read_settings(own)
        # Most projects' files have nothing to say here, and reading TOML takes its time.
        if _is_file(shared) and _TABLE.encode() in _content(shared):
            table = _table_of(shared)
            if table is not None:
                return _settings(table, shared)
    return Settings()


def _is_file(path: Path) -> bool:
    """Return whether there is a file that can be seen; folders above may be closed to us."""
    try:
        return path.is_file()
    except OSError:
        return False


def read_settings(path: Path) -> Settings:
    """Return the settings of a file. Raises Failure, which names file and key, for anything else in it."""
    table = _table_of(path)
    if table is None:
        raise Failure(f"{path}: has no table [tool.{_TABLE}]")
    return _settings(table, path)


def matches_glob(path: str, glob: str) -> bool:
    """Return whether a glob is for a path, both with slashes.

    ``*`` and ``?`` stand for what has no slash, ``**`` for any folders; a glob without a slash is for the
    names of files in any folder, one with a slash at its end for all that is in a folder.
    """
    if "/" not in glob:
        glob = f"**/{glob}"
    if glob.endswith("/"):
        glob += "**"
    return re.fullmatch(_pattern(glob.removeprefix("./").removeprefix("/")), path) is not None


_GLOB_PART = re.compile(r"\*\*/|\*\*|\*|\?|\[(?P<negated>!?)(?P<characters>\]?[^\]/]*)\]")
_MEANINGS = {"**/": r"(?:[^/]+/)*", "**": r".*", "*": r"[^/]*", "?": r"[^/]"}


def _pattern(glob: str) -> str:
    pieces: list[str] = []
    end = 0
    for part in _GLOB_PART.finditer(glob):
        pieces.append(re.escape(glob[end : part.start()]))
        pieces.append(_MEANINGS.get(part[0]) or _class(part))
        end = part.end()
    return "(?s:" + "".join(pieces) + re.escape(glob[end:]) + ")"


def _class(part: re.Match[str]) -> str:
    characters = re.sub(r"([\\\[\]^&~|])", r"\\\1", part["characters"])
    return f"[{'^/' if part['negated'] else ''}{characters}]"


def _relative(path: Path, folder: Path) -> str:
    """Return a path as it is seen from a folder, with slashes; a link is where it stands."""
    place = path.parent.resolve() / path.name
    try:
        return Path(os.path.relpath(place, folder.resolve())).as_posix()
    except ValueError:  # on another drive
        return place.as_posix()


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise Failure(f"{path}: no such file") from error
    except IsADirectoryError as error:
        raise Failure(f"{path}: is a directory, not a file") from error
    except (OSError, ValueError) as error:
        raise Failure(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if len(content) > _MOST_BYTES:
        raise Failure(f"{path}: is larger than 1 MiB")
    return content


def _table_of(path: Path) -> Any:
    """Return a file's settings as TOML has them; None if it is a ``pyproject.toml`` without any."""
    import tomllib

    try:
        form: dict[str, Any] = tomllib.loads(_content(path).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Failure(f"{path}: is not UTF-8 text") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise Failure(f"{path}: is not TOML: {error}") from error
    if path.name != SHARED_FILE:
        return form
    tools = form.get("tool")
    return tools.get(_TABLE) if isinstance(tools, dict) else None


def _settings(table: Any, path: Path) -> Settings:
    where = f"{path}" + (f": [tool.{_TABLE}]" if path.name == SHARED_FILE else "")
    if not isinstance(table, dict):
        raise Failure(f"{where}: must be a table")
    values: dict[str, Any] = {}
    for key, value in table.items():
        read = READERS.get(key)
        if read is None:
            hint = did_you_mean(key, READERS)
            raise Failure(f"{where}: there is no setting {key!r}; {hint or f'there are {_listed(READERS)}'}")
        try:
            values[key.replace("-", "_")] = read(value)
        except _WrongError as error:
            raise Failure(f"{where}: {key}{error}") from error
    if "fields" in values:
        values["fields"] = str(path.parent / values["fields"])
    return Settings(path.parent, **values)


class _WrongError(Exception):
    """What a value is not; the sentence goes on behind the key."""


def _wrong_type(expected: str, value: Any) -> _WrongError:
    return _WrongError(f" must be {expected}, not {_kind(value)}")


def _codes(value: Any, *, ignored: bool) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(code, str) for code in value):
        raise _wrong_type("a list of rules", value)
    for code in value:
        complaint = complaint_about(code, ignored=ignored)
        if complaint is not None:
            raise _WrongError(f": {complaint}")
    return frozenset(value)


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _wrong_type("true or false", value)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong_type("a text", value)
    if not value:
        raise _WrongError(" is empty")
    return value


def _one_of(value: Any, choices: Iterable[str]) -> str:
    if value not in choices:
        shown = repr(value) if isinstance(value, str) else _kind(value)
        raise _WrongError(f" must be {_listed(choices, 'or')}, not {shown}")
    return str(value)


def _dialect(value: Any) -> Dialect | None:
    chosen = _one_of(value, ("auto", *(dialect.value for dialect in Dialect)))
    return None if chosen == "auto" else Dialect(chosen)


def _per_file(value: Any) -> dict[str, frozenset[str]]:
    if not isinstance(value, dict):
        raise _wrong_type("a table of globs with lists of rules", value)
    return dict(_per_glob(value))


def _per_glob(table: Mapping[str, Any]) -> Iterator[tuple[str, frozenset[str]]]:
    for glob, codes in table.items():
        try:
            matches_glob("", glob)
            yield glob, _codes(codes, ignored=True)
        except re.error as error:
            raise _WrongError(f".{glob!r} is no glob") from error
        except _WrongError as error:
            raise _WrongError(f".{glob!r}{error}") from error


READERS: dict[str, Callable[[Any], Any]] = {
    "select": lambda value: _codes(value, ignored=False),
    "ignore": lambda value: _codes(value, ignored=True),
    "strict": _truth,
    "dialect": _dialect,
    "fields": _text,
    "lenient": _truth,
    "output-format": lambda value: _one_of(value, FORMATS),
    "per-file-ignores": _per_file,
}


def _kind(value: Any) -> str:
    match value:
        case bool():
            return "a truth value"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list" if all(isinstance(item, str) for item in value) else "a list of other things"
        case dict():
            return "a table"
    return "a time"


def _listed(words: Iterable[str], conjunction: str = "and") -> str:
    *most, last = words
    return f"{', '.join(most)} {conjunction} {last}"
