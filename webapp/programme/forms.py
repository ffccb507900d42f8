"""The forms of the programme: a unit's report, a decision on the focus list, its own wording."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField, TextAreaField, ValidationError
from wtforms.utils import unset_value
from wtforms.widgets import DateInput

from loaders import wording as stored
from webapp.shell.forms import BoxesField, DayField, Expected, SignedForm
from webapp.shell.language import joined


class ReportForm(SignedForm):
    """A report that a unit owes, on those of its trainees who are ticked."""

    duty = SelectField(_l("Report"))
    on = DayField(_l("Day"), [Expected()], default="", widget=DateInput())
    person = BoxesField(_l("About"), default=())
    summary = TextAreaField(_l("Summary"), default="", render_kw={"rows": 2})

    def validate_person(self, field: Field) -> None:
        """Ask for somebody the report is about."""
        if not field.data:
            raise ValidationError(
                joined(_("Nobody is ticked."), _("Tick whom the report is about."))
            )


class DecisionForm(SignedForm):
    """A decision on the key-focus list; the button says which."""

    result = StringField(default="")
    summary = StringField(default="")


class SettleForm(SignedForm):
    """How a problem was settled, and on which day."""

    closed_on = DayField(_l("Settled on"), [Expected()], default="", widget=DateInput())
    outcome = TextAreaField(_l("Outcome"), [Expected()], default="", render_kw={"rows": 3})
    seen = StringField(default="")


class ReserveForm(SignedForm):
    """A decision on the reserve list; the button says which."""

    person = SelectField(_l("{Trainee}"), [Expected()], default="")
    on = DayField(_l("From"), [Expected()], default="", widget=DateInput())
    until = DayField(_l("Until"), default="", widget=DateInput())
    document = StringField(_l("Document number"), default="")
    decision = StringField(default="")


class SeenField(Field):
    """The marks of the parts that a person had before them: `seen.PART`."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the mark of each part."""
        super().process(None, {} if data is unset_value else data, extra_filters)
        if formdata is not None:
            self.data = {part: formdata.get(f"seen.{part}", "") for part in stored.PARTS}


class ItemsField(Field):
    """The items of a list in both languages: `LIST.1.key`, `LIST.1.zh`, `LIST.1.en`."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the items; one without words is taken out, one in one language serves both."""
        super().process(None, () if data is unset_value else data, extra_filters)
        if formdata is None:
            return
        rows = []
        for at in numbers(formdata, self.name):
            zh, en = (text(formdata, f"{self.name}.{at}.{part}") for part in ("zh", "en"))
            if zh or en:
                key = text(formdata, f"{self.name}.{at}.key")
                rows.append({"key": key, "zh": zh or en, "en": en or zh})
        taken = {row["key"] for row in rows}
        free = (key for n in range(1, 10_000) if (key := f"item{n}") not in taken)
        self.data = [{**row, "key": row["key"] or next(free)} for row in rows]


@dataclass(frozen=True)
class SentGate:
    """One rule of the focus list as it was sent: its name, and the texts of each parameter."""

    name: str
    texts: dict[str, list[str]]


class GatesField(Field):
    """The rules of the focus list: `rule.1.name`, `rule.1.PARAMETER`, `rule.1.drop`."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the rules that are not taken out."""
        super().process(None, () if data is unset_value else data, extra_filters)
        if formdata is not None:
            self.data = [
                self._gate(formdata, f"rule.{at}.")
                for at in numbers(formdata, "rule")
                if not formdata.get(f"rule.{at}.drop")
            ]

    def _gate(self, formdata: Any, start: str) -> SentGate:
        texts = {
            key.removeprefix(start): [clean(each) for each in formdata.getlist(key)]
            for key in formdata
            if key.startswith(start)
        }
        return SentGate(text(formdata, f"{start}name"), texts)


class WordingForm(SignedForm):
    """The lists that a pair works with, and the rule of the key-focus list."""

    seen = SeenField()
    mentoring_methods = ItemsField()
    mentoring_duties = ItemsField()
    growth_tasks = ItemsField()
    focus_zh = StringField(_l("Title in Chinese"), name="focus.zh", id="focus-zh", default="")
    focus_en = StringField(_l("Title in English"), name="focus.en", id="focus-en", default="")
    focus_record = SelectField(
        _l("Record that decides"), name="focus.record", id="focus-record", default="",
        choices=(), validate_choice=False,
    )  # fmt: skip
    gates = GatesField()
    add = SelectField(_l("Another rule"), choices=(), validate_choice=False)
    do = StringField(default="save")  # the button that was pressed


def numbers(formdata: Iterable[str], start: str) -> list[str]:
    """Return the numbers of the rows that were sent, in order."""
    sent = {m[1] for key in formdata if (m := re.match(rf"{start}\.(\d{{1,4}})\.", key))}
    return sorted(sent, key=int)


def text(formdata: Any, name: str) -> str:
    """Return a text that was sent, with single blanks."""
    return clean(formdata.get(name, ""))


def clean(given: str) -> str:
    """Return a text with single blanks."""
    return " ".join(given.split())
