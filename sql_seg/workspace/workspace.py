"""A workspace: settings, what overrules them, the account's schema and lists, and the queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sql_seg.errors import RecordError, SchemaError, SegmentFileError
from sql_seg.frozen import replace
from sql_seg.language.datatypes import Dialect
from sql_seg.language.schema import SENDGRID, Schema
from sql_seg.sources import (
    Gathered,
    QuerySource,
    SourceFile,
    queries_in,
    queries_in_stream,
)
from sql_seg.sources.headers import split_header
from sql_seg.workspace.folders import Exclusion, Folders
from sql_seg.workspace.query_texts import QueryReader, Read
from sql_seg.workspace.settings import Settings, SettingsError, account_of, settings_for, values_of

if TYPE_CHECKING:
    from sql_seg.sources import EnvironmentValues


class Workspace:
    """What a command knows beside its own options.

    ``settings`` are those of a file; ``overrides`` are what people give beside them, by the names that
    ``Settings`` has, and count in their place. ``dialect`` None is detected.
    """

    def __init__(self, settings: Settings, **overrides: Any) -> None:
        self.file_settings = settings
        self.overrides = {name: value for name, value in overrides.items() if value is not None}
        self.settings = replace(settings, **self.overrides) if self.overrides else settings
        self.dialect: Dialect | None = self.settings.dialect
        self.folders = Folders(_exclusion(settings, self.settings, self.overrides))
        self.skips_others = False
        """Whether named files are left alone that hold no segments, as those of a folder are."""
        self.notes: list[str] = []
        """What was left alone, and the like: to be said once all is read."""

    @classmethod
    def open(
        cls,
        config: str | None = None,
        *,
        isolated: bool = False,
        near: Sequence[str] = (),
        **overrides: Any,
    ) -> Workspace:
        """Return the workspace at the current directory; ``near`` are the places that people named.

        Raises SettingsError or SegmentFileError where its settings cannot be read.
        """
        return cls(settings_for(config, isolated=isolated, near=near), **overrides)

    @cached_property
    def definitions(self) -> Any:
        """The account's field definitions as parsed JSON, sure to make a schema; None where none are given.

        Raises SettingsError, which names the file, where they do not.
        """
        path = self.settings.fields
        return None if path is None else read_fields(path)

    @property
    def knows_fields(self) -> bool:
        """Whether the account's custom fields are given."""
        return self.settings.fields is not None

    @cached_property
    def schema(self) -> Schema:
        """The columns that queries may name."""
        return self.schema_of(lenient=self.settings.lenient)

    def schema_of(self, *, lenient: bool) -> Schema:
        """Return the account's columns, leniently or not."""
        known = SENDGRID if self.definitions is None else SENDGRID.with_fields(self.definitions)
        return known.as_lenient() if lenient else known

    @cached_property
    def list_ids(self) -> Mapping[str, str]:
        """The ids of the lists that settings name, by name."""
        return {name: item.id for name, item in self.settings.lists.items()}

    @cached_property
    def values(self) -> EnvironmentValues | None:
        """What the ``${names}`` in queries stand for; None where the settings have no environment.

        Raises SettingsError for an environment that there is not.
        """
        return values_of(self.settings)

    @property
    def values_of_account(self) -> EnvironmentValues | None:
        """The values of the environment that a folder is kept in step with; None where there are none.

        Raises SettingsError for an environment that there is not.
        """
        name, environment = account_of(self.settings)
        names = tuple(self.settings.environments)
        if not names:
            return None
        from sql_seg.sources import EnvironmentValues

        return EnvironmentValues(name, environment.values, names)

    def list_files(self, given: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
        """Return the exports of lists with the lists' ids: those given, by id or name, and the settings'."""
        ids = self.list_ids
        chosen = [(ids.get(name, name), file) for name, file in given]
        said = {list_id for list_id, _ in chosen}
        beside = [
            (item.id, file)
            for item in self.settings.lists.values()
            for file in item.files
            if item.id not in said
        ]
        return [*chosen, *beside]

    def read(
        self, files: Sequence[str], queries: Sequence[str] = (), stdin_filename: str | None = None
    ) -> Iterator[Read]:
        """Yield the text of each file that is meant, then of each query; an error for what cannot be read."""
        reader = QueryReader(self.folders, stdin_filename, skips_others=self.skips_others)
        yield from reader.read(files, queries)
        self.notes += reader.notes
        if reader.left_out:
            what = "1 file is" if reader.left_out == 1 else f"{reader.left_out:,} files are"
            self.notes.append(f"{what} excluded by the settings, and left out")

    def sources(self, read: SourceFile) -> list[QuerySource]:
        """Return the queries of a file. Raises SegmentFileError."""
        if read.is_argument:
            found = [source.as_argument() for source in queries_in(read.text, read.name, self.dialect)]
        else:
            in_files = queries_in if read.path is not None else queries_in_stream
            found = in_files(read.text, read.name, self.dialect, self.list_ids)
            found = [self._with_lists(source) for source in found]
        if self.values is None:
            return found
        from sql_seg.sources import with_values

        return [with_values(source, self.values) for source in found]

    def _with_lists(self, source: QuerySource) -> QuerySource:
        """Return a query with the parent list that its header names, if it has one."""
        if source.segment is not None or not source.text.startswith("--"):
            return source
        name = split_header(source.text)[0].get("parent_list")
        return source if name is None else replace(source, header_lists=(self.list_ids.get(name, name),))

    def gathered(self, files: Sequence[str], queries: Sequence[str] = ()) -> Gathered:
        """Return all queries that are meant; what cannot be read is among the failures."""
        found: list[QuerySource] = []
        failures: list[SegmentFileError] = []
        for read in self.read(files, queries):
            try:
                if isinstance(read, SegmentFileError):
                    raise read
                found += self.sources(read)
            except SegmentFileError as error:
                failures.append(error)
        return Gathered(found, failures, files)

    def unused_patterns(self) -> Iterator[str]:
        """Yield what to say of globs that left out nothing."""
        for glob in self.folders.unused_patterns():
            yield f"the pattern {glob} leaves out nothing"


def _exclusion(file: Settings, settings: Settings, overrides: Mapping[str, Any]) -> Exclusion:
    """Return what is left out. Globs of the command line count beside the settings'."""
    exclude = () if "exclude" in overrides else file.exclude or ()
    return Exclusion(
        file.folder,
        (*exclude, *file.extend_exclude),
        (*overrides.get("exclude", ()), *overrides.get("extend_exclude", ())),
        settings.exclude is None,
        settings.respect_gitignore,
        settings.force_exclude,
    )


def read_fields(path: str) -> Any:
    """Return the field definitions of a file as parsed JSON, sure to make a schema.

    Raises SettingsError, which names the file, where they do not.
    """
    from sql_seg.records.field_definitions import read_definitions

    try:
        definitions = read_definitions(path)
    except RecordError as error:
        raise SettingsError(str(error)) from error
    except ValueError as error:
        raise SettingsError(f"{path}: several files match") from error
    try:
        SENDGRID.with_fields(definitions)
    except SchemaError as error:
        raise SettingsError(f"{path}: {error}") from error
    return definitions
