"""Contacts in tables, each once: repeats are dropped, contradictions and contacts without any id are bad rows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sql_seg.engines.duckdb.connection import Connection, name
from sql_seg.records.loading_report import Problem, Report, shown

_TOLD_APART = "CASE WHEN contact_id = email THEN lower(email) ELSE contact_id END"


def each_once(
    connection: Connection, relation: str, columns: Collection[str], said: str, report: Report
) -> str:
    """Return a relation of contacts without those that came before, and count what is left out.

    ``relation`` has ``_at``, by which its rows are in order, and ``columns``, whose values make rows the same;
    ``said`` is what messages call it. Raises RecordError for a bad row where problems are to fail.
    """
    n, known, distinct = connection.row(
        f"SELECT count(*), count(k), count(DISTINCT hash(k)) FILTER (WHERE k IS NOT NULL) "
        f"FROM (SELECT {_TOLD_APART} AS k FROM {relation})"
    )
    report.contacts.kept = n
    if known < n:
        numbered = f"SELECT contact_id, row_number() OVER (ORDER BY _at) AS nth FROM {relation}"
        for (nth,) in connection.rows(f"SELECT nth FROM ({numbered}) WHERE contact_id IS NULL ORDER BY 1"):
            _refuse(report, said, nth, None, "has neither a contact id nor an email")
        relation = f"(SELECT * FROM {relation} WHERE contact_id IS NOT NULL)"
    if distinct < known:
        for nth, contact_id, is_same in connection.rows(_later(relation, columns)):
            if is_same:
                report.contacts.repeats += 1
                report.contacts.kept -= 1
            else:
                message = f"the contact id {shown(contact_id)} was there before, with other values"
                _refuse(report, said, nth, contact_id, message)
        relation = f"(SELECT * FROM {relation} QUALIFY row_number() OVER (PARTITION BY {_TOLD_APART} ORDER BY _at) = 1)"
    return relation


def _later(relation: str, columns: Collection[str]) -> str:
    """Return the statement that finds the rows whose id came before, and whether they say the same."""
    whole = f"row({', '.join(name(column) for column in columns)})"
    numbered = (
        f"SELECT contact_id, {_TOLD_APART} AS k, {whole} AS whole, _at, row_number() OVER (ORDER BY _at) AS nth "
        f"FROM {relation}"
    )
    ids = f"SELECT {_TOLD_APART} AS k FROM {relation} GROUP BY 1 HAVING count(*) > 1"
    return (
        "SELECT nth, contact_id, whole IS NOT DISTINCT FROM first FROM (SELECT *, first_value(whole) OVER w AS first, "
        f"row_number() OVER w AS place FROM ({numbered}) WHERE k IN ({ids}) "
        "WINDOW w AS (PARTITION BY k ORDER BY _at)) WHERE place > 1 ORDER BY nth"
    )


def _refuse(report: Report, said: str, nth: int, value: Any, message: str) -> None:
    report.skip_row(report.contacts, Problem(said, nth, None, value, message))
    report.contacts.kept -= 1
