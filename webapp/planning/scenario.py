"""A scenario as people give it: form fields, lines such as `T001:P05:2024-07-01`, or JSON.

All three become one `PlanRequest`. Days name periods, so the same line holds for quarters and
half-years; what cannot be read is an InputError in a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, SkipValidation
from typing_extensions import TypedDict

from graph.dates import first_day, is_date
from graph.errors import N_, InputError
from planning.planner import PlanRequest
from planning.problem.defaults import ALWAYS_HARD, NEVER_SOFT, PLANNED
from planning.problem.horizon import Horizon, horizon
from planning.problem.instance import Pin
from planning.problem.scenario import Scenario
from queries.programme.facts import Facts
from webapp.planning.found import usual_since
from webapp.programme.page import facts_of
from webapp.shell import words
from webapp.shell.sent_json import Body
from webapp.shell.told import wrong_at

if TYPE_CHECKING:  # commands read scenarios too, and need no forms
    from webapp.planning.forms import RowsField, RulesField, ScenarioForm

KINDS = ("hard", "soft", "warning")
MOST_WEIGHT = 10_000
MOST_NUMBER = 1 << 31
DEFAULT_SECONDS = 30
# The fields of the form at which the planner's own words about a value stand.
FIELDS = {"since": "from_", "periods": "periods", "period": "period", "seconds": "seconds"}


def request_from_form(form: ScenarioForm) -> PlanRequest:
    """Read the scenario form; what is wrong is raised, and said at the rows it is in."""
    period = form.period.data
    since = form.from_.data.strip() or usual_since(period).isoformat()
    with wrong_at(form.periods):
        periods = _number(form.periods.data, "periods", 8)
    asked = horizon(since, periods, period)
    pins, forbids = pins_of(form.pins, asked)
    scenario = Scenario(
        people=_people(form),
        pins=pins,
        forbids=forbids,
        leaves=_leaves(form.leaves),
        waived=_waived(form.waived.data),
        capacities=_capacities(form.places),
        must_cover=tuple(each for each in form.must_cover.data if each),
        kinds_by_post_kind=_kinds(form.kinds),
        keep_planned=form.keep_planned.data,
    )
    with wrong_at(form.seconds):
        seconds = float(_number(form.seconds.data, "seconds", DEFAULT_SECONDS))
    with wrong_at(form.rules):
        rules = checked_rules(_rules(form.rules))
    return PlanRequest(since, periods, period, seconds, scenario=scenario, rules=rules)


class ScenarioBody(TypedDict, total=False):
    """A scenario as a program sends it; a pin may also be a line like `T001:P05:2024-07-01`."""

    people: list[str]
    pins: list[str | list[str | int]]
    forbids: list[str | list[str | int]]
    leaves: list[list[str | None]]
    waived: list[list[str]]
    capacities: dict[str, int]
    must_cover: list[str]
    kinds_by_post_kind: dict[str, str]
    keep_planned: bool


class RuleBody(TypedDict, total=False):
    """How a rule is switched other than it is on file."""

    enabled: bool
    kind: Literal["hard", "soft", "warning"]
    weight: int


class PlanBody(Body):
    """What a program asks to plan; the parts are those of `flask plan --scenario`.

    Numbers may be sent as text. What they, the scenario and the rules may be is told by those who
    read them, so that files and forms are refused with the same words.
    """

    since: str | None = Field(None, alias="from")
    periods: SkipValidation[int] = 8
    period: str | None = None
    seconds: SkipValidation[int] = DEFAULT_SECONDS
    seed: SkipValidation[int] = 0
    scenario: SkipValidation[ScenarioBody] = Field(default_factory=ScenarioBody)
    rules: SkipValidation[dict[str, RuleBody]] = Field(default_factory=dict)


def request_from_json(asked: PlanBody) -> PlanRequest:
    """Read what a program asks for."""
    period = asked.period or "half-year"
    since = asked.since or usual_since(period).isoformat()
    periods = _number(str(asked.periods), "periods", 8)
    given: Any = asked.scenario
    if not isinstance(given, Mapping):
        raise InputError(N_("The scenario cannot be read."), N_("It is a JSON object."))
    return PlanRequest(
        since,
        periods,
        period,
        float(_number(str(asked.seconds), "seconds", DEFAULT_SECONDS)),
        _number(str(asked.seed), "seed", 0),
        scenario=read_scenario(given, horizon(since, periods, period)),
        rules=checked_rules(asked.rules),
    )


def read_scenario(given: Mapping[str, Any], asked: Horizon) -> Scenario:
    """Read a scenario of JSON, whose pins and forbids may be lines."""
    given = dict(given)
    lines: dict[str, tuple[Pin, ...]] = {}
    for key in ("pins", "forbids"):
        values = given.get(key, [])
        if not isinstance(values, (list, tuple)):
            raise InputError(N_('"%(key)s" is not a list.'), N_("Write %(key)s: []."), key=key)
        lines[key] = tuple(read_pin(each, asked) for each in values if isinstance(each, str))
        given[key] = [each for each in values if not isinstance(each, str)]
    made = Scenario.from_dict(given)
    return replace(
        made,
        pins=tuple(sorted({*made.pins, *lines["pins"]})),
        forbids=tuple(sorted({*made.forbids, *lines["forbids"]})),
    )


def read_pin(text: str, asked: Horizon) -> Pin:
    """Read `PERSON:POST:DAY`; instead of the day the number of the period will do, from 1."""
    parts = [part.strip() for part in text.rsplit(":", 2)]
    if len(parts) != 3 or not all(parts):
        raise InputError(
            N_('"%(text)s" is not a person, a post and a day.'),
            N_("Write it like T001:P05:2024-07-01."),
            text=text,
        )
    return Pin(parts[0], parts[1], read_period(parts[2], asked))


def read_period(text: str, asked: Horizon) -> int:
    """Return the period, from 0, that a day or a number from 1 names."""
    if text.isascii() and text.isdigit() and len(text) < 4:
        number = int(text) - 1
        if 0 <= number < asked.periods:
            return number
    elif is_date(text):
        found = asked.period_of(first_day(text))
        if found is not None:
            return found
    raise InputError(
        N_('"%(text)s" is not within the plan, which goes from %(since)s to %(until)s.'),
        N_("Give a day in between, or the number of a period from 1 to %(most)s."),
        text=text,
        since=asked.since,
        until=asked.until,
        most=asked.periods,
    )


def pins_of(rows: RowsField, asked: Horizon) -> tuple[tuple[Pin, ...], tuple[Pin, ...]]:
    """Return the pins and the forbids of a form's rows."""
    with wrong_at(rows):
        return _pins(rows, asked, "pin"), _pins(rows, asked, "forbid")


def checked_rules(rules: Any) -> dict[str, dict[str, Any]]:
    """Check changes of rules: known names, kinds that a rule can be, whole weights."""
    if not isinstance(rules, Mapping) or not all(isinstance(v, Mapping) for v in rules.values()):
        raise InputError(
            N_("The rules cannot be read."),
            N_('They look like this: {"wishes": {"kind": "soft", "weight": 2}}.'),
        )
    for name, change in rules.items():
        if name not in PLANNED:
            raise InputError(N_('No planning rule is called "%(rule)s".'), rule=name)
        kind = change.get("kind")
        is_off = change.get("enabled", True) is not True
        wrong = kind is not None and kind not in KINDS
        wrong |= name in ALWAYS_HARD and (is_off or kind not in (None, "hard"))
        wrong |= name in NEVER_SOFT and kind == "soft"
        if wrong:
            raise InputError(
                N_('The rule "%(rule)s" cannot be %(kind)s.'),
                N_("Leave it as it is on file."),
                rule=name,
                kind=kind or "off",
            )
        weight = change.get("weight", 0)
        if type(weight) is not int or not 0 <= weight <= MOST_WEIGHT:
            raise InputError(
                N_('The weight "%(weight)s" of the rule "%(rule)s" is not a whole number.'),
                N_("Give 0 to %(most)s."),
                weight=weight,
                rule=name,
                most=MOST_WEIGHT,
            )
    return {name: dict(change) for name, change in rules.items()}


def trainees() -> Facts:
    """Return the facts of the programme's own day, whose trainees can be planned."""
    return facts_of(words.today())


# --- parts of the form


def _number(text: str, name: str, default: int) -> int:
    text = text.strip()
    if not text:
        return default
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < MOST_NUMBER or number != int(number):
        raise InputError(N_('%(name)s "%(text)s" is not a whole number.'), name=name, text=text)
    return int(number)


def _people(form: ScenarioForm) -> tuple[str, ...]:
    who = form.who.data
    if who == "all":
        return ()
    if who == "unit":
        unit = form.unit.data
        found = facts_of(words.today(), unit).trainees if unit else ()
    elif who == "cohort":
        wanted, known = form.cohort.data, trainees()
        found = tuple(t for t in known.trainees if str(known.people[t].cohort) == wanted)
    else:
        found = tuple(each for each in form.people.data if each)
    with wrong_at(form.who):
        if not found:
            raise InputError(
                N_("Nobody is chosen to be planned."),
                N_("Choose people, or plan for all {trainees}."),
            )
    return tuple(found)


def _pins(rows: RowsField, asked: Horizon, wanted: str) -> tuple[Pin, ...]:
    found = set()
    for kind, person, post, day in rows.data:
        if kind != wanted or not (person or post):
            continue  # a row left empty
        if not (person and post):
            raise InputError(
                N_("A pin or a ban names a person and a post; one of them is missing."),
                N_("Choose both, or leave the row empty."),
            )
        found.add(Pin(person, post, read_period(day, asked)))
    return tuple(sorted(found))


def _leaves(rows: RowsField) -> tuple[tuple[str, str, str | None], ...]:
    found = []
    with wrong_at(rows):
        for person, since, until in rows.data:
            if not person:
                continue
            for day in filter(None, (since, until)):
                if not is_date(day):
                    raise InputError(
                        N_('"%(day)s" is not a date.'), N_("Write it like 2024-07-01."), day=day
                    )
            if not since or (until and until <= since):
                raise InputError(
                    N_("The leave of %(person)s has no begin, or ends before it."), person=person
                )
            found.append((person, since, until or None))
    return tuple(found)


def _capacities(rows: RowsField) -> dict[str, int]:
    with wrong_at(rows):
        return {post: _number(places, "places", 0) for post, places in rows.data if post}


def _kinds(rows: RowsField) -> dict[str, str]:
    found = {}
    with wrong_at(rows):
        for post_kind, kind in rows.data:
            if not (post_kind and kind):
                raise InputError(
                    N_("A kind of post and the exercise it counts as belong together."),
                    N_("Choose both, or leave the row empty."),
                )
            found[post_kind] = kind
    return found


def _waived(given: Iterable[str]) -> frozenset[tuple[str, str]]:
    pairs = (each.split(":", 1) for each in given if ":" in each)
    return frozenset((rule, about) for rule, about in pairs)


def _rules(rules: RulesField) -> dict[str, dict[str, Any]]:
    changes: dict[str, dict[str, Any]] = {}
    for name in PLANNED:
        sent = rules.of(name)
        kind, weight = sent.get("kind", ""), sent.get("weight", "")
        if kind == "off":
            changes[name] = {"enabled": False}
            continue
        change: dict[str, Any] = {"kind": kind} if kind else {}
        if weight and weight != sent.get("was", ""):
            change["weight"] = _number(weight, "weight", 0)
        if change:
            changes[name] = change
    return changes
