"""The rule on mentors, stated once more: who guides whom, by post or as people, and how many."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from graph.errors import N_
from graph.kinds import MentorKindTerm
from planning.check.assigned import Broken, Judge
from planning.check.service import has_ended_pair
from planning.problem.defaults import Setting


class MentorRules(Judge):
    """The rule that who needs mentors has them near, within the load of each."""

    def _mentors(self, setting: Setting) -> Iterable[Broken]:
        stages = {
            stage.key
            for stage in self.programme.stages
            for gate in stage.gates
            if gate.served_months and gate.served_months.kind in setting["kinds"]
        } or set(setting["kinds"])
        words = N_("%(units)s people at the grassroots have no {mentor} on %(since)s.")
        for rule in self.programme.mentor_needs:
            need = rule.needs_mentor
            if not need:
                continue
            if not set(need.while_) & stages and not set(need.during) & set(setting["kinds"]):
                continue
            groups = self._groups(need.kind, need.count, setting)
            for t in range(self.periods):
                here = Counter(
                    self.posts[s.post]["unit"]
                    for s in self.assigned
                    if self.offer.get(s.post) in setting["kinds"] and s.begin <= t < s.end
                )
                short = sum(here.values()) - self._flow(here, {u: p[t] for u, p in groups.items()})
                yield short, None, None, t, words

    def _flow(self, here: Mapping[str, int], groups: Mapping[str | None, int]) -> int:
        """Count the people who can be given a mentor group near them: augmenting paths."""
        load: Counter[str | None] = Counter()
        given: dict[str | None, Counter[str]] = defaultdict(Counter)

        def serves(group: str | None, unit: str) -> bool:
            return group is None or group in self._line(unit) or unit in self._line(group)

        def place(unit: str, tried: set[str | None]) -> bool:
            for group, places in groups.items():
                if group in tried or not serves(group, unit):
                    continue
                tried.add(group)
                if load[group] < places:
                    load[group] += 1
                    given[group][unit] += 1
                    return True
                for other in [u for u, n in given[group].items() if n]:
                    if place(other, tried):
                        given[group][other] -= 1
                        given[group][unit] += 1
                        return True
            return False

        return sum(place(unit, set()) for unit, n in sorted(here.items()) for _ in range(n))

    def _groups(self, kind: str, count: int, setting: Setting) -> dict[str | None, list[int]]:
        """Return how many trainees each unit's mentors of a kind take in each period."""
        term = next((each for each in self.programme.mentoring_kinds if each.key == kind), None)
        is_anywhere, is_by_post = kind in setting["anywhere"], False
        if term and (term.post_kinds or term.titles):
            is_by_post = True
            is_anywhere = is_anywhere or not set(term.placed_by) & set(setting["kinds"])
            seats = self._seats_by_post(term)
        else:
            mentors = self.store.read(
                "MATCH (m:Person)-[e:MENTORS]->(:Person) WHERE e.kind = $kind "
                "RETURN DISTINCT m.id AS id ORDER BY id",
                kind=kind,
            )
            seats = {row["id"]: self._seat_units(row["id"]) for row in mentors}
        sitting: dict[str | None, list[list[int]]] = defaultdict(list)
        for id_, load in self._free_loads(seats).items():
            if is_anywhere and not is_by_post:
                sitting[None].append([load] * self.periods)
            elif is_anywhere and id_ not in self.people:
                sitting[None].append([load if unit else 0 for unit in seats[id_]])
            elif id_ not in self.people:
                by_unit: dict[str, list[int]] = {}
                for t, unit in enumerate(seats[id_]):
                    if unit is not None:
                        by_unit.setdefault(unit, [0] * self.periods)[t] = load
                for unit, members in by_unit.items():
                    sitting[unit].append(members)
        return {
            unit: [
                max(
                    n
                    for n in range(sum(m[t] for m in members) // count + 1)
                    if sum(min(m[t], n) for m in members) >= count * n
                )
                for t in range(self.periods)
            ]
            for unit, members in sitting.items()
        }

    def _free_loads(self, mentors: Collection[str]) -> dict[str, int]:
        """Return how many more than those outside the plan mentors take; who is gone takes none."""
        gone = {word for s in self._all("leave") for word in s["gone"]}
        loads: dict[str, int] = {}
        for row in self.store.read(
            "MATCH (m:Person) WHERE m.id IN $ids RETURN m.id AS id, m.status AS status, "
            "m.mentor_capacity AS capacity ORDER BY id",
            ids=sorted(mentors),
        ):
            if row["status"] not in gone:
                full = row["capacity"]
                loads[row["id"]] = len(self.people) if full is None else full
        needed = [r.needs_mentor.kind for r in self.programme.mentor_needs if r.needs_mentor]
        for row in self.store.read(
            "MATCH (m:Person)-[e:MENTORS]->(x:Person) WHERE e.kind IN $kinds AND NOT x.id IN $ids "
            "AND (e.until IS NULL OR e.until > $day) "
            "RETURN m.id AS id, x.id AS trainee, e.since AS since ORDER BY id",
            kinds=needed,
            ids=list(self.people),
            day=self.days[0].isoformat(),
        ):
            ended = any(
                has_ended_pair(self.service[who], row["since"], self.days[0], self.programme)
                for who in (row["id"], row["trainee"])
                if who in self.service
            )
            if row["id"] in loads and not ended:
                loads[row["id"]] = max(0, loads[row["id"]] - 1)
        return loads

    def _seats_by_post(self, term: MentorKindTerm) -> dict[str, list[str | None]]:
        """Return in which unit whoever holds a post of a kind holds it, in each period.

        Of several posts of one person the main one says where, else the highest.
        """
        listed = {id_ for id_, post in self.posts.items() if self._is_of(term, post)}
        found: dict[str, list[str | None]] = {}
        for id_, person in self.holders.items():
            if not any(row["post"] in listed for row in self.stored[id_]):
                continue
            career = self._career(person, date.min)
            units: list[str | None] = []
            for day in self.days[:-1]:
                held = [*career.homes(day), *career.besides(day)]
                posts = [p.post for p in held if p.post in listed and not p.is_acting]
                units.append(self.posts[posts[0]]["unit"] if posts else None)
            if any(units):
                found[id_] = units
        return found

    def _is_of(self, term: MentorKindTerm, post: Mapping[str, Any]) -> bool:
        """Return whether a post is one by which a kind of mentor guides."""
        unit, title = self.units[post["unit"]], post["name"] or ""
        titles = (title, title.removeprefix(unit["name"] or ""))
        return (
            (not term.post_kinds or post["kind"] in term.post_kinds)
            and (not term.unit_kinds or unit["kind"] in term.unit_kinds)
            and (not term.titles or any(each in term.titles for each in titles))
        )

    def _seat_units(self, id_: str) -> list[str | None]:
        """Return the unit of a mentor's main post, else of one held beside, in each period."""
        if id_ not in self.holders:
            return [None] * self.periods
        career = self._career(self.holders[id_], date.min)
        units = []
        for day in self.days[:-1]:
            held = [*career.homes(day), *career.besides(day)]
            units.append(next((p.unit for p in held if p.unit), None))
        return units
