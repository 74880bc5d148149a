"""What each key of the settings takes: TOML's values to those of ``Settings``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TypeVar

from sql_seg.diagnostics import Severity
from sql_seg.language.datatypes import Dialect
from sql_seg.language.timestamps import read_timestamp
from sql_seg.wording import did_you_mean
from sql_seg.workspace.folders import is_glob
from sql_seg.workspace.selection import INVALIDATING, complaint_about
from sql_seg.workspace.settings import Environment, ListSetting

_T = TypeVar("_T")

_NAME = re.compile(r"[A-Za-z0-9_-]+")

OUTPUT_FORMATS = "full concise json json-lines github gitlab sarif junit table csv text".split()
"""All formats of all commands; each command takes those that it has."""


class WrongValueError(Exception):
    """What is wrong with a value; the sentence starts with the key."""


class _WrongError(Exception):
    """What a value is not; the sentence goes on behind the key."""


def read_values(table: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the settings of a table by their names in Python; paths are seen from a folder.

    Raises WrongValueError for a key that there is not, and for what a key does not take.
    """
    values: dict[str, Any] = {}
    for key, value in table.items():
        read = READERS.get(key)
        if read is None:
            hint = did_you_mean(key, READERS)
            raise WrongValueError(f"there is no setting {key!r}; {hint or f'there are {_listed(READERS)}'}")
        try:
            values[key.replace("-", "_")] = (
                _PLACED[key](read(value), folder) if key in _PLACED else read(value)
            )
        except _WrongError as error:
            raise WrongValueError(f"{key}{error}") from error
    return values


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


def _texts(value: Any) -> tuple[str, ...]:
    """Read one text or a list of texts."""
    if isinstance(value, str):
        return (_text(value),)
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise _wrong_type("a text or a list of texts", value)
    return tuple(value)


def _number(value: Any, least: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong_type("a whole number", value)
    if value < least:
        raise _WrongError(f" must be {least} or more, not {value}")
    return value


def _globs(value: Any) -> tuple[str, ...]:
    globs = _texts(value)
    for glob in globs:
        if not is_glob(glob):
            raise _WrongError(f": {glob!r} is no glob")
    return globs


def _one_of(value: Any, choices: Iterable[str]) -> str:
    if value not in choices:
        shown = repr(value) if isinstance(value, str) else _kind(value)
        raise _WrongError(f" must be {_listed(choices, 'or')}, not {shown}")
    return str(value)


def _dialect(value: Any) -> Dialect | None:
    chosen = _one_of(value, ("auto", *(dialect.value for dialect in Dialect)))
    return None if chosen == "auto" else Dialect(chosen)


def _moment(value: Any) -> datetime:
    """Read a time as text, or as TOML writes it; without an offset it is UTC."""
    written = value.isoformat() if isinstance(value, date) else value
    moment = read_timestamp(written) if isinstance(written, str) else None
    if moment is None:
        shown = repr(written) if isinstance(written, str) else _kind(value)
        raise _WrongError(f" must be a time such as 2026-11-23T12:00:00Z, not {shown}")
    return moment


def _table(
    what: str, read: Callable[[str, Any], _T], shown: Callable[[str], str] = str
) -> Callable[[Any], dict[str, _T]]:
    """Return how a table is read, each value with its key, which is ``shown`` where its value is wrong."""

    def read_table(value: Any) -> dict[str, _T]:
        if not isinstance(value, dict):
            raise _wrong_type(what, value)
        found: dict[str, _T] = {}
        for key, item in value.items():
            try:
                found[key] = read(key, item)
            except _WrongError as error:
                raise _WrongError(f".{shown(key)}{error}") from error
        return found

    return read_table


def _keyed(what: str, readers: Mapping[str, Callable[[Any], Any]]) -> Callable[[Any], dict[str, Any]]:
    """Return how a table is read that has certain keys and no other."""
    read_table = _table(what, lambda key, item: readers[key](item))

    def read_keys(value: Any) -> dict[str, Any]:
        for key in value if isinstance(value, dict) else ():
            if key not in readers:
                raise _WrongError(f": there is no key {key!r}; there are {_listed(readers)}")
        return read_table(value)

    return read_keys


def _severity(code: str, value: Any) -> Severity:
    complaint = "ALL is no single rule" if code == "ALL" else complaint_about(code, ignored=False)
    if complaint is not None:
        raise _WrongError(f": {complaint}")
    if code in INVALIDATING:
        raise _WrongError(f": {code} makes a query invalid, and stays an error")
    return Severity(_one_of(value, [item.value for item in Severity]))


def _ignored_of_glob(glob: str, value: Any) -> frozenset[str]:
    if not is_glob(glob):
        raise _WrongError(" is no glob")
    return _codes(value, ignored=True)


def _list(_: str, value: Any) -> ListSetting:
    if isinstance(value, str):
        return ListSetting(_text(value))
    values = _LIST(value)
    if "id" not in values:
        raise _WrongError(" has no id")
    return ListSetting(values["id"], values.get("file", ()))


def _environment(name: str, value: Any) -> Environment:
    if not _NAME.fullmatch(name):
        raise _WrongError(": an environment's name has letters, digits, _ and - alone")
    return Environment(**_ENVIRONMENT(value))


def _named_value(_: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _WrongError(f" must be a text, as it stands in the query, not {_kind(value)}")
    return value


_LIST = _keyed('an id, or a table such as {id = "…", file = "…"}', {"id": _text, "file": _texts})
_ENVIRONMENT = _keyed(
    'a table such as {url = "…", key_env = "…"}',
    {"url": _text, "key_env": _text, "values": _table("a table of names with texts", _named_value)},
)

READERS: dict[str, Callable[[Any], Any]] = {
    "select": lambda value: _codes(value, ignored=False),
    "ignore": lambda value: _codes(value, ignored=True),
    "severity": _table("a table of rules with their severities", _severity),
    "strict": _truth,
    "show-info": _truth,
    "error-on-warnings": _truth,
    "dialect": _dialect,
    "fields": _text,
    "lenient": _truth,
    "contacts": _texts,
    "events": _texts,
    "lists": _table("a table of lists' names with their ids", _list),
    "environments": _table("a table of environments", _environment),
    "environment": _text,
    "now": _moment,
    "width": lambda value: _number(value, 20),
    "output-format": lambda value: _one_of(value, OUTPUT_FORMATS),
    "exclude": _globs,
    "extend-exclude": _globs,
    "force-exclude": _truth,
    "respect-gitignore": _truth,
    "baseline": _text,
    "per-file-ignores": _table("a table of globs with lists of rules", _ignored_of_glob, repr),
    "per-segment-ignores": _table(
        "a table of segments' names with lists of rules", lambda _, value: _codes(value, ignored=True), repr
    ),
}
"""How the value of each key is read."""


def _seen(path: str, folder: Path) -> str:
    return str(folder / path)


_PLACED: dict[str, Callable[[Any, Path], Any]] = {
    "fields": _seen,
    "baseline": _seen,
    "contacts": lambda paths, folder: tuple(_seen(path, folder) for path in paths),
    "events": lambda paths, folder: tuple(_seen(path, folder) for path in paths),
    "lists": lambda lists, folder: {
        name: ListSetting(item.id, tuple(_seen(path, folder) for path in item.files))
        for name, item in lists.items()
    },
}
"""The keys whose values hold paths: they are relative to the file with the settings."""


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
        case date() | time():
            return "a time"
    return "something else"


def _listed(words: Iterable[str], conjunction: str = "and") -> str:
    *most, last = words
    return f"{', '.join(most)} {conjunction} {last}"
