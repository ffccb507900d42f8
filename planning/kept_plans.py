"""Plans kept in the graph: named, listed, accepted as planned rotations, withdrawn again.

`(:Plan {id, name, status, ...})` holds a plan as the JSON of `flask plan`, with its rules and the
version of the data. Accepting writes its new postings as `(:Person)-[:ROTATED_TO]->(:Post)` of
status `planned`; withdrawing removes exactly those, by their ids.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from graph.errors import N_, Conflict, InputError, NotFound
from graph.programme import Programme
from graph.schema import PLAN
from graph.store import Reader, Row, Store, Transaction
from graph.touched import edges, nodes
from graph.upsert import edge_type, upsert_edges
from planning.check import check
from planning.plan import Plan, moves, plan_from
from queries.quality.confirming import Confirming, Doubtful, OnlyJudged
from queries.sentences import Sentence

KEPT, ACCEPTED, WITHDRAWN = "kept", "accepted", "withdrawn"
LONGEST_NAME = 100
_SAY_WHY = N_("Say with your name and a reason why it is accepted all the same, or plan again.")

ALL = f"""
MATCH (p:{PLAN})
RETURN p.id AS id, p.name AS name, p.status AS status, p.made_on AS made_on, p.since AS since,
       p.until AS until, p.cost AS cost, p.bound AS bound, p.moves AS moves,
       p.data_version AS data_version
ORDER BY id
"""
DOCUMENTS = f"""
MATCH (p:{PLAN})
RETURN p.id AS id, p.document AS document
ORDER BY id
"""
ONE = f"""
MATCH (p:{PLAN} {{id: $id}})
RETURN p.document AS document, p.status AS status, p.name AS name
"""
KEEP = f"""
MERGE (p:{PLAN} {{id: $id}})
SET p += $props
"""
SET_STATUS = f"""
MATCH (p:{PLAN} {{id: $id}})
SET p.status = $status
"""
REMOVE = """
MATCH (:Person)-[r:ROTATED_TO]->(:Post)
WHERE r.id IN $ids
DELETE r
"""
RANKS = """
MATCH (q:Post)
WHERE q.id IN $ids
RETURN q.id AS id, q.rank AS rank
ORDER BY id
"""


@dataclass(frozen=True)
class Kept:
    """A kept plan as the list shows it."""

    id: str
    name: str
    status: str
    made_on: str
    since: str
    until: str
    cost: int | None
    bound: float | None
    moves: int
    data_version: str


def plans(store: Reader) -> list[Kept]:
    """List the kept plans by id."""
    return [Kept(**row) for row in store.read(ALL)]


def shown(store: Reader) -> dict[str, Plan]:
    """Return every kept plan by id."""
    rows = store.read(DOCUMENTS)
    return {row["id"]: plan_from(json.loads(row["document"])) for row in rows}


def show(store: Store, id_: str) -> Plan:
    """Return a kept plan; raise NotFound."""
    return plan_from(json.loads(_one(store, id_)["document"]))


def checked_name(name: str) -> str:
    """Return the name of a plan without blanks around it; InputError where it is none."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise InputError(N_("A plan's name has 1 to %(most)s characters."), most=LONGEST_NAME)
    return name


def keep(store: Store, plan: Plan, name: str) -> str:
    """Keep a plan under a name and give its id; the same plan and name are kept once."""
    name = checked_name(name)
    if not plan.assignments:
        raise InputError(
            N_("There is no plan to keep."), N_("Plan again, or relax what stands against it.")
        )
    document = json.dumps(plan.as_dict(), ensure_ascii=False, sort_keys=True)
    props = {
        "name": name,
        "status": KEPT,
        "made_on": datetime.now(UTC).date().isoformat(),
        "since": plan.horizon.since.isoformat(),
        "until": plan.horizon.until.isoformat(),
        "cost": plan.cost,
        "bound": plan.bound,
        "moves": len(moves(plan)),
        "data_version": plan.data_version,
        "document": document,
    }
    with store.transaction() as transaction:
        known = transaction.read(ALL)
        for row in known:
            if row["name"] == name and _one(transaction, row["id"])["document"] == document:
                return str(row["id"])
        numbers = [int(m[1]) for row in known if (m := re.fullmatch(r"plan-(\d+)", row["id"]))]
        id_ = f"plan-{max(numbers, default=0) + 1}"
        transaction.run(KEEP, nodes(PLAN, [id_]), id=id_, props=props)
        return id_


class AcceptedPlan(NamedTuple):
    """How many planned rotations were written, and what was doubted of them and confirmed."""

    written: int
    doubts: tuple[Sentence, ...] = ()


def accept(
    store: Store, programme: Programme, id_: str, *, by: str = "", reason: str = ""
) -> AcceptedPlan:
    """Write a plan's new postings as planned rotations.

    It is checked against the data of now first, all or nothing is written, and one plan at a time
    is accepted for any part of the time. What the rules of appointment doubt of it is confirmed
    with a name and a reason, and listed with them; without a reason the plan is Doubtful.
    """
    with store.transaction() as transaction:
        row = _one(transaction, id_)
        plan = plan_from(json.loads(row["document"]))
        if row["status"] == ACCEPTED:
            return AcceptedPlan(len(moves(plan)))
        _confirm_free(transaction, plan)
        report = check(transaction, programme, plan.settings, plan.as_dict())
        if not report.is_valid:
            raise Conflict(
                N_(
                    "The data have changed since %(id)s was made, "
                    "and it breaks a rule now (%(what)s)."
                ),
                N_("Plan again."),
                id=id_,
                what=report.first(),
            )
        confirming = _written(transaction, programme, id_, plan)
        doubts = tuple(confirming.sentences())
        if doubts and not reason.strip():
            raise Doubtful(doubts=doubts, hint=_SAY_WHY)
        if doubts and not by.strip():
            raise InputError(N_("Your name is missing."), N_("Every entry is kept with a name."))
        confirming.confirm(by, reason)
        transaction.run(SET_STATUS, nodes(PLAN, [id_]), id=id_, status=ACCEPTED)
    return AcceptedPlan(len(moves(plan)), doubts)


def doubted(store: Store, programme: Programme, id_: str) -> tuple[Sentence, ...]:
    """Return what the rules of appointment would doubt of the postings of a plan once accepted.

    They are written and judged in a transaction that is given up.
    """
    found: list[Sentence] = []
    with suppress(OnlyJudged), store.transaction() as transaction:
        row = _one(transaction, id_)
        if row["status"] != ACCEPTED:
            plan = plan_from(json.loads(row["document"]))
            found += _written(transaction, programme, id_, plan).sentences()
        raise OnlyJudged
    return tuple(found)


def _written(transaction: Transaction, programme: Programme, id_: str, plan: Plan) -> Confirming:
    """Write the postings of a plan; what is doubted of them now is told beside."""
    confirming = Confirming(transaction, {each.person for each in moves(plan)}, programme)
    upsert_edges(transaction, edge_type("ROTATED_TO"), _edges(transaction, id_, plan))
    return confirming


def withdraw(store: Store, id_: str) -> int:
    """Remove the planned rotations that accepting a plan wrote, and nothing else."""
    with store.transaction() as transaction:
        row = _one(transaction, id_)
        if row["status"] != ACCEPTED:
            raise Conflict(
                N_("%(id)s is not accepted."), N_("Somebody may have withdrawn it."), id=id_
            )
        ids = list(_ids(id_, plan_from(json.loads(row["document"]))))
        transaction.run(REMOVE, edges("ROTATED_TO", ids), ids=ids)
        transaction.run(SET_STATUS, nodes(PLAN, [id_]), id=id_, status=WITHDRAWN)
    return len(ids)


def _confirm_free(store: Reader, plan: Plan) -> None:
    """Raise Conflict when a plan is accepted for a part of the same time; periods may touch."""
    since, until = plan.horizon.since.isoformat(), plan.horizon.until.isoformat()
    for other in plans(store):
        if other.status == ACCEPTED and other.since < until and since < other.until:
            raise Conflict(
                N_("%(name)s (%(id)s) is accepted for %(since)s to %(until)s."),
                N_("Withdraw %(id)s first."),
                name=other.name,
                id=other.id,
                since=other.since,
                until=other.until,
            )


def _one(store: Reader, id_: str) -> Row:
    rows = store.read(ONE, id=id_)
    if not rows:
        known = ", ".join(each.id for each in plans(store)[:5]) or "-"
        raise NotFound(
            N_('No plan has the id "%(id)s".'), N_("Kept plans: %(known)s."), id=id_, known=known
        )
    return rows[0]


def _ids(id_: str, plan: Plan) -> dict[str, Any]:
    return {f"{id_}:{each.person}:{each.post}:{each.since}": each for each in moves(plan)}


def _edges(store: Reader, id_: str, plan: Plan) -> list[Row]:
    found = _ids(id_, plan)
    posts = sorted({each.post for each in found.values()})
    ranks = {row["id"]: row["rank"] for row in store.read(RANKS, ids=posts)}
    return [
        {
            "id": edge,
            "source": each.person,
            "target": each.post,
            "props": {
                "id": edge,
                "kind": each.kind,
                "since": each.since,
                "until": each.until,
                "status": "planned",
                "rank": ranks.get(each.post),
            },
        }
        for edge, each in sorted(found.items())
    ]
