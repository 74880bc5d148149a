"""An emulator in this process, asked without a port."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import httpx

from sql_seg.server import Emulator, Loaded, transport

NOW = datetime(2026, 7, 15, 16, 8, 46, tzinfo=UTC)
SEGMENTS, V1 = "/v3/marketing/segments/2.0", "/v3/marketing/segments"
CONTACTS, LISTS, FIELDS = "/v3/marketing/contacts", "/v3/marketing/lists", "/v3/marketing/field_definitions"
SENDS, HOOKS = "/v3/marketing/singlesends", "/v3/user/webhooks/event"
QUERY = "SELECT contact_id, updated_at FROM contact_data WHERE country = 'US'"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


class Account:
    """A client of an emulator whose clock stands at ``NOW``."""

    def __init__(self, loaded: Loaded | None = None, **settings: Any) -> None:
        made = transport(**{"now": NOW, "loaded": loaded, **settings})
        self.emulator: Emulator = made.emulator
        self.client = httpx.Client(
            transport=made, base_url="http://emulator", headers={"Authorization": "Bearer SG.any"}
        )

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Send a request."""
        return self.client.request(method, path, **request)

    def get(self, path: str, **request: Any) -> httpx.Response:
        """Send GET."""
        return self.client.get(path, **request)

    def post(self, path: str, body: Any = None) -> httpx.Response:
        """Send POST with a body."""
        return self.client.post(path, json=body)

    def advance(self, **amount: float) -> None:
        """Put the clock on."""
        assert self.post("/-/clock/advance", amount).status_code == 200

    def create(self, name: str = "one", query: str = QUERY, **more: Any) -> dict[str, Any]:
        """Create a segment, and return it."""
        response = self.post(SEGMENTS, {"name": name, "query_dsl": query, **more})
        assert response.status_code == 201, response.text
        return dict(response.json())

    def segment(self, segment: dict[str, Any], **query: Any) -> dict[str, Any]:
        """Return a segment as it is now."""
        return dict(self.get(f"{SEGMENTS}/{segment['id']}", params=query).json())

    def upsert(self, *contacts: dict[str, Any], list_ids: tuple[str, ...] = ()) -> str:
        """Put contacts in, wait until they are there, and return the id of the job."""
        body = {"contacts": list(contacts), "list_ids": list(list_ids)}
        response = self.ask("PUT", CONTACTS, json=body)
        assert response.status_code == 202, response.text
        if self.emulator.account.options.timing == "documented":
            self.advance(seconds=31)
        return str(response.json()["job_id"])

    def contact(self, email: str) -> dict[str, Any]:
        """Return a contact by its email."""
        found = self.post(f"{CONTACTS}/search/emails", {"emails": [email]}).json()
        return dict(found["result"][email]["contact"])
