"""Files as people have them, asked on the command line: the right answer, or words that say what to do."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import tarfile
from pathlib import Path

import pytest

from tests.cli.running import COULD_NOT_RUN, FINE, run

ANN = "first_name = 'Ann'"
AGE = "age > 10"
MADE = "created_at < NOW()"
OPENED = (
    "SELECT c.contact_id, c.updated_at FROM contact_data c JOIN event_data e ON c.contact_id = e.contact_id "
    "WHERE e.event_type = 'open'"
)
CSV = "email,first_name,age\na@b.c,Ann,30\nx@y.z,Bob,4\n"
RECORD = {"email": "a@b.c", "first_name": "Ann"}
OPEN = {"event": "open", "email": "a@b.c", "timestamp": 1790000000}
ONE, HALF = "1 of 1 contact (100.0%)", "1 of 2 contacts (50.0%)"
WAY_ON = "To go on without it: --on-error skip leaves out the row."


def packed(content: bytes) -> bytes:
    """Return what gzip makes of a content, the same at any time: it is in the names of tests."""
    return gzip.compress(content, mtime=0)


def tar() -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        member = tarfile.TarInfo("contacts.csv")
        member.size = len(CSV)
        archive.addfile(member, io.BytesIO(CSV.encode()))
    return content.getvalue()


def asked(folder: Path, name: str, query: str, content: str | bytes, *options: object) -> tuple[int, str]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    result = run("preview", "-q", query, "--now", "2026-11-01", "--contacts", path, *options)
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("query", "content", "answer"),
    [
        (ANN, "email;first_name;age\na@b.c;Ann;30\n", ONE),
        (ANN, "email\tfirst_name\na@b.c\tAnn\n", ONE),
        (ANN, "sep=\t\nemail\tfirst_name\na@b.c\tAnn\n", ONE),
        (ANN, "sep=;\r\nemail;first_name\r\na@b.c;Ann\r\n", ONE),
        (ANN, "\ufeff\ufeffemail,first_name\na@b.c,Ann\n", ONE),
        (ANN, "\u200bemail\u200b,first_name\na@b.c,Ann\n", ONE),
        (ANN, "\n\nemail,first_name\na@b.c,Ann\n", ONE),
        (ANN, 'email,first_name,note\na@b.c,Ann,"x\ny\n\nz"\nb@b.c,Bob,\n', HALF),
        (ANN, "email,first_name\ra@b.c,Ann\r", ONE),
        (ANN, "email,first_name\r\na@b.c,Ann\nb@b.c,Bob\r\n", HALF),
        (ANN, "email,first_name,,age\na@b.c,Ann,left,3\n", "column 3 has values but no name: left out"),
        (ANN, packed(CSV.encode()), HALF),
        (ANN, packed(CSV.encode()) + packed(b"q@b.c,Ann,3\n"), "2 of 3 contacts"),
        (ANN, json.dumps(RECORD) + "\r\n", ONE),
        (ANN, json.dumps([[RECORD]]), ONE),
        (ANN, json.dumps([RECORD, [{**RECORD, "email": "b@b.c"}, [RECORD]]]), "2 of 2 contacts"),
        (ANN, json.dumps({"Contacts": [RECORD]}), ONE),
        (ANN, json.dumps({"RESULT": [RECORD]}), ONE),
        (ANN, json.dumps({"result": {"contacts": [RECORD]}}), ONE),
        (ANN, json.dumps({"result": RECORD}), ONE),
        (ANN, json.dumps({"contacts": {"0": RECORD, "1": {"email": "b@b.c"}}}), HALF),
        (ANN, json.dumps({"body": {"contacts": [RECORD]}}), ONE),
        (ANN, json.dumps({"result": {"a@b.c": {"contact": RECORD}, "x@y.z": {"error": "no"}}}), ONE),
        (ANN, '"sep=|"\nemail|first_name\na@b.c|Ann\n', ONE),
        (ANN, json.dumps({"id": "s", "name": "n", "contacts_sample": [RECORD], "query_dsl": "x"}), ONE),
        (AGE, json.dumps([{**RECORD, "custom_fields": {"age": "30"}}]), ONE),
        (AGE, json.dumps({"recipients": [{**RECORD, "custom_fields": [{"name": "age", "value": 30}]}]}), ONE),
        (AGE, json.dumps([{**RECORD, "custom_fields": [{"id": 1, "name": "Age", "value": 30}]}]), ONE),
        (MADE, "email,created_at\na@b.c,2017-12-15 00:59:29.123456789 +0000 UTC\n", ONE),
        (MADE, json.dumps([{**RECORD, "created_at": 1422313607}]), ONE),
        ("day < NOW()", "email,day\na@b.c,1/31/2024\n", ONE),
        ("age = '007'", "email,age\na@b.c,007\n", ONE),
    ],
)
def test_contacts_that_are_read(tmp_path: Path, query: str, content: str | bytes, answer: str) -> None:
    code, output = asked(tmp_path, "contacts", query, content)
    assert (code, answer in output) == (FINE, True), output
    assert "has no contacts" not in output


@pytest.mark.parametrize(
    ("query", "content", "message"),
    [
        (ANN, "email,first_name\na@b.c,Zoé\n".encode("cp1252"), "--encoding cp1252"),
        (ANN, "email,first_name\na@b.c,Ann\n".encode("utf-16"), "is UTF-16; save it as UTF-8"),
        (AGE, "email;age\na@b.c;30,5\n", "'30,5' is not a number; write a decimal point"),
        (AGE, 'email,age\na@b.c,"1,000"\n', "'1,000' is not a number; write a decimal point, and nothing"),
        (AGE, "email,age\na@b.c,$30\n", "'$30' is not a number"),
        (AGE, "email,age\na@b.c,NULL\n", "'NULL' is not a number"),
        (MADE, "email,created_at\na@b.c,45000\n", "it may be the number of a day"),
        (MADE, json.dumps([{**RECORD, "created_at": 45000.5}]), "it may be the number of a day"),
        ("day < NOW()", "email,day\na@b.c,45000\n", "it may be the number of a day"),
        (MADE, "email,created_at\na@b.c,20240131\n", "it may be a day without its dashes"),
        (MADE, json.dumps([{**RECORD, "created_at": 20240131}]), "it may be a day without its dashes"),
        ("day < NOW()", "email,day\na@b.c,20240131\n", "it may be a day without its dashes"),
        ("day < NOW()", "email,day\na@b.c,31.01.2024\n", "'31.01.2024' is not a date"),
        (ANN, "email,first_name,age\na@b.c,Ann\n", f"has 2 cells where the header has 3\n{WAY_ON}"),
        (ANN, "email,first_name\na@b.c,Ann,3,9\n", f"has 4 cells where the header has 2\n{WAY_ON}"),
        (ANN, "email,first_name\na@b.c,Ann\n,Bob\n", f"has neither a contact id nor an email\n{WAY_ON}"),
        (ANN, "email,first_name\na@b.c,Ann\nA@b.c,Bob\n", f"was there before, with other values\n{WAY_ON}"),
        (
            ANN,
            'email,first_name\na@b.c,"Ann\n',
            f"is no CSV (line 2): unexpected end of data\n{WAY_ON}",
        ),
        (ANN, "email,first_name,First_Name\na@b.c,Ann,X\n", "the header has the column First_Name twice"),
        (ANN, "Contacts of 2026\n\nemail,first_name\na@b.c,Ann\n", "it is: Contacts of 2026"),
        (ANN, "Email Address,First Name\na@b.c,Ann\n", "it is: Email Address, First Name"),
        (ANN, "HTTP/1.1 403 Forbidden\r\n\r\n", "it is: HTTP/1.1 403 Forbidden"),
        (ANN, "", "is empty"),
        (ANN, bz2.compress(CSV.encode()), "is packed by bzip2: unpack it"),
        (ANN, lzma.compress(CSV.encode()), "is packed by xz: unpack it"),
        (ANN, packed(packed(CSV.encode())), "is packed twice by gzip: unpack it once"),
        (ANN, packed((CSV * 500).encode())[:100], "is no whole gzip file"),
        (ANN, tar(), "is a tar archive: unpack it"),
        (ANN, b"%PDF-1.4\n\xff\xff", "is a PDF, not text"),
        (ANN, b"SQLite format 3\0\0\0", "is a SQLite database, not text"),
        (ANN, json.dumps({"result": {"status": "done"}}), "holds an object that is no contact"),
        (ANN, json.dumps({"result": {"a@b.c": "unknown"}}), "holds an object that is no contact"),
        (ANN, json.dumps({"id": "1", "status": "ready", "urls": ["u"]}), "is the job of an export"),
        (ANN, json.dumps({"id": "1", "status": "pending", "expires_at": "x"}), "is the job of an export"),
        (ANN, json.dumps({"job_id": "1"}), "is a job of the API, and holds no contacts"),
        (
            ANN,
            json.dumps({"errors": [{"message": "access forbidden"}]}),
            "the API answered: access forbidden",
        ),
        (ANN, json.dumps({"results": [{"id": "1", "name": "n", "contacts_count": 3}]}), "holds segments"),
        (ANN, json.dumps({"result": [{"id": "1", "name": "n", "contact_count": 3}]}), "holds lists"),
        (ANN, json.dumps([{"id": "w1", "name": "age", "field_type": "Number"}]), "holds field definitions"),
        (ANN, json.dumps([None, RECORD]), f"a contact is a JSON object, not null\n{WAY_ON}"),
        (ANN, json.dumps(["a@b.c"]), "a contact is a JSON object, not 'a@b.c'"),
        (ANN, "{'email': 'a@b.c'}", "line 1, column 2: malformed JSON"),
        (ANN, '[{"email": "a@b.c", "first_name": "\\ud800"}]', "half of a surrogate pair"),
        (ANN, '[{"email": "a@b.c", "x": ' + "[" * 5000 + "]" * 5000 + "}]", "nested deeper than 200 levels"),
    ],
)
def test_contacts_that_are_not(tmp_path: Path, query: str, content: str | bytes, message: str) -> None:
    code, output = asked(tmp_path, "contacts", query, content)
    assert (code, message in output) == (COULD_NOT_RUN, True), output
    if "skip" not in message and "--on-error" in output:
        assert asked(tmp_path, "contacts", query, content, "--on-error", "skip")[0] in (FINE, COULD_NOT_RUN)


@pytest.mark.parametrize("content", ["email,first_name\n", "email,first_name", "[]", '{"result": []}'])
def test_a_file_without_contacts_says_so(tmp_path: Path, content: str) -> None:
    code, output = asked(tmp_path, "contacts", "email IS NOT NULL", content)
    assert (code, "has no contacts" in output, "0 of 0 contacts" in output) == (FINE, True, True)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (json.dumps(OPEN), HALF),
        (json.dumps({"body": json.dumps([OPEN]), "headers": {}, "isBase64Encoded": False}), HALF),
        ((json.dumps({"body": json.dumps([OPEN])}) + "\n") * 2, HALF),
        ("\ufeff" + json.dumps([OPEN]), HALF),
        (json.dumps([{**OPEN, "timestamp": "1790000000"}]), HALF),
        (json.dumps([{**OPEN, "timestamp": 1790000000000}]), HALF),
        (json.dumps([{**OPEN, "email": "A@B.C", "timestamp": "2026-09-21T14:13:20+02:00"}]), HALF),
        ("processed,event,email\n2026-09-21T14:13:20Z,open,a@b.c\n", HALF),
        ("contact_id,event_type,timestamp,data\na@b.c,open,2026-09-21T14:13:20Z,{}\n", HALF),
        (json.dumps([{**OPEN, "event": "Open"}]), "SendGrid's own name is 'open'"),
        (json.dumps([{**OPEN, "event": "account_status_change", "email": ""}]), "of the account"),
        (json.dumps([{**OPEN, "email": "nobody@b.c"}]), "left out 1 event of no known contact"),
        ("[]", "the query asks for events, but there are none"),
    ],
)
def test_events_that_are_read(tmp_path: Path, content: str, said: str) -> None:
    events = tmp_path / "events"
    events.write_text(content, encoding="utf-8")
    code, output = asked(tmp_path, "contacts", OPENED, CSV, "--events", events)
    assert (code, said in output) == (FINE, True), output


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        (json.dumps({"Records": [{"body": "[]"}]}), "holds an object that is no event"),
        (json.dumps([{"event": "open", "email": "a@b.c"}]), "has no timestamp"),
        (json.dumps([{**OPEN, "timestamp": 45000}]), "it may be the number of a day"),
        (json.dumps([{**OPEN, "timestamp": 20240131}]), "it may be a day without its dashes"),
        (json.dumps([{"event": "open", "timestamp": 1790000000}]), "has neither an email nor a contact_id"),
        ("2026-01-01 INFO " + json.dumps(OPEN), "row 1: is no CSV (line 1)"),
        (json.dumps({"messages": [{"msg_id": "1"}]}), "summaries of mails, not events"),
    ],
)
def test_events_that_are_not(tmp_path: Path, content: str, message: str) -> None:
    events = tmp_path / "events"
    events.write_text(content, encoding="utf-8")
    code, output = asked(tmp_path, "contacts", OPENED, CSV, "--events", events)
    assert (code, message in output) == (COULD_NOT_RUN, True), output


def test_one_field_definition_by_its_id(tmp_path: Path) -> None:
    fields = tmp_path / "fields.json"
    fields.write_text('{"id": "w1", "name": "age", "field_type": "Number"}')
    contact = json.dumps([{"email": "a@b.c", "custom_fields": {"w1": 30}}])
    code, output = asked(tmp_path, "contacts", AGE, contact, "--fields", fields)
    assert (code, ONE in output) == (FINE, True), output


LACKING = [
    "zz > 3",
    "zz < NOW()",
    "zz + 1 = 3",
    "zz BETWEEN 1 AND 3",
    "zz LIKE 'a%'",
    "zz IN (1, 2)",
    "zz = yy",
]


@pytest.mark.parametrize("condition", LACKING)
@pytest.mark.parametrize("content", [CSV, json.dumps([RECORD, {"email": "x@y.z"}])])
def test_a_field_that_no_file_has_is_null_whatever_its_type(
    tmp_path: Path, condition: str, content: str
) -> None:
    code, output = asked(tmp_path, "contacts", condition, content, "--lenient")
    assert (code, "0 of 2 contacts" in output) == (FINE, True), output
    assert "the query reads zz, which none of the 2 contacts has: it is NULL" in " ".join(output.split())
