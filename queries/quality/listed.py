"""Findings as they are shown: chosen, counted, named, each with where its row is from.

Page, JSON, command and files take this one value. Counts are of all that was asked for, whatever
part of it is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
from typing_extensions import TypedDict

from graph import tables
from graph.cache import per_version
from graph.errors import N_, NotFound, UsageError
from graph.schema import ORIGIN, table
from graph.store import Store
from queries.origins import Origin, origins
from queries.people_count import people_count
from queries.personnel.days import day_number
from queries.personnel.follow import of_people
from queries.personnel.model import Personnel
from queries.quality.accepted import Acceptance, acceptances, held_by
from queries.quality.finding import QualityFinding, QualityLevel
from queries.quality.kept import FoundOnDay, begin, found_if_kept, found_on
from queries.quality.kinds import BY_ABOUT, KIND_BY_NAME, KINDS
from queries.quality.loaded import ALSO_FOUND, seen_loads, without_found
from queries.quality.one_person import found_of
from queries.quality.said import part_of, sentence_of
from queries.sentences import Sentence, SentenceText

STATES = ("open", "accepted", "all")
MOST_AT_ONCE = 20_000  # people whom a page judges while one waits
_MANY = 5_000  # ids from which on a table is read through instead of looked up
_ORDER = {kind.name: at for at, kind in enumerate(KINDS)}
_LEVEL_ORDER = {"red": 0, "yellow": 1, "blue": 2}


@dataclass(frozen=True)
class Choice:
    """Which findings are asked for; empty texts leave it open."""

    kind: str = ""
    level: str = ""
    load: str = ""
    unit: str = ""
    person: str = ""
    finding: str = ""
    state: str = "open"  # one of STATES


class QualityRow(TypedDict):
    """One finding as plain values: `row` is the row of the file, `row_id` that of the store."""

    id: str
    kind: str
    level: QualityLevel
    person: str | None
    people: list[str]
    post: str | None
    unit: str | None
    table: str | None
    row_id: str | None
    load: str | None
    file: str | None
    sheet: str | None
    row: int | None
    message: str
    accepted: dict[str, Any] | None


class QualityDict(TypedDict):
    """The findings of a day, how many there are of each kind, and how many are accepted."""

    on: str
    findings: list[QualityRow]
    counts: dict[str, int]
    accepted: dict[str, int]
    total: int


@dataclass(frozen=True)
class ListedFinding:
    """One finding with its sentence, its unit, where its row is from, and who accepted it."""

    finding: QualityFinding
    level: QualityLevel
    message: Sentence
    unit: str | None
    origin: Origin | None
    accepted: Acceptance | None

    def as_dict(self, text: SentenceText = str) -> QualityRow:
        """Return it as plain values; `text` says the sentence."""
        found, origin, place = self.finding, self.origin, self.finding.place
        from_ = place or origin
        return {
            "id": found.id,
            "kind": found.kind,
            "level": self.level,
            "person": found.people[0] if found.people else None,
            "people": list(found.people),
            "post": found.post,
            "unit": self.unit,
            "table": found.table,
            "row_id": found.row,
            "load": from_.load if from_ else None,
            "file": from_.file if from_ else None,
            "sheet": from_.sheet if from_ else None,
            "row": from_.row if from_ else None,
            "message": text(self.message),
            "accepted": self.accepted.as_dict() if self.accepted else None,
        }


@dataclass(frozen=True)
class QualityList:
    """The findings of a day that were asked for: all counted, those listed worded."""

    on: date
    listed: tuple[ListedFinding, ...]
    total: int
    counts: Mapping[str, int]  # open ones by kind, of all but the choice of kind
    accepted: Mapping[str, int]  # accepted ones by kind

    def as_dict(self, text: SentenceText = str) -> QualityDict:
        """Return the object of `flask quality --json`."""
        return {
            "on": self.on.isoformat(),
            "findings": [each.as_dict(text) for each in self.listed],
            "counts": dict(self.counts),
            "accepted": dict(self.accepted),
            "total": self.total,
        }


def quality(
    store: Store, on: date, choice: Choice, *, limit: int | None = None, after: int = 0
) -> QualityList:
    """Return the findings of a day that are asked for, from the place `after` on."""
    _confirm(choice)
    found, model = _found(store, on, choice)
    held = acceptances(store)
    counts, accepted = Counter[str](), Counter[str]()
    chosen: list[tuple[QualityFinding, Acceptance | None]] = []
    for each in _chosen(store, found, choice, model, on):
        acceptance = held_by(held, each) if held else None
        (accepted if acceptance else counts)[each.kind] += 1
        is_asked = choice.state == "all" or (choice.state == "accepted") == bool(acceptance)
        if is_asked and (not choice.kind or each.kind == choice.kind):
            chosen.append((each, acceptance))
    chosen.sort(key=lambda pair: _place(pair[0]))
    shown = chosen[after:] if limit is None else chosen[after : after + limit]
    return QualityList(
        on,
        tuple(_worded(store, shown, model, on)),
        len(chosen),
        _in_order(counts),
        _in_order(accepted),
    )


def chosen_findings(store: Store, on: date, choice: Choice) -> list[QualityFinding]:
    """Return the findings that are asked for as they are, to accept them."""
    _confirm(choice)
    found, model = _found(store, on, choice)
    held = acceptances(store)
    return [
        each
        for each in _chosen(store, found, choice, model, on)
        if (not choice.kind or each.kind == choice.kind)
        and (choice.state == "all" or (choice.state == "accepted") == bool(held_by(held, each)))
    ]


def doubt_counts(store: Store, on: date) -> dict[str, int] | None:
    """Count the open findings of a day by level; None while very many people are being judged.

    Nobody waits for them: what is not known yet is begun in the background.
    """
    kept = found_if_kept(store, on)
    if kept is None:
        if people_count(store) > MOST_AT_ONCE:
            begin(store, on)
            return None
        kept = found_on(store, on)
    held = acceptances(store)
    counts = Counter[str](
        KIND_BY_NAME[each.kind].level
        for each in _with_loads(store, kept, on)
        if held_by(held, each) is None
    )
    return {level: counts[level] for level in _LEVEL_ORDER}


def counts_of_load(store: Store, on: date, load: str) -> dict[str, int] | None:
    """Count by kind what is doubtful of the rows that a load brought; None as `doubt_counts`."""
    if doubt_counts(store, on) is None:
        return None
    found = quality(store, on, Choice(load=load, state="all"), limit=0)
    return _in_order(Counter(found.counts) + Counter(found.accepted))


def _confirm(choice: Choice) -> None:
    if choice.kind and choice.kind not in KIND_BY_NAME:
        raise UsageError(
            N_('There is no kind of finding "%(kind)s".'),
            N_("Known: %(known)s."),
            kind=choice.kind,
            known=", ".join(KIND_BY_NAME),
        )


def _in_order(counts: Mapping[str, int]) -> dict[str, int]:
    return {kind.name: counts[kind.name] for kind in KINDS if counts.get(kind.name)}


def _place(finding: QualityFinding) -> tuple[int, int, str]:
    kind = KIND_BY_NAME[finding.kind]
    return _LEVEL_ORDER[kind.level], _ORDER[finding.kind], finding.subject


# --- what is chosen


def _found(store: Store, on: date, choice: Choice) -> tuple[Iterable[QualityFinding], Personnel]:
    """Return all findings, or those of one person, and the model that has their names."""
    if choice.person:
        kept = found_if_kept(store, on)
        mine = kept.of_person(choice.person) if kept else found_of(store, choice.person, on)
        others = {id_ for each in mine for id_ in each.people}
        return _of_one(store, mine, choice.person, on), of_people(store, sorted(others))
    kept = found_on(store, on)
    return _with_loads(store, kept, on), kept.model


def _with_loads(store: Store, kept: FoundOnDay, on: date) -> Iterator[QualityFinding]:
    seen = seen_loads(store)
    if not seen.told:
        return iter(kept)
    return chain(kept, _told_by_loads(store, kept, on))


def _of_one(
    store: Store, mine: list[QualityFinding], person: str, on: date
) -> list[QualityFinding]:
    told = [each for each in _told_by_loads(store, mine, on) if person in each.people]
    return [*mine, *told]


def _told_by_loads(
    store: Store, found: Iterable[QualityFinding], on: date
) -> Iterator[QualityFinding]:
    """Yield what loads told and the data do not show by themselves."""
    wanted = set(chain.from_iterable(ALSO_FOUND.values()))
    named: dict[str, set[str]] = {}
    for each in found:
        if each.kind in wanted:
            parts = {*each.people, each.row or "", each.post or ""}
            named.setdefault(each.kind, set()).update(parts)
    seen = seen_loads(store)
    told = chain.from_iterable(kind.find(seen) for kind in BY_ABOUT["loads"])
    return without_found(told, named)


def _chosen(
    store: Store, found: Iterable[QualityFinding], choice: Choice, model: Personnel, on: date
) -> Iterator[QualityFinding]:
    """Yield what is asked for but for its kind and whether it is accepted: all that is counted."""
    if choice.level:
        found = (each for each in found if KIND_BY_NAME[each.kind].level == choice.level)
    if choice.load:
        rows = _rows_of_load(store, choice.load)
        found = (
            each
            for each in found
            if (each.place.load == choice.load if each.place else (each.table, each.row) in rows)
        )
    if choice.finding:
        found = (each for each in found if each.id == choice.finding)
    if choice.unit:
        inside = _units_below(model, choice.unit)
        found = (each for each in found if _unit_of(model, each, on) in inside)
    yield from found


@per_version(2)
def _rows_of_load(store: Store, load: str) -> frozenset[tuple[str, str]]:
    """Return the rows of the tables with findings that a load last wrote."""
    rows: set[tuple[str, str]] = set()
    for name in ("people", "rotations", "mentoring"):
        text = (
            f"MATCH {tables.pattern(table(name))}\nWHERE n.{ORIGIN} STARTS WITH $prefix\n"
            "RETURN n.id AS id"
        )
        rows.update((name, row["id"]) for row in store.read(text, prefix=f"{load}:"))
    return frozenset(rows)


def _units_below(model: Personnel, unit: str) -> set[str]:
    columns = model.columns
    if unit not in columns.unit_at:
        raise NotFound(N_("There is no unit %(id)s."), N_("Search for its name."), id=unit)
    inside = columns.units_below(unit)
    return {id_ for id_, is_in in zip(columns.unit_ids, inside.tolist(), strict=True) if is_in}


def _unit_of(model: Personnel, finding: QualityFinding, on: date) -> str | None:
    """Return the unit of a finding: of its post, else of its first person's last post by a day."""
    columns = model.columns
    at = columns.post_at.get(finding.post or "", -1)
    if at < 0 and finding.people:
        part = part_of(model, finding.people[0])
        person = part.columns.person_at.get(finding.people[0])
        mine = part.columns.of_person(person) if person is not None else slice(0, 0)
        begun = ~part.columns.planned[mine] & (part.columns.since[mine] <= day_number(on))
        actual = (mine.start + np.flatnonzero(begun)).tolist()
        at = int(part.columns.post[actual[-1]]) if actual else -1
    unit = int(columns.post_unit[at]) if at >= 0 else -1
    return columns.unit_ids[unit] if unit >= 0 else None


# --- how it is said


def _worded(
    store: Store,
    found: Sequence[tuple[QualityFinding, Acceptance | None]],
    model: Personnel,
    on: date,
) -> Iterator[ListedFinding]:
    origin = _origins(store, [each for each, _ in found])
    for each, acceptance in found:
        yield ListedFinding(
            each,
            KIND_BY_NAME[each.kind].level,
            sentence_of(model, each.template, each.values),
            _unit_of(model, each, on),
            origin.get((each.table or "", each.row or "")),
            acceptance,
        )


def _origins(store: Store, found: Sequence[QualityFinding]) -> dict[tuple[str, str], Origin | None]:
    """Return where the rows of findings are from."""
    ids: dict[str, set[str]] = {}
    for each in found:
        if each.table and each.row:
            ids.setdefault(each.table, set()).add(each.row)
    told: dict[tuple[str, str], Origin | None] = {}
    for name, wanted in ids.items():
        kept = _origin_texts(store, name, wanted)
        known = origins(store, table(name), kept.values())
        told.update(((name, row), known.get(text or "")) for row, text in kept.items())
    return told


def _origin_texts(store: Store, name: str, wanted: set[str]) -> dict[str, str | None]:
    of = table(name)
    returned = f"RETURN n.id AS id, n.{ORIGIN} AS origin"
    if len(wanted) > _MANY:
        text, asked = f"MATCH {tables.pattern(of)}\n{returned}", {}
    else:
        text = f"MATCH {tables.pattern(of)}\nWHERE n.id IN $ids\n{returned}"
        asked = {"ids": sorted(wanted)}
    ids, texts = store.read_columns(text, ("id", "origin"), **asked)
    return {id_: text for id_, text in zip(ids, texts, strict=True) if id_ in wanted}
