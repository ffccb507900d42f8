"""The form of a search by path: a step of it, as the address holds it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField

from webapp.shell.forms import PageForm, YesField, offered

_MONTHS = {"inputmode": "numeric", "size": 4}


class StepForm(PageForm):
    """One step of a path; `1.kind` is a field of the first one."""

    post_kind = SelectField(_l("kind of post"), validate_choice=False)
    kind = SelectField(_l("kind of rotation"), validate_choice=False)
    rank = SelectField(_l("rank"), validate_choice=False)
    unit = SelectField(_l("unit or below"), validate_choice=False)
    title = StringField(_l("title of the post"), render_kw={"list": "titles", "size": 12})
    post = StringField(_l("post (id)"), render_kw={"list": "posts", "size": 8})
    not_before_months = StringField(_l("not before months"), render_kw=_MONTHS)
    within_months = StringField(_l("within months"), render_kw=_MONTHS)
    within_months_of_entry = StringField(_l("within months of entry"), render_kw=_MONTHS)
    directly = YesField(_l("directly after"), yes="1")

    def __init__(
        self, number: int, row: dict[str, Any], choices: dict[str, list[dict[str, str]]]
    ) -> None:
        # A question changes nothing, so it needs no token.
        super().__init__(prefix=f"{number}.", data=row, meta={"csrf": False})
        for field in (self.post_kind, self.kind, self.rank, self.unit):
            listed = [(each["key"], each["text"]) for each in choices[field.short_name]]
            if field.data and field.data not in dict(listed):
                listed.append((field.data, field.data))
            field.choices = offered([("", _("any")), *listed])
