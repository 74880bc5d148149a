"""Imports and exports of contacts: jobs, files to upload and files to download."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from datetime import datetime, timedelta
from typing import Any

from sql_seg.diagnostics.query_errors import QueryError
from sql_seg.server.answers import Answer, ApiError, refused
from sql_seg.server.call import ApiCall
from sql_seg.server.checks import found, texts
from sql_seg.server.clock import as_text, from_text
from sql_seg.server.contacts import check_lists, checked_contact, do_upsert
from sql_seg.server.emulated_account import EmulatedAccount
from sql_seg.server.fields import hint_for_new, reserved_fields
from sql_seg.server.shown_contacts import named_fields
from sql_seg.server.store import Document

EXPORT_TAKES = timedelta(seconds=10)
FILES_LAST = timedelta(hours=24)
MOST_UNPACKED = 64 * 2**20
"""A gzipped file that is larger when it is unpacked is refused."""

_CSV_COLUMNS = """email first_name last_name address_line_1 address_line_2 city state_province_region
    postal_code country alternate_emails phone_number whatsapp line facebook unique_name created_at updated_at
    contact_id""".split()
_CSV_LAST = "phone_number_id external_id anonymous_id".split()


def start_import(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Plan an import, and say where its file is to be put."""
    body = call.object()
    if body.get("file_type") != "csv":
        raise refused(400, "file_type must be csv", "file_type")
    mappings = body.get("field_mappings")
    if not isinstance(mappings, list) or not mappings:
        raise refused(400, "field_mappings must be an array of field ids", "field_mappings")
    names = [_field_name(account, entry, index) for index, entry in enumerate(mappings)]
    list_ids = body.get("list_ids") or []
    check_lists(account, list_ids)
    more: Document = {"results": {}, "started_at": as_text(account.now())}
    more["import"] = {"names": names, "list_ids": list_ids}
    job_id = account.new_job("upsert_contacts", **more)
    headers = [{"header": "x-amz-server-side-encryption", "value": "aws:kms"}]
    uri = f"{call.base_url.rstrip('/')}/-/uploads/{job_id}"
    return Answer(200, {"job_id": job_id, "upload_uri": uri, "upload_headers": headers})


def upload(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Take the file of an import in."""
    job = account.store.get("job", call.parameters["id"])
    if job is None or "import" not in job:
        raise refused(404, "no import waits for this file", None)
    try:
        content = _unpacked(call.content)
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))[1:]
    except (zlib.error, ValueError, csv.Error) as error:
        account.store.change("job", job["id"], status="failed", finished_at=as_text(account.now()))
        # returned and not raised, so that the job's failure is kept
        return refused(400, f"the file is no CSV in UTF-8: {error}", None).answer
    contacts: list[Document] = []
    errors: list[list[str]] = []
    for index, row in enumerate(rows):
        given = _contact_of(account, job["import"]["names"], row)
        try:
            contacts.append(checked_contact(account, given, index))
        except ApiError as error:
            errors.append([*row, str(error.answer.body["errors"][0]["message"])])
    data = {
        "job_id": job["id"],
        "contacts": contacts,
        "list_ids": job["import"]["list_ids"],
        "accepted": as_text(account.now()),
        "errors": errors,
        "base_url": call.base_url,
    }
    account.schedule("import_contacts", data, timedelta(seconds=30))
    return Answer(200)


def _unpacked(content: bytes) -> bytes:
    """Return a file's bytes, which may be gzipped. Raises ValueError if it is too large, or cut off."""
    if content[:2] != b"\x1f\x8b":
        return content
    unpacking = zlib.decompressobj(wbits=31)
    unpacked = unpacking.decompress(content, MOST_UNPACKED)
    if unpacking.unconsumed_tail:
        raise ValueError(f"it is larger than {MOST_UNPACKED} bytes when unpacked")
    if not unpacking.eof:
        raise ValueError("the gzipped file is cut off")
    return unpacked


def do_import(account: EmulatedAccount, data: Any, now: datetime) -> None:
    """Take the contacts of an uploaded file in."""
    do_upsert(account, data, now)
    job = account.store.all("job")[data["job_id"]]
    results = dict(job["results"])
    if errors := data["errors"]:
        results["requested_count"] += len(errors)
        results["errored_count"] += len(errors)
        results["errors_url"] = _put_file(account, data["job_id"], _rows(errors), data["base_url"], now)
    status = "errored" if results["errored_count"] else "completed"
    account.store.change("job", data["job_id"], results=results, status=status)


def _rows(rows: list[list[str]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _put_file(
    account: EmulatedAccount, key: str, text: str, base_url: str, now: datetime, suffix: str = "csv"
) -> str:
    """Put a file where it can be fetched for a day, and return its address."""
    entry = {"id": key, "text": text, "expires_at": as_text(now + FILES_LAST)}
    account.store.put("file", key, entry)
    account.schedule("forget_file", {"id": key}, FILES_LAST, waits=True, start=now)
    return f"{base_url.rstrip('/')}/-/files/{key}.{suffix}.gz"


def _field_name(account: EmulatedAccount, entry: Any, index: int) -> str | None:
    if entry is None:
        return None
    reserved = {definition["id"]: definition["name"] for definition in reserved_fields()}
    if isinstance(entry, str) and (entry in reserved or entry in account.usable_fields):
        return str(reserved.get(entry, entry))
    hint = hint_for_new(account, names=[str(entry)])
    raise refused(400, f"unknown field id {entry}", f"field_mappings[{index}]", hint=hint)


def _contact_of(account: EmulatedAccount, names: list[str | None], row: list[str]) -> Document:
    given: Document = {}
    for name, cell in zip(names, row, strict=False):
        if name is None or cell == "":
            continue
        if name in account.store.all("field"):
            given.setdefault("custom_fields", {})[name] = cell
        elif name == "alternate_emails":
            given[name] = [part for part in cell.replace(";", ",").split(",") if part.strip()]
        else:
            given[name] = cell
    return given


def get_job(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return the state of an import, an upsert or a deletion."""
    job = found(account, call, "job")
    return Answer(200, {key: value for key, value in job.items() if key != "import"})


def start_export(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Plan an export of all contacts, or of those of lists and segments."""
    body = call.object() if call.content.strip() else {}
    lists, segments = body.get("list_ids") or [], body.get("segment_ids") or []
    for kind, name, ids in (("list", "list_ids", lists), ("segment", "segment_ids", segments)):
        for key in texts(ids, name):
            if account.store.get(kind, key) is None:
                raise refused(404, f"{kind} {key} not found", name)
    file_type = body.get("file_type", "csv")
    if file_type not in ("csv", "json"):
        raise refused(400, "file_type must be csv or json", "file_type")
    export_id = account.new_id()
    now = account.now()
    kind = "segment_export" if segments else "list_export" if lists else "contacts_export"
    export: Document = {
        "id": export_id,
        "status": "pending",
        "created_at": as_text(now),
        "updated_at": as_text(now),
        "completed_at": None,
        "expires_at": as_text(now + FILES_LAST),
        "urls": [],
        "message": None,
        "contact_count": 0,
        "export_type": kind,
        "list_ids": lists,
        "segment_ids": segments,
        "file_type": file_type,
    }
    account.store.put("export", export_id, export)
    data = {"id": export_id, "base_url": call.base_url}
    account.schedule("export_contacts", data, EXPORT_TAKES)
    metadata = call.link(f"contacts/exports/{export_id}")
    return Answer(202, {"id": export_id, "_metadata": metadata})


def get_export(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return the state of an export; its ``urls`` are there when it is ready."""
    export = found(account, call, "export")
    inner = ("export_type", "list_ids", "segment_ids", "file_type")
    return Answer(200, {key: value for key, value in export.items() if key not in inner})


def list_exports(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return all exports."""
    result = []
    for export in account.store.all("export").values():
        entry = {
            key: export[key] for key in ("id", "status", "created_at", "completed_at", "expires_at", "urls")
        }
        entry["export_type"] = export["export_type"]
        entry["segments"] = [
            {"ID": key, "Name": _name(account, "segment", key)} for key in export["segment_ids"]
        ]
        entry["lists"] = [{"ID": key, "Name": _name(account, "list", key)} for key in export["list_ids"]]
        entry["_metadata"] = call.link(f"contacts/exports/{export['id']}")
        result.append(entry)
    return Answer(200, {"result": result, "_metadata": call.link("contacts/exports")})


def download(account: EmulatedAccount, call: ApiCall) -> Answer:
    """Return the file of an export, gzipped, as long as it lasts."""
    file = account.store.get("file", call.parameters["id"])
    if file is None or from_text(file["expires_at"]) <= account.now():
        raise refused(404, "file not found, or no longer there", None)
    return Answer(200, content=gzip.compress(file["text"].encode(), mtime=0), media_type="application/gzip")


def do_export(account: EmulatedAccount, data: Any, now: datetime) -> None:
    """Write the file that an export asked for."""
    export = account.store.all("export")[data["id"]]
    try:
        contacts = _exported(account, export, now)
    except QueryError as error:
        account.store.change(
            "export", export["id"], status="failure", message=str(error), updated_at=as_text(now)
        )
        return
    write = _as_csv if export["file_type"] == "csv" else _as_json
    suffix = "csv" if export["file_type"] == "csv" else "json"
    text = write(account, contacts)
    url = _put_file(account, export["id"], text, data["base_url"], now, suffix)
    done = as_text(now)
    account.store.change(
        "export",
        export["id"],
        status="ready",
        urls=[url],
        contact_count=len(contacts),
        completed_at=done,
        updated_at=done,
    )


def forget_file(account: EmulatedAccount, data: Any, _: datetime) -> None:
    """Delete the file of an export, whose time is over."""
    account.store.delete("file", data["id"])


def _exported(account: EmulatedAccount, export: Document, now: datetime) -> list[Document]:
    contacts = account.store.all("contact")
    if not export["list_ids"] and not export["segment_ids"]:
        return list(contacts.values())
    wanted = {key for key, entry in contacts.items() if set(entry["list_ids"]) & set(export["list_ids"])}
    for key in export["segment_ids"]:
        segment = account.store.get("segment", key)
        if segment is not None:
            wanted |= set(account.ids_in(segment["query_dsl"], segment["parent_list_ids"] or (), now))
    return [entry for key, entry in contacts.items() if key in wanted]


def _as_csv(account: EmulatedAccount, contacts: list[Document]) -> str:
    fields = account.store.all("field")
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    custom = list(fields)
    header = [*_CSV_COLUMNS, *(fields[key]["name"] for key in custom), *_CSV_LAST]
    writer.writerow([name.upper() for name in header])
    for contact in contacts:
        columns = {
            **contact["columns"],
            "created_at": contact["created_at"],
            "updated_at": contact["updated_at"],
        }
        columns["contact_id"] = contact["id"]
        columns["alternate_emails"] = ",".join(contact["columns"].get("alternate_emails", ()))
        row = [columns.get(name, "") for name in _CSV_COLUMNS]
        row += [contact["custom_fields"].get(key, "") for key in custom]
        writer.writerow([*row, *(columns.get(name, "") for name in _CSV_LAST)])
    return out.getvalue()


def _as_json(account: EmulatedAccount, contacts: list[Document]) -> str:
    lines = []
    for contact in contacts:
        custom = named_fields(account, contact)
        entry = {"contact_id": contact["id"], **contact["columns"]}
        entry |= {"created_at": contact["created_at"], "updated_at": contact["updated_at"]}
        if custom:
            entry["custom_fields"] = custom
        lines.append(json.dumps(entry) + "\n")
    return "".join(lines)


def _name(account: EmulatedAccount, kind: str, key: str) -> str | None:
    entry = account.store.get(kind, key)
    return None if entry is None else entry["name"]
