"""Messages, help, documents and comments use short, common words: no word that a reader must look up."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

INSTEAD = {
    "albeit": "although",
    "alike": "the same, in the same way",
    "amid": "between, in",
    "amiss": "wrong",
    "anew": "again",
    "as it were": "(leave it out)",
    "be it": "(say it directly)",
    "but for": "except",
    "ere": "before",
    "forthwith": "immediately",
    "hence(?:forth)?": "so",
    "herein": "here",
    "hitherto": "until now",
    "hush(?:es|ed|ing)?": "hide",
    "inasmuch": "because",
    "lest": "so that … not",
    "likewise": "also, the same way",
    "mend(?:s|ed|ing)?": "fix",
    "notwithstanding": "despite",
    "nought": "nothing, zero",
    "parted": "separated",
    "sets? aside": "replace, overrule",
    "tells? of": "report",
    "thereby": "so, by this",
    "therein": "in it",
    "thereof": "of it",
    "therewith": "with it",
    "told": "reported, shown, said",
    "whence": "from where",
    "whereby": "by which",
    "wherever": "where, in whatever place",
    "whilst": "while",
    "whom": "who, for which",
}
"""Words that readers who learnt English at school stumble over, and what to write instead."""

WORDS = re.compile(rf"\b(?:{'|'.join(INSTEAD)})\b", re.IGNORECASE)
CODE = re.compile(r"^```.*?^```$|``.*?``|`[^`\n]*`", re.MULTILINE | re.DOTALL)
DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
MODULES = sorted((ROOT / "sql_seg").rglob("*.py"))


def texts_of(module: Path) -> Iterator[tuple[int, str]]:
    """Yield what people read of a module: its texts with a blank in them, its docstrings and its comments."""
    source = module.read_text(encoding="utf-8")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
            yield node.lineno, node.value
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def found_in(text: str) -> list[str]:
    """Return the words of a text that are not plain English; code is not English at all."""
    return WORDS.findall(CODE.sub(lambda code: "\n" * code[0].count("\n"), text))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_are_in_plain_english(document: Path) -> None:
    text = CODE.sub(lambda code: "\n" * code[0].count("\n"), document.read_text(encoding="utf-8"))
    lines = enumerate(text.splitlines(), 1)
    assert [(number, word) for number, line in lines for word in WORDS.findall(line)] == []


def test_messages_docstrings_and_comments_are_in_plain_english() -> None:
    wrong = [
        (f"{module.relative_to(ROOT)}:{line}", word)
        for module in MODULES
        if WORDS.search(module.read_text(encoding="utf-8"))
        for line, text in texts_of(module)
        for word in found_in(text)
    ]
    assert wrong == []


@pytest.mark.parametrize("text", ["Likewise.", "values parted by commas", "it is told", "Mends a query"])
def test_what_is_not_plain_is_found(text: str) -> None:
    assert found_in(text)


def test_code_is_not_english() -> None:
    assert found_in("``told`` and `told`\n```python\ntold = 1\n```\n") == []
