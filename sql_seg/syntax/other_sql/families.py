"""Which function is answered by what: a row for each family of names."""

from __future__ import annotations

from collections.abc import Callable

from sql_seg.diagnostics import Safety
from sql_seg.language.case_mapping import lower
from sql_seg.language.datatypes import Dialect
from sql_seg.language.functions import AGGREGATES
from sql_seg.language.literals import is_bare_name, write_string
from sql_seg.syntax.other_sql import moments
from sql_seg.syntax.other_sql import null_and_numbers as values
from sql_seg.syntax.other_sql import text_functions as texts
from sql_seg.syntax.other_sql.advice import Advice, ForeignCall, contains, integer, text_value, writing
from sql_seg.syntax.other_sql.moments import CLOCKS, clock_advice, is_now, shifted, unit_of

_CASTS = (
    "CONVERT TRY_CONVERT TRY_CAST SAFE_CAST TO_NUMBER TO_DECIMAL TO_NUMERIC TO_DOUBLE TO_VARCHAR TO_VARIANT "
    "TO_JSON PARSE_JSON STR INT INTEGER FLOAT DOUBLE STRING TEXT VARCHAR CHAR TO_ARRAY TO_BOOLEAN "
    "JSON_UNQUOTE"
)


def _contains(call: ForeignCall) -> Advice | None:
    if call.dialect is Dialect.V1 or len(call.arguments) != 2 or call.arguments[0].lower() == "event_data":
        return None
    array, value = call.arguments
    return writing(contains(array, value, call.dialect))


def _array_contains(call: ForeignCall) -> Advice | None:
    if call.dialect is Dialect.V2 or len(call.arguments) != 2:
        return None
    array, value = call.arguments
    if value.startswith("["):
        return Advice("write CONTAINS(array, 'a') OR CONTAINS(array, 'b')")
    return writing(contains(array, value, call.dialect))


def _timestamp_add(call: ForeignCall) -> Advice | None:
    if call.dialect is Dialect.V2:
        return None
    if len(call.arguments) == 3:
        word, amount, moment = call.arguments
        unit, number = unit_of(word, Dialect.V1), integer(amount)
        is_plain = is_now(moment) or moment.startswith("'") or is_bare_name(moment, Dialect.V1)
        if unit is not None and number is not None and is_plain:
            return writing(shifted(unit, number, moment, Dialect.V1))
    return Advice("write NOW() - INTERVAL 30 DAY")


def _upper(call: ForeignCall) -> Advice | None:
    text = text_value(call.other, call.dialect)
    if (
        text is not None
        and text.upper() == text
        and call.operator in ("=", "!=", "<>")
        and len(call.arguments) == 1
    ):
        return writing(
            f"LOWER({call.arguments[0]}) {call.operator} {write_string(lower(text), call.dialect)}",
            Safety.UNSAFE,
            is_condition=True,
        )
    return Advice("write LOWER(text), beside a text in lower case")


def _maximum(call: ForeignCall) -> Advice | None:
    if call.dialect is Dialect.V2:
        return None
    return Advice("a v1 predicate is judged for each event: ask for event_timestamp directly")


def _count(call: ForeignCall) -> Advice | None:
    if call.dialect is Dialect.V2:
        return None
    return Advice("a v1 predicate is judged for each event alone: events cannot be counted")


def _clock(call: ForeignCall) -> Advice | None:
    return clock_advice(call.name, call.dialect)


def _length(call: ForeignCall) -> Advice | None:
    if len(call.arguments) != 1:
        return None
    return writing(f"LENGTH({call.arguments[0]})")


def _case(name: str) -> Callable[[ForeignCall], Advice | None]:
    def entry(call: ForeignCall) -> Advice | None:
        if len(call.arguments) != 1:
            return None
        if name == "UPPER" and call.dialect is Dialect.V1:
            return _upper(call)
        return writing(f"{name}({call.arguments[0]})")

    return entry


_Entry = Callable[[ForeignCall], Advice | None]
_ROWS: tuple[tuple[str, _Entry], ...] = (
    (" ".join(CLOCKS), _clock),
    ("CONTAINS", _contains),
    ("ARRAY_CONTAINS", _array_contains),
    ("TIMESTAMPADD", _timestamp_add),
    ("UPPER", _upper),
    ("MAX", _maximum),
    (" ".join(AGGREGATES), _count),
    ("DATEADD DATE_ADD TIMESTAMP_ADD DATETIME_ADD ADDDATE TIMEADD ADD_MONTHS", moments.added(1)),
    ("DATE_SUB DATESUB SUBDATE TIMESTAMP_SUB DATETIME_SUB", moments.added(-1)),
    (
        "DATEDIFF DATE_DIFF TIMESTAMPDIFF TIMESTAMP_DIFF DATETIME_DIFF TIMEDIFF MONTHS_BETWEEN AGE",
        moments.difference,
    ),
    (
        (
            "TO_DATE TO_TIMESTAMP TO_TIMESTAMP_NTZ TO_TIMESTAMP_TZ TO_TIMESTAMP_LTZ TO_DATETIME DATE "
            "DATETIME TIMESTAMP STR_TO_DATE PARSE_DATE PARSE_TIMESTAMP PARSE_DATETIME TRY_TO_DATE "
            "TRY_TO_TIMESTAMP FROM_ISO8601_TIMESTAMP FROM_UNIXTIME TIMESTAMP_SECONDS DATE_FROM_PARTS "
            "DATEFROMPARTS MAKE_DATE DATETIME2 STRPTIME"
        ),
        moments.literal_moment,
    ),
    ("TRUNC", values.whole_number),
    (
        "TO_DATE DATE TO_TIMESTAMP DATETIME TIMESTAMP DATE_TRUNC TRUNC DATETIME_TRUNC TIMESTAMP_TRUNC",
        moments.rounded,
    ),
    ("UNIX_TIMESTAMP UNIX_SECONDS TO_UNIXTIME TO_UNIX_TIMESTAMP", moments.seconds),
    ("TO_CHAR DATE_FORMAT FORMAT_DATE FORMAT_TIMESTAMP STRFTIME LAST_DAY EOMONTH", moments.written_moment),
    (
        (
            "EXTRACT DATE_PART DATEPART DATE_TRUNC YEAR MONTH DAY QUARTER WEEK HOUR MINUTE SECOND "
            "DAYOFWEEK DAYOFMONTH "
            "DAYOFYEAR WEEKDAY WEEKOFYEAR MONTHNAME DAYNAME"
        ),
        moments.part,
    ),
    ("STARTS_WITH STARTSWITH", texts.looks_into("{}%")),
    ("ENDS_WITH ENDSWITH", texts.looks_into("%{}")),
    ("CONTAINS_SUBSTR ICONTAINS INCLUDES LIKE_", texts.looks_into("%{}%")),
    (
        (
            "REGEXP REGEXP_LIKE REGEXP_CONTAINS REGEXP_MATCHES REGEXP_MATCH REGEXP_SUBSTR "
            "REGEXP_INSTR REGEXP_COUNT "
            "RLIKE MATCH SIMILAR"
        ),
        texts.regex,
    ),
    ("POSITION CHARINDEX INSTR STRPOS LOCATE PATINDEX", texts.position),
    ("LEFT SUBSTRING SUBSTR MID", texts.end("{}%")),
    ("RIGHT", texts.end("%{}")),
    ("SPLIT_PART SUBSTRING_INDEX SPLIT", texts.split),
    ("TRIM LTRIM RTRIM BTRIM REPLACE INITCAP REVERSE TRANSLATE REGEXP_REPLACE LPAD RPAD", texts.as_it_is),
    ("CONCAT_WS", texts.joined),
    ("LEN CHAR_LENGTH CHARACTER_LENGTH OCTET_LENGTH", _length),
    ("LCASE", _case("LOWER")),
    ("UCASE", _case("UPPER")),
    ("COALESCE IFNULL ISNULL NVL IS_NULL", values.default),
    ("NULLIF", values.null_if),
    ("ZEROIFNULL NVL2 IF IFF DECODE CHOOSE IIF", values.cases),
    ("ABS", values.absolute),
    ("MOD", values.modulo),
    ("ROUND FLOOR CEIL CEILING TRUNCATE", values.whole),
    ("GREATEST LEAST", values.extreme),
    ("POWER POW SQUARE", values.power),
    (
        (
            "ARRAYS_OVERLAP ARRAY_OVERLAP ARRAY_HAS ARRAY_HAS_ANY LIST_CONTAINS LIST_HAS_ANY HAS HASANY "
            "ARRAY_CONTAINS_ANY FIND_IN_SET JSON_CONTAINS ARRAY_POSITION ARRAY_EXISTS ARRAY_OVERLAPS "
            "ARRAYS_OVERLAPS LIST_HAS ARRAY_INTERSECTS CONTAINS_ANY"
        ),
        values.holds_value,
    ),
    ("ARRAY ARRAY_CONSTRUCT LIST_VALUE ARRAY_OF", values.made_list),
    ("UNNEST FLATTEN EXPLODE", values.rows_of_list),
    ("ANY SOME ALL", values.any_of),
    (
        "SIZE ARRAY_SIZE CARDINALITY ARRAY_LENGTH ARRAY_COUNT JSON_LENGTH JSON_ARRAY_LENGTH",
        values.count_of_list,
    ),
    (
        (
            "JSON_EXTRACT JSON_EXTRACT_SCALAR JSON_VALUE JSON_QUERY JSON_EXTRACT_STRING "
            "JSON_EXTRACT_PATH_TEXT GET_PATH "
            "GET GET_JSON_OBJECT"
        ),
        values.json,
    ),
    (_CASTS, values.cast),
)

_FAMILIES: dict[str, list[_Entry]] = {}
for _names, _entry in _ROWS:
    for _name in _names.split():
        _FAMILIES.setdefault(_name, []).append(_entry)


def advice(call: ForeignCall) -> Advice | None:
    """Return what to write instead of a call, or of the comparison that it stands in; None if not known."""
    return next(filter(None, (entry(call) for entry in _FAMILIES.get(call.name, ()))), None)
