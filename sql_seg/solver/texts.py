"""Texts that meet conditions, by construction: each condition reads a text character by character.

A search over the states of all conditions together finds the shortest texts that all of them accept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from sql_seg.analysis.ordered import OrderedSet, compared
from sql_seg.analysis.values import Values
from sql_seg.language.case_mapping import lower, upper
from sql_seg.language.operators import Comparator
from sql_seg.language.patterns import Pattern, Run
from sql_seg.solver.choices import Choices, ordered
from sql_seg.solver.points import Stretch, holds, stretches

_MOST_STATES = 4_000
_LETTERS = "abx1 "
_ANY_CHARACTER, _ANY_TEXT = "one", "some"
_BELOW, _ABOVE = -1, -2


class Reader(Protocol):
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


@dataclass(frozen=True)
class Like:
    """The text matches a pattern, or with ``wanted`` False does not."""

    pattern: Pattern
    wanted: bool = True

    def __post_init__(self) -> None:
        tokens: list[str | None] = []
        for index, run in enumerate(self.pattern.runs):
            characters = [_ANY_CHARACTER] * run.length
            for offset, text in run.stretches:
                characters[offset : offset + len(text)] = text
            tokens += ([_ANY_TEXT] if index else []) + characters
        object.__setattr__(self, "_tokens", tokens)

    @property
    def start(self) -> Any:
        """No character read yet."""
        return self._closed({0})

    def step(self, state: Any, character: str) -> Any:
        """Return the places in the pattern that may have been reached."""
        tokens: list[str] = self._tokens  # type: ignore[attr-defined]
        reached = set()
        for place in state:
            if place == len(tokens):
                continue
            token = tokens[place]
            if token == _ANY_TEXT:
                reached.add(place)
            elif token in (_ANY_CHARACTER, character):
                reached.add(place + 1)
        return self._closed(reached) if reached or not self.wanted else None

    def accepts(self, state: Any) -> bool:
        """Return whether the whole pattern has been matched, as wanted."""
        return (len(self._tokens) in state) is self.wanted  # type: ignore[attr-defined]

    def characters(self) -> str:
        """Return the pattern's plain characters."""
        return "".join([text for run in self.pattern.runs for _, text in run.stretches])

    def _closed(self, places: set[int]) -> frozenset[int]:
        tokens: list[str] = self._tokens  # type: ignore[attr-defined]
        waiting = list(places)
        while waiting:
            place = waiting.pop()
            if place < len(tokens) and tokens[place] == _ANY_TEXT and place + 1 not in places:
                places.add(place + 1)
                waiting.append(place + 1)
        return frozenset(places)


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


@dataclass(frozen=True)
class Long:
    """The text's length is among some numbers."""

    lengths: OrderedSet
    start = 0

    def step(self, state: int, character: str) -> int | None:  # noqa: ARG002 -- as Reader has it
        """Count, up to the longest that is wanted."""
        return state + 1 if state < self._longest else None

    @cached_property
    def _longest(self) -> float:
        """The largest of the lengths that a search can reach; 0 where it reaches none."""
        reached = self.lengths.intersection(compared(Comparator.LE, _MOST_STATES))
        return 0 if reached.is_empty else reached.cuts[-1][0]

    def accepts(self, state: int) -> bool:
        """Return whether the length is one that is wanted."""
        return holds(self.lengths, state)

    def characters(self) -> str:
        """Return nothing: any character is one."""
        return ""


@dataclass(frozen=True)
class Changed:
    """The text in lower case, or in upper case, is what another condition asks for."""

    reader: Reader
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


def within(stretch: Stretch) -> list[Reader]:
    """Return the conditions on a text that lies in a stretch."""
    low, high = stretch
    readers: list[Reader] = [Beyond(*low)] if low is not None and low != ("", 0) else []
    return readers if high is None else [*readers, Beyond(*high, wanted=False)]


def readers_of(values: Values) -> list[Reader]:
    """Return the conditions on a text that a set of texts is; of several stretches, on the first."""
    readers: list[Reader] = [Like(pattern) for pattern in sorted(values.like, key=str)]
    readers += [Like(pattern, wanted=False) for pattern in sorted(values.unlike, key=str)]
    return readers + within(next(stretches(values.known), (None, None)))


def filled(pattern: Pattern, words: Sequence[str]) -> Iterator[str]:
    """Yield texts that match a pattern, with each of some words where it takes any text first."""
    first, *rest = [_spelled(run) for run in pattern.runs]
    for word in words:
        yield first + (word if rest and not first else "") + "".join(rest)


def joined(patterns: Iterable[Pattern]) -> str:
    """Return what patterns ask for, one after the other: of many, a search ends before it comes to that."""

    def place(pattern: Pattern) -> tuple[bool, bool, str]:
        first, last = pattern.runs[0], pattern.runs[-1]
        return not first.length, bool(last.length), str(pattern)

    return "".join([next(filled(pattern, ("",))) for pattern in sorted(patterns, key=place)])


def _spelled(run: Run) -> str:
    characters = ["a"] * run.length
    for offset, text in run.stretches:
        characters[offset : offset + len(text)] = text
    return "".join(characters)


class TextSearch:
    """Searches for texts that all readers accept; ``is_exhausted``: at the end, it has seen all states."""

    def __init__(self, readers: Sequence[Reader], choices: Choices) -> None:
        self.is_exhausted = False
        self._readers = readers
        self._alphabet = ordered(choices, _alphabet(readers))

    def texts(self) -> Iterator[str]:
        """Yield texts, shorter ones first, one for each way to be accepted."""
        start = tuple([reader.start for reader in self._readers])
        seen = {start}
        waiting: list[tuple[str, tuple[Any, ...]]] = [("", start)]
        for text, states in waiting:
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


def _alphabet(readers: Sequence[Reader]) -> list[str]:
    """Return a character of each kind that the readers tell apart; those that print stand first."""
    named = dict.fromkeys("".join([reader.characters() for reader in readers]))
    codes = [ord(c) + step for c in named for step in (1, -1)]
    beside = [chr(code) for code in codes if 0 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF]
    alphabet = list(dict.fromkeys([*named, *_LETTERS, *beside]))
    return sorted(alphabet, key=lambda c: not c.isprintable())


def is_accepted(text: str, readers: Sequence[Reader]) -> bool:
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
