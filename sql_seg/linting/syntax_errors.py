"""The documentation of what the parser reports: texts that are no query."""

from __future__ import annotations

from sql_seg.language.datatypes import Dialect
from sql_seg.linting.rule import Rule, error

_ALL = "SELECT contact_id, updated_at FROM contact_data"

SYNTAX_ERRORS: tuple[Rule, ...] = (
    error(
        "empty-query",
        "a text without a query",
        "A segment needs a condition, or a SELECT that takes all contacts.",
        "",
        _ALL,
    ),
    error(
        "unexpected-text",
        "something that cannot stand where it stands",
        "The message says what could stand there. Nothing behind the place is judged: a syntax error "
        "stands alone.",
        "email = 'a@example.com' country = 'US'",
        "email = 'a@example.com' AND country = 'US'",
    ),
    error(
        "half-character",
        "half of a character in a v2 text",
        "A character beyond U+FFFF is written with two escapes, its surrogate pair; one of them is none.",
        r"SELECT contact_id, updated_at FROM contact_data WHERE city = '\ud83d'",
        r"SELECT contact_id, updated_at FROM contact_data WHERE city = '\ud83d\ude00'",
    ),
    error(
        "unexpected-end",
        "a query that ends too early",
        "An operand, a condition or a clause is missing behind the last word.",
        "country = ",
        "country = 'US'",
    ),
    error(
        "unexpected-character",
        "a character that no query has",
        "The languages have no such operator; the help gives the one to write.",
        "country = 'US' && age > 30",
        "country = 'US' AND city = 'Denver'",
    ),
    error(
        "unknown-value",
        "a name such as ${plan} that stands for no value",
        "What differs between environments stands as ${name} in a query; the settings give its value, under "
        "[environments.NAME.values], and --environment NAME chooses.",
        f"{_ALL} WHERE city = ${{city}}",
        f"{_ALL} WHERE city = 'Oslo'",
    ),
    error(
        "unclosed-quote",
        "a text or name whose quote is never closed",
        "Everything behind the quote is inside it. Inside a text, v1 writes a quote as `\\'`, v2 as `''`.",
        "last_name = 'O\\'Neil",
        "last_name = 'O\\'Neil'",
    ),
    error(
        "unclosed-bracket",
        "a bracket that is never closed",
        "The place is where it was opened.",
        "(country = 'US' OR country = 'CA'",
        "(country = 'US' OR country = 'CA')",
    ),
    error(
        "unopened-bracket",
        "a closing bracket that closes nothing",
        "There is one too many, or an opening one is missing before it.",
        "country = 'US')",
        "country = 'US'",
    ),
    error(
        "unclosed-comment",
        "a comment that is never closed",
        "Everything behind `/*` is inside it.",
        f"{_ALL} /* all of them",
        f"{_ALL} /* all of them */",
    ),
    error(
        "no-comments",
        "a comment in v1, which has none",
        "v1 reads `--` as two minus signs and knows no `/*`.",
        "country = 'US' /* at home */",
        "country = 'US'",
    ),
    error(
        "empty-name",
        "an empty name in delimiters",
        'In v2 double quotes delimit names, so that `""` is an empty name and no empty text.',
        f'{_ALL} WHERE city = ""',
        f"{_ALL} WHERE city = ''",
    ),
    error(
        "malformed-number",
        "a number that is no decimal",
        "Numbers are digits with an optional fraction: no exponent, and no letter behind them.",
        "LENGTH(city) > 1e1",
        "LENGTH(city) > 10",
    ),
    error(
        "number-out-of-range",
        "a number that no IEEE double holds",
        "Numbers are doubles: up to about 1.8e308; an interval's amount up to 2**53.",
        "LENGTH(city) < 9…, and so on for more than 308 digits",
        "LENGTH(city) < 999",
    ),
    error(
        "malformed-interval",
        "an amount of time that is written as elsewhere",
        "v1 writes an amount of time as INTERVAL 30 DAY, v2 moves a moment by TIMESTAMPADD(day, -30, …).",
        "updated_at > NOW() - 30 DAYS",
        "updated_at > NOW() - INTERVAL 30 DAY",
    ),
    error(
        "interval-amount",
        "an interval whose amount is no integer",
        "INTERVAL takes a whole number of its unit.",
        "updated_at > NOW() - INTERVAL 'ten' DAY",
        "updated_at > NOW() - INTERVAL 10 DAY",
    ),
    error(
        "unknown-unit",
        "a unit of time that there is not",
        "The units are second, minute, hour, day, month and year, and in v2 week.",
        "updated_at > NOW() - INTERVAL 2 FORTNIGHT",
        "updated_at > NOW() - INTERVAL 28 DAY",
    ),
    error(
        "text-too-long",
        "a query of more than 1 MiB",
        "Put the contacts on a list, and ask for its id in list_ids.",
        "city IN ('…', and so on for more than a mebibyte)",
        "CONTAINS(list_ids, '41a30d08-0000-4000-8000-000000000000')",
    ),
    error(
        "too-many-values",
        "an IN list of more than 100,000 values",
        "Put the contacts on a list, and ask for its id in list_ids.",
        "city IN ('…', and so on more than 100,000 times)",
        "CONTAINS(list_ids, '41a30d08-0000-4000-8000-000000000000')",
    ),
    error(
        "too-many-tables",
        "a FROM of more than 100 tables",
        "Each join asks for one event more. Where any will do, a subquery asks for it.",
        "SELECT … FROM contact_data AS c JOIN event_data AS e1 ON …, and so on more than 100 times",
        "SELECT contact_id, updated_at FROM contact_data "
        "WHERE contact_id IN (SELECT contact_id FROM event_data WHERE event_type = 'open')",
    ),
    error(
        "nesting-too-deep",
        "brackets or operators nested deeper than 200 levels",
        "A chain of ANDs or ORs is one level: leave out parentheses that it does not need.",
        "((… and so on more than 200 times: city = 'Denver' …))",
        "city = 'Denver'",
    ),
    error(
        "bare-predicate",
        "a v1 predicate where v2 is expected",
        "v2 is a SELECT; the condition alone is v1.",
        "city = 'Denver'",
        f"{_ALL} WHERE city = 'Denver'",
        Dialect.V2,
    ),
    error(
        "wrong-dialect",
        "a SELECT where v1 is expected",
        "v1 is the condition alone.",
        f"{_ALL} WHERE city = 'Denver'",
        "city = 'Denver'",
        Dialect.V1,
    ),
)
"""In the order of the reference."""
