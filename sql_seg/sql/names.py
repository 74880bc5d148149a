"""Names of tables and columns in SQL: bare where every engine takes them so, delimited where not."""

from __future__ import annotations

import re

_BARE = re.compile(r"[a-z_][a-z0-9_]{0,62}")

RESERVED = frozenset(
    """
    all alter analyse analyze and any anti array as asc asymmetric at authorization between both by case
    cast check collate column commit connect constraint create cross cube current current_catalog
    current_date current_role current_schema current_time current_timestamp current_user default deferrable
    delete desc describe distinct div do drop else end enum escape except exclude exists extract false fetch
    filter following for foreign freeze from full function global grant group grouping groups having if
    ignore ilike in initially inner insert intersect interval into is isnull join lambda lateral leading
    left like limit local localtime localtimestamp merge minus natural new no not notnull null nulls of
    offset old on only or order outer over overlaps partition pivot pivot_longer pivot_wider placing
    preceding prewhere primary proto qualify range recursive references regexp respect returning revoke
    right rlike rollup row rows sample select semi session_user set settings show similar some start struct
    summarize symmetric system table tablesample tag then timestamp to top trailing treat trigger true
    unbounded union unique unknown unnest unpivot update user using values variadic verbose when where
    whenever window with within
    """.split()
)
"""Words that are no bare name in one engine or another."""


def is_bare(name: str) -> bool:
    """Return whether every engine takes a name as it is, without regard to case or in lower case."""
    return _BARE.fullmatch(name) is not None and name not in RESERVED


def has_control_characters(name: str) -> bool:
    """Return whether a name has characters that no text of SQL should hold: line breaks, NUL and the like."""
    return any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in name)
