"""Functions that look into texts, as LIKE says them."""

from __future__ import annotations

import re
from collections.abc import Callable

from sql_seg.diagnostics import Safety
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import write_string
from sql_seg.syntax.other_sql.advice import Advice, ForeignCall, of_truth, text_value, writing

_PLAIN_REGEX = re.compile(r"(\^?)(?:\.\*)?((?:[\w@ \-]|\\\.)+)(?:\.\*)?(\$?)")


def pattern(text: str, dialect: Dialect, form: str = "{}") -> str | None:
    """Return the pattern of LIKE that looks for a text as it is, in quotes; None where there is none."""
    if dialect is Dialect.V1:
        text = text.replace("%", "%%")
    elif "%" in text or "_" in text:
        return None
    return write_string(form.format(text), dialect)


def like(subject: str, text: str, form: str, dialect: Dialect, *, negated: bool = False) -> Advice:
    """Return the advice to write LIKE with a text as it is in a pattern."""
    written = pattern(text, dialect, form)
    if written is None:
        return Advice("LIKE has no escape character: a % or _ that means itself cannot be asked for")
    condition = f"{subject} {'NOT ' * negated}LIKE {written}"
    return writing(condition, is_condition=True)


def regular_expression(subject: str, text: str, dialect: Dialect, *, negated: bool = False) -> Advice:
    """Return what a regular expression says as LIKE, if it is a simple one."""
    simple = _PLAIN_REGEX.fullmatch(text)
    if simple is None:
        return Advice(f"there are no regular expressions: write {subject} LIKE '%…%', joined by OR")
    start, word, end = simple.groups()
    form = f"{'' if start else '%'}{{}}{'' if end else '%'}"
    found = like(subject, word.replace("\\.", "."), form, dialect, negated=negated)
    return found._replace(safety=Safety.UNSAFE)  # in some SQL it matches the whole text, or any case


def looks_into(form: str) -> Callable[[ForeignCall], Advice | None]:
    """Return what answers STARTS_WITH and its like, by the form of the pattern."""

    def entry(call: ForeignCall) -> Advice | None:
        match call.arguments:
            case [subject, part] if (text := text_value(part, call.dialect)) is not None:
                return of_truth(call, like(subject, text, form, call.dialect))
            case [subject, *_]:
                return Advice(f"write {subject} LIKE '{form.format('…')}'")
        return None

    return entry


def regex(call: ForeignCall) -> Advice | None:
    """Answer REGEXP_LIKE and its like."""
    match call.arguments:
        case [subject, part] if (text := text_value(part, call.dialect)) is not None:
            return of_truth(call, regular_expression(subject, text, call.dialect))
        case [subject, *_]:
            return Advice(f"there are no regular expressions: write {subject} LIKE '%…%'")
    return None


def position(call: ForeignCall) -> Advice | None:
    """Answer POSITION, INSTR and their like, in either order of their arguments."""
    if len(call.arguments) != 2:
        return None
    texts = [text_value(argument, call.dialect) for argument in call.arguments]
    part, subject = (texts[0], call.arguments[1]) if texts[0] is not None else (texts[1], call.arguments[0])
    if part is None:
        return Advice(f"write {subject} LIKE '%…%'")
    asked = call.operator, call.other
    if asked in ((">", "0"), (">=", "1"), ("!=", "0"), ("<>", "0")):
        return like(subject, part, "%{}%", call.dialect)
    if asked in (("=", "0"), ("<", "1"), ("<=", "0")):
        return like(subject, part, "%{}%", call.dialect, negated=True)
    if asked == ("=", "1"):
        return like(subject, part, "{}%", call.dialect)
    return Advice(like(subject, part, "%{}%", call.dialect).help)


def end(form: str) -> Callable[[ForeignCall], Advice | None]:
    """Return the entry of LEFT, RIGHT and of SUBSTRING from the first character on."""

    def entry(call: ForeignCall) -> Advice | None:
        subject, *rest = call.arguments or ("x",)
        text = text_value(call.other, call.dialect)
        at_start = form != "{}%" or len(rest) == 1 or (len(rest) == 2 and rest[0] in ("0", "1"))
        if text is None or not at_start or call.operator not in ("=", "!=", "<>"):
            return Advice(f"a part of a text is asked for by LIKE: {subject} LIKE '{form.format('…')}'")
        if rest and rest[-1] == str(len(text)) and (len(rest) == 2 or call.name in ("LEFT", "RIGHT")):
            return like(subject, text, form, call.dialect, negated=call.operator != "=")
        return Advice(f"a part of a text is asked for by LIKE: {subject} LIKE '{form.format('…')}'")

    return entry


def split(call: ForeignCall) -> Advice | None:
    """Answer SPLIT_PART(email, '@', 2) = '…'."""
    subject, *rest = call.arguments or ("x",)
    text, sign = text_value(call.other, call.dialect), text_value(rest[0], call.dialect) if rest else None
    if text is None or not sign or call.operator != "=" or len(rest) != 2:
        return Advice(f"a part of a text is asked for by LIKE: {subject} LIKE '%…%'")
    form = f"{{}}{sign}%" if rest[1] == "1" else f"%{sign}{{}}"
    found = like(subject, text, form, call.dialect)
    return found._replace(safety=Safety.UNSAFE)


def as_it_is(call: ForeignCall) -> Advice | None:
    """Answer functions that change a text before it is compared."""
    subject = next(iter(call.arguments), "x")
    return Advice(f"texts are compared as they are: write {subject} alone, or {subject} LIKE '%…%'")


def joined(call: ForeignCall) -> Advice | None:
    """Answer CONCAT_WS."""
    if len(call.arguments) < 3:
        return None
    sign, *parts = call.arguments
    if call.dialect is Dialect.V2:
        inner = [f"{sign}, {part}" for part in parts[1:]]
        written = f"CONCAT({', '.join([parts[0], *inner])})"
    else:
        written = f" + {sign} + ".join(parts)
    return writing(written, Safety.UNSAFE)
