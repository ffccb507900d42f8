"""The first page: what comes first today, its JSON, and its list on paper."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response, jsonify, render_template, url_for
from flask_babel import gettext as _

from queries.lately import MOST
from queries.programme.reading import READS
from queries.programme.today import EVERYBODY, MOST_DRAWN, ProgrammeToday, StageNow, WeekDue
from queries.programme.todo import things, worded
from queries.today import LATEST, Today, TodayDict, today
from webapp.data import stored
from webapp.pictures.signs import rank_step
from webapp.pictures.weeks import weeks_picture
from webapp.programme.answers import ProgrammeAsked
from webapp.programme.audit import MOST_ROWS, known_role, role_among, role_word
from webapp.programme.page import facts
from webapp.shell import scope, words
from webapp.shell.asking import InScope, OneOf
from webapp.shell.frame import person_url, term
from webapp.shell.language import either
from webapp.shell.operations import operation
from webapp.shell.sentences import said
from webapp.shell.store import current_settings, current_store
from webapp.today.blueprint import bp
from webapp.today.work import LIGHT_WORDS, figures, paper_groups, work_rows

_READS = ("people", "postings", "pairings", "attendance", "records")


class TodayAsked(InScope):
    """Whose work is listed, and whether all changes of the year are."""

    role: str = EVERYBODY  # one of the programme's: told where they are known
    changes: Annotated[str, OneOf("", "all")] = ""

    @property
    def most(self) -> int:
        """Return how many changes are listed."""
        return MOST if self.changes else LATEST


@bp.get("/")
def index() -> str:
    """Show what comes first today, or how to load the first data."""
    store, asked = current_store(), TodayAsked.read()
    if not any(stored.counts(store).values()):
        return render_template("home/empty.html", settings=current_settings())
    found = today(store, words.as_of(), scope.asked(), asked.most)
    shown = _shown(found.programme, asked.role) if found.programme else {}
    return render_template(
        "home/index.html",
        found=found,
        asked=asked,
        changes=found.changes,
        all_changes_url=url_for(
            "home.index", _anchor="changes", role=asked.role or None, changes="all"
        ),
        term=term,
        light_words={key: str(word) for key, word in LIGHT_WORDS.items()},
        answers=[{"title": None, "cypher": READS[n].strip(), "parameters": None} for n in _READS],
        **shown,
    )


@bp.get("/api/today")
@operation(TodayDict, TodayAsked)
def today_json() -> Response:
    """Answer what comes first today: work by consequence, stages, weeks, totals, changes."""
    return jsonify(today_answer(TodayAsked.read()))


def today_answer(asked: TodayAsked) -> TodayDict:
    """Return what the JSON interface and the command say of today, counted now."""
    found = today(current_store(), words.as_of(), scope.asked(), asked.most, waits=True)
    return found.as_dict(_role(found, asked.role))


def _role(found: Today, role: str) -> str:
    names = [each.role for each in found.programme.roles] if found.programme else []
    return role_among(names, role) or EVERYBODY


def _shown(found: ProgrammeToday, role: str) -> dict[str, Any]:
    role = role_among([each.role for each in found.roles], role) or EVERYBODY
    totals = {total.key: total for total in words.programme().totals}
    ranks = dict.fromkeys(rank for stage in found.stages for rank in stage.ranks)
    ladder = [rank.key for rank in words.programme().ranks]
    return {
        "figures": figures(found),
        "roles": [
            (role_word(each.role), each.things, url_for("home.index", role=each.role), each.role)
            for each in found.roles
            if each.things
        ],
        "role": role,
        "rows": work_rows(found, role),
        "is_drawn": found.people <= MOST_DRAWN,
        "stages": [_stage(each) for each in found.stages if each.people or each.stage],
        "ranks": [
            (term("ranks", rank), rank_step(rank))
            for rank in sorted(filter(None, ranks), key=ladder.index)
        ],
        "weeks": weeks_picture(found.weeks, _week_url),
        "totals": [
            {
                "value": each.value,
                "title": either(totals[each.key]),
                "sentence": either(totals[each.key].sentence),
                "url": url_for("queries.query", name="programme.total", key=each.key),
            }
            for each in found.totals
            if each.key in totals
        ],
        "calendar_url": url_for("programme.calendar", role=role or None),
        "paper_url": url_for("home.paper", role=role or None),
    }


def _stage(stage: StageNow) -> dict[str, Any]:
    """Return one column of the board of everybody."""
    return {
        "title": term("stages", stage.stage) if stage.stage else _("in no stage"),
        "people": stage.people,
        "here": [
            {
                "id": each.person,
                "name": each.name,
                "url": person_url(each.person),
                "note": each.months,
                "rank": term("ranks", each.rank) if each.rank else "",
                "step": rank_step(each.rank),
                "colour": each.light or "green",
                "word": str(LIGHT_WORDS[each.light or "green"]),
            }
            for each in stage.here
        ],
        "ranks": [
            (term("ranks", rank) if rank else _("none"), rank_step(rank or None), n)
            for rank, n in stage.ranks.items()
        ],
        "lights": list(stage.lights.items()),
    }


def _week_url(week: WeekDue) -> str:
    days = max((week.until - words.as_of()).days, 0)
    return url_for("programme.todo", days=days, since=week.since, until=week.until)


# --- on paper


class PaperAsked(ProgrammeAsked):
    """Whose list it is."""

    role: str = EVERYBODY


@bp.get("/today/paper")
def paper() -> str:
    """Show all that is to be done in thirty days as a list to print, by kind of work."""
    known = facts()
    role = known_role(known, PaperAsked.read().role)
    items = things(known, 30, role)
    return render_template(
        "home/paper.html",
        groups=paper_groups(known, worded(known, items[:MOST_ROWS])),
        count=len(items),
        more=max(len(items) - MOST_ROWS, 0),
        late=sum(item.when == "late" for item in items),
        role=role_word(role) if role else _("all roles"),
        said=said,
        back=url_for("home.index", role=role),
    )
