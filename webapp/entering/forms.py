"""The forms of entering: a row of any table, who took part in an activity, one's own name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from wtforms import Field, HiddenField, StringField
from wtforms.utils import unset_value

from graph.schema import Table
from graph.store import Store
from webapp.entering.fields import CellField, cell_of
from webapp.shell.forms import SignedForm


class RowForm(SignedForm):
    """A row of a table, made from its columns, with what is done to it and why."""

    table: ClassVar[Table]

    seen = HiddenField()  # the mark of the row that the person had before them
    accept = HiddenField()  # "yes" once the doubts that are shown are meant
    do = StringField(default="save")  # the button that was pressed
    reason = StringField(
        _l("Reason (needed to withdraw, to take out, or where a rule doubts it)"), default=""
    )
    asks_reason = False  # a rule of appointment doubts what is entered

    @property
    def cells(self) -> list[CellField]:
        """Return the fields of the columns, in their order."""
        return [self[column.heading] for column in self.table.columns]

    @property
    def texts(self) -> dict[str, str]:
        """Return the cells that were on the page, as the texts of a file's row."""
        return {cell.name: cell.data for cell in self.cells if cell.is_given}

    @property
    def is_accepted(self) -> bool:
        """Return whether the doubts that were shown are meant."""
        return bool(self.accept.data == "yes")

    def show(
        self,
        store: Store,
        texts: Mapping[str, str],
        names: Mapping[str, str],
        fixed: Iterable[str] = (),
    ) -> None:
        """Fill the cells, offer what may be chosen, and settle what stays as it is."""
        settled = set(fixed)
        for cell in self.cells:
            cell.data = texts.get(cell.name, "")
            cell.shown = names.get(cell.name, "")
            if cell.name in settled:
                cell.settle()
            else:
                cell.offer(store)


@cache
def row_form(of: Table) -> type[RowForm]:
    """Make the form of a table from its columns."""
    cells = {column.heading: cell_of(column) for column in of.columns}
    return type("RowForm", (RowForm,), {**cells, "table": of})


class NameForm(SignedForm):
    """The name under which this browser enters things."""


class PresenceField(Field):
    """Who is ticked, each with role and result: `present`, `role.ID`, `result.ID`."""

    data: dict[str, dict[str, str]]

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the ticked people; of others what was typed is kept for showing it again."""
        super().process(None, {} if data is unset_value else data, extra_filters)
        self.typed: dict[str, dict[str, str]] = self.data
        if formdata is None:
            return
        people = [key[5:] for key in formdata if key.startswith("role.")]
        there = formdata.getlist(self.name)
        self.typed = {
            person: {part: formdata.get(f"{part}.{person}", "") for part in ("role", "result")}
            for person in dict.fromkeys([*there, *people])
        }
        self.data = {person: self.typed[person] for person in there}


class AttendanceForm(SignedForm):
    """Who took part in an activity; `seen` is the mark of the list that was shown."""

    seen = HiddenField(default="")
    present = PresenceField(_l("Took part"))
