"""Layouts beside the generations: around one person, by forces, by years, by groups.

All are computed once and never move by themselves; the same input gives the same places.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence

from webapp.network import graphviz
from webapp.network.boxes import ASPECT, GAP, Box, Guide, Places, Point, apart, centred, shelves
from webapp.network.boxes import parts as connected

NEATO_BOXES = 150  # beyond, the quicker program is asked
HEADING = 26  # px above a group for its title
FRAME = 18  # px between a group's frame and its marks
EMPTY_YEAR = 30  # px that a year without anybody takes
_SEED = "7"


# --- around one person


def radial(boxes: Sequence[Box], ties: Iterable[tuple[str, str]], roots: Sequence[str]) -> Places:
    """Place those asked for in the middle and everybody else on rings by distance."""
    if not boxes:
        return Places({})
    ids = [box.id for box in boxes]
    depth, children = _tree(ids, ties, roots)
    leaves = dict.fromkeys(ids, 1.0)
    for id_ in reversed(list(depth)):
        leaves[id_] = max(1.0, sum(leaves[each] for each in children[id_]))
    size = {box.id: math.hypot(box.width, box.height) * 0.86 + GAP for box in boxes}
    tops = [id_ for id_ in depth if depth[id_] == 0]
    alone = len(tops) == 1
    angle: dict[str, float] = {}
    waiting = [(tops, 0.0, 2 * math.pi)]
    while waiting:
        family, begin, span = waiting.pop()
        whole = sum(leaves[each] for each in family)
        for each in family:
            part = span * leaves[each] / whole
            angle[each] = begin + part / 2
            if children[each]:
                waiting.append((children[each], begin, part))
            begin += part
    rings: dict[int, list[str]] = defaultdict(list)
    for id_ in depth:
        rings[depth[id_]].append(id_)
    places: dict[str, Point] = {}
    edge = 0.0  # how far the rings so far reach
    for ring in sorted(rings):
        members = sorted(rings[ring], key=lambda id_: angle[id_])
        if ring == 0 and alone:
            places[members[0]] = (0.0, 0.0)
            edge = size[members[0]] / 2
            continue
        edge = _ring(members, angle, size, edge, places)
    return Places(centred(apart(boxes, places)))


def _ring(
    members: list[str],
    angle: Mapping[str, float],
    size: Mapping[str, float],
    inner: float,
    places: dict[str, Point],
) -> float:
    """Place one ring, as several circles in turn where one would be too wide; give its reach."""
    step = max(size[id_] for id_ in members)
    best: tuple[float, int, float] | None = None
    for circles in range(1, 41):
        first = inner + step / 2 + GAP
        for start in range(circles):
            first = max(first, _radius([angle[id_] for id_ in members[start::circles]], step))
        reach = first + (circles - 1) * step + step / 2
        if best is None or reach < best[0]:
            best = (reach, circles, first)
    assert best is not None
    reach, circles, first = best
    for at, id_ in enumerate(members):
        radius = first + (at % circles) * step
        places[id_] = (radius * math.sin(angle[id_]), -radius * math.cos(angle[id_]))
    return reach


def _radius(angles: list[float], step: float) -> float:
    """Return the radius at which marks at these angles stand a step apart, or nearly so."""
    if len(angles) < 2:
        return 0.0
    gaps = [(b - a) % (2 * math.pi) for a, b in zip(angles, angles[1:] + angles[:1], strict=True)]
    gap = max(min(gaps), 2 * math.pi / len(angles) / 3)  # what is nearer still is pushed apart
    return step / (2 * math.sin(min(gap, math.pi) / 2))


def _tree(
    ids: list[str], ties: Iterable[tuple[str, str]], roots: Sequence[str]
) -> tuple[dict[str, int], dict[str, list[str]]]:
    """Walk outwards in breadth: the distance of everybody, and who was met through whom."""
    order = {id_: at for at, id_ in enumerate(ids)}
    beside: dict[str, set[str]] = defaultdict(set)
    for a, b in ties:
        if a in order and b in order and a != b:
            beside[a].add(b)
            beside[b].add(a)
    depth: dict[str, int] = {}
    children: dict[str, list[str]] = defaultdict(list)

    def walk(queue: deque[str]) -> None:
        while queue:
            id_ = queue.popleft()
            for other in sorted(beside[id_] - depth.keys(), key=order.__getitem__):
                depth[other] = depth[id_] + 1
                children[id_].append(other)
                queue.append(other)

    begin = [id_ for id_ in dict.fromkeys(roots) if id_ in order] or ids[:1]
    depth.update(dict.fromkeys(begin, 0))
    walk(deque(begin))
    for id_ in ids:  # what no tie connects stands on a ring of its own
        if id_ not in depth:
            depth[id_] = max(depth.values()) + 1 if beside[id_] else 1
            children[begin[0]].append(id_)
            walk(deque([id_]))
    return dict(sorted(depth.items(), key=lambda item: item[1])), children


# --- by forces


def forces(boxes: Sequence[Box], ties: Iterable[tuple[str, str]]) -> Places:
    """Place what is tied near each other, each connected part by itself."""
    known = {box.id for box in boxes}
    clean = Counter((a, b) for a, b in ties if a != b and a in known and b in known)
    part_of = connected([box.id for box in boxes], clean)
    members: dict[str, list[Box]] = defaultdict(list)
    for box in boxes:
        members[part_of[box.id]].append(box)
    found = []
    for part in sorted(members.values(), key=len, reverse=True):
        at = {box.id: index for index, box in enumerate(part)}
        edges = {(at[a], at[b]): 1 for a, b in clean if a in at}
        if len(part) == 1:
            found.append((part, {part[0].id: (0.0, 0.0)}))
            continue
        program = "neato" if len(part) <= NEATO_BOXES else "sfdp"
        sizes = [(box.width + GAP, box.height + GAP) for box in part]
        given = graphviz.place(
            program,
            sizes,
            edges,
            directed=False,
            overlap="compress" if program == "sfdp" else "true",
            start=_SEED,
            maxiter="300",
        )
        places = dict(zip((box.id for box in part), given, strict=True))
        found.append((part, apart(part, places)))
    return Places(_packed(found))


def _packed(found: list[tuple[list[Box], dict[str, Point]]]) -> dict[str, Point]:
    sized = []
    for part, places in found:
        left = min(places[box.id][0] - box.width / 2 for box in part)
        right = max(places[box.id][0] + box.width / 2 for box in part)
        top = min(places[box.id][1] - box.height / 2 for box in part)
        bottom = max(places[box.id][1] + box.height / 2 for box in part)
        sized.append((places, left, top, right - left, bottom - top))
    corners = shelves([(width, height) for *_, width, height in sized], ASPECT)
    whole: dict[str, Point] = {}
    for (places, left, top, _width, _height), (x, y) in zip(sized, corners, strict=True):
        whole.update({id_: (a - left + x, b - top + y) for id_, (a, b) in places.items()})
    return centred(whole)


# --- by years


def years(
    boxes: Sequence[Box],
    ties: Iterable[tuple[str, str]],
    year_of: Mapping[str, int],
    unknown: str,
) -> Places:
    """Place everybody in the column of a year, near the height of those they are tied to."""
    if not boxes:
        return Places({})
    beside: dict[str, list[str]] = defaultdict(list)
    for a, b in ties:
        beside[a].append(b)
        beside[b].append(a)
    known = [year_of[box.id] for box in boxes if box.id in year_of]
    columns: dict[int | None, list[Box]] = {}
    if len(known) < len(boxes):
        columns[None] = []
    if known:
        columns.update({year: [] for year in range(min(known), max(known) + 1)})
    for box in boxes:
        columns[year_of.get(box.id)].append(box)
    width = sum(box.width + GAP for box in boxes) / len(boxes)
    height = max(box.height for box in boxes) + GAP
    rows = max(4, math.ceil(math.sqrt(len(boxes) * width / height / ASPECT)))
    top = -rows * height / 2
    at: dict[str, Point] = {}
    guides = []
    x = 0.0
    gap = 0  # years in a row without anybody
    for year, members in columns.items():
        if not members:
            gap += 1
            if gap <= 3:  # a long silence is drawn short
                x += EMPTY_YEAR
            continue
        gap = 0
        begin = x
        wanted = sorted(members, key=lambda box: (_height_of(beside[box.id], at), box.id))
        for start in range(0, len(wanted), rows):
            column = wanted[start : start + rows]
            wide = max(box.width for box in column) + GAP
            for box, y in zip(column, _heights(column, beside, at, height, rows), strict=True):
                at[box.id] = (x + wide / 2, y)
            x += wide
        x += GAP
        label = unknown if year is None else str(year)
        guides.append((label, begin, x - begin - GAP / 2))
    low = max(y for _, y in at.values()) + height / 2
    high = min(min(y for _, y in at.values()) - height / 2, top)
    shift_x, shift_y = x / 2, (low + high) / 2
    places = {id_: (round(a - shift_x), round(b - shift_y)) for id_, (a, b) in at.items()}
    return Places(
        places,
        tuple(
            Guide("year", label, round(begin - shift_x), round(high - shift_y - HEADING),
                  round(wide), round(low - high + HEADING))
            for label, begin, wide in guides
        ),
    )  # fmt: skip


def _height_of(near: list[str], at: Mapping[str, Point]) -> float:
    placed = [at[id_][1] for id_ in near if id_ in at]
    return sum(placed) / len(placed) if placed else 0.0


def _heights(
    column: list[Box],
    beside: Mapping[str, list[str]],
    at: Mapping[str, Point],
    height: float,
    rows: int,
) -> list[float]:
    """Give each of a column, in its order, a row near the height that it wishes for."""
    taken: list[int] = []
    for number, box in enumerate(column):
        wish = round(_height_of(beside[box.id], at) / height + rows / 2 - 0.5)
        least = taken[-1] + 1 if taken else 0
        most = rows - (len(column) - number)
        taken.append(min(max(wish, least), most))
    return [(row - rows / 2 + 0.5) * height for row in taken]


# --- by groups


def groups(boxes: Sequence[Box], group_of: Mapping[str, tuple[str, str]]) -> Places:
    """Place the members of each group (key, title) together in a frame, larger groups first."""
    members: dict[tuple[str, str], list[Box]] = defaultdict(list)
    for box in boxes:
        members[group_of[box.id]].append(box)
    ordered = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
    sized = []
    for (_key, title), part in ordered:
        wide = max(box.width for box in part) + GAP
        high = max(box.height for box in part) + GAP
        across = max(1, round(math.sqrt(len(part) * 1.6 * high / wide)))
        down = math.ceil(len(part) / across)
        heading = 13 * sum(2 if sign > "\u2e80" else 1 for sign in title) * 0.6
        width = max(across * wide - GAP, heading) + 2 * FRAME
        sized.append((title, part, wide, high, across, width, down * high + 2 * FRAME + HEADING))
    corners = shelves([(width, height) for *_, width, height in sized], ASPECT)
    at: dict[str, Point] = {}
    frames = []
    for (title, part, wide, high, across, width, height), (x, y) in zip(
        sized, corners, strict=True
    ):
        frames.append(Guide("frame", title, x, y, width, height))
        for number, box in enumerate(part):
            row, column = divmod(number, across)
            at[box.id] = (
                x + FRAME + wide * column + (wide - GAP) / 2,
                y + FRAME + HEADING + high * row + (high - GAP) / 2,
            )
    if not at:
        return Places({})
    shift_x = max(frame.x + frame.width for frame in frames) / 2
    shift_y = max(frame.y + frame.height for frame in frames) / 2
    return Places(
        {id_: (round(a - shift_x), round(b - shift_y)) for id_, (a, b) in at.items()},
        tuple(
            Guide("frame", f.label, round(f.x - shift_x), round(f.y - shift_y), f.width, f.height)
            for f in frames
        ),
    )
