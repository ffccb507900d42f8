"""From a need of the two lists to the courses that answer it, and to who attended.

List one (紧缺能力) are the abilities that posts ask for and their holders lack; list two (专业需求)
what people have said that they need, by a record of their own. A course answers a need when its
title has a word of the ability, or of the need itself where that is no ability of the programme.
Who asked for it is answered by a course from that day on only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from graph.programme import Ability
from graph.store import Store
from graph.terms import key_of
from queries.programme.facts import Facts
from queries.programme.learning import CourseList, course_list
from queries.programme.training import demands, gives, is_on_offer

SAID_NEEDS = """
MATCH (p:Person)-[:HAS_RECORD]->(r:Record)
WHERE p.id IN $people AND r.kind = $kind AND r.on <= $day AND r.withdrawn_on IS NULL
  AND r.topic IS NOT NULL
RETURN p.id AS person, r.topic AS topic, r.on AS day
ORDER BY day, person, topic
"""


@dataclass(frozen=True)
class TrainingNeed:
    """One need: whose it is by either list, which courses answer it, whose it still is."""

    subject: str  # the key of an ability, or the need in its own words
    ability: str | None
    posts: int  # that ask for it
    in_post: tuple[str, ...]  # who holds one of them and does not bring it by a specialty
    asked: tuple[str, ...]  # who has said so
    courses: tuple[CourseList, ...]  # of two years, and the planned ones where those are asked for
    met: tuple[str, ...]
    waiting: tuple[str, ...]


def training_needs(
    store: Store, facts: Facts, planned: Iterable[CourseList] = ()
) -> list[TrainingNeed]:
    """Return every need, those without a course first, then those of most people."""
    said = _said(store, facts)
    coming = list(planned)
    found = []
    for demand in demands(facts):
        ability = next(a for a in facts.programme.abilities if a.key == demand.ability)
        brought = set(ability.specialties)
        learnt = {p for p in demand.having if not set(facts.people[p].specialties) & brought}
        in_post = tuple(sorted(learnt | set(demand.lacking)))
        asked = said.pop(demand.ability, {})
        if in_post or asked:
            found.append(_need(facts, ability, len(demand.posts), in_post, asked, coming))
    for subject, asked in said.items():
        own = Ability(key=subject, zh=subject, en=subject, specialties=(), courses=(subject,))
        found.append(_need(facts, own, 0, (), asked, coming))
    return sorted(found, key=lambda n: (bool(n.courses), -len(n.waiting), n.subject))


def _need(
    facts: Facts,
    ability: Ability,
    posts: int,
    in_post: tuple[str, ...],
    asked: dict[str, str],
    coming: list[CourseList],
) -> TrainingNeed:
    since = dict.fromkeys(in_post, "") | asked
    met = {
        person
        for person, day in since.items()
        if any(
            (activity.held_on or "") >= day and gives(activity.name, ability)
            for activity in facts.attended.get(person, ())
        )
    }
    is_listed = any(each.key == ability.key for each in facts.programme.abilities)
    return TrainingNeed(
        ability.key,
        ability.key if is_listed else None,
        posts,
        in_post,
        tuple(sorted(asked)),
        (*_held(facts, ability), *(each for each in coming if gives(each.name, ability))),
        tuple(sorted(met)),
        tuple(sorted(set(since) - met)),
    )


def _held(facts: Facts, ability: Ability) -> list[CourseList]:
    came = facts.once(_came)
    return [
        course_list(activity, False, came.get(activity.id, []))
        for activity in facts.activities.values()
        if is_on_offer(facts, activity) and gives(activity.name, ability)
    ]


def _came(facts: Facts) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for person in facts.trainees:
        for activity in facts.attended.get(person, ()):
            found[activity.id].append(person)
    return found


def _said(store: Store, facts: Facts) -> dict[str, dict[str, str]]:
    """Return by subject who has said that they need it, and on which day last."""
    rules = facts.programme.training_needs
    if rules is None:
        return {}
    named = [person for person in facts.trainees if facts.entries_of(person, rules.record)]
    given = {"people": named, "kind": rules.record, "day": facts.day}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in store.read(SAID_NEEDS, **given) if named else ():
        found[_subject(facts, row["topic"])][row["person"]] = row["day"]
    return found


def _subject(facts: Facts, topic: str) -> str:
    abilities = facts.programme.abilities
    by_course = (each.key for each in abilities if topic in each.courses)
    return key_of(abilities, topic) or next(by_course, topic)
