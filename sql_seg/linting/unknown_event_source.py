"""``unknown-event-source``: a source that no event is known to have."""

from __future__ import annotations

from collections.abc import Iterator

from sql_seg.diagnostics import Finding, Severity
from sql_seg.linting.rule import Context, Rule
from sql_seg.linting.unknown_event_value import EventValues
from sql_seg.syntax import nodes

_VALUES = EventValues(
    "event_source",
    ("mail",),
    dict.fromkeys("email emails mails mailing sendgrid marketing singlesend".split(), "mail"),
    "no event is known to have the source {}",
    "'mail' is the one source that is known",
)


def _check(context: Context) -> Iterator[Finding]:
    return _VALUES.findings(RULE, context)


RULE = Rule(
    code="unknown-event-source",
    severity=Severity.WARNING,
    summary="an event_source that no event is known to have",
    why="'mail' is the one source that is known. Which email it was about is not in event_source, but in the "
    "event's data.",
    example="event_source = 'email' AND event_type = 'open'",
    instead="event_source = 'mail' AND event_type = 'open'",
    check=_check,
    about=(nodes.String,),
    columns=frozenset({"event_source"}),
)
