"""Which part of a query each comment belongs to, so that it stays there when the query is laid out again.

Comments with only blanks between them are a *remark*. A remark belongs to the smallest part of the query that
it stands in: there to the part before it where it ends a line that it does not begin, else to the part behind
it. Parts are the nodes of the tree and, between a SELECT and what it holds, its clauses with their keywords.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from sql_seg.diagnostics.source import Span
from sql_seg.syntax import nodes
from sql_seg.syntax.parsing.tokens import Tokens

_OPENING = ("(", "[")


class Clause:
    """A clause of a SELECT with its keyword: what comments may stand before, in and behind."""

    __slots__ = ("children", "keyword", "span")

    def __init__(self, keyword: str, span: Span, children: Sequence[nodes.Node]) -> None:
        self.keyword = keyword
        self.span = span
        self.children = children


class Remark(NamedTuple):
    """Comments side by side: their texts, and whether they begin and end their line."""

    texts: tuple[str, ...]
    begins_line: bool
    ends_line: bool

    @property
    def own_line(self) -> bool:
        """Whether nothing else stands on its line."""
        return self.begins_line and self.ends_line


Anchor: TypeAlias = nodes.Node | Clause


class Attached:
    """The remarks of a query, by what they belong to.

    ``before`` and ``behind`` are by the ``id`` of a node or, for a clause, by that of its Select and its
    keyword.
    """

    def __init__(self) -> None:
        self.before: dict[object, list[Remark]] = {}
        self.behind: dict[object, list[Remark]] = {}

    def __contains__(self, anchor: object) -> bool:
        return anchor in self.before or anchor in self.behind


def attached(query: nodes.Query, read: Tokens) -> Attached:
    """Return the remarks of a query that was parsed from tokens, by what they belong to."""
    places = _Places(read)
    runs = [
        (start, end, Remark(texts, places.begins_line(start), places.ends_line(end)))
        for start, end, texts in places.runs()
    ]
    homes = _Homes(query, places, _end_of_last_part(query, places, runs))
    found = Attached()
    for start, end, remark in runs:
        anchor, is_before = homes.home(remark, start, end, found.behind)
        (found.before if is_before else found.behind).setdefault(anchor, []).append(remark)
    return found


def _end_of_last_part(query: nodes.Query, places: _Places, runs: Sequence[tuple[int, int, Remark]]) -> int:
    """Return up to where remarks behind a query belong to its last part: those that stand in below it."""
    last = query.span.end
    if not isinstance(query, nodes.Select):
        return last
    for start, end, remark in runs:
        if start < query.span.end or not remark.begins_line:
            continue
        if not remark.own_line or not places.stands_in(start, query):
            break
        last = end
    return last


def clauses(select: nodes.Select, starts: Sequence[int]) -> list[Clause | nodes.Join]:
    """Return the clauses of a SELECT in the order of its text; ``starts`` are where tokens start."""

    def clause(keyword: str, parts: Sequence[nodes.Node], words: int = 1) -> Clause:
        first = starts[bisect_left(starts, parts[0].span.start) - words]
        return Clause(keyword, Span(first, parts[-1].span.end), parts)

    found: list[Clause | nodes.Join] = [clause("SELECT", select.items), clause("FROM", [select.table])]
    found += select.joins
    if select.where is not None:
        found.append(clause("WHERE", [select.where]))
    if select.group_by:
        found.append(clause("GROUP BY", select.group_by, 2))
    if select.having is not None:
        found.append(clause("HAVING", [select.having]))
    return found


class _Places:
    """Where the tokens and the comments of a text stand."""

    def __init__(self, read: Tokens) -> None:
        self.text = read.text
        self.comments = read.comments
        tokens = read.tokens[:-1]
        self.starts = [token.start for token in tokens]
        self.ends = [token.end for token in tokens]

    def runs(self) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Yield the start, the end and the texts of comments that stand side by side."""
        run: list[Span] = []
        for span in self.comments:
            if run and not self._side_by_side(run[-1].end, span.start):
                yield self._run(run)
                run = []
            run.append(span)
        if run:
            yield self._run(run)

    def _run(self, run: list[Span]) -> tuple[int, int, tuple[str, ...]]:
        texts = tuple(self.text[span.start : span.end].rstrip() for span in run)
        return run[0].start, run[-1].end, texts

    def _side_by_side(self, end: int, start: int) -> bool:
        between = self.text[end:start]
        return not between.strip() and "\n" not in between and "\r" not in between

    def begins_line(self, start: int) -> bool:
        before = self.text[self._end_before(start) : start]
        return _has_break(before) or not self.text[:start].strip()

    def ends_line(self, end: int) -> bool:
        token = self.next_start(end)
        stop = min([token, *(span.start for span in self._comments_from(end))])
        return token == len(self.text) or _has_break(self.text[end:stop])

    def stands_in(self, start: int, part: Anchor) -> bool:
        """Return whether a place is further to the right on its line than a part on its own."""
        return self._column(start) > self._column(part.span.start)

    def _column(self, place: int) -> int:
        return place - max(self.text.rfind("\n", 0, place), self.text.rfind("\r", 0, place))

    def token_before(self, start: int) -> str:
        index = bisect_left(self.starts, start) - 1
        return self.text[self.starts[index] : self.ends[index]] if index >= 0 else ""

    def token_behind(self, end: int) -> str:
        index = bisect_left(self.starts, end)
        return self.text[self.starts[index] : self.ends[index]] if index < len(self.starts) else ""

    def next_start(self, end: int) -> int:
        index = bisect_left(self.starts, end)
        return self.starts[index] if index < len(self.starts) else len(self.text)

    def _end_before(self, start: int) -> int:
        """Return the end of the token or comment before a place."""
        index = bisect_left(self.starts, start) - 1
        token = self.ends[index] if index >= 0 else 0
        comment = bisect_left(self.comments, Span(start, start)) - 1
        return max(token, self.comments[comment].end if comment >= 0 else 0)

    def _comments_from(self, end: int) -> Sequence[Span]:
        index = bisect_left(self.comments, Span(end, end))
        return self.comments[index : index + 1]


def _has_break(text: str) -> bool:
    return "\n" in text or "\r" in text


class _Parts:
    """The parts that remarks may belong to, in the order of the text."""

    def __init__(self, places: _Places) -> None:
        self._places = places
        self._known: dict[int, tuple[Sequence[Anchor], list[int]]] = {}

    def around(
        self, part: Anchor, start: int, end: int
    ) -> tuple[Anchor | None, Anchor | None, Anchor | None]:
        """Return the part of a part that a stretch stands in, or else those before and behind it."""
        parts, starts = self._of(part)
        index = bisect_right(starts, start)
        before = parts[index - 1] if index else None
        behind = parts[index] if index < len(parts) else None
        if before is not None and end < before.span.end:
            return before, None, None
        return None, before, behind

    def _of(self, part: Anchor) -> tuple[Sequence[Anchor], list[int]]:
        known = self._known.get(id(part))
        if known is None:
            parts = self._listed(part)
            known = self._known[id(part)] = parts, [inner.span.start for inner in parts]
        return known

    def _listed(self, part: Anchor) -> Sequence[Anchor]:
        if isinstance(part, nodes.Select):
            return clauses(part, self._places.starts)
        if isinstance(part, Clause):
            return part.children
        if isinstance(part, nodes.Join):
            return [part.on] if isinstance(part.on, nodes.Expression) else []
        return [] if isinstance(part, nodes.Path) else part.children()


class _Homes:
    """Finds what remarks belong to, one behind the other in the order of the text, and keeps that order.

    A remark between two parts belongs to one of both: once one went to the second, so do all that follow it
    there. A remark inside of what has no parts, as a name, comes to stand behind that.
    """

    def __init__(self, query: nodes.Query, places: _Places, end: int) -> None:
        self.query = query
        self.places = places
        self._end = end
        """Up to where remarks behind the query belong to its last part."""
        self._parts = _Parts(places)
        self._passed: tuple[object, object] | None = None
        """The last gap in which no remark may turn back: the parts before and behind it."""

    def home(
        self, remark: Remark, start: int, end: int, placed: Mapping[object, Sequence[Remark]]
    ) -> tuple[object, bool]:
        """Return the key of what a remark belongs to, and whether it stands before that.

        ``placed`` are the remarks so far that stand behind something, by the keys of that.
        """
        query = self.query
        if query.span.end <= start < self._end:
            return self._end_of_query(), False
        if end <= query.span.start or start >= query.span.end:
            return id(query), end <= query.span.start
        around: Anchor = query
        select = query
        last: Anchor = query  # the outermost of those that end where the part around ends
        while True:
            within, before, behind = self._parts.around(around, start, end)
            if within is None:
                break
            if within.span.end != around.span.end:
                last = within
            around = within
            if isinstance(around, nodes.Select):
                select = around
        if before is None and behind is None:
            is_last = last is query and query.span.end < self._end  # more stands behind the last part
            return self._end_of_query() if is_last else _key(_last_part(last), select), False
        gap = before, behind
        if isinstance(around, nodes.And | nodes.Or) and before is not None:
            above = placed.get(_key(before, select))
            if above and above[-1].ends_line:  # the line breaks before it and, in a chain, behind it, too
                remark = remark._replace(begins_line=True, ends_line=True)
        goes_on = behind is not None and (
            before is None or self._passed == gap or self._belongs_behind(remark, start, end, around, behind)
        )
        if goes_on:
            assert behind is not None
            self._passed = gap
            return _key(behind, select), True
        assert before is not None
        return _key(_last_part(before), select), False

    def _end_of_query(self) -> object:
        """Return the key of the last part of the SELECT, whose remarks stand in below it."""
        assert isinstance(self.query, nodes.Select)
        return _key(_last_part(clauses(self.query, self.places.starts)[-1]), self.query)

    def _belongs_behind(self, remark: Remark, start: int, end: int, around: Anchor, behind: Anchor) -> bool:
        """Return whether a remark between two parts belongs to the second one."""
        places = self.places
        if remark.own_line:
            if isinstance(around, nodes.Select) and places.stands_in(start, behind):
                return False
            between = places.next_start(end) < behind.span.start  # an operator, a comma or a bracket
            return not between or isinstance(around, nodes.And | nodes.Or) or places.token_behind(end) == ","
        if remark.ends_line:
            return places.token_before(start) in _OPENING
        return not isinstance(behind, Clause | nodes.Join) and places.next_start(end) == behind.span.start


def _last_part(clause: Anchor) -> Anchor:
    """Return the part of a clause that the lines behind it stand in with."""
    if isinstance(clause, Clause):
        return clause.children[-1]
    if isinstance(clause, nodes.Join) and isinstance(clause.on, nodes.Expression):
        return clause.on
    return clause


def _key(part: Anchor, select: nodes.Query) -> object:
    return (id(select), part.keyword) if isinstance(part, Clause) else id(part)
