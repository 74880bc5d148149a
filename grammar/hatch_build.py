"""What a build of the package does first: the parser's tables, made of the grammar."""

from __future__ import annotations

import sys
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Hook(BuildHookInterface[Any]):
    """Writes the tables, so that no package is built with those of another grammar."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write them before the files are gathered; with tables that are current nothing changes."""
        sys.path.insert(0, self.root)
        try:
            from grammar.tables import write_tables

            write_tables()
        finally:
            sys.path.remove(self.root)
