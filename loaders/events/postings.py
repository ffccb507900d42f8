"""What notices do to posts: appointed, renewed, removed, seconded, back; which posts are free."""

from __future__ import annotations

from collections.abc import Sequence

from graph.dates import first_day
from graph.errors import N_, AppError, Conflict, NotFound, UsageError
from graph.meanings import plain_kinds, usual_beside
from graph.programme import Programme
from graph.store import Row
from loaders.entry import RowStep
from loaders.events.notice import Appointed, Consequence, Effect, NoticeDoubt, Situation, runs
from queries.personnel import of_people
from queries.sentences import say

_POST = """
MATCH (post:Post {id: $id})
OPTIONAL MATCH (post)-[:IN]->(u:Unit)
RETURN post.name AS title, post.rank AS rank, u.name AS unit
"""
_OTHER_HOLDERS = """
MATCH (p:Person)-[r:ROTATED_TO]->(post:Post)
WHERE post.id IN $posts AND p.id <> $person AND coalesce(r.status, 'actual') <> 'planned'
RETURN post.id AS post, p.id AS person, r.id AS id, r.since AS since, r.until AS until,
       r.marks AS marks
"""
_OWN = """
MATCH (p:Person {id: $person})-[r:ROTATED_TO]->(:Post)
RETURN r.id AS id, r.marks AS marks, r.rank AS rank
"""
_PLANNED = """
MATCH (p:Person {id: $person})-[r:ROTATED_TO]->(post:Post)
WHERE r.status = 'planned' AND ($post IS NULL OR post.id = $post)
RETURN post.name AS title, r.since AS since, r.until AS until
ORDER BY since
"""


def appoint(at: Situation, kind: str | None = None) -> Effect:
    """Begin a posting at home; the main one before it ends, unless it is to run beside it."""
    at.refuse_gone()
    post = _free_post(at)
    made = Effect()
    notice = at.notice
    if not (notice.concurrent or notice.acting):
        ending = [row for row in at.held if row["how"] == "main"]
        made.steps += [_end(row, at) for row in ending]
        made.consequences += ended(at, ending)
    kind = kind or _asked_kind(at, beside=False)
    _begin(made, at, post, kind)
    return made


def renew(at: Situation) -> Effect:
    """Begin a posting anew where the same one ends: the same post again."""
    at.refuse_gone()
    rows = _held_rows(at, at.notice.post)
    made, own = Effect(), _own(at)
    for row in rows:
        post = {"title": row["title"], "unit": row["unit_name"]}
        made.steps.append(_end(row, at))
        marks, rank = own[row["id"]]["marks"] or (), own[row["id"]]["rank"]
        kept = {"post": row["post"], "marks": ";".join(marks), "rank": rank}
        texts = {**_posting_texts(at, row["kind"]), **kept}
        made.steps.append(
            RowStep("rotations", {name: text for name, text in texts.items() if text})
        )
        words = say(
            N_("%(name)s goes on as %(post)s from %(day)s."),
            name=at.name,
            post=_place(post),
            day=at.notice.on,
        )
        made.consequences.append(Consequence("posting_begins", row["post"], words))
    return made


def remove(at: Situation) -> Effect:
    """End a posting: that in the post named, else the main one."""
    ending = _held_rows(at, at.notice.post)
    return Effect([_end(row, at) for row in ending], ended(at, ending))


def second(at: Situation) -> Effect:
    """Begin a posting beside the home post."""
    at.refuse_gone()
    post = _free_post(at)
    made = Effect()
    _begin(made, at, post, _asked_kind(at, beside=True))
    if at.state.main_post is None:
        words = say(N_("%(name)s holds no home post that could be kept."), name=at.name)
        made.doubts.append(NoticeDoubt("keeps_home_post", words))
    return made


def end_beside(at: Situation) -> Effect | None:
    """End what is held beside the home post, of one post or any; None where nothing is."""
    wanted = at.notice.post
    beside = [
        row
        for row in at.held
        if row["how"] == "meanwhile" and (wanted is None or row["post"] == wanted)
    ]
    return Effect([_end(row, at) for row in beside], ended(at, beside)) if beside else None


def ended(at: Situation, rows: Sequence[Row]) -> list[Consequence]:
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
    own = _own(at) if rows else {}
    posts = {
        row["post"]: row
        for row in rows
        if row["how"] != "meanwhile" and "acting" not in (own[row["id"]]["marks"] or ())
    }
    taken = _held_by_others(at, sorted(posts))
    for id_, row in posts.items():
        if id_ not in taken:
            place = _place({"title": row["title"], "unit": row["unit_name"]})
            words = say(N_("%(post)s is vacant from %(day)s on."), post=place, day=at.notice.on)
            found.append(Consequence("post_free", id_, words, gap=("post", id_)))
    return found


def refuse_begun_today(at: Situation, rows: Sequence[Row]) -> None:
    """Refuse to end what begins on the day itself."""
    for row in rows:
        if row["since"] and first_day(row["since"]) >= at.day:
            raise Conflict(
                N_("%(post)s of %(name)s begins on %(since)s itself."),
                N_("Two events on one day: undo or correct the other one."),
                column="on",
                post=row["title"],
                name=at.name,
                since=row["since"],
            )


def not_held(at: Situation) -> AppError:
    """Make the error of a post that is not held, or only planned."""
    planned = at.reader.read(_PLANNED, person=at.notice.person, post=at.notice.post)
    column = "post" if at.notice.post else "person"
    if planned:
        return Conflict(
            N_("%(post)s of %(name)s is planned for %(since)s and has not begun."),
            N_("Correct or take out the planned posting instead."),
            column=column,
            post=planned[0]["title"],
            name=at.name,
            since=planned[0]["since"] or "?",
        )
    return Conflict(
        N_("%(name)s does not hold such a post on %(day)s."),
        N_("Check the post and the day."),
        column=column,
        name=at.name,
        day=at.notice.on,
    )


def _held_rows(at: Situation, wanted: str | None) -> list[Row]:
    rows = [row for row in at.held if (row["post"] == wanted if wanted else row["how"] == "main")]
    if not rows:
        raise not_held(at)
    return rows


def _free_post(at: Situation) -> Row:
    """Return the post of a notice, which the person neither holds nor is planned for."""
    notice = at.notice
    if not notice.post:
        raise UsageError(N_("The post is missing."), N_("Give its id with --post."), column="post")
    rows = at.reader.read(_POST, id=notice.post)
    if not rows:
        raise NotFound(
            N_("There is no post %(id)s."),
            N_("Search for its title."),
            column="post",
            id=notice.post,
        )
    if any(row["post"] == notice.post for row in at.held):
        raise Conflict(
            N_("%(name)s holds %(post)s on %(day)s already."),
            N_("Check the post and the day."),
            column="post",
            name=at.name,
            post=rows[0]["title"],
            day=notice.on,
        )
    for row in at.reader.read(_PLANNED, person=notice.person, post=notice.post):
        if runs(None, row["until"], notice.on):
            raise Conflict(
                N_("%(post)s of %(name)s is planned for %(since)s already."),
                N_("Confirm the planned posting, or take it out first."),
                column="post",
                post=_place(rows[0]),
                name=at.name,
                since=row["since"] or "?",
            )
    return rows[0]


def _asked_kind(at: Situation, beside: bool) -> str | None:
    """Return the kind of posting that a notice asks for, else the usual one of the programme."""
    programme, wanted = at.programme, at.notice.posting_kind
    fitting = [
        term.key
        for term in programme.rotation_kinds
        if (term.key in programme.kinds_beside) == beside
    ]
    if wanted and (programme.rotation_kinds or beside):
        key = programme.key_of("rotation_kinds", wanted)
        if key not in fitting:
            raise UsageError(
                N_("“%(kind)s” is no kind of posting that this event begins."),
                N_("Known: %(known)s."),
                column="posting",
                kind=wanted,
                known=", ".join(fitting) or "-",
            )
        return key
    if beside:
        return _kind_beside(programme)
    return wanted or next(iter((*plain_kinds(programme), *fitting)), None)


def _kind_beside(programme: Programme) -> str:
    usual = usual_beside(programme)
    if usual is None:
        raise Conflict(
            N_("The programme has no kind of posting that keeps the home post."),
            N_("Mark one with keeps_home_post in programme.yaml."),
            column="kind",
        )
    return usual


def _begin(made: Effect, at: Situation, post: Row, kind: str | None) -> None:
    notice = at.notice
    assert notice.post is not None
    made.steps.append(RowStep("rotations", _posting_texts(at, kind)))
    template = (
        N_("%(name)s begins as acting %(post)s on %(day)s.")
        if notice.acting
        else N_("%(name)s begins as %(post)s on %(day)s.")
    )
    words = say(template, name=at.name, post=_place(post), day=notice.on)
    is_home = kind not in at.programme.kinds_beside and not notice.acting
    fills = ("post", notice.post) if is_home else ()
    made.consequences.append(Consequence("posting_begins", notice.post, words, fills=fills))
    made.appointed.append(Appointed(notice.person, notice.post, kind, gives_rank=is_home))


def _posting_texts(at: Situation, kind: str | None) -> dict[str, str]:
    notice = at.notice
    marks = {"concurrent": notice.concurrent, "acting": notice.acting}
    texts = {
        "person": notice.person,
        "post": notice.post,
        "kind": kind,
        "since": notice.on,
        "until": notice.until,
        "marks": ";".join(mark for mark, is_set in marks.items() if is_set),
    }
    return {heading: text for heading, text in texts.items() if text}


def _end(row: Row, at: Situation) -> RowStep:
    refuse_begun_today(at, [row])
    return RowStep("rotations", {"until": at.notice.on}, row["id"])


def _own(at: Situation) -> dict[str, Row]:
    """Return what stands on the person's postings themselves: marks and rank."""
    return {row["id"]: row for row in at.reader.read(_OWN, person=at.notice.person)}


def _held_by_others(at: Situation, posts: list[str]) -> set[str]:
    """Return those of some posts that somebody else holds on the day, at home and not acting."""
    rows = at.reader.read(_OTHER_HOLDERS, posts=posts, person=at.notice.person) if posts else []
    rows = [row for row in rows if runs(row["since"], row["until"], at.notice.on)]
    if not rows:
        return set()
    acting = {row["id"] for row in rows if "acting" in (row["marks"] or ())}
    people = sorted({row["person"] for row in rows})
    day = of_people(at.reader, people, at.programme).on(at.day)
    held = [each for person in people for each in day.holds(person)]
    return {
        each["post"] for each in held if each["how"] != "meanwhile" and each["id"] not in acting
    }


def _place(post: Row) -> str:
    return " ".join(filter(None, (post["unit"], post["title"])))
