"""Hypothesis strategies for property-based tests: queries, texts, contacts, events and whole accounts.

``queries`` and ``query_texts`` are valid by construction, ``invalid_query_texts`` provoke a known error;
``contacts``, ``events`` and ``datasets`` hold values near what a query asks for; ``contacts_matching``,
``contacts_not_matching`` and ``near_misses`` are in a segment, out of it, or just out. Where the extra
``hypothesis`` is installed, ``st.from_type(Query)`` works as well. ``sql_seg.solver`` needs no Hypothesis;
its names are here, too.

All names here are imported at their first use.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from sql_seg.lazy import imported_at_first_use

if find_spec("hypothesis") is None:
    raise ImportError('sql_seg.testing needs Hypothesis: pip install "sql-seg[hypothesis]"')

if TYPE_CHECKING:
    from sql_seg.solver import (
        Difference,
        Found,
        Impossible,
        NearMiss,
        NotFound,
        Record,
        distinguish,
        near_miss,
        witness,
    )
    from sql_seg.testing.custom_fields import schemas
    from sql_seg.testing.drawn_queries import expressions, queries
    from sql_seg.testing.invalid_texts import InvalidQueryText, invalid_query_texts
    from sql_seg.testing.matching import contacts_matching, contacts_not_matching, near_misses
    from sql_seg.testing.other_spellings import query_texts, spellings
    from sql_seg.testing.records import contacts, datasets, events, nows

__all__ = [
    "Difference",
    "Found",
    "Impossible",
    "InvalidQueryText",
    "NearMiss",
    "NotFound",
    "Record",
    "contacts",
    "contacts_matching",
    "contacts_not_matching",
    "datasets",
    "distinguish",
    "events",
    "expressions",
    "invalid_query_texts",
    "near_miss",
    "near_misses",
    "nows",
    "queries",
    "query_texts",
    "schemas",
    "spellings",
    "witness",
]

_HOMES = {
    "sql_seg.testing.drawn_queries": ["expressions", "queries"],
    "sql_seg.testing.invalid_texts": ["InvalidQueryText", "invalid_query_texts"],
    "sql_seg.testing.matching": ["contacts_matching", "contacts_not_matching", "near_misses"],
    "sql_seg.testing.records": ["contacts", "datasets", "events", "nows"],
    "sql_seg.testing.custom_fields": ["schemas"],
    "sql_seg.testing.other_spellings": ["query_texts", "spellings"],
    "sql_seg.solver": [
        "Difference",
        "Found",
        "Impossible",
        "NearMiss",
        "NotFound",
        "Record",
        "distinguish",
        "near_miss",
        "witness",
    ],
}
__getattr__, __dir__ = imported_at_first_use(__name__, _HOMES)
