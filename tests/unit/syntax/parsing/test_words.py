"""Keywords, and names that look like them."""

from __future__ import annotations

import pytest

from sql_seg.diagnostics.query_errors import QuerySyntaxError
from sql_seg.language.datatypes import Dialect
from sql_seg.language.literals import RESERVED
from sql_seg.syntax import nodes
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.nodes import Column
from sql_seg.syntax.parsing import parse

V1, V2 = Dialect
SOFT_WORDS = """
    timestamp interval day days second minute hour week month year max min count sum line data now contains
    cast over asc desc offset end then else all any some with insert update delete create alter drop table
    values set top date time unknown escape regexp nullable android origin island information betweenness
""".split()


def where(text: str, dialect: Dialect) -> nodes.Expression:
    if dialect is V1:
        query = parse(text, V1)
        assert isinstance(query, nodes.Predicate)
        return query.where
    query = parse(f"SELECT contact_id FROM contact_data WHERE {text}", V2)
    assert isinstance(query, nodes.Select)
    assert query.where is not None
    return query.where


def first(node: nodes.Node) -> nodes.Node:
    return node.children()[0]


def walk(node: nodes.Node) -> list[nodes.Node]:
    return [node, *(below for child in node.children() for below in walk(child))]


@pytest.mark.parametrize("dialect", Dialect)
@pytest.mark.parametrize("word", SOFT_WORDS)
def test_a_soft_keyword_is_a_column_wherever_a_name_can_stand(word: str, dialect: Dialect) -> None:
    for name in (word, word.upper()):
        for text in (
            "{} = 1",
            "1 < {}",
            "{} IS NULL",
            "{} IN (1, {})",
            "NOT {}",
            "{} - 1 > -{}",
            "({}) LIKE 'x'",
            "f({})",
        ):
            found = [
                node for node in walk(where(text.format(name, name), dialect)) if isinstance(node, Column)
            ]
            assert {column.name for column in found} == {name}


@pytest.mark.parametrize("word", SOFT_WORDS)
def test_a_soft_keyword_is_a_table_and_an_alias(word: str) -> None:
    query = parse(
        f"SELECT {word}.contact_id AS {word}, b {word} FROM contact_data {word} JOIN {word} AS b ON {word}"
    )
    assert isinstance(query, nodes.Select)
    assert [item.alias for item in query.items] == [word, word]
    assert query.table.alias == query.joins[0].table.name == word


@pytest.mark.parametrize("dialect", Dialect)
def test_a_reserved_word_is_a_name_in_delimiters_alone(dialect: Dialect) -> None:
    delimiter = "`" if dialect is V1 else '"'
    for word in RESERVED[dialect]:
        name = word.lower()
        assert first(where(f"{delimiter}{name}{delimiter} = 1", dialect)) == Column(name)
        with pytest.raises(QuerySyntaxError):
            where(f"{name} = 1 = 1", dialect)


def test_behind_a_dot_any_word_is_a_column() -> None:
    for word in RESERVED[V2]:
        assert first(where(f"c.{word} = 1", V2)) == Column(word, "c")
        assert first(where(f"c.{word.lower()} IS NULL", V2)) == Column(word.lower(), "c")


def test_in_a_path_any_word_is_a_key() -> None:
    for word in RESERVED[V2]:
        path = first(where(f"data:{word}.{word.lower()}.x = 1", V2))
        assert path == nodes.Path(Column("data"), (word, word.lower(), "x"))


def test_a_reserved_word_is_no_alias() -> None:
    for word in RESERVED[V2] - {"AS"}:
        with pytest.raises(QuerySyntaxError):
            parse(f"SELECT contact_id FROM contact_data AS {word} WHERE a = 1")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("'x'OR email='y'", "'x' OR email = 'y'"),
        ("email='x'OR(a=1)AND`b`=2", "email = 'x' OR a = 1 AND b = 2"),
        ("a IN('x')AND b", "a IN ('x') AND b"),
        ("a LIKE'x'", "a LIKE 'x'"),
        ("a BETWEEN'x'AND'y'", "a BETWEEN 'x' AND 'y'"),
        ("NOT(a)", "NOT a"),
        ("NOT'x'", "NOT 'x'"),
        ("`a`IS NULL", "a IS NULL"),
        ('updated_at<TIMESTAMP "2020-01-01"', "updated_at < TIMESTAMP '2020-01-01'"),
        ("updated_at<TIMESTAMP'2020-01-01'", "updated_at < TIMESTAMP '2020-01-01'"),
        ("a>NOW()-INTERVAL'5'DAY", "a > NOW() - INTERVAL 5 DAY"),
        ("a>NOW()-interval\n5\tdays", "a > NOW() - INTERVAL 5 DAY"),
        ("a\u00a0=\u20031", "a = 1"),
        ("NoT a Is nOt nUlL aNd TRUE", "NOT a IS NOT NULL AND TRUE"),
    ],
)
def test_a_keyword_may_touch_a_quote_or_a_bracket(text: str, same: str) -> None:
    assert to_text(parse(text, V1)) == same


@pytest.mark.parametrize(
    "text",
    ["a = 'x' ORb = 1", "a = 1ANDb = 2", "NOTa = 1 AND", "a IN('x') andb", "a ISNULL", "a IS NULLAND b"],
)
def test_but_no_letter_or_digit(text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        parse(text)


def test_a_keyword_ends_at_a_word_boundary() -> None:
    assert to_text(parse("orb = andy AND nota IS NULL", V1)) == "orb = andy AND nota IS NULL"


@pytest.mark.parametrize("word", ["ı̇n", "ſelect", "ＡND", "Kelvin", "İN", "ﬁrst"])
def test_letters_beyond_ascii_make_no_keyword(word: str) -> None:
    for dialect in Dialect:
        for node in walk(where(f"{word.replace(chr(0x307), '')} = 1", dialect)):
            if isinstance(node, Column):
                assert node.name == word.replace(chr(0x307), "")


class TestInterval:
    """A column may be called interval: only before an amount and a word is it v1's keyword."""

    @pytest.mark.parametrize(
        "text",
        [
            "interval = 1",
            "interval - 1 > 2",
            "interval - 1 AND interval + 2",
            "interval * 10 = 5 OR interval",
            "a > interval",
            "interval IN (1)",
            "interval - 1 IS NULL",
            "interval - 1 NOT IN (2)",
            "interval - '1' LIKE 'x'",
            "INTERVAL(1)",
        ],
    )
    def test_as_a_name(self, text: str) -> None:
        assert not any(isinstance(node, nodes.Interval) for node in walk(where(text, V1)))
        assert to_text(parse(text)) == text

    @pytest.mark.parametrize(
        ("text", "amount"),
        [
            ("1 DAY", 1),
            ("+1 day", 1),
            ("-1 day", -1),
            ("- 1 days", -1),
            ("'1' day", 1),
            ("'-1' day", -1),
            ("-0 day", 0),
            ('"+7" day', 7),
            ("-'2' day", -2),
        ],
    )
    def test_as_a_keyword(self, text: str, amount: int) -> None:
        found = [
            node
            for node in walk(where(f"a > NOW() - INTERVAL {text}", V1))
            if isinstance(node, nodes.Interval)
        ]
        assert [interval.amount for interval in found] == [amount]

    def test_v2_has_only_names(self) -> None:
        assert first(first(where("interval - 1 > 2", V2))) == Column("interval")


class TestCurrentTimestamp:
    @pytest.mark.parametrize(
        "spelling", ["CURRENT_TIMESTAMP", "current_timestamp", "Current_Timestamp()", "CURRENT_TIMESTAMP ( )"]
    )
    def test_v2_calls_it_with_and_without_parentheses(self, spelling: str) -> None:
        assert first(where(f"{spelling} > 1", V2)) == nodes.Call("CURRENT_TIMESTAMP")

    def test_in_delimiters_or_qualified_it_is_a_column(self) -> None:
        assert first(where('"current_timestamp" > 1', V2)) == Column("current_timestamp")
        assert first(where("c.current_timestamp > 1", V2)) == Column("current_timestamp", "c")

    def test_in_v1_it_is_a_name_as_any_other(self) -> None:
        assert first(where("current_timestamp > 1", V1)) == Column("current_timestamp")


def test_a_time_stamp_needs_its_word() -> None:
    assert first(where("TIMESTAMP '2020-01-01' < a", V1)) == nodes.Timestamp("2020-01-01")
    assert first(where("timestamp = '2020-01-01'", V1)) == Column("timestamp")
    assert first(where("`timestamp` = '2020-01-01'", V1)) == Column("timestamp")
