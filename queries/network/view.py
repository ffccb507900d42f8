"""What may be asked of the network, all of it: a view, which an address, a command or a line of a
notebook says.

A thing in the picture is known by its key: the id of a person, `post:ID`, `unit:ID`. What is
opened or closed is `TIES:ID`, as in `expand=mentors:T001`; only the id may hold a colon. Nothing is
checked here: an address is checked where it is read.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Annotated, Any, NotRequired, get_type_hints

from graph.answers import FieldsOf
from graph.dates import first_day

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
    """What is asked for. Every field is one parameter; a tuple may be given repeatedly.

    >>> View(person=("T001",), depth=1, colour="cohort").address
    {'person': ('T001',), 'depth': 1, 'colour': 'cohort'}
    """

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
    planned: str = ""  # "yes": what is planned, or begins later, too
    layout: str = LAYOUTS[0]
    colour: str = COLOURS[0]
    pin: tuple[Pin, ...] = ()
    off: tuple[str, ...] = ()  # entries of the legend that are switched off
    selected: str = ""

    @property
    def begins(self) -> bool:
        """Return whether anybody is asked for."""
        return bool(self.person or self.unit or self.cohort)

    @property
    def filters(self) -> bool:
        """Return whether people are chosen by what they are, not only by their ties."""
        return bool(self.only_unit or self.only_cohort or self.only_rank or self.only_stage)

    @property
    def address(self) -> ViewRow:
        """Return the parameters of the address, without those at their default."""
        given: dict[str, Any] = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if each.name == "depth":
                given["depth"] = value
            elif value != each.default:
                given[each.name] = _WRITTEN[each.name](value) if each.name in _WRITTEN else value
        return given

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


def read_opened(text: str) -> Opened:
    """Read `KIND:ID`; an id alone means mentors and trainees.

    >>> read_opened("mentors:T001"), read_opened("T001"), read_opened("x:1")
    (('mentors', 'T001'), ('', 'T001'), ('', 'x:1'))
    """
    kind, colon, id_ = text.partition(":")
    return (kind, id_) if colon and kind in KINDS else ("", text)


_WRITTEN = {
    "expand": lambda value: [write_opened(each) for each in value],
    "fold": lambda value: [write_opened(each) for each in value],
    "pin": lambda value: [",".join(map(str, each)) for each in value],
}
ViewRow = Annotated[
    dict[str, Any],
    FieldsOf(
        {
            name: NotRequired[list[str] if name in _WRITTEN else of]
            for name, of in get_type_hints(View).items()
        },
        "NetworkView",
    ),
]
