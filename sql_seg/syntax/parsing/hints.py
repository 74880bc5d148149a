"""What to write instead of a token that does not fit, where something near it shows what was meant."""

from __future__ import annotations

from collections.abc import Callable

from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import RESERVED
from sql_seg.syntax.other_sql import contains
from sql_seg.syntax.parsing.around import COMPARISONS, Around
from sql_seg.syntax.parsing.expectations import any_word_fits
from sql_seg.syntax.parsing.tables import END
from sql_seg.syntax.parsing.tokens import Token
from sql_seg.wording import close_names

CHARACTERS = {
    "&": "write AND",
    "|": "write OR; to join texts, CONCAT(a, b)",
    "!": "write NOT, or != for a comparison",
    ";": "a query is one statement, and v1 takes no semicolon",
    "#": "comments start with -- in v2; v1 has none",
    "@": "a text stands in quotes; a query has no variables",
    "$": "a query has no variables: write the value itself",
    "?": "a query has no variables: write the value itself",
    "{": "a query has no variables: write the value itself",
    **dict.fromkeys("‘’‚′´", "a text stands in straight quotes: '"),
    **dict.fromkeys("“”„″", "this is a typographic quote: write ' or \""),
}
"""Help for characters that no token starts with."""

SUBQUERY = "a subquery stands only after IN: contact_id IN (SELECT contact_id FROM event_data WHERE …)"
_JOIN = "write JOIN event_data AS e ON c.contact_id = e.contact_id"
_LONGEST_QUOTED = 40
_PREDICATES = frozenset({"IS", "IN", "LIKE", "BETWEEN"})
_COMPARISONS = frozenset({"COMPARATOR", "LIKE"})
_KEYWORDS = frozenset(
    "SELECT FROM JOIN INNER WHERE GROUP HAVING AND NOT LIKE BETWEEN NULL INTERVAL TIMESTAMP".split()
)
"""Words of a query that a misspelled one may have been meant as."""
_CLAUSES = frozenset({"FROM", "JOIN", "INNER", "WHERE", "GROUP", "HAVING"})


def hint(it: Around) -> str:
    """Return what to write instead, or an empty text."""
    return next(filter(None, (rule(it) for rule in _RULES)), "")


def _start_of_v2(it: Around) -> str:
    starts = it.index == 0 and it.dialect is Dialect.V2
    return "SELECT contact_id, updated_at FROM contact_data WHERE …" if starts else ""


def _start_of_v1(it: Around) -> str:
    starts = it.index == 1 and it.dialect is Dialect.V1 and it.previous.word == "WHERE"
    return "v1 is a condition alone: leave out WHERE" if starts else ""


def _one_statement(it: Around) -> str:
    if it.token.type == "SEMICOLON" or it.accepted == {END}:
        return "a query is one statement"
    return ""


def _number(it: Around) -> str:
    types = [token.type for token in it.tokens[it.index - 1 : it.index + 2]]
    if types == ["NUMBER", "COMMA", "NUMBER"] and it.at(it.index + 1).start == it.previous.end + 1:
        return f"a number has no commas: write {it.previous.text}{it.at(it.index + 1).text}"
    if it.previous.word == "TIMESTAMP" and it.token.type == "NUMBER":
        return f"a moment stands in quotes: TIMESTAMP '{_unbroken(it.tokens, it.index)}'"
    return ""


def _operator(it: Around) -> str:
    if it.token.type == "PLUS":
        return "a positive number has no sign"
    if it.token.type in _PREDICATES and "AND" in it.accepted and not any_word_fits(it.accepted):
        return "conditions do not chain: put the first in parentheses"
    if it.token.type != "COMPARATOR" or any_word_fits(it.accepted):
        return ""
    if it.previous.type == "COMPARATOR" and it.touch(it.index - 1, it.index):
        return "the comparison operators are = != <> < <= > >="
    if it.previous.type == "NOT":
        return "write !=, or NOT before the whole condition"
    return "comparisons do not chain: write a < b AND b < c" if "AND" in it.accepted else ""


def _pattern(it: Around) -> str:
    """Return the pattern of LIKE in quotes, where it stands without."""
    start = next((i for i in range(it.index, max(it.index - 4, 0), -1) if it.tokens[i - 1].type == "LIKE"), 0)
    written = _unbroken(it.tokens, start) if start else ""
    behind = it.tokens[start].start + len(written)
    if written.upper() in ("ANY", "ALL", "SOME"):
        return "LIKE takes one pattern: for several, write x LIKE '…' OR x LIKE '…'"
    if not written or it.previous.end > behind or set(written) & set("'\""):
        return ""
    return f"a pattern stands in quotes: LIKE '{written}'"


def _unbroken(tokens: list[Token], start: int) -> str:
    """Return the text of a token and of those behind it, up to the first blank."""
    text = ""
    for token in tokens[start:]:
        if token.type == END or token.start > tokens[start].start + len(text):
            break
        text += token.text
    return text


def _is(it: Around) -> str:
    negated = it.previous.type == "NOT"
    if negated and it.token.type == "NULL" and "LIKE" in it.accepted:
        return "write IS NOT NULL"
    before = it.tokens[it.index - 2] if negated else it.previous
    if before.type != "IS" or it.token.type not in ("STRING", "NUMBER"):
        return ""
    value = it.token.text if len(it.token.text) <= _LONGEST_QUOTED else "…"
    return f"IS asks for NULL; to compare, write {'!=' if negated else '='} {value}"


def _half(it: Around) -> str:
    """Return the second half of ``age > 18 AND < 65`` with its column."""
    before = it.tokens[max(it.index - 4, 0) : it.index]
    if [token.type for token in before[:2]] != ["NAME", it.token.type] or it.token.type not in _COMPARISONS:
        return ""
    if it.previous.type not in ("AND", "OR"):
        return ""
    second = f"{before[0].text} {it.token.text} {it.at(it.index + 1).text}".rstrip()
    return f"name the column again: {it.previous.word} {second}"


def _end_of_text(it: Around) -> str:
    if it.previous.type != "STRING":
        return ""
    first, line_break, _ = it.previous.text.partition("\n")
    if line_break:
        start = first if len(first) <= _LONGEST_QUOTED else first[:_LONGEST_QUOTED] + "…"
        return f"the text before it goes over a line break: {start} may lack its closing quote"
    if it.token.type == "STRING":
        if "COMMA" in it.accepted:
            return "a comma is missing between them"
        if it.dialect is Dialect.V1:
            return f"v1 writes a quote inside a text as {_escaped_quote(it)}"
        return "join texts with CONCAT(a, b)"
    if it.touch(it.index - 1, it.index):
        return f"the text before it has ended: a quote inside a text is written {_escaped_quote(it)}"
    return ""


def _escaped_quote(it: Around) -> str:
    """Return how a single quote is written inside a text."""
    return "\\'" if it.dialect is Dialect.V1 else "''"


def _values_of_contains(it: Around) -> str:
    """Return how v1 asks for any of several values: ``CONTAINS(list_ids, ['a', 'b'])`` is v2's."""
    call = it.tokens[max(it.index - 4, 0) : it.index]
    if it.dialect is Dialect.V2 or it.token.type != "LSQB" or len(call) < 4:
        return ""
    function, _, array, _ = call
    if function.word not in ("CONTAINS", "ARRAY_CONTAINS"):
        return ""
    one = f"CONTAINS({array.text}, "
    return f"v1 asks for one value at a time: {one}'a') OR {one}'b')"


def _list(it: Around) -> str:
    if it.previous.type == "COMMA" and it.token.type in ("RPAR", "RSQB", "FROM"):
        return "nothing follows the last comma: leave it out"
    if it.previous.type == "IN":
        of_array = f"; to look into an array, write {contains(it.token.text, '…', it.dialect)}"
        return "a list stands in parentheses: x IN ('a', 'b')" + of_array * (it.token.type == "NAME")
    if it.token.type == "LSQB" and "NUMBER" in it.accepted:
        if it.dialect is Dialect.V1:
            return "a list stands in parentheses, behind IN: x IN ('a', 'b')"
        return "a list in square brackets stands only in ARRAY_CONTAINS(array, ['a', 'b'])"
    opened = (it.previous.type, it.token.type)
    if opened == ("LSQB", "RSQB") or (opened == ("LPAR", "RPAR") and it.tokens[it.index - 2].type == "IN"):
        return "a list holds at least one value"
    return ""


def _clause(it: Around) -> str:
    if "JOIN" in it.accepted and it.token.type == "COMMA":
        return _JOIN
    if "WHERE" in it.accepted and it.token.type in {"AND", "OR", "NOT", "COMPARATOR"} | _PREDICATES:
        return "conditions stand behind WHERE"
    if "ON" in it.accepted and it.token.type in _CLAUSES:
        return _JOIN
    if it.token.type in _CLAUSES and END in it.accepted:
        return "the clauses are SELECT, FROM, JOIN, WHERE, GROUP BY and HAVING, in this order"
    return ""


def _subquery(it: Around) -> str:
    in_place_of_table = it.token.type == "LPAR" and it.previous.type in ("FROM", "JOIN")
    in_parentheses = it.token.type == "SELECT" and it.previous.type == "LPAR"
    return SUBQUERY if in_place_of_table or in_parentheses else ""


def _path(it: Around) -> str:
    if it.dialect is Dialect.V1:
        one_key = it.token.type == "LSQB" and it.previous.type == "RSQB"
        return "an event's data is flat: one key finds a value" if one_key else ""
    if it.token.type == "LSQB" and "COLON" in it.accepted:
        return "a path starts with a colon: data:['key']"
    if it.token.type == "DOT" and "COLON" in it.accepted:
        return "a path starts with a colon: data:payload.url"
    return ""


def _truth(it: Around) -> str:
    if it.dialect is Dialect.V1 and it.token.type in ("TRUE", "FALSE") and it.previous.type in ("IS", "NOT"):
        return "v1 has IS NULL and IS NOT NULL only; write the condition itself, or NOT"
    return ""


def _reserved(it: Around) -> str:
    names_something = it.at(it.index + 1).type in COMPARISONS | {"COMMA", "DOT"}
    if it.token.word in RESERVED[it.dialect] and "NAME" in it.accepted and names_something:
        delimiter = '"' if it.dialect is Dialect.V2 else "`"
        return f"{it.token.word} is a reserved word: as a name, write {delimiter}{it.token.text}{delimiter}"
    if it.token.type == "LPAR" and it.previous.type in RESERVED[it.dialect]:
        return f"{it.previous.word} is no function"
    return ""


def _misspelled(it: Around) -> str:
    """Return the keyword that a word before or in this place is nearly spelled as."""
    if it.token.type == "NAME" and (keyword := _nearest(it.token, it.accepted & RESERVED[it.dialect])):
        return f"did you mean {keyword}?"
    if it.previous.type == "NAME" and (keyword := _nearest(it.previous, _KEYWORDS)):
        return f"did you mean {keyword} instead of {it.previous.text}?"
    return ""


def _nearest(token: Token, keywords: set[str] | frozenset[str]) -> str:
    long_enough = [keyword for keyword in sorted(keywords) if len(keyword) > 2]
    return "".join(close_names(token.word[:20], long_enough, most=1))


_RULES: tuple[Callable[[Around], str], ...] = (
    _start_of_v2,
    _start_of_v1,
    _one_statement,
    _half,
    _pattern,
    _is,
    _number,
    _operator,
    _end_of_text,
    _values_of_contains,
    _list,
    _clause,
    _subquery,
    _path,
    _truth,
    _reserved,
    _misspelled,
)
"""In this order: the first that has something to say is heard."""
