"""Say why somebody has no post in a period of a plan."""

from __future__ import annotations

from graph.dates import first_day
from graph.errors import N_
from planning.plan import Plan
from planning.problem.instance import PlannedPerson, PlanningProblem
from planning.solve.model import Model, build
from queries.sentences import Sentence, say


def without_post(problem: PlanningProblem, plan: Plan) -> list[tuple[str, str, Sentence]]:
    """Return every period in which somebody has no post: person, first day, and the reason."""
    empty = [
        (person, t)
        for person in problem.people
        for t, day in enumerate(problem.horizon.days[:-1])
        if not any(
            each.person == person.id
            and not problem.keeps_home(each.kind)
            and first_day(each.since) <= day < first_day(each.until)
            for each in plan.assignments
        )
    ]
    is_known = all(t in person.absent or t in person.leave for person, t in empty)
    model = None if is_known else build(problem)
    return [
        (person.id, problem.horizon.name(t), _why_empty(problem, model, person, t))
        for person, t in empty
    ]


def _why_empty(
    problem: PlanningProblem, model: Model | None, person: PlannedPerson, period: int
) -> Sentence:
    if period in person.absent:
        return say(N_("%(person)s has not joined yet."), person=person.name)
    if period in person.leave:
        return say(N_("%(person)s is on leave."), person=person.name)
    open_posts = set()
    if model:
        postings, own = model.postings, problem.people.index(person)
        here = (postings.person == own) & (postings.begin <= period) & (postings.end > period)
        here &= ~postings.is_beside & ~postings.is_idle
        open_posts = set(postings.post[here].tolist())
    if not open_posts:
        template = N_("Every post breaks a hard rule for %(person)s in that period.")
        return say(template, person=person.name)
    template = N_("The %(count)s posts open to %(person)s are taken, or cost more than the gap.")
    return say(template, person=person.name, count=len(open_posts))
