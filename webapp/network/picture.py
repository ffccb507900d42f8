"""A scene as it is drawn: marks with their fills, ties with their sentences, legend and rows.

The page, the files and the paper take the same picture.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from layouts import Box, Hints, Places
from queries.cards import Card
from queries.network.scene import Scene
from queries.network.view import key_of
from webapp.network.drawing import Mark, draw
from webapp.network.kept_places import kept_places
from webapp.network.rows import table_of
from webapp.network.texts import THINGS, titles
from webapp.network.tie_sentences import drawn_ties
from webapp.pictures.signs import NO_KIND, Sign, colour_of, distinct, sign_of_unit, year_colour
from webapp.shell import marks

UNKNOWN = "\x1f"  # sorts before every key

Fills = tuple[tuple[marks.Category, ...], dict[str, marks.Category]]


@dataclass(frozen=True)
class NetworkPicture:
    """What is drawn of a scene, with its legend and its rows."""

    scene: Scene
    drawn: dict[str, Any]  # nodes, edges, guides, options
    categories: tuple[marks.Category, ...]
    roles: list[dict[str, Any]]
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]

    @property
    def has(self) -> set[str]:
        """Return which kinds of lines the legend has to name."""
        edges = self.drawn["edges"]
        found = {edge["style"] for edge in edges if not edge.get("more")}
        return found | {word for word in ("ended", "planned") if any(e.get(word) for e in edges)}


def paint(scene: Scene) -> NetworkPicture:
    """Draw a scene."""
    categories, fill = _fills(scene)
    pins = {key: (float(x), float(y)) for key, x, y in scene.view.pin}
    hints = _hints(scene)

    def arrange(boxes: list[Box], ties: list[tuple[str, str]]) -> Places:
        return kept_places().arrange(scene.view.layout, boxes, ties, hints)

    cut: dict[str, tuple[tuple[str, int], ...]] = defaultdict(tuple)
    for (id_, kind), people in scene.left.items():
        cut[id_] += ((kind, people),)
    marked = [_mark(scene, card, fill[card.id], cut[card.id]) for card in scene.people]
    marked += [Mark(t.key, t.name, t.kind, NO_KIND, "", t.kind) for t in scene.things]
    columns, rows = table_of(scene)
    return NetworkPicture(
        scene,
        draw(marked, drawn_ties(scene), arrange, pins),
        categories,
        _roles(scene),
        columns,
        rows,
    )


def _roles(scene: Scene) -> list[dict[str, Any]]:
    counts = Counter(card.role for card in scene.people)
    counts.update(thing.kind for thing in scene.things)
    return [
        {"key": key, "title": title, "people": counts[key]}
        for key, title in {**marks.ROLES, **THINGS}.items()
        if counts[key]
    ]


# --- marks and their fills


def _mark(scene: Scene, card: Card, fill: marks.Category, cut: tuple[tuple[str, int], ...]) -> Mark:
    return Mark(
        key_of("person", card.id),
        card.name,
        card.role,
        fill.colour,
        fill.letter,
        fill.key,
        card.id in scene.view.person,
        cut,
        scene.missing(key_of("person", card.id)),
    )


def _fills(scene: Scene) -> Fills:
    """Return the categories that fill the marks, and that of each person."""
    colour, rank, stage = scene.view.colour, titles("ranks_and_grades"), titles("stages")
    value_of: dict[str, Callable[[Card], tuple[str, str]]] = {
        "unit": lambda card: _branch(scene, card.unit),
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
    counts = Counter(value for value in values.values() if value[0])
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    signs = distinct([_sign(colour, key, title) for (key, title), _people in ordered])
    named = tuple(
        marks.Category(key, title, sign.colour, sign.text, people)
        for ((key, title), people), sign in zip(ordered, signs, strict=True)
    )
    without = sum(1 for key, _title in values.values() if not key)
    if without:
        named = (*named, marks.Category("", nothing, NO_KIND, "–", without))
    by_key = {category.key: category for category in named}
    return named, {id_: by_key[key] for id_, (key, _title) in values.items()}


def _sign(colour: str, key: str, title: str) -> Sign:
    """Return how a value fills a mark: the same on whatever page it stands."""
    if colour == "unit":
        return sign_of_unit(key)
    if colour == "cohort":
        return Sign(year_colour(int(key)), key[-2:])
    return Sign(colour_of("ranks" if colour == "rank" else "stages", key), title[:2])


def _branch(scene: Scene, unit: str | None) -> tuple[str, str]:
    return scene.branches.get(unit or "", ("", ""))


def _hints(scene: Scene) -> Hints:
    """Return what the chosen layout wants to know beside the ties."""
    layout = scene.view.layout
    more = {
        f"{key_of('person', id_)}\x1f{kind or 'more'}": key_of("person", id_)
        for id_, kind in scene.left
    }
    if layout == "radial":
        return Hints(tuple(key_of("person", id_) for id_ in scene.roots))
    if layout == "time":
        years = _years(scene)
        years |= {key: years[of] for key, of in more.items() if of in years}
        return Hints(years=years, unknown=_("no date"))
    if layout == "units":
        units = {key_of("person", card.id): card.unit for card in scene.people}
        units |= {t.key: t.unit if t.kind == "post" else t.id for t in scene.things}
        branches = {key: _branch(scene, unit) for key, unit in units.items()}
        groups = {
            key: (id_ or UNKNOWN, title or _("no post on this day"))
            for key, (id_, title) in branches.items()
        }
        groups |= {key: groups[of] for key, of in more.items()}
        return Hints(groups=groups)
    return Hints()


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
