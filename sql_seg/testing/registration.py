"""Makes ``st.from_type`` know queries: Hypothesis calls ``register`` when it is imported."""

from __future__ import annotations

from hypothesis import strategies as st

from sql_seg.syntax.nodes import Expression, Predicate, Query, Select


def register() -> None:
    """Tell Hypothesis how to draw a Query, a Predicate (v1), a Select (v2) and a condition as Expression."""
    st.register_type_strategy(Query, _queries)
    st.register_type_strategy(Predicate, _predicates)
    st.register_type_strategy(Select, _selects)
    st.register_type_strategy(Expression, _expressions)


# Drawing needs much more than registering, which happens at every import of Hypothesis.


def _queries(_: type) -> st.SearchStrategy[Query]:
    from sql_seg.testing.drawn_queries import queries

    return queries()


def _predicates(_: type) -> st.SearchStrategy[Query]:
    from sql_seg.testing.drawn_queries import queries

    return queries("v1")


def _selects(_: type) -> st.SearchStrategy[Query]:
    from sql_seg.testing.drawn_queries import queries

    return queries("v2")


def _expressions(_: type) -> st.SearchStrategy[Expression]:
    from sql_seg.testing.drawn_queries import expressions

    return expressions()
