"""What each kind of notice does to what is stored: rows, consequences, doubts.

Read within the transaction that writes it, so what is told is what happens. An ending service fact
is stored alone: it cuts postings and pairs when they are read, so those stay as they were entered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from graph.dates import first_day
from graph.errors import N_, AppError, Conflict, NotFound, UsageError
from graph.programme import Programme
from graph.store import Reader, Row
from loaders.entry import RowStep
from loaders.events.notice import (
    KINDS,
    PERSON,
    Consequence,
    Effect,
    Notice,
    NoticeDoubt,
    Situation,
    runs,
    situation,
)
from queries.personnel.days import day_number
from queries.personnel.reading import text_of
from queries.sentences import Term, say

_POST = """
MATCH (post:Post {id: $id})
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
RETURN post.name AS title, post.rank AS rank, u.name AS unit
"""
_OTHER_MENTORS = """
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE t.id IN $trainees AND m.id <> $mentor
RETURN t.id AS trainee, e.kind AS kind, e.since AS since, e.until AS until
"""
_OTHER_HOLDERS = """
MATCH (p:Person)-[r:ROTATED_TO]->(post:Post)
WHERE post.id IN $posts AND p.id <> $person AND coalesce(r.status, 'actual') <> 'planned'
RETURN post.id AS post, r.since AS since, r.until AS until
"""
_PLANNED = """
MATCH (p:Person {id: $person})-[r:ROTATED_TO]->(post:Post)
WHERE r.status = 'planned' AND ($post IS NULL OR post.id = $post)
RETURN post.name AS title, r.since AS since
ORDER BY since
"""
_SERVICE = """
MATCH (p:Person {id: $person})-[:HAS_SERVICE]->(s:Service)
WHERE s.since = $on AND s.kind = $kind
RETURN s.id AS id
"""


def effect(reader: Reader, programme: Programme, notice: Notice) -> Effect:
    """Return what a notice would do; an error says in one sentence why it cannot be."""
    service = programme.key_of("service_kinds", notice.kind)
    found = situation(reader, programme, notice)
    if notice.kind in _MAKE:
        return _MAKE[notice.kind](found)
    if service is None or service not in {term.key for term in programme.service_kinds}:
        known = (*KINDS, *(term.key for term in programme.service_kinds))
        raise UsageError(
            N_("There is no event “%(kind)s”."),
            N_("Known: %(known)s."),
            kind=notice.kind,
            known=", ".join(known),
        )
    return _service(found, service)


# --- service -------------------------------------------------------------------------------------


def _service(at: Situation, kind: str) -> Effect:
    term = next(each for each in at.programme.service_kinds if each.key == kind)
    notice, words = at.notice, Term("service_kinds", kind)
    if at.reader.read(_SERVICE, person=notice.person, on=notice.on, kind=kind):
        raise Conflict(
            N_("%(name)s: %(kind)s on %(day)s is stored already."),
            N_("Correct that row instead."),
            name=at.name,
            kind=kind,
            day=notice.on,
        )
    if kind == "joined":
        _refuse_second_joining(at)
    elif term.in_service and not term.pauses_clocks:
        if at.state.in_service != "no" and at.state.service is None:
            raise _not_away(at)
    else:
        _refuse_gone(at)
    made = Effect([RowStep("service", _service_texts(notice, kind))])
    message = say(N_("%(name)s: %(kind)s from %(day)s."), name=at.name, kind=words, day=notice.on)
    made.consequences.append(Consequence("service", notice.person, message))
    if not term.in_service:
        made.consequences += _ended(at, at.held)
        made.consequences += _pairs_ended(at, at.pairs)
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


def _refuse_gone(at: Situation) -> None:
    joined = int(at.model.columns.joined[0])
    if joined > day_number(at.day):
        raise Conflict(
            N_("%(name)s joins on %(joined)s only, after %(day)s."),
            N_("Write a later day, or correct the day of joining."),
            name=at.name,
            joined=text_of(joined),
            day=at.notice.on,
        )
    if at.model.start[0] <= day_number(at.day) and at.state.in_service == "no":
        raise _gone(at)
    if at.model.on(at.day).has_left(at.notice.person):
        raise _gone(at)


def _gone(at: Situation) -> AppError:
    return Conflict(
        N_("%(name)s is out of service on %(day)s, since %(since)s."),
        N_("Enter first that the person came back."),
        name=at.name,
        day=at.notice.on,
        since=at.state.since or "?",
    )


def _not_away(at: Situation) -> AppError:
    return Conflict(
        N_("%(name)s is neither on leave nor out of service on %(day)s."),
        N_("Check the person and the day."),
        name=at.name,
        day=at.notice.on,
    )


def _refuse_second_joining(at: Situation) -> None:
    if at.state.in_service != "no":
        raise Conflict(
            N_("%(name)s serves on %(day)s already."),
            N_("Correct the day of joining in the person's own row."),
            name=at.name,
            day=at.notice.on,
        )


# --- posts ---------------------------------------------------------------------------------------


def _appoint(at: Situation) -> Effect:
    _refuse_gone(at)
    post = _post(at)
    made = Effect()
    if not at.notice.concurrent:
        ending = [row for row in at.held if row["how"] == "main"]
        made.steps += [_end(row, at) for row in ending]
        made.consequences += _ended(at, ending)
    made.steps.append(RowStep("rotations", _posting_texts(at, _home_kind(at.programme))))
    made.consequences.append(_begins(at, post))
    made.doubts += _doubts_of_rank(at, post)
    return made


def _remove(at: Situation) -> Effect:
    wanted = at.notice.post
    ending = [row for row in at.held if (row["post"] == wanted if wanted else row["how"] == "main")]
    if not ending:
        raise _not_held(at)
    return Effect([_end(row, at) for row in ending], _ended(at, ending))


def _second(at: Situation) -> Effect:
    _refuse_gone(at)
    post = _post(at)
    beside = at.programme.kinds_beside
    if not beside:
        raise Conflict(
            N_("The programme has no kind of posting that keeps the home post."),
            N_("Mark one with keeps_home_post in programme.yaml."),
        )
    kind = "secondment" if "secondment" in beside else min(beside)
    made = Effect([RowStep("rotations", _posting_texts(at, kind))], [_begins(at, post)])
    if at.state.main_post is None:
        words = say(N_("%(name)s holds no home post that could be kept."), name=at.name)
        made.doubts.append(NoticeDoubt("keeps_home_post", words))
    return made


def _return(at: Situation) -> Effect:
    wanted = at.notice.post
    beside = [
        row
        for row in at.held
        if row["how"] == "meanwhile" and (wanted is None or row["post"] == wanted)
    ]
    if beside:
        return Effect([_end(row, at) for row in beside], _ended(at, beside))
    if wanted is None and (at.state.service or at.state.in_service == "no"):
        return _service(at, "returned")
    raise _not_held(at) if wanted else _not_away(at)


def _post(at: Situation) -> Row:
    if not at.notice.post:
        raise UsageError(
            N_("The post is missing."), N_("Give its id with --post."), kind=at.notice.kind
        )
    rows = at.reader.read(_POST, id=at.notice.post)
    if not rows:
        raise NotFound(
            N_("There is no post %(id)s."), N_("Search for its title."), id=at.notice.post
        )
    if any(row["post"] == at.notice.post for row in at.held):
        raise Conflict(
            N_("%(name)s holds %(post)s on %(day)s already."),
            N_("Check the post and the day."),
            name=at.name,
            post=rows[0]["title"],
            day=at.notice.on,
        )
    return rows[0]


def _not_held(at: Situation) -> AppError:
    planned = at.reader.read(_PLANNED, person=at.notice.person, post=at.notice.post)
    if planned:
        return Conflict(
            N_("%(post)s of %(name)s is planned for %(since)s and has not begun."),
            N_("Correct or take out the planned posting instead."),
            post=planned[0]["title"],
            name=at.name,
            since=planned[0]["since"] or "?",
        )
    return Conflict(
        N_("%(name)s does not hold such a post on %(day)s."),
        N_("Check the post and the day."),
        name=at.name,
        day=at.notice.on,
    )


def _home_kind(programme: Programme) -> str | None:
    kinds = [term.key for term in programme.rotation_kinds]
    home = [kind for kind in kinds if kind not in programme.kinds_beside]
    return "appointment" if "appointment" in kinds or not home else home[0]


def _posting_texts(at: Situation, kind: str | None) -> dict[str, str]:
    notice = at.notice
    texts = {
        "person": notice.person,
        "post": notice.post,
        "kind": kind,
        "since": notice.on,
        "until": notice.until,
        "marks": "concurrent" if notice.concurrent else None,
    }
    return {heading: text for heading, text in texts.items() if text}


def _end(row: Row, at: Situation) -> RowStep:
    if row["since"] and first_day(row["since"]) >= at.day:
        raise Conflict(
            N_("%(post)s of %(name)s begins on %(since)s itself."),
            N_("Two events on one day: undo or correct the other one."),
            post=row["title"],
            name=at.name,
            since=row["since"],
        )
    return RowStep("rotations", {"until": at.notice.on}, row["id"])


def _begins(at: Situation, post: Row) -> Consequence:
    words = say(
        N_("%(name)s begins as %(post)s on %(day)s."),
        name=at.name,
        post=_place(post),
        day=at.notice.on,
    )
    return Consequence("posting_begins", at.notice.post or "", words)


def _ended(at: Situation, rows: Sequence[Row]) -> list[Consequence]:
    """Tell which postings end, and which posts nobody holds then."""
    found = [
        Consequence(
            "posting_ends",
            row["id"],
            say(
                N_("%(name)s is no longer %(post)s from %(day)s on."),
                name=at.name,
                post=_place({"title": row["title"], "unit": row["unit_name"]}),
                day=at.notice.on,
            ),
        )
        for row in rows
    ]
    posts = {row["post"]: row for row in rows if row["how"] != "meanwhile"}
    others = at.reader.read(_OTHER_HOLDERS, posts=sorted(posts), person=at.notice.person)
    taken = {row["post"] for row in others if runs(row["since"], row["until"], at.notice.on)}
    for id_, row in posts.items():
        if id_ not in taken:
            place = _place({"title": row["title"], "unit": row["unit_name"]})
            words = say(N_("%(post)s is vacant from %(day)s on."), post=place, day=at.notice.on)
            found.append(Consequence("post_free", id_, words))
    return found


def _place(post: Row) -> str:
    return " ".join(filter(None, (post["unit"], post["title"])))


def _doubts_of_rank(at: Situation, post: Row) -> Iterator[NoticeDoubt]:
    ladder = at.programme.rank_index
    held, wanted = ladder(at.state.rank), ladder(post["rank"])
    if held is None or wanted is None or at.notice.concurrent:
        return
    ranks = {"held": Term("ranks", at.state.rank or ""), "rank": Term("ranks", post["rank"])}
    if wanted < held:
        yield NoticeDoubt(
            "rank_falls", say(N_("The rank falls from %(held)s to %(rank)s."), **ranks)
        )
    elif wanted > held + 1:
        words = say(N_("The rank rises by more than one, from %(held)s to %(rank)s."), **ranks)
        yield NoticeDoubt("rank_jumps", words)


# --- pairs ---------------------------------------------------------------------------------------


def _hand_over(at: Situation) -> Effect:
    to = at.notice.to
    rows = at.reader.read(PERSON, id=to) if to else []
    if not to or not rows:
        raise UsageError(
            N_("Who takes over is missing or not known: %(id)s."),
            N_("Give the id of the new mentor with --to."),
            id=to or "?",
        )
    pairs = at.as_mentor
    if not pairs:
        raise Conflict(
            N_("%(name)s guides nobody on %(day)s."),
            N_("Check the person and the day."),
            name=at.name,
            day=at.notice.on,
        )
    made = Effect([], list(_pairs_ended(at, pairs, leaves=False)))
    for pair in pairs:
        if pair["trainee"] == to:
            raise Conflict(
                N_("%(name)s cannot take over the guidance of themselves."),
                N_("Choose another mentor."),
                name=rows[0]["name"],
            )
        made.steps.append(RowStep("mentoring", {"until": at.notice.on}, pair["id"]))
        texts = {"mentor": to, "trainee": pair["trainee"], "since": at.notice.on}
        if pair["kind"]:
            texts["kind"] = pair["kind"]
        made.steps.append(RowStep("mentoring", texts))
        words = say(
            N_("%(mentor)s guides %(trainee)s from %(day)s on."),
            mentor=rows[0]["name"],
            trainee=pair["trainee_name"],
            day=at.notice.on,
        )
        made.consequences.append(Consequence("pair_begins", pair["trainee"], words))
    return made


def _pairs_ended(at: Situation, pairs: Sequence[Row], leaves: bool = True) -> Iterator[Consequence]:
    """Tell which pairs end, and who then has no mentor of that kind."""
    for pair in pairs:
        words = say(
            N_("%(mentor)s no longer guides %(trainee)s from %(day)s on."),
            mentor=pair["mentor_name"],
            trainee=pair["trainee_name"],
            day=at.notice.on,
        )
        yield Consequence("pair_ends", pair["id"], words)
    mine = [pair for pair in pairs if pair["mentor"] == at.notice.person] if leaves else []
    trainees = sorted({pair["trainee"] for pair in mine})
    others = at.reader.read(_OTHER_MENTORS, trainees=trainees, mentor=at.notice.person)
    had = {
        (row["trainee"], row["kind"])
        for row in others
        if runs(row["since"], row["until"], at.notice.on)
    }
    for pair in mine:
        if (pair["trainee"], pair["kind"]) not in had:
            template = N_("%(trainee)s is left without a mentor: %(kind)s.")
            kind = Term("mentoring_kinds", pair["kind"] or "")
            words = say(template, trainee=pair["trainee_name"], kind=kind)
            yield Consequence("without_mentor", pair["trainee"], words)


_MAKE: Mapping[str, Callable[[Situation], Effect]] = {
    "appoint": _appoint,
    "remove": _remove,
    "second": _second,
    "return": _return,
    "hand_over": _hand_over,
}
