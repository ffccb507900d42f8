"""Search by path: a form over the question that `flask paths` asks; the address is the search."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from flask import Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _

from graph.errors import N_, UsageError
from queries.careers.path_steps import KEYS, MONTHS, WHAT, PathStep, parse_steps
from queries.careers.paths import PathAnswer, PathsDict, search
from queries.personnel import postings
from webapp.careers.asked import asked_day, choices
from webapp.careers.blueprint import bp
from webapp.careers.forms import StepForm
from webapp.careers.words import SHOWN, career_link, how, label, month_count, person
from webapp.shell.asking import OnDay, Whole
from webapp.shell.language import language
from webapp.shell.operations import operation
from webapp.shell.sent_json import parse_json
from webapp.shell.store import current_store
from webapp.shell.told import told

MOST_ROWS = 6  # steps that the form offers
_NUMBER = re.compile(r"[0-9]{1,4}")


class StepsAsked(OnDay):
    """The steps of a search as JSON, or a field for each part of one, as in `1.kind`."""

    steps: str = ""
    families: ClassVar[Mapping[str, str]] = {
        "fields": rf"[0-9]{{1,4}}\.({'|'.join((*KEYS, 'here'))})"
    }


class PathsAsked(StepsAsked):
    """A search by path; `limit` cuts the lists of people, never the figures."""

    limit: Annotated[int | None, Whole(0, 1_000_000, 2)] = None


class PathsPage(StepsAsked):
    """The form of a search; the step to `drop` is left out."""

    drop: Annotated[int | None, Whole(1, MOST_ROWS, 2)] = None


@bp.get("/careers/paths")
def paths() -> str | tuple[str, int]:
    """Build a search of 2 to 6 steps; show who walked it, who is on the way, how long it took."""
    rows = _form_rows()
    dropped = PathsPage.read().drop
    if dropped is not None and len(rows) > 1:
        del rows[dropped - 1 : dropped]
    on, wrong = asked_day(), None
    try:
        steps = parse_steps(rows) if any(rows) else ()
    except UsageError as error:
        steps, wrong = (), error
    answer = search(current_store(), steps, on, SHOWN) if steps else None
    more = "more" in request.args and len(rows) < MOST_ROWS
    listed = choices()
    page = render_template(
        "careers/paths.html",
        on=on,
        forms=_forms([*rows, *([{}] if more else [])] if rows else [{}, {}], listed, wrong),
        wrong=told(wrong) if wrong else "",
        can_grow=len(rows) < MOST_ROWS,
        choices=listed,
        result=answer,
        said_steps=[said_step(step, at) for at, step in enumerate(steps)],
        table=_table(answer) if answer else None,
        link=_link(steps, "careers.paths") if steps else None,
        json_link=_link(steps, "careers.paths_json") if steps else None,
        steps_text=_as_text(steps),
        month_count=month_count,
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
    if wrong and key in KEYS and isinstance(number, int):
        forms[number - 1][key].errors = [told(wrong)]
    return forms


@bp.get("/api/careers/paths")
@operation(PathsDict, PathsAsked)
def paths_json() -> Response:
    """Answer a search by path as JSON, as `flask paths` does; `steps` is STEPS.json."""
    steps = parse_steps(_form_rows())
    return jsonify(search(current_store(), steps, asked_day(), PathsAsked.read().limit).as_dict())


def _form_rows() -> list[dict[str, Any]]:
    """Read the steps of the address: `steps` as JSON, or a field for each, as in `1.kind`."""
    text = StepsAsked.read().steps
    if text:
        try:
            given = parse_json(text)
        except ValueError:
            raise UsageError(
                N_("steps is not JSON."), N_('Write steps=[{"kind": "grassroots"}, {}].')
            ) from None
        return [step.as_dict() for step in parse_steps(given)]
    numbers = {key.partition(".")[0] for key in request.args if "." in key}
    rows = []
    for number in sorted((each for each in numbers if _NUMBER.fullmatch(each)), key=int)[
        :MOST_ROWS
    ]:
        row: dict[str, Any] = {}
        for key in KEYS:
            value = request.args.get(f"{number}.{key}", "").strip()
            if value:
                row[key] = _value(key, value)
        if row or f"{number}.here" in request.args:
            rows.append(row)
    return rows


def _value(key: str, text: str) -> Any:
    if key == "directly":
        return True
    if key in MONTHS:
        return int(text) if text.isascii() and text.isdigit() else text
    return text


def _as_text(steps: tuple[PathStep, ...]) -> str:
    return json.dumps([step.as_dict() for step in steps], ensure_ascii=False)


def _link(steps: tuple[PathStep, ...], endpoint: str) -> str:
    kept: dict[str, Any] = {"on": request.args["on"]} if request.args.get("on") else {}
    return url_for(endpoint, steps=_as_text(steps), **kept)


def said_step(step: PathStep, at: int) -> str:
    """Say a step in words."""
    columns = postings(current_store())
    parts = []
    for key in WHAT:
        value = getattr(step, key)
        if value is None:
            continue
        if key == "unit" and value in columns.unit_at:
            name = columns.unit_names[columns.unit_at[value]]
            parts.append(_("in %(unit)s or below", unit=name))
        elif key == "post" and value in columns.post_at:
            parts.append(columns.post_text(columns.post_at[value]))
        else:
            parts.append(label(key, value, value))
    joint = ", " if language() == "en" else "，"
    words = joint.join(parts) if parts else _("any posting")
    if step.directly and at:
        words += _(", directly after")
    if step.not_before_months is not None and at:
        words += _(", not before %(n)s months", n=step.not_before_months)
    if step.within_months is not None and at:
        words += _(", within %(n)s months", n=step.within_months)
    if step.within_months_of_entry is not None:
        words += _(", within %(n)s months of entry", n=step.within_months_of_entry)
    return words


def _table(answer: PathAnswer) -> dict[str, Any]:
    columns: list[dict[str, Any]] = [{"key": "person", "title": _("Person")}]
    for at in range(1, len(answer.steps) + 1):
        columns.append({"key": f"step{at}", "title": _("Step %(n)s", n=at)})
    columns.append({"key": "months", "title": _("Months"), "number": True})
    columns.append({"key": "career", "title": _("Career")})
    rows = []
    for match in answer.people:
        row: dict[str, Any] = {"person": person(match.person, match.name), "months": match.months}
        for at, (day, step) in enumerate(zip(match.days, match.postings, strict=True), start=1):
            place = " ".join(part for part in (step["unit_name"], step["title"]) if part)
            row[f"step{at}"] = {
                "kind": "post",
                "id": step["post"],
                "text": f"{step['since']} {place}",
                "sort": day.isoformat(),
            }
        lit = ",".join(step["id"] for step in match.postings)
        row["career"] = career_link(match.person, lit=lit)
        rows.append(row)
    return {"columns": columns, "rows": rows}


def _how(answer: PathAnswer) -> list[dict[str, Any]]:
    return [how(answer.cypher, _("The same search in Cypher"))]
