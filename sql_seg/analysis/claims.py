"""What is certain of a query's conditions: claims, each about the smallest condition of which it holds.

Conditions are visited from the inside out. A plain one needs no look (``plain_conditions``), and of a chain
only the operands that speak of the same things are looked at. Of what holds a claim nothing more is claimed:
from then on it may be TRUE, FALSE or NULL anywhere. Which truth values matter goes down with the visit, and a
NOT turns it round: what is redundant where it only counts whether the query is TRUE may matter where FALSE
counts, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from sql_seg.analysis.chains import Conflict, conflicts, related_pairs
from sql_seg.analysis.known import RowKinds
from sql_seg.analysis.plain_conditions import (
    SOME_SUBQUERY,
    Things,
    all_things,
    entangled,
    plain_reads,
    things,
    things_of,
)
from sql_seg.analysis.regions import EVERYWHERE, Key, Region, are_disjoint, meet
from sql_seg.core.full_form import in_full
from sql_seg.core.goals import Goal
from sql_seg.core.substitution import canonical
from sql_seg.core.terms import (
    All,
    AnyOf,
    Between,
    Compared,
    Constant,
    ContainsAny,
    EqualsAny,
    InSubquery,
    Inverse,
    LastEvent,
    Matched,
    Meaning,
    NullTest,
    OneOf,
    OnParentList,
    SomeEvent,
    Subquery,
    Term,
    TruthTest,
    walk,
    with_children,
    without_not,
)
from sql_seg.core.traits import CONDITIONS, READ
from sql_seg.frozen import frozen
from sql_seg.language.datatypes import DataType

if TYPE_CHECKING:
    from sql_seg.analysis.condition_regions import ConditionRegions

Chain = All | AnyOf
_Matters = frozenset[Goal]
"""Which truth values of a condition make a difference to the query."""

_NO_CHAIN = All(())


@frozen
class Claim:
    """Something certain of ``condition``, because of ``others`` beside it in the chain, if any.

    ``of_event`` says that it speaks of an event alone.
    """

    condition: Term
    others: tuple[Term, ...] = ()
    subject: Term | None = None
    """The one term that they all speak of, where it is one."""
    of_event: bool = False


class NeverTrue(Claim):
    """The conditions are never TRUE together."""

    __slots__ = ()


@frozen
class AlwaysTrue(Claim):
    """One of the conditions is TRUE where none of ``known`` is NULL."""

    known: tuple[Term, ...] = ()
    negated: bool = False
    """Whether it only counts that they are FALSE, which never happens: a NOT stands around them."""


class NeverNull(Claim):
    """IS NULL, or IS NOT NULL, of a column that is never NULL."""

    __slots__ = ()


@frozen
class Redundant(Claim):
    """The operand at ``index`` of ``chain`` adds nothing to the other condition."""

    chain: Chain = _NO_CHAIN
    index: int = 0


class Duplicate(Redundant):
    """The operand is the other condition once more."""

    __slots__ = ()


class Subsumed(Redundant):
    """The operand is implied by the other condition (AND), or implies it (OR)."""

    __slots__ = ()


_TRUE = frozenset({Goal.TRUE})
_FALSE = frozenset({Goal.FALSE})
_BOTH = _TRUE | _FALSE


def claims(checked: Meaning) -> list[Claim]:
    """Return all that is certain of a query's conditions."""
    claimant = _Claimant(checked)
    for root in checked.parts:
        claimant.of_root(root)
    return claimant.claims


class _Claimant:
    """Goes through conditions from the inside out: of what holds a claim, nothing more is claimed from it."""

    def __init__(self, checked: Meaning) -> None:
        self._rows = RowKinds(checked)
        self.claims: list[Claim] = []
        self._has_subqueries = False
        self._without_duplicates: dict[int, Term] = {}

    @cached_property
    def _conditions(self) -> ConditionRegions:
        """The regions of conditions, read only where conditions may have to do with each other."""
        from sql_seg.analysis.condition_regions import (
            ConditionRegions,  # 5 ms to import, and few queries need it
        )

        return ConditionRegions()

    def of_root(self, term: Term) -> None:
        """Claim what is certain of a whole condition."""
        if isinstance(term, SomeEvent):
            self._visit(term.condition, _TRUE)
        elif isinstance(term, LastEvent):
            self._visit(term.condition, _TRUE)
            self._visit(term.having, _TRUE)
        else:
            self._visit(term, _TRUE)

    def _visit(self, term: Term, matters: _Matters) -> Things | None:
        """Claim what is certain of a condition; return what it speaks of, if that can be said."""
        reads = plain_reads(term, self._rows)
        if reads is not None:
            return things(reads)
        if isinstance(without_not(term), InSubquery):
            self._visit_parts(term)
            return SOME_SUBQUERY
        if isinstance(term, Inverse):
            return self._visit(term.operand, frozenset({goal.inverse for goal in matters}))
        if isinstance(term, (All, AnyOf)):
            parts = [self._visit(operand, matters) for operand in term.operands]
            indexes = entangled(parts)
            if indexes and not (Goal.TRUE in matters and self._only_keeps_null(term, indexes)):
                self._claim_chain(term, indexes, matters)
            return all_things(parts)
        if not isinstance(term, OnParentList):
            self._visit_parts(term)
            self._claim_alone(term)
        return things_of(term)

    def _only_keeps_null(self, chain: Chain, indexes: Sequence[int]) -> bool:
        """Return whether a chain is ``x != 'a' OR x IS NULL``, of which nothing is certain.

        A tenth of the time for claims went into such chains, which the fix of null-blind-inequality writes.
        """
        if not isinstance(chain, AnyOf) or len(indexes) != 2:
            return False
        first, second = (chain.operands[index] for index in indexes)
        condition, test = (second, first) if isinstance(first, NullTest) else (first, second)
        return (
            isinstance(test, NullTest)
            and not test.negated
            and isinstance(condition, (Compared, OneOf, Matched, ContainsAny))
            and plain_reads(condition, self._rows) == (test.operand,)
        )

    def _visit_parts(self, term: Term) -> None:
        """Visit the conditions inside a condition that is no chain."""
        term = without_not(term)
        if isinstance(term, TruthTest):
            self._visit(term.operand, _TRUE if term.value else _FALSE)
        elif isinstance(term, InSubquery):
            self._has_subqueries = True
            self._visit(term.subquery.condition, _TRUE)
        elif not isinstance(term, Matched):
            for child in term.children():
                if isinstance(child, (*CONDITIONS, InSubquery)):
                    self._visit(child, _BOTH)

    def _claim_alone(self, term: Term) -> None:
        """Claim what is certain of one condition by itself."""
        region = self._conditions.region
        column = _null_tested(term)
        if column is not None and self._rows.never_null(column):
            self._claim(NeverNull(term, subject=column, of_event=self._is_of_event([term])))
        elif not region(term, Goal.TRUE):
            if not _names_null(term):
                self._claim(NeverTrue(term, of_event=self._is_of_event([term])))
        elif region(term, Goal.FALSE) or (not _names_null(term) and not self._claim_always([term])):
            return
        self._conditions.forget(term)

    def _claim_chain(self, chain: Chain, indexes: Sequence[int], matters: _Matters) -> None:
        """Claim what is certain of those operands of a chain that have to do with each other."""
        claimed = False
        operands = [chain.operands[index] for index in indexes]
        for conflict in self._conflicts_of(chain, operands):
            involved = [operands[position] for position in conflict.operands]
            subject = self._conditions.subject(conflict.key)
            if isinstance(chain, AnyOf):
                claimed |= self._claim_always(involved, subject, negated=matters == _FALSE)
                continue
            if conflict.key is not None:
                involved = [self._part_that_says(operand, conflict.key) for operand in involved]
            *others, condition = involved
            self._claim(NeverTrue(condition, tuple(others), subject, self._is_of_event(involved)))
            claimed = True
        self._claim_redundant(chain, indexes, matters, only_duplicates=claimed)
        if claimed:
            self._conditions.forget(chain)

    def _part_that_says(self, operand: Term, key: Key) -> Term:
        """Return the smallest part of an AND inside of an AND that says all that it says of one thing."""
        region = self._conditions.region
        while isinstance(operand, All):
            (whole,) = region(operand, Goal.TRUE)
            parts = [(part, region(part, Goal.TRUE)) for part in operand.operands]
            inner = [part for part, boxes in parts if len(boxes) == 1 and boxes[0].get(key) == whole[key]]
            if not inner:
                break
            operand = inner[0]
        return operand

    def _conflicts_of(self, chain: Chain, operands: Sequence[Term]) -> list[Conflict]:
        """Return which of some operands of an AND are never TRUE together, or of an OR never not TRUE.

        If none are, those of an OR that are never FALSE together; IS NULL has no part in it, as whatever
        stands beside ``x IS NOT NULL`` is TRUE or NULL where that is not.
        """
        if isinstance(chain, All):
            return self._conflicts(operands, [self._conditions.region(part, Goal.TRUE) for part in operands])
        regions = [self._conditions.region(part, Goal.NOT_TRUE) for part in operands]
        certain = self._conflicts(operands, regions)
        if certain:
            return certain
        return self._conflicts(
            operands,
            [
                EVERYWHERE if _tests_null(part) else self._conditions.region(part, Goal.FALSE)
                for part in operands
            ],
        )

    def _conflicts(self, operands: Sequence[Term], regions: Sequence[Region]) -> list[Conflict]:
        found = list(conflicts(regions))
        is_compound = any(len(region) > 1 for region in regions)
        if is_compound and not found and not meet(regions):
            return [Conflict(tuple(range(len(operands))))]
        return found

    def _claim_always(
        self, involved: Sequence[Term], subject: Term | None = None, *, negated: bool = False
    ) -> bool:
        """Claim that one of some conditions is TRUE, always or where what they read is not NULL, if so."""
        *others, condition = involved
        regions = [self._conditions.region(part, Goal.NOT_TRUE) for part in involved]
        known: tuple[Term, ...] = ()
        if meet(regions):
            reads = _reads(involved)
            all_known = self._conditions.all_known(reads)
            if not all_known or meet([*regions, all_known]):
                return False
            known = tuple([read for read in reads if not self._rows.never_null(read)])
        self._claim(
            AlwaysTrue(condition, tuple(others), subject, self._is_of_event(involved), known, negated)
        )
        return True

    def _claim_redundant(
        self, chain: Chain, indexes: Sequence[int], matters: _Matters, *, only_duplicates: bool
    ) -> None:
        redundant: set[int] = set()
        first: dict[Term, int] = {}
        for index in indexes:
            operand = chain.operands[index]
            earlier = first.setdefault(self._identity(operand), index)
            if earlier != index:
                redundant.add(index)
                self._claim(Duplicate(operand, (chain.operands[earlier],), chain=chain, index=index))
        if redundant:
            kept = tuple([operand for i, operand in enumerate(chain.operands) if i not in redundant])
            self._without_duplicates[id(chain)] = kept[0] if len(kept) == 1 else type(chain)(kept)
        if only_duplicates:
            return
        regions = [self._conditions.region(chain.operands[index], Goal.TRUE) for index in indexes]
        for pair in related_pairs(regions):
            one, other = indexes[pair[0]], indexes[pair[1]]
            if one in redundant or other in redundant:
                continue
            for index, witness in ((other, one), (one, other)):
                if self._adds_nothing(chain, matters, index, witness):
                    redundant.add(index)
                    operand = chain.operands[index]
                    self._claim(Subsumed(operand, (chain.operands[witness],), chain=chain, index=index))
                    break

    def _identity(self, term: Term) -> Term:
        """Return a term that is equal for all conditions that say the same in the same words."""
        if self._without_duplicates:
            term = self._deduplicated(term)
        full = in_full(term)
        return canonical(full) if self._has_subqueries else full

    def _deduplicated(self, term: Term) -> Term:
        while id(term) in self._without_duplicates:
            term = self._without_duplicates[id(term)]
        return with_children(term, self._deduplicated)

    def _adds_nothing(self, chain: Chain, matters: _Matters, index: int, witness: int) -> bool:
        """Return whether an operand changes no truth value that matters, beside another one."""
        region = self._conditions.region
        own, other = chain.operands[index], chain.operands[witness]
        if isinstance(chain, All):
            if _tests_null(own):
                return False
            narrow, wide = other, own
        else:
            narrow, wide = own, other
        if Goal.TRUE in matters and not are_disjoint(region(narrow, Goal.TRUE), region(wide, Goal.NOT_TRUE)):
            return False
        return Goal.FALSE not in matters or are_disjoint(
            region(wide, Goal.FALSE), region(narrow, Goal.NOT_FALSE)
        )

    def _claim(self, claim: Claim) -> None:
        self.claims.append(claim)

    def _is_of_event(self, conditions: Iterable[Term]) -> bool:
        rows = [getattr(term, "row", None) for condition in conditions for term in walk(condition)]
        read = [row for row in rows if row is not None]
        return bool(read) and not any(map(self._rows.is_contact, read))


def _reads(conditions: Iterable[Term]) -> list[Term]:
    """Return all that conditions read of the rows they are asked of, each once: subqueries read their own."""
    terms = [term for condition in conditions for term in _outside_subqueries(condition)]
    reads = dict.fromkeys(term for term in terms if isinstance(term, READ))
    return sorted(reads, key=lambda read: read.span)


def _outside_subqueries(term: Term) -> Iterator[Term]:
    if not isinstance(term, Subquery):
        yield term
        for child in term.children():
            yield from _outside_subqueries(child)


def _tests_null(term: Term) -> bool:
    return isinstance(without_not(term), NullTest)


def _null_tested(term: Term) -> Term | None:
    """Return what is read in ``column IS [NOT] NULL``."""
    if isinstance(term, NullTest) and isinstance(term.operand, READ):
        operand: Term = term.operand
        return operand
    return None


def _names_null(term: Term) -> bool:
    """Return whether a condition compares with a NULL that is written in it."""
    for part in walk(term):
        if isinstance(part, OneOf) and part.or_null:
            return True
        if isinstance(part, (Between, Compared, EqualsAny)):
            sides = part.children()
            if any(isinstance(side, Constant) and side.type is DataType.NULL for side in sides):
                return True
    return False
