"""Why a contact is in a segment, or is not: which conditions decided, and what each of them came to."""

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
from sql_seg.explain.explaining import Explainer
from sql_seg.explain.tree import Changes, DecisionNode, Explanation, ValueChange

__all__ = [
    "Changes",
    "ConditionReason",
    "Decider",
    "Decision",
    "DecisionNode",
    "EventReason",
    "EventStep",
    "Explainer",
    "Explanation",
    "Reason",
    "Seen",
    "SubqueryReason",
    "ValueChange",
]
