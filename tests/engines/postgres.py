"""PostgreSQL, as the operating system has it: started in a folder of its own, ended with the tests."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import Schema
from tests.engines.duckdb import stored
from tests.engines.laws import texts_of

TYPES = {
    DataType.VARCHAR: "text",
    DataType.NUMBER: "double precision",
    DataType.TIMESTAMP: "timestamp",
    DataType.ARRAY: "text[]",
    DataType.VARIANT: "jsonb",
}


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs, if there is one."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if folders:
        return folders[-1].parent
    found = shutil.which("initdb")
    return None if found is None else Path(found).parent


def why_not() -> str | None:
    """Return why it cannot be asked here."""
    if programs() is None:
        return "PostgreSQL's programs are not installed"
    try:
        import psycopg  # noqa: F401 -- whether it is there
    except ImportError:
        return "psycopg is not installed"
    return None


class Postgres:
    """A server of its own, as a user that is not root, which it refuses."""

    dialect = "postgres"
    batch = 40

    def __init__(self) -> None:
        import psycopg

        folder = programs()
        assert folder is not None
        self._folder = Path(tempfile.mkdtemp(prefix="pg"))
        self._programs = folder
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        options = f"-k {self._folder} -c listen_addresses='' -c fsync=off -c timezone=America/New_York"
        self._run("pg_ctl", "-w", "-o", options, "-l", str(self._folder / "log"), "start")
        self._connection = psycopg.connect(
            host=str(self._folder), user="postgres", dbname="postgres", autocommit=True
        )

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), "-D", str(self._folder / "data"), *arguments]
        user = "postgres" if os.getuid() == 0 else None
        subprocess.run(
            command,
            check=True,
            user=user,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def holds(self, record: Any, _: Collection[str]) -> bool:
        """Return whether no text of a record has a NUL."""
        return not any("\0" in text for text in texts_of(record))

    def put(self, schema: Schema, contacts: Sequence[Any], events: Sequence[Any], place: str = "") -> None:
        """Make the tables again."""
        self._fill(f"contact_data{place}", schema.contact_data.columns, contacts)
        self._fill(f"event_data{place}", schema.event_data.columns, events)

    def _fill(self, table: str, columns: Mapping[str, Any], records: Sequence[Any]) -> None:
        described = ", ".join(f'"{name}" {TYPES[column.type]}' for name, column in columns.items())
        self._connection.execute(f"DROP TABLE IF EXISTS {table}")
        self._connection.execute(f"CREATE TABLE {table} ({described})")
        rows = [
            [stored(record.get(name), column.type) for name, column in columns.items()] for record in records
        ]
        if rows:
            places = f"({', '.join(f'%s::{TYPES[column.type]}' for column in columns.values())})"
            self._connection.execute(
                f"INSERT INTO {table} VALUES {', '.join([places] * len(rows))}",
                [value for row in rows for value in row],
            )

    def rows(self, sql: str) -> list[Sequence[Any]]:
        """Return the values of a statement's columns, row by row."""
        return list(self._connection.execute(sql).fetchall())

    def close(self) -> None:
        self._connection.close()
        self._run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self._folder)


def make() -> Postgres:
    """Start it."""
    return Postgres()
