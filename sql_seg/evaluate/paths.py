"""Paths into JSON as functions, each compiled once: a loop over the keys would take longer than they do."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sql_seg.evaluate import syntax
from sql_seg.evaluate.placed import placed
from sql_seg.evaluate.scalars import JSON_KINDS, JSON_READERS
from sql_seg.language.datatypes import DataType

_MOST_PATHS = 1024


@lru_cache(_MOST_PATHS)
def path_reader(keys: tuple[str, ...], data_type: DataType) -> Callable[[Any], Any]:
    """Return ``read_path`` of these keys and this type: a function of the data alone."""
    found: ast.expr = syntax.name("data")
    for key in keys:
        found = syntax.method(found, "get", syntax.constant(key))
    nothing: ast.stmt = placed.Return(syntax.NONE)
    no_object = placed.ExceptHandler(syntax.name("AttributeError"), None, [nothing])
    body: list[ast.stmt] = [placed.Try([syntax.assign("value", found)], [no_object], [], [])]
    value: ast.expr = syntax.name("value")
    kind = JSON_KINDS.get(data_type)
    if kind is None:
        value = syntax.call("read", value)
    elif kind is not object:
        is_of_kind = syntax.call("isinstance", value, syntax.name("kind"))
        body.append(syntax.when(syntax.inverse(is_of_kind), nothing))
    function = syntax.function("read_found", ["data"], [*body, placed.Return(value)])
    namespace: dict[str, Any] = {"read": JSON_READERS[data_type], "kind": kind}
    exec(compile(ast.Module([function], []), "<path>", "exec"), namespace)  # noqa: S102 -- built from nodes
    read: Callable[[Any], Any] = namespace["read_found"]
    return read
