"""Texts in a form in which the query does not find them are told beside the answer, in every home."""

from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sql_seg import SENDGRID, Dataset, DataWarning, Segment
from sql_seg.cli import main

FIELDS = [{"name": "d", "field_type": "Text"}]
SCHEMA = SENDGRID.with_fields(FIELDS)
WHERE = "SELECT contact_id, updated_at FROM contact_data WHERE "

Contacts = list[dict[str, Any]]


def of_csv(folder: Path, contacts: Contacts) -> Dataset:
    with (folder / "contacts.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(contacts[0]))
        writer.writeheader()
        writer.writerows(contacts)
    return Dataset.load(folder / "contacts.csv", fields={"custom_fields": FIELDS})


def of_json(folder: Path, contacts: Contacts) -> Dataset:
    (folder / "contacts.json").write_text(json.dumps(contacts))
    return Dataset.load(folder / "contacts.json", fields={"custom_fields": FIELDS})


def of_frame(_: Path, contacts: Contacts) -> Dataset:
    import pandas

    return Dataset.of(pandas.DataFrame(contacts))


HOMES: list[Callable[[Path, Contacts], Any]] = [
    lambda _, contacts: contacts,
    lambda _, contacts: Dataset(contacts, schema=SCHEMA),
    of_csv,
    of_json,
    of_frame,
]


@pytest.mark.parametrize("home", HOMES, ids=["records", "memory", "CSV", "JSON", "frame"])
@pytest.mark.parametrize(
    ("condition", "texts", "told"),
    [
        (
            "d > '2026-01-16'",
            ["01/20/2026", "2026-01-20"],
            "1 contact has d as a text that is no moment in UTC",
        ),
        ("d > '2026-01-16'", ["2026-01-15T23:00:00-05:00", "31.12.2025"], "2 contacts have d as a text"),
        ("d BETWEEN '2026-01-16' AND '2026-02-01'", ["Jan 20, 2026"], "compares it with '2026-01-16'"),
        ("d = '2026-01-16'", ["2026-01-16 00:00:00 PST"], "texts are compared character by character"),
        ("d IN ('2026-01-16')", ["16/01/2026"], "give the field definitions"),
        ("NOT d < '2026-01-16'", ["16/01/2026"], "give the field definitions"),
        ("d > '2026-01-16'", ["2026-01-20", "2026-01-20T10:00:00Z", "2026-01-20 10:00"], ""),
        ("d > 'gold'", ["01/20/2026"], ""),
        ("d IS NULL", ["NULL", "x"], "1 contact has the text 'NULL' under d, which is a text and not NULL"),
        ("d IS NOT NULL", ["None", "None"], "2 contacts have the text 'None' under d"),
        ("d IS NULL", ["nothing", "x"], ""),
        ("d = 'NULL'", ["NULL", "x"], ""),
    ],
)
def test_it_is_told(
    tmp_path: Path, home: Callable[[Path, Contacts], Any], condition: str, texts: list[str], told: str
) -> None:
    contacts = [{"contact_id": str(n), "email": f"{n}@b.c", "d": d} for n, d in enumerate(texts)]
    segment = Segment(WHERE + condition, SCHEMA)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        segment.count(home(tmp_path, contacts))
    sentences = [str(each.message) for each in said if issubclass(each.category, DataWarning)]
    assert len(sentences) == bool(told), sentences
    assert told in "".join(sentences)


@pytest.mark.parametrize("home", HOMES, ids=["records", "memory", "CSV", "JSON", "frame"])
@pytest.mark.parametrize("email", [" a@b.c", "a@b.c ", "a@b.c\u00a0"])
def test_an_email_with_blanks_is_told(
    tmp_path: Path, home: Callable[[Path, Contacts], Any], email: str
) -> None:
    contacts = [{"contact_id": "1", "email": email, "d": "x"}]
    with pytest.warns(DataWarning, match="1 contact has an email with blanks around it"):
        assert Segment("email = 'a@b.c'").count(home(tmp_path, contacts)) == 0


def test_the_command_line_tells_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "contacts.csv"
    file.write_text("EMAIL,D\na@b.c,01/20/2026\n")
    with pytest.raises(SystemExit):
        main(["preview", "-q", WHERE + "d > '2026-01-16'", "--contacts", str(file)])
    assert "texts are compared character by character" in " ".join(capsys.readouterr().err.split())
