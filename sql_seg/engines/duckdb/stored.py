"""Accounts that are read once and asked many times: a DuckDB file, or a folder of Parquet files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from sql_seg.core.terms import Meaning
from sql_seg.engines.duckdb.connection import (
    Connection,
    Watch,
    duckdb_module,
    engine_errors,
    name,
    text,
    writing,
)
from sql_seg.engines.duckdb.given import GivenTables
from sql_seg.engines.duckdb.given_checks import GivenRelation
from sql_seg.engines.duckdb.home import DuckDBHome
from sql_seg.engines.duckdb.taking import table
from sql_seg.errors import EngineError, RecordError
from sql_seg.language.datatypes import DataType
from sql_seg.language.schema import CONTACT_DATA, EVENT_DATA, SENDGRID, Schema, custom_column
from sql_seg.records.account_sources import DUCKDBS_OWN_LIMIT
from sql_seg.whole_files import scratch_folder, take_place

DATABASE_ENDINGS = (".duckdb", ".db")
"""How the name of a file ends that is one database; any other name is a folder's, of Parquet files."""

_ABOUT = "about.json"
_FORM = 1
_MAGIC, _MAGIC_AT = b"DUCK", 8
"""What each database of DuckDB's has at its start."""


def store(home: DuckDBHome, path: Path) -> None:
    """Write an account, all of which was read, to be asked later.

    It is there as a whole or not at all; what was there before goes. Raises EngineError where it cannot be
    written.
    """
    is_database = path.suffix.lower() in DATABASE_ENDINGS
    if not is_database and path.exists() and not (path / _ABOUT).exists():
        raise EngineError(f"{path}: is there already, and is no account that was written before")
    write = _write_database if is_database else _write_parquet
    with engine_errors(), writing(path), scratch_folder(path) as folder:
        write(home, folder / "account")
        take_place(folder / "account", path)


def _about(home: DuckDBHome) -> str:
    fields = [[field.name, field.type.name] for field in home.schema.custom_fields]
    return json.dumps({"form": _FORM, "custom_fields": fields, "has_list_ids": home.has_list_ids})


def _contacts(home: DuckDBHome) -> str:
    columns = ", ".join(map(name, home.keys()))
    return f"SELECT {columns} FROM {home.places.contacts} ORDER BY _at"


def _write_database(home: DuckDBHome, path: Path) -> None:
    connection = home.connection
    connection.run(f"ATTACH {text(str(path.absolute()))} AS written")
    try:
        connection.run(f"CREATE TABLE written.{CONTACT_DATA} AS {_contacts(home)}")
        connection.run(f"CREATE TABLE written.{EVENT_DATA} AS {home.event_rows()}")
        connection.run(f"CREATE TABLE written.about AS SELECT {text(_about(home))} AS about")
    except BaseException:
        with suppress(Exception):  # a statement that was ended may still hold the connection
            connection.run("DETACH written")
        raise
    connection.run("DETACH written")


def _write_parquet(home: DuckDBHome, folder: Path) -> None:
    folder.mkdir()
    for called, statement in ((CONTACT_DATA, _contacts(home)), (EVENT_DATA, home.event_rows())):
        place = text(str((folder / f"{called}.parquet").absolute()))
        home.connection.run(f"COPY ({statement}) TO {place} (FORMAT parquet, COMPRESSION zstd)")
    (folder / _ABOUT).write_text(_about(home), encoding="utf-8")


class StoredAccount:
    """An account that was written by ``store``.

    ``wanted`` are the columns that matter, by lower-case name, None all. Raises RecordError where there is none.
    """

    def __init__(
        self,
        path: str,
        *,
        wanted: frozenset[str] | None = None,
        memory_limit: str | None = DUCKDBS_OWN_LIMIT,
        watch: Watch | None = None,
    ) -> None:
        self._wanted = wanted
        self._path = Path(path)
        self._named = path
        self._connection = Connection(memory_limit=memory_limit, watch=watch, reads=False)
        try:
            about = self._about(self._attached() if self._path.is_file() else self._in_folder())
            columns = [custom_column(given, DataType[kind]) for given, kind in about["custom_fields"]]
            self.schema: Schema = SENDGRID.with_columns(columns)
            self._has_list_ids = bool(about["has_list_ids"])
        except BaseException:
            self.close()
            raise

    def _about(self, written: str) -> dict[str, Any]:
        try:
            about = json.loads(written)
        except ValueError as error:
            raise self._no_account() from error
        if not isinstance(about, dict) or "form" not in about:
            raise self._no_account()
        if about["form"] != _FORM:
            raise RecordError(
                f"{self._named}: was written by another version: load the files again", file=self._named
            )
        if not {"custom_fields", "has_list_ids"} <= about.keys():
            raise self._damaged()
        return about

    def _damaged(self) -> RecordError:
        return RecordError(f"{self._named}: is damaged: load the files again", file=self._named)

    def _attached(self) -> str:
        duckdb = duckdb_module()

        try:
            self._connection.run(f"ATTACH {text(str(self._path.absolute()))} AS account (READ_ONLY)")
            (about,) = self._connection.row("SELECT about FROM account.about")
        except duckdb.CatalogException as error:
            raise self._no_account() from error
        except duckdb.Error as error:
            raise (self._damaged() if self._is_database() else self._no_account()) from error
        return str(about)

    def _is_database(self) -> bool:
        with suppress(OSError), self._path.open("rb") as start:
            return start.read(_MAGIC_AT + len(_MAGIC)).endswith(_MAGIC)
        return False

    def _in_folder(self) -> str:
        try:
            return (self._path / _ABOUT).read_text(encoding="utf-8")
        except FileNotFoundError as error:
            if self._path.is_dir():
                raise self._no_account() from error
            raise RecordError(f"{self._named}: no such file", file=self._named) from error
        except OSError as error:
            raise RecordError(f"{self._named}: cannot be read: {error.strerror}", file=self._named) from error

    def _no_account(self) -> RecordError:
        return RecordError(f'{self._named}: is no account that "sql-seg load" has written', file=self._named)

    def read(
        self,
        checked: Sequence[Meaning] | None = None,  # noqa: ARG002 -- as files are read
        now: datetime | None = None,  # noqa: ARG002 -- as files are read
        *,
        writes_csv: bool = False,  # noqa: ARG002 -- as files are read
    ) -> DuckDBHome:
        """Return the home of the account."""
        duckdb = duckdb_module()

        try:
            home = GivenTables(
                self._connection,
                self._given(CONTACT_DATA),
                self._given(EVENT_DATA),
                self.schema,
                wanted=self._wanted,
                as_they_are=True,
            ).home()
        except (
            duckdb.IOException,
            duckdb.InvalidInputException,
            duckdb.CatalogException,
            RecordError,
        ) as error:
            raise self._damaged() from error
        home.has_list_ids = self._has_list_ids
        return home

    def _given(self, called: str) -> GivenRelation:
        if self._path.is_file():
            return table(self._connection, f"account.{called}")
        place: Any = text(str((self._path / f"{called}.parquet").absolute()))
        return GivenRelation(f"read_parquet({place})", "file_row_number", self._named)

    def close(self) -> None:
        """Give back what was opened."""
        self._connection.close()
