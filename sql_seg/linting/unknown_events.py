"""Texts that no event holds as its type, or as its source."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from sql_seg.core.terms import ColumnValue
from sql_seg.diagnostics import Finding, Safety, Severity, replacement
from sql_seg.frozen import frozen
from sql_seg.language.case_mapping import CASES
from sql_seg.language.patterns import read_pattern
from sql_seg.language.schema import EVENT_TYPES
from sql_seg.linting.compared_texts import TextComparison, Way, comparisons
from sql_seg.linting.places import literal_span, shortened, written_text
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes
from sql_seg.wording import LIKE_A_VALUE, close_names

_MOST_GUESSES = 50
"""How many texts are compared with all known ones: a long list of junk is not worth the time."""

_SAME: Callable[[str], str] = str
_FUNCTIONS: Mapping[str, Callable[[str], str]] = {"": _SAME, **CASES}


@frozen
class EventValues:
    """The known values of an event's column, and other words for them by their letters alone."""

    column: str
    known: tuple[str, ...]
    others: Mapping[str, str]
    message: str
    hint: str

    def findings(self, rule: Rule, context: Context) -> Iterator[Finding]:
        """Yield a finding for each text that no event holds."""
        guesses: dict[str, str] = {}
        for comparison in context.once(comparisons):
            column = comparison.column
            if not isinstance(column, ColumnValue) or column.name != self.column:
                continue
            if context.event_value(column) is None:
                continue
            change = _FUNCTIONS[comparison.function]
            known = [change(value) for value in self.known]
            for text in comparison.texts:
                if self._is_unknown(context, comparison, text, known):
                    if text.value not in guesses and len(guesses) < _MOST_GUESSES:
                        guesses[text.value] = self.guess(text.value)
                    yield self._finding(rule, context, comparison, text, guesses.get(text.value, ""))

    def _is_unknown(
        self, context: Context, comparison: TextComparison, text: nodes.String, known: Collection[str]
    ) -> bool:
        if comparison.function and _FUNCTIONS[comparison.function](text.value) != text.value:
            return False  # case-never-matches has more to say of it
        if comparison.way is Way.LIKE:
            pattern = read_pattern(text.value, context.dialect)
            return not any(pattern.matches(value) for value in known)
        return text.value not in known

    def guess(self, text: str) -> str:
        """Return the known value that a text was probably meant to be, or an empty text."""
        word = "".join(letter for letter in text.lower()[:100] if letter.isalpha())
        by_letters = {value.replace("_", ""): value for value in self.known}
        if word in by_letters or word in self.others:
            return by_letters.get(word) or self.others[word]
        close = close_names(word, by_letters, most=1, likeness=LIKE_A_VALUE)
        return by_letters[close[0]] if close else ""

    def _finding(
        self, rule: Rule, context: Context, comparison: TextComparison, text: nodes.String, guess: str
    ) -> Finding:
        place = literal_span(context, text)
        message = self.message.format(f"'{shortened(text.value)}'")
        meant = _FUNCTIONS[comparison.function](guess)
        if not guess or comparison.way is Way.LIKE:
            hint = f"did you mean '{meant}'?" if guess else self.hint
            return rule.finding(place, message, help=hint)
        fix = replacement(place, written_text(context, text, meant), f"Write '{meant}'", Safety.UNSAFE)
        return rule.finding(place, message, help=f"did you mean '{meant}'?", fix=fix)


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

_TYPES = EventValues(
    "event_type",
    EVENT_TYPES,
    {word: name for name, words in _OTHER_WORDS.items() for word in words.split()},
    "no event is of the type {}",
    f"the types are {', '.join(EVENT_TYPES)}",
)


def _types(context: Context) -> Iterator[Finding]:
    return _TYPES.findings(UNKNOWN_EVENT_TYPE, context)


UNKNOWN_EVENT_TYPE = Rule(
    code="unknown-event-type",
    severity=Severity.WARNING,
    summary="an event_type that no event has",
    why="Events have the names of SendGrid's Event Webhook, which are not the words of its user interface: "
    "what was sent is 'processed', what was opened 'open', a complaint 'spamreport'. They are in lower case, "
    "and texts are compared case-sensitively.",
    example="event_type = 'opened'",
    instead="event_type = 'open'",
    check=_types,
    about=(nodes.String,),
    columns=frozenset({"event_type"}),
)


_SOURCES = EventValues(
    "event_source",
    ("mail",),
    dict.fromkeys("email emails mails mailing sendgrid marketing singlesend".split(), "mail"),
    "no event is known to have the source {}",
    "'mail' is the one source that is known",
)


def _sources(context: Context) -> Iterator[Finding]:
    return _SOURCES.findings(UNKNOWN_EVENT_SOURCE, context)


UNKNOWN_EVENT_SOURCE = Rule(
    code="unknown-event-source",
    severity=Severity.WARNING,
    summary="an event_source that no event is known to have",
    why="'mail' is the one source that is known. Which email it was about is not in event_source, but in the "
    "event's data.",
    example="event_source = 'email' AND event_type = 'open'",
    instead="event_source = 'mail' AND event_type = 'open'",
    check=_sources,
    about=(nodes.String,),
    columns=frozenset({"event_source"}),
)
