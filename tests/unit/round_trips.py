"""Whether a query comes back from its text and its JSON."""

from __future__ import annotations

from sql_seg.syntax.formatting import from_json, to_json, to_text
from sql_seg.syntax.nodes import Query
from sql_seg.syntax.parsing import parse


def comes_back(query: Query) -> bool:
    """Return whether text and JSON say the query.

    A bool and no comparison: where trees are 200 levels deep, pytest does not come to an end of telling
    how they differ.
    """
    return parse(to_text(query), query.dialect) == query and from_json(to_json(query)) == query
