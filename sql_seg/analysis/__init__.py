"""Reasoning over conditions: which can never be TRUE, which always are, and which add nothing to others.

Sound, not complete: a claim is certain in three-valued logic for every contact that SendGrid can have, every
event and every now (of the years 1000 to 9000); that there is none means nothing. Columns that SendGrid
never leaves NULL are taken to be never NULL.
"""

from sql_seg.analysis.claims import (
    AlwaysTrue,
    Chain,
    Claim,
    Duplicate,
    NeverNull,
    NeverTrue,
    Redundant,
    Subsumed,
    claims,
)

__all__ = [
    "AlwaysTrue",
    "Chain",
    "Claim",
    "Duplicate",
    "NeverNull",
    "NeverTrue",
    "Redundant",
    "Subsumed",
    "claims",
]
