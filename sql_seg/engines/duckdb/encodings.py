"""Files in other encodings than UTF-8: a copy in UTF-8, which is all that DuckDB and what stands behind it read.

A byte says nothing of its encoding: what is in UTF-7, or happens to be valid as UTF-8, would be another text.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from sql_seg.engines.duckdb.clean_copies import written
from sql_seg.engines.duckdb.connection import Connection
from sql_seg.engines.duckdb.sources import DataFile, unpacked_bytes
from sql_seg.errors import RecordError
from sql_seg.frozen import replace
from sql_seg.records.text_files import readable

_ONCE = 1 << 20
_MARK = "\ufeff"


def in_utf_8(source: DataFile, codec: str, connection: Connection) -> DataFile:
    """Return a copy of a file in UTF-8, unpacked, with the line ends that it has.

    Raises RecordError where the file is not of that encoding, or packed so that Python cannot read it.
    """
    if source.compression == "zstd":
        said = f"packed by zstd, files are read in UTF-8 alone, not in {codec}: unpack it first"
        raise RecordError(f"{source.name}: {said}", file=source.name)
    path = connection.new_place("utf-8")
    with written(path, source) as out:
        out.writelines(_texts(source, codec))
    return replace(source, path=path, compression="none")


def _texts(source: DataFile, codec: str) -> Iterator[str]:
    """Yield the text of a file piece by piece, without a mark at its start."""
    decoder = codecs.getincrementaldecoder(codec)()
    with readable(source.name), unpacked_bytes(source.path, source.compression) as raw:
        begins = True
        while block := raw.read(_ONCE):
            text = _decoded(source, codec, decoder, block)
            yield text.removeprefix(_MARK) if begins else text
            begins = begins and not text
        yield _decoded(source, codec, decoder, b"", final=True)


def _decoded(
    source: DataFile, codec: str, decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False
) -> str:
    try:
        text = decoder.decode(block, final)
        text.encode()  # UTF-7 may hold half of a character
    except UnicodeError as error:
        raise RecordError(f"{source.name}: is not {codec} text", file=source.name) from error
    return text
