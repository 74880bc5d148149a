"""``sql-seg explain``: why a contact is in a segment, or not, and what would turn that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from sql_seg.cli import options
from sql_seg.cli.account import AccountOptions, account_options, standard_input_is_free
from sql_seg.cli.output import Failure, note, painter, put, terminal_width
from sql_seg.cli.progress import progress
from sql_seg.cli.remarks import candidates_in, dataset_for, exit_code, remarks_on, say_errors
from sql_seg.diagnostics.formats import visible
from sql_seg.engines.dataset import Dataset
from sql_seg.errors import RecordError
from sql_seg.explain import Explanation
from sql_seg.explain.showing import as_lines, as_text, as_tree
from sql_seg.language.timestamps import the_moment, write_timestamp
from sql_seg.records.json_text import each_once
from sql_seg.records.telling import told_elsewhere
from sql_seg.segments.candidates import Candidates
from sql_seg.workspace.workspace import Workspace


@click.command("explain")
@options.files_and_queries
@click.option("--contact", metavar="ID|ADDRESS", help="The contact: an id, or an address in any case.")
@click.option(
    "--record",
    metavar="JSON",
    help="The contact itself in place of an account: an object with its columns, flat, and its events under "
    '"events", as in tests. @FILE reads it from a file.',
)
@options.workspace()
@account_options(unless="record")
@options.now()
@options.output_format(["tree", "text", "json"], "tree", "All conditions, what decided alone, or JSON.")
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    contact: str | None,
    record: str | None,
    workspace: Workspace,
    account: AccountOptions | None,
    now: datetime | None,
    output_format: str,
) -> int:
    """Say why a contact is in a segment, or is not, and what would change that.

    Of a directory, or several queries, a line for each says what decided.

    Exit codes: 0 there is an answer; 1 a query has errors; 2 something could not be read, or there is no such
    contact.
    """
    options.require_places(files, queries)
    if (contact is None) is (record is None):
        raise click.UsageError("name the contact to explain: either --contact ID|ADDRESS or --record JSON")
    candidates = candidates_in(workspace, files, queries)
    moment = the_moment(now or workspace.settings.now)
    if account is None:
        dataset = _dataset_of_record(candidates, workspace, record or "")
    else:
        standard_input_is_free(files, account)
        dataset = dataset_for(candidates, account, workspace, moment, wanted=None, everything=True)
    if dataset is not None:
        if account is not None:
            for warning in remarks_on(candidates, dataset).warnings:
                note(f"warning: {warning}")
        with dataset, told_elsewhere(), progress("explaining"):
            found = _explained(candidates, dataset, contact, moment)
            put(_rendered(found, candidates, output_format, moment))
    return exit_code(candidates)


_HOW_TO_NAME = "give the contact's id, its email or an alternate email"


def _explained(
    candidates: Candidates, dataset: Dataset, contact: str | None, now: datetime
) -> dict[str, Explanation]:
    """Return for each segment why the contact is in it or not; the only one where none is named."""
    try:
        known: Mapping[str, Any] = dataset.contacts[0] if contact is None else dataset.contact(contact)
    except KeyError as error:
        near = dataset._home.near(contact or "")
        guess = f"did you mean {' or '.join(near)}?" if near else _HOW_TO_NAME
        raise Failure(f"{error.args[0]}; {guess}") from error
    most = 2 if candidates.many else 3
    explained = {
        name: segment.explain(known, dataset=dataset, now=now, most=most)
        for name, segment in candidates.segments.items()
    }
    if contact is None and not known.get("email"):
        return {name: replace(one, who="the contact") for name, one in explained.items()}
    return explained


def _rendered(
    found: Mapping[str, Explanation], candidates: Candidates, output_format: str, now: datetime
) -> str:
    width = terminal_width()
    if not candidates.many:
        (explanation,) = found.values()
        if output_format == "json":
            return json.dumps(explanation.to_json(), indent=2)
        show = as_tree if output_format == "tree" else as_text
        return show(explanation, width, painter())
    if output_format == "json":
        forms = [
            {"name": one.name, **(found[one.name].to_json() if one.name in found else {"error": True})}
            for one in candidates.all
        ]
        return json.dumps({"now": write_timestamp(now), "segments": forms}, indent=2)
    names = {visible(name): explanation for name, explanation in found.items()}
    return "\n".join(as_lines(names, now, width, painter()))


def _dataset_of_record(candidates: Candidates, workspace: Workspace, text: str) -> Dataset | None:
    """Return the account that a record alone makes; None if all queries have errors."""
    from sql_seg.segment_tests.file_reader import with_fields_of
    from sql_seg.segment_tests.python_contacts import dataset_over

    knows = workspace.knows_fields
    schema = workspace.schema_of(lenient=not knows or workspace.settings.lenient)
    say_errors(candidates, candidates.check(schema))
    if not candidates.segments:
        return None
    for segment in candidates.segments.values():
        schema = with_fields_of(segment.checked, schema)
    try:
        return dataset_over([_record(text)], schema, has_definitions=knows)
    except RecordError as error:
        raise Failure(f"--record: {str(error).removeprefix('contact 1: ')}") from error


def _record(text: str) -> Mapping[str, Any]:
    """Return the object that a text is, or a file that it names."""
    if text.startswith("@"):
        try:
            text = Path(text[1:]).read_text(encoding="utf-8-sig")
        except OSError as error:
            raise Failure(f"{text[1:]}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise Failure(f"{text[1:]}: is no text in UTF-8") from error
    try:
        form = json.loads(text, object_pairs_hook=each_once)
    except (ValueError, RecursionError) as error:
        raise Failure(f"--record is no JSON: {error}") from error
    if not isinstance(form, dict):
        raise Failure('--record is no object: write it as {"email": "ada@example.com"}')
    return form
