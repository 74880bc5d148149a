"""Texts that meet conditions, by construction: each condition reads a text character by character.

A search over the states of all conditions together finds the shortest texts that all of them accept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from sql_seg.analysis.ordered import OrderedSet, compared
from sql_seg.analysis.possible_values import Values
from sql_seg.language.case_mapping import lower, upper
from sql_seg.language.operators import Comparator
from sql_seg.language.patterns import Pattern
from sql_seg.solver.budget import Budget
from sql_seg.solver.choices import Choices, ordered
from sql_seg.solver.points import Stretch, stretches

_MOST_STATES = 4_000
_LETTERS = "abx1 "
_BELOW, _ABOVE = -1, -2


class TextReader(Protocol):
    """A condition on a text: a state after each character, and whether the text may end there."""

    @property
    def start(self) -> Any:
        """The state before the first character."""

    def step(self, state: Any, character: str) -> Any:
        """Return the state after one more character; None where no text can be accepted any more."""

    def accepts(self, state: Any) -> bool:
        """Return whether the text may end in a state."""

    def characters(self) -> str:
        """Return characters that make a difference."""

    def kind(self, character: str) -> object:
        """Return what is equal for characters that make no difference to each other."""


class Likes:
    """The text matches all of some patterns, and none of others.

    A state is one integer, with a bit for each place of each pattern that may have been reached: for sixty
    patterns, one step takes as long as it takes for one.
    """

    def __init__(self, like: Iterable[Pattern], unlike: Iterable[Pattern] = ()) -> None:
        self._like, self._unlike = list(like), list(unlike)
        self.start = 0
        self._stays = 0
        self._any = 0
        self._plain: dict[str, int] = {}
        self._wanted: list[int] = []
        self._losable: list[int] = []
        self._unwanted = 0
        self._lost = 0
        self._behind: list[tuple[int, int]] = []
        bit = 1
        for index, pattern in enumerate([*self._like, *self._unlike]):
            bit = self._lay_out(pattern, bit, wanted=index < len(self._like))

    def _lay_out(self, pattern: Pattern, first: int, *, wanted: bool) -> int:
        """Give each place of a pattern a bit, from one on; return the next one that is free."""
        self.start |= first
        bit, stays = first, []
        for index, run in enumerate(pattern.runs):
            if index:
                self._stays |= bit
                stays.append(bit)
            characters: list[str | None] = [None] * run.length
            for offset, text in run.stretches:
                characters[offset : offset + len(text)] = text
            for character in characters:
                if character is None:
                    self._any |= bit
                else:
                    self._plain[character] = self._plain.get(character, 0) | bit
                bit <<= 1
        # Whatever matches from a place before a % matches from that % on, too.
        self._behind += [(stay, stay - first) for stay in stays if stay > first]
        if wanted:
            self._wanted.append(bit)
            if first not in stays:
                self._losable.append((bit << 1) - first)
        else:
            self._unwanted |= bit
            self._lost |= bit & self._stays
        return bit << 1

    def step(self, state: int, character: str) -> int | None:
        """Return the places in the patterns that may have been reached."""
        moved = (state & (self._any | self._plain.get(character, 0))) << 1 | state & self._stays
        for stay, before in self._behind:
            if moved & stay:
                moved &= ~before
        if moved & self._lost:
            return None
        for places in self._losable:
            if not moved & places:
                return None
        return moved

    def accepts(self, state: int) -> bool:
        """Return whether the patterns have been matched to their ends, as wanted."""
        return not state & self._unwanted and all(state & last for last in self._wanted)

    def characters(self) -> str:
        """Return the patterns' plain characters."""
        return "".join(self._plain)

    def kind(self, character: str) -> object:
        """Return the places at which a character may stand."""
        return self._plain.get(character, 0)


@dataclass(frozen=True)
class Beyond:
    """The text lies behind a cut of an ordered set, or with ``wanted`` False before it."""

    value: str
    side: int
    wanted: bool = True
    start = 0

    def step(self, state: int, character: str) -> int | None:
        """Return how many characters are the value's, or that the text is below or above it."""
        if state < 0:
            return state
        if state == len(self.value) or character > self.value[state]:
            return _ABOVE if self.wanted else None
        if character < self.value[state]:
            return None if self.wanted else _BELOW
        return state + 1

    def accepts(self, state: int) -> bool:
        """Return whether a text that ends here lies as wanted."""
        behind = state == _ABOVE or (state == len(self.value) and self.side == 0)
        return behind is self.wanted

    def characters(self) -> str:
        """Return the value's characters."""
        return self.value

    def kind(self, character: str) -> object:
        """Return how a character compares to each of the value's."""
        return sum(other < character for other in self.value), character in self.value


@dataclass(frozen=True)
class Long:
    """The text's length is among some numbers."""

    lengths: OrderedSet
    start = 0

    def step(self, state: int, character: str) -> int | None:  # noqa: ARG002 -- as TextReader has it
        """Count, up to the longest that is wanted."""
        return state + 1 if state < self._longest else None

    @cached_property
    def _longest(self) -> float:
        """The largest of the lengths that a search can reach; 0 where it reaches none."""
        reached = self.lengths.intersection(compared(Comparator.LE, _MOST_STATES))
        return 0 if reached.is_empty else reached.cuts[-1][0]

    def accepts(self, state: int) -> bool:
        """Return whether the length is one that is wanted."""
        return self.lengths.holds(state)

    def characters(self) -> str:
        """Return nothing: any character is one."""
        return ""

    def kind(self, character: str) -> object:  # noqa: ARG002 -- as TextReader has it
        """Return nothing: characters are only counted."""
        return None


@dataclass(frozen=True)
class Changed:
    """The text in lower case, or in upper case, is what another condition asks for."""

    reader: TextReader
    change: Callable[[str], str]

    @property
    def start(self) -> Any:
        """No character read yet."""
        return self.reader.start

    def step(self, state: Any, character: str) -> Any:
        """Read the character in its case."""
        for changed in self.change(character):
            if state is not None:
                state = self.reader.step(state, changed)
        return state

    def accepts(self, state: Any) -> bool:
        """Return what the other condition says."""
        return self.reader.accepts(state)

    def characters(self) -> str:
        """Return the characters in both cases."""
        plain = self.reader.characters()
        return plain + lower(plain) + upper(plain)

    def kind(self, character: str) -> object:
        """Return the kinds of what the character becomes."""
        return tuple(map(self.reader.kind, self.change(character)))


def within(stretch: Stretch) -> list[TextReader]:
    """Return the conditions on a text that lies in a stretch."""
    low, high = stretch
    readers: list[TextReader] = [Beyond(*low)] if low is not None and low != ("", 0) else []
    return readers if high is None else [*readers, Beyond(*high, wanted=False)]


def readers_of(values: Values) -> list[TextReader]:
    """Return the conditions on a text that a set of texts is; of several stretches, on the first."""
    readers: list[TextReader] = []
    if values.like or values.unlike:
        readers.append(Likes(sorted(values.like, key=str), sorted(values.unlike, key=str)))
    return readers + within(next(stretches(values.known), (None, None)))


def filled(pattern: Pattern, words: Sequence[str]) -> Iterator[str]:
    """Yield texts that match a pattern, with each of some words where it takes any text first."""
    first, *rest = [run.spelled("a") for run in pattern.runs]
    for word in words:
        yield first + (word if rest and not first else "") + "".join(rest)


def joined(patterns: Iterable[Pattern]) -> str:
    """Return what patterns ask for, one after the other: of many, a search ends before it comes to that."""

    def place(pattern: Pattern) -> tuple[bool, bool, str]:
        first, last = pattern.runs[0], pattern.runs[-1]
        return not first.length, bool(last.length), str(pattern)

    return "".join([next(filled(pattern, ("",))) for pattern in sorted(patterns, key=place)])


class TextSearch:
    """Searches for texts that all readers accept; ``is_exhausted``: at the end, it has seen all states."""

    def __init__(self, readers: Sequence[TextReader], choices: Choices, budget: Budget | None = None) -> None:
        self.is_exhausted = False
        self._readers = readers
        self._budget = Budget() if budget is None else budget
        self._alphabet = ordered(choices, _alphabet(readers))

    def texts(self) -> Iterator[str]:
        """Yield texts, shorter ones first, one for each way to be accepted."""
        start = tuple([reader.start for reader in self._readers])
        seen = {start}
        waiting: list[tuple[str, tuple[Any, ...]]] = [("", start)]
        for text, states in waiting:
            self._budget.spend(1 + len(self._alphabet) * len(self._readers) // 4)
            if self._accepts(states):
                yield text
            for character in self._alphabet:
                following = self._step(states, character)
                if None in following or following in seen:
                    continue
                if len(seen) > _MOST_STATES:
                    return
                seen.add(following)
                waiting.append((text + character, following))
        self.is_exhausted = not any(isinstance(reader, Changed | Long) for reader in self._readers)

    def _accepts(self, states: tuple[Any, ...]) -> bool:
        return all(reader.accepts(state) for reader, state in zip(self._readers, states, strict=True))

    def _step(self, states: tuple[Any, ...], character: str) -> tuple[Any, ...]:
        pairs = zip(self._readers, states, strict=True)
        return tuple([reader.step(state, character) for reader, state in pairs])


def _alphabet(readers: Sequence[TextReader]) -> list[str]:
    """Return a character of each kind that the readers distinguish; those that print stand first."""
    named = dict.fromkeys("".join([reader.characters() for reader in readers]))
    codes = [ord(c) + step for c in named for step in (1, -1)]
    beside = [chr(code) for code in codes if 0 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF]
    alphabet = list(dict.fromkeys([*named, *_LETTERS, *beside]))
    kinds: dict[object, str] = {}
    for character in sorted(alphabet, key=lambda c: not c.isprintable()):
        kinds.setdefault(tuple([reader.kind(character) for reader in readers]), character)
    return list(kinds.values())


def is_accepted(text: str, readers: Sequence[TextReader]) -> bool:
    """Return whether all readers accept a text."""
    for reader in readers:
        state = reader.start
        for character in text:
            state = reader.step(state, character)
            if state is None:
                return False
        if not reader.accepts(state):
            return False
    return True
