"""What an editor waits for, on a query of 200 conditions: each answer of ``sql-seg lsp`` against 50 ms."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from statistics import median

from measure import Measured, Results, seconds

from sql_seg.lsp.features import OpenDocument
from sql_seg.workspace.judging import judge_of
from sql_seg.workspace.settings import Settings
from sql_seg.workspace.workspace import Workspace

LIMIT = 0.05
CONDITIONS = 200


def text_of(number: int, value: str = "value") -> str:
    """Return a v2 query with so many conditions of all kinds."""
    columns = ("country", "city", "first_name", "last_name", "postal_code")
    kinds = (
        "c.{column} = '{value} {index}'",
        "c.{column} != '{value} {index}'",
        "c.{column} LIKE '{value}{index}%'",
        "(c.{column} IS NULL OR c.{column} = '{value} {index}')",
        "c.created_at >= TIMESTAMPADD(day, -{index}, CURRENT_TIMESTAMP)",
    )
    conditions = [
        kinds[index % 7 % 5].format(column=columns[index % 5], value=value, index=index + 1)
        for index in range(number)
    ]
    where = "\n  OR ".join(conditions)
    return f"SELECT c.contact_id, c.updated_at\nFROM contact_data AS c\nWHERE {where}\n"


def answers(number: int = CONDITIONS) -> dict[str, Callable[[], object]]:
    """Return what an editor asks for; each call of the first is of a text that was just changed."""
    judge = judge_of(Workspace(Settings()))
    versions = count()

    def typed() -> OpenDocument:
        return OpenDocument("segment.sql", text_of(number, f"v{next(versions)}"), judge)

    document = typed()
    place = document.text.rindex("c.created_at")
    return {
        "diagnostics after a change": lambda: list(typed().findings()),
        "quick fixes": lambda: [found for found in document.findings() if found.edits],
        "hover": lambda: document.hover(place + 4),
        "completion": lambda: document.completions(place + 2, {}),
        "formatting": document.formatted,
        "go to alias": lambda: document.definition(place),
        "rename": lambda: document.renames(place, "contacts"),
    }


def usual(ask: Callable[[], object]) -> float:
    """Return the median of what an answer takes, once the first was given."""
    ask()
    return median(seconds(ask) for _ in range(15))


def measure() -> Results:
    rows = [Measured(name, LIMIT, usual(ask) / LIMIT) for name, ask in answers().items()]
    note = f"a v2 query of {CONDITIONS} conditions; the processor's time of an answer, without the pipe"
    return Results("Answers to an editor", {"sql-seg lsp": rows}, "50 ms", note=note, has_mean=False)


if __name__ == "__main__":
    for row in measure().ways["sql-seg lsp"]:
        print(f"{row.name:<28}{1000 * row.ratio * row.yardstick:8.1f} ms")
