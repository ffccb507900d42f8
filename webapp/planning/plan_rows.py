"""A plan on the Gantt of the next moves: a row a move, and the rows of those who stay when asked.

A bar opens its strip by the address: who goes where and why, what pins or bans it, and what is
pinned and banned so far. Nothing of it needs a script.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from graph.dates import add_days, add_months, first_day, months_between
from graph.store import Row
from planning.explain.why import AGAINST
from planning.view import PlanDetails, PlanPosting, PlanView
from queries.personnel import of_people
from queries.programme.due_moves import EmptyPost, due_moves
from queries.programme.standing import facts_of_few
from webapp.pictures.gantt import GanttAxis, GanttRow
from webapp.planning.found import PlanFound, changes_of
from webapp.planning.scenario import read_pin
from webapp.planning.words import PERIODS
from webapp.shell import words
from webapp.shell.asking import Asked, OneOf
from webapp.shell.frame import person_url, term
from webapp.shell.sentences import said
from webapp.shell.store import current_store

WIDTH = 432
MONTHS_BEFORE = 12
MOST_ROWS = 400  # of those who stay; the table below has all


class PlanPage(Asked):
    """Whose rows a plan's page shows, which bar is open, and what is pinned and banned so far."""

    show: Annotated[str, OneOf("moves", "all")] = "moves"
    at: str = ""
    pin: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenedBar:
    """What opens at a bar: the reasons for and against, and the addresses of what can be done."""

    words: str
    good: tuple[str, ...]
    against: tuple[str, ...]
    pin_url: str
    forbid_url: str
    why_url: str
    close_url: str


@dataclass(frozen=True)
class DrawnMove:
    """One row: whose, the bars, and in few words why."""

    name: str
    url: str  # of the person
    at: str  # which bar it is
    open_url: str
    note: str
    to: str  # the post and its day, for a screen without the picture
    row: GanttRow
    reason: str
    is_pinned: bool
    strip: OpenedBar | None


@dataclass(frozen=True)
class DrawnMoves:
    """The rows that belong together, by the day on which they begin."""

    title: str
    count: int
    rows: tuple[DrawnMove, ...]


@dataclass(frozen=True)
class PlanPicture:
    """The Gantt of a plan."""

    axis: GanttAxis
    groups: tuple[DrawnMoves, ...]
    switch: tuple[tuple[str, str, bool], ...]
    pins: tuple[tuple[str, str, str, str], ...]  # as rows of the form: what, person, post, day


def plan_picture(found: PlanFound, view: PlanView, details: PlanDetails) -> PlanPicture:
    """Return the rows of a plan that the address asks for, with the strip of the open bar."""
    return _Drawing(found, view, details).picture()


def conditions(found: PlanFound) -> list[tuple[str, str]]:
    """Return what a plan was made from, each with its title: time, people, and what was asked."""
    plan, scenario = found.plan, found.plan.scenario
    periods = plan.horizon.periods
    pinned = len(scenario.pins) + len(scenario.forbids)
    others = len(scenario.capacities) + len(scenario.kinds_by_post_kind) + len(scenario.waived)
    given: tuple[tuple[str, str, bool], ...] = (
        (
            _("Time"),
            _("%(since)s to %(until)s", since=plan.horizon.since, until=plan.horizon.until)
            + f" · {periods} × {PERIODS[plan.horizon.period]}",
            True,
        ),
        (
            _("People"),
            ngettext("%(num)s chosen", "%(num)s chosen", len(scenario.people))
            if scenario.people
            else _("all {trainees}"),
            True,
        ),
        (
            _("Planned already"),
            _("kept as it is") if scenario.keep_planned else _("planned anew"),
            True,
        ),
        (_("Who must go where, and who must not"), str(pinned), bool(pinned)),
        (_("On leave"), str(len(scenario.leaves)), bool(scenario.leaves)),
        (_("Posts that must be covered"), str(len(scenario.must_cover)), bool(scenario.must_cover)),
        (_("Other conditions"), str(others), bool(others)),
        (_("Rules changed"), str(len(changes_of(plan.settings))), bool(changes_of(plan.settings))),
    )
    return [(title, text) for title, text, is_said in given if is_said]


def pin_url(found: PlanFound, what: str, each: Row) -> str:
    """Return the address of a plan's page with one more pin or ban."""
    asked = PlanPage.read()
    kept = {"pin": {*asked.pin}, "forbid": {*asked.forbid}}
    kept[what].add(f"{each['person']}:{each['post']}:{each['since']}")
    given: dict[str, Any] = {name: sorted(texts) for name, texts in kept.items()}
    return url_for("planning.plan", reference=found.reference, **given, _anchor="change")


def pins_of_address(found: PlanFound) -> tuple[tuple[str, str, str, str], ...]:
    """Return what the address pins and bans, as rows of the form; InputError for what is none."""
    asked, rows = PlanPage.read(), []
    for what, texts in (("pin", asked.pin), ("forbid", asked.forbid)):
        for text in texts:
            pin = read_pin(text, found.plan.horizon)
            rows.append((what, pin.person, pin.post, found.plan.horizon.name(pin.period)))
    return tuple(rows)


class _Drawing:
    """What one page of a plan draws from: the plan, what was held before it, and who was due."""

    def __init__(self, found: PlanFound, view: PlanView, details: PlanDetails) -> None:
        self.found, self.view, self.details = found, view, details
        self.asked = PlanPage.read()
        self.horizon = found.plan.horizon
        store, today = current_store(), words.today()
        self.on = min(today, add_days(self.horizon.since, -1))
        shown = [id_ for id_, _name in details.people]
        day = of_people(store, shown).on(self.on)
        self.held = {person: day.holds(person) for person in shown}
        known = facts_of_few(store, self.on)
        self.cohorts = {id_: each.cohort for id_, each in known.people.items()} if known else {}
        self.due = due_moves(known) if known else None
        self.due_of = {each.person: each for each in reversed(self.due.moves)} if self.due else {}
        self.vacant = {each.post: each for each in reversed(self.due.vacant)} if self.due else {}
        self.axis = GanttAxis(
            self.on,
            add_months(self.on, -MONTHS_BEFORE),
            add_months(self.horizon.until, 1),
            (self.horizon.days[0], self.horizon.days[1]),
            WIDTH,
        )
        self.pins = pins_of_address(found)

    def picture(self) -> PlanPicture:
        moves = self.details.moves
        groups = [
            DrawnMoves(
                _("From %(day)s on", day=day),
                len(mine),
                tuple(self._move(each) for each in mine),
            )
            for day in sorted({each.assignment.since for each in moves})
            for mine in ([each for each in moves if each.assignment.since == day],)
        ]
        moved = {each.assignment.person for each in moves}
        staying = [pair for pair in self.details.people if pair[0] not in moved]
        if self.asked.show == "all" and staying:
            rows = tuple(self._stay(*pair) for pair in staying[:MOST_ROWS])
            groups.append(DrawnMoves(_("Stay where they are"), len(staying), rows))
        return PlanPicture(self.axis, tuple(groups), self._switch(len(moves)), self.pins)

    def _switch(self, moves: int) -> tuple[tuple[str, str, bool], ...]:
        people = len(self.details.people)
        is_all = self.asked.show == "all"
        return (
            (
                ngettext("%(num)s move", "%(num)s moves", moves),
                self._here(show=None),
                not is_all,
            ),
            (
                ngettext("all %(num)s person", "all %(num)s people", people),
                self._here(show="all"),
                is_all,
            ),
        )

    def _here(self, **other: Any) -> str:
        """Return the address of this page with other parameters; None leaves one out."""
        kept: dict[str, Any] = {
            "show": "all" if self.asked.show == "all" else None,
            "pin": list(self.asked.pin),
            "forbid": list(self.asked.forbid),
        }
        return url_for("planning.plan", reference=self.found.reference, **{**kept, **other})

    # --- rows

    def _move(self, posting: PlanPosting) -> DrawnMove:
        each = posting.assignment
        since, until = first_day(each.since), first_day(each.until)
        at = f"{each.person}:{each.post}:{each.since}"
        spans = self._home(each.person, since)
        spans.append(self.axis.span("planned", since, until, posting.post_name))
        good, against = _parted(posting)
        return DrawnMove(
            name=posting.person_name,
            url=person_url(each.person, self.found.is_accepted),
            at=at,
            open_url=self._here(at=at, _anchor="at"),
            note=self._note(each.person, each.kind),
            to=_("%(post)s from %(day)s", post=posting.post_name, day=each.since),
            row=self.axis.row(spans),
            reason=self._reason(posting, good),
            is_pinned=any(pin[1:3] == (each.person, each.post) for pin in self.pins),
            strip=self._strip(posting, at, good, against) if self.asked.at == at else None,
        )

    def _stay(self, person: str, name: str) -> DrawnMove:
        mine = self.details.of_person(person)
        spans = self._home(person, self.horizon.until)
        return DrawnMove(
            name=name,
            url=person_url(person, self.found.is_accepted),
            at="",
            open_url=url_for("planning.person", reference=self.found.reference, person=person),
            note=self._note(person, mine[0].assignment.kind if mine else None),
            to=mine[0].post_name if mine else "",
            row=self.axis.row(spans),
            reason="",
            is_pinned=False,
            strip=None,
        )

    def _home(self, person: str, until: date) -> list[Any]:
        """Return the bar of the main post that a person holds before the plan."""
        main: Row | None = next(iter(self.held.get(person, ())), None)
        if main is None:
            return []
        begun = first_day(main["since"]) if main["since"] else self.axis.first
        name = " ".join(filter(None, (main["unit_name"], main["title"])))
        return [self.axis.span("held", begun, until, name, main["rank"])]

    def _note(self, person: str, kind: str | None) -> str:
        cohort = self.cohorts.get(person)
        said_kind = term("rotation_kinds", kind) if kind else ""
        return " · ".join(filter(None, (str(cohort) if cohort else "", said_kind)))

    # --- why

    def _reason(self, posting: PlanPosting, good: tuple[str, ...]) -> str:
        """Say in few words why a move is in the plan, the strongest reason first."""
        parts = [*self._pressing(posting), *good]
        return _("; ").join(parts[:2]) if parts else _("weighed against others; see why")

    def _pressing(self, posting: PlanPosting) -> Iterable[str]:
        each, due = posting.assignment, self.due
        if due is None:
            return
        mine = self.due_of.get(each.person)
        if mine is not None and mine.why == "over" and mine.limit:
            months = months_between(mine.limit, due.on)
            yield ngettext("%(num)s month over the limit", "%(num)s months over the limit", months)
        elif mine is not None and mine.why == "due":
            yield _("due by %(day)s", day=mine.limit or mine.earliest)
        yield from _empty(self.vacant.get(each.post), due.on)

    def _strip(
        self, posting: PlanPosting, at: str, good: tuple[str, ...], against: tuple[str, ...]
    ) -> OpenedBar:
        each = posting.assignment
        return OpenedBar(
            words=" · ".join(
                filter(
                    None,
                    (
                        posting.person_name,
                        posting.post_name,
                        term("rotation_kinds", each.kind) if each.kind else "",
                        _("%(since)s to %(until)s", since=each.since, until=each.until),
                    ),
                )
            ),
            good=(*self._pressing(posting), *good),
            against=against,
            pin_url=self._here(at=at, pin=sorted({*self.asked.pin, at}), _anchor="at"),
            forbid_url=self._here(at=at, forbid=sorted({*self.asked.forbid, at}), _anchor="at"),
            why_url=url_for("planning.person", reference=self.found.reference, person=each.person),
            close_url=self._here(),
        )


def _empty(vacant: EmptyPost | None, on: date) -> Iterable[str]:
    if vacant is None:
        return
    if vacant.since is None:
        yield _("fills a place never filled")
    else:
        months = months_between(vacant.since, on)
        yield ngettext(
            "fills a place empty for %(num)s month",
            "fills a place empty for %(num)s months",
            months,
        )


def _parted(posting: PlanPosting) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what speaks for a move and what against it, in words; the costs stand first of all."""
    told = posting.reasons[1:]
    is_against = [each.template == AGAINST for each in told]
    return (
        tuple(
            said(each).rstrip(".。") for each, bad in zip(told, is_against, strict=True) if not bad
        ),
        tuple(said(each) for each, bad in zip(told, is_against, strict=True) if bad),
    )
