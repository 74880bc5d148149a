"""Running the tests of a file."""

from __future__ import annotations

from sql_seg.segment_tests.cases import Case, Outcome, SegmentTests


def run(tests: SegmentTests) -> list[Outcome]:
    """Return what comes of each case, in the file's order."""
    return [outcome_of(tests, case) for case in tests.cases]


def outcome_of(tests: SegmentTests, case: Case) -> Outcome:
    """Return what comes of a case: its contact is asked at the file's moment, among all its contacts."""
    contact = tests.account.contacts[case.index]
    events = tests.account.events_of(contact)
    return Outcome(case, tests.decider.decide(contact, events))
