"""A text as a YAML scalar: read back, and rewritten in place of another one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import yaml

from sql_seg.diagnostics import Edit
from sql_seg.diagnostics.source import Span

_PROPERTIES = re.compile(r"(?:[!&]\S*\s+)*")
_HEADER = re.compile(r"^[|>][-+0-9]*")
_BEHIND = re.compile(r"[ \t]*(#[^\r\n]*)?")
_STEP = 2
_BLOCKS = ("|", ">")


def writer(text: str, span: Span, style: str | None, indent: int | None) -> Callable[[str], Edit | None]:
    """Return what writes another text in place of the whole scalar at a place of a file's text.

    ``style`` is how the scalar is written, None without quotes; ``indent`` is where its key stands, None
    between brackets. A text of one line keeps its quotes; one of several lines stands below ``|``, or, where
    it cannot, in double quotes. What is said before a scalar (a tag, an anchor) and behind it (a comment)
    stays. The edit is None where nothing says the text.
    """
    literal = text[span.start : span.end].rstrip("\r\n" if style in _BLOCKS else None)
    end = span.start + len(literal)
    properties = _PROPERTIES.match(literal)
    assert properties is not None
    before = "".join(f"{word} " for word in properties[0].split())
    scalar = literal[properties.end() :]
    remark, block_end = _remark(text, scalar, end, style)
    line_break = "\r\n" if "\r\n" in text else "\n"

    def write(new: str) -> Edit | None:
        if scalar.startswith("#"):  # a comment between a tag and its text
            return None
        for form in _forms(new, style, indent, remark, line_break):
            written = before + form
            if indent is None:
                if text_of(f"[{written}]") == new:
                    return Edit(Span(span.start, end), written)
            elif text_of(f"k: {written}{line_break}") == new:
                until = block_end if form.startswith("|") else end
                closing = (
                    line_break if form.startswith("|") and new.endswith("\n") and until == len(text) else ""
                )
                return Edit(Span(span.start, until), written + closing)
        return None

    return write


def _remark(text: str, scalar: str, end: int, style: str | None) -> tuple[str, int]:
    """Return the comment on the scalar's first line, and where what it covers ends."""
    if style in _BLOCKS:
        return _HEADER.sub("", scalar.split("\n")[0]).strip(), end
    behind = _BEHIND.match(text, end)
    assert behind is not None
    return behind[1] or "", behind.end()


def _forms(new: str, style: str | None, indent: int | None, remark: str, line_break: str) -> Iterator[str]:
    """Yield the ways to write a text, the best first; not each of them says every text."""
    block = None if indent is None else _block(new, " " * (indent + _STEP), remark, line_break)
    if block is not None and (style in _BLOCKS or "\n" in new.rstrip("\n")):
        yield block
    if style is None:
        yield new
    if style != '"':
        yield "'" + new.replace("'", "''") + "'"
    yield json.dumps(new, ensure_ascii=False)


def _block(new: str, indent: str, remark: str, line_break: str) -> str:
    chomping = "" if new.endswith("\n") else "-"
    lines = new.removesuffix("\n").split("\n")
    header = f"|{chomping} {remark}".rstrip()
    return line_break.join([header, *(f"{indent}{line}" if line else "" for line in lines)])


def text_of(document: str) -> str | None:
    """Return the one text that a document of one key, or of one item, holds."""
    try:
        node = yaml.compose(document, yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    if not isinstance(node, yaml.MappingNode | yaml.SequenceNode) or len(node.value) != 1:
        return None
    inner = node.value[0][1] if isinstance(node, yaml.MappingNode) else node.value[0]
    is_text = isinstance(inner, yaml.ScalarNode) and inner.tag == "tag:yaml.org,2002:str"
    return inner.value if is_text else None
