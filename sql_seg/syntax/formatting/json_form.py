"""Syntax tree to a versioned JSON form, without places, and back.

``{"version": 1, "dialect": "v1" | "v2", "query": node}``, where a node is ``{"type": name, field: value, …}``
with the names of the classes and fields of ``sql_seg.syntax.nodes``.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from sql_seg.errors import QueryJsonError
from sql_seg.frozen import fields
from sql_seg.syntax import nodes

VERSION = 1

_QUERIES: dict[str, type[nodes.Query]] = {"v1": nodes.Predicate, "v2": nodes.Select}
_ABSTRACT = (nodes.Node, nodes.Expression, nodes.Query)
_DEEPEST = 2 * nodes.MOST_LEVELS + 10
"""How deep objects and lists may nest. Plain loops over them keep that away from Python's own bound."""


def to_json(query: nodes.Query) -> dict[str, Any]:
    """Return a query as a JSON object: dicts, lists, strings, numbers, booleans and None alone."""
    return {"version": VERSION, "dialect": query.dialect.value, "query": _written(query)}


_NOT_OURS = (
    "this is no query as to_json writes it, with a version and a dialect; SendGrid's query_json "
    "is of a shape that it does not document: give the text of query_dsl to parse instead"
)


def from_json(form: Any) -> nodes.Query:
    """Return the query of a JSON object, as ``to_json`` gave it.

    Raises QueryJsonError, which names the place inside the object, where it has another shape.
    """
    if not isinstance(form, Mapping):
        raise QueryJsonError("$", f"expected an object, not {_kind(form)}")
    if form and "version" not in form and "dialect" not in form:
        raise QueryJsonError("$", _NOT_OURS)
    if form.get("version") != VERSION:
        raise QueryJsonError("$.version", f"expected {VERSION}, not {form.get('version')!r}")
    kind = _QUERIES.get(str(form.get("dialect")))
    if kind is None:
        raise QueryJsonError("$.dialect", f"expected 'v1' or 'v2', not {form.get('dialect')!r}")
    query = _read(form.get("query"), kind, "$.query", 0)
    assert isinstance(query, nodes.Query)
    return query


def _written(value: Any) -> Any:
    if isinstance(value, nodes.Node):
        form: dict[str, Any] = {"type": type(value).__name__}
        for name in _field_types(_kind_of(value)):
            form[name] = _written(getattr(value, name))
        return form
    if isinstance(value, tuple):
        return list(map(_written, value))
    return value.value if isinstance(value, Enum) else value


def _kind_of(node: nodes.Node) -> Any:
    return type(node)


@cache
def _field_types(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {item.name: hints[item.name] for item in fields(kind) if item.name not in ("span", "text")}


def _read(value: Any, hint: Any, path: str, depth: int) -> Any:
    """Return a JSON value as what a type hint of ``sql_seg.syntax.nodes`` asks for."""
    if depth > _DEEPEST:
        raise QueryJsonError(path, "nested too deep")
    if get_origin(hint) in (Union, types.UnionType):
        if value is None and type(None) in get_args(hint):
            return None
        hint = tuple(option for option in get_args(hint) if option is not type(None))
        hint = hint[0] if len(hint) == 1 else hint
    if get_origin(hint) is tuple:
        if not isinstance(value, list):
            raise QueryJsonError(path, f"expected a list, not {_kind(value)}")
        entries = []
        for index, entry in enumerate(value):
            entries.append(_read(entry, get_args(hint)[0], f"{path}[{index}]", depth + 1))
        return tuple(entries)
    if isinstance(value, Mapping):
        return _read_node(value, hint, path, depth)
    return _read_scalar(value, hint, path)


def _read_node(form: Mapping[str, Any], hint: Any, path: str, depth: int) -> nodes.Node:
    kind: Any = getattr(nodes, str(form.get("type")), None)
    wanted = hint if isinstance(hint, tuple) else (hint,)
    fits = isinstance(kind, type) and issubclass(kind, tuple(filter(_is_node, wanted)))
    if not fits or kind in _ABSTRACT:
        names = " or ".join(option.__name__ for option in wanted)
        raise QueryJsonError(f"{path}.type", f"expected {names}, not {form.get('type')!r}")
    node_kind: Any = kind
    hints = _field_types(node_kind)
    unknown = form.keys() - hints.keys() - {"type"}
    if unknown:
        raise QueryJsonError(path, f"{kind.__name__} has no field {min(unknown)!r}")
    missing = hints.keys() - form.keys()
    if missing:
        raise QueryJsonError(path, f"{kind.__name__} needs the field {min(missing)!r}")
    values = {}
    for name, field_hint in hints.items():
        values[name] = _read(form[name], field_hint, f"{path}.{name}", depth + 1)
    try:
        node: nodes.Node = node_kind(**values)
    except (ValueError, TypeError) as error:
        raise QueryJsonError(path, str(error)) from error
    return node


def _is_node(option: Any) -> bool:
    return isinstance(option, type) and issubclass(option, nodes.Node)


def _read_scalar(value: Any, hint: Any, path: str) -> Any:
    options = hint if isinstance(hint, tuple) else (hint,)
    for option in options:
        if isinstance(option, type) and issubclass(option, Enum):
            try:
                return option(value)
            except ValueError:
                raise QueryJsonError(
                    path, f"expected one of {', '.join(str(m.value) for m in option)}, not {value!r}"
                ) from None
    if type(value) in options:
        return value
    names = " or ".join(option.__name__ for option in options)
    raise QueryJsonError(path, f"expected {names}, not {_kind(value)}")


def _kind(value: Any) -> str:
    return "null" if value is None else type(value).__name__
