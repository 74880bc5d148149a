"""Reading files: their text, or one ladder of reasons why there is none; and the queries of all kinds."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sql_seg.diagnostics.source import Source
from sql_seg.errors import FileProblem, SegmentFileError
from sql_seg.file_kinds import why_no_text
from sql_seg.frozen import frozen, replace
from sql_seg.language.datatypes import Dialect
from sql_seg.sources.query_source import QuerySource, query_alone
from sql_seg.whole_files import LEFTOVER

if TYPE_CHECKING:
    from sql_seg.sources.value_tree import TreeProblem, Value


@frozen
class SourceFile:
    """A text that queries are read from, the name that reports give it, and the file it came from, if any.

    ``stands_for`` is the file whose content comes over standard input. ``has_mark`` says that a byte order
    mark was left off the text, ``is_argument`` that the text is one of the command line.
    """

    name: str
    text: str
    path: Path | None = None
    stands_for: Path | None = None
    has_mark: bool = False
    is_argument: bool = False

    @property
    def content(self) -> bytes:
        """What was read."""
        return self.encoded(self.text)

    def encoded(self, text: str) -> bytes:
        """Return another text as its file would have it."""
        return codecs.BOM_UTF8 * self.has_mark + text.encode()

    def with_text(self, text: str) -> SourceFile:
        """Return the same place with another text."""
        return replace(self, text=text)


def read_file(path: str | os.PathLike[str], most: int | None = None) -> SourceFile:
    """Return a file as text. Raises SegmentFileError; ``most`` is as in ``decoded``."""
    name = os.fspath(path)
    content = content_of(path, most)
    return SourceFile(name, decoded(content, name, most), Path(name), None, is_marked(content))


def is_marked(content: bytes) -> bool:
    """Return whether a content starts with a byte order mark."""
    return content.startswith(codecs.BOM_UTF8)


def content_of(path: str | os.PathLike[str], most: int | None = None) -> bytes:
    """Return the content of a file; of a longer one than ``most``, a bit more than that.

    Raises SegmentFileError where it cannot be read.
    """
    name = os.fspath(path)
    if not name:
        raise no_place("", "a file's name is empty")
    if LEFTOVER in name and LEFTOVER in Path(name).name:
        raise no_place(name, "is left from a write that was interrupted, no query: it can be deleted")
    try:
        with Path(name).open("rb") as file:
            return file.read() if most is None else file.read(most + 4)
    except IsADirectoryError as error:
        raise no_place(name, "is a directory, not a file") from error
    except FileNotFoundError as error:
        raise no_place(name, "no such file") from error
    except (OSError, ValueError) as error:
        raise no_place(name, f"cannot be read: {getattr(error, 'strerror', None) or error}") from error


def decoded(content: bytes, name: str, most: int | None = None) -> str:
    """Return the text of a file's content, without its byte order mark.

    Of a text that is longer than ``most`` bytes the start is enough: it shows that the query is too long.
    Raises SegmentFileError.
    """
    why = why_no_text(content)
    if why is not None:
        raise no_place(name, why)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if most is not None and len(content) > most and error.end == len(content):
            return content.decode("utf-8-sig", errors="ignore")
        good = error.object[: error.start].decode()
        place = Source(good).position(len(good))
        raise SegmentFileError(name, [FileProblem(*place, "is not UTF-8 text")]) from error


def no_place(name: str, message: str) -> SegmentFileError:
    """Return the error that a file as a whole is wrong."""
    return SegmentFileError(name, [FileProblem(0, 0, message)])


QUERY_SUFFIXES = (".sql", ".sgql")
"""The files that are a query and nothing else."""

JSON_SUFFIXES = (".json",)
YAML_SUFFIXES = (".yaml", ".yml")
SEGMENT_SUFFIXES = (*JSON_SUFFIXES, *YAML_SUFFIXES)
"""The files that may hold segments."""

SUFFIXES = (*QUERY_SUFFIXES, *SEGMENT_SUFFIXES)
"""All files that queries are read from."""

NO_LISTS: Mapping[str, str] = {}


def read_queries(path: str | os.PathLike[str], dialect: Dialect | None = None) -> list[QuerySource]:
    """Return the queries of a file; see ``queries_in``. Raises SegmentFileError."""
    return queries_in(content_of(path), os.fspath(path), dialect)


def queries_in(
    content: bytes | str, name: str, dialect: Dialect | None = None, lists: Mapping[str, str] = NO_LISTS
) -> list[QuerySource]:
    """Return the queries that a file's content holds, in their order.

    ``name`` is the file's, and its suffix says how to read it: ``.json``, ``.yaml`` and ``.yml`` hold
    segments as SendGrid's API has them, any other is one query. ``dialect`` overrides what the file and the
    texts say. ``lists`` gives ids to names of lists, which may stand in place of ids.

    Raises SegmentFileError, with all that is wrong in the file.
    """
    text = content if isinstance(content, str) else decoded(content, name)
    if not name.lower().endswith(SEGMENT_SUFFIXES):
        return [query_alone(text, name, dialect)]
    return _queries_in_trees(trees_in(text, name), text, name, dialect, lists)


def queries_in_stream(
    text: str, name: str, dialect: Dialect | None = None, lists: Mapping[str, str] = NO_LISTS
) -> list[QuerySource]:
    """Return the queries of a text whose file's name says nothing: JSON if it holds segments, else one query.

    No query starts with a bracket, and what a service answers does. Raises SegmentFileError.
    """
    if name.lower().endswith(SEGMENT_SUFFIXES) or not _JSON_START.match(text):
        return queries_in(text, name, dialect, lists)
    try:
        trees = trees_in(text, name)
    except SegmentFileError:
        return [query_alone(text, name, dialect)]
    if not any(map(_holds_segments, trees)):
        return [query_alone(text, name, dialect)]
    return _queries_in_trees(trees, text, name, dialect, lists)


_JSON_START = re.compile(r"\s*[\[{]")


def _queries_in_trees(
    trees: Sequence[Value], text: str, name: str, dialect: Dialect | None, lists: Mapping[str, str]
) -> list[QuerySource]:
    from sql_seg.sources.segments_in_tree import Segments  # for JSON and YAML alone

    segments = Segments(name, dialect, lists)
    queries = segments.read(trees)
    if segments.problems:
        raise placed(segments.problems, text, name)
    return queries


def trees_in(text: str, name: str) -> Sequence[Value]:
    """Return what the documents of a JSON or YAML text say; ``name`` is the file's, whose suffix decides.

    Raises SegmentFileError where it cannot be read.
    """
    from sql_seg.sources.value_tree import TreeProblem

    try:
        if name.lower().endswith(YAML_SUFFIXES):
            from sql_seg.sources.yaml_tree import read_yaml_trees

            return read_yaml_trees(text)
        from sql_seg.sources.json_tree import read_json_tree

        return [read_json_tree(text)]
    except TreeProblem as problem:
        raise placed([problem], text, name) from None


def may_hold_segments(content: bytes | str) -> bool:
    """Return whether a JSON or YAML file that was met in a folder is about segments at all."""
    text = content if isinstance(content, str) else content.decode(errors="replace")
    return "query_dsl" in text.lower() or _IS_SEARCH.match(text) is not None


_IS_SEARCH = re.compile(r"""\ufeff?\s*\{\s*"query"\s*:\s*"[^"\\]*(?:\\.[^"\\]*)*"\s*\}\s*$""")
"""The body of a v1 contact search: a query, and nothing beside it."""

_GRAPHQL = re.compile(r'\ufeff?\s*\{\s*"query"\s*:\s*"(?:\s|\\[nrt])*(?:\{|(?:query|mutation)\b)')


def why_left_alone(text: str, name: str) -> str | None:
    """Return why a file that was met in a folder is no segment's, None where it is one.

    Only what is sure to be something else is left alone: what may be a segment with a mistake is not.
    """
    if name.lower().endswith(SEGMENT_SUFFIXES):
        try:
            trees = trees_in(text, name)
        except SegmentFileError:
            return None
        if _GRAPHQL.match(text) or not any(map(_holds_segments, trees)):
            return "its top level holds no segment"
        return None
    other = _OTHER_SQL.match(text)
    return None if other is None else f"it starts with {other['word'].upper()}, as no segment's query does"


_OTHER_SQL = re.compile(
    r"""(?>\s|--[^\r\n]*|/\*[\s\S]*?\*/)*+
    (?P<word>ALTER|ANALYZE|BEGIN|CALL|COMMENT|COMMIT|COPY|CREATE|DECLARE|DELETE|DELIMITER|DESCRIBE|DO|DROP|EXEC|
    EXECUTE|EXPLAIN|GRANT|IF|INSERT|LOAD|LOCK|MERGE|PRAGMA|PRINT|RENAME|REPLACE|REVOKE|ROLLBACK|SAVEPOINT|SET|
    SHOW|START|TRUNCATE|UPDATE|USE|VACUUM)
    (?:\s*;|\s+(?!(?:AND|OR|NOT|IN|IS|LIKE|BETWEEN)\b)[\w"`\[$@])""",
    re.IGNORECASE | re.VERBOSE,
)
"""The start of SQL that changes data, not of a predicate on a column of such a name."""


def _holds_segments(root: Value) -> bool:
    from sql_seg.sources.segments_in_tree import holds_segments

    return holds_segments(root)


def placed(problems: Sequence[TreeProblem], text: str, name: str) -> SegmentFileError:
    """Return the error that says all problems of a file, in the order of its text."""
    source = Source(text)
    in_order = sorted(problems, key=lambda problem: problem.offset)
    return SegmentFileError(
        name, [FileProblem(*source.position(problem.offset), problem.message) for problem in in_order]
    )
