"""What notices do to pairs of mentor and trainee: handed over, ended, left without a mentor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.dates import first_day
from graph.errors import N_, Conflict, UsageError
from graph.store import Row
from loaders.entry import RowStep
from loaders.events.notice import Consequence, Effect, Situation, runs
from queries.personnel.pairs import pair_ends
from queries.sentences import Term, say

_OTHER_MENTORS = """
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE t.id IN $trainees AND NOT e.id IN $ending
RETURN t.id AS trainee, m.id AS mentor, e.kind AS kind, e.since AS since, e.until AS until
"""


def handed_over(at: Situation, to: Situation) -> Effect:
    """End the pairs of a mentor, and begin the same ones with whoever takes over."""
    made = Effect([], list(pairs_ended(at, at.as_mentor, leaves=False)))
    theirs = {(pair["trainee"], pair["kind"]) for pair in to.as_mentor}
    for pair in at.as_mentor:
        if pair["trainee"] == to.notice.person:
            raise Conflict(
                N_("%(name)s cannot take over the guidance of themselves."),
                N_("Choose another {mentor}."),
                column="to",
                name=to.name,
            )
        made.steps.append(_end(pair, at))
        if (pair["trainee"], pair["kind"]) in theirs:
            continue
        texts = {"mentor": to.notice.person, "trainee": pair["trainee"], "since": at.notice.on}
        made.steps.append(
            RowStep("mentoring", {**texts, **({"kind": pair["kind"]} if pair["kind"] else {})})
        )
        words = say(
            N_("%(mentor)s guides %(trainee)s from %(day)s on."),
            mentor=to.name,
            trainee=pair["trainee_name"],
            day=at.notice.on,
        )
        made.consequences.append(
            Consequence("pair_begins", pair["trainee"], words, fills=_gap(pair))
        )
        theirs.add((pair["trainee"], pair["kind"]))
    if at.as_mentor:
        made.consequences.append(_load(to, len(theirs)))
    return made


def _load(to: Situation, pairs: int) -> Consequence:
    """Tell how many the new mentor guides then, beside how many they may."""
    template = (
        N_("%(mentor)s then guides %(load)s; no limit is set.")
        if to.capacity is None
        else N_("%(mentor)s then guides %(load)s of at most %(capacity)s.")
    )
    words = say(template, mentor=to.name, load=pairs, capacity=to.capacity)
    return Consequence("mentor_load", to.notice.person, words)


def ended_pair(at: Situation) -> Effect:
    """End the one pair that a notice means: that with the other person named, else the only one."""
    other = at.notice.to
    mine = [
        pair for pair in at.pairs if other is None or other in (pair["mentor"], pair["trainee"])
    ]
    if not mine:
        raise Conflict(
            N_("%(name)s and %(other)s are no pair on %(day)s.")
            if other
            else N_("%(name)s is in no pair on %(day)s."),
            N_("Check the two people and the day."),
            column="to" if other else "person",
            name=at.name,
            other=other,
            day=at.notice.on,
        )
    if len(mine) > 1 and other is None:
        raise UsageError(
            N_("%(name)s is in several pairs on %(day)s: %(pairs)s."),
            N_("Name the other person of the pair that ends."),
            column="to",
            name=at.name,
            day=at.notice.on,
            pairs=", ".join(
                f"{pair['mentor_name']} ({pair['mentor']}) → "
                f"{pair['trainee_name']} ({pair['trainee']})"
                for pair in mine
            ),
        )
    return Effect([_end(pair, at) for pair in mine], list(pairs_ended(at, mine)))


def pairs_ended(at: Situation, pairs: Sequence[Row], leaves: bool = True) -> Iterator[Consequence]:
    """Tell which pairs end, and who then has no mentor of that kind.

    Nobody is told to be left without one whose pairs somebody else takes over at once.
    """
    for pair in pairs:
        words = say(
            N_("%(mentor)s no longer guides %(trainee)s from %(day)s on."),
            mentor=pair["mentor_name"],
            trainee=pair["trainee_name"],
            day=at.notice.on,
        )
        yield Consequence("pair_ends", pair["id"], words)
    # A trainee who leaves needs no mentor any more.
    is_left = at.notice.kind == "end_pair"
    mine = [pair for pair in pairs if is_left or pair["mentor"] == at.notice.person]
    had = _guided_by_others(at, mine) if leaves else set()
    for pair in mine if leaves else ():
        if (pair["trainee"], pair["kind"]) not in had:
            template = N_("%(trainee)s is left without a {mentor}: %(kind)s.")
            kind = Term("mentoring_kinds", pair["kind"] or "")
            words = say(template, trainee=pair["trainee_name"], kind=kind)
            yield Consequence("without_mentor", pair["trainee"], words, gap=_gap(pair))


def _guided_by_others(at: Situation, pairs: Sequence[Row]) -> set[tuple[str, str | None]]:
    """Return trainee and kind of the pairs that run on the day beside those that end."""
    trainees = sorted({pair["trainee"] for pair in pairs})
    ending = [pair["id"] for pair in pairs]
    rows = at.reader.read(_OTHER_MENTORS, trainees=trainees, ending=ending) if trainees else []
    people = {end for row in rows for end in (row["mentor"], row["trainee"])}
    end = pair_ends(at.reader, sorted(people), at.programme)
    return {
        (row["trainee"], row["kind"])
        for row in rows
        if runs(row["since"], end(row["mentor"], row["trainee"], row), at.notice.on)
    }


def _end(pair: Row, at: Situation) -> RowStep:
    if pair["since"] and first_day(pair["since"]) >= at.day:
        raise Conflict(
            N_("%(mentor)s guides %(trainee)s from %(since)s itself."),
            N_("Two events on one day: undo or correct the other one."),
            column="on",
            mentor=pair["mentor_name"],
            trainee=pair["trainee_name"],
            since=pair["since"],
        )
    return RowStep("mentoring", {"until": at.notice.on}, pair["id"])


def _gap(pair: Row) -> tuple[str, ...]:
    return ("pair", pair["trainee"], pair["kind"] or "")
