"""The steps of a search by path: what they may say, how they are checked, the same in Cypher.

The meaning of a step stands in `docs/careers.md`; `queries/careers/paths.py` searches.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Annotated, Any, NotRequired, get_type_hints

from graph.answers import FieldsOf
from graph.errors import N_, UsageError

MOST_STEPS = 12
MOST_MONTHS = 1200
WHAT = ("post", "title", "rank", "kind", "post_kind", "unit")
MONTHS = ("not_before_months", "within_months", "within_months_of_entry")
KEYS = (*WHAT, "directly", *MONTHS)


@dataclass(frozen=True)
class PathStep:
    """One step of a path: what the posting must be (nothing: anything), and when it may begin."""

    post: str | None = None
    title: str | None = None
    rank: str | None = None
    kind: str | None = None
    post_kind: str | None = None
    unit: str | None = None
    directly: bool = False
    not_before_months: int | None = None
    within_months: int | None = None
    within_months_of_entry: int | None = None

    def as_dict(self) -> PathStepRow:
        """Return the step as STEPS.json writes it, without what it leaves open."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: value
            for name, value in values.items()
            if value is not None and value is not False
        }


PathStepRow = Annotated[
    dict[str, Any],
    FieldsOf(
        {name: NotRequired[of] for name, of in get_type_hints(PathStep).items()}, "PathStepDict"
    ),
]


def parse_steps(given: Any) -> tuple[PathStep, ...]:
    """Check a list of steps as it stands in STEPS.json; raise UsageError naming the step."""
    if isinstance(given, dict) and list(given) == ["steps"]:
        given = given["steps"]
    if not isinstance(given, list) or not 1 <= len(given) <= MOST_STEPS:
        raise UsageError(
            N_("A search by path is a list of 1 to %(most)s steps."),
            N_('Write [{"kind": "grassroots"}, {"rank": "副科", "within_months": 24}].'),
            most=MOST_STEPS,
        )
    return tuple(_step(number, step) for number, step in enumerate(given, start=1))


def _step(number: int, given: Any) -> PathStep:
    if not isinstance(given, dict):
        raise UsageError(N_("Step %(number)s is not an object."), number=number)
    values: dict[str, Any] = {}
    for key, value in given.items():
        if key not in KEYS:
            near = difflib.get_close_matches(str(key), KEYS, n=1)
            raise UsageError(
                N_('Step %(number)s: "%(key)s" is not known.'),
                N_("Use one of %(known)s."),
                number=number,
                key=key,
                known=near[0] if near else ", ".join(KEYS),
            )
        if value is None or value == "":
            continue
        values[key] = _value(number, key, value)
    return PathStep(**values)


def _value(number: int, key: str, value: Any) -> Any:
    if key == "directly":
        good = isinstance(value, bool)
    elif key in MONTHS:
        good = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_MONTHS
    else:
        good = isinstance(value, str)
    if good:
        return value
    raise UsageError(
        N_("Step %(number)s: %(key)s cannot be %(value)s."),
        N_("It is a text; directly is true or false; months are 0 to %(most)s."),
        number=number,
        key=key,
        value=value,
        most=MOST_MONTHS,
    )


# --- the same in Cypher -------------------------------------------------------------------------


def path_cypher(steps: tuple[PathStep, ...], on: date, beside: Iterable[str] = ()) -> str:
    """Write a search as one Cypher statement that both engines answer, a row a person.

    Values stand in it as literals, so that it can be pasted; it is shown, never run on input.
    `beside` are the kinds of posting that run beside: other steps look among home postings.
    """
    runs_beside = frozenset(beside)
    everywhere = any(step.kind in runs_beside for step in steps)
    between = "" if everywhere else _home("x", runs_beside)
    lines = ["MATCH (p:Person)"]
    if any(step.within_months_of_entry is not None for step in steps):
        lines += [
            "OPTIONAL MATCH (p)-[r0:ROTATED_TO]->(:Post)",
            f"WHERE {_actual('r0', on)}",
            f"WITH p, min({_day('r0.since')}) AS first_day",
            f"WITH p, {_day('coalesce(p.joined_on, first_day)')} AS entry",
        ]
    seen: list[str] = []
    for at, step in enumerate(steps, start=1):
        lines.append(f"MATCH (p)-[r{at}:ROTATED_TO]->(post{at}:Post)")
        conditions = _conditions(at, step, on, seen, between)
        if runs_beside and step.kind not in runs_beside:
            conditions.append(_home(f"r{at}", runs_beside))
        lines.append("WHERE " + "\n  AND ".join(conditions))
        seen.append(f"r{at}")
    names = ", ".join(f"day{at}" for at in range(1, len(steps) + 1))
    parts = ", ".join(f"{_day(f'r{at}.since')} AS day{at}" for at in range(1, len(steps) + 1))
    lines += [
        f"WITH p, {parts}",
        f"ORDER BY {names}",
        f"WITH p, collect([{names}])[0] AS dates",
        "RETURN p.id AS person, p.name AS name, dates",
        "ORDER BY dates, person",
    ]
    return "\n".join(lines)


def _home(edge: str, beside: frozenset[str]) -> str:
    """Write that a posting is a home posting; nothing where no kind runs beside."""
    kinds = ", ".join(_literal(kind) for kind in sorted(beside))
    return f"NOT coalesce({edge}.kind, '') IN [{kinds}]" if kinds else ""


def _conditions(at: int, step: PathStep, on: date, seen: list[str], home: str) -> list[str]:
    here, post = f"r{at}", f"post{at}"
    found = [_actual(here, on)]
    found += [
        f"{owner}.{name} = {_literal(value)}"
        for owner, name, value in (
            (post, "id", step.post),
            (post, "name", step.title),
            (here, "kind", step.kind),
            (post, "kind", step.post_kind),
        )
        if value is not None
    ]
    if step.rank is not None:
        found.append(f"coalesce({here}.rank, {post}.rank) = {_literal(step.rank)}")
    if step.unit is not None:
        unit = f"(:Unit {{id: {_literal(step.unit)}}})"
        found.append(f"EXISTS {{ ({post})-[:IN]->(:Unit)-[:PART_OF*0..20]->{unit} }}")
    if seen:
        before = seen[-1]
        found += [f"{here}.id <> {other}.id" for other in seen]
        found.append(f"{_day(here + '.since')} >= {_day(before + '.since')}")
        if step.not_before_months is not None:
            found.append(
                f"date({_day(here + '.since')}) >= date({_day(before + '.since')})"
                f" + duration('P{step.not_before_months}M')"
            )
        if step.within_months is not None:
            found.append(
                f"date({_day(here + '.since')}) <= date({_day(before + '.since')})"
                f" + duration('P{step.within_months}M')"
            )
        if step.directly:
            between = f"{_day('x.since')} > {_day(before + '.since')}"
            between += f" AND {home}" if home else ""
            found.append(
                f"NOT EXISTS {{ MATCH (p)-[x:ROTATED_TO]->(:Post) WHERE {_actual('x', on)} AND "
                f"{between} AND {_day('x.since')} < {_day(here + '.since')} }}"
            )
    if step.within_months_of_entry is not None:
        found.append(
            f"date({_day(here + '.since')}) <= date(entry)"
            f" + duration('P{step.within_months_of_entry}M')"
        )
    return found


def _actual(edge: str, on: date) -> str:
    return f"coalesce({edge}.status, 'actual') <> 'planned' AND {edge}.since <= '{on.isoformat()}'"


def _day(expression: str) -> str:
    """Complete a date of reduced precision to its first day."""
    return f"left({expression} + '-01-01', 10)"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
