"""The place Careers: which questions can be asked, each with its form or its page."""

from __future__ import annotations

from flask import render_template

from queries.careers.flows import years
from queries.personnel import personnel
from webapp.careers.asked import asked_day, choices
from webapp.careers.blueprint import bp
from webapp.careers.limits import asked_limits, kept_limits, limited
from webapp.careers.words import LEVEL_TITLES
from webapp.shell.store import current_store


@bp.get("/careers")
def index() -> str:
    """Show how many postings there are, and every question about them."""
    on, store, limits = asked_day(), current_store(), asked_limits()
    begun = personnel(store).columns.begun(on)
    asked = limits.people(store, personnel(store), on)
    person = begun.person[limits.in_period(begun.since)]
    person = person if asked is None else person[asked[person]]
    return render_template(
        "careers/index.html",
        on=on,
        count=len(person),
        people=len(set(person.tolist())),
        left_out=begun.left_out,
        span=years(store, on),
        choices=choices() if len(begun.at) else {},
        is_empty=not len(begun.at),
        levels=LEVEL_TITLES,
        kept=kept_limits(),
        **limited(limits),
    )
