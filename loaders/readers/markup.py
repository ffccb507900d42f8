"""Networks in XML (GEXF, GraphML) as rows of nodes and of edges, streamed.

Attributes stand under their titles beside what each format has of its own: nodes have id, label,
start, end; edges id, source, target, label, type, weight, kind, start, end. The parser is expat,
which stops at any declared entity, so that no document can swell or fetch another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from loaders.readers.cells import Cells, Unreadable, cell
from loaders.readers.encodings import BLOCK, Open

NODE = ["id", "label", "start", "end"]
EDGE = ["id", "source", "target", "label", "type", "weight", "kind", "start", "end"]

_DEEPEST = 200  # elements inside each other


def headings(open_: Open, part: str) -> list[str]:
    """Give the columns of one part, `nodes` or `edges`, as far as they are declared."""
    reader = _Reader(part)
    for _ in reader.rows(open_, until_first=True):
        break
    return reader.headings()


def rows(open_: Open, part: str, columns: list[str]) -> Iterator[tuple[int, Cells]]:
    """Give the rows of one part with the numbers of their lines."""
    for line, record in _Reader(part).rows(open_):
        yield line, [cell(record.get(column)) for column in columns]


class _Reader:
    """Collects what the parser meets, for as long as one block of the file lasts."""

    def __init__(self, part: str) -> None:
        self._element = "node" if part == "nodes" else "edge"
        self._titles: dict[str, str] = {}  # id of an attribute -> its title
        self._class = ""
        self._record: dict[str, Any] | None = None
        self._stack: list[tuple[int, dict[str, Any]]] = []
        self._key: str | None = None
        self._text: list[str] = []
        self._done: list[tuple[int, dict[str, Any]]] = []
        self._depth = 0
        self._met = False
        self._root = ""
        self._default = "undirected"
        self._parser: Any = None

    def headings(self) -> list[str]:
        own = NODE if self._element == "node" else EDGE
        return list(dict.fromkeys([*own, *self._titles.values()]))

    def rows(self, open_: Open, until_first: bool = False) -> Iterator[tuple[int, dict[str, Any]]]:
        parser = self._parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse
        try:
            with open_() as stream:
                while block := stream.read(BLOCK):
                    parser.Parse(block, False)
                    yield from self._done
                    self._done = []
                    if until_first and self._met:
                        return
                parser.Parse(b"", True)
                yield from self._done
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise Unreadable("not-xml", error.lineno, reason=what) from None
        except (ValueError, LookupError) as error:  # an encoding that expat does not know
            raise Unreadable("not-xml", 1, reason=str(error)) from None
        if self._root not in ("gexf", "graphml"):
            raise Unreadable("not-xml", 1, reason=f"<{self._root}>")

    def _refuse(self, *_: object) -> int:
        raise Unreadable("xml-entities", self._parser.CurrentLineNumber)

    def _start(self, name: str, given: dict[str, str]) -> None:
        name = name.rpartition(" ")[2].lower()
        given = {key.rpartition(" ")[2]: value for key, value in given.items()}
        self._root = self._root or name
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable("not-xml", self._parser.CurrentLineNumber, reason=f"> {_DEEPEST}")
        if name == "graph":
            self._default = given.get("defaultedgetype") or given.get("edgedefault", "undirected")
        elif name == "attributes":  # GEXF
            self._class = given.get("class", "node")
        elif name == "attribute" and self._class == self._element:
            self._titles[given.get("id", "")] = given.get("title") or given.get("id", "")
        elif name == "key" and given.get("for", "all") in (self._element, "all"):  # GraphML
            id_ = given.get("id", "")
            self._titles[id_] = given.get("attr.name") or id_
        elif name in ("node", "edge"):
            self._met = True
            if name == self._element:
                record: dict[str, Any] = dict(given)
                if "directed" in record:
                    is_directed = record.pop("directed").lower() == "true"
                    record["type"] = "directed" if is_directed else "undirected"
                if name == "edge":
                    record.setdefault("type", self._default)
                if self._record is not None:  # a node inside a node
                    self._stack.append((0, self._record))
                self._record = record
                record["#line"] = self._parser.CurrentLineNumber
        elif name == "attvalue" and self._record is not None:
            key = given.get("for", given.get("id", ""))
            self._record.setdefault(self._titles.get(key, key), given.get("value"))
        elif name == "data" and self._record is not None:
            self._key, self._text = given.get("key", ""), []

    def _characters(self, text: str) -> None:
        if self._key is not None:
            self._text.append(text)

    def _end(self, name: str) -> None:
        name = name.rpartition(" ")[2].lower()
        self._depth -= 1
        if name == "data" and self._key is not None and self._record is not None:
            title = self._titles.get(self._key, self._key)
            self._record.setdefault(title, "".join(self._text))
            self._key = None
        elif name == self._element and self._record is not None:
            line = self._record.pop("#line")
            self._done.append((line, self._record))
            self._record = self._stack.pop()[1] if self._stack else None
