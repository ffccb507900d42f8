"""Small data sets, written as CSV files like anybody's and loaded, to be judged on some days.

`given(store, folder, programme=..., people=[...], rotations=[...])` gives a store; a row is a dict
of the columns that matter, the rest is filled in. The default day of a programme is `DAY`.
"""

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from graph.dates import add_days
from graph.programme import parse_programme
from graph.store import Store
from loaders.load import check, load
from queries.programme.facts import Facts
from queries.programme.reading import read_facts

DAY = date(2024, 6, 30)
Row = dict[str, Any]

WORDS = """
id: edges
name: {zh: 边界, en: Edges}
as_of: 2024-06-30
ranks: [{key: 科员, zh: 科员, en: staff}, {key: 副科, zh: 副科, en: deputy},
        {key: 正科, zh: 正科, en: section}, {key: 副处, zh: 副处, en: deputy county}]
rotation_kinds:
  - {key: appointment, zh: 任职, en: appointment}
  - {key: grassroots, zh: 基层, en: grassroots}
  - {key: key_post, zh: 关键岗位, en: key post}
  - {key: secondment, zh: 挂职, en: secondment, keeps_home_post: true}
"""
STAGES = """
stages:
  - {key: one, zh: 一, en: one, batch: train, gates: [%s]}
  - {key: two, zh: 二, en: two, batch: use}
"""
UNITS = [
    {"id": "D", "name": "石峰区", "kind": "district"},
    {"id": "T", "name": "河东镇", "kind": "township", "part_of": "D"},
    {"id": "V", "name": "柳村", "kind": "village", "part_of": "T"},
]
POSTS = [
    {"id": "head", "title": "镇长", "unit": "T", "kind": "unit_head", "rank": "正科"},
    {"id": "deputy", "title": "副镇长", "unit": "T", "kind": "deputy", "rank": "副科"},
    {"id": "staff", "title": "科员", "unit": "T", "kind": "staff", "rank": "科员"},
    {"id": "clerk", "title": "科员", "unit": "D", "kind": "staff", "rank": "科员"},
    {"id": "village", "title": "村书记助理", "unit": "V", "kind": "grassroots", "rank": "科员"},
]


def write(
    folder: Path,
    tables: dict[str, Iterable[Row]],
    programme: str = "",
    rules: str = "",
    today: date | str = DAY,
) -> Path:
    """Write a data set: one CSV file a table, and the programme with its own day."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        listed = list(rows)
        headings = list(dict.fromkeys(key for row in listed for key in row))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, headings, restval="")
            writer.writeheader()
            writer.writerows(listed)
    if programme is not None:
        words = WORDS.replace(f"as_of: {DAY}", f"as_of: {today}")
        (folder / "programme.yaml").write_text(words + programme, encoding="utf-8")
    if rules:
        (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    return folder


def tables_of(people: Iterable[Row] = (), **tables: Iterable[Row]) -> dict[str, Iterable[Row]]:
    """Return the units and posts above with these people; one trainee where none is given."""
    listed = list(people) or [person()]
    return {"units": UNITS, "posts": POSTS, **tables, "people": listed}


def given(
    store: Store,
    folder: Path,
    programme: str = "",
    rules: str = "",
    people: Iterable[Row] = (),
    today: date | str = DAY,
    **tables: Iterable[Row],
) -> Store:
    """Load a data set into a store; a row that is not taken fails the test.

    Ends that come after a day are known on the programme's `today` and later only.
    """
    report = load(store, write(folder, tables_of(people, **tables), programme, rules, today))
    assert not [each for each in report.problems if each.severity == "error"], report.problems
    return store


def found_codes(folder: Path, people: Iterable[Row] = (), **tables: Iterable[Row]) -> set[str]:
    """Check a data set and return the codes of what is wrong or odd in it."""
    return {each.code for each in check(write(folder, tables_of(people, **tables)))}


def person(id_: str = "t", **more: Any) -> Row:
    """Return a trainee who joined on 2020-07-01."""
    return {"id": id_, "name": f"学员{id_}", "roles": "trainee", "joined_on": "2020-07-01", **more}


def mentor(id_: str = "m", **more: Any) -> Row:
    """Return a mentor."""
    return {"id": id_, "name": f"导师{id_}", "roles": "mentor", **more}


def posting(
    post: str, since: str, until: str = "", kind: str = "appointment", of: str = "t", **more: Any
) -> Row:
    """Return an actual posting."""
    return {
        "id": f"{of}-{post}-{since}", "person": of, "post": post, "kind": kind, "since": since,
        "until": until, "status": "actual", **more,
    }  # fmt: skip


def record(kind: str, on: str, of: str = "t", **more: Any) -> Row:
    """Return an entry of the growth file."""
    return {"id": f"{of}-{kind}-{on}", "person": of, "kind": kind, "on": on, **more}


def facts(store: Store, on: date | str = DAY) -> Facts:
    """Return the facts of a day under the stored programme."""
    text = store.read("MATCH (p:Programme) RETURN p.rules AS rules")[0]["rules"]
    return read_facts(store, parse_programme(text), day(on))


def day(text: date | str) -> date:
    """Return a day."""
    return text if isinstance(text, date) else date.fromisoformat(text)


def around(text: str) -> tuple[date, date, date]:
    """Return the day before, the day and the day after.

    >>> [each.isoformat() for each in around("2024-03-01")]
    ['2024-02-29', '2024-03-01', '2024-03-02']
    """
    on = day(text)
    return on - timedelta(days=1), on, add_days(on, 1)
