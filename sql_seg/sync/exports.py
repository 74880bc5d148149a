"""An account's contacts and lists, fetched through the exports endpoint, as files that a preview reads."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sql_seg.frozen import field, frozen
from sql_seg.sync.remote import Remote, RemoteError
from sql_seg.workspace.writing import replacing, write_file

LONGEST = 3600.0
"""Seconds that an export may take; SendGrid's take minutes."""

_EXPORTS = "/v3/marketing/contacts/exports"
_FIELDS = "/v3/marketing/field_definitions"
_GZIP = b"\x1f\x8b"

Tell = Callable[[str, float], None]
"""Is called with what is under way, and how much is done, from 0 to 1."""


@frozen
class Exported:
    """The files of an account: contacts, fields, and the contacts of each list by its name and id."""

    contacts: Path
    fields: Path
    lists: Mapping[tuple[str, str], Path] = field(default_factory=dict)


def fetch_exports(remote: Remote, list_ids: Mapping[str, str], folder: Path, tell: Tell) -> Exported:
    """Fetch contacts, lists and field definitions into a folder; ``list_ids`` are the account's, by name.

    Each file is there as a whole or not at all. Raises RemoteError where the account does not give them,
    SegmentFileError where they cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    exported = Exported(
        folder / "contacts.ndjson.gz",
        folder / "field_definitions.json",
        {key: folder / "lists" / name for key, name in _file_names(list_ids)},
    )
    all_of_it = 1 + len(exported.lists)
    definitions = remote.ask("GET", _FIELDS)
    write_file(exported.fields, (json.dumps(definitions, indent=2) + "\n").encode())
    tell("exporting all contacts", 0.0)
    _export(remote, [], exported.contacts)
    for number, ((name, list_id), file) in enumerate(exported.lists.items(), 1):
        tell(f"exporting the list {name}", number / all_of_it)
        file.parent.mkdir(exist_ok=True)
        _export(remote, [list_id], file)
    tell(f"exported into {folder}", 1.0)
    return exported


def _file_names(list_ids: Mapping[str, str]) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the name and the id of each list with a name for its file, which no other has."""
    taken: set[str] = set()
    for name, list_id in list_ids.items():
        stem = first = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:80] or "list"
        number = 1
        while stem in taken:
            number += 1
            stem = f"{first}_{number}"
        taken.add(stem)
        yield (name, list_id), f"{stem}.csv.gz"


def _export(remote: Remote, list_ids: Sequence[str], file: Path) -> None:
    """Have contacts exported, wait for that, and write them to a file."""
    body: dict[str, Any] = {"file_type": "json"}
    if list_ids:
        body = {"file_type": "csv", "list_ids": list_ids}  # an empty list has a header at least
    export_id = remote.ask("POST", _EXPORTS, json=body)["id"]
    urls = _ready(remote, export_id)
    with replacing(file) as out:
        for url in urls:
            pieces = remote.download(url)
            first = next(pieces, b"")
            if first.startswith(_GZIP):
                out.write(first)
                for piece in pieces:
                    out.write(piece)
            else:
                with gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as packed:
                    packed.write(first)
                    for piece in pieces:
                        packed.write(piece)
        if not urls:
            out.write(gzip.compress(b"EMAIL,CONTACT_ID\n" if list_ids else b"", mtime=0))


def _ready(remote: Remote, export_id: str) -> list[str]:
    """Return the addresses of an export's files, once they are there. Raises RemoteError if it fails."""
    waited, pause = 0.0, 1.0
    while True:
        state = remote.ask("GET", f"{_EXPORTS}/{export_id}")
        if state.get("status") == "ready":
            return list(state.get("urls") or ())
        if state.get("status") == "failure":
            raise RemoteError(f"the export failed: {state.get('message') or 'SendGrid does not say why'}")
        if waited >= LONGEST:
            raise RemoteError(f"the export {export_id} was not ready in {LONGEST / 60:.0f} minutes")
        remote.pause(pause)
        waited, pause = waited + pause, min(pause * 1.5, 15.0)
