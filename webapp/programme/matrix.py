"""The short list as a matrix: a line a candidate, a column a reason that tells them apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from graph.appointment_rules import ChangesInTerm
from graph.programme import Rule
from graph.rules import Prefer
from queries.careers.lines import lines_of
from queries.programme.facts import Facts
from queries.rules.priorities import PriorityReason
from queries.rules.short_list import (
    DEMANDS,
    MONTHS,
    WISH,
    Considered,
    Shortlist,
    ShortListPlace,
)
from webapp.pictures.fitting import Fitted, column_rooms, fitted, line_count, row_lines, text_width
from webapp.pictures.path_line import LinesPicture, one_line
from webapp.pictures.signs import step_of
from webapp.programme.cells import link
from webapp.shell.frame import term
from webapp.shell.language import either, language
from webapp.shell.sentences import said
from webapp.shell.store import current_store

WAY_WIDTH = 132
BAR_WIDTH = 44
NAMED = 3  # people whom the answer names; more are counted
AMONG_EQUALS: Mapping[str, LazyString] = {
    DEMANDS: _l("Specialty"),
    WISH: _l("Wish"),
    MONTHS: _l("Months in the rank"),
}
LEVELS = {"red": _l("red"), "yellow": _l("yellow"), "blue": _l("blue")}
# On a sheet of A4 across, in CSS pixels.
SHEET_ROOM, SHEET_TALL, SHEET_LEAST, SHEET_TEXT = 590, 26, 14, 10.5
SHEET_WIDTH, SHEET_MARK = 750, 58  # beside number, way, months and light; of a column of marks


@dataclass(frozen=True)
class MatrixColumn:
    """Reasons that say the same of everybody on the list, and so stand in one column."""

    keys: tuple[str, ...]
    title: str


@dataclass(frozen=True)
class MatrixCell:
    """Whether a reason speaks for somebody, and the fact that it stands on."""

    holds: bool
    tip: str


@dataclass(frozen=True)
class MatrixChip:
    """One thing to be considered: its colour, a short text, the whole sentence."""

    colour: str
    text: str
    tip: str


@dataclass(frozen=True)
class MatrixRow:
    """One candidate."""

    number: int
    person: str
    name: str
    cohort: str
    url: str
    post: str
    way: LinesPicture | None
    stage: str
    cells: tuple[MatrixCell, ...]
    months: int
    bar: float  # how wide the bar of months is
    step: int  # the colour of the rank
    chips: tuple[MatrixChip, ...]
    days: tuple[str, ...]
    light: tuple[str, str] | None  # colour and word
    is_picked: bool
    reasons: tuple[PriorityReason, ...]


@dataclass(frozen=True)
class Matrix:
    """The columns that tell candidates apart, what is equal for all, and a row each."""

    columns: tuple[MatrixColumn, ...]
    days: tuple[str, ...]  # rules that stand against everybody, each until a day of one's own
    rows: tuple[MatrixRow, ...]
    told_once: tuple[str, ...]
    has_months: bool

    def on_one_sheet(self, *paragraphs: str) -> Fitted:
        """Return how many rows one sheet of A4 across holds beside its paragraphs, how high."""
        room = SHEET_ROOM - 18 * sum(line_count(each, 1000, 12.5) for each in paragraphs)
        heads = [line_count(c.title, _mark_width(c.title), SHEET_TEXT) + 1 for c in self.columns]
        room -= 14 * max([2, *heads])
        return fitted(self.sheet_lines(), room, SHEET_TALL, SHEET_LEAST)

    def sheet_lines(self) -> list[int]:
        """Return how many lines each row takes on the sheet."""
        texts = [
            (f"{row.name} {row.cohort}", row.post, row.stage, "  ".join(c.text for c in row.chips))
            for row in self.rows
        ]
        marks = sum(_mark_width(column.title) for column in self.columns)
        width = SHEET_WIDTH - marks - 64 * len(self.days)
        return row_lines(texts, column_rooms(texts, width, SHEET_TEXT), SHEET_TEXT)


def _mark_width(title: str) -> float:
    """Return how wide a column of marks is on the sheet: its longest word is not broken."""
    least = SHEET_MARK if len(title) > 4 else SHEET_MARK / 2
    words = re.findall(r"\w+", title, re.ASCII)
    return max([least, *(text_width(each, SHEET_TEXT) + 4 for each in words)])


def matrix_of(
    known: Facts,
    found: Shortlist,
    rules: Mapping[str, Rule],
    those: Sequence[ShortListPlace],
    picked: Sequence[str] = (),
) -> Matrix:
    """Return candidates of a short list as rows, all drawn on one scale."""
    columns, told_once = _columns(those)
    of_all = _of_all(those)
    lines = lines_of(current_store(), [each.person for each in those], known.on)
    years = max((line.years for line in lines.values()), default=1.0)
    most = max((each.months for each in those), default=0) or 1
    rows = []
    for each in those:
        reason = {one.key: one for one in each.reasons}
        line = lines.get(each.person)
        index = known.rank_index(each.person)
        rank = known.programme.ranks[index].key if index is not None else None
        rows.append(
            MatrixRow(
                number=each.number,
                person=each.person,
                name=known.name(each.person),
                cohort=_cohort(known, each.person),
                url=link("programme.person", id=each.person),
                post=_post(known, each.person),
                way=one_line(line, WAY_WIDTH, years) if line else None,
                stage=term("stages", each.stage),
                cells=tuple(_cell(reason, column) for column in columns),
                months=each.months,
                bar=round(max(each.months / most * BAR_WIDTH, 1), 1),
                step=step_of(known.programme, rank),
                chips=tuple(_chip(rules, one) for one in each.considered if one.rule not in of_all),
                days=tuple(_day(each, rule) for rule in of_all),
                light=(each.light, str(LEVELS[each.light])) if each.light else None,
                is_picked=each.person in picked,
                reasons=each.reasons,
            )
        )
    return Matrix(
        columns=columns,
        days=tuple(_day_title(rules[rule]) for rule in of_all),
        rows=tuple(rows),
        told_once=told_once,
        has_months=any(one.key == MONTHS for each in those[:1] for one in each.reasons),
    )


def answered(known: Facts, found: Shortlist) -> list[Markup]:
    """Say in clauses who stands where, who brings what the post asks for, and who wishes for it."""
    clauses = []
    preferred = {
        each.rule.parameters.batch
        for each in known.programme.priorities
        if isinstance(each.rule.parameters, Prefer)
    }
    stages = Counter(each.stage for each in found.places)
    for stage in known.programme.stages:
        if stage.batch in preferred and stages[stage.key]:
            text = ngettext(
                "%(num)s is at the stage %(stage)s",
                "%(num)s are at the stage %(stage)s",
                stages[stage.key],
                stage=either(stage),
            )
            clauses.append(Markup('<a href="#list">{}</a>').format(text))
    said_of = {
        DEMANDS: (
            _("nobody brings a specialty that the post asks for"),
            _("only %(who)s brings a specialty that the post asks for"),
            _("%(who)s bring a specialty that the post asks for"),
        ),
        WISH: (_("nobody wishes for it"), _("%(who)s wishes for it"), _("%(who)s wish for it")),
    }
    for key, (nobody, one, more) in said_of.items():
        compared = [r.key for each in found.places[:1] for r in each.reasons]
        if key in compared:
            who = [
                e.person for e in found.places if any(r.key == key and r.holds for r in e.reasons)
            ]
            template = nobody if not who else one if len(who) == 1 else more
            clauses.append(Markup(template.replace("%(who)s", "{}")).format(_named(known, who)))
    return clauses


def _named(known: Facts, people: Sequence[str]) -> Markup:
    """Name few people with links to their rows, and count more."""
    if len(people) > NAMED:
        text = ngettext("%(num)s person", "%(num)s people", len(people))
        return Markup('<a href="#list">{}</a>').format(text)
    return Markup(", " if language() == "en" else "、").join(
        Markup('<a href="{}">{}</a>').format(link("programme.person", id=each), known.name(each))
        for each in people
    )


def _columns(those: Sequence[ShortListPlace]) -> tuple[tuple[MatrixColumn, ...], tuple[str, ...]]:
    """Return the columns that tell candidates apart, and what is equal for all in words."""
    keys = [each.key for each in those[0].reasons if each.key != MONTHS] if those else []
    verdicts = {key: tuple(_holds(each, key) for each in those) for key in keys}
    columns: dict[tuple[bool, ...] | str, list[str]] = {}
    told = []
    for key in keys:
        if len(those) > 1 and len(set(verdicts[key])) == 1:
            told.append(f"{_title(key)} {'✓' if verdicts[key][0] else '–'}")
        else:  # only priorities with the same verdicts stand in one column
            columns.setdefault(key if key in AMONG_EQUALS else verdicts[key], []).append(key)
    together = _(", ")
    return (
        tuple(MatrixColumn(tuple(k), together.join(map(_title, k))) for k in columns.values()),
        tuple(told),
    )


def _title(key: str) -> str:
    return str(AMONG_EQUALS[key]) if key in AMONG_EQUALS else term("priorities", key)


def _holds(place: ShortListPlace, key: str) -> bool:
    return any(each.key == key and each.holds for each in place.reasons)


def _cell(reasons: Mapping[str, PriorityReason], column: MatrixColumn) -> MatrixCell:
    those = [reasons[key] for key in column.keys]
    return MatrixCell(those[0].holds, "\n".join(said(each.words) for each in those))


def _cohort(known: Facts, person: str) -> str:
    cohort = known.people[person].cohort
    return _("of %(year)s", year=cohort) if cohort else ""


def _post(known: Facts, person: str) -> str:
    """Return unit and title of the main post, else of any post held on the day."""
    held = known.home(person) or next(reversed(known.current(person)), None)
    if held is None:
        return "–"
    post = known.posts[held.post]
    unit = known.units.get(post.unit or "")
    return f"{unit.name} {post.name}" if unit else post.name


def _of_all(those: Sequence[ShortListPlace]) -> tuple[str, ...]:
    """Return the rules that stand against everybody, each until a day."""
    if len(those) < 2:
        return ()
    each_has = [
        {one.rule for one in each.considered if one.weight == "against" and one.until}
        for each in those
    ]
    return tuple(sorted(set.intersection(*each_has)))


def _day(place: ShortListPlace, rule: str) -> str:
    days = [each.until for each in place.considered if each.rule == rule and each.until]
    return days[0].isoformat()[:7] if days else ""


def _day_title(rule: Rule) -> str:
    asked = rule.rule.parameters
    if isinstance(asked, ChangesInTerm) and asked.term_months % 12 == 0:
        return _("%(years)s years full (%(rule)s)", years=asked.term_months // 12, rule=rule.id)
    return _("%(rule)s until", rule=rule.id)


def _chip(rules: Mapping[str, Rule], each: Considered) -> MatrixChip:
    tip = f"{each.rule} {either(rules[each.rule].title)}{_(': ')}{said(each.words)}"
    if each.weight == "undecided":
        return MatrixChip("blue", _("%(rule)s: a fact lacks", rule=each.rule), tip)
    if each.weight == "advice":
        return MatrixChip("blue", each.rule, tip)
    if each.until is None:
        return MatrixChip("yellow", each.rule, tip)
    month = each.until.isoformat()[:7]
    return MatrixChip("yellow", _("%(rule)s until %(month)s", rule=each.rule, month=month), tip)
