"""A scene as it is drawn and listed: marks with their fills, ties with their sentences, rows.

The page, the files and the command take the same picture. Long because marks, ties and rows tell
the same counts and titles.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from graph.schema import table
from graph.store import Row, Store
from queries.cards import Card
from queries.network import around
from queries.network.lineage import sentence
from queries.unit_tree import unit_tree
from webapp.data import stored
from webapp.network.boxes import Box, Places
from webapp.network.drawing import Line, Mark, draw
from webapp.network.layouts import Facts, Layouts
from webapp.network.scene import EXPANDED, Scene, Thing, stages_of
from webapp.network.view import View, key_of
from webapp.people.tables import rank_place
from webapp.people.timeline import period
from webapp.shell import marks, words
from webapp.shell.frame import person_url, post_url, term, unit_url
from webapp.shell.language import language
from webapp.shell.store import current_store

KIND_TITLES = {
    "mentors": _l("Mentors"),
    "trainees": _l("Trainees"),
    "posts": _l("Posts held"),
    "holders": _l("Who held it"),
    "unit": _l("Its unit"),
    "unit_posts": _l("Its posts"),
    "below": _l("Units below"),
    "above": _l("Unit above"),
}
THINGS = {"post": _l("Post"), "unit": _l("Unit")}
UNKNOWN = "\x1f"  # sorts before every key

Fills = tuple[tuple[marks.Category, ...], dict[str, marks.Category]]


@dataclass(frozen=True)
class Picture:
    """What is drawn of a scene, with its legend and its rows."""

    scene: Scene
    drawn: dict[str, Any]  # nodes, edges, guides, options
    categories: tuple[marks.Category, ...]
    roles: list[dict[str, Any]]
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    people: list[dict[str, Any]]
    titles: list[str]  # of the facts of people

    @property
    def has(self) -> set[str]:
        """Return which kinds of lines the legend has to name."""
        edges = self.drawn["edges"]
        found = {edge["style"] for edge in edges if not edge.get("more")}
        return found | {word for word in ("ended", "planned") if any(e.get(word) for e in edges)}


def paint(store: Store, scene: Scene) -> Picture:
    """Draw a scene."""
    fills = _fills(store, scene)
    categories, fill = fills
    pins = {key: (float(x), float(y)) for key, x, y in scene.view.pin}
    facts = _facts_of_layout(store, scene)
    layout = scene.view.layout

    def arrange(boxes: list[Box], ties: list[tuple[str, str]]) -> Places:
        return layouts().arrange(layout, boxes, ties, facts)

    cut: dict[str, tuple[tuple[str, int], ...]] = defaultdict(tuple)
    for (id_, kind), people in scene.left.items():
        cut[id_] += ((kind, people),)
    marked = [_mark(scene, card, fill[card.id], cut[card.id]) for card in scene.people]
    marked += [Mark(t.key, t.name, t.kind, marks.GREY, "", t.kind) for t in scene.things]
    drawn = draw(marked, _lines(store, scene), arrange, pins)
    counts = Counter(card.role for card in scene.people)
    counts.update(thing.kind for thing in scene.things)
    stages = scene.stages or (
        stages_of(store, [card.id for card in scene.people], scene.as_of)
        if words.programme().stages and len(scene.people) <= EXPANDED
        else {}
    )
    return Picture(
        scene,
        drawn,
        categories,
        [
            {"key": key, "title": title, "people": counts[key]}
            for key, title in {**marks.ROLES, **THINGS}.items()
            if counts[key]
        ],
        _columns(bool(stages)),
        _rows(scene, stages)
        + [_thing_row(scene, thing) for thing in scene.things],
        [
            *_people(scene, stages),
            *(_thing(scene, thing) for thing in scene.things),
        ],
        [
            _("Role"), _("Cohort"), _("Unit"), _("Post"), _("Rank"), _("Stage"), _("Mentors"),
            _("Trainees"),
        ],
    )  # fmt: skip


def layouts() -> Layouts:
    """Return the application's layouts that were computed before."""
    known = current_app.extensions.get("layouts")
    if known is None:
        folder = Path(current_app.config["UPLOAD_FOLDER"]).parent / "layouts"
        known = current_app.extensions.setdefault("layouts", Layouts(folder))
    return known


def name_of(scene: Scene) -> str:
    """Name a scene after those who were asked for."""
    return names_asked(scene.view, {card.id: card.name for card in scene.people})


def names_asked(view: View, names: dict[str, str]) -> str:
    """Name people, units and cohorts in one line."""
    said = [names.get(id_, id_) for id_ in view.person]
    said += [unit_name(id_) for id_ in view.unit]
    said += [_("cohort %(year)s", year=year) for year in view.cohort]
    return _(", ").join(said)


def unit_name(id_: str) -> str:
    """Name a unit, by its id where it is not stored."""
    unit = unit_tree(current_store()).units.get(id_)
    return unit.name if unit else id_


def conditions(view: View) -> list[tuple[str, str, dict[str, Any]]]:
    """Say each filter in words, with what it is and the parameters of the view without it."""
    kinds = _(", ").join(term("mentoring_kinds", kind) for kind in view.only_kind)
    said: list[tuple[str, str, dict[str, Any]]] = [
        (_("Kind of mentoring"), kinds, {"only_kind": ()}),
        (_("Unit"), unit_name(view.only_unit) if view.only_unit else "", {"only_unit": ""}),
        (_("Cohort"), view.only_cohort, {"only_cohort": ""}),
        (_("Rank"), term("ranks_and_grades", view.only_rank), {"only_rank": ""}),
        (_("Stage"), term("stages", view.only_stage), {"only_stage": ""}),
        (_("Ties within"), _span(view), {"since": "", "until": ""}),
        (_("On the day"), view.on, {"on": ""}),
    ]
    return [each for each in said if each[1]]


def _span(view: View) -> str:
    if not view.since and not view.until:
        return ""
    return f"{view.since or '…'} – {view.until or '…'}"


# --- marks and their fills


def _mark(scene: Scene, card: Card, fill: marks.Category, cut: tuple[tuple[str, int], ...]) -> Mark:
    counts = scene.counts[key_of("person", card.id)]
    missing = sum(counts[kind].total - counts[kind].shown for kind in ("mentors", "trainees"))
    return Mark(
        key_of("person", card.id),
        card.name,
        card.role,
        fill.colour,
        fill.letter,
        fill.key,
        card.id in scene.view.person,
        cut,
        missing,
    )


def _fills(store: Store, scene: Scene) -> Fills:
    """Return the categories that fill the marks, and that of each person."""
    colour, rank, stage = scene.view.colour, _titles("ranks_and_grades"), _titles("stages")
    value_of: dict[str, Callable[[Card], tuple[str, str]]] = {
        "unit": _by_unit(store),
        "cohort": lambda card: (str(card.cohort or ""), str(card.cohort or "")),
        "rank": lambda card: (card.rank or "", rank(card.rank)),
        "stage": lambda card: (scene.stages.get(card.id, ""), stage(scene.stages.get(card.id))),
    }
    nothing = {
        "unit": _("no post on this day"),
        "cohort": _("no cohort"),
        "rank": _("no rank"),
        "stage": _("in no stage"),
    }[colour]
    values = {card.id: value_of[colour](card) for card in scene.people}
    named = marks.categories(value for value in values.values() if value[0])
    without = sum(1 for key, _title in values.values() if not key)
    if without:
        named = (*named, marks.Category("", nothing, marks.GREY, "–", without))
    by_key = {category.key: category for category in named}
    return named, {id_: by_key[key] for id_, (key, _title) in values.items()}


def _by_unit(store: Store) -> Callable[[Card], tuple[str, str]]:
    tree = unit_tree(store)

    def branch(card: Card) -> tuple[str, str]:
        top = tree.branch(card.unit) if card.unit else None
        return (top.id, top.name) if top else ("", "")

    return branch


def _facts_of_layout(store: Store, scene: Scene) -> Facts:
    """Return what the chosen layout wants to know beside the ties."""
    layout = scene.view.layout
    more = {
        f"{key_of('person', id_)}\x1f{kind or 'more'}": key_of("person", id_)
        for id_, kind in scene.left
    }
    if layout == "radial":
        return Facts(tuple(key_of("person", id_) for id_ in scene.roots))
    if layout == "time":
        years = _years(scene)
        years |= {key: years[of] for key, of in more.items() if of in years}
        return Facts(years=years, unknown=_("no date"))
    if layout == "units":
        branch, tree = _by_unit(store), unit_tree(store)
        groups = {}
        for card in scene.people:
            key, title = branch(card)
            groups[key_of("person", card.id)] = (key or UNKNOWN, title or _("no post on this day"))
        for thing in scene.things:
            unit = thing.unit if thing.kind == "post" else thing.id
            top = tree.branch(unit) if unit else None
            groups[thing.key] = (top.id, top.name) if top else (UNKNOWN, _("no post on this day"))
        groups |= {key: groups[of] for key, of in more.items()}
        return Facts(groups=groups)
    return Facts()


def _years(scene: Scene) -> dict[str, int]:
    """Return the year when each became a trainee, else began to mentor, or first held a post."""
    first: dict[tuple[str, str], int] = {}

    def note(rank: str, id_: str, since: str | None) -> None:
        if since:
            year = int(since[:4])
            first[rank, id_] = min(year, first.get((rank, id_), year))

    for tie in scene.ties:
        note("trainee", key_of("person", tie["trainee"]), tie["since"])
        note("mentor", key_of("person", tie["mentor"]), tie["since"])
    for row in scene.postings:
        note("post", key_of("person", row["person"]), row["since"])
        note("trainee", key_of("post", row["post"]), row["since"])
    years: dict[str, int] = {}
    for rank in ("post", "mentor", "trainee"):
        years |= {id_: year for (of, id_), year in first.items() if of == rank}
    return years


# --- ties and their sentences


def _lines(store: Store, scene: Scene) -> list[Line]:
    programme, tongue = words.programme(), language()
    name = {card.id: card.name for card in scene.people}
    ties = [tie["tie"] for tie in scene.ties if tie["tie"]]
    source = sources("mentoring", around.entered(store, "mentoring", ties))
    lines = [
        Line(
            tie["tie"] or f"{tie['mentor']} {tie['trainee']} {number}",
            key_of("person", tie["mentor"]),
            key_of("person", tie["trainee"]),
            tie["kind"] or "",
            is_ended(tie, scene.as_of),
            sentence(tie, name, programme, tongue),
            planned=bool(tie["since"]) and tie["since"] > scene.as_of.isoformat(),
            source=source(tie["tie"]),
            url=f"mentoring/{quote(tie['tie'], safe='')}" if tie["tie"] else "",
        )
        for number, tie in enumerate(scene.ties)
    ]
    rows = [row["rotation"] for row in scene.postings if row["rotation"]]
    source = sources("rotations", around.entered(store, "rotations", rows) if rows else {})
    for number, row in enumerate(scene.postings):
        lines.append(
            Line(
                row["rotation"] or f"{row['person']} {row['post']} {number}",
                key_of("person", row["person"]),
                key_of("post", row["post"]),
                row["kind"] or "",
                is_ended(row, scene.as_of),
                posting_sentence(row, name[row["person"]]),
                "posting",
                row["status"] == "planned",
                source(row["rotation"]),
                f"rotations/{quote(row['rotation'], safe='')}" if row["rotation"] else "",
            )
        )
    titles = {thing.key: thing.name for thing in scene.things}
    for one, other in scene.structure:
        said = _("%(one)s is part of %(other)s.", one=titles[one], other=titles[other])
        lines.append(Line(f"{one} in {other}", other, one, "", False, said, "structure"))
    return lines


def posting_sentence(row: Row, name: str) -> str:
    """Return who held which post when."""
    place = " ".join(part for part in (row["unit_name"], row["title"]) if part)
    return _(
        "%(person)s: %(post)s, %(period)s.",
        person=name,
        post=place,
        period=period(row["since"], row["until"], planned=row["status"] == "planned"),
    )


def sources(name: str, entered: dict[str, Row]) -> Callable[[str | None], str]:
    """Return what says where a tie is known from: an entry by hand, or the file's row."""
    titled = stored.title(table(name))
    of_row = _("Source: data set, table “%(table)s”, row %(row)s.", table=titled, row="\x1f")
    without = _("Source: data set, table “%(table)s”.", table=titled)

    def source(row: str | None) -> str:
        if row and row in entered:
            change = entered[row]
            day = change["at"][:10]
            return _("Source: entered by hand by %(by)s on %(day)s.", by=change["by"], day=day)
        return of_row.replace("\x1f", row) if row else without

    return source


def is_ended(tie: Row, on: date) -> bool:
    """Return whether a tie was over on a day."""
    return bool(tie["until"]) and tie["until"] <= on.isoformat()


# --- cards and rows


def _titles(terms: str) -> Callable[[str | None], str]:
    """Return what names a key of one list, and looks each up once: a scene asks for a thousand."""
    return cache(lambda key: term(terms, key))


def _people(scene: Scene, stages: dict[str, str]) -> list[dict[str, Any]]:
    roles = {key: str(title) for key, title in marks.ROLES.items()}
    rank, stage = _titles("ranks_and_grades"), _titles("stages")
    people = []
    for card in scene.people:
        key = key_of("person", card.id)
        people.append(
            {
                "id": key,
                "kind": "person",
                "of": card.id,
                "name": card.name,
                "url": person_url(card.id),
                "facts": [
                    roles[card.role],
                    str(card.cohort or ""),
                    card.unit_name or "",
                    card.title or "",
                    rank(card.rank),
                    stage(stages.get(card.id)),
                    _of(scene, key, "mentors"),
                    _of(scene, key, "trainees"),
                ],
                "counts": _counts(scene, key),
            }
        )
    return people


def _thing(scene: Scene, thing: Thing) -> dict[str, Any]:
    is_post = thing.kind == "post"
    return {
        "id": thing.key,
        "kind": thing.kind,
        "of": thing.id,
        "name": thing.name,
        "url": post_url(thing.id) if is_post else unit_url(thing.id),
        "facts": [
            str(THINGS[thing.kind]) if is_post else term("unit_kinds", thing.detail),
            "",
            thing.unit_name or "",
            "",
            term("ranks_and_grades", thing.detail) if is_post else "",
            "",
            "",
            "",
        ],
        "counts": _counts(scene, thing.key),
    }


def _of(scene: Scene, key: str, kind: str) -> str:
    count = scene.counts[key][kind]
    if not count.total:
        return ""
    if count.shown == count.total:
        return str(count.total)
    return _("%(shown)s of %(total)s shown", shown=count.shown, total=count.total)


def _counts(scene: Scene, key: str) -> list[list[Any]]:
    return [[kind, count.total, count.shown] for kind, count in scene.counts[key].items()]


def _columns(stages: bool) -> list[dict[str, Any]]:
    return [
        {"key": "name", "title": _("Name")},
        {"key": "role", "title": _("Role")},
        {"key": "cohort", "title": _("Cohort"), "number": True},
        {"key": "unit", "title": _("Unit")},
        {"key": "post", "title": _("Post")},
        {"key": "rank", "title": _("Rank")},
        *([{"key": "stage", "title": _("Stage")}] if stages else []),
        {"key": "steps", "title": _("Steps away"), "number": True},
        {"key": "mentors", "title": _("Mentors"), "number": True},
        {"key": "trainees", "title": _("Trainees"), "number": True},
        {"key": "more", "title": _("Not shown"), "number": True},
    ]


def _rows(scene: Scene, stages: dict[str, str]) -> list[dict[str, Any]]:
    roles = {key: str(title) for key, title in marks.ROLES.items()}
    here = scene.view.changed(selected="").url
    rank, stage, place = _titles("ranks_and_grades"), _titles("stages"), cache(rank_place)
    rows = []
    for card in scene.people:
        key = key_of("person", card.id)
        counts = scene.counts[key]
        missing = sum(counts[kind].total - counts[kind].shown for kind in ("mentors", "trainees"))
        more = f"{here}&expand={quote(card.id, safe='')}&selected={quote(key, safe='')}"
        rows.append(
            {
                "name": {"kind": "person", "id": card.id, "text": card.name},
                "role": roles[card.role],
                "cohort": card.cohort,
                "unit": card.unit and {"kind": "unit", "id": card.unit, "text": card.unit_name},
                "post": card.post and {"kind": "post", "id": card.post, "text": card.title},
                "rank": card.rank and {"text": rank(card.rank), "sort": place(card.rank)},
                "stage": stage(stages.get(card.id)) or None,
                "steps": scene.distance[card.id],
                "mentors": counts["mentors"].total,
                "trainees": counts["trainees"].total,
                "more": {"text": f"+{missing}", "url": more, "sort": missing} if missing else None,
            }
        )
    return rows


def _thing_row(scene: Scene, thing: Thing) -> dict[str, Any]:
    is_post = thing.kind == "post"
    counts = scene.counts[thing.key]
    missing = sum(count.total - count.shown for count in counts.values())
    unit = thing.unit if is_post else None
    return {
        "name": {"kind": thing.kind, "id": thing.id, "text": thing.name},
        "role": str(THINGS[thing.kind]),
        "cohort": None,
        "unit": unit and {"kind": "unit", "id": unit, "text": thing.unit_name},
        "post": None,
        "rank": term("ranks_and_grades", thing.detail) or None if is_post else None,
        "stage": None,
        "steps": None,
        "mentors": None,
        "trainees": None,
        "more": {"text": f"+{missing}", "sort": missing} if missing else None,
    }


# --- what the page's script is given


def as_data(picture: Picture) -> dict[str, Any]:
    """Return all that `static/network.js` needs: the drawing, the cards, the words."""
    scene = picture.scene
    asked = [key_of("person", id_) for id_ in scene.view.person]
    return {
        "drawing": picture.drawn,
        "asked": asked or [key_of("person", id_) for id_ in scene.roots[:1]],
        "factTitles": picture.titles,
        "people": picture.people,
        "around": url_for("network.show"),
        "connection": url_for("connection.show"),
        "lineage": url_for("lineage.show"),
        "enter": url_for("entering.index"),
        "step": EXPANDED,
        "open": True,  # a scene that can be opened, closed and moved, not a picture of an answer
        "ways": [[key_of("person", id_) for id_ in way] for way in scene.ways],
        "words": page_words(),
    }


def page_words() -> dict[str, Any]:
    """Return the words that the script of a picture shows."""
    return {
        "nobody": _("Select a mark or a row to see who it is."),
        "tie": _("Tie"),
        "ties": _("%(n)s ties", n="{n}"),
        "open": _("Open the file"),
        "openThing": _("Open the page"),
        "around": _("Network around"),
        "expand": _("Show %(n)s more", n="{n}"),
        "filtered": _("%(n)s hidden by the legend", n="{n}"),
        "correct": _("Correct"),
        "actions": _("What to do with %(name)s", name="{name}"),
        "kinds": {kind: str(title) for kind, title in KIND_TITLES.items()},
        "show": _("Show: %(kind)s (%(n)s)", kind="{kind}", n="{n}"),
        "close": _("Close: %(kind)s (%(n)s)", kind="{kind}", n="{n}"),
        "roots": _("Up to the roots"),
        "descendants": _("All descendants"),
        "line": _("Light the whole line"),
        "pathFrom": _("Path from here"),
        "pathTo": _("Path to here"),
        "pathBegun": _(
            "Path from %(name)s: now choose the other end and “Path to here”.", name="{name}"
        ),
        "hide": _("Hide"),
        "unpin": _("Let the place go"),
        "alone": _("Only the network around"),
        "lineage": _("Lineage"),
        "loading": _("Drawing…"),
        "failed": _("The view could not be loaded; the page is opened anew."),
        "copied": _("The address is copied; whoever opens it sees this view."),
        "selected": _("%(name)s: %(facts)s", name="{name}", facts="{facts}"),
    }


def shown_of(scene: Scene) -> str:
    """Return how many of how many are shown."""
    return _("%(shown)s of %(total)s shown", shown=len(scene.people), total=scene.total)


def summary(scene: Scene) -> list[str]:
    """Return in sentences what the picture shows and what it leaves out."""
    said = [f"{shown_of(scene)}{_('.')}"]
    if scene.unmatched:
        said.append(
            ngettext(
                "%(num)s person does not match the filters.",
                "%(num)s people do not match the filters.",
                scene.unmatched,
            )
        )
    if scene.closed:
        said.append(ngettext("%(num)s closed by hand.", "%(num)s closed by hand.", scene.closed))
    return said
