"""The form of a search by path: a step of it, as the address holds it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField

from webapp.shell.forms import PageForm, YesField, offered

_MONTHS = {"inputmode": "numeric", "size": 4}


class StepForm(PageForm):
    """One step of a path; `1.kind` is a field of the first one.

    Fields of an object within a step have its name before theirs: `1.holds.rank`. Those of a
    posting are the same in each and are set below (`_posting_fields`).
    """

    not_before_months = StringField(_l("not before months"), render_kw=_MONTHS)
    within_months = StringField(_l("within months"), render_kw=_MONTHS)
    within_months_of_entry = StringField(_l("within months of entry"), render_kw=_MONTHS)
    directly = YesField(_l("directly after"), yes="1")
    reaches_rank = SelectField(_l("rank reached"), validate_choice=False, name="reaches.rank")
    reaches_grade = SelectField(_l("grade reached"), validate_choice=False, name="reaches.grade")
    holds_any = YesField(_l("any posting"), yes="1", name="holds.any")
    while_any = YesField(_l("any posting"), yes="1", name="while.any")

    def __init__(
        self, number: int, row: dict[str, Any], choices: dict[str, list[dict[str, str]]]
    ) -> None:
        # A question changes nothing, so it needs no token.
        super().__init__(prefix=f"{number}.", data=_flat(row), meta={"csrf": False})
        for field in self:
            if not isinstance(field, SelectField):
                continue
            what = field.short_name.rpartition(".")[2]
            listed = [(each["key"], each["text"]) for each in choices[what]]
            if field.data and field.data not in dict(listed):
                listed.append((field.data, field.data))
            field.choices = offered(
                [("", _("any") if "reaches" not in field.name else "–"), *listed]
            )

    def field_of(self, key: str) -> Field:
        """Return the field of a word of a step, as in `holds.rank`."""
        return self[key.replace(".", "_")]

    @property
    def asks_more(self) -> bool:
        """Return whether it says something besides what posting begins and when."""
        return any(field.data for field in self if "." in field.short_name)


def _posting_fields(within: str) -> dict[str, Any]:
    """Return the fields that say which posting is meant, of a step or of an object within it."""
    fields: dict[str, tuple[type[Field], Any, dict[str, Any]]] = {
        "post_kind": (SelectField, _l("kind of post"), {"validate_choice": False}),
        "kind": (SelectField, _l("kind of rotation"), {"validate_choice": False}),
        "rank": (SelectField, _l("rank"), {"validate_choice": False}),
        "at_least": (YesField, _l("or above"), {"yes": "1"}),
        "unit": (SelectField, _l("unit or below"), {"validate_choice": False}),
        "unit_kind": (SelectField, _l("kind of unit"), {"validate_choice": False}),
        "title": (
            StringField, _l("title of the post"), {"render_kw": {"list": "titles", "size": 12}},
        ),
        "post": (StringField, _l("post (id)"), {"render_kw": {"list": "posts", "size": 8}}),
    }  # fmt: skip
    named = {name: f"{within}.{name}" if within else name for name in fields}
    return {
        named[name].replace(".", "_"): field(label, name=named[name], **options)
        for name, (field, label, options) in fields.items()
    }


for _within in ("", "holds", "while"):
    for _name, _field in _posting_fields(_within).items():
        setattr(StepForm, _name, _field)


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """Return a step with the words of the objects in it beside its own."""
    found: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, dict):
            found |= {f"{key}_{word}": text for word, text in value.items()}
            found[f"{key}_any"] = not value
        else:
            found[key] = value
    return found
