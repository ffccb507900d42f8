"""Why one person is where a plan puts them, and what the next best posts would cost."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from graph.errors import N_, Conflict, NotFound
from planning import planner
from planning.run.runs import Run
from webapp.careers.ground import said
from webapp.planning.answers import Judged, judged, person_postings
from webapp.planning.blueprint import bp
from webapp.planning.ground import Found, find, ground, runs
from webapp.planning.running import progress
from webapp.shell.frame import term


def postings(seen: Judged, person: str) -> list[dict[str, Any]]:
    """Return a person's postings in a plan, each with its reasons."""
    if person not in seen.problem.person_by_id:
        raise NotFound(
            N_("%(id)s is not planned here."), N_("Choose somebody of the plan."), id=person
        )
    return [
        {
            **each.as_dict(),
            "post_name": seen.post(each.post),
            "kind_title": term("rotation_kinds", each.kind),
            "reasons": reasons,
        }
        for each, reasons in person_postings(seen, person)
    ]


def alternatives(run: Run, seen: Judged | None = None) -> list[dict[str, Any]]:
    """Return what other posts would cost, the next best first."""
    return [
        {
            "post": each.post,
            "post_name": seen.post(each.post) if seen else each.post,
            "extra": each.extra,
            "is_exact": each.is_exact,
            "message": said(each.sentence),
        }
        for each in run.value or ()
    ]


def known(found: Found) -> Judged:
    """Judge a plan whose people and posts are all still there; Conflict when they are not."""
    seen = judged(found)
    if not seen.is_known:
        raise Conflict(
            N_("The data have changed: somebody or some post of this plan is gone."),
            N_("Plan again."),
        )
    return seen


def answer(found: Found, person: str) -> dict[str, Any]:
    """Return why a person is where a plan puts them."""
    seen = known(found)
    return {
        "reference": found.reference,
        "person": person,
        "name": seen.person(person),
        "cost": found.plan.cost_by_person.get(person),
        "postings": postings(seen, person),
    }


@bp.get("/plans/<reference>/people/<path:person>")
def person(reference: str, person: str) -> str:
    """Show the reasons of a person's postings, and what other posts would cost once weighed."""
    found = find(reference)
    given = answer(found, person)
    id_ = request.args.get("run", "")
    state = runs().state(id_) if id_ else None
    weighed = request.args.get("post", "")
    begins = {each["post"]: each["since"] for each in reversed(given["postings"])}
    return render_template(
        "planning/person.html",
        found=found,
        **given,
        run=progress(state) if state else None,
        weighed=weighed,
        since=begins.get(weighed, ""),
        alternatives=alternatives(state, known(found)) if state and state.is_over else [],
    )


@bp.post("/plans/<reference>/people/<path:person>")
def weigh(reference: str, person: str) -> ResponseReturnValue:
    """Start to price other posts for a person instead of one in the plan."""
    found, post = find(reference), request.form.get("post", "")
    id_ = begin_weighing(found, person, post)
    url = url_for("planning.person", reference=reference, person=person, run=id_, post=post)
    return redirect(url, 303)


def begin_weighing(found: Found, person: str, post: str) -> str:
    """Start to price other posts; give the run's id."""
    given = postings(known(found), person)
    if post not in {each["post"] for each in given}:
        raise NotFound(
            N_("%(person)s does not hold %(post)s in this plan."),
            N_("Choose one of their posts."),
            person=person,
            post=post or "-",
        )
    return planner.begin_weighing(ground(), runs(), found.plan, person, post)
