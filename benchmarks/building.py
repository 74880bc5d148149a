"""Building a query of 15 conditions in Python, against parsing its text."""

from __future__ import annotations

from measure import Results, measured, repeated

from sql_seg import parse, to_text
from sql_seg.build import column, days, event, in_list, now
from sql_seg.syntax.nodes import Query


def build() -> Query:
    return (
        (column("country") == "US")
        & column("plan").is_in(["pro", "team"])
        & event("open").within(days(30))
        & ~event("click")
        & in_list("115715d0-0000-4000-8000-000000000001")
        & (column("city") != "Berlin")
        & column("first_name").is_not_null()
        & column("email").like("%@example.com")
        & (column("created_at") >= "2024-01-01")
        & (column("updated_at") > now() - days(90))
        & (column("age") >= 18)
        & (column("age") < 65)
        & ((column("postal_code") == "80202") | (column("postal_code") == "80203"))
        & column("email_domains").contains("example.com")
    ).query()


def measure() -> Results:
    text = to_text(build())
    row = measured("15 conditions", repeated(lambda: parse(text), 200), repeated(build, 200))
    return Results(
        "Python to tree", {"build": [row]}, "parsing its text", note="for 200 times", has_mean=False
    )
