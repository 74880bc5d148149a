"""DuckDB's own module, without the package around it where nobody has imported that.

The package brings relations, expressions and types of its own in Python, which nothing here uses: importing it
takes three times as long as importing the module, and longer than it takes to read a small account.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any


def duckdb_module() -> Any:
    """Return what ``connect`` and the errors of DuckDB are in: the package ``duckdb``, or the module beneath it."""
    known = sys.modules.get("duckdb")
    if known is not None:
        return known
    try:
        return import_module("_duckdb")
    except ImportError:  # a version that calls it otherwise
        return import_module("duckdb")
