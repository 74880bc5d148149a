"""What may be said about a query, where, and how it looks in each format."""

from sql_seg.diagnostics.diagnostic import (
    Diagnostic,
    Edit,
    Finding,
    Fix,
    Label,
    Safety,
    Severity,
    edited,
    place,
    remarks,
    replacement,
)

__all__ = [
    "Diagnostic",
    "Edit",
    "Finding",
    "Fix",
    "Label",
    "Safety",
    "Severity",
    "edited",
    "place",
    "remarks",
    "replacement",
]
