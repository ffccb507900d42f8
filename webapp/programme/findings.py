"""How findings of the audit stand in a table, the same on every page that shows some."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from queries.programme import audit as audits
from queries.programme import mentoring
from queries.programme.facts import Facts
from webapp.programme.cells import Cells, column, link
from webapp.programme.hand_over import appoint_url, mend_url
from webapp.shell.form_links import form_for
from webapp.shell.frame import term
from webapp.shell.sentences import said

# Where one goes to mend what a check found.
_MENDED_AT = {
    "focus_to_confirm": "programme.focus",
    "focus_no_longer_met": "programme.focus",
    "request_late": "programme.duties",
    "request_open": "programme.duties",
}


def level_word(level: str) -> str:
    """Say a level in a word."""
    return {"red": _("red"), "yellow": _("yellow"), "blue": _("blue")}[level]


def columns(with_person: bool = True) -> list[dict[str, Any]]:
    """Return the columns of a table of findings."""
    person = [column("person", _("Name"), grow=2), column("unit", _("Unit"), grow=3)]
    return [
        column("level", _("Light"), grow=1),
        column("rule", _("Rule"), grow=3),
        column("mechanism", _("Mechanism"), grow=1),
        *(person if with_person else ()),
        column("due", _("Since or by"), grow=2),
        column("message", _("What was found"), grow=9),
        column("next", _("Next step"), grow=1),
    ]


def rows(known: Facts, found: Iterable[audits.Finding]) -> list[dict[str, Any]]:
    """Return the rows of a table of findings; each rule says itself when it is pointed at."""
    cells = Cells(known)
    return [
        {
            "level": cells.state(
                each.level, level_word(each.level), str(audits.LEVELS.index(each.level))
            ),
            "rule": _rule(each),
            "mechanism": each.mechanism
            and {
                "url": link("programme.mechanism", key=each.mechanism),
                "text": each.mechanism,
                "title": term("mechanisms", each.mechanism),
            },
            "person": cells.person(each.person),
            "unit": cells.unit(each.unit),
            "due": cells.days(each.due),
            "message": said(each.message),
            "next": _next(known, each),
        }
        for each in found
    ]


def _rule(found: audits.Finding) -> dict[str, Any]:
    check = audits.check(found.rule)
    assert check is not None  # a finding is made by a check
    url = link("programme.audit", rule=check.name)
    return {"url": url, "text": _(check.title), "title": _(check.meaning)}


def mended_by(known: Facts, check: str, person: str, part: str | None) -> str | None:
    """Return the address of the form by which something that the audit found is mended."""
    if check == "secretary_vacant":
        return appoint_url(known, part or "")
    if check == "mentor_left":
        pairs = (each for each in mentoring.to_hand_over(known) if each.pairing.id == part)
        return next((mend_url(known, each) for each in pairs), None)
    return form_for(known, check, person, part)


def _next(known: Facts, found: audits.Finding) -> Any:
    form = mended_by(known, found.rule, found.person, found.part)
    if form:
        words = {
            **{"mentor_missing": _("propose"), "mentor_after_stage": _("end it")},
            **{"mentor_left": _("hand over"), "secretary_vacant": _("appoint")},
            **dict.fromkeys(("problem_late", "problem_open"), _("settle")),
        }
        return {"url": form, "text": words.get(found.rule, _("enter"))}
    if found.rule == "mentor_overloaded":
        return {"url": link("programme.mentor", id=found.person), "text": _("see")}
    endpoint = _MENDED_AT.get(found.rule)
    if endpoint:
        return {"url": link(endpoint), "text": _("decide")}
    if found.person in known.trainees:
        return {"url": link("programme.person", id=found.person), "text": _("see")}
    return None
