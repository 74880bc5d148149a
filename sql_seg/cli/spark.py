"""``--engine spark``: segments asked of Spark's tables and files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from sql_seg.cli import options
from sql_seg.cli.account import AccountOptions
from sql_seg.cli.output import Failure
from sql_seg.cli.progress import progress
from sql_seg.errors import RecordError, UnsupportedSqlError
from sql_seg.language.schema import Schema
from sql_seg.records.loading_report import OnError
from sql_seg.records.telling import told_elsewhere
from sql_seg.segments.candidates import Candidates
from sql_seg.segments.preview import Preview

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

FOR_DUCKDB = ("empty", "delimiter", "encoding", "memory_limit")
"""The options of an account's data that Spark does not know."""

TableNames = tuple[str, str | None]
"""Where Spark finds contacts, and events if there are any."""


def places_of(account: AccountOptions) -> TableNames:
    """Return where Spark finds the account. Raises UsageError for what only DuckDB does."""
    options.refuse(FOR_DUCKDB, "is for DuckDB: Spark reads tables and files as it is set up")
    if account.stored is not None or account.sources.lists:
        raise click.UsageError(
            "--account and --list are for DuckDB; give Spark contacts whose list_ids are filled"
        )
    if account.sources.on_error == "skip":
        raise click.UsageError("--on-error skip is for DuckDB: Spark leaves no rows out; null is for both")
    contacts, events = (_one(paths) for paths in (account.sources.contacts, account.sources.events))
    if contacts is None:
        raise click.UsageError("give Spark the contacts: --contacts with a table or path")
    return contacts, events


def _one(paths: Sequence[str]) -> str | None:
    if len(paths) > 1 or "-" in paths:
        raise click.UsageError("Spark reads one table or path of each kind: give a folder or a glob")
    return paths[0] if paths else None


def previews(
    candidates: Candidates,
    places: TableNames,
    schema: Schema,
    master: str | None,
    now: datetime,
    sample: int,
    on_error: OnError,
) -> tuple[dict[str, Preview], list[str]]:
    """Return how many members each segment has, and what people should know of the data.

    One job counts all of them, and all contacts. Only a segment that is alone shows members.
    """
    from pyspark.errors import PySparkException

    from sql_seg.engines.spark import SparkEngine

    segments = candidates.segments
    with progress("evaluating"), told_elsewhere(), _session(master) as session:
        try:
            assert on_error != "skip"
            engine = SparkEngine(session, *places, schema, on_error=on_error)
            total, counts = engine.total_and_counts(segments, now=now)
            shown: list[dict[str, Any]] = []
            if not candidates.many:
                (segment,) = segments.values()
                rows = engine.members(segment, now=now).limit(sample).collect()
                shown = [_contact(row.asDict()) for row in rows]
            said = [str(remark) for segment in segments.values() for remark in engine.remarks(segment)]
        except RecordError as error:
            raise Failure(f"{error}\nhint: --on-error null reads such values as NULL") from error
        except (UnsupportedSqlError, ValueError) as error:
            raise Failure(str(error)) from error
        except PySparkException as error:
            raise Failure(f"Spark: {_first_line(error)}") from error
    found = {name: Preview(count, total, now, shown) for name, count in counts.items()}
    return found, list(dict.fromkeys(said))


def _contact(values: dict[str, Any]) -> dict[str, Any]:
    """Return a contact as previews have it: without what is NULL, its timestamps in UTC."""
    return {
        name: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
        for name, value in values.items()
        if value is not None
    }


@contextmanager
def _session(master: str | None) -> Iterator[SparkSession]:
    """Make a session, and end it. Raises Failure where there is no Java, or no such master."""
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("sql-seg").config("spark.ui.showConsoleProgress", "false")
    if master is not None:
        builder = builder.master(master)
    try:
        session = builder.getOrCreate()
    except PySparkException as error:
        raise Failure(f"Spark does not start: {_first_line(error)} (it needs Java 17 or later)") from error
    except Exception as error:  # what Java throws comes as py4j has it
        raise Failure(f"Spark does not start: {_first_line(error)}") from error
    session.sparkContext.setLogLevel("OFF")
    try:
        yield session
    finally:
        session.stop()


def _first_line(error: Exception) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)
