"""Custom field definitions: ``/v3/marketing/field_definitions``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sql_seg.errors import SchemaError
from sql_seg.language.schema import FIELD_TYPES, SENDGRID
from sql_seg.server.answers import Answer, refused
from sql_seg.server.call import ApiCall
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.store import Document

USABLE_AFTER = timedelta(seconds=5)
"""How long after it was made contacts and queries can have a custom field [recorded]."""

_LETTERS = {name: name[0] for name in FIELD_TYPES}
"""The letter that ends the id of a field, by its type: ``e1_T`` is a text [recorded]."""

MOST_FIELDS = 500

_WRITABLE = """first_name last_name email alternate_emails address_line_1 address_line_2 city
    state_province_region postal_code country phone_number whatsapp line facebook unique_name""".split()
_READ_ONLY = """email_domains last_clicked:D last_opened:D last_emailed:D singlesend_id automation_id
    created_at:D updated_at:D contact_id""".split()
_IDENTIFIERS = "phone_number_id external_id anonymous_id".split()


def reserved_fields() -> list[Document]:
    """Return the reserved fields as the API lists them; ``read_only`` is absent where it is false."""
    found: list[Document] = []
    for number, entry in enumerate([*_WRITABLE, *_READ_ONLY, *_IDENTIFIERS]):
        name, _, kind = entry.partition(":")
        letter = kind or "T"
        field_type = next(key for key, value in _LETTERS.items() if value == letter)
        definition: Document = {"id": f"_rf{number}_{letter}", "name": name, "field_type": field_type}
        if entry in _READ_ONLY:
            definition["read_only"] = True
        found.append(definition)
    return found


def list_fields(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return all definitions; ``custom_fields`` is absent where there are none."""
    body: dict[str, Any] = {}
    custom = [_told(entry) for entry in account.store.all("field").values()]
    if custom:
        body["custom_fields"] = custom
    body["reserved_fields"] = reserved_fields()
    body["_metadata"] = call.link("field_definitions")
    return Answer(200, body)


def create_field(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Define a custom field."""
    body = call.object()
    name = _checked_name(account, body.get("name"), None)
    field_type = body.get("field_type")
    if not isinstance(field_type, str) or field_type not in FIELD_TYPES:
        raise refused(400, f"field_type must be one of {', '.join(FIELD_TYPES)}", "field_type")
    if len(account.store.all("field")) >= MOST_FIELDS:
        raise refused(400, f"the limit of {MOST_FIELDS} custom fields is reached", "name")
    number = account.store.next_number("fields")
    field_id = f"e{number}_{_LETTERS[field_type]}"
    definition = {"id": field_id, "name": name, "field_type": field_type}
    account.store.put("field", field_id, {**definition, "is_new": True})
    account.schedule("make_field_usable", {"id": field_id}, USABLE_AFTER)
    return Answer(200, _with_link(call, definition))


def make_usable(account: EmulatedAccount, data: Any, _: datetime) -> None:
    """Let contacts and queries have a field that was made some seconds ago."""
    definition = account.store.get("field", data["id"])
    if definition is not None:
        account.store.put("field", data["id"], _told(definition))


def hint_for_new(account: EmulatedAccount, *, names: Iterable[str]) -> str | None:
    """Return what to do about names or ids of fields that are not usable yet, if some of them are those."""
    new = [entry for entry in account.store.all("field").values() if entry.get("is_new")]
    given = {name.lower() for name in names}
    met = [entry["name"] for entry in new if given & {entry["name"].lower(), entry["id"].lower()}]
    if not met:
        return None
    return f"a custom field is usable {USABLE_AFTER.seconds} seconds after it was made: {', '.join(met)}"


def rename_field(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Give a custom field another name."""
    definition = _found(account, call)
    name = _checked_name(account, call.object().get("name"), definition["id"])
    return Answer(200, _with_link(call, account.store.change("field", definition["id"], name=name)))


def delete_field(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Delete a custom field; the segments that use it are INVALID from their next refresh on."""
    account.store.delete("field", _found(account, call)["id"])
    return Answer(204)


def _told(definition: Document) -> Document:
    return {key: definition[key] for key in ("id", "name", "field_type")}


def _found(account: EmulatedAccount, call: ApiCall) -> Document:
    field_id = call.parameters["id"]
    definition = account.store.get("field", field_id)
    if definition is None:
        if re.fullmatch(r"_rf\d+_[TND]", field_id):
            raise refused(400, "reserved fields cannot be changed", "custom_field_id")
        raise refused(404, "field definition not found", "custom_field_id")
    return definition


def _checked_name(account: EmulatedAccount, name: Any, own_id: str | None) -> str:
    if not isinstance(name, str) or not name:
        raise refused(400, "name is required", "name")
    others = [entry for key, entry in account.store.all("field").items() if key != own_id]
    try:
        SENDGRID.with_fields([*others, {"name": name, "field_type": "Text"}])
    except SchemaError as error:
        raise refused(400, str(error), "name") from None
    return name


def _with_link(call: ApiCall, definition: Document) -> Document:
    return {
        **_told(definition),
        "_metadata": call.link(f"field_definitions/{definition['id']}"),
    }
