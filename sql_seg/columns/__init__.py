"""Records kept as columns: each column's values together, in the smallest form that holds them exactly."""

from sql_seg.columns.encoding import encoded
from sql_seg.columns.masks import Mask
from sql_seg.columns.structs import StructVector
from sql_seg.columns.table import Table
from sql_seg.columns.vectors import (
    ABSENT,
    CodedVector,
    NumberVector,
    PlainVector,
    Test,
    TimeVector,
    Vector,
    microseconds,
)

__all__ = [
    "ABSENT",
    "CodedVector",
    "Mask",
    "NumberVector",
    "PlainVector",
    "StructVector",
    "Table",
    "Test",
    "TimeVector",
    "Vector",
    "encoded",
    "microseconds",
]
