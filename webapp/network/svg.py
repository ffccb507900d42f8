"""A picture as SVG, with title, legend and date: for paper and for other programs."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from webapp.network.drawing import FONT_PX, LINE_PX, RADIUS, REACH

STYLE = Path(__file__).parent.parent / "static" / "tokens.css"
MARGIN = 40
LEGEND_LINE = 20
BADGE = 11  # a character of a badge, and the room around them
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@cache
def colours() -> dict[str, str]:
    """Return the light colours of the style sheet by their names, as in `kind-1`."""
    light = STYLE.read_text(encoding="utf-8").split("prefers-color-scheme: dark")[0]
    found = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{6})", light))
    return found


def ink_on(colour: str) -> str:
    """Choose black or white, whichever is read better on a colour.

    >>> ink_on("#0072b2"), ink_on("#f0e442")
    ('#ffffff', '#000000')
    """
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    light = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2
    return "#000000" if light > 0.18 else "#ffffff"


def as_svg(
    drawn: dict[str, Any],
    title: str,
    notes: Iterable[str],
    legend: Iterable[tuple[str, str, str, str]],
) -> str:
    """Draw nodes, edges and guides; `legend` has (role or "", colour, letter, text) entries."""
    nodes, edges, guides = drawn["nodes"], drawn["edges"], drawn["guides"]
    at = {node["id"]: node for node in nodes}
    left, top, right, bottom = _bounds(nodes, guides)
    lines = [line for line in notes if line]
    entries = list(legend)
    width = max(right - left, 480)
    across = max(1, int(width // 200))
    head = (34 if title else 0) + 20 * len(lines)
    foot = LEGEND_LINE * math.ceil(len(entries) / across) + 16
    height = bottom - top
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + 2 * MARGIN:.0f}" '
        f'height="{height + head + foot + 2 * MARGIN:.0f}" '
        f'viewBox="{left - MARGIN:.0f} {top - MARGIN - head:.0f} '
        f'{width + 2 * MARGIN:.0f} {height + head + foot + 2 * MARGIN:.0f}" '
        "font-family=\"'Noto Sans SC', 'Microsoft YaHei', sans-serif\">",
        f'<rect x="{left - MARGIN:.0f}" y="{top - MARGIN - head:.0f}" width="100%" height="100%" '
        'fill="#ffffff"/>',
    ]
    if title:
        parts.append(f"<title>{_text(title)}</title>")
        parts.append(_words(left, top - head - 4, title, size=20, weight=600, anchor="start"))
    for number, line in enumerate(lines):
        y = top - head + 20 + 20 * number
        parts.append(_words(left, y, line, size=13, anchor="start", colour=colours()["muted"]))
    parts += [_guide(guide) for guide in guides]
    parts += [_edge(edge, at[edge["from"]], at[edge["to"]]) for edge in edges]
    parts += [_node(node) for node in nodes]
    for number, (role, colour, letter, text) in enumerate(entries):
        x = left + (number % across) * 200 + 10
        y = bottom + 26 + (number // across) * LEGEND_LINE
        parts.append(_sign(role, colour, letter, x, y))
        parts.append(_words(x + 16, y, text, size=13, anchor="start"))
    return "\n".join([*parts, "</svg>\n"])


def _bounds(
    nodes: list[dict[str, Any]], guides: list[dict[str, Any]]
) -> tuple[float, float, float, float]:
    xs = [x for node in nodes for x in (node["x"] - 60, node["x"] + 60)]
    ys = [y for node in nodes for y in (node["y"] - REACH, node["y"] + REACH + 2 * LINE_PX)]
    for guide in guides:
        xs += [guide["x"], guide["x"] + guide["width"]]
        ys += [guide["y"], guide["y"] + guide["height"]]
    return (min(xs), min(ys), max(xs), max(ys)) if xs else (0, 0, 0, 0)


def _node(node: dict[str, Any]) -> str:
    x, y = node["x"], node["y"]
    if "of" in node:
        return (
            f'<rect x="{x - 22:.0f}" y="{y - 12:.0f}" width="44" height="24" rx="12" '
            f'fill="#ffffff" stroke="{colours()["accent"]}" stroke-dasharray="4 3"/>'
            + _words(x, y, node["label"], size=12, weight=600, colour=colours()["accent"])
        )
    fill = colours()[node["colour"]]
    stroke = (
        f'stroke="{colours()["ink"]}" stroke-width="3"'
        if node["asked"]
        else f'stroke="{colours()["line-strong"]}"'
    )
    parts = [f"<g><title>{_text(node['name'])}</title>{_shape(node['role'], x, y, fill, stroke)}"]
    parts.append(_words(x, y, node["initials"], size=10.5, weight=600, colour=ink_on(fill)))
    if node["letter"]:
        parts.append(_badge(node["letter"], x - RADIUS, y - RADIUS))
    for number, line in enumerate(node["label"].split("\n")):
        parts.append(_words(x, y + REACH + LINE_PX * (number + 0.5), line, size=FONT_PX))
    return "".join([*parts, "</g>"])


def _edge(edge: dict[str, Any], one: dict[str, Any], other: dict[str, Any]) -> str:
    x1, y1, x2, y2 = one["x"], one["y"], other["x"], other["y"]
    far = math.hypot(x2 - x1, y2 - y1) or 1
    dx, dy = (x2 - x1) / far, (y2 - y1) / far
    x1, y1 = x1 + dx * RADIUS, y1 + dy * RADIUS
    x2, y2 = x2 - dx * (RADIUS + 2), y2 - dy * (RADIUS + 2)
    style = edge["style"]
    colour = colours()["line"] if style == "structure" else colours()["line-strong"]
    dash = {"posting": "6 4", "plain": "2 4"}.get(style, "")
    if edge.get("planned"):
        dash = "2 5"
    said = " ".join(each["text"] for each in edge.get("said", ()))
    opacity = 0.45 if edge.get("ended") else 1
    parts = [
        f'<g stroke="{colour}" fill="{colour}" opacity="{opacity}"><title>{_text(said)}</title>',
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke-width="{1.4 + 0.8 * (edge.get("count", 1) > 1)}"'
        + (f' stroke-dasharray="{dash}"' if dash else "")
        + "/>",
    ]
    if style == "mentoring":
        parts.append(_arrow(x2, y2, dx, dy))
        if edge.get("turned"):
            parts.append(_arrow(x1, y1, -dx, -dy))
    return "".join([*parts, "</g>"])


def _arrow(x: float, y: float, dx: float, dy: float) -> str:
    back, side = 8, 3.5
    points = [
        (x, y),
        (x - dx * back - dy * side, y - dy * back + dx * side),
        (x - dx * back + dy * side, y - dy * back - dx * side),
    ]
    return f'<polygon stroke="none" points="{" ".join(f"{a:.1f},{b:.1f}" for a, b in points)}"/>'


def _guide(guide: dict[str, Any]) -> str:
    x, y, width, height = (guide[name] for name in ("x", "y", "width", "height"))
    line = colours()["line"]
    if guide["kind"] == "year":
        return (
            f'<line x1="{x:.0f}" y1="{y:.0f}" x2="{x:.0f}" y2="{y + height:.0f}" stroke="{line}"/>'
            + _words(x + 6, y + 8, guide["label"], size=13, weight=600, anchor="start")
        )
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" rx="8" '
        f'fill="none" stroke="{line}"/>'
        + _words(x + 12, y + 18, guide["label"], size=13, weight=600, anchor="start")
    )


def _sign(role: str, colour: str, letter: str, x: float, y: float) -> str:
    if letter:
        return _badge(letter, x, y, colours()[colour])
    if role in ("ended", "posting", "structure", "mentoring"):
        dash = ' stroke-dasharray="6 4"' if role == "posting" else ""
        pale = ' opacity="0.45"' if role == "ended" else ""
        ink = colours()["line" if role == "structure" else "line-strong"]
        line = (
            f'<line x1="{x - 10}" y1="{y}" x2="{x + 10}" y2="{y}" '
            f'stroke="{ink}" stroke-width="2"{dash}{pale}/>'
        )
        head = _arrow(x + 11, y, 1, 0) if role == "mentoring" else ""
        return f'<g fill="{ink}">{line}{head}</g>'
    fill = colours()["line-strong"]
    return f'<g transform="translate({x} {y}) scale(0.5)">{_shape(role, 0, 0, fill, "")}</g>'


def _badge(letter: str, x: float, y: float, fill: str = "#ffffff") -> str:
    edge = colours()["line-strong"]
    width = BADGE + sum(BADGE if sign > "ÿ" else 6 for sign in letter)
    return (
        f'<rect x="{x - width / 2:.1f}" y="{y - 8:.1f}" width="{width}" height="16" rx="8" '
        f'fill="{fill}" stroke="{edge}"/>'
        + _words(x, y, letter, size=11, weight=600, colour=ink_on(fill))
    )


def _shape(role: str, x: float, y: float, fill: str, stroke: str) -> str:
    if role == "mentor":
        return f'<path d="{_diamond(x, y, REACH)}" fill="{fill}" {stroke}/>'
    if role == "post":
        return (
            f'<rect x="{x - 16}" y="{y - 10}" width="32" height="20" rx="3" '
            f'fill="{fill}" {stroke}/>'
        )
    if role == "unit":
        return f'<path d="{_hexagon(x, y)}" fill="{fill}" {stroke}/>'
    if role == "person":
        half = RADIUS - 2
        return (
            f'<rect x="{x - half}" y="{y - half}" width="{2 * half}" height="{2 * half}" '
            f'fill="{fill}" {stroke}/>'
        )
    circle = f'<circle cx="{x}" cy="{y}" r="{RADIUS}" fill="{fill}" {stroke}/>'
    if role != "both":
        return circle
    return (
        f'{circle}<path d="{_diamond(x, y, RADIUS - 1.5)}" fill="none" stroke="{ink_on(fill)}" '
        'stroke-width="1" opacity="0.6"/>'
    )


def _diamond(x: float, y: float, reach: float) -> str:
    return f"M{x} {y - reach}L{x + reach} {y}L{x} {y + reach}L{x - reach} {y}Z"


def _hexagon(x: float, y: float) -> str:
    points = [
        (x + RADIUS * math.cos(math.pi / 3 * k), y + RADIUS * math.sin(math.pi / 3 * k))
        for k in range(6)
    ]
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in points) + "Z"


def _words(
    x: float,
    y: float,
    text: str,
    *,
    size: float,
    weight: int = 400,
    anchor: str = "middle",
    colour: str = "",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" stroke="none" '
        f'text-anchor="{anchor}" dominant-baseline="central" '
        f"fill={quoteattr(colour or colours()['ink'])}>{_text(text)}</text>"
    )


def _text(text: str) -> str:
    return escape(_NOT_XML.sub("", text))
