"""What the live API was recorded to answer: bodies compared key for key, in the order they were sent."""

from __future__ import annotations

from tests.unit.server.account import CONTACTS, FIELDS, LISTS, QUERY, SEGMENTS, UNKNOWN, V1, Account

ONE = "id name query_dsl query_version contacts_count identifier_counts contacts_sample".split()
TIMES = "sample_updated_at next_sample_update created_at updated_at parent_list_ids status".split()
CONTACT = """id first_name last_name unique_name email phone_number_id external_id anonymous_id
    alternate_emails address_line_1 address_line_2 city state_province_region country postal_code
    phone_number whatsapp line facebook list_ids segment_ids custom_fields created_at updated_at
    _metadata""".split()


def test_a_segment_is_valid_at_once_and_has_its_count_some_seconds_later() -> None:
    account = Account()
    account.upsert({"email": "dave@example.com", "country": "US"})
    made = account.create()
    assert list(made) == [*ONE, *TIMES]
    assert made["status"] == {"query_validation": "VALID"}
    assert (made["contacts_count"], made["contacts_sample"]) == (0, [])
    assert (made["sample_updated_at"], made["next_sample_update"]) == (None, None)
    account.advance(seconds=6)
    later = account.segment(made)
    assert list(later) == [*ONE, *TIMES]
    assert later == {
        "id": made["id"],
        "name": "one",
        "query_dsl": QUERY,
        "query_version": "2",
        "contacts_count": 1,
        "identifier_counts": {"AID": 0, "EID": 1, "EXTID": 0, "PHNID": 0},
        "contacts_sample": [
            {
                "id": account.contact("dave@example.com")["id"],
                "email": "dave@example.com",
                "country": "US",
                "list_ids": [],
                "segment_ids": [made["id"]],
                "created_at": "2026-07-15T16:08:46Z",
                "updated_at": "2026-07-15T16:09:16Z",
                "_metadata": later["contacts_sample"][0]["_metadata"],
            }
        ],
        "sample_updated_at": "2026-07-15T16:09:22Z",
        "next_sample_update": "2026-07-15T17:09:22Z",
        "created_at": "2026-07-15T16:09:17Z",
        "updated_at": "2026-07-15T16:09:17Z",
        "parent_list_ids": None,
        "status": {"query_validation": "VALID"},
    }
    without = account.segment(made, contacts_sample="False")
    assert "contacts_sample" not in without


def test_a_list_of_segments_leaves_out_what_only_one_shows_and_never_pages() -> None:
    account = Account()
    ids = [account.create(f"s{number}")["id"] for number in range(3)]
    body = account.get(SEGMENTS, params={"page_size": "1"}).json()
    assert list(body) == ["results"]
    assert [entry["id"] for entry in body["results"]] == ids
    assert list(body["results"][0]) == ["id", "name", "query_version", "contacts_count", *TIMES]


def test_an_edit_of_the_name_keeps_the_count_and_shows_no_sample() -> None:
    account = Account()
    account.upsert({"email": "dave@example.com", "country": "US"})
    made = account.create()
    account.advance(minutes=6)
    before = account.segment(made)
    edited = account.ask("PATCH", f"{SEGMENTS}/{made['id']}", json={"name": "two"}).json()
    assert edited == before | {
        "name": "two",
        "contacts_sample": [],
        "next_sample_update": None,
        "updated_at": "2026-07-15T16:15:17Z",
    }


def test_a_query_comes_back_character_for_character() -> None:
    account = Account()
    query = "SELECT contact_id,  updated_at\r\nFROM contact_data -- é\n WHERE\tcity = 'Łódź' "
    assert account.segment(account.create(query=query))["query_dsl"] == query


def test_deleting_answers_differently_on_the_two_paths() -> None:
    account = Account()
    one, two = account.create("one"), account.create("two")
    answer = account.ask("DELETE", f"{SEGMENTS}/{one['id']}")
    assert (answer.status_code, answer.content) == (202, b"")
    answer = account.ask("DELETE", f"{V1}/{two['id']}", params={"delete_contacts": "false"})
    assert (answer.status_code, answer.json()) == (202, {})
    assert account.get(SEGMENTS).json() == {"results": []}


def test_older_paths_serve_both_generations() -> None:
    account = Account()
    made = account.create()
    entry = account.get(V1).json()["results"][0]
    assert set(entry) == {
        *("id contacts_count created_at name parent_list_id".split()),
        *("sample_updated_at updated_at next_sample_update".split()),
    }
    one = account.get(f"{V1}/{made['id']}", params={"query_json": "false"}).json()
    assert one["query_dsl"] == QUERY
    assert "query_json" not in one
    assert account.get(f"{V1}/{made['id']}?query_json=true").json()["query_json"] is not None


def test_contacts_are_listed_with_nanoseconds_and_a_link_of_their_own() -> None:
    account = Account()
    account.upsert({"email": "b@example.com"}, {"email": "A@example.com"})
    body = account.get(CONTACTS).json()
    assert list(body) == ["result", "contact_count", "_metadata"]
    assert [entry["email"] for entry in body["result"]] == ["a@example.com", "b@example.com"]
    first = body["result"][0]
    assert set(first) == set(CONTACT) - {"segment_ids"}
    assert first["alternate_emails"] is None
    assert first["created_at"] == "2026-07-15T16:08:46.000000000Z"
    assert first["_metadata"]["self"].endswith(f"/contact/{first['id']}")


def test_an_unknown_contact_has_no_body() -> None:
    answer = Account().get(f"{CONTACTS}/{UNKNOWN}")
    assert (answer.status_code, answer.content) == (404, b"")


def test_a_search_by_email_has_empty_values_where_another_has_null() -> None:
    account = Account()
    account.upsert({"email": "dave@example.com", "country": "US"})
    plain = account.post(f"{CONTACTS}/search", {"query": "email = 'dave@example.com'"}).json()
    other = account.post(f"{CONTACTS}/search", {"query": "country = 'US'"}).json()
    assert list(plain) == list(other) == ["result", "contact_count", "_metadata"]
    (one,), (two,) = plain["result"], other["result"]
    assert list(one) == list(two) == CONTACT
    assert (one["custom_fields"], one["alternate_emails"], one["segment_ids"]) == ({}, [], [])
    assert (two["custom_fields"], two["alternate_emails"], two["segment_ids"]) == (None, None, None)
    assert one["created_at"] == "2026-07-15T16:08:46Z"
    assert two["created_at"] == "2026-07-15 16:08:46 +0000 UTC"


def test_a_search_takes_nothing_but_a_query() -> None:
    answer = Account().post(f"{CONTACTS}/search", {"query": "country = 'US'", "page_size": 10})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == 'unknown field "page_size"'


def test_an_upsert_is_accepted_at_once_and_done_thirty_seconds_later() -> None:
    account = Account()
    answer = account.ask("PUT", CONTACTS, json={"contacts": [{"email": "Dave@Example.com"}]})
    assert answer.status_code == 202
    job = f"{CONTACTS}/imports/{answer.json()['job_id']}"
    assert account.get(job).json()["status"] == "pending"
    assert account.get(CONTACTS).json()["contact_count"] == 0
    account.advance(seconds=30)
    done = account.get(job).json()
    assert (done["status"], done["job_type"]) == ("completed", "upsert_contacts")
    assert done["results"]["created_count"] == 1
    contact = account.contact("dave@example.com")
    assert contact["created_at"] == "2026-07-15T16:08:46Z"
    assert contact["updated_at"] == "2026-07-15T16:09:16Z"


def test_errors_of_contacts() -> None:
    account = Account()
    unknown = {"contacts": [{"email": "a@b.co", "custom_fields": {"A": 1, "B": 2}}]}
    answer = account.ask("PUT", CONTACTS, json=unknown)
    message = "invalid custom field names or ID's supplied - A,B"
    assert answer.json() == {"errors": [{"field": "contacts[0].custom_fields", "message": message}]}
    answer = account.ask("PUT", CONTACTS, json={"contacts": [{"email": "a@b.co"}], "list_ids": ["x"]})
    assert answer.json() == {"errors": [{"field": "list_ids", "message": "invalid list id 'x'"}]}
    answer = account.ask("PUT", CONTACTS, json={"contacts": 3})
    assert answer.json() == {"errors": [{"field": "", "message": "invalid input"}]}
    shape = {
        "message": "either 'ids' OR 'delete_all_contacts' should be supplied as query param",
        "parameter": "ids/delete_all_contacts",
    }
    for path in (CONTACTS, f"{CONTACTS}?ids[]=a"):
        answer = account.ask("DELETE", path)
        assert (answer.status_code, answer.json()) == (400, shape)


def test_what_is_no_json_is_said_as_the_live_api_says_it() -> None:
    account = Account()
    for content in (
        "",
        "{",
        "[" * 100_000,
        '{"a": NaN}',
        '{"a": 1e999}',
        "\udcff".encode("utf-8", "replace"),
    ):
        answer = account.ask("POST", SEGMENTS, content=content)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "json.decode failed"
    empty = account.ask("POST", SEGMENTS, content="").json()
    assert empty == {"errors": [{"field": "json.decode failed", "message": "error: EOF, body: "}]}


def test_keys() -> None:
    account = Account(api_key="SG.right")
    wrong = account.get(SEGMENTS)
    message = "The provided authorization grant is invalid, expired, or revoked"
    assert wrong.status_code == 401
    assert wrong.json() == {"errors": [{"message": message, "field": None, "help": None}]}
    none = account.get(SEGMENTS, headers={"Authorization": ""})
    assert none.json() == {"errors": [{"field": None, "message": "authorization required"}]}
    odd = account.get(SEGMENTS, headers=[("Authorization", "Bearer SG.\xe9".encode())])
    assert odd.status_code == 401
    assert account.get(SEGMENTS, headers={"Authorization": "Bearer SG.right"}).status_code == 200


def test_reserved_fields_and_custom_ones() -> None:
    account = Account()
    body = account.get(FIELDS).json()
    assert list(body) == ["reserved_fields", "_metadata"]
    assert [entry["id"] for entry in body["reserved_fields"]][15:23] == [
        *("_rf15_T _rf16_D _rf17_D _rf18_D _rf19_T _rf20_T _rf21_D _rf22_D".split())
    ]
    assert all("read_only" not in entry for entry in body["reserved_fields"][:15])
    assert all(entry["read_only"] is True for entry in body["reserved_fields"][15:24])
    assert [entry["name"] for entry in body["reserved_fields"]][24:] == [
        *("phone_number_id external_id anonymous_id".split())
    ]
    made = account.post(FIELDS, {"name": "plan", "field_type": "Text"})
    assert made.status_code == 200
    assert made.json()["id"] == "e1_T"
    assert list(account.get(FIELDS).json()) == ["custom_fields", "reserved_fields", "_metadata"]


def test_lists_page_by_id() -> None:
    account = Account()
    for number in range(5):
        assert account.post(LISTS, {"name": f"list {number}"}).status_code == 201
    page = account.get(LISTS, params={"page_size": "2"}).json()
    seen = [entry["id"] for entry in page["result"]]
    assert "page_size=2&page_token=" in page["_metadata"]["self"]
    while "next" in page["_metadata"]:
        page = account.get(page["_metadata"]["next"]).json()
        seen += [entry["id"] for entry in page["result"]]
    assert seen == sorted(seen)
    assert (len(seen), page["_metadata"]["count"]) == (5, 5)
    assert "prev" in page["_metadata"]


def test_rates_are_told_with_every_answer() -> None:
    account = Account()
    for path, limit in ((SEGMENTS, 600), (f"{CONTACTS}/x", 600), ("/v3/nothing", 600)):
        headers = account.get(path).headers
        assert headers["X-RateLimit-Limit"] == str(limit)
        assert headers["X-RateLimit-Reset"] == "14"
    answer = account.post(f"{CONTACTS}/search", {"query": "country = 'US'"})
    assert (answer.headers["X-RateLimit-Limit"], answer.headers["X-RateLimit-Remaining"]) == ("200", "199")


RESERVED = """_rf0_T first_name Text, _rf1_T last_name Text, _rf2_T email Text, _rf3_T alternate_emails Text,
    _rf4_T address_line_1 Text, _rf5_T address_line_2 Text, _rf6_T city Text,
    _rf7_T state_province_region Text, _rf8_T postal_code Text, _rf9_T country Text,
    _rf10_T phone_number Text, _rf11_T whatsapp Text, _rf12_T line Text, _rf13_T facebook Text,
    _rf14_T unique_name Text, _rf15_T email_domains Text, _rf16_D last_clicked Date,
    _rf17_D last_opened Date, _rf18_D last_emailed Date, _rf19_T singlesend_id Text,
    _rf20_T automation_id Text, _rf21_D created_at Date, _rf22_D updated_at Date, _rf23_T contact_id Text,
    _rf24_T phone_number_id Text, _rf25_T external_id Text, _rf26_T anonymous_id Text"""


def test_the_reserved_fields_one_by_one() -> None:
    listed = Account().get(FIELDS).json()["reserved_fields"]
    said = [f"{entry['id']} {entry['name']} {entry['field_type']}" for entry in listed]
    assert said == [" ".join(part.split()) for part in RESERVED.split(",")]


def test_bodies_of_lists_fields_and_jobs_key_for_key() -> None:
    account = Account(timing="instant")
    made = account.post(LISTS, {"name": "news"}).json()
    assert list(made) == ["id", "name", "contact_count", "_metadata"]
    link = f"http://emulator{LISTS}/{made['id']}"
    assert made == {"id": made["id"], "name": "news", "contact_count": 0, "_metadata": {"self": link}}
    page = account.get(LISTS).json()
    assert page["_metadata"] == {
        "self": f"http://emulator{LISTS}?page_size=100&page_token=",
        "count": 1,
    }
    assert page["result"] == [made]
    field = account.post(FIELDS, {"name": "plan", "field_type": "Text"}).json()
    assert list(field) == ["id", "name", "field_type", "_metadata"]
    assert account.get(FIELDS).json()["custom_fields"] == [
        {"id": "e1_T", "name": "plan", "field_type": "Text"}
    ]
    job = account.upsert({"email": "dave@example.com"}, {"email": "dave@example.com", "city": "Oslo"})
    assert account.get(f"{CONTACTS}/imports/{job}").json() == {
        "id": job,
        "status": "completed",
        "job_type": "upsert_contacts",
        "results": {
            "requested_count": 2,
            "created_count": 1,
            "updated_count": 1,
            "errored_count": 0,
        },
        "started_at": "2026-07-15T16:08:46Z",
        "finished_at": "2026-07-15T16:08:46Z",
    }
    assert account.get(f"{CONTACTS}/count").json() == {
        "contact_count": 1,
        "billable_count": 1,
        "identifier_counts": {"AID": 0, "EID": 1, "EXTID": 0, "PHNID": 0},
    }


def test_other_gateways_answers() -> None:
    account = Account()
    for method, path, status, body in (
        ("GET", "/v3/nothing", 404, {"errors": [{"field": None, "message": "resource not found"}]}),
        ("GET", f"{CONTACTS}/", 404, None),
        ("GET", "/v3/contactdb/lists", 403, {"errors": [{"field": None, "message": "access forbidden"}]}),
    ):
        answer = account.ask(method, path)
        assert answer.status_code == status
        assert (answer.json() if answer.content else None) == body
