"""Search by path: a form over the question that `flask paths` asks; the address is the search."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar

from flask import Response, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from graph.errors import N_, UsageError
from queries.careers.path_steps import (
    KEYS,
    MONTHS,
    TESTED,
    PathStep,
    PostingSought,
    RankReached,
    parse_steps,
)
from queries.careers.paths import PathAnswer, PathsDict, search
from queries.personnel import postings
from queries.personnel.columns import PostingRow
from webapp.careers.asked import asked_day, choices
from webapp.careers.blueprint import bp
from webapp.careers.files import CareerTable, file_links, tables_file, wants_file
from webapp.careers.forms import StepForm
from webapp.careers.limits import LimitsAsked, asked_limits, kept_limits, limited
from webapp.careers.words import SHOWN, career_link, how, label, person, post
from webapp.shell.asking import Whole
from webapp.shell.frame import term
from webapp.shell.language import language
from webapp.shell.operations import operation
from webapp.shell.sent_json import parse_json
from webapp.shell.store import current_store
from webapp.shell.told import told

MOST_ROWS = 6  # steps that the form offers
_NUMBER = re.compile(r"[0-9]{1,4}")


FIELDS = (  # of a step; those of an object within it stand behind a point
    *(key for key in KEYS if key not in TESTED),
    *(f"{key}.{word}" for key, words in TESTED.items() for word in (*words, "any")),
)


class StepsAsked(LimitsAsked):
    """The steps of a search as JSON, or a field for each part of one, as in `1.kind`."""

    steps: str = ""
    families: ClassVar[Mapping[str, str]] = {
        "fields": rf"[0-9]{{1,4}}\.({'|'.join((*map(re.escape, FIELDS), 'here'))})"
    }


class PathsAsked(StepsAsked):
    """A search by path; `limit` cuts the lists of people, never the figures."""

    limit: Annotated[int | None, Whole(0, 1_000_000, 2)] = None


class PathsPage(StepsAsked):
    """The form of a search; the step to `drop` is left out."""

    drop: Annotated[int | None, Whole(1, MOST_ROWS, 2)] = None


@bp.get("/careers/paths")
def paths() -> ResponseReturnValue:
    """Build a search of 2 to 6 steps; show who walked it, who is on the way, how long it took."""
    rows, limits = _form_rows(), asked_limits()
    dropped = PathsPage.read().drop
    if dropped is not None and len(rows) > 1:
        del rows[dropped - 1 : dropped]
    on, wrong = asked_day(), None
    try:
        steps = parse_steps(rows) if any(rows) else ()
    except UsageError as error:
        steps, wrong = (), error
    most = None if wants_file() else SHOWN
    answer = search(current_store(), steps, on, most, limits) if steps else None
    if answer and wants_file():
        title = _("Who walked this path?")
        return tables_file("paths", title, limits, on, _files(answer))
    more = "more" in request.args and len(rows) < MOST_ROWS
    listed = choices()
    page = render_template(
        "careers/paths.html",
        on=on,
        forms=_forms([*rows, *([{}] if more else [])] if rows else [{}, {}], listed, wrong),
        wrong=told(wrong) if wrong else "",
        files=file_links([("people", _("Who walked it")), ("waiting", _("On the way"))]),
        can_grow=len(rows) < MOST_ROWS,
        **limited(limits),
        choices=listed,
        result=answer,
        said_steps=[said_step(step, at) for at, step in enumerate(steps)],
        table=_table(answer) if answer else None,
        link=_link(steps, "careers.paths") if steps else None,
        json_link=_link(steps, "careers.paths_json") if steps else None,
        steps_text=_as_text(steps),
        answers=_how(answer) if answer else [],
    )
    return (page, wrong.status) if wrong else page


def _forms(
    rows: list[dict[str, Any]],
    listed: dict[str, list[dict[str, str]]],
    wrong: UsageError | None,
) -> list[StepForm]:
    """Return a form for each step; what cannot be asked stands at the field it names."""
    forms = [StepForm(number, row, listed) for number, row in enumerate(rows, start=1)]
    key, number = (wrong.values.get(name) for name in ("key", "number")) if wrong else ("", 0)
    if wrong and key in FIELDS and isinstance(number, int):
        forms[number - 1].field_of(str(key)).errors = [told(wrong)]
    return forms


@bp.get("/api/careers/paths")
@operation(PathsDict, PathsAsked)
def paths_json() -> Response:
    """Answer a search by path as JSON, as `flask paths` does; `steps` is STEPS.json."""
    steps = parse_steps(_form_rows())
    limit = PathsAsked.read().limit
    found = search(current_store(), steps, asked_day(), limit, asked_limits())
    return jsonify(found.as_dict())


def _form_rows() -> list[dict[str, Any]]:
    """Read the steps of the address: `steps` as JSON, or a field for each, as in `1.kind`."""
    text = StepsAsked.read().steps
    if text:
        try:
            given = parse_json(text)
        except ValueError:
            raise UsageError(
                N_("steps is not JSON."), N_('Write steps=[{"kind": "KIND"}, {}].')
            ) from None
        return [step.as_dict() for step in parse_steps(given)]
    numbers = {key.partition(".")[0] for key in request.args if "." in key}
    rows = []
    for number in sorted((each for each in numbers if _NUMBER.fullmatch(each)), key=int)[
        :MOST_ROWS
    ]:
        row: dict[str, Any] = {}
        for field in FIELDS:
            value = request.args.get(f"{number}.{field}", "").strip()
            outer, _point, key = field.rpartition(".")
            if value and key == "any":
                row.setdefault(outer, {})
            elif value and outer:
                row.setdefault(outer, {})[key] = _value(key, value)
            elif value:
                row[key] = _value(key, value)
        if row or f"{number}.here" in request.args:
            rows.append(row)
    return rows


def _value(key: str, text: str) -> Any:
    if key in ("directly", "at_least"):
        return True
    if key in MONTHS:
        return int(text) if text.isascii() and text.isdigit() else text
    return text


def _as_text(steps: tuple[PathStep, ...]) -> str:
    return json.dumps([step.as_dict() for step in steps], ensure_ascii=False)


def _link(steps: tuple[PathStep, ...], endpoint: str) -> str:
    return url_for(endpoint, steps=_as_text(steps), **kept_limits())


def said_step(step: PathStep, at: int) -> str:
    """Say a step in words."""
    joint = ", " if language() == "en" else "，"
    if step.reaches is not None:
        words = _("reaches %(rank)s or above", rank=_reached(step.reaches))
    elif step.is_state:
        words = ""
    else:
        words = _said_posting(step) or _("any posting")
    parts = [words]
    if step.holds is not None:
        parts.append(_("holds %(posting)s", posting=_said_posting(step.holds) or _("any posting")))
    if step.meanwhile is not None:
        beside = _said_posting(step.meanwhile) or _("any posting")
        parts.append(_("meanwhile %(posting)s", posting=beside))
    words = joint.join(filter(None, parts))
    if step.directly and at:
        words += _(", directly after")
    if step.not_before_months is not None and at:
        words += _(", not before %(n)s months", n=step.not_before_months)
    if step.within_months is not None and at:
        words += _(", within %(n)s months", n=step.within_months)
    if step.within_months_of_entry is not None:
        words += _(", within %(n)s months of entry", n=step.within_months_of_entry)
    return words


def _reached(wanted: RankReached) -> str:
    terms, key = ("grades", wanted.grade) if wanted.grade else ("ranks_and_grades", wanted.rank)
    return term(terms, key)


def _said_posting(sought: PostingSought) -> str:
    columns = postings(current_store())
    parts = []
    for key, value in sought.wanted().items():
        if key == "unit" and value in columns.unit_at:
            name = columns.unit_names[columns.unit_at[value]]
            parts.append(_("in %(unit)s or below", unit=name))
        elif key == "post" and value in columns.post_at:
            parts.append(columns.post_text(columns.post_at[value]))
        elif key == "rank" and sought.at_least:
            parts.append(_("%(rank)s or above", rank=label(key, value, value)))
        else:
            parts.append(label(key, value, value))
    return (", " if language() == "en" else "，").join(parts)


def _files(answer: PathAnswer) -> list[CareerTable]:
    """Return everybody who walked the path or is on the way, a column for each part of a step."""
    columns: list[dict[str, Any]] = [{"key": "person", "title": _("Person")}]
    for at in range(1, len(answer.steps) + 1):
        columns.append({"key": f"day{at}", "title": _("Step %(n)s", n=at)})
        columns.append({"key": f"post{at}", "title": _("Post of step %(n)s", n=at)})
    columns.append({"key": "months", "title": _("Months"), "number": True})
    rows = []
    for match in answer.people:
        row: dict[str, Any] = {"person": person(match.person, match.name), "months": match.months}
        for at, (day, held) in enumerate(zip(match.days, match.postings, strict=True), start=1):
            row[f"day{at}"] = day.isoformat()
            row[f"post{at}"] = post(held["post"], _place(held)) if held else None
        rows.append(row)
    waiting = [{"person": person(id_, name)} for id_, name in answer.waiting_people]
    return [
        CareerTable("people", _("Who walked it"), {"columns": columns, "rows": rows}),
        CareerTable("waiting", _("On the way"), {"columns": columns[:1], "rows": waiting}),
    ]


def _place(held: PostingRow) -> str:
    return " ".join(part for part in (held["unit_name"], held["title"]) if part)


def _table(answer: PathAnswer) -> dict[str, Any]:
    columns: list[dict[str, Any]] = [{"key": "person", "title": _("Person")}]
    for at in range(1, len(answer.steps) + 1):
        columns.append({"key": f"step{at}", "title": _("Step %(n)s", n=at)})
    columns.append({"key": "months", "title": _("Months"), "number": True})
    columns.append({"key": "career", "title": _("Career")})
    rows = []
    for match in answer.people:
        row: dict[str, Any] = {"person": person(match.person, match.name), "months": match.months}
        for at, (day, held) in enumerate(zip(match.days, match.postings, strict=True), start=1):
            row[f"step{at}"] = _step_cell(answer.steps[at - 1], day, held)
        lit = ",".join(held["id"] for held in match.postings if held)
        row["career"] = career_link(match.person, lit=lit)
        rows.append(row)
    return {"columns": columns, "rows": rows}


def _step_cell(step: PathStep, day: date, held: PostingRow | None) -> dict[str, Any]:
    """Make the cell of a step: when its posting began, or the day that it asks for."""
    if held is None:
        return {"text": day.isoformat(), "sort": day.isoformat()}
    is_day = step.reaches is not None or step.is_state
    since = day.isoformat() if is_day else held["since"]
    text = f"{since} {_place(held)}"
    return {"kind": "post", "id": held["post"], "text": text, "sort": day.isoformat()}


def _how(answer: PathAnswer) -> list[dict[str, Any]]:
    return [how(answer.cypher, _("The same search in Cypher"))]
