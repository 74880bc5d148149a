"""Measures the house: files, rooms, floors and lines, how far a call goes through it, and places to touch.

``python tools/house.py`` prints the figures of the tree that it stands in; ``--root FOLDER`` those of another
one, such as the work tree of an earlier commit. What goes through the house is counted by the calls of
functions: the files that they are in, and how often one call is in another room than the call before it. That
a module is loaded, and fills its tables by comprehensions, is no call: Python 3.12 knows none there. The
places that a function or an operator of the language takes are counted as the modules that name one.

``python tools/house.py --picture docs/rooms.svg`` draws the rooms: a row for each layer, and an arrow from a
room to each that it imports, where no other room on the way imports that one already.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUERY = "city = 'Oslo' AND age NOT BETWEEN 1 AND 5 AND (email LIKE '%@example.com' OR created_at > NOW())"
_BOX, _HIGH, _GAP, _DOWN, _TOP, _LEAN = 120, 30, 60, 34, 40, 80
"""The picture's measures: a box, what is between boxes and between rows, the margin, and a lean."""
_STYLE = (
    ".paper{fill:#fff} rect{fill:#eef3fa;stroke:#5a7394} path{fill:none;stroke:#9db0c8;stroke-width:1.3} "
    "text{font:14px sans-serif;text-anchor:middle;fill:#1d2b3c}"
)
GENERATED = ("parsing/tables/v1.py", "parsing/tables/v2.py")

WALKS = {
    "preview": "main(['preview', '--where', query, '--contacts', contacts, '--fields', fields])",
    "check": "main(['check', '--where', query, '--fields', fields])",
    "Segment(text)": "Segment(query, schema)",
    "matches": "segment.matches({'city': 'Oslo', 'age': 7, 'email': 'ada@example.com'})",
}
_WALK = """
import json, os, sys, tempfile
from contextlib import redirect_stdout, redirect_stderr, suppress
from io import StringIO
sys.path.insert(0, root)
from sql_seg import Segment, SENDGRID
from sql_seg.cli import main
import sql_seg
package = os.path.dirname(sql_seg.__file__) + os.sep
folder = tempfile.mkdtemp()
contacts, fields = os.path.join(folder, "contacts.json"), os.path.join(folder, "fields.json")
json.dump([{"contact_id": "1", "email": "ada@example.com", "city": "Oslo"}], open(contacts, "w"))
custom = [{"id": "e1_N", "name": "age", "field_type": "Number"}]
json.dump({"custom_fields": custom, "reserved_fields": []}, open(fields, "w"))
schema = SENDGRID.with_fields(custom)
text_file = os.path.join(folder, "query.sql")
open(text_file, "w").write(query)
segment = Segment(query, schema)
files, steps, before = set(), 0, None
def watch(frame, event, _):
    global steps, before
    name = frame.f_code.co_filename
    code, caller = frame.f_code, frame.f_back
    is_table = code.co_name.startswith("<") and caller is not None and caller.f_code.co_name == "<module>"
    if event == "call" and name.startswith(package) and code.co_flags & 1 and not is_table:
        inside = name[len(package):]
        files.add(inside)
        room = inside.split(os.sep)[0]
        steps += before is not None and room != before
        before = room
error, status = StringIO(), None
sys.setprofile(watch)
with redirect_stdout(StringIO()), redirect_stderr(error):
    try:
        eval(walk)
    except SystemExit as end:
        status = end.code
sys.setprofile(None)
print(json.dumps([len(files), steps, status, error.getvalue()]))
"""


def walked(root: Path, walk: str) -> tuple[int, int]:
    """Return how many files a call enters, and how often it changes rooms."""
    walk = walk.replace("'--where', query", "text_file")
    given = f"root, query, walk = {str(root)!r}, {QUERY!r}, {walk!r}\n"
    result = subprocess.run(
        [sys.executable, "-c", given + _WALK], capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise RuntimeError(result.stderr)
    files, steps, status, said = json.loads(result.stdout)
    if status not in (None, 0, 1):
        raise RuntimeError(said)
    return files, steps


def modules(root: Path) -> dict[str, str]:
    """Return the package's modules that people write, by path, with their texts."""
    found = sorted((root / "sql_seg").rglob("*.py"))
    paths = {path.relative_to(root / "sql_seg").as_posix(): path for path in found}
    return {
        name: path.read_text(encoding="utf-8") for name, path in paths.items() if not name.endswith(GENERATED)
    }


def rooms(names: Iterable[str]) -> set[str]:
    """Return the folders that hold modules."""
    return {name.rpartition("/")[0] for name in names}


def layers(root: Path) -> list[str]:
    """Return the layers that import-linter keeps, from the top."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[str] = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    return found


def imports(root: Path) -> dict[str, set[str]]:
    """Return for each room at the top of the package which others it imports, anywhere in its modules."""
    found: dict[str, set[str]] = {}
    for name, source in modules(root).items():
        room = name.partition("/")[0].removesuffix(".py")
        if room in ("__init__", "__main__"):  # the doors of the house, and no rooms in it
            continue
        named = found.setdefault(room, set())
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and node.module == "sql_seg":
                named.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sql_seg."):
                named.add((node.module or "").split(".")[1])
    return {
        room: {other for other in named if other in found and other != room} for room, named in found.items()
    }


def below(rooms: dict[str, set[str]], room: str) -> set[str]:
    """Return all rooms that a room stands on, directly or not."""
    found: set[str] = set()
    waiting = [room]
    while waiting:
        waiting += (named := rooms[waiting.pop()] - found)
        found |= named
    return found


def longest_chain(rooms: dict[str, set[str]]) -> list[str]:
    """Return the longest chain of rooms of which each imports the next."""

    @cache
    def chain(room: str) -> tuple[str, ...]:
        return (room, *longest([chain(other) for other in sorted(rooms[room])]))

    def longest(chains: list[tuple[str, ...]]) -> tuple[str, ...]:
        return max(chains, key=lambda names: len(names), default=())

    return list(longest([chain(room) for room in sorted(rooms)]))


def arrows(rooms: dict[str, set[str]]) -> set[tuple[str, str]]:
    """Return which room imports which, without what follows from the others."""
    under = {room: below(rooms, room) for room in rooms}
    return {
        (room, other)
        for room, named in rooms.items()
        for other in named
        if not any(other in under[between] for between in named - {other})
    }


def picture(root: Path) -> str:
    """Return the rooms as SVG: a row for each layer, from the top."""
    imported = imports(root)
    named = [layer.replace(" ", "").split("|") for layer in layers(root)]
    rows = [row for names in named if (row := [name for name in names if name in imported])]
    width = max(map(len, rows)) * (_BOX + _GAP) + _GAP
    places: dict[str, tuple[float, float]] = {}
    for down, row in enumerate(rows):
        room_for_each = width / len(row)
        # Rows with one name lean to either side in turn, so that arrows have room beside them.
        lean = (-1) ** down * _LEAN if len(row) == 1 else 0
        for across, name in enumerate(row):
            places[name] = (room_for_each * (across + 0.5) + lean, _TOP + down * (_HIGH + _DOWN))
    lines = [
        f'  <path d="M{x:.0f} {y + _HIGH / 2:.0f} C{x:.0f} {y + _DOWN:.0f} {u:.0f} {v - _DOWN:.0f} '
        f'{u:.0f} {v - _HIGH / 2:.0f}" data-from="{above}" data-to="{under}"/>'
        for above, under in sorted(arrows(imported))
        for (x, y), (u, v) in [(places[above], places[under])]
    ]
    boxes = [
        f'  <rect x="{x - _BOX / 2:.0f}" y="{y - _HIGH / 2:.0f}" width="{_BOX}" height="{_HIGH}" rx="6"/>'
        f'<text x="{x:.0f}" y="{y + 5:.0f}">{name}</text>'
        for name, (x, y) in places.items()
    ]
    height = _TOP + (len(rows) - 1) * (_HIGH + _DOWN) + _TOP
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}">',
            "  <title>The rooms of sql_seg: an arrow means that a room imports the one below</title>",
            f"  <style>{_STYLE}</style>",
            '  <rect class="paper" width="100%" height="100%"/>',
            *lines,
            *boxes,
            "</svg>\n",
        ]
    )


def naming_text(texts: dict[str, str], text: str) -> list[str]:
    """Return the modules with a text as a constant of its own, as a key of a table is."""
    return [
        name
        for name, source in texts.items()
        if any(isinstance(n, ast.Constant) and n.value == text for n in ast.walk(ast.parse(source)))
    ]


def naming_member(texts: dict[str, str], kind: str, member: str) -> list[str]:
    """Return the modules that name a member of an enumeration, or define it."""
    return [
        name
        for name, source in texts.items()
        if f"{kind}.{member}" in source or (f"class {kind}(" in source and f"    {member} = " in source)
    ]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--root", type=Path, default=ROOT, help="the tree to measure")
    parser.add_argument("--places", action="store_true", help="name the modules, too")
    parser.add_argument("--picture", type=Path, help="draw the rooms into this file, and measure nothing")
    options = parser.parse_args()
    root: Path = options.root.resolve()
    if options.picture:
        options.picture.write_text(picture(root), encoding="utf-8")
        return
    texts = modules(root)
    print(f"{len(texts)} files in {len(rooms(texts))} folders, in {len(layers(root))} layers")
    chain = longest_chain(imports(root))
    print(f"{len(chain)} floors: {' > '.join(chain)}")
    print(f"{sum(source.count(chr(10)) for source in texts.values()):,} lines by hand")
    for name, walk in WALKS.items():
        files, steps = walked(root, walk)
        print(f"{name}: {files} files, {steps:,} changes of rooms")
    places = {
        "LENGTH, a function": naming_text(texts, "LENGTH"),
        "UPPER, a function": naming_text(texts, "UPPER"),
        "<, a comparator": naming_member(texts, "Comparator", "LT"),
        "%, an arithmetic operator": naming_member(texts, "Arithmetic", "MODULO"),
        "double-minus, a rule": [
            name for name, source in texts.items() if "double_minus" in source or "double-minus" in source
        ],
        "sarif, an output format": [name for name, source in texts.items() if "sarif" in source.lower()],
    }
    for name, found in places.items():
        print(f"{name}: named in {len(found)} modules" + (f" ({', '.join(found)})" * options.places))


if __name__ == "__main__":
    main()
