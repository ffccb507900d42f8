"""The words of events: their kinds, and what several do together, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from graph.schema import table
from loaders.entry_tables import ARRIVAL
from loaders.events import KeptEvent
from loaders.events.kept import ROWS
from loaders.events.kinds import EVENT_KINDS, title_of
from webapp.data.stored import title
from webapp.shell.language import language
from webapp.shell.words import programme


def word_of(kind: str) -> str:
    """Return the title of a kind of event."""
    return title_of(programme(), kind).text(language())


def event_title(event: KeptEvent) -> str:
    """Return the title of an event that is kept: its kind, or how many rows of which table."""
    if event.kind != ROWS:
        return word_of(event.kind)
    return _("%(table)s: %(count)s rows", table=table_title(event.table or ""), count=event.rows)


def table_title(name: str) -> str:
    """Return the title of a table that many rows are entered into."""
    if name == ARRIVAL:
        return _("Arrival of a cohort")
    return title(table(name))


def offered_kinds() -> list[tuple[str, str]]:
    """Return key and title of every kind of event."""
    terms = (*EVENT_KINDS, *programme().service_kinds)
    return [(each.key, each.text(language())) for each in terms]


def total_lines(totals: Mapping[str, int]) -> list[str]:
    """Say what several events do together, a sentence for each thing that they do."""
    said = {
        "service": _("Changes of service: %(count)s.", count=totals["service"]),
        "posting_begins": _("Postings that begin: %(count)s.", count=totals["posting_begins"]),
        "posting_ends": _("Postings that end: %(count)s.", count=totals["posting_ends"]),
        "post_free": _("Posts that become vacant: %(count)s.", count=totals["post_free"]),
        "pair_begins": _("Pairs that begin: %(count)s.", count=totals["pair_begins"]),
        "pair_ends": _("Pairs that end: %(count)s.", count=totals["pair_ends"]),
        "without_mentor": _(
            "{Trainees} left without a {mentor}: %(count)s.", count=totals["without_mentor"]
        ),
    }
    return [line for what, line in said.items() if totals[what]]
