"""Two minus signs side by side in v1, which has no comments."""

from __future__ import annotations

import pytest

from tests.unit.linting.linting import finds, is_silent

CODE = "double-minus"


@pytest.mark.parametrize("marked", ["age > 5 «--» 3", "age > (5«--»(3)) - 2", "LENGTH(city) «--» age > 1"])
def test_what_reads_as_a_comment_is_told(marked: str) -> None:
    finds(
        marked, CODE, "v1 has no comments: this subtracts what follows, negated", help="leave the comment out"
    )


@pytest.mark.parametrize("text", ["age > 5 - -3", "age > 5 - 3", "city = 'a -- b'", "LENGTH('--') - -3 > 1"])
def test_what_nobody_takes_for_a_comment(text: str) -> None:
    is_silent(text, CODE)
