"""Feeds the parser and the checker with texts that lead to code not seen before, as atheris finds them.

``python -m tests.fuzz.any_text [SECONDS]``. It ends with the text that raised anything but a query's own
error, or took longer than a few seconds.
"""

from __future__ import annotations

import sys

try:
    import atheris
except ImportError:
    sys.exit("atheris is not installed, so no text is searched by coverage: pip install atheris")

with atheris.instrument_imports(include=["sql_seg"]):
    from sql_seg.diagnostics.query_errors import QuerySyntaxError
    from sql_seg.language.datatypes import Dialect
    from sql_seg.linting import diagnose
    from sql_seg.syntax.formatting import to_text
    from sql_seg.syntax.parsing import parse
    from tests.laws.strategies.noise import PIECES

DIALECTS = [None, *Dialect]
SECONDS = 60


def try_text(data: bytes) -> None:
    """Judge one text: a query prints to a text that reads back, anything else is a diagnosis."""
    provider = atheris.FuzzedDataProvider(data)
    dialect = DIALECTS[provider.ConsumeIntInRange(0, len(DIALECTS) - 1)]
    if provider.ConsumeBool():
        text = provider.ConsumeUnicode(400)
    else:
        separator = provider.PickValueInList([" ", ""])
        choices = provider.ConsumeIntListInRange(60, 0, len(PIECES) - 1)
        text = separator.join(PIECES[choice] for choice in choices)
    diagnose(text, dialect=dialect)
    try:
        query = parse(text, dialect)
    except QuerySyntaxError as error:
        look_at(error, text)
    else:
        assert parse(to_text(query), query.dialect) == query


def look_at(error: QuerySyntaxError, text: str) -> None:
    """Hold an error's places to the text."""
    assert error.diagnostics
    assert all(0 <= item.span.start <= item.span.end <= len(text) for item in error.diagnostics)


def main() -> None:
    """Fuzz for so many seconds."""
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    options = [sys.argv[0], f"-max_total_time={seconds}", "-timeout=10", "-max_len=400", "-only_ascii=0"]
    atheris.Setup(options, try_text)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
