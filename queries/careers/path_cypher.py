"""A search by path as one Cypher statement, to be shown and pasted elsewhere.

It reads postings alone, with the ends that are recorded: what a fact of service cuts, and an end
that is read from the next posting, is for the search itself (`queries/careers/paths.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from queries.careers.limits import Limits
from queries.careers.path_steps import PathStep, PostingSought
from queries.personnel.terms import ACTING, Terms

_FAR = "9999-12-31"


def path_cypher(
    steps: tuple[PathStep, ...], on: date, terms: Terms, limits: Limits | None = None
) -> str:
    """Write a search as one Cypher statement that both engines answer, a row a person.

    Values stand in it as literals, so that it can be pasted; it is shown, never run on input.
    """
    return _Statement(steps, on, terms, limits or Limits()).text()


@dataclass
class _Statement:
    """A statement in the making: clauses, and the conditions of the last one."""

    steps: tuple[PathStep, ...]
    on: date
    terms: Terms
    limits: Limits

    def text(self) -> str:
        """Return the whole statement."""
        beside = self.terms.beside
        everywhere = any(step.kind in beside for step in self.steps)
        self.between = "" if everywhere else self._home("x")
        self.clauses: list[tuple[str, list[str]]] = [("MATCH (p:Person)", self._of_people())]
        self._entry_and_reached()
        days: list[str] = []
        edges: list[str] = []
        for at, step in enumerate(self.steps, start=1):
            days.append(self._step(at, step, days, edges))
        names = ", ".join(f"day{at}" for at in range(1, len(days) + 1))
        parts = ", ".join(f"{day} AS day{at}" for at, day in enumerate(days, start=1))
        lines = [line for clause, conditions in self.clauses for line in _where(clause, conditions)]
        lines += [
            f"WITH p, {parts}",
            f"ORDER BY {names}",
            f"WITH p, collect([{names}])[0] AS dates",
            "RETURN p.id AS person, p.name AS name, dates",
            "ORDER BY dates, person",
        ]
        return "\n".join(lines)

    def _of_people(self) -> list[str]:
        limits, found = self.limits, []
        if limits.trainees:
            found.append("p:Trainee")
        if limits.cohort_from is not None:
            found.append(f"p.cohort >= {limits.cohort_from}")
        if limits.cohort_to is not None:
            found.append(f"p.cohort <= {limits.cohort_to}")
        if limits.scope is not None:
            found.append(f"p.id IN $people  // the ids of {limits.scope} on {self.on.isoformat()}")
        if limits.unit is not None:
            served = self._all(self._actual("l"), self._home("l"), _in_unit("lp", limits.unit))
            found.append(f"EXISTS {{ MATCH (p)-[l:ROTATED_TO]->(lp:Post) WHERE {served} }}")
        return found

    def _entry_and_reached(self) -> None:
        """Find the day of entry, and the first day of each rank or grade that is reached."""
        asked = [(at, step) for at, step in enumerate(self.steps, start=1) if step.reaches]
        if not asked and all(step.within_months_of_entry is None for step in self.steps):
            return
        optional = "OPTIONAL MATCH (p)-[r0:ROTATED_TO]->(:Post)"
        self.clauses += [
            (optional, [self._actual("r0")]),
            (f"WITH p, min({_day('r0.since')}) AS first_day", []),
            (f"WITH p, {_day('coalesce(p.joined_on, first_day)')} AS entry", []),
        ]
        kept = "p, entry"
        for at, step in asked:
            assert step.reaches is not None
            edge, post = f"q{at}", f"q{at}post"
            if step.reaches.grade is not None:
                optional = f"OPTIONAL MATCH (p)-[:HAS_GRADE]->({edge}:Grade)"
                grades = _list(_from_on(tuple(self.terms.grades), step.reaches.grade))
                conditions = [f"{edge}.grade IN {grades}"]
            else:
                optional = f"OPTIONAL MATCH (p)-[{edge}:ROTATED_TO]->({post}:Post)"
                sought = PostingSought(rank=step.reaches.rank, at_least=True)
                conditions = [self._actual(edge), self._home(edge)]
                conditions += self._sought(edge, post, sought)
            self.clauses += [
                (optional, [each for each in conditions if each]),
                (f"WITH {kept}, min({_day(edge + '.since')}) AS reached{at}", []),
            ]
            kept += f", reached{at}"

    def _step(self, at: int, step: PathStep, days: Sequence[str], edges: list[str]) -> str:
        """Add a step; return its day."""
        before = days[-1] if days else None
        if step.reaches is not None:
            day = f"reached{at}"
            conditions = [f"{day} > entry", f"{day} <= '{self.on.isoformat()}'"]
            self.clauses[-1][1].extend([*conditions, *self._of_day(step, day, before, day)])
            return day
        here, post = f"r{at}", f"post{at}"
        day = _day(f"{here}.since")
        sought: PostingSought = step
        if step.is_state and step.holds is not None:
            sought = step.holds
        match = f"MATCH (p)-[{here}:ROTATED_TO]->({post}:Post)"
        conditions = [self._actual(here), *self._sought(here, post, sought)]
        if sought.kind not in self.terms.beside:
            conditions.append(self._home(here))
        if step.is_state:
            if before is not None:
                soonest = _later(before, step.not_before_months or 0)
                day = f"CASE WHEN {day} > {soonest} THEN {day} ELSE {soonest} END"
            conditions.append(f"coalesce({_day(here + '.until')}, '{_FAR}') > {day}")
            conditions.append(f"{day} <= '{self.on.isoformat()}'")
        else:
            conditions += [f"{here}.id <> {other}.id" for other in edges]
            edges.append(here)
        conditions += self._of_day(step, day, before, day if step.is_state else here)
        self.clauses.append((match, [each for each in conditions if each]))
        return day

    def _of_day(self, step: PathStep, day: str, before: str | None, held: str) -> list[str]:
        """Write when a step may be, and what is so then; `held` is its edge, or its day."""
        found = []
        if before is None:
            if self.limits.since is not None:
                found.append(f"{day} >= '{self.limits.since.isoformat()}'")
            if self.limits.until is not None:
                found.append(f"{day} < '{self.limits.until.isoformat()}'")
        else:
            found.append(f"{day} >= {before}")
            for months, sign in ((step.not_before_months, ">="), (step.within_months, "<=")):
                if months is not None:
                    found.append(f"date({day}) {sign} date({before}) + duration('P{months}M')")
            if step.directly:
                begins = self._all(self._actual("x"), f"{_day('x.since')} > {before}", self.between)
                found.append(
                    f"NOT EXISTS {{ MATCH (p)-[x:ROTATED_TO]->(:Post) WHERE {begins}"
                    f" AND {_day('x.since')} < {day} }}"
                )
        if step.within_months_of_entry is not None:
            months = step.within_months_of_entry
            found.append(f"date({day}) <= date(entry) + duration('P{months}M')")
        if step.holds is not None and not step.is_state:
            found.append(self._held("h", step.holds, day, f"<= {day}"))
        if step.meanwhile is not None:
            last = f"<= {day}"
            if held != day:
                last = f"< coalesce({_day(held + '.until')}, '{_FAR}')"
            found.append(self._held("w", step.meanwhile, day, last, is_beside=True))
        return found

    def _held(
        self, edge: str, sought: PostingSought, day: str, begun: str, is_beside: bool = False
    ) -> str:
        """Write that a posting is held that has `begun` and did not end by a day."""
        conditions = [self._actual(edge), *self._sought(edge, f"{edge}p", sought)]
        if is_beside:
            conditions.append(f"{edge}.kind IN {_list(sorted(self.terms.beside))}")
        elif sought.kind not in self.terms.beside:
            conditions.append(self._home(edge))
        conditions.append(f"{_day(edge + '.since')} {begun}")
        conditions.append(f"coalesce({_day(edge + '.until')}, '{_FAR}') > {day}")
        return (
            f"EXISTS {{ MATCH (p)-[{edge}:ROTATED_TO]->({edge}p:Post) "
            f"WHERE {self._all(*conditions)} }}"
        )

    def _sought(self, edge: str, post: str, sought: PostingSought) -> list[str]:
        found = [
            f"{owner}.{name} = {_literal(value)}"
            for owner, name, value in (
                (post, "id", sought.post),
                (post, "name", sought.title),
                (edge, "kind", sought.kind),
                (post, "kind", sought.post_kind),
            )
            if value is not None
        ]
        if sought.rank is not None:
            rank = f"coalesce({edge}.rank, {post}.rank)"
            if sought.at_least:
                found.append(f"{rank} IN {_list(_from_on(self.terms.ranks, sought.rank))}")
            else:
                found.append(f"{rank} = {_literal(sought.rank)}")
            found.append(f"NOT '{ACTING}' IN coalesce({edge}.marks, [])")
        if sought.unit is not None:
            found.append(_in_unit(post, sought.unit))
        if sought.unit_kind is not None:
            kind = _literal(sought.unit_kind)
            found.append(f"EXISTS {{ ({post})-[:IN]->(:Unit {{kind: {kind}}}) }}")
        return found

    def _home(self, edge: str) -> str:
        """Write that a posting is a home posting; nothing where no kind runs beside."""
        beside = sorted(self.terms.beside)
        return f"NOT coalesce({edge}.kind, '') IN {_list(beside)}" if beside else ""

    def _actual(self, edge: str) -> str:
        day = self.on.isoformat()
        return f"coalesce({edge}.status, 'actual') <> 'planned' AND {edge}.since <= '{day}'"

    @staticmethod
    def _all(*conditions: str) -> str:
        return " AND ".join(each for each in conditions if each)


def _where(clause: str, conditions: Iterable[str]) -> list[str]:
    conditions = list(conditions)
    return [clause, *(["WHERE " + "\n  AND ".join(conditions)] if conditions else [])]


def _from_on(ladder: tuple[str, ...], key: str) -> tuple[str, ...]:
    """Return a rank and those above it; of one that is on no ladder, itself."""
    return ladder[ladder.index(key) :] if key in ladder else (key,)


def _in_unit(post: str, unit: str) -> str:
    below = f"(:Unit {{id: {_literal(unit)}}})"
    return f"EXISTS {{ ({post})-[:IN]->(:Unit)-[:PART_OF*0..20]->{below} }}"


def _later(day: str, months: int) -> str:
    return f"toString(date({day}) + duration('P{months}M'))" if months else day


def _day(expression: str) -> str:
    """Complete a date of reduced precision to its first day."""
    return f"left({expression} + '-01-01', 10)"


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(_literal(text) for text in texts)}]"


def _literal(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
