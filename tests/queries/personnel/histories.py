"""Histories of invented people, drawn by a seed: what offices write, with its mistakes."""

import random
from dataclasses import replace

from queries.personnel import Known, KnownPosting, Terms, of_rows
from queries.personnel.terms import ServiceKind
from tests.queries.personnel.literal import BESIDE, LADDER, LEFT, OUT, P, Person

TERMS = Terms(
    ranks=tuple(LADDER),
    grades={"一级科员": "科员", "二级主任科员": "正科"},
    beside=frozenset(BESIDE),
    service={
        **{kind: ServiceKind(in_service=False) for kind in OUT},
        "joined": ServiceKind(),
        "leave": ServiceKind(pauses_clocks=True),
        "returned": ServiceKind(),
    },
    left=frozenset(LEFT),
)


def day(rng, low=2000, high=2024):
    """A date of any precision, often on a boundary of a month or year."""
    year = rng.randint(low, high)
    month = rng.choice([1, 1, 3, 6, 7, 12])
    number = rng.choice([1, 1, 2, 15, 28, 31 if month in (1, 3, 7, 12) else 30])
    text = f"{year}-{month:02}-{number:02}"
    return text[: rng.choice([4, 7, 10, 10, 10, 10])]


def history(rng, id_):
    """One person: up to seven postings of few posts, so that they meet and overlap."""
    postings = []
    for number in range(rng.choice([0, 1, 2, 3, 3, 4, 5, 7])):
        since = day(rng) if rng.random() < 0.97 else None
        until = None
        if rng.random() < 0.7:
            until = day(rng) if rng.random() < 0.3 or not since else _after(rng, since)
        postings.append(
            P(
                id=f"{id_}-{number}",
                post=rng.choice("ABCDE"),
                since=since,
                until=until,
                kind=rng.choice(["appointment"] * 5 + ["rotation", "secondment", "platform", None]),
                rank=rng.choice([None, *LADDER[:4]]),
                planned=rng.random() < 0.08,
                marks=rng.choice(
                    [()] * 6 + [("concurrent",), ("acting",), ("concurrent", "acting")]
                ),
            )
        )
    service = []
    if rng.random() < 0.3:
        service.append((rng.choice(sorted(OUT)), day(rng, 2005)))
        if rng.random() < 0.5:
            service.append(("returned", day(rng, 2008)))
    return Person(
        id=id_,
        joined_on=day(rng, 1998, 2012) if rng.random() < 0.7 else None,
        born_on=str(rng.choice([1905, 1910, 1980])) if rng.random() < 0.2 else None,
        status=rng.choice([None, None, None, "active", "resigned"]),
        status_since=rng.choice([None, "2023-05-01"]),
        service=service,
        grades=[("一级科员", day(rng)), ("二级主任科员", day(rng))][: rng.choice([0, 0, 1, 2])],
        dated=[day(rng) for _ in range(rng.choice([0, 0, 1, 2]))],
        postings=postings,
    )


def _after(rng, since):
    """An end some time after a begin, often on the very day on which another one begins."""
    year = int(since[:4]) + rng.choice([0, 0, 1, 2, 3])
    return rng.choice([f"{year}", f"{year}-07", f"{year}-07-01", f"{year}-12-31", since])


def histories(seed, count):
    rng = random.Random(seed)
    return [history(rng, f"H{number}") for number in range(count)]


def dated_only(people):
    """The same people without the postings whose begin is not known: no steps of a career."""
    return [replace(each, postings=[p for p in each.postings if p.since]) for each in people]


def model_of(people, terms=TERMS):
    """The model of the same people."""
    known = [
        Known(
            each.id,
            each.joined_on,
            each.born_on,
            each.status,
            each.status_since,
            tuple(each.service),
            tuple(each.grades),
            tuple(each.dated),
        )
        for each in people
    ]
    postings = [
        KnownPosting(p.id, each.id, p.post, p.kind, p.rank, p.since, p.until, p.planned, p.marks)
        for each in people
        for p in each.postings
    ]
    return of_rows(known, postings, terms)
