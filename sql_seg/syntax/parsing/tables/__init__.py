"""The tables that a grammar becomes: its terminals as one pattern, its rules, and an LALR automaton.

``grammar/tables.py`` writes those of ``grammar/*.lark`` into the modules here when the package is built.
"""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from sql_seg.language.datatypes import Dialect

UNREADABLE = "UNREADABLE"
"""The type of a token that is none: a stray character, or a quote or comment without its end."""

END = "$END"
"""The type of the token behind the last one, as Lark names it."""


class ParserTables(NamedTuple):
    """A grammar, ready to read texts with."""

    pattern: str
    """A regular expression of a token behind any white space, with a group for each of ``groups``."""

    groups: tuple[str, ...]
    """The terminals by group, from group 1; "" for what is in ``plain`` by its text."""

    plain: dict[str, str]
    """The terminals that are one text, by that text; keywords are in upper case, and fit in any."""

    ignored: frozenset[str]
    """The terminals that no rule sees."""

    rules: tuple[str, ...]
    """``origin: symbol … -> name``, where ``name`` makes the value. A rule without a name passes the value of
    its one symbol on; where the origin starts with ``__``, it is a repeated part, and lists its values."""

    states: tuple[str, ...]
    """What the automaton does at each symbol: ``NAME,NUMBER>5`` goes to state 5, ``AND,OR<3`` has matched
    rule 3. It starts in the first state."""


def tables(dialect: Dialect) -> ParserTables:
    """Return a dialect's tables."""
    found: ParserTables = import_module(f"{__name__}.{dialect.value}").TABLES
    return found
