"""What is installed only on demand: which extra brings a module that is missing."""

from __future__ import annotations

import re

_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+).*;.*\bextra\s*==\s*['\"](?P<extra>[\w-]+)['\"]")


def how_to_install(module: str | None) -> str | None:
    """Return how to install what a missing module belongs to; None where no extra brings it."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        requirements = requires("sql-seg") or []
    except PackageNotFoundError:
        return None
    missing = _plain((module or "").partition(".")[0])
    for requirement in requirements:
        found = _REQUIREMENT.match(requirement)
        if found is not None and found["extra"] != "all" and _plain(found["name"]) == missing:
            return f'this needs {found["name"]}: pip install "sql-seg[{found["extra"]}]"'
    return None


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
