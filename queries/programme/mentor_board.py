"""Who guides whom, and where a mentor is missing: everybody in columns, one picture.

A column is a unit of the kind in which mentors of the first kind by post stand, with all below it;
without such kinds it is the unit below the top one. Who needs mentors stands in a column; who is
past that stands below all of them, or, where all pairs ever are looked at, where they were guided.
Columns may be cohorts or generations as well: then every trainee stands in one.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from functools import lru_cache
from itertools import chain

from graph.kinds import MentorKindTerm
from queries.generations import Generations, generations
from queries.programme.board_shape import (
    EVERYBODY_NOW,
    GAPS,
    BoardColumn,
    BoardMentor,
    BoardTie,
    BoardTrainee,
    BoardView,
    MentorBoard,
)
from queries.programme.facts import Facts, runs
from queries.programme.holding import NotInPost, posts_of
from queries.programme.mentoring import Light, is_complete, lights, pool, to_hand_over
from queries.programme.stages import progress


def mentor_board(facts: Facts, view: BoardView = EVERYBODY_NOW) -> MentorBoard:
    """Return who guides whom on the day, in columns."""
    return facts.once(_maker(view))


@lru_cache(maxsize=64)
def _maker(view: BoardView) -> Callable[[Facts], MentorBoard]:
    """Return one function a view: facts keep what each function made of them."""
    return lambda facts: _board(facts, view)


def line_generations(facts: Facts) -> Generations:
    """Return the generations of all pairs that had begun by the day."""
    return facts.once(_generations)


def _generations(facts: Facts) -> Generations:
    return generations(
        (pairing.mentor, trainee)
        for trainee, pairings in facts.pairings.items()
        for pairing in pairings
    )


def _board(facts: Facts, view: BoardView) -> MentorBoard:
    needs = {person: each for person, each in lights(facts).items() if each}
    all_ties = _ties(facts, view)
    column_of = _columns(facts, view)
    shown = facts.trainees if _shows_all(view) else needs
    trainees = [_trainee(facts, each, needs.get(each, ()), column_of(each)) for each in shown]
    trainees = [each for each in trainees if each.needs or each.column]
    ties = [each for each in all_ties if view.only in ("", GAPS, each.kind)]
    mentors = _mentors(facts, ties, trainees, view)
    if view.only:
        trainees, mentors, ties = _narrowed(view, trainees, mentors, ties)
    trainees.sort(key=lambda each: (each.column, not each.needs, each.cohort or 0, each.person))
    placed = {each.person for each in trainees}
    past = [person for person in facts.trainees if person not in needs and person not in placed]
    if view.only:
        among = set(chain.from_iterable((each.mentor, each.trainee) for each in ties))
        past = [person for person in past if person in among]
    past.sort(key=lambda person: (facts.people[person].cohort or 0, person))
    lines = line_generations(facts)
    return MentorBoard(
        on=facts.on,
        view=view,
        complete=sum(is_complete(needs[each.person]) for each in trainees if each.needs),
        pairs_now=sum(len(facts.mentors_now(person)) for person in facts.trainees),
        pairs_ever=sum(len(facts.pairings.get(person, ())) for person in facts.trainees),
        columns=tuple(_counted(facts, view, trainees, mentors)),
        mentors=tuple(mentors),
        trainees=tuple(trainees),
        past=tuple(past),
        ties=tuple(ties),
        generations=lines.counts,
        longest=lines.longest,
        cohorts={person: facts.people[person].cohort for person in past},
        names={person: facts.name(person) for person in (*past, *lines.longest)},
    )


def _shows_all(view: BoardView) -> bool:
    """Return whether those who need no mentor any more stand in the columns too."""
    return view.by != "unit" or view.pairs == "ever"


def _ties(facts: Facts, view: BoardView) -> list[BoardTie]:
    by_post = {kind.key for kind in facts.programme.mentoring_kinds if kind.by_post}
    out = {each.pairing.id for each in to_hand_over(facts)}
    found: dict[tuple[str, str, str], BoardTie] = {}
    for person in facts.trainees:
        had = facts.pairings.get(person, ()) if view.pairs == "ever" else facts.mentors_now(person)
        for each in had:  # a later period of the same two stands for both
            kind = each.kind or ""
            found[each.mentor, person, kind] = BoardTie(
                each.mentor,
                person,
                kind,
                kind in by_post,
                each.id not in out,
                runs(each.until, facts.day),
            )
    return list(found.values())


# --- columns


def _columns(facts: Facts, view: BoardView) -> Callable[[str], str]:
    """Return the function that says in which column a trainee stands; "" is none."""
    if view.by == "cohort":
        return lambda person: str(facts.people[person].cohort or "")
    if view.by == "generation":
        depth = line_generations(facts).of
        return lambda person: str(depth.get(person, ""))
    of_unit = _column_of(facts)
    return lambda person: _unit_column(facts, person, of_unit)


def _first_by_post(facts: Facts) -> MentorKindTerm | None:
    return next((each for each in facts.programme.mentoring_kinds if each.by_post), None)


def _column_of(facts: Facts) -> dict[str, str]:
    return facts.once(_all_columns)


def _all_columns(facts: Facts) -> dict[str, str]:
    """Return the column of each unit: the nearest one of the kinds, else that below the top."""
    term = _first_by_post(facts)
    kinds = set(term.unit_kinds) if term else set()
    found = {}
    for unit in facts.units:
        line = facts.chain(unit)
        wanted = [each for each in line if facts.units[each].kind in kinds]
        found[unit] = wanted[0] if wanted else line[-2] if len(line) > 1 else line[-1]
    return found


def _unit_column(facts: Facts, person: str, of_unit: dict[str, str]) -> str:
    """Return the column where a trainee is placed for mentors by post, else that of the unit.

    Who needs mentors no longer stands where they were placed last; without that in no column.
    """
    needs = lights(facts).get(person, ())
    posts = posts_of(facts)
    columns = posts.model.columns
    for light in needs:
        if light.kind in posts.kinds:
            for place in posts.places(light.kind, columns.person_at.get(person, -1)):
                return of_unit.get(columns.unit_ids[place.unit], "")
    if needs:
        return of_unit.get(facts.unit_of(person) or "", "")
    term = _first_by_post(facts)
    kinds = term.placed_by if term else ()
    for posting in reversed(facts.postings.get(person, ())):
        if posting.kind in kinds:
            return of_unit.get(facts.posts[posting.post].unit or "", "")
    return ""


def _counted(
    facts: Facts, view: BoardView, trainees: list[BoardTrainee], mentors: list[BoardMentor]
) -> list[BoardColumn]:
    mine: dict[str, list[BoardTrainee]] = defaultdict(list)
    for each in trainees:
        mine[each.column].append(each)
    guides = Counter(each.column for each in mentors)
    found = [
        BoardColumn(
            key=key,
            unit=key if view.by == "unit" else "",
            name=facts.units[key].name if view.by == "unit" and key in facts.units else key,
            trainees=len(mine[key]),
            mentors=guides[key],
            missing=sum(bool(each.missing) for each in mine[key]),
            out_of_post=sum(bool(each.out_of_post) for each in mine[key]),
        )
        for key in dict.fromkeys([*mine, *guides])
        if key or view.by != "cohort" or mine[key]  # mentors stand above all cohorts
    ]
    if view.by == "unit":
        order = {unit: at for at, unit in enumerate(facts.units)}
        return sorted(found, key=lambda each: order.get(each.key, -1))
    return sorted(found, key=lambda each: (not each.key, int(each.key or 0)))


# --- people


def _trainee(facts: Facts, person: str, needs: tuple[Light, ...], column: str) -> BoardTrainee:
    since = [light.missing_since for light in needs if light.missing and light.missing_since]
    where = progress(facts).get(person)
    return BoardTrainee(
        person=person,
        name=facts.name(person),
        column=column,
        cohort=facts.people[person].cohort,
        stage=where.stage if where else None,
        missing=tuple(light.kind for light in needs if light.missing),
        missing_since=min(since, default=None),
        out_of_post=tuple(each.pairing.mentor for light in needs for each in light.not_in_post),
        needs=bool(needs),
    )


def _mentors(
    facts: Facts, ties: list[BoardTie], trainees: list[BoardTrainee], view: BoardView
) -> list[BoardMentor]:
    """Return the mentors by post, and those who are no trainees, each with what they guide."""
    place = {each.person: each.column for each in trainees}
    order = {kind.key: at for at, kind in enumerate(facts.programme.mentoring_kinds)}
    among = set(facts.trainees)

    def first(kind: str) -> tuple[int, str]:
        return order.get(kind, len(order)), kind

    guided: dict[tuple[str, str], list[BoardTie]] = defaultdict(list)
    for tie in ties:
        if tie.by_post or tie.mentor not in among:
            guided[tie.mentor, tie.kind if tie.by_post else ""].append(tie)
    found = [  # once for each kind by post, once for all others
        _mentor(facts, mentor, min((each.kind for each in those), key=first), those, place, view)
        for (mentor, _kind), those in guided.items()
        if view.by != "generation" or mentor not in place
    ]
    if view.by == "generation":  # once, whatever they guide as
        found = list({each.person: each for each in reversed(found)}.values())
    return sorted(found, key=lambda each: (each.column, *first(each.kind), each.person))


def _mentor(
    facts: Facts,
    mentor: str,
    kind: str,
    those: list[BoardTie],
    place: dict[str, str],
    view: BoardView,
) -> BoardMentor:
    member = pool(facts).get(mentor)
    running = any(each.runs for each in those)
    wrong = facts.once(_left).get(mentor) if running else None
    known = Counter(place[each.trainee] for each in those if place.get(each.trainee))
    most = max(known, key=lambda key: (known[key], key), default="")
    column = most
    if view.by == "cohort":
        column = ""
    elif view.by == "generation":
        column = str(line_generations(facts).of.get(mentor, ""))
    elif running and wrong is None:
        of_unit = _column_of(facts)
        posts = [facts.posts[post].unit or "" for post in member.posts] if member else []
        column = next((of_unit[unit] for unit in posts if unit in of_unit), most)
    return BoardMentor(
        person=mentor,
        name=facts.name(mentor),
        kind=kind,
        column=column,
        load=member.load if member else sum(each.runs for each in those),
        capacity=member.capacity if member else None,
        ever=len({each.trainee for each in facts.mentees.get(mentor, ())}),
        left_on=wrong.since if wrong else None,
        is_out=wrong is not None,
        is_former=not running,
    )


def _left(facts: Facts) -> dict[str, NotInPost]:
    return {each.pairing.mentor: each for each in to_hand_over(facts)}


def _narrowed(
    view: BoardView,
    trainees: list[BoardTrainee],
    mentors: list[BoardMentor],
    ties: list[BoardTie],
) -> tuple[list[BoardTrainee], list[BoardMentor], list[BoardTie]]:
    """Keep whom a view is of, with their ties: one kind of mentor, or gaps.

    Gaps are who lacks a mentor or has one out of post, their mentors, and who guides too many.
    """
    if view.only == GAPS:
        mine = {each.person for each in trainees if each.missing or each.out_of_post}
        ties = [each for each in ties if each.trainee in mine and each.runs]
        guiding = {each.mentor for each in ties}
        mentors = [each for each in mentors if each.person in guiding or each.is_over]
    else:
        mine = {each.person for each in trainees if view.only in each.missing}
        mine |= {each.trainee for each in ties}
    mine |= {each.mentor for each in ties}  # trainees who guide them
    return [each for each in trainees if each.person in mine], mentors, ties
