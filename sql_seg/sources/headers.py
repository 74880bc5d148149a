"""The comments at the start of a ``.sql`` file that say what its segment is called, and its parent list.

-- name: Lapsed customers
-- parent_list: Newsletter
SELECT contact_id, updated_at FROM contact_data WHERE …
"""

from __future__ import annotations

import re

_LINE = re.compile(r"--[ \t]*(name|parent_list)[ \t]*:[ \t]*(.*?)[ \t]*\Z")


def split_header(text: str) -> tuple[dict[str, str], str]:
    """Return what the comments at the start of a text say of its segment, and the text behind them."""
    header: dict[str, str] = {}
    rest = text.removeprefix("\ufeff")
    while True:
        line, _, behind = rest.partition("\n")
        found = _LINE.match(line.strip())
        if found is None or found[1] in header:
            return header, rest
        header[found[1]] = _unquoted(found[2])
        rest = behind


def with_header(query: str, name: str, parent_list: str | None) -> str:
    """Return a query with a header."""
    header = f"-- name: {_quoted(name)}\n"
    if parent_list is not None:
        header += f"-- parent_list: {_quoted(parent_list)}\n"
    if _LINE.match(query.partition("\n")[0].strip()):
        header += "--\n"  # so that the query's own comment is no header
    return header + query


def _quoted(name: str) -> str:
    """Return a name as it stands in a header: as JSON, where a line would not keep it."""
    is_plain = name.isprintable() and name == name.strip() and not name.startswith('"')
    if is_plain:
        return name
    import json  # checking needs it seldom, and starts sooner without

    return json.dumps(name)


def _unquoted(text: str) -> str:
    if not text.startswith('"'):
        return text
    import json

    try:
        return str(json.loads(text))
    except ValueError:
        return text
