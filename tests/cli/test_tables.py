"""Tables without colours are drawn without rich, and look as rich draws them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sql_seg.cli import tables
from sql_seg.cli.tables import TableColumn

_TEXTS = st.text("ab 1é東京👍\u0301…[]/\\", max_size=30).map(str.strip)


@st.composite
def _columns(draw: st.DrawFn) -> list[TableColumn]:
    rows = draw(st.integers(0, 3))
    return [
        TableColumn(
            draw(_TEXTS) or "x",
            draw(st.lists(_TEXTS, min_size=rows, max_size=rows)),
            is_numeric=draw(st.booleans()),
            can_give_way=draw(st.booleans()),
            wraps=draw(st.booleans()),
            most=draw(st.sampled_from([5, 20, 40])),
        )
        for _ in range(draw(st.integers(1, 4)))
    ]


@pytest.mark.parametrize("unicode", [True, False])
@given(columns=_columns())
def test_a_table_looks_as_rich_draws_it(unicode: bool, columns: list[TableColumn]) -> None:
    room = tables._width(columns)
    if all(map(tables._is_plain, columns)):
        drawn = list(tables._drawn_lines(columns, room, unicode=unicode))
        assert list(tables._plain_lines(columns, room, unicode=unicode)) == drawn


def test_a_table_with_marks_on_letters_is_left_to_rich() -> None:
    assert not tables._is_plain(TableColumn("name", ["e\u0301"]))
    assert tables._is_plain(TableColumn("name", ["é", "東京", ""]))
