"""What counts of a segment when a folder and an account are compared: name, query and parent list."""

from __future__ import annotations

import hashlib
import re

from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.frozen import frozen, replace
from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.parsing import comments, parse


@frozen
class SegmentState:
    """A segment as it is compared; all else in an account drifts by itself. ``parent_list`` is an id."""

    name: str
    query: str
    parent_list: str | None = None
    dialect: Dialect = Dialect.V2

    @property
    def hash(self) -> str:
        """A text that states which differ do not share."""
        parts = (
            self.name,
            without_comments(self.query, self.dialect),
            self.parent_list or "",
            self.dialect.value,
        )
        return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()

    @property
    def form_hash(self) -> str:
        """A text that states share which differ in the form of their queries alone."""
        try:
            query = to_text(parse(self.query, self.dialect))
        except QuerySyntaxError:
            query = self.query
        return replace(self, query=query).hash

    def same_but_for_form(self, other: SegmentState) -> bool:
        """Return whether two states differ in the form of their queries alone: the syntax trees are equal."""
        if (self.name, self.parent_list, self.dialect) != (other.name, other.parent_list, other.dialect):
            return False
        try:
            return parse(self.query, self.dialect) == parse(other.query, other.dialect)
        except QuerySyntaxError:
            return False


def normalised(query: str) -> str:
    """Return a query's text with plain line ends, and without blanks around it."""
    return query.replace("\r\n", "\n").replace("\r", "\n").strip()


def without_comments(query: str, dialect: Dialect) -> str:
    """Return a query's text without its comments, as it is uploaded; lines that held nothing else go too."""
    kept, end = [], 0
    try:
        spans = list(comments(query, dialect))
    except QuerySyntaxError:
        return normalised(query)
    for span in spans:
        kept.append(query[end : span.start])
        end = span.end
    if not kept:
        return normalised(query)
    text = "\x00".join([*kept, query[end:]])
    lines = [line for line in text.split("\n") if line.replace("\x00", "").strip() or "\x00" not in line]
    text = re.sub(r"[ \t\r]*\x00[ \t\r\x00]*(?=\n|\Z)", "", "\n".join(lines))
    return normalised(text.replace("\x00", " "))
