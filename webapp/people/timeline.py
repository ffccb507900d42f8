"""How a time line is drawn: what stands in its lanes in words, and where.

Dates keep the precision of their source: a year or a month is drawn from its first day with a
fading edge, and its text says no more than is known. An open period ends at the as-of day with a
mark of its own. `static/timeline.js` draws it; it reads every text as text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _

from graph.dates import add_days, end_day, first_day, precision
from queries.timeline import LineEntry
from webapp.pictures.signs import rank_step
from webapp.shell.frame import person_url, post_url
from webapp.shell.marks import LANES
from webapp.shell.sentences import title

MOST_LINES = 10  # periods at the same time in one lane; more are left to the table
_MARGIN = 0.04  # of the whole span, free on both sides


def period(since: str | None, until: str | None, *, planned: bool = False) -> str:
    """Say a period in words, with the precision that its source gave."""
    if since and until:
        said = _("%(since)s to %(until)s", since=since, until=until)
    elif since:
        said = _("since %(since)s", since=since)
    elif until:
        said = _("until %(until)s, begin unknown", until=until)
    else:
        said = _("time unknown")
    return _("planned: %(period)s", period=said) if planned else said


def known_to(day: str | None) -> str:
    """Return how exactly a date is known; empty for a full day."""
    if not day or precision(day) == "day":
        return ""
    return _("only the year is known") if precision(day) == "year" else _("the day is not known")


def words_of(entry: LineEntry) -> str:
    """Say what an entry is: its name and the titles of its terms, as its lane wants them."""
    titles = [title(each.terms, each.key) for each in entry.terms]
    if entry.lane == "gaps":
        return _("no posting known") if entry.remark == "certain" else _("perhaps a gap")
    if entry.lane == "ranks":
        fall = _(" (%(note)s)", note=_("fall")) if entry.remark == "fall" else ""
        return f"{''.join(titles)}{fall}"
    if entry.lane in ("records", "service", "grades"):
        return " · ".join(part for part in (*titles, entry.name) if part)
    if not any(titles):
        return entry.name
    if entry.lane == "activities":
        return _("%(what)s: %(title)s", what=titles[0], title=entry.name)
    return f"{entry.name}{_(' (%(note)s)', note=titles[0])}"


def url_of(entry: LineEntry) -> str | None:
    """Return the page that an entry leads to, if any."""
    if entry.post:
        return post_url(entry.post)
    return person_url(entry.person) if entry.person else None


def timeline(entries: Iterable[LineEntry], as_of: date) -> dict[str, Any] | None:
    """Return the lanes and what stands in them; None when nothing has a date.

    Periods at the same time stand in lines of their own; what does not fit is counted in
    `left_out`.
    """
    dated = [entry for entry in entries if entry.since or (entry.until and not entry.is_point)]
    if not dated:
        return None
    groups: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    left_out = 0
    earliest = min(first_day(entry.since or entry.until or "") for entry in dated)
    for lane in LANES:
        mine = [entry for entry in dated if entry.lane == lane.key]
        points = [entry for entry in mine if entry.is_point]
        periods = [entry for entry in mine if not entry.is_point]
        lines = _lines(periods, earliest, as_of)
        left_out += len(periods) - sum(map(len, lines))
        lines = lines or ([[]] if points else [])
        for number, line in enumerate(lines):
            group = f"{lane.key}-{number}"
            groups.append({"id": group, "text": "" if number else str(lane.title)})
            shown = [*line, *points] if number == 0 else line
            items += [_item(entry, group, earliest, as_of) for entry in shown]
    days = [first_day(text) for item in items for text in (item["start"], item.get("end")) if text]
    begin, end = min(days), max(*days, as_of)
    margin = max(30, round((end - begin).days * _MARGIN))
    return {
        "groups": groups,
        "items": items,
        "from": add_days(begin, -margin).isoformat(),
        "to": add_days(end, margin).isoformat(),
        "today": as_of.isoformat(),
        "left_out": left_out,
    }


def _lines(periods: list[LineEntry], earliest: date, as_of: date) -> list[list[LineEntry]]:
    """Deal periods over as few lines as keep those at the same time apart; not over too many."""
    lines: list[tuple[date, list[LineEntry]]] = []
    for entry in sorted(
        periods, key=lambda each: (each.since or "", each.until or "9999", each.id)
    ):
        begin, end = _span(entry, earliest, as_of)
        for at, (free_from, line) in enumerate(lines):
            if free_from <= begin:
                line.append(entry)
                lines[at] = (end, line)
                break
        else:
            if len(lines) < MOST_LINES:
                lines.append((end, [entry]))
    return [line for _free_from, line in lines]


def _span(entry: LineEntry, earliest: date, as_of: date) -> tuple[date, date]:
    begin = first_day(entry.since) if entry.since else earliest
    if entry.until:
        end = end_day(entry.since, entry.until) if entry.since else first_day(entry.until)
        return begin, max(end, add_days(begin, 1))
    if begin < as_of:
        return begin, as_of
    return begin, add_days(begin, 180)  # open, and not begun yet: a stub


def _item(entry: LineEntry, group: str, earliest: date, as_of: date) -> dict[str, Any]:
    begin, end = _span(entry, earliest, as_of)
    said = words_of(entry)
    signs: list[str] = [entry.lane]
    if entry.lane == "ranks":
        signs.append(f"rank-{rank_step(entry.terms[0].key if entry.terms else None)}")
    if entry.planned:
        signs.append("planned")
    if known_to(entry.since) or not entry.since:
        signs.append("vague-begin")
    if entry.until and known_to(entry.until):
        signs.append("vague-end")
    if not entry.until and not entry.is_point:
        signs.append("open-end")
    if entry.is_point:
        when = entry.since or ""
    else:
        when = period(entry.since, entry.until, planned=entry.planned)
    notes = [note for note in dict.fromkeys((known_to(entry.since), known_to(entry.until))) if note]
    item = {
        "id": entry.id,
        "group": group,
        "text": "" if entry.is_point else said,
        "tip": "\n".join([said, when, *notes]),
        "start": begin.isoformat(),
        "type": "point" if entry.is_point else "range",
        "className": " ".join(signs),
        "url": url_of(entry),
    }
    if not entry.is_point:
        item["end"] = end.isoformat()
    return item
