"""Refreshing a segment by hand: paid plans only, and within three quotas.

Two a day for each segment (a day of the time zone that is given with the first, and stored with the segment),
one an hour for each segment, ten a day over all (days of UTC).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sql_seg.server import refreshing
from sql_seg.server.answers import Answer, failed, refused
from sql_seg.server.call import ApiCall
from sql_seg.server.clock import as_text, day_in, from_text
from sql_seg.server.emulated_account import EmulatedAccount

A_DAY, ALL_A_DAY = 2, 10
_TAKES = timedelta(seconds=5)


def by_hand(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Have a segment refreshed now; 429 past a quota, in a message that names it."""
    body = call.object()
    zone = body.get("user_time_zone")
    if not isinstance(zone, str) or not zone:
        raise refused(400, "user_time_zone is required", "user_time_zone")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise refused(400, f"{zone} is no IANA time zone, such as America/Denver", "user_time_zone") from None
    if account.options.free_plan:
        raise refused(403, "access forbidden", None, hint="manual refreshes are for paid plans")
    segment = account.store.get("segment", call.parameters["id"])
    if segment is None:
        raise failed(404, "segment not found")
    now = account.now()
    zone = segment.get("time_zone") or zone
    times = [from_text(text) for text in segment.get("refreshed") or ()]
    today = [moment for moment in times if day_in(moment, zone) == day_in(now, zone)]
    if times and now - times[-1] < timedelta(hours=1):
        raise failed(429, "a segment can be refreshed once an hour")
    if len(today) >= A_DAY:
        raise failed(429, f"a segment can be refreshed {A_DAY} times a day")
    if _all_today(account, now) >= ALL_A_DAY:
        raise failed(429, f"an account can refresh {ALL_A_DAY} segments a day")
    account.store.change(
        "segment",
        segment["id"],
        time_zone=zone,
        refreshed=[as_text(moment) for moment in [*today, now]],
        refreshes_used=len(today) + 1,
        last_refreshed_at=as_text(now),
    )
    count = (account.store.get("state", f"refreshes {now.date()}") or {"value": 0})["value"]
    account.store.put("state", f"refreshes {now.date()}", {"value": count + 1})
    job_id = account.new_job("refresh_segment")
    account.schedule("refresh_by_hand", {"id": segment["id"], "job_id": job_id}, _TAKES)
    return Answer(202, {"job_id": job_id})


def do_by_hand(account: EmulatedAccount, data: Any, now: datetime) -> None:
    """Do what ``by_hand`` asked for; the schedule of the segment stays as it is."""
    segment = account.store.get("segment", data["id"])
    if segment is not None:
        refreshing.refresh(account, segment, now)
    account.store.change("job", data["job_id"], status="completed", finished_at=as_text(now))


def _all_today(account: EmulatedAccount, now: datetime) -> int:
    state = account.store.get("state", f"refreshes {now.date()}")
    return int(state["value"]) if state else 0
