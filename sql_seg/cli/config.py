"""``sql-seg config``: the settings that count, and where each of them comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

import click

from sql_seg.cli.output import put
from sql_seg.language.timestamps import write_timestamp
from sql_seg.syntax.formatting import WIDTH
from sql_seg.workspace.folders import VENDORED
from sql_seg.workspace.settings import Environment, ListSetting, Settings, settings_for
from sql_seg.workspace.settings_values import READERS

_DEFAULTS: dict[str, Any] = {"dialect": "auto", "exclude": list(VENDORED), "width": WIDTH}
"""What counts where ``Settings`` has nothing."""


@click.command("config")
@click.option("--config", metavar="FILE", help="A file with settings, instead of the nearest one.")
@click.option("--isolated", is_flag=True, help="Read no file with settings.")
@click.option(
    "--output-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Lines for people, or JSON.",
)
def command(config: str | None, isolated: bool, output_format: str) -> int:
    """Show the settings that count here, and where each of them comes from.

    They are those of the nearest sql-seg.toml, or pyproject.toml with a table [tool.sql-seg], at or above the
    current directory. Options of a command count in their place.

    Exit codes: 0 here they are; 2 they are wrong, or cannot be read.
    """
    if config is not None and isolated:
        raise click.UsageError("give either --config or --isolated, not both")
    settings = settings_for(config, isolated=isolated)
    values = {key: _value(settings, key) for key in READERS}
    if output_format == "json":
        form = {key: {"value": value, "source": _source(settings, key)} for key, value in values.items()}
        put(json.dumps({"file": _file(settings), "settings": form}, indent=2))
        return 0
    put(f"# {settings.file}" if settings.file else "# no file with settings here: these are the defaults")
    width = max(map(len, READERS))
    for key, value in values.items():
        source = f"  # {_source(settings, key)}"
        put(f"# {key} is not set" if value is None else f"{key:{width}} = {_written(value)}{source}")
    return 0


def _file(settings: Settings) -> str | None:
    return None if settings.file is None else settings.file.as_posix()


def _source(settings: Settings, key: str) -> str:
    return str(_file(settings)) if key in settings.given else "default"


def _value(settings: Settings, key: str) -> Any:
    value = getattr(settings, key.replace("-", "_"))
    return _DEFAULTS.get(key) if value is None else _plain(value)


def _plain(value: Any) -> Any:
    """Return a value as JSON and TOML have it."""
    match value:
        case datetime():
            return write_timestamp(value)
        case Enum():
            return value.value
        case Path():
            return value.as_posix()
        case ListSetting():
            return {"id": value.id, "file": list(value.files)}
        case Environment():
            return {"url": value.url, "key_env": value.key_env, "values": dict(value.values)}
        case frozenset():
            return sorted(value)
        case tuple():
            return list(value)
        case Mapping():
            return {key: _plain(inner) for key, inner in value.items()}
    return value


def _written(value: Any) -> str:
    """Return a value as TOML writes it on one line."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{json.dumps(key)} = {_written(inner)}" for key, inner in value.items())
        return f"{{{pairs and f' {pairs} '}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    return json.dumps(value, ensure_ascii=False)
