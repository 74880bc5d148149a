"""List membership from per-list exports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sql_seg.records.address_book import AddressBook
from sql_seg.records.contacts import contact_from_json, lacks_identity
from sql_seg.records.report import Problem, Report, Tally
from sql_seg.records.rows import Row, read_rows


def add_list(list_id: str, path: Path, book: AddressBook, report: Report) -> None:
    """Add a list's id to the ``list_ids`` of the contacts in a file, by contact id, else by email.

    Raises RecordError where the file, or with ``fail`` a row of it, cannot be read.
    """
    tally = report.lists.setdefault(list_id, Tally())

    def refuse(problem: Problem) -> None:
        report.skip_row(tally, problem)

    for row in read_rows(path, bad_row=refuse, header=lacks_identity):
        try:
            contact_id, email = _identity(row)
        except ValueError as error:
            refuse(Problem(row.file, row.number, None, row.value, str(error)))
            continue
        contact = (contact_id and book.by_id(contact_id)) or (email and book.by_address(email))
        if not contact:
            tally.strangers += 1
        elif list_id in contact["list_ids"]:
            tally.repeats += 1
        else:
            contact["list_ids"].append(list_id)
            tally.kept += 1


def _identity(row: Row) -> tuple[str, str]:
    values: dict[str, Any] = row.value if row.names else contact_from_json(row.value)[0]
    contact_id, email = values.get("contact_id") or "", values.get("email") or ""
    if not isinstance(contact_id, str) or not isinstance(email, str):
        raise ValueError("the contact id and the email must be texts")
    if not contact_id and not email:
        raise ValueError("has neither a contact id nor an email")
    return contact_id, email
