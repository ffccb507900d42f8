"""What is doubtful about pairs of mentor and trainee, over all pairs at once or over some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from graph.errors import N_
from graph.kinds import MentorKindTerm
from graph.store import Reader
from queries.personnel.days import OPEN, UNKNOWN, DayNumbers, Ints, day_number, day_of_number
from queries.personnel.mentor_posts import WORDS, MentorPosts
from queries.personnel.model import Personnel
from queries.quality.finding import QualityFinding, Where, Who
from queries.sentences import Term

_OF = """r.id AS id, m.id AS mentor, t.id AS trainee, r.kind AS kind,
  r.since AS since, r.until AS until"""
_ALL = f"MATCH (m:Person)-[r:MENTORS]->(t:Person)\nRETURN {_OF}"
_SOME = (
    f"MATCH (m:Person)-[r:MENTORS]->(t:Person)\nWHERE m.id IN $people\nRETURN {_OF}",
    f"MATCH (m:Person)-[r:MENTORS]->(t:Person)\nWHERE t.id IN $people\nRETURN {_OF}",
)
_ENDS = """
MATCH (m:Person)-[r:MENTORS]->(t:Person)
RETURN m.id AS mentor, t.id AS trainee, r.id AS id, r.since AS since
"""


class PairRows(NamedTuple):
    """Pairs by column, dates as their source gave them."""

    id: Sequence[str]
    mentor: Sequence[str]
    trainee: Sequence[str]
    kind: Sequence[str | None]
    since: Sequence[str | None]
    until: Sequence[str | None]


def read_pairs(store: Reader, people: Sequence[str] | None) -> PairRows:
    """Read all pairs, or those in which one of some people is mentor or trainee."""
    if people is None:
        return PairRows(*store.read_columns(_ALL, PairRows._fields))
    found: dict[str, tuple[Any, ...]] = {}
    for query in _SOME:
        columns = store.read_columns(query, PairRows._fields, people=list(people))
        found.update((row[0], row) for row in zip(*columns, strict=True))
    rows = [found[id_] for id_ in sorted(found)]
    return PairRows(*([row[at] for row in rows] for at in range(len(PairRows._fields))))


class SeenPairs:
    """Some pairs as they are known on a day, beside the model of their people.

    `kinds` are the kinds of mentor of the programme.
    """

    def __init__(
        self,
        model: Personnel,
        on: date,
        rows: PairRows,
        kinds: Iterable[MentorKindTerm],
    ) -> None:
        self.model, self.on, self.number = model, on, day_number(on)
        self.posts = MentorPosts(model, self.number, kinds)
        days = DayNumbers()
        since = days.all_first(rows.since, UNKNOWN)
        until = days.all_first(rows.until, OPEN)
        person_at = model.columns.person_at
        mentor, trainee = (
            np.fromiter((person_at.get(id_, -1) for id_ in ids), np.int64, len(ids))
            for ids in (rows.mentor, rows.trainee)
        )
        known = np.flatnonzero((mentor >= 0) & (trainee >= 0) & (since <= self.number))
        self.rows, self.at = rows, known
        self.mentor, self.trainee = mentor[known], trainee[known]
        self.since, self.until = since[known], until[known]

    @cached_property
    def out_from(self) -> dict[int, Ints]:
        """Return the days on which people left, of those who did by the day."""
        return {
            person: np.array([out for out, _ in spans])
            for person, spans in self.model.outs.items()
            if spans[0][0] <= self.number
        }

    def of_pair(
        self,
        kind: str,
        place: int,
        template: str,
        *more: object,
        told: Mapping[str, object] = MappingProxyType({}),
    ) -> QualityFinding:
        """Make a finding that stands on a pair, and on `more`."""
        rows, at = self.rows, int(self.at[place])
        values = {
            "mentor": Who(rows.mentor[at]),
            "trainee": Who(rows.trainee[at]),
            "kind": Term("mentoring_kinds", rows.kind[at] or None),
            "since": rows.since[at] or "?",
            **told,
        }
        return QualityFinding(
            kind,
            rows.id[at],
            (rows.trainee[at], rows.mentor[at]),
            "mentoring",
            rows.id[at],
            template,
            values,
            (
                rows.mentor[at],
                rows.trainee[at],
                rows.since[at] or None,
                rows.until[at] or None,
                *more,
            ),
        )


def mentor_later(seen: SeenPairs) -> Iterator[QualityFinding]:
    """Find mentors who joined later than those whom they guide."""
    joined = seen.model.columns.joined  # a first known posting says nothing of what was before it
    first, other = joined[seen.mentor], joined[seen.trainee]
    later = (first != UNKNOWN) & (other != UNKNOWN) & (first > _latest(other))
    for place in np.flatnonzero(later).tolist():
        days = [day_of_number(int(each[place])).isoformat() for each in (first, other)]
        yield seen.of_pair(
            "mentor_later",
            place,
            N_("%(mentor)s, {mentor} of %(trainee)s, joined on %(first)s, later than %(other)s."),
            *days,
            told={"first": days[0], "other": days[1]},
        )


def _latest(days: Ints) -> Ints:
    """Return the last day that a begin can mean: the first of January may stand for the year."""
    given = days.astype("datetime64[D]")
    year = given.astype("datetime64[Y]")
    is_first = given == year.astype("datetime64[D]")
    last = (year + np.timedelta64(1, "Y")).astype("datetime64[D]") - np.timedelta64(1, "D")
    return np.where(is_first, last.astype(np.int64), days)


def pair_after_leaving(seen: SeenPairs) -> Iterator[QualityFinding]:
    """Find pairs that begin after one of the two had left service."""
    outs, model = seen.out_from, seen.model
    if not outs:
        return
    gone = np.array(sorted(outs))
    touched = np.isin(seen.mentor, gone) | np.isin(seen.trainee, gone)
    for place in np.flatnonzero(touched).tolist():
        since = int(seen.since[place])
        for person in (int(seen.mentor[place]), int(seen.trainee[place])):
            out = next((o for o, b in model.outs.get(person, ()) if o < since < b), None)
            if out is not None:
                day = day_of_number(out).isoformat()
                yield seen.of_pair(
                    "pair_after_leaving",
                    place,
                    N_(
                        "%(mentor)s guides %(trainee)s from %(since)s, and %(who)s left on %(out)s."
                    ),
                    day,
                    told={"who": Who(model.columns.person_ids[person]), "out": day},
                )
                break


def mentor_left_post(seen: SeenPairs) -> Iterator[QualityFinding]:
    """Find pairs that go on though the mentor is not, or no more, in the post for which they guide.

    The trainee is handed over to whoever is.
    """
    posts, ids = seen.posts, seen.model.columns.post_ids
    kinds = [kind in posts.kinds for kind in seen.rows.kind]
    running = np.array(kinds, dtype=bool)[seen.at] & (seen.until > seen.number)
    for place in np.flatnonzero(running).tolist():
        kind, paired = (of[int(seen.at[place])] for of in (seen.rows.kind, seen.rows.since))
        two = int(seen.mentor[place]), int(seen.trainee[place])
        begun = int(seen.since[place])
        if any(out <= begun < back for out, back in seen.model.outs.get(two[0], ())):
            continue  # it never counted
        why = posts.not_right(*two, kind or "", paired)
        if why is not None:
            post = ids[why.post] if why.post >= 0 else None
            day = day_of_number(why.since).isoformat() if why.since != UNKNOWN else None
            told = {"day": day or "?", **({"post": Where(post)} if post else {})}
            template = WORDS[why.reason]
            yield seen.of_pair("mentor_left_post", place, template, post, day, told=told)


# --- circles


class TieRows(NamedTuple):
    """Pairs by column, as far as circles are made of them."""

    mentor: Sequence[str]
    trainee: Sequence[str]
    id: Sequence[str]
    since: Sequence[str | None]


class SeenTies(NamedTuple):
    """All pairs, and the day on which they are looked at."""

    rows: TieRows
    number: int


def read_ties(store: Reader) -> TieRows:
    """Read mentors, trainees and begins of all pairs."""
    return TieRows(*store.read_columns(_ENDS, TieRows._fields))


def mentor_circle(seen: SeenTies) -> Iterator[QualityFinding]:
    """Find circles: who is, over others, a mentor of themselves; one finding for all in it."""
    circles = _circles(seen)
    if not circles:
        return
    import networkx as nx

    for people, row in circles:
        graph = nx.DiGraph(row.keys())
        around = [one for one, _ in nx.find_cycle(graph, people[0])]
        yield QualityFinding(
            "mentor_circle",
            "~".join(people),
            tuple(people),
            "mentoring",
            row[around[0], (*around, around[0])[1]],
            N_("They guide each other in a circle: %(path)s (%(n)s people)."),
            {"path": tuple(Who(each) for each in (*around, around[0])), "n": len(people)},
            tuple(sorted(row.values())),
        )


def _circles(seen: SeenTies) -> list[tuple[list[str], dict[tuple[str, str], str]]]:
    """Return the people who are tied in circles with each other, with their pairs."""
    rows = seen.rows
    begun = np.flatnonzero(DayNumbers().all_first(rows.since, UNKNOWN) <= seen.number)
    if not len(begun):
        return []
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    code: dict[str, int] = {}
    one, other = (
        np.fromiter((code.setdefault(ids[at], len(code)) for at in begun.tolist()), np.int64)
        for ids in (rows.mentor, rows.trainee)
    )
    matrix = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(len(code),) * 2)
    _, label = connected_components(matrix, directed=True, connection="strong")
    within = (label[one] == label[other]) & (one != other)
    found: dict[int, dict[tuple[str, str], str]] = {}
    for at in begun[within].tolist():
        pair = rows.mentor[at], rows.trainee[at]
        row = found.setdefault(int(label[code[pair[0]]]), {})
        row[pair] = min(rows.id[at], row.get(pair, rows.id[at]))
    return sorted((sorted({each for pair in row for each in pair}), row) for row in found.values())
