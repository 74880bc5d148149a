"""From a checked query to what answers it, against our own way from its text to a tree.

A ready predicate, a ready pass for ids, and what Python's own compile() takes of the predicate: its floor.
"""

from __future__ import annotations

from ast import AST
from functools import partial
from typing import Any
from unittest.mock import patch

from generate import NOW
from measure import Measured, Results, Work, measured, repeated
from queries import QUERIES, SCHEMA

from sql_seg import check, parse
from sql_seg.checking.checker import CheckedQuery
from sql_seg.core.interpreter import Account
from sql_seg.evaluate import program
from sql_seg.evaluate.compiler import Compiler

NOBODY = Account([], [])
TIMES = 20


def predicate(query: CheckedQuery) -> object:
    return Compiler(query).predicate(NOW)


def ids_pass(query: CheckedQuery) -> object:
    return Compiler(query).ids(NOBODY.contacts, NOBODY, NOW)


def python_nodes(query: CheckedQuery) -> AST:
    """Return the syntax nodes that a predicate is compiled from."""
    found: list[Any] = []

    def compile_and_keep(nodes: AST, *rest: Any) -> Any:
        found.append(nodes)
        return compile(nodes, *rest)  # type: ignore[call-overload]

    with patch.object(program, "compile", compile_and_keep, create=True):
        predicate(query)
    nodes: AST = found[0]
    return nodes


def measure() -> Results:
    ways: dict[str, list[Measured]] = {}
    for name, text in QUERIES.items():
        query = check(parse(text), SCHEMA)
        nodes: Any = python_nodes(query)
        by_way: dict[str, Work] = {
            "compile": partial(predicate, query),
            "ids pass": partial(ids_pass, query),
            "Python's compile()": partial(compile, nodes, "<nodes>", "exec"),
        }
        own_parse = repeated(partial(parse, text), TIMES)
        for way, work in by_way.items():
            ways.setdefault(way, []).append(measured(name, own_parse, repeated(work, TIMES)))
    return Results("Checked query to code", ways, f"for {TIMES} parses of our own")
