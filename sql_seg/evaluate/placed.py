"""Python's syntax nodes as generated code has them: with a place, which ``compile`` insists on.

What is built has no place in a text. ``ast.fix_missing_locations`` gives each node one, and takes longer
than compiling does: here the classes have it, so that their nodes need none.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

__all__ = ["placed"]


class _Placed:
    """The classes of ``ast`` by their names, all of whose nodes stand at one place."""

    def __getattr__(self, name: str) -> Any:
        made = type(name, (getattr(ast, name),), {"lineno": 1, "col_offset": 0, "__slots__": ()})
        setattr(self, name, made)
        return made


if TYPE_CHECKING:
    import ast as placed
else:
    placed = _Placed()
