"""The address of a view: read from what a browser, a command or a saved view says, and written."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from flask import url_for
from werkzeug.datastructures import MultiDict

from graph.dates import first_day, is_date
from graph.errors import N_, UsageError
from queries.network.view import (
    COLOURS,
    DEPTHS,
    DIRECTIONS,
    LAYOUTS,
    MOST,
    MOST_ASKED,
    MOST_PINS,
    Pin,
    View,
    read_opened,
)
from webapp.network.blueprint import bp
from webapp.shell.asked import read_whole, read_year


def read_view(args: MultiDict[str, str]) -> View:
    """Return the view of an address; UsageError names the parameter that cannot be."""
    lists = {name: _several(args, name) for name in ("person", "unit", "cohort")}
    if sum(map(len, lists.values())) > MOST_ASKED:
        raise UsageError(
            N_("A view begins with at most %(most)s people."),
            N_("Ask for fewer."),
            most=MOST_ASKED,
        )
    for name in ("cohort", "only_cohort"):
        for text in args.getlist(name):
            if text.strip():
                read_year(name, text)
    since, until = _day(args, "since"), _day(args, "until")
    if since and until and first_day(since) > first_day(until):
        raise UsageError(
            N_("The period ends on %(until)s, before it begins on %(since)s."),
            N_("Swap the two dates."),
            since=since,
            until=until,
        )
    return View(
        lists["person"],
        lists["unit"],
        lists["cohort"],
        _number(args, "depth", View.depth if lists["person"] else 1, DEPTHS[0], DEPTHS[-1]),
        _one_of(args, "direction", View.direction, DIRECTIONS),
        _number(args, "limit", View.limit, 1, MOST),
        tuple(read_opened(text) for text in args.getlist("expand") if text),
        tuple(dict.fromkeys(read_opened(text) for text in args.getlist("fold") if text)),
        _several(args, "hide"),
        args.get("path_from", "").strip(),
        args.get("path_to", "").strip(),
        _several(args, "only_kind"),
        args.get("only_unit", "").strip(),
        args.get("only_cohort", "").strip(),
        args.get("only_rank", "").strip(),
        args.get("only_stage", "").strip(),
        since,
        until,
        _day(args, "on"),
        _one_of(args, "layout", View.layout, LAYOUTS),
        _one_of(args, "colour", View.colour, COLOURS),
        _pins(args),
        _several(args, "off"),
        args.get("selected", "").strip(),
    )


def read_address(text: str) -> View:
    """Return the view of what stands behind the question mark; UsageError as on the page."""
    return read_view(MultiDict(parse_qsl(text.lstrip("?"))))


@bp.app_template_global()
def view_url(view: View) -> str:
    """Return the address of a view's page."""
    return url_for("network.show", **view.address)


def _several(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in args.getlist(name) if text.strip()))


def _pins(args: MultiDict[str, str]) -> tuple[Pin, ...]:
    pins: dict[str, Pin] = {}
    for text in args.getlist("pin"):
        key, *at = text.rsplit(",", 2)
        if len(at) != 2 or not all(_is_place(each) for each in at) or len(pins) >= MOST_PINS:
            raise UsageError(
                N_('pin "%(value)s" is no place.'),
                N_("Write it like ID,120,-40, at most %(most)s times."),
                value=text,
                most=MOST_PINS,
            )
        pins[key] = (key, int(at[0]), int(at[1]))
    return tuple(pins.values())


def _is_place(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) < 7


def _day(args: MultiDict[str, str], name: str) -> str:
    text = args.get(name, "").strip()
    if text and not is_date(text):
        raise UsageError(
            N_('%(name)s "%(value)s" is not a date.'),
            N_("Write it like 2024-06-30."),
            name=name,
            value=text,
        )
    return text


def _number(args: MultiDict[str, str], name: str, default: int, least: int, most: int) -> int:
    text = args.get(name, "").strip()
    return read_whole(name, text, least, most, default) if text else default


def _one_of(args: MultiDict[str, str], name: str, default: str, known: Sequence[str]) -> str:
    text = args.get(name, "").strip() or default
    if text not in known:
        raise UsageError(
            N_('%(name)s "%(value)s" is not known.'),
            N_("It is one of %(known)s."),
            name=name,
            value=text,
            known=", ".join(known),
        )
    return text
