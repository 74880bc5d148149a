"""What people say in plain words: ``does not contain 'a'``, ``is at least 3``, ``in the last 30 days``.

Such words hold quotes and keywords, so they are read from the text itself, from behind the operand on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from sql_seg.diagnostics import Edit, Finding, Safety
from sql_seg.diagnostics.source import Span
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import write_string
from sql_seg.language.operators import Comparator
from sql_seg.language.timestamps import read_timestamp
from sql_seg.syntax.other_sql import Advice, contains, integer, is_now, like, shifted, text_value, unit_of
from sql_seg.syntax.other_sql.advice import ForeignCall, writing
from sql_seg.syntax.parsing.around import Around
from sql_seg.syntax.parsing.foreign.foreign_finding import NUMBER_LITERAL, TEXT_LITERAL, finding, is_array

_LEADING = frozenset({"IS", "NOT", "IN"})
_NO = r"(?P<no>(?:is|are|was|does|do|did|has|have)(?:\s+not|n['’]t)\b|not\b)?\s*"
_IS = r"(?:(?:is|are|was|were|be)\b)?\s*"
_TEXT = TEXT_LITERAL
_DAY = r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
_LITERAL = rf"TIMESTAMP\s*(?:{_TEXT})|{_TEXT}|{_DAY}|{NUMBER_LITERAL}"
_KEYWORDS = "or|and|not|is|in|like|between|to|than|from|where|group|having|null|true|false"
_VALUE = rf"(?P<value>{_LITERAL}|(?!(?:{_KEYWORDS})\b)[A-Za-z_]\w*(?:\s*\(\s*\))?)"
_BOUNDS = rf"(?P<low>{_LITERAL})\s+(?:to|until|through|and)\s+(?P<high>{_LITERAL})"
_LIST = rf"\s*:?\s*(?:\((?P<list>[^()]*)\)|(?P<many>(?:{_TEXT})(?:\s*,\s*(?:{_TEXT}))*))"
_UNIT = r"(?P<unit>second|minute|hour|day|week|month|quarter|year)s?\b"
_TIME = rf"(?P<n>\d+)\s*{_UNIT}"
_MAYBE_TIME = rf"(?:(?P<n>\d+)\s*)?{_UNIT}"

_Answer = Callable[[Around, str, re.Match[str]], Advice | None]


def _is_negated(said: re.Match[str]) -> bool:
    return said["no"] is not None


def _moved(it: Around, said: re.Match[str], sign: int) -> str | None:
    unit, number = unit_of(said["unit"], it.dialect), integer(said["n"] or "1")
    return None if unit is None or number is None else shifted(unit, sign * number, "NOW()", it.dialect)


def _since(operator: str) -> _Answer:
    """Return the answer to a time ago, by the comparison that the moment then stands in."""

    def answer(it: Around, subject: str, said: re.Match[str]) -> Advice | None:
        moment = _moved(it, said, -1)
        means = str(Comparator(operator).negated) if _is_negated(said) else operator
        return None if moment is None else writing(f"{subject} {means} {moment}", Safety.UNSAFE)

    return answer


def _coming(it: Around, subject: str, said: re.Match[str]) -> Advice | None:
    end, now = _moved(it, said, 1), ForeignCall("", (), it.dialect).now
    no = "NOT " * _is_negated(said)
    return None if end is None else writing(f"{no}({subject} > {now} AND {subject} < {end})", Safety.UNSAFE)


def _null(*, is_there: bool) -> _Answer:
    def answer(_: Around, subject: str, said: re.Match[str]) -> Advice | None:
        return writing(f"{subject} IS {'NOT ' * (is_there != _is_negated(said))}NULL", Safety.UNSAFE)

    return answer


def _values(it: Around, said: re.Match[str]) -> list[str]:
    inside = said["list"] if said["list"] is not None else said["many"]
    return [_as_text(found, it.dialect) for found in re.findall(rf"{_TEXT}|[^\s,'\"]+", inside)]


def _as_text(value: str, dialect: Dialect) -> str:
    """Return a value as it is written here; a text in double quotes stands in single ones."""
    is_text = dialect is Dialect.V2 and value[0] == '"'
    return write_string(value[1:-1], dialect) if is_text else value


def _one_of(*, is_in: bool) -> _Answer:
    def answer(it: Around, subject: str, said: re.Match[str]) -> Advice | None:
        no, values = "NOT " * (is_in == _is_negated(said)), _values(it, said)
        return writing(f"{subject} {no}IN ({', '.join(values)})") if values else None

    return answer


def _holds(word: str) -> _Answer:
    """Return the answer to ``contains any of`` and ``contains all of``."""

    def answer(it: Around, subject: str, said: re.Match[str]) -> Advice | None:
        each = [_held(it, subject, value, "%{}%", no=False) for value in _values(it, said)]
        if not each or not all(found.written for found in each):
            return next((found for found in each if not found.written), None)
        whole = word.join(found.written for found in each)
        return writing(f"{'NOT ' * _is_negated(said)}({whole})", Safety.UNSAFE)

    return answer


def _held(it: Around, subject: str, value: str, form: str, *, no: bool) -> Advice:
    """Return the condition that a list or a text holds a value."""
    text = text_value(value, it.dialect)
    if is_array(subject):
        literal = value if text is not None else write_string(value, it.dialect)
        return writing(f"{'NOT ' * no}{contains(subject, literal, it.dialect)}")
    return like(subject, value if text is None else text, form, it.dialect, negated=no)


def _search(form: str) -> _Answer:
    def answer(it: Around, subject: str, said: re.Match[str]) -> Advice | None:
        value = _as_text(said["value"], it.dialect)
        found = _held(it, subject, value, form, no=_is_negated(said))
        return found._replace(safety=Safety.UNSAFE)  # elsewhere capitals are often the same

    return answer


def _compared(operator: str, *, of_time: bool = False, safety: Safety = Safety.SAFE) -> _Answer:
    def answer(it: Around, subject: str, said: re.Match[str]) -> Advice | None:
        means = str(Comparator(operator).negated) if _is_negated(said) else operator
        return writing(f"{subject} {means} {_operand(it, said['value'], of_time=of_time)}", safety)

    return answer


def _operand(it: Around, value: str, *, of_time: bool) -> str:
    """Return what a column is compared with: a day may stand without quotes, and be called now."""
    call = ForeignCall("", (), it.dialect)
    if is_now(value):
        return call.now
    if re.fullmatch(_DAY, value):
        return call.moment(value)
    text = text_value(_as_text(value, it.dialect), it.dialect)
    if of_time and text is not None and read_timestamp(text) is not None:
        return call.moment(text)
    return _as_text(value, it.dialect)


def _range(it: Around, subject: str, said: re.Match[str]) -> Advice | None:
    low, high = (_operand(it, said[name], of_time=False) for name in ("low", "high"))
    return writing(f"{subject} {'NOT ' * _is_negated(said)}BETWEEN {low} AND {high}")


_OLD, _NEW = "older|earlier|more|longer|greater", "newer|later|younger|less|fewer"
_LAST = r"(?:last|past|previous|preceding)\s+"
_NEXT = r"(?:next|coming|following)\s+"
_WITHIN = r"(?:within|inside|during|over|for|in)\s+(?:the\s+)?"
_MANY = r"\s*(?:the\s+)?(?:values?|texts?|strings?|words?)?"
_THERE = r"set|known|present|filled(?:\s+(?:in|out))?|defined|given|available|populated"
_ROWS: tuple[tuple[str, _Answer], ...] = (
    (rf"{_WITHIN}{_LAST}{_MAYBE_TIME}", _since(">")),
    (rf"{_WITHIN}{_NEXT}{_MAYBE_TIME}", _coming),
    (rf"(?:(?:{_OLD})\s+than|over|before)\s+{_TIME}(?:\s+(?:ago|old))?", _since("<")),
    (rf"at\s+least\s+{_TIME}\s+(?:ago|old)\b", _since("<=")),
    (rf"(?:(?:{_NEW})\s+than|within|under|after|since|in)\s+{_TIME}(?:\s+(?:ago|old))?", _since(">")),
    (rf"(?:(?<=is )|(?<=not )|(?<=n't )|(?<=are ))(?:{_THERE})\b(?!\s*['\"(])", _null(is_there=True)),
    (r"exists?\b(?!\s*\()|(?:has|have|with)\s+(?:an?\s+|any\s+|some\s+)?values?\b", _null(is_there=True)),
    (
        r"unset\b|missing\b|undefined\b|absent\b|(?:has|have)\s+no\s+values?\b|without\s+(?:a\s+)?value\b",
        _null(is_there=False),
    ),
    (rf"(?:contains?|includes?|has|have)\s+all(?:\s+of)?{_MANY}{_LIST}", _holds(" AND ")),
    (rf"(?:contains?|includes?|has|have)\s+(?:any|one|some)(?:\s+of)?{_MANY}{_LIST}", _holds(" OR ")),
    (
        rf"(?:(?:one|any|either|some)\s+of|among|in\s+(?:the\s+)?(?:list|set)){_MANY}{_LIST}",
        _one_of(is_in=True),
    ),
    (rf"(?:none|neither)\s+of{_MANY}{_LIST}", _one_of(is_in=False)),
    (rf"(?:contain(?:s|ing)?|includ(?:es?|ing)|has|have){_MANY}\s*{_VALUE}", _search("%{}%")),
    (rf"(?:start(?:s|ing)?|begin(?:s|ning)?)[\s_]*with\s*{_VALUE}", _search("{}%")),
    (rf"end(?:s|ing)?[\s_]*with\s*{_VALUE}", _search("%{}")),
    (
        rf"from\s+{_BOUNDS}",
        _range,
    ),
    (rf"(?:equals?(?:\s+to)?|(?:the\s+)?same\s+as|identical\s+to)\s*{_VALUE}", _compared("=")),
    (rf"(?:different\s+(?:from|than|to)|other\s+than|unequal(?:\s+to)?)\s*{_VALUE}", _compared("!=")),
    (
        rf"(?:(?:on|at)\s+or\s+after|since|from(?=\s*['\"\d]))\s*{_VALUE}",
        _compared(">=", of_time=True, safety=Safety.UNSAFE),
    ),
    (
        rf"(?:(?:on|at)\s+or\s+before|until|till|by)\s*{_VALUE}",
        _compared("<=", of_time=True, safety=Safety.UNSAFE),
    ),
    (rf"(?:after|later\s+than|newer\s+than)\s*{_VALUE}", _compared(">", of_time=True)),
    (rf"(?:before|prior\s+to|(?:earlier|older)\s+than)\s*{_VALUE}", _compared("<", of_time=True)),
    (rf"(?:at\s+least|no\s+less\s+than|minimum)\s*{_VALUE}", _compared(">=")),
    (rf"(?:at\s+most|no\s+more\s+than|up\s+to|maximum)\s*{_VALUE}", _compared("<=")),
    (rf"(?:(?:more|greater|larger|bigger|higher)\s+than|over|above|exceeds?)\s*{_VALUE}", _compared(">")),
    (rf"(?:(?:less|fewer|smaller|lower)\s+than|under|below)\s*{_VALUE}", _compared("<")),
)
"""What is said behind an operand, and what it asks for, in the order in which it is looked for."""


@cache
def _patterns() -> list[tuple[re.Pattern[str], _Answer]]:
    return [(re.compile(_NO + _IS + f"(?:{said})", re.IGNORECASE), means) for said, means in _ROWS]


def in_words(it: Around) -> Finding | None:
    """Return what is asked for in plain words behind an operand."""
    begin = it.index
    while begin > it.index - 3 and it.word(begin - 1) in _LEADING:
        begin -= 1
    start = it.operand_before(begin)
    if start is None or it.word(start) in _LEADING or (begin == it.index and "COMPARATOR" not in it.accepted):
        return None
    if not it.word(begin)[:1].isalpha():
        return None
    subject, at = it.slice(start, begin), it.at(begin).start
    for pattern, answer in _patterns():
        said = pattern.match(it.text, at)
        if said is None or said.end() < it.token.end:
            continue
        found = answer(it, subject, said)
        if found is not None:
            return _finding(it, Span(it.at(start).start, said.end()), at, said, found)
    return None


def _finding(it: Around, whole: Span, at: int, said: re.Match[str], found: Advice) -> Finding:
    words = [name for name in ("value", "list", "many", "low") if name in said.re.groupindex and said[name]]
    end = min((said.start(name) for name in words), default=said.end())
    phrase = " ".join(it.text[at:end].rstrip("( :\n\t").split())
    edits = (Edit(whole, found.written),) if found.written else ()
    stop = max(at + 1, at + len(it.text[at:end].rstrip("( :\n\t")))
    message = f"{phrase} is not supported"
    return finding(Span(at, stop), message, found.help, *edits, safety=found.safety)


_TIME_AGO = re.compile(rf"{_TIME}(?P<ago>\s+ago\b)?", re.IGNORECASE)


def time_ago(it: Around) -> Finding | None:
    """Return ``> 30 days ago`` and ``NOW() - 30 days`` as a moved moment."""
    number = it.index - 1
    if it.at(number).type != "NUMBER" or it.token.type != "NAME":
        return None
    said = _TIME_AGO.match(it.text, it.at(number).start)
    unit, amount = (unit_of(said["unit"], it.dialect), integer(said["n"])) if said else (None, None)
    if said is None or unit is None or amount is None:
        return None
    sign = it.word(number - 1)
    if said["ago"] and it.at(number - 1).type == "COMPARATOR":
        begin, written = number, shifted(unit, -amount, "NOW()", it.dialect)
    elif (
        sign in ("-", "+")
        and it.word(number - 2) != "INTERVAL"
        and (start := it.operand_before(number - 1)) is not None
    ):
        begin = start
        written = shifted(unit, -amount if sign == "-" else amount, it.slice(start, number - 1), it.dialect)
    else:
        return None
    place = Span(it.at(number).start, said.end())
    edit = Edit(Span(it.at(begin).start, said.end()), written)
    message = "an amount of time is not written like this"
    return finding(place, message, f"write {written}", edit, code="malformed-interval", safety=Safety.UNSAFE)
