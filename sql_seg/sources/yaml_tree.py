"""YAML text to values with their places; plain and ``|`` scalars know where each character stands.

This module needs PyYAML, and is imported only where a YAML file is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from sql_seg.diagnostics.source import Source, Span
from sql_seg.diagnostics.source_map import Decode, Encode, MappedRun, SourceMap
from sql_seg.sources.value_tree import (
    MOST_LEVELS,
    Elements,
    Entry,
    Object,
    Scalar,
    Text,
    TreeProblem,
    Value,
)
from sql_seg.sources.yaml_scalars import text_of, writer

_TAG = "tag:yaml.org,2002:"
_KINDS = {"int": "the number", "float": "the number", "bool": "the truth value", "timestamp": "the date"}
_BREAK = r"(?:\r\n|[\r\n])"
_FOLD = re.compile(rf"[ \t]*({_BREAK}(?:[ \t]*{_BREAK})*)[ \t]*")
_LINE = re.compile(rf"([^\r\n]*)({_BREAK}|$)")
_QUERY_ON_THE_LINE = re.compile(r"\bquery_dsl\s*:\s*[^\s|>]", re.IGNORECASE)


def read_yaml_trees(text: str) -> list[Value]:
    """Return what the documents of a YAML text say. Raises TreeProblem where it is not YAML."""
    try:
        loader = _Loader(text)
        reader = _YamlReader(text)
        roots = []
        while loader.check_node():
            root = loader.get_node()
            assert root is not None
            roots.append(reader.value(root, in_flow=False))
        return roots
    except yaml.reader.ReaderError as error:
        code = error.character if isinstance(error.character, int) else ord(error.character)
        raise TreeProblem(
            error.position, f"is not YAML: the character U+{code:04X} may not stand in it"
        ) from None
    except yaml.MarkedYAMLError as error:
        raise _not_yaml(error, text) from None
    except RecursionError:
        raise TreeProblem(0, f"nests deeper than {MOST_LEVELS} levels") from None


class _Loader(yaml.SafeLoader):
    """The safe loader, with a bound to nesting."""

    level = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.level >= MOST_LEVELS:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise TreeProblem(mark.index, f"nests deeper than {MOST_LEVELS} levels")
        self.level += 1
        node: yaml.Node | None = super().compose_node(parent, index)
        self.level -= 1
        return node


def _not_yaml(error: yaml.MarkedYAMLError, text: str) -> TreeProblem:
    mark = error.problem_mark or error.context_mark
    offset = 0 if mark is None else mark.index
    problem = f"is not YAML: {error.problem or error.context}"
    source = Source(text)
    if _QUERY_ON_THE_LINE.search(source.line(source.position(offset).line)):
        problem += "; write the query below `query_dsl: |`, where it needs no quotes"
    return TreeProblem(offset, problem)


class _YamlReader:
    """Makes values of nodes; what an alias names is made once."""

    def __init__(self, text: str) -> None:
        self.source = Source(text)
        self.made: dict[int, Value | None] = {}
        self.nodes: list[yaml.Node] = []

    def value(self, node: yaml.Node, *, in_flow: bool, indent: int = 0) -> Value:
        key = id(node)
        if key not in self.made:
            self.nodes.append(node)
            self.made[key] = None
            self.made[key] = self._make(node, in_flow=in_flow, indent=indent)
        made = self.made[key]
        if made is None:
            raise TreeProblem(node.start_mark.index, "has an anchor inside of which its own alias stands")
        return made

    def _make(self, node: yaml.Node, *, in_flow: bool, indent: int) -> Value:
        span = Span(node.start_mark.index, node.end_mark.index)
        match node:
            case yaml.MappingNode():
                in_flow = in_flow or bool(node.flow_style)
                return Object([self._entry(key, inner, in_flow) for key, inner in node.value], span)
            case yaml.SequenceNode():
                in_flow = in_flow or bool(node.flow_style)
                return Elements([self.value(item, in_flow=in_flow) for item in node.value], span)
        kind = node.tag.removeprefix(_TAG)
        if kind == "null":
            return Scalar("null", node.value, span)
        if kind in _KINDS:
            return Scalar(_KINDS[kind], node.value, span)
        if kind != "str":
            return Scalar(f"a value tagged {node.tag}", "", span)
        assert isinstance(node, yaml.ScalarNode)
        scalar = node
        return Text(
            node.value, span, lambda: _placement(scalar, span, self.source, None if in_flow else indent)
        )

    def _entry(self, key: yaml.Node, value: yaml.Node, in_flow: bool) -> Entry:
        span = Span(key.start_mark.index, key.end_mark.index)
        if not isinstance(key, yaml.ScalarNode):
            raise TreeProblem(span.start, "has a key that is no text")
        if key.tag == f"{_TAG}merge":
            raise TreeProblem(
                span.start, "has a merge key (<<), which is not read; write the keys themselves"
            )
        return Entry(key.value, span, self.value(value, in_flow=in_flow, indent=key.start_mark.column))


def _placement(node: yaml.ScalarNode, span: Span, source: Source, indent: int | None) -> SourceMap:
    """Return where the characters of a text stand, as far as its style lets them be found.

    ``indent`` is where its key stands, None between brackets.
    """
    text: str = node.value
    literal = source.text[span.start : span.end]
    anew = writer(source.text, span, node.style, indent)
    runs: tuple[MappedRun, ...] = ()
    encode: Encode = _in_plain
    decode: Decode = _decoded_in_flow if indent is None else _decoded
    if node.style is None:
        runs = _plain_runs(literal, text, span.start)
    elif node.style == "|":
        runs, inner = _literal_runs(literal, text, span.start)

        def encode(written: str) -> str | None:
            return _in_literal(written, inner)

    if not runs:
        span = Span(span.start, span.start + len(literal.rstrip()))
    return SourceMap(text, source, span, runs, encode, decode, anew)


def _plain_runs(literal: str, text: str, start: int) -> tuple[MappedRun, ...]:
    """Return the runs of a plain scalar, whose line breaks are folded."""
    said = ""
    runs = [MappedRun(0, start)]
    end = 0
    for fold in _FOLD.finditer(literal):
        said += literal[end : fold.start()]
        runs.append(MappedRun(len(said), start + fold.start()))
        breaks = len(re.findall(_BREAK, fold[1]))
        said += " " if breaks == 1 else "\n" * (breaks - 1)
        end = fold.end()
        runs.append(MappedRun(len(said), start + end))
    said += literal[end:]
    return tuple(runs) if said == text else ()


def _literal_runs(literal: str, text: str, start: int) -> tuple[tuple[MappedRun, ...], int]:
    """Return the runs of a ``|`` scalar, one for each line, and how far the lines are indented."""
    written = _lines(literal)
    next(written)
    said = text.split("\n")
    runs: list[MappedRun] = []
    offset = 0
    indent: int | None = None
    for line in said[:-1] if said[-1] == "" else said:
        at, raw = next(written, (0, ""))
        if line and indent is None:
            indent = len(raw) - len(line)
        if line and raw[indent:] != line:
            return (), 0
        shift = len(raw) - len(line) if line else min(len(raw), indent or 0)
        runs.append(MappedRun(offset, start + at + shift))
        offset += len(line) + 1
    if not runs or indent is None or indent <= 0:
        return (), 0
    if said[-1] == "":
        last = runs[-1]
        runs.append(MappedRun(len(text), last.in_file + len(text) - 1 - last.offset))
    return tuple(runs), indent


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text with their offsets."""
    for line in _LINE.finditer(text):
        yield line.start(), line[1]


def _in_plain(text: str) -> str | None:
    return None if re.search(r"[\r\n]", text) else text


def _in_literal(text: str, indent: int) -> str | None:
    return None if "\r" in text else text.replace("\n", "\n" + " " * indent)


def _decoded(literal: str) -> str | None:
    """Return what a scalar says behind a key."""
    return text_of(f"k: {literal}")


def _decoded_in_flow(literal: str) -> str | None:
    """Return what a scalar says between the brackets of a list."""
    return text_of(f"[{literal}]")
