"""The connection to DuckDB: in this process, in UTC, within its memory, and gone when it is closed."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import finalize

from sql_seg.engines.duckdb.readers import MACROS
from sql_seg.errors import EngineError
from sql_seg.records.account_sources import DUCKDBS_OWN_LIMIT
from sql_seg.whole_files import why_not_written

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Watch = Callable[[float], None]
"""Is called now and then with how much of a statement is done, from 0 to 1."""

T = TypeVar("T")

_A_MOMENT = 0.1
_LAUNCH = 1.0
"""How long a thread takes at most to begin."""
_INTERRUPTED = "Query interrupted"


def duckdb_module() -> Any:
    """Return what ``connect`` and the errors of DuckDB are in: the package ``duckdb``, or the module beneath it.

    The package brings relations, expressions and types of its own in Python, which nothing here uses: it takes
    134 ms to import and the module alone 25, and a small account is read in less. So it is the module, where nobody
    has imported the package.
    """
    known = sys.modules.get("duckdb")
    if known is not None:
        return known
    try:
        return import_module("_duckdb")
    except ImportError:  # a version that calls it otherwise
        return import_module("duckdb")


def execute(connection: DuckDBPyConnection, sql: str) -> DuckDBPyConnection:
    """Run a statement; Ctrl-C while it runs is a KeyboardInterrupt, as anywhere else."""
    try:
        return connection.execute(sql)
    except RuntimeError as error:
        if str(error) == _INTERRUPTED:
            raise KeyboardInterrupt from error
        raise


class Connection:
    """A DuckDB of its own: tables in memory, and on disk what ``memory_limit`` (``1GiB``) has no room for.

    With ``watch`` it says how far a statement has come. The macros that read values are there at once if it
    ``reads``; else whoever needs them makes them.
    """

    def __init__(
        self, *, memory_limit: str | None = DUCKDBS_OWN_LIMIT, watch: Watch | None = None, reads: bool = True
    ) -> None:
        duckdb = duckdb_module()

        self._begin(watch, is_borrowed=False)
        self.duckdb: DuckDBPyConnection = duckdb.connect(config={"temp_directory": self._folder})
        execute(self.duckdb, "SET TimeZone = 'UTC'")
        with suppress(
            duckdb.InvalidInputException
        ):  # Jupyter without ipywidgets: no progress to be had or shown
            execute(self.duckdb, "SET enable_progress_bar = true; SET enable_progress_bar_print = false")
        if memory_limit is not None:
            self._limit(memory_limit)
        if reads:
            self.make_macros()

    @classmethod
    def of(cls, connection: DuckDBPyConnection) -> Connection:
        """Return a connection to a DuckDB that is somebody else's: nothing is made or set there."""
        made = cls.__new__(cls)
        made._begin(None, is_borrowed=True)
        made.duckdb = connection.cursor()
        made._prepare(made.duckdb)
        return made

    def _begin(self, watch: Watch | None, *, is_borrowed: bool) -> None:
        """Make a folder that goes with this connection, or with the process, whichever ends first."""
        self._watch = watch
        self._is_borrowed = self._has_macros = is_borrowed
        self._lock = Lock()
        self._registered: dict[str, Any] = {}
        self._folder = mkdtemp(prefix="sql-seg-")
        self._remove_folder = finalize(self, _remove, self._folder, os.getpid())

    def make_macros(self) -> None:
        """Make the macros that read values, unless they are there."""
        with self._lock:
            if not self._has_macros:
                execute(self.duckdb, f"BEGIN; {MACROS}; COMMIT")
                self._has_macros = True

    def _prepare(self, cursor: DuckDBPyConnection) -> None:
        if self._is_borrowed:
            execute(cursor, "SET TimeZone = 'UTC'")
            execute(cursor, MACROS.replace("CREATE MACRO", "CREATE TEMP MACRO"))

    def _limit(self, memory_limit: str) -> None:
        duckdb = duckdb_module()

        try:
            self.duckdb.execute(f"SET memory_limit = {text(memory_limit)}")
        except duckdb.Error:
            self.close()
            raise ValueError(f"{memory_limit!r} is no amount of memory: write it as 1GiB or 500MB") from None

    @property
    def is_watched(self) -> bool:
        """Whether somebody looks on."""
        return self._watch is not None

    @property
    def folder(self) -> Path:
        """A folder for what is put aside; it goes when the connection is closed."""
        return Path(self._folder)

    def new_place(self, kind: str) -> Path:
        """Return a path in the folder at which nothing is yet."""
        return self.folder / f"{kind}-{len(list(self.folder.iterdir()))}"

    def run(self, sql: str) -> None:
        """Run statements whose result does not matter."""
        self.rows(sql)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return all rows of a statement."""
        if self._watch is None:
            return self._fetched(sql)
        return self._watched(sql, self._watch)

    def row(self, sql: str) -> tuple[Any, ...]:
        """Return the one row of a statement."""
        (row,) = self.rows(sql)
        return row

    def described(self, relation: str) -> list[tuple[str, str]]:
        """Return the names and the types of a relation's columns."""
        return [(row[0], row[1]) for row in self.rows(f"DESCRIBE SELECT * FROM {relation}")]

    def cursor(self) -> DuckDBPyConnection:
        """Return another connection to the same tables: one for each thread, and for each result that is walked."""
        cursor = self.duckdb.cursor()
        self._prepare(cursor)
        for called, source in self._registered.items():
            cursor.register(called, source)
        return cursor

    def register(self, called: str, source: Any) -> None:
        """Give a frame a name here and on all cursors: DuckDB knows it only where it was set."""
        self.duckdb.register(called, source)
        self._registered[called] = source

    def _fetched(self, sql: str) -> list[tuple[Any, ...]]:
        result = execute(self.duckdb, sql)
        return result.fetchall() if result.description else []

    def _watched(self, sql: str, watch: Watch) -> list[tuple[Any, ...]]:
        """Run a statement on another thread, so that this one can say how far it is, and hear Ctrl-C."""
        work = Aside(lambda: self._fetched(sql), self.duckdb)
        try:
            work.start()
            while not work.over.wait(_A_MOMENT):
                watch(max(0.0, self.duckdb.query_progress()) / 100)
        except BaseException:
            work.end()
            raise
        return work.found()

    def close(self) -> None:
        """Give back memory and files."""
        with suppress(Exception):
            self.duckdb.close()
        self._remove_folder()


def _remove(folder: str, owner: int) -> None:
    """Remove a folder, but not in a process that was forked from the one that it belongs to."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


class Aside(Generic[T]):
    """A call that asks a connection on another thread. A process must not end before it is over."""

    def __init__(self, call: Callable[[], T], connection: DuckDBPyConnection) -> None:
        self.over = Event()
        self._begun = Event()
        self._call = call
        self._connection = connection
        self._found: list[T] = []
        self._failed: list[BaseException] = []

    def start(self) -> None:
        """Begin."""
        Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        self._begun.set()
        try:
            self._found.append(self._call())
        except BaseException as error:
            self._failed.append(error)
        finally:
            self.over.set()

    def found(self) -> T:
        """Return what the call has returned, or raise what it has raised."""
        self.over.wait()
        if self._failed:
            raise self._failed[0]
        return self._found[0]

    def end(self) -> None:
        """End the call; what is being planned hears nothing yet, and a further Ctrl-C changes nothing."""
        while True:
            with suppress(KeyboardInterrupt):
                if not self._begun.wait(_LAUNCH):
                    return
                while not self.over.wait(_A_MOMENT / 10):
                    with suppress(Exception):
                        self._connection.interrupt()
                return


def unreadable() -> tuple[type[BaseException], ...]:
    """Return what DuckDB raises for a file that it cannot read, and Python perhaps can."""
    duckdb = duckdb_module()

    return duckdb.InvalidInputException, duckdb.ConversionException, duckdb.IOException


@contextmanager
def engine_errors() -> Iterator[None]:
    """Let what DuckDB cannot do come out as EngineError, in words of ours where there are any."""
    duckdb = duckdb_module()

    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise EngineError(
            "there is not enough memory, nor room on disk for what does not fit: give it more with --memory-limit, "
            f"or free some ({_first_line(error)})"
        ) from error
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error
    except duckdb.ConnectionException as error:
        if "closed" not in str(error):
            raise EngineError(f"DuckDB: {_first_line(error)}") from error
        raise EngineError(_CLOSED) from error
    except duckdb.Error as error:
        if "No open result set" in str(error):  # closed while its rows were walked
            raise EngineError(_CLOSED) from error
        bad = _BAD_JSON.search(_first_line(error))
        if bad is not None:
            raise EngineError(
                f"a text in the events' column data is no JSON ({bad[1]}): {bad[2][:60]}"
            ) from error
        raise EngineError(f"DuckDB: {_first_line(error)}") from error


_CLOSED = "this dataset was closed, and cannot be asked any more"
_BAD_JSON = re.compile(r"Malformed JSON at byte \d+ of input: (.*?)\. +Input: (.*)")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Let what keeps a file from being written come out as EngineError that names it, not what is made of it."""
    duckdb = duckdb_module()

    try:
        yield
    except duckdb.IOException as error:
        reason = _WHY_NOT_WRITTEN.search(str(error))
        if reason is None:
            raise
        raise EngineError(f"{path}: cannot be written: {reason[1]}") from error
    except OSError as error:
        raise EngineError(f"{path}: {why_not_written(error)}") from error


_WHY_NOT_WRITTEN = re.compile(r"write (?:to )?file \\?\"[^\"]*\": ([^\"\n]+)")


def _first_line(error: BaseException) -> str:
    return str(error).partition("\n")[0]


def text(value: str) -> str:
    """Return a text as a literal of SQL."""
    if "\0" in value:
        return "(" + " || chr(0) || ".join(map(text, value.split("\0"))) + ")"
    return "'" + value.replace("'", "''") + "'"


def name(value: str) -> str:
    """Return a name of a column or table as SQL has it."""
    return '"' + value.replace('"', '""') + '"'
