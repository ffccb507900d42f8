"""The rules of appointment that bind a move, stated once more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from graph.dates import add_months, months_between
from graph.errors import N_
from planning.check.assigned import Broken, Judge
from planning.check.facts import AssignedPosting, Someone
from planning.problem.defaults import Setting


class MoveRules(Judge):
    """Rules about moves: ranks, trials, years to serve first, age, places to avoid."""

    def _rank_kept(self, setting: Setting) -> Iterable[Broken]:
        for s in self._news():
            own, _ = self.people[s.person].rank
            asked = self._ladder(self.posts[s.post]["rank"])
            if self._keeps(s.kind) or s.kind in setting["exempt"]:
                continue
            if own is not None and asked is not None and asked < own:
                yield 1, s.person, s.post, s.begin, N_("%(post)s is below the rank of %(person)s.")

    def _rises(self) -> Iterator[tuple[AssignedPosting, Someone, int, int, date | None]]:
        for s in self._news():
            who = self.people[s.person]
            own, since = who.rank
            asked = self._ladder(self.posts[s.post]["rank"])
            if own is not None and asked is not None and asked > own:
                yield s, who, own, asked, since

    def _level_by_level(self, setting: Setting) -> Iterable[Broken]:
        for s, _, own, asked, since in self._rises():
            is_early = since is not None and self.days[s.begin] < add_months(
                since, setting["months"]
            )
            if asked > own + 1 or is_early:
                words = N_("%(post)s raises %(person)s too far or too soon.")
                yield 1, s.person, s.post, s.begin, words

    def _rank_after(self, setting: Setting) -> Iterable[Broken]:
        trial = self._all("trial_period")
        words = N_("%(person)s has not served long enough for the rank of %(post)s.")
        for s, who, own, _, since in self._rises():
            if self.posts[s.post]["rank"] != setting["rank"]:
                continue
            rank = self.programme.ranks[own].key
            day, is_broken = self.days[s.begin], rank not in setting["from_"]
            if since is not None:
                counted = since
                if not setting["trial_counts"] and who.surely_joined and trial:
                    counted = max(counted, add_months(who.surely_joined, trial[0]["months"]))
                is_broken = is_broken or day < add_months(counted, setting["months"])
            if setting["work_months"] and who.surely_joined:
                is_broken = is_broken or day < add_months(who.surely_joined, setting["work_months"])
            if setting["posts_below"]:
                below = {
                    p.post
                    for p in who.postings
                    if p.post in self.posts and self.posts[p.post]["rank"] == rank
                }
                is_broken = is_broken or len(below) < setting["posts_below"]
            if is_broken:
                yield 1, s.person, s.post, s.begin, words

    def _last_reviews(self, setting: Setting) -> Iterable[Broken]:
        for s, who, *_ in self._rises():
            if set(who.reviews[: setting["last"]]) & set(setting["none_of"]):
                words = N_("An appraisal stands against raising %(person)s to %(post)s.")
                yield 1, s.person, s.post, s.begin, words

    def _home_place(self, setting: Setting) -> Iterable[Broken]:
        for s in self._news():
            post, who = self.posts[s.post], self.people[s.person]
            if post["kind"] not in setting["post_kinds"] or not who.native:
                continue
            line = [self.units[u] for u in self._line(post["unit"]) if u in self.units]
            if line[0]["kind"] not in setting["unit_kinds"]:
                continue
            own, *wider = [unit["name"].split("（")[0] for unit in line]
            is_there = own and (own in who.native or who.native in own)
            if is_there or who.native.endswith(tuple(name for name in wider if name)):
                yield (
                    1,
                    s.person,
                    s.post,
                    s.begin,
                    N_("%(person)s comes from the place of %(post)s."),
                )

    def _trial_period(self, setting: Setting) -> Iterable[Broken]:
        for s in self._news():
            who = self.people[s.person]
            has_post = any(not self._keeps(p.kind) for p in self._present(who))
            is_new = who.surely_joined and self._is_within(s, who.surely_joined, setting["months"])
            if is_new and has_post:
                yield 1, s.person, s.post, s.begin, N_("%(person)s is on trial: %(post)s.")

    def _no_transfer(self, setting: Setting) -> Iterable[Broken]:
        for s in self._news():
            who = self.people[s.person]
            is_new = who.surely_joined and self._is_within(s, who.surely_joined, setting["months"])
            if is_new and s.kind in setting["kinds"]:
                words = N_("%(person)s joined too recently: %(post)s.")
                yield 1, s.person, s.post, s.begin, words

    def _is_within(self, posting: AssignedPosting, since: date, months: int) -> bool:
        return self.days[posting.begin] < add_months(since, months)

    def _hardship_service(self, setting: Setting) -> Iterable[Broken]:
        for s in self._news():
            who = self.people[s.person]
            homes = [p for p in self._present(who) if not self._keeps(p.kind)]
            hard = [
                p for p in homes
                if p.post in self.posts
                and (self.posts[p.post]["hardship"] or 0) >= setting["hardship"]
            ]  # fmt: skip
            if not who.surely_joined or not hard:
                continue
            if self.days[s.begin] >= add_months(who.surely_joined, setting["months"]):
                continue
            longest = setting["allowed_months"]
            is_short = longest is None or (s.end - s.begin) * self.months <= longest
            if s.kind not in setting["allowed_kinds"] or not is_short:
                words = N_("%(person)s has still to serve in hardship: %(post)s.")
                yield 1, s.person, s.post, s.begin, words

    def _age_at_most(self, setting: Setting) -> Iterable[Broken]:
        for s in self._news():
            who, unit = self.people[s.person], self.posts[s.post]["unit"]
            kind = self.units[unit]["kind"]
            is_meant = s.kind in setting["kinds"] and kind in setting["unit_kinds"]
            if who.born and is_meant:
                turned = add_months(who.born, 12 * (setting["years"] + 1))
                if self.days[s.begin] >= turned:
                    yield 1, s.person, s.post, s.begin, N_("%(person)s is too old for %(post)s.")

    def _opposite_way(self, setting: Setting) -> Iterable[Broken]:
        now = self.days[0]
        for s in self._news():
            if s.kind not in setting["kinds"]:
                continue
            months: Counter[str] = Counter()
            for p in self.people[s.person].postings:
                if p.since and p.unit in self.units and not self._keeps(p.kind):
                    spent = months_between(p.since, min(p.until or now, now))
                    for side in ("above", "below"):
                        months[side] += spent * (self.units[p.unit]["kind"] in setting[side])
            long = [side for side in ("above", "below") if months[side] >= setting["months"]]
            kind = self.units[self.posts[s.post]["unit"]]["kind"]
            if len(long) == 1 and kind in setting[long[0]]:
                words = N_("%(person)s has long been on the side of %(post)s.")
                yield 1, s.person, s.post, s.begin, words

    def _changes_in_term(self, setting: Setting) -> Iterable[Broken]:
        since = add_months(self.days[-1], -setting["term_months"])
        for id_, who in self.people.items():
            begun = sum(
                p.since is not None and p.since >= since and not self._keeps(p.kind)
                for p in who.postings
            )
            new = sum(s.going is None for s in self._mains(id_))
            free = max(0, setting["at_most"] - begun)
            words = N_("%(person)s changes posts %(units)s times too often in a term.")
            yield new - free, id_, None, None, words
