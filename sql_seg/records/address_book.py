"""Finding contacts by their ids and their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


class AddressBook:
    """The contacts by id, and by email and alternate emails in any case.

    An address that several contacts have is that of the first whose email it is, else of the first
    whose alternate email it is.
    """

    def __init__(self, contacts: Iterable[Mapping[str, Any]]) -> None:
        self._by_id: dict[str, Mapping[str, Any]] = {}
        self._by_address: dict[str, Mapping[str, Any]] = {}
        with_alternates = []
        for contact in contacts:
            contact_id, email = contact.get("contact_id"), contact.get("email")
            if contact_id is not None:
                self._by_id.setdefault(contact_id, contact)
            if email:
                self._by_address.setdefault(email.lower(), contact)
            if contact.get("alternate_emails"):
                with_alternates.append(contact)
        for contact in with_alternates:
            for address in contact["alternate_emails"]:
                self._by_address.setdefault(address.lower(), contact)

    def by_id(self, contact_id: str) -> Mapping[str, Any] | None:
        """Return the contact of an id."""
        return self._by_id.get(contact_id)

    def by_address(self, address: str) -> Mapping[str, Any] | None:
        """Return the contact that has an address, in any case."""
        return self._by_address.get(address.lower())


_MOST_NEAR = 2
_NEAR = 0.85
"""How near two addresses are that may be one, mistyped: 1 is equal."""


def near_addresses(wanted: str, addresses: Iterable[str]) -> list[str]:
    """Return the addresses that people may have meant, the nearest first: mistyped, or a part of one."""
    from difflib import SequenceMatcher  # seldom needed

    looked_for = wanted.lower()
    matcher = SequenceMatcher(b=looked_for, autojunk=False)
    found: list[tuple[float, str]] = []
    for address in dict.fromkeys(addresses):
        matcher.set_seq1(address.lower())
        if matcher.real_quick_ratio() >= _NEAR and matcher.quick_ratio() >= _NEAR:
            likeness = matcher.ratio()
        else:
            likeness = 0.0
        if likeness >= _NEAR or (len(looked_for) > 2 and looked_for in address.lower()):
            found.append((-likeness, address))
    return [address for _, address in sorted(found)[:_MOST_NEAR]]
