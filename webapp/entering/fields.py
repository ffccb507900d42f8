"""The fields of a row's form: what kind of field a column of the schema becomes, here only.

A form speaks the language of a file: each field holds the text of one cell, by heading, and what
is wrong with it is said by the checks of the loaders. Only here is a text made of several inputs
(ticked boxes, the states of growth tasks).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from wtforms import Choice, StringField
from wtforms.utils import unset_value
from wtforms.widgets import Select, TextArea, TextInput, html_params

from graph.schema import Column, Labels, Reference
from graph.store import Store
from graph.terms import TitledTerm
from queries.choices import choices
from webapp.entering.cells import title
from webapp.shell import words
from webapp.shell.forms import Boxes, Expected, marker
from webapp.shell.language import language
from webapp.shell.marks import ROLES

MOST_CHOICES = 300
_LONG_TEXTS = {"summary", "said", "problem", "outcome", "mentor_note", "trainee_note"}
SEARCHED = {"Person": "people", "Unit": "units", "Post": "posts", "Activity": "activities"}
_SEVERAL = _l("Separate several with “;”.")


class CellField(StringField):
    """The text of one cell; `is_given` says whether it was on the page that was sent."""

    data: str
    widget: Any = TextInput()
    choices: tuple[tuple[str, str], ...] = ()
    is_given = False
    shown = ""  # the name of what a reference names

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the cell from what was sent, or take the stored text."""
        super().process(formdata, data, extra_filters)
        self.data = self.data or ""
        self.is_given = formdata is not None and self.is_in(formdata)

    def is_in(self, formdata: Any) -> bool:
        """Return whether the cell stood on the page, be it as boxes that were all unticked."""
        return self.name in formdata or f"{self.name}.shown" in formdata

    def process_formdata(self, valuelist: list[str]) -> None:
        """Make one text of all that was chosen."""
        self.data = ";".join(filter(None, valuelist))

    def offer(self, store: Store) -> None:
        """Take the choices that there are now."""

    def settle(self) -> None:
        """Show the cell as one that makes the row what it is, which stays."""
        self.widget, self.is_group, self.description = Said(), False, ""

    def iter_choices(self) -> Iterator[Choice]:
        """Give the choices as the drawing asks for them."""
        for key, word in self.choices:
            yield Choice(key, word, self.is_chosen(key), {})

    def is_chosen(self, key: str) -> bool:
        """Return whether a choice is the text of the cell."""
        return key == self.data

    def has_groups(self) -> bool:
        """Say that choices stand in one row."""
        return False

    _iter_choices_normalized = iter_choices


class Said:
    """Draws a cell that cannot be changed."""

    def __call__(self, field: CellField, **kwargs: Any) -> Markup:
        """Return it as text."""
        return Markup('<output id="{}">{}</output>').format(
            kwargs.get("id", field.id), field.shown or field.data or "–"
        )


class TermCell(CellField):
    """One word of a list of the programme; a text where the programme has no such list."""

    def __init__(self, *args: Any, kinds: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds

    def offer(self, store: Store) -> None:
        """Offer the list; what is stored and stands in none stays, so that saving keeps it."""
        offered = terms_of_list(self.kinds)
        if offered:
            self.choices = (("", ""), *_with(offered, self.data))
            self.widget = Select()


class ListCell(CellField):
    """Several words of a list of the programme, ticked; a text where it has no such list."""

    is_group = False
    is_wide = False
    has_marker = False

    def __init__(self, *args: Any, kinds: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds

    def offer(self, store: Store) -> None:
        """Offer the list, and what is ticked beside it."""
        offered = self.offered()
        if not offered:
            self.description = _SEVERAL
            return
        more = tuple((key, key) for key in self.ticked if key not in dict(offered))
        self.choices = (*offered, *more)
        self.widget = Boxes()
        self.is_group = self.is_wide = self.has_marker = True

    def offered(self) -> tuple[tuple[str, str], ...]:
        """Return the words with their titles."""
        return terms_of_list(self.kinds) if self.kinds else ()

    @property
    def ticked(self) -> dict[str, None]:
        """Return the keys that the text names, in order."""
        return dict.fromkeys(part.strip() for part in self.data.split(";") if part.strip())

    def is_chosen(self, key: str) -> bool:
        """Return whether the text names a key."""
        return key in self.ticked


class RolesCell(ListCell):
    """The roles of a person, which are words of this program."""

    def offered(self) -> tuple[tuple[str, str], ...]:
        """Return the roles with their titles."""
        return tuple((key, str(ROLES[key])) for key in self.kinds.split())


class TasksCell(CellField):
    """Growth tasks, each with its state: "survey=done;dispute=begun"."""

    is_group = True
    is_wide = True
    has_marker = True

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Make the text of the chosen states, `tasks.KEY`."""
        super().process(formdata, data, extra_filters)
        if formdata is None:
            return
        prefix = f"{self.name}."
        states = {
            key.removeprefix(prefix): state
            for key, state in formdata.items()
            if key.startswith(prefix) and state
        }
        self.is_given = self.is_given or bool(states)
        states.pop("shown", None)
        chosen = [f"{key}={state}" for key, state in states.items()]
        self.data = ";".join([*chosen, *filter(None, formdata.getlist(self.name))])

    def offer(self, store: Store) -> None:
        """Offer the tasks of the programme, and those that stand in no list."""
        offered = terms_of_list("growth_tasks")
        more = tuple((key, key) for key in self.states if key not in dict(offered))
        self.choices, self.widget = (*offered, *more), States()

    @property
    def states(self) -> dict[str, str]:
        """Return the state of each task that the text names."""
        pairs = (each.partition("=") for each in filter(None, self.data.split(";")))
        return {key: state or "begun" for key, _sign, state in pairs}


class States:
    """Draws a choice of states for each task."""

    def __call__(self, field: TasksCell, **kwargs: Any) -> Markup:
        """Return the group."""
        id_ = kwargs.pop("id", field.id)
        kwargs.pop("required", None)
        group = html_params(
            **{"class": "boxes", "id": id_, "role": "group", "aria-labelledby": f"{id_}-label"},
            **kwargs,
        )
        inside = Markup("").join(
            Markup("<label>{} <select {}>{}</select></label>").format(
                word,
                Markup(html_params(name=f"{field.name}.{key}")),
                Markup("").join(
                    Select.render_option(
                        Choice(state, title, field.states.get(key, "") == state, {})
                    )
                    for state, title in task_states()
                ),
            )
            for key, word in field.choices
        )
        return Markup("<div {}>{}{}</div>").format(Markup(group), marker(field), inside)


class ReferenceCell(CellField):
    """What a reference names: an id or a name, completed while typing; units from a list."""

    def __init__(self, *args: Any, label_of: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_of = label_of

    def offer(self, store: Store) -> None:
        """Offer all there are where they are few, else what the search finds."""
        rows = choices(store, self.label_of, MOST_CHOICES)
        self.choices = tuple((row["id"], row["name"]) for row in rows)
        if self.choices and self.label_of == "Unit":
            self.choices = (("", ""), *_with(self.choices, self.data, self.shown))
            self.widget = Select()
        else:
            self.widget = Completed()


class Completed(TextInput):
    """Draws an input with suggestions, and beside it the name of what is chosen."""

    def __call__(self, field: ReferenceCell, **kwargs: Any) -> Markup:
        """Return input, suggestions and name."""
        list_ = f"{kwargs.setdefault('id', field.id)}-list"
        kwargs["data-search"] = SEARCHED[field.label_of]
        if not field.choices:
            kwargs["data-source"] = url_for("api.search", on=None)
        kwargs |= {"list": list_, "autocomplete": "off", "placeholder": _("name or id")}
        options = Markup("").join(
            Markup('<option value="{}">{}</option>').format(key, word)
            for key, word in field.choices
        )
        return Markup(
            '{}<datalist id="{}">{}</datalist><output class="hint" data-named="{}">{}</output>'
        ).format(super().__call__(field, **kwargs), list_, options, field.name, field.shown)


def cell_of(column: Column) -> Any:
    """Turn a column of the schema into the field of a form, as yet unbound."""
    given: dict[str, Any] = {
        "label": LazyString(title, column),
        "validators": [Expected()] if column.required else [],
        "id": f"f-{column.heading}",
    }
    if isinstance(column, Labels):
        return RolesCell(kinds=" ".join(value for value, _label in column.label_by_value), **given)
    if isinstance(column, Reference):
        return ReferenceCell(label_of=column.label, **given)
    if column.kinds == "growth_tasks":
        return TasksCell(**given)
    if column.type == "list":
        return ListCell(kinds=column.kinds, **given)
    if column.kinds:
        return TermCell(kinds=column.kinds, **given)
    if column.type == "date":
        drawn: dict[str, Any] = {"data-date": True, "placeholder": "2024-06-30"}
        hint = _l("2024-06-30, or 2024-06, or 2024")
        return CellField(description=hint, render_kw=drawn, **given)
    if column.type in ("integer", "number"):
        mode = "numeric" if column.type == "integer" else "decimal"
        return CellField(render_kw={"inputmode": mode}, **given)
    if column.name in _LONG_TEXTS:
        return LongCell(render_kw={"rows": 3}, **given)
    return CellField(**given)


class LongCell(CellField):
    """A text of several lines."""

    widget = TextArea()
    is_wide = True


def task_states() -> list[tuple[str, str]]:
    """Return the states of a growth task with their titles."""
    return [(key, str(word)) for key, word in words.TASK_STATES.items()]


def terms_of_list(kinds: str) -> tuple[tuple[str, str], ...]:
    """Return the keys of a list of the programme with their titles."""
    if kinds == "posting_statuses":
        terms = words.programme().values(kinds)
        return tuple({each.key: str(words.value("status", each.key)) for each in terms}.items())
    if kinds == "posting_marks":
        listed: tuple[TitledTerm, ...] = words.programme().values(kinds)
    else:
        listed = words.programme().terms(kinds) if kinds else ()
    return tuple({each.key: each.text(language()) for each in listed}.items())


def _with(
    choices: tuple[tuple[str, str], ...], text: str, shown: str = ""
) -> tuple[tuple[str, str], ...]:
    """Keep a value that stands in no list, so that saving does not lose it."""
    if text and text not in dict(choices):
        return (*choices, (text, shown or text))
    return choices
