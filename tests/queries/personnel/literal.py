"""PERSONNEL's rules of a person on a day, read literally and slowly, apart from the model.

Every question is answered for one person and one day by walking plain tuples; no columns, no code
of the model. Tests hold the model to these answers.
"""

import calendar
from dataclasses import dataclass, field, replace
from datetime import date, timedelta


@dataclass
class P:
    """One posting as written."""

    id: str
    post: str
    since: str | None = None
    until: str | None = None
    kind: str | None = "appointment"
    rank: str | None = None
    planned: bool = False
    marks: tuple[str, ...] = ()


@dataclass
class Person:
    id: str
    joined_on: str | None = None
    born_on: str | None = None
    status: str | None = None
    status_since: str | None = None
    service: list[tuple[str, str]] = field(default_factory=list)
    grades: list[tuple[str, str]] = field(default_factory=list)
    dated: list[str] = field(default_factory=list)
    postings: list[P] = field(default_factory=list)


LADDER = ["科员", "副科", "正科", "副处", "正处"]
BESIDE = {"secondment", "platform"}
OUT = {"transferred_out", "resigned", "retired", "dismissed", "died"}
LEFT = {"resigned", "retired", "transferred_out"}
UNKNOWN_AFTER = 3
AGE_LIMIT = 100


def first(text):
    parts = [int(part) for part in text.split("-")]
    return date(*([*parts, 1, 1])[:3])


def last(text):
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], calendar.monthrange(*parts)[1])
    return date(*parts)


def months_later(day, months):
    total = day.year * 12 + day.month - 1 + months
    year, month = total // 12, total % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def is_home(posting):
    return posting.kind not in BESIDE


def actual(person):
    return [p for p in person.postings if not p.planned]


def dated(person):
    return [p for p in actual(person) if p.since]


def begin_of(posting):
    """Where the begin is not known it is long ago."""
    return first(posting.since) if posting.since else date.min


def end_of(person, posting):
    """The day on which a posting ends, None when it goes on; equal to its begin: never held."""
    begin = begin_of(posting)
    if posting.until:
        end = first(posting.until)
        if end <= begin < last(posting.until):
            end = last(posting.until)
        return max(end, begin)
    ends = []
    if is_home(posting):
        for other in dated(person):
            follows = first(other.since) > begin and other.post != posting.post
            if is_home(other) and follows and not set(other.marks) & {"concurrent", "acting"}:
                ends.append(first(other.since))
    if person.born_on:
        ends.append(months_later(first(person.born_on), 12 * AGE_LIMIT))
    last_fact = left_undated(person)
    if last_fact:
        ends.append(last_fact + timedelta(days=1))
    return max(min(ends), begin) if ends else None


def left_undated(person):
    """The last dated fact of somebody whose status says left, without a day; else None."""
    if person.status not in LEFT or any(kind in OUT for kind, _ in person.service):
        return None
    days = [last(text) for text in person.dated]
    for posting in actual(person):
        if posting.since:
            days.append(first(posting.since))
        if posting.until:
            days.append(last(posting.until))
    if person.joined_on:
        days.append(first(person.joined_on))
    return max(days) if days else None


def start_of(person):
    if person.joined_on:
        return first(person.joined_on)
    joined = [first(day) for kind, day in person.service if kind == "joined"]
    if joined:
        return min(joined)
    begins = [first(p.since) for p in dated(person)]
    return min(begins) if begins else None


def is_out(person, day):
    out = False
    for kind, since in sorted(person.service, key=lambda each: first(each[1])):
        if first(since) <= day:
            out = kind in OUT
    return out


def held_on(person, day):
    start = start_of(person)
    if (start is not None and day < start) or is_out(person, day):
        return []
    found = []
    for posting in actual(person):
        end = end_of(person, posting)
        if begin_of(posting) <= day and (end is None or day < end):
            found.append(posting)
    return found


def rank_of(posting):
    return -1 if "acting" in posting.marks or posting.rank is None else LADDER.index(posting.rank)


def main_on(person, day):
    homes = [p for p in held_on(person, day) if is_home(p)]

    def order(posting):
        end = end_of(person, posting) or date.max
        return (
            rank_of(posting),
            "concurrent" not in posting.marks,
            begin_of(posting),
            -end.toordinal(),
            posting.id,
        )

    return max(homes, key=order) if homes else None


def rank_on(person, day):
    ranks = [rank_of(p) for p in held_on(person, day) if is_home(p)]
    return max(ranks) if ranks and max(ranks) >= 0 else None


def has_left_by_load(person, day):
    """Whether a status that says left, without a day, was loaded by the day."""
    is_undated = person.status in LEFT and not any(kind in OUT for kind, _ in person.service)
    return is_undated and bool(person.status_since) and day >= first(person.status_since)


def in_service_on(person, day):
    start = start_of(person)
    if is_out(person, day):
        return "no"
    last_fact = left_undated(person)
    if start is None and not (last_fact and day > last_fact):
        if held_on(person, day):
            return "yes"
        # Nothing dated is known but the load that said that this person has left.
        return "no" if has_left_by_load(person, day) else "not_known"
    if start is not None and day < start:
        return "no"
    if last_fact and day > last_fact:
        return "no" if has_left_by_load(person, day) else "not_known"
    if held_on(person, day):
        return "yes"
    # Walk back to the last day on which a post was held, somebody was back, or service began.
    return "awaiting" if day < months_later(free_since(person, day), UNKNOWN_AFTER) else "not_known"


def free_since(person, asked):
    """The day since which no post was held; of a time long enough to tell, a day that tells it."""
    start, day = start_of(person), asked
    while (
        day > start
        and asked < months_later(day, UNKNOWN_AFTER)
        and not held_on(person, day - timedelta(days=1))
    ):
        day -= timedelta(days=1)
        if is_out(person, day - timedelta(days=1)):
            return day
    return day


def last_rank_on(person, day):
    """The rank on the last day on which a home post was held."""
    day -= timedelta(days=1)
    while day >= start_of(person):
        if main_on(person, day):
            return rank_on(person, day)
        day -= timedelta(days=1)
    return None


def state_on(person, day):
    word = in_service_on(person, day)
    main = main_on(person, day) if word == "yes" else None
    held = held_on(person, day)
    homes = {p.post for p in held if is_home(p)}
    if word == "yes":
        rank = rank_on(person, day)
    elif word == "awaiting":
        rank = last_rank_on(person, day)
    else:
        rank = None
    begun = [(first(since), n, g) for n, (g, since) in enumerate(person.grades)]
    begun = [each for each in begun if each[0] <= day]
    return {
        "in_service": word,
        "main_post": main.post if main else None,
        "also_holds": sorted(homes - {main.post if main else None}),
        "meanwhile_at": sorted({p.post for p in held if not is_home(p)} - homes),
        "rank": None if rank is None else LADDER[rank],
        "grade": max(begun)[2] if begun and word in ("yes", "awaiting") else None,
    }


def moves_by(person, on):
    """The changes of main post by a day, found by looking at every day on which it may change."""
    person = replace(person, postings=[p for p in person.postings if p.since])
    days = set()
    for posting in actual(person):
        days.add(first(posting.since))
        end = end_of(person, posting)
        if end:
            days.add(end)
    days |= {first(day) for _, day in person.service}
    if start_of(person):
        days.add(start_of(person))
    rows, before, ended = [], None, None
    was = None  # the main posting of the piece before
    for day in sorted(day for day in days if day <= on):
        main = main_on(person, day)
        if was is not None and (main is None or main.post != was.post):
            ended = day
        if main is not None and (was is None or main.post != was.post):
            if main.post != before:
                held_before = main in held_on(person, day - timedelta(days=1))
                rows.append(
                    {
                        "person": person.id,
                        "day": day.isoformat(),
                        "from_post": before,
                        "to_post": main.post,
                        "gap_days": None if before is None else (day - ended).days,
                        "how": "remains_in" if held_before and before is not None else "move",
                    }
                )
            before = main.post
        was = main
    return rows


def rank_changes_by(person, on):
    """The changes of rank by a day, found by looking at every day on which it may change."""
    days = {start_of(person)} - {None}
    for posting in actual(person):
        days |= {first(posting.since) if posting.since else None, end_of(person, posting)} - {None}
    days |= {first(day) for _, day in person.service}
    found, before = [], None
    for day in sorted(day for day in days if day <= on):
        rank = rank_on(person, day)
        if rank is not None and rank != before:
            how = "fall" if before is not None and rank < before else "rise"
            found.append((day.isoformat(), LADDER[rank], how))
            before = rank
    return found


def people_of(rows):
    """The people of native rows (`people`, `rotations`, `posts`), by id."""
    rank_of = {post["id"]: post.get("rank") for post in rows["posts"]}
    people = {
        row["id"]: Person(row["id"], joined_on=row.get("joined_on"), status=row.get("status"))
        for row in rows["people"]
    }
    for row in rows["rotations"]:
        rank = row.get("rank") or rank_of[row["post"]]
        people[row["person"]].postings.append(
            P(
                row["id"],
                row["post"],
                row["since"],
                row["until"],
                row.get("kind"),
                rank if rank in LADDER else None,
                row.get("status") == "planned",
                tuple(row.get("marks") or ()),
            )
        )
    return people


def main_posts_by(person, on):
    """The postings that were the main one by a day, in order, each with the day it became so."""
    person = replace(person, postings=[p for p in person.postings if p.since])
    days = {start_of(person)} if start_of(person) else set()
    for posting in actual(person):
        days |= {first(posting.since), end_of(person, posting)} - {None}
    found: list[tuple] = []
    was = None
    for day in sorted(day for day in days if day <= on):
        main = main_on(person, day)
        if main is not None and (was is None or main.post != was.post):
            held_before = main in held_on(person, day - timedelta(days=1))
            found.append((main, day, held_before and bool(found)))
        was = main
    return found
