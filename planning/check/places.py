"""The rules on who is where, stated once more: one at a time, capacity, kin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from graph.errors import N_
from planning.check.assigned import Broken, Judge
from planning.problem.defaults import Setting


class PlaceRules(Judge):
    """Rules about places: who is where, and who else is."""

    def _one_post(self, setting: Setting) -> Iterable[Broken]:
        for id_ in self.people:
            for track in (self._mains, self._besides):
                held = Counter(t for s in track(id_) for t in range(s.begin, s.end))
                for t in sorted(t for t, times in held.items() if times > 1):
                    yield held[t] - 1, id_, None, t, N_("%(person)s holds two posts on %(since)s.")

    def _agreed_end(self, setting: Setting) -> Iterable[Broken]:
        for id_, p, end in self._ends():
            if p.until is not None:
                agreed = sum(day < p.until for day in self.days[:-1])
                if end != agreed:
                    words = N_("%(person)s in %(post)s does not end on the agreed day.")
                    yield 1, id_, p.post, 0, words

    def _capacity(self, setting: Setting) -> Iterable[Broken]:
        held = Counter((s.post, t) for s in self.assigned for t in range(s.begin, s.end))
        for (post, t), times in sorted(held.items()):
            capacity = self.posts[post]["capacity"]
            if capacity is not None:
                free = max(0, capacity - len(self.others[post, t]))
                yield (
                    times - free,
                    None,
                    post,
                    t,
                    N_("%(post)s holds %(units)s too many on %(since)s."),
                )

    def _offers(self, setting: Setting) -> Iterable[Broken]:
        for s in self._news():
            if self.offer.get(s.post) != s.kind:
                yield 1, s.person, s.post, s.begin, N_("%(post)s does not give that exercise.")

    def _placed(self, setting: Setting) -> Iterable[Broken]:
        for id_, who in self.people.items():
            held = {t for s in self._mains(id_) for t in range(s.begin, s.end)}
            has_post = any(not self._keeps(p.kind) for p in self._present(who))
            for t in range(self.periods):
                is_away = bool(who.joined and who.joined > self.days[t])
                is_away = is_away or (t in who.leave and not has_post)
                if t not in held and not is_away:
                    yield 1, id_, None, t, N_("%(person)s has no post on %(since)s.")

    def _must_cover(self, setting: Setting) -> Iterable[Broken]:
        named = set(self.scenario.get("must_cover", ()))
        for id_, post in self.posts.items():
            if post["kind"] not in setting["post_kinds"] and id_ not in named:
                continue
            for t in range(self.periods):
                held = sum(s.post == id_ and s.begin <= t < s.end for s in self.assigned)
                missing = setting["at_least"] - held - len(self.others[id_, t])
                yield missing, None, id_, t, N_("%(post)s is not covered on %(since)s.")

    def _pinned(self, setting: Setting) -> Iterable[Broken]:
        pins = {(str(a), str(b), int(t)) for a, b, t in self.scenario.get("pins", ())}
        if self.scenario.get("keep_planned", True):
            for person, post, since in self.planned:
                t = sum(day < since for day in self.days)
                if t < self.periods and post in self.offer:
                    pins.add((person, post, t))
        for person, post, t in sorted(pins):
            if not self._holds(person, post, t):
                yield (
                    1,
                    person,
                    post,
                    t,
                    N_("%(person)s is not in %(post)s on %(since)s, as pinned."),
                )

    def _forbidden(self, setting: Setting) -> Iterable[Broken]:
        for person, post, t in self.scenario.get("forbids", ()):
            if self._holds(str(person), str(post), int(t)):
                words = N_("%(person)s is in %(post)s on %(since)s, which is forbidden.")
                yield 1, str(person), str(post), int(t), words

    def _leave(self, setting: Setting) -> Iterable[Broken]:
        for s in self._news():
            who = self.people[s.person]
            away = [
                t
                for t in range(s.begin, s.end)
                if t in who.leave or (who.joined and who.joined > self.days[t])
            ]
            yield len(away), s.person, s.post, s.begin, N_("%(person)s is away: %(post)s.")

    def _keeps_home_post(self, setting: Setting) -> Iterable[Broken]:
        words = N_("The home post of %(person)s is not kept while in %(post)s.")
        for s in self._besides():
            mains = list(self._mains(s.person))
            homes: set[tuple[str | None, int, bool]] = set()
            for t in range(s.begin, s.end):
                homes |= {
                    (m.post, m.begin, m.going is None) for m in mains if m.begin <= t < m.end
                } or {(None, t, True)}
            was_there = s.going is None or any(
                m.begin == 0 and m.going is not None for m in mains if m.begin < s.end
            )
            gap = any(home[0] is None for home in homes)
            if gap or len(homes) > 1 or not was_there:
                yield 1, s.person, s.post, s.begin, words

    def _kin_apart(self, setting: Setting) -> Iterable[Broken]:
        leading = set(setting["leading_post_kinds"])
        wanted = set(setting["relations"])
        words = N_("%(person)s serves with a relative where one leads: %(post)s, %(since)s.")
        pairs = {
            frozenset((a, b))
            for (a, b), relation in self.relatives.items()
            if not wanted or relation in wanted
        }
        for pair in sorted(pairs, key=sorted):
            if len(pair) < 2:
                continue
            one, other = sorted(pair)
            met = set()
            for lead, follow in ((one, other), (other, one)):
                for unit, post, t, is_new in self._places(lead):
                    if leading and self.posts[post]["kind"] not in leading:
                        continue
                    for place, _, at, is_new_too in self._places(follow):
                        is_near = unit in self._line(place) if leading else unit == place
                        if at == t and is_near and (is_new or is_new_too):
                            met.add((t, post))
            for t, post in sorted(met):
                yield 1, one if one in self.people else other, post, t, words

    def _places(self, id_: str) -> Iterator[tuple[str, str, int, bool]]:
        for unit, post, t in sorted(self.seats[id_]):
            yield unit, post, t, False
        for s in self.assigned:
            if s.person == id_:
                for t in range(s.begin, s.end):
                    yield self.posts[s.post]["unit"], s.post, t, s.going is None
