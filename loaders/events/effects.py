"""What each kind of notice does to what is stored: rows, consequences, doubts.

Read within the transaction that writes it, so what is told is what happens. An ending service fact
is stored alone: it cuts postings and pairs when they are read, so those stay as they were entered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from graph.errors import N_, Conflict, UsageError
from graph.programme import Programme
from graph.store import Reader
from loaders.entry import RowStep
from loaders.events.notice import Consequence, Effect, Notice, Situation, situation
from loaders.events.pairs import ended_pair, handed_over, pairs_ended
from loaders.events.postings import (
    appoint,
    end_beside,
    ended,
    not_held,
    refuse_begun_today,
    remove,
    renew,
    second,
)
from queries.sentences import Term, say

_SERVICE = """
MATCH (p:Person {id: $person})-[:HAS_SERVICE]->(s:Service)
WHERE s.since = $on
RETURN s.kind AS kind
"""


def effect(reader: Reader, programme: Programme, notice: Notice) -> Effect:
    """Return what a notice would do, its kind given as the key.

    An error says in one sentence why it cannot be, and which `column` of a notice is to be mended.
    """
    found = situation(reader, programme, notice)
    if notice.kind in _MAKE:
        return _MAKE[notice.kind](found)
    return _service(found, notice.kind)


# --- service -------------------------------------------------------------------------------------


def _service(at: Situation, kind: str) -> Effect:
    term = next(each for each in at.programme.service_kinds if each.key == kind)
    notice, words = at.notice, Term("service_kinds", kind)
    kinds = {row["kind"] for row in at.reader.read(_SERVICE, person=notice.person, on=notice.on)}
    if kind in kinds:
        raise Conflict(
            N_("%(name)s: this is stored already on %(day)s."),
            N_("Correct that row instead."),
            column="kind",
            name=at.name,
            day=notice.on,
        )
    if kind == "joined":
        _refuse_second_joining(at)
    elif term.in_service and not term.pauses_clocks:
        if at.state.in_service != "no" and at.state.service is None:
            raise _not_away(at)
    elif kind != "died" or not at.has_left or at.state.service == "died":
        at.refuse_gone()
    if kinds:
        raise Conflict(
            N_("%(name)s: service changes on %(day)s by another event already."),
            N_("Two events on one day: undo or correct the other one."),
            column="on",
            name=at.name,
            day=notice.on,
        )
    if not term.in_service:
        refuse_begun_today(at, at.held)
    made = Effect([RowStep("service", _service_texts(notice, kind))])
    message = say(N_("%(name)s: %(kind)s from %(day)s."), name=at.name, kind=words, day=notice.on)
    made.consequences.append(Consequence("service", notice.person, message))
    if not term.in_service:
        made.consequences += ended(at, at.held)
        made.consequences += pairs_ended(at, at.pairs)
    return made


def _service_texts(notice: Notice, kind: str) -> dict[str, str]:
    texts = {
        "person": notice.person,
        "kind": kind,
        "since": notice.on,
        "until": notice.until,
        "to": notice.to,
        "document": notice.document,
    }
    return {heading: text for heading, text in texts.items() if text}


def _not_away(at: Situation) -> Conflict:
    return Conflict(
        N_("%(name)s is neither on leave nor out of service on %(day)s."),
        N_("Check the person and the day."),
        column="person",
        name=at.name,
        day=at.notice.on,
    )


def _refuse_second_joining(at: Situation) -> None:
    if at.state.in_service != "no":
        raise Conflict(
            N_("%(name)s serves on %(day)s already."),
            N_("Correct the day of joining in the person's own row."),
            column="person",
            name=at.name,
            day=at.notice.on,
        )


# --- of several parts ----------------------------------------------------------------------------


def _return(at: Situation) -> Effect:
    beside = end_beside(at)
    if beside is not None:
        return beside
    if at.notice.post is None and (at.state.service or at.state.in_service == "no"):
        return _service(at, "returned")
    raise not_held(at) if at.notice.post else _not_away(at)


def _hand_over(at: Situation) -> Effect:
    """Hand over the guided and, where a post is named, the post with them."""
    notice = at.notice
    if not notice.to:
        raise UsageError(
            N_("Who takes over is missing."), N_("Name the new {mentor}."), column="to"
        )
    if notice.to == notice.person:
        raise Conflict(
            N_("%(name)s cannot take over from themselves."),
            N_("Choose another {mentor}."),
            column="to",
            name=at.name,
        )
    to = situation(at.reader, at.programme, replace(notice, person=notice.to), "to")
    to.refuse_gone("to")
    made = Effect()
    if notice.post:
        made.add(remove(at))
        made.add(appoint(to))
    elif not at.as_mentor:
        raise Conflict(
            N_("%(name)s guides nobody on %(day)s."),
            N_("Check the person and the day."),
            column="person",
            name=at.name,
            day=notice.on,
        )
    made.add(handed_over(at, to))
    return made


_MAKE: Mapping[str, Callable[[Situation], Effect]] = {
    "appoint": appoint,
    "renew": renew,
    "remove": remove,
    "second": second,
    "return": _return,
    "hand_over": _hand_over,
    "end_pair": ended_pair,
}
