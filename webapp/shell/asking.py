"""What an address asks for, read by the model that describes it.

A model has a field for each parameter; the names of a page and of its JSON are the same. Both read
the address by the model, so that a value that cannot be is refused with one sentence. A page leaves
names alone that it does not know: links from elsewhere bring their own. The JSON interface refuses
them (`operations.py`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Self

from flask import g, request
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    ValidationError,
    ValidationInfo,
)
from werkzeug.datastructures import MultiDict

from graph.dates import first_day, is_date
from graph.declared import nearest
from graph.errors import N_, UsageError
from queries.scope_text import Scope, read_scope
from webapp.shell.asked import read_whole, read_year

AS_OF = "as_of"  # the older name of `on`
DATE_PATTERN = r"^\d{4}(-\d{2}(-\d{2})?)?$"


class Asked(BaseModel):
    """The parameters of an address. An empty one counts as not given, blanks around it not at all.

    A list may be given repeatedly; what stands in it twice counts once, but for `keeps_twice`.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    # Names that follow a pattern, by what they are called together: `1.kind`, `2.kind`.
    families: ClassVar[Mapping[str, str]] = {}
    # Lists that are given where they are given empty.
    keeps_empty: ClassVar[frozenset[str]] = frozenset()
    # Lists in which a value given twice counts twice.
    keeps_twice: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def read(cls, args: MultiDict[str, str] | None = None) -> Self:
        """Read parameters, those of the request unless others are given; UsageError names one."""
        if args is not None:
            return cls._read(args)
        kept: dict[type, Any] = g.setdefault("asked", {})
        if cls not in kept:
            kept[cls] = cls._read(request.args)
        found: Self = kept[cls]
        return found

    @classmethod
    def _read(cls, args: MultiDict[str, str]) -> Self:
        given: dict[str, Any] = {}
        for name in cls.names():
            texts = [text.strip() for text in args.getlist(name)]
            if name == "on" and not any(texts):
                texts = [text.strip() for text in args.getlist(AS_OF)]
            if name in cls.lists():
                values = tuple(filter(None, texts))
                if name not in cls.keeps_twice:
                    values = tuple(dict.fromkeys(values))
                if values or (texts and name in cls.keeps_empty):
                    given[name] = values
            elif texts and texts[0]:
                given[name] = texts[0]
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise _refused(error) from None

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Return the names of the parameters, as an address has them."""
        return tuple(field.alias or name for name, field in cls.model_fields.items())

    @classmethod
    def lists(cls) -> frozenset[str]:
        """Return the names that may be given repeatedly."""
        known: frozenset[str] | None = cls.__dict__.get("_lists")
        if known is None:
            known = frozenset(
                name for name, field in cls.model_fields.items() if "tuple" in str(field.annotation)
            )
            cls._lists = known  # type: ignore[attr-defined]
        return known


def refuse_unknown(
    given: Iterable[tuple[str, str]], known: Sequence[str], families: Iterable[str] = ()
) -> None:
    """Raise UsageError for the first name that is not known, with the nearest one that is."""
    for name, value in given:
        if name in known or any(re.fullmatch(pattern, name) for pattern in families):
            continue
        like = nearest(name, known)
        raise UsageError(
            N_('There is no parameter "%(name)s" here (given as "%(value)s").'),
            N_('Did you mean "%(nearest)s"?') if like else N_("Known: %(known)s."),
            name=name,
            value=value,
            nearest=like,
            known=", ".join(known),
        )


def _refused(error: ValidationError) -> UsageError:
    """Return the refusal of a parameter that is needed: all others are read by their own type."""
    name = str(error.errors()[0]["loc"][0])
    return UsageError(
        N_('The parameter "%(name)s" is missing.'),
        N_("Add %(name)s=... to the address."),
        name=name,
    )


# --- types of parameters


class TextType:
    """A type of parameters: how its text is read, and what the description says of it."""

    schema: Mapping[str, Any] = MappingProxyType({"type": "string"})

    def typed(self, value: Any, info: ValidationInfo) -> Any:
        """Read a value; UsageError when it is none."""
        raise NotImplementedError

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return BeforeValidator(self.typed).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, _schema: Any, _handler: Any) -> dict[str, Any]:
        return dict(self.schema)


class Whole(TextType):
    """A whole number within bounds."""

    def __init__(self, least: int, most: int, example: int) -> None:
        self.bounds = least, most, example
        self.schema = {"type": "integer", "minimum": least, "maximum": most}

    def typed(self, value: Any, info: ValidationInfo) -> int:
        """Read a number."""
        return read_whole(str(info.field_name), str(value), *self.bounds)


class OneOf(TextType):
    """One word of several."""

    def __init__(self, *known: str) -> None:
        self.known = known
        self.schema = {"type": "string", "enum": list(known)}

    def typed(self, value: Any, info: ValidationInfo) -> str:
        """Read a word."""
        if value not in self.known:
            raise UsageError(
                N_('%(name)s "%(value)s" is not known.'),
                N_("It is one of %(known)s."),
                name=info.field_name,
                value=value,
                known=", ".join(self.known),
            )
        return str(value)


class _Day(TextType):
    schema = MappingProxyType({"type": "string", "pattern": DATE_PATTERN})

    def typed(self, value: Any, info: ValidationInfo) -> date:
        return read_date(str(info.field_name), str(value))


class _DateText(_Day):
    """A date as it is written."""

    def typed(self, value: Any, info: ValidationInfo) -> Any:
        read_date(str(info.field_name), str(value))
        return value


class _Year(TextType):
    schema = MappingProxyType({"type": "integer", "minimum": 1, "maximum": 9999})

    def typed(self, value: Any, info: ValidationInfo) -> int:
        return read_year(str(info.field_name), str(value))


class _YearText(_Year):
    def typed(self, value: Any, info: ValidationInfo) -> Any:
        super().typed(value, info)
        return value


class _ScopeText(TextType):
    schema = MappingProxyType({"type": "string", "pattern": "^ *(unit|cohort|mentor) *:.+$"})

    def typed(self, value: Any, info: ValidationInfo) -> Scope:
        return read_scope(str(value))


def read_date(name: str, text: str) -> date:
    """Read a date, a year or month as its first day; UsageError when it is none."""
    if not is_date(text):
        raise UsageError(
            N_('%(name)s "%(value)s" is not a date.'),
            N_("Write it like 2024-06-30."),
            name=name,
            value=text,
        )
    return first_day(text)


Day = Annotated[date, _Day()]
Year = Annotated[int, _Year()]
DATE_TEXT, YEAR_TEXT = _DateText(), _YearText()  # as they are written
YearText = Annotated[str, YEAR_TEXT]
Several = tuple[str, ...]


class OnDay(Asked):
    """What may be asked of any day."""

    on: Day | None = None


class InScope(OnDay):
    """What may be asked of any day, and of the people of a scope.

    `webapp/shell/scope.py` tells whom it means, for pages and answers alike.
    """

    within: Annotated[Scope | None, _ScopeText()] = Field(default=None, alias="in")


class WithPlanned(OnDay):
    """What may be asked of any day, planned facts too where that is asked for."""

    planned: Annotated[str, OneOf("yes", "no")] = "no"
