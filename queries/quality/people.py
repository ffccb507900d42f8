"""What is doubtful about postings and service of single people, found over columns.

A posting counts here as the model reads it on the day: what begins later does not exist, an end to
come is no end yet. Only what every reading of an uncertain date says is told as a fact.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from graph.dates import LONG_AGO, century_after, first_day, is_date, last_day
from graph.errors import N_
from queries.personnel.days import (
    OPEN,
    UNKNOWN,
    Bools,
    Ints,
    add_months,
    day_number,
    day_of_number,
    first_of_each,
)
from queries.personnel.model import Personnel
from queries.personnel.state import NOT_KNOWN
from queries.quality.finding import QualityFinding, Where, Who
from queries.sentences import Term

OLD = day_number(first_day(LONG_AGO))


class TimesAsked(NamedTuple):
    """What the stored rules of appointment ask of times, in months; None where they say nothing."""

    trial: int | None = None
    between_rises: int | None = None


class SeenPeople:
    """Some people as they are known on a day."""

    def __init__(self, model: Personnel, on: date, asked: TimesAsked) -> None:
        self.model = model
        self.columns = model.columns
        self.on = on
        self.number = day_number(on)
        self.asked = asked
        # What each finding takes, looked up once.
        self._ids, self._post_ids = model.columns.ids, model.columns.post_ids
        self._person_ids = model.columns.person_ids

    @cached_property
    def actual(self) -> Bools:
        """Mark the postings that are known to have begun by the day."""
        since = self.columns.since
        return ~self.columns.planned & (since != UNKNOWN) & (since <= self.number)

    @cached_property
    def until(self) -> Ints:
        """Return where each posting ends as it is read; OPEN where that is to come."""
        return self.ended(self.model.until)

    @cached_property
    def given_until(self) -> Ints:
        """Return where each posting ends as it is stored; OPEN where that is to come."""
        return self.ended(self.columns.until)

    def ended(self, days: Ints) -> Ints:
        """Return ends as they are known on the day."""
        return np.where(days > self.number, OPEN, days)

    def text(self, day: int) -> str:
        """Return a day as text."""
        return _text(day)

    def person(self, posting: int) -> str:
        """Return whose a posting is, by id."""
        return self._person_ids[self.columns.person[posting]]

    def post(self, posting: int) -> str:
        """Return the post of a posting, by id."""
        return self._post_ids[self.columns.post[posting]]

    def of_posting(
        self, kind: str, at: int, template: str, *more: object, subject: str = "", **values: object
    ) -> QualityFinding:
        """Make a finding that stands on post and begin of a posting, and on `more`."""
        columns, row = self.columns, self._ids[at]
        person, post = self.person(at), self.post(at)
        since = columns.since_texts[at]
        facts = (post, since, *more)
        told = {"name": Who(person), "post": Where(post), "since": since or "?"}
        return QualityFinding(
            kind, subject or row, (person,), "rotations", row, template, {**told, **values}, facts,
            post,
        )  # fmt: skip

    def of_person(
        self, kind: str, at: int, template: str, *facts: object, **values: object
    ) -> QualityFinding:
        """Make a finding that stands on the row of a person."""
        person = self.columns.person_ids[at]
        told = {"name": Who(person), **values}
        post = self.last_post(at)
        return QualityFinding(
            kind, person, (person,), "people", person, template, told, facts, post
        )

    def last_post(self, person: int) -> str | None:
        """Return the post that a person took last, by id."""
        mine = self.columns.of_person(person)
        begun = np.flatnonzero(self.actual[mine])
        return self.post(mine.start + int(begun[-1])) if len(begun) else None


# Few different days stand for very many findings.
@lru_cache(maxsize=1 << 16)
def _text(day: int) -> str:
    return day_of_number(day).isoformat()


@lru_cache(maxsize=1 << 16)
def _last(text: str) -> int:
    return day_number(last_day(text))


# --- periods


def gap(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find times without any post, longer than one may await a post, that nothing explains."""
    main, months = seen.model.main_posts, seen.model.terms.unknown_after
    later = np.flatnonzero((main.gap > 0) & (main.since <= seen.number))
    last = main.since[later] - main.gap[later]
    # What follows from the programme: after so many months nobody knows that somebody serves.
    later = later[add_months(last, months) <= main.since[later]]
    for at in later.tolist():
        begin, end = int(main.since[at] - main.gap[at]), int(main.since[at])
        person, posting = int(main.person[at]), int(main.posting[at])
        for since, until in _unexplained(seen, person, begin, end):
            if int(add_months(np.array([since]), months)[0]) <= until:
                yield seen.of_posting(
                    "gap",
                    posting,
                    N_("%(name)s has no post on file from %(begin)s to %(end)s (%(days)s days)."),
                    since,
                    until,
                    subject=f"{seen.columns.ids[posting]}@{seen.text(since)}",
                    begin=seen.text(since),
                    end=seen.text(until),
                    days=until - since,
                )


def _unexplained(seen: SeenPeople, person: int, begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield what of a gap is neither out of service, nor leave, nor a posting beside."""
    model, periods = seen.model, seen.model.periods
    mine = periods.of(person)
    held = zip(periods.since[mine].tolist(), periods.until[mine].tolist(), strict=True)
    spans = [*held, *model.outs.get(person, ()), *model.pauses.get(person, ())]
    for since, until in sorted(spans):
        if until <= begin or since >= end:
            continue
        if since > begin:
            yield begin, since
        begin = max(begin, until)
    if begin < end:
        yield begin, end


def overlap(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find home postings at the same time that nothing says are meant so."""
    columns = seen.columns
    meant = columns.concurrent | columns.acting | ~seen.model.home
    at = np.flatnonzero(seen.actual & ~meant & (seen.until > columns.since))
    if not len(at):
        return
    person, until = columns.person[at], np.minimum(seen.until[at], OPEN)
    # The latest end so far among the postings before of the same person.
    key = person * (2 * OPEN) + until
    longest = np.maximum.accumulate(key)
    before = np.r_[np.iinfo(np.int64).min, longest[:-1]]
    clash = before > person * (2 * OPEN) + columns.since[at]
    holder = np.maximum.accumulate(np.where(key == longest, np.arange(len(at)), 0))
    for place in np.flatnonzero(clash).tolist():
        one, other = int(at[place]), int(at[holder[place - 1]])
        if columns.post[one] == columns.post[other] or not _surely(seen, one, other):
            continue
        template = N_(
            "%(name)s holds %(post)s since %(since)s while %(other)s goes on: neither is marked as "
            "held beside the other."
        )
        yield seen.of_posting(
            "overlap",
            one,
            template,
            seen.post(other),
            columns.since_texts[other],
            columns.until_texts[other],
            other=Where(seen.post(other)),
        )


def _surely(seen: SeenPeople, one: int, other: int) -> bool:
    """Return whether a posting has begun while another goes on, however the dates are read."""
    text = seen.columns.since_texts[one] or ""
    return is_date(text) and _last(text) < int(seen.until[other])


def end_not_recorded(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find postings without an end that another one followed: they are read as ended then."""
    read = seen.model.end_not_recorded & seen.actual & (seen.until <= seen.number)
    for at in np.flatnonzero(read).tolist():
        end = seen.text(int(seen.until[at]))
        yield seen.of_posting(
            "end_not_recorded",
            at,
            N_("%(name)s: the end of %(post)s (since %(since)s) is not recorded; it is read as "
               "%(end)s, when the next post began."),
            end,
            end=end,
        )  # fmt: skip


def undated(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find postings of which nobody knows when they began."""
    columns = seen.columns
    for at in np.flatnonzero((columns.since == UNKNOWN) & ~columns.planned).tolist():
        yield seen.of_posting(
            "undated",
            at,
            N_("%(name)s: when %(post)s began is not known; it is no step of a career."),
        )


def empty_period(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find postings whose end is not after their begin: they count on no day."""
    columns = seen.columns
    until = np.maximum(columns.until, columns.until_last)
    for at in np.flatnonzero(seen.actual & (until <= columns.since)).tolist():
        yield seen.of_posting(
            "empty_period",
            at,
            N_("%(name)s: %(post)s begins on %(since)s and ends on %(until)s, so it never counts."),
            columns.until_texts[at],
            until=columns.until_texts[at],
        )


def year_only(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find people with postings of which only the year is known: one finding a person."""
    texts = seen.columns.since_texts
    short = np.fromiter((text is not None and len(text) == 4 for text in texts), bool, len(texts))
    at = np.flatnonzero(short & seen.actual)
    first = first_of_each(seen.columns.person[at])
    counts = np.diff(np.r_[first, len(at)])
    for place, count in zip(at[first].tolist(), counts.tolist(), strict=True):
        template = N_(
            "%(name)s: of the begin of %(post)s only the year is known (%(since)s; so for %(n)s "
            "postings)."
        )
        yield seen.of_posting(
            "year_only", place, template, count, subject=seen.person(place), n=count
        )


def odd_date(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find dates before 1900 or more than a hundred years ahead: one finding a person."""
    columns, far = seen.columns, day_number(century_after(seen.on))
    old = (columns.since < OLD) & (columns.since != UNKNOWN)
    ahead = (columns.until > far) & (columns.until != OPEN)
    at = np.flatnonzero((old | ahead) & seen.actual)
    told = set()
    for place in at[first_of_each(columns.person[at])].tolist():
        told.add(int(columns.person[place]))
        text = columns.since_texts[place] if old[place] else columns.until_texts[place]
        yield seen.of_posting(
            "odd_date",
            place,
            N_("%(name)s: %(day)s of %(post)s lies before 1900 or over 100 years ahead."),
            text,
            subject=seen.person(place),
            day=text,
        )
    own = ((columns.joined < OLD) & (columns.joined != UNKNOWN)) | (
        (columns.born < OLD) & (columns.born != UNKNOWN)
    )
    for person in np.flatnonzero(own).tolist():
        if person not in told:
            days = [int(each[person]) for each in (columns.born, columns.joined)]
            yield seen.of_person(
                "odd_date",
                person,
                N_("%(name)s: the day of birth or of joining lies before 1900."),
                *days,
            )


# --- beside service


def before_joining(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find postings that begin before their person joined: they count from joining on."""
    columns = seen.columns
    joined = columns.joined[columns.person]
    early = seen.actual & (joined != UNKNOWN) & (columns.since < joined)
    for at in np.flatnonzero(early).tolist():
        if _last(columns.since_texts[at] or "") >= joined[at]:
            continue
        day = seen.text(int(joined[at]))
        yield seen.of_posting(
            "before_joining",
            at,
            N_("%(name)s joined on %(joined)s, and %(post)s begins on %(since)s: it counts from "
               "joining on."),
            day,
            joined=day,
        )  # fmt: skip


def while_out(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find postings that begin, or are recorded as going on, after their person had left."""
    columns = seen.columns
    for person, spans in seen.model.outs.items():
        mine = columns.of_person(person)
        for at in range(mine.start, mine.stop):
            if not seen.actual[at]:
                continue
            since, until = int(columns.since[at]), int(seen.given_until[at])
            for out, back in spans:
                begins = out <= since < back
                goes_on = since < out < until < OPEN
                if out <= seen.number and (begins or goes_on):
                    template = (
                        N_("%(name)s left on %(out)s, and %(post)s begins on %(since)s.")
                        if begins
                        else N_(
                            "%(name)s left on %(out)s, and %(post)s is given to end on %(until)s."
                        )
                    )
                    day, end = seen.text(out), columns.until_texts[at]
                    yield seen.of_posting("while_out", at, template, day, end, out=day, until=end)
                    break


def past_age(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find postings without an end whose person is past the age limit: nobody serves by them."""
    columns, model = seen.columns, seen.model
    gone = np.zeros(len(columns.person_ids), dtype=bool)
    gone[list(model.left_undated)] = True
    open_ = (columns.until == OPEN) & ~model.end_not_recorded & ~gone[columns.person]
    for at in np.flatnonzero(seen.actual & open_ & (seen.until <= seen.number)).tolist():
        yield seen.of_posting(
            "past_age",
            at,
            N_("%(name)s would be over %(age)s in %(post)s, which has no end: it is not counted."),
            age=model.terms.age_limit,
        )


def left_undated(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find people whose status says that they left, and nobody wrote down when."""
    for at, last in seen.model.left_undated.items():
        if last > seen.number:
            continue
        known = seen.columns.known[at]
        template = N_(
            "%(name)s: the status says %(status)s without a day; whether in service after %(day)s, "
            "the last dated fact, is not known."
        )
        day = seen.text(last) if last > UNKNOWN else "?"
        status = Term("statuses", known.status)
        yield seen.of_person(
            "left_undated", at, template, known.status, day, status=status, day=day
        )


def not_known(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find people of whom nothing is known since their last post, or since joining."""
    model, columns = seen.model, seen.columns
    state = model.on_number(seen.number).in_service
    wanted = (state == NOT_KNOWN) & (model.start <= seen.number)
    last = np.full(len(columns.person_ids), UNKNOWN, dtype=np.int64)
    ends = model.periods.until <= seen.number
    np.maximum.at(last, model.periods.person[ends], model.periods.until[ends])
    for at in np.flatnonzero(wanted).tolist():
        if at in model.left_undated:
            continue
        if last[at] == UNKNOWN:
            day = seen.text(int(model.start[at]))
            template = N_("%(name)s serves since %(day)s, and no post is on file.")
        else:
            day = seen.text(int(last[at]))
            template = N_(
                "%(name)s has no post since %(day)s, and nobody wrote down whether they left."
            )
        yield seen.of_person("not_known", at, template, day, day=day)


def beside_only(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find people who hold on the day nothing but a posting that runs beside a home post."""
    model = seen.model
    day = model.on_number(seen.number)
    posting = model.periods.posting[day.held]
    alone = posting[~model.home[posting] & (day.main[seen.columns.person[posting]] < 0)]
    for at in np.unique(alone).tolist():
        yield seen.of_posting(
            "beside_only",
            at,
            N_("%(name)s is at %(post)s since %(since)s and holds no home post beside it."),
        )


def planned_due(seen: SeenPeople) -> Iterator[QualityFinding]:
    """Find planned postings whose day has come and which nobody confirmed."""
    columns = seen.columns
    due = columns.planned & (columns.since != UNKNOWN) & (columns.since <= seen.number)
    for at in np.flatnonzero(due).tolist():
        yield seen.of_posting(
            "planned_due",
            at,
            N_("%(name)s: %(post)s, planned from %(since)s, is not confirmed; nothing counts it."),
        )
