"""Single Sends, as far as they refer to lists and segments: ``/v3/marketing/singlesends``."""

from __future__ import annotations

from typing import Any

from sql_seg.language.literals import read_timestamp
from sql_seg.server.account import Account
from sql_seg.server.answers import Answer, refused
from sql_seg.server.call import Call
from sql_seg.server.clock import as_text
from sql_seg.server.in_use import left_out_of
from sql_seg.server.refreshing import bring_forward
from sql_seg.server.store import Document

_MOST = {"list_ids": 50, "segment_ids": 10}


def create(account: Account, call: Call) -> Answer:
    """Create a draft."""
    body = call.object()
    send_id = account.new_id()
    now = as_text(account.now())
    draft = {"id": send_id, "status": "draft", "created_at": now, "updated_at": now}
    return Answer(201, account.store.put("single_send", send_id, {**draft, **_checked(account, body, {})}))


def list_all(account: Account, _: Call) -> Answer:
    """Return all Single Sends."""
    sends = list(account.store.all("single_send").values())
    return Answer(200, {"result": sends, "_metadata": {"count": len(sends)}})


def get(account: Account, call: Call) -> Answer:
    """Return one."""
    return Answer(200, _found(account, call))


def update(account: Account, call: Call) -> Answer:
    """Change a draft."""
    send = _found(account, call)
    changes = _checked(account, call.object(), send)
    return Answer(
        202, account.store.change("single_send", send["id"], **changes, updated_at=as_text(account.now()))
    )


def delete(account: Account, call: Call) -> Answer:
    """Delete one."""
    account.store.delete("single_send", _found(account, call)["id"])
    return Answer(204)


def schedule(account: Account, call: Call) -> Answer:
    """Plan the sending."""
    send = _found(account, call)
    send_at = call.object().get("send_at")
    moment = read_timestamp(send_at) if isinstance(send_at, str) else None
    if send_at != "now" and moment is None:
        raise refused(400, "send_at must be now, or an ISO 8601 time", "send_at")
    when = as_text(account.now() if moment is None else moment)
    account.store.change("single_send", send["id"], status="scheduled", send_at=when)
    bring_forward(account, left_out_of(account, send["id"]))
    return Answer(201, {"send_at": when, "status": "scheduled"})


def _found(account: Account, call: Call) -> Document:
    send = account.store.get("single_send", call.parameters["id"])
    if send is None:
        raise refused(404, "single send not found", "id")
    return send


def _checked(account: Account, body: Document, before: Document) -> Document:
    name = body.get("name", before.get("name"))
    if not isinstance(name, str) or not 1 <= len(name) <= 100:
        raise refused(400, "name must be between 1 and 100 characters", "name")
    send_to = body.get("send_to", before.get("send_to"))
    if send_to is not None and not isinstance(send_to, dict):
        raise refused(400, "send_to must be an object", "send_to")
    for key, most in _MOST.items():
        _check_ids(account, key, (send_to or {}).get(key) or [], most)
    return {key: value for key, value in body.items() if key not in ("id", "status")} | {
        "name": name,
        "send_to": send_to,
    }


def _check_ids(account: Account, key: str, ids: Any, most: int) -> None:
    if not isinstance(ids, list) or not all(isinstance(item, str) for item in ids):
        raise refused(400, f"{key} must be an array of strings", f"send_to.{key}")
    if len(ids) > most:
        raise refused(400, f"{key} holds at most {most} ids", f"send_to.{key}")
    for item in ids:
        if account.store.get(key.removesuffix("_ids"), item) is None:
            raise refused(400, f"{key}: {item} does not exist", f"send_to.{key}")
