"""The steps of a search by path: what they may say, and how they are checked.

The meaning of a step stands in `docs/careers.md`; `queries/careers/paths.py` searches, and
`queries/careers/path_cypher.py` says the same in Cypher.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Annotated, Any, NotRequired

from graph.answers import FieldsOf
from graph.errors import N_, UsageError
from graph.programme import Programme

MOST_STEPS = 12
MOST_MONTHS = 1200
WHAT = ("post", "title", "rank", "kind", "post_kind", "unit", "unit_kind")
POSTING_KEYS = (*WHAT, "at_least")
REACHES = ("rank", "grade")
TESTED = {"reaches": REACHES, "holds": POSTING_KEYS, "while": POSTING_KEYS}  # objects in a step
MONTHS = ("not_before_months", "within_months", "within_months_of_entry")
KEYS = (*POSTING_KEYS, *TESTED, "directly", *MONTHS)


@dataclass(frozen=True)
class PostingSought:
    """What a posting must be; nothing said: anything."""

    post: str | None = None
    title: str | None = None
    rank: str | None = None
    kind: str | None = None
    post_kind: str | None = None
    unit: str | None = None
    unit_kind: str | None = None
    at_least: bool = False  # of the rank: that one or above

    def wanted(self) -> dict[str, str]:
        """Return what is asked of the posting, by name."""
        return {name: value for name in WHAT if (value := getattr(self, name)) is not None}


@dataclass(frozen=True)
class RankReached:
    """A rank or a grade whose first day, at it or above, is meant."""

    rank: str | None = None
    grade: str | None = None


@dataclass(frozen=True)
class PathStep(PostingSought):
    """One step of a path: a posting that begins, or a day on which something is so; and when."""

    reaches: RankReached | None = None
    holds: PostingSought | None = None
    meanwhile: PostingSought | None = None  # "while": a beside posting that runs meanwhile
    directly: bool = False
    not_before_months: int | None = None
    within_months: int | None = None
    within_months_of_entry: int | None = None

    @property
    def is_state(self) -> bool:
        """Return whether it asks for a day on which something is held, not for a begin."""
        return self.holds is not None and self.reaches is None and not self.wanted()

    def as_dict(self) -> PathStepRow:
        """Return the step as STEPS.json writes it, without what it leaves open."""
        return _plain(self)


_TERMS = {
    "rank": "ranks",
    "grade": "grades",
    "kind": "rotation_kinds",
    "post_kind": "post_kinds",
    "unit_kind": "unit_kinds",
}


def in_keys(given: Any, programme: Programme) -> Any:
    """Return a step with the titles and synonyms of the programme read as keys."""
    found: dict[str, Any] = {}
    for each in fields(given):
        value = getattr(given, each.name)
        if is_dataclass(value):
            found[each.name] = in_keys(value, programme)
        elif value is not None and each.name in _TERMS:
            found[each.name] = programme.key_of(_TERMS[each.name], value) or value
    return replace(given, **found)


def _plain(given: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in fields(given):
        value = getattr(given, each.name)
        if value is None or value is False:
            continue
        name = "while" if each.name == "meanwhile" else each.name
        found[name] = value if isinstance(value, str | int) else _plain(value)
    return found


_SOUGHT = {name: NotRequired[bool if name == "at_least" else str] for name in POSTING_KEYS}
PostingSoughtRow = Annotated[dict[str, Any], FieldsOf(_SOUGHT, "PostingSoughtDict")]
RankReachedRow = Annotated[
    dict[str, Any], FieldsOf(dict.fromkeys(REACHES, NotRequired[str]), "RankReachedDict")
]
PathStepRow = Annotated[
    dict[str, Any],
    FieldsOf(
        {
            **_SOUGHT,
            "reaches": NotRequired[RankReachedRow],
            "holds": NotRequired[PostingSoughtRow],
            "while": NotRequired[PostingSoughtRow],
            "directly": NotRequired[bool],
            **dict.fromkeys(MONTHS, NotRequired[int]),
        },
        "PathStepDict",
    ),
]


def parse_steps(given: Any) -> tuple[PathStep, ...]:
    """Check a list of steps as it stands in STEPS.json; raise UsageError naming the step."""
    if isinstance(given, dict) and list(given) == ["steps"]:
        given = given["steps"]
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_STEPS:
        raise UsageError(
            N_("A search by path is a list of 1 to %(most)s steps."),
            N_('Write [{"kind": "KIND"}, {"rank": "RANK", "within_months": 24}].'),
            most=MOST_STEPS,
        )
    return tuple(_step(number, step) for number, step in enumerate(given, start=1))


def _step(number: int, given: Any) -> PathStep:
    values = _values(number, given, KEYS)
    meanwhile = values.pop("while", None)
    step = PathStep(**values, meanwhile=meanwhile)
    if step.reaches is not None and step.wanted():
        raise UsageError(
            N_('Step %(number)s: "reaches" asks for a day, not for a posting.'),
            N_('Write what is held on that day into "holds".'),
            number=number,
            key="reaches",
        )
    return step


def _values(number: int, given: Any, known: tuple[str, ...], within: str = "") -> dict[str, Any]:
    """Check the words of a step, or of an object within it."""
    if not isinstance(given, Mapping):
        raise UsageError(N_("Step %(number)s is not an object."), number=number)
    values: dict[str, Any] = {}
    for key, value in given.items():
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            raise UsageError(
                N_('Step %(number)s: "%(key)s" is not known.'),
                N_("Use one of %(known)s."),
                number=number,
                key=f"{within}{key}",
                known=near[0] if near else ", ".join(known),
            )
        if value is None or value == "":
            continue
        found = _value(number, f"{within}{key}", value)
        if found is not False:
            values[key] = found
    if values.get("at_least") and "rank" not in values:
        raise UsageError(
            N_('Step %(number)s: "%(key)s" stands beside a rank.'),
            N_("Name the rank, or leave it out."),
            number=number,
            key=f"{within}at_least",
        )
    return values


def _value(number: int, key: str, value: Any) -> Any:
    if key in TESTED:
        if isinstance(value, Mapping):
            return _tested(number, key, value)
        good = False
    elif key.rpartition(".")[2] in ("directly", "at_least"):
        good = isinstance(value, bool)
    elif key in MONTHS:
        good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_MONTHS
    else:
        good = isinstance(value, str)
    if good:
        return value
    raise UsageError(
        N_("Step %(number)s: %(key)s cannot be %(value)s."),
        N_(
            "It is a text; directly and at_least are true or false; months are 0 to %(most)s; "
            "reaches, holds and while are objects."
        ),
        number=number,
        key=key,
        value=value,
        most=MOST_MONTHS,
    )


def _tested(number: int, key: str, given: Any) -> RankReached | PostingSought:
    values = _values(number, given, TESTED[key], f"{key}.")
    if key != "reaches":
        return PostingSought(**values)
    if len(values) != 1:
        raise UsageError(
            N_('Step %(number)s: "reaches" names a rank or a grade.'),
            N_('Write {"reaches": {"rank": "RANK"}}.'),
            number=number,
            key=key,
        )
    return RankReached(**values)
