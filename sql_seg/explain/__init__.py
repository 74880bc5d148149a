"""Which conditions decided that a contact is in a segment, or is not."""

from sql_seg.explain.deciders import Decider
from sql_seg.explain.decision import (
    ConditionReason,
    Decision,
    EventReason,
    EventStep,
    Reason,
    Seen,
    SubqueryReason,
)

__all__ = [
    "ConditionReason",
    "Decider",
    "Decision",
    "EventReason",
    "EventStep",
    "Reason",
    "Seen",
    "SubqueryReason",
]
