"""What an address of the network page asks for, all of it: read, checked, and written again.

A thing in the picture is known by its key: the id of a person, `post:ID`, `unit:ID`. What is
opened or closed is `TIES:ID`, as in `expand=mentors:T001`; only the id may hold a colon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from graph.dates import first_day, is_date
from graph.errors import N_, UsageError
from webapp.shell.asked import read_whole, read_year

DEPTHS = range(0, 7)
DIRECTIONS = ("both", "up", "down")
LAYOUTS = ("generations", "radial", "force", "time", "units")
COLOURS = ("unit", "cohort", "rank", "stage")
LIMITS = (60, 150, 300, 1000)
MOST = LIMITS[-1]  # people in one picture, expanded ones included
MOST_ASKED = 20
MOST_PINS = 200

# Kinds of ties that can be opened, by what they are opened at.
OF_PERSON = ("mentors", "trainees", "posts")
OF_POST = ("holders", "unit")
OF_UNIT = ("unit_posts", "below", "above")
LINES = ("ancestors", "descendants")  # all the way up or down
KINDS = (*OF_PERSON, *OF_POST, *OF_UNIT, *LINES)
_NAMED = ("post", "unit", "person")

Opened = tuple[str, str]  # kind of ties and the id of the thing whose they are
Pin = tuple[str, int, int]


@dataclass(frozen=True)
class View:
    """What an address asks for. Every field is one parameter; a tuple may be given repeatedly."""

    person: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()  # whose people on the day are begun with
    cohort: tuple[str, ...] = ()
    depth: int = 2
    direction: str = "both"
    limit: int = LIMITS[0]
    expand: tuple[Opened, ...] = ()
    fold: tuple[Opened, ...] = ()
    hide: tuple[str, ...] = ()
    path_from: str = ""
    path_to: str = ""
    only_kind: tuple[str, ...] = ()  # of mentoring
    only_unit: str = ""  # with all below
    only_cohort: str = ""
    only_rank: str = ""
    only_stage: str = ""
    since: str = ""
    until: str = ""
    on: str = ""  # the day on which people hold posts and ties run
    layout: str = LAYOUTS[0]
    colour: str = COLOURS[0]
    pin: tuple[Pin, ...] = ()
    off: tuple[str, ...] = ()  # entries of the legend that are switched off
    selected: str = ""

    @classmethod
    def of(cls, args: MultiDict[str, str]) -> View:
        """Read an address; UsageError names the parameter that cannot be."""
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
        return cls(
            lists["person"],
            lists["unit"],
            lists["cohort"],
            _number(args, "depth", cls.depth if lists["person"] else 1, DEPTHS[0], DEPTHS[-1]),
            _one_of(args, "direction", cls.direction, DIRECTIONS),
            _number(args, "limit", cls.limit, 1, MOST),
            tuple(_opened(text) for text in args.getlist("expand") if text),
            tuple(dict.fromkeys(_opened(text) for text in args.getlist("fold") if text)),
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
            _one_of(args, "layout", cls.layout, LAYOUTS),
            _one_of(args, "colour", cls.colour, COLOURS),
            _pins(args),
            _several(args, "off"),
            args.get("selected", "").strip(),
        )

    @property
    def begins(self) -> bool:
        """Return whether anybody is asked for."""
        return bool(self.person or self.unit or self.cohort)

    @property
    def filters(self) -> bool:
        """Return whether people are chosen by what they are, not only by their ties."""
        return bool(self.only_unit or self.only_cohort or self.only_rank or self.only_stage)

    @property
    def address(self) -> dict[str, Any]:
        """Return the parameters of the address, without those at their default."""
        given: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name == "depth":
                given["depth"] = value
            elif value != each.default:
                given[each.name] = _WRITTEN[each.name](value) if each.name in _WRITTEN else value
        return given

    @property
    def url(self) -> str:
        """Return the address of the view's page."""
        return url_for("network.show", **self.address)

    def changed(self, **values: Any) -> View:
        """Return this view with some of it changed."""
        return replace(self, **values)

    def day(self, usual: date) -> date:
        """Return the day asked for."""
        return first_day(self.on) if self.on else usual


def key_of(kind: str, id_: str) -> str:
    """Name a thing within a picture, a person by the id alone.

    >>> key_of("person", "T001"), key_of("post", "P01"), key_of("person", "post:1")
    ('T001', 'post:P01', 'person:post:1')
    """
    if kind == "person" and id_.partition(":")[0] not in _NAMED:
        return id_
    return f"{kind}:{id_}"


def thing_of(key: str) -> tuple[str, str]:
    """Return kind and id of a key.

    >>> thing_of("T001"), thing_of("post:P01"), thing_of("person:post:1")
    (('person', 'T001'), ('post', 'P01'), ('person', 'post:1'))
    """
    kind, colon, id_ = key.partition(":")
    return (kind, id_) if colon and kind in _NAMED else ("person", key)


def key_opened(opened: Opened) -> str:
    """Name the thing whose ties are opened or closed."""
    kind, id_ = opened
    return key_of("post" if kind in OF_POST else "unit" if kind in OF_UNIT else "person", id_)


def write_opened(opened: Opened) -> str:
    """Write what is opened as an address holds it.

    >>> write_opened(("mentors", "T001")), write_opened(("", "T001"))
    ('mentors:T001', 'T001')
    """
    return ":".join(opened) if opened[0] else opened[1]


_WRITTEN = {
    "expand": lambda value: [write_opened(each) for each in value],
    "fold": lambda value: [write_opened(each) for each in value],
    "pin": lambda value: [",".join(map(str, each)) for each in value],
}


def _opened(text: str) -> Opened:
    """Read `KIND:ID`; an id alone means mentors and trainees."""
    kind, colon, id_ = text.partition(":")
    return (kind, id_) if colon and kind in KINDS else ("", text)


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
