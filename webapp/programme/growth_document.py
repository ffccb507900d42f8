"""A person's growth file as a document: everything dated that is on file, each with its source.

The source of an entry is the hand that entered it, or a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _

from graph.changes import Change, changes
from graph.schema import table
from graph.store import Store
from graph.tables import number_text
from loaders import entry
from loaders.entry import Stored, Values
from queries import choices
from queries.dated import Dated, dated, known_cohort, shown_end
from queries.programme import growth_file, mentoring
from queries.programme.facts import Facts, Pairing
from queries.programme.learning import added, learning_hours
from queries.programme.own_records import own_records
from queries.programme.portrait import portrait
from queries.programme.stages import progress
from webapp.entering.cells import cell, title
from webapp.people.timeline import period
from webapp.programme.charts import figure_of
from webapp.programme.documents import Cell, Document, Section
from webapp.programme.judgement import judged
from webapp.programme.learning import level_word
from webapp.programme.page import facts_of
from webapp.programme.people import lack_text
from webapp.shell import words
from webapp.shell.day import planned
from webapp.shell.frame import term
from webapp.shell.language import either, joined, local
from webapp.shell.sentences import said

_MOST_CHANGES = 10_000
_IN_HEAD = ("cohort", "joined_on", "born_on", "native_place", "education", "specialties", "status")


def growth_document(store: Store, id: str) -> Document:
    """Gather everything dated that is on file of a person, each with its source."""
    person = entry.stored(store, "people", id)
    day = words.as_of()
    known, by = facts_of(day), dated(store, day)
    sources = _sources(store, id)
    columns = {column.heading: column for column in table("people").columns}
    particulars = _known(person.values, id, known, by)
    head = [
        (title(columns[heading]), cell(table("people"), heading, particulars[heading], {}))
        for heading in _IN_HEAD
        if heading in particulars
    ]
    name = str(person.values["name"])
    sections = [
        *_standing(known, id),
        *_portrait(store, known, id),
        _postings(store, id, sources, by),
        *_mentors(store, known, id, sources, by),
        _activities(store, id, sources, by),
        _hours(store, id, known),
        *_records(store, id, sources, by),
    ]
    programme = words.programme()
    return Document(
        name=f"{id}-{name}",
        title=_("Growth file of %(name)s", name=name),
        subtitle=" · ".join(
            part
            for part in (either(programme.name), _("as of %(day)s", day=day.isoformat()), id)
            if part
        ),
        facts=tuple(head),
        sections=tuple(sections),
        summary=joined(*judged(store, known, id)),
        invented=programme.invented,
    )


def _known(values: Mapping[str, Any], id: str, known: Facts, by: Dated) -> dict[str, Any]:
    """Return the particulars of a person without what came later than an earlier day."""
    shown = {
        **values,
        "status": known.states.status(id, values.get("status"), by.ends),
        "joined_on": shown_end(values.get("joined_on"), by.ends),
        "cohort": known_cohort(values.get("cohort"), by.ends),
    }
    return {key: value for key, value in shown.items() if value is not None}


def _standing(known: Facts, id: str) -> list[Section]:
    """Return how complete the file is, and where a trainee stands."""
    if id not in known.trainees:
        return []
    score = growth_file.scores(known)[id]
    where = progress(known)[id]
    rows: list[tuple[Cell, ...]] = [
        (
            term("growth_file", part.key),
            f"{part.have} / {part.want}",
            "、".join(lack_text(each) for each in part.lacks) or _("complete"),
        )
        for part in score.parts
    ]
    note = _("%(percent)s %% of the file is there.", percent=score.percent)
    if where.stage:
        stage = term("stages", where.stage)
        note = joined(note, _("Stage: %(stage)s, since %(day)s.", stage=stage, day=where.since))
    columns = (_("Part"), _("On file"), _("Missing"))
    return [Section("score", _("Completeness"), columns, tuple(rows), note)]


def _portrait(store: Store, known: Facts, id: str) -> list[Section]:
    """Return the portrait, each axis with what it comes to, who judged it and when."""
    if id not in known.trainees or not known.programme.portrait:
        return []
    rows: list[tuple[Cell, ...]] = []
    for axis in portrait(known, id, own_records(store, id, known.day)):
        beside = " · ".join(
            f"{term('record_kinds', each.kind)}{_(':')} {said(each.meaning)}"
            for each in axis.beside
        )
        judges = dict.fromkeys(
            f"{known.name(fact.given_by)} {fact.on}" for fact in axis.facts if fact.given_by
        )
        rows.append(
            (
                term("portrait", axis.key),
                figure_of(axis),
                said(axis.meaning),
                "、".join(judges) or "–",
                beside,
            )
        )
    columns = (_("Axis"), _("Figure"), _("What it stands on"), _("Judged by"), _("Beside it"))
    note = _("There is no sum: each axis stands for itself.")
    return [Section("portrait", _("Portrait"), columns, tuple(rows), note)]


def begun(rows: Iterable[Stored], at: str, by: Dated) -> list[Stored]:
    """Return the rows that had begun by a day, without the ends that are not shown then."""
    found = []
    for row in rows:
        is_planned = row.values.get("status") == "planned" and not planned()
        if not is_planned and (row.values.get(at) or "") <= by.on:
            until = shown_end(row.values.get("until"), by.ends)
            values = {key: each for key, each in row.values.items() if key != "until"}
            found.append(replace(row, values=values | ({"until": until} if until else {})))
    return found


def _postings(store: Store, id: str, sources: dict[tuple[str, str], Change], by: Dated) -> Section:
    found = begun(entry.rows_about(store, "rotations", "person", id), "since", by)
    posts = choices.posts(store, (row.values["post"] for row in found))
    rows = []
    for row in found:
        values, post = row.values, posts[row.values["post"]]
        rank = values.get("rank") or post["rank"]
        rows.append(
            (
                when(values),
                post["unit"] or "",
                post["name"],
                term("rotation_kinds", values.get("kind")),
                term("ranks_and_grades", rank),
                _source(sources, row),
            )
        )
    columns = (_("Period"), _("Unit"), _("Post"), _("Kind"), _("Rank"), _("Source"))
    return Section("postings", _("Posts and exercises"), columns, tuple(rows))


_NOTES = ("mentor_note", "trainee_note")


def _accepted(values: Values, on: str) -> str:
    """Say when both sides accepted a pair; nothing where neither had by the day."""
    days = [values.get(f"{side}_accepted_on") or "" for side in ("mentor", "trainee")]
    known = [day if day <= on else "" for day in days]
    return " / ".join(day or "–" for day in known) if any(known) else ""


def _mentors(
    store: Store, known: Facts, id: str, sources: dict[tuple[str, str], Change], by: Dated
) -> list[Section]:
    columns = (
        _("{Mentor}"),
        _("Kind"),
        _("Period"),
        _("Methods used"),
        _("Duties done"),
        _("Growth tasks"),
        _("Accepted"),
        _("What both noted"),
        _("Source"),
    )
    of = table("mentoring")
    rows = []
    for row in begun(entry.rows_about(store, "mentoring", "trainee", id), "since", by):
        values = row.values
        rows.append(
            (
                row.names["mentor"],
                term("mentoring_kinds", values.get("kind")),
                when(values),
                *(cell(of, h, values.get(h, []), {}) for h in ("methods", "duties", "tasks")),
                _accepted(values, by.on),
                " · ".join(str(values[h]) for h in _NOTES if values.get(h)),
                _source(sources, row),
            )
        )
    sections = [Section("mentors", _("{Mentors}"), columns, tuple(rows))]
    guided: tuple[Pairing, ...] = known.mentees.get(id, ())
    if guided:
        done = tuple(
            (known.name(p.trainee), term("mentoring_kinds", p.kind), period(p.since, p.until),
             sum(mentoring.pair_progress(known, p).done))
            for p in guided
        )  # fmt: skip
        titles = (_("{Trainee}"), _("Kind"), _("Period"), _("Done in all"))
        sections.append(Section("trainees", _("{Trainees} guided"), titles, done))
    return sections


def _activities(
    store: Store, id: str, sources: dict[tuple[str, str], Change], by: Dated
) -> Section:
    found = entry.rows_about(store, "attendance", "person", id)
    held = choices.activities(store, (row.values["activity"] for row in found))
    rows = []
    for row in found:
        activity = held[row.values["activity"]]
        if (activity["held_on"] or "") > by.on:
            continue
        role = " · ".join(
            filter(None, (_role(row.values.get("role")), term("results", row.values.get("result"))))
        )
        rows.append(
            (
                activity["held_on"] or "",
                term("activity_kinds", activity["kind"]),
                activity["name"],
                activity["place"] or "",
                "" if activity["hours"] is None else number_text(activity["hours"]),
                role,
                _source(sources, row),
            )
        )
    columns = (
        *(_("Day"), _("Kind"), _("Title"), _("Place"), _("Hours")),
        *(_("Role and result"), _("Source")),
    )
    return Section("activities", _("Training and exchange"), columns, tuple(sorted(rows)))


def _role(role: str | None) -> str:
    return term("attendance_roles", role) if role else ""


def _hours(store: Store, id: str, known: Facts) -> Section:
    """Return the hours of each year, those of a listener apart."""
    found = learning_hours(store, known, person=id)
    levels = [*(level.key for level in known.programme.activity_levels), None]
    rows = []
    for year in dict.fromkeys(each.year for each in found):
        mine = [each for each in found if each.year == year]
        rows.append(
            (
                str(year),
                number_text(added([each.hours for each in mine])),
                " · ".join(
                    f"{level_word(level)} {number_text(hours)}"
                    for level in levels
                    if (hours := added([each.hours for each in mine if each.level == level]))
                ),
                number_text(added([each.listened_hours for each in mine])),
            )
        )
    columns = (_("Year"), _("Hours"), _("By level"), _("Hours as a listener"))
    return Section("hours", _("Hours of training by year"), columns, tuple(rows))


def _records(
    store: Store, id: str, sources: dict[tuple[str, str], Change], by: Dated
) -> list[Section]:
    """Return the records kind by kind, and those that were withdrawn with their reasons."""
    found = begun(entry.rows_about(store, "records", "person", id), "on", by)
    columns = (_("Day"), _("Level"), _("Result"), _("Summary"), _("Source"))
    order = [kind.key for kind in words.programme().record_kinds]
    kinds = dict.fromkeys([*order, *(row.values["kind"] for row in found)])
    sections = []
    for kind in kinds:
        rows = [row for row in found if row.values["kind"] == kind and not row.withdrawn_on]
        more = {key: word for key, word in _care_columns().items() if kind in _care_kinds()}
        lines = tuple(
            (*_record(row), *(_care(row, key) for key in more), _source(sources, row))
            for row in rows
        )
        heads = (*columns[:-1], *more.values(), columns[-1])
        sections.append(Section(f"records-{kind}", term("record_kinds", kind), heads, lines))
    withdrawn = tuple(
        (
            row.withdrawn_on or "",
            row.withdrawn_why or "",
            term("record_kinds", row.values["kind"]),
            *_record(row),
        )
        for row in found
        if row.withdrawn_on
    )
    if withdrawn:
        head = (_("Withdrawn on"), _("Reason"), _("Kind"), *columns[:-1])
        note = _("These entries count nowhere.")
        sections.append(Section("withdrawn", _("Withdrawn entries"), head, withdrawn, note))
    return sections


def _care_kinds() -> set[str]:
    kinds = words.programme().record_kinds
    return {each.key for each in kinds if each.is_payment or each.is_visit}


def _care_columns() -> dict[str, str]:
    columns = {column.heading: column for column in table("records").columns}
    return {key: title(columns[key]) for key in ("amount", "batch", "account", "cause")}


def _care(row: Stored, key: str) -> str:
    return cell(table("records"), key, row.values.get(key), {})


def _record(row: Stored) -> tuple[str, str, str, str]:
    values = row.values
    return (
        values.get("on", ""),
        term("levels", values.get("level")),
        term("results", values.get("result")),
        values.get("summary", ""),
    )


def when(values: Any) -> str:
    """Say the period of a posting or of a pair."""
    planned = values.get("status") == "planned"
    return period(values.get("since"), values.get("until"), planned=planned)


def _sources(store: Store, id: str) -> dict[tuple[str, str], Change]:
    """Return the newest change of each row about a person."""
    found: dict[tuple[str, str], Change] = {}
    for change in changes(store, about=id, limit=_MOST_CHANGES):
        found.setdefault((change.table, change.row), change)
    return found


def _source(sources: dict[tuple[str, str], Change], row: Stored) -> str:
    change = sources.get((row.table, row.id))
    if change is None:
        return _("file")
    return _("%(by)s, %(when)s", by=change.by, when=local(change.at)[:10])
