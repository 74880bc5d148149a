"""``sql-seg diff``: whether two queries hold the same contacts, or the queries of two folders."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import PurePath
from textwrap import indent
from typing import Any

import click

from sql_seg.cli import options
from sql_seg.cli.exit_codes import COULD_NOT_RUN, FINE, QUERIES_DIFFER
from sql_seg.cli.output import Failure, notes, put, show_failures
from sql_seg.cli.record_forms import decision_on, form_of, reasons
from sql_seg.cli.remarks import say_wrong
from sql_seg.language.timestamps import the_moment, write_timestamp
from sql_seg.segments.candidates import Candidate, Candidates, candidates_of
from sql_seg.segments.segment import Segment
from sql_seg.solver import Difference, Impossible, NotFound, distinguish
from sql_seg.wording import counted
from sql_seg.workspace.workspace import Workspace


@click.command("diff")
@options.files_and_queries
@options.workspace()
@options.now()
@options.effort
@options.output_format(["text", "json"], "text", "Sentences for people, or JSON.")
def command(
    files: tuple[str, ...],
    queries: tuple[str, ...],
    workspace: Workspace,
    now: datetime | None,
    effort: int,
    output_format: str,
) -> int:
    """Say whether two queries hold the same contacts, or show one that is in only one of them.

    Give two files, two directories, two -q texts, or one of each, which may be in two dialects. Queries of
    directories, and of files with several segments, are paired by their names. Where nothing is found, the
    answer says whether that is a proof.

    Exit codes: 0 no difference was found; 1 here is one; 2 a query has errors, or could not be read.
    """
    if len(files) + len(queries) != 2:
        raise click.UsageError("give two queries: FILE FILE, or -q TEXT -q TEXT, or one of each")
    both = [_read(workspace, files, queries, index) for index in (0, 1)]
    notes(workspace.notes)
    for candidates in both:
        show_failures(candidates.failures)
        for wrong in candidates.check(workspace.schema):
            say_wrong(wrong.report(wrong.refusal), workspace)
    moment = the_moment(now or workspace.settings.now)
    if not any(candidates.many for candidates in both):
        return _put_one(both, moment, effort, output_format)
    return _put_many(both, moment, effort, output_format)


def _read(workspace: Workspace, files: tuple[str, ...], queries: tuple[str, ...], index: int) -> Candidates:
    places = [*(((file,), ()) for file in files), *(((), (query,)) for query in queries)]
    return candidates_of(workspace.gathered(*places[index]))


def _put_one(both: Sequence[Candidates], now: datetime, effort: int, output_format: str) -> int:
    """Write the difference between two queries."""
    first, second = candidates = [one.all[0] for one in both]
    if first.segment is None or second.segment is None:
        return COULD_NOT_RUN
    form = _form_of_pair(first, second, now, effort)
    put(
        json.dumps({"now": write_timestamp(now), **form}, indent=2)
        if output_format == "json"
        else _text(form, _names(candidates))
    )
    return QUERIES_DIFFER if form["verdict"] == "different" else FINE


def _put_many(both: Sequence[Candidates], now: datetime, effort: int, output_format: str) -> int:
    """Write the difference between the queries of two places, each with that of its name."""
    first, second = both
    pairs = list(_pairs(first, second))
    labels = {
        id(one): label
        for candidates in both
        for one, label in zip(candidates.all, candidates.labels(), strict=True)
    }
    forms = [
        {"name": labels[id(one)], **_form_of_pair(one, other, now, effort)}
        for one, other in pairs
        if one.segment is not None and other.segment is not None
    ]
    paired = [{id(one) for one, _ in pairs}, {id(other) for _, other in pairs}]
    alone = [
        [labels[id(one)] for one in candidates.all if id(one) not in known]
        for candidates, known in zip(both, paired, strict=True)
    ]
    if output_format == "json":
        only = {"only_in_first": alone[0], "only_in_second": alone[1]}
        put(json.dumps({"now": write_timestamp(now), "pairs": forms, **only}, indent=2))
    else:
        named = [_names([one, other]) for one, other in pairs if one.segment and other.segment]
        lines = [f"{form['name']}: {_text(form, names)}" for form, names in zip(forms, named, strict=True)]
        for place, names_alone in zip(("first", "second"), alone, strict=True):
            lines += [f"{name}: is in the {place} place alone" for name in names_alone]
        put("\n".join(lines))
    if any(candidates.failures or any(one.refusal for one in candidates.all) for candidates in both):
        return COULD_NOT_RUN
    differ = any(alone) or any(form["verdict"] == "different" for form in forms)
    return QUERIES_DIFFER if differ else FINE


def _pairs(first: Candidates, second: Candidates) -> Iterator[tuple[Candidate, Candidate]]:
    """Yield the queries of two places that have one name: a segment's, a file's, or what both are made of."""
    if len(first.all) == len(second.all) == 1:
        yield first.all[0], second.all[0]
        return
    left = list(second.all)
    for one in first.all:
        for keys in (_plain_name, _segment_or_stem):
            found = next((other for other in left if keys(one) == keys(other)), None)
            if found is not None:
                left.remove(found)
                yield one, found
                break


def _plain_name(candidate: Candidate) -> str:
    return candidate.name


def _segment_or_stem(candidate: Candidate) -> str:
    """Return a segment's name as a file may be called by it: "VIP customers" is vip_customers.sql."""
    name = candidate.query.name or PurePath(candidate.query.file).stem
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


def _form_of_pair(first: Candidate, second: Candidate, now: datetime, effort: int) -> dict[str, Any]:
    assert first.segment is not None
    assert second.segment is not None
    try:
        found = distinguish(first.segment, second.segment, now=now, effort=effort)
    except ValueError as error:
        raise Failure(str(error)) from error
    return _form(found, first.segment, second.segment, now)


def _form(
    found: Difference | Impossible | NotFound, first: Segment, second: Segment, now: datetime
) -> dict[str, Any]:
    """Return the answer as a JSON object."""
    if isinstance(found, Impossible):
        return {"verdict": "same", "reason": found.reason}
    if isinstance(found, NotFound):
        return {"verdict": "not-found", "tried": found.tried, "reason": found.reason}
    form: dict[str, Any] = {"verdict": "different", "only_in": "first" if found.in_first else "second"}
    form["contact"] = form_of(found.record)
    form["others"] = [form_of(other) for other in found.record.others]
    for name, segment in (("first", first), ("second", second)):
        form[name] = reasons(decision_on(found.record, segment, now))
    return form


def _names(candidates: Sequence[Candidate]) -> dict[str, str]:
    """Return what the two queries are called."""
    places = ("first", "second")
    files = [one.query.file for one in candidates]
    are_named = len(set(files)) == 2 and not any(file.startswith("<") for file in files)
    named = [file if are_named else f"the {place} query" for place, file in zip(places, files, strict=True)]
    return dict(zip(places, named, strict=True))


def _text(form: dict[str, Any], names: dict[str, str]) -> str:
    match form["verdict"]:
        case "same":
            return f"the same: {form['reason']}"
        case "not-found":
            tried = counted(form["tried"], "attempt")
            return f"the same on everything tried, which is no proof ({tried}: {form['reason']})"
    inside = form["only_in"]
    outside = "second" if inside == "first" else "first"
    lines = [f"different: this contact is in {names[inside]} alone", _shown(form["contact"])]
    if form["others"]:
        lines += ["  beside", *map(_shown, form["others"])]
    lines.append(f"in {names[inside]}: {form[inside]}")
    lines.append(f"not in {names[outside]}: {form[outside]}")
    return "\n".join(lines)


def _shown(form: dict[str, Any]) -> str:
    return indent(json.dumps(form, indent=2, ensure_ascii=False), "  ")
