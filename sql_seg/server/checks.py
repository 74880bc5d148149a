"""What several endpoints ask of a call: that what it names is there, names that are free, arrays of texts."""

from __future__ import annotations

from typing import Any

from sql_seg.server.answers import refused
from sql_seg.server.call import ApiCall
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.store import Document
from sql_seg.sources.sendgrid_limits import LONGEST_NAME


def found(account: EmulatedAccount, call: ApiCall, kind: str, field: str = "id") -> Document:
    """Return the document whose id stands in the path. Raises ApiError where there is none."""
    document = account.store.get(kind, call.parameters["id"])
    if document is None:
        raise refused(404, f"{kind.replace('_', ' ')} not found", field)
    return document


def texts(value: Any, name: str, field: str | None = None) -> list[str]:
    """Return an array of texts. Raises ApiError for anything else."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise refused(400, f"{name} must be an array of strings", field or name)
    return value


def checked_name(name: Any) -> str:
    """Return a name. Raises ApiError for what is none."""
    if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_NAME:
        raise refused(400, f"name must be between 1 and {LONGEST_NAME} characters", "name")
    return name


def free_name(account: EmulatedAccount, kind: str, name: Any, own_id: str | None = None) -> str:
    """Return a name that no other document of a kind has. Raises ApiError for another."""
    checked = checked_name(name)
    if any(entry["name"] == checked and key != own_id for key, entry in account.store.all(kind).items()):
        raise refused(400, f"{kind} name already in use", "name")
    return checked
