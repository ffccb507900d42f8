"""Which tables people write many rows of at once: those of the data set, and a cohort's arrival."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from graph.declared import nearest
from graph.errors import N_, NotFound
from graph.programme import Programme
from graph.schema import TABLES, Property, Reference
from graph.schema import Table as DataTable
from graph.schema import table as table_of
from loaders.written import Written

ARRIVAL = "arrival"
_NAME = Property("name", "姓名", "Name", names_person=True, privacy=2)
_REASON = Property("reason", "理由", "Reason", privacy=3)
_FEW, _FIRST = 3, 8  # columns
_OF_ARRIVALS = ("roles", "status", "mentor_capacity")  # columns that an arrival fills or leaves


@dataclass(frozen=True)
class EntryPart:
    """What of a written row goes into one table: by heading there, the heading as written."""

    table: str
    cells: Mapping[str, str]
    fixed: Mapping[str, str]
    needs: str = ""  # the heading without which this part is left out
    since: str = ""  # where the written day is empty, this one

    def cells_of(self, texts: Mapping[str, str]) -> dict[str, str] | None:
        """Return the cells of the part, None where the row has none of it."""
        if self.needs and not texts.get(self.needs):
            return None
        cells = {own: text for own, heading in self.cells.items() if (text := texts.get(heading))}
        if self.since and "since" not in cells and texts.get(self.since):
            cells["since"] = texts[self.since]
        return {**cells, **self.fixed}

    def typed(self, heading: str | None) -> str | None:
        """Return the written heading that fills a column of the table."""
        return self.cells.get(heading or "", heading)


@dataclass(frozen=True)
class EntryTable:
    """A table of rows to enter: its columns, and into which tables each row goes."""

    name: str
    written: Written
    parts: tuple[EntryPart, ...]
    shown: tuple[str, ...]  # what a page asks for first
    required: tuple[str, ...]
    gives_ids: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        """Return the headings that a page offers: no id that is made, no name beside an id."""
        left_out = {"reason", *(["name"] if self.whom else ()), *(["id"] * (not self.gives_ids))}
        return tuple(heading for heading in self.written.headings if heading not in left_out)

    @property
    def whom(self) -> str | None:
        """Return the heading of the person whom a row is about; None where it makes one."""
        people = [e.heading for e in self.written.table.references if e.label == "Person"]
        if self.gives_ids or not people:
            return None
        return "trainee" if "trainee" in people else people[0]


def names_of_entry_tables() -> tuple[str, ...]:
    """Return the names of the tables that many rows are entered into."""
    return (ARRIVAL, *(each.name for each in TABLES))


def entry_table(name: str, programme: Programme) -> EntryTable:
    """Return a table by its name; NotFound names the nearest."""
    if name == ARRIVAL:
        return _arrival(programme)
    if name not in names_of_entry_tables():
        raise NotFound(
            N_("There is no table %(name)s."),
            N_("Known: %(known)s."),
            name=name,
            known=nearest(name, names_of_entry_tables()) or ", ".join(names_of_entry_tables()),
        )
    of = table_of(name)
    cells = {column.heading: column.heading for column in of.columns}
    columns = [replace(column, required=False) for column in of.columns]
    if "name" not in cells and "person" in cells:
        columns.append(_NAME)
    titles = (of.name, of.zh)
    table = replace(of, columns=(*columns, _REASON))
    order = tuple(heading for heading in cells if heading != "id")
    written = Written(table, titles, order, _name_for_id if "person" in cells else dict)
    gives_ids = bool(of.label) and of.has_id_column and of.column("id").required
    part = EntryPart(name, cells, {})
    required = tuple(each.heading for each in of.columns if each.required and each.heading != "id")
    return EntryTable(name, written, (part,), _shown(of, order), required, gives_ids)


def _shown(of: DataTable, order: tuple[str, ...]) -> tuple[str, ...]:
    """Return what makes a row known; where that is little, the first columns of all."""
    own = [
        heading
        for heading in order
        if isinstance(column := of.column(heading), Reference)
        or column.required
        or getattr(column, "key", False)
    ]
    return tuple(own) if len(own) > _FEW else order[:_FIRST]


def _name_for_id(texts: dict[str, str]) -> dict[str, str]:
    if "name" in texts and "person" not in texts:
        texts["person"] = texts.pop("name")
    return texts


def _arrival(programme: Programme) -> EntryTable:
    people = [c for c in table_of("people").columns if c.heading not in _OF_ARRIVALS]
    columns: list[Any] = [replace(each, required=False) for each in people]
    rotation = table_of("rotations")
    columns += [
        replace(rotation.column("post"), required=False),
        Property("posting", "任职类别", "Kind of posting", kinds="rotation_kinds", privacy=1),
        replace(rotation.column("since"), zh="到岗日期", en="In post from"),
    ]
    person = {"id": "id"}
    parts = [
        EntryPart("people", {c.heading: c.heading for c in people}, {"roles": "trainee"}),
        EntryPart(
            "rotations",
            {"person": "id", "post": "post", "kind": "posting", "since": "since"},
            {},
            "post",
            "joined_on",
        ),
    ]
    needed = {each.needs_mentor.kind for each in programme.mentor_needs if each.needs_mentor}
    for kind in programme.mentoring_kinds:
        if kind.key not in needed:
            continue
        heading = f"mentor_{kind.key}"
        columns.append(Reference(heading, kind.zh, kind.en, "Person", privacy=1))
        cells = {"mentor": heading, "trainee": person["id"], "since": "since"}
        parts.append(EntryPart("mentoring", cells, {"kind": kind.key}, heading, "joined_on"))
    table = DataTable(ARRIVAL, "新人到岗", "Arrival of a cohort", (*columns, _REASON))
    order = tuple(c.heading for c in columns if c.heading != "id")
    first = ("name", "cohort", "joined_on", "post", "posting")
    mentors = tuple(heading for heading in order if heading.startswith("mentor_"))
    written = Written(table, (ARRIVAL, "新人到岗"), order)
    return EntryTable(ARRIVAL, written, tuple(parts), (*first, *mentors), ("name",), True)
