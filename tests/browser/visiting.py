"""A visit to a page: what it asks for, what it complains of, and what axe finds."""

from __future__ import annotations

from pathlib import Path
from typing import Any


class Visit:
    """A page in Chromium that is watched: its requests, and all that it complains of."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.allowed: tuple[str, ...] = ("file:", "data:", "about:")
        self.expected = ""
        """What a complaint may hold that the test means to bring about."""
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _listen(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def must_be_well(self) -> None:
        """Assert that the page asked nobody it may not ask, and complained of nothing."""
        asked = [url for url in self.requests if not url.startswith(self.allowed)]
        assert not asked, asked
        said = [each for each in self.complaints if not self.expected or self.expected not in each]
        assert not said, said

    def axe_finds(self) -> list[str]:
        """Return what axe finds, each with the element."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than the window."""
        wide: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return max(wide, 0)

    def focused(self) -> str:
        """Return the text of what the keyboard is at."""
        text: str = self.page.evaluate("document.activeElement.textContent")
        return text.strip()

    def picture(self, path: Path) -> None:
        """Take a picture of the whole page; what is out of the window is drawn, too."""
        style = "* { content-visibility: visible !important; }"
        self.page.screenshot(path=path, full_page=True, style=style)
