"""Running the tests of a file."""

from __future__ import annotations

from sql_seg.deciding import decide
from sql_seg.segment_tests.cases import Outcome, SegmentTests


def run(tests: SegmentTests) -> list[Outcome]:
    """Return what comes of each case, in the file's order.

    Each contact is asked in the account of all contacts of the file, at the file's moment.
    """
    account = tests.dataset.account
    outcomes = []
    for case in tests.cases:
        contact = account.contacts[case.index]
        decision = decide(tests.segment.checked, contact, account.events_of(contact), tests.now, account)
        outcomes.append(Outcome(case, decision))
    return outcomes
