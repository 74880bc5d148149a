from __future__ import annotations

from pathlib import Path

import pytest

from sql_seg.errors import RecordError

from .account import Write, load, ndjson, rows


@pytest.fixture
def contacts(write: Write) -> Path:
    return write(
        "contacts.csv",
        rows(
            "EMAIL,CONTACT_ID,ALTERNATE_EMAILS",
            "Ann@x.example,1,",
            "bob@x.example,2,bob@alt.example",
            "eve@x.example,3,ann@x.example",
        ),
    )


def _list_ids(contacts: Path, **lists: Path) -> list[list[str]]:
    return [contact["list_ids"] for contact in load(contacts, lists=lists).contacts]


def test_members_are_given_by_contact_id(contacts: Path, write: Write) -> None:
    members = write("l.csv", rows("CONTACT_ID,EMAIL", "3,", "1,whoever@x.example"))
    assert _list_ids(contacts, news=members) == [["news"], [], ["news"]]


def test_members_are_given_by_email_in_any_case(contacts: Path, write: Write) -> None:
    assert _list_ids(contacts, news=write("l.csv", rows("email", "ANN@x.example"))) == [["news"], [], []]


def test_an_alternate_email_gives_a_member_unless_it_is_the_email_of_another(
    contacts: Path, write: Write
) -> None:
    members = write("l.csv", rows("email", "BOB@alt.example", "ann@x.example"))
    assert _list_ids(contacts, news=members) == [["news"], ["news"], []]


def test_an_email_helps_where_the_id_is_unknown(contacts: Path, write: Write) -> None:
    members = write("l.csv", rows("CONTACT_ID,EMAIL", "other-id,bob@x.example"))
    assert _list_ids(contacts, news=members) == [[], ["news"], []]


def test_members_may_be_json(contacts: Path, write: Write) -> None:
    assert _list_ids(contacts, news=write("l.ndjson", ndjson({"id": "2"}, {"email": "eve@x.example"}))) == [
        [],
        ["news"],
        ["news"],
    ]


def test_a_contact_is_on_many_lists_on_each_once(contacts: Path, write: Write) -> None:
    first = write("a.csv", rows("CONTACT_ID", "1", "1"))
    second = write("b.csv", rows("CONTACT_ID", "1", "2"))
    loaded = load(contacts, lists=[("a", first), ("b", second), ("a", second)])
    assert [contact["list_ids"] for contact in loaded.contacts] == [["a", "b"], ["b", "a"], []]
    assert loaded.has_list_ids


def test_lists_add_to_what_json_contacts_say(write: Write) -> None:
    contacts = write("c.ndjson", ndjson({"id": "1", "list_ids": ["a"]}, {"id": "2"}))
    assert _list_ids(contacts, a=write("l.csv", rows("CONTACT_ID", "1", "2"))) == [["a"], ["a"]]


def test_a_list_may_come_in_several_files(contacts: Path, write: Write) -> None:
    path = write("part1.csv", rows("CONTACT_ID", "1"))
    write("part2.csv", rows("CONTACT_ID", "2"))
    assert _list_ids(contacts, news=path.with_name("part*.csv")) == [["news"], ["news"], []]


def test_a_list_without_members_is_a_list(contacts: Path, write: Write) -> None:
    loaded = load(contacts, lists={"news": write("l.csv", rows("CONTACT_ID,EMAIL"))})
    assert loaded.has_list_ids
    assert loaded.report.warnings == []


def test_members_that_are_no_contacts_are_counted(contacts: Path, write: Write) -> None:
    members = write("l.csv", rows("CONTACT_ID,EMAIL", "9,nobody@x.example", "1,", ",nobody@x.example"))
    report = load(contacts, lists={"news": members}).report
    assert (report.lists["news"].kept, report.lists["news"].strangers) == (1, 2)
    assert report.warnings == ["list news: 2 members not among the contacts, left out"]


def test_a_list_file_names_neither_ids_nor_emails(contacts: Path, write: Write) -> None:
    with pytest.raises(RecordError, match="row 1: the header has neither EMAIL nor CONTACT_ID"):
        load(contacts, lists={"news": write("l.csv", rows("NAME", "Ann"))})


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"name": "Ann"}', "has neither a contact id nor an email"),
        ('{"id": 5}', "must be texts"),
        ("7", "a contact is a JSON object"),
        ("{", "malformed JSON"),
    ],
)
def test_a_bad_member(contacts: Path, write: Write, line: str, message: str) -> None:
    members = write("l.ndjson", rows('{"id": "1"}', line, '{"id": "2"}'))
    with pytest.raises(RecordError, match=f"row 2: .*{message}"):
        load(contacts, lists={"news": members})
    loaded = load(contacts, lists={"news": members}, on_error="skip")
    assert [contact["list_ids"] for contact in loaded.contacts] == [["news"], ["news"], []]
    assert loaded.report.warnings == ["left out 1 bad member row of list news"]
