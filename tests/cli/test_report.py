"""``sql-seg report``: the page, the Markdown and the JSON, and what they tell of people."""

from __future__ import annotations

import json
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import Result

from tests.cli.running import COULD_NOT_RUN, FINE, QUERY_ERRORS, run

NOW = "2026-11-23T12:00Z"
VOID = {"meta", "link", "input", "br", "rect"}
V2 = "SELECT contact_id, updated_at FROM contact_data WHERE "
LATE = f"{V2}created_at >= TIMESTAMPADD(day, -30, CURRENT_TIMESTAMP)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "segments").mkdir()
    (tmp_path / "segments/oslo.sql").write_text(f"{V2}city = 'Oslo' -- <b>\n  AND country != 'SE'\n")
    (tmp_path / "segments/oslo.test.json").write_text(
        json.dumps(
            {
                "in": [
                    {"case": "<in>", "email": "t@x.example", "city": "Oslo", "country": "NO"},
                    {"case": "wrong", "email": "t@x.example", "city": "Rome"},
                ]
            }
        )
    )
    (tmp_path / "segments/all.sql").write_text(f"{V2}email IS NOT NULL\n")
    (tmp_path / "contacts.csv").write_text(
        "EMAIL,FIRST_NAME,CITY,COUNTRY\nann@secret.example,Annabel,Oslo,NO\nbob@secret.example,Robert,Rome,IT\n"
    )
    return tmp_path


def report(folder: Path, *options: object) -> Result:
    contacts = ("--contacts", folder / "contacts.csv")
    return run("report", folder / "segments", *contacts, "--now", NOW, *options)


class Page(HTMLParser):
    """Reads a page; each element must be closed, and nothing may come from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert not {"src", "srcset", "action"} & given.keys()
        self.ids += [given["id"] or ""] if "id" in given else []
        self.targets += [given["href"] or ""] if "href" in given else []
        self.targets += [f"#{given['aria-labelledby']}"] if "aria-labelledby" in given else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"rect", "path", "polyline"}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_a_page_is_whole_and_needs_nothing_else(folder: Path) -> None:
    pytest.importorskip("jinja2")
    (folder / "segments/late.sql").write_text(LATE)
    path = folder / "report.html"
    result = report(folder, "-o", path)
    assert (result.exit_code, result.stdout) == (FINE, "")
    text = path.read_text()
    page = Page(text)
    assert {target for target in page.targets if not target.startswith(("#", "data:"))} == set()
    assert {target[1:] for target in page.targets if target.startswith("#")} <= set(page.ids)
    assert len(set(page.ids)) == len(page.ids)
    assert "<polyline " in text
    assert not re.search(r"https?:|@import|url\(", text)


def test_a_page_shows_queries_findings_sizes_and_tests(folder: Path) -> None:
    pytest.importorskip("jinja2")
    page = Page(report(folder).stdout)
    said = "".join(page.texts)
    for part in (
        "2 segments over 2 contacts",
        "city = 'Oslo' -- <b>\n",
        "  AND country != 'SE'\n",
        "null-blind-inequality",
        "at line 2, column 7",
        "1 of 2 (50.0%)",
        "holds: <in>",
        "fails: wrong",
        "expected in, but out",
        "How sure this is",
    ):
        assert part in said, part


@pytest.mark.parametrize("form", ["html", "markdown", "json"])
def test_people_are_not_told_unless_it_is_asked_for(folder: Path, form: str) -> None:
    if form == "html":
        pytest.importorskip("jinja2")
    masked = report(folder, "--output-format", form).stdout
    assert not re.search("ann@secret|bob@secret|Annabel|Robert", masked)
    if form != "markdown":
        assert "a•••@secret.example" in masked.encode().decode() or "a\\u2022" in masked
        assert "ann@secret.example" in report(folder, "--output-format", form, "--unmasked").stdout


def test_markdown_has_a_row_for_each_segment(folder: Path) -> None:
    lines = report(folder, "--output-format", "markdown").stdout.splitlines()
    assert lines[0] == "### 2 segments over 2 contacts at 2026-11-23T12:00:00Z"
    assert "| all.sql | 2 | 100.0% |  | documented | fine |" in lines
    assert "| oslo.sql | 1 | 50.0% | 1 of 2 | our reading | failing test |" in lines


@pytest.mark.parametrize(
    ("name", "options", "start"),
    [
        ("report.md", (), "###"),
        ("report.JSON", (), "{"),
        ("report.html", (), "<!doctype"),
        ("report.md", ("--output-format", "json"), "{"),
    ],
)
def test_the_name_of_the_file_says_the_format(
    folder: Path, name: str, options: tuple[str, ...], start: str
) -> None:
    report(folder, "-o", str(folder / name), *options)
    assert (folder / name).read_text(encoding="utf-8").startswith(start)


def test_against_an_older_report_it_tells_what_changed(folder: Path) -> None:
    old = folder / "old.json"
    report(folder, "--output-format", "json", "-o", old)
    same = report(folder, "--output-format", "json", "--against", old)
    assert json.loads(same.stdout)["changes"] == ["Nothing: the same queries and the same numbers."]
    (folder / "segments/all.sql").unlink()
    (folder / "segments/new.sql").write_text(f"{V2}city = 'Rome'\n")
    with (folder / "contacts.csv").open("a") as file:
        file.write("cy@secret.example,Cy,Oslo,NO\n")
    after = report(folder, "--output-format", "json", "--against", old)
    assert json.loads(after.stdout)["changes"] == [
        "The data has 3 contacts; before there were 2",
        "new.sql is new: 1 member",
        "oslo.sql has the same query: 1 member before, 2 members now",
        "all.sql is gone: it had 2 members",
    ]
    (folder / "segments/oslo.sql").write_text(f"{V2}city = 'Oslo'\n")
    changed = report(folder, "--output-format", "markdown", "--against", old).stdout
    assert "- oslo.sql has another query: 1 member before, 2 members now" in changed


def test_the_comment_on_a_pull_request(tmp_path: Path) -> None:
    """Each kind of change, read and found good: see the golden file."""
    folder, old = tmp_path / "segments", tmp_path / "old.json"
    folder.mkdir()
    people = ["EMAIL,FIRST_NAME,CITY,COUNTRY,CONTACT_ID"]
    people += [f"p{n}@x.example,Ann,{city},NO,c{n}" for n, city in enumerate(["Oslo", "Oslo", "Bergen"])]
    (tmp_path / "contacts.csv").write_text("\n".join(people) + "\n")
    queries = {
        "all_there_are.sql": "email IS NOT NULL",
        "gone.sql": "city = 'Rome'",
        "mended.sql": "first_name != 'Ann'",
        "oslo.sql": "city = 'Oslo'\n  AND country = 'NO'",
    }
    for name, where in queries.items():
        (folder / name).write_text(f"{V2}{where}\n")
    test = {"in": [{"case": "who lives there", "email": "t@x.example", "city": "Oslo", "country": "NO"}]}
    (folder / "oslo.test.json").write_text(json.dumps(test))
    report(tmp_path, "--output-format", "json", "-o", old)
    (folder / "gone.sql").unlink()
    (folder / "mended.sql").write_text(f"{V2}first_name != 'Ann' OR first_name IS NULL\n")
    (folder / "oslo.sql").write_text(f"{V2}city = 'Oslo'\n  AND country = 'no'\n")
    (folder / "new.sql").write_text(f"{V2}UPPER(city) = 'BERGEN'\n")
    with (tmp_path / "contacts.csv").open("a") as file:
        file.write("p9@x.example,Bo,Bergen,NO,c9\n")
    found = report(tmp_path, "--output-format", "markdown", "--against", old)
    assert found.exit_code == FINE
    assert found.stdout == (Path(__file__).parent / "golden" / "report.md").read_text(encoding="utf-8")


def test_a_long_table_is_folded_away(tmp_path: Path) -> None:
    (tmp_path / "segments").mkdir()
    for number in range(21):
        (tmp_path / "segments" / f"s{number}.sql").write_text(f"{V2}city = 'Oslo{number}'\n")
    (tmp_path / "contacts.csv").write_text("EMAIL,CITY\nann@secret.example,Oslo1\n")
    text = report(tmp_path, "--output-format", "markdown").stdout
    assert text.startswith("### 21 segments over 1 contact at ")
    assert "<summary>All 21 segments</summary>\n\n| segment |" in text


def test_hints_name_nobody(folder: Path) -> None:
    (folder / "segments/typo.sql").write_text(f"{V2}email = 'ann@secret.exmaple' OR city = 'oslo'\n")
    masked = report(folder, "--output-format", "json").stdout
    assert "no contact has email = 'ann@secret.exmaple'" in masked
    assert "ann@secret.example" not in masked
    assert "the data has 'Oslo' (1)" in masked
    assert (
        "the data has 'ann@secret.example' (1)"
        in report(folder, "--output-format", "json", "--unmasked").stdout
    )


def test_json_has_funnels_timelines_and_the_overlap(folder: Path) -> None:
    (folder / "segments/late.sql").write_text(LATE)
    contacts = folder / "contacts.csv"
    contacts.write_text(
        "EMAIL,CITY,COUNTRY,CREATED_AT\n"
        "ann@secret.example,Oslo,NO,2026-11-01T00:00:00Z\n"
        "bob@secret.example,Rome,IT,2026-10-20T00:00:00Z\n"
    )
    form = json.loads(report(folder, "--output-format", "json", "--step", "day").stdout)
    all_there_are, late, oslo = form["segments"]
    assert [part["name"] for part in form["segments"]] == ["all.sql", "late.sql", "oslo.sql"]
    assert [step["after"] for step in oslo["funnel"]["steps"]] == [1, 1]
    assert (oslo["timeline"], oslo["rests_on"], all_there_are["rests_on"]) == (None, "ours", "doc")
    counts = {each["now"]: each["count"] for each in late["timeline"]}
    assert len(counts) == 57
    assert [counts[f"{day}T12:00:00Z"] for day in ("2026-11-18", "2026-11-23", "2026-12-02")] == [2, 1, 0]
    assert form["overlap"] == {"in_no_segment": 0, "pairs": [[0, 1, 1], [0, 2, 1], [1, 2, 1]]}
    near = {each["name"]: (each["relation"], each["always"]) for each in oslo["neighbours"]}
    assert near == {"all.sql": ("contained in", False), "late.sql": ("equal", False)}
    without = json.loads(report(folder, "--output-format", "json", "--step", "none").stdout)
    assert [part["timeline"] for part in without["segments"]] == [None, None, None]


def test_where_the_calendar_ends_there_is_no_timeline(folder: Path) -> None:
    (folder / "segments/late.sql").write_text(LATE)
    for now in ("9999-12-20T00:00:00Z", "0001-01-02T00:00:00Z"):
        result = report(folder, "--output-format", "json", "--now", now)
        assert result.exit_code == FINE
        assert all(part["timeline"] in (None, []) for part in json.loads(result.stdout)["segments"])


def test_what_is_proven_of_two_segments_is_said_to_be_so_always(folder: Path) -> None:
    (folder / "segments/rome.sql").write_text(f"{V2}city = 'Rome' AND country IS NOT NULL\n")
    text = report(folder, "--output-format", "markdown").stdout
    assert "- oslo.sql always shares no contact with rome.sql" in text
    assert "- all.sql contains oslo.sql" in text


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"version": 1}', '{"version": 1, "segments": [1]}', "[" * 100_000]
)
def test_what_is_no_report_is_named(folder: Path, text: str) -> None:
    old = folder / "old.json"
    old.write_text(text)
    result = report(folder, "--output-format", "markdown", "--against", old)
    assert result.exit_code == COULD_NOT_RUN
    assert f"{old}: is " in result.stderr


def test_a_query_with_errors_is_shown_with_them(folder: Path) -> None:
    (folder / "segments/bad.sql").write_text(f"{V2}email = ")
    result = report(folder, "--output-format", "markdown")
    assert result.exit_code == QUERY_ERRORS
    assert "| bad.sql |  |  |  |  | error |" in result.stdout
    assert "- bad.sql:1:" in result.stdout


def test_without_jinja_it_says_what_to_install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    monkeypatch.setattr("importlib.metadata.requires", lambda _: ["jinja2>=3.1; extra == 'report'"])
    result = report(folder)
    assert result.exit_code == COULD_NOT_RUN
    assert result.stderr == 'Error: this needs jinja2: pip install "sql-seg[report]"\n'
    assert report(folder, "--output-format", "json").exit_code == FINE
