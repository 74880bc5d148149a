"""Queries as a person would lay them out: before and after."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sql_seg.language.datatypes import Dialect
from sql_seg.syntax.formatting import format_text
from sql_seg.syntax.parsing import comments, parse
from sql_seg.syntax.parsing.tokens import tokenize

CASES = Path(__file__).parent / "laid_out.md"


def cases() -> list[tuple[str, str, str]]:
    """Return the heading, the text before and the text after of each case."""
    sections = re.split(r"^## ", CASES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    found = []
    for section in sections:
        heading, _, rest = section.partition("\n")
        before, after = re.findall(r"^```sql\n(.*?)^```$", rest, flags=re.MULTILINE | re.DOTALL)
        found.append((heading, before, after))
    return found


@pytest.mark.parametrize(("heading", "before", "after"), cases(), ids=[case[0] for case in cases()])
def test_a_query_is_laid_out(heading: str, before: str, after: str) -> None:
    assert format_text(before) + "\n" == after
    assert format_text(after) + "\n" == after
    assert parse(before) == parse(after)


ALL = "SELECT contact_id, updated_at FROM contact_data"
QUERIES = [
    ALL,
    f"{ALL} AS c WHERE country = 'US' AND NOT (a IS NULL OR b IN ('x', 'y')) ;",
    """SELECT c.contact_id, c.updated_at, MAX(e.timestamp) AS last
    FROM contact_data c JOIN event_data e ON c.contact_id = e.contact_id
    WHERE e.data:payload.url LIKE '%x' GROUP BY c.contact_id, c.updated_at
    HAVING last < TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP())""",
    f"""{ALL} JOIN event_data USING (contact_id)
    WHERE contact_id NOT IN (SELECT contact_id FROM event_data WHERE event_type = 'open')
    OR ARRAY_CONTAINS(list_ids, ['a', 'b'])""",
    f"""{ALL} WHERE (a BETWEEN 1 AND - 2) IS NOT TRUE AND updated_at > TIMESTAMP '2026-01-01'
    AND (a + b) * c = - - 3""",
]
REMARKS = [
    "/* x */",
    "-- x\n",
    "\n-- x\n",
    "\n/* x */\n",
    "/* x */\n",
    "\n/* x */",
    "/* x */ -- y\n",
    "\n\n-- x\n-- y\n",
]


@pytest.mark.parametrize("remark", REMARKS, ids=repr)
@pytest.mark.parametrize("query", QUERIES, ids=range(len(QUERIES)))
@pytest.mark.parametrize("width", [100, 25])
def test_a_comment_may_stand_anywhere_and_stays(query: str, remark: str, width: int) -> None:
    for token in tokenize(query, Dialect.V2).tokens:
        text = f"{query[: token.start]} {remark} {query[token.start :]}"
        once = format_text(text, width=width)
        assert parse(once) == parse(query), text
        assert texts(once) == texts(text), once
        assert format_text(once, width=width) == once, text


def test_comments_everywhere_at_once_stay_in_their_order() -> None:
    for query in QUERIES:
        for style in ("/* {} */", "-- {}\n", "\n-- {}\n"):
            tokens = tokenize(query, Dialect.V2).tokens[:-1]
            text = " ".join(f"{token.text} {style.format(index)}" for index, token in enumerate(tokens))
            once = format_text(text)
            assert parse(once) == parse(query)
            assert sorted(texts(once)) == sorted(texts(text))
            assert format_text(once) == once, text


def texts(query: str) -> list[str]:
    return [query[span.start : span.end].rstrip() for span in comments(query)]
