"""Rules on a person in a post: how often such a posting breaks each of them, and when.

What a rule finds is a count; whether that is forbidden or has a cost is its setting's business.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.dates import add_months, months_between
from planning.problem.defaults import Setting
from planning.problem.instance import OfferedPost, PlannedPerson, PlanningProblem
from queries.rules.posts import home_among

NEVER = 1_000  # a boundary after every horizon


@dataclass(frozen=True)
class Breach:
    """How often a posting breaks a rule when it begins in `since <= begin < until`."""

    units: int = 1
    since: int = 0
    until: int = NEVER


def offers(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Refuse posts whose kind of exercise is not known."""
    return Breach() if post.exercise is None else None


def rank_kept(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Refuse a main post below the person's rank, the exempt kinds of exercise aside."""
    own, asked = problem.rank_index(person.rank), problem.rank_index(post.rank)
    if own is None or asked is None or asked >= own:
        return None
    is_exempt = post.exercise in setting["exempt"] or problem.keeps_home(post.exercise)
    return None if is_exempt else Breach()


def level_by_level(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Refuse a rise by two ranks, and one within so many months of the last."""
    own, asked = problem.rank_index(person.rank), problem.rank_index(post.rank)
    if own is None or asked is None or asked <= own:
        return None
    if asked > own + 1:
        return Breach()
    if person.rank_since is None:
        return None
    return Breach(until=problem.horizon.boundary(add_months(person.rank_since, setting["months"])))


def rank_after(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Refuse a rise to the rule's rank before what it asks for has been served."""
    own, asked = problem.rank_index(person.rank), problem.rank_index(post.rank)
    if own is None or asked is None or asked <= own or post.rank != setting["rank"]:
        return None
    if person.rank not in setting["from_"]:
        return Breach()
    days = []
    if person.rank_since is not None:
        since = person.rank_since
        trial = problem.setting("trial_period")
        if not setting["trial_counts"] and person.joined_on is not None and trial:
            since = max(since, add_months(person.joined_on, trial["months"]))
        days.append(add_months(since, setting["months"]))
    if setting["work_months"] and person.joined_on is not None:
        days.append(add_months(person.joined_on, setting["work_months"]))
    if setting["posts_below"]:
        ranks = {post.id: post.rank for post in problem.posts}
        below = {each.post for each in person.history if ranks.get(each.post) == person.rank}
        if len(below) < setting["posts_below"]:
            return Breach()
    if not days:
        return None
    return Breach(until=problem.horizon.boundary(max(days)))


def last_reviews(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Refuse a rise to somebody with a bad appraisal among the last ones."""
    own, asked = problem.rank_index(person.rank), problem.rank_index(post.rank)
    if own is None or asked is None or asked <= own:
        return None
    bad = set(setting["none_of"]) & set(person.reviews[: setting["last"]])
    return Breach() if bad else None


def demands(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Count a person who has none of the specialties that a post asks for."""
    if not post.demands or not person.specialties:
        return None
    return None if set(post.demands) & set(person.specialties) else Breach()


def home_place(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Refuse posts of these kinds in the place that a person comes from (R17)."""
    if post.kind not in setting["post_kinds"] or not person.native_place:
        return None
    units = [problem.unit_by_id.get(id_) for id_ in problem.unit_by_id[post.unit].chain]
    if units[0] is None or units[0].kind not in setting["unit_kinds"]:
        return None
    names = [unit.name for unit in units if unit]
    return None if home_among(person.native_place, names) is None else Breach()


def trial_period(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Refuse to move somebody who has a post and is on trial (R1)."""
    if person.joined_on is None or person.main is None:
        return None
    return Breach(until=problem.horizon.boundary(add_months(person.joined_on, setting["months"])))


def no_transfer(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Refuse rotations of these kinds in the first months after joining (R3)."""
    if person.joined_on is None or post.exercise not in setting["kinds"]:
        return None
    return Breach(until=problem.horizon.boundary(add_months(person.joined_on, setting["months"])))


def hardship_stays(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Refuse to move recruits of a post in hardship away before their service is done (R4)."""
    until = hardship_until(problem, setting, person)
    if until is None or post.exercise in setting["allowed_kinds"]:
        return None
    return Breach(until=until)


def hardship_until(problem: PlanningProblem, setting: Setting, person: PlannedPerson) -> int | None:
    """Return the boundary until which a person must serve in a present post in hardship (R4)."""
    if person.joined_on is None or person.main is None:
        return None
    post = problem.post_by_id.get(person.main.post)
    if post is None or post.hardship is None or post.hardship < setting["hardship"]:
        return None
    return problem.horizon.boundary(add_months(person.joined_on, setting["months"]))


def age_at_most(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Count postings of these kinds that begin above the age (R15)."""
    kind = problem.unit_by_id[post.unit].kind
    if person.born_on is None or kind not in setting["unit_kinds"]:
        return None
    if post.exercise not in setting["kinds"]:
        return None
    turns = add_months(person.born_on, 12 * (setting["years"] + 1))
    return Breach(since=problem.horizon.boundary(turns))


def opposite_way(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Count secondments that keep long-serving people on their side, above or below (R15)."""
    if post.exercise not in setting["kinds"]:
        return None
    side = problem.unit_by_id[post.unit].kind
    months = {"above": 0, "below": 0}
    day = problem.horizon.since
    for begun in person.history:
        unit = problem.unit_by_id.get(begun.unit or "")
        if unit and begun.since and not problem.keeps_home(begun.kind):
            for place in ("above", "below"):
                if unit.kind in setting[place]:
                    months[place] += months_between(begun.since, min(begun.until or day, day))
    long = [place for place in months if months[place] >= setting["months"]]
    return Breach() if len(long) == 1 and side in setting[long[0]] else None


def returns(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Refuse units that the person has served in or serves in."""
    return Breach() if any(each.unit == post.unit for each in person.history) else None


def few_moves(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Count every new posting."""
    return Breach()


def wishes(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Count by how many places a post misses the first wish; one not wished for, as `unlisted`."""
    if not any(wish.rank for wish in person.wishes):
        return None
    chain = problem.unit_by_id[post.unit].chain
    ranks = [
        wish.rank
        for wish in person.wishes
        if wish.rank and (wish.post == post.id or (wish.unit is not None and wish.unit in chain))
    ]
    units = min(min(ranks) - 1, setting["unlisted"]) if ranks else setting["unlisted"]
    return Breach(units) if units else None


def avoided(
    problem: PlanningProblem, setting: Setting, person: PlannedPerson, post: OfferedPost
) -> Breach | None:
    """Count posts and units that the person asked to be kept from."""
    chain = problem.unit_by_id[post.unit].chain
    for wish in person.wishes:
        if wish.rank is None and (wish.post == post.id or (wish.unit and wish.unit in chain)):
            return Breach()
    return None
