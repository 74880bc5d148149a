"""From what a JSON or YAML file says to the queries of its segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sql_seg.language.datatypes import Dialect
from sql_seg.language.dialects import detect_dialect
from sql_seg.sources.query_source import ListId, QuerySource, SegmentFacts
from sql_seg.sources.value_tree import Elements, Object, Scalar, Text, TreeProblem, Value, kind_of

_FIELDS = ("name", "query_dsl", "query", "parent_list_ids", "parent_list_id", "query_version", "id")
_GROUPS = ("results", "segments")
"""The keys under which lists of segments stand."""


def holds_segments(root: Value) -> bool:
    """Return whether the top level of a document is a segment, a list with one, or an answer of the API."""
    if isinstance(root, Object):
        groups = [root.get(key) for key in _GROUPS]
        return _is_segment(root) or any(
            isinstance(group, Elements) and holds_segments(group) for group in groups
        )
    return isinstance(root, Elements) and any(
        isinstance(item, Object) and item.get("query_dsl") is not None for item in root.items
    )


def _is_segment(item: Object) -> bool:
    return _query_key(item) is not None


def _query_key(item: Object) -> str | None:
    """Return the key of an object's query: of a segment, or of the body of a v1 contact search."""
    if item.get("query_dsl") is not None:
        return "query_dsl"
    return "query" if isinstance(item.get("query"), Text) else None


class Segments:
    """The segments of a file, and the problems that were met on the way.

    ``lists`` gives ids to names of lists, which parent lists may be given by.
    """

    def __init__(self, file: str, dialect: Dialect | None, lists: Mapping[str, str]) -> None:
        self.file = file
        self.dialect = dialect
        self.lists = lists
        self.problems: list[TreeProblem] = []

    def read(self, roots: Sequence[Value]) -> list[QuerySource]:
        """Return the queries of the documents of a file, as far as they can be read."""
        objects = [item for root in roots for item in self._objects(root)]
        if not objects and not self.problems:
            self._complain(roots[0] if roots else None, "holds no segment")
        return [query for item in objects if (query := self._query(item)) is not None]

    def _objects(self, root: Value) -> Iterator[Object]:
        """Yield the segments of a document: one object, a list of them, or an API answer."""
        items, what = root, "the file"
        if isinstance(root, Object):
            self._refuse_repeated(root, _GROUPS)
            group = next((key for key in _GROUPS if root.get(key) is not None), None)
            if group is None or _is_segment(root):
                yield root
                return
            items, what = root.get(group) or root, group
        if not isinstance(items, Elements):
            self._complain(items, f"{what} is {kind_of(items)}, not a segment or a list of segments")
            return
        for item in items.items:
            if isinstance(item, Object):
                yield item
            else:
                self._complain(item, f"expected a segment, an object with query_dsl; this is {kind_of(item)}")

    def _query(self, item: Object) -> QuerySource | None:
        before = len(self.problems)
        self._refuse_repeated(item, _FIELDS)
        key = _query_key(item)
        query = None if key is None else self._text(item, key)
        if key is None:
            self._complain(item, _why_no_segment(item))
        version = self._version(item)
        facts = self._facts(item)
        if query is None or len(self.problems) > before:
            return None
        dialect = self.dialect or version or detect_dialect(query.value)
        return QuerySource(self.file, query.value, dialect, query.place(), facts)

    def _facts(self, item: Object) -> SegmentFacts:
        name = self._text(item, "name")
        own_id = item.get("id")
        return SegmentFacts(
            None if name is None else name.value,
            item.span if name is None else name.span,
            tuple({parent.value: parent for parent in self._parent_lists(item)}.values()),
            own_id.value if isinstance(own_id, Text) else None,
            item if item.get("contacts_count") is not None else None,
        )

    def _text(self, item: Object, key: str) -> Text | None:
        """Return a text that an object may have."""
        value = item.get(key)
        if value is None or isinstance(value, Text):
            return value
        quotes = "; put it in quotes" if isinstance(value, Scalar) and value.kind.startswith("the ") else ""
        self._complain(value, f"{key} is {kind_of(value)}, not a text{quotes}")
        return None

    def _parent_lists(self, item: Object) -> Iterator[ListId]:
        """Yield the parent lists: of v2 the list parent_list_ids, of v1 the one text parent_list_id."""
        ids = item.get("parent_list_ids")
        if isinstance(ids, Elements):
            for inner in ids.items:
                if isinstance(inner, Text):
                    yield self._list(inner)
                else:
                    self._complain(inner, f"parent_list_ids holds {kind_of(inner)}, not texts alone")
        elif ids is not None and not _is_nothing(ids):
            self._complain(ids, f"parent_list_ids is {kind_of(ids)}, not a list of texts")
        one = item.get("parent_list_id")
        if isinstance(one, Text) and one.value:
            yield self._list(one)
        elif one is not None and not _is_nothing(one):
            self._complain(one, f"parent_list_id is {kind_of(one)}, not a text")

    def _list(self, written: Text) -> ListId:
        return ListId(self.lists.get(written.value, written.value), written.span)

    def _version(self, item: Object) -> Dialect | None:
        """Return the dialect that ``query_version`` says; None where the text itself is to say it."""
        value = item.get("query_version")
        match value:
            case None | Scalar(kind="null") | Text(value="" | "1") | Scalar(kind="the number", written="1"):
                return None
            case Text(value="2") | Scalar(kind="the number", written="2"):
                return Dialect.V2
        said = f'"{value.value}"' if isinstance(value, Text) else kind_of(value)
        self._complain(value, f'query_version is {said}; it is "2", or empty for v1')
        return None

    def _refuse_repeated(self, item: Object, keys: Sequence[str]) -> None:
        for entry in item.repeated():
            if entry.key.casefold() in keys:
                self.problems.append(TreeProblem(entry.key_span.start, f"the key {entry.key} is here twice"))

    def _complain(self, value: Value | None, message: str) -> None:
        self.problems.append(TreeProblem(0 if value is None else value.span.start, message))


def _is_nothing(value: Value) -> bool:
    """Return whether a value says that there is none: null, or an empty text."""
    return (isinstance(value, Scalar) and value.kind == "null") or (
        isinstance(value, Text) and not value.value
    )


def _why_no_segment(item: Object) -> str:
    """Return what an object without a query may be, and what to do about it."""
    if item.get("status") is not None or item.get("contacts_count") is not None:
        return (
            "the segment has no query_dsl; the API gives it with GET /v3/marketing/segments/2.0/{id}, not in "
            "the list of all segments"
        )
    if not item.entries or item.get("name") is not None:
        return "the segment has no query_dsl"
    keys = [_shown_key(entry.key) for entry in item.entries[:_MOST_KEYS]]
    more = " and more" if len(item.entries) > _MOST_KEYS else ""
    return (
        "holds no segment: looked for an object with query_dsl, or a list of such objects, alone or under "
        f"results or segments; its keys are {', '.join(keys)}{more}"
    )


_MOST_KEYS = 6


def _shown_key(key: str) -> str:
    """Return a key for a sentence: on one line, and not too long."""
    shown = " ".join(key.split())
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
