"""Networks: layouts beside dot alone and NetworkX; from a click to the drawn picture in Chromium.

The same invented network throughout: everybody has a mentor among those before, every fifth a
second one. Crossings are those of straight lines between the middles of the marks.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
from playwright.sync_api import BrowserContext, sync_playwright
from pyvis.network import Network
from waitress.server import create_server

from bench.report import as_table, machine, publish
from examples.words import GIVEN, SURNAMES
from graph.names import search_fields
from graph.settings import Settings
from graph.store import Store, open_store
from graph.upsert import edge_type, upsert_edges, upsert_nodes
from layouts import Box, Hints, Point, arrange, graphviz
from webapp import create_app
from webapp.network.drawing import Mark, box_of

LAID_OUT = (100, 1000)
DRAWN = (50, 300, 1000)
AIMS_S = {50: 0.3, 300: 0.6, 1000: 1.0}
AGAIN = 3
PATIENCE_S = 60
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    # An office without the internet: what a file would fetch is refused at once.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)

Ties = list[tuple[str, str]]

# Notes the time of the click, over the change of page, and when the picture is on the screen.
WATCH = """
document.addEventListener('click', () => sessionStorage.setItem('clicked', Date.now()), true);
const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => {
  window.drawnAfter ??= Date.now() - Number(sessionStorage.getItem('clicked'));
}));
const waiting = setInterval(() => {
  if (document.querySelector('#picture[data-ready]')) {
    clearInterval(waiting);
    drawn();
  } else if (window.network?.once) {
    clearInterval(waiting);
    window.network.once('afterDrawing', drawn);
  }
}, 5);
"""


def main() -> None:
    """Measure layouts and drawing and renew the tables."""
    with tempfile.TemporaryDirectory() as folder:
        drawn = _drawing(Path(folder))
    publish(
        "network",
        "\n".join(
            [
                "## Networks",
                "",
                f"{machine()}, load {os.getloadavg()[1]:.0f} with all other work on it; an "
                "invented network, every fifth person with a second mentor.",
                "",
                "Layouts. Ours is dot with people of the same ties as blocks, folded to a screen's "
                "shape; overlaps are pairs of labels that share any area.",
                "",
                as_table(
                    [
                        "people",
                        "ties",
                        "layout",
                        "seconds",
                        "crossings",
                        "overlaps",
                        "width/height",
                    ],
                    _layouts(),
                ),
                "",
                "From a click on a link to the drawn picture, seconds, Chromium with software "
                f"rendering, 1366 x 768. First, and again: from another page; medians of {AGAIN}, "
                "with files, scene and layout kept. Opened: in the page, from one person to all. "
                "Painted: in the page, in another colour. Plain pyvis is its own file with its "
                "defaults (physics), opened from the disk.",
                "",
                as_table(
                    ["people", "first", "again", "opened", "painted", "aim", "plain pyvis"],
                    drawn,
                ),
            ]
        ),
    )


def network(people: int) -> tuple[list[tuple[str, str]], Ties]:
    """Invent people (id, name) and ties from mentor to trainee."""
    chance = random.Random(7)
    named = [
        (f"p{n:04}", chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2)))
        for n in range(people)
    ]
    ties = [(f"p{chance.randrange(max(1, n // 3)):04}", f"p{n:04}") for n in range(1, people)]
    for n in range(5, people, 5):
        ties.append((f"p{chance.randrange(max(1, n // 2)):04}", f"p{n:04}"))
    return named, list(dict.fromkeys(ties))


# --- layouts


def _layouts() -> Iterator[list[Any]]:
    for people in LAID_OUT:
        named, ties = network(people)
        boxes = [box_of(Mark(id_, name, "trainee", "kind-0", "", "")) for id_, name in named]
        for title, place in _PLACERS.items():
            began = time.perf_counter()
            places = place(boxes, ties)
            seconds = time.perf_counter() - began
            width, height = (max(axis) - min(axis) for axis in zip(*places.values(), strict=True))
            yield [
                people,
                len(ties),
                title,
                seconds,
                crossings(places, ties),
                _overlaps(boxes, places),
                width / height if height else 0.0,
            ]


def _ours(layout: str) -> Callable[[list[Box], Ties], dict[str, Point]]:
    return lambda boxes, ties: dict(arrange(layout, boxes, ties, Hints((boxes[0].id,))).at)


def _dot(boxes: list[Box], ties: Ties) -> dict[str, Point]:
    at = {box.id: index for index, box in enumerate(boxes)}
    sizes = [(box.width, box.height) for box in boxes]
    places = graphviz.place("dot", sizes, {(at[a], at[b]): 1 for a, b in ties}, rankdir="TB")
    return dict(zip(at, places, strict=True))


def _generations_nx(boxes: list[Box], ties: Ties) -> dict[str, Point]:
    graph = nx.DiGraph(ties)
    for level, ids in enumerate(nx.topological_generations(graph)):
        for id_ in ids:
            graph.nodes[id_]["level"] = level
    found = nx.multipartite_layout(
        graph, subset_key="level", align="horizontal", scale=_scale(boxes)
    )
    return {id_: (float(x), float(y)) for id_, (x, y) in found.items()}


def _spring_nx(boxes: list[Box], ties: Ties) -> dict[str, Point]:
    found = nx.spring_layout(nx.Graph(ties), seed=7, scale=_scale(boxes))
    return {id_: (float(x), float(y)) for id_, (x, y) in found.items()}


def _scale(boxes: list[Box]) -> float:
    """Return the half side of a square with twice the room that the boxes need."""
    return float((2 * sum(box.width * box.height for box in boxes)) ** 0.5) / 2


_PLACERS: dict[str, Callable[[list[Box], Ties], dict[str, Point]]] = {
    "ours: generations": _ours("generations"),
    "dot alone": _dot,
    "NetworkX multipartite": _generations_nx,
    "ours: radial": _ours("radial"),
    "ours: force": _ours("force"),
    "NetworkX spring": _spring_nx,
}


def crossings(places: dict[str, Point], ties: Ties) -> int:
    """Count pairs of ties without a common end whose straight lines cross."""
    ends = np.array([[*places[a], *places[b]] for a, b in ties])
    ids = {id_: at for at, id_ in enumerate(places)}
    nodes = np.array([[ids[a], ids[b]] for a, b in ties])
    found = 0
    for at in range(len(ends) - 1):
        one, rest, near = ends[at], ends[at + 1 :], nodes[at + 1 :]
        apart = ~((near == nodes[at, 0]) | (near == nodes[at, 1])).any(axis=1)
        p, q = one[:2], one[2:]
        r, s = rest[:, :2], rest[:, 2:]
        crossed = (_side(p, q, r) * _side(p, q, s) < 0) & (_side(r, s, p) * _side(r, s, q) < 0)
        found += int((crossed & apart).sum())
    return found


def _side(one: Any, other: Any, point: Any) -> Any:
    a, b = other - one, point - one
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def _overlaps(boxes: list[Box], places: dict[str, Point]) -> int:
    sides = np.array(
        [
            (x - box.width / 2, y - box.height / 2, x + box.width / 2, y + box.height / 2)
            for box in boxes
            for x, y in [places[box.id]]
        ]
    )
    found = 0
    for at in range(len(sides) - 1):
        a, rest = sides[at], sides[at + 1 :]
        found += int(
            (
                (a[0] < rest[:, 2])
                & (rest[:, 0] < a[2])
                & (a[1] < rest[:, 3])
                & (rest[:, 1] < a[3])
            ).sum()
        )
    return found


# --- drawing


def _drawing(folder: Path) -> list[list[Any]]:
    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_chromium(), args=list(FLAGS))
        for people in DRAWN:
            with _filled(folder / f"{people}", people) as address:
                context = browser.new_context(viewport={"width": 1366, "height": 768})
                context.add_init_script(WATCH)
                scene = f"{address}/network?person=p0000&depth=6&limit={max(people, 60)}"
                first = _clicked(context, f"{address}/about", scene)
                again = [_clicked(context, f"{address}/about", scene) for _ in range(AGAIN)]
                opened = [_inside(context, scene, "depth", "6", "0") for _ in range(AGAIN)]
                painted = [_inside(context, scene, "colour", "cohort") for _ in range(AGAIN)]
                context.close()
            context = browser.new_context(viewport={"width": 1366, "height": 768})
            context.add_init_script(WATCH)
            plain = _plain(folder / f"plain-{people}.html", people)
            blank = folder / "blank.html"
            blank.write_text("<!doctype html><title>blank</title>", encoding="utf-8")
            pyvis = _clicked(context, blank.as_uri(), plain.as_uri())
            context.close()
            median = statistics.median
            aim = AIMS_S[people]
            ours = [first, median(again), median(opened), median(painted)]
            rows.append([people, *ours, aim, _told(pyvis)])
            print(rows[-1], flush=True)  # the largest takes minutes
        browser.close()
    return rows


def _told(seconds: float) -> Any:
    return seconds if seconds < PATIENCE_S else f"not in {PATIENCE_S}"


def _clicked(context: BrowserContext, begin: str, target: str) -> float:
    """Return the seconds from the click on a link to the drawn picture behind it."""
    page = context.new_page()
    page.goto(begin)
    page.evaluate(
        "target => { const a = document.createElement('a'); a.href = target; a.id = 'go';"
        " a.textContent = 'go'; document.body.prepend(a); }",
        target,
    )
    page.evaluate("document.getElementById('go').click()")
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_S:
        try:
            after = page.evaluate("window.drawnAfter")
        except Exception:  # the page is just being changed
            after = None
        if after:
            page.close()
            return float(after) / 1000
        time.sleep(0.05)
    page.close()
    return float(PATIENCE_S)


def _inside(
    context: BrowserContext, scene: str, name: str, value: str, before: str | None = None
) -> float:
    """Return the seconds from choosing something in the page to the picture that shows it."""
    page = context.new_page()
    page.goto(re.sub(f"{name}=[^&]*", f"{name}={before}", scene) if before else scene)
    page.wait_for_selector("#picture[data-ready]")
    page.wait_for_timeout(500)
    seconds = page.evaluate(
        """([name, value]) => new Promise((done) => {
          const place = document.getElementById('picture');
          const began = performance.now();
          const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() =>
            done((performance.now() - began) / 1000)));
          new MutationObserver(drawn).observe(place, { attributeFilter: ['data-drawn'] });
          const select = document.querySelector(`select[name=${name}]`);
          select.value = value;
          select.dispatchEvent(new Event('change', { bubbles: true }));
        })""",
        [name, value],
    )
    page.close()
    return float(seconds)


@contextmanager
def _filled(folder: Path, people: int) -> Iterator[str]:
    """Serve a graph of so many people on a free port, with nothing kept from before."""
    folder.mkdir()
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        _fill(store, people)
        app = create_app(Settings(secret_key="benchmark"), store)
        app.config["UPLOAD_FOLDER"] = str(folder / "uploads")
        server = create_server(app, host="127.0.0.1", port=0, threads=8)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.effective_port}"
        finally:
            server.close()
            thread.join(timeout=10)


def _fill(store: Store, people: int) -> None:
    named, ties = network(people)
    upsert_nodes(
        store,
        "Person",
        [{"id": id_, "props": {"name": name, **search_fields(id_, name)}} for id_, name in named],
    )
    upsert_edges(
        store,
        edge_type("MENTORS"),
        [{"id": f"{a}>{b}", "source": a, "target": b, "props": {"since": "2015"}} for a, b in ties],
    )


def _plain(file: Path, people: int) -> Path:
    """Write what a user of pyvis gets without setting anything but the offline script."""
    named, ties = network(people)
    plain = Network(directed=True, cdn_resources="in_line")
    for id_, name in named:
        plain.add_node(id_, label=name)
    for a, b in ties:
        plain.add_edge(a, b)
    file.write_text(plain.generate_html(notebook=False), encoding="utf-8")
    return file


def _chromium() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path:
            return path
    raise RuntimeError("No Chromium is installed. Type: make browser")


if __name__ == "__main__":
    print(json.dumps(list(_layouts())))
