"""Lists of contacts: ``/v3/marketing/lists``."""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from itertools import islice
from typing import Any

from sql_seg.server.account import EmulatedAccount
from sql_seg.server.answers import Answer, refused
from sql_seg.server.call import ApiCall
from sql_seg.server.contacts import SAMPLE, delete_later
from sql_seg.server.list_counts import count_later
from sql_seg.server.shown_contacts import as_full
from sql_seg.server.store import Document


def create_list(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Create an empty list."""
    name = _checked_name(account, call.object().get("name"), None)
    list_id = account.new_id()
    return Answer(
        201,
        shown(account, call, account.store.put("list", list_id, {"id": list_id, "name": name, "count": 0})),
    )


def list_lists(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return a page of the lists, in the order of their ids."""
    size = call.number("page_size", 100, 1, 1000)
    lists = sorted(account.store.all("list").values(), key=lambda entry: entry["id"])
    start = _start(call)
    page = lists[start : start + size]
    link = f"lists?page_size={size}&page_token="
    metadata: dict[str, Any] = {"self": account.url(call.base_url, link + _token(start))}
    if start + size < len(lists):
        metadata["next"] = account.url(call.base_url, link + _token(start + size))
    if start:
        metadata["prev"] = account.url(call.base_url, link + _token(max(0, start - size)))
    metadata["count"] = len(lists)
    return Answer(200, {"result": [shown(account, call, entry) for entry in page], "_metadata": metadata})


def get_list(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return a list, on demand with a sample of its contacts."""
    found = _found(account, call)
    body = shown(account, call, found)
    if call.flag("contact_sample", False):
        contacts = account.store.all("contact")
        sample = [contacts[key] for key in islice(account.contacts_on(found["id"]), SAMPLE)]
        body["contact_sample"] = [as_full(account, call, contact) for contact in sample]
    return Answer(200, body)


def rename_list(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Give a list another name."""
    found = _found(account, call)
    name = _checked_name(account, call.object().get("name"), found["id"])
    return Answer(200, shown(account, call, account.store.change("list", found["id"], name=name)))


def delete_list(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Delete a list, on demand with its contacts."""
    found = _found(account, call)
    members = list(account.contacts_on(found["id"]))
    account.store.delete("list", found["id"])
    if call.flag("delete_contacts", False):
        return Answer(200, {"job_id": delete_later(account, members)})
    _take_off(account, found["id"], members)
    return Answer(204)


def remove_contacts(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Take contacts off a list; they stay in the account."""
    found = _found(account, call)
    ids = call.values("contact_ids")
    if not ids:
        raise refused(400, "contact_ids is required", "contact_ids")
    job_id = account.new_job("remove_contacts")
    data = {"list_id": found["id"], "ids": ids}
    account.schedule("take_off_list", {**data, "job_id": job_id}, timedelta(seconds=5))
    return Answer(202, {"job_id": job_id})


def count_contacts(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return the number of a list's contacts."""
    count = _count(account, _found(account, call)["id"])
    return Answer(200, {"contact_count": count, "billable_count": count})


def take_off_list(account: EmulatedAccount, data: Any, _: object) -> None:
    """Do what ``remove_contacts`` asked for."""
    _take_off(account, data["list_id"], data["ids"])
    count_later(account, [data["list_id"]])
    account.store.change("job", data["job_id"], status="completed")


def shown(account: EmulatedAccount, call: ApiCall, entry: Document) -> Document:
    """Return a list as the API shows it."""
    return {
        "id": entry["id"],
        "name": entry["name"],
        "contact_count": _count(account, entry["id"]),
        "_metadata": {"self": account.url(call.base_url, f"lists/{entry['id']}")},
    }


def _found(account: EmulatedAccount, call: ApiCall) -> Document:
    found = account.store.get("list", call.parameters["id"])
    if found is None:
        raise refused(404, "list not found", "id")
    return found


def _checked_name(account: EmulatedAccount, name: Any, own_id: str | None) -> str:
    if not isinstance(name, str) or not 1 <= len(name) <= 100:
        raise refused(400, "name must be between 1 and 100 characters", "name")
    if any(entry["name"] == name and key != own_id for key, entry in account.store.all("list").items()):
        raise refused(400, "list name already in use", "name")
    return name


def _is_on(contact: Document, list_id: str) -> bool:
    return list_id in contact["list_ids"]


def _count(account: EmulatedAccount, list_id: str) -> int:
    """Return how many contacts a list says that it has: it lags behind those that are on it."""
    known = account.store.all("list")[list_id].get("count")
    return len(account.contacts_on(list_id)) if known is None else int(known)


def _take_off(account: EmulatedAccount, list_id: str, ids: list[str]) -> None:
    for key in ids:
        contact = account.store.get("contact", key)
        if contact is not None and _is_on(contact, list_id):
            left = [other for other in contact["list_ids"] if other != list_id]
            account.store.change("contact", key, list_ids=left)


def _token(start: int) -> str:
    return base64.urlsafe_b64encode(str(start).encode()).decode() if start else ""


def _start(call: ApiCall) -> int:
    token = next((value for key, value in call.query if key == "page_token"), "")
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token.encode()).decode("ascii"))
    except (ValueError, binascii.Error):
        raise refused(400, "invalid page token", "page_token") from None
