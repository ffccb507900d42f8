"""Words of the planning pages: states, stages, rules, costs and gaps."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planning.problem.defaults import Setting
from webapp.shell.language import language

STATUSES = {
    "optimal": ("green", _l("none is better")),
    "feasible": ("blue", _l("a better one may exist")),
    "infeasible": ("red", _l("impossible")),
    "unknown": ("yellow", _l("nothing found in time")),
}
RUN_STATUSES = {
    "running": ("blue", _l("running")),
    "done": ("green", _l("done")),
    "stopped": ("yellow", _l("stopped")),
    "failed": ("red", _l("failed")),
    "lost": ("red", _l("cut off by a restart")),
}
_LOST = {"cut off": "lost"}  # what the JSON of a run has always called it
STAGES = {
    "": _l("starting"),
    "built": _l("the rules are set up"),
    "relaxed": _l("a first bound is known"),
    "priced": _l("looking for cheaper careers"),
    "chosen": _l("a plan is found; looking for a cheaper one"),
    "closed": _l("the bound is raised"),
    "enumerated": _l("going through what is left"),
    "done": _l("finished"),
    "explaining": _l("no plan exists; looking for the reason"),
    "relaxing": _l("looking for the cheapest way out"),
}
PERIODS = {"half-year": _l("half-year"), "quarter": _l("quarter")}


def run_status(state: str) -> str:
    """Return how the JSON of a run names the state of a job.

    >>> run_status("cut off"), run_status("done")
    ('lost', 'done')
    """
    return _LOST.get(state, state)


def rule_title(setting: Setting) -> str:
    """Return a rule's title in the language of the page."""
    return setting.en if language() == "en" else setting.zh


def gap_text(gap: float | None) -> str:
    """Say a gap; a plan without a bound has none yet."""
    return _("no bound yet") if gap is None else f"{gap:.1%}"


def money(value: float | None) -> str:
    """Say a cost or a bound, as the JSON has it but no longer than one digit after the point.

    >>> money(None), money(466.0), money(1130.7396)
    ('–', '466', '1130.7')
    """
    if value is None:
        return "–"
    return f"{round(value, 1):g}" if value < 100_000 else f"{value:.0f}"
