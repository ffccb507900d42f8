"""Equal and similar names: a doubt that is asked, nobody is ever taken for somebody else.

People whose days of birth certainly differ are two. Two kinds: the same name; and names that sound
the same in the same year of birth, or differ in one sign with equal days of birth and of joining.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple

from graph.errors import N_
from graph.store import Reader
from queries.quality.finding import QualityFinding, Who

_OF = "p.id AS id, p.name AS name, p.pinyin AS pinyin, p.born_on AS born, p.joined_on AS joined"
_ALL = f"MATCH (p:Person)\nRETURN {_OF}"
_BY_ID = f"MATCH (p:Person)\nWHERE p.id IN $ids\nRETURN {_OF}"
_BY_NAME = f"MATCH (p:Person)\nWHERE p.name IN $names\nRETURN {_OF}"
_BY_PINYIN = f"MATCH (p:Person)\nWHERE p.pinyin IN $pinyins\nRETURN {_OF}"
_BY_BIRTH = f"MATCH (p:Person)\nWHERE p.born_on IN $days\nRETURN {_OF}"
NAMED = 6  # people that a sentence names
MOST = 60  # people of one sound, or of the same days, who are compared with each other


class NamedPerson(NamedTuple):
    """What a person is told apart by."""

    id: str
    name: str
    pinyin: str | None
    born: str | None
    joined: str | None


class SeenNames(NamedTuple):
    """People by what they may be taken for one another by; only groups of several."""

    by_name: Mapping[str, Sequence[NamedPerson]]
    by_sound: Mapping[tuple[str, str], Sequence[NamedPerson]]
    by_days: Mapping[tuple[str, str], Sequence[NamedPerson]]


def seen_names(people: Iterable[NamedPerson], wanted: frozenset[str] | None = None) -> SeenNames:
    """Group people; with `wanted` only groups in which one of these stands."""
    names: dict[str, list[NamedPerson]] = defaultdict(list)
    sounds: dict[tuple[str, str], list[NamedPerson]] = defaultdict(list)
    days: dict[tuple[str, str], list[NamedPerson]] = defaultdict(list)
    for each in people:
        names[each.name].append(each)
        if each.born:
            if each.pinyin:
                sounds[each.pinyin, each.born[:4]].append(each)
            if each.joined and len(each.born) == 10:
                days[each.born, each.joined].append(each)
    return SeenNames(_several(names, wanted), _several(sounds, wanted), _several(days, wanted))


def _several(groups: dict, wanted: frozenset[str] | None) -> dict:  # type: ignore[type-arg]
    return {
        key: group
        for key, group in groups.items()
        if len(group) > 1 and (wanted is None or any(each.id in wanted for each in group))
    }


def read_names(
    store: Reader, ids: Sequence[str] | None, on: date, by_birth: bool = True
) -> SeenNames:
    """Read everybody who had joined by a day, or those whom some people might be taken for.

    Without `by_birth` nobody is looked up by the day of birth, of which there is no index.
    """
    if ids is None:
        columns = store.read_columns(_ALL, NamedPerson._fields)
        return seen_names(_joined(map(NamedPerson._make, zip(*columns, strict=True)), on))
    mine = _asked(store, _BY_ID, ids=list(ids))
    found = {each.id: each for each in mine}
    for query, values in (
        (_BY_NAME, {"names": sorted({each.name for each in mine})}),
        (_BY_PINYIN, {"pinyins": sorted({each.pinyin for each in mine if each.pinyin})}),
        (_BY_BIRTH, {"days": sorted({b for e in mine if (b := e.born) and len(b) == 10})}),
    ):
        if any(values.values()) and (by_birth or "days" not in values):
            found.update((each.id, each) for each in _asked(store, query, **values))
    return seen_names(_joined(found.values(), on), frozenset(ids))


def _joined(people: Iterable[NamedPerson], on: date) -> Iterator[NamedPerson]:
    day = on.isoformat()  # a year or a month compares as its first day
    return (each for each in people if not each.joined or each.joined <= day)


def _asked(store: Reader, query: str, **values: list[str]) -> list[NamedPerson]:
    columns = store.read_columns(query, NamedPerson._fields, **values)
    return [NamedPerson._make(row) for row in zip(*columns, strict=True)]


def namesake(seen: SeenNames) -> Iterator[QualityFinding]:
    """Find people of one name whom the day of birth does not tell apart."""
    for name, group in seen.by_name.items():
        for alike in _not_told_apart(group):
            people = tuple(sorted(each.id for each in alike))
            yield QualityFinding(
                "namesake",
                "~".join(people) if len(people) <= NAMED else f"{name}@{people[0]}",
                people,
                "people",
                people[0],
                N_(
                    "%(n)s people are called %(name)s; no day of birth tells them apart: %(people)s"
                ),
                {"n": len(people), "name": name, "people": people[:NAMED]},
                (name, *sorted((each.id, each.born or "") for each in alike)),
            )


def _not_told_apart(group: Sequence[NamedPerson]) -> Iterator[list[NamedPerson]]:
    """Yield those of a group who may be one person: by days of birth that may be the same."""
    if not all(each.born for each in group):
        yield list(group)
        return
    alike: list[NamedPerson] = []
    for each in sorted(group, key=lambda each: (each.born or "", each.id)):
        # A shorter date comes before those that begin with it.
        if alike and not (each.born or "").startswith(alike[0].born or ""):
            if len(alike) > 1:
                yield alike
            alike = []
        alike.append(each)
    if len(alike) > 1:
        yield alike


def look_alike(seen: SeenNames) -> Iterator[QualityFinding]:
    """Find people of similar names whom what is known does not tell apart."""
    told: set[tuple[str, str]] = set()
    for (sound, year), group in seen.by_sound.items():
        for one, other in _pairs(group) if len(group) <= MOST else ():
            if one.name != other.name and _may_be_born_alike(one, other):
                told.add((one.id, other.id))
                yield _alike(
                    one,
                    other,
                    N_("%(one)s and %(other)s sound the same (%(how)s) and are born in %(day)s."),
                    how=sound,
                    day=year,
                )
    for (born, joined), group in seen.by_days.items():
        for one, other in _pairs(group) if len(group) <= MOST else ():
            if (one.id, other.id) not in told and _one_sign_apart(one.name, other.name):
                yield _alike(
                    one,
                    other,
                    N_("%(one)s and %(other)s differ in one sign, are born on %(born)s and joined "
                       "on %(joined)s."),
                    born=born,
                    joined=joined,
                )  # fmt: skip


def _pairs(group: Sequence[NamedPerson]) -> Iterator[tuple[NamedPerson, NamedPerson]]:
    return combinations(sorted(group), 2)


def _may_be_born_alike(one: NamedPerson, other: NamedPerson) -> bool:
    first, second = one.born or "", other.born or ""
    return first.startswith(second) or second.startswith(first)


def _one_sign_apart(one: str, other: str) -> bool:
    """Return whether one sign of two names differs.

    >>> _one_sign_apart("张玮", "张伟"), _one_sign_apart("王伟", "张玮")
    (True, False)
    """
    if len(one) != len(other):
        return False
    return sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _alike(one: NamedPerson, other: NamedPerson, template: str, **values: object) -> QualityFinding:
    return QualityFinding(
        "look_alike",
        f"{one.id}~{other.id}",
        (one.id, other.id),
        "people",
        one.id,
        template,
        {"one": Who(one.id), "other": Who(other.id), **values},
        (one.name, other.name, one.born, other.born, one.joined, other.joined),
    )
