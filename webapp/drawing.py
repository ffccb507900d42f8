"""A network as data for the page's own template: marks, ties and options, by pyvis.

pyvis' only home. Its templates are not used, for they ask other hosts: what it built is handed to
`static/network.js` as plain JSON. No text in it is ever read as HTML.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pyvis.network import Network

from webapp.layout import Box, generations

FONT_PX = 13
LINE_PX = 16
RADIUS = 14  # of a circle; a diamond of the same area reaches a little further
REACH = 17
LABEL_WIDTH = 112  # a wider name goes over two lines, and is cut after them
MORE_WIDTH = 46

# Nothing moves by itself and nothing is asked of another host.
OPTIONS: dict[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"randomSeed": 1, "improvedLayout": False},
    "interaction": {
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "multiselect": False,
        "tooltipDelay": 150,
        "navigationButtons": False,
        "keyboard": {"enabled": False},
    },
    "nodes": {"shape": "custom", "size": REACH, "chosen": False},
    "edges": {
        "smooth": False,
        "arrows": {"to": {"enabled": True, "scaleFactor": 0.5}},
        "width": 1.4,
        "chosen": False,
    },
}


@dataclass(frozen=True)
class Mark:
    """One person in the picture."""

    id: str
    name: str
    role: str  # a key of marks.ROLES
    colour: int
    letter: str
    category: str
    asked: bool = False  # the person the view was asked for
    cut: int = 0  # mentors and trainees that the cap left out: a "n more" of their own
    beyond: int = 0  # ties that lead out of the picture in all: a small sign on the mark


@dataclass(frozen=True)
class Line:
    """One mentoring tie in the picture, from mentor to trainee."""

    id: str
    mentor: str
    trainee: str
    kind: str
    ended: bool
    sentence: str


def draw(marks: Sequence[Mark], lines: Iterable[Line]) -> dict[str, Any]:
    """Give nodes, edges and options for vis-network, every node with its place.

    Where the cap left out mentors or trainees, a further node says how many.
    """
    lines = list(lines)
    boxes = [_box(mark) for mark in marks]
    ties = [(line.mentor, line.trainee) for line in lines]
    for mark in marks:
        if mark.cut:
            boxes.append(Box(_more_id(mark.id), MORE_WIDTH, 2 * REACH))
            ties.append((mark.id, _more_id(mark.id)))
    middle = generations(boxes, ties)
    height = {box.id: box.height for box in boxes}

    network = Network(directed=True, cdn_resources="local")
    network.options = OPTIONS
    for mark in marks:
        x, y = middle[mark.id]
        network.add_node(
            mark.id,
            label="\n".join(label_lines(mark.name)),
            shape="custom",
            x=x,
            y=y - height[mark.id] / 2 + REACH,  # the place is that of the mark, not of its box
            name=mark.name,
            role=mark.role,
            category=mark.category,
            colour=mark.colour,
            letter=mark.letter,
            asked=mark.asked,
            beyond=mark.beyond,
        )
        if mark.cut:
            x, y = middle[_more_id(mark.id)]
            network.add_node(
                _more_id(mark.id), label=f"+{mark.cut:,}", shape="custom", x=x, y=y, of=mark.id
            )
    for line in lines:
        network.add_edge(
            line.mentor,
            line.trainee,
            id=line.id,
            kind=line.kind,
            ended=line.ended,
            sentence=line.sentence,
        )
    for mark in marks:
        if mark.cut:
            more = _more_id(mark.id)
            network.add_edge(mark.id, more, id=f"{more} tie", more=True)
    nodes, edges, _, _, _, options = network.get_network_data()
    for item in (*nodes, *edges):
        item.pop("color", None)  # colours are the style sheet's
        item.pop("arrows", None)
    return {"nodes": nodes, "edges": edges, "options": json.loads(options)}


def label_lines(name: str) -> list[str]:
    """Break a name into at most two lines that fit below a mark.

    >>> label_lines("李娜"), label_lines("Friedrich Wilhelm August Argelander of Memel")
    (['李娜'], ['Friedrich', 'Wilhelm Augu…'])
    """
    name = " ".join(name.split())
    if text_width(name) <= LABEL_WIDTH:
        return [name]
    words = name.split(" ")
    first, rest = words[0], words[1:]
    while rest and text_width(f"{first} {rest[0]}") <= LABEL_WIDTH:
        first, rest = f"{first} {rest[0]}", rest[1:]
    if text_width(first) > LABEL_WIDTH:
        cut = _cut(first)
        first, rest = first[:cut], [first[cut:], *rest]
    second = " ".join(rest)
    if text_width(second) > LABEL_WIDTH:
        second = second[: _cut(second, text_width("…"))].rstrip() + "…"
    return [first, second] if second else [first]


def text_width(text: str) -> float:
    """Estimate the width of a text in px, rather too wide than too narrow."""
    return sum(_width(character) for character in text)


def _width(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return FONT_PX
    if unicodedata.combining(character):
        return 0
    if character in "iljtfrI.,'|!:; ()[]":
        return 0.42 * FONT_PX
    if character in "mwMW@%":
        return 0.98 * FONT_PX
    return (0.74 if character.isupper() else 0.64) * FONT_PX


def _cut(text: str, kept_free: float = 0) -> int:
    """Give how many characters fit in a label's width."""
    width = kept_free
    for at, character in enumerate(text):
        width += _width(character)
        if width > LABEL_WIDTH:
            return max(at, 1)
    return len(text)


def _box(mark: Mark) -> Box:
    lines = label_lines(mark.name)
    width = max(2 * REACH, *(text_width(line) for line in lines)) + 4
    return Box(mark.id, round(width), 2 * REACH + LINE_PX * len(lines))


def _more_id(person: str) -> str:
    return f"{person}\x1fmore"  # no id of a person holds this character
