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
from typing import NotRequired

from typing_extensions import TypedDict

from graph.errors import N_, NotFound
from graph.programme import Programme, Rule
from graph.store import Store
from graph.terms import Title
from queries.personnel.on_file import not_yet_among
from queries.programme.reading import READS
from queries.rules import judge
from queries.rules.appointments import JudgedRule, JudgedRuleDict, prepared, stored_rules
from queries.rules.candidate import Candidate, ProposedMove, candidates
from queries.sentences import Sentence, Term, say

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
    + READS["kin"].strip()
)


class AssumedRank(TypedDict):
    """A rank that is taken to come first, on its earliest day."""

    rank: str
    on: str


class UndecidedRule(TypedDict):
    """A rule that lacks facts."""

    rule: str
    missing: list[str]


class NextRankDict(TypedDict):
    """One rank above; where a language is known, in sentences too."""

    rank: str
    earliest: str | None
    assumes: list[AssumedRank]
    held_by: list[str]
    without: str | None
    undecided: list[UndecidedRule]
    rules: list[JudgedRuleDict]
    sentence: NotRequired[str]
    changes: NotRequired[list[str]]


class EligibilityDict(TypedDict):
    """All next ranks of one person, as plain values."""

    person: str
    name: str
    as_of: str
    rank: str | None
    ranks: list[NextRankDict]


@dataclass(frozen=True)
class NextRank:
    """One rank above: its earliest day, what holds it, and every rule's word."""

    rank: str
    earliest: date | None  # None: something has to happen first, and no day follows from the facts
    assumes: tuple[tuple[str, date], ...]  # ranks taken to come first, on their earliest days
    judged: tuple[JudgedRule, ...]  # of the rules that are on and speak of it
    held_by: tuple[JudgedRule, ...]  # the hard rules with the latest day, or those that block
    without: date | None  # the earliest day if those did not hold
    undecided: tuple[JudgedRule, ...]  # rules that lack a fact

    def as_dict(self) -> NextRankDict:
        """Return plain values for JSON."""
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

    def as_dict(self) -> EligibilityDict:
        """Return plain values for JSON."""
        return {
            "person": self.person,
            "name": self.name,
            "as_of": self.on.isoformat(),
            "rank": self.rank,
            "ranks": [each.as_dict() for each in self.ranks],
        }


def earliest_dates(
    store: Store, programme: Programme, on: date, people: Iterable[str] | None = None
) -> list[Eligibility]:
    """Work out the earliest legal dates of some people, or of every trainee, by id.

    NotFound names an id that is not stored.
    """
    rules = stored_rules(store, programme)
    asked = people if people is not None else (row["id"] for row in store.read(TRAINEES))
    wanted = list(dict.fromkeys(asked))
    later = not_yet_among(store, wanted, on.isoformat())
    wanted = [person for person in wanted if person not in later]
    found = candidates(store, programme, on, wanted)
    for person in wanted:
        if person not in found:
            raise NotFound(N_("There is no person %(id)s."), id=person)
    return [eligibility(rules, found[person]) for person in wanted]


def eligibility(rules: Iterable[Rule], who: Candidate) -> Eligibility:
    """Work out the earliest legal date of every rank above the one a person holds."""
    switched_on = [rule for rule in rules if rule.enabled]
    who = prepared(switched_on, who)
    on, programme = who.on, who.programme
    held = who.rank_index()
    found: list[NextRank] = []
    assumes: tuple[tuple[str, date], ...] = ()
    now: Candidate | None = who
    for term in () if not who.serves else programme.ranks[(held if held is not None else -1) + 1 :]:
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


def _prepared_again(
    rules: list[Rule], who: Candidate, assumes: tuple[tuple[str, date], ...]
) -> Candidate:
    """Return the person as if the ranks before had come; a grade that gave one is not a rise."""
    for rank, day in assumes:
        if _is_given(who, rank, day):
            who = replace(who, on=max(who.on, day))
        else:
            who = who.assuming(rank, day)
    return who


def _is_given(who: Candidate, rank: str, day: date) -> bool:
    """Return whether a rank comes with a grade on that day, not by a rise."""
    index = who.programme.rank_index
    return any(index(grade) == index(rank) and since == day for grade, since in who.grades)


def _next_rank(
    rules: list[Rule],
    who: Candidate,
    rank: str,
    assumes: tuple[tuple[str, date], ...],
    on: date,
) -> NextRank:
    move = ProposedMove(rank=rank)
    asked = [JudgedRule(rule, judge(rule, who, move)) for rule in rules]
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


def changes(asked: NextRank, on: date) -> tuple[Sentence, ...]:
    """Return what would bring the day of a rank nearer: of each rule that holds it, and each fact
    that lacks.
    """
    found: list[Sentence] = []
    if asked.earliest is None or asked.earliest > on:
        for each in asked.held_by:
            title, change = _either(each.rule.title), each.verdict.change
            if change is not None:
                found.append(say(N_("%(rule)s: %(change)s"), rule=title, change=change))
            elif not each.rule.waivable:
                found.append(say(N_("%(rule)s: nothing but time."), rule=title))
            if each.rule.waivable:
                waived = N_("%(rule)s: it may be waived with a written reason.")
                found.append(say(waived, rule=title))
        if asked.held_by and asked.without is not None:
            found.append(
                say(N_("If that did not hold, the day would be %(day)s."), day=asked.without)
            )
    for each in asked.undecided:
        if each.rule.kind == "hard":
            facts = tuple(Term("facts", name) for name in each.verdict.missing)
            lacks = N_("%(rule)s: with %(facts)s on file it could be judged.")
            found.append(say(lacks, rule=_either(each.rule.title), facts=facts))
    return tuple(found)


def sentence(asked: NextRank, on: date) -> Sentence:
    """Return in one sentence when a rank may be reached, and which rule holds it."""
    rank = Term("ranks", asked.rank)
    titles = tuple(_either(each.rule.title) for each in asked.held_by)
    if asked.earliest is None and asked.held_by:
        return say(
            N_("%(rank)s: something has to happen first, by %(rules)s."), rank=rank, rules=titles
        )
    if asked.earliest is None and asked.assumes == () and not asked.judged:
        return say(N_("%(rank)s: no rule covers it."), rank=rank)
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
