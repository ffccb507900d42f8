"""What is said of a scene in words: whose it is, its filters, what it shows and leaves out."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from queries.network.scene import Scene
from webapp.shell.frame import term

KIND_TITLES = {
    "mentors": _l("{Mentors}"),
    "trainees": _l("{Trainees}"),
    "posts": _l("Posts held"),
    "holders": _l("Who held it"),
    "unit": _l("Its unit"),
    "unit_posts": _l("Its posts"),
    "below": _l("Units below"),
    "above": _l("Unit above"),
}
THINGS = {"post": _l("Post"), "unit": _l("Unit")}


def titles(terms: str) -> Callable[[str | None], str]:
    """Return what names a key of one list, and looks each up once: a scene asks for a thousand."""
    return cache(lambda key: term(terms, key))


def name_of(scene: Scene) -> str:
    """Name a scene after those who were asked for."""
    names, view = {card.id: card.name for card in scene.people}, scene.view
    said = [names.get(id_, id_) for id_ in view.person]
    said += [scene.units[id_] for id_ in view.unit]
    said += [_("cohort %(year)s", year=year) for year in view.cohort]
    return _(", ").join(said)


def conditions(scene: Scene) -> list[tuple[str, str, dict[str, Any]]]:
    """Say each filter in words, with what it is and the parameters of the view without it."""
    view = scene.view
    kinds = _(", ").join(term("mentoring_kinds", kind) for kind in view.only_kind)
    said: list[tuple[str, str, dict[str, Any]]] = [
        (_("Kind of mentoring"), kinds, {"only_kind": ()}),
        (_("Unit"), scene.units.get(view.only_unit, ""), {"only_unit": ""}),
        (_("Cohort"), view.only_cohort, {"only_cohort": ""}),
        (_("Rank"), term("ranks_and_grades", view.only_rank), {"only_rank": ""}),
        (_("Stage"), term("stages", view.only_stage), {"only_stage": ""}),
        (_("Ties within"), _span(view.since, view.until), {"since": "", "until": ""}),
    ]
    return [each for each in said if each[1]]


def _span(since: str, until: str) -> str:
    return f"{since or '…'} – {until or '…'}" if since or until else ""


def shown_of(scene: Scene) -> str:
    """Return how many of how many are shown."""
    return _("%(shown)s of %(total)s shown", shown=len(scene.people), total=scene.total)


def summary(scene: Scene) -> list[str]:
    """Return in sentences what the picture shows and what it leaves out."""
    said = [f"{shown_of(scene)}{_('.')}"]
    if scene.unmatched:
        said.append(
            ngettext(
                "%(num)s person does not match the filters.",
                "%(num)s people do not match the filters.",
                scene.unmatched,
            )
        )
    if scene.closed:
        said.append(ngettext("%(num)s closed by hand.", "%(num)s closed by hand.", scene.closed))
    return said


def page_words() -> dict[str, Any]:
    """Return the words that the script of a picture shows."""
    return {
        "nobody": _("Select a mark or a row to see who it is."),
        "tie": _("Tie"),
        "ties": _("%(n)s ties", n="{n}"),
        "open": _("Open the file"),
        "openThing": _("Open the page"),
        "around": _("Network around"),
        "expand": _("Show %(n)s more", n="{n}"),
        "filtered": _("%(n)s hidden by the legend", n="{n}"),
        "correct": _("Correct"),
        "actions": _("What to do with %(name)s", name="{name}"),
        "kinds": {kind: str(title) for kind, title in KIND_TITLES.items()},
        "show": _("Show: %(kind)s (%(n)s)", kind="{kind}", n="{n}"),
        "close": _("Close: %(kind)s (%(n)s)", kind="{kind}", n="{n}"),
        "roots": _("Up to the roots"),
        "descendants": _("All descendants"),
        "line": _("Highlight the whole line"),
        "pathFrom": _("Path from here"),
        "pathTo": _("Path to here"),
        "pathBegun": _(
            "Path from %(name)s: now choose the other end and “Path to here”.", name="{name}"
        ),
        "hide": _("Hide"),
        "unpin": _("Release the position"),
        "alone": _("Only the network around"),
        "lineage": _("Lineage"),
        "loading": _("Drawing…"),
        "failed": _("The view could not be loaded; the page is opened anew."),
        "copied": _("The address is copied; whoever opens it sees this view."),
        "selected": _("%(name)s: %(facts)s", name="{name}", facts="{facts}"),
    }
