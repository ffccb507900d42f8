"""Read a planning problem from the graph, with the Cypher of `questions`.

What the data cannot decide is noted and left unbound, never guessed; what cannot be planned from
at all is one InputError with a sentence for each place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from graph.dates import first_day, last_day
from graph.errors import N_, InputError
from graph.errors import Problem as DataProblem
from graph.programme import Programme, Rule
from graph.store import Row, Store
from planning.problem.defaults import Setting, settle
from planning.problem.horizon import Horizon
from planning.problem.instance import (
    BegunPosting,
    FixedPosting,
    Note,
    OfferedPost,
    Pin,
    PlannedPerson,
    PlanningProblem,
    Wish,
    few,
    undecided,
)
from planning.problem.mentors_and_kin import kin_of, mentors_for, postings_of_others
from planning.problem.scenario import Scenario
from planning.problem.serving import Serving, foreseen, is_planned_for, serving
from planning.problem.units_and_exercises import exercises_of, offered_by, units_of
from queries.personnel import Personnel
from queries.planning import (
    PEOPLE,
    PLANNED_ROTATIONS,
    POSTS,
    PRACTISED,
    REVIEWS,
    TRAINEES,
    WISHES_FOR_POSTS,
    WISHES_FOR_UNITS,
)
from queries.sentences import Sentence, Term, say

MOST_PEOPLE = 5_000

NO = {"", "false", "no", "0", "否", "不"}


def read_problem(
    store: Store,
    programme: Programme,
    rules: tuple[Rule, ...],
    horizon: Horizon,
    scenario: Scenario | None = None,
    settings: tuple[Setting, ...] | None = None,
) -> PlanningProblem:
    """Read everything a plan needs; `settings` replaces the rules that `rules.yaml` leads to."""
    scenario = scenario or Scenario()
    settled, passed = settle(rules, programme)
    reader = _ProblemReader(store, programme, horizon, scenario, settings or settled)
    if passed:
        template = N_(
            "Rules %(numbers)s are about grades and trials; planning does not judge them."
        )
        reader.notes.append(Note("rules", say(template, numbers=tuple(passed))))
    return reader.problem()


class _ProblemReader:
    """Reads part after part; kept in one object because later parts need earlier ones."""

    def __init__(
        self,
        store: Store,
        programme: Programme,
        horizon: Horizon,
        scenario: Scenario,
        settings: tuple[Setting, ...],
    ) -> None:
        self.store, self.programme, self.horizon = store, programme, horizon
        self.scenario, self.settings = scenario, settings
        self.notes: list[Note] = []
        self.version = store.version()
        self.day = horizon.since

    def problem(self) -> PlanningProblem:
        self.exercises = exercises_of(self.programme, self.settings)
        self.units = units_of(self.store)
        self.posts = self._posts()
        rows = self._people_rows()
        self.ids = [row["id"] for row in rows]
        model = self._foreseen(self.ids)
        served = {id_: serving(model, id_, self.day) for id_ in self.ids}
        people = self._people(rows, served)
        needs, groups = mentors_for(
            self.store, self.programme, self.settings, self.horizon, self.ids, self.notes
        )
        return PlanningProblem(
            horizon=self.horizon,
            people=people,
            posts=self.posts,
            units=self.units,
            settings=self.settings,
            ranks=tuple(term.key for term in self.programme.ranks),
            exercises=self.exercises,
            kin=kin_of(self.store, self.settings, self.ids),
            fixed=(
                *postings_of_others(model, self.horizon, self.ids),
                *self._also_held(people, served),
            ),
            mentor_groups=groups,
            mentor_needs=needs,
            covered=self._covered(),
            pins=self._pins(),
            forbids=self._checked(self.scenario.forbids),
            waived=self.scenario.waived,
            notes=tuple(self.notes),
            data_version=self.version,
        )

    def _setting(self, name: str) -> Setting | None:
        return next((each for each in self.settings if each.name == name), None)

    def _note(self, rule: str, template: str, **values: object) -> None:
        self.notes.append(Note(rule, say(template, **values)))

    def _undecided(self, rule: str, what: str, names: Iterable[str]) -> None:
        named = sorted(names)
        if named:
            self.notes.append(undecided(rule, Sentence(what), named))

    # --- posts

    def _posts(self) -> tuple[OfferedPost, ...]:
        offered = offered_by(self.store, self.programme, self.exercises, self.scenario)
        posts = []
        for row in self.store.read(POSTS):
            kind: str | None = row["kind"]
            posts.append(
                OfferedPost(
                    row["id"],
                    row["name"],
                    row["unit"],
                    row["rank"],
                    kind,
                    self.scenario.capacities.get(row["id"], row["capacity"]),
                    tuple(row["demands"] or ()),
                    row["hardship"],
                    offered.get(kind),
                )
            )
        if not posts:
            raise InputError(
                N_("There is no post to plan for."), N_("Load posts with the units they stand in.")
            )
        unknown = sorted(set(self.scenario.capacities) - {post.id for post in posts})
        if unknown:
            raise InputError(
                N_('No post has the id "%(post)s", whose capacity was given.'), post=unknown[0]
            )
        closed = [post.name for post in posts if post.capacity == 0]
        if closed:
            template = N_("%(count)s posts have capacity 0, so nobody is placed there: %(names)s.")
            self._note("capacity", template, count=len(closed), names=few(closed))
        self._undecided(
            "capacity", N_("The capacity"), (p.name for p in posts if p.capacity is None)
        )
        self._undecided(
            "offers", N_("The kind of exercise"), (p.name for p in posts if p.exercise is None)
        )
        self._undecided(
            "hardship_shared", N_("The hardship"), (p.name for p in posts if p.hardship is None)
        )
        return tuple(posts)

    def _covered(self) -> tuple[str, ...]:
        setting = self._setting("must_cover")
        kinds = set(setting["post_kinds"]) if setting else set()
        ids = {post.id for post in self.posts}
        unknown = [each for each in self.scenario.must_cover if each not in ids]
        if unknown:
            raise InputError(
                N_('No post has the id "%(post)s", which must be covered.'), post=unknown[0]
            )
        named = set(self.scenario.must_cover)
        return tuple(post.id for post in self.posts if post.kind in kinds or post.id in named)

    # --- people

    def _people_rows(self) -> list[Row]:
        ids = list(self.scenario.people) or [
            row["id"] for row in self.store.read(TRAINEES, limit=MOST_PEOPLE + 1)
        ]
        if len(ids) > MOST_PEOPLE:
            raise InputError(
                N_("More than %(most)s {trainees} cannot be planned at once."),
                N_("Choose the people to plan for."),
                most=MOST_PEOPLE,
            )
        rows = self.store.read(PEOPLE, ids=ids)
        missing = sorted(set(self.scenario.people) - {row["id"] for row in rows})
        if missing:
            raise InputError(
                N_('No person has the id "%(person)s".'),
                N_("Choose people by their id."),
                person=missing[0],
            )
        rows = self._serving(rows)
        if not rows:
            raise InputError(
                N_("There is nobody to plan for."), N_("Load people in the role of {trainee}.")
            )
        return rows

    def _foreseen(self, ids: list[str]) -> Personnel:
        keeps = {need.kind for need in self.exercises if need.keeps_home}
        return foreseen(self.store, self.programme, frozenset(keeps), ids, self.day)

    def _serving(self, rows: list[Row]) -> list[Row]:
        """Leave out, and tell, who left or is not known to serve on the first day."""
        setting = self._setting("leave")
        away = set(setting["gone"]) if setting else set()
        model = self._foreseen([row["id"] for row in rows])
        day, left, unknown, kept = model.on(self.day), [], [], []
        for row in rows:
            if row["status"] in away or day.has_left(row["id"]):
                left.append(row["name"])
            elif not is_planned_for(model, row["id"], self.day):
                unknown.append(row["name"])
            else:
                kept.append(row)
        if left:
            self._note("leave", N_("%(names)s have left and are not planned."), names=few(left))
        if unknown:
            template = N_("%(names)s are not known to serve on %(day)s and are not planned.")
            self._note("leave", template, names=few(unknown), day=self.day.isoformat())
        return kept

    def _people(self, rows: list[Row], served: Mapping[str, Serving]) -> tuple[PlannedPerson, ...]:
        wishes = self._wishes()
        leaves = self._leaves({row["id"]: row for row in rows})
        practised, reviews = self._practised(), self._reviews()
        people, problems = [], []
        for row in rows:
            mine = served[row["id"]]
            problems += [self._overlap(row, several) for several in mine.too_many]
            joined = _day(row["joined_on"])
            days = self.horizon.days[:-1]
            people.append(
                PlannedPerson(
                    id=row["id"],
                    name=row["name"],
                    joined_on=last_day(row["joined_on"]) if row["joined_on"] else None,
                    born_on=_day(row["born_on"]),
                    native_place=row["native_place"],
                    specialties=tuple(row["specialties"] or ()),
                    rank=mine.rank,
                    rank_since=mine.rank_since,
                    history=mine.history,
                    main=mine.main,
                    beside=mine.beside,
                    wishes=tuple(wishes[row["id"]]),
                    leave=frozenset(leaves[row["id"]]),
                    absent=frozenset(t for t, day in enumerate(days) if joined and joined > day),
                    practised=frozenset(practised[row["id"]]),
                    reviews=tuple(reviews[row["id"]]),
                )
            )
        if problems:
            raise InputError(
                N_("Two posts at once on %(day)s are held by: %(names)s (%(count)s)."),
                N_("End one of the postings, or make it a secondment."),
                problems,
                count=len(problems),
                day=self.day.isoformat(),
                names=", ".join(problem.value or "" for problem in problems[:5]),
            )
        self._report_unknown(people)
        return tuple(people)

    def _also_held(
        self, people: tuple[PlannedPerson, ...], served: Mapping[str, Serving]
    ) -> list[FixedPosting]:
        """Return, and tell, what runs beside the main posts: it goes on, and takes its place."""
        units, fixed = {post.id: post.unit for post in self.posts}, []
        for person in people:
            for held in served[person.id].also:
                post, until = held.posting.post, held.posting.until
                if post not in units:
                    continue
                days = self.horizon.days[:-1]
                periods = {t for t, day in enumerate(days) if until is None or until > day}
                fixed.append(
                    FixedPosting(
                        person.id,
                        person.name,
                        post,
                        units[post],
                        frozenset(periods),
                        held.is_acting,
                    )
                )
        if fixed:
            template = N_("Posts held beside the main one go on as they are: %(names)s.")
            names = {post.id: post.name for post in self.posts}
            told = [f"{each.name} {names[each.post]}" for each in fixed]
            self._note("one_post", template, names=few(told))
        return fixed

    def _overlap(self, row: Row, several: tuple[BegunPosting, ...]) -> DataProblem:
        posts = {post.id: post.name for post in self.posts}
        shown = "、".join(
            f"{posts.get(each.post, each.post)} ({each.since or '?'})" for each in several
        )
        return DataProblem(
            "error",
            None,
            None,
            None,
            None,
            row["id"],
            "two_current_posts",
            f"{row['name']} ({row['id']}) holds {shown} on {self.day.isoformat()}.",
            "End one of the postings, or make it a secondment.",
        )

    def _leaves(self, rows: Mapping[str, Row]) -> dict[str, set[int]]:
        leaves: dict[str, set[int]] = defaultdict(set)
        known = set()
        for person, since, until in self.scenario.leaves:
            if person not in rows:
                raise InputError(
                    N_('A leave names "%(person)s", who is not planned.'), person=person
                )
            try:
                begins, ends = first_day(since), first_day(until) if until else self.horizon.until
            except ValueError:
                raise InputError(
                    N_("A leave of %(person)s names no days: %(since)s to %(until)s."),
                    N_("Give a day such as 2024-07-01."),
                    person=person,
                    since=since,
                    until=until,
                ) from None
            known.add(person)
            for t in range(self.horizon.periods):
                if begins < self.horizon.days[t + 1] and ends > self.horizon.days[t]:
                    leaves[person].add(t)
        setting = self._setting("leave")
        statuses = set(setting["statuses"]) if setting else set()
        for id_, row in rows.items():
            if row["status"] in statuses and id_ not in known:
                leaves[id_] |= set(range(self.horizon.periods))
                template = N_("%(name)s is on leave until an unknown day: no new post is given.")
                self._note("leave", template, name=row["name"])
        return leaves

    def _wishes(self) -> dict[str, list[Wish]]:
        wishes: dict[str, list[Wish]] = defaultdict(list)
        for query in (WISHES_FOR_POSTS, WISHES_FOR_UNITS):
            for row in self.store.read(query, ids=self.ids):
                avoid = str(row["avoid"] or "").strip().lower() not in NO
                rank = None if avoid else row["rank"] or 1
                wishes[row["person"]].append(Wish(rank, row.get("post"), row.get("unit")))
        return wishes

    def _practised(self) -> dict[str, set[str]]:
        practised: dict[str, set[str]] = defaultdict(set)
        kinds = [need.kind for need in self.exercises]
        for row in self.store.read(PRACTISED, ids=self.ids, kinds=kinds):
            practised[row["person"]].add(row["kind"])
        return practised

    def _reviews(self) -> dict[str, list[str]]:
        reviews: dict[str, list[str]] = defaultdict(list)
        setting = self._setting("last_reviews")
        if setting:
            rows = self.store.read(
                REVIEWS, ids=self.ids, kind=setting["record"], day=self.day.isoformat()
            )
            for row in rows:
                if row["result"] and len(reviews[row["person"]]) < setting["last"]:
                    reviews[row["person"]].append(row["result"])
        return reviews

    def _report_unknown(self, people: list[PlannedPerson]) -> None:
        has_demands = any(post.demands for post in self.posts)
        checks = (
            ("demands", N_("The specialty"), has_demands, lambda p: not p.specialties),
            ("rank_kept", N_("The rank"), bool(self.programme.ranks), lambda p: p.rank is None),
            ("no_transfer", N_("The day of joining"), True, lambda p: p.joined_on is None),
            ("age_at_most", N_("The day of birth"), True, lambda p: p.born_on is None),
            ("home_place", N_("The native place"), True, lambda p: not p.native_place),
            ("tenure", N_("The beginning of the present post"), True, _begins_unknown),
        )
        for rule, what, matters, is_unknown in checks:
            if matters and self._setting(rule):
                self._undecided(rule, what, (p.name for p in people if is_unknown(p)))
        wishing = sum(bool(p.wishes) for p in people)
        if self._setting("wishes") and wishing < len(people):
            template = N_("%(count)s people have stated no wish; any post costs them nothing.")
            self._note("wishes", template, count=len(people) - wishing)
        if self._setting("exercises"):
            offered = {post.exercise for post in self.posts}
            for need in self.exercises:
                if need.required and need.kind not in offered:
                    template = N_("No post offers %(kind)s, so a plan cannot close that gap.")
                    self._note("exercises", template, kind=Term("rotation_kinds", need.kind))

    # --- what the planner asks for

    def _pins(self) -> tuple[Pin, ...]:
        pins = list(self._checked(self.scenario.pins))
        if not self.scenario.keep_planned:
            return tuple(pins)
        offered = {post.id for post in self.posts if post.exercise}
        kept = []
        for row in self.store.read(PLANNED_ROTATIONS, ids=self.ids):
            since = first_day(row["since"])
            if since < self.day:
                continue
            period = self.horizon.boundary(since)
            if period < self.horizon.periods and row["post"] in offered:
                pin = Pin(row["person"], row["post"], period)
                kept += [pin] if pin not in pins else []
        if kept:
            template = N_("%(count)s planned rotations in the data are kept as pins.")
            self._note("pinned", template, count=len(kept))
        return tuple(sorted({*pins, *kept}))

    def _checked(self, pins: tuple[Pin, ...]) -> tuple[Pin, ...]:
        posts, people = {post.id for post in self.posts}, set(self.ids)
        for pin in pins:
            if pin.person not in people:
                raise InputError(
                    N_('A pin names "%(person)s", who is not planned.'), person=pin.person
                )
            if pin.post not in posts:
                raise InputError(
                    N_('A pin names the post "%(post)s", which is not stored.'), post=pin.post
                )
            if not 0 <= pin.period < self.horizon.periods:
                raise InputError(
                    N_("A pin of %(person)s names period %(period)s, outside the horizon."),
                    N_("Periods are 0 to %(last)s."),
                    person=pin.person,
                    period=pin.period,
                    last=self.horizon.periods - 1,
                )
        return tuple(sorted(set(pins)))


def _day(text: str | None) -> date | None:
    return first_day(text) if text else None


def _begins_unknown(person: PlannedPerson) -> bool:
    return person.main is not None and person.main.since is None
