"""The living style guide: every part of `parts.html` with its states, its call and what it is for.

What is shown is made by the call that stands beside it, with invented people.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, current_app, render_template
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from webapp.pictures.gantt import GanttAxis, GanttMark, GanttRow, GanttSpan
from webapp.pictures.path_line import DrawnLine, LineBar, LinesPicture, Rise
from webapp.pictures.signs import KIND_COLOURS, STAGE_FILLS, STEPS, Sign
from webapp.pictures.strip import Dot, Strip
from webapp.shell.scope_menu import ScopeChoice, ScopeMenu
from webapp.shell.timebar import DrawnBar, TimeBar

bp = Blueprint("style_guide", __name__)


@dataclass(frozen=True)
class StylePart:
    """One macro: what it is for, and a call for each of its states."""

    name: str
    purpose: LazyString
    calls: tuple[str, ...]


PARTS: tuple[StylePart, ...] = (
    StylePart(
        "answer",
        _l("One sentence below the title answers it; each figure in it is a link to its rows."),
        ("""{{ answer(figure(3, _("late"), "#state", colour="red")) }}""",),
    ),
    StylePart(
        "figure",
        _l("A figure, or how many of all; red or yellow where it asks for something."),
        (
            """{{ figure(46, _("People"), "#table") }}""",
            """{{ figure(19, _("done"), of=24) }}""",
            """{{ figure(3, _("late"), "#state", colour="red") }}""",
        ),
    ),
    StylePart(
        "state",
        _l("How something stands: a colour, a sign and a word, never a colour alone."),
        (
            """{{ state("red", _("late")) }}""",
            """{{ state("yellow", _("due")) }}""",
            """{{ state("blue", _("planned")) }}""",
            """{{ state("green", _("done")) }}""",
        ),
    ),
    StylePart(
        "light",
        _l("The same where a word has no room; it is read aloud, and shown on hover."),
        (
            """{{ light("red", _("late")) }}""",
            """{{ light("yellow", _("due"), count=5) }}""",
            """{{ light("blue", _("planned"), "#table") }}""",
            """{{ light("green", _("done")) }}""",
        ),
    ),
    StylePart(
        "rank",
        _l("A rank: violet from light to dark by its place on the ladder, the same everywhere."),
        ("""{{ rank(1, _("Rank") ~ " 1", 29) }} {{ rank(5, _("Rank") ~ " 5") }}""",),
    ),
    StylePart(
        "unit",
        _l("A unit: the colour of its kind and two or three characters of its own name."),
        ("""{% for each in signs %}{{ unit(each) }} {% endfor %}""",),
    ),
    StylePart(
        "person_line",
        _l("A person in a column: the rank at the edge, months, light."),
        ("""{{ person_line(person) }}""",),
    ),
    StylePart(
        "chip",
        _l("A filter over a picture: off, on, or removable."),
        (
            """{{ chip(_("late"), "#chip", count=5) }}""",
            """{{ chip(_("late"), "#chip", on=true) }}""",
            """{{ chip(_("late"), "#chip", off="#chip") }}""",
        ),
    ),
    StylePart(
        "pick",
        _l("A chip that opens a list to choose from."),
        (
            """{{ pick(_("Unit"), _("all"), choices) }}""",
            """{{ pick(_("Unit"), "龙山镇", choices, on=true, off="#pick") }}""",
        ),
    ),
    StylePart(
        "segmented",
        _l("One of few, of which one always holds."),
        (
            """{{ segmented([(_("Picture"), "#segmented", true), (_("Table"), "#table", false)],"""
            """ _("Show")) }}""",
        ),
    ),
    StylePart(
        "menu",
        _l("What a head has beyond its three buttons."),
        ("""{{ menu(_("Download"), [("Excel", "#menu"), ("CSV", "#menu")]) }}""",),
    ),
    StylePart(
        "dialog",
        _l("A question that has to be answered first, or help that is asked for."),
        (
            """{% call dialog("example", _("Delete"), open=true) %}<form method="dialog">"""
            """<button>{{ _("Close") }}</button></form>{% endcall %}""",
        ),
    ),
    StylePart(
        "card",
        _l("One person in short, beside a picture or on hover."),
        ("""{{ card(person) }}""",),
    ),
    StylePart(
        "panel",
        _l("A part beside a picture: what is wrong and what to do."),
        (
            """<div class="box">{% call panel(_("Ranks"), _("all"), "#panel") %}"""
            """{{ strip(dots, _("Ranks")) }}{% endcall %}</div>""",
        ),
    ),
    StylePart(
        "table",
        _l("The rows behind a picture: sorted, filtered and exported as they are shown."),
        ("""{{ table("example", columns, rows) }}""",),
    ),
    StylePart(
        "person_link",
        _l("A person wherever the name stands: a small card on hover and focus."),
        ("""{{ person_link("example", person.name) }}""",),
    ),
    StylePart(
        "unit_link",
        _l("A unit wherever its name stands."),
        ("""{{ unit_link("example", "龙山镇") }}""",),
    ),
    StylePart(
        "post_link",
        _l("A post wherever its name stands."),
        ("""{{ post_link("example", "镇长") }}""",),
    ),
    StylePart(
        "how",
        _l("How a figure was computed: rule, day, statement; folded."),
        ("""{{ how([{"cypher": "…"}]) }}""",),
    ),
    StylePart(
        "pathline",
        _l("A person's way: bars by rank, units as signs, secondments beneath, the next rise."),
        ("""{{ pathline(way, person.name) }}""",),
    ),
    StylePart(
        "gantt_axis",
        _l("The head of a Gantt: quarters, the day, the period that is planned."),
        ("""{{ gantt_axis(axis) }}""",),
    ),
    StylePart(
        "gantt",
        _l("A row of a Gantt: held, over the limit, may move, planned, empty."),
        (
            """{{ gantt(axis, row, _("planned")) }}""",
            """{{ gantt(axis, over, _("late")) }}""",
        ),
    ),
    StylePart(
        "strip",
        _l("Months to a rank: arrived, waiting, too early, the median."),
        ("""{{ strip(dots, _("Ranks")) }}""",),
    ),
    StylePart(
        "timebar",
        _l("The day that is looked at, over the postings begun each quarter."),
        ("""{{ timebar(bar, "2024-06-30", false, {"back": "#timebar", "on": "#timebar"}) }}""",),
    ),
    StylePart(
        "scope",
        _l("Whose page this is: everybody, a unit with all below, a cohort, one's own."),
        ("""{{ scope(whose, "#scope") }}""",),
    ),
    StylePart(
        "legend",
        _l("What the signs of a picture mean."),
        (
            """{{ legend([{"rank": 1, "title": _("Rank") ~ " 1", "count": 29},"""
            """ {"unit": signs[3], "title": "龙山镇"}, {"kind": "kind-4", "title": _("Unit")},"""
            """ {"sign": "▲", "title": _("Median months")}]) }}""",
        ),
    ),
    StylePart(
        "empty",
        _l("Nothing there: what was asked, and what to do."),
        (
            """{% call empty(_("Nobody is stored yet.")) %}<p>{{ _("Load a data set first:") }}"""
            """ <a href="#empty">{{ _("Data") }}</a></p>{% endcall %}""",
        ),
    ),
    StylePart(
        "error",
        _l("What is wrong, where, and one next step."),
        ("""{{ error(_("not loaded"), "people.csv", _("Choose other files")) }}""",),
    ),
    StylePart(
        "message",
        _l("What was done, or what holds for the whole page."),
        (
            """{{ message("green", _("done")) }}""",
            """{{ message("yellow", _("due")) }}""",
        ),
    ),
    StylePart(
        "sheet",
        _l("A sheet of paper: programme, day, scope, page n of m, a line for who checks."),
        (
            """{% call sheet(_("Ranks"), "2024-06-30", "across") %}"""
            """{{ table("example", columns, rows) }}{% endcall %}""",
        ),
    ),
    StylePart(
        "progress",
        _l("How far something is that takes more than a second."),
        (
            """{{ progress(_("People"), 3, 9) }}""",
            """{{ progress(_("People"), words=_("running")) }}""",
        ),
    ),
)


@bp.get("/about/parts")
def parts() -> str:
    """Show every part with its states, its call and what it is for."""
    shown = _shown()
    return render_template(
        "home/parts.html",
        parts=[
            (each, [(call, _made(each.name, call, shown)) for call in each.calls]) for each in PARTS
        ],
        ranks=range(STEPS + 1),
        kinds=[f"kind-{at}" for at in range(1, KIND_COLOURS + 1)],
        stages=[f"stage-{at}" for at in range(STAGE_FILLS)],
    )


def _made(name: str, call: str, shown: dict[str, Any]) -> Markup:
    """Return what a call makes."""
    used = {name, *(each.name for each in PARTS if f"{each.name}(" in call)}
    source = f'{{% from "parts.html" import {", ".join(sorted(used))} with context %}}{call}'
    context: dict[str, Any] = dict(shown)
    current_app.update_template_context(context)
    return Markup(current_app.jinja_env.from_string(source).render(context))


def _shown() -> dict[str, Any]:
    """Return the invented data of the calls."""
    kinds = ("片", "区", "组织", "龙山", "桃园", "桥头", "书香")
    return {
        "signs": [Sign(f"kind-{at + 1}", text) for at, text in enumerate(kinds)],
        "person": {
            "id": "example",
            "name": "李志远",
            "url": "#person_line",
            "cohort": 2019,
            "post": "龙山镇",
            "rank": "",
            "step": 2,
            "stage": "",
            "note": "34",
            "colour": "yellow",
            "word": "34",
            "mentors": [("", "白若立", "#card")],
        },
        "choices": [{"text": "龙山镇", "url": "#pick"}, {"text": "桃园街道", "url": "#pick"}],
        "columns": [{"key": "who", "title": "A"}, {"key": "months", "title": "B", "number": True}],
        "rows": [
            {"who": {"url": "#table", "text": "李志远"}, "months": 34},
            {"who": {"state": "red", "text": "白若立"}, "months": None},
        ],
        "way": _way(),
        **_gantt(),
        "dots": _dots(),
        **_frame(),
    }


def _gantt() -> dict[str, Any]:
    return {
        "axis": GanttAxis.around(date(2024, 6, 30), (date(2024, 7, 1), date(2025, 1, 1))),
        "row": GanttRow(
            (
                GanttSpan("held", 40, 380, "桥头村", "桥头村", 1),
                GanttSpan("open", 420, 60, "", ""),
                GanttSpan("planned", 480, 200, "组织部", "组织部"),
            ),
            (GanttMark("earliest", 430), GanttMark("limit", 480)),
        ),
        "over": GanttRow(
            (
                GanttSpan("held", 0, 240, "龙山镇", "龙山镇", 3),
                GanttSpan("over", 240, 180, "", ""),
                GanttSpan("vacant", 480, 200, "书香", "书香"),
            ),
            (GanttMark("limit", 240),),
        ),
    }


def _frame() -> dict[str, Any]:
    return {
        "bar": TimeBar(
            count=24,
            bars=tuple(
                DrawnBar(at, 22 - 3 * (at % 7), 3 * (at % 7), is_planned=at > 20)
                for at in range(24)
            ),
            years=((2019, 0), (2022, 50)),
            at=80,
            first=2019 * 12,
            until=2025 * 12,
            month=2024 * 12 + 5,
            today=2024 * 12 + 5,
            move=1,
        ),
        "whose": ScopeMenu(
            title="龙山镇",
            people=5,
            is_on=True,
            first=(ScopeChoice("龙山镇", "#scope", is_on=True),),
            cohorts=(ScopeChoice("2019", "#scope"),),
        ),
    }


def _way() -> LinesPicture:
    bars = (
        LineBar(0, 90, 1, "村", "桥头村"),
        LineBar(90, 120, 2, "镇", "龙山镇"),
        LineBar(210, 90, 3, "局", ""),
    )
    line = DrawnLine(
        "example",
        "李志远",
        "李志远",
        "#pathline",
        0,
        bars,
        (LineBar(120, 40, 0, "", ""),),
        Rise(300, 340, "waits", "2025-11"),
        True,
    )
    return LinesPicture(360, 14, 0, (), (), (line,), None)


def _dots() -> Strip:
    kinds = ("waiting", "early", "arrived", "arrived", "waiting")
    dots = tuple(Dot(60 + 8 * at, 37 - 6 * (at % 3), 0, kinds[at % 5], str(at)) for at in range(20))
    return Strip(300, 60, dots, False, ((8, 0), (80, 24), (152, 48)), 108, 140)
