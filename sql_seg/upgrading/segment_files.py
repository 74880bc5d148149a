"""Segments in JSON and YAML: their queries as v2, with what v2 segments have beside their query."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from sql_seg.diagnostics import Edit, Fix
from sql_seg.diagnostics.fixes import apply_fixes
from sql_seg.diagnostics.source import Span
from sql_seg.sources import CannotRewriteError, QuerySource, SourceFile, trees_in
from sql_seg.sources.query_source import with_line_ends_of
from sql_seg.sources.reading import SEGMENT_SUFFIXES
from sql_seg.sources.value_tree import Elements, Entry, Object, Value
from sql_seg.upgrading.result import Upgrade


def as_v2_segments(read: SourceFile, made: Sequence[tuple[QuerySource, Upgrade]]) -> str:
    """Return a file's text with some of its segments upgraded: the query, query_version and parent_list_ids.

    Raises CannotRewriteError where a query stands in a form that cannot be changed in place.
    """
    name = read.name if read.name.lower().endswith(SEGMENT_SUFFIXES) else "segments.json"
    objects = [item for root in trees_in(read.text, name) for item in _objects(root)]
    # An alias of YAML lets several segments have one query: each of them is the next that has it.
    holders: dict[int, list[Object]] = {}
    for item in reversed(objects):
        entry = _query_entry(item)
        if entry is not None:
            holders.setdefault(entry.value.span.start, []).append(item)
    edits: dict[Edit, None] = {}
    for source, one in made:
        new = one.text + "\n" * source.text.endswith("\n")
        rewritten = source.source_map.rewriting(new)
        if rewritten is None and read.text[source.source_map.span.start] in "'\"":
            rewritten = (Edit(source.source_map.span, json.dumps(new, ensure_ascii=False)),)
        if rewritten is None:
            line = source.source_map.file.position(source.source_map.span.start).line
            raise CannotRewriteError(
                f"{source.file}, line {line}: the query cannot be changed here; write it below `query_dsl: |`"
            )
        edits.update(dict.fromkeys(rewritten))
        holder = holders[source.source_map.span.start].pop()
        edits.update(dict.fromkeys(_facts(read.text, holder, source, one)))
    return with_line_ends_of(read.text, apply_fixes(read.text, [Fix("", tuple(edits))]))


def _objects(root: Value) -> Iterator[Object]:
    """Yield the objects of a document, the innermost first."""
    if isinstance(root, Object):
        for entry in root.entries:
            yield from _objects(entry.value)
        yield root
    elif isinstance(root, Elements):
        for item in root.items:
            yield from _objects(item)


def _query_entry(item: Object) -> Entry | None:
    keys = ("query_dsl", "query")
    return next((entry for key in keys for entry in item.entries if entry.key.casefold() == key), None)


def _facts(text: str, item: Object, source: QuerySource, made: Upgrade) -> Iterator[Edit]:
    """Yield the changes that make a segment one of v2, beside its query."""
    before = [*_parent_list_edits(item, source, made)]
    edits = [edit for edit in before if isinstance(edit, Edit)]
    new = [key for key in before if not isinstance(key, Edit)]
    version = item.get("query_version")
    if version is None:
        new.insert(0, ("query_version", '"2"'))
    else:
        edits.append(Edit(version.span, '"2"'))
    yield from edits
    entry = _query_entry(item)
    assert entry is not None
    if new:
        yield Edit(Span(entry.key_span.start, entry.key_span.start), _inserted(text, item, entry, new))


def _parent_list_edits(item: Object, source: QuerySource, made: Upgrade) -> Iterable[Edit | tuple[str, str]]:
    """Yield how the parent lists change: v1's one id, or what stood in the query, is a list in v2."""
    ids = list(dict.fromkeys([*source.parent_list_ids, *made.parent_list_ids]))
    written = json.dumps(ids)
    many = item.get("parent_list_ids")
    one = next((entry for entry in item.entries if entry.key.casefold() == "parent_list_id"), None)
    if many is not None:
        if made.parent_list_ids or one is not None:
            yield Edit(many.span, written)
    elif one is not None:
        quote = '"' if source.file.lower().endswith(".json") or _is_quoted(one) else ""
        yield Edit(one.key_span, f"{quote}parent_list_ids{quote}")
        yield Edit(one.value.span, written)
    elif ids:
        yield "parent_list_ids", written


def _is_quoted(entry: Entry) -> bool:
    return entry.key_span.end - entry.key_span.start > len(entry.key)


def _inserted(text: str, item: Object, entry: Entry, new: Sequence[tuple[str, str]]) -> str:
    """Return new keys as they stand before another one: on lines of their own, where that has one."""
    start = entry.key_span.start
    line = text[text.rfind("\n", 0, start) + 1 : start]
    in_braces = text[item.span.start : item.span.start + 1] == "{"
    quote, comma = ('"', ",") if in_braces else ("", "")
    is_first = not line.strip(" \t-")
    between = "\n" + " " * len(line) if is_first or not in_braces else " "
    return "".join(f"{quote}{key}{quote}: {value}{comma}{between}" for key, value in new)
