"""The older paths of segments, ``/v3/marketing/segments``: v1 and v2 segments are read and deleted there."""

from __future__ import annotations

import re
from typing import Any

from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.server.answers import Answer, hinted, refused
from sql_seg.server.call import ApiCall
from sql_seg.server.checks import found, texts
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.in_use import told_of_use, users_of
from sql_seg.server.segments import filtered, forget, shown
from sql_seg.server.store import Document
from sql_seg.syntax.formatting import to_json
from sql_seg.syntax.parsing import parse

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def list_v1(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return segments of both generations, as the older path lists them."""
    keys = "id contacts_count created_at name sample_updated_at updated_at next_sample_update".split()
    results = []
    for entry in filtered(account, call):
        item = {key: entry[key] for key in keys}
        item["parent_list_id"] = (entry["parent_list_ids"] or [""])[0]
        results.append(item)
    return Answer(200, {"results": results})


def get_v1(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return a segment of either generation, as the older path shows it."""
    segment = found(account, call, "segment", "segment_id")
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


def delete_v1(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Delete a segment of either generation."""
    segment_id = found(account, call, "segment", "segment_id")["id"]
    headers = hinted(told_of_use(account, segment_id))
    forget(account, segment_id)
    return Answer(202, {}, headers)


def delete_many(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Delete several segments; answers which could not be."""
    errors: list[Document] = []
    for segment_id in texts(call.object().get("ids"), "ids"):
        if not _UUID.fullmatch(segment_id):
            errors.append({"id": segment_id, "error": "invalid uuid"})
        elif account.store.get("segment", segment_id) is None:
            errors.append({"id": segment_id, "error": "segment not found"})
        elif resources := users_of(account, segment_id):
            errors.append({"id": segment_id, "error": "in-use", "resources": resources})
        else:
            forget(account, segment_id)
    return Answer(200, {"errors": errors}) if errors else Answer(202, {})


def gone_v1(_: EmulatedAccount, call: ApiCall) -> Answer:
    """Refuse to create or to edit by the older path."""
    raise refused(
        404,
        "resource not found",
        None,
        hint=f"v1 segments are read and deleted only: {call.method} segments/2.0",
    )
