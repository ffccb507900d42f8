"""Networks in XML (GEXF, GraphML) as rows of nodes and of edges, streamed.

Attributes stand under their titles beside what each format has of its own: nodes have id, label,
start, end; edges id, source, target, kind, label, type, weight, start, end. What a declaration
gives as default stands where nothing is said; a label in the drawing of yEd is a label; an edge
that lasts several times is a row for each. A node without label and name has its id as label, an
edge without a kind its label. Groups of yEd are no nodes; a hyperedge is an undirected row without
ends. The parser is expat, which stops at any declared entity, so that no document can swell or
fetch another. NetworkX reads neither spells nor other encodings, no line numbers, and holds all
in memory.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from loaders.readers.cells import Cells, Unreadable, cell, composed
from loaders.readers.encodings import BLOCK, Open, declared_encoding, scan

NODE = ["id", "label", "start", "end"]
EDGE = ["id", "source", "target", "kind", "label", "type", "weight", "start", "end"]

Record = dict[str, Any]

_DEEPEST = 200  # elements inside each other
_ENCODING = re.compile(rb"""^[^>]*?<\?xml[^>]*?encoding\s*=\s*["']([\w.:-]+)""")
_FRACTION = re.compile(r"(-?\d{1,4})\.\d+")  # of a year
_DRAWN = ("nodelabel", "edgelabel")  # of yEd
_TIMES = ("start", "end")
# What only our own export has: attributes of nodes and of edges.
_OURS = ({"entity", "mentor_capacity", "hardship"}, {"row", "rank_of_wish"})


def headings(open_: Open, part: str) -> list[str]:
    """Return the columns of one part, `nodes` or `edges`, as far as they are declared."""
    reader = _MarkupReader(part)
    for _ in reader.rows(open_, until_first=True):
        break
    return reader.headings()


def rows(open_: Open, part: str, columns: list[str]) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of one part with the numbers of their lines."""
    for line, record in _MarkupReader(part).rows(open_):
        yield line, [cell(record.get(column)) for column in columns]


def refuse_own_export(nodes: list[str], edges: list[str]) -> None:
    """Refuse a network that we wrote ourselves: its units, posts and records are nodes too."""
    if _OURS[0].issubset(nodes) and _OURS[1].issubset(edges):
        raise Unreadable("own-export")


def _texts(open_: Open) -> Iterator[str]:
    """Yield the text of a file as its declaration or its bytes tell the encoding."""
    encoding = declared_encoding(open_, _ENCODING) or scan(open_).encoding
    decoder = codecs.getincrementaldecoder(encoding)()
    with open_() as stream:
        while block := stream.read(BLOCK):
            yield decoder.decode(block)
        yield decoder.decode(b"", final=True)


class _MarkupReader:
    """Collects what the parser meets, for as long as one block of the file lasts."""

    def __init__(self, part: str) -> None:
        self._element = "node" if part == "nodes" else "edge"
        self._titles: dict[str, str] = {}  # id of an attribute -> its title
        self._defaults: dict[str, str] = {}  # title -> text
        self._drawings: set[str] = set()  # ids of attributes that hold a drawing of yEd
        self._declared: str | None = None  # the title whose declaration is read
        self._class = ""
        self._record: Record | None = None
        self._stack: list[Record] = []  # the nodes around this one
        self._key: str | None = None
        self._text: list[str] = []
        self._drawn = 0  # the depth of a label of yEd
        self._ports = 0  # open parts of a node that have data of their own
        self._done: list[tuple[int, Record]] = []
        self._depth = 0
        self._met = False
        self._root = ""
        self._default = "undirected"
        self._has_fractions = False  # times are numbers, not dates
        self._parser: Any = None

    def headings(self) -> list[str]:
        own = NODE if self._element == "node" else EDGE
        return list(dict.fromkeys([*own, *self._titles.values()]))

    def rows(self, open_: Open, until_first: bool = False) -> Iterator[tuple[int, Record]]:
        parser = self._parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse
        try:
            for text in _texts(open_):
                parser.Parse(text, False)
                yield from self._done
                self._done = []
                if until_first and self._met:
                    return
            parser.Parse("", True)
            yield from self._done
        except expat.ExpatError as error:
            what = expat.ErrorString(error.code)
            raise Unreadable("not-xml", error.lineno, reason=what) from None
        if self._root not in ("gexf", "graphml"):
            raise Unreadable("not-xml", 1, reason=f"<{self._root}>")

    def _refuse(self, *_: object) -> int:
        raise Unreadable("xml-entities", self._parser.CurrentLineNumber)

    # --- what begins --------------------------------------------------------------------------

    def _start(self, name: str, given: dict[str, str]) -> None:
        name = name.rpartition(" ")[2].lower()
        given = {key.rpartition(" ")[2]: value for key, value in given.items()}
        self._root = self._root or name
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable("not-xml", self._parser.CurrentLineNumber, reason=f"> {_DEEPEST}")
        if name == "graph":
            self._default = given.get("defaultedgetype") or given.get("edgedefault", "undirected")
            self._has_fractions = given.get("timeformat", "") in ("double", "float", "integer")
        elif name in ("attributes", "attribute", "key", "default"):
            self._declare(name, given)
        elif name in ("node", "edge", "hyperedge"):
            self._met = True
            if name.removeprefix("hyper") == self._element:
                self._begin(name, given)
        elif name == "port":
            self._ports += 1
        elif self._record is not None and not self._ports:
            self._tell(name, given)

    def _declare(self, name: str, given: dict[str, str]) -> None:
        """Take a declaration of an attribute; the drawings of yEd are none."""
        id_ = given.get("id", "")
        if name == "attributes":  # GEXF
            self._class = given.get("class", "node")
        elif name == "default":
            if self._declared is not None:
                self._key, self._text = self._declared, []
        elif name == "attribute":
            self._declared = None
            if self._class == self._element:
                self._declared = self._titles[id_] = composed(given.get("title") or id_)
        elif "yfiles.type" in given:
            self._declared = None
            self._drawings.add(id_)
        elif given.get("for", "all") in (self._element, "all"):
            self._declared = self._titles[id_] = composed(given.get("attr.name") or id_)
        else:
            self._declared = None

    def _begin(self, name: str, given: dict[str, str]) -> None:
        record: Record = dict(given)
        if "directed" in record:
            is_directed = record.pop("directed").lower() == "true"
            record["type"] = "directed" if is_directed else "undirected"
        if name == "hyperedge":
            record["type"] = "undirected"
        if name != "node":
            record.setdefault("type", self._default)
        if self._record is not None:  # a node inside a node
            self._stack.append(self._record)
        self._record = record
        record["#line"] = self._parser.CurrentLineNumber

    def _tell(self, name: str, given: dict[str, str]) -> None:
        """Take what is said of the node or edge that is open."""
        assert self._record is not None
        if name == "attvalue":
            key = given.get("for", given.get("id", ""))
            self._record.setdefault(self._titles.get(key, key), given.get("value"))
        elif name == "spell":
            times = {key: given[key] for key in _TIMES if key in given}
            self._record.setdefault("#spells", []).append(times)
        elif name == "data":
            self._key, self._text = given.get("key", ""), []
        elif name in _DRAWN:
            self._drawn, self._text = self._depth, []

    def _characters(self, text: str) -> None:
        if self._key is not None and self._drawn in (0, self._depth):
            self._text.append(text)

    # --- what ends ----------------------------------------------------------------------------

    def _end(self, name: str) -> None:
        name = name.rpartition(" ")[2].lower()
        self._depth -= 1
        if name == "port":
            self._ports -= 1
        elif name == "default" and self._declared is not None:
            self._defaults[self._declared] = "".join(self._text)
            self._key = None
        elif name in ("key", "attribute"):
            self._declared = None
        elif name in _DRAWN and self._drawn:
            if label := " ".join("".join(self._text).split()):
                assert self._record is not None
                self._record.setdefault("label", label)
            self._drawn, self._text = 0, []
        elif name == "data" and self._key is not None and self._record is not None:
            if self._key not in self._drawings:
                title = self._titles.get(self._key, self._key)
                self._record.setdefault(title, "".join(self._text))
            self._key = None
        elif name.removeprefix("hyper") == self._element and self._record is not None:
            self._finish(self._record)
            self._record = self._stack.pop() if self._stack else None

    def _finish(self, record: Record) -> None:
        line, spells = record.pop("#line"), record.pop("#spells", [])
        if "yfiles.foldertype" in record:  # a group
            return
        for title, text in self._defaults.items():
            record.setdefault(title, text)
        if self._element == "node":
            if not record.get("name"):
                record.setdefault("label", record.get("id"))
            spells = [{**spells[0], **spells[-1], **_first(spells[0])}] if spells else []
        elif record.get("label"):
            record.setdefault("kind", record["label"])
        for each in [{**record, **times} for times in spells] or [record]:
            if self._has_fractions:
                for key in _TIMES:
                    if key in each:
                        each[key] = _FRACTION.sub(r"\1", each[key].strip())
            self._done.append((line, each))


def _first(spell: dict[str, str]) -> dict[str, str]:
    return {"start": spell["start"]} if "start" in spell else {}
