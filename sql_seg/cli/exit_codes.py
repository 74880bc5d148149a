"""What the command line's exit codes mean."""

from __future__ import annotations

FINE = 0
"""Nothing is wrong."""

QUERY_ERRORS = 1
"""A query has errors, a segment's test fails, or ``format --check`` would change a file."""

QUERIES_DIFFER = 1
"""``diff`` found a contact that is in one of two segments alone."""

COULD_NOT_RUN = 2
"""The question could not be answered: usage, files, data, or a query that is not evaluated yet."""

INTERRUPTED = 130
"""Ended by Ctrl-C, as shells count it."""

ENDED = 143
"""Ended by SIGTERM, as shells count it."""

READER_GONE = 141
"""Whatever read the output has closed it, as shells count it."""
