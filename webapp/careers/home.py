"""The place Careers: which questions can be asked, each with its form or its page."""

from __future__ import annotations

from flask import render_template

from queries.careers.flows import years
from queries.personnel import postings
from webapp.careers.asked import asked_day, choices
from webapp.careers.blueprint import bp
from webapp.careers.words import LEVEL_TITLES
from webapp.shell.store import current_store


@bp.get("/careers")
def index() -> str:
    """Show how many postings there are, and every question about them."""
    on, store = asked_day(), current_store()
    begun = postings(store).begun(on)
    return render_template(
        "careers/index.html",
        on=on,
        count=len(begun.at),
        people=len(set(begun.person.tolist())),
        left_out=begun.left_out,
        span=years(store, on),
        choices=choices() if len(begun.at) else {},
        levels=LEVEL_TITLES,
    )
