"""The description of a source: which files it has, and which of their columns becomes what.

The targets are the tables and columns of `graph.schema`, so a description says nothing about
labels and edges that the schema does not know. Its text is read in `loaders.sources.reading`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from graph.declared import Frozen, nearest
from loaders.readers.sheets import FORMAT_NAMES
from loaders.sources.transforms import TRANSFORMS

Policy = Literal["error", "skip", "create"]

ROW = "#row"  # stands for the number of the row in its file


def _texts(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _titles(value: Any) -> Any:
    return {"zh": value, "en": value} if isinstance(value, str) else value


def _several(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [] if value is None else [value]


def _column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class SourceTitle(Frozen):
    """A text in both languages; one text stands for both."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """Return it in a language."""
        return self.en if language == "en" else self.zh


class FileSpec(Frozen):
    """One file of the source, or several of the same kind, and where in it the rows stand."""

    name: Annotated[Texts, Field(min_length=1)]  # patterns like "people*.csv"
    sheet: str | None = None  # pattern; of a JSON file the array, of a network nodes or edges
    format: Literal[FORMAT_NAMES] | None = None  # type: ignore[valid-type]
    encoding: str | None = None
    separator: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    heading_row: Annotated[int, Field(ge=0, le=1000)] | None = None
    # our word for a column -> the headings it may have
    headings: dict[str, Texts] = Field(default={})
    positions: tuple[str, ...] = ()  # the columns of a file that has no headings
    optional: bool = False
    without_notes: bool = False  # totals, notes and repeated headings are left out, and told

    @model_validator(mode="after")
    def _encoding_is_known(self) -> FileSpec:
        if self.encoding:
            try:
                "".encode(self.encoding)
            except LookupError:
                raise PydanticCustomError(
                    "unknown_encoding",
                    'knows no encoding "{encoding}"; write utf-8, gb18030, big5, utf-16 or cp1252',
                    {"encoding": self.encoding},
                ) from None
        return self


def _step(value: Any) -> Any:
    """Check one step: a name, or one name with its parameter."""
    if isinstance(value, tuple):
        return value
    name, given = value, None
    if isinstance(value, dict) and len(value) == 1:
        ((name, given),) = value.items()
    if not isinstance(name, str) or name not in TRANSFORMS:
        shown = name if isinstance(name, str) else str(value)
        raise PydanticCustomError(
            "unknown_step",
            '"{step}" is not a step; use {known}',
            {"step": shown, "known": nearest(shown, TRANSFORMS) or ", ".join(TRANSFORMS)},
        )
    wanted = TRANSFORMS[name].parameter
    if name == "date":
        given = {} if given is None else given
        given = {"forms": _texts(given)} if isinstance(given, str | list) else given
    if name == "map" and isinstance(given, dict) and "values" not in given:
        given = {"values": given}
    if wanted is None and given is None:
        return name, None
    if wanted is None:
        raise PydanticCustomError(
            "step_without_parameter", 'the step "{step}" takes no parameter', {"step": name}
        )
    try:
        return name, TypeAdapter(wanted).validate_python(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = " ".join([*map(str, first["loc"]), _short(first["input"])])
        raise PydanticCustomError(
            "bad_step_parameter",
            'the step "{step}" cannot take {given}; docs/sources.md shows how it is written',
            {"step": name, "given": where},
        ) from None


def _short(value: Any) -> str:
    text = "?" if value is None else str(value)
    return text if len(text) < 60 else text[:59] + "…"


Step = Annotated[Any, BeforeValidator(_step)]


class ColumnSpec(Frozen):
    """Where the value of one of our columns comes from: a column, several, or a fixed text."""

    column: Annotated[str, Field(min_length=1)] | None = None
    parts: Annotated[tuple[str, ...], Field(min_length=2)] | None = None  # joined by `join`
    first_of: Annotated[tuple[str, ...], Field(min_length=2)] | None = None
    value: str | int | None = None
    join: str = "-"
    steps: tuple[Step, ...] = ()
    optional: bool = False  # the file may lack the column

    @model_validator(mode="after")
    def _has_one_origin(self) -> ColumnSpec:
        origins = [self.column, self.parts, self.first_of, self.value]
        if sum(each is not None for each in origins) != 1:
            raise PydanticCustomError(
                "one_origin", "takes exactly one of column, parts, first_of, value"
            )
        return self

    @property
    def named(self) -> tuple[str, ...]:
        """Return the columns of the file that it reads."""
        return (self.column,) if self.column is not None else self.parts or self.first_of or ()


class Condition(Frozen):
    """What a row must say to be kept."""

    column: str
    is_: Texts | None = Field(None, alias="is")
    is_not: Texts | None = None
    empty: bool | None = None
    differs_from: str | None = None  # another column

    @model_validator(mode="after")
    def _has_one_test(self) -> Condition:
        tests = [self.is_, self.is_not, self.empty, self.differs_from]
        if sum(each is not None for each in tests) != 1:
            raise PydanticCustomError(
                "one_test", "takes exactly one of is, is_not, empty, differs_from"
            )
        return self


class Each(Frozen):
    """A column that holds several values: the row stands for one row of each."""

    column: str
    by: Texts = (";",)  # any of them


class FileEntry(Frozen):
    """How the rows of one file become rows of one of our tables."""

    file: str
    each: Annotated[
        tuple[Annotated[Each, BeforeValidator(_column)], ...], BeforeValidator(_several)
    ] = ()
    keep_if: tuple[Condition, ...] = ()
    distinct: bool = False  # of rows with the same id the first counts, without a word
    columns: dict[str, Annotated[ColumnSpec, BeforeValidator(_column)]]
    missing: dict[str, Policy] = Field(default={})  # where a reference names nothing
    optional: bool = False  # nothing is said where the file lacks its columns
    reversed_period: Literal["error", "keep"] = "error"
    left_out: Literal["left-out-rows", "undirected-ties"] = "left-out-rows"  # what keep_if tells


class Derive(Frozen):
    """A catalogue question whose rows become edges after the load, marked as derived."""

    query: str
    parameters: dict[str, Any] = Field(default={})
    kind: str  # of the edges


_NO_ANSWER = ("", "no", "false", "否", "?", "？")


class AnsweredDoubt(Frozen):
    """Something odd that `flask guess` saw in the files, and what a person answered to it."""

    code: str
    file: str = ""
    sheet: str = ""
    column: str = ""
    rows: tuple[int, ...] = ()
    message: str = ""
    answer: str | bool | None = None

    @property
    def is_open(self) -> bool:
        """Return whether nobody has answered yet."""
        return self.answer in (None, False) or str(self.answer).strip().casefold() in _NO_ANSWER


class SourceDescription(Frozen):
    """A source. `name` is what `--source` takes."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
    title: Annotated[SourceTitle, BeforeValidator(_titles)]
    description: Annotated[SourceTitle, BeforeValidator(_titles)] = SourceTitle(zh="", en="")
    licence: str = ""
    files: Annotated[dict[str, FileSpec], Field(min_length=1)]
    # the name of one of our tables -> how its rows are made
    tables: Annotated[dict[str, tuple[FileEntry, ...]], Field(min_length=1)]
    derive: tuple[Derive, ...] = ()
    historic: bool = False  # dates before 1906 are meant
    not_read: dict[str, Texts] = Field(default={})  # of a file: columns that were seen and left out
    doubts: tuple[AnsweredDoubt, ...] = ()  # what must be answered before the files are stored

    def wanted(self, file: str) -> set[str]:
        """Return the columns of one of its files that the tables read."""
        found: set[str] = set()
        for entries in self.tables.values():
            for entry in entries:
                if entry.file == file:
                    found.update(name for spec in entry.columns.values() for name in spec.named)
                    for condition in entry.keep_if:
                        found.update(filter(None, (condition.column, condition.differs_from)))
                    found.update(each.column for each in entry.each)
        return found
