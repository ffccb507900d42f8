"""What one row means beside the rows that are stored: doubts that a person may accept, and errors.

The same judgements as between the rows of a file (`loaders.checking.periods`), asked of the store
for the one person, post or mentor that the row names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from graph.errors import Problem
from graph.programme import Programme
from graph.store import Reader, Row
from loaders.checking.periods import BESIDE_MARKS, OPEN, FilePosting, begins_by, crowds, overlaps
from loaders.problems import Findings, Place
from queries.personnel.terms import ACTING

_POSTINGS = """
MATCH (p:Person)-[r:ROTATED_TO]->(post:Post)
WHERE {which} AND r.since IS NOT NULL AND coalesce(r.status, 'actual') <> 'planned'
RETURN r.id AS id, p.id AS person, post.id AS post, post.name AS name, post.capacity AS capacity,
  r.since AS since, r.until AS until, r.kind AS kind, r.marks AS marks
ORDER BY id
"""
_POST = "MATCH (post:Post {id: $id})\nRETURN post.capacity AS capacity"
_LOAD = """
MATCH (m:Person {id: $mentor})
OPTIONAL MATCH (m)-[r:MENTORS]->(:Person)
WHERE r.id <> $id AND coalesce(r.since, '') <= $day AND (r.until IS NULL OR r.until > $day)
RETURN m.name AS name, m.mentor_capacity AS capacity, count(r) AS load
"""
_CIRCLE = """
MATCH path = shortestPath((t:Person {id: $trainee})-[:MENTORS*..30]->(m:Person {id: $mentor}))
RETURN [n IN nodes(path) | n.name] AS names
"""
_OURS = 0  # the row number of the row that is being entered


def doubts(
    store: Reader,
    programme: Programme,
    table: str,
    values: Mapping[str, Any],
    id_: str,
    language: str,
) -> list[Problem]:
    """List what is doubtful about a right row, or wrong beside what is stored.

    `id_` keeps it from being held against itself.
    """
    findings = Findings(language)
    if table == "rotations" and values.get("since") and values.get("status") != "planned":
        _judge_posting(store, programme, values, id_, findings)
    elif table == "mentoring":
        _judge_tie(store, values, id_, findings)
    return findings.problems()


def _judge_posting(
    store: Reader, programme: Programme, values: Mapping[str, Any], id_: str, findings: Findings
) -> None:
    keeping = programme.kinds_beside
    ours = _posting(values, _OURS, keeping)
    rows = _others(store, "p.id = $id", ours.person, id_)
    for one, other in _clashes(ours, [_posting(row, at, keeping) for at, row in rows]):
        theirs = other if one.row == _OURS else one
        row = dict(rows)[theirs.row]
        findings.add(
            "overlaps-stored", Place(), "person", ours.person, post=row["name"], since=row["since"]
        )
    rows = _others(store, "post.id = $id", ours.post, id_)
    post = store.read(_POST, id=ours.post)
    capacity = post[0]["capacity"] if post else None
    if capacity is None:
        return
    if ACTING in (values.get("marks") or ()):  # it does not fill the post
        return
    beside = [_posting(row, at, keeping) for at, row in rows if ACTING not in (row["marks"] or ())]
    before = max((n for _, n in crowds(beside, {ours.post: capacity})), default=capacity)
    for _, holders in crowds([ours, *beside], {ours.post: capacity}):
        if holders > before:
            findings.add(
                "crowds-stored", Place(), "post", ours.post, holders=holders, capacity=capacity
            )


def _clashes(
    ours: FilePosting, others: list[FilePosting]
) -> Iterator[tuple[FilePosting, FilePosting]]:
    """Yield the pairs that ours is one of; each other posting is judged alone with it."""
    for other in others:
        yield from overlaps([each for each in (ours, other) if not each.keeps_home])


def _judge_tie(store: Reader, values: Mapping[str, Any], id_: str, findings: Findings) -> None:
    mentor, trainee = values["mentor"], values["trainee"]
    for row in store.read(_CIRCLE, mentor=mentor, trainee=trainee):
        path = " → ".join(map(str, row["names"]))
        findings.add("circle-stored", Place(), "trainee", trainee, path=path)
    day = values.get("since") or ""
    for row in store.read(_LOAD, mentor=mentor, id=id_, day=day) if "until" not in values else ():
        if row["capacity"] is not None and row["load"] + 1 > row["capacity"]:
            findings.add(
                "mentor-full", Place(), "mentor", row["name"], load=row["load"],
                capacity=row["capacity"],
            )  # fmt: skip


def _others(store: Reader, which: str, id_: str, ours: str) -> list[tuple[int, Row]]:
    rows = store.read(_POSTINGS.format(which=which), id=id_)
    return [(at, row) for at, row in enumerate(rows, start=1) if row["id"] != ours]


def _posting(row: Mapping[str, Any], at: int, keeping: frozenset[str]) -> FilePosting:
    person, post, since = row["person"], row["post"], row["since"]
    until = row.get("until") or OPEN
    is_beside = row.get("kind") in keeping or bool({*BESIDE_MARKS} & {*(row.get("marks") or ())})
    return FilePosting(person, begins_by(since), at, until, post, since, is_beside)
