"""A picture as a file: tables, drawings, graphs for other programs, and a page that opens offline.

The files of graphs are made by NetworkX.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Response, send_file
from flask_babel import gettext as _
from flask_babel import ngettext

from graph.errors import N_, UsageError
from queries.network.scene import scene as scene_of
from queries.network.view import View
from webapp.network import drawing
from webapp.network.address import read_view
from webapp.network.blueprint import bp
from webapp.network.picture import NetworkPicture, paint
from webapp.network.svg import as_svg, colours
from webapp.network.texts import conditions, name_of, summary
from webapp.programme.documents import Document, Section, as_workbook
from webapp.shell import words
from webapp.shell.store import current_store

if TYPE_CHECKING:
    import networkx as nx

_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f]+')
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "svg": "image/svg+xml",
    "html": "text/html; charset=utf-8",
    "gexf": "application/xml",
    "graphml": "application/xml",
}
ENDINGS = tuple(_TYPES)


@bp.get("/network/file.<ending>")
def file(ending: str) -> Response:
    """Return the view of the address as a file."""
    view = read_view()
    if not view.begins:
        raise UsageError(N_("No person was asked for."), N_("Add person=ID to the address."))
    made, name = write(_picture(view), ending)
    return send_file(
        io.BytesIO(made), _TYPES[ending], as_attachment=True, download_name=name, max_age=0
    )


def _picture(view: View) -> NetworkPicture:
    return paint(scene_of(current_store(), view, words.as_of()))


def write(picture: NetworkPicture, ending: str) -> tuple[bytes, str]:
    """Return the bytes of a file and its name, which says what is inside."""
    if ending not in _WRITERS:
        raise UsageError(
            N_('"%(ending)s" is not an ending that can be written.'),
            N_("Use one of %(known)s."),
            ending=ending,
            known=", ".join(ENDINGS),
        )
    return _WRITERS[ending](picture), f"{file_name(picture)}.{ending}"


def title(picture: NetworkPicture) -> str:
    """Say whose network it is."""
    return _("Network of %(name)s", name=name_of(picture.scene))


def file_name(picture: NetworkPicture) -> str:
    """Name a file after who was asked for, how far, and the day."""
    view = picture.scene.view
    steps = ngettext("%(num)s step", "%(num)s steps", view.depth)
    text = f"{title(picture)} {steps} {picture.scene.as_of.isoformat()}"
    return _NOT_IN_NAMES.sub(" ", text).strip()[:120]


def notes(picture: NetworkPicture) -> list[str]:
    """Return what is shown, the filters and the day."""
    scene = picture.scene
    filters = [f"{what}{_(': ')}{text}" for what, text, _without in conditions(scene)]
    return [
        f"{' '.join(summary(scene))} {_('As of %(day)s.', day=scene.as_of.isoformat())}",
        _("; ").join(filters),
    ]


def legend(picture: NetworkPicture) -> list[tuple[str, str, str, str]]:
    """Return the entries of the legend as `as_svg` wants them."""
    entries: list[tuple[str, str, str, str]] = [
        (role["key"], "", "", f"{role['title']} {role['people']}") for role in picture.roles
    ]
    entries += [
        ("", each.colour, each.letter, f"{each.title} {each.people}") for each in picture.categories
    ]
    named = {
        "mentoring": _("{mentor} to {trainee}"),
        "posting": _("held a post"),
        "structure": _("part of"),
        "ended": _("ended"),
    }
    return entries + [(key, "", "", text) for key, text in named.items() if key in picture.has]


def drawn_svg(picture: NetworkPicture, *, titled: bool = True) -> str:
    """Draw the picture with its legend, and title and date where nothing around it says them."""
    said = notes(picture) if titled else []
    return as_svg(picture.drawn, title(picture) if titled else "", said, legend(picture))


def plain_rows(picture: NetworkPicture) -> tuple[list[str], list[list[Any]]]:
    """Return the table beside the picture as plain cells."""
    columns = [column for column in picture.columns if column["key"] != "more"]
    rows = []
    for row in picture.rows:
        cells = [row[column["key"]] for column in columns]
        rows.append([cell["text"] if isinstance(cell, dict) else cell for cell in cells])
    return [str(column["title"]) for column in columns], rows


def _csv(picture: NetworkPicture) -> bytes:
    titles, rows = plain_rows(picture)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(titles)
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _safe(cell: Any) -> Any:
    """Keep a spreadsheet from running a text that begins like a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell


def _xlsx(picture: NetworkPicture) -> bytes:
    scene = picture.scene
    titles, rows = plain_rows(picture)
    name = {node["id"]: node["name"] for node in picture.drawn["nodes"] if "of" not in node}
    ties = [
        (name[edge["from"]], name[edge["to"]], each["text"], each["source"])
        for edge in picture.drawn["edges"]
        for each in edge.get("said", ())
    ]
    return as_workbook(
        Document(
            file_name(picture),
            title(picture),
            " ".join(summary(scene)),
            (
                (_("As of"), scene.as_of.isoformat()),
                *((what, text) for what, text, _without in conditions(scene)),
            ),
            (
                Section("people", _("People"), tuple(titles), tuple(map(tuple, rows)), annex=True),
                Section(
                    "ties",
                    _("Ties"),
                    (_("From"), _("To"), _("In words"), _("Source")),
                    tuple(ties),
                    annex=True,
                ),
            ),
            words.programme().invented,
        )
    )


def _graph(picture: NetworkPicture) -> nx.MultiDiGraph:
    import networkx as nx

    graph = nx.MultiDiGraph(name=_clean(title(picture)))
    scene = picture.scene
    for node in picture.drawn["nodes"]:
        if "of" not in node:
            graph.add_node(
                _clean(node["id"]),
                label=_clean(node["name"]),
                role=node["role"],
                x=float(node["x"]),
                y=-float(node["y"]),
            )
    for card in scene.people:
        known = graph.nodes.get(_clean(card.id))
        if known is not None:
            facts = {"cohort": card.cohort, "unit": card.unit_name, "post": card.title,
                     "rank": card.rank}  # fmt: skip
            known.update({k: _clean(v) for k, v in facts.items() if v is not None})
    for edge in picture.drawn["edges"]:
        if not edge.get("more"):
            said = " ".join(each["text"] for each in edge["said"])
            graph.add_edge(
                _clean(edge["from"]), _clean(edge["to"]), kind=edge["style"], label=_clean(said)
            )
    return graph


def _clean(value: Any) -> Any:
    return _NOT_XML.sub("", value) if isinstance(value, str) else value


def _gexf(picture: NetworkPicture) -> bytes:
    import networkx as nx

    out = io.BytesIO()
    nx.write_gexf(_graph(picture), out)
    return out.getvalue()


def _graphml(picture: NetworkPicture) -> bytes:
    import networkx as nx

    out = io.BytesIO()
    nx.write_graphml(_graph(picture), out)
    return out.getvalue()


def _html(picture: NetworkPicture) -> bytes:
    text = drawing.offline_page(
        picture.drawn,
        colours(),
        title(picture),
        [
            *notes(picture),
            *(f"{letter} {said}".strip() for _r, _c, letter, said in legend(picture)),
        ],
    )
    return text.encode("utf-8", "replace")


_WRITERS: dict[str, Callable[[NetworkPicture], bytes]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "svg": lambda picture: drawn_svg(picture).encode("utf-8", "replace"),
    "html": _html,
    "gexf": _gexf,
    "graphml": _graphml,
}
