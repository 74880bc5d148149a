"""Hypothesis strategies for queries, texts and contacts.

``queries`` are well-typed by construction, ``event_queries`` too; ``trees`` are any query that the
constructors take; ``spelled`` gives other spellings of a query's text, ``noise`` any text at all;
``contacts`` hold values near what a query compares them with.
"""

from tests.laws.strategies.contacts import contacts, nows
from tests.laws.strategies.noise import noise
from tests.laws.strategies.spellings import spelled
from tests.laws.strategies.trees import trees
from tests.laws.strategies.typed import SCHEMA, event_queries, queries

__all__ = ["SCHEMA", "contacts", "event_queries", "noise", "nows", "queries", "spelled", "trees"]
