"""Pajek networks (`.net`, and the networks of a project `.paj`) as rows of vertices and of arcs.

Vertices: key, number, label, network. Arcs: source, target, weight, relation, type (directed or
undirected), since, until, network, label. Partitions, vectors and the other parts of a project are
passed over. A vertex of a later network that bears another label than the first network's has the
network before its key. An arc of no relation has its label as one. A label without quotes reaches
to the first pair of coordinates or to a shape. `until` is the first time after the interval.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from loaders.readers.cells import Cells, Unreadable, composed
from loaders.readers.encodings import Open, scan

VERTICES = ["key", "number", "label", "network", "since", "until"]
ARCS = ["source", "target", "weight", "relation", "type", "since", "until", "network", "label"]

_SECTION = re.compile(r"\*\s*([A-Za-z]+)\s*(.*)")
_RELATION = re.compile(r':\s*(\d+)(?:\s+"([^"]*)"|\s+(\S+))?')
_VERTEX = re.compile(r'(\d+)(?:\s+(?:"((?:[^"\\]|\\.)*)"(.*)|(.*)))?')
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
# What follows the label of a vertex: two coordinates or more, a shape, or times.
_AFTER_LABEL = re.compile(
    rf"(?:^|\s)(?:{_NUMBER}\s+{_NUMBER}(?:\s|$)|(?:ellipse|box|diamond|triangle|cross|empty"
    r"|x_fact|y_fact|ic|bc)(?:\s|$)|\[)"
)
_ARC_LABEL = re.compile(r'\sl\s+(?:"([^"]*)"|(\S+))')
_OF_RELATION = re.compile(r"(\d+)\s*:\s*")
_TIMES = re.compile(r"\[\s*(-?\d+)\s*(?:-\s*(\d+|\*))?")
_OTHERS = ("partition", "vector", "cluster", "permutation", "hierarchy", "events")
_LARGEST = 50_000_000  # vertices or cells of a matrix that a heading may announce

Part = tuple[str, int, Cells]


def rows(open_: Open, part: str) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of one part, `vertices` or `arcs`, with the numbers of their lines."""
    encoding = scan(open_).encoding
    with io.TextIOWrapper(open_(), encoding) as text:
        for kind, line, cells in _PajekReader().parts(map(composed, text)):
            if kind == part:
                yield line, cells


class _PajekReader:
    def __init__(self) -> None:
        self._network = 0
        self._size = 0
        self._labels: dict[int, str] = {}  # of the first network
        self._given: set[int] = set()
        self._others: set[int] = set()  # vertices of this network that are not the first one's
        self._relations: dict[str, str] = {}  # number -> name

    def parts(self, lines: Iterator[str]) -> Iterator[Part]:
        section, relation, matrix_row, number, in_network = "", None, 0, 0, True
        for number, line in enumerate(lines, 1):
            line = line.strip()
            if not line or line.startswith(("%", "/*")):
                continue
            if line.startswith("*"):
                yield from self._rest(number)
                match = _SECTION.match(line)
                section = match.group(1).lower() if match else ""
                in_network = section not in _OTHERS and (in_network or section == "network")
                if not in_network:
                    section = ""
                    continue
                rest = match.group(2) if match else ""
                relation = self._relation(rest)
                matrix_row = 0
                if section == "vertices":
                    self._begin(rest, number)
                continue
            try:
                if section == "vertices":
                    yield from self._vertex(line, number)
                elif section in ("arcs", "edges"):
                    of = _OF_RELATION.match(line)
                    own = self._relations.get(of.group(1), of.group(1)) if of else relation
                    line = line[of.end() :] if of else line
                    yield self._arc(line.split(), section, own, line, number)
                elif section in ("arcslist", "edgeslist"):
                    ends = line.split()
                    for target in ends[1:]:
                        yield self._arc([ends[0], target], section, relation, "", number)
                elif section == "matrix":
                    matrix_row += 1
                    for at, weight in enumerate(line.split(), 1):
                        if float(weight):
                            pair = [str(matrix_row), str(at), weight]
                            yield self._arc(pair, "arcs", relation, "", number)
            except (ValueError, IndexError):
                raise Unreadable("not-pajek", number, value=line[:60]) from None
        yield from self._rest(number)
        if not self._network:
            raise Unreadable("not-pajek", 1, value="*Vertices")

    def _relation(self, rest: str) -> str | None:
        """Return the name of the relation that a heading says, else its number."""
        found = _RELATION.match(rest)
        if not found:
            return None
        number, *names = found.groups()
        name: str = next(filter(None, names), self._relations.get(number, number))
        self._relations[number] = name
        return name

    def _begin(self, rest: str, line: int) -> None:
        size = rest.split()[0] if rest.split() else "0"
        if not size.isdigit() or int(size) > _LARGEST:
            raise Unreadable("not-pajek", line, value=rest[:60])
        self._network += 1
        self._size = int(size)
        self._given, self._others = set(), set()

    def _vertex(self, line: str, number: int) -> Iterator[Part]:
        match = _VERTEX.fullmatch(line)
        if not match:
            raise ValueError(line)
        vertex, label, rest = int(match.group(1)), match.group(2), match.group(3) or ""
        if label is None:
            rest = match.group(4) or ""
            end = _AFTER_LABEL.search(rest)
            label, rest = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
        label = label.replace('\\"', '"')
        since, until = _times(rest)
        yield self._known(vertex, label.strip() or str(vertex), since, until, number)

    def _known(
        self, vertex: int, label: str, since: str | None, until: str | None, line: int
    ) -> Part:
        self._given.add(vertex)
        if self._network == 1:
            self._labels[vertex] = label
        elif self._labels.get(vertex) != label:
            self._others.add(vertex)
        cells = [self._key(vertex), str(vertex), label, str(self._network), since, until]
        return "vertices", line, cells

    def _rest(self, line: int) -> Iterator[Part]:
        """Yield the vertices that the heading of a network counts and no line names."""
        for vertex in range(1, self._size + 1):
            if vertex not in self._given:
                yield self._known(vertex, str(vertex), None, None, line)
        self._size = 0

    def _key(self, vertex: int) -> str:
        return f"{self._network}:{vertex}" if vertex in self._others else str(vertex)

    def _arc(
        self, words: list[str], section: str, relation: str | None, line: str, number: int
    ) -> Part:
        source, target = int(words[0]), int(words[1])
        named = _ARC_LABEL.search(line)
        label = next(filter(None, named.groups()), None) if named else None
        weight = words[2] if len(words) > 2 and _is_number(words[2]) else None
        type_ = "directed" if section.startswith("arc") else "undirected"
        since, until = _times(line)
        ends = [self._key(abs(source)), self._key(abs(target))]
        cells = [*ends, weight, relation or label, type_, since, until, str(self._network)]
        cells.append(label)
        return "arcs", number, cells


def _times(text: str) -> tuple[str | None, str | None]:
    """Return the first of the intervals that something lasts: its first time and the next after."""
    match = _TIMES.search(text)
    if not match:
        return None, None
    since, until = match.group(1), match.group(2)
    return since, None if until == "*" else str(int(until or since) + 1)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
