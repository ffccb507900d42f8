"""The rules on what a plan gives people, stated once more: exercises, lengths, wishes, burdens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph.dates import months_between
from graph.errors import N_
from planning.check.assigned import Broken, Judge
from planning.check.facts import AssignedPosting
from planning.problem.defaults import Setting


class PeopleRules(Judge):
    """Rules about people: what they serve, for how long, and how it suits them."""

    def _demands(self, setting: Setting) -> Iterable[Broken]:
        words = N_("%(person)s has none of the specialties that %(post)s asks for.")
        for s in self.assigned:
            asked, has = set(self.posts[s.post]["demands"] or ()), self.people[s.person].specialties
            if asked and has and not asked & has and (s.going is None or not setting.is_hard):
                yield s.end - s.begin, s.person, s.post, s.begin, words

    def _stage_first(self, setting: Setting) -> Iterable[Broken]:
        words = N_("%(person)s begins at %(post)s before what must come first is served.")
        for s in self._news():
            for before in self.exercises.get(s.kind or "", {}).get("after", ()):
                asked = self.exercises.get(before, {}).get("at_least") or 1
                has = self._served(self.people[s.person], before)
                for other in self.assigned:
                    if other.person == s.person and other.kind == before:
                        served = min(other.end, s.begin) - other.begin
                        has += max(0, served) * self.months
                if has < asked:
                    yield 1, s.person, s.post, s.begin, words

    def _gaps(self, kinds: tuple[str, ...], months: int) -> Iterator[str]:
        for id_, who in self.people.items():
            if set(kinds) & who.activities:
                continue
            has = sum(self._served(who, kind) for kind in kinds)
            has += sum(
                (s.end - s.begin) * self.months
                for s in self.assigned
                if s.person == id_ and s.kind in kinds
            )
            if has < months:
                yield id_

    def _exercises(self, setting: Setting) -> Iterable[Broken]:
        for kind, asked in sorted(self.exercises.items()):
            if asked["required"] and kind in self.offer.values():
                for id_ in self._gaps((kind,), asked["at_least"] or 1):
                    yield 1, id_, None, None, N_("%(person)s lacks a required exercise at the end.")

    def _grassroots_wanted(self, setting: Setting) -> Iterable[Broken]:
        for id_ in self._gaps(tuple(setting["kinds"]), setting["months"]):
            yield 1, id_, None, None, N_("%(person)s lacks time at the grassroots at the end.")

    def _tenure(self, setting: Setting) -> Iterable[Broken]:
        for s, total in self._lengths():
            asked = self.exercises.get(s.kind or "", {})
            least, most = asked.get("at_least"), asked.get("at_most")
            if least is not None and total < least and s.end < self.periods:
                yield 1, s.person, s.post, s.begin, N_("%(person)s leaves %(post)s too soon.")
            elif most is not None and total > most and s.end > 0 and self._had_its_time(s, most):
                yield 1, s.person, s.post, s.begin, N_("%(person)s stays in %(post)s too long.")

    def _had_its_time(self, s: AssignedPosting, most: int) -> bool:
        """Return whether a posting could have ended a period before; a new one always could."""
        if s.going is None or s.going.since is None:
            return True
        return months_between(s.going.since, self.days[s.end - 1]) >= most

    def _settled(self, setting: Setting) -> Iterable[Broken]:
        for s, total in self._lengths():
            if not self._keeps(s.kind) and total < setting["months"] and s.end < self.periods:
                words = N_("%(person)s leaves %(post)s within the first months.")
                yield 1, s.person, s.post, s.begin, words

    def _longest_in_post(self, setting: Setting) -> Iterable[Broken]:
        for s, total in self._lengths():
            if not self._keeps(s.kind) and total > setting["months"] and s.end > 0:
                yield 1, s.person, s.post, s.begin, N_("%(person)s is in %(post)s for too long.")

    def _lasts(self, setting: Setting) -> Iterable[Broken]:
        limits = [x for x in (setting["at_most"], setting["never_over"]) if x is not None]
        for s, total in self._lengths():
            if s.kind not in setting["kinds"]:
                continue
            is_short = total < (setting["at_least"] or 0) and s.end < self.periods
            is_long = bool(limits) and total > min(limits) and s.end > 0
            if is_short or is_long:
                yield (
                    1,
                    s.person,
                    s.post,
                    s.begin,
                    N_("%(person)s in %(post)s: not the usual length."),
                )

    def _no_return(self, setting: Setting) -> Iterable[Broken]:
        words = N_("%(person)s returns to the unit of %(post)s.")
        seen = {(id_, p.unit) for id_, who in self.people.items() for p in who.postings if p.unit}
        for s in sorted(self._news(), key=lambda s: (s.person, s.begin, s.post)):
            unit = self.posts[s.post]["unit"]
            if (s.person, unit) in seen:
                yield 1, s.person, s.post, s.begin, words
            seen.add((s.person, unit))

    def _wishes(self, setting: Setting) -> Iterable[Broken]:
        for s in self.assigned:
            ranked = [wish for wish in self.people[s.person].wishes if wish[0] is not None]
            if not ranked:
                continue
            line = self._line(self.posts[s.post]["unit"])
            hits = [rank for rank, post, unit in ranked if post == s.post or unit in line]
            miss = min([*(rank - 1 for rank in hits if rank), setting["unlisted"]])
            words = N_("%(post)s is not what %(person)s wished for first.")
            yield miss * (s.end - s.begin), s.person, s.post, s.begin, words

    def _avoided(self, setting: Setting) -> Iterable[Broken]:
        for s in self.assigned:
            if setting.is_hard and s.going is not None:
                continue
            line = self._line(self.posts[s.post]["unit"])
            wishes = self.people[s.person].wishes
            if any(
                rank is None and (post == s.post or unit in line) for rank, post, unit in wishes
            ):
                words = N_("%(person)s asked not to be sent to %(post)s.")
                yield s.end - s.begin, s.person, s.post, s.begin, words

    def _hardship_shared(self, setting: Setting) -> Iterable[Broken]:
        weighed = [
            (post["hardship"], 1 if post["capacity"] is None else post["capacity"])
            for id_, post in self.posts.items()
            if post["hardship"] is not None and id_ in self.offer
        ]
        places = sum(capacity for _, capacity in weighed)
        mean = sum(points * capacity for points, capacity in weighed) / places if places else 0
        for id_, who in self.people.items():
            here = sum(not (who.joined and who.joined > day) for day in self.days[:-1])
            share = int(-(-(mean * here - 1e-9) // 1))
            points = sum(
                (self.posts[s.post]["hardship"] or 0) * (s.end - s.begin)
                for s in self.assigned
                if s.person == id_
            )
            yield points - share, id_, None, None, N_("%(person)s bears %(units)s points too many.")

    def _few_moves(self, setting: Setting) -> Iterable[Broken]:
        for s in self._news():
            yield 1, s.person, s.post, s.begin, N_("%(person)s is moved to %(post)s.")
