"""The options of the careers' charts, as plain values for `static/chart.js`.

Labels are plain texts; a band or a node may carry the address that a click opens. Names of nodes
must be unique in a Sankey, so they are keys, and the text stands beside them.
"""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from queries.careers.flows import Flows
from queries.careers.tree import Branch, CareerTree
from queries.personnel.columns import LEVELS
from webapp.careers.limits import kept_limits
from webapp.careers.words import label
from webapp.pictures.signs import colour_of, sign_of_unit

MOST_BANDS = 40
MOST_BRANCHES = 60


def sankey(found: Flows, links: dict[tuple[str | None, str | None], str]) -> dict[str, Any]:
    """Draw the widest bands from the label before (left) to the label after (right)."""
    bands = found.bands[:MOST_BANDS]
    left = list(dict.fromkeys((band.source, band.source_text) for band in bands))
    right = list(dict.fromkeys((band.target, band.target_text) for band in bands))

    def node(side: str, key: str | None, text: str) -> dict[str, Any]:
        return {
            "name": f"{side} {key}",
            "text": label(found.level, key, text),
            "itemStyle": _fill(found.level, key),
        }

    return _sankey(
        [node("<", *each) for each in left] + [node(">", *each) for each in right],
        [
            {
                "source": f"< {band.source}",
                "target": f"> {band.target}",
                "value": len(band),
                "url": links[band.source, band.target],
            }
            for band in bands
        ],
    )


def meeting(found: CareerTree, **kept: Any) -> dict[str, Any]:
    """Draw the tree with equal labels at one depth joined: where careers part and meet again.

    Who has gone no further is a grey band of its own, and a number beside the label. A band opens
    who is in it; `kept` is what its address keeps of this one.
    """
    widths: dict[tuple[int, str | None, str | None], int] = {}
    stays: dict[tuple[int, str | None], int] = {}
    texts: dict[tuple[int, str | None], str] = {}

    def walk(branch: Branch) -> None:
        for below in branch.branches:
            node = (below.depth, below.key)
            texts[node] = label(found.level, below.key, below.text)
            stays[node] = stays.get(node, 0) + below.ended
            if branch.depth:
                band = (branch.depth, branch.key, below.key)
                widths[band] = widths.get(band, 0) + len(below.people)
            walk(below)

    walk(found.root)
    widest = sorted(widths.items(), key=lambda item: (-item[1], str(item[0])))[:MOST_BRANCHES]
    ends = {(depth, one) for (depth, one, _), _n in widest}
    ends |= {(depth + 1, other) for (depth, _, other), _n in widest}
    ends |= {node for node, count in stays.items() if node[0] == 1 and count}
    ordered = sorted(ends, key=str)
    stayed = [node for node in ordered if stays[node]]
    nodes = [
        {
            "name": f"{depth} {key}",
            "text": _no_further(texts[depth, key], stays[depth, key]),
            "itemStyle": _fill(found.level, key),
        }
        for depth, key in ordered
    ]
    nodes += [
        {"name": f"stay {depth}", "text": _("no further"), "itemStyle": {"color": "--kind-0"}}
        for depth in sorted({depth for depth, _key in stayed})
    ]
    links = [
        {
            "source": f"{depth} {one}",
            "target": f"{depth + 1} {other}",
            "value": count,
            "url": step_url(depth + 1, other, one, **kept),
        }
        for (depth, one, other), count in widest
    ]
    links += [
        {
            "source": f"{depth} {key}",
            "target": f"stay {depth}",
            "value": stays[depth, key],
            "url": step_url(depth, key, **kept, stayed="1"),
            "lineStyle": {"color": "--kind-0", "opacity": 0.5},
        }
        for depth, key in stayed
    ]
    return _sankey(nodes, links)


def _fill(level: str, key: str | None) -> dict[str, Any]:
    """Return the colour that a value has on every page; titles and posts have none."""
    of_unit = level == "unit"
    colour = sign_of_unit(key).colour if of_unit else colour_of(LEVELS.get(level, ""), key)
    edge = {"borderColor": "--rank-line", "borderWidth": 1} if level == "rank" else {}
    return {"color": f"--{colour}", **edge}


def _no_further(text: str, count: int) -> str:
    return _("%(text)s (%(n)s no further)", text=text, n=count) if count else text


def _sankey(nodes: list[dict[str, Any]], links: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "aria": {"enabled": True, "decal": {"show": False}},
        "animation": False,
        "tooltip": {"trigger": "item", "renderMode": "richText"},
        "series": [
            {
                "type": "sankey",
                "left": 8,
                "right": 160,
                "top": 8,
                "bottom": 8,
                "nodeGap": 10,
                "nodeWidth": 14,
                "draggable": False,
                "layoutIterations": 64,
                "emphasis": {"focus": "adjacency"},
                "lineStyle": {"color": "gradient", "opacity": 0.35},
                "label": {"color": "--ink", "fontSize": 12, "width": 150, "overflow": "truncate"},
                "data": nodes,
                "links": links,
            }
        ],
    }


def height(rows: int) -> str:
    """Name the height class that gives so many bands room."""
    return "tall" if rows > 12 else ""


def band_url(found: Flows, **ends: str | None) -> str:
    """Return the address of a band's people: `source`, `target`, both, or `entered`."""
    asked: dict[str, Any] = {key: value or "" for key, value in ends.items()}
    return url_for("careers.flow_people", level=found.level, **asked, **kept_limits())


def step_url(step: int, key: str | None, before: str | None = "", **kept: Any) -> str:
    """Return the address of who has a label as that step, after another one unless it is ""."""
    asked: dict[str, Any] = {"step": step, "key": key or ""}
    if before != "":
        asked["before"] = before or ""
    return url_for("careers.branch_people", **asked, **kept)


def branch_text(branch: Branch, level: str) -> str:
    """Name a branch."""
    return label(level, branch.key, branch.text) if branch.depth else _("Everybody")
