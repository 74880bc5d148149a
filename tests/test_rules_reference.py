"""The page with all rules is what the rules themselves say."""

from __future__ import annotations

import re
from pathlib import Path

from sql_seg.linting import RULES
from tests.cli.running import run

PAGE = Path(__file__).parents[1] / "docs" / "rules.md"


def test_the_page_is_what_is_generated() -> None:
    generated = run("rule", "--all", "--output-format", "markdown").stdout
    assert PAGE.read_text(encoding="utf-8") == generated, (
        "docs/rules.md is out of date: sql-seg rule --all --output-format markdown > docs/rules.md"
    )


def test_every_rule_has_a_row_that_leads_to_its_chapter() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[([a-z0-9-]+)\]\(#([a-z0-9-]+)\) \|", text, re.MULTILINE)
    chapters = re.findall(r"^### ([a-z0-9-]+)$", text, re.MULTILINE)
    assert [code for code, _ in rows] == [anchor for _, anchor in rows] == chapters
    assert sorted(chapters) == sorted(rule.code for rule in RULES)
