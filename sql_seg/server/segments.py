"""Segments: ``/v3/marketing/segments/2.0``, and the older ``/v3/marketing/segments``: to read and delete."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sql_seg.diagnostics.query_errors import QueryError, QuerySyntaxError
from sql_seg.errors import RecordError
from sql_seg.language.datatypes import Dialect
from sql_seg.server.account import Account
from sql_seg.server.answers import Answer, refused
from sql_seg.server.call import Call
from sql_seg.server.clock import as_text, from_text
from sql_seg.server.contacts import SAMPLE
from sql_seg.server.in_use import is_kept_hourly, users_of
from sql_seg.server.queries import first_error
from sql_seg.server.shown_contacts import as_sample, identifier_counts
from sql_seg.server.store import Document
from sql_seg.syntax.formatting import to_json
from sql_seg.syntax.parsing import parse

MOST_SEGMENTS = 200
FIRST_REFRESH = timedelta(seconds=5)
"""How long after it was made a segment has its first sample and count [recorded: 3 to 6 seconds]."""

MOST_HOURS = 24
TOO_SOON = timedelta(minutes=5)
_TOO_SOON = "Update request came too soon, please wait 5 minutes before trying again"
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def create_segment(account: Account, call: Call) -> Answer:
    """Create a v2 segment. It is VALID at once; its count and sample come some seconds later."""
    body = call.object()
    if "parent_list_id" in body:
        raise refused(
            400, "unknown field parent_list_id", "parent_list_id", hint="write parent_list_ids: [ID]"
        )
    name = _checked_name(account, body.get("name"), None)
    lists = _checked_lists(account, body.get("parent_list_ids"))
    query = _checked_text(body.get("query_dsl"))
    message = _message(account, query, lists)
    if len(account.store.all("segment")) >= MOST_SEGMENTS:
        raise refused(400, f"the limit of {MOST_SEGMENTS} segments is reached", None)
    segment_id = account.new_id()
    now = as_text(account.now())
    segment: Document = {
        "id": segment_id,
        "name": name,
        "query_dsl": query,
        "query_version": "2",
        "contacts_count": 0,
        "identifier_counts": identifier_counts(()),
        "sample_ids": [],
        "sample_updated_at": None,
        "next_sample_update": None,
        "created_at": now,
        "updated_at": now,
        "parent_list_ids": lists or None,
        "status": _status(message),
        "hours": 1,
        "changed_at": now,
        "last_members": None,
    }
    account.store.put("segment", segment_id, segment)
    schedule_refresh(account, segment_id, FIRST_REFRESH)
    go_through(account, segment_id)
    return Answer(201, shown(account, call, account.store.all("segment")[segment_id]))


def list_segments(account: Account, call: Call) -> Answer:
    """Return all segments, or those that the filters leave; never a page of them."""
    if call.has("ids[]"):
        raise refused(
            400, "unknown parameter ids[]", "ids", hint="write ids=A&ids=B: SendGrid does not read ids[]"
        )
    return Answer(200, {"results": [listed(entry) for entry in filtered(account, call)]})


def filtered(account: Account, call: Call) -> list[Document]:
    """Return the segments that the filters of a call leave."""
    segments = list(account.store.all("segment").values())
    ids, lists = call.values("ids"), call.values("parent_list_ids")
    if len(lists) > 50:
        raise refused(400, "parent_list_ids holds at most 50 ids", "parent_list_ids")
    without = call.flag("no_parent_list_id", False)
    if ids:
        return [entry for entry in segments if entry["id"] in ids]
    if not lists and not without:
        return segments
    return [
        entry
        for entry in segments
        if (without and not entry["parent_list_ids"]) or set(entry["parent_list_ids"] or ()) & set(lists)
    ]


def get_segment(account: Account, call: Call) -> Answer:
    """Return one segment."""
    sample = call.flag("contacts_sample", True)
    segment = found(account, call)
    if segment.get("after_reads"):
        count_read(account, segment)
        segment = found(account, call)
    return Answer(200, shown(account, call, segment, sample=sample))


def update_segment(account: Account, call: Call) -> Answer:
    """Change a segment's name, or its query."""
    segment = found(account, call)
    body = call.object()
    if "parent_list_ids" in body or "parent_list_id" in body:
        raise refused(400, "the parent list of a segment cannot be changed", "parent_list_ids")
    if segment["query_version"] != "2":
        raise refused(
            400, "v1 segments can only be read and deleted", "id", hint="create a v2 segment in its place"
        )
    now = account.now()
    if now - from_text(segment["changed_at"]) < TOO_SOON and account.options.timing == "documented":
        raise refused(429, _TOO_SOON, None)
    changes: Document = {}
    if body.get("name") is not None:
        changes["name"] = _checked_name(account, body["name"], segment["id"])
    if body.get("query_dsl") is not None:
        changes["query_dsl"] = _checked_text(body["query_dsl"])
        message = _message(account, changes["query_dsl"], segment["parent_list_ids"] or [])
        changes["status"] = _status(message)
        changes |= {"is_asked_for": False, "after_reads": []}
    account.store.change(
        "segment", segment["id"], **changes, updated_at=as_text(now), changed_at=as_text(now), hours=1
    )
    schedule_refresh(account, segment["id"], FIRST_REFRESH)
    go_through(account, segment["id"])
    changed = account.store.all("segment")[segment["id"]]
    if account.options.timing == "documented":
        changed = {**changed, "next_sample_update": None, "sample_ids": []}
    return Answer(200, shown(account, call, changed))


def delete_segment(account: Account, call: Call) -> Answer:
    """Delete a v2 segment; no contact is deleted with it."""
    _forget(account, found(account, call)["id"])
    return Answer(202)


def refresh_segment(account: Account, call: Call) -> Answer:
    """Refresh a segment by hand, within the quotas; see ``sql_seg.server.refreshes``."""
    from sql_seg.server.refreshes import by_hand

    return by_hand(account, call)


# States of validation that were asked for


def go_through(account: Account, segment_id: str) -> None:
    """Let a segment that was made or edited go through the states that are waiting for the next one."""
    waiting, account.pending = account.pending, []
    for transition in waiting:
        ask_for(account, segment_id, transition)


def ask_for(account: Account, segment_id: str, transition: Document) -> None:
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


def do_transition(account: Account, data: Any, _: datetime) -> None:
    """Do what ``ask_for`` asked for."""
    if account.store.get("segment", data["id"]) is not None:
        asked = data["status"]["query_validation"] != "VALID"
        account.store.change("segment", data["id"], status=data["status"], is_asked_for=asked)


def count_read(account: Account, segment: Document) -> None:
    """Count a read of a segment that waits for reads; the state comes with the last of them."""
    left = [{**entry, "reads": entry["reads"] - 1} for entry in segment["after_reads"]]
    account.store.change("segment", segment["id"], after_reads=[entry for entry in left if entry["reads"]])
    for entry in left:
        if not entry["reads"]:
            do_transition(account, {"id": segment["id"], "status": entry["status"]}, account.now())


# The older paths


def list_v1(account: Account, call: Call) -> Answer:
    """Return segments of both generations, as the older path lists them."""
    keys = "id contacts_count created_at name sample_updated_at updated_at next_sample_update".split()
    results = []
    for entry in filtered(account, call):
        item = {key: entry[key] for key in keys}
        item["parent_list_id"] = (entry["parent_list_ids"] or [""])[0]
        results.append(item)
    return Answer(200, {"results": results})


def get_v1(account: Account, call: Call) -> Answer:
    """Return a segment of either generation, as the older path shows it."""
    segment = found(account, call)
    body = shown(account, call, segment)
    body.pop("identifier_counts")
    body["parent_list_id"] = (segment["parent_list_ids"] or [""])[0]
    if call.flag("query_json", False):
        body["query_json"] = _tree(segment["query_dsl"])
    return Answer(200, body)


def _tree(query: str) -> Any:
    try:
        return to_json(parse(query))
    except QuerySyntaxError:
        return None


def delete_v1(account: Account, call: Call) -> Answer:
    """Delete a segment of either generation."""
    _forget(account, found(account, call)["id"])
    return Answer(202, {})


def delete_many(account: Account, call: Call) -> Answer:
    """Delete several segments; answers which could not be."""
    ids = call.object().get("ids")
    if not isinstance(ids, list) or not all(isinstance(item, str) for item in ids):
        raise refused(400, "ids must be an array of strings", "ids")
    errors = []
    for segment_id in ids:
        if not _UUID.fullmatch(segment_id):
            errors.append({"id": segment_id, "error": "invalid uuid"})
        elif account.store.get("segment", segment_id) is None:
            errors.append({"id": segment_id, "error": "segment not found"})
        elif resources := users_of(account, segment_id):
            errors.append({"id": segment_id, "error": "in-use", "resources": resources})
        else:
            _forget(account, segment_id)
    return Answer(200, {"errors": errors}) if errors else Answer(202, {})


def gone_v1(_: Account, call: Call) -> Answer:
    """Refuse to create or to edit by the older path."""
    raise refused(
        404,
        "resource not found",
        None,
        hint=f"v1 segments are read and deleted only: {call.method} segments/2.0",
    )


# Refreshing


def schedule_refresh(account: Account, segment_id: str, after: timedelta) -> None:
    """Have a segment refreshed after some time; an earlier plan is given up."""
    _give_up_plan(account, segment_id)
    task = account.schedule("refresh_segment", {"id": segment_id}, after)
    if task is not None:
        account.store.change("segment", segment_id, task=task)


def _give_up_plan(account: Account, segment_id: str) -> None:
    task = account.store.all("segment")[segment_id].get("task")
    if task is not None:
        account.store.delete("task", task)


def do_refresh(account: Account, data: Any, now: datetime) -> None:
    """Refresh a segment on schedule, and plan the next time: later and later while nothing changes."""
    segment = account.store.get("segment", data["id"])
    if segment is None or segment["query_version"] != "2":
        return
    plan_next(account, segment, now, changed=refresh(account, segment, now))


def plan_next(account: Account, segment: Document, now: datetime, *, changed: bool) -> None:
    """Plan when a segment is refreshed next; ``segment`` is as it was before this time."""
    starts_again = changed or segment["last_members"] is None or is_kept_hourly(account, segment["id"], now)
    _plan(account, segment["id"], now, 1 if starts_again else min(MOST_HOURS, segment["hours"] * 2))


def _plan(account: Account, segment_id: str, now: datetime, hours: int) -> None:
    _give_up_plan(account, segment_id)
    after = timedelta(hours=hours)
    task = account.schedule("refresh_segment", {"id": segment_id}, after, waits=True, start=now)
    next_at = as_text(now + after)
    account.store.change("segment", segment_id, hours=hours, next_sample_update=next_at, task=task)


def bring_forward(account: Account, segment_ids: Iterable[str]) -> None:
    """Have those segments that are kept up to date hourly from now on refreshed within an hour."""
    now = account.now()
    for segment in filter(None, (account.store.get("segment", one) for one in segment_ids)):
        task = account.store.get("task", segment.get("task") or "")
        is_late = task is not None and from_text(task["due"]) - now > timedelta(hours=1)
        if is_late and is_kept_hourly(account, segment["id"], now):
            _plan(account, segment["id"], now, 1)


def refresh(account: Account, segment: Document, now: datetime) -> bool:
    """Find a segment's members again; return whether they changed."""
    try:
        members = account.ids_in(segment["query_dsl"], segment["parent_list_ids"] or (), now)
        status = {"query_validation": "VALID"}
    except (QueryError, RecordError) as error:
        members, status = [], _status(first_error(error)[0] if isinstance(error, QueryError) else str(error))
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
    import hashlib

    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:16]


# Shapes and checks


def shown(account: Account, call: Call, segment: Document, *, sample: bool = True) -> Document:
    """Return a segment as GET of one shows it, its keys in SendGrid's order."""
    contacts = account.store.all("contact")
    body: Document = {key: segment[key] for key in ("id", "name", "query_dsl")}
    if segment["query_version"]:
        body["query_version"] = segment["query_version"]
    body["contacts_count"] = segment["contacts_count"]
    body["identifier_counts"] = segment["identifier_counts"]
    if sample:
        there = [contacts[key] for key in segment["sample_ids"] if key in contacts]
        body["contacts_sample"] = [as_sample(account, call.base_url, contact) for contact in there]
    return body | _rest(segment)


def listed(segment: Document) -> Document:
    """Return a segment as a list shows it: without its query, its sample and its counts of identifiers."""
    body: Document = {key: segment[key] for key in ("id", "name")}
    if segment["query_version"]:
        body["query_version"] = segment["query_version"]
    body["contacts_count"] = segment["contacts_count"]
    return body | _rest(segment)


def _rest(segment: Document) -> Document:
    keys = "sample_updated_at next_sample_update created_at updated_at parent_list_ids status".split()
    body = {key: segment[key] for key in keys}
    if segment.get("refreshed"):
        body["refreshes_used"] = segment["refreshes_used"]
        body["max_refreshes"] = 2
        body["last_refreshed_at"] = segment["last_refreshed_at"]
    return body


def found(account: Account, call: Call) -> Document:
    """Return the segment of a call. Raises ApiError where there is none."""
    segment = account.store.get("segment", call.parameters["id"])
    if segment is None:
        raise refused(404, "segment not found", "segment_id")
    return segment


def _forget(account: Account, segment_id: str) -> None:
    _give_up_plan(account, segment_id)
    account.store.delete("segment", segment_id)
    account.store.put_members(segment_id, None)
    account.members.pop(segment_id, None)


def _status(message: str | None) -> Document:
    if message is None:
        return {"query_validation": "VALID"}
    return {"query_validation": "INVALID", "error_message": message}


def _message(account: Account, query: str, lists: list[str]) -> str | None:
    """Return what is wrong with a query, if the emulator stores such ones. Raises ApiError if it does not."""
    try:
        account.segment(query, lists, Dialect.V2)
    except QueryError as error:
        message, explained = first_error(error)
        if account.options.invalid_query == "reject":
            raise refused(400, message, "query_dsl", help=explained) from None
        return message
    return None


def _checked_text(query: Any) -> str:
    if not isinstance(query, str) or not query.strip():
        raise refused(400, "query_dsl is required", "query_dsl")
    return query


def _checked_name(account: Account, name: Any, own_id: str | None) -> str:
    if not isinstance(name, str) or not 1 <= len(name) <= 100:
        raise refused(400, "name must be between 1 and 100 characters", "name")
    if any(entry["name"] == name and key != own_id for key, entry in account.store.all("segment").items()):
        raise refused(400, "segment name already in use", "name")
    return name


def _checked_lists(account: Account, lists: Any) -> list[str]:
    if lists is None:
        return []
    if not isinstance(lists, list) or not all(isinstance(item, str) for item in lists):
        raise refused(400, "parent_list_ids must be an array of strings", "parent_list_ids")
    if len(lists) > 1:
        raise refused(400, "parent_list_ids holds at most one id", "parent_list_ids")
    for list_id in lists:
        if account.store.get("list", list_id) is None:
            raise refused(404, f"list {list_id} not found", "parent_list_ids")
    return lists
