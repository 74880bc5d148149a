"""What an emulator starts with: contacts, events, lists and fields from files, and a folder of segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sql_seg.language.timestamps import the_moment
from sql_seg.server.clock import as_text
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.refreshing import plan_next, refresh, validation
from sql_seg.server.segments import put_new


@dataclass(frozen=True, slots=True)
class LoadedSegment:
    """A segment to start with. ``dialect`` is v1 or v2; v1 segments are read and deleted only."""

    name: str
    query: str
    dialect: str = "v2"
    parent_list_ids: tuple[str, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """Records of contacts and events, definitions of fields, names of lists by id, and segments."""

    contacts: Sequence[Mapping[str, Any]] = ()
    events: Sequence[Mapping[str, Any]] = ()
    fields: Sequence[Mapping[str, Any]] = ()
    lists: Mapping[str, str] = field(default_factory=dict)
    segments: Sequence[LoadedSegment] = ()

    def into(self, account: EmulatedAccount) -> None:
        """Put everything into an account that is empty."""
        with account.store.transaction():
            account.store.next_number("starts")
            for number, definition in enumerate(self.fields, 1):
                key = str(definition.get("id") or f"e{number}_{str(definition['field_type'])[0]}")
                entry = {"id": key, "name": definition["name"], "field_type": definition["field_type"]}
                account.store.put("field", key, entry)
            account.store.put("state", "fields", {"value": len(self.fields)})
            for list_id, name in self.lists.items():
                account.store.put("list", list_id, {"id": list_id, "name": name})
            self._put_contacts(account)
            for list_id, entry in list(account.store.all("list").items()):
                account.store.put("list", list_id, {**entry, "count": len(account.contacts_on(list_id))})
            for event in self.events:
                number = account.store.next_number("events")
                account.store.put("event", f"{number:012d}", {"event": _as_json(event)})
            for segment in self.segments:
                _put_segment(account, segment)

    def _put_contacts(self, account: EmulatedAccount) -> None:
        by_name = {entry["name"].lower(): key for key, entry in account.store.all("field").items()}
        now = as_text(account.now())
        inner = {"contact_id", "list_ids", "created_at", "updated_at", "email_domains", "segment_ids"}
        for record in self.contacts:
            contact_id = record.get("contact_id") or account.new_id()
            own = {key: value for key, value in record.items() if value is not None and key not in inner}
            custom = {by_name[key]: _as_json(value) for key, value in own.items() if key in by_name}
            columns = {
                key: value for key, value in own.items() if key not in by_name and value not in ("", [])
            }
            lists = list(record.get("list_ids") or ())
            for list_id in lists:
                if account.store.get("list", list_id) is None:
                    account.store.put("list", list_id, {"id": list_id, "name": list_id})
            entry = {"id": contact_id, "columns": columns, "custom_fields": custom, "list_ids": lists}
            entry["created_at"] = _time(record.get("created_at")) or now
            entry["updated_at"] = _time(record.get("updated_at")) or now
            account.store.put("contact", contact_id, entry)


def _put_segment(account: EmulatedAccount, segment: LoadedSegment) -> None:
    version = "2" if segment.dialect == "v2" else ""
    lists, status = segment.parent_list_ids, validation(None)
    put = put_new(account, segment.name, segment.query, version, lists, status, segment.id)
    moment = account.now()
    changed = refresh(account, put, moment)
    if put["query_version"]:
        plan_next(account, put, moment, changed=changed)


def _time(value: Any) -> str | None:
    return as_text(the_moment(value)) if isinstance(value, datetime) else None


def _as_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Mapping):
        return {key: _as_json(item) for key, item in value.items()}
    return [_as_json(item) for item in value] if isinstance(value, list | tuple) else value
