"""The planning rules, one function (or two) each, in one list.

A rule judges a person in a post (`pair`), a span of time (`span`) or what people do together
(`rows`). Pair and span rules count how often a posting breaks them; row rules give linear rows. The
checker does not use this folder: it states every rule again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graph.errors import N_
from planning.problem.defaults import Setting
from planning.problem.instance import BegunPosting, OfferedPost, PlannedPerson, PlanningProblem
from planning.problem.postings import CandidatePostings
from planning.rules import pairs, spans, structure, together
from planning.rules.pairs import Breach
from planning.rules.rows import RowBlock
from queries.sentences import Sentence, Term

Pair = Callable[[PlanningProblem, Setting, PlannedPerson, OfferedPost], Breach | None]
Span = Callable[
    [PlanningProblem, Setting, PlannedPerson, OfferedPost, BegunPosting | None, int, int], int
]
Rows = Callable[[PlanningProblem, Setting, CandidatePostings], Iterator[RowBlock]]


@dataclass(frozen=True)
class PlanningRule:
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


RULES: tuple[PlanningRule, ...] = (
    PlanningRule("one_post", N_("%(person)s holds one post at a time."), rows=structure.one_post),
    PlanningRule(
        "capacity",
        N_("%(post)s has no more places in the period from %(period)s."),
        rows=together.capacity,
    ),
    PlanningRule("offers", N_("What exercise %(post)s gives is not known."), pair=pairs.offers),
    PlanningRule("agreed_end", N_("A posting of %(person)s ends on an agreed day.")),
    PlanningRule("placed", N_("%(person)s must have a post in the period from %(period)s.")),
    PlanningRule(
        "must_cover",
        N_("%(post)s must be held in the period from %(period)s."),
        rows=together.must_cover,
    ),
    PlanningRule(
        "rank_kept", N_("%(post)s is below the rank of %(person)s."), pair=pairs.rank_kept
    ),
    PlanningRule(
        "demands",
        N_("%(person)s has none of the specialties that %(post)s asks for."),
        pair=pairs.demands,
        per_period=True,
        holds_for_present=True,
    ),
    PlanningRule(
        "stage_first",
        N_("%(person)s has not yet served what must come before %(kind)s."),
        span=spans.first_things,
        rows=together.stage_first,
    ),
    PlanningRule(
        "exercises", N_("%(person)s must have served %(kind)s by the end."), rows=together.exercises
    ),
    PlanningRule(
        "tenure",
        N_("A posting of %(person)s is too short or too long for its kind."),
        span=spans.tenure,
    ),
    PlanningRule(
        "no_return",
        N_("%(person)s has served in %(unit)s before."),
        pair=pairs.returns,
        rows=together.no_return,
    ),
    PlanningRule(
        "mentors",
        N_("%(unit)s has {mentors} (%(kind)s) for no more people in the period from %(period)s."),
        rows=together.mentors,
    ),
    PlanningRule("leave", N_("%(person)s is on leave, or has not joined yet."), span=spans.leave),
    PlanningRule(
        "wishes",
        N_("%(post)s is not what %(person)s wished for first."),
        pair=pairs.wishes,
        per_period=True,
        holds_for_present=True,
    ),
    PlanningRule(
        "avoided",
        N_("%(person)s asked not to be sent to %(post)s."),
        pair=pairs.avoided,
        per_period=True,
        holds_for_present=True,
    ),
    PlanningRule(
        "hardship_shared",
        N_("%(person)s bears more than an even share of hardship."),
        rows=together.hardship_shared,
    ),
    PlanningRule("few_moves", N_("%(person)s is moved."), pair=pairs.few_moves),
    PlanningRule(
        "pinned",
        N_("%(person)s is pinned to %(post)s in the period from %(period)s."),
        rows=structure.pinned,
    ),
    PlanningRule(
        "forbidden",
        N_("%(person)s may not be in %(post)s in the period from %(period)s."),
        rows=structure.forbidden,
    ),
    PlanningRule(
        "keeps_home_post",
        N_("The home post of %(person)s is kept during a secondment."),
        rows=structure.keeps_home_post,
    ),
    PlanningRule(
        "kin_apart",
        N_("%(person)s and %(relative)s are relatives, and one leads %(unit)s."),
        rows=together.kin_apart,
    ),
    PlanningRule("trial_period", N_("%(person)s is still on trial."), pair=pairs.trial_period),
    PlanningRule(
        "no_transfer", N_("%(person)s joined too recently to be moved."), pair=pairs.no_transfer
    ),
    PlanningRule(
        "hardship_service",
        N_("%(person)s must serve in the present post in hardship first."),
        pair=pairs.hardship_stays,
        span=spans.hardship_allows,
    ),
    PlanningRule(
        "rank_after",
        N_("%(person)s has not served long enough for the rank of %(post)s."),
        pair=pairs.rank_after,
    ),
    PlanningRule(
        "level_by_level",
        N_("%(post)s would raise %(person)s by two ranks, or too soon."),
        pair=pairs.level_by_level,
    ),
    PlanningRule(
        "lasts",
        N_("The secondment of %(person)s is shorter or longer than usual."),
        span=spans.lasts,
    ),
    PlanningRule(
        "age_at_most", N_("%(person)s is too old to begin at %(post)s."), pair=pairs.age_at_most
    ),
    PlanningRule(
        "opposite_way",
        N_("%(person)s has long been on the same side as %(post)s."),
        pair=pairs.opposite_way,
    ),
    PlanningRule(
        "home_place", N_("%(person)s comes from the place of %(post)s."), pair=pairs.home_place
    ),
    PlanningRule(
        "longest_in_post",
        N_("%(person)s has been in the post too long."),
        span=spans.longest_in_post,
    ),
    PlanningRule(
        "changes_in_term",
        N_("%(person)s changes posts more often than a term allows."),
        rows=together.changes_in_term,
    ),
    PlanningRule(
        "grassroots_wanted",
        N_("%(person)s lacks time at the grassroots."),
        rows=together.grassroots_wanted,
    ),
    PlanningRule(
        "settled", N_("%(person)s leaves a post within its first months."), span=spans.settled
    ),
    PlanningRule(
        "last_reviews",
        N_("%(person)s has an appraisal that stands against a rise."),
        pair=pairs.last_reviews,
    ),
)

RULE_BY_NAME = {rule.name: rule for rule in RULES}


def broken(problem: PlanningProblem, name: str, **ids: object) -> Sentence:
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
