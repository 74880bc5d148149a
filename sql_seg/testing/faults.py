"""The table of faults: for each error's code the ways to provoke it, as templates.

In a template, ``{name}`` stands for a part that is drawn (see ``parts``). A template that starts like a
statement is a whole v2 query; any other is a condition, which is put among good ones.
"""

from __future__ import annotations

from dataclasses import dataclass

from sql_seg.language.datatypes import Dialect

V1, V2 = Dialect


@dataclass(frozen=True, slots=True)
class FaultTemplates:
    """Templates for one dialect. ``condition`` says whether they are parts of a WHERE, or all of a text."""

    dialect: Dialect
    templates: tuple[str, ...]
    condition: bool = True


def _both(*templates: str) -> tuple[FaultTemplates, ...]:
    return tuple(FaultTemplates(dialect, templates) for dialect in Dialect)


def _v1(*templates: str) -> FaultTemplates:
    return FaultTemplates(V1, templates)


def _v2(*templates: str) -> FaultTemplates:
    return FaultTemplates(V2, templates)


def _whole(dialect: Dialect, *templates: str) -> FaultTemplates:
    return FaultTemplates(dialect, templates, condition=False)


_ALL = "SELECT contact_id, updated_at FROM contact_data"
_JOIN = "SELECT c.contact_id, c.updated_at FROM contact_data AS c JOIN event_data AS e"
_ON = "ON c.contact_id = e.contact_id"
_LAST = f"{_JOIN.replace('updated_at', 'updated_at, MAX(e.timestamp) AS last_event')} {_ON}"

FAULTS: dict[str, tuple[FaultTemplates, ...]] = {
    # The text is no query.
    "empty-query": (_whole(V1, "", "{blanks}"), _whole(V2, "", "{blanks}")),
    "unexpected-text": _both("{good} {text}", "{good} {good}", "{good} {number}", "{good} BETWEEN 1, 2"),
    "unexpected-end": (
        _whole(V1, "{good} AND", "{good} OR NOT", "{column} =", "{column} LIKE", "{column} IS NOT"),
        _whole(
            V2,
            f"{_ALL} WHERE",
            f"{_ALL} WHERE {{good}} AND",
            f"{_ALL} WHERE {{column}} =",
            "SELECT contact_id,",
        ),
    ),
    "unexpected-character": _both("{good} && {good}", "{column} # {text}", "{column} = {text} ?", "!{good}"),
    "unclosed-quote": (
        _whole(V1, "{column} = '{word}", '{column} = "{word}', "{good} OR `{word} = 1"),
        _whole(V2, f"{_ALL} WHERE {{column}} = '{{word}}", f'{_ALL} WHERE {{good}} OR "{{word}} = 1'),
    ),
    "unclosed-bracket": (
        _whole(
            V1, "({good}", "{good} AND ({column} = {text}", "LENGTH({column}", "{column} IN ({text}, {text}"
        ),
        _whole(V2, f"{_ALL} WHERE ({{good}}", f"{_ALL} WHERE {{column}} IN ({{text}}, {{text}}"),
    ),
    "unopened-bracket": (
        _whole(V1, "{good})", "{column} = {text})", "{good} AND {column} = {text})"),
        _whole(V2, f"{_ALL})", f"{_ALL} WHERE {{good}})", f"{_ALL} WHERE {{column}} = {{text}})"),
    ),
    "half-character": (_v2(r"{column} = '\ud83d'", r"{column} LIKE '%\ude00%'"),),
    "unclosed-comment": (_whole(V2, f"{_ALL} /* {{word}}", f"{_ALL} WHERE {{good}} /* {{word}}"),),
    "no-comments": (_v1("{good} /* {word} */", "/* {word} */ {good}"),),
    "empty-name": (_v1("`` = {text}"), _v2('"" = {text}', "{column} = ``")),
    "malformed-number": _both(
        "{numeric} > {number}e{number}", "{numeric} < {number}x", "{numeric} = {number}_0"
    ),
    "number-out-of-range": _both("{numeric} < {huge}", "{numeric} > {huge}.5"),
    "malformed-interval": (_v1("{moment} > NOW() - {number} DAYS", "{moment} > NOW() - {number} HOUR"),),
    "interval-amount": (
        _v1("{moment} > NOW() - INTERVAL '{word}' DAY", "{moment} > NOW() - INTERVAL '{number}.5' DAY"),
    ),
    "unknown-unit": (
        _v1("{moment} > NOW() - INTERVAL {number} FORTNIGHT", "{moment} > NOW() - INTERVAL {number} decades"),
        _v2(
            "{moment} > TIMESTAMPADD(fortnight, {number}, NOW())",
            "{moment} > TIMESTAMPADD(quarter, {number}, {moment})",
        ),
    ),
    "text-too-long": (_whole(V1, "{column} = {text} {mebibyte}"), _whole(V2, f"{_ALL} {{mebibyte}}")),
    "too-many-values": _both("{column} IN ({too_many})"),
    "too-many-tables": (
        _whole(V2, f"{_ALL} AS c {' '.join(f'JOIN event_data AS e{i} ON contact_id' for i in range(100))}"),
    ),
    "nesting-too-deep": _both("{nested}"),
    "bare-predicate": (_whole(V2, "{good}", "{column} = {text}", "LENGTH({column}) > {number}"),),
    "wrong-dialect": (
        _whole(V1, _ALL, f"{_ALL} WHERE {{column}} = {{text}}", "select contact_id from event_data"),
    ),
    # SQL that segments do not take.
    "unsupported-statement": (
        _whole(
            V2,
            "DELETE FROM contact_data",
            "UPDATE contact_data SET {column} = {text}",
            "INSERT INTO contact_data VALUES ({text})",
            "CREATE TABLE {word} (a INT)",
            "DROP TABLE contact_data",
        ),
    ),
    "unsupported-with": (_whole(V2, f"WITH {{word}} AS ({_ALL}) {_ALL}"),),
    "unsupported-order-by": (
        _whole(V2, f"{_ALL} ORDER BY {{column}}", f"{_ALL} WHERE {{good}} ORDER BY updated_at"),
    ),
    "unsupported-limit": (_whole(V2, f"{_ALL} LIMIT {{number}}", f"{_ALL} WHERE {{good}} LIMIT {{number}}"),),
    "unsupported-distinct": (_whole(V2, "SELECT DISTINCT contact_id, updated_at FROM contact_data"),),
    "unsupported-union": (
        _whole(V2, *(f"{_ALL} WHERE {{good}} {word} {_ALL}" for word in ("UNION", "EXCEPT", "INTERSECT"))),
    ),
    "unsupported-join": (
        _whole(
            V2,
            *(
                f"{_ALL} AS c {word} JOIN event_data AS e {_ON}"
                for word in ("LEFT", "RIGHT OUTER", "FULL", "CROSS", "NATURAL")
            ),
        ),
    ),
    "unsupported-exists": (
        _v2("EXISTS (SELECT contact_id FROM event_data)", "NOT EXISTS (SELECT 1 FROM contact_data)"),
    ),
    "unsupported-case": (
        _v2("CASE WHEN {good} THEN TRUE ELSE FALSE END", "{column} = CASE {column} WHEN {text} THEN 'a' END"),
    ),
    "unsupported-operator": _both(
        "{column} IS DISTINCT FROM {text}",
        "{column} IS NOT DISTINCT FROM {text}",
        "{column} REGEXP {text}",
        "{column} ISNULL",
    ),
    "unsupported-window-function": (
        _whole(
            V2, "SELECT contact_id, updated_at, ROW_NUMBER() OVER (PARTITION BY {column}) FROM contact_data"
        ),
    ),
    "unsupported-ilike": (_v2("{column} ILIKE {text}", "{column} NOT ILIKE {text}"),),
    "unsupported-cast": (
        _v2("{column}::text = {text}", "{moment}::date > '2024-01-01'", "CAST({column} AS text) = {text}"),
    ),
    "unsupported-interval": (
        _v2(
            "{moment} > CURRENT_TIMESTAMP - INTERVAL '{number} days'",
            "{moment} > NOW() - INTERVAL {number} DAY",
        ),
    ),
    "bracketed-list": (_v2("{column} IN [{text}, {text}]", "{column} NOT IN [{text}]"),),
    # Names.
    "unknown-column": _both("{typo} = {text}", "{typo} IS NULL", "LENGTH({typo}) > {number}"),
    "reserved-field": _both("last_opened > {moment}", "last_emailed IS NULL", "singlesend_id = {text}"),
    "ambiguous-column": (
        _whole(
            V2,
            f"{_JOIN} {_ON} WHERE contact_id = {{text}}",
            f"SELECT contact_id, c.updated_at FROM contact_data c JOIN event_data e {_ON}",
        ),
    ),
    "unknown-table": (
        _whole(V2, "SELECT contact_id, updated_at FROM {word}", f"{_ALL} JOIN events ON contact_id"),
        _v2("x.{column} = {text}", "contact_id IN (SELECT contact_id FROM {word})"),
    ),
    "wrong-table": (
        _whole(V2, "SELECT contact_id, timestamp FROM event_data", f"{_ALL} c JOIN contact_data e {_ON}"),
    ),
    "duplicate-alias": (
        _whole(V2, f"{_JOIN} {_ON} JOIN event_data AS e {_ON}", f"{_JOIN} {_ON} JOIN event_data c {_ON}"),
    ),
    # The shape of the statement.
    "join-condition": (
        _whole(
            V2,
            f"{_JOIN} {_ON} AND e.event_type = {{text}}",
            f"{_JOIN} ON c.email = e.contact_id",
            f"{_JOIN} ON TRUE",
        ),
    ),
    "select-list": (
        _whole(
            V2,
            "SELECT * FROM contact_data",
            "SELECT contact_id FROM contact_data",
            "SELECT contact_id, updated_at, {column} FROM contact_data WHERE {good}",
        ),
    ),
    "duplicate-column": (_whole(V2, "SELECT contact_id, contact_id, updated_at FROM contact_data"),),
    "unexpected-alias": (_whole(V2, "SELECT contact_id AS {word}, updated_at FROM contact_data"),),
    "missing-alias": (
        _whole(
            V2,
            f"{_LAST} WHERE c.{{column}} = {{text}}".replace(" AS last_event", ""),
            _LAST.replace(" AS last_event", ""),
        ),
    ),
    "misplaced-aggregate": (
        _whole(
            V2,
            f"{_JOIN} {_ON} WHERE MAX(e.timestamp) < NOW()",
            f"{_LAST} HAVING MAX(MAX(e.timestamp)) < NOW()",
        ),
    ),
    "unsupported-aggregate": (
        _v2("COUNT({column}) > {number}", "MIN({moment}) < NOW()"),
        _whole(V2, _LAST.replace("MAX", "MIN"), f"{_LAST} HAVING COUNT(e.event_type) > {{number}}"),
    ),
    "group-by": (
        _whole(
            V2, f"{_LAST} GROUP BY e.event_type", f"{_LAST} GROUP BY c.contact_id, c.updated_at, c.{{column}}"
        ),
    ),
    "having-without-max": (
        _whole(
            V2, f"{_ALL} HAVING updated_at > NOW()", f"{_ALL} WHERE {{good}} HAVING contact_id = {{text}}"
        ),
    ),
    "not-grouped": (
        _whole(
            V2,
            f"{_LAST} HAVING c.city = {{text}}",
            f"{_LAST} HAVING last_event < NOW() OR e.event_type = {{text}}",
        ),
    ),
    "subquery-shape": (
        _v2(
            "contact_id IN (SELECT contact_id, timestamp FROM event_data)",
            "contact_id NOT IN (SELECT contact_id AS {word} FROM event_data)",
            "contact_id IN (SELECT contact_id FROM event_data GROUP BY contact_id)",
        ),
    ),
    # Types.
    "type-mismatch": _both(
        "{textual} = {numeric}",
        "{numeric} >= {moment}",
        "{moment} IN ({numeric}, NOW())",
        "{textual} BETWEEN {number} AND {numeric}",
        "{numeric} LIKE {text}",
        "{good} = {numeric}",
        "{array} = {text}",
        "{array} != {array}",
        "LENGTH({numeric}) > {number}",
        "-{textual} = {number}",
        "{moment} + {number} > NOW()",
        "NOT {numeric}",
        "{good} AND {textual}",
    ),
    "invalid-timestamp": _both(
        "{moment} > TIMESTAMP '{word}'",
        "{moment} <= TIMESTAMP '2023-02-29'",
        "{moment} = TIMESTAMP '31.01.2024'",
    ),
    "interval-precedence": (_v1("{moment} - INTERVAL {number} DAY + INTERVAL {number} HOUR < NOW()"),),
    "pattern-not-literal": _both("{column} LIKE {column}", "{column} NOT LIKE LOWER({column})"),
    "unknown-function": (
        _v1("{word}({column}) = {text}", "UPPER({column}) = {text}", "ARRAY_CONTAINS({array}, {text})"),
        _v2("{word}({column}) = {text}", "CONTAINS({array}, {text})", "TRIM({column}) = {text}"),
    ),
    "wrong-argument-count": _both(
        "LENGTH({column}, {column}) > {number}",
        "LOWER() = {text}",
        "CONCAT({column}) = {text}",
        "{moment} > NOW({number})",
    ),
    "amount-not-literal": (
        _v2(
            "{moment} > TIMESTAMPADD(day, {number}.5, NOW())",
            "{moment} > TIMESTAMPADD(day, {numeric}, NOW())",
        ),
    ),
    "misplaced-list": (_v2("LENGTH([{text}]) > {number}", "CONCAT({column}, [{text}, {text}]) = {text}"),),
}
"""The faults of each code, in the order of the reference."""

LARGE = frozenset({"text-too-long", "too-many-values"})
"""Codes whose texts are so large that they are drawn only where they are asked for."""

NOT_COVERED: dict[str, str] = dict.fromkeys(
    (
        "segment-name-length",
        "duplicate-segment-name",
        "too-many-segments",
        "too-many-parent-lists",
        "unreadable-file",
    ),
    "it is said of segments in files, whatever their queries are",
) | {"unknown-value": "it is said of a name in the settings, before a text is read as a query"}
"""The errors that no text provokes, each with the reason."""
