"""The forms of planning: a scenario, changes to a plan, under which name and why one is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, SelectMultipleField, StringField, ValidationError
from wtforms.utils import unset_value
from wtforms.widgets import DateInput, NumberInput

from graph.errors import InputError
from planning import kept_plans
from planning.problem.horizon import MOST_PERIODS
from queries.quality.accepted import LONGEST_REASON
from webapp.planning.words import PERIODS
from webapp.shell.forms import (
    Expected,
    PageForm,
    SeveralField,
    SignedForm,
    YesField,
    offered,
)
from webapp.shell.told import told

PINS = ("what", "pin_person", "pin_post", "pin_day")


class RowsField(Field):
    """Rows of a table that grows: inputs of the same names in each row, read across."""

    def __init__(self, *args: Any, names: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read the rows in which something besides a pin's "what" was filled in."""
        super().process(None, () if data is unset_value else data, extra_filters)
        if formdata is not None:
            columns = [[each.strip() for each in formdata.getlist(name)] for name in self.names]
            self.data = [row for row in zip(*columns, strict=False) if any(row[-3:])]

    @property
    def shown(self) -> list[tuple[str, ...]]:
        """Return the filled rows and a spare one."""
        return [*self.data, ("",) * len(self.names)]


class RulesField(Field):
    """Changes of rules: `kind:RULE`, `weight:RULE`, and the weight that was shown, `was:RULE`."""

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Read what was sent of each rule."""
        super().process(None, {} if data is unset_value else data, extra_filters)
        for key in formdata or ():
            part, _sign, rule = key.partition(":")
            if rule and part in ("kind", "weight", "was"):
                self.data.setdefault(rule, {})[part] = formdata[key].strip()

    def of(self, rule: str) -> Mapping[str, str]:
        """Return what was sent of one rule."""
        return self.data.get(rule, {})


class ScenarioForm(PageForm):
    """What is to be planned: time, people, pins, leave, places and rules."""

    from_ = StringField(_l("First day"), [Expected()], default="", widget=DateInput(), name="from")
    periods = StringField(
        _l("Periods"),
        [Expected()],
        default="",
        widget=NumberInput(),
        render_kw={"min": 1, "max": MOST_PERIODS},
    )
    period = SelectField(
        _l("of a"), default="half-year", choices=offered(PERIODS.items()), validate_choice=False
    )
    seconds = StringField(
        _l("Calculate for at most (seconds)"),
        [Expected()],
        default="",
        widget=NumberInput(),
        render_kw={"min": 1, "max": 3600},
    )
    who = StringField(_l("Who is planned"), default="all")
    unit = StringField(_l("Unit"), default="")
    cohort = StringField(_l("Cohort"), default="")
    people = SelectMultipleField(
        _l("People"), default=(), choices=(), validate_choice=False, render_kw={"size": 6}
    )
    pins = RowsField(names=PINS)
    keep_planned = YesField(_l("keep rotations that are planned already"))
    leaves = RowsField(names=("leave_person", "leave_since", "leave_until"))
    places = RowsField(names=("places_post", "places"))
    kinds = RowsField(names=("kind_of_post", "counts_as"))
    must_cover = SelectMultipleField(
        _l("Posts that must be covered"),
        default=(),
        choices=(),
        validate_choice=False,
        render_kw={"size": 8},
    )
    waived = SeveralField(_l("Exceptions"))
    rules = RulesField()


class ChangeForm(PageForm):
    """More pins and bans, by which a plan is solved again."""

    pins = RowsField(names=PINS)


class KeepForm(PageForm):
    """The name under which a plan is kept."""

    name = StringField(
        _l("Name of the plan"),
        [Expected()],
        default="",
        render_kw={"maxlength": kept_plans.LONGEST_NAME},
    )

    def validate_name(self, field: Field) -> None:
        """Judge the name as the keeping does."""
        try:
            kept_plans.checked_name(field.data)
        except InputError as error:
            raise ValidationError(told(error)) from None


class AcceptPlanForm(SignedForm):
    """Why a plan is accepted in spite of doubts; it is judged with the plan."""

    reason = StringField(
        _l("Reason, where something is doubtful"),
        default="",
        render_kw={"maxlength": LONGEST_REASON},
    )


class RelaxForm(PageForm):
    """Which of the changes that would help is made."""

    n = StringField(default="")


class WeighForm(PageForm):
    """Which post of a person is compared with others."""

    post = StringField(default="")
