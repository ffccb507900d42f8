"""The form of many new rows of one table: what all share, the rows, where they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from webapp.entering.rows_field import SharedField, TypedRowsField, with_blanks
from webapp.shell.forms import BoxesField, SignedForm, offered


class ManyRowsForm(SignedForm):
    """Many new rows of one table; what they share is written once, in the row above them."""

    rows: TypedRowsField
    shared: SharedField

    of_cohort = SelectField(_l("Cohort"), [Optional()], default="")
    of_unit = SelectField(_l("Unit"), [Optional()], default="")
    waiting_for = SelectField(_l("Who wait for"), [Optional()], default="")
    columns = BoxesField(_l("More columns"), [Optional()])
    reason = StringField(_l("Reason for every doubt without one of its own"), default="")
    pasted = TextAreaField(_l("Rows copied from a spreadsheet"))
    file = FileField(_l("Or a file of rows (.xlsx, .csv, .json)"))
    do = StringField(default="tell")  # the button that was pressed
    has_files = True

    def offer(
        self,
        cohorts: Sequence[int],
        units: Sequence[tuple[str, str]],
        awaited: Sequence[tuple[str, str]],
        columns: Sequence[tuple[str, str]],
    ) -> None:
        """Take the choices that there are now."""
        self.of_cohort.choices = offered([("", _l("all cohorts")), *((str(c), c) for c in cohorts)])
        self.of_unit.choices = offered([("", _l("all units")), *units])
        self.waiting_for.choices = offered([("", _l("anything or nothing")), *awaited])
        self.columns.choices = offered(columns)

    def with_blanks(self) -> Sequence[Mapping[str, str]]:
        """Return the rows with some blank ones below."""
        return with_blanks(self.rows.data)


@cache
def many_rows_form(headings: tuple[str, ...]) -> type[ManyRowsForm]:
    """Make the form of a table whose rows may have these headings."""
    fields: dict[str, Any] = {"rows": TypedRowsField(headings), "shared": SharedField(headings)}
    return type("ManyRowsForm", (ManyRowsForm,), fields)
