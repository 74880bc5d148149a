"""What an editor asks of a document, over texts and offsets."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sql_seg.frozen import replace
from sql_seg.lsp.features import OpenDocument
from sql_seg.workspace.judging import judge_of
from sql_seg.workspace.settings import Settings
from sql_seg.workspace.workspace import Workspace

ALL = "SELECT contact_id, updated_at FROM contact_data"
JOINED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data c JOIN event_data AS e "
    "ON c.contact_id = e.contact_id WHERE e.event_type = 'open'"
)
LISTS = {"newsletter": "115715d0-0000-4000-8000-000000000001"}


def document(text: str, name: str = "a.sql", **settings: Any) -> OpenDocument:
    return OpenDocument(name, text, judge_of(Workspace(replace(Settings(), **settings))))


def at(marked: str) -> tuple[str, int]:
    """Return a text without its mark ¦, and where that stood."""
    return marked.replace("¦", ""), marked.index("¦")


def names(marked: str, name: str = "a.sql") -> set[str]:
    text, offset = at(marked)
    return {item.text for item in document(text, name).completions(offset, LISTS)}


def test_findings_have_their_places_and_edits() -> None:
    (found,) = document(f"{ALL} WHERE citty = 'Oslo'").findings()
    assert found.diagnostic.code == "unknown-column"
    assert f"{ALL} WHERE citty = 'Oslo'"[found.span.start : found.span.end] == "citty"
    assert [edit.text for edit in found.edits] == ["city"]


def test_findings_of_a_query_inside_json_are_placed_in_the_file() -> None:
    text = json.dumps({"name": "a", "query_version": "2", "query_dsl": f"{ALL} WHERE citty = 'Oslo'"})
    (found,) = document(text, "a.json").findings()
    assert text[found.span.start : found.span.end] == "citty"


def test_a_file_that_cannot_be_read_says_so() -> None:
    broken = document("{", "a.json")
    assert broken.problem is not None
    assert list(broken.findings()) == []
    assert broken.completions(1, LISTS) == []


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        (f"{ALL} WHERE cou¦ntry = 'US'", "`country`: a text, up to 55 characters, may be NULL"),
        (f"{ALL} WHERE ARRAY_CON¦TAINS(list_ids, 'a')", "ARRAY_CONTAINS(array, value)"),
        (JOINED.replace("event_type", "event¦_type"), "of an event"),
        (JOINED.replace("c.contact_id,", "c.cont¦act_id,"), "a column of contact_data"),
        (f"{ALL} WHERE CURRENT_TIME¦STAMP > updated_at", "SendGrid's reference has it."),
        ("cou¦ntry = 'US'", "a column of contact_data"),
        ("event_ty¦pe = 'open'", "of an event"),
    ],
)
def test_hover_says_what_a_name_is(marked: str, said: str) -> None:
    text, offset = at(marked)
    found = document(text).hover(offset)
    assert found is not None
    assert said in found.text


def test_hover_says_what_a_rule_is_about() -> None:
    text, offset = at(f"{ALL} WHERE coun¦try != 'US'")
    found = document(text).hover(offset)
    assert found is not None
    assert "null-blind-inequality" in found.text


def test_hover_says_nothing_of_a_blank() -> None:
    assert document(f"{ALL}  WHERE country = 'US'").hover(len(ALL) + 1) is None


def test_columns_functions_and_keywords_may_stand_in_a_condition() -> None:
    found = names(f"{ALL} WHERE ¦")
    assert {"country", "ARRAY_CONTAINS", "AND"} <= found
    assert "event_type" not in found
    assert "event_type" in names(JOINED.replace("e.event_type = 'open'", "¦"))
    assert {"event_type", "CONTAINS"} <= names("¦")


def test_behind_an_alias_stand_the_columns_of_its_table() -> None:
    assert "event_type" in names(JOINED.replace("e.event_type", "e.¦event_type"))
    assert "country" not in names(JOINED.replace("e.event_type", "e.¦"))
    assert "country" in names(JOINED.replace("e.event_type", "c.¦"))


@pytest.mark.parametrize(
    ("marked", "value"),
    [
        (JOINED.replace("'open'", "'¦"), "spamreport"),
        (f"{ALL} WHERE ARRAY_CONTAINS(list_ids, '¦", LISTS["newsletter"]),
        ("event_source = '¦", "mail"),
    ],
)
def test_in_quotes_stand_the_values_that_are_known(marked: str, value: str) -> None:
    assert value in names(marked)


def test_tables_stand_behind_from_and_join() -> None:
    assert "contact_data" in names("SELECT contact_id, updated_at FROM ¦")
    assert names(f"{ALL} JOIN ¦") == {"event_data"}


def test_the_alias_of_a_table_is_found_and_renamed_everywhere() -> None:
    text, offset = at(JOINED.replace("e.event_type", "¦e.event_type"))
    found = document(text)
    span = found.definition(offset)
    assert span is not None
    assert text[span.start : span.end] == "e"
    assert text[: span.start].endswith("event_data AS ")
    edits = found.renames(offset, "opens")
    assert edits is not None
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert text == JOINED.replace("AS e ", "AS opens ").replace(
        "e.contact_id W", "opens.contact_id W"
    ).replace("e.event", "opens.event")


@pytest.mark.parametrize("name", ["select", "a b", "", "1a", "c", "C"])
def test_an_alias_gets_no_name_that_it_cannot_have(name: str) -> None:
    text, offset = at(JOINED.replace("e.event_type", "¦e.event_type"))
    with pytest.raises(ValueError, match="name"):
        document(text).renames(offset, name)


def test_what_is_no_alias_is_not_renamed() -> None:
    text, offset = at(f"{ALL} WHERE coun¦try = 'US'")
    assert document(text).renames(offset, "x") is None
    assert document(text).definition(offset) is None


def test_a_document_is_laid_out_unless_it_does_not_parse() -> None:
    assert document("country='US'and city is null").formatted() == "country = 'US' AND city IS NULL\n"
    assert document("country = ").formatted() is None
    narrow = document("country='US'and city is null\r\n", width=20).formatted()
    assert narrow == "country = 'US'\r\nAND city IS NULL\r\n"
    text = json.dumps({"name": "a", "query_dsl": "country='US'"})
    assert document(text, "a.json").formatted() == text.replace("country='US'", "country = 'US'")


def test_settings_count() -> None:
    (found,) = document(
        "country != 'US'", severity={}, ignore=frozenset({"undocumented-construct"})
    ).findings()
    assert found.diagnostic.code == "null-blind-inequality"
    assert list(document("country != 'US'", ignore=frozenset({"null-blind-inequality"})).findings()) == []
