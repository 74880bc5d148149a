"""The JSON form of a query."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from sql_seg.errors import QueryJsonError
from sql_seg.syntax.formatting import from_json, to_json
from sql_seg.syntax.nodes import MOST_LEVELS
from sql_seg.syntax.parsing import parse
from tests.unit.round_trips import comes_back

V1 = "NOT a IN ('x', 1.5) AND b > NOW() - INTERVAL 3 DAY OR c IS NOT NULL"
V2 = (
    "SELECT a, MAX(b) AS m FROM t AS u JOIN v USING (w) JOIN x ON y "
    "WHERE z IN (SELECT p FROM q) AND d:e.f IS TRUE"
)


def test_the_form() -> None:
    assert to_json(parse("email LIKE '%x' AND age >= 2")) == {
        "version": 1,
        "dialect": "v1",
        "query": {
            "type": "Predicate",
            "where": {
                "type": "And",
                "operands": [
                    {
                        "type": "Like",
                        "operand": {"type": "Column", "name": "email", "table": None},
                        "pattern": {"type": "String", "value": "%x"},
                        "negated": False,
                    },
                    {
                        "type": "Comparison",
                        "operator": ">=",
                        "left": {"type": "Column", "name": "age", "table": None},
                        "right": {"type": "Number", "value": 2},
                    },
                ],
            },
        },
    }


@pytest.mark.parametrize("text", [V1, V2])
def test_there_and_back(text: str) -> None:
    form = json.loads(json.dumps(to_json(parse(text))))
    assert from_json(form) == parse(text)


def changed(text: str, path: str, value: Any) -> Any:
    """Return the form of a query with one value of it replaced, or taken out where it is ``...``."""
    form = copy.deepcopy(to_json(parse(text)))
    *keys, last = [int(key) if key.isdigit() else key for key in path.split(".")]
    place: Any = form
    for key in keys:
        place = place[key]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return form


def refuses(form: Any, place: str, message: str) -> None:
    with pytest.raises(QueryJsonError) as caught:
        from_json(form)
    assert caught.value.path == place
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("form", "place", "message"),
    [
        (None, "$", "expected an object, not null"),
        ([], "$", "expected an object, not list"),
        ({}, "$.version", "expected 1, not None"),
        (changed(V1, "version", 2), "$.version", "expected 1, not 2"),
        (changed(V1, "dialect", "v3"), "$.dialect", "expected 'v1' or 'v2', not 'v3'"),
        (changed(V1, "dialect", ["v1"]), "$.dialect", "expected 'v1' or 'v2'"),
        (changed(V1, "dialect", "v2"), "$.query.type", "expected Select, not 'Predicate'"),
        (changed(V1, "query", None), "$.query", "expected Predicate, not null"),
        (changed(V1, "query", ...), "$.query", "expected Predicate, not null"),
        (changed(V1, "query.where", "a"), "$.query.where", "expected Expression, not str"),
        (changed(V1, "query.where", {"type": "Expression"}), "$.query.where.type", "not 'Expression'"),
        (changed(V2, "query.items.0.alias", 1), "$.query.items[0].alias", "expected str, not int"),
        (changed(V2, "query.joins.0.on.type", "Table"), "$.query.joins[0].on.type", "Expression or Using"),
        (changed(V2, "query.table", None), "$.query.table", "expected Table, not null"),
    ],
)
def test_another_shape_is_refused_at_its_place(form: Any, place: str, message: str) -> None:
    refuses(form, place, message)


@pytest.mark.parametrize(
    ("path", "value", "place", "message"),
    [
        ("type", "Xor", ".type", "expected Expression, not 'Xor'"),
        ("type", "Table", ".type", "expected Expression, not 'Table'"),
        ("type", "Node", ".type", "not 'Node'"),
        ("type", "Any", ".type", "not 'Any'"),
        ("type", "cache", ".type", "not 'cache'"),
        ("type", ..., ".type", "not None"),
        ("operands", {}, ".operands", "expected a list, not dict"),
        ("operands", [], "", "OR takes at least two operands, not 0"),
        ("operands", ..., "", "Or needs the field 'operands'"),
        ("more", 1, "", "Or has no field 'more'"),
        ("operands.1.negated", 1, ".operands[1].negated", "expected bool, not int"),
        ("operands.1.negated", None, ".operands[1].negated", "expected bool, not null"),
        ("operands.1.operand.name", None, ".operands[1].operand.name", "expected str, not null"),
    ],
)
def test_another_condition_is_refused_at_its_place(path: str, value: Any, place: str, message: str) -> None:
    refuses(changed(V1, f"query.where.{path}", value), f"$.query.where{place}", message)


@pytest.mark.parametrize(
    ("text", "path", "value", "place", "message"),
    [
        ("a = 1", "right.value", "1", ".right.value", "expected int or float, not str"),
        ("a = 1", "right.value", True, ".right.value", "expected int or float, not bool"),
        ("a = 1", "right.value", -1, ".right", "a number literal is finite and has no sign"),
        ("a = 1", "right.value", 10**400, ".right", "a number literal is finite and has no sign"),
        ("a = 1", "right.value", float("nan"), ".right", "a number literal is finite and has no sign"),
        ("a = 1", "operator", "==", ".operator", "expected one of =, !=, <, <=, >, >=, not '=='"),
        ("a = 1", "operator", [], ".operator", "expected one of"),
        ("a + INTERVAL 1 DAY", "right.unit", "week", ".right", "INTERVAL has no weeks"),
        ("a + INTERVAL 1 DAY", "right.amount", 1.0, ".right.amount", "expected int, not float"),
    ],
)
def test_another_value_is_refused_at_its_place(
    text: str, path: str, value: Any, place: str, message: str
) -> None:
    refuses(changed(text, f"query.where.{path}", value), f"$.query.where{place}", message)


def test_a_name_without_a_text_is_refused() -> None:
    refuses(changed("a = 1", "query.where.left.name", ""), "$.query", "a name cannot be empty")


@pytest.mark.parametrize("text", ["({} AND a)", "f({}, a)", "NOT {}", "({}) IN (a)", "a - ({})"])
def test_a_query_at_the_bound_of_nesting(text: str) -> None:
    levels = MOST_LEVELS // 2 if text == "NOT {}" else MOST_LEVELS
    deep = "x"
    for _ in range(levels):
        deep = text.format(deep)
    query = parse(deep)
    assert comes_back(query)


def test_nesting_without_end() -> None:
    form: Any = {"type": "Column", "name": "a", "table": None}
    for _ in range(100_000):
        form = {"type": "Not", "operand": form}
    with pytest.raises(QueryJsonError):
        from_json({"version": 1, "dialect": "v1", "query": {"type": "Predicate", "where": form}})


def test_what_sendgrid_calls_query_json_is_told_apart() -> None:
    with pytest.raises(QueryJsonError, match="query_json is of a shape that it does not document"):
        from_json({"AND": [{"op": "="}]})
