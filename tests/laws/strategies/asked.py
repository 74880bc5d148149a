"""Queries over an account with custom fields of all types, and whom to ask them of: anything may be NULL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from hypothesis import strategies as st

from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import SENDGRID
from sql_seg.syntax.nodes import Query
from sql_seg.testing import queries
from sql_seg.testing.records import DrawnAccount, accounts

SCHEMA = SENDGRID.with_fields(
    [
        {"name": "plan", "field_type": "Text"},
        {"name": "age", "field_type": "Number"},
        {"name": "Lifetime_Value", "field_type": "Number"},
        {"name": "birthday", "field_type": "Date"},
    ]
)


def account_queries(dialect: Dialect | None = None) -> st.SearchStrategy[Query]:
    """Return queries of contacts and events."""
    return queries(dialect, schema=SCHEMA)


def contact_queries(dialect: Dialect | None = None) -> st.SearchStrategy[Query]:
    """Return queries that ask of one contact alone."""
    return queries(dialect, schema=SCHEMA, events=False)


def accounts_near(query: Query, now: datetime) -> st.SearchStrategy[DrawnAccount]:
    """Return contacts with events, near a query."""
    return accounts(SCHEMA, near=query, now=now, stored=False)


def contacts_near(query: Query, now: datetime) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return a few contacts near a query."""
    return accounts(SCHEMA, near=query, now=now, stored=False, max_events=0).map(_contacts)


def _contacts(account: DrawnAccount) -> list[dict[str, Any]]:
    return account.contacts
