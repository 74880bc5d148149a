"""``unknown-event-type``: a type that no event has."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.diagnostics import Finding, Severity
from sql_seg.language.schema import EVENT_TYPES
from sql_seg.linting.rule import Context, Rule
from sql_seg.linting.unknown_event_value import EventValues
from sql_seg.syntax import nodes

_OTHER_WORDS = {
    "open": "opened opens opening emailopen emailopened read",
    "click": "clicked clicks clicking linkclick linkclicked clickthrough",
    "processed": "sent send sends sending process emailed mailed",
    "delivered": "deliver delivery deliveries",
    "deferred": "defer deferral delayed",
    "dropped": "drop drops rejected suppressed",
    "bounce": "bounced bounces bouncing hardbounce softbounce block blocked",
    "spamreport": "spam spamreported spamreports spamcomplaint complaint complained reportedspam abuse",
    "unsubscribe": "unsubscribed unsubscribes unsub optout optedout globalunsubscribe",
    "group_unsubscribe": "groupunsubscribed groupunsubscribes",
    "group_resubscribe": "groupresubscribed groupresubscribes resubscribe resubscribed",
}

_VALUES = EventValues(
    "event_type",
    EVENT_TYPES,
    {word: name for name, words in _OTHER_WORDS.items() for word in words.split()},
    "no event is of the type {}",
    f"the types are {', '.join(EVENT_TYPES)}",
)


def _check(context: Context) -> Iterator[Finding]:
    return _VALUES.findings(RULE, context)


RULE = Rule(
    code="unknown-event-type",
    severity=Severity.WARNING,
    summary="an event_type that no event has",
    why="Events have the names of SendGrid's Event Webhook, which are not the words of its user interface: "
    "what was sent is 'processed', what was opened 'open', a complaint 'spamreport'. They are in lower case, "
    "and texts are compared case-sensitively.",
    example="event_type = 'opened'",
    instead="event_type = 'open'",
    check=_check,
    about=(nodes.String,),
    columns=frozenset({"event_type"}),
)
