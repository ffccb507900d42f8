"""Why one person is where a plan puts them, and what the next best posts would cost."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from typing_extensions import TypedDict

from graph.errors import N_, NotFound
from planning import planner
from planning.plan import PlanPostingRow
from planning.run.written import Run
from planning.view import PlanView
from webapp.planning.blueprint import bp
from webapp.planning.forms import WeighForm
from webapp.planning.found import PlanFound, context, find, view_of, whole_view_of
from webapp.planning.running import progress
from webapp.shell.asking import Asked
from webapp.shell.form_links import kept_name
from webapp.shell.sentences import said, title
from webapp.shell.store import current_jobs


class AlternativeRow(TypedDict):
    """What another post would cost."""

    post: str
    post_name: str
    extra: int | None  # None: it cannot be
    is_exact: bool
    message: str


class PlannedPersonDict(TypedDict):
    """Why a person is where a plan puts them."""

    reference: str
    person: str
    name: str
    cost: int | None
    postings: list[PlanPostingRow]


def alternatives(run: Run, view: PlanView | None = None) -> list[AlternativeRow]:
    """Return what other posts would cost, the next best first."""
    names = dict(view.details.posts) if view and view.details else {}
    return [
        {
            "post": each.post,
            "post_name": names.get(each.post, each.post),
            "extra": each.extra,
            "is_exact": each.is_exact,
            "message": said(each.sentence),
        }
        for each in run.value or ()
    ]


def answer(found: PlanFound, person: str) -> PlannedPersonDict:
    """Return why a person is where a plan puts them."""
    _view, details = whole_view_of(found)
    names = dict(details.people)
    if person not in names:
        raise NotFound(
            N_("%(id)s is not planned here."), N_("Choose somebody of the plan."), id=person
        )
    return {
        "reference": found.reference,
        "person": person,
        "name": names[person],
        "cost": found.plan.cost_by_person.get(person),
        "postings": [each.as_dict(said, title) for each in details.of_person(person)],
    }


class WeighingPage(Asked):
    """The run that weighs other posts for a person, and the posting that they would replace."""

    run: str = ""
    post: str = ""


@bp.get("/plans/<reference>/people/<path:person>")
def person(reference: str, person: str) -> str:
    """Show the reasons of a person's postings, and what other posts would cost once weighed."""
    found = find(reference)
    given = answer(found, person)
    asked = WeighingPage.read()
    state = planner.state(current_jobs(), asked.run) if asked.run else None
    weighed = asked.post
    begins = {each["post"]: each["since"] for each in reversed(given["postings"])}
    return render_template(
        "planning/person.html",
        found=found,
        **given,
        run=progress(state) if state else None,
        weighed=weighed,
        since=begins.get(weighed, ""),
        alternatives=alternatives(state, view_of(found)) if state and state.is_over else [],
    )


@bp.post("/plans/<reference>/people/<path:person>")
def weigh(reference: str, person: str) -> ResponseReturnValue:
    """Start to price other posts for a person instead of one in the plan."""
    found, post = find(reference), WeighForm.sent().post.data
    id_ = begin_weighing(found, person, post)
    url = url_for("planning.person", reference=reference, person=person, run=id_, post=post)
    return redirect(url, 303)


def begin_weighing(found: PlanFound, person: str, post: str) -> str:
    """Start to price other posts; give the run's id."""
    given = answer(found, person)["postings"]
    if post not in {each["post"] for each in given}:
        raise NotFound(
            N_("%(person)s does not hold %(post)s in this plan."),
            N_("Choose one of their posts."),
            person=person,
            post=post or "-",
        )
    jobs = current_jobs()
    return planner.begin_weighing(context(), jobs, found.plan, person, post, by=kept_name())
