"""Where the text of a query that was fixed comes from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sql_seg.diagnostics.diagnostic import Edit, Fix
from sql_seg.diagnostics.repaired import Repaired
from sql_seg.diagnostics.source import Span

TEXT = "abcdefghijklmnopqrstuvwxyz"


@st.composite
def edits(draw: st.DrawFn, text: str) -> list[Edit]:
    """Draw edits of a text that do not touch each other, in any order."""
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=12)))
    stretches = list(zip(cuts[::2], cuts[1::2], strict=False))
    written = st.text("012", max_size=4)
    return draw(st.permutations([Edit(Span(*stretch), draw(written)) for stretch in stretches]))


def repaired(rounds: list[list[Edit]]) -> Repaired:
    result = Repaired(TEXT, "v2")
    for made in rounds:
        result = result.with_fix(Fix("fix", tuple(made)), None)
    return result


@given(st.data())
def test_each_letter_that_was_kept_comes_from_no_other_that_was_kept(data: st.DataObject) -> None:
    found = Repaired(TEXT, "v2")
    for _ in range(data.draw(st.integers(1, 3))):
        found = found.with_fix(Fix("fix", tuple(data.draw(edits(found.text)))), None)
    for place, character in enumerate(found.text):
        if character in TEXT:
            start, end = found.original(Span(place, place + 1))
            assert set(TEXT[start:end]) & set(found.text) == {character}
        else:
            assert any(start <= place < end for region in found.regions() for start, end in region)


@given(st.data())
def test_what_was_written_comes_from_what_it_replaced(data: st.DataObject) -> None:
    made = data.draw(edits(TEXT))
    found = repaired([made])
    for edit, (start, end) in zip(sorted(made, key=lambda edit: edit.span), found.written, strict=True):
        assert found.text[start:end] == edit.text
        if edit.text:
            assert found.original(Span(start, end)) == edit.span


def test_a_later_fix_moves_what_an_earlier_one_wrote() -> None:
    found = repaired([[Edit(Span(5, 6), "0")], [Edit(Span(0, 2), "1111")]])
    assert found.text == "1111cde0ghijklmnopqrstuvwxyz"
    assert [found.text[start:end] for region in found.regions() for start, end in region] == ["0", "1111"]
    assert found.original(Span(7, 8)) == Span(5, 6)
