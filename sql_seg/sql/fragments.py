"""Pieces of SQL: how tightly they bind, templates that put them together, how texts and names are spelled.

A template is a row of an engine's table: ``template("{0:sum} + {1:product}", Level.SUM)`` is a sum whose left
operand binds at least as a sum does, and its right one tighter. An operand without a word after the colon
stands between brackets or commas, and never needs parentheses of its own.

No literal holds a control character. A name is bare where every engine takes it so, delimited where not.
Which texts are timestamps is a regular expression, for engines that ask one before they read a text; the
days of each month are in it, so that an engine whose cast ends the query on 30 February is asked of real
days alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple


class Level(IntEnum):
    """How tightly a piece of SQL binds: the order that all engines share."""

    ANY = 0
    OR = 1
    AND = 2
    NOT = 3
    PREDICATE = 4
    """Comparisons, IN, LIKE, BETWEEN and IS: they do not chain."""
    CONCAT = 5
    """``||`` and other operators of one engine's own."""
    SUM = 6
    PRODUCT = 7
    UNARY = 8
    ATOM = 9


class Sql(NamedTuple):
    """A piece of SQL with its level; ``{0:product}`` puts it in parentheses if it binds looser."""

    text: str
    level: Level = Level.ATOM

    def __format__(self, word: str) -> str:
        least = Level[word.upper()] if word else Level.ANY
        return self.text if self.level >= least else f"({self.text})"

    def __str__(self) -> str:
        return self.text


class Template(NamedTuple):
    """A row of an engine's table: the text with places for operands, and the level of what comes out."""

    text: str
    level: Level = Level.ATOM

    def __call__(self, *operands: Sql | str) -> Sql:
        """Return the template over its operands."""
        return Sql(self.text.format(*operands), self.level)


def template(text: str, level: Level = Level.ATOM) -> Template:
    """Return a template; its text may hold braces of its own as ``{{`` and ``}}``."""
    return Template(text, level)


def joined(word: str, parts: list[Sql], level: Level) -> Sql:
    """Return conditions tied by AND or OR, each on a line of its own where they do not fit on one."""
    if len(parts) == 1:
        return parts[0]
    texts = [part.text if part.level > level else bracketed(part.text) for part in parts]
    if sum(map(len, texts)) + len(texts) * 5 <= _WIDTH and not any("\n" in text for text in texts):
        return Sql(f" {word} ".join(texts), level)
    return Sql(f"\n{word} ".join(texts), level)


_WIDTH = 90


def bracketed(text: str) -> str:
    """Return a text in parentheses, indented on lines of its own where it has several."""
    return f"(\n{indented(text, 2)}\n)" if "\n" in text else f"({text})"


def indented(text: str, by: int) -> str:
    """Return a text with each line moved to the right. No literal or name holds a line break."""
    return "\n".join(" " * by + line for line in text.split("\n"))


def continued(word: str, condition: Sql) -> str:
    """Return a clause whose condition's further lines stand to the right of its word."""
    return f"{word} " + condition.text.replace("\n", "\n  ")


_CONTROL = re.compile(r"([\x00-\x1f\x7f-\x9f\u2028\u2029])")


def quoted(text: str) -> str:
    """Return a text in single quotes, where a quote is doubled and a backslash is itself."""
    return "'" + text.replace("'", "''") + "'"


def escaped(text: str) -> str:
    r"""Return a text for quotes in which backslashes are undone: control characters as ``\u0000``."""
    quotable = text.replace("\\", "\\\\").replace("'", "\\'")
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", quotable)


def literals(quote: Callable[[str], str], character: str, *, apart: str = "") -> Callable[[str], Sql]:
    """Return how an engine writes texts: in quotes, control characters by their code points.

    ``character`` is the template of a character by its code point. A text is cut where the pattern ``apart``
    matches an empty stretch: the engine would read what meets there as something else.
    """
    cut = re.compile(apart) if apart else None

    def write(text: str) -> Sql:
        parts = []
        for piece in _CONTROL.split(text):
            if _CONTROL.fullmatch(piece):
                parts.append(character.format(ord(piece)))
            elif piece:
                parts += map(quote, cut.split(piece) if cut else [piece])
        if not parts:
            return Sql(quote(""))
        return Sql(parts[0]) if len(parts) == 1 else Sql(" || ".join(parts), Level.CONCAT)

    return write


def why_no_nul(text: str) -> str | None:
    """Return why an engine without the character NUL cannot hold a text, None where it can."""
    return "its texts cannot hold the character NUL" if "\0" in text else None


_BARE = re.compile(r"[a-z_][a-z0-9_]{0,62}")

RESERVED = frozenset(
    """
    account aes128 aes256 all allowoverwrite alter analyse analyze and anti any array as asc asof
    assert_rows_modified asymmetric at authorization backup between binary blanksasnull both by bytedict
    bzip2 case cast check collate collation column commit concurrently connect connection constraint
    contains create credentials cross cube current current_catalog current_date current_role current_schema
    current_time current_timestamp current_user database default deferrable define deflate defrag delete
    delta delta32k desc describe disable distinct div do drop else emptyasnull enable encode encrypt
    encryption end enum escape except exclude exists explicit extract false fetch filter following for
    foreign freeze from full function glob global globaldict256 globaldict64k grant group grouping groups
    gscluster gzip hash having identity if ignore ilike in increment initially inner insert intersect
    interval into is isnull issue join lambda lateral leading left like limit local localtime localtimestamp
    luns lzo lzop merge minus mostly13 mostly32 mostly8 natural new no not notnull null nulls of off offline
    offset oid old on only open or order organization outer over overlaps parallel partition percent
    permissions pivot pivot_longer pivot_wider placing positional preceding prewhere primary proto qualify
    range raw readratio recover recursive references regexp rejectlog resort respect returning revoke right
    rlike rollup row rows sample schema select semi session_user set settings show similar snapshot some
    start struct summarize symmetric sysdate system table tablesample tag tdes text255 text32k then
    timestamp to top trailing treat trigger true truncatecolumns try_cast unbounded union unique unknown
    unnest unpack unpivot update user using values variadic verbose view wallet when whenever where window
    with within without
    """.split()
)
"""Words that are no bare name in one engine or another."""


def is_bare(name: str) -> bool:
    """Return whether every engine takes a name as it is, without regard to case or in lower case."""
    return _BARE.fullmatch(name) is not None and name not in RESERVED


def has_control_characters(name: str) -> bool:
    """Return whether a name has characters that no text of SQL should hold: line breaks, NUL and the like.

    So are the line breaks of Unicode, and half a surrogate pair, which no file can hold.
    """
    return _NOT_IN_NAMES.search(name) is not None


_NOT_IN_NAMES = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


_YEAR = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_LEAP = "(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
_MONTHS = (
    "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_DAY = f"(?:{_YEAR}-{_MONTHS}|{_LEAP}-02-29)"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]+)?)?"
_OFFSET = "[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9]"

MOMENT = f"{_DAY}(?:[T ]{_CLOCK}(?:Z|{_OFFSET})?)?"
"""A timestamp's text, whole; the offset may be left out."""

ZONE = r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$"
"""What ends such a text where it names its offset."""

TOO_FINE = "([.][0-9]{6})[0-9]+"
"""The digits of a fraction past the sixth, behind those that are kept."""


def in_template(pattern: str) -> str:
    """Return a regular expression for a template, where braces are doubled."""
    return pattern.replace("{", "{{").replace("}", "}}")
