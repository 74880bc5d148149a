"""Which of the settings' environments counts: whose values stand for the ``${names}`` in queries."""

from __future__ import annotations

from sql_seg.diagnostics.suggestions import did_you_mean
from sql_seg.sources import Values
from sql_seg.workspace.settings import Environment, Settings, SettingsError

DEFAULT = "default"


def account_of(settings: Settings) -> tuple[str, Environment]:
    """Return the environment that a folder is kept in step with: the one chosen, else the default.

    Raises SettingsError for one that there is not.
    """
    name = settings.environment or DEFAULT
    if name not in settings.environments and name != DEFAULT:
        raise _unknown(name, settings)
    return name, settings.environments.get(name, Environment())


def values_of(settings: Settings) -> Values | None:
    """Return the values of the environment that is chosen, is the default, or is the only one.

    None where there are no environments. Raises SettingsError for one that there is not.
    """
    names = tuple(settings.environments)
    if not names and settings.environment is None:
        return None
    only = names[0] if len(names) == 1 else None
    name = settings.environment or (DEFAULT if DEFAULT in names else only)
    if name is None:
        return Values(None, {}, names)
    if name not in names and name != DEFAULT:
        raise _unknown(name, settings)
    return Values(name, settings.environments.get(name, Environment()).values, names)


def _unknown(name: str, settings: Settings) -> SettingsError:
    names = settings.environments
    hint = did_you_mean(name, names) or f"there are {', '.join(names) or 'none'}"
    return SettingsError(f"the settings have no environment {name!r}; {hint}")
