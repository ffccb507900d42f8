"""Careers side by side: aligned, with what they share, and what differs said in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Literal

from typing_extensions import TypedDict

from graph.dates import first_day, months_between
from graph.errors import N_, UsageError
from graph.programme import Programme
from graph.store import Store
from queries.careers.career_parts import CareerPosting, Span, common
from queries.careers.history import CYPHER, Career, CareerDict, career
from queries.careers.routes import Route
from queries.personnel.spans import Period, served
from queries.sentences import Sentence, Term, say

Align = Literal["date", "entry", "rank"]
ALIGNS: tuple[Align, ...] = ("date", "entry", "rank")
MOST_PEOPLE = 6
NOTABLE_MONTHS = 3  # a smaller difference is not worth a sentence


class SharedDict(TypedDict):
    """Something that two of the people have in common, as plain values."""

    what: Literal["post", "unit", "mentor"]
    people: list[str]
    id: str
    name: str
    since: str | None
    until: str | None


class Offsets(TypedDict):
    """From which month of the comparison to which one a posting lasts."""

    since: float | None
    until: float | None


class DifferenceDict(TypedDict):
    """In what two careers differ, in sentences."""

    people: list[str]
    sentences: list[str]


class ComparedCareer(CareerDict):
    """One career beside others."""

    origin: str | None
    months: list[Offsets]


class ComparisonDict(TypedDict):
    """Several careers side by side, as plain values."""

    align: Align
    rank: str | None
    people: list[ComparedCareer]
    shared: list[SharedDict]
    differences: list[DifferenceDict]


@dataclass(frozen=True)
class Shared:
    """Something that two of the people have in common."""

    what: Literal["post", "unit", "mentor"]
    people: tuple[str, str]
    key: str
    name: str
    since: str | None  # of the time together, where it is one
    until: str | None
    postings: tuple[str, ...]  # ids of the postings that are lit

    def as_dict(self) -> SharedDict:
        """Return plain values for JSON."""
        return {
            "what": self.what,
            "people": list(self.people),
            "id": self.key,
            "name": self.name,
            "since": self.since,
            "until": self.until,
        }


@dataclass(frozen=True)
class Comparison:
    """Several careers, the day from which each is counted, and what they share."""

    careers: tuple[Career, ...]
    align: Align
    rank: str | None
    origins: tuple[date | None, ...]  # None: the person has no such day
    shared: tuple[Shared, ...]
    differences: tuple[tuple[str, str, tuple[Sentence, ...]], ...]  # two people and what differs
    cypher: str

    def as_dict(self) -> ComparisonDict:
        """Return plain values for JSON."""
        return {
            "align": self.align,
            "rank": self.rank,
            "people": [
                {
                    **each.as_dict(),
                    "origin": origin.isoformat() if origin else None,
                    "months": [_offsets(posting, origin) for posting in each.postings],
                }
                for each, origin in zip(self.careers, self.origins, strict=True)
            ],
            "shared": [each.as_dict() for each in self.shared],
            "differences": [
                {"people": [a, b], "sentences": [each.text() for each in sentences]}
                for a, b, sentences in self.differences
            ],
        }


def compare(
    store: Store,
    people: Iterable[str],
    on: date,
    programme: Programme,
    align: Align = "date",
    rank: str | None = None,
) -> Comparison:
    """Put 2 to 6 people side by side; UsageError for fewer or more, NotFound for an unknown one."""
    ids = list(dict.fromkeys(people))
    if not 2 <= len(ids) <= MOST_PEOPLE:
        raise UsageError(N_("Compare 2 to %(most)s people."), most=MOST_PEOPLE)
    if align not in ALIGNS:
        raise UsageError(N_("Align by date, entry or rank, not by %(align)s."), align=align)
    if align == "rank" and not rank:
        raise UsageError(N_("Name the rank by which to align."))
    careers = tuple(career(store, id_, on, programme) for id_ in ids)
    return Comparison(
        careers=careers,
        align=align,
        rank=rank,
        origins=tuple(origin(each, align, rank, programme) for each in careers),
        shared=tuple(share for a, b in combinations(careers, 2) for share in _shared(a, b)),
        differences=tuple(
            (a.person["id"], b.person["id"], tuple(differences(a, b, programme)))
            for a, b in combinations(careers, 2)
        ),
        cypher=";\n".join(text.strip() for text in CYPHER.values()),
    )


def origin(each: Career, align: Align, rank: str | None, programme: Programme) -> date | None:
    """Return the day that stands at 0 on the common axis; by date there is none."""
    if align == "date":
        return None
    if align == "entry":
        return first_day(each.entry) if each.entry else None
    step = each.reached(rank, programme) if rank else None
    return first_day(step.since) if step else None


def _offsets(posting: CareerPosting, origin: date | None) -> Offsets:
    """Return begin and end of a posting in months from the origin."""
    if origin is None or posting.begin is None:
        return {"since": None, "until": None}
    return {
        "since": months_between(origin, posting.begin),
        "until": months_between(origin, posting.end) if posting.end else None,
    }


def _shared(a: Career, b: Career) -> Iterable[Shared]:
    pair = (a.person["id"], b.person["id"])
    seen: set[tuple[str, str, str | None]] = set()
    for one in _dated(a):
        for other in _dated(b):
            both = (one.row["id"], other.row["id"])
            since, until = common(one, other) or (None, None)
            if one.row["post"] == other.row["post"] and ("post", one.row["post"], None) not in seen:
                seen.add(("post", one.row["post"], None))
                yield Shared("post", pair, one.row["post"], one.row["title"], since, until, both)
            unit = one.row["unit"]
            if unit and unit == other.row["unit"] and since and ("unit", unit, since) not in seen:
                seen.add(("unit", unit, since))
                yield Shared("unit", pair, unit, one.row["unit_name"], since, until, both)
    theirs = {row["id"] for row in b.mentors}
    for row in {row["id"]: row for row in a.mentors if row["id"] in theirs}.values():
        yield Shared("mentor", pair, row["id"], row["name"], None, None, ())


def _dated(each: Career) -> list[CareerPosting]:
    return [p for p in each.actual if p.spans]


def differences(a: Career, b: Career, programme: Programme) -> Iterable[Sentence]:
    """Yield what two careers differ in: kinds, months, ranks, units. Nothing is judged."""
    one, other = str(a.person["name"]), str(b.person["name"])
    if one == other:  # namesakes are told apart by id
        one, other = f"{one} ({a.person['id']})", f"{other} ({b.person['id']})"
    said: set[str | None] = set()  # a kind of rotation with a post kind of its own is said once
    for terms, field in (("rotation_kinds", "kind"), ("post_kinds", "post_kind")):
        yield from _kinds(a, b, one, other, terms, field, said)
        said |= {p.row["kind"] for each in (a, b) for p in each.actual}
    yield from _ranks(a, b, one, other, programme)
    units = [len({p.row["unit"] for p in _dated(each) if p.row["unit"]}) for each in (a, b)]
    if units[0] != units[1]:
        more, less = (one, other) if units[0] > units[1] else (other, one)
        yield say(
            N_("%(more)s served in %(many)s units, %(less)s in %(few)s."),
            more=more,
            less=less,
            many=max(units),
            few=min(units),
        )
    if a.person["education"] != b.person["education"] and all(
        each.person["education"] for each in (a, b)
    ):
        yield say(
            N_("%(one)s has the education %(a)s, %(other)s %(b)s."),
            one=one,
            other=other,
            a=a.person["education"],
            b=b.person["education"],
        )


def _kinds(
    a: Career, b: Career, one: str, other: str, terms: str, field: str, but: set[str | None]
) -> Iterable[Sentence]:
    mine, theirs = months_by(a, field), months_by(b, field)
    for key in sorted({*mine, *theirs} - but):
        for name, months, has, lacks in ((one, mine, mine, theirs), (other, theirs, theirs, mine)):
            if key in has and key not in lacks:
                yield say(
                    N_("%(skipped)s skipped %(kind)s; %(name)s had %(months)s months of it."),
                    skipped=other if name == one else one,
                    name=name,
                    kind=Term(terms, key),
                    months=months[key],
                )
        if key in mine and key in theirs and abs(mine[key] - theirs[key]) >= NOTABLE_MONTHS:
            longer = one if mine[key] > theirs[key] else other
            yield say(
                N_("%(name)s was %(months)s months longer in %(kind)s."),
                name=longer,
                months=abs(mine[key] - theirs[key]),
                kind=Term(terms, key),
            )


def _ranks(a: Career, b: Career, one: str, other: str, programme: Programme) -> Iterable[Sentence]:
    for rank in dict.fromkeys(step.rank for each in (a, b) for step in each.ranks):
        mine, theirs = a.reached(rank, programme), b.reached(rank, programme)
        x, y = (each.months_from_entry if each else None for each in (mine, theirs))
        term = Term("ranks", rank)
        if mine is None or theirs is None:
            has, lacks, months = (one, other, x) if mine else (other, one, y)
            yield say(
                N_("%(has)s reached %(rank)s %(months)s months after entry; %(lacks)s has not."),
                has=has,
                lacks=lacks,
                rank=term,
                months=months,
            )
        elif x is not None and y is not None and abs(x - y) >= NOTABLE_MONTHS:
            yield say(
                N_("%(name)s reached %(rank)s %(months)s months sooner after entry."),
                name=one if x < y else other,
                rank=term,
                months=abs(x - y),
            )


def months_by(each: Career, field: str) -> dict[str, int]:
    """Count a career's months by the value of a field; what runs counts up to the day."""
    return _months([(p.row[field], span) for p in _dated(each) for span in p.spans], each.on)


def _months(held: Iterable[tuple[str | None, Span]], on: date) -> dict[str, int]:
    periods: dict[str, list[Period]] = {}
    for key, span in held:
        if key is not None:
            periods.setdefault(key, []).append((span.since, span.until))
    return {key: served(those, on) for key, those in periods.items()}


def from_route(each: Career, route: Route, level: str, terms: str = "") -> Iterable[Sentence]:
    """Yield what a career differs in from a route: steps skipped, had besides, longer or shorter.

    Both are sequences of main posts, as routes are.
    Months are compared with the median of those who walked the route.
    """
    walked: list[str] = []
    for row, _span in each.main_posts:
        label = row[level]
        if label is not None and (not walked or walked[-1] != label):
            walked.append(label)
    name = str(each.person["name"])
    months = _months([(row[level], span) for row, span in each.main_posts], each.on)
    text_of = dict(zip(route.keys, route.texts, strict=True)) | _texts(each, level)

    def said(label: str | None) -> Term | str:
        return Term(terms, label) if terms else text_of.get(label) or "?"

    at = 0
    for step, label in enumerate(route.keys):
        if label not in walked:
            yield say(N_("%(name)s skipped %(step)s."), name=name, step=said(label))
            continue
        if label not in walked[at:]:
            template = N_("%(name)s had %(step)s earlier than the route.")
            yield say(template, name=name, step=said(label))
        else:
            at += walked[at:].index(label) + 1
        if step < len(route.step_months) and route.keys.count(label) == 1:
            more = months.get(label or "", 0) - route.step_months[step]
            if abs(more) >= NOTABLE_MONTHS:
                longer = N_("%(name)s was %(months)s months longer in %(step)s than the route.")
                shorter = N_("%(name)s was %(months)s months shorter in %(step)s than the route.")
                yield say(
                    longer if more > 0 else shorter,
                    name=name,
                    months=f"{abs(more):g}",
                    step=said(label),
                )
    for label in dict.fromkeys(walked):
        if label not in route.keys:
            yield say(N_("%(name)s also had %(step)s."), name=name, step=said(label))


def _texts(each: Career, level: str) -> dict[str | None, str]:
    """Name the units and posts of a career, whose keys are ids."""
    name = {"unit": "unit_name", "post": "title"}.get(level, level)
    return {p.row[level]: str(p.row[name]) for p in each.postings if p.row[level] is not None}
