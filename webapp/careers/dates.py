"""The earliest legal date: a table of everybody, and a page that gives each rule's word."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, render_template, url_for
from flask_babel import gettext as _

from queries.careers.eligibility import (
    CYPHER,
    Eligibility,
    EligibilityDict,
    NextRank,
    changes,
    earliest_dates,
    sentence,
)
from queries.rules.appointments import stored_rules
from webapp.careers.asked import asked_day
from webapp.careers.blueprint import bp
from webapp.careers.words import how, judged_rows, person
from webapp.shell.asking import OnDay, Several
from webapp.shell.frame import term
from webapp.shell.operations import operation
from webapp.shell.sentences import said, title
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
    open_now = [each for each in found if _next_is_open(each)]
    return render_template(
        "careers/dates.html",
        on=on,
        found=found,
        rules=rules,
        open_now=open_now,
        undecided=sum(any(rank.undecided for rank in each.ranks[:1]) for each in found),
        table=_table(found, ranks),
        answers=[how(CYPHER, _("The facts of one person"))],
    )


@bp.get("/careers/dates/<path:id>")
def dates_of(id: str) -> str:
    """Show what each rule says of each next rank of one person, and what would change it."""
    on = asked_day()
    (found,) = earliest_dates(current_store(), programme(), on, [id])
    return render_template(
        "careers/dates_of.html",
        on=on,
        found=found,
        rank=term("ranks", found.rank) if found.rank else _("no rank known"),
        ranks=[_rank(each, found) for each in found.ranks],
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
    for rank, given in zip(found.ranks, answer["ranks"], strict=True):
        given["sentence"] = said(sentence(rank, found.on))
        given["changes"] = [said(each) for each in changes(rank, found.on)]
        for judged, row in zip(rank.judged, given["rules"], strict=True):
            row["because"] = said(judged.verdict.because)
            row["change"] = said(judged.verdict.change) if judged.verdict.change else None
    return answer


def _next_is_open(each: Eligibility) -> bool:
    first = each.ranks[0] if each.ranks else None
    return bool(first and first.earliest and first.earliest <= each.on)


def _table(found: list[Eligibility], ranks: list[str]) -> dict[str, Any]:
    columns: list[dict[str, Any]] = [
        {"key": "person", "title": _("Person")},
        {"key": "rank", "title": _("Rank")},
        *({"key": rank, "title": term("ranks", rank)} for rank in ranks),
        {"key": "held", "title": _("Next rank held by")},
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
        if rank.earliest is None:
            row[rank.rank] = {"url": url, "text": _("no day yet"), "sort": "9999"}
        else:
            text = rank.earliest.isoformat()
            if rank.earliest <= each.on:
                text = _("open since %(day)s", day=text)
            row[rank.rank] = {"url": url, "text": text, "sort": rank.earliest.isoformat()}
    held = each.ranks[0].held_by if each.ranks else ()
    row["held"] = {
        "url": url,
        "text": ", ".join(judged.rule.id for judged in held) or "–",
        "title": "; ".join(
            title("titles", f"{judged.rule.title.zh}\n{judged.rule.title.en}") for judged in held
        ),
    }
    return row


def _rank(each: NextRank, found: Eligibility) -> dict[str, Any]:
    return {
        "key": each.rank,
        "title": term("ranks", each.rank),
        "sentence": said(sentence(each, found.on)),
        "assumes": [(term("ranks", rank), day) for rank, day in each.assumes],
        "changes": [said(change) for change in changes(each, found.on)],
        "rules": judged_rows(each.judged),
        "undecided": judged_rows(each.undecided),
    }
