"""The table of functions."""

from __future__ import annotations

import pytest

from sql_seg.language.datatypes import Dialect
from sql_seg.language.functions import FUNCTIONS, Function, Parameter

V1, V2 = Dialect


def test_which_dialect_has_which() -> None:
    in_v1 = {name for name, function in FUNCTIONS.items() if V1 in function.provenance}
    in_v2 = {name for name, function in FUNCTIONS.items() if V2 in function.provenance}
    assert {"CONCAT", "LENGTH", "LOWER", "NOW"} <= in_v1 & in_v2
    assert "CONTAINS" in in_v1 - in_v2
    assert {"ARRAY_CONTAINS", "UPPER", "CURRENT_TIMESTAMP", "TIMESTAMPADD", "MAX"} <= in_v2 - in_v1


@pytest.mark.parametrize("function", FUNCTIONS.values(), ids=lambda function: function.name)
def test_its_usage_is_a_call_of_it(function: Function) -> None:
    assert function.usage.startswith(function.name)
    assert FUNCTIONS[function.name] is function
    for dialect in function.provenance:
        assert function.takes(len(function.parameters), dialect)
        assert not function.takes(len(function.parameters) - 1, dialect)


def test_only_concat_of_v2_takes_more() -> None:
    assert FUNCTIONS["CONCAT"].takes(5, V2)
    assert not FUNCTIONS["CONCAT"].takes(3, V1)
    assert not FUNCTIONS["LOWER"].takes(2, V2)
    assert FUNCTIONS["CONCAT"].parameter(4) is Parameter.TEXT
