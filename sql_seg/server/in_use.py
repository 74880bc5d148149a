"""Who uses a segment: live automations, and Single Sends that go to it or leave its members out.

SendGrid documents no endpoint for automations, and no key for the segments that a Single Send leaves out:
the emulator takes both at ``/-/uses``. A segment that is used so is kept up to date hourly
(documented); one that a Single Send goes to is not: its members are found when it is sent (documented).
"""

from __future__ import annotations

from datetime import datetime

from sql_seg.language.timestamps import read_timestamp
from sql_seg.server.answers import refused
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.store import Document


def is_kept_hourly(account: EmulatedAccount, segment_id: str, moment: datetime) -> bool:
    """Return whether a segment is refreshed hourly although nothing changes."""
    return any(
        segment_id in use["segment_ids"] and _asks_for_more(account, use, moment)
        for use in account.store.all("use").values()
    )


def users_of(account: EmulatedAccount, segment_id: str) -> Document | None:
    """Return the automations that use a segment, else the scheduled Single Sends; None where nothing does."""
    uses = [use for use in account.store.all("use").values() if segment_id in use["segment_ids"]]
    if automations := [use["id"] for use in uses if use["type"] == "automation"]:
        return {"type": "automation", "ids": automations}
    leaving_out = {use["single_send_id"] for use in uses}
    sends = [
        key
        for key, send in account.store.all("single_send").items()
        if send["status"] == "scheduled"
        and (key in leaving_out or segment_id in ((send.get("send_to") or {}).get("segment_ids") or ()))
    ]
    return {"type": "singlesend", "ids": sends} if sends else None


def told_of_use(account: EmulatedAccount, segment_id: str) -> str | None:
    """Return a hint for who deletes one segment that is in use; None where it is not.

    SendGrid documents that deleting several refuses those, and of deleting one says nothing. Raises ApiError
    where the emulator is set to refuse it.
    """
    users = users_of(account, segment_id)
    if users is None:
        return None
    said = f"it is in use: {users['type']} {', '.join(users['ids'])}"
    if account.options.delete_in_use == "refuse":
        raise refused(400, "segment is in use", "segment_id", help=said)
    return f"{said}; SendGrid may refuse this, as --delete-in-use refuse does"


def left_out_of(account: EmulatedAccount, send_id: str) -> list[str]:
    """Return the ids of the segments whose members a Single Send leaves out."""
    uses = account.store.all("use").values()
    return [one for use in uses if use["single_send_id"] == send_id for one in use["segment_ids"]]


def _asks_for_more(account: EmulatedAccount, use: Document, moment: datetime) -> bool:
    """Return whether a use is an automation, or of a Single Send that is scheduled and not yet due."""
    if use["type"] == "automation":
        return True
    send = account.store.get("single_send", use["single_send_id"])
    if send is None or send["status"] != "scheduled":
        return False
    send_at = read_timestamp(send["send_at"]) if isinstance(send.get("send_at"), str) else None
    return send_at is None or send_at > moment
