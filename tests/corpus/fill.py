"""Writes the canonical text and the diagnostics of queries into the corpus, where their blocks are empty."""

from __future__ import annotations

from pathlib import Path

from tests.corpus.cases import Case, cases, files


def fill(file: Path) -> int:
    """Fill the empty blocks of a file and return how many there were."""
    lines = file.read_text(encoding="utf-8").splitlines()
    empty: dict[int, tuple[Case, str]] = {}
    for case in cases(file):
        for kind, block in case.expected.items():
            if not block.text and kind != "members":
                empty.setdefault(block.end, (case, kind))
    for end in sorted(empty, reverse=True):
        case, kind = empty[end]
        lines[end:end] = (case.canonical() if kind == "text" else case.said()).splitlines()
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(empty)


if __name__ == "__main__":
    for corpus_file in files():
        if filled := fill(corpus_file):
            print(f"{corpus_file.name}: {filled} filled")
