"""The earliest legal date: when each rule lets a person rise to each next rank, and who holds them.

Every rule of `rules.yaml` that is switched on is asked. Hard rules make the date; soft rules and
warnings are shown with their own. A rank beyond the next is asked for as if each rank before it
came on its earliest day. A rule that the stored facts do not decide says which fact is missing,
and the date then holds as far as is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from graph.dates import add_months
from graph.errors import N_, NotFound
from graph.programme import Programme, Rule, Title, parse_rules
from graph.schema import PROGRAMME
from graph.store import Store
from queries.programme.facts import read_facts
from queries.rules import judge
from queries.rules.candidate import KIN, Candidate, Move, Place, Verdict, candidates, place
from queries.rules.ranks import grade_by_education
from queries.sentences import Sentence, Term, say

STORED_RULES = f"""
MATCH (p:{PROGRAMME})
RETURN p.appointment_rules AS rules
ORDER BY p.id
LIMIT 1
"""
TRAINEES = """
MATCH (p:Trainee)
RETURN p.id AS id
ORDER BY id
"""
CYPHER = (
    """
MATCH (p:Person {id: $person})-[r:ROTATED_TO]->(post:Post)
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
RETURN post.id AS post, post.name AS title, coalesce(r.rank, post.rank) AS rank, r.kind AS kind,
       u.name AS unit, r.since AS since, r.until AS until
ORDER BY since, post
""".strip()
    + ";\n"
    + KIN.strip()
)


@dataclass(frozen=True)
class Judged:
    """One rule with what it says."""

    rule: Rule
    verdict: Verdict

    def as_dict(self) -> dict[str, Any]:
        """Give plain values, the English sentences among them."""
        return {
            "rule": self.rule.id,
            "name": self.rule.rule.name,
            "kind": self.rule.kind,
            "source": self.rule.source,
            "because": self.verdict.because.text(),
            "change": self.verdict.change.text() if self.verdict.change else None,
            **self.verdict.as_dict(),
        }


@dataclass(frozen=True)
class NextRank:
    """One rank above: its earliest day, what holds it, and every rule's word."""

    rank: str
    earliest: date | None  # None: something has to happen first, and no day follows from the facts
    assumes: tuple[tuple[str, date], ...]  # ranks taken to come first, on their earliest days
    judged: tuple[Judged, ...]  # of the rules that are on and speak of it
    held_by: tuple[Judged, ...]  # the hard rules with the latest day, or those that block
    without: date | None  # the earliest day if those did not hold
    undecided: tuple[Judged, ...]  # rules that lack a fact

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "rank": self.rank,
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "assumes": [{"rank": rank, "on": day.isoformat()} for rank, day in self.assumes],
            "held_by": [each.rule.id for each in self.held_by],
            "without": self.without.isoformat() if self.without else None,
            "undecided": [
                {"rule": each.rule.id, "missing": list(each.verdict.missing)}
                for each in self.undecided
            ],
            "rules": [each.as_dict() for each in self.judged],
        }


@dataclass(frozen=True)
class Eligibility:
    """All next ranks of one person on a day."""

    person: str
    name: str
    on: date
    rank: str | None  # held on the day, grades counted
    ranks: tuple[NextRank, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "person": self.person,
            "name": self.name,
            "as_of": self.on.isoformat(),
            "rank": self.rank,
            "ranks": [each.as_dict() for each in self.ranks],
        }


@dataclass(frozen=True)
class Blocked:
    """Whether a person may take a post on the day, and the rules that stand against it."""

    post: str
    against: tuple[Judged, ...]  # hard ones first
    undecided: tuple[Judged, ...]
    earliest: date | None  # when the hard rules allow it; None: never by itself

    @property
    def is_open(self) -> bool:
        """Tell whether no hard rule stands against it."""
        return not any(each.rule.kind == "hard" for each in self.against)

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "post": self.post,
            "open": self.is_open,
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "against": [each.as_dict() for each in self.against],
            "undecided": [each.as_dict() for each in self.undecided],
        }


def stored_rules(store: Store, programme: Programme) -> tuple[Rule, ...]:
    """Give the rules of appointment that are stored with the programme."""
    rows = store.read(STORED_RULES)
    text = rows[0]["rules"] if rows else None
    return parse_rules(text, programme=programme) if text else ()


def earliest_dates(
    store: Store, programme: Programme, on: date, people: Iterable[str] | None = None
) -> list[Eligibility]:
    """Work out the earliest legal dates of some people, or of every trainee, by id.

    NotFound names an id that is not stored.
    """
    rules = stored_rules(store, programme)
    wanted = [row["id"] for row in store.read(TRAINEES)] if people is None else list(people)
    found = candidates(store, programme, on, wanted)
    for person in wanted:
        if person not in found:
            raise NotFound(N_("There is no person %(id)s."), id=person)
    return [eligibility(rules, found[person]) for person in dict.fromkeys(wanted)]


def eligibility(rules: Iterable[Rule], who: Candidate) -> Eligibility:
    """Work out the earliest legal date of every rank above the one a person holds."""
    switched_on = [rule for rule in rules if rule.enabled]
    who = prepared(switched_on, who)
    on, programme = who.on, who.programme
    held = who.rank_index()
    found: list[NextRank] = []
    assumes: tuple[tuple[str, date], ...] = ()
    now: Candidate | None = who
    for term in programme.ranks[(held if held is not None else -1) + 1 :]:
        asked = _next_rank(switched_on, now, term.key, assumes, on) if now else None
        if asked is None:
            asked = NextRank(term.key, None, assumes, (), (), None, ())
        found.append(asked)
        now = None
        if asked.earliest is not None:
            # What was open in the past and did not come can come today at the earliest.
            came = (
                asked.earliest
                if _is_given(who, term.key, asked.earliest)
                else max(asked.earliest, on)
            )
            assumes = (*assumes, (term.key, came))
            now = _prepared_again(switched_on, who, assumes)
    rank = programme.ranks[held].key if held is not None else None
    return Eligibility(who.person, who.name, on, rank, tuple(found))


def prepared(rules: Iterable[Rule], who: Candidate) -> Candidate:
    """Work out what other rules rest on: the end of the trial, and the grade after it."""
    trial, grade = None, None
    for rule in rules:
        use = rule.rule
        if use.trial_period and who.joined:
            trial = add_months(who.joined, use.trial_period.months)
        if use.first_grade:
            grade = grade_by_education(use.first_grade, who.education)
    grades = ((grade, trial),) if grade and trial and who.is_trainee else ()
    return replace(who, trial_until=trial, grades=grades)


def _prepared_again(
    rules: list[Rule], who: Candidate, assumes: tuple[tuple[str, date], ...]
) -> Candidate:
    """Give the person as if the ranks before had come; a grade that gave one is not a rise."""
    for rank, day in assumes:
        if _is_given(who, rank, day):
            who = replace(who, on=max(who.on, day))
        else:
            who = who.assuming(rank, day)
    return who


def _is_given(who: Candidate, rank: str, day: date) -> bool:
    """Tell whether a rank comes with a grade on that day, not by a rise."""
    index = who.programme.rank_index
    return any(index(grade) == index(rank) and since == day for grade, since in who.grades)


def _next_rank(
    rules: list[Rule],
    who: Candidate,
    rank: str,
    assumes: tuple[tuple[str, date], ...],
    on: date,
) -> NextRank:
    move = Move(rank=rank)
    asked = [Judged(rule, judge(rule, who, move)) for rule in rules]
    spoken = [each for each in asked if each.verdict.state != "silent"]
    hard = [each for each in spoken if each.rule.kind == "hard"]
    given = [each for each in hard if each.rule.rule.first_grade]
    if given and all(each.verdict.since for each in given):
        # The grade comes by education with the end of the trial; nothing else is asked.
        hard = given
    blocking = tuple(each for each in hard if each.verdict.state == "blocks")
    days = [(each.verdict.since, each) for each in hard if each.verdict.since]
    floor = assumes[-1][1] if assumes else date.min
    latest = max([day for day, _ in days if day], default=None)
    undecided = tuple(each for each in spoken if each.verdict.state == "unknown")
    if blocking:
        return NextRank(rank, None, assumes, tuple(spoken), blocking, latest, undecided)
    if latest is None:
        day = None if not spoken else max(on, floor)
        return NextRank(rank, day, assumes, tuple(spoken), (), None, undecided)
    latest = max(latest, floor)
    holders = tuple(each for day, each in days if day == latest)
    others = [day for day, _ in days if day and day < latest]
    return NextRank(
        rank=rank,
        earliest=latest,
        assumes=assumes,
        judged=tuple(spoken),
        held_by=holders,
        without=max([*others, floor]) if others else None,
        undecided=undecided,
    )


def may_take(
    store: Store,
    programme: Programme,
    on: date,
    person: str,
    posts: Iterable[str],
    kind: str | None,
) -> dict[str, Blocked]:
    """Ask every rule whether a person may take each of some posts on a day."""
    rules = [rule for rule in stored_rules(store, programme) if rule.enabled]
    found = candidates(store, programme, on, [person])
    if person not in found:
        raise NotFound(N_("There is no person %(id)s."), id=person)
    who = prepared(rules, found[person])
    places = read_facts(store, programme, on, [person])
    return {
        post: blocked(rules, who, place(places, post), kind)
        for post in dict.fromkeys(posts)
        if post in places.posts
    }


def blocked(rules: Iterable[Rule], who: Candidate, to: Place, kind: str | None = None) -> Blocked:
    """Ask the rules about one post. A higher rank with it is a rise, and judged as one."""
    wanted, held = who.programme.rank_index(to.rank), who.rank_index()
    rises = wanted is not None and (held is None or wanted > held)
    move = Move(rank=to.rank if rises else None, kind=kind, place=to)
    asked = [Judged(rule, judge(rule, who, move)) for rule in rules if rule.enabled]
    order = {"hard": 0, "soft": 1, "warning": 2}
    against = sorted(
        (each for each in asked if each.verdict.state in ("blocks", "waits")),
        key=lambda each: order[each.rule.kind],
    )
    hard = [each for each in against if each.rule.kind == "hard"]
    days = [each.verdict.since for each in hard]
    known = [day for day in days if day is not None]
    return Blocked(
        post=to.post or "",
        against=tuple(against),
        undecided=tuple(each for each in asked if each.verdict.state == "unknown"),
        earliest=None if len(known) < len(days) else max(known, default=who.on),
    )


def sentence(asked: NextRank, on: date) -> Sentence:
    """Say in one sentence when a rank may be reached, and which rule holds it."""
    rank = Term("ranks", asked.rank)
    titles = tuple(_either(each.rule.title) for each in asked.held_by)
    if asked.earliest is None and asked.held_by:
        return say(
            N_("%(rank)s: something has to happen first, by %(rules)s."), rank=rank, rules=titles
        )
    if asked.earliest is None and asked.assumes == () and not asked.judged:
        return say(N_("%(rank)s: no rule speaks of it."), rank=rank)
    if asked.earliest is None:
        return say(N_("%(rank)s: no day follows before the rank below."), rank=rank)
    if asked.earliest <= on:
        return say(N_("%(rank)s: open since %(day)s."), rank=rank, day=asked.earliest)
    return say(
        N_("%(rank)s: %(day)s at the earliest, held by %(rules)s."),
        rank=rank,
        day=asked.earliest,
        rules=titles,
    )


def _either(title: Title) -> Term:
    """Carry a title in both languages to where the language is known."""
    return Term("titles", f"{title.zh}\n{title.en}")
