"""The LALR automaton of a grammar, walked over tokens: each rule that is matched becomes a value.

Three things make it quick. A state is a dict from symbols to actions, read from the tables when it is first
entered. Rules that only pass a value on (``?sum: product``) are no steps: where they lead to is found out
once for each state, origin and next token. And what stands on the stack for a token is its text alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from sql_seg.diagnostics.source import Span
from sql_seg.syntax.parsing.tables import ParserTables
from sql_seg.syntax.parsing.tokens import Tokens

Make: TypeAlias = Callable[[list[Any], Span], Any]
"""From the values of a rule's symbols (a token's is its text) and the place of them all to its own value."""

Match: TypeAlias = tuple[int, str, Make | None]
"""A rule that was matched: its length, its origin and what makes its value (None: it is its symbol's)."""

ParserAction: TypeAlias = "State | Match | None"
"""The next state, or a match, or None where a symbol does not fit."""

_REPEATED = "__"
"""What Lark's names for repeated parts of a rule start with."""

_new = tuple.__new__


class DoesNotFitError(Exception):
    """The tokens are no text of the grammar."""


class State(dict[str, ParserAction]):
    """The action for each symbol; empty until the first one is asked for."""

    __slots__ = ("_automaton", "_entries", "after")

    def __init__(self, automaton: Automaton, entries: str) -> None:
        super().__init__()
        self._automaton = automaton
        self._entries = entries
        self.after = _Origins(self)

    def __missing__(self, symbol: str) -> ParserAction:
        self._read()
        return self.get(symbol)

    def symbols(self) -> list[str]:
        """Return the types of token that it has an action for."""
        self._read()
        return [symbol for symbol in self if symbol.isupper()]

    def _read(self) -> None:
        for entry in self._entries.split():
            symbols, goes, number = entry.partition(">")
            if not goes:
                symbols, _, number = entry.partition("<")
            actions: Any = self._automaton.states if goes else self._automaton.rules
            self.update(dict.fromkeys(symbols.split(","), actions[int(number)]))
        self._entries = ""  # not sooner: another thread may be reading them too


class _Origins(dict[str, "_Following"]):
    """By the origin of a rule that was matched from a state on: what follows."""

    __slots__ = ("_state",)

    def __init__(self, state: State) -> None:
        super().__init__()
        self._state = state

    def __missing__(self, origin: str) -> _Following:
        self[origin] = following = _Following(self._state, origin)
        return following


class _Following(dict[str, tuple[State, ParserAction]]):
    """By the next token: the state, past all rules that only pass the value on, and its action."""

    __slots__ = ("_origin", "_state")

    def __init__(self, state: State, origin: str) -> None:
        super().__init__()
        self._state = state
        self._origin = origin

    def __missing__(self, token: str) -> tuple[State, ParserAction]:
        origin = self._origin
        while True:
            state = self._state[origin]
            assert isinstance(state, State)
            action = state[token]
            if not isinstance(action, tuple) or action[2] is not None:
                break
            origin = action[1]
        self[token] = state, action
        return state, action


class Automaton:
    """The automaton of a grammar; the methods of ``builder`` make the values of its rules."""

    def __init__(self, tables: ParserTables, builder: object) -> None:
        self.rules = [_match(rule, builder) for rule in tables.rules]
        self.states = [State(self, entries) for entries in tables.states]

    def run(self, tokens: Tokens) -> Any:
        """Return the value of a whole text.

        Raises DoesNotFitError where it is none, and whatever the builder raises.
        """
        state = self.states[0]
        # The stack is three lists side by side: the state before each symbol, its value, and where it starts.
        before: list[State] = []
        values: list[Any] = []
        starts: list[int] = []
        end = 0
        for kind, word, next_end in zip(tokens.types, tokens.words, tokens.ends, strict=True):
            action: Any = state[kind]
            while type(action) is tuple:
                length, origin, make = action
                if make is not None:
                    span = _new(Span, (starts[-length], end))
                    if length == 1:
                        values[-1] = make(values[-1:], span)
                    else:
                        values[-length:] = (make(values[-length:], span),)
                        del before[1 - length :], starts[1 - length :]
                state, action = before[-1].after[origin][kind]
            if action is None:
                raise DoesNotFitError
            before.append(state)
            values.append(word)
            starts.append(next_end - len(word))
            state, end = action, next_end
        return values[0]

    def fit(self, types: list[str]) -> tuple[int, set[str]]:
        """Return how many tokens fit, and the types of those that could stand behind them."""
        count = sum(1 for _ in self._walk(types)) - 1
        *_, stack = self._walk(types[:count])
        return count, {symbol for symbol in stack[-1].symbols() if _shifted(stack[:], symbol)}

    def _walk(self, types: list[str]) -> Iterator[list[State]]:
        """Yield the stack at the start and behind each token that fits."""
        stack = [self.states[0]]
        yield stack
        for kind in types:
            if not _shifted(stack, kind):
                return
            yield stack


def _shifted(stack: list[State], token: str) -> bool:
    """Put a token on a stack, if it fits."""
    action = stack[-1][token]
    while isinstance(action, tuple):
        del stack[-action[0] :]
        state = stack[-1][action[1]]
        assert isinstance(state, State)
        stack.append(state)
        action = state[token]
    if action is None:
        return False
    stack.append(action)
    return True


def _match(rule: str, builder: object) -> Match:
    """Return what a rule of the tables does."""
    left, _, name = rule.partition(" -> ")
    origin, *symbols = left.replace(":", "").split()
    if origin.startswith(_REPEATED):
        return len(symbols), origin, _gathered
    if not name:
        return 1, origin, None
    make: Make = getattr(builder, name)
    repeated = [index for index, symbol in enumerate(symbols) if symbol.startswith(_REPEATED)]
    return len(symbols), origin, _flattened(make, repeated) if repeated else make


def _gathered(values: list[Any], _: Span) -> list[Any]:
    """Return the values of a repeated part so far."""
    if not isinstance(values[0], list):
        return values
    values[0].extend(values[1:])
    return values[0]


def _flattened(make: Make, repeated: list[int]) -> Make:
    """Return what makes the value of a rule that has repeated parts, whose values become the rule's own."""
    last_first = repeated[::-1]

    def flattened(values: list[Any], span: Span) -> Any:
        for index in last_first:
            values[index : index + 1] = values[index]
        return make(values, span)

    return flattened
