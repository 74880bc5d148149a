"""Single Sends, as far as they refer to lists and segments: ``/v3/marketing/singlesends``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sql_seg.language.timestamps import read_timestamp
from sql_seg.server.answers import Answer, refused
from sql_seg.server.call import ApiCall
from sql_seg.server.checks import checked_name, found, texts
from sql_seg.server.clock import as_text, from_text
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.in_use import left_out_of
from sql_seg.server.refreshing import bring_forward
from sql_seg.server.store import Document

SENDING_TAKES = timedelta(seconds=5)
"""How long a Single Send that is sent now stays scheduled [our choice]."""

_MOST = {"list_ids": 50, "segment_ids": 10}
_OWN = ("id", "status", "created_at", "updated_at")


def create(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Create a draft."""
    body = call.object()
    send_id = account.new_id()
    now = as_text(account.now())
    draft = {"id": send_id, "status": "draft", "created_at": now, "updated_at": now}
    return Answer(201, account.store.put("single_send", send_id, {**draft, **_checked(account, body, {})}))


def list_all(account: EmulatedAccount, _: ApiCall) -> Answer:
    """Return all Single Sends."""
    sends = list(account.store.all("single_send").values())
    return Answer(200, {"result": sends, "_metadata": {"count": len(sends)}})


def get(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return one."""
    return Answer(200, found(account, call, "single_send"))


def update(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Change one that was not sent yet."""
    send = _unsent(account, call)
    changes = _checked(account, call.object(), send)
    changed = account.store.change("single_send", send["id"], **changes, updated_at=as_text(account.now()))
    if send["status"] == "scheduled":
        if changed.get("send_at") is None:
            raise refused(400, "a scheduled Single Send has a time: DELETE its schedule", "send_at")
        if changed["send_at"] != send["send_at"]:
            _plan(account, changed)
    return Answer(202, changed)


def delete(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Delete one."""
    account.store.delete("single_send", found(account, call, "single_send")["id"])
    return Answer(204)


def schedule(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Plan the sending."""
    send = _unsent(account, call)
    when = _checked_time(account, call.object().get("send_at"))
    planned = account.store.change("single_send", send["id"], status="scheduled", send_at=when)
    bring_forward(account, left_out_of(account, send["id"]))
    _plan(account, planned)
    status = account.store.all("single_send")[send["id"]]["status"]
    return Answer(201, {"send_at": when, "status": status})


def unschedule(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Give up the planned sending; the Single Send is a draft again."""
    send = found(account, call, "single_send")
    if send["status"] != "scheduled":
        raise refused(400, "the Single Send is not scheduled", "id")
    account.store.change("single_send", send["id"], status="draft", send_at=None)
    return Answer(204)


def trigger(account: EmulatedAccount, data: Any, now: datetime) -> None:
    """Send one whose time has come, if it is planned for that time still. Nothing goes out."""
    send = account.store.get("single_send", data["id"])
    if send is not None and (send["status"], send["send_at"]) == ("scheduled", data["send_at"]):
        account.store.change("single_send", send["id"], status="triggered", updated_at=as_text(now))


def _plan(account: EmulatedAccount, send: Document) -> None:
    """Have one sent when its time comes; one for now is under way for some seconds."""
    after = max(from_text(send["send_at"]) - account.now(), SENDING_TAKES)
    waits = after > SENDING_TAKES
    data = {"id": send["id"], "send_at": send["send_at"]}
    account.schedule("trigger_single_send", data, after, waits=waits)


def _checked_time(account: EmulatedAccount, send_at: Any) -> str:
    """Return a time as it is stored. Raises ApiError for what is none, or is over."""
    now = account.now()
    moment = read_timestamp(send_at) if isinstance(send_at, str) else None
    if send_at != "now" and moment is None:
        raise refused(400, "send_at must be now, or an ISO 8601 time", "send_at")
    if moment is not None and moment < now.replace(microsecond=0):
        raise refused(400, "send_at must be in the future", "send_at")
    return as_text(now if moment is None else moment)


def _unsent(account: EmulatedAccount, call: ApiCall) -> Document:
    send = found(account, call, "single_send")
    if send["status"] == "triggered":
        raise refused(400, "the Single Send was sent already", "id")
    return send


def _checked(account: EmulatedAccount, body: Document, before: Document) -> Document:
    name = checked_name(body.get("name", before.get("name")))
    send_to = body.get("send_to", before.get("send_to"))
    if send_to is not None and not isinstance(send_to, dict):
        raise refused(400, "send_to must be an object", "send_to")
    for key, most in _MOST.items():
        _check_ids(account, key, (send_to or {}).get(key) or [], most)
    checked = {key: value for key, value in body.items() if key not in _OWN}
    if body.get("send_at") is not None:
        checked["send_at"] = _checked_time(account, body["send_at"])
    return checked | {"name": name, "send_to": send_to}


def _check_ids(account: EmulatedAccount, key: str, ids: Any, most: int) -> None:
    if len(texts(ids, key, f"send_to.{key}")) > most:
        raise refused(400, f"{key} holds at most {most} ids", f"send_to.{key}")
    for item in ids:
        if account.store.get(key.removesuffix("_ids"), item) is None:
            raise refused(400, f"{key}: {item} does not exist", f"send_to.{key}")
