"""What people write who come from other SQL, and how a segment says it: calls, alone or in a comparison.

MySQL, PostgreSQL, BigQuery, Snowflake, Redshift and SQL Server have hundreds of functions that segments do
not have. Most ask for something that a segment can ask for in another way. Where that is the same question
in other words, what to write is a *safe* fix; where it is only nearly the same (a day that begins at
midnight), an unsafe one.
"""

from sql_seg.syntax.other_sql.advice import (
    Advice,
    ForeignCall,
    contains,
    flipped,
    integer,
    of_truth,
    text_value,
)
from sql_seg.syntax.other_sql.families import advice
from sql_seg.syntax.other_sql.moments import clock_advice, days_moved, is_now, shifted, unit_of
from sql_seg.syntax.other_sql.null_and_numbers import CAST_HELP
from sql_seg.syntax.other_sql.text_functions import like, pattern, regular_expression

__all__ = [
    "CAST_HELP",
    "Advice",
    "ForeignCall",
    "advice",
    "clock_advice",
    "contains",
    "days_moved",
    "flipped",
    "integer",
    "is_now",
    "like",
    "of_truth",
    "pattern",
    "regular_expression",
    "shifted",
    "text_value",
    "unit_of",
]
