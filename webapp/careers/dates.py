"""The earliest legal date: a table of everybody, and a page that gives each rule's word."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, jsonify, render_template, url_for
from flask_babel import gettext as _

from graph.errors import N_, NotFound
from queries.careers.eligibility import (
    CYPHER,
    Eligibility,
    EligibilityDict,
    NextStep,
    NextStepDict,
    earliest_dates,
)
from queries.careers.eligibility_words import advice, changes, sentence
from queries.rules.appointments import stored_rules
from webapp.careers.asked import asked_day
from webapp.careers.blueprint import bp
from webapp.careers.words import how, judged_rows, person
from webapp.shell.asking import OnDay, Several
from webapp.shell.frame import term
from webapp.shell.language import either
from webapp.shell.operations import operation
from webapp.shell.sentences import said
from webapp.shell.store import current_store
from webapp.shell.words import programme


class DatesAsked(OnDay):
    """Whose earliest dates; nobody named: those of every trainee."""

    person: Several = ()


@bp.get("/careers/dates")
def dates() -> str:
    """Show for every trainee (or those of `person`) the earliest day of each next rank."""
    on, people = asked_day(), DatesAsked.read().person or None
    found = earliest_dates(current_store(), programme(), on, people)
    rules = stored_rules(current_store(), programme())
    ranks = [each.key for each in programme().ranks[1:]]
    first = [each.ranks[0] for each in found if each.ranks]
    return render_template(
        "careers/dates.html",
        on=on,
        found=found,
        rules=rules,
        open_now=sum(each.state == "open" for each in first),
        undecided=sum(each.state == "undecided" for each in first),
        table=_table(found, ranks),
        answers=[how(CYPHER, _("The facts of one person"))],
    )


@bp.get("/careers/dates/<path:id>")
def dates_of(id: str) -> str:
    """Show what each rule says of each next rank of one person, and what would change it."""
    on = asked_day()
    listed = earliest_dates(current_store(), programme(), on, [id])
    if not listed:
        raise NotFound(N_("On %(day)s nothing is on file of %(id)s yet."), day=on, id=id)
    (found,) = listed
    return render_template(
        "careers/dates_of.html",
        on=on,
        found=found,
        rank=term("ranks", found.rank) if found.rank else _("no rank known"),
        ranks=[_step(each, found) for each in found.ranks],
        grade=term("ranks_and_grades", found.grade) if found.grade else None,
        grades=[_step(each, found) for each in found.grades],
        has_rules=bool(stored_rules(current_store(), programme())),
        off=[each for each in stored_rules(current_store(), programme()) if not each.enabled],
        answers=[how(CYPHER, _("The facts of one person"), person=id)],
    )


@bp.get("/api/careers/dates")
@operation(list[EligibilityDict], DatesAsked)
def dates_json() -> Response:
    """Answer as JSON, with the word of every rule."""
    people = DatesAsked.read().person or None
    found = earliest_dates(current_store(), programme(), asked_day(), people)
    return jsonify([as_plain(each) for each in found])


def as_plain(found: Eligibility) -> EligibilityDict:
    """Return one person's dates as plain values, sentences in the language in use."""
    answer = found.as_dict()
    for rank, given_rank in zip(found.ranks, answer["ranks"], strict=True):
        _put_into_words(rank, given_rank, found.on)
    for grade, given_grade in zip(found.grades, answer["grades"], strict=True):
        _put_into_words(grade, given_grade, found.on)
    return answer


def _put_into_words(step: NextStep, given: NextStepDict, on: date) -> None:
    given["sentence"] = said(sentence(step, on))
    given["changes"] = [said(each) for each in changes(step, on)]
    given["advice"] = [said(each) for each in advice(step)]
    for judged, row in zip(step.judged, given["rules"], strict=True):
        row["because"] = said(judged.verdict.because)
        row["change"] = said(judged.verdict.change) if judged.verdict.change else None
        row["advice"] = [said(each) for each in judged.verdict.advice]


def _table(found: list[Eligibility], ranks: list[str]) -> dict[str, Any]:
    columns: list[dict[str, Any]] = [
        {"key": "person", "title": _("Person")},
        {"key": "rank", "title": _("Rank")},
        *({"key": rank, "title": term("ranks", rank)} for rank in ranks),
        {"key": "held", "title": _("Still lacking")},
        {"key": "grade", "title": _("Next grade")},
    ]
    return {"columns": columns, "rows": [_row(each, ranks) for each in found]}


def _row(each: Eligibility, ranks: list[str]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "person": person(each.person, each.name),
        "rank": term("ranks", each.rank) if each.rank else None,
        **dict.fromkeys(ranks),
    }
    url = url_for("careers.dates_of", id=each.person)
    for rank in each.ranks:
        row[rank.key] = _cell(rank, each.on, url)
    for grade in each.grades[:1]:
        title_ = term("ranks_and_grades", grade.key)
        cell = _cell(grade, each.on, url)
        row["grade"] = {**cell, "text": f"{title_} {cell['text']}"}
    held = each.ranks[0].held_by if each.ranks else ()
    row["held"] = {
        "url": url,
        "text": _("; ").join(either(judged.rule.title) for judged in held) or "–",
    }
    return row


def _cell(step: NextStep, on: date, url: str) -> dict[str, Any]:
    """Make the cell of a step: its day, or that something lacks or has to happen first."""
    day = step.earliest.isoformat() if step.earliest else ""
    latest = step.latest.isoformat() if step.latest else ""
    if step.state == "undecided" and step.earliest and step.earliest > on:
        text = _("not decided, not before %(day)s", day=day)
    elif step.state == "undecided":
        text = _("not decided")
    elif not day:
        text = _("not yet")
    elif day < latest and step.state == "open":
        text = _("yes, since %(day)s at the latest", day=latest)
    elif day < latest:
        text = _("between %(day)s and %(latest)s", day=day, latest=latest)
    else:
        text = _("yes, since %(day)s", day=day) if step.state == "open" else day
    return {"url": url, "text": text, "sort": latest or "9999"}


def _step(each: NextStep, found: Eligibility) -> dict[str, Any]:
    return {
        "key": each.key,
        "title": term("ranks_and_grades" if each.terms == "grades" else "ranks", each.key),
        "sentence": said(sentence(each, found.on)),
        "assumes": [(term(each.terms, key), day) for key, day in each.assumes],
        "changes": [said(change) for change in changes(each, found.on)],
        "advice": [said(words) for words in advice(each)],
        "rules": judged_rows(each.judged),
    }
