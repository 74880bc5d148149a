"""States of validation that a test asks for: at once, after some seconds, or after some reads."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.store import Document


def go_through(account: EmulatedAccount, segment_id: str) -> None:
    """Let a segment that was made or edited go through the states that are waiting for the next one."""
    waiting = account.pending
    account.put_pending([])
    for transition in waiting:
        ask_for(account, segment_id, transition)


def ask_for(account: EmulatedAccount, segment_id: str, transition: Document) -> None:
    """Put a segment into a state of validation: at once, after some seconds, or after some reads."""
    data = {"id": segment_id, "status": transition["status"]}
    if transition["after_reads"]:
        waiting = account.store.all("segment")[segment_id].get("after_reads") or []
        entry = {"reads": transition["after_reads"], "status": transition["status"]}
        account.store.change("segment", segment_id, after_reads=[*waiting, entry])
    elif transition["after_seconds"]:
        after = timedelta(seconds=transition["after_seconds"])
        account.schedule("transition", data, after, waits=True)
    else:
        do_transition(account, data, account.now())


def do_transition(account: EmulatedAccount, data: Any, _: datetime) -> None:
    """Do what ``ask_for`` asked for."""
    if account.store.get("segment", data["id"]) is not None:
        asked = data["status"]["query_validation"] != "VALID"
        account.store.change("segment", data["id"], status=data["status"], is_asked_for=asked)


def count_read(account: EmulatedAccount, segment: Document) -> None:
    """Count a read of a segment that waits for reads; the state comes with the last of them."""
    left = [{**entry, "reads": entry["reads"] - 1} for entry in segment["after_reads"]]
    account.store.change("segment", segment["id"], after_reads=[entry for entry in left if entry["reads"]])
    for entry in left:
        if not entry["reads"]:
            do_transition(account, {"id": segment["id"], "status": entry["status"]}, account.now())
