"""Arrays as other SQL writes and compares them: ``ARRAY['a']``, ``@>``, ``&&``, ``= ANY(…)``; LIKE ANY."""

from __future__ import annotations

from sql_seg.diagnostics import Finding, Safety
from sql_seg.language.case_mapping import lower
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import ascii_upper, read_string, write_string
from sql_seg.syntax.other_sql import contains
from sql_seg.syntax.parsing.around import Around
from sql_seg.syntax.parsing.foreign.foreign_finding import CHARACTER, TEXT, rewriting

_MAKERS = frozenset({"ARRAY", "ARRAY_CONSTRUCT", "LIST_VALUE", "ARRAY_OF"})
_QUANTIFIERS = frozenset({"ANY", "ALL", "SOME"})


def _array_at(it: Around, start: int) -> tuple[list[str], int] | None:
    """Return the values of an array of constants that starts at a token, and where it ends."""
    token = it.at(start)
    if token.type == "STRING" and (text := read_string(token.text, it.dialect))[:1] + text[-1:] == "{}":
        parts = [part.strip() for part in text[1:-1].split(",")]
        if set(text) & set('"\\') or not all(parts) or "NULL" in map(ascii_upper, parts):
            return None
        return [write_string(part, it.dialect) for part in parts], _behind_cast(it, start + 1)
    opening = start + (it.word(start) in _MAKERS)
    if it.at(opening).type not in ("LSQB", "LPAR") or (it.at(opening).type == "LPAR" and opening == start):
        return None
    closing = it.closing(opening)
    if closing is None or not all(
        inner.type in ("STRING", "NUMBER", "COMMA") for inner in it.tokens[opening + 1 : closing]
    ):
        return None
    values = it.parts(opening + 1, closing, ())
    return (values, _behind_cast(it, closing + 1)) if values else None


def _behind_cast(it: Around, at: int) -> int:
    """Return where ``::text[]`` ends, if it stands at a token."""
    if it.word(at) != ":" or it.word(at + 1) != ":":
        return at
    return at + 3 + 2 * (it.at(at + 3).type == "LSQB" and it.at(at + 4).type == "RSQB")


def _holds_any(it: Around, array: str, values: list[str]) -> str:
    if len(values) == 1:
        return contains(array, values[0], it.dialect)
    if it.dialect is Dialect.V2:
        return contains(array, f"[{', '.join(values)}]", it.dialect)
    return f"({' OR '.join(contains(array, value, it.dialect) for value in values)})"


def _holds_all(it: Around, array: str, values: list[str]) -> str:
    each = [contains(array, value, it.dialect) for value in values]
    return each[0] if len(each) == 1 else f"({' AND '.join(each)})"


def comparison(it: Around) -> Finding | None:
    """Return ``@>``, ``<@`` and ``&&`` beside an array as the question what a list holds."""
    at = it.index
    if not it.has_unreadable():
        return None
    if it.token.text == "@" and it.word(at + 1) == ">" and it.touch(at, at + 1):
        return _rewritten(it, at, at + 2, "@>")
    if it.token.text == "&" and it.word(at + 1) == "&" and _array_at(it, at + 2):
        return _rewritten(it, at, at + 2, "&&")
    if it.token.text == "@" and it.word(at - 1) == "<" and it.at(at - 2).type == "STRING":
        return _reversed(it, at - 2)
    return None


def _rewritten(it: Around, operator: int, behind: int, name: str) -> Finding | None:
    start, found = it.operand_before(operator), _array_at(it, behind)
    if start is None or found is None:
        return None
    values, stop = found
    write = _holds_any if name == "&&" else _holds_all
    written = write(it, it.slice(start, operator), values)
    return rewriting(it, start, stop, written, f"{name} is not supported", code=CHARACTER)


def _reversed(it: Around, start: int) -> Finding | None:
    """Return ``ARRAY['a'] <@ list_ids`` turned around."""
    found = _array_at(it, start)
    if found is None or it.word(found[1]) != "<" or it.at(found[1] + 1).text != "@":
        return None
    values, operator = found
    stop = it.operand_after(operator + 2)
    if stop is None:
        return None
    written = _holds_all(it, it.slice(operator + 2, stop), values)
    return rewriting(it, start, stop, written, "<@ is not supported", code=CHARACTER)


def literal(it: Around) -> Finding | None:
    """Return what ``ARRAY['a', 'b']`` is where it stands, with the operator before it."""
    opening = it.index
    if it.token.type == "COMMA":  # in v1 the first value reads as a key of a map
        opening = it.opening(it.index, "LSQB") or it.index
    is_named = it.at(opening).type == "LSQB" and it.word(opening - 1) == "ARRAY"
    start = opening - is_named
    if not is_named and not (it.word(start) == "ARRAY" and it.at(start + 1).type == "LSQB"):
        return None
    found = _array_at(it, start)
    if found is None:
        return None
    values, stop = found
    return _reversed(it, start) or _quantified(it, start, values) or _in_place(it, start, values, stop)


def _quantified(it: Around, start: int, values: list[str]) -> Finding | None:
    """Return ``= ANY(ARRAY[…])`` as IN, and ``<> ALL(ARRAY[…])`` as NOT IN."""
    opening = start - 1
    if it.at(opening).type != "LPAR" or it.word(opening - 1) not in _QUANTIFIERS:
        return None
    closing = it.closing(opening)
    word, operator = it.word(opening - 1), it.word(opening - 2)
    if closing is None:
        return None
    if operator in ("LIKE", "ILIKE"):
        return _of_patterns(it, opening - 2, closing + 1, values)
    means = {("=", True): "IN", ("<>", False): "NOT IN", ("!=", False): "NOT IN"}.get(
        (operator, word != "ALL")
    )
    if means is None:
        return None
    written = f"{means} ({', '.join(values)})"
    return rewriting(it, opening - 2, closing + 1, written, f"{word} is not supported", code=TEXT)


def _in_place(it: Around, start: int, values: list[str], stop: int) -> Finding | None:
    if it.at(start - 1).type == "IN":
        return rewriting(it, start, stop, f"({', '.join(values)})", "IN takes a list of values", code=TEXT)
    if it.word(start - 1) in _QUANTIFIERS and it.word(start - 2) in ("LIKE", "ILIKE"):
        return _of_patterns(it, start - 2, stop, values)
    if it.dialect is Dialect.V1:
        return None
    written = f"[{', '.join(values)}]"
    return rewriting(it, start, stop, written, "a list has no word before its brackets", code=TEXT)


def in_brackets(it: Around) -> Finding | None:
    """Return ``IN ['a', 'b']`` and ``IN {'a', 'b'}`` with the parentheses that a list takes."""
    if it.previous.type != "IN" or it.token.text not in ("[", "{"):
        return None
    closing = next((i for i in range(it.index, len(it.tokens)) if it.at(i).text in ("]", "}")), None)
    inner = it.tokens[it.index + 1 : closing] if closing else []
    if not inner or not all(token.type in ("STRING", "NUMBER", "COMMA") for token in inner):
        return None
    assert closing is not None
    written = f"({it.slice(it.index + 1, closing)})"
    kind = "square brackets" if it.token.text == "[" else "braces"
    message = f"an IN list takes parentheses, not {kind}"
    place = it.span(it.index - 1, it.index + 1)
    return rewriting(it, it.index, closing + 1, written, message, code="bracketed-list", place=place)


def like_any(it: Around) -> Finding | None:
    """Return ``LIKE ANY 'a%'`` without its word, and ILIKE as LIKE of LOWER."""
    at = it.index
    if it.token.type == "STRING" and it.word(at - 1) in _QUANTIFIERS and it.word(at - 2) == "LIKE":
        return rewriting(it, at - 1, at + 1, it.token.text, "LIKE takes one pattern", code=TEXT)
    if it.word(at) != "ILIKE" and it.word(at - 1) == "ILIKE":
        at -= 1
    if it.word(at) != "ILIKE":
        return None
    behind = at + 1 + (it.word(at + 1) in _QUANTIFIERS)
    opening = behind
    if it.at(behind).type == "STRING":
        return _of_patterns(it, at, behind + 1, [it.at(behind).text])
    if it.at(opening).type == "LPAR" and (closing := it.closing(opening)) is not None:
        found = _array_at(it, opening + 1)
        values = found[0] if found and found[1] == closing else it.parts(opening + 1, closing, ())
        return _of_patterns(it, at, closing + 1, values)
    return None


def _of_patterns(it: Around, operator: int, stop: int, values: list[str]) -> Finding | None:
    """Return a match with each of several patterns: of ILIKE, in lower case."""
    negated = it.at(operator - 1).type == "NOT"
    start = it.operand_before(operator - negated)
    quotes = "'" if it.dialect is Dialect.V2 else "'\""
    if start is None or not all(value[:1] in quotes and value[-1:] == value[:1] for value in values):
        return None
    subject, name = it.slice(start, operator - negated), it.word(operator)
    patterns = values
    if name == "ILIKE":
        subject = f"LOWER({subject})"
        patterns = [write_string(lower(read_string(value, it.dialect)), it.dialect) for value in values]
    join = " AND " if it.word(operator + 1) == "ALL" else " OR "
    if len(patterns) == 1:
        written = f"{subject} {'NOT ' * negated}LIKE {patterns[0]}"
    else:
        written = f"{'NOT ' * negated}({join.join(f'{subject} LIKE {each}' for each in patterns)})"
    code = "unsupported-ilike" if name == "ILIKE" else TEXT
    safety = Safety.UNSAFE if name == "ILIKE" else Safety.SAFE
    place = it.span(operator, operator + 1)
    message = f"{name} is not supported" if name == "ILIKE" else "LIKE takes one pattern"
    return rewriting(it, start, stop, written, message, code=code, safety=safety, place=place)
