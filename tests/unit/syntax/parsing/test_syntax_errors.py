"""What is said about a text that does not parse, and where."""

from __future__ import annotations

import pytest

from sql_seg import Dialect, diagnose
from sql_seg.syntax.formatting import to_text
from sql_seg.syntax.parsing import parse
from tests.unit.marked import refuses, syntax_errors

V2 = "SELECT contact_id, updated_at FROM contact_data"


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("a «5»", "a comparison (=, <, LIKE, IN, BETWEEN, IS, …), AND, OR or the end of the query"),
        ("a = «»", "a column or a value"),
        ("a = 1 AND«»", "a condition"),
        ("NOT«»", "a condition"),
        ("a IN«»", "an opening parenthesis"),
        ("a IS«»", "NULL"),
        ("a NOT«»", "LIKE, IN or BETWEEN"),
        ("a BETWEEN 1«»", "AND"),
        ("a = 1 «b»", "AND, OR or the end of the query"),
        ("(a = 1 «b»)", "AND, OR or a closing parenthesis"),
        ("f(a «b»)", "AND, OR, a comma or a closing parenthesis"),
        ("event_data[«x»]", "a text in quotes"),
        ("(«)»", "a condition"),
        ("CONTAINS(list_ids, «)»", "a column or a value"),
        ("SELECT«»", "a column or a value"),
        ("SELECT «FROM» contact_data", "a column or a value"),
        ("SELECT a b «c» FROM d", "FROM or a comma"),
        ("SELECT a FROM«»", "a table"),
        ("SELECT a FROM b JOIN«»", "a table"),
        ("SELECT a FROM b AS«»", "a name"),
        ("SELECT a FROM b «'c'»", "JOIN, WHERE, GROUP BY, HAVING or the end of the query"),
        ("SELECT a FROM b JOIN c x «y»", "ON or USING"),
        ("SELECT a FROM b INNER «c»", "JOIN"),
        ("SELECT a FROM b GROUP «c»", "BY"),
        ("SELECT a FROM b WHERE a IS «5»", "NULL, TRUE or FALSE"),
        ("SELECT a FROM b WHERE c.«=» 1", "a name"),
        ("SELECT a FROM b WHERE c:«'d'» = 1", "a key"),
    ],
)
def test_what_was_expected_in_words(marked: str, expected: str) -> None:
    refuses(marked, "unexpected-end" if marked.endswith("«»") else "unexpected-text", expected)


def test_an_expectation_names_no_more_than_fits() -> None:
    (diagnostic,) = syntax_errors("a b")
    assert diagnostic.message == (
        "expected a comparison (=, <, LIKE, IN, BETWEEN, IS, …), AND, OR or the end of the query, found b"
    )


def test_a_long_token_is_cut_short() -> None:
    (diagnostic,) = syntax_errors("a = 1 " + "b" * 1000)
    assert diagnostic.message.endswith("found " + "b" * 39 + "…")
    assert diagnostic.end_column - diagnostic.column == 1000


class TestHints:
    @pytest.mark.parametrize(
        ("marked", "help_"),
        [
            ("a =«=» 1", "equality is a single ="),
            ("a =«<» 1", "write <="),
            ("a <=«>» 1", "equality is a single ="),
            ("a < b «<» c", "comparisons do not chain: write a < b AND b < c"),
            ("a NOT «=» 1", "write !=, or NOT before the whole condition"),
            ("a = «+»5", "a positive number has no sign"),
            ("a > «1,000»", "write 1000"),
            ("a > «1 000 000»", "write 1000000"),
            ("a > TIMESTAMP «2026»-01-01", "a moment stands in quotes: TIMESTAMP '2026-01-01'"),
            ("a NOT «NULL»", "write IS NOT NULL"),
            ("a LIKE 'U%' OR «LIKE» 'C%'", "name the column again: OR a LIKE 'C%'"),
            ("a = 'it'«s»'", "the text before it has ended: a quote inside a text is written \\'"),
            (f"{V2} WHERE a = 'it'«s»'", "the text before it has ended: a quote inside a text is written ''"),
            ("a = 'it'«'s'»", "v1 writes a quote inside a text as \\'"),
            (f"{V2} WHERE a = 'x' «'y'»", "join texts with CONCAT(a, b)"),
            ("a IN ('x' «'y'»)", "a comma is missing between them"),
            ("a IN «'x'»", "write ('x')"),
            ("«'x' IN a»", "write CONTAINS(a, 'x')"),
            (f"{V2} WHERE «'x' IN a»", "write ARRAY_CONTAINS(a, 'x')"),
            ("a IN («)»", "a list holds at least one value"),
            (f"{V2} WHERE ARRAY_CONTAINS(a, [«]»)", "a list holds at least one value"),
            (f"{V2} WHERE list_ids = «[»'x']", "a list in square brackets stands only in ARRAY_CONTAINS"),
            ("a «= ['x']»", "write IN ('x')"),
            ("list_ids = «[»'x']", "a list stands in parentheses, behind IN"),
            ("a «!= 'x', 'y'»", "write NOT IN ('x', 'y')"),
            ("a IN «('x' or 'y')»", "write ('x', 'y')"),
            ("a IS NULL «IS» NULL", "conditions do not chain: put the first in parentheses"),
            ("a = b «LIKE» 'x'", "conditions do not chain: put the first in parentheses"),
            ("a IN ('x'«,»)", "leave it out"),
            ("a IN ('x',«,» 'y')", "leave it out"),
            ("a IN («,»'x')", "leave it out"),
            ("SELECT contact_id, updated_at«,» FROM contact_data", "leave it out"),
            ("a IS «TRUE»", "v1 has IS NULL and IS NOT NULL only; write the condition itself, or NOT"),
            ("a IS NOT «FALSE»", "v1 has IS NULL and IS NOT NULL only; write the condition itself, or NOT"),
            ("event_data['a']«[»'b']", "an event's data is flat: one key finds a value"),
            ("«like» = 1", "LIKE is a reserved word: as a name, write `like`"),
            (f"{V2} WHERE «left» = 1", 'LEFT is a reserved word: as a name, write "left"'),
            ("NULL«(»)", "NULL is no function"),
            ("a = 1 «ADN» b = 2", "did you mean AND?"),
            ("a «LKIE» 'x'", "did you mean LIKE?"),
            (f"{V2} WHER «email» = 'x'", "did you mean WHERE instead of WHER?"),
            ("SELEC «contact_id» FROM contact_data", "did you mean SELECT instead of SELEC?"),
            ("«WHERE» a = 1", "v1 is a condition alone: leave out WHERE"),
            ("«AND» a = 1", "leave it out"),
            ("a = 1 AND «AND» b = 2", "leave it out"),
            ("a = 1 «AND OR» b = 2", "write one of them"),
            (f"{V2} «AND» a = 1", "conditions stand behind WHERE"),
            (f"{V2} country «=» 'US'", "conditions stand behind WHERE"),
            (f"{V2} country «NOT» IN ('US')", "conditions stand behind WHERE"),
            (
                f"{V2}«, event_data»",
                "write JOIN event_data ON contact_data.contact_id = event_data.contact_id",
            ),
            (
                f"{V2} JOIN event_data «WHERE» a = 1",
                "write ON contact_data.contact_id = event_data.contact_id",
            ),
            (
                f"{V2} WHERE a = 1 «JOIN» event_data ON contact_id",
                "the clauses are SELECT, FROM, JOIN, WHERE, GROUP BY and HAVING, in this order",
            ),
            (f"{V2}; «SELECT» 1", "a query is one statement"),
            (f"{V2};«;»", "a query is one statement"),
            (f"{V2} WHERE e.data«.»url = 'x'", "a path starts with a colon: data:payload.url"),
            (f"{V2} WHERE e.data«[»'url'] = 'x'", "a path starts with a colon: data:payload.url"),
            (
                f"{V2} WHERE a = («SELECT» contact_id FROM event_data)",
                "a subquery stands only after IN: contact_id IN (SELECT contact_id FROM event_data WHERE …)",
            ),
            (
                "SELECT contact_id FROM «(»SELECT contact_id FROM contact_data)",
                "a subquery stands only after IN: contact_id IN (SELECT contact_id FROM event_data WHERE …)",
            ),
        ],
    )
    def test_says_what_to_write(self, marked: str, help_: str) -> None:
        refuses(marked, "unexpected-text", help_)

    @pytest.mark.parametrize("text", ["a = 1 NEARBY", f"{V2} NEARBY FIRST 1 ROWS"])
    def test_says_nothing_where_nothing_is_sure(self, text: str) -> None:
        (diagnostic,) = syntax_errors(text)
        assert diagnostic.help == ""

    def test_a_text_behind_a_name(self) -> None:
        refuses("list_ids «'x'»", "unexpected-text", "a text cannot follow list_ids", "list_ids = 'x'")
        refuses("CONTAINS(list_ids «'x'»)", "unexpected-text", "list_ids, 'x'")
        refuses("a > NOW() - INTERVAL «'30 days'»", "malformed-interval", "write INTERVAL 10 DAY")
        refuses("a > «date '2020-01-01'»", "unexpected-text", "write TIMESTAMP '2020-01-01'")


class TestUnclosed:
    @pytest.mark.parametrize(
        ("marked", "what", "help_"),
        [
            ("a = «'»x", "text", "close it with '; a ' inside the text is written \\'"),
            ('a = «"»x', "text", 'close it with "; a " inside the text is written \\"'),
            ("«`»a = 1", "name", "close it with `"),
            (f"{V2} WHERE a = «'»x", "text", "close it with '; a ' inside the text is written ''"),
            (f"{V2} WHERE a = «'»x\\'", "text", "close it with '"),
            (f'{V2} WHERE a = «"»x', "name", 'close it with "'),
            (f"{V2} WHERE «`»a", "name", "close it with `"),
            ("a = 'it'«'»", "text", "the text before it ends here: a quote inside a text is written \\'"),
        ],
    )
    def test_a_quote_is_named_at_its_opening(self, marked: str, what: str, help_: str) -> None:
        refuses(marked, "unclosed-quote", f"the {what} that starts here is never closed", help_)

    @pytest.mark.parametrize(
        ("marked", "help_"),
        [
            ("«(»a = 1", "add ) at the end"),
            ("«(»(a = 1) AND b = 2", "add ) at the end"),
            ("CONTAINS«(»list_ids, 'x'", "add ) at the end"),
            ("a IN «(»'x'", "add ) at the end"),
            ("event_data«[»'x'", "add ] at the end"),
            (f"{V2} WHERE «(»a = 1 GROUP BY b", "add ) before GROUP"),
            (f"{V2} WHERE a IN «(»SELECT contact_id FROM event_data", "add ) at the end"),
            (f"{V2} WHERE ARRAY_CONTAINS(list_ids, «[»'x')", "add ] before )"),
            ("SELECT MAX«(»a FROM b", "add ) before FROM"),
        ],
    )
    def test_a_bracket_is_named_at_its_opening(self, marked: str, help_: str) -> None:
        refuses(marked, "unclosed-bracket", "is never closed", help_)

    def test_a_bracket_that_closes_nothing(self) -> None:
        refuses("a = 1«)»", "unopened-bracket", "this ) closes nothing")
        refuses("a = 1«]»", "unopened-bracket", "this ] closes nothing")

    def test_a_comment(self) -> None:
        refuses(f"{V2} «/*» no end", "unclosed-comment", "close it with */")
        refuses("SELECT a «/*» no end FROM b", "unclosed-comment", "never closed")


class TestCharacters:
    @pytest.mark.parametrize(
        ("marked", "help_"),
        [
            ("a «&&» b", "write AND"),
            ("a «|»| b", "write OR"),
            ("«!»a", "write NOT"),
            ("a = 1«;»", "v1 takes no semicolon"),
            ("a = 1 «#» why", "comments start with -- in v2; v1 has none"),
            ("a = «?»", "a query has no variables"),
            ("a = «$»1", "a query has no variables"),
            ("a = «{»{x}}", "a query has no variables"),
            ("a = «@»x", "a query has no variables"),
            ("a = «‘x’»", "straight quotes"),
            ("a = «“x”»", "straight quotes"),
            ("a = «“»x", "straight quotes"),
            ("a «＞＝» 1", "write >="),
            ("a = «１２»", "write 12"),
            ("a«\u200b» = 1", "leave it out"),
            ("c«.»email = 'x'", "v1 has one table: write the field's name alone"),
        ],
    )
    def test_one_that_starts_no_token(self, marked: str, help_: str) -> None:
        refuses(marked, "unexpected-character", help_)

    def test_an_invisible_one_is_named_by_number(self) -> None:
        refuses("a = 1«\u200b»", "unexpected-character", "unexpected character U+200B")
        refuses("«\ufeff»a = 1", "unexpected-character", "unexpected character U+FEFF")
        refuses("«\ud800»", "unexpected-character", "unexpected character U+D800")

    def test_sendgrid_words_for_the_dot_of_v1(self) -> None:
        (diagnostic,) = syntax_errors("c.email = 'x'")
        assert diagnostic.sendgrid == "syntax error: unexpected '.'"

    @pytest.mark.parametrize("number", ["1x", "1e5", "1.5.2", "5.", "0x1F", ".5", "1_000"])
    def test_a_malformed_number_is_named_whole(self, number: str) -> None:
        refuses(f"a = «{number}»", "malformed-number", f"{number} is no number")

    def test_an_empty_name(self) -> None:
        refuses("«``» = 1", "empty-name", "an empty text is '' or \"\"")
        refuses(f'{V2} WHERE a = «""»', "empty-name", "an empty text is ''")


class TestWholeText:
    @pytest.mark.parametrize(
        ("text", "dialect"),
        [
            *((text, dialect) for text in ("", " ", "\n\t\n") for dialect in (None, "v1", "v2")),
            ("-- nothing\n", "v2"),
        ],
    )
    def test_nothing_at_all(self, text: str, dialect: str | None) -> None:
        (diagnostic,) = syntax_errors(text, dialect)
        assert diagnostic.code == "empty-query"
        assert diagnostic.span == (len(text), len(text))

    def test_the_end_of_the_text_is_a_place(self) -> None:
        (diagnostic,) = syntax_errors("a = 1 AND\n  ")
        assert (diagnostic.line, diagnostic.column) == (2, 3)
        assert (diagnostic.end_line, diagnostic.end_column) == (2, 3)
        (diagnostic,) = syntax_errors("a = \n")
        assert (diagnostic.line, diagnostic.column) == (1, 5)

    def test_a_syntax_error_is_reported_alone(self) -> None:
        assert len(syntax_errors("a = AND b = OR c = ")) == 1

    @pytest.mark.parametrize(
        "marked",
        [
            "«--» why\na = 1",
            "a = 1 «--» why not",
            "«/*» why */ a = 1",
            "a = 1 «--» don't",
            "a IS NULL «--»x",
            "a IN ('x') «--» good\nAND b = 1",
            "a > NOW() - INTERVAL 30 DAY «--» two words",
            "«--» why\na > NOW() - INTERVAL 30 DAY",
        ],
    )
    def test_v1_has_no_comments(self, marked: str) -> None:
        refuses(marked, "no-comments", "v1 has no comments", dialect="v1")

    @pytest.mark.parametrize(
        "text",
        [
            "city = 'Oslo' -- Norway",
            "city = 'Oslo' -- 2020",
            "city = 'Oslo'\n-- capital\nAND country = 'NO'",
            "updated_at > NOW() - INTERVAL 30 DAY -- noqa",
        ],
    )
    def test_a_comment_that_v1_could_read_is_none_either(self, text: str) -> None:
        (diagnostic,) = diagnose(text, dialect=Dialect.V1)
        assert (diagnostic.code, diagnostic.span.start) == ("no-comments", text.index("--"))

    @pytest.mark.parametrize("interval", ["INTERVAL 30 DAY", "INTERVAL -3 month"])
    def test_an_interval_behind_a_mistake_is_none(self, interval: str) -> None:
        refuses(f"a = «=» 'x' AND b > NOW() - {interval}", "unexpected-text", "found =", dialect="v1")

    def test_a_comment_that_hides_a_warning_is_told_where_that_is_done(self) -> None:
        (diagnostic,) = syntax_errors("a IN ('x') -- noqa")
        assert "per-file-ignores" in diagnostic.help

    def test_two_minus_signs_are_fine_where_they_mean_something(self) -> None:
        assert to_text(parse("a = 3--2")) == "a = 3 - -2"
        refuses("a = 3 - -2 AND «»", "unexpected-end", dialect="v1")

    def test_the_other_dialect(self) -> None:
        refuses("«SELECT» contact_id FROM contact_data", "wrong-dialect", "read the text as v2", dialect="v1")
        refuses("«email» = 'x'", "bare-predicate", "a v2 query starts with SELECT", dialect="v2")
        refuses("«email»", "bare-predicate", "v1 predicate", dialect="v2")
