"""Lists of contacts: ``/v3/marketing/lists``."""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from itertools import islice
from typing import Any

from sql_seg.server.answers import Answer, refused
from sql_seg.server.call import ApiCall
from sql_seg.server.checks import found, free_name
from sql_seg.server.contacts import SAMPLE, delete_later
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.list_counts import count_later
from sql_seg.server.shown_contacts import as_full
from sql_seg.server.store import Document


def create_list(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Create an empty list."""
    name = free_name(account, "list", call.object().get("name"))
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
    metadata: dict[str, Any] = call.link(link + _token(start))
    if start + size < len(lists):
        metadata["next"] = call.url(link + _token(start + size))
    if start:
        metadata["prev"] = call.url(link + _token(max(0, start - size)))
    metadata["count"] = len(lists)
    return Answer(200, {"result": [shown(account, call, entry) for entry in page], "_metadata": metadata})


def get_list(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return a list, on demand with a sample of its contacts."""
    entry = found(account, call, "list")
    body = shown(account, call, entry)
    if call.flag("contact_sample", False):
        contacts = account.store.all("contact")
        sample = [contacts[key] for key in islice(account.contacts_on(entry["id"]), SAMPLE)]
        body["contact_sample"] = [as_full(account, call, contact) for contact in sample]
    return Answer(200, body)


def rename_list(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Give a list another name."""
    entry = found(account, call, "list")
    name = free_name(account, "list", call.object().get("name"), entry["id"])
    return Answer(200, shown(account, call, account.store.change("list", entry["id"], name=name)))


def delete_list(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Delete a list, on demand with its contacts."""
    entry = found(account, call, "list")
    members = list(account.contacts_on(entry["id"]))
    account.store.delete("list", entry["id"])
    if call.flag("delete_contacts", False):
        return Answer(200, {"job_id": delete_later(account, members)})
    _take_off(account, entry["id"], members)
    return Answer(204)


def remove_contacts(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Take contacts off a list; they stay in the account."""
    entry = found(account, call, "list")
    ids = call.values("contact_ids")
    if not ids:
        raise refused(400, "contact_ids is required", "contact_ids")
    job_id = account.new_job("remove_contacts")
    data = {"list_id": entry["id"], "ids": ids}
    account.schedule("take_off_list", {**data, "job_id": job_id}, timedelta(seconds=5))
    return Answer(202, {"job_id": job_id})


def count_contacts(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return the number of a list's contacts."""
    count = _count(account, found(account, call, "list")["id"])
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
        "_metadata": call.link(f"lists/{entry['id']}"),
    }


def _count(account: EmulatedAccount, list_id: str) -> int:
    """Return how many contacts a list says that it has: it lags behind those that are on it."""
    known = account.store.all("list")[list_id].get("count")
    return len(account.contacts_on(list_id)) if known is None else int(known)


def _take_off(account: EmulatedAccount, list_id: str, ids: list[str]) -> None:
    for key in ids:
        contact = account.store.get("contact", key)
        if contact is not None and list_id in contact["list_ids"]:
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
