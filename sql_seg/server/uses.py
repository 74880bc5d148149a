"""Telling the emulator who uses a segment, where SendGrid documents no call for it: ``/-/uses``."""

from __future__ import annotations

from sql_seg.server.answers import Answer, refused
from sql_seg.server.call import ApiCall
from sql_seg.server.checks import found
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.refreshing import bring_forward

TYPES = ("automation", "exclusion")


def add_use(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Let a live automation use segments, or a Single Send leave their members out.

    Such segments are refreshed hourly: those of an automation until the use is deleted, those of an
    exclusion while the Single Send is scheduled and not yet due.
    """
    body = call.object()
    kind, ids, send_id = body.get("type"), body.get("segment_ids"), body.get("single_send_id")
    if kind not in TYPES:
        raise refused(400, f"type is one of {', '.join(TYPES)}", "type")
    if not isinstance(ids, list) or not ids or not all(isinstance(item, str) for item in ids):
        raise refused(400, "segment_ids is an array of texts, with one at least", "segment_ids")
    if kind == "exclusion" and not isinstance(send_id, str):
        raise refused(400, "an exclusion takes a single_send_id", "single_send_id")
    if kind == "automation" and send_id is not None:
        raise refused(400, "an automation takes no single_send_id", "single_send_id")
    for item in ids:
        if account.store.get("segment", item) is None:
            raise refused(404, "segment not found", "segment_ids")
    if send_id is not None and account.store.get("single_send", send_id) is None:
        raise refused(404, "single send not found", "single_send_id")
    use_id = account.new_id()
    use = {"id": use_id, "type": kind, "segment_ids": ids, "single_send_id": send_id}
    account.store.put("use", use_id, use)
    bring_forward(account, ids)
    return Answer(201, use)


def list_uses(account: EmulatedAccount, _: ApiCall) -> Answer:
    """Return all uses that were reported."""
    return Answer(200, {"uses": list(account.store.all("use").values())})


def delete_use(account: EmulatedAccount, call: ApiCall) -> Answer:
    """End a use: its segments are refreshed less and less often again while nothing changes."""
    account.store.delete("use", found(account, call, "use")["id"])
    return Answer(204)
