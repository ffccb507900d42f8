"""Findings that somebody accepted, each with the reason: kept, listed, and taken back.

An acceptance holds while the finding stands on the same facts (`QualityFinding.mark`); when they
change it lapses by itself, and the finding is open again.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from graph.cache import per_version
from graph.changes import keep
from graph.errors import N_, InputError, NotFound
from graph.schema import ACCEPTANCE
from graph.store import Store, Transaction
from graph.touched import NOTHING
from graph.upsert import node_statement
from queries.quality.finding import QualityFinding

QUALITY_TABLE = "quality"  # in the history of changes
LONGEST_REASON = 500
_OF_A_CHANGE = 1_000  # findings that one entry of the history is about

_COLUMNS = """a.id AS id, a.name AS kind, a.mark AS mark, a.reason AS reason, a.at AS at,
  a.made_by AS by, a.batch AS batch"""
_LIST = f"MATCH (a:{ACCEPTANCE})\nRETURN {_COLUMNS}\nORDER BY id"
_SOME = f"MATCH (a:{ACCEPTANCE})\nWHERE a.id IN $ids\nRETURN {_COLUMNS}\nORDER BY id"
_OF_BATCH = f"MATCH (a:{ACCEPTANCE})\nWHERE a.batch = $batch\nRETURN {_COLUMNS}\nORDER BY id"
_FORGET = f"MATCH (a:{ACCEPTANCE})\nWHERE a.id IN $ids\nDETACH DELETE a"


@dataclass(frozen=True)
class Acceptance:
    """That a finding is meant so: which one, on which facts, why, by whom, when."""

    id: str
    kind: str
    mark: str
    reason: str
    at: str  # UTC, ISO
    by: str
    batch: str  # those accepted together

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


@per_version(2)
def acceptances(store: Store) -> Mapping[str, Acceptance]:
    """Return every acceptance that is kept, by the id of its finding."""
    return {row["id"]: Acceptance(**row) for row in store.read(_LIST)}


def accept(store: Store, findings: Sequence[QualityFinding], *, by: str, reason: str) -> str:
    """Accept findings with one reason; return the id under which all of them are taken back."""
    if not by.strip():
        raise InputError(N_("Your name is missing."), N_("Every entry is kept with a name."))
    if not reason.strip():
        raise InputError(N_("The reason is missing."), N_("Write in a few words why."))
    if not findings:
        raise NotFound(
            N_("There is no such finding now."), N_("The facts changed meanwhile; list them anew.")
        )
    with store.transaction() as transaction:
        return accept_in(transaction, findings, by=by, reason=reason)


def accept_in(
    transaction: Transaction, findings: Sequence[QualityFinding], *, by: str, reason: str
) -> str:
    """Accept findings in a transaction, together with what they are about."""
    at = datetime.now(UTC).isoformat(timespec="microseconds")
    batch = f"{at}-{secrets.token_hex(4)}"
    common = {"at": at, "made_by": by.strip()[:100], "batch": batch}
    common["reason"] = reason.strip()[:LONGEST_REASON]
    for some in _chunks(findings):
        rows = [
            {"id": each.id, "props": {"name": each.kind, "mark": each.mark, **common}}
            for each in some
        ]
        transaction.run(node_statement(ACCEPTANCE), NOTHING, rows=rows)
        _keep(transaction, "accepted", batch, some, common["made_by"], common["reason"])
    return batch


def withdraw_acceptances(
    store: Store, *, by: str, id_: str = "", batch: str = ""
) -> list[Acceptance]:
    """Take acceptances back, one or all of a batch: their findings are open again."""
    if not by.strip():
        raise InputError(N_("Your name is missing."), N_("Every entry is kept with a name."))
    with store.transaction() as transaction:
        query, asked = (_OF_BATCH, {"batch": batch}) if batch else (_SOME, {"ids": [id_]})
        found = [Acceptance(**row) for row in transaction.read(query, **asked)]
        if not found:
            raise NotFound(
                N_("Nothing is accepted under %(id)s."), N_("See the list."), id=batch or id_
            )
        for some in _chunks(found):
            transaction.run(_FORGET, NOTHING, ids=[each.id for each in some])
            _keep(transaction, "reopened", batch or id_, some, by.strip()[:100], some[0].reason)
    return found


def _chunks(found: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (found[at : at + _OF_A_CHANGE] for at in range(0, len(found), _OF_A_CHANGE))


def _keep(
    transaction: Transaction,
    action: str,
    batch: str,
    some: Sequence[QualityFinding | Acceptance],
    by: str,
    reason: str,
) -> None:
    """Write into the history which findings were accepted or opened again."""
    ids = [each.id for each in some]
    people = {p for each in some if isinstance(each, QualityFinding) for p in each.people}
    values = {"kinds": sorted({each.kind for each in some}), "findings": ids}
    keep(
        transaction,
        by=by,
        table=QUALITY_TABLE,
        row=ids[0] if len(ids) == 1 else batch,
        action=action,
        before=values if action == "reopened" else None,
        after=values if action == "accepted" else None,
        about=tuple(sorted({*people, *ids})),
        reason=reason,
    )


def held_by(accepted: Mapping[str, Acceptance], finding: QualityFinding) -> Acceptance | None:
    """Return the acceptance that holds for a finding as it stands now."""
    found = accepted.get(finding.id)
    return found if found is not None and found.mark == finding.mark else None
