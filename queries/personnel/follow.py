"""What is kept of each store: everybody's model, which follows what is written.

After a write only the people whom it touched are read, and only their parts are made and judged
anew; a changed post or unit exchanges the list of places. Where the store cannot tell what was
touched (`Store.touched_since`), everything is read anew.
"""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary, ref

import numpy as np

from graph.errors import AppError
from graph.programme import Programme
from graph.schema import PROGRAMME
from graph.store import Store
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
class KeptPersonnel:
    """Everybody's columns at a version of the data, or later, and the models made of them."""

    version: str
    left: frozenset[str]  # the statuses that mean: left
    parts: tuple[Postings, ...]
    models: tuple[JoinedPersonnel, ...] = ()


class _Following:
    """What is kept of one store. One thread at a time follows; who comes meanwhile shares the next.

    A turn that began before somebody asked may have missed what was written before that; so all
    who come during it wait for one turn more, and one of them takes it for all.
    """

    def __init__(self) -> None:
        self.turn = threading.Lock()  # what is kept changes under it
        self.reading = threading.Lock()  # one thread at a time reads everything
        self.kept_by_left: dict[frozenset[str], KeptPersonnel] = {}
        self._terms: tuple[str, Terms] | None = None  # of the stored programme, at a version
        self._next: dict[int, Future[JoinedPersonnel | None]] = {}  # by programme (identity)
        self._lock = threading.Lock()  # of `_next`

    def model(self, store: Store, programme: Programme | None) -> JoinedPersonnel | None:
        """Return the model of what is kept, as of now; None when all must be read anew."""
        with self._lock:
            coming = self._next.get(id(programme))
            is_first = coming is None
            if coming is None:
                coming = self._next[id(programme)] = Future()
        if is_first:
            self._take_turn(store, programme, coming)
        return coming.result()

    def _take_turn(
        self, store: Store, programme: Programme | None, mine: Future[JoinedPersonnel | None]
    ) -> None:
        try:
            with self.turn:
                self._begin(programme, mine)
                terms = None if programme is None else terms_of(programme)
                mine.set_result(self._follow(store, terms))
        except BaseException as error:
            self._begin(programme, mine)
            mine.set_exception(error)

    def _begin(self, programme: Programme | None, turn: Future[JoinedPersonnel | None]) -> None:
        """Let who comes from now on share the turn after this one."""
        with self._lock:
            if self._next.get(id(programme)) is turn:
                del self._next[id(programme)]

    def read(self, store: Store, programme: Programme | None) -> JoinedPersonnel:
        """Read everything, once for all who wait for it."""
        with self.reading:
            model = self.model(store, programme)
            if model is not None:  # another thread has just read it
                return model
            version = store.version()
            terms = terms_of(programme or stored_programme(store))
            parts = tuple(reading.read_parts(store, terms.left))
            with self.turn:
                if programme is None:
                    self._terms = version, terms
                return self._keep(store, KeptPersonnel(version, terms.left, parts), terms)

    def _follow(self, store: Store, terms: Terms | None) -> JoinedPersonnel | None:
        """Return the model of some terms, or of the stored ones, as of now."""
        stored = self._terms
        left = terms.left if terms else stored[1].left if stored else None
        kept = self.kept_by_left.get(left) if left is not None else None
        if kept is None:
            return None
        touched = store.touched_since(kept.version)
        if terms is None:
            terms = self._stored_terms(store, kept, touched)
            if terms.left != kept.left:
                return self._follow(store, None)
        if touched is None or touched.marks or kept.version != touched.version:
            del self.kept_by_left[kept.left]
            followed = _followed(store, kept, touched) if touched else None
            if followed is None:
                return None
            kept = followed
        return self._keep(store, kept, terms)

    def _stored_terms(self, store: Store, kept: KeptPersonnel, touched: Touched | None) -> Terms:
        """Return the terms of the stored programme, read anew when it may have been written."""
        known = self._terms
        if known is None or known[0] != kept.version or touched is None or touched.ids(PROGRAMME):
            terms = terms_of(stored_programme(store))
        else:
            terms = known[1]
        self._terms = touched.version if touched else "", terms
        return terms

    def _keep(self, store: Store, kept: KeptPersonnel, terms: Terms) -> JoinedPersonnel:
        """Keep it with the model of some terms, and what is kept of one other at most."""
        kept, model = _modelled(store, kept, terms)
        self.kept_by_left.pop(kept.left, None)
        others = list(self.kept_by_left.items())[-1:]
        self.kept_by_left = {**dict(others), kept.left: kept}
        return model


_followed_by_store: WeakKeyDictionary[Store, _Following] = WeakKeyDictionary()
_lock = threading.Lock()


def _of_store(store: Store) -> _Following:
    with _lock:
        return _followed_by_store.setdefault(store, _Following())


def personnel(store: Store, programme: Programme | None = None) -> JoinedPersonnel:
    """Return the model of all that is stored, by the stored programme or another one."""
    mine = _of_store(store)
    model = mine.model(store, programme)
    return mine.read(store, programme) if model is None else model


def postings(store: Store) -> Postings:
    """Return everybody's postings as columns."""
    return personnel(store).columns


def of_people(store: Store, people: Sequence[str], programme: Programme | None = None) -> Personnel:
    """Return the model of some people: of their parts where everybody's stands, else theirs alone.

    It may know others beside them.
    """
    model = _of_store(store).model(store, programme)
    if model is not None:
        return model.of(people)
    terms = terms_of(programme or stored_programme(store))
    columns = reading.read_people(store, terms.left, people)
    return Personnel(columns, terms, _last_dated(store))


def prepare(store: Store) -> None:
    """Begin to read in the background, so that the first question finds the model built."""
    threading.Thread(target=_prepare, args=(store,), daemon=True).start()


def _prepare(store: Store) -> None:
    with suppress(AppError):  # whoever asks is told
        personnel(store)


def _last_dated(store: Store) -> LastDated:
    weak = ref(store)  # what is kept of a store must not keep it

    def last_dated(people: Sequence[str], day: str) -> Mapping[str, str]:
        there = weak()
        if there is None:
            return {}
        return reading.last_dated(there, people, day)

    return last_dated


def _modelled(
    store: Store, kept: KeptPersonnel, terms: Terms
) -> tuple[KeptPersonnel, JoinedPersonnel]:
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
    places, posts = _places(store, kept.parts, touched)
    if posts is not None and any((posts[part.post] < 0).any() for part in kept.parts):
        return None  # a post is gone, and somebody's posting in it is still to go
    people = _people(store, kept, touched, places, posts)
    if len(people) > MOST:
        return None
    before = kept.parts[0].places
    if places is before and not people:  # what was written is no fact of the model
        return replace(kept, version=touched.version)
    moved = list(kept.parts)
    if places is not before:
        moved = [placed(part, places, posts) for part in kept.parts]
    parts = _mended(store, kept.left, moved, people) if people else moved
    if any(len(part.person_ids) > LARGEST for part in parts):
        return None
    models = tuple(_remodelled(model, moved, parts) for model in kept.models)
    return KeptPersonnel(touched.version, kept.left, tuple(parts), models)


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
    store: Store, kept: KeptPersonnel, touched: Touched, places: PostsAndUnits, posts: Ints | None
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
