"""May this person take this post? Every rule that is switched on is asked, once, in one place.

Next posts, short lists and the earliest legal date all stand on this. A move has a kind of
rotation, because some rules speak of a kind only: where nobody names it, it is the one by which
the post, or one of its kind, is usually taken.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from typing_extensions import TypedDict

from graph.appointment_rules import AppointmentRule
from graph.errors import N_, NotFound
from graph.programme import Programme, Rule, parse_rules
from graph.schema import PROGRAMME
from graph.store import Reader
from queries.programme.facts import Facts
from queries.programme.reading import read_facts
from queries.rules import judge
from queries.rules.candidate import Candidate, PostPlace, ProposedMove, Verdict, VerdictDict
from queries.rules.grades import grade_by_education
from queries.rules.reading import candidates_among, place

STORED_RULES = f"""
MATCH (p:{PROGRAMME})
RETURN p.appointment_rules AS rules
ORDER BY p.id
LIMIT 1
"""
# The kinds by which posts of the same kinds as these were taken by a day.
TAKEN = """
MATCH (asked:Post)
WHERE asked.id IN $posts
WITH collect(DISTINCT asked.kind) AS kinds
MATCH (post:Post)<-[r:ROTATED_TO]-(:Person)
WHERE (post.id IN $posts OR post.kind IN kinds) AND r.kind IS NOT NULL
  AND coalesce(r.status, 'actual') <> 'planned' AND (r.since IS NULL OR r.since <= $on)
RETURN post.id AS post, post.kind AS post_kind, r.kind AS kind, count(*) AS times
ORDER BY post, kind
"""


# What hard rules come to: open; not yet; something has to happen first; a fact lacks.
Decision = Literal["open", "waits", "blocked", "undecided"]


class JudgedRuleDict(VerdictDict):
    """One rule with what it says."""

    rule: str
    name: str
    kind: str
    source: str | None
    because: str
    change: str | None
    advice: list[str]


class BlockedDict(TypedDict):
    """Whether a person may take a post on the day."""

    post: str
    kind: str | None
    state: Decision
    open: bool
    earliest: str | None
    latest: str | None
    against: list[JudgedRuleDict]
    undecided: list[JudgedRuleDict]
    advice: list[JudgedRuleDict]


@dataclass(frozen=True)
class JudgedRule:
    """One rule with what it says."""

    rule: Rule
    verdict: Verdict

    def as_dict(self) -> JudgedRuleDict:
        """Return plain values, the English sentences among them."""
        return {
            "rule": self.rule.id,
            "name": self.rule.rule.name,
            "kind": self.rule.kind,
            "source": self.rule.source,
            "because": self.verdict.because.text(),
            "change": self.verdict.change.text() if self.verdict.change else None,
            "advice": [each.text() for each in self.verdict.advice],
            **self.verdict.as_dict(),
        }


def decision(hard: Iterable[JudgedRule]) -> Decision:
    """Return what hard rules come to; one without its facts leaves it open whether the others do.

    What has to happen first is certain whatever else lacks.
    """
    states = {each.verdict.state for each in hard}
    if "blocks" in states:
        return "blocked"
    if "unknown" in states:
        return "undecided"
    return "waits" if "waits" in states else "open"


@dataclass(frozen=True)
class Blocked:
    """Whether a person may take a post on the day, and the rules that stand against it."""

    post: str
    kind: str | None  # the kind of rotation by which it would be taken
    state: Decision
    against: tuple[JudgedRule, ...]  # hard ones first
    undecided: tuple[JudgedRule, ...]
    advice: tuple[JudgedRule, ...]  # rules of which a soft part is not met
    earliest: date | None  # before which the hard rules do not allow it; None: never by itself
    latest: date | None  # from which they do, whatever the dates mean; None: nobody can say

    @property
    def is_open(self) -> bool:
        """Return whether every hard rule is known to allow it."""
        return self.state == "open"

    def to_tell(self) -> tuple[JudgedRule, ...]:
        """Return every rule that has something against it, lacks a fact or advises against it."""
        told = (*self.against, *self.undecided)
        return (*told, *(each for each in self.advice if each not in told))

    def as_dict(self) -> BlockedDict:
        """Return plain values for JSON."""
        return {
            "post": self.post,
            "kind": self.kind,
            "state": self.state,
            "open": self.is_open,
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "latest": self.latest.isoformat() if self.latest else None,
            "against": [each.as_dict() for each in self.against],
            "undecided": [each.as_dict() for each in self.undecided],
            "advice": [each.as_dict() for each in self.advice],
        }


def stored_rules(store: Reader, programme: Programme) -> tuple[Rule, ...]:
    """Return the rules of appointment that are stored with the programme."""
    rows = store.read(STORED_RULES)
    text = rows[0]["rules"] if rows else None
    return parse_rules(text, programme=programme) if text else ()


def prepared(rules: Iterable[Rule], who: Candidate) -> Candidate:
    """Work out what other rules rest on: the end of the trial, and the grade after it."""
    uses = [rule.rule for rule in rules]
    return who.in_each_reading(lambda reading, _: _prepared(uses, reading))


def _prepared(uses: Iterable[AppointmentRule], who: Candidate) -> Candidate:
    trial, months, grade = None, 0, None
    possible: tuple[str, ...] = ()
    for use in uses:
        if use.trial_period and who.joined:
            months = use.trial_period.months
            trial = who.months_after(who.joined, months)
        if use.first_grade:
            grade = grade_by_education(use.first_grade, who.education)
            if not who.education:
                possible = tuple(dict.fromkeys(use.first_grade.by_education.values()))
    who = replace(who, trial_until=trial, trial_months=months)
    if who.grades or not who.is_trainee:
        return who
    if grade and trial:
        return replace(who, grades=((grade, trial),))
    return replace(who, possible_grades=possible)


def usual_kind(
    taken: Iterable[tuple[str, str | None, str | None, int]], post: str, post_kind: str | None
) -> str | None:
    """Return the kind of rotation by which a post is most often taken, or else one of its kind.

    `taken` has a post, its kind, a kind of rotation and how often. None where nobody took one.

    >>> taken = [("p", "staff", "rotation", 1), ("q", "staff", "appointment", 5)]
    >>> usual_kind(taken, "p", "staff"), usual_kind(taken, "new", "staff")
    ('rotation', 'appointment')
    """
    of_post, of_kind = Counter[str](), Counter[str]()
    for other, other_kind, kind, times in taken:
        if kind is None:
            continue
        if other == post:
            of_post[kind] += times
        if other_kind is not None and other_kind == post_kind:
            of_kind[kind] += times
    counts = of_post or of_kind
    return min(counts, key=lambda kind: (-counts[kind], kind)) if counts else None


def usual_kind_of(facts: Facts, post: str) -> str | None:
    """Return the usual kind of rotation to a post, from the facts of everybody."""
    taken = (
        (each.post, facts.posts[each.post].kind, each.kind, 1)
        for postings in facts.postings.values()
        for each in postings
    )
    return usual_kind(taken, post, facts.posts[post].kind)


@dataclass(frozen=True)
class Movers:
    """Some people on a day with the rules that are switched on, to be asked about any post."""

    reader: Reader
    rules: tuple[Rule, ...]
    facts: Facts
    people: Mapping[str, Candidate]

    def may_take(
        self,
        person: str,
        posts: Iterable[str],
        kind: str | None = None,
        gives_rank: bool = True,
    ) -> dict[str, Blocked]:
        """Ask every rule whether one of the people may take each of some posts that are stored.

        Without `kind`, each post is taken in its usual way. What gives no rank (acting, beside the
        home post) is no rise.
        """
        if person not in self.people:
            raise NotFound(N_("There is no person %(id)s."), id=person)
        facts = self.facts
        wanted = [post for post in dict.fromkeys(posts) if post in facts.posts]
        day = facts.on.isoformat()
        rows = self.reader.read(TAKEN, posts=wanted, on=day) if kind is None else []
        taken = [(row["post"], row["post_kind"], row["kind"], row["times"]) for row in rows]
        places = {post: place(facts, post) for post in wanted}
        if not gives_rank:
            places = {post: replace(there, rank=None) for post, there in places.items()}
        return {
            post: blocked(
                self.rules,
                self.people[person],
                places[post],
                kind or usual_kind(taken, post, facts.posts[post].kind),
            )
            for post in wanted
        }


def movers(reader: Reader, programme: Programme, on: date, people: Iterable[str]) -> Movers:
    """Read some people on a day, as the rules see them; in a transaction with what it wrote."""
    wanted = sorted(set(people))
    rules = tuple(rule for rule in stored_rules(reader, programme) if rule.enabled)
    facts = read_facts(reader, programme, on, wanted)
    found = candidates_among(reader, facts, wanted)
    return Movers(
        reader, rules, facts, {person: prepared(rules, who) for person, who in found.items()}
    )


def may_take(
    reader: Reader,
    programme: Programme,
    on: date,
    person: str,
    posts: Iterable[str],
    kind: str | None = None,
) -> dict[str, Blocked]:
    """Ask every rule whether a person may take each of some posts on a day."""
    return movers(reader, programme, on, [person]).may_take(person, posts, kind)


def blocked(
    rules: Iterable[Rule], who: Candidate, to: PostPlace, kind: str | None = None
) -> Blocked:
    """Ask the rules about one post. A higher rank with it is a rise, and judged as one."""
    wanted, held = who.programme.rank_index(to.rank), who.rank_index()
    rises = wanted is not None and (held is None or wanted > held)
    move = ProposedMove(rank=to.rank if rises else None, kind=kind, place=to)
    asked = [JudgedRule(rule, judge(rule, who, move)) for rule in rules if rule.enabled]
    order = {"hard": 0, "soft": 1, "warning": 2}
    against = sorted(
        (each for each in asked if each.verdict.state in ("blocks", "waits")),
        key=lambda each: order[each.rule.kind],
    )
    hard = [each for each in asked if each.rule.kind == "hard"]
    state = decision(hard)
    stand = [each.verdict for each in against if each.rule.kind == "hard"]
    first = max((each.since or who.on for each in stand), default=who.on)
    last = max((each.surely or who.on for each in stand), default=who.on)
    return Blocked(
        post=to.post or "",
        kind=kind,
        state=state,
        against=tuple(against),
        undecided=tuple(each for each in asked if each.verdict.state == "unknown"),
        advice=tuple(each for each in asked if each.verdict.advice),
        earliest=None if state == "blocked" else first,
        latest=last if state in ("open", "waits") else None,
    )
