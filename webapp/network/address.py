"""The address of a view: read from what a browser, a command or a saved view says, and written."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar
from urllib.parse import parse_qsl

from flask import url_for
from pydantic import ValidationInfo
from werkzeug.datastructures import MultiDict

from graph.dates import first_day
from graph.errors import N_, UsageError
from queries.network.view import (
    COLOURS,
    DEPTHS,
    DIRECTIONS,
    LAYOUTS,
    MOST,
    MOST_ASKED,
    MOST_PINS,
    Opened,
    Pin,
    View,
    read_opened,
)
from webapp.network.blueprint import bp
from webapp.shell.asking import (
    DATE_TEXT,
    YEAR_TEXT,
    Asked,
    OneOf,
    Several,
    TextType,
    Whole,
    YearText,
)


class _OpenedType(TextType):
    """What is opened or closed, as in `mentors:T001`."""

    def typed(self, value: Any, info: ValidationInfo) -> Opened:
        return read_opened(str(value))


class _PinType(TextType):
    """Where something was put by hand, as in `T001,120,-40`."""

    def typed(self, value: Any, info: ValidationInfo) -> Pin:
        key, *at = str(value).rsplit(",", 2)
        if len(at) != 2 or not all(_is_place(each) for each in at):
            raise _no_place(str(value))
        return key, int(at[0]), int(at[1])


class NetworkAsked(Asked):
    """What may be asked of the network; each is a field of `View`. Opened twice opens further."""

    keeps_twice: ClassVar[frozenset[str]] = frozenset({"expand"})

    person: Several = ()
    unit: Several = ()
    cohort: tuple[YearText, ...] = ()
    depth: Annotated[int | None, Whole(DEPTHS[0], DEPTHS[-1], View.depth)] = None
    direction: Annotated[str, OneOf(*DIRECTIONS)] = View.direction
    limit: Annotated[int, Whole(1, MOST, View.limit)] = View.limit
    expand: tuple[Annotated[Opened, _OpenedType()], ...] = ()
    fold: tuple[Annotated[Opened, _OpenedType()], ...] = ()
    hide: Several = ()
    path_from: str = ""
    path_to: str = ""
    only_kind: Several = ()
    only_unit: str = ""
    only_cohort: Annotated[str, YEAR_TEXT] = ""
    only_rank: str = ""
    only_stage: str = ""
    since: Annotated[str, DATE_TEXT] = ""
    until: Annotated[str, DATE_TEXT] = ""
    on: Annotated[str, DATE_TEXT] = ""
    planned: Annotated[str, OneOf("yes")] = ""
    layout: Annotated[str, OneOf(*LAYOUTS)] = View.layout
    colour: Annotated[str, OneOf(*COLOURS)] = View.colour
    pin: tuple[Annotated[Pin, _PinType()], ...] = ()
    off: Several = ()
    selected: str = ""

    def view(self) -> View:
        """Return the view; UsageError where the parts do not go together."""
        if len(self.person) + len(self.unit) + len(self.cohort) > MOST_ASKED:
            raise UsageError(
                N_("A view begins with at most %(most)s people."),
                N_("Ask for fewer."),
                most=MOST_ASKED,
            )
        if self.since and self.until and first_day(self.since) > first_day(self.until):
            raise UsageError(
                N_("The period ends on %(until)s, before it begins on %(since)s."),
                N_("Swap the two dates."),
                since=self.since,
                until=self.until,
            )
        pins = {pin[0]: pin for pin in self.pin}
        if len(pins) > MOST_PINS:
            raise _no_place(",".join(map(str, self.pin[MOST_PINS])))
        depth = self.depth if self.depth is not None else View.depth if self.person else 1
        return View(**{**dict(self), "depth": depth, "pin": tuple(pins.values())})


def read_view(args: MultiDict[str, str] | None = None) -> View:
    """Return the view of the request's address, or of another; UsageError names what is wrong."""
    return NetworkAsked.read(args).view()


def read_address(text: str) -> View:
    """Return the view of what stands behind the question mark; UsageError as on the page."""
    return read_view(MultiDict(parse_qsl(text.lstrip("?"))))


@bp.app_template_global()
def view_url(view: View) -> str:
    """Return the address of a view's page."""
    return url_for("network.show", **view.address)


def _no_place(text: str) -> UsageError:
    return UsageError(
        N_('pin "%(value)s" is no place.'),
        N_("Write it like ID,120,-40, at most %(most)s times."),
        value=text,
        most=MOST_PINS,
    )


def _is_place(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) < 7
