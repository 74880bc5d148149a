"""What ``unknown-event-type`` and ``unknown-event-source`` share: texts that no event holds in a column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from sql_seg.core.terms import ColumnValue
from sql_seg.diagnostics import Finding, Safety, replacement
from sql_seg.frozen import frozen
from sql_seg.language.case_mapping import CASES
from sql_seg.language.patterns import read_pattern
from sql_seg.linting.comparisons import TextComparison, Way, comparisons
from sql_seg.linting.places import literal_span, shortened, written_text
from sql_seg.linting.rows import event_value
from sql_seg.linting.rule import Context, Rule
from sql_seg.syntax import nodes

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
            if event_value(context, column) is None:
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
        from difflib import get_close_matches  # takes longer to import than most checks to run

        close = get_close_matches(word, by_letters, n=1, cutoff=0.7)
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
