"""Forms that people fill in and send: one base class, the fields that several share, one wording.

What was sent is read here, as the fields of a form, and nowhere else (`tests/webapp/shell/
test_forms.py` holds it). What is wrong stands at its field, and the field names it for those who
hear the page. `templates/forms.html` draws them all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self

from flask import Flask, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectChoice,
    SelectMultipleField,
    StringField,
    ValidationError,
)
from wtforms.csrf.core import CSRFTokenField
from wtforms.utils import unset_value
from wtforms.validators import Length
from wtforms.widgets import HiddenInput, html_params

from graph.dates import is_date
from graph.errors import N_, AppError, Problem
from webapp.shell.form_links import LONGEST_NAME, author, kept_name
from webapp.shell.language import joined
from webapp.shell.told import told

# What the library says of a wrong value, in the words of this program.
_WORDING = {
    "This field is required.": N_("This is missing."),
    "Not a valid choice.": N_("This is none of the choices."),
    "Field cannot be longer than %(max)d character.": N_("At most %(max)d characters fit here."),
    "Field cannot be longer than %(max)d characters.": N_("At most %(max)d characters fit here."),
    "'%(value)s' is not a valid choice for this field.": N_("This is none of the choices."),
    "'%(value)s' are not valid choices for this field.": N_("This is none of the choices."),
}


def init_app(app: Flask) -> None:
    """Let every template make the form of a button."""
    app.jinja_env.globals["confirm_form"] = ConfirmForm


class _Wording:
    """The translations that the library asks for."""

    def gettext(self, text: str) -> str:
        own = _WORDING.get(text)
        return _(own) if own else text

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)


class PageForm(FlaskForm):
    """A form of a page; it says where a field's hint and problems stand."""

    has_files = False

    class Meta(FlaskForm.Meta):
        """How the library reads and draws our forms."""

        def wrap_formdata(self, form: PageForm, formdata: Any) -> Any:
            """Take what is given; `sent` reads the request."""
            return formdata

        def get_translations(self, form: PageForm) -> _Wording:
            """Say everything in our own words."""
            return _Wording()

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
            """Name hint and problems of a field to those who hear it."""
            described = described_by(field, str(render_kw.get("id") or field.id))
            if described:
                render_kw["aria-describedby"] = described
            if field.errors:
                render_kw["aria-invalid"] = "true"
            return super().render_field(field, render_kw)

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata=formdata, **kwargs)

    @classmethod
    def sent(cls, **kwargs: Any) -> Self:
        """Return the form as this request sent it, with its files."""
        return cls(formdata=CombinedMultiDict([request.files, request.form]), **kwargs)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """Return name and value of the hidden inputs that hold something."""
        found = []
        for field in self:
            if not isinstance(field.widget, HiddenInput):
                continue
            if isinstance(field, SeveralField):
                found += [(field.name, text) for text in field.data]
            elif field.data or isinstance(field, CSRFTokenField):
                found.append((field.name, field._value()))
        return found

    def tell(self, problems: Iterable[Problem]) -> list[Problem]:
        """Show problems at the fields that their columns name; give back those of no field."""
        left = []
        for each in problems:
            field = self._fields.get(each.column or "")
            if field is None or isinstance(field.widget, HiddenInput):
                left.append(each)
            elif each.severity == "error":
                field.errors = [*field.errors, joined(each.message, each.hint)]
            else:
                field.doubts = [*getattr(field, "doubts", ()), joined(each.message, each.hint)]
        return left

    def tell_error(self, error: AppError, fields: Mapping[str, str]) -> None:
        """Show an error at the field whose value it tells; `fields`: by the name of the value."""
        for name in (fields[key] for key in error.values if key in fields):
            self[name].errors = [*self[name].errors, told(error)]


class ConfirmForm(PageForm):
    """A button that does something: its token and the way back, nothing to fill in."""

    next = HiddenField()


class Expected:
    """Marks a field as required where it is judged elsewhere, with everything beside it."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: PageForm, field: Field) -> None:
        """Accept anything."""


def asked_next() -> str:
    """Return the way back that the address of the page gives."""
    return request.args.get("next", "")


class Signed:
    """Asks for a name, once: it is kept for the next forms."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: PageForm, field: Field) -> None:
        """Accept a name that is given, or one that was kept."""
        if not author(field.data or ""):
            raise ValidationError(joined(_("Your name is missing."), _("It is asked only once.")))


class SignedForm(PageForm):
    """A form whose entry is kept with a name, and that leads back to where one came from."""

    by = StringField(
        _l("Your name"),
        [Signed(), Length(max=LONGEST_NAME)],
        default=kept_name,
        render_kw={"autocomplete": "name"},
    )
    next = HiddenField(default=asked_next)

    @property
    def author(self) -> str:
        """Return the name under which it is entered."""
        return author(self.by.data or "")


class DayField(StringField):
    """A day, a month or a year, as everywhere in the program."""

    data: str

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take the text without blanks around it."""
        self.data = valuelist[0].strip() if valuelist else self.data

    def pre_validate(self, form: PageForm) -> None:
        """Refuse what is no date."""
        if self.data and not is_date(self.data):
            raise ValidationError(
                joined(_('"%(day)s" is not a date.', day=self.data), _("Write it like 2024-07-01."))
            )


class YesField(BooleanField):
    """A box to tick, or a hidden "yes"."""

    def __init__(self, *args: Any, yes: str = "yes", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.yes = yes

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read whether it says yes."""
        self.data = self.yes in valuelist

    def _value(self) -> str:
        return self.yes


class SeveralField(Field):
    """Several texts under one name."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read all that was sent."""
        super().process(formdata, () if data is unset_value else data, extra_filters)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take those that are not empty."""
        self.data = [each for each in valuelist if each]


class TextsField(SeveralField):
    """Several texts under one name, sent along unseen."""

    widget = HiddenInput()


class Boxes:
    """Draws choices as a group of boxes to tick."""

    def __call__(self, field: Field, **kwargs: Any) -> Markup:
        """Return the group."""
        id_ = kwargs.pop("id", field.id)
        kwargs.pop("required", None)
        group = html_params(
            **{"class": "boxes", "id": id_, "role": "group", "aria-labelledby": f"{id_}-label"},
            **kwargs,
        )
        inside = Markup("").join(
            Markup('<label><input type="checkbox" {}> {}</label>').format(
                Markup(html_params(name=field.name, value=each.value, checked=each.selected)),
                each.label,
            )
            for each in field.iter_choices()
        )
        return Markup("<div {}>{}{}</div>").format(Markup(group), marker(field), inside)


def marker(field: Field) -> Markup:
    """Return what tells an unticked group from one that was not on the page."""
    if not getattr(field, "has_marker", False):
        return Markup("")
    return Markup('<input type="hidden" name="{}.shown" value="1">').format(field.name)


def offered(pairs: Iterable[tuple[str, Any]]) -> list[SelectChoice]:
    """Return keys and titles as the choices of a field."""
    return [SelectChoice(key, title) for key, title in pairs]


class BoxesField(SelectMultipleField):
    """Several of some choices, as boxes to tick."""

    widget = Boxes()
    is_group = True
    is_wide = True


def described_by(field: Field, id_: str) -> str:
    """Return the ids of what is said of a field below it."""
    ids = [f"{id_}-hint"] if field.description else []
    said = [*field.errors, *getattr(field, "doubts", ())]
    return " ".join([*ids, *(f"{id_}-problem-{n}" for n in range(1, len(said) + 1))])
