"""The planning rules, one function (or two) each, in one list.

A rule judges a person in a post (`pair`), a stretch of time (`span`) or what people do together
(`rows`). Pair and span rules count how often a stint breaks them; row rules give linear rows. The
checker does not use this folder: it states every rule again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graph.errors import N_
from planning.defaults import Setting
from planning.problem import Person, Post, Problem, Served
from planning.rules import postings, spans, structure, together
from planning.rules.postings import Breach
from planning.stints import Block, Stints
from queries.sentences import Sentence, Term

Pair = Callable[[Problem, Setting, Person, Post], Breach | None]
Span = Callable[[Problem, Setting, Person, Post, Served | None, int, int], int]
Rows = Callable[[Problem, Setting, Stints], Iterator[Block]]


@dataclass(frozen=True)
class Rule:
    """One rule by its name, with the sentence that says how it is broken.

    `per_period`: a pair's units count once a period. `holds_for_present`: as a soft rule it counts
    for the post held at the first day too; a hard rule never forbids what is already so.
    """

    name: str
    sentence: str
    pair: Pair | None = None
    span: Span | None = None
    rows: Rows | None = None
    per_period: bool = False
    holds_for_present: bool = False


RULES: tuple[Rule, ...] = (
    Rule("one_post", N_("%(person)s holds one post at a time."), rows=structure.one_post),
    Rule(
        "capacity",
        N_("%(post)s has no more places in the period from %(period)s."),
        rows=together.capacity,
    ),
    Rule("offers", N_("What exercise %(post)s gives is not known."), pair=postings.offers),
    Rule("agreed_end", N_("A posting of %(person)s ends on an agreed day.")),
    Rule("placed", N_("%(person)s must have a post in the period from %(period)s.")),
    Rule(
        "must_cover",
        N_("%(post)s must be held in the period from %(period)s."),
        rows=together.must_cover,
    ),
    Rule("rank_kept", N_("%(post)s is below the rank of %(person)s."), pair=postings.rank_kept),
    Rule(
        "demands",
        N_("%(person)s has none of the specialties that %(post)s asks for."),
        pair=postings.demands,
        per_period=True,
        holds_for_present=True,
    ),
    Rule(
        "stage_first",
        N_("%(person)s has not yet served what must come before %(kind)s."),
        span=spans.first_things,
        rows=together.stage_first,
    ),
    Rule(
        "exercises", N_("%(person)s must have served %(kind)s by the end."), rows=together.exercises
    ),
    Rule(
        "tenure",
        N_("A posting of %(person)s is too short or too long for its kind."),
        span=spans.tenure,
    ),
    Rule(
        "no_return",
        N_("%(person)s has served in %(unit)s before."),
        pair=postings.returns,
        rows=together.no_return,
    ),
    Rule(
        "mentors",
        N_("%(unit)s has mentors (%(kind)s) for no more people in the period from %(period)s."),
        rows=together.mentors,
    ),
    Rule("leave", N_("%(person)s is on leave, or has not joined yet."), span=spans.leave),
    Rule(
        "wishes",
        N_("%(post)s is not what %(person)s wished for first."),
        pair=postings.wishes,
        per_period=True,
        holds_for_present=True,
    ),
    Rule(
        "avoided",
        N_("%(person)s asked not to be sent to %(post)s."),
        pair=postings.avoided,
        per_period=True,
        holds_for_present=True,
    ),
    Rule(
        "hardship_shared",
        N_("%(person)s bears more than an even share of hardship."),
        rows=together.hardship_shared,
    ),
    Rule("few_moves", N_("%(person)s is moved."), pair=postings.few_moves),
    Rule(
        "pinned",
        N_("%(person)s is pinned to %(post)s in the period from %(period)s."),
        rows=structure.pinned,
    ),
    Rule(
        "forbidden",
        N_("%(person)s may not be in %(post)s in the period from %(period)s."),
        rows=structure.forbidden,
    ),
    Rule(
        "keeps_home_post",
        N_("The home post of %(person)s is kept during a secondment."),
        rows=structure.keeps_home_post,
    ),
    Rule(
        "kin_apart",
        N_("%(person)s and %(relative)s are relatives, and one leads %(unit)s."),
        rows=together.kin_apart,
    ),
    Rule("trial_period", N_("%(person)s is still on trial."), pair=postings.trial_period),
    Rule(
        "no_transfer", N_("%(person)s joined too recently to be moved."), pair=postings.no_transfer
    ),
    Rule(
        "hardship_service",
        N_("%(person)s must serve in the present post in hardship first."),
        pair=postings.hardship_stays,
        span=spans.hardship_allows,
    ),
    Rule(
        "rank_after",
        N_("%(person)s has not served long enough for the rank of %(post)s."),
        pair=postings.rank_after,
    ),
    Rule(
        "level_by_level",
        N_("%(post)s would raise %(person)s by two ranks, or too soon."),
        pair=postings.level_by_level,
    ),
    Rule(
        "lasts",
        N_("The secondment of %(person)s is shorter or longer than usual."),
        span=spans.lasts,
    ),
    Rule(
        "age_at_most", N_("%(person)s is too old to begin at %(post)s."), pair=postings.age_at_most
    ),
    Rule(
        "opposite_way",
        N_("%(person)s has long been on the same side as %(post)s."),
        pair=postings.opposite_way,
    ),
    Rule(
        "home_place", N_("%(person)s comes from the place of %(post)s."), pair=postings.home_place
    ),
    Rule(
        "longest_in_post",
        N_("%(person)s has been in the post too long."),
        span=spans.longest_in_post,
    ),
    Rule(
        "changes_in_term",
        N_("%(person)s changes posts more often than a term allows."),
        rows=together.changes_in_term,
    ),
    Rule(
        "grassroots_wanted",
        N_("%(person)s lacks time at the grassroots."),
        rows=together.grassroots_wanted,
    ),
    Rule("settled", N_("%(person)s leaves a post within its first months."), span=spans.settled),
    Rule(
        "last_reviews",
        N_("%(person)s has an appraisal that stands against a rise."),
        pair=postings.last_reviews,
    ),
)

RULE_BY_NAME = {rule.name: rule for rule in RULES}


def broken(problem: Problem, name: str, **ids: object) -> Sentence:
    """Return how a rule is broken; ids of people, posts and units become names."""
    values: dict[str, object] = {
        "person": "", "relative": "", "post": "", "unit": "", "period": "", "kind": ""
    }  # fmt: skip
    for key, id_ in ids.items():
        if id_ is None:
            continue
        if key in ("person", "relative"):
            values[key] = problem.person_name(str(id_))
        elif key == "post":
            values[key] = problem.post_name(str(id_))
        elif key == "unit":
            unit = problem.unit_by_id.get(str(id_))
            values[key] = unit.name if unit else id_
        elif key == "period" and isinstance(id_, int):
            values[key] = problem.horizon.name(id_)
        elif key == "kind":
            values[key] = Term(
                "mentoring_kinds" if name == "mentors" else "rotation_kinds", str(id_)
            )
        else:
            values[key] = id_
    return Sentence(RULE_BY_NAME[name].sentence, values)
