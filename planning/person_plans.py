"""What kept plans do with a person, and the person's file with them: the whole page of a person.

The file itself is made in `queries.person_file`; plans are known here only.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any

from graph.answers import FieldsOf
from graph.cache import per_version
from graph.store import Store
from planning import kept_plans
from planning.plan import moves
from queries.cards import place_of
from queries.choices import posts
from queries.person_file import PersonFile, PersonFileDict, person_file
from queries.sentences import SentenceText
from queries.stored_programme import as_of


@dataclass(frozen=True)
class PlannedMove:
    """A new posting that a plan gives to somebody."""

    post: str
    post_name: str
    kind: str | None
    since: str
    until: str


@dataclass(frozen=True)
class PersonPlan:
    """What one kept plan would change for a person."""

    id: str
    name: str
    status: str  # kept, accepted, withdrawn
    since: str
    until: str
    moves: tuple[PlannedMove, ...]


class PersonViewDict(PersonFileDict):
    """A person's file as plain values, with the plans beside it."""

    plans: list[Annotated[dict[str, Any], FieldsOf(PersonPlan)]]


@dataclass(frozen=True)
class PersonView:
    """A person's file, and the kept plans that move the person."""

    file: PersonFile
    plans: tuple[PersonPlan, ...]

    def as_dict(self, text: SentenceText = str) -> PersonViewDict:
        """Return it as plain values for JSON; `text` says the sentences."""
        return {**self.file.as_dict(text), "plans": [asdict(plan) for plan in self.plans]}


def person_view(store: Store, id: str, on: date, planned: bool = False) -> PersonView:
    """Return all that the page of a person shows on a day; NotFound when nobody has the id.

    On an earlier day than today there are no plans beside it: they begin from today on.
    """
    plans = plans_of(store, id) if planned or on >= as_of(store) else ()
    return PersonView(person_file(store, id, on, planned), plans)


def plans_of(store: Store, person: str) -> tuple[PersonPlan, ...]:
    """Return the kept plans that move a person, by id."""
    return _plans_by_person(store).get(person, ())


@per_version(1)
def _plans_by_person(store: Store) -> dict[str, tuple[PersonPlan, ...]]:
    found: dict[str, list[PersonPlan]] = defaultdict(list)
    moved = {id_: moves(plan) for id_, plan in kept_plans.shown(store).items()}
    named = posts(store, {each.post for moves_ in moved.values() for each in moves_})
    for kept in kept_plans.plans(store):
        of_person: dict[str, list[PlannedMove]] = defaultdict(list)
        for each in moved.get(kept.id, ()):
            row = named.get(each.post)
            name = place_of(row["unit"], row["name"]) if row else each.post
            of_person[each.person].append(
                PlannedMove(each.post, name, each.kind, each.since, each.until)
            )
        for person, mine in of_person.items():
            found[person].append(
                PersonPlan(kept.id, kept.name, kept.status, kept.since, kept.until, tuple(mine))
            )
    return {person: tuple(each) for person, each in found.items()}
