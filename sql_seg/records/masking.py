"""Personal data of contacts, masked: enough to recognise a kind, too little to recognise a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ADDRESSES = frozenset({"email", "alternate_emails", "whatsapp", "line", "facebook", "unique_name"})
NAMES = frozenset({"first_name", "last_name", "address_line_1", "address_line_2", "phone_number"})
IDS = frozenset({"phone_number_id", "external_id", "anonymous_id"})
PERSONAL = ADDRESSES | NAMES | IDS
"""The columns that tell who somebody is."""


def masked(contact: Mapping[str, Any]) -> dict[str, Any]:
    """Return a contact without what identifies it: addresses, names, numbers and ids of other systems.

    Of an email address the first character and the domain stay, of other texts the first character. City,
    country, times, lists, the contact id and custom fields stay as they are.
    """
    return {key: _masked(key, value) for key, value in contact.items()}


def _masked(key: str, value: Any) -> Any:
    if key not in PERSONAL:
        return value
    if isinstance(value, list):
        return [masked_text(item) if isinstance(item, str) else item for item in value]
    return masked_text(value) if isinstance(value, str) else value


def masked_text(text: str) -> str:
    """Return a text with its first character alone, and the domain behind an @."""
    start, at, domain = text.partition("@")
    return f"{start[:1]}•••{at}{domain}" if start else text
