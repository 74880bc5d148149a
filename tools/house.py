"""Measures the house: files, rooms, floors and lines, how far a call goes through it, and places to touch.

``python tools/house.py`` prints the figures of the tree that it stands in; ``--root FOLDER`` those of another
one, such as the work tree of an earlier commit. What goes through the house is counted by the calls of
functions: the files that they are in, and how often one call is in another room than the call before it. The
places that a function or an operator of the language takes are counted as the modules that name one.
"""

from __future__ import annotations

import argparse
import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
QUERY = "city = 'Oslo' AND age NOT BETWEEN 1 AND 5 AND (email LIKE '%@example.com' OR created_at > NOW())"
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
    if event == "call" and name.startswith(package) and frame.f_code.co_flags & 1:  # no module, no class
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


def floors(root: Path) -> int:
    """Return how many layers import-linter keeps."""
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return len(settings["tool"]["importlinter"]["contracts"][0]["layers"])


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
    options = parser.parse_args()
    root: Path = options.root.resolve()
    texts = modules(root)
    print(f"{len(texts)} files in {len(rooms(texts))} rooms on {floors(root)} floors")
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
