"""Other spellings of a query: case, white space, quotes, comments, parentheses, optional words."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import Literal

from hypothesis import strategies as st

from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import CURRENT_TIMESTAMP, read_string
from sql_seg.language.operators import Comparator
from sql_seg.language.schema import SENDGRID, Schema
from sql_seg.linting import table  # noqa: F401 -- diagnose needs all rules: their import is no test's own time
from sql_seg.syntax import nodes
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.nodes import walk
from sql_seg.syntax.parsing import parse
from sql_seg.syntax.parsing.tables import END
from sql_seg.syntax.parsing.tokens import Token, tokenize
from sql_seg.testing.constants import among
from sql_seg.testing.drawn_queries import queries
from sql_seg.testing.plain_queries import plain_texts

_BLANKS = (" ", "  ", "\n", "\t", "\r\n", "\N{NO-BREAK SPACE}")
_COMMENTS = (" /* it's */ ", "/**/", " -- SELECT '\n", "/* -- */")
_BARE_ONLY = (nodes.Star, nodes.Array)


def query_texts(
    dialect: Dialect | str | None = None,
    *,
    schema: Schema = SENDGRID,
    events: bool = True,
    depth: int = 3,
    style: Literal["any", "plain"] = "any",
) -> st.SearchStrategy[str]:
    """Return texts of valid queries: canonical ones, and the same in other spellings.

    With the ``style`` "plain" they are queries as people write them: a few conditions on names, addresses,
    lists, custom fields, dates and events, with values that contacts have, on one line or laid out.

    For each, ``diagnose(text, schema)`` has no error, and ``parse(text)`` sees the dialect by itself. The
    other arguments are those of ``queries``. Raises ValueError for another style.
    """
    if style not in ("any", "plain"):
        raise ValueError(f"style is 'any' or 'plain', not {style!r}")
    if style == "plain":
        dialects = st.sampled_from(Dialect) if dialect is None else st.just(Dialect(dialect))
        return dialects.flatmap(lambda one: plain_texts(one, schema, events=events, depth=depth))
    drawn = queries(dialect, schema=schema, events=events, depth=depth)
    return drawn.map(to_text) | drawn.flatmap(spellings)


def spellings(query: nodes.Query) -> st.SearchStrategy[str]:
    """Return texts of the query: in other case, with other blanks, quotes, comments and parentheses."""
    return respelled(to_text(query), query.dialect)


@st.composite
def respelled(draw: st.DrawFn, text: str, dialect: Dialect) -> str:
    """Return another spelling of a text that parses."""
    tokens = tokenize(_with_parentheses(draw, text, dialect), dialect).tokens
    tokens = [token for token in tokens if token.type != END]
    words = []
    for before, token, after in zip([None, *tokens], tokens, [*tokens[1:], None], strict=False):
        words.append(_respelled(draw, before, token, after, dialect))
    if dialect is Dialect.V2 and draw(st.booleans()):
        words.append(";")
    return _joined(draw, [word for word in words if word], dialect)


def _with_parentheses(draw: st.DrawFn, text: str, dialect: Dialect) -> str:
    """Return the text with more parentheses around some of its expressions."""
    query = parse(text, dialect)
    for_paths = {path.column.span for path in walk(query) if isinstance(path, nodes.Path)}
    spans = [
        node.span
        for node in walk(query)
        if isinstance(node, nodes.Expression)
        and not isinstance(node, _BARE_ONLY)
        and node.span not in for_paths
    ]
    chosen = draw(st.lists(st.sampled_from(spans), max_size=3)) if spans else []
    opened, closed = Counter(span.start for span in chosen), Counter(span.end for span in chosen)
    pieces = (")" * closed[i] + "(" * opened[i] + text[i : i + 1] for i in range(len(text) + 1))
    return "".join(pieces)


def _respelled(
    draw: st.DrawFn, before: Token | None, token: Token, after: Token | None, dialect: Dialect
) -> str:
    """Return another spelling of one token, or nothing where it can be left out."""
    text = token.text
    if before is not None and before.type in ("DOT", "COLON") and token.type not in ("STRING", "QUOTED_NAME"):
        return text
    if token.type == "STRING":
        return among(draw, _strings(text, dialect))
    if token.type == "COMPARATOR" and text == Comparator.NE:
        return among(draw, ("!=", "<>"))
    if token.type == "JOIN":
        return among(draw, ("JOIN", "inner join"))
    if token.type == "AS":
        return among(draw, ("AS", "as", ""))
    if token.type == "NAME":
        return _name(draw, before, token, after, dialect)
    if token.type == "QUOTED_NAME" and dialect is Dialect.V2:
        return among(draw, (text, *_delimited(text[1:-1])))
    return _in_some_case(draw, text) if text.isalpha() else text


def _strings(text: str, dialect: Dialect) -> list[str]:
    """Return the literals of one text."""
    value = read_string(text, dialect)
    escaped = value.replace("\\", "\\\\")
    spellings = [text, "'" + escaped.replace("'", "\\'") + "'"]
    if dialect is Dialect.V1:
        spellings.append('"' + escaped.replace('"', '\\"') + '"')
    else:
        spellings.append("'" + escaped.replace("'", "''").replace('"', '\\"') + "'")
        spellings.append("'" + "".join(map(_escaped, value)) + "'")
    return spellings


def _escaped(character: str) -> str:
    """Return a character as a v2 text may name it: by its number, or with a backslash that is dropped."""
    code = ord(character)
    if code > 0xFFFF:
        high, low = divmod(code - 0x10000, 0x400)
        return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
    if code > 0xFF:
        return f"\\u{code:04X}"
    if character.isalnum():
        return character if code % 2 else f"\\{code:03o}"
    return f"\\x{code:02x}" if code % 2 or character in "'\\" else f"\\{character}"


def _name(draw: st.DrawFn, before: Token | None, token: Token, after: Token | None, dialect: Dialect) -> str:
    """Return a name in another case where it is no column's, in delimiters where it is one's."""
    if after is not None and after.type in ("LPAR", "STRING"):
        return _in_some_case(draw, token.text)
    if dialect is Dialect.V1:
        is_unit = before is not None and before.type in ("NUMBER", "STRING")
        return _in_some_case(draw, token.text) if is_unit else among(draw, (token.text, f"`{token.text}`"))
    if token.word == CURRENT_TIMESTAMP:  # a function where it stands alone, a name elsewhere
        return token.text
    return among(draw, (token.text, *_delimited(token.text)))


def _delimited(name: str) -> list[str]:
    return [f"{quote}{name}{quote}" for quote in '"`' if quote not in name]


def _in_some_case(draw: st.DrawFn, word: str) -> str:
    if not word.isascii():
        return word
    return among(draw, (word, word.lower(), word.upper(), word.swapcase()))


def _joined(draw: st.DrawFn, words: list[str], dialect: Dialect) -> str:
    """Return the words with blanks between them, or none where they stay apart without."""
    blanks = _BLANKS + (_COMMENTS if dialect is Dialect.V2 else ())
    parts = [among(draw, ("", *blanks))]
    for word, following in zip(words, [*words[1:], ""], strict=True):
        parts.append(word)
        parts.append(among(draw, ("", *blanks) if _stay_apart(word, following, dialect) else blanks))
    return "".join(parts)


@lru_cache(maxsize=4096)
def _stay_apart(word: str, following: str, dialect: Dialect) -> bool:
    """Return whether two words are still the same two without a blank between them."""
    return _texts(word + following, dialect) == _texts(word, dialect) + _texts(following, dialect)


def _texts(text: str, dialect: Dialect) -> list[str]:
    return [token.text for token in tokenize(text, dialect).tokens[:-1]]
