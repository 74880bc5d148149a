"""Segments of v2: ``/v3/marketing/segments/2.0``."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.language.datatypes import Dialect
from sql_seg.server.answers import Answer, first_error, hinted, refused
from sql_seg.server.call import ApiCall
from sql_seg.server.checks import found, free_name, texts
from sql_seg.server.clock import as_text, from_text
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.fields import hint_for_new
from sql_seg.server.in_use import told_of_use
from sql_seg.server.refreshing import FIRST_REFRESH, give_up_plan, schedule_refresh, validation
from sql_seg.server.shown_contacts import as_sample, identifier_counts
from sql_seg.server.store import Document
from sql_seg.server.validation_states import count_read, go_through
from sql_seg.sources.sendgrid_limits import MOST_SEGMENTS

TOO_SOON = timedelta(minutes=5)
_TOO_SOON = "Update request came too soon, please wait 5 minutes before trying again"


def create_segment(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Create a v2 segment. It is VALID at once; its count and sample come some seconds later."""
    body = call.object()
    if "parent_list_id" in body:
        raise refused(
            400, "unknown field parent_list_id", "parent_list_id", hint="write parent_list_ids: [ID]"
        )
    name = free_name(account, "segment", body.get("name"))
    lists = _checked_lists(account, body.get("parent_list_ids"))
    query = _checked_text(body.get("query_dsl"))
    message = _message(account, query, lists)
    if len(account.store.all("segment")) >= MOST_SEGMENTS:
        raise refused(400, f"the limit of {MOST_SEGMENTS} segments is reached", None)
    segment_id = put_new(account, name, query, "2", lists, validation(message))["id"]
    schedule_refresh(account, segment_id, FIRST_REFRESH)
    go_through(account, segment_id)
    return Answer(201, shown(account, call, account.store.all("segment")[segment_id]))


def put_new(
    account: EmulatedAccount,
    name: str,
    query: str,
    version: str,
    lists: Collection[str],
    status: Document,
    own_id: str | None = None,
) -> Document:
    """Put a segment whose members nobody has looked for yet, and return it."""
    segment_id, now = own_id or account.new_id(), as_text(account.now())
    return account.store.put(
        "segment",
        segment_id,
        {
            "id": segment_id,
            "name": name,
            "query_dsl": query,
            "query_version": version,
            "contacts_count": 0,
            "identifier_counts": identifier_counts(()),
            "sample_ids": [],
            "sample_updated_at": None,
            "next_sample_update": None,
            "created_at": now,
            "updated_at": now,
            "parent_list_ids": list(lists) or None,
            "status": status,
            "hours": 1,
            "changed_at": now,
            "last_members": None,
        },
    )


def list_segments(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return all segments, or those that the filters leave; never a page of them."""
    if call.has("ids[]"):
        raise refused(
            400, "unknown parameter ids[]", "ids", hint="write ids=A&ids=B: SendGrid does not read ids[]"
        )
    return Answer(200, {"results": [listed(entry) for entry in filtered(account, call)]})


def filtered(account: EmulatedAccount, call: ApiCall) -> list[Document]:
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


def get_segment(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return one segment."""
    sample = call.flag("contacts_sample", True)
    segment = found(account, call, "segment", "segment_id")
    if segment.get("after_reads"):
        count_read(account, segment)
        segment = found(account, call, "segment", "segment_id")
    return Answer(200, shown(account, call, segment, sample=sample))


def update_segment(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Change a segment's name, or its query."""
    segment = found(account, call, "segment", "segment_id")
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
        changes["name"] = free_name(account, "segment", body["name"], segment["id"])
    if body.get("query_dsl") is not None:
        changes["query_dsl"] = _checked_text(body["query_dsl"])
        message = _message(account, changes["query_dsl"], segment["parent_list_ids"] or [])
        changes["status"] = validation(message)
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


def delete_segment(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Delete a v2 segment; no contact is deleted with it."""
    segment_id = found(account, call, "segment", "segment_id")["id"]
    headers = hinted(told_of_use(account, segment_id))
    forget(account, segment_id)
    return Answer(202, headers=headers)


def forget(account: EmulatedAccount, segment_id: str) -> None:
    """Delete a segment, and all that is known of it."""
    give_up_plan(account, segment_id)
    account.store.delete("segment", segment_id)
    account.store.put_members(segment_id, None)
    account.members.pop(segment_id, None)


# Shapes and checks


def shown(account: EmulatedAccount, call: ApiCall, segment: Document, *, sample: bool = True) -> Document:
    """Return a segment as GET of one shows it, its keys in SendGrid's order."""
    contacts = account.store.all("contact")
    body: Document = {key: segment[key] for key in ("id", "name", "query_dsl")}
    if segment["query_version"]:
        body["query_version"] = segment["query_version"]
    body["contacts_count"] = segment["contacts_count"]
    body["identifier_counts"] = segment["identifier_counts"]
    if sample:
        there = [contacts[key] for key in segment["sample_ids"] if key in contacts]
        body["contacts_sample"] = [as_sample(account, call, contact) for contact in there]
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


def _message(account: EmulatedAccount, query: str, lists: list[str]) -> str | None:
    """Return what is wrong with a query, if the emulator stores such ones. Raises ApiError if it does not."""
    try:
        account.segment(query, lists, Dialect.V2)
    except QueryError as error:
        message, explained = first_error(error)
        if account.options.invalid_query == "reject":
            hint = hint_for_new(account, names=re.findall(r"\w+", query))
            raise refused(400, message, "query_dsl", help=explained, hint=hint) from None
        return message
    return None


def _checked_text(query: Any) -> str:
    if not isinstance(query, str) or not query.strip():
        raise refused(400, "query_dsl is required", "query_dsl")
    return query


def _checked_lists(account: EmulatedAccount, lists: Any) -> list[str]:
    if lists is None:
        return []
    if len(texts(lists, "parent_list_ids")) > 1:
        raise refused(400, "parent_list_ids holds at most one id", "parent_list_ids")
    for list_id in lists:
        if account.store.get("list", list_id) is None:
            raise refused(404, f"list {list_id} not found", "parent_list_ids")
    return list(lists)
