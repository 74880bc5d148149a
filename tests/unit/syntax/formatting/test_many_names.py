"""Many names of values in one query: each comes back to its own place, in time that grows with the text."""

from __future__ import annotations

import pytest

from sql_seg import format_text, parse
from sql_seg.syntax.value_names import laid_out

START = "SELECT contact_id, updated_at FROM contact_data WHERE "


def query(condition: str, count: int) -> str:
    return START + " OR ".join(condition.format(number) for number in range(count))


def as_one(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    "condition",
    [
        "city = ${{c{}}}",
        "city IN ${{c{}}}",
        "LENGTH(city) > ${{c{}}} + 1",
        "city LIKE '${{c{}}}%'",
        "a.${{c{}}} = 1",
        "${{c{}}}(city) = 'x'",
        "city = ${{same}}",
        "d > TIMESTAMPADD(day, ${{c{}}}, CURRENT_TIMESTAMP)",
    ],
)
def test_each_of_many_names_comes_back_to_its_place(condition: str) -> None:
    text = query(condition, 300)
    assert as_one(format_text(text)) == as_one(text)


def test_a_query_is_read_a_few_times_however_many_names_it_has() -> None:
    reads = 0

    def lay_out(text: str) -> str:
        nonlocal reads
        reads += 1
        parse(text)
        return text

    text = query("(city IN ${{c{0}}} AND age > ${{n{0}}})", 100)
    assert laid_out(text, parse(START + "a = 1").dialect, lay_out) == text
    assert reads < 10


def test_names_between_the_same_neighbours_may_be_of_different_kinds() -> None:
    text = START + "city = ${a} AND city = ${b}.x AND city IN (${c}) AND ${d}(city) AND age IN ${e}"
    assert as_one(format_text(text)) == as_one(text)
    text = START + "age IN (1, ${a}, 2) AND TIMESTAMPADD(day, ${b}, d) > d AND city IN (${c}, ${d})"
    assert as_one(format_text(text)) == as_one(text)


def test_digits_and_letters_that_the_query_has_itself_stand_in_for_nothing() -> None:
    numbers = " OR ".join(f"age = 4{digit * 3}" for digit in "0123456789")
    text = (
        f"{START}{numbers} OR q0z = Q0Z OR city = '\ue000' OR city IN ${{list}} OR x.${{name}} = ${{value}}"
    )
    assert as_one(format_text(text)) == as_one(text)
