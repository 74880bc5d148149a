"""The files of a folder: a segment each, with a header of comments, and ``${names}`` in place of values.

-- name: Lapsed customers
-- parent_list: Newsletter
SELECT contact_id, updated_at FROM contact_data WHERE plan = ${plan}
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from sql_seg.errors import SqlSegError
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import Dialect
from sql_seg.sources import EnvironmentValues, content_of, decoded, query_alone, with_values
from sql_seg.sources.headers import split_header, with_header
from sql_seg.sync.states import SegmentState, normalised, without_comments
from sql_seg.workspace.folders import Folders
from sql_seg.workspace.writing import write_file

SUFFIX, V1_SUFFIX = ".sql", ".sgql"
_MOST_BYTES = 1 << 21
_LEADING = re.compile(r"(?:[ \t]*(?:--[^\n]*)?\n)*")


class FolderError(SqlSegError, ValueError):
    """A file of a folder that is no segment: the sentence names it."""


@frozen
class LocalSegment:
    """A segment of a folder.

    ``path`` is seen from the folder, with ``/``; ``state`` is what is uploaded. ``has_values`` says that the
    file has ``${names}``, for which this environment's values were taken.
    """

    path: str
    state: SegmentState
    parent_list_name: str | None = None
    has_values: bool = False
    comments: str = ""
    """The lines of comments before its query, which stay when the query is rewritten."""
    has_comments_within: bool = False


def read_folder(
    folder: Path, folders: Folders, values: EnvironmentValues | None, list_ids: Mapping[str, str]
) -> list[LocalSegment]:
    """Return the segments of a folder in the order of their paths.

    ``values`` are those of the environment, ``list_ids`` the account's lists by name. Raises FolderError for
    a value or a list that is not known and for a name that two files have, SegmentFileError for a file that
    cannot be read.
    """
    found = [_read(folder, path, values, list_ids) for path in _files(folder, folders)]
    names: dict[str, str] = {}
    for segment in found:
        other = names.setdefault(segment.state.name, segment.path)
        if other != segment.path:
            raise FolderError(f"{segment.path}: has the name {segment.state.name!r}, which {other} has, too")
    return found


def _files(folder: Path, folders: Folders) -> Iterator[Path]:
    if folder.is_dir():
        yield from folders.files_below(folder, lambda name: name.lower().endswith((SUFFIX, V1_SUFFIX)))


def _read(
    folder: Path, path: Path, values: EnvironmentValues | None, list_ids: Mapping[str, str]
) -> LocalSegment:
    text = decoded(content_of(path, _MOST_BYTES), str(path))
    shown = path.relative_to(folder).as_posix()
    dialect = Dialect.V1 if path.suffix.lower() == V1_SUFFIX else Dialect.V2
    header, query = split_header(text) if dialect is Dialect.V2 else ({}, text)
    name = header.get("name") or path.stem
    if not 1 <= len(name) <= 100:
        raise FolderError(f"{shown}: a segment's name has 1 to 100 characters, not {len(name)}")
    list_name = header.get("parent_list")
    if list_name is not None and list_name not in list_ids and list_name not in list_ids.values():
        raise FolderError(f"{shown}: the account has no list {list_name!r}")
    parent = None if list_name is None else list_ids.get(list_name, list_name)
    put_in = with_values(query_alone(query, shown, dialect), values)
    if put_in.refusal:
        first = put_in.refusal[0]
        raise FolderError(f"{shown}: {first.message}; {first.help}")
    bare = without_comments(put_in.text, dialect) if dialect is Dialect.V2 else normalised(put_in.text)
    state = SegmentState(name, bare, parent, dialect)
    leading = _leading_comments(query) if dialect is Dialect.V2 else ""
    within = without_comments(normalised(query)[len(leading) :], dialect) != normalised(query)[len(leading) :]
    return LocalSegment(shown, state, list_name, put_in.raw is not None, leading, within)


def _leading_comments(query: str) -> str:
    """Return the lines of comments that a query begins with."""
    return _LEADING.match(normalised(query) + "\n")[0]  # type: ignore[index]  # nothing, at least


def text_of(state: SegmentState, parent_list_name: str | None, comments: str = "") -> str:
    """Return a state as the text of its file, with lines of comments before the query."""
    if state.dialect is Dialect.V1:
        return state.query + "\n"
    list_name = None if state.parent_list is None else parent_list_name or state.parent_list
    return with_header(comments + state.query, state.name, list_name) + "\n"


def write_segment(
    folder: Path, path: str, state: SegmentState, parent_list_name: str | None, comments: str = ""
) -> None:
    """Write a segment's file, all or nothing."""
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    write_file(target, text_of(state, parent_list_name, comments).encode())


def new_path(state: SegmentState, taken: Iterable[str]) -> str:
    """Return a path for a segment that has no file yet: its name in small letters, and no other's."""
    suffix = V1_SUFFIX if state.dialect is Dialect.V1 else SUFFIX
    stem = re.sub(r"[^a-z0-9]+", "_", state.name.lower()).strip("_")[:80] or "segment"
    others = {path.lower() for path in taken}
    path, number = stem + suffix, 1
    while path in others:
        number += 1
        path = f"{stem}_{number}{suffix}"
    return path
