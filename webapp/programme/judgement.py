"""One judgement of facts about a person: a sentence or two that are true of anybody."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from graph.store import Store
from loaders import entry
from queries import choices
from queries.careers.lines import line_of
from queries.programme import audit as audits
from queries.programme import exercises, growth_file, mentoring
from queries.programme.facts import Facts, runs
from queries.programme.stages import progress
from queries.programme.standing import MOST_PEOPLE
from webapp.shell.frame import term


def judged(store: Store, known: Facts, id: str) -> tuple[str, str]:
    """Return what matters most of a person, and what stands beside it, each as a sentence."""
    is_trainee = id in known.trainees and bool(known.programme.stages)
    first = _of_trainee(store, known, id) if is_trainee else _of_anybody(known, id)
    beside = _beside(store, known, id) if is_trainee else iter(())
    return _sentence(first), _sentence(beside)


def _sentence(clauses: Iterator[str]) -> str:
    text = _("; ").join(clauses)
    return text[:1].upper() + text[1:] + _(".") if text else ""


def _of_trainee(store: Store, known: Facts, id: str) -> Iterator[str]:
    where = progress(known)[id]
    if not known.states.serves(id):
        yield _("not in service on this day")
    elif where.stage:
        stage = term("stages", where.stage)
        if where.months is None:
            yield _("at the stage %(stage)s", stage=stage)
        else:
            yield ngettext(
                "at the stage %(stage)s for %(num)s month",
                "at the stage %(stage)s for %(num)s months",
                where.months,
                stage=stage,
            )
    yield from _rise(store, known, id)
    row = next((each for each in exercises.coverage(known) if each.person == id), None)
    if row and row.cells:
        lacking = [key for key, cell in row.cells.items() if not cell.covered]
        titles = [term("mechanisms", key) for key in lacking]
        if titles:
            yield _("exercises not begun: %(kinds)s", kinds=_(", ").join(titles))
        else:
            yield _("all %(n)s kinds of exercise are there", n=len(row.cells))


def _rise(store: Store, known: Facts, id: str) -> Iterator[str]:
    """Say the next rank by the rules, where there are any."""
    line = line_of(store, id, known.on)
    rise = line.next_rise if line and line.serves else None
    if rise is None:
        return
    rank = term("ranks", rise.rank)
    if rise.state == "open":
        yield _("%(rank)s is open by the rules", rank=rank)
    elif rise.day:
        rules = ", ".join(rise.rules)
        yield _("%(rank)s on %(day)s at the earliest (%(rules)s)", rank=rank, day=rise.day,
                rules=rules)  # fmt: skip
    elif rise.state == "undecided":
        yield _("whether %(rank)s is open cannot be judged, facts are missing", rank=rank)


def _beside(store: Store, known: Facts, id: str) -> Iterator[str]:
    missing = [each for each in mentoring.lights(known)[id] if each.missing]
    if missing:
        kinds = _(", ").join(term("mentoring_kinds", each.kind) for each in missing)
        yield _("missing: %(kinds)s", kinds=kinds)
    if known.programme.growth_file:
        yield _("the file is %(n)s %% complete", n=growth_file.scores(known)[id].percent)
    if len(known.trainees) <= MOST_PEOPLE:
        levels = [each.level for each in audits.of_person(known, id)]
        red, yellow = levels.count("red"), levels.count("yellow")
        if red or yellow:
            yield _("%(red)s red and %(yellow)s yellow lights", red=red, yellow=yellow)
        else:
            yield _("no red or yellow light")
    yield from _wish(store, id)


def _wish(store: Store, id: str) -> Iterator[str]:
    rows = [row.values for row in entry.rows_about(store, "wishes", "person", id)]
    ranked = [row for row in rows if row.get("rank_of_wish")]
    if not ranked:
        return
    first = min(ranked, key=lambda row: row["rank_of_wish"])
    names = []
    if first.get("post"):
        post = choices.posts(store, [first["post"]]).get(first["post"])
        names = [f"{post['unit'] or ''} {post['name']}".strip()] if post else []
    elif first.get("unit"):
        names = list(choices.names_of(store, "Unit", [first["unit"]]).values())
    yield from (_("first wish: %(what)s", what=name) for name in names)


def _of_anybody(known: Facts, id: str) -> Iterator[str]:
    """Say the main post since when, and whom the person guides and guided."""
    home = known.home(id) or next(reversed(known.current(id)), None)
    if home is None:
        yield _("no post on this day")
    else:
        post = known.posts[home.post]
        unit = known.units.get(post.unit or "")
        where = f"{unit.name} {post.name}" if unit else post.name
        if home.since:
            yield _("%(post)s since %(day)s", post=where, day=home.since)
        else:
            yield where
    pairs = known.mentees.get(id, ())
    if pairs:
        now = len({each.trainee for each in pairs if runs(each.until, known.day)})
        every = len({each.trainee for each in pairs})
        yield ngettext("guides %(now)s, %(num)s so far", "guides %(now)s, %(num)s so far", every,
                       now=now)  # fmt: skip
