"""Whether mentors by post are of the district of their trainees, of a data set as a whole.

Asked when all tables are checked, for postings are read after pairs: of the pairs that a data set
brings, and of the stored pairs whose postings it changes. Only what is certain is refused: where
neither the day nor a place is open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from graph import tables
from graph.dates import first_day, last_day
from graph.kinds import MentorKindTerm
from graph.programme import Programme
from graph.store import Reader, Row
from graph.upsert import BATCH, edge_type
from loaders.checking.leavers import Leavers
from loaders.checking.numbered import CheckedRows
from loaders.checking.record_kinds import WrongRecord
from loaders.readers.blocks import pl
from queries.personnel import Known, Personnel, of_people, reading, terms_of
from queries.personnel.columns import RawPostings, columns_of
from queries.personnel.days import day_number
from queries.personnel.mentor_posts import MentorPosts
from queries.personnel.places import PostsAndUnits, places_of

_PAIRS = tuple(
    f"""
UNWIND $ids AS id
MATCH (m:Person{of_mentor})-[r:MENTORS]->(t:Person{of_trainee})
WHERE r.kind IN $kinds AND r.since IS NOT NULL
RETURN r.id AS id, m.id AS mentor, t.id AS trainee, r.kind AS kind, r.since AS since
ORDER BY id
"""
    for of_mentor, of_trainee in ((" {id: id}", ""), ("", " {id: id}"))
)
_NAMES = "MATCH (n:Person)\nWHERE n.id IN $ids\nRETURN n.id AS id, n.name AS name"

_MENTORS = edge_type("MENTORS")

# What is kept of each table that says where people are.
_KEPT = {
    "units": ("kind", "name", "part_of"),
    "posts": ("unit",),
    "people": ("joined_on", "born_on"),
    "rotations": ("person", "post", "kind", "since", "until", "status", "marks"),
    "mentoring": ("mentor", "trainee", "kind", "since"),
}
_PLACING = ("units", "posts", "people", "rotations", "service")


class _Pair(NamedTuple):
    number: int  # of the row that is told
    id: str
    mentor: str
    trainee: str
    kind: str
    since: str


class Districts:
    """Keeps what a data set says of places and pairs, and tells which pairs are of two districts.

    `names` are the tables of the data set.
    """

    def __init__(self, store: Reader | None, leavers: Leavers, names: Collection[str]) -> None:
        self._store, self._leavers, self._names = store, leavers, names
        self._frames: dict[str, pl.DataFrame] = {}  # by table: id, row, and the columns it has
        self._placing: set[str] = set()

    def keep(self, rows: CheckedRows, programme: Programme, right: pl.Series) -> None:
        """Keep the right rows of a table, where a programme says that anything is to be judged."""
        name = rows.reader.table.name
        if not _kinds(programme) or not ("mentoring" in self._names or self._has_stored_pairs):
            return
        if name in _PLACING:
            self._placing.add(name)
        if name in _KEPT:
            columns = [
                rows.column(each).alias(each) for each in _KEPT[name] if each in rows.reader.at
            ]
            # Where nothing is stored, no row stands for one that is.
            store, of = self._store, rows.reader.table
            is_beside = store is not None and tables.has_rows(store, of)
            known = rows.derived_ids() if is_beside else map(str, rows.numbers.tolist())
            own = rows.ids.to_list() if of.has_id_column and "id" in rows.reader.at else known
            ids = pl.Series("id", list(own), dtype=pl.String)
            self._frames[name] = pl.DataFrame(
                [ids, pl.Series("row", rows.numbers), *columns]
            ).filter(right)

    @cached_property
    def _has_stored_pairs(self) -> bool:
        return self._store is not None and tables.has_edges(self._store, _MENTORS)

    def wrong(self, programme: Programme) -> Iterator[tuple[str, WrongRecord]]:
        """Yield the table and what is wrong: pairs of two districts, postings that part a pair."""
        kinds = {each.key for each in _kinds(programme)}
        if not kinds:
            return
        mine = list(self._pairs(kinds))
        for pair, said in self._apart(mine, programme, beside=True):
            yield "mentoring", (pair.number, "mentor-of-another", "mentor", pair.mentor, said)
        stored = list(self._stored_pairs(kinds, {each.id for each in mine}))
        found = list(self._apart(stored, programme, beside=True))
        pairs = [pair for pair, _ in found]
        before = {each.id for each, _ in self._apart(pairs, programme, beside=False)}
        at = self._row_of_person() if found else {}
        for pair, said in found:
            if pair.id not in before:
                number, person = min((at[who], who) for who in pair[2:4] if who in at)
                yield "rotations", (number, "posting-parts-pair", "person", person, said)

    # --- pairs

    def _pairs(self, kinds: Collection[str]) -> Iterator[_Pair]:
        frame = self._frames.get("mentoring")
        if frame is None or not {"kind", "since"}.issubset(frame.columns):
            return
        known = frame.filter(frame["kind"].is_in(list(kinds)) & frame["since"].is_not_null())
        for row in known.select("row", "id", "mentor", "trainee", "kind", "since").rows():
            yield _Pair(*row)

    def _stored_pairs(self, kinds: Collection[str], given: Collection[str]) -> Iterator[_Pair]:
        """Yield the stored pairs of whom postings are given, but those that are given anew."""
        frame = self._frames.get("rotations")
        if frame is None or self._store is None or not self._has_stored_pairs:
            return
        people = frame["person"].unique(maintain_order=True).to_list()
        seen = set(given)
        for first in range(0, len(people), BATCH):
            some = people[first : first + BATCH]
            for text in _PAIRS:
                for row in self._store.read(text, ids=some, kinds=sorted(kinds)):
                    if row["id"] not in seen:
                        seen.add(row["id"])
                        yield _Pair(0, *(row[key] for key in _Pair._fields[1:]))

    def _row_of_person(self) -> dict[str, int]:
        rows = self._frames["rotations"].select("person", "row").rows()
        return dict(reversed(rows))

    # --- the judgement

    def _apart(
        self, pairs: Sequence[_Pair], programme: Programme, *, beside: bool
    ) -> Iterator[tuple[_Pair, dict[str, Any]]]:
        """Yield the pairs of two districts, by what is stored, and `beside` it by what is given."""
        if not pairs:
            return
        people = sorted({who for pair in pairs for who in pair[2:4]})
        model = self._model(people, programme, beside)
        at, units = model.columns.person_at, model.columns.unit_names
        on_days: dict[int, MentorPosts] = {}
        kinds, names = _kinds(programme), dict[str, str]()
        ranges = {each.key: _units_of_people(model, each) for each in kinds}
        for pair in pairs:
            ends = at.get(pair.mentor, -1), at.get(pair.trainee, -1)
            if _is_surely_near(ranges[pair.kind], *ends):
                continue
            found = None
            for day in {first_day(pair.since), last_day(pair.since)}:
                number = day_number(day)
                if number not in on_days:
                    on_days[number] = MentorPosts(model, number, kinds)
                found = on_days[number].apart(*ends, pair.kind)
                if found is None:
                    break
            if found is None:
                continue
            ours, theirs = found
            names = names or self._people(people)
            yield (
                pair,
                {
                    "mentor": names.get(pair.mentor, pair.mentor),
                    "trainee": names.get(pair.trainee, pair.trainee),
                    "since": pair.since,
                    "ours": units[ours],
                    "theirs": units[theirs],
                },
            )

    def _people(self, people: list[str]) -> dict[str, str]:
        rows = self._store.read(_NAMES, ids=people) if self._store is not None else ()
        return {row["id"]: row["name"] for row in rows}

    # --- where people are

    def _model(self, people: list[str], programme: Programme, beside: bool) -> Personnel:
        if self._store is not None and not (beside and self._placing):
            return of_people(self._store, people, programme)
        terms = terms_of(programme)
        known, postings = list[Known](), list[Row]()
        if self._store is not None:
            known, _, raw = reading.read_written(self._store, terms.left, people)
            columns = zip(*raw, strict=True)
            postings = [dict(zip(RawPostings._fields, each, strict=True)) for each in columns]
        facts = self._leavers.facts_of(people)
        by_id = {each.id: each for each in known}
        for row in self._rows("people", "id", people):
            by_id[row["id"]] = by_id.get(row["id"], Known(row["id"]))._replace(
                **{key: row[key] for key in _KEPT["people"] if key in row}
            )
        known = [
            by_id.get(id_, Known(id_))._replace(
                service=tuple(sorted(facts.get(id_, {}).values(), key=lambda each: each.since))
            )
            for id_ in people
        ]
        held = _merged(postings, self._rows("rotations", "person", people))
        by_name: dict[str, list[Any]] = {
            name: [row.get(name) for row in held.values()] for name in RawPostings._fields
        }
        written = RawPostings(**by_name)
        places = self._places(sorted({row["post"] for row in held.values()}))
        return Personnel(columns_of(known, written, places), terms, lambda people, day: {})

    def _rows(self, name: str, column: str, wanted: list[str]) -> Iterable[Row]:
        frame = self._frames.get(name)
        if frame is None:
            return ()
        return frame.filter(frame[column].is_in(wanted)).drop("row").iter_rows(named=True)

    def _places(self, posts: list[str]) -> PostsAndUnits:
        stored = reading.read_posts(self._store, posts) if self._store is not None else []
        found = _merged(stored, self._rows("posts", "id", posts))
        units: dict[str, Row] = {}
        wanted = sorted({row["unit"] for row in found.values() if row.get("unit")})
        while wanted:
            there = reading.read_units(self._store, wanted) if self._store is not None else []
            units.update(_merged(there, self._rows("units", "id", wanted)))
            above = {row["part_of"] for row in units.values() if row.get("part_of")}
            wanted = sorted(above - units.keys())
        whole = {name: dict.fromkeys(("title", "rank", "kind", "unit")) for name in found}
        rows = [{**whole[id_], **found[id_]} for id_ in sorted(found)]
        of_units = [
            {"name": None, "kind": None, "part_of": None, **units[id_]} for id_ in sorted(units)
        ]
        return places_of(rows, of_units)


def _kinds(programme: Programme) -> tuple[MentorKindTerm, ...]:
    return tuple(each for each in programme.mentoring_kinds if each.by_post and each.within)


def _units_of_people(model: Personnel, kind: MentorKindTerm) -> tuple[list[int], list[int]]:
    """Return the first and last unit, of the kind that pairs are within, of each one's postings."""
    columns = model.columns
    posts = MentorPosts(model, 0, [kind])
    above = [posts.unit_of_kind(at, kind.within or "") for at in range(len(columns.unit_ids))]
    unit = np.array([*above, -1], dtype=np.int64)[columns.post_unit[columns.post]]
    known = unit >= 0
    first = np.full(len(columns.person_ids), len(above), dtype=np.int64)
    last = np.full(len(columns.person_ids), -1, dtype=np.int64)
    np.minimum.at(first, columns.person[known], unit[known])
    np.maximum.at(last, columns.person[known], unit[known])
    return first.tolist(), last.tolist()


def _is_surely_near(units: tuple[list[int], list[int]], mentor: int, trainee: int) -> bool:
    """Return whether two people were only ever in one unit, or one of them in none."""
    first, last = units
    if -1 in (mentor, trainee) or -1 in (last[mentor], last[trainee]):
        return True
    return first[mentor] == last[mentor] == first[trainee] == last[trainee]


def _merged(stored: Iterable[Mapping[str, Any]], given: Iterable[Row]) -> dict[str, Row]:
    """Return rows by id; what a file says of a stored row holds, what it leaves out stays."""
    found: dict[str, Row] = defaultdict(dict)
    for row in (*stored, *given):
        found[row["id"]].update(row)
    return dict(found)
