"""A hook of the documentation's site: what links out of docs/ is of the repository alone, and text here."""

from __future__ import annotations

import posixpath
import re
from typing import Any

_LINK = re.compile(r"\[([^\]]+)\]\((\.\./[^)#\s]+)[^)]*\)")


def on_page_markdown(markdown: str, *, page: Any, **_: Any) -> str:
    """Return a page without such links."""
    folder = posixpath.dirname(page.file.src_uri)

    def change(link: re.Match[str]) -> str:
        leads_out = posixpath.normpath(posixpath.join(folder, link[2])).startswith("../")
        return link[1] if leads_out else link[0]

    return _LINK.sub(change, markdown)
