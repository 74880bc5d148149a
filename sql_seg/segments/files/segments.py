"""From what a JSON or YAML file says to the queries of its segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sql_seg.language.datatypes import Dialect
from sql_seg.language.dialects import detect_dialect
from sql_seg.segments.files.queries import ListId, QueryInFile, SegmentFacts
from sql_seg.segments.files.tree import Array, Atom, Object, Problem, Text, Value, kind_of

_FIELDS = ("name", "query_dsl", "parent_list_ids", "query_version", "id")


class Segments:
    """The segments of a file, and the problems that were met on the way."""

    def __init__(self, file: str, dialect: Dialect | None = None) -> None:
        self.file = file
        self.dialect = dialect
        self.problems: list[Problem] = []

    def read(self, roots: Sequence[Value]) -> list[QueryInFile]:
        """Return the queries of the documents of a file, as far as they can be read."""
        objects = [item for root in roots for item in self._objects(root)]
        if not objects and not self.problems:
            self._complain(roots[0] if roots else None, "holds no segment")
        return [query for item in objects if (query := self._query(item)) is not None]

    def _objects(self, root: Value) -> Iterator[Object]:
        """Yield the segments of a document: one object, a list of them, or an API answer."""
        if isinstance(root, Object):
            self._refuse_repeated(root, ("results",))
        results = root.get("results") if isinstance(root, Object) else None
        if isinstance(root, Object) and (results is None or root.get("query_dsl") is not None):
            yield root
            return
        items = results or root
        if not isinstance(items, Array):
            what = "results" if results else "the file"
            self._complain(items, f"{what} is {kind_of(items)}, not a segment or a list of segments")
            return
        for item in items.items:
            if isinstance(item, Object):
                yield item
            else:
                self._complain(item, f"expected a segment, an object with query_dsl; this is {kind_of(item)}")

    def _query(self, item: Object) -> QueryInFile | None:
        before = len(self.problems)
        self._refuse_repeated(item, _FIELDS)
        query = self._text(item, "query_dsl")
        if item.get("query_dsl") is None:
            self._complain(item, "the segment has no query_dsl" + _whose_list_is_that(item))
        version = self._version(item)
        facts = self._facts(item)
        if query is None or len(self.problems) > before:
            return None
        dialect = self.dialect or version or detect_dialect(query.value)
        return QueryInFile(self.file, query.value, dialect, query.place(), facts)

    def _facts(self, item: Object) -> SegmentFacts:
        name = self._text(item, "name")
        own_id = item.get("id")
        return SegmentFacts(
            None if name is None else name.value,
            item.span if name is None else name.span,
            tuple(self._parent_lists(item)),
            own_id.value if isinstance(own_id, Text) else None,
        )

    def _text(self, item: Object, key: str) -> Text | None:
        """Return a text that an object may have."""
        value = item.get(key)
        if value is None or isinstance(value, Text):
            return value
        quotes = "; put it in quotes" if isinstance(value, Atom) and value.kind.startswith("the ") else ""
        self._complain(value, f"{key} is {kind_of(value)}, not a text{quotes}")
        return None

    def _parent_lists(self, item: Object) -> Iterator[ListId]:
        value = item.get("parent_list_ids")
        if value is None or (isinstance(value, Atom) and value.kind == "null"):
            return
        if not isinstance(value, Array):
            self._complain(value, f"parent_list_ids is {kind_of(value)}, not a list of texts")
            return
        for inner in value.items:
            if isinstance(inner, Text):
                yield ListId(inner.value, inner.span)
            else:
                self._complain(inner, f"parent_list_ids holds {kind_of(inner)}, not texts alone")

    def _version(self, item: Object) -> Dialect | None:
        """Return the dialect that ``query_version`` says; None where the text itself is to say it."""
        value = item.get("query_version")
        match value:
            case None | Atom(kind="null") | Text(value="" | "1") | Atom(kind="the number", written="1"):
                return None
            case Text(value="2") | Atom(kind="the number", written="2"):
                return Dialect.V2
        said = f'"{value.value}"' if isinstance(value, Text) else kind_of(value)
        self._complain(value, f'query_version is {said}; it is "2", or empty for v1')
        return None

    def _refuse_repeated(self, item: Object, keys: Sequence[str]) -> None:
        for entry in item.repeated():
            if entry.key.casefold() in keys:
                self.problems.append(Problem(entry.key_span.start, f"the key {entry.key} is here twice"))

    def _complain(self, value: Value | None, message: str) -> None:
        self.problems.append(Problem(0 if value is None else value.span.start, message))


def _whose_list_is_that(item: Object) -> str:
    """Return what to do about an answer of the API that comes without queries."""
    if item.get("status") is None and item.get("contacts_count") is None:
        return ""
    return "; the API gives it with GET /v3/marketing/segments/2.0/{id}, not in the list of all segments"
