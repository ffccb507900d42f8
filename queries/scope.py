"""Whom everything that is asked is about: everybody, a unit with all below, a cohort, or whom a
mentor guides.

It is written in one word, `unit:U08`, `cohort:2019` or `mentor:M05`; none is everybody.
"""

from __future__ import annotations

from datetime import date

from graph.cache import per_version
from graph.errors import N_, NotFound
from graph.store import Row, Store
from queries.dated import Dated, begun, dated
from queries.held import staff
from queries.personnel import personnel
from queries.personnel.on_file import not_yet
from queries.personnel.pairs import cut
from queries.query import Parameter
from queries.scope_text import Scope as Scope
from queries.scope_text import read_scope as read_scope

IN = Parameter(
    "in",
    "范围：unit:单位编号（含下级）、cohort:年份 或 mentor:人员编号",
    "the scope: unit:ID with all below, cohort:YEAR or mentor:ID",
)

_UNIT = "MATCH (u:Unit {id: $id}) RETURN u.name AS name ORDER BY name LIMIT 1"
_PERSON = "MATCH (p:Person {id: $id}) RETURN p.name AS name ORDER BY name LIMIT 1"
_COHORT = "MATCH (p:Person) WHERE p.cohort = $year RETURN p.id AS id ORDER BY id"
_GUIDED = f"""
MATCH (m:Person {{id: $id}})-[e:MENTORS]->(t:Person)
WHERE {begun("e")}
RETURN m.id AS mentor, t.id AS trainee, e.since AS since, e.until AS until
ORDER BY trainee, since
"""
_NAMED = "MATCH (p:Mentor) WHERE p.name = $name RETURN p.id AS id ORDER BY id LIMIT 2"
_TRAINEES = "MATCH (p:Trainee) RETURN p.id AS id"
_HOW_MANY = "MATCH (p:Trainee) RETURN count(p) AS people"


def scope_name(store: Store, scope: Scope) -> str:
    """Return what a scope is called: the unit, the year, the mentor.

    NotFound for a unit or a person that is not stored.
    """
    if scope.kind == "cohort":
        return scope.key
    rows = store.read(_UNIT if scope.kind == "unit" else _PERSON, id=scope.key)
    if rows:
        return str(rows[0]["name"] or scope.key)
    if scope.kind == "unit":
        raise NotFound(
            N_("The scope names the unit %(id)s, which is not stored."),
            N_("Choose a unit in the menu of the scope, or leave in out."),
            id=scope.key,
        )
    raise NotFound(
        N_("The scope names the {mentor} %(id)s, who is not stored."),
        N_("Choose somebody else in the menu of the scope, or leave in out."),
        id=scope.key,
    )


@per_version(8)
def people_of(store: Store, scope: Scope, on: date) -> frozenset[str]:
    """Return who is in a scope on a day, by id; nobody where it has nobody then.

    Of a unit are those whose main post, or else newest post, is in it or below it on the day; of a
    mentor those whom they guide on the day. NotFound as in `scope_name`.
    """
    scope_name(store, scope)
    if scope.kind == "unit":
        return personnel(store).on(on).in_unit(scope.key)
    day = dated(store, on)
    if scope.kind == "mentor":
        return _guided(store, scope.key, day)
    year = int(scope.key)
    if year > on.year:
        return frozenset()
    found = frozenset(row["id"] for row in store.read(_COHORT, year=year))
    return found - not_yet(store, on) if found else found


def chosen(store: Store, values: Row) -> list[str] | None:
    """Return the ids, in order, of who serves in a unit and is in a scope; None for everybody.

    `values` are those of a question: `unit`, `in` and `on`.
    """
    found: frozenset[str] | None = None
    if values["in"]:
        found = people_of(store, read_scope(values["in"]), date.fromisoformat(values["on"]))
    if values["unit"] is not None:
        serving = frozenset(row["person"] for row in staff(store, values["unit"], values["on"]))
        found = serving if found is None else found & serving
    return None if found is None else sorted(found)


def _guided(store: Store, mentor: str, day: Dated) -> frozenset[str]:
    rows = cut(store, store.read(_GUIDED, id=mentor, on=day.on), day)
    return frozenset(
        row["trainee"] for row in rows if row["until"] is None or day.on < row["until"]
    )


@per_version(4)
def mentor_called(store: Store, name: str) -> str | None:
    """Return the id of the one mentor of a name; None where none or several have it."""
    rows = store.read(_NAMED, name=name)
    return str(rows[0]["id"]) if len(rows) == 1 else None


@per_version(1)
def _trainees(store: Store) -> frozenset[str]:
    (ids,) = store.read_columns(_TRAINEES, ("id",))
    return frozenset(ids)


@per_version(1)
def _how_many(store: Store) -> int:
    return int(store.read(_HOW_MANY)[0]["people"])


@per_version(8)
def counted_in(store: Store, scope: Scope | None, on: date) -> int:
    """Count the trainees of a scope on the roll on a day, as the rules of a programme speak of
    them; everybody of it where there are no trainees.
    """
    has_trainees = _how_many(store) > 0
    if scope is not None:
        found = people_of(store, scope, on)
        if not has_trainees:
            return len(found)
        found &= _trainees(store)
    else:
        found = _trainees(store) if has_trainees else frozenset(personnel(store).columns.person_ids)
    return len((found & personnel(store).on(on).on_roll) - not_yet(store, on))
