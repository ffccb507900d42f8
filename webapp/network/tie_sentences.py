"""The ties of a scene as they are drawn: each with its sentence and where it is known from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import quote

from flask_babel import gettext as _

from graph.schema import table
from graph.store import Row
from queries.network.lineage import sentence
from queries.network.scene import Scene
from queries.network.view import key_of
from webapp.data import stored
from webapp.network.drawing import DrawnTie
from webapp.people.timeline import period
from webapp.shell import words
from webapp.shell.language import language


def drawn_ties(scene: Scene) -> list[DrawnTie]:
    """Return the ties between what is shown: of mentoring, of postings, of what is part of what."""
    name = {card.id: card.name for card in scene.people}
    return [*_mentoring(scene, name), *_postings(scene, name), *_structure(scene)]


def _mentoring(scene: Scene, name: dict[str, str]) -> list[DrawnTie]:
    programme, tongue = words.programme(), language()
    source = _sources("mentoring", scene.entered["mentoring"])
    return [
        DrawnTie(
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


def _postings(scene: Scene, name: dict[str, str]) -> list[DrawnTie]:
    source = _sources("rotations", scene.entered["rotations"])
    return [
        DrawnTie(
            row["rotation"] or f"{row['person']} {row['post']} {number}",
            key_of("person", row["person"]),
            key_of("post", row["post"]),
            row["kind"] or "",
            is_ended(row, scene.as_of),
            _posting_sentence(row, name[row["person"]]),
            "posting",
            row["status"] == "planned",
            source(row["rotation"]),
            f"rotations/{quote(row['rotation'], safe='')}" if row["rotation"] else "",
        )
        for number, row in enumerate(scene.postings)
    ]


def _structure(scene: Scene) -> list[DrawnTie]:
    titles = {thing.key: thing.name for thing in scene.things}
    return [
        DrawnTie(
            f"{one} in {other}",
            other,
            one,
            "",
            False,
            _("%(one)s is part of %(other)s.", one=titles[one], other=titles[other]),
            "structure",
        )
        for one, other in scene.structure
    ]


def _posting_sentence(row: Row, name: str) -> str:
    """Return who held which post when."""
    place = " ".join(part for part in (row["unit_name"], row["title"]) if part)
    return _(
        "%(person)s: %(post)s, %(period)s.",
        person=name,
        post=place,
        period=period(row["since"], row["until"], planned=row["status"] == "planned"),
    )


def _sources(name: str, entered: Mapping[str, Row]) -> Callable[[str | None], str]:
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
