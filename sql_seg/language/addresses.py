"""What the addresses of a contact say: the domains that they are of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

EMAIL_DOMAINS = "email_domains"


def email_domains(addresses: Iterable[str]) -> list[str]:
    """Return the parts after ``@``, in lower case, each once."""
    domains = (address.rpartition("@") for address in addresses)
    return list(dict.fromkeys(domain.lower() for _, at, domain in domains if at and domain))


def domains_of(contact: Mapping[str, Any]) -> Any:
    """Return a contact's ``email_domains``: those given, else those of its addresses [ours].

    A contact without any address has none given and none to show: None.
    """
    given = contact.get(EMAIL_DOMAINS)
    if given is not None:
        return given
    email, alternates = contact.get("email"), contact.get("alternate_emails")
    if email is None and alternates is None:
        return None
    return email_domains([email or "", *(alternates or ())])
