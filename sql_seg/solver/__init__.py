"""Contacts with events that are in a segment, or out of it, by construction.

``witness`` finds one, ``distinguish`` one that is in one segment and not in another, ``near_miss`` one
that is in and one that is just out, and ``smallest_changes`` what would bring one contact in, or out. They
answer with what they found, with a proof that there is none, or that they did not find any. What SendGrid
never leaves NULL is not NULL in what they find.

Found surely, where there is one: contacts for conditions that compare one column, or one field of an event,
with literals and moments (by any operator, LIKE, IN and arrays), under AND, OR, NOT and IS; tests of events,
subqueries and MAX over these. Arithmetic, functions and comparisons of two columns are solved by guesses that
lead back from a wanted value, and are right in all but rare cases. Past some thousand cases, or four
contacts, the search ends.
"""

from sql_seg.solver.distinguishing import Difference, distinguish
from sql_seg.solver.fewest_changes import Change, Turned, smallest_changes
from sql_seg.solver.near_misses import NearMiss, near_miss
from sql_seg.solver.outcome import Found, Impossible, NotFound, Outcome, Record
from sql_seg.solver.witness import witness

__all__ = [
    "Change",
    "Difference",
    "Found",
    "Impossible",
    "NearMiss",
    "NotFound",
    "Outcome",
    "Record",
    "Turned",
    "distinguish",
    "near_miss",
    "smallest_changes",
    "witness",
]
