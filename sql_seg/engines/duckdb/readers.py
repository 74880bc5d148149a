"""How DuckDB reads a cell, or a JSON value, as the type of its column: as ``records.raw_values`` reads it in Python.

A law holds the two against each other. Each macro gives NULL for what it cannot read.
"""

from __future__ import annotations

from sql_seg.language.literals import LARGEST_EXACT_INTEGER
from sql_seg.records.raw_values import (
    AS_IS,
    BOOLEAN,
    DATE,
    DAYS_WITHOUT_DASHES,
    FIRST_MILLISECOND,
    INSTANT,
    NUMBER,
    SPREADSHEET_DAYS,
    TEXT,
    TEXTS,
    RawKind,
)


def is_whole(number: str) -> str:
    """Return the SQL of whether a double is a whole number, and one of those that are all doubles."""
    return f"{number} = trunc({number}) AND abs({number}) <= {LARGEST_EXACT_INTEGER}"


MACROS = (
    r"""
CREATE MACRO in_years(t) AS
  CASE WHEN t BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN t END;
CREATE MACRO read_form(x) AS CASE
  WHEN regexp_full_match(x, '\d{4}-\d\d-\d\d(?:[T ](?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d+)?)?Z?)?')
    THEN in_years(TRY_CAST(x AS TIMESTAMP))
  -- a cast to TIMESTAMP would drop the offset in silence
  WHEN regexp_full_match(x, '\d{4}-\d\d-\d\d[T ](?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d+)?)?[+-](?:[01]\d|2[0-3]):?[0-5]\d')
    THEN in_years(TRY_CAST(x AS TIMESTAMPTZ) AT TIME ZONE 'UTC') END;
CREATE MACRO read_any_ts(x) AS CASE
  WHEN ends_with(x, ' UTC') THEN CASE WHEN regexp_full_match(x, '\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?: \+0000)? UTC')
    THEN read_form(replace(replace(x, ' UTC', ''), ' +0000', '')) END
  ELSE read_form(x) END;
-- the form that nearly all have: of its length, no part can be shorter than it should be
CREATE MACRO usual_ts(x) AS CASE WHEN strlen(x) = 20 AND x >= '0001' AND ends_with(x, 'Z')
  THEN try_strptime(x, '%Y-%m-%dT%H:%M:%SZ') END;
CREATE MACRO read_ts(x) AS coalesce(usual_ts(x), CASE WHEN x IS NOT NULL THEN read_any_ts(x) END);
-- whole numbers as they are mostly written need no second look; TRY_CAST alone takes 1_000, inf, and white space around
CREATE MACRO read_num(x) AS CASE
  WHEN CAST(TRY_CAST(x AS INTEGER) AS VARCHAR) = x THEN CAST(TRY_CAST(x AS INTEGER) AS DOUBLE)
  WHEN isfinite(TRY_CAST(x AS DOUBLE)) THEN
    CASE WHEN NOT contains(x, '_') AND x >= '!' AND NOT starts_with(x, '+-') AND x[-1] > ' '
    THEN TRY_CAST(x AS DOUBLE) END END;
"""
    f"""CREATE MACRO of_unix(n) AS CASE WHEN abs(n) >= {FIRST_MILLISECOND} THEN
    CASE WHEN n BETWEEN -62135596800000 AND 253402300799999 THEN make_timestamp(CAST(round_even(n * 1000, 0) AS BIGINT)) END
  WHEN n BETWEEN {SPREADSHEET_DAYS[0]} AND {SPREADSHEET_DAYS[1]} THEN NULL
  WHEN n BETWEEN {DAYS_WITHOUT_DASHES[0]} AND {DAYS_WITHOUT_DASHES[1]} THEN NULL
  WHEN n BETWEEN -62135596800 AND 253402300799 THEN make_timestamp(CAST(round_even(n * 1000000, 0) AS BIGINT)) END;
"""
    r"""CREATE MACRO read_instant(x) AS coalesce(usual_ts(x),
  CASE WHEN x IS NOT NULL THEN coalesce(read_any_ts(x), of_unix(read_num(x))) END);
CREATE MACRO read_date(x) AS coalesce(usual_ts(x), CASE WHEN regexp_full_match(x, '\d{1,2}/\d{1,2}/\d{4}')
    THEN in_years(CAST(TRY_CAST(split_part(x, '/', 3) || '-' || split_part(x, '/', 1) || '-' || split_part(x, '/', 2) AS DATE) AS TIMESTAMP))
  WHEN x IS NOT NULL THEN read_any_ts(x) END);
CREATE MACRO plain_list(x) AS
  regexp_full_match(x, '\[(?:"[^"\\\x00-\x1f]*"(?:, ?"[^"\\\x00-\x1f]*")*)?\]');
CREATE MACRO json_texts(x) AS CASE WHEN json_valid(x) AND NOT regexp_matches(x, ',\s*\]') THEN
  CASE WHEN json_type(x) = 'ARRAY'
      AND list_bool_and(list_transform(json_extract(x, '$[*]'), lambda j: json_type(j) = 'VARCHAR')) IS NOT FALSE
    THEN list_transform(json_extract(x, '$[*]'), lambda j: j ->> '$') END END;
CREATE MACRO read_texts(x) AS list_filter(CASE
  WHEN plain_list(x) THEN string_split(x[2:-2], '"')[2:-:2]
  WHEN regexp_matches(x, '^\s*[\[{]') THEN json_texts(x)
  ELSE list_transform(regexp_split_to_array(x, '[,;\s]+'), lambda p: trim(p, '"')) END, lambda p: p <> '');
-- list_distinct keeps no order
CREATE MACRO firsts_of(l) AS list_filter(l, lambda d, i: list_position(l, d) = i);
CREATE MACRO domains_of(email, alternates) AS firsts_of(list_filter(list_transform(
  list_concat([email], alternates),
  lambda a: CASE WHEN contains(a, '@') THEN lower(split_part(a, '@', -1)) END), lambda d: d <> ''));
-- JSON values as texts: a string keeps its quotes, which show its kind
CREATE MACRO jstr(j) AS CASE WHEN j[1] = '"' THEN
  CASE WHEN contains(j, '\') THEN CAST(j AS JSON) ->> '$' ELSE j[2:-2] END END;
CREATE MACRO jnum(j) AS CASE WHEN isfinite(TRY_CAST(j AS DOUBLE)) THEN TRY_CAST(j AS DOUBLE) END;
CREATE MACRO read_boolean(x) AS CASE lower(x) WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END;
CREATE MACRO jboolean(j) AS read_boolean(CASE WHEN j[1] = '"' THEN jstr(j) ELSE j END);
CREATE MACRO jtext(j) AS CASE WHEN j[1] = '"' THEN jstr(j)
  WHEN regexp_full_match(j, '0|-?[1-9]\d{0,17}') THEN j END;
CREATE MACRO jnumber(j) AS CASE WHEN j[1] = '"' THEN read_num(jstr(j)) ELSE jnum(j) END;
CREATE MACRO jinstant(j) AS CASE WHEN j[1] = '"' THEN read_instant(jstr(j)) ELSE of_unix(jnum(j)) END;
CREATE MACRO jdate(j) AS read_date(jstr(j));
CREATE MACRO jtexts(j) AS CASE WHEN j[1] = '"' THEN read_texts(jstr(j))
  WHEN j[1] = '[' THEN list_filter(json_texts(j), lambda p: p <> '') END;
"""
)

_SQL = {
    TEXT: ("VARCHAR", "{}", "jtext({})"),
    NUMBER: ("DOUBLE", "read_num({})", "jnumber({})"),
    INSTANT: ("TIMESTAMP", "read_instant({})", "jinstant({})"),
    DATE: ("TIMESTAMP", "read_date({})", "jdate({})"),
    TEXTS: ("VARCHAR[]", "read_texts({})", "jtexts({})"),
    BOOLEAN: ("BOOLEAN", "read_boolean({})", "jboolean({})"),
    AS_IS: ("VARCHAR", "{}", "{}"),
}
"""Of each kind the type of its column, and what reads a cell of CSV, and a JSON value."""


def reading(kind: RawKind, cell: str, *, json: bool) -> str:
    """Return the SQL that reads a cell as a kind: NULL where it cannot."""
    return _SQL[kind][2 if json else 1].format(cell)


def reads(kind: RawKind, cell: str, *, json: bool) -> str:
    """Return the SQL of whether a cell, which may be NULL, can be read as a kind: no value is made for it alone."""
    plain = "" if kind is not TEXTS else f"WHEN plain_list({cell}) THEN TRUE "
    return f"CASE WHEN {cell} IS NULL THEN TRUE {plain}ELSE {reading(kind, cell, json=json)} IS NOT NULL END"


def always_reads(kind: RawKind, *, json: bool) -> bool:
    """Return whether a kind takes every cell."""
    return kind is AS_IS or (kind is TEXT and not json)


def sql_type(kind: RawKind) -> str:
    """Return the type of a column of a kind."""
    return _SQL[kind][0]
