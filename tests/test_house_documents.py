"""The documents for who comes next: what they name is there, and they name all that there is."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import yaml

from sql_seg.provenance import Provenance
from sql_seg.server.answers import Standing
from tools import house

ROOT = Path(__file__).parents[1]
ARCHITECTURE, GLOSSARY, HOW_SURE = (
    ROOT / "docs" / name for name in ("ARCHITECTURE.md", "GLOSSARY.md", "how-sure.md")
)
DOCUMENTS = [ARCHITECTURE, GLOSSARY, HOW_SURE, ROOT / "docs" / "add-a-function.md", ROOT / "CONTRIBUTING.md"]
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"[\w./*-]+(?:/|\.(?:py|md|toml|svg|lark|json|yml|html|j2|css|js))")


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prose_of(path: Path) -> str:
    """Return a document without its blocks of code."""
    return re.sub(r"^```.*?^```$", "", text_of(path), flags=re.MULTILINE | re.DOTALL)


def is_there(name: str) -> bool:
    """Return whether a path is one of the project, of the package, or of a module somewhere in it."""
    places = [ROOT, ROOT / "sql_seg", ROOT / "sql_seg" / "linting", ROOT / "sql_seg" / "sql"]
    if "*" in name:
        return any(any(place.glob(name)) for place in places)
    return any((place / name).exists() for place in places) or (
        "/" not in name and any((ROOT / "sql_seg").rglob(name))
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)\)", text_of(document))
    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_is_named_is_there(document: Path) -> None:
    named = [
        word
        for code in CODE.findall(prose_of(document))
        for word in code.split()
        if PATH.fullmatch(word) and not word.startswith("/")
    ]
    assert named
    assert [name for name in named if not is_there(name)] == []


def test_a_file_without_a_folder_stands_beside_the_one_before_it() -> None:
    table = text_of(ARCHITECTURE).partition("## Where to look")[2].partition("## How it works")[0]
    rows = [row for row in table.splitlines() if row.startswith("| ")]
    assert len(rows) > 50
    for row in rows:
        folder = ROOT / "sql_seg"
        for name in filter(PATH.fullmatch, CODE.findall(row)):
            if "/" in name:
                folder = ROOT / "sql_seg" / name.rpartition("/")[0]
            else:
                assert any((place / name).exists() for place in (folder, ROOT, ROOT / "sql_seg")), (name, row)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_name_in_a_file_is_in_that_file(document: Path) -> None:
    for name, path in re.findall(r"`([A-Za-z_]+)`\s+(?:in|\()\s*`?(sql_seg/[\w/]+\.py)", prose_of(document)):
        assert re.search(rf"\b{name}\b", text_of(ROOT / path)), f"{name} is not in {path}"


def test_the_commands_of_make_are_there() -> None:
    makefile = text_of(ROOT / "Makefile")
    for document in DOCUMENTS:
        for target in re.findall(r"`make ([a-z-]+)`", text_of(document)):
            assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def rooms_by_layer() -> list[tuple[int, str]]:
    """Return the rooms of the table with the numbers of their layers: each stands in its first row alone."""
    table = text_of(ARCHITECTURE).partition("## The rooms")[2].partition("## Where to look")[0]
    found, layer = [], 0
    for number, cell in re.findall(r"^\| (\d*) ?\| (`.*?) \|", table, re.MULTILINE):
        layer = int(number or layer)
        found += [(layer, name.removesuffix("/").removesuffix(".py")) for name in CODE.findall(cell)]
    return found


def test_the_table_of_rooms_has_each_room_once() -> None:
    named = [name for _, name in rooms_by_layer()]
    assert len(named) == len(set(named))
    assert set(named) == set(house.imports(ROOT))


def test_the_table_of_rooms_has_the_layers_that_are_kept() -> None:
    rows = [layer.replace(" ", "").split("|") for layer in reversed(house.layers(ROOT))]
    layers = {(number, name) for number, row in enumerate(rows, 1) for name in row if name != "__main__"}
    assert set(rooms_by_layer()) == layers


def test_the_picture_shows_the_rooms_and_what_they_import() -> None:
    picture = ElementTree.fromstring(text_of(ROOT / "docs" / "rooms.svg"))
    svg = "{http://www.w3.org/2000/svg}"
    imported = house.imports(ROOT)
    shown = {text.text for text in picture.iter(f"{svg}text")}
    assert shown == set(imported), "docs/rooms.svg is out of date: make picture"
    arrows = [(arrow.get("data-from", ""), arrow.get("data-to", "")) for arrow in picture.iter(f"{svg}path")]
    assert arrows
    assert [(above, under) for above, under in arrows if under not in imported[above]] == []


def test_each_word_of_the_glossary_stands_once_and_in_order() -> None:
    words = re.findall(r"^\| \*\*(.+?)\*\* \|", text_of(GLOSSARY), re.MULTILINE)
    keys = [re.sub(r"\W", "", word.partition(" (")[0].lower()) for word in words]
    assert keys == sorted(set(keys))


def test_the_marks_of_how_sure_it_is_are_those_of_provenance() -> None:
    rows = re.findall(r"^\| `\[(\w+)\]` \| `(\w+)` \| .* \| (.+) \|$", text_of(HOW_SURE), re.MULTILINE)
    accepted = {mark: strictly == "accepted" for mark, _, strictly in rows}
    assert [(mark, name) for mark, name, _ in rows] == [(entry.value, entry.name) for entry in Provenance]
    assert accepted == {entry.value: entry.is_promised for entry in Provenance}
    assert [f"`{entry.value}`" in text_of(HOW_SURE) for entry in Standing] == [True] * len(Standing)


def test_comments_have_no_other_marks() -> None:
    marks = {entry.value for entry in Provenance} | {"recorded"}
    for path in sorted((ROOT / "sql_seg").rglob("*.py")):
        docstrings_and_comments = re.findall(r'"""[\s\S]*?"""|#.*', text_of(path))
        for said in docstrings_and_comments:
            odd = [
                mark for mark in re.findall(r"\w \[([a-z]{3,12})\](?=[.,:;)\s])", said) if mark not in marks
            ]
            assert odd == [], path


def test_the_hooks_before_each_commit_fetch_nothing() -> None:
    repositories = yaml.safe_load(text_of(ROOT / ".pre-commit-config.yaml"))["repos"]
    assert [entry["repo"] for entry in repositories] == ["local"]
    for hook in repositories[0]["hooks"]:
        assert hook["language"] == "system"
        assert hook["entry"].startswith(".venv/bin/")


def test_no_document_has_the_marks_of_a_merge() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    marks = re.compile(r"^(<{7} |={7}$|>{7} )", re.MULTILINE)
    assert [path.name for path in documents if marks.search(text_of(path))] == []
