"""Any text: random, made of random tokens, or a query that someone has broken."""

from __future__ import annotations

from hypothesis import strategies as st

from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import RESERVED
from sql_seg.syntax.formatting import to_text
from tests.laws.strategies.trees import trees

PIECES = [
    *sorted(RESERVED[Dialect.V2]),
    *"select WITH insert email contact_data c c.email e.data:a.b timestamp INTERVAL".split(),
    *"CONTAINS MAX( now() CAST( over( day day( 30 days".split(),
    *"= != <> < <= > >= == + - -- * / /* */ % ( ) [ ] , . : :: ; ' \" `".split(),
    *"\\ # & | ! ? { } $ @ ~ ^ \0 \ufeff \u2019".split(),
    *"'x' \"x\" `x` '' \"\" `` 'it''s' 'it\\'s' 1 0.5 .5 1. 1e5 1x 0x1F ١ \ud800 é".split(),
    *" \n\t\r",
]


@st.composite
def noise(draw: st.DrawFn) -> str:
    """Return a text of any kind."""
    kind = draw(st.sampled_from(["characters", "tokens", "broken"]))
    if kind == "characters":
        return draw(st.text(st.characters(exclude_categories=()), max_size=60))
    if kind == "tokens":
        separator = draw(st.sampled_from([" ", "", "\n"]))
        return separator.join(draw(st.lists(st.sampled_from(PIECES), max_size=14)))
    text = to_text(draw(st.sampled_from(Dialect).flatmap(trees)))
    for _ in range(draw(st.integers(1, 3))):
        text = draw(_broken(text))
    return text


@st.composite
def _broken(draw: st.DrawFn, text: str) -> str:
    """Return a text with one stretch of it cut out, doubled, or replaced by a token."""
    start = draw(st.integers(0, len(text)))
    end = min(len(text), start + draw(st.integers(0, 12)))
    stretch: str = draw(st.sampled_from(["", text[start:end] * 2, *PIECES]))
    return text[:start] + stretch + text[end:]
