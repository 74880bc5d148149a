"""SQL that segments do not take: recognised by its tokens, and answered with what to write instead."""

from __future__ import annotations

import re

from sql_seg.diagnostics import Finding
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import Dialect, TimeUnit
from sql_seg.language.literals import AMOUNT_BOUND, LARGEST_AMOUNT
from sql_seg.syntax.other_sql import CAST_HELP
from sql_seg.syntax.parsing.around import Around
from sql_seg.syntax.parsing.tables import END
from sql_seg.syntax.parsing.tokens import Token

_FRAME = "SELECT contact_id, updated_at FROM contact_data WHERE …"


@frozen
class _Construct:
    """What is refused: a code, the words or types of token that it starts with, the way out, what is said.

    Without a help, the way out is the amount of time that the tokens hold, as the dialect writes it.
    """

    code: str
    starts: str
    help: str
    message: str = ""
    at_start: bool = False
    dialects: tuple[Dialect, ...] = (Dialect.V2,)

    @property
    def pattern(self) -> list[str]:
        """What each of its tokens is."""
        return self.starts.split()


_AMOUNT = re.compile(r"[0-9]+")
_UNIT = re.compile(r"[0-9]\W*([a-z]+)", re.IGNORECASE)
_STATEMENTS = ("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP", "MERGE", "TRUNCATE")
_IN_EVENTS = "contact_id IN (SELECT contact_id FROM event_data WHERE …)"
_AS_ONE = "write the conditions as one: WHERE (…)"
_INNER = "write JOIN event_data AS e ON c.contact_id = e.contact_id"
_OUTER = (
    "for contacts without an event, write contact_id NOT IN (SELECT contact_id FROM event_data WHERE …); "
    "a segment's JOIN is an inner join"
)
_LAST_EVENT = "for the last event, select MAX(e.timestamp) AS last_event and ask for it in HAVING"
_AN_AMOUNT = "an amount of time is not written like this"
_A_LIST = "an IN list takes parentheses, not square brackets"
_V1, _BOTH = (Dialect.V1,), (Dialect.V1, Dialect.V2)

_CONSTRUCTS = (
    *(
        _Construct(
            "unsupported-statement",
            word,
            f"a segment is {_FRAME}",
            f"a segment only selects: {word} is not supported",
            at_start=True,
        )
        for word in _STATEMENTS
    ),
    _Construct(
        "unsupported-with", "WITH", f"write the inner query where it is used: {_IN_EVENTS}", at_start=True
    ),
    _Construct("unsupported-order-by", "ORDER BY", "leave it out: a segment has no order"),
    _Construct("unsupported-limit", "LIMIT", "leave it out: a segment holds every contact that matches"),
    _Construct(
        "unsupported-distinct",
        "DISTINCT",
        "leave it out: a contact is in a segment once, however many rows match",
    ),
    _Construct("unsupported-union", "UNION", f"{_AS_ONE} OR (…)"),
    _Construct("unsupported-union", "EXCEPT", f"{_AS_ONE} AND NOT (…)"),
    _Construct("unsupported-union", "INTERSECT", f"{_AS_ONE} AND (…)"),
    *(
        _Construct("unsupported-join", f"{first} {others}", help_, f"{first} JOIN is not supported")
        for first, rests, help_ in (
            ("LEFT", ("JOIN", "OUTER JOIN"), _OUTER),
            ("RIGHT", ("JOIN", "OUTER JOIN"), _OUTER),
            ("FULL", ("JOIN", "OUTER JOIN"), _OUTER),
            ("OUTER", ("JOIN",), _OUTER),
            ("NATURAL", ("LEFT", "RIGHT", "FULL"), _OUTER),
            ("NATURAL", ("JOIN", "INNER JOIN"), _INNER),
            ("CROSS", ("JOIN",), _INNER),
        )
        for others in rests
    ),
    _Construct("unsupported-exists", "EXISTS", f"write {_IN_EVENTS}"),
    _Construct("unsupported-case", "CASE", "write the cases as conditions, with AND and OR"),
    _Construct("unsupported-window-function", "OVER (", _LAST_EVENT, "window functions are not supported"),
    _Construct(
        "unsupported-ilike", "ILIKE", "write LOWER(x) LIKE '…' with the pattern in lower case", dialects=_BOTH
    ),
    _Construct("unsupported-cast", ": :", CAST_HELP, "casts are not supported"),
    _Construct("unsupported-cast", "CAST (", CAST_HELP, "casts are not supported"),
    *(
        _Construct("unsupported-interval", f"INTERVAL {amount}", "", "v2 has no INTERVAL")
        for amount in ("<NUMBER> <UNIT>", "<STRING> <UNIT>", "- <NUMBER> <UNIT>", "<NUMBER>", "<STRING>")
    ),
    _Construct("malformed-interval", "<NUMBER> <UNIT>", "", _AN_AMOUNT, dialects=_BOTH),
    _Construct(
        "malformed-interval", "INTERVAL <NUMBER>", "", "an interval has an integer and a unit", dialects=_V1
    ),
    _Construct("bracketed-list", "IN [", "write x IN ('a', 'b')", _A_LIST, dialects=_BOTH),
)


_BY_FIRST: dict[str, list[_Construct]] = {}
for _construct in _CONSTRUCTS:
    _BY_FIRST.setdefault(_construct.pattern[0], []).append(_construct)


def refused_constructs(it: Around) -> list[Finding]:
    """Return a finding for each refused construct that holds a token that does not fit, or comes after it.

    The first of them explains the error there if it starts no later.
    """
    tokens, index, dialect = it.tokens, it.index, it.dialect
    findings = _enclosing_cast(it)
    start = max(0, index - 3)
    while start < len(tokens):
        if dialect is Dialect.V1 and (after := _behind_interval(tokens, start)) > max(start, index):
            start = after
            continue
        found = _construct_at(tokens, start, dialect)
        if found is None or start + len(found.pattern) <= index:
            start += 1
            continue
        span = it.span(start, start + len(found.pattern))
        help_ = found.help or _shift(tokens[start : start + len(found.pattern)], tokens[start - 1], dialect)
        if found.code == "unsupported-exists" and tokens[start - 1].type == "NOT":
            help_ = help_.replace(" IN ", " NOT IN ")
        message = found.message or f"{found.starts} is not supported"
        findings.append(Finding(found.code, span, message, help=help_))
        start += len(found.pattern)
    if index <= 1 and tokens[0].type != END and not (findings and findings[0].span.start == tokens[0].start):
        return _other_dialect(tokens[0], index, dialect) or findings
    return findings


def _construct_at(tokens: list[Token], start: int, dialect: Dialect) -> _Construct | None:
    first = tokens[start]
    for construct in _BY_FIRST.get(first.word, ()) or _BY_FIRST.get(f"<{first.type}>", ()):
        if dialect not in construct.dialects or (construct.at_start and start > 0):
            continue
        window = tokens[start : start + len(construct.pattern)]
        fits = (_fits(token, part, dialect) for token, part in zip(window, construct.pattern, strict=False))
        if len(window) == len(construct.pattern) and all(fits):
            return construct
    return None


def _behind_interval(tokens: list[Token], start: int) -> int:
    """Return the index behind an interval that v1 has, such as INTERVAL 30 DAY; ``start`` where none is."""
    if not _fits(tokens[start], "INTERVAL", Dialect.V1):
        return start
    amount = start + 2 if tokens[start + 1].type == "MINUS" else start + 1
    window = tokens[amount : amount + 2]
    is_one = len(window) == 2 and window[0].text.isdigit() and _fits(window[1], "<UNIT>", Dialect.V1)
    return amount + 2 if is_one else start


def _fits(token: Token, element: str, dialect: Dialect) -> bool:
    if element == "<UNIT>":
        return token.type == "NAME" and TimeUnit.read(token.text, dialect) is not None
    if element.startswith("<"):
        return token.type == element[1:-1]
    return token.type not in ("STRING", "QUOTED_NAME") and token.word == element


def _enclosing_cast(it: Around) -> list[Finding]:
    """Return the finding for the CAST around ``AS type``."""
    opening = it.innermost(it.index)
    if not opening or it.token.type != "AS" or it.word(opening - 1) != "CAST":
        return []
    span = it.span(opening - 1, opening + 1)
    return [Finding("unsupported-cast", span, "casts are not supported", help=CAST_HELP)]


def _shift(amount: list[Token], before: Token, dialect: Dialect) -> str:
    """Return how to write an amount of time that is written as elsewhere: ``- INTERVAL '30 days'``."""
    text = " ".join(token.text for token in amount)
    if "." in text:
        return "an amount of time is a whole number: half a day is 12 hours"
    number, word = _AMOUNT.search(text), _UNIT.search(text)
    unit = (TimeUnit.read(word[1], dialect) if word else None) or TimeUnit.DAY
    digits = number[0] if number else "30"
    if len(digits) > len(str(LARGEST_AMOUNT)) or int(digits) > LARGEST_AMOUNT:
        return AMOUNT_BOUND
    if dialect is Dialect.V1:
        return f"write INTERVAL {digits} {unit.upper()}"
    sign = "" if (before.type == "PLUS") != ("-" in text) else "-"
    return f"write TIMESTAMPADD({unit}, {sign}{digits}, CURRENT_TIMESTAMP)"


def _other_dialect(first: Token, index: int, dialect: Dialect) -> list[Finding]:
    """Return the finding for a text that starts as the other dialect does."""
    if dialect is Dialect.V1 and first.word == "SELECT":
        return [
            Finding(
                "wrong-dialect",
                first.span,
                "v1 is a condition alone: SELECT belongs to v2",
                help="read the text as v2, or keep the condition behind WHERE",
            )
        ]
    if dialect is Dialect.V2 and index == 0:
        return [
            Finding(
                "bare-predicate",
                first.span,
                "a v2 query starts with SELECT; this looks like a v1 predicate",
                help=f"write {_FRAME} with the condition behind WHERE, or read the text as v1",
            )
        ]
    return []
