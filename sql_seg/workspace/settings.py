"""Settings from ``sql-seg.toml``, or ``[tool.sql-seg]`` in ``pyproject.toml``, and their environments."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sql_seg.diagnostics import Severity
from sql_seg.errors import SqlSegError
from sql_seg.frozen import field, frozen
from sql_seg.language.datatypes import Dialect
from sql_seg.sources.reading import content_of
from sql_seg.wording import did_you_mean

if TYPE_CHECKING:
    from sql_seg.sources import EnvironmentValues

OWN_FILE = "sql-seg.toml"
SHARED_FILE = "pyproject.toml"
TABLE = "sql-seg"
_MOST_BYTES = 1 << 20


class SettingsError(SqlSegError, ValueError):
    """Settings that cannot be: the sentence names the file and the key."""


@frozen
class ListSetting:
    """A list that settings name: its id, and the exports of its members, seen from the current directory."""

    id: str
    files: tuple[str, ...] = ()


@frozen
class Environment:
    """An account that a folder is kept in step with, and what differs between accounts.

    ``key_env`` is the name of the environment variable that holds its API key; ``values`` stand for the
    ``${names}`` in queries.
    """

    url: str | None = None
    key_env: str = "SENDGRID_API_KEY"
    values: Mapping[str, str] = field(default_factory=dict)


@frozen
class Settings:
    """What a file says; what it says nothing of is as if an option were not given.

    Paths (``fields``, ``contacts``, ``events``, those of ``lists``) are as seen from the current directory.
    Globs are seen from ``folder``: ``per_file_ignores`` are globs of files, each with the codes that are
    ignored there; ``per_segment_ignores`` are names of segments. ``file`` is where all this was read, and
    ``given`` has the keys that it gives.
    """

    folder: Path = field(default_factory=Path)
    file: Path | None = None
    given: frozenset[str] = frozenset()
    select: frozenset[str] | None = None
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    strict: bool = False
    show_info: bool = False
    error_on_warnings: bool = False
    dialect: Dialect | None = None
    fields: str | None = None
    lenient: bool = False
    contacts: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    lists: Mapping[str, ListSetting] = field(default_factory=dict)
    environments: Mapping[str, Environment] = field(default_factory=dict)
    environment: str | None = None
    now: datetime | None = None
    width: int | None = None
    output_format: str | None = None
    exclude: tuple[str, ...] | None = None
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True
    baseline: str | None = None
    per_file_ignores: Mapping[str, frozenset[str]] = field(default_factory=dict)
    per_segment_ignores: Mapping[str, frozenset[str]] = field(default_factory=dict)


def settings_for(config: str | None, *, isolated: bool, near: Sequence[str] = ()) -> Settings:
    """Return the settings of a file that is named, else of the nearest one, or, if ``isolated``, of none.

    The nearest is at or above the current directory; where there is none, at or above what all places that
    people named (``near``) have in common.

    Raises SettingsError or SegmentFileError, which name the file, for a file that has none, or wrong ones.
    """
    if isolated:
        return Settings()
    if config is not None:
        return read_settings(Path(config))
    here = _current()
    if here is None:
        return Settings()
    found = nearest_settings(here)
    common = _in_common(near, here) if found.file is None else None
    return found if common is None else nearest_settings(common)


def _in_common(places: Sequence[str], here: Path) -> Path | None:
    """Return the folder that all places are in; None where they are in none, or in the current one."""
    folders = [path if path.is_dir() else path.parent for place in places if (path := here / place).exists()]
    if not folders or len(folders) < len(places):
        return None
    try:
        common = Path(os.path.commonpath([folder.resolve() for folder in folders]))
    except ValueError:  # on several drives
        return None
    return None if here.is_relative_to(common) else common


def nearest_settings(here: Path) -> Settings:
    """Return the settings of the nearest file at or above a directory; none if there is none.

    Those of the current directory have paths as they are seen from it, others whole ones.
    """
    is_current = here == _current()
    for folder in (here, *here.parents):
        seen = Path(os.path.relpath(folder, here)) if is_current else folder
        own, shared = seen / OWN_FILE, seen / SHARED_FILE
        if _is_file(own):
            return read_settings(own)
        # Most projects' files have nothing to say here, and reading TOML takes its time.
        if _is_file(shared) and TABLE.encode() in _content(shared):
            table = _table_of(shared)
            if table is not None:
                return _settings(table, shared)
    return Settings()


def _current() -> Path | None:
    """Return the current directory, None where it has been removed."""
    try:
        return Path.cwd()
    except OSError:
        return None


def _is_file(path: Path) -> bool:
    """Return whether there is a file that can be seen; folders above may be closed to us."""
    try:
        return path.is_file()
    except OSError:
        return False


def read_settings(path: Path) -> Settings:
    """Return the settings of a file. Raises SettingsError, which names file and key, for all else in it."""
    table = _table_of(path)
    if table is None:
        raise SettingsError(f"{path}: has no table [tool.{TABLE}]")
    return _settings(table, path)


def _content(path: Path) -> bytes:
    content = content_of(path, _MOST_BYTES)
    if len(content) > _MOST_BYTES:
        raise SettingsError(f"{path}: is larger than 1 MiB")
    return content


def _table_of(path: Path) -> Any:
    """Return a file's settings as TOML has them; None if it is a ``pyproject.toml`` without any."""
    import tomllib

    try:
        form: dict[str, Any] = tomllib.loads(_content(path).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: is not UTF-8 text") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path}: is not TOML: {error}") from error
    if path.name != SHARED_FILE:
        return form
    tools = form.get("tool")
    return tools.get(TABLE) if isinstance(tools, dict) else None


def _settings(table: Any, path: Path) -> Settings:
    from sql_seg.workspace.settings_values import WrongValueError, read_values

    where = f"{path}" + (f": [tool.{TABLE}]" if path.name == SHARED_FILE else "")
    if not isinstance(table, dict):
        raise SettingsError(f"{where}: must be a table")
    try:
        values = read_values(table, path.parent)
    except WrongValueError as error:
        raise SettingsError(f"{where}: {error}") from error
    return Settings(path.parent, path, frozenset(table), **values)


DEFAULT = "default"


def account_of(settings: Settings) -> tuple[str, Environment]:
    """Return the environment that a folder is kept in step with: the one chosen, else the default.

    Raises SettingsError for one that there is not.
    """
    name = settings.environment or DEFAULT
    if name not in settings.environments and name != DEFAULT:
        raise _unknown(name, settings)
    return name, settings.environments.get(name, Environment())


def values_of(settings: Settings) -> EnvironmentValues | None:
    """Return the values of the environment that is chosen, is the default, or is the only one.

    None where there are no environments. Raises SettingsError for one that there is not.
    """
    names = tuple(settings.environments)
    if not names and settings.environment is None:
        return None
    from sql_seg.sources import EnvironmentValues

    only = names[0] if len(names) == 1 else None
    name = settings.environment or (DEFAULT if DEFAULT in names else only)
    if name is None:
        return EnvironmentValues(None, {}, names)
    if name not in names and name != DEFAULT:
        raise _unknown(name, settings)
    return EnvironmentValues(name, settings.environments.get(name, Environment()).values, names)


def _unknown(name: str, settings: Settings) -> SettingsError:
    names = settings.environments
    hint = did_you_mean(name, names) or f"there are {', '.join(names) or 'none'}"
    return SettingsError(f"the settings have no environment {name!r}; {hint}")
