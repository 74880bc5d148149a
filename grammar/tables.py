"""Tables from the grammar's files, by Lark: ``make tables``, and each build of the package.

Lark reads the grammar, proves it to be LALR and makes the automaton; what it finds is written as modules of
``sql_seg.syntax.parsing.tables``, so that the product needs neither Lark nor these files.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark
from lark.grammar import Rule
from lark.lexer import PatternStr, TerminalDef
from lark.parsers.lalr_analysis import Shift

from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.parsing.tables import END, UNREADABLE, ParserTables

FOLDER = Path(__file__).parent
PACKAGE = FOLDER.parent / "sql_seg" / "syntax" / "parsing" / "tables"

_BLANKS = "WHITE_SPACE"
_STRAY = r"\.?[0-9][\w.]*|(?:''|\"\"|``)|['\"`][\s\S]*|/\*[\s\S]*|[\s\S]"
"""One UNREADABLE token: a malformed number, a quote or comment without its end, or a single character."""


def grammar_text(dialect: Dialect) -> str:
    """Return a dialect's grammar: the shared files and its own, as one text."""
    names = ("lexical", "expression", dialect.value)
    return "\n".join((FOLDER / f"{name}.lark").read_text(encoding="utf-8") for name in names)


@cache
def lark_of(text: str) -> Lark:
    """Return Lark's own parser of a grammar, whose tables these are."""
    return Lark(text, parser="lalr", lexer="basic", maybe_placeholders=False)


def generate(text: str) -> ParserTables:
    """Return the tables of a grammar.

    Raises what Lark raises of a bad grammar, and ValueError where a rule may match nothing.
    """
    lark = lark_of(text)
    plain = {_spelled(terminal): terminal.name for terminal in lark.terminals if _is_plain(terminal)}
    pattern, groups = _pattern(list(lark.terminals))
    rules, states = _automaton(lark)
    ignored = frozenset(lark.ignore_tokens) - {_BLANKS}
    return ParserTables(pattern, groups, plain, ignored, rules, states)


def _is_plain(terminal: TerminalDef) -> bool:
    return isinstance(terminal.pattern, PatternStr)


def _spelled(terminal: TerminalDef) -> str:
    value: str = terminal.pattern.value
    return value.upper()


def _pattern(terminals: list[TerminalDef]) -> tuple[str, tuple[str, ...]]:
    """Return one pattern of all terminals; keywords are names in it at first.

    The order is Lark's: by priority, patterns before plain texts (and those longest first).
    """
    blanks = next(terminal.pattern.to_regexp() for terminal in terminals if terminal.name == _BLANKS)
    symbols = [_spelled(terminal) for terminal in terminals if _is_plain(terminal)]
    symbols = sorted((symbol for symbol in symbols if not symbol.isalpha()), key=lambda it: (-len(it), it))
    patterns = [terminal for terminal in terminals if not _is_plain(terminal) and terminal.name != _BLANKS]
    patterns.sort(key=lambda terminal: -terminal.priority)
    named = [
        *((str(terminal.name), terminal.pattern.to_regexp()) for terminal in patterns),
        ("", "|".join(map(re.escape, symbols))),
        (END, r"\Z"),
        (UNREADABLE, _STRAY),
    ]
    pattern = "|".join(f"({expression})" for _, expression in named)
    return f"{blanks.removesuffix('+')}*(?:{pattern})", tuple(name for name, _ in named)


def _automaton(lark: Lark) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the rules and the states of Lark's tables, numbered in an order that every run gives."""
    table = lark.parser.parser.parser.parse_table
    rules = sorted({_written(rule) for rule in lark.rules})
    order = [table.start_states["start"]]
    for state in order:
        actions = sorted(table.states[state].items())
        order += dict.fromkeys(to for _, (act, to) in actions if act is Shift and to not in order)
    numbers = {state: number for number, state in enumerate(order)}
    end = table.end_states["start"]

    def line(actions: dict[str, tuple[Any, Any]]) -> str:
        entries: dict[str, list[str]] = {}
        for symbol, (act, to) in sorted(actions.items()):
            entry = f">{numbers[to]}" if act is Shift else f"<{rules.index(_written(to))}"
            entries.setdefault(entry, []).append(symbol)
        return " ".join(f"{','.join(symbols)}{entry}" for entry, symbols in entries.items())

    read_all = {END: (Shift, end)}  # Lark ends there; our automaton takes the end of the text as a token
    return tuple(rules), tuple(line(table.states[state] if state != end else read_all) for state in order)


def _written(rule: Rule) -> str:
    symbols = [symbol.name for symbol in rule.expansion]
    if not symbols:
        raise ValueError(f"the rule {rule.origin.name} may match nothing, which has no place in a text")
    text = f"{rule.origin.name}: {' '.join(symbols)}"
    passed_on = rule.options.expand1 and len(symbols) == 1 and not rule.alias
    is_nameless = passed_on or rule.origin.name.startswith("_")
    return text if is_nameless else f"{text} -> {rule.alias or rule.origin.name}"


def module(dialect: Dialect) -> str:
    """Return the source of the module that holds a dialect's tables."""
    tables = generate(grammar_text(dialect))
    fields = "".join(f"    {name}={_literal(value)},\n" for name, value in tables._asdict().items())
    return (
        f'"""The tables of {dialect}\'s grammar, written by ``make tables``: change that instead."""\n\n'
        "# fmt: off\n\n"
        "from sql_seg.syntax.parsing.tables import ParserTables\n\n"
        f"TABLES = ParserTables(\n{fields})\n"
    )


def _literal(value: object) -> str:
    if isinstance(value, tuple):
        return "(\n" + "".join(f"        {item!r},\n" for item in value) + "    )"
    return f"frozenset({sorted(value)!r})" if isinstance(value, frozenset) else repr(value)


def write_tables() -> list[Path]:
    """Write the tables of both dialects, where they are not what they were; return the files written."""
    written = []
    for dialect in Dialect:
        path = PACKAGE / f"{dialect}.py"
        content = module(dialect)
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")
            written.append(path)
    return written


if __name__ == "__main__":
    write_tables()
