"""Reading queries from files of all kinds: ``.sql`` and ``.sgql``, JSON and YAML."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from sql_seg.diagnostics.source import Source
from sql_seg.errors import FileProblem, SegmentFileError
from sql_seg.file_kinds import why_no_text
from sql_seg.language.datatypes import Dialect
from sql_seg.segments.files.queries import QueryInFile, query_alone
from sql_seg.segments.files.segments import Segments
from sql_seg.segments.files.tree import Problem, Value

QUERY_SUFFIXES = (".sql", ".sgql")
"""The files that are a query and nothing else."""

JSON_SUFFIXES = (".json",)
YAML_SUFFIXES = (".yaml", ".yml")
SEGMENT_SUFFIXES = (*JSON_SUFFIXES, *YAML_SUFFIXES)
"""The files that may hold segments."""

SUFFIXES = (*QUERY_SUFFIXES, *SEGMENT_SUFFIXES)
"""All files that queries are read from."""


def read_queries(path: str | os.PathLike[str], dialect: Dialect | None = None) -> list[QueryInFile]:
    """Return the queries of a file; see ``queries_in``. Raises SegmentFileError."""
    return queries_in(content_of(path), os.fspath(path), dialect)


def content_of(path: str | os.PathLike[str]) -> bytes:
    """Return the content of a file. Raises SegmentFileError where it cannot be read."""
    name = os.fspath(path)
    try:
        return Path(path).read_bytes()
    except IsADirectoryError as error:
        raise _no_place(name, "is a directory, not a file") from error
    except FileNotFoundError as error:
        raise _no_place(name, "no such file") from error
    except (OSError, ValueError) as error:
        raise _no_place(name, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error


def queries_in(content: bytes | str, name: str, dialect: Dialect | None = None) -> list[QueryInFile]:
    """Return the queries that a file's content holds, in their order.

    ``name`` is the file's, and its suffix says how to read it: ``.json``, ``.yaml`` and ``.yml`` hold
    segments as SendGrid's API has them, any other is one query. ``dialect`` overrides what the file and the
    texts say.

    Raises SegmentFileError, with all that is wrong in the file.
    """
    text = content if isinstance(content, str) else decoded(content, name)
    if not name.lower().endswith(SEGMENT_SUFFIXES):
        return [query_alone(text, name, dialect)]
    segments = Segments(name, dialect)
    queries = segments.read(trees_in(text, name))
    if segments.problems:
        raise placed(segments.problems, text, name)
    return queries


def trees_in(text: str, name: str) -> Sequence[Value]:
    """Return what the documents of a JSON or YAML text say; ``name`` is the file's, whose suffix decides.

    Raises SegmentFileError where it cannot be read.
    """
    try:
        if name.lower().endswith(YAML_SUFFIXES):
            return _yaml_reader(name)(text)
        from sql_seg.segments.files.json_tree import read_json_tree

        return [read_json_tree(text)]
    except Problem as problem:
        raise placed([problem], text, name) from None


def may_hold_segments(content: bytes) -> bool:
    """Return whether a JSON or YAML file that was met in a folder is about segments at all."""
    return b"query_dsl" in content.lower()


def decoded(content: bytes, name: str) -> str:
    """Return the text of a file's content, without its byte order mark. Raises SegmentFileError."""
    why = why_no_text(content)
    if why is not None:
        raise _no_place(name, why)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        good = error.object[: error.start].decode()
        place = Source(good).position(len(good))
        raise SegmentFileError(name, [FileProblem(*place, "is not UTF-8 text")]) from error


def _yaml_reader(name: str) -> Callable[[str], Sequence[Value]]:
    try:
        from sql_seg.segments.files.yaml_tree import read_yaml_trees
    except ModuleNotFoundError as error:
        if error.name != "yaml":
            raise
        raise _no_place(name, "YAML needs PyYAML: pip install 'sql-seg[yaml]'") from error
    return read_yaml_trees


def placed(problems: Sequence[Problem], text: str, name: str) -> SegmentFileError:
    """Return the error that says all problems of a file, in the order of its text."""
    source = Source(text)
    in_order = sorted(problems, key=lambda problem: problem.offset)
    return SegmentFileError(
        name, [FileProblem(*source.position(problem.offset), problem.message) for problem in in_order]
    )


def _no_place(name: str, message: str) -> SegmentFileError:
    return SegmentFileError(name, [FileProblem(0, 0, message)])
