"""SparkEngine: segments asked of Spark's tables, frames or files.

Only the columns of contact_data and event_data are read. Timestamps become TIMESTAMP_NTZ in UTC, whatever
zone the session has; a text is read as a timestamp, a number or a list where its column is one, as in files.
What a query reads and the data lacks, and values that cannot be read, are looked for beside the count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from sql_seg.core import terms as core
from sql_seg.core.reads import Reads, reads_of
from sql_seg.engines.spark import evidence
from sql_seg.engines.spark.columns import SparkColumn, domains, nothing, spark_column
from sql_seg.frozen import replace
from sql_seg.language.addresses import EMAIL_DOMAINS
from sql_seg.language.schema import CONTACT_COLUMNS, CONTACT_DATA, SENDGRID, Schema, TableSchema
from sql_seg.language.timestamps import the_moment
from sql_seg.records.gaps import Gap, Holdings, gaps
from sql_seg.records.loading_report import Problem, Report, shown
from sql_seg.records.raw_values import why_not
from sql_seg.records.telling import tell
from sql_seg.sql import Tables, condition_sql, engine_of
from sql_seg.sql.spark import SPARK
from sql_seg.wording import counted, have

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_READERS = {".parquet": "parquet", ".json": "json", ".ndjson": "json", ".csv": "csv"}
_PACKED = re.compile(r"[.](?:gz|gzip|zst|bz2)$")
_OF_EVENTS = ("contact_id", "event_type", "timestamp")
"""What an event has to have."""
_RESERVED = frozenset(column.key for column in CONTACT_COLUMNS)
_ALL = "count(*)"
_CONTACTS = "count(c.contact_id)"
_NOBODY = "count(*) - count(c.contact_id)"
_IS_SOMEBODY = "c.contact_id IS NOT NULL"
_AGAIN = "FROM (SELECT contact_id FROM {0} WHERE contact_id IS NOT NULL GROUP BY 1 HAVING count(*) > 1) AS a"
_REPEATS = ("count(a.contact_id)", "max(a.contact_id)")
"""How many ids several rows have, and the last of these."""


class SparkEngine:
    """Contacts and events where a Spark session finds them.

    ``contacts`` and ``events`` are each a DataFrame, the name of a table or view, or the path of Parquet, CSV
    or JSON files, chosen by its ending; without ``events`` there are none. ``schema`` has the custom fields.

    An answer warns of what the query reads and the data lacks (DataWarning), as for a Dataset. A value that
    cannot be read, in a column that a query reads, is an error, or with ``on_error="null"`` NULL: then an
    answer warns of it, and ``report`` has it. All that is looked for is asked in the job that counts, and
    each thing once; ``members`` and ``ids`` ask it in a job before. With ``looks=False`` nothing is asked
    beside the answer, what cannot be read is NULL, and nothing is said.

    Raises ValueError where contacts have no ``contact_id``, events lack what an event has, a column is there
    twice, or ``on_error`` is another text.
    """

    def __init__(
        self,
        session: SparkSession,
        contacts: DataFrame | str = "contact_data",
        events: DataFrame | str | None = None,
        schema: Schema | None = None,
        *,
        on_error: Literal["fail", "null"] = "fail",
        looks: bool = True,
    ) -> None:
        if on_error not in ("fail", "null"):
            raise ValueError(f"Spark leaves no rows out: on_error is 'fail' or 'null', not {on_error!r}")
        known = SENDGRID if schema is None else schema
        self.report = Report(on_error)
        self._session = session
        self._looks = looks
        self._found: dict[str, Any] = {}
        self._types: dict[str, int] = {}
        self._said: dict[Any, Problem] = {}
        self._columns: dict[str, SparkColumn] = {}
        self._of_events: dict[str, SparkColumn] = {}
        self._present: frozenset[str] = frozenset()
        self._contacts = self._view(contacts, known.contact_data)
        self._events = self._view(events, known.event_data)

    def count(self, segment: Any, *, now: datetime | None = None) -> int:
        """Return the number of members of a segment, or of a checked query. Raises RecordError."""
        return self.counts({"": segment}, now=now)[""]

    def counts(self, segments: Mapping[str, Any], *, now: datetime | None = None) -> dict[str, int]:
        """Return the number of members of several segments, by their names: one job answers all."""
        return self.total_and_counts(segments, now=now)[1] if segments else {}

    def total_and_counts(
        self, segments: Mapping[str, Any], *, now: datetime | None = None
    ) -> tuple[int, dict[str, int]]:
        """Return the number of contacts, and of the members of several segments: in one job.

        Conditions that ask for no events are counted in one scan. Raises RecordError for values that cannot
        be read, where they are to fail.
        """
        moment = the_moment(now)
        checked = {name: _checked(segment) for name, segment in segments.items()}
        asked: dict[str, str] = {}
        others: dict[str, str] = {}
        for name, one in checked.items():
            condition = self._condition(one, moment)
            if not one.reads_events:
                asked[name] = f"count(CASE WHEN {_IS_SOMEBODY} AND ({condition}) THEN 1 END)"
            else:
                others[name] = f"WHERE {_IS_SOMEBODY} AND ({condition})"
        found = self._asked(map(reads_of, checked.values()), asked.values(), others.values())
        for name, one in checked.items():
            tell(self.remarks(one), name)
        statements = {**asked, **others}
        return int(self._found[_CONTACTS]), {name: int(found[statements[name]]) for name in segments}

    def ids(self, segment: Any, *, now: datetime | None = None) -> Iterator[str]:
        """Return the contact ids of the members, lazily and in no order."""
        return (row[0] for row in self.members(segment, now=now).select("contact_id").toLocalIterator())

    def members(self, segment: Any, *, now: datetime | None = None) -> DataFrame:
        """Return the contacts that are members, as a DataFrame. Raises RecordError."""
        checked = _checked(segment)
        condition = self._condition(checked, the_moment(now))
        tell(self.remarks(checked))
        columns = ", ".join(f"c.`{key}`" for key in self._columns)
        return self._session.sql(
            f"SELECT {columns} FROM {self._contacts} AS c WHERE {_IS_SOMEBODY} AND ({condition})"
        )

    def remarks(self, segment: Any) -> list[Problem | Gap | str]:
        """Return what answers warn of: what cannot be read, and what is read and the data lacks.

        Raises RecordError.
        """
        reads = reads_of(_checked(segment))
        if not self._looks:
            return []
        self._asked([reads])
        return [*self._said_of_values(reads), *gaps(reads, self._holdings(reads))]

    def _condition(self, checked: core.Meaning, now: datetime) -> str:
        tables = Tables(self._contacts, f"(SELECT * FROM {self._events} WHERE `?` IS NOT TRUE)")
        return condition_sql(checked, engine_of("spark"), tables, now=now) or "TRUE"

    # what there is

    def _asked(
        self, reads: Iterable[Reads], of_contacts: Iterable[str] = (), others: Iterable[str] = ()
    ) -> dict[str, Any]:
        """Ask aggregates of contacts, and other statements, and with them all that is not known yet.

        What is known of the data stays in ``_found``. Raises RecordError where values cannot be read.
        """
        every = list(reads)
        contacts, events = [_CONTACTS], list[str]()
        if self._looks:
            contacts.append(_NOBODY)
            for one in every:
                contacts += evidence.of_contacts(one, self._columns, self._present)
                if one.asks_for_events:
                    events += [*evidence.of_events(one), *_of_bad_events()]
        own, whole = list(of_contacts), list(others)
        parts = [
            (f"FROM {self._contacts} AS c", [*self._unknown(contacts), *own]),
            (f"FROM {evidence.events_with(every, self._events)} AS e", self._unknown(events)),
            (_AGAIN.format(self._contacts), self._unknown(_REPEATS if self._looks else ())),
            *((f"FROM {self._contacts} AS c {one}", [_ALL]) for one in whole),
        ]
        answers = self._run(parts)
        for answer in answers[:3]:
            self._found |= {each: value for each, value in answer.items() if each not in own}
        if self._looks:
            self._judge(every)
        return {one: answers[0][one] for one in own} | {
            one: answer[_ALL] for one, answer in zip(whole, answers[3:], strict=True)
        }

    def _unknown(self, asked: Iterable[str]) -> list[str]:
        return [each for each in dict.fromkeys(asked) if each not in self._found]

    def _run(self, parts: Sequence[tuple[str, Sequence[str]]]) -> list[dict[str, Any]]:
        """Return the values of aggregates, as texts, of several sources: in one job."""
        statements = [
            f"SELECT {at} AS place, array({', '.join(f'CAST({each} AS STRING)' for each in asked)}) AS found {source}"
            for at, (source, asked) in enumerate(parts)
            if asked
        ]
        found = {}
        if statements:
            found = {row[0]: row[1] for row in self._session.sql(" UNION ALL ".join(statements)).collect()}
        return [dict(zip(asked, found.get(at, ()), strict=True)) for at, (_, asked) in enumerate(parts)]

    def _judge(self, every: Iterable[Reads]) -> None:
        """Report what cannot be read, each thing once. Raises RecordError where that is to fail."""
        report, found = self.report, self._found
        nobody = int(found[_NOBODY])
        if nobody:
            said = f"{have(nobody, 'contact')} neither a contact id nor an email"
            self._report(_CONTACTS, _bad_row("contact_data", said))
            report.contacts.skipped = nobody
        report.contacts.kept = int(found[_CONTACTS])
        for reads in every:
            for column in reads.columns:
                self._judge_column(column)
            if reads.asks_for_events:
                report.events.kept = int(found[evidence.EVENTS])
                self._judge_events()

    def _judge_column(self, column: str) -> None:
        known = self._columns.get(column)
        if known is None or not known.bad:
            return
        number, example, whose = (self._found[each] for each in evidence.of_bad_values(column))
        if int(number) and column not in self._said:
            said = why_not(example, known.expected)
            more = f"; {int(number):,} contacts have such a value" if int(number) > 1 else ""
            problem = Problem("contact_data", None, column, example, f"{said} (contact {whose!r}){more}")
            self._report(column, problem, known.expected)
            self.report.contacts.nulled += int(number)

    def _judge_events(self) -> None:
        found, tally = self._found, self.report.events
        tally.strangers = int(found[_count_without("contact_id")])
        for column in _OF_EVENTS[1:]:
            number = int(found[_count_without(column)])
            if number and ("event_data", column) not in self._said:
                example, expected = found[_example_without(column)], self._of_events[column].expected
                what = f"no {column}" if example in (None, "") else f"a {column} that cannot be read"
                has = f"{have(number, 'event')} {what}"
                said = has if example in (None, "") else f"{has}: {why_not(example, expected)}"
                self._report(("event_data", column), _bad_row("event_data", said, example))
                tally.skipped += number

    def _report(self, key: Any, problem: Problem, expected: str | None = None) -> None:
        if key in self._said:
            return
        if self.report.on_error == "fail":
            raise problem.as_error(expected)
        self._said[key] = problem
        self.report.problems.append(problem)

    def _said_of_values(self, reads: Reads) -> Iterator[Problem | str]:
        """Yield what an answer warns of, beside what the data lacks."""
        found = self._found
        keys: list[Any] = [_CONTACTS, *reads.columns]
        if reads.asks_for_events:
            keys += [("event_data", column) for column in _OF_EVENTS]
        yield from (self._said[key] for key in keys if key in self._said)
        again, example = (found[each] for each in _REPEATS)
        if int(again):
            some = counted(int(again), "contact id")
            yield f"{some} on several rows, such as {example!r}: each row is counted"
        if reads.asks_for_events:
            yield from self.report.of_nobody
        if reads.paths or reads.keys:
            malformed, example = (found[each] for each in evidence.MALFORMED)
            if int(malformed):
                yield f"{have(int(malformed), 'event')} data that are no JSON, such as {shown(example)}: all paths are NULL there"

    def _holdings(self, reads: Reads) -> Holdings:
        types: dict[str, int] = {}
        if reads.asks_for_events and evidence.lacks_types(reads, self._found):
            if not self._types:
                rows = self._session.sql(
                    f"SELECT event_type, count(*) FROM {self._events} WHERE `?` IS NOT TRUE GROUP BY 1 ORDER BY 2 DESC, 1"
                ).collect()
                self._types = {row[0]: row[1] for row in rows}
            types = self._types
        return evidence.holdings(reads, int(self._found[_CONTACTS]), self._present, self._found, types)

    # the sources

    def _view(self, source: DataFrame | str | None, table: TableSchema) -> str:
        """Return the name of a view of a source, its columns of the types that they have in a segment."""
        name = f"sql_seg_{table.name}_{uuid4().hex}"
        if source is None:
            columns = ", ".join(
                f"`{key}` {SPARK.types[column.type]}" for key, column in table.columns.items()
            )
            frame = self._session.createDataFrame([], f"{columns}, `?` boolean")
        else:
            is_file = isinstance(source, str) and _reader_of(source) is not None
            frame = self._fitted(self._frame(source), table, keeps_empty=not is_file)
        frame.createOrReplaceTempView(name)
        return name

    def _frame(self, source: DataFrame | str) -> DataFrame:
        if not isinstance(source, str):
            return source
        reader = _reader_of(source)
        if reader is None:
            return self._session.table(source)
        options = {"header": "true", "escape": '"', "multiLine": "true"} if reader == "csv" else {}
        return self._session.read.options(**options).format(reader).load(source)

    def _fitted(self, frame: DataFrame, table: TableSchema, *, keeps_empty: bool) -> DataFrame:
        """Return a frame with each column of a table, and whether, and from what, it cannot be read."""
        found = _found_columns(frame, table)
        columns = {}
        for key, column in table.columns.items():
            if key in found:
                is_reserved = table.name != CONTACT_DATA or key in _RESERVED
                columns[key] = spark_column(
                    *found[key],
                    column.type,
                    is_reserved=is_reserved,
                    keeps_empty=keeps_empty and table.name == CONTACT_DATA and key != "contact_id",
                )
            else:
                columns[key] = SparkColumn(nothing(column.type))
        if table.name == CONTACT_DATA:
            self._of_contacts(columns, found)
        else:
            if "event_source" not in found:
                columns["event_source"] = SparkColumn("'mail'")
            self._of_events = columns
        written = [f"{read.value} AS `{key}`" for key, read in columns.items()]
        for key, read in columns.items():
            if read.bad:
                written.append(f"{read.bad} AS {evidence.bad(key)}")
            if read.bad or key in _OF_EVENTS:
                written.append(f"{read.raw} AS {evidence.raw(key)}")
        if table.name != CONTACT_DATA:
            lacks = " OR ".join(f"{columns[key].value} IS NULL" for key in _OF_EVENTS)
            written.append(f"{lacks} AS `?`")
        return frame.selectExpr(*written)

    def _of_contacts(self, columns: dict[str, SparkColumn], found: Mapping[str, tuple[str, str]]) -> None:
        """Put in what follows from other columns: domains, and the email for an id that is not there."""
        email = columns["email"].value if "email" in found else None
        if EMAIL_DOMAINS not in found:
            alternates = columns["alternate_emails"].value if "alternate_emails" in found else None
            columns[EMAIL_DOMAINS] = SparkColumn(domains(email, alternates))
        if email:
            columns["contact_id"] = replace(
                columns["contact_id"], value=f"coalesce({columns['contact_id'].value}, {email})"
            )
        follows = {EMAIL_DOMAINS} if {"email", "alternate_emails"} & found.keys() else set()
        self._columns, self._present = columns, frozenset(found) | follows


def _found_columns(frame: DataFrame, table: TableSchema) -> dict[str, tuple[str, str]]:
    """Return the columns of a frame, quoted and with their kinds, by lower-case name. Raises ValueError."""
    found: dict[str, tuple[str, str]] = {}
    for field in frame.schema:
        key = field.name.lower()
        if key in found:
            raise ValueError(f"{table.name} has the column {field.name} twice")
        kind = field.dataType.typeName()
        kind = field.dataType.simpleString() if kind == "array" else kind
        found[key] = "`" + field.name.replace("`", "``") + "`", kind
    if table.name != CONTACT_DATA and "timestamp" not in found and "event_timestamp" in found:
        found["timestamp"] = found["event_timestamp"]
    for key in ("contact_id",) if table.name == CONTACT_DATA else _OF_EVENTS:
        if key not in found:
            raise ValueError(f"{table.name} has no column {key}; it has {', '.join(found)}")
    return found


def _reader_of(source: str) -> str | None:
    """Return what reads the files at a path; None for the name of a table."""
    path = _PACKED.sub("", source.rstrip("*/").lower())
    return next((reader for ending, reader in _READERS.items() if path.endswith(ending)), None)


def _checked(segment: Any) -> core.Meaning:
    meaning: core.Meaning = getattr(segment, "checked", segment)
    return meaning


def _bad_row(table: str, said: str, value: Any = None) -> Problem:
    return Problem(table, None, None, value, said)


def _of_bad_events() -> Iterator[str]:
    yield from map(_count_without, _OF_EVENTS)
    yield from map(_example_without, _OF_EVENTS[1:])


def _count_without(column: str) -> str:
    """Return how to ask how many events lack what each has; those of nobody are not looked at further."""
    is_somebodys = "" if column == "contact_id" else " AND e.contact_id IS NOT NULL"
    return f"count(CASE WHEN e.{column} IS NULL{is_somebodys} THEN 1 END)"


def _example_without(column: str) -> str:
    return f"max(CASE WHEN e.{column} IS NULL THEN e.{evidence.raw(column)} END)"
