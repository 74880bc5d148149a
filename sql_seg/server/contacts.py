"""Contacts: ``/v3/marketing/contacts``. A change is accepted at once, and done some time later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from heapq import nlargest
from time import perf_counter
from typing import Any

from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.errors import NeedsDatasetError, RecordError
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import is_number
from sql_seg.language.schema import CONTACT_COLUMNS
from sql_seg.language.timestamps import read_timestamp
from sql_seg.server.answers import Answer, empty, first_error, hinted, refused, unwrapped
from sql_seg.server.call import ApiCall
from sql_seg.server.checks import found, texts
from sql_seg.server.clock import as_text
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.fields import hint_for_new
from sql_seg.server.indexes import IDENTIFIERS
from sql_seg.server.list_counts import count_later
from sql_seg.server.shown_contacts import as_full, segments_of_all
from sql_seg.server.store import Document

IDENTIFIER_TYPES = {name.replace("_", "").upper(): name for name in IDENTIFIERS}
MOST_CONTACTS = 30_000
MOST_BYTES = 6_000_000
SAMPLE = 50
"""How many contacts answers show of a segment, a list, a search or all of them [doc]."""
SEARCH_TIMEOUT = 20.0
"""Seconds that a search may take [doc]."""
UPSERT_TAKES = timedelta(seconds=30)
DELETE_TAKES = timedelta(minutes=2)

_TEXTS = {
    column.key: column.length
    for column in CONTACT_COLUMNS
    if column.key
    not in ("contact_id", "alternate_emails", "list_ids", "created_at", "updated_at", "email_domains")
}
_NUMBER = re.compile(r"\s*[+-]?(?:\d{1,300}(?:\.\d*)?|\.\d+)\s*", re.ASCII)
_PLAIN_EMAIL = re.compile(r"\s*email\s*=\s*(?:'[^']*'|\"[^\"]*\")\s*", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def upsert(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Take contacts in, new ones and changes of those that are known by an identifier."""
    if len(call.content) > MOST_BYTES:
        raise refused(413, "request body is larger than 6 MB", None)
    body = call.object()
    contacts = body.get("contacts")
    if not isinstance(contacts, list) or not all(isinstance(contact, dict) for contact in contacts):
        raise refused(400, "invalid input", "")
    if not 1 <= len(contacts) <= MOST_CONTACTS:
        raise refused(400, f"number of contacts must be between 1 and {MOST_CONTACTS}", "contacts")
    list_ids = body.get("list_ids") or []
    check_lists(account, list_ids)
    checked = [checked_contact(account, contact, index) for index, contact in enumerate(contacts)]
    names = _names_of_fields(account, contacts)
    hint = f"custom fields go by their ids; taken by name: {', '.join(names)}" if names else None
    return Answer(202, {"job_id": upsert_later(account, checked, list_ids)}, hinted(hint))


def _names_of_fields(account: EmulatedAccount, contacts: list[Document]) -> list[str]:
    """Return the names that stand where ids of custom fields do."""
    fields = account.store.all("field")
    given = {key for contact in contacts for key in contact.get("custom_fields") or ()}
    return sorted(key for key in given if key not in fields)


def upsert_later(account: EmulatedAccount, contacts: list[Document], list_ids: list[str]) -> str:
    """Have checked contacts taken in, and return the id of the job."""
    now = as_text(account.now())
    results = {"requested_count": len(contacts)}
    job_id = account.new_job("upsert_contacts", results=results, started_at=now)
    data = {"job_id": job_id, "contacts": contacts, "list_ids": list_ids, "accepted": now}
    account.schedule("upsert_contacts", data, UPSERT_TAKES)
    return job_id


def do_upsert(account: EmulatedAccount, data: Any, now: datetime) -> None:
    """Do what ``upsert_later`` asked for."""
    known = account.identified.ids
    created, failed = 0, 0
    for contact in data["contacts"]:
        own = {known[name, contact[name]] for name in IDENTIFIERS if (name, contact.get(name)) in known}
        if len(own) > 1:
            failed += 1
            continue
        created += not own
        _save(account, contact, own.pop() if own else None, data, now)
    results = {
        "requested_count": len(data["contacts"]),
        "created_count": created,
        "updated_count": len(data["contacts"]) - created - failed,
        "errored_count": failed,
    }
    count_later(account, data["list_ids"])
    status = "errored" if failed else "completed"
    account.store.change("job", data["job_id"], status=status, results=results, finished_at=as_text(now))


def _save(account: EmulatedAccount, given: Document, own_id: str | None, data: Any, now: datetime) -> None:
    old = account.store.get("contact", own_id) if own_id is not None else None
    contact_id = account.new_id() if own_id is None else own_id
    before: Document = old or {
        "columns": {},
        "custom_fields": {},
        "list_ids": [],
        "created_at": data["accepted"],
    }
    custom = {**before["custom_fields"], **(given.get("custom_fields") or {})}
    columns = {**before["columns"], **{key: value for key, value in given.items() if key != "custom_fields"}}
    account.store.put(
        "contact",
        contact_id,
        {
            "id": contact_id,
            "columns": {key: value for key, value in columns.items() if value not in (None, "", [])},
            "custom_fields": {key: value for key, value in custom.items() if value not in (None, "")},
            "list_ids": list(dict.fromkeys([*before["list_ids"], *data["list_ids"]])),
            "created_at": before["created_at"],
            "updated_at": as_text(now),
        },
    )


def checked_contact(account: EmulatedAccount, contact: Document, index: int) -> Document:
    """Return a contact as it is stored. Raises ApiError for what it may not have."""
    place = f"contacts[{index}]"
    if not any(isinstance(contact.get(name), str) and contact[name].strip() for name in IDENTIFIERS):
        raise refused(400, f"at least one of {', '.join(IDENTIFIERS)} is required", place)
    checked: Document = {}
    for key, value in contact.items():
        if key in _TEXTS:
            checked[key] = _text(value, _TEXTS[key], f"{place}.{key}")
        elif key == "alternate_emails":
            checked[key] = _alternates(value, f"{place}.{key}")
        elif key == "custom_fields":
            checked[key] = _custom(account, value, f"{place}.{key}")
        elif key not in ("id", "list_ids", "segment_ids", "created_at", "updated_at", "_metadata"):
            raise refused(400, f"unknown field {key}", place)
    if isinstance(checked.get("email"), str):
        checked["email"] = checked["email"].strip().lower()
        if not _EMAIL.fullmatch(checked["email"]):
            raise refused(400, f"invalid email '{checked['email']}'", f"{place}.email")
    return checked


def _text(value: Any, most: int | None, place: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise refused(400, "must be a string", place)
    if most is not None and len(value) > most:
        raise refused(400, f"length should be less than or equal to {most} characters", place)
    return value


def _alternates(value: Any, place: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise refused(400, "must be an array of strings", place)
    if len(value) > 5:
        raise refused(400, "at most 5 alternate emails", place)
    return [item.strip().lower() for item in value]


def _custom(account: EmulatedAccount, value: Any, place: str) -> Document:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise refused(400, "must be an object", place)
    fields = account.usable_fields
    by_name = {entry["name"].lower(): key for key, entry in fields.items()}
    ids = {given: given if given in fields else by_name.get(str(given).lower()) for given in value}
    unknown = [str(given) for given, field_id in ids.items() if field_id is None]
    if unknown:
        hint = hint_for_new(account, names=unknown)
        raise refused(
            400, f"invalid custom field names or ID's supplied - {','.join(unknown)}", place, hint=hint
        )
    return {
        str(ids[given]): _custom_value(fields, str(ids[given]), item, place) for given, item in value.items()
    }


def _custom_value(fields: Mapping[str, Document], field_id: str, value: Any, place: str) -> Any:
    if value is None or value == "":
        return None
    kind = fields[field_id]["field_type"]
    if kind == "Number":
        if is_number(value):
            return value
        if not isinstance(value, str) or not _NUMBER.fullmatch(value):
            raise refused(400, f"{fields[field_id]['name']}: not a number", place)
        number = float(value)
        return int(number) if number.is_integer() else number
    if kind == "Date":
        moment = read_timestamp(value) if isinstance(value, str) else None
        if (
            moment is None
            and isinstance(value, str)
            and (day := re.fullmatch(r"(\d\d?)/(\d\d?)/(\d{4})", value))
        ):
            moment = read_timestamp(f"{day[3]}-{int(day[1]):02d}-{int(day[2]):02d}")
        if moment is None:
            raise refused(400, f"{fields[field_id]['name']}: not a date", place)
        return as_text(moment)
    return _text(value if isinstance(value, str) else str(value), 1000, place)


def check_lists(account: EmulatedAccount, list_ids: Any) -> None:
    """Raise ApiError where something is no array of ids of lists."""
    for list_id in texts(list_ids, "list_ids"):
        if account.store.get("list", list_id) is None:
            raise refused(400, f"invalid list id '{list_id}'", "list_ids")


# Reading


def list_contacts(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return the fifty contacts that were changed last, in the order of their emails."""
    contacts = account.store.all("contact")
    latest = account.derived("latest", ("contact",), lambda: _latest(contacts.values()))
    result = []
    for contact in latest:
        shown = as_full(account, call, contact, segments=())
        del shown["segment_ids"]
        shown["alternate_emails"] = None
        shown["_metadata"] = call.link(f"contact/{contact['id']}")
        shown["created_at"] = contact["created_at"].replace("Z", ".000000000Z")
        shown["updated_at"] = contact["updated_at"].replace("Z", ".000000000Z")
        result.append(shown)
    metadata = call.link("contacts")
    return Answer(200, {"result": result, "contact_count": len(contacts), "_metadata": metadata})


def _latest(contacts: Iterable[Document]) -> list[Document]:
    latest = nlargest(SAMPLE, contacts, key=lambda entry: entry["updated_at"])
    return sorted(latest, key=lambda entry: entry["columns"].get("email", ""))


def get_contact(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return one contact; an unknown one is answered without a body."""
    contact = account.store.get("contact", call.parameters["id"])
    if contact is None:
        raise empty(404, hint="no contact has this id")
    return Answer(200, as_full(account, call, contact, lookup=True))


def count_contacts(account: EmulatedAccount, _: ApiCall) -> Answer:
    """Return how many contacts there are."""
    contacts = account.store.all("contact")
    body: Document = {"contact_count": len(contacts), "billable_count": len(contacts)}
    return Answer(200, body | {"identifier_counts": account.identified.counts})


def batch(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return several contacts by their ids."""
    ids = _texts(call.object().get("ids"), "ids")
    found = [account.store.get("contact", key) for key in ids]
    return Answer(
        200, {"result": [as_full(account, call, it, lookup=True) for it in found if it is not None]}
    )


def search(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return the first fifty contacts for which a v1 predicate is TRUE, and how many there are."""
    body = call.object()
    query = body.get("query")
    unknown = [key for key in body if key != "query"]
    if unknown:
        raise refused(400, f"unknown field {unknown[0]!r}".replace("'", '"'), unknown[0])
    if not isinstance(query, str) or not query.strip():
        raise refused(400, "query is required", "query")
    begin = perf_counter()
    try:
        segment = account.segment(query, dialect=Dialect.V1)
        members = account.members_of(segment, account.now())
    except QueryError as error:
        message, explained = first_error(error)
        raise refused(400, message, "query", help=explained) from None
    except (NeedsDatasetError, RecordError) as error:
        raise refused(400, str(error), "query") from None
    if perf_counter() - begin > SEARCH_TIMEOUT:
        raise refused(408, "request timeout", None, hint="SendGrid gives a search up, too: ask for less")
    lookup = bool(_PLAIN_EMAIL.fullmatch(query))
    contacts = [account.store.all("contact")[key] for key in members[:SAMPLE]]
    known = segments_of_all(account, [contact["id"] for contact in contacts])
    result = [
        as_full(account, call, it, lookup=lookup, go_times=not lookup, segments=known[it["id"]])
        for it in contacts
    ]
    metadata = call.link("contacts/search")
    return Answer(200, {"result": result, "contact_count": len(members), "_metadata": metadata})


def search_emails(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return contacts by their email addresses."""
    return _looked_up(account, call, "email", _texts(call.object().get("emails"), "emails"))


def search_identifiers(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return contacts by identifiers of one kind."""
    kind = call.parameters["identifier_type"].lower()
    if kind not in IDENTIFIERS:
        raise refused(400, f"identifier_type must be one of {', '.join(IDENTIFIERS)}", "identifier_type")
    return _looked_up(account, call, kind, _texts(call.object().get("identifiers"), "identifiers"))


def _looked_up(account: EmulatedAccount, call: ApiCall, kind: str, wanted: list[str]) -> Answer:
    known = account.identified.ids
    result: Document = {}
    for given in wanted:
        key = known.get((kind, given.strip().lower() if kind == "email" else given))
        if key is None:
            result[given] = {"error": "contact not found"}
        else:
            contact = account.store.all("contact")[key]
            result[given] = {"contact": as_full(account, call, contact, lookup=True)}
    if all("error" in entry for entry in result.values()):
        raise refused(404, "no contacts found", None)
    return Answer(200, {"result": result})


def _texts(value: Any, name: str) -> list[str]:
    if len(given := texts(value or None, name)) > 100:
        raise refused(400, f"{name} holds at most 100 values", name)
    return given


# Deleting


def delete(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Delete some contacts, or all of them."""
    everything = call.flag("delete_all_contacts", False)
    ids = call.values("ids")
    if not everything and not ids:
        hint = None
        if call.has("ids[]"):
            hint = "write ids=A,B: SendGrid does not read ids[]"
        elif call.content.strip():
            hint = "the ids stand in the query, ids=A,B, not in the body"
        raise unwrapped(
            400,
            "either 'ids' OR 'delete_all_contacts' should be supplied as query param",
            "ids/delete_all_contacts",
            hint=hint,
        )
    return Answer(
        202, {"job_id": delete_later(account, list(account.store.all("contact")) if everything else ids)}
    )


def delete_later(account: EmulatedAccount, ids: list[str]) -> str:
    """Have contacts deleted, and return the id of the job."""
    results = {"requested_count": len(ids)}
    job_id = account.new_job("delete_contacts", results=results, started_at=as_text(account.now()))
    account.schedule("delete_contacts", {"job_id": job_id, "ids": ids}, DELETE_TAKES)
    return job_id


def do_delete(account: EmulatedAccount, data: Any, now: datetime) -> None:
    """Do what ``delete_later`` asked for."""
    there = [key for key in data["ids"] if account.store.get("contact", key) is not None]
    count_later(account, (one for key in there for one in account.store.all("contact")[key]["list_ids"]))
    for key in there:
        account.store.delete("contact", key)
    results = {"requested_count": len(data["ids"]), "deleted_count": len(there)}
    account.store.change("job", data["job_id"], status="completed", results=results, finished_at=as_text(now))


def delete_identifier(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Take an identifier from a contact, which needs another one."""
    contact = found(account, call, "contact", "contact_id")
    body = call.object()
    kind = IDENTIFIER_TYPES.get(str(body.get("identifier_type")).upper())
    if kind is None:
        raise refused(400, f"identifier_type must be one of {', '.join(IDENTIFIER_TYPES)}", "identifier_type")
    columns = contact["columns"]
    if columns.get(kind) != body.get("identifier_value"):
        raise refused(400, "the contact does not have this identifier", "identifier_value")
    if not any(name in columns for name in IDENTIFIERS if name != kind):
        raise refused(400, "a contact needs at least one identifier", "identifier_value")
    left = {key: value for key, value in columns.items() if key != kind}
    account.store.change("contact", contact["id"], columns=left, updated_at=as_text(account.now()))
    return Answer(202, {"job_id": account.new_id()})
