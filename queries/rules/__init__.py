"""The rules of `rules.yaml`: one named function each, in one list.

The names and parameters are declared in `graph/rules.py`. What is in the list is what the earliest
legal date, the next posts and whoever else judges an appointment run.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graph.programme import Rule
from queries.rules import grades, posts, ranks, rough
from queries.rules.candidate import Candidate, ProposedMove, Verdict, of_readings

Judge = Callable[[Any, Candidate, ProposedMove], Verdict]

JUDGES: dict[str, Judge] = {
    judge.__name__: judge
    for judge in (
        ranks.trial_period,
        ranks.served_months,
        ranks.no_transfer,
        posts.hardship_service,
        ranks.rank_after,
        ranks.level_by_level,
        grades.grade_steps,
        grades.first_grade,
        ranks.post_trial,
        posts.keeps_home_post,
        posts.lasts,
        posts.age_at_most,
        posts.opposite_way,
        posts.kin_apart,
        posts.home_place,
        posts.longest_in_post,
        ranks.changes_in_term,
        posts.grassroots_wanted,
        ranks.settled,
        posts.township_counts,
        ranks.last_reviews,
    )
}


# Rough facts that some rules alone look at; every other one may matter to any rule.
_READ_BY = {
    rough.BORN: frozenset({"age_at_most"}),
    rough.REVIEWS: frozenset({"last_reviews", "grade_steps"}),
    rough.RELATIVES: frozenset({"kin_apart"}),
}


def judge(rule: Rule, who: Candidate, move: ProposedMove) -> Verdict:
    """Ask one rule about one move of one person, in a long and a short reading of the dates."""
    name, parameters = rule.rule.name, rule.rule.parameters
    ask = JUDGES[name]
    long = ask(parameters, who, move)
    if who.reading is None:
        return long
    matter = [each for each in who.rough if name in _READ_BY.get(each[0], JUDGES)]
    if not matter:
        return long
    short = ask(parameters, who.shortest(), move)
    if short == long:
        return long
    every = frozenset(fact for fact, _ in who.rough)
    about = tuple(
        each for each in matter if ask(parameters, who.reading(every - {each[0]}), move) != short
    )
    return of_readings(long, short, about or who.hangs_on or tuple(matter))
