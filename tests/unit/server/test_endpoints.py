"""Every endpoint with each status that it may answer, as its description says."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from sql_seg.server.endpoints import ENDPOINTS, EXTRAS, Endpoint
from sql_seg.server.openapi import description, schemas_of, statuses_of
from sql_seg.server.schemas import SCHEMAS
from tests.unit.server.account import (
    CONTACTS,
    FIELDS,
    HOOKS,
    LISTS,
    QUERY,
    SEGMENTS,
    SENDS,
    UNKNOWN,
    V1,
    Account,
)

TABLE = """
POST   {S} {ok}                                201
POST   {S} {"name": ""}                        400
POST   {S} {"name": "x", "query_dsl": "SELECT"} 400
POST   {S} {lost}                              404
GET    {S}                                     200
GET    {S}?no_parent_list_id=perhaps           400
POST   {S}/refresh/{s} {"user_time_zone": "UTC"} 202
POST   {S}/refresh/{s} {}                      400
POST   {S}/refresh/{u} {"user_time_zone": "UTC"} 404
GET    {S}/{s}                                 200
GET    {S}/{s}?contacts_sample=perhaps         400
GET    {S}/{u}                                 404
PATCH  {S}/{s} {"name": "y"}                   200
PATCH  {S}/{s} {"name": 3}                     400
PATCH  {S}/{s} {"parent_list_ids": []}         400
PATCH  {S}/{u} {"name": "y"}                   404
DELETE {S}/{s}                                 202
DELETE {S}/{u}                                 404
GET    {1}                                     200
GET    {1}?no_parent_list_id=perhaps           400
POST   {1} {}                                  404
POST   {1}/delete {"ids": []}                  202
POST   {1}/delete {"ids": ["x"]}               200
POST   {1}/delete {}                           400
GET    {1}/{s}                                 200
GET    {1}/{s}?query_json=perhaps              400
GET    {1}/{u}                                 404
PATCH  {1}/{s} {}                              404
DELETE {1}/{s}                                 202
DELETE {1}/{u}                                 404
PUT    {C} {"contacts": [{"email": "a@b.co"}]} 202
PUT    {C} {"contacts": []}                    400
GET    {C}                                     200
DELETE {C}?ids={c}                             202
DELETE {C}                                     400
GET    {C}/count                               200
POST   {C}/batch {"ids": ["x"]}                200
POST   {C}/batch {}                            400
POST   {C}/search {"query": "country = 'US'"}  200
POST   {C}/search {"query": "contry = 'US'"}   400
POST   {C}/search/emails {"emails": ["dave@example.com"]} 200
POST   {C}/search/emails {"emails": []}        400
POST   {C}/search/emails {"emails": ["x"]}     404
POST   {C}/search/identifiers/email {"identifiers": ["dave@example.com"]} 200
POST   {C}/search/identifiers/nothing {"identifiers": ["x"]} 400
POST   {C}/search/identifiers/external_id {"identifiers": ["x"]} 404
PUT    {C}/imports {"file_type": "csv", "field_mappings": ["_rf2_T"]} 200
PUT    {C}/imports {"file_type": "csv", "field_mappings": ["x"]} 400
PUT    {C}/imports {"file_type": "csv", "field_mappings": ["_rf2_T"], "list_ids": 3} 400
GET    {C}/imports/{j}                         200
GET    {C}/imports/{u}                         404
POST   {C}/exports {}                          202
POST   {C}/exports {"file_type": "pdf"}        400
POST   {C}/exports {"segment_ids": ["x"]}      404
GET    {C}/exports                             200
GET    {C}/exports/{x}                         200
GET    {C}/exports/{u}                         404
GET    {C}/{c}                                 200
GET    {C}/{u}                                 404
DELETE {C}/{c}/identifiers {"identifier_type": "EXTERNALID", "identifier_value": "e"} 202
DELETE {C}/{c}/identifiers {"identifier_type": "X", "identifier_value": "e"} 400
DELETE {C}/{u}/identifiers {"identifier_type": "EXTERNALID", "identifier_value": "e"} 404
POST   {L} {"name": "x"}                       201
POST   {L} {"name": "list"}                    400
GET    {L}                                     200
GET    {L}?page_size=0                         400
GET    {L}?page_token=x                        400
GET    {L}/{l}                                 200
GET    {L}/{l}?contact_sample=perhaps          400
GET    {L}/{u}                                 404
PATCH  {L}/{l} {"name": "y"}                   200
PATCH  {L}/{l} {"name": ""}                    400
PATCH  {L}/{u} {"name": "y"}                   404
DELETE {L}/{l}                                 204
DELETE {L}/{l}?delete_contacts=true            200
DELETE {L}/{l}?delete_contacts=perhaps         400
DELETE {L}/{u}                                 404
DELETE {L}/{l}/contacts?contact_ids={c}        202
DELETE {L}/{l}/contacts                        400
DELETE {L}/{u}/contacts?contact_ids={c}        404
GET    {L}/{l}/contacts/count                  200
GET    {L}/{u}/contacts/count                  404
POST   {F} {"name": "y", "field_type": "Date"} 200
POST   {F} {"name": "1", "field_type": "Date"} 400
POST   {F} {"name": "y", "field_type": "Time"} 400
GET    {F}                                     200
PATCH  {F}/{f} {"name": "y"}                   200
PATCH  {F}/{f} {"name": "email"}               400
PATCH  {F}/{u} {"name": "y"}                   404
DELETE {F}/{f}                                 204
DELETE {F}/_rf2_T                              400
DELETE {F}/{u}                                 404
POST   {N} {"name": "x"}                       201
POST   {N} {}                                  400
POST   {N} {"name": "x", "send_to": {"segment_ids": ["x"]}} 400
GET    {N}                                     200
GET    {N}/{n}                                 200
GET    {N}/{u}                                 404
PATCH  {N}/{n} {"name": "y"}                   202
PATCH  {N}/{n} {"name": 3}                     400
PATCH  {N}/{u} {"name": "y"}                   404
DELETE {N}/{n}                                 204
DELETE {N}/{u}                                 404
PUT    {N}/{n}/schedule {"send_at": "now"}     201
PUT    {N}/{n}/schedule {"send_at": "soon"}    400
PUT    {N}/{u}/schedule {"send_at": "now"}     404
DELETE {N}/{p}/schedule                        204
DELETE {N}/{n}/schedule                        400
DELETE {N}/{u}/schedule                        404
POST   {W}/settings {"url": "http://x"}        201
POST   {W}/settings {"url": "x"}               400
GET    {W}/settings/all                        200
GET    {W}/settings                            200
GET    {W}/settings/{w}                        200
GET    {W}/settings/{u}                        404
PATCH  {W}/settings/{w} {"open": true}         200
PATCH  {W}/settings/{w} {"open": 3}            400
PATCH  {W}/settings/{u} {"open": true}         404
DELETE {W}/settings/{w}                        204
DELETE {W}/settings/{u}                        404
POST   {W}/test {"id": "x"}                    204
POST   {W}/test 3                              400
GET    /-/health                               200
GET    /-/clock                                200
PUT    /-/clock {"follows": false}             200
PUT    /-/clock {"now": "soon"}                400
POST   /-/clock/advance {"hours": 1}           200
POST   /-/clock/advance {}                     400
POST   /-/check {"query": "country = 'US'"}    200
POST   /-/check {}                             400
GET    /-/state                                200
GET    /-/state?kind=everything                400
POST   /-/transitions {"query_validation": "PENDING"} 202
POST   /-/transitions {"query_validation": "X"} 400
POST   /-/transitions {"query_validation": "VALID", "segment_id": "x"} 404
GET    /-/faults                               200
POST   /-/faults {}                            200
POST   /-/faults {"status": 200}               400
DELETE /-/faults                               204
POST   /-/uses {"type": "automation", "segment_ids": ["{s}"]} 201
POST   /-/uses {"type": "exclusion", "segment_ids": ["{s}"], "single_send_id": "{n}"} 201
POST   /-/uses {"type": "list", "segment_ids": ["{s}"]} 400
POST   /-/uses {"type": "automation", "segment_ids": []} 400
POST   /-/uses {"type": "exclusion", "segment_ids": ["{s}"]} 400
POST   /-/uses {"type": "automation", "segment_ids": ["{s}"], "single_send_id": "{n}"} 400
POST   /-/uses {"type": "automation", "segment_ids": ["x"]} 404
POST   /-/uses {"type": "exclusion", "segment_ids": ["{s}"], "single_send_id": "x"} 404
GET    /-/uses                                 200
DELETE /-/uses/{a}                             204
DELETE /-/uses/{u}                             404
POST   /-/events []                            200
POST   /-/events [3]                           400
PUT    /-/uploads/{u}                          404
GET    /-/files/{u}.csv.gz                     404
GET    /-/files/{u}.json.gz                    404
GET    /-/openapi.json                         200
GET    /-/requests                             200
"""
ROWS = [line for line in TABLE.strip().splitlines() if line.strip()]
ELSEWHERE = {
    ("POST", f"{SEGMENTS}/refresh/{{id}}", 403): "test_behaviour: a free plan",
    ("POST", f"{SEGMENTS}/refresh/{{id}}", 429): "test_behaviour: quotas",
    ("DELETE", f"{SEGMENTS}/{{id}}", 400): "test_single_sends: a segment in use",
    ("DELETE", f"{V1}/{{id}}", 400): "test_single_sends: a segment in use",
    ("PATCH", f"{SEGMENTS}/{{id}}", 429): "test_behaviour: too soon",
    ("POST", f"{CONTACTS}/search", 408): "test_behaviour: a search that takes too long",
    ("PUT", CONTACTS, 413): "test_sockets: bodies that are too large",
    ("GET", f"{HOOKS}/settings", 404): "test_behaviour: no webhook",
    ("PUT", "/-/uploads/{id}", 200): "test_behaviour: imports",
    ("PUT", "/-/uploads/{id}", 400): "test_behaviour: imports",
    ("GET", "/-/files/{id}.csv.gz", 200): "test_behaviour: exports",
    ("GET", "/-/files/{id}.json.gz", 200): "test_behaviour: exports",
}


def account_with_everything() -> tuple[Account, dict[str, str]]:
    account = Account(timing="instant")
    names = {"S": SEGMENTS, "1": V1, "C": CONTACTS, "L": LISTS, "F": FIELDS, "N": SENDS, "W": HOOKS}
    names["u"] = UNKNOWN
    names["l"] = account.post(LISTS, {"name": "list"}).json()["id"]
    names["f"] = account.post(FIELDS, {"name": "plan", "field_type": "Text"}).json()["id"]
    names["j"] = account.upsert({"email": "dave@example.com", "external_id": "e", "country": "US"})
    names["c"] = account.contact("dave@example.com")["id"]
    names["s"] = account.create()["id"]
    names["n"] = account.post(SENDS, {"name": "send"}).json()["id"]
    names["p"] = account.post(SENDS, {"name": "planned"}).json()["id"]
    account.ask("PUT", f"{SENDS}/{names['p']}/schedule", json={"send_at": "2027-01-01T00:00:00Z"})
    names["w"] = account.post(f"{HOOKS}/settings", {"url": "http://x"}).json()["id"]
    names["x"] = account.post(f"{CONTACTS}/exports", {}).json()["id"]
    names["a"] = account.post("/-/uses", {"type": "automation", "segment_ids": [names["s"]]}).json()["id"]
    names["ok"] = f'{{"name": "x", "query_dsl": "{QUERY}"}}'
    names["lost"] = f'{{"name": "x", "query_dsl": "{QUERY}", "parent_list_ids": ["{UNKNOWN}"]}}'
    return account, names


def parts(row: str, names: dict[str, str]) -> tuple[str, str, str, int]:
    row = re.sub(r"\{(\w+)\}", lambda found: names[found[1]], row)
    method, path, *rest = row.split(None, 2)
    body, _, status = (rest[0] if rest else "").rpartition(" ")
    return method, path, body.strip(), int(status)


@pytest.mark.parametrize("row", ROWS)
def test_each_status(row: str) -> None:
    account, names = account_with_everything()
    method, path, body, status = parts(row, names)
    answer = account.ask(method, path, content=body.encode())
    assert answer.status_code == status, answer.text
    endpoint = endpoint_of(method, path.partition("?")[0])
    if endpoint is not None:
        assert_described(endpoint, answer)


def assert_described(endpoint: Endpoint, answer: httpx.Response) -> None:
    """Fail where an answer has another body than the description says."""
    names = schemas_of(endpoint, answer.status_code)
    if not answer.content:
        assert not names
        return
    assert names, f"{endpoint.name} has no body for {answer.status_code}"
    form = answer.json()
    assert any(not list(VALIDATORS[name].iter_errors(form)) for name in names if name), form
    if answer.status_code < 400:
        VALIDATORS[names[0]].validate(form)


VALIDATORS = {
    name: Draft202012Validator({**schema, "components": {"schemas": SCHEMAS}})
    for name, schema in SCHEMAS.items()
}


def universal(endpoint: Endpoint) -> dict[int, str]:
    """Return the statuses that SendGrid documents and a fault brings about, and those of its gateway."""
    return {status: "" for status in statuses_of(endpoint) if status not in endpoint.statuses}


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint.name)
def test_each_endpoint_answers_the_statuses_of_all_in_its_own_shape(endpoint: Endpoint) -> None:
    account, names = account_with_everything()
    path = re.sub(r"\{\w+\}", names["u"], endpoint.path)
    for status in universal(endpoint):
        headers, content = {}, b""
        if status == 401:
            headers = {"Authorization": ""}
        elif status == 406:
            headers = {"Accept": "text/html"}
        elif status == 415:
            headers, content = {"Content-Type": "text/plain"}, b"x"
        elif status == 400 and not endpoint.on_demand:
            content = b"{"
        else:
            account.post("/-/faults", {"path": path, "status": status})
        answer = account.ask(endpoint.method, path, headers=headers, content=content)
        assert answer.status_code == status
        assert_described(endpoint, answer)
        assert answer.content
        assert answer.headers["X-RateLimit-Limit"] == str(endpoint.limit)


ODD: list[Any] = [
    *(None, True, 3, -1, 1.5, 10**400, "", "x", "\x00", "\ud800", "é" * 5000),
    *([], {}, [[]], [{}], [None], [3], ["x"], [["x"]], {"x": {}}, {"": None}, [{"x": []}], [True]),
]


@pytest.mark.parametrize(
    "endpoint", [one for one in (*ENDPOINTS, *EXTRAS) if one.body], ids=lambda endpoint: endpoint.name
)
def test_no_value_of_a_body_is_more_than_refused(endpoint: Endpoint) -> None:
    account, names = account_with_everything()
    own = {"segments": "s", "lists": "l", "singlesends": "n", "settings": "w", "definitions": "f"}
    key = next((key for part, key in own.items() if f"{part}/" in endpoint.path), "c")
    path = re.sub(r"\{\w+\}", names[key], endpoint.path)
    right = {name: GOOD_BODY[name] for name in endpoint.body or {} if name in GOOD_BODY}
    for name in endpoint.body or {}:
        for value in ODD:
            body = right | {name: value}
            if endpoint.path.endswith("/contacts"):
                bodies = [body, right | {"contacts": [{"email": "a@b.co", each: value} for each in COLUMNS]}]
                bodies += [right | {"contacts": [{"email": "a@b.co", each: value}]} for each in COLUMNS]
            else:
                bodies = [body]
            for sent in bodies:
                answer = account.ask(endpoint.method, path, content=json.dumps(sent).encode())
                assert answer.status_code < 500, (path, sent)
                account.ask("DELETE", "/-/faults")
    assert account.get(CONTACTS).status_code == 200
    assert account.get(SEGMENTS).status_code == 200
    assert account.post(f"{CONTACTS}/exports", {"file_type": "json"}).status_code == 202
    account.advance(hours=2)


GOOD_BODY: dict[str, Any] = {
    "name": "y",
    "query_dsl": QUERY,
    "query": "country = 'US'",
    "user_time_zone": "UTC",
    "contacts": [{"email": "a@b.co"}],
    "file_type": "csv",
    "field_mappings": ["_rf2_T"],
    "field_type": "Text",
    "identifier_type": "EXTERNALID",
    "identifier_value": "e",
    "send_at": "now",
    "type": "automation",
    "url": "http://x",
    "query_validation": "VALID",
}
COLUMNS = ("email", "first_name", "alternate_emails", "custom_fields", "external_id", "id", "list_ids", "x")


def test_an_account_with_much_in_it_is_as_described() -> None:
    account, names = account_with_everything()
    account.ask("PUT", CONTACTS, json={"contacts": FULL, "list_ids": [names["l"]]})
    account.create("more", parent_list_ids=[names["l"]])
    account.post(f"{SEGMENTS}/refresh/{names['s']}", {"user_time_zone": "UTC"})
    account.post(f"{CONTACTS}/exports", {"list_ids": [names["l"]], "segment_ids": [names["s"]]})
    account.ask("PUT", f"{SENDS}/{names['n']}/schedule", json={"send_at": "now"})
    for endpoint in (*ENDPOINTS, *EXTRAS):
        if endpoint.method == "GET" and "files" not in endpoint.path:
            own = {"segments": "s", "lists": "l", "singlesends": "n", "imports": "j", "exports": "x"}
            key = next((key for part, key in own.items() if f"/{part}" in endpoint.path), "c")
            path = endpoint.path.replace("{id}", names["w" if "webhooks" in endpoint.path else key])
            for query in ("", "?contact_sample=true&query_json=true"):
                answer = account.get(path + query)
                assert answer.status_code == 200, path
                assert_described(endpoint, answer)


FULL = [
    {
        "email": f"p{number}@example.com",
        "first_name": "Dave",
        "alternate_emails": ["d@example.com"],
        "country": "US",
        "external_id": f"x{number}",
        "custom_fields": {"plan": "pro"},
    }
    for number in range(60)
]


def endpoint_of(method: str, path: str) -> Endpoint | None:
    for endpoint in (*ENDPOINTS, *EXTRAS):
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(endpoint.path))
        if endpoint.method == method and re.fullmatch(pattern, path):
            return endpoint
    return None


def test_the_table_has_every_endpoint_with_each_of_its_statuses() -> None:
    _, names = account_with_everything()
    seen = set(ELSEWHERE)
    for row in ROWS:
        method, path, _, status = parts(row, names)
        endpoint = endpoint_of(method, path.partition("?")[0])
        if endpoint is not None:
            assert status in endpoint.statuses, row
            seen.add((endpoint.method, endpoint.path, status))
    wanted = {(one.method, one.path, status) for one in (*ENDPOINTS, *EXTRAS) for status in one.statuses}
    assert wanted == seen


def test_the_description_is_published_and_says_how_sure_each_answer_is() -> None:
    published: Any = Account().get("/-/openapi.json").json()
    assert published == description()
    operation = published["paths"][SEGMENTS + "/{id}"]["get"]
    assert {status: it["x-standing"] for status, it in operation["responses"].items()} == {
        "200": "documented",
        "400": "our choice",
        "401": "documented",
        "403": "documented",
        "404": "our choice",
        "406": "documented",
        "429": "documented",
        "500": "documented",
    }
    ids = [it["operationId"] for path in published["paths"].values() for it in path.values()]
    assert len(ids) == len(set(ids))
