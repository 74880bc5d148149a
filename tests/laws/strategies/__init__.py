"""Hypothesis strategies of our own: texts that are no query, trees that mean nothing, one account's queries.

The others are public, in sql_seg.testing. ``trees`` are any query that the constructors take, ``noise`` is
any text at all, ``monotone`` makes of a query one that only asks for events.
"""

from tests.laws.strategies.asked import (
    SCHEMA,
    account_queries,
    accounts_near,
    contact_queries,
    contacts_near,
)
from tests.laws.strategies.monotone import monotone
from tests.laws.strategies.noise import noise
from tests.laws.strategies.trees import trees

__all__ = [
    "SCHEMA",
    "account_queries",
    "accounts_near",
    "contact_queries",
    "contacts_near",
    "monotone",
    "noise",
    "trees",
]
