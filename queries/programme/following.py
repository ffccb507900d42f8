"""The facts of a day follow what is written: whom a write touched is read and judged anew.

Read anew are the people whom the store names (`Store.touched_since`) and those whom they guide,
whose pairs end with their service and are judged by their posts. What was judged of anybody else
(`Facts.of_each`) stays. Where a post, unit or kind is another one now, or very many were touched,
everything is read anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from typing import TypeVar

from graph.schema import CHANGE, LOAD, PROGRAMME
from graph.store import Store
from graph.touched import Touched
from queries.personnel import personnel
from queries.personnel.follow import MOST
from queries.personnel.on_file import not_yet_among
from queries.programme.facts import Facts, Kin, Pairing
from queries.programme.had import oldest_first
from queries.programme.reading import Tables, read_activities, read_facts, read_places

T = TypeVar("T")

_TIES = (
    *("ROTATED_TO", "HAS_SERVICE", "HAS_GRADE", "HAS_RECORD", "TOOK_PART_IN", "MENTORS"),
    *("WISHES_FOR", "KIN_OF"),
)
_NODES = (("Service", "HAS_SERVICE"), ("Grade", "HAS_GRADE"), ("Record", "HAS_RECORD"))
_PLACES = ("Post", "Unit", "IN", "PART_OF")
_ABOUT = f"MATCH (c:{CHANGE}) WHERE c.id IN $ids RETURN c.about AS about"
_OWNERS = "MATCH (p:Person)-[:{edge}]->(n:{label}) WHERE n.id IN $ids RETURN p.id AS id"


def followed(store: Store, facts: Facts, touched: Touched) -> Facts | None:
    """Return the facts as of a later version; None where everything must be read anew."""
    # Of what a load moved from one person to another only the new one is told.
    if touched.ids(PROGRAMME) or touched.ids(LOAD):
        return None
    tables = _tables(store, facts, touched)
    if tables is None:
        return None
    people = _touched_people(store, facts, touched)
    people |= _who_attended(facts, _others(facts.activities, tables.activities))
    people |= {each.trainee for person in people for each in facts.mentees.get(person, ())}
    if len(people) > MOST:
        return None
    if not people:
        return replace(facts, **tables._asdict(), _made={}, _made_of_all={})
    fresh = read_facts(store, facts.programme, facts.on, people, tables)
    return _mended(store, facts, fresh, tables, people)


def _tables(store: Store, facts: Facts, touched: Touched) -> Tables | None:
    """Return the units, posts and activities as they are now; None where one has changed."""
    units, posts, activities = facts.units, facts.posts, facts.activities
    if any(touched.ids(label) for label in _PLACES):
        units, posts = read_places(store)
        if _others(facts.units, units) or _others(facts.posts, posts):
            return None
    if touched.ids("Activity"):
        activities = read_activities(store, facts.on)
    return Tables(units, posts, activities)


def _others(before: Mapping[str, T], now: Mapping[str, T]) -> set[str]:
    """Return what was there and is another one now, or gone."""
    if before is now:
        return set()
    return {id_ for id_, each in before.items() if now.get(id_) != each}


def _touched_people(store: Store, facts: Facts, touched: Touched) -> set[str]:
    people = {*touched.ids("Person")}
    for tie in _TIES:
        people |= touched.ids(tie, end="Person")
    for label, edge in _NODES:
        if ids := touched.ids(label):
            query = _OWNERS.format(label=label, edge=edge)
            people.update(row["id"] for row in store.read(query, ids=sorted(ids)))
    if changes := touched.ids(CHANGE):  # the former owner of a row that moved is told by these
        at = facts.states.model.columns.person_at
        rows = store.read(_ABOUT, ids=sorted(changes))
        people.update(id_ for row in rows for id_ in row["about"] or () if id_ in at)
    return people


def _who_attended(facts: Facts, activities: Set[str]) -> set[str]:
    if not activities:
        return set()
    return {
        person
        for person, mine in facts.attended.items()
        if any(each.id in activities for each in mine)
    }


def _mended(store: Store, facts: Facts, fresh: Facts, tables: Tables, people: set[str]) -> Facts:
    """Exchange what is known of some people."""
    states = personnel(store, facts.programme).on(facts.on)
    hidden = not_yet_among(store, people, facts.day)
    shown = people - hidden
    known = _exchanged(facts.people, fresh.people, people, shown)
    if len(known) != len(facts.people) or shown - facts.people.keys():
        known = dict(sorted(known.items()))
    roll = states.on_roll

    def exchanged(name: str) -> dict[str, T]:
        return _exchanged(getattr(facts, name), getattr(fresh, name), people, people)

    return replace(
        facts,
        **tables._asdict(),
        states=states,
        people=known,
        trainees=tuple(id_ for id_, each in known.items() if each.is_trainee and id_ in roll),
        postings=exchanged("postings"),
        planned=exchanged("planned"),
        pairings=exchanged("pairings"),
        mentees=_mentees(facts, fresh, people),
        attended=exchanged("attended"),
        entries=exchanged("entries"),
        kin=_kin(facts, fresh, people, hidden),
        wishes=_exchanged(facts.wishes, fresh.wishes, people, shown),
        problems=exchanged("problems"),
        reserve=exchanged("reserve"),
        _made={},
        _made_of_all={},
        _of_each=facts.judged_but(people),
    )


def _exchanged(
    before: Mapping[str, T], fresh: Mapping[str, T], people: Iterable[str], shown: Set[str]
) -> dict[str, T]:
    """Return what is known with that of some people exchanged, of those who are shown."""
    found = dict(before)
    for person in people:
        if person in shown and person in fresh:
            found[person] = fresh[person]
        else:
            found.pop(person, None)
    return found


def _mentees(facts: Facts, fresh: Facts, people: Set[str]) -> dict[str, tuple[Pairing, ...]]:
    """Return the pairs of mentors, those of the trainees among some people exchanged."""
    now: dict[str, list[Pairing]] = defaultdict(list)
    for person in people:
        for each in fresh.pairings.get(person, ()):
            now[each.mentor].append(each)
    before = {each.mentor for person in people for each in facts.pairings.get(person, ())}
    found = dict(facts.mentees)
    for mentor in before | now.keys():
        kept = [each for each in found.get(mentor, ()) if each.trainee not in people]
        mine = oldest_first([*kept, *now.get(mentor, ())])
        if mine:
            found[mentor] = mine
        else:
            found.pop(mentor, None)
    return found


def _kin(
    facts: Facts, fresh: Facts, people: Set[str], hidden: Set[str]
) -> dict[str, tuple[Kin, ...]]:
    """Return the relatives of everybody, the ties of some people exchanged."""
    before = {each.relative for person in people for each in facts.kin.get(person, ())}
    found = dict(facts.kin)
    for person in {*people, *before, *fresh.kin}:
        kept = (each for each in facts.kin.get(person, ()) if each.relative not in people)
        mine = {*(() if person in people else kept)}
        mine |= {
            each
            for each in fresh.kin.get(person, ())
            if person in people or each.relative in people
        }
        mine = {each for each in mine if each.relative not in hidden}
        if mine and person not in hidden:
            found[person] = tuple(sorted(mine, key=str))
        else:
            found.pop(person, None)
    return found
