"""Reads the cases of a Markdown file, and asks the library what they say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sql_seg import SENDGRID, check, diagnose, parse, to_text
from sql_seg.core.interpreter import Interpreter
from sql_seg.diagnostics import Diagnostic
from sql_seg.language.datatypes import DataType, Dialect
from sql_seg.language.timestamps import read_timestamp
from sql_seg.segments.population import population_of
from sql_seg.segments.segment import Segment

FOLDER = Path(__file__).parent
SCHEMA = SENDGRID.with_fields(
    [
        {"id": "e1_T", "name": "plan", "field_type": "Text"},
        {"name": "age", "field_type": "Number"},
        {"name": "score", "field_type": "Number"},
        {"name": "birthday", "field_type": "Date"},
    ]
)
NOW = datetime(2024, 3, 31, 12, tzinfo=UTC)
FRAME = "SELECT contact_id, updated_at FROM contact_data WHERE\n"

_EVENT = {"event_source": "mail", "event_type": "open", "timestamp": "2024-03-01"}
_EXPECTATIONS = ("text", "diagnostics", "members")
_TRUTHS = {"TRUE": True, "FALSE": False, "NULL": None}


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: what stands behind its opening fence, its text, and its line numbers, from 0."""

    info: tuple[str, ...]
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Case:
    """A query with what is expected of it. In ``condition``, the text is the condition alone."""

    name: str
    text: str
    dialect: Dialect | None
    condition: bool
    expected: dict[str, Block] = field(default_factory=dict)

    @property
    def framed(self) -> str:
        """The whole query."""
        return FRAME + self.text if self.condition and self.dialect is Dialect.V2 else self.text

    def diagnostics(self) -> list[Diagnostic]:
        return diagnose(self.framed, SCHEMA, self.dialect)

    def canonical(self) -> str:
        """Return the canonical text, of the condition alone where the case is one."""
        text = to_text(parse(self.framed, self.dialect))
        return text.removeprefix(FRAME.replace("\n", " ")) if self.framed != self.text else text

    def said(self) -> str:
        """Return the errors, and what else the case asks for, as they are written in the corpus."""
        mentioned = {"error"} | set(re.findall(r"^(?:warning|info)\b", self._of("diagnostics"), re.MULTILINE))
        above = self.framed.count("\n") - self.text.count("\n")
        return "\n".join(
            _described(diagnostic, above)
            for diagnostic in self.diagnostics()
            if diagnostic.severity in mentioned
        )

    def _of(self, kind: str) -> str:
        return self.expected[kind].text if kind in self.expected else ""


def _described(diagnostic: Diagnostic, above: int) -> str:
    place = f"{diagnostic.line - above}:{diagnostic.column}"
    lines = [f"{diagnostic.severity}[{diagnostic.code}] at {place}: {diagnostic.message}"]
    if diagnostic.help:
        lines.append("  help: " + diagnostic.help.replace("\n", "\n        "))
    if diagnostic.sendgrid:
        lines.append(f"  SendGrid says: {diagnostic.sendgrid}")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Member:
    """A contact with its events, and what is expected of it: a truth, or only whether it is a member."""

    line: str
    word: str
    contact: dict[str, Any]
    events: list[dict[str, Any]]

    def expects(self, truth: bool | None) -> bool:
        if self.word in _TRUTHS:
            return truth is _TRUTHS[self.word]
        return self.expects_member(truth is True)

    def expects_member(self, is_member: bool) -> bool:
        return is_member == (self.word in ("in", "TRUE"))


def wrong_members(case: Case) -> list[str]:
    """Return the lines of a case's contacts that do not hold, with what is so instead."""
    now, members = members_of(case.expected["members"].text)
    contacts = [member.contact for member in members]
    events = [event for member in members for event in member.events]
    account = population_of(contacts, events).account
    checked = check(parse(case.framed, case.dialect), SCHEMA)
    interpreter = Interpreter(now, account)
    found = Segment(case.framed, SCHEMA, case.dialect).members(contacts, events, now=now)
    compiled = {id(contact) for contact in found}
    wrong = []
    for member in members:
        truth = interpreter.verdict(checked.condition, member.contact, account.events_of(member.contact))
        if not member.expects(truth):
            wrong.append(f"{member.line}  # the interpreter says {truth}")
        if (truth is True) != (id(member.contact) in compiled):
            wrong.append(f"{member.line}  # the compiler disagrees with the interpreter")
    return wrong


def members_of(text: str) -> tuple[datetime, list[Member]]:
    """Return the moment that a block of contacts is asked at, and the contacts."""
    now, members = NOW, []
    for number, line in enumerate(text.splitlines(), 1):
        word, _, rest = line.partition(" ")
        if word == "now":
            now = _moment(rest.strip())
            continue
        contact, end = json.JSONDecoder().raw_decode(rest.strip())
        events = json.loads(rest.strip()[end:] or "[]")
        contact = {"contact_id": f"contact-{number}", **contact}
        for key, value in contact.items():
            column = SCHEMA.contact_data.column(key)
            assert column is not None, f"no column {key}: {line}"
            if column.type is DataType.TIMESTAMP and value is not None:
                contact[key] = _moment(value)
        rows = [{**_EVENT, "contact_id": contact["contact_id"], **event} for event in events]
        for row in rows:
            row["timestamp"] = _moment(row["timestamp"])
        members.append(Member(line, word, contact, rows))
    return now, members


def _moment(text: str) -> datetime:
    moment = read_timestamp(text)
    assert moment is not None, f"no timestamp: {text}"
    return moment


def blocks(lines: list[str]) -> Iterator[tuple[str, Block]]:
    """Yield the fenced blocks of a file, each with the heading that it stands under."""
    heading, start, inside = "", 0, False
    info: tuple[str, ...] = ()
    for number, line in enumerate(lines):
        if inside and line == "```":
            yield heading, Block(info, "\n".join(lines[start + 1 : number]), start, number)
            inside = False
        elif not inside and line.startswith("```"):
            inside, start, info = True, number, tuple(line[3:].split())
        elif not inside and line.startswith("#"):
            heading = line.lstrip("# ")


def cases(file: Path) -> Iterator[Case]:
    """Yield the cases of a file."""
    return cases_in(file.read_text(encoding="utf-8"), file.stem)


def cases_in(text: str, name: str) -> Iterator[Case]:
    """Yield the cases of a text: one for each query and dialect of its blocks."""
    waiting: list[Case] = []
    for heading, block in blocks(text.splitlines()):
        kind, place = block.info[0], f"{name}, line {block.start + 1}"
        if kind == "sql":
            yield from waiting
            waiting = list(_queries(f"{place}: {heading}", block))
            continue
        assert kind in _EXPECTATIONS, f"{place}: a block of {kind}"
        for case in waiting:
            if len(block.info) == 1 or case.dialect == block.info[1]:
                assert kind not in case.expected, f"{place}: {kind} twice"
                case.expected[kind] = block
    yield from waiting


def _queries(name: str, block: Block) -> Iterator[Case]:
    condition = len(block.info) > 1
    dialects: list[Dialect | None] = [None]
    if condition:
        dialects = list(Dialect) if block.info[1] == "both" else [Dialect(block.info[1])]
    for text in block.text.split("\n\n"):
        for dialect in dialects:
            yield Case(f"{name}, {dialect}" if dialect else name, text, dialect, condition)


def files() -> list[Path]:
    """Return the files that hold cases."""
    return sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
