"""Refreshing segments: finding their members again, hourly, or less and less often while nothing changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.errors import RecordError
from sql_seg.server.answers import first_error
from sql_seg.server.clock import as_text, from_text
from sql_seg.server.contacts import SAMPLE
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.in_use import is_kept_hourly
from sql_seg.server.shown_contacts import identifier_counts
from sql_seg.server.store import Document

FIRST_REFRESH = timedelta(seconds=5)
"""How long after it was made a segment has its first sample and count [recorded: 3 to 6 seconds]."""

MOST_HOURS = 24


def schedule_refresh(account: EmulatedAccount, segment_id: str, after: timedelta) -> None:
    """Have a segment refreshed after some time; an earlier plan is given up."""
    give_up_plan(account, segment_id)
    task = account.schedule("refresh_segment", {"id": segment_id}, after)
    if task is not None:
        account.store.change("segment", segment_id, task=task)


def give_up_plan(account: EmulatedAccount, segment_id: str) -> None:
    """Have a segment no longer refreshed as it was planned."""
    task = account.store.all("segment")[segment_id].get("task")
    if task is not None:
        account.store.delete("task", task)


def do_refresh(account: EmulatedAccount, data: Any, now: datetime) -> None:
    """Refresh a segment on schedule, and plan the next time: later and later while nothing changes."""
    segment = account.store.get("segment", data["id"])
    if segment is None or segment["query_version"] != "2":
        return
    plan_next(account, segment, now, changed=refresh(account, segment, now))


def plan_next(account: EmulatedAccount, segment: Document, now: datetime, *, changed: bool) -> None:
    """Plan when a segment is refreshed next; ``segment`` is as it was before this time."""
    starts_again = changed or segment["last_members"] is None or is_kept_hourly(account, segment["id"], now)
    _plan(account, segment["id"], now, 1 if starts_again else min(MOST_HOURS, segment["hours"] * 2))


def _plan(account: EmulatedAccount, segment_id: str, now: datetime, hours: int) -> None:
    give_up_plan(account, segment_id)
    after = timedelta(hours=hours)
    task = account.schedule("refresh_segment", {"id": segment_id}, after, waits=True, start=now)
    next_at = as_text(now + after)
    account.store.change("segment", segment_id, hours=hours, next_sample_update=next_at, task=task)


def bring_forward(account: EmulatedAccount, segment_ids: Iterable[str]) -> None:
    """Have those segments that are kept up to date hourly from now on refreshed within an hour."""
    now = account.now()
    for segment in filter(None, (account.store.get("segment", one) for one in segment_ids)):
        task = account.store.get("task", segment.get("task") or "")
        is_late = task is not None and from_text(task["due"]) - now > timedelta(hours=1)
        if is_late and is_kept_hourly(account, segment["id"], now):
            _plan(account, segment["id"], now, 1)


def refresh(account: EmulatedAccount, segment: Document, now: datetime) -> bool:
    """Find a segment's members again; return whether they changed."""
    try:
        members = account.ids_in(segment["query_dsl"], segment["parent_list_ids"] or (), now)
        status = {"query_validation": "VALID"}
    except (QueryError, RecordError) as error:
        members, status = (
            [],
            validation(first_error(error)[0] if isinstance(error, QueryError) else str(error)),
        )
    if segment.get("is_asked_for"):
        status = segment["status"]  # a state that was asked for lasts until another one, or an edit
    contacts = account.store.all("contact")
    kept = [key for key in members if key in contacts]
    digest = f"{len(kept)}:{hash_of(kept)}"
    version = account.store.version("contact")
    known = account.counted.get(digest)
    if known is None or known[0] != version:
        counts = identifier_counts(contacts[key] for key in kept)
        if len(account.counted) > 1000:
            account.counted.clear()
        known = account.counted[digest] = version, counts
    counts = known[1]
    if digest != segment["last_members"] or segment["id"] not in account.members:
        account.members[segment["id"]] = frozenset(kept)
        account.store.put_members(segment["id"], account.members[segment["id"]])
    account.store.change(
        "segment",
        segment["id"],
        contacts_count=len(kept),
        identifier_counts=counts,
        sample_ids=kept[:SAMPLE],
        sample_updated_at=as_text(now),
        status=status,
        last_members=digest,
    )
    return bool(digest != segment["last_members"])


def hash_of(ids: Iterable[str]) -> str:
    """Return a text that other ids hardly have."""
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]


def validation(message: str | None) -> Document:
    """Return the state of a query of which something is wrong, or nothing."""
    if message is None:
        return {"query_validation": "VALID"}
    return {"query_validation": "INVALID", "error_message": message}
