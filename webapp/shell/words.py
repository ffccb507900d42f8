"""The words of the stored programme: titles of ranks and kinds, its name and its day.

Whatever shows a rank or a kind takes its title here, so it reads the same on every page.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from graph.programme import day_of
from queries.stored_programme import stored_text
from webapp.shell import day
from webapp.shell.language import language
from webapp.shell.store import current_store
from webapp.shell.stored import programme as programme

# Values that the schema itself lists.
_VALUES: dict[str, LazyString] = {
    "actual": _l("actual"),
    "planned": _l("planned"),
    "trainee": _l("{Trainee}"),
    "mentor": _l("{Mentor}"),
}
# Where the title of a column's value may stand in the programme; the first that lists it counts.
_LISTS: dict[str, tuple[str, ...]] = {
    "account": ("accounts",),
    "key": ("totals",),
    "kind": (
        "rotation_kinds",
        "mentoring_kinds",
        "unit_kinds",
        "post_kinds",
        "activity_kinds",
        "record_kinds",
    ),
    "duties": ("mentoring_duties",),
    "level": ("levels", "activity_levels"),
    "marks": ("posting_marks",),
    "methods": ("mentoring_methods",),
    "rank": ("ranks_and_grades",),
    "relation": ("relations",),
    "result": ("results",),
    "role": ("attendance_roles",),
    "roles": (),
    "status": ("statuses",),
    "tasks": ("growth_tasks",),
}
TASK_STATES = {"": _l("open"), "begun": _l("begun"), "done": _l("done")}


def programme_text() -> str:
    """Return the text of the stored programme.yaml, empty when none is stored."""
    return stored_text(current_store())


def title(terms: str, key: str | None) -> str:
    """Return the title of a key of one list of the programme, as in `title("ranks", "section")`."""
    return programme().title(terms, key, language())


def value(column: str, stored: Any, terms: str = "") -> Any:
    """Return a stored value as a person reads it; `terms` names its list where it is known.

    What has no word stays as it is.
    """
    if column not in _LISTS:
        return stored
    if isinstance(stored, list):
        return [value(column, each, terms) for each in stored]
    if stored in _VALUES:
        return str(_VALUES[stored])
    if column == "tasks" and "=" in str(stored):  # a growth task and how far it is
        key, _sign, state = str(stored).partition("=")
        return f"{value(column, key, terms)} ({TASK_STATES.get(state, state)})"
    known = programme()
    for name in (terms,) if terms else _LISTS[column]:
        for term in known.values(name):
            if term.key == stored:
                return term.text(language())
    return stored


def today() -> date:
    """Return the programme's own day where it has one, else that of the clock."""
    return day_of(programme(), date.today())


def as_of() -> date:
    """Return the day that is looked at: of the address or the command, else today."""
    return day.asked() or today()
