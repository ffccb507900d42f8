"""One invented district of up to 46 trainees: its rows, file by file.

A larger example is many of these side by side. Each draws from its own streams (seed, number of
the district, purpose), so a district's rows do not depend on how many there are or which files are
written. Districts after the first have one tie to an earlier one, so that all hang together.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from random import Random
from typing import NamedTuple

from examples.others import OTHER_POSTS, OTHERS
from examples.words import (
    ACTIVITIES,
    CAREERS,
    CHOSEN_NAMES,
    COUNTIES,
    HAMLETS,
    INVENTED,
    PLACE_HEADS,
    PLACE_TAILS,
    PLACES,
    POSTS,
    SPECIALTIES,
    TOWNS,
    UNITS,
    VILLAGES,
    PostingPattern,
    PostWords,
    month_number,
    new_name,
)

Row = tuple[str | int, ...]

TRAINEES = len(CAREERS)
MENTORS = 16
AS_OF = month_number("2024-06")
COHORTS = {
    year: [i for i, career in enumerate(CAREERS) if career.cohort == year]
    for year in range(2015, 2024)
}
# Who is left out on purpose, by position (T001 is 0): examples/shifeng/README.md lists the gaps.
NO_GRID_DAY = (0, 6, 11, 16, 22, 45)
NO_VILLAGE_MENTOR, NO_PEER, NO_TOWNSHIP_MENTOR = 38, 40, 43
NO_FIRST_LESSON = 44
PEER_OF = {
    i: COHORTS[career.cohort - 2][COHORTS[career.cohort].index(i) % len(COHORTS[career.cohort - 2])]
    for i, career in enumerate(CAREERS)
    if career.cohort >= 2017 and i != NO_PEER
}
PEERS = set(PEER_OF.values())


def text(month: int, day: int | None = None) -> str:
    """Write a count of months (and a day) as a date."""
    written = f"{month // 12}-{month % 12 + 1:02d}"
    return f"{written}-{day:02d}" if day else written


class TraineePosting(NamedTuple):
    """One rotation of a trainee, with its months for counting places."""

    trainee: int
    post: int
    kind: str
    since: str
    until: str
    status: str
    rank: str
    month: int


class NeededPosting(NamedTuple):
    """A posting that needs a post; `place` is a key of POSTS_FOR."""

    month: int
    trainee: int
    kind: str
    place: str
    since: str
    until: str
    last: int | None  # the last month that takes room
    rank: str


class SecretaryTerm(NamedTuple):
    """One mentor's time as secretary of a township or village."""

    mentor: int
    unit: int
    since: str
    until: str
    first: int
    last: int | None


def _terms() -> tuple[SecretaryTerm, ...]:
    """Return who led the party in which unit when; both sides of a change have the same day."""
    town, village = TOWNS[0], VILLAGES[0]
    terms = [
        SecretaryTerm(13, town, "2010", "2019-12", 2010 * 12, month_number("2019-12")),
        SecretaryTerm(0, town, "2019-12", "", month_number("2019-12"), None),
        SecretaryTerm(5, TOWNS[5], "2012", "", 2012 * 12, None),
        SecretaryTerm(14, village, "2011", "2020-12", 2011 * 12, month_number("2020-12")),
        SecretaryTerm(6, village, "2020-12", "", month_number("2020-12"), None),
    ]
    change, day = month_number("2020-03"), "2020-03-16"
    for mentor in range(1, 5):  # four secretaries changed places
        first = TOWNS[mentor]
        then = TOWNS[mentor % 4 + 1]
        terms.append(
            SecretaryTerm(mentor, first, str(2011 + mentor), day, (2011 + mentor) * 12, change)
        )
        terms.append(SecretaryTerm(mentor, then, day, "", change, None))
    for mentor in range(7, 13):
        since = "2012-05" if mentor == 7 else "2015-03"
        left = "2024-03-15" if mentor == 10 else ""  # the ties stay open: `last` is not set
        terms.append(
            SecretaryTerm(mentor, VILLAGES[mentor - 6], since, left, month_number(since), None)
        )
    return tuple(terms)


TERMS = _terms()
SECRETARY = {post.unit: i for i, post in enumerate(POSTS) if post.kind == "secretary"}
VILLAGE_OF = {UNITS[village].parent: village for village in reversed(VILLAGES)}
HELD_BY_MENTOR = next(i for i, post in enumerate(POSTS) if post.unit == 6)


def _posts_for() -> dict[str, list[int]]:
    """Return the posts that each kind of step may take."""
    found: dict[str, list[int]] = {}
    for i, post in enumerate(POSTS):
        place = post.kind
        if post.kind == "key":
            place = post.rank + "key"
        elif post.kind == "grassroots":
            place = "village" if post.unit in VILLAGES else "township"
        if i != HELD_BY_MENTOR:
            found.setdefault(place, []).append(i)
    return found


POSTS_FOR = _posts_for()
FIRST_MONTH, MONTHS = 2000 * 12, 360
BESIDE = ("secondment", "platform")  # kinds of rotation that keep the home post
ON_LEAVE = 30
FIRST_GRADE = {"本科": "一级科员", "硕士": "四级主任科员", "博士": "二级主任科员"}
LINKED = 29  # the trainee with a mentor from another district


class District:
    """One district: `number` from 0, the first `trainees` of its 46, drawn from `seed`."""

    def __init__(self, number: int, trainees: int, seed: int) -> None:
        self.number = number
        self.trainees = min(trainees, TRAINEES)
        self.seed = seed
        draw = self.draw("careers")
        self.joined = [
            (career.cohort * 12 + 6 + draw.randrange(2), draw.randint(1, 28)) for career in CAREERS
        ]
        self.paths: list[list[TraineePosting]] = [[] for _ in CAREERS]  # of each trainee, in time
        for posting in self._place(draw):
            self.paths[posting.trainee].append(posting)

    # --- identities ---------------------------------------------------------------------------

    def draw(self, purpose: str) -> Random:
        """Return the stream of random numbers for one purpose."""
        return Random(f"{self.seed}/{self.number}/{purpose}")

    def trainee(self, i: int) -> str:
        """Return the id of a trainee by position in the district."""
        return f"T{self.number * TRAINEES + i + 1:03d}"

    def mentor(self, i: int) -> str:
        """Return the id of a mentor who is no trainee."""
        return f"M{self.number * MENTORS + i + 1:03d}"

    def other(self, i: int) -> str:
        """Return the id of somebody beside the trainees and mentors."""
        return f"C{self.number * len(OTHERS) + i + 1:03d}"

    def unit(self, i: int) -> str:
        """Return the id of a unit."""
        return f"U{self.number * len(UNITS) + i + 1:02d}"

    def post(self, i: int) -> str:
        """Return the id of a post."""
        return f"P{self.number * (len(POSTS) + len(OTHER_POSTS)) + i + 1:02d}"

    def activity(self, i: int) -> str:
        """Return the id of an activity."""
        return f"A{self.number * len(ACTIVITIES) + i + 1:03d}"

    @cached_property
    def unit_names(self) -> list[str]:
        """Return the invented names of the units; only the first district's are fixed."""
        places, hamlets = list(PLACES), list(HAMLETS)
        name = UNITS[0].name
        if self.number:
            draw = self.draw("places")
            made = [
                draw.choice(PLACE_HEADS) + draw.choice(PLACE_TAILS)
                for _ in range(len(PLACES) + len(HAMLETS))
            ]
            places, hamlets = made[: len(PLACES)], made[len(PLACES) :]
            name = f"石峰{self.number + 1}区"
        words = {f"place{i}": place for i, place in enumerate(places)}
        words |= {f"hamlet{i}": hamlet for i, hamlet in enumerate(hamlets)}
        return [name + INVENTED, *(unit.name.format(**words) for unit in UNITS[1:])]

    # --- careers ------------------------------------------------------------------------------

    def joined_text(self, i: int) -> str:
        """Give the day a trainee joined, as known."""
        month, day = self.joined[i]
        return text(month, None if i == 5 else day)  # one is known by the month only

    def _place(self, draw: Random) -> Iterator[TraineePosting]:
        """Put everybody, in the order of time, on posts that have room."""
        room = [bytearray(MONTHS) for _ in POSTS]  # people on each post, by month
        home: dict[int, int] = {}
        for wish in sorted(self._wanted(draw)):
            until = wish.last or FIRST_MONTH + MONTHS - 1
            months = range(wish.month - FIRST_MONTH, until - FIRST_MONTH + 1)
            free = [
                post
                for post in POSTS_FOR[wish.place]
                if max(room[post][months.start : months.stop]) < POSTS[post].capacity
            ]
            elsewhere = [post for post in free if POSTS[post].unit != home.get(wish.trainee)]
            post = draw.choice(elsewhere or free)
            for month in months:
                room[post][month] += 1
            if wish.kind not in BESIDE:
                home[wish.trainee] = POSTS[post].unit
            yield TraineePosting(
                wish.trainee,
                post,
                wish.kind,
                wish.since,
                wish.until,
                "planned" if wish.month > AS_OF else "actual",
                wish.rank,
                wish.month,
            )

    def _wanted(self, draw: Random) -> Iterator[NeededPosting]:
        for i, career in enumerate(CAREERS):
            steps = list(career.steps)
            if career.planned:
                steps.append(PostingPattern(career.planned, "appointment", "staff", "科员"))
            since = [text(step.month, draw.randint(1, 28)) for step in steps]
            if i in (3, 8):  # two changes are known by the month only
                since[0] = text(steps[0].month)
            place = "village" if career.in_village else "township"
            first = PostingPattern(self.joined[i][0], "grassroots", place, "科员")
            chain = [(first, self.joined_text(i)), *zip(steps, since, strict=True)]
            for at, (step, day) in enumerate(chain):
                after, until = chain[at + 1] if at + 1 < len(chain) else (None, "")
                where = step.rank + step.post_kind if step.post_kind == "key" else step.post_kind
                last = after.month if after else None
                yield NeededPosting(step.month, i, step.kind, where, day, until, last, step.rank)
            for kind, beside in zip(BESIDE, (career.secondment, career.platform), strict=True):
                if beside:
                    month, length = beside
                    rank = [step.rank for step in career.steps if step.month <= month][-1]
                    until_month = month + length if length else None
                    date = draw.randint(1, 28)
                    until = text(until_month, date) if until_month else ""
                    yield NeededPosting(
                        month, i, kind, kind, text(month, date), until, until_month, rank
                    )

    def home_of(self, i: int) -> PostWords:
        """Return the post that a trainee holds at home on the as-of day."""
        path = reversed(self.paths[i])
        return POSTS[
            next(each.post for each in path if each.status == "actual" and each.kind not in BESIDE)
        ]

    # --- the files ----------------------------------------------------------------------------

    def units(self, parent: str = "") -> Iterator[Row]:
        """Yield id, name, kind, part_of; the district itself may be part of an area."""
        for i, unit in enumerate(UNITS):
            above = parent if unit.parent is None else self.unit(unit.parent)
            yield self.unit(i), self.unit_names[i], unit.kind, above

    def posts(self) -> Iterator[Row]:
        """Yield id, title, unit, rank, kind, capacity, demands, hardship."""
        for i, post in enumerate(POSTS):
            yield (
                self.post(i),
                post.title,
                self.unit(post.unit),
                post.rank,
                post.kind,
                post.capacity,
                post.demands,
                post.hardship,
            )

    def people(self) -> Iterator[Row]:
        """Yield the trainees, then the mentors who never were one."""
        draw = self.draw("people")
        names: set[str] = set(CHOSEN_NAMES.values())
        for i, career in enumerate(CAREERS[: self.trainees]):
            name = new_name(draw, names)
            if self.number == 0:
                name = CHOSEN_NAMES.get(i + 1, name)
            education = draw.choices(("本科", "硕士", "博士"), (60, 35, 5))[0]
            education = ("博士", "硕士", "本科")[i] if i < 3 else education
            age = {"本科": 22, "硕士": 25, "博士": 28}[education] + draw.randrange(3)
            born = text((career.cohort - age) * 12 + draw.randrange(12), draw.randint(1, 28))
            yield (
                self.trainee(i),
                name,
                "trainee;mentor" if i in PEERS else "trainee",
                career.cohort,
                self.joined_text(i),
                born[: draw.choice((4, 7, 10, 10))],
                draw.choice(COUNTIES),
                education,
                ";".join(draw.sample(SPECIALTIES, draw.choice((1, 1, 2)))),
                "on_leave" if i == ON_LEAVE else "active",
                draw.choice((2, 3)) if i in PEERS else "",
            )
        load = [0] * MENTORS
        for mentor, _, _, _, until in self._secretary_ties():
            load[mentor] += not until
        fullest = max(range(6, 13), key=lambda mentor: load[mentor])
        for i in range(MENTORS):
            spare = -1 if i == fullest else draw.choice((1, 2))  # one carries more than agreed
            retired = i in (13, 14)
            yield (
                self.mentor(i),
                new_name(draw, names),
                "mentor",
                "",
                "",
                str(draw.randint(1957, 1960) if retired else draw.randint(1966, 1980)),
                draw.choice(COUNTIES),
                draw.choice(("大专", "本科", "硕士")),
                draw.choice(SPECIALTIES),
                "retired" if retired else "active",
                "" if retired else max(load[i] + spare, 1),
            )

    def rotations(self) -> Iterator[Row]:
        """Yield person, post, kind, since, until, status, rank, marks."""
        for i, path in enumerate(self.paths[: self.trainees]):
            for each in path:
                post, period = self.post(each.post), (each.since, each.until)
                yield self.trainee(i), post, each.kind, *period, each.status, each.rank, ""
        for term in TERMS:
            post = self.post(SECRETARY[term.unit])
            yield (
                self.mentor(term.mentor),
                post,
                "appointment",
                term.since,
                term.until,
                "actual",
                "",
                "",
            )
        head = self.post(HELD_BY_MENTOR)
        yield self.mentor(15), head, "appointment", "2018-05", "", "actual", "", ""

    def service(self) -> Iterator[Row]:
        """Yield person, kind, since, until, to, document, note: who retired, who is on leave."""
        for mentor, since, document in ((13, "2020-01-01", 21), (14, "2021-01-01", 30)):
            number = f"石组〔{int(since[:4]) - 1}〕{document}号"
            yield self.mentor(mentor), "retired", since, "", "", number, ""
        if self.trainees > ON_LEAVE:
            yield self.trainee(ON_LEAVE), "leave", "2024-06-03", "2024-09-02", "", "", "产假"

    def grades(self) -> Iterator[Row]:
        """Yield person, grade, since, document: the first grade after the trial, by education."""
        for i, row in enumerate(list(self.people())[: self.trainees]):
            month, _ = self.joined[i]
            if month + 12 <= AS_OF:
                year, rest = self.joined_text(i).split("-", 1)
                since, number = f"{int(year) + 1}-{rest}", f"石组〔{int(year) + 1}〕{40 + i}号"
                yield row[0], FIRST_GRADE[str(row[7])], since, number

    def mentoring(self) -> Iterator[Row]:
        """Yield mentor, trainee, kind, since, until."""
        for mentor, i, kind, since, until in self._secretary_ties():
            yield self.mentor(mentor), self.trainee(i), kind, since, until
        for i, mentor in PEER_OF.items():
            if i < self.trainees:
                since = f"{CAREERS[i].cohort}-09-15"
                yield (
                    self.trainee(mentor),
                    self.trainee(i),
                    "peer",
                    since,
                    self._grassroots_until(i),
                )
        if self.number and self.trainees > LINKED:
            elder = f"T{(self.number - 1) // 3 * TRAINEES + 1:03d}"
            yield elder, self.trainee(LINKED), "peer", "2021-10-08", self._grassroots_until(LINKED)

    def _grassroots_until(self, i: int) -> str:
        """Give the day a trainee left the grassroots stage; empty while it lasts."""
        return "" if CAREERS[i].planned else self.paths[i][0].until

    def _secretary_ties(self) -> Iterator[tuple[int, int, str, str, str]]:
        """Yield the ties to township and village secretaries, from entry to a key post or a rise.

        Where a secretary leaves meanwhile, the successor takes over; one village's did not.
        """
        for i in range(self.trainees):
            mine = self.paths[i]
            unit = POSTS[mine[0].post].unit
            town = UNITS[unit].parent if unit in VILLAGES else unit
            village = unit if unit in VILLAGES else VILLAGE_OF[unit]
            grown = next(
                (each for each in mine if each.kind == "key_post" or each.rank != "科员"), None
            )
            joined, last = self.joined[i][0], grown.month if grown else AS_OF + 1
            for term in TERMS:
                kind = "township" if term.unit == town else "village"
                skipped = NO_TOWNSHIP_MENTOR if kind == "township" else NO_VILLAGE_MENTOR
                if term.unit not in (town, village) or i == skipped:
                    continue
                if term.first >= last or (term.last is not None and term.last <= joined):
                    continue
                since = term.since if term.first > joined else self.joined_text(i)
                until = grown.since if grown else ""
                if term.last is not None and term.last < last:
                    until = term.until
                if i == 1 and kind == "village":
                    since = since[:4]  # one tie is known by the year only
                yield term.mentor, i, kind, since, until

    def wishes(self) -> Iterator[Row]:
        """Yield person, post, unit, rank_of_wish, avoid."""
        draw = self.draw("wishes")
        posts = [p for p, post in enumerate(POSTS) if post.kind in ("key", "deputy", "secondment")]
        for i in range(self.trainees):
            if self.home_of(i).kind in ("leader", "unit_head") or draw.random() < 0.2:
                continue
            first, second = draw.sample(posts, 2)
            yield self.trainee(i), self.post(first), "", 1, ""
            if draw.random() < 0.5:
                yield self.trainee(i), self.post(second), "", 2, ""
            if draw.random() < 0.3:
                taken = {POSTS[first].unit, POSTS[second].unit}
                units = [unit for unit in range(1, len(UNITS)) if unit not in taken]
                yield self.trainee(i), "", self.unit(draw.choice(units)), "", "true"

    def kin(self) -> Iterator[Row]:
        """Yield person, relative, relation; one pair serves where one of the two leads."""
        pairs = [(9, 25, "in_law"), (18, 20, "spouse")]
        homes = [self.home_of(i) for i in range(self.trainees)]
        together = [
            (head, i, "spouse")
            for head, home in enumerate(homes)
            for i, other in enumerate(homes)
            if home.kind == "unit_head" and other.unit == home.unit and i not in (head, 9, 18, 20)
        ]
        for a, b, relation in [*pairs, *together[:1]]:
            if max(a, b) < self.trainees:
                yield self.trainee(a), self.trainee(b), relation
        if self.trainees > 31:
            yield self.trainee(31), self.mentor(3), "parent"
