"""A network as data for the page's own template: marks, ties and options, by pyvis.

pyvis' only home. Its templates are not used, for they ask other hosts: what it built is handed to
`static/network.js` as plain JSON. No text in it is ever read as HTML.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from layouts import Box, Places, Point, generation_layout

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
    """One person, post or unit in the picture."""

    id: str
    name: str
    role: str  # a key of marks.ROLES, "post" or "unit"
    colour: str  # a token of the style sheet
    letter: str
    category: str
    asked: bool = False  # the person the view was asked for
    cut: tuple[tuple[str, int], ...] = ()  # what the cap left out, by kind: a "n more" for each
    beyond: int = 0  # ties that lead out of the picture in all: a small sign on the mark


@dataclass(frozen=True)
class DrawnTie:
    """One tie in the picture, of mentoring from mentor to trainee."""

    id: str
    mentor: str
    trainee: str
    kind: str
    ended: bool
    sentence: str
    style: str = "mentoring"  # or "posting", "structure", "plain": the last three have no arrow
    planned: bool = False
    source: str = ""
    url: str = ""


Arrange = Callable[[list[Box], list[tuple[str, str]]], Places]


def draw(
    marks: Sequence[Mark],
    ties: Iterable[DrawnTie],
    arrange: Arrange = generation_layout,
    pins: Mapping[str, Point] | None = None,
) -> dict[str, Any]:
    """Return nodes, edges, guides and options for vis-network, every node with its place.

    Where the cap left out mentors or trainees, a further node says how many. Several ties of one
    pair are one edge that holds them all. `pins` are places chosen by hand.
    """
    ties = list(ties)
    pins = pins or {}
    boxes = {mark.id: box_of(mark) for mark in marks}
    pairs = [(tie.mentor, tie.trainee) for tie in ties]
    for mark in marks:
        for kind, _people in mark.cut:
            more = more_id(mark.id, kind)
            boxes[more] = Box(more, MORE_WIDTH, 2 * REACH)
            is_above = kind in ("mentors", "ancestors")
            pairs.append((more, mark.id) if is_above else (mark.id, more))
    placed = arrange(list(boxes.values()), pairs)

    def place(id_: str) -> Point:
        """Return the place of the mark itself, not of its box."""
        x, y = placed.at[id_]
        return pins.get(id_) or (x, y - boxes[id_].height / 2 + REACH)

    network = _network(directed=True, cdn_resources="local")
    network.options = OPTIONS
    for mark in marks:
        _add_mark(network, mark, place, mark.id in pins)
    for first, group in grouped(ties):
        _add_edge(network, first, group)
    for mark in marks:
        for kind, _people in mark.cut:
            more = more_id(mark.id, kind)
            network.add_edge(mark.id, more, id=f"{more} tie", more=True, style="plain")
    nodes, edges, _, _, _, options = network.get_network_data()
    for item in (*nodes, *edges):
        item.pop("color", None)  # colours are the style sheet's
        item.pop("arrows", None)
    return {
        "nodes": nodes,
        "edges": edges,
        "guides": [asdict(guide) for guide in placed.guides],
        "options": json.loads(options),
    }


def _add_mark(network: Any, mark: Mark, place: Callable[[str], Point], pinned: bool) -> None:
    """Add a mark, and beside it a node for each "n more"."""
    x, y = place(mark.id)
    network.add_node(
        mark.id,
        label="\n".join(label_lines(mark.name)),
        shape="custom",
        x=x,
        y=y,
        name=mark.name,
        initials=initials(mark.name),
        role=mark.role,
        category=mark.category,
        colour=mark.colour,
        letter=mark.letter,
        asked=mark.asked,
        beyond=mark.beyond,
        pinned=pinned,
    )
    for kind, people in mark.cut:
        more = more_id(mark.id, kind)
        x, y = place(more)
        network.add_node(more, label=f"+{people}", shape="custom", x=x, y=y, of=mark.id, opens=kind)


def _add_edge(network: Any, first: DrawnTie, group: Sequence[DrawnTie]) -> None:
    """Add the ties of one pair and style as one edge."""
    network.add_edge(
        first.mentor,
        first.trainee,
        id=first.id,
        kind=first.kind,
        style=first.style,
        ended=all(tie.ended for tie in group),
        planned=all(tie.planned for tie in group),
        count=len(group),
        turned=any(tie.mentor != first.mentor for tie in group),
        said=[{"text": e.sentence, "source": e.source, "url": e.url} for e in group],
    )


def grouped(ties: Iterable[DrawnTie]) -> list[tuple[DrawnTie, list[DrawnTie]]]:
    """Gather the ties of one pair and style, whichever way they go; the first stands for all."""
    groups: dict[tuple[frozenset[str], str], list[DrawnTie]] = {}
    for tie in ties:
        groups.setdefault((frozenset((tie.mentor, tie.trainee)), tie.style), []).append(tie)
    return [(group[0], group) for group in groups.values()]


def initials(name: str) -> str:
    """Return the two signs that stand in a mark: the end of a Chinese name, else first letters.

    >>> initials("张志映"), initials("李娜"), initials("Ada Lovelace"), initials("阿依努尔·赛买提")
    ('志映', '李娜', 'AL', '阿赛')
    """
    words = name.replace("·", " ").split()
    if len(words) == 1 and unicodedata.east_asian_width(words[0][-1]) in "WF":
        return words[0][-2:]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


@lru_cache(maxsize=20_000)  # each mark asks twice, and so does the next picture
def label_lines(name: str) -> tuple[str, ...]:
    """Break a name into at most two lines that fit below a mark.

    >>> label_lines("李娜"), label_lines("Friedrich Wilhelm August Argelander of Memel")
    (('李娜',), ('Friedrich', 'Wilhelm Augu…'))
    """
    name = " ".join(name.split())
    if text_width(name) <= LABEL_WIDTH:
        return (name,)
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
    return (first, second) if second else (first,)


@lru_cache(maxsize=20_000)
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
    """Return how many characters fit in a label's width."""
    width = kept_free
    for at, character in enumerate(text):
        width += _width(character)
        if width > LABEL_WIDTH:
            return max(at, 1)
    return len(text)


def box_of(mark: Mark) -> Box:
    """Return the room that a mark takes with its label."""
    lines = label_lines(mark.name)
    width = max(2 * REACH, *(text_width(line) for line in lines)) + 4
    return Box(mark.id, round(width), 2 * REACH + LINE_PX * len(lines))


def more_id(key: str, kind: str) -> str:
    """Name the node that says how many more there are."""
    return f"{key}\x1f{kind or 'more'}"  # no id of a person holds this character


_SHAPES = {"mentor": "diamond", "person": "square", "post": "box", "unit": "hexagon"}
_OUTSIDE = re.compile(
    r"<link\b[^>]*>|<script\b[^>]*\bsrc\s*=[^>]*>\s*</script>",
    re.IGNORECASE | re.DOTALL,
)


def _network(**options: Any) -> Any:
    from pyvis.network import Network  # here: it brings IPython, which no start needs

    return Network(**options)


_POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"


def offline_page(
    drawn: Mapping[str, Any], palette: Mapping[str, str], title: str, notes: Sequence[str]
) -> str:
    """Return a drawing as one HTML file of pyvis that opens anywhere and asks no other host.

    What pyvis' template would fetch is taken out; titles are texts, never HTML.
    """
    network = _network(
        height="80vh", width="100%", directed=True, cdn_resources="in_line", bgcolor="#ffffff"
    )
    network.options = OPTIONS | {"nodes": {}, "edges": OPTIONS["edges"]}
    for node in drawn["nodes"]:
        more = "of" in node
        network.add_node(
            node["id"],
            label=node["label"],
            title=node.get("name", node["label"]),
            shape="ellipse" if more else _SHAPES.get(node["role"], "dot"),
            color="#ffffff" if more else palette[node["colour"]],
            x=node["x"],
            y=node["y"],
            size=RADIUS,
            physics=False,
        )
    for edge in drawn["edges"]:
        network.add_edge(
            edge["from"],
            edge["to"],
            id=edge["id"],
            title=" ".join(each["text"] for each in edge.get("said", ())),
            color="#b4bcc6" if edge.get("ended") else "#8a94a1",
            dashes=edge["style"] in ("posting", "plain"),
            arrows="to" if edge["style"] == "mentoring" else "",
        )
    text = _OUTSIDE.sub("", network.generate_html(notebook=False))
    text = re.sub(r"<center>\s*<h1>\s*</h1>\s*</center>", "", text)  # its own title, left empty
    head = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    head += f"<title>{html.escape(title)}</title>"
    said = "".join(f"<p>{html.escape(note)}</p>" for note in notes if note)
    text = text.replace("<head>", f"<head>{head}", 1)
    return text.replace("<body>", f"<body><h1>{html.escape(title)}</h1>{said}", 1)
