"""Whether mentors by post are of the district of their trainees, of a data set as a whole.

Asked when all tables are checked, for postings are read after pairs: of the pairs that a data set
brings, and of the stored pairs whose postings it changes. Only what is certain is refused: where
neither the day nor a place is open.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
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
_POST, _UNIT = ("id", "title", "rank", "kind", "unit"), ("id", "name", "kind", "part_of")
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
        units = model.columns.unit_names
        on_days: dict[int, MentorPosts] = {}
        kinds, names = _kinds(programme), dict[str, str]()
        for pair, ends in _perhaps_apart(model, pairs, kinds):
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
        known, postings = list[Known](), RawPostings(*([] for _ in RawPostings._fields))
        if self._store is not None:
            known, _, postings = reading.read_written(self._store, terms.left, people)
        facts = self._leavers.facts_of(people)
        by_id = {each.id: each for each in known}
        given = self._given("people", "id", people)
        for row in given.iter_rows():
            said = dict(zip(given.columns, row, strict=True))
            before = by_id.get(said["id"])
            by_id[said["id"]] = before._replace(**said) if before else Known(**said)
        for id_ in people:
            each = by_id.setdefault(id_, Known(id_))
            if each.service or id_ in facts:
                told = sorted(facts.get(id_, {}).values(), key=lambda fact: fact.since)
                by_id[id_] = each._replace(service=tuple(told))
        known = [by_id[id_] for id_ in people]
        types = dict.fromkeys(RawPostings._fields, pl.String) | {"marks": pl.List(pl.String)}
        stored = pl.DataFrame(postings._asdict(), schema=types)
        held = _merged(stored, self._given("rotations", "person", people))
        written = RawPostings(*(held[name].to_list() for name in RawPostings._fields))
        places = self._places(held["post"].unique())
        return Personnel(columns_of(known, written, places), terms, lambda people, day: {})

    def _given(self, name: str, column: str, wanted: pl.Series | list[str]) -> pl.DataFrame:
        """Return the given rows of a table that have one of some values."""
        frame = self._frames.get(name)
        if frame is None:
            return pl.DataFrame(schema=dict.fromkeys(("id", column), pl.String))
        values = pl.DataFrame({column: wanted}, schema={column: pl.String})
        return frame.join(values, on=column, how="semi", maintain_order="left").drop("row")

    def _places(self, posts: pl.Series) -> PostsAndUnits:
        stored = reading.read_posts(self._store, posts.to_list()) if self._store else []
        found = _merged(_texts_of(stored, _POST), self._given("posts", "id", posts)).sort("id")
        units, seen = [_texts_of([], _UNIT)], set[str]()
        above = set(found["unit"].drop_nulls().to_list())
        while wanted := sorted(above - seen):
            seen.update(wanted)
            there = reading.read_units(self._store, wanted) if self._store else []
            units.append(_merged(_texts_of(there, _UNIT), self._given("units", "id", wanted)))
            above = set(units[-1]["part_of"].drop_nulls().to_list())
        return places_of(found.to_dicts(), pl.concat(units).sort("id").to_dicts())


def _kinds(programme: Programme) -> tuple[MentorKindTerm, ...]:
    return tuple(each for each in programme.mentoring_kinds if each.by_post and each.within)


def _perhaps_apart(
    model: Personnel, pairs: Sequence[_Pair], kinds: Iterable[MentorKindTerm]
) -> Iterator[tuple[_Pair, tuple[int, int]]]:
    """Yield the pairs, with the two positions, but those that surely are of one district.

    These are where two people were only ever in one unit, or one of them in none.
    """
    at = model.columns.person_at
    ranges = {each.key: _units_of_people(model, each) for each in kinds}
    for pair in pairs:
        mentor, trainee = at.get(pair.mentor, -1), at.get(pair.trainee, -1)
        if -1 in (mentor, trainee):
            continue
        first, last = ranges[pair.kind]
        if -1 in (last[mentor], last[trainee]):
            continue
        if not first[mentor] == last[mentor] == first[trainee] == last[trainee]:
            yield pair, (mentor, trainee)


def _units_of_people(model: Personnel, kind: MentorKindTerm) -> tuple[list[int], list[int]]:
    """Return the first and last unit, of the kind that pairs are within, of each one's postings."""
    columns = model.columns
    above = columns.nearest_unit_of_kind(kind.within or "")
    unit = np.append(above, -1)[columns.post_unit[columns.post]]
    known = unit >= 0
    first = np.full(len(columns.person_ids), len(above), dtype=np.int64)
    last = np.full(len(columns.person_ids), -1, dtype=np.int64)
    np.minimum.at(first, columns.person[known], unit[known])
    np.maximum.at(last, columns.person[known], unit[known])
    return first.tolist(), last.tolist()


def _texts_of(rows: Iterable[Row], names: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(
        [[row[name] for name in names] for row in rows],
        schema=dict.fromkeys(names, pl.String),
        orient="row",
    )


def _merged(stored: pl.DataFrame, given: pl.DataFrame) -> pl.DataFrame:
    """Return rows by id; what a file says of a stored row holds, the columns it has not stay."""
    last = given.unique("id", keep="last", maintain_order=True)
    left_out = [name for name in stored.columns if name not in given.columns]
    whole = last.join(stored.select("id", *left_out), on="id", how="left", maintain_order="left")
    others = stored.join(last, on="id", how="anti", maintain_order="left")
    return pl.concat([others, whole.select(stored.columns)])
