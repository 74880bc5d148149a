"""The raw cells of files of contacts: one relation a file, its columns by lower-case name, all as text."""

from __future__ import annotations

from collections.abc import Collection

from sql_seg.engines.duckdb.connection import Connection, name, text
from sql_seg.engines.duckdb.fields import Fields
from sql_seg.engines.duckdb.sources import NAMELESS, DataFile
from sql_seg.frozen import field, frozen
from sql_seg.sql.duckdb import pointer

_CUSTOM_FIELDS = "custom_fields"


@frozen
class Cells:
    """The cells of one file: ``paths`` are a JSON file's keys, each with the places where it may stand."""

    source: DataFile
    names: dict[str, str]
    paths: dict[str, list[str]] = field(default_factory=dict)
    customs: tuple[str, ...] = ()

    @property
    def is_json(self) -> bool:
        """Whether the cells are JSON values."""
        return not self.source.is_csv

    @property
    def keys(self) -> Collection[str]:
        """The columns that have a name."""
        return self.names

    @property
    def nameless(self) -> list[str]:
        """The columns whose header is blank."""
        return [key for key in self.source.keys if key.startswith(NAMELESS)] if not self.is_json else []

    def relation(self, *, keeps_empty: bool, numbered: bool, keys: Collection[str] | None = None) -> str:
        """Return what to select cells from, in the order of the file.

        With ``numbered``, or in JSON, there is ``_row``; in JSON ``j``, the whole text, and ``_ok``, whether it
        is an object that keeps to the form.
        """
        if self.is_json:
            return self._json_relation(self.names if keys is None else keys, keeps_empty=keeps_empty)
        if numbered:
            return self.source.numbered_rows(keeps_empty=keeps_empty)
        return self.source.rows(keeps_empty=keeps_empty)

    def _json_relation(self, keys: Collection[str], *, keeps_empty: bool) -> str:
        wanted = {key: self.paths[key] for key in self.paths if key in keys}
        places = list(dict.fromkeys(place for each in wanted.values() for place in each))
        at = {place: f"c[{index}]" for index, place in enumerate(places, 1)}
        columns, twice = [], ["FALSE"]
        for key, each in wanted.items():
            cells = [_cell(at[place], keeps_empty=keeps_empty) for place in each]
            either = cells[0] if len(cells) == 1 else f"coalesce({', '.join(cells)})"
            columns.append(f"{either} AS {name(key)}")
            twice += [f"{cells[0]} <> {cell}" for cell in cells[1:]]
        shapes = [_is_no_object(text(place)) for place in self.customs]
        odd = " OR ".join(f"coalesce({each}, FALSE)" for each in [*twice, *shapes])
        valid = "CASE WHEN json_valid(j) THEN json_type(j) = 'OBJECT' ELSE FALSE END"
        listed = ", ".join(map(text, places))
        extracted = f"CASE WHEN _ok THEN json_extract(j, [{listed}]) END" if places else "NULL::JSON[]"
        whole = f"SELECT _row, j, {valid} AS _ok FROM {self.source.lines()}"
        apart = f"SELECT _row, j, _ok, {extracted} AS c FROM ({whole})"
        listed_columns = "".join(f", {column}" for column in columns)
        return f"(SELECT _row, j, CASE WHEN _ok THEN NOT ({odd}) ELSE FALSE END AS _ok{listed_columns} FROM ({apart}))"


def _cell(place: str, *, keeps_empty: bool) -> str:
    cell = f"nullif(CAST({place} AS VARCHAR), 'null')"
    return cell if keeps_empty else f"nullif({cell}, '\"\"')"


def _is_no_object(place: str) -> str:
    """Return the SQL of whether custom fields are anything but an object, null or an empty text."""
    kind = f"json_type(j, {place})"
    return (
        f"CASE WHEN {kind} IS NULL OR {kind} IN ('OBJECT', 'NULL') THEN FALSE "
        f"WHEN {kind} = 'VARCHAR' THEN json_extract_string(j, {place}) <> '' ELSE TRUE END"
    )


def cells_of(source: DataFile, fields: Fields, connection: Connection) -> Cells:
    """Return the cells of a file; ``fields`` gets all its columns."""
    cells = Cells(source, source.names()) if source.is_csv else _json_cells(source, fields, connection)
    for key, given in cells.names.items():
        fields.meet(key, given)
    return cells


def _json_cells(source: DataFile, fields: Fields, connection: Connection) -> Cells:
    """Return the cells of a JSON file: custom fields nested or flat, by name or by id; ``id`` is contact_id."""
    objects = f"(SELECT j FROM {source.lines()} WHERE CASE WHEN json_valid(j) THEN json_type(j) = 'OBJECT' ELSE FALSE END)"
    found = _keys(connection, "json_keys(j)", objects)
    names: dict[str, str] = {}
    paths: dict[str, list[str]] = {}
    customs = []

    def put(key: str, given: str, place: str) -> None:
        names.setdefault(key, given)
        paths.setdefault(key, []).append(place)

    for given in found:
        key = given.lower()
        if key == _CUSTOM_FIELDS:
            customs.append(pointer(given))
            nested = _keys(
                connection,
                f"CASE WHEN json_type(j, {text(pointer(given))}) = 'OBJECT' THEN json_keys(j, {text(pointer(given))}) END",
                objects,
            )
            for inner in nested:
                put(fields.by_id.get(inner.lower(), inner.lower()), inner, pointer(given, inner))
        else:
            put("contact_id" if key == "id" else key, given, pointer(given))
    return Cells(source, names, paths, tuple(customs))


def _keys(connection: Connection, keys: str, objects: str) -> list[str]:
    """Return all keys of objects, in the order in which they are met."""
    rows = connection.rows(f"SELECT k FROM (SELECT unnest({keys}) AS k FROM {objects}) GROUP BY k")
    return sorted(key for (key,) in rows)
