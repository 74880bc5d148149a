"""Documents, and how they become lines: what may be broken where, and what it fits into.

A document is a text, or parts in a row, or one of the classes here; it says where lines may break and how far
what is inside stands in. ``render`` breaks a group only where it does not fit into the width (Wadler, "A
prettier printer", in the form with a stack that today's formatters have). Comments are the one addition: a
comment to the end of its line breaks the line behind itself in its new place too, so that it can never
swallow what follows; and what stands around it is broken, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

Doc: TypeAlias = "str | Part"


class Part:
    """A document that is no plain text; ``must_break`` is whether it cannot stand on one line."""

    __slots__ = ("must_break",)

    must_break: bool


class Concat(Part):
    """Documents one behind the other."""

    __slots__ = ("items",)

    def __init__(self, *items: Doc) -> None:
        self.items = items
        self.must_break = any_breaks(items)


class Line(Part):
    """A place where a line may break: ``flat`` stands there where it does not."""

    __slots__ = ("flat",)

    def __init__(self, flat: str = " ") -> None:
        self.flat = flat
        self.must_break = False


class Group(Part):
    """What stands on one line if it fits; if not, all of its own lines break."""

    __slots__ = ("item",)

    def __init__(self, *items: Doc) -> None:
        self.item = Concat(*items)
        self.must_break = self.item.must_break


class Bracketed(Group):
    """A group whose first and last line are those of its brackets."""

    __slots__ = ()


class Hugging(Bracketed):
    """A call whose last argument has brackets of its own, ``last``, and of which nothing else need break.

    Where it does not fit on one line, the line ends behind the bracket of ``last`` if ``opening`` and that
    bracket fit; if not, all arguments stand on lines of their own.
    """

    __slots__ = ("closing", "last", "opening", "width")

    def __init__(self, loose: Bracketed, opening: str, last: Doc, closing: str) -> None:
        super().__init__(*loose.item.items)
        self.opening = opening
        self.last = last
        self.closing = closing
        self.width = len(opening) + 1

    def tight(self) -> Concat:
        """Return the call with the line break behind the last argument's bracket."""
        return Concat(self.opening, self.last, self.closing)


class Tailed(Part):
    """``head`` and ``tail``: this starts a line of its own where it fits there, and not behind ``head``.

    If ``always``, it does so whenever it does not fit behind ``head``.
    """

    __slots__ = ("always", "head", "tail")

    def __init__(self, head: Doc, tail: Doc, *, always: bool = False) -> None:
        self.head = head
        self.tail = tail
        self.always = always
        self.must_break = any_breaks((head, tail))


class Indented(Part):
    """What stands two columns further in, from its first line break on."""

    __slots__ = ("item",)

    def __init__(self, *items: Doc) -> None:
        self.item = Concat(*items)
        self.must_break = self.item.must_break


class Filled(Part):
    """Items, each with what parts it from the next; a line takes as many as fit."""

    __slots__ = ("items",)

    def __init__(self, items: Iterable[Doc]) -> None:
        self.items = tuple(items)
        self.must_break = any_breaks(self.items)


class Comment(Part):
    """A comment, written as it is.

    With ``own_line`` nothing stands before it on its line, and with ``ends_line`` nothing behind it.
    """

    __slots__ = ("ends_line", "own_line", "text")

    def __init__(self, text: str, *, own_line: bool, ends_line: bool) -> None:
        self.text = text
        self.own_line = own_line
        self.ends_line = ends_line
        self.must_break = own_line or ends_line or "\n" in text


def any_breaks(items: Iterable[Doc]) -> bool:
    """Return whether a document among some cannot stand on one line."""
    return any(isinstance(item, Part) and item.must_break for item in items)


def has_comments(document: Doc) -> bool:
    """Return whether there is a comment in a document, not counting those in brackets."""
    waiting = [document]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Comment):
            return True
        if isinstance(part, Concat | Filled):
            waiting += part.items
        elif isinstance(part, Tailed):
            waiting += (part.head, part.tail)
        elif isinstance(part, Group | Indented) and not isinstance(part, Bracketed):
            waiting.append(part.item)
    return False


def flat(document: Doc) -> str:
    """Return a document without comments on one line."""
    return render(document, None)


def render(document: Doc, width: int | None) -> str:
    """Return a document as lines of at most ``width`` code points, where it can be broken that far.

    Without a width nothing is broken but behind comments.
    """
    page = _Page()
    waiting: list[_Waiting] = [(0, width is not None, document)]
    while waiting:
        indent, broken, item = waiting.pop()
        if isinstance(item, str):
            page.put(item, indent)
        elif isinstance(item, Concat):
            waiting += [(indent, broken, inner) for inner in reversed(item.items)]
        elif isinstance(item, Line):
            if broken:
                page.end_line(indent)
            else:
                page.put(item.flat, indent)
        elif isinstance(item, Indented):
            waiting.append((indent + 2, broken, item.item))
        elif isinstance(item, Group):
            if broken is not False:  # what stands in what fits has no need to be asked, and fits
                assert width is not None
                broken = _breaks(item, page.starts_at(indent), waiting, width)
                if broken and isinstance(item, Hugging) and page.starts_at(indent) + item.width <= width:
                    waiting.append((indent, True, item.tight()))
                    continue
            waiting.append((indent, broken, item.item))
        elif isinstance(item, Tailed):
            if broken is not False:
                assert width is not None
                waiting += _tailed(item, indent, page.starts_at(indent), waiting, width)
            else:
                waiting += [(indent, False, item.tail), (indent, False, " "), (indent, False, item.head)]
        elif isinstance(item, Filled):
            waiting += reversed(list(_filled(item, indent, broken)))
        elif isinstance(item, _IfFits):
            assert width is not None
            waiting.append((indent, _breaks(item, page.starts_at(indent), waiting, width), item.item))
        else:
            assert isinstance(item, Comment)
            page.comment(item, indent)
    return page.text()


_Broken: TypeAlias = bool | None
"""Whether lines are broken. None: they are not, and whether what is in groups there fits is not known."""

_Waiting: TypeAlias = tuple[int, _Broken, Doc]
"""How far in a document stands, whether its lines are broken, and the document."""


class _IfFits(Part):
    """A line break and what follows it, on the same line if that fits there."""

    __slots__ = ("item",)

    def __init__(self, item: Concat) -> None:
        self.item = item
        self.must_break = item.must_break


def _filled(filled: Filled, indent: int, broken: _Broken) -> Iterator[_Waiting]:
    """Yield the items of a filled part, each with the break before it."""
    for index, item in enumerate(filled.items):
        if index == 0:
            yield indent, None if broken else broken, item
        elif broken:
            yield indent, True, _IfFits(Concat(Line(), item))
        else:
            yield indent, broken, Concat(Line(), item)


def _tailed(
    item: Tailed, indent: int, column: int, waiting: list[_Waiting], width: int
) -> tuple[_Waiting, ...]:
    """Return what is to be written of a head and a tail, the last first."""
    fits = False if item.must_break else _fits(item, column, waiting, width, with_comments=False)
    if fits is not False:
        broken = False if fits else None
        return (indent, broken, item.tail), (indent, broken, " "), (indent, broken, item.head)
    if not item.must_break and (isinstance(item.head, str) or _fits(item.head, column, [], width)):
        below = _fits(item.tail, indent + 2, waiting, width, with_comments=False)
        if below is not False or item.always:
            tail = (indent + 2, False if below else None if below is None else True, item.tail)
            return tail, (indent + 2, True, Line()), (indent, False, item.head)
    return (indent, True, item.tail), (indent, True, " "), (indent, True, item.head)


class _Page:
    """The text so far. A line that must end is ended when something comes to stand on the next one."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.column = 0
        self.must_end = False
        self.is_blank = True

    def put(self, text: str, indent: int) -> None:
        if self.must_end:
            self.end_line(indent)
        if self.is_blank:
            text = text.lstrip(" ")
        self.pieces.append(text)
        last = text.rpartition("\n")
        self.column = len(last[2]) + (0 if last[1] else self.column)
        self.is_blank = self.is_blank and not text

    def end_line(self, indent: int) -> None:
        while self.pieces and self.pieces[-1] == " ":
            self.pieces.pop()
        if self.pieces and self.pieces[-1].endswith(" ") and not self.is_blank:
            self.pieces[-1] = self.pieces[-1].rstrip(" ")
        self.pieces.append("\n" + " " * indent)
        self.column = indent
        self.must_end = False
        self.is_blank = True

    def comment(self, comment: Comment, indent: int) -> None:
        if comment.own_line and not self.is_blank:
            self.end_line(indent)
        self.put(comment.text, indent)
        self.must_end = comment.ends_line

    def starts_at(self, indent: int) -> int:
        """Return the column where the next text stands."""
        return indent if self.must_end else self.column

    def text(self) -> str:
        return "".join(self.pieces)


def _breaks(part: Group | _IfFits, column: int, waiting: list[_Waiting], width: int) -> _Broken:
    """Return whether the lines of a part break: if it does not fit, with what follows up to the next break.

    None if they do not, and yet not all of it was measured: a text in it has a line break of its own.
    """
    if part.must_break:
        return True
    fits = _fits(part.item, column, waiting, width)
    return None if fits is None else not fits


def _fits(
    item: Doc, column: int, waiting: list[_Waiting], width: int, *, with_comments: bool = True
) -> bool | None:
    """Return whether a document fits on the rest of a line; None if it does up to a line break inside.

    ``with_comments``, those that end its line must fit too.
    """
    left = width - column
    inner: list[tuple[_Broken, Doc]] = [(False, item)]
    following = len(waiting)
    while left >= 0:
        if not inner:
            if not following:
                return True
            following -= 1
            _, broken, behind = waiting[following]
            inner.append((broken, behind))
        broken, part = inner.pop()
        if isinstance(part, str):
            first_line, line_break, _ = part.partition("\n")
            left -= len(first_line)
            if line_break:
                is_inside = following == len(waiting)
                return False if left < 0 else None if is_inside else True
        elif isinstance(part, Concat):
            inner += [(broken, piece) for piece in reversed(part.items)]
        elif isinstance(part, Line):
            if broken:
                return True
            left -= len(part.flat)
        elif isinstance(part, Indented):
            inner.append((broken, part.item))
        elif isinstance(part, Group):
            inner.append((broken and part.must_break, part.item))
        elif isinstance(part, _IfFits):
            return True
        elif isinstance(part, Tailed):
            inner += [(False, part.tail), (False, " "), (False, part.head)]
        elif isinstance(part, Filled):
            pieces = [piece for element in reversed(part.items[1:]) for piece in (element, " ")]
            inner += [(False, piece) for piece in (*pieces, *part.items[:1])]
        else:
            assert isinstance(part, Comment)
            if part.own_line or (part.ends_line and not with_comments):
                return True
            left -= len(part.text.partition("\n")[0])
            if part.must_break:
                return left >= 0
    return False
