"""What is kept of each store: everybody's model, which follows what is written.

After a write only the people whom it touched are read, and only their parts are made and judged
anew; a changed post or unit exchanges the list of places. Where the store cannot tell what was
touched (`Store.touched_since`), everything is read anew.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from weakref import ref

import numpy as np

from graph.cache import Followed
from graph.errors import AppError
from graph.programme import Programme
from graph.schema import PROGRAMME
from graph.store import Reader, Store
from graph.touched import Touched
from queries.personnel import reading
from queries.personnel.columns import Postings
from queries.personnel.days import Ints
from queries.personnel.joined import JoinedPersonnel
from queries.personnel.model import LastDated, Personnel
from queries.personnel.parts import LARGEST, holders, mended, placed
from queries.personnel.places import PostsAndUnits
from queries.personnel.terms import Terms, terms_of
from queries.stored_programme import stored_programme

MOST = 2_000  # people; of more it is quicker to read everything anew
_MODELS = 3  # of so many programmes, the latest asked for

# Edges at whose ends stands a person whom they are about.
_OWN = ("ROTATED_TO", "HAS_SERVICE", "HAS_GRADE")
# Edges at whose ends stands a person of whom they are a dated fact.
_DATED = ("HAS_RECORD", "TOOK_PART_IN", "MENTORS")
_OF_OWN = (
    (
        "Service",
        "MATCH (p:Person)-[:HAS_SERVICE]->(n:Service) WHERE n.id IN $ids RETURN p.id AS id",
    ),
    ("Grade", "MATCH (p:Person)-[:HAS_GRADE]->(n:Grade) WHERE n.id IN $ids RETURN p.id AS id"),
)
_OF_FACTS = (
    ("Record", "MATCH (p:Person)-[:HAS_RECORD]->(n:Record) WHERE n.id IN $ids RETURN p.id AS id"),
    (
        "Activity",
        "MATCH (p:Person)-[:TOOK_PART_IN]->(n:Activity) WHERE n.id IN $ids RETURN p.id AS id",
    ),
)


@dataclass(frozen=True)
class KeptColumns:
    """Everybody's columns by one set of statuses that mean: left; and the models made of them."""

    left: frozenset[str]
    parts: tuple[Postings, ...]
    models: tuple[JoinedPersonnel, ...] = ()


class KeptPersonnel:
    """What is kept of a store: the terms of its programme, and columns by one or two programmes."""

    def __init__(self, stored: Terms | None, columns: Sequence[KeptColumns]) -> None:
        self.stored = stored  # None: nobody has asked by the stored programme yet
        self.columns = tuple(columns[:2])
        self._lock = threading.Lock()  # of the models, which come as they are asked for

    def suits(self, programme: Programme | None) -> bool:
        """Return whether the model of a programme, or of the stored one, can be made of it."""
        terms = self._terms(programme)
        return terms is not None and any(each.left == terms.left for each in self.columns)

    def model(self, store: Store, programme: Programme | None) -> JoinedPersonnel:
        """Return the model of a programme that it suits."""
        terms = self._terms(programme)
        assert terms is not None
        with self._lock:
            kept = next(each for each in self.columns if each.left == terms.left)
            kept, model = _modelled(store, kept, terms)
            others = [each for each in self.columns if each.left != terms.left]
            self.columns = (kept, *others)
        return model

    def _terms(self, programme: Programme | None) -> Terms | None:
        return self.stored if programme is None else terms_of(programme)


def personnel(store: Store, programme: Programme | None = None) -> JoinedPersonnel:
    """Return the model of all that is stored, by the stored programme or another one."""
    kept = _kept.made(
        store,
        lambda before: _read(store, programme, before),
        lambda kept: kept.suits(programme),
    )
    return kept.model(store, programme)


def known_personnel(store: Store) -> JoinedPersonnel | None:
    """Return the model by the stored programme where it is kept; None while nobody has read it."""
    kept, programme = _kept.now(store), stored_programme(store)
    return kept.model(store, programme) if kept is not None and kept.suits(programme) else None


def postings(store: Store) -> Postings:
    """Return everybody's postings as columns."""
    return personnel(store).columns


def of_people(
    store: Reader, people: Sequence[str], programme: Programme | None = None
) -> Personnel:
    """Return the model of some people: of their parts where everybody's stands, else theirs alone.

    It may know others beside them. In a transaction it is read anew, with what that has written.
    """
    kept = _kept.now(store) if isinstance(store, Store) else None
    if isinstance(store, Store) and kept is not None and kept.suits(programme):
        return kept.model(store, programme).of(people)
    terms = terms_of(programme or stored_programme(store))
    columns = reading.read_people(store, terms.left, people)
    return Personnel(columns, terms, _last_dated(store))


def _read(store: Store, programme: Programme | None, before: KeptPersonnel | None) -> KeptPersonnel:
    """Read everything by a programme, beside what is kept by another one."""
    terms = terms_of(programme or stored_programme(store))
    stored = terms if programme is None else before.stored if before else None
    others = [each for each in before.columns if each.left != terms.left] if before else []
    same = [each for each in before.columns if each.left == terms.left] if before else []
    mine = same or [KeptColumns(terms.left, tuple(reading.read_parts(store, terms.left)))]
    return KeptPersonnel(stored, [*mine, *others])


def prepare(store: Store) -> None:
    """Begin to read in the background, so that the first question finds the model built."""
    threading.Thread(target=_prepare, args=(store,), daemon=True).start()


def _prepare(store: Store) -> None:
    with suppress(AppError):  # whoever asks is told
        personnel(store)


def _last_dated(store: Reader) -> LastDated:
    weak = ref(store)  # what is kept of a store must not keep it

    def last_dated(people: Sequence[str], day: str) -> Mapping[str, str]:
        there = weak()
        if there is None:
            return {}
        return reading.last_dated(there, people, day)

    return last_dated


def _modelled(store: Store, kept: KeptColumns, terms: Terms) -> tuple[KeptColumns, JoinedPersonnel]:
    """Return the model of a programme's terms, kept as the latest."""
    model = next((each for each in kept.models if each.terms == terms), None)
    if model is None:
        last_dated = _last_dated(store)
        parts = [Personnel(part, terms, last_dated) for part in kept.parts]
        model = JoinedPersonnel(parts, terms, last_dated)
    others = [each for each in kept.models if each is not model]
    return replace(kept, models=(model, *others[: _MODELS - 1])), model


# --- following


def _followed(store: Store, kept: KeptPersonnel, touched: Touched) -> KeptPersonnel | None:
    """Return what is kept as of a later version; None when everything must be read anew."""
    stored = kept.stored
    if stored is not None and touched.ids(PROGRAMME):
        stored = terms_of(stored_programme(store))
    columns = [_followed_columns(store, each, touched) for each in kept.columns]
    return KeptPersonnel(stored, [each for each in columns if each]) if any(columns) else None


def _followed_columns(store: Store, kept: KeptColumns, touched: Touched) -> KeptColumns | None:
    places, posts = _places(store, kept.parts, touched)
    if posts is not None and any((posts[part.post] < 0).any() for part in kept.parts):
        return None  # a post is gone, and somebody's posting in it is still to go
    people = _people(store, kept, touched, places, posts)
    if len(people) > MOST:
        return None
    before = kept.parts[0].places
    if places is before and not people:  # what was written is no fact of the model
        return kept
    moved = list(kept.parts)
    if places is not before:
        moved = [placed(part, places, posts) for part in kept.parts]
    parts = _mended(store, kept.left, moved, people) if people else moved
    if any(len(part.person_ids) > LARGEST for part in parts):
        return None
    models = tuple(_remodelled(model, moved, parts) for model in kept.models)
    return KeptColumns(kept.left, tuple(parts), models)


def _remodelled(
    model: JoinedPersonnel, moved: Sequence[Postings], parts: Sequence[Postings]
) -> JoinedPersonnel:
    """Return a model of parts, what was judged of those that are as before taken over."""
    old = {id(columns): each for columns, each in zip(moved, model.parts, strict=True)}
    made = []
    for part in parts:
        same = old.get(id(part))
        if same is None:
            same = Personnel(part, model.terms, model.last_dated)
        elif same.columns is not part:
            same = _beside(same, part)
        made.append(same)
    return JoinedPersonnel(made, model.terms, model.last_dated)


def _beside(model: Personnel, columns: Postings) -> Personnel:
    """Return the model of the same postings beside other places: nothing is judged by these."""
    other = copy(model)
    other.columns, other._days = columns, {}
    return other


def _people(
    store: Store, kept: KeptColumns, touched: Touched, places: PostsAndUnits, posts: Ints | None
) -> set[str]:
    """Return the people whose facts may have changed."""
    people = {*touched.ids("Person")}
    for kind in _OWN:
        people.update(touched.ids(kind, end="Person"))
    edges = touched.ids("ROTATED_TO")
    if edges:  # the former person of a posting that moved or went is told by nobody else
        people.update(owner for part in kept.parts for owner in part.owners(edges))
    people.update(_whose(store, touched, _OF_OWN))
    facts = {id_ for kind in _DATED for id_ in touched.ids(kind, end="Person")}
    facts.update(_whose(store, touched, _OF_FACTS))
    for part in (
        kept.parts if facts else ()
    ):  # they count for those whose day of leaving nobody knows
        people.update(facts.intersection(each.id for each in part.known.values()))
    before = kept.parts[0].places
    if places is not before:
        people.update(_of_changed_ranks(kept.parts, places, posts))
    return people


def _whose(store: Store, touched: Touched, questions: Iterable[tuple[str, str]]) -> Iterable[str]:
    """Yield the people whom touched nodes of some labels are about."""
    for label, query in questions:
        if ids := touched.ids(label):
            yield from (row["id"] for row in store.read(query, ids=list(ids)))


def _of_changed_ranks(
    parts: Sequence[Postings], places: PostsAndUnits, posts: Ints | None
) -> Iterable[str]:
    """Return who has a posting in a post whose rank is another one now."""
    before = parts[0].places
    now = range(len(before.post_ids)) if posts is None else posts.tolist()
    pairs = zip(before.post_ranks, now, strict=True)
    changed = np.array([places.post_ranks[at] != rank if at >= 0 else True for rank, at in pairs])
    return [id_ for part in parts for id_ in holders(part, changed)] if changed.any() else ()


def _mended(
    store: Store, left: frozenset[str], parts: list[Postings], people: set[str]
) -> list[Postings]:
    """Return the parts with the facts of some people read anew; none is left empty but the last."""
    parts = list(parts)
    fresh = reading.read_people(store, left, sorted(people), parts[0].places)
    first_ids = [(part.person_ids or [""])[0] for part in parts]
    those: dict[int, set[str]] = {}
    for id_ in people:
        those.setdefault(max(bisect_right(first_ids, id_) - 1, 0), set()).add(id_)
    for at, ids in those.items():
        parts[at] = mended(parts[at], fresh, ids)
    return [part for part in parts if part.person_ids] or parts[:1]


# --- places


def _places(
    store: Store, parts: Sequence[Postings], touched: Touched
) -> tuple[PostsAndUnits, Ints | None]:
    """Return posts and units as they are now; where posts stand elsewhere, their new positions."""
    before = parts[0].places
    posts = {*touched.ids("Post"), *touched.ids("IN", end="Post")}
    units = {*touched.ids("Unit"), *touched.ids("PART_OF", end="Unit")}
    if not posts and not units:
        return before, None
    changed = before
    if units:
        changed = changed.with_units(units, reading.read_units(store, sorted(units)))
    if posts:
        changed = changed.with_posts(posts, reading.read_posts(store, sorted(posts)))
    if changed.post_ids == before.post_ids:
        return changed, None
    return changed, np.array([changed.post_at.get(id_, -1) for id_ in before.post_ids], np.int64)


_kept = Followed(_followed)
