"""How contacts are shown: whole, in a segment's sample, and counted by their kinds of identifier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sql_seg.server.call import ApiCall
from sql_seg.server.clock import as_go_text
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.indexes import COUNTED
from sql_seg.server.store import Document

_SHOWN = """first_name last_name unique_name email phone_number_id external_id anonymous_id alternate_emails
    address_line_1 address_line_2 city state_province_region country postal_code phone_number whatsapp line
    facebook""".split()


def as_full(
    account: EmulatedAccount,
    call: ApiCall,
    contact: Document,
    *,
    lookup: bool = False,
    go_times: bool = False,
    segments: Sequence[str] | None = None,
) -> Document:
    """Return a contact with all its keys; ``lookup`` is the form of a search by one email address.

    ``segments`` are the ids of its segments, where they are known already.
    """
    columns = contact["columns"]
    custom = named_fields(account, contact)
    segments = segments_of(account, contact["id"]) if segments is None else segments
    created, updated = contact["created_at"], contact["updated_at"]
    shown: Document = {"id": contact["id"]}
    shown |= {key: columns.get(key, "") for key in _SHOWN}
    shown["alternate_emails"] = columns.get("alternate_emails") or ([] if lookup else None)
    shown["list_ids"] = contact["list_ids"] or ([] if lookup else None)
    shown["segment_ids"] = segments or ([] if lookup else None)
    shown["custom_fields"] = custom or ({} if lookup else None)
    shown["created_at"] = as_go_text(created) if go_times else created
    shown["updated_at"] = as_go_text(updated) if go_times else updated
    shown["_metadata"] = call.link(f"contacts/{contact['id']}")
    return shown


def as_sample(account: EmulatedAccount, call: ApiCall, contact: Document) -> Document:
    """Return a contact as a segment's sample shows it: what is not empty alone."""
    custom = named_fields(account, contact)
    shown: Document = {"id": contact["id"]}
    shown |= {key: contact["columns"][key] for key in _SHOWN if key in contact["columns"]}
    if custom:
        shown["custom_fields"] = custom
    shown["list_ids"] = contact["list_ids"]
    shown["segment_ids"] = segments_of(account, contact["id"])
    shown["created_at"], shown["updated_at"] = contact["created_at"], contact["updated_at"]
    shown["_metadata"] = call.link(f"contacts/{contact['id']}")
    return shown


def named_fields(account: EmulatedAccount, contact: Document) -> Document:
    """Return a contact's custom fields by their names, without those that were deleted."""
    fields = account.store.all("field")
    return {fields[key]["name"]: value for key, value in contact["custom_fields"].items() if key in fields}


def segments_of(account: EmulatedAccount, contact_id: str) -> list[str]:
    """Return the ids of the segments that a contact was in at their last refresh."""
    return [key for key, members in account.members.items() if contact_id in members]


def segments_of_all(account: EmulatedAccount, contact_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return ``segments_of`` of several contacts, in one pass."""
    found: dict[str, list[str]] = {key: [] for key in contact_ids}
    wanted = frozenset(contact_ids)
    for key, members in account.members.items():
        for contact_id in wanted & members:
            found[contact_id].append(key)
    return found


def identifier_counts(contacts: Iterable[Document]) -> Document:
    """Return how many contacts have each kind of identifier."""
    counts = dict.fromkeys(COUNTED, 0)
    for contact in contacts:
        for key, name in COUNTED.items():
            counts[key] += name in contact["columns"]
    return counts
