"""A person's growth file on one sheet of A4: who and where, the years in a picture, what counts.

What does not fit is counted and stands in the annex. Lengths are CSS pixels of the sheet.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate
from typing import Any

from flask_babel import gettext as _

from graph.dates import end_day, first_day, months_between, precision
from graph.file_rules import EachYear
from graph.programme import Programme
from graph.rules import Every
from graph.schema import table
from graph.store import Store
from loaders import entry
from loaders.entry import Stored
from queries import choices
from queries.dated import Dated, dated
from queries.programme import mentoring
from queries.programme.facts import Facts
from webapp.entering.cells import cell, title
from webapp.people.timeline import period
from webapp.pictures.fitting import column_rooms, line_count, most_lines, row_lines, text_width
from webapp.pictures.lanes import SIGNS, LanePeriod, LanesPicture, lanes_picture
from webapp.pictures.path_line import shortened
from webapp.pictures.signs import rank_step
from webapp.programme.growth_document import begun, when
from webapp.programme.judgement import judged
from webapp.shell.frame import term
from webapp.shell.language import language

ROOM, TEXT, LINE = 793, 12, 18  # headings, the ends of the sheet and the spaces are taken off
WIDTH, HALF = 700, 335
PARTICULARS = ("born_on", "native_place", "education", "specialties", "joined_on")
MOST_REVIEW_LINES, MOST_YEARS, LEAST_LABEL, LAST_TALKS = 8, 6, 84, 4
LEAST_MENTORS, LEAST_CARE, MOST_GUIDED = 4, 3, 6


@dataclass(frozen=True)
class CutRows:
    """The rows of a table that fit, and how many stand in the annex alone."""

    rows: tuple[tuple[Any, ...], ...]
    more: int = 0


@dataclass(frozen=True)
class PersonSheet:
    """All that stands on the sheet."""

    name: str
    line: str  # cohort, post, what is held beside
    judgement: tuple[str, str]
    particulars: tuple[tuple[str, str], ...]
    picture: LanesPicture | None
    signs: tuple[tuple[str, str], ...]  # of the dots
    postings: CutRows
    mentors: CutRows
    lists: tuple[str, ...]  # what pairs are counted against, where the programme lists it
    guided: str
    years: tuple[str, ...]
    reviews: CutRows
    care: CutRows
    totals: tuple[tuple[str, int], ...]
    talks: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class RecordRoles:
    """Which kinds of record are what, by what the programme asks of them."""

    talks: tuple[str, ...]  # what falls due again and again
    care: frozenset[str]
    awards: frozenset[str]
    reviews: tuple[str, ...]

    @classmethod
    def of(cls, programme: Programme) -> RecordRoles:
        """Tell kinds by the rules that name them."""
        rules = [each.rule.parameters for each in programme.duties]
        talks = tuple(dict.fromkeys(rule.record for rule in rules if isinstance(rule, Every)))
        care = {each.rule.parameters.record for each in programme.entitlements}
        care |= {each.key for each in programme.record_kinds if each.is_payment or each.is_visit}
        other = {each.rule.parameters.record for each in programme.requests}
        other |= {each.record for each in (programme.reserve, programme.focus,
                                           programme.training_needs) if each}  # fmt: skip
        rest = [
            each
            for each in programme.record_kinds
            if each.key not in {*talks, *care, *other} and "topic" not in each.needs
        ]
        return cls(
            talks,
            frozenset(care),
            frozenset(each.key for each in rest if not each.results),
            tuple(each.key for each in rest if each.results),
        )


def person_sheet(store: Store, known: Facts, id: str) -> PersonSheet:
    """Gather what stands on the sheet of a person, cut to what one sheet holds."""
    person, by = entry.stored(store, "people", id), dated(store, known.on)
    roles = RecordRoles.of(known.programme)
    postings = begun(entry.rows_about(store, "rotations", "person", id), "since", by)
    posts = choices.posts(store, (row.values["post"] for row in postings))
    records = [
        row
        for row in begun(entry.rows_about(store, "records", "person", id), "on", by)
        if not row.withdrawn_on
    ]
    picture, signs = _picture(known, id, postings, posts, records, roles)
    years, reviews = _reviews(known.programme, records, roles)
    terms = (
        (_("Methods used"), known.programme.mentoring_methods),
        (_("Duties done"), known.programme.mentoring_duties),
        (_("Growth tasks"), known.programme.growth_tasks),
    )
    return fitting(
        PersonSheet(
            name=str(person.values["name"]),
            line=_who_and_where(known, id, by),
            judgement=judged(store, known, id),
            particulars=_particulars(person, by),
            picture=picture,
            signs=signs,
            postings=CutRows(tuple(_posting(row, posts, known.on) for row in postings)),
            mentors=CutRows(tuple(_mentors(known, id))),
            lists=tuple(text for text, listed in terms if listed),
            guided=_guided(known, id),
            years=years,
            reviews=CutRows(tuple(reviews)),
            care=CutRows(tuple(_care(records, roles))),
            totals=_totals(records, roles),
            talks=_last_talks(records, roles),
        )
    )


def fitting(sheet: PersonSheet) -> PersonSheet:
    """Return a sheet whose tables are cut to the room that one sheet has."""
    room: float = ROOM - LINE * sum(
        (
            line_count(sheet.line, 480, TEXT),
            line_count(" ".join(sheet.judgement), 640, TEXT),
            line_count("    ".join(f"{t} {v}" for t, v in sheet.particulars), 640, TEXT),
            line_count(sheet.guided, 680, TEXT) if sheet.guided else 0,
        )
    )
    room -= sheet.picture.height if sheet.picture else 0
    sheet = _recent_years(sheet)
    review_lines = _review_lines(sheet)
    reviews = cut(sheet.reviews.rows, review_lines, MOST_REVIEW_LINES, first=True)
    reviews_height = 44 + (LINE + 1) * _height(reviews, review_lines, first=True)
    care_height = 28 + (LINE + 1) * min(len(sheet.care.rows), LEAST_CARE + 1)
    block = max(reviews_height + care_height, _talks_height(sheet))
    lines = int((room - block) / (LINE + 1))
    taken = _lines([row[:5] for row in sheet.postings.rows], WIDTH - 60)
    pairs = _lines([row[:3] for row in sheet.mentors.rows], WIDTH - 80 * len(sheet.lists))
    for_pairs = min(sum(pairs), max(LEAST_MENTORS, lines - sum(taken)))
    postings = cut(sheet.postings.rows, taken, lines - for_pairs)
    mentors = cut(sheet.mentors.rows, pairs, lines - _height(postings, taken))
    free = lines - _height(postings, taken) - _height(mentors, pairs)
    for_care = int((block - reviews_height - 28) / (LINE + 1)) + max(free, 0)
    care = cut(sheet.care.rows, [1] * len(sheet.care.rows), max(for_care, 2), first=True)
    return replace(sheet, postings=postings, mentors=mentors, reviews=reviews, care=care)


def _lines(rows: Sequence[tuple[str, ...]], width: float) -> list[int]:
    return row_lines(rows, column_rooms(rows, width, TEXT), TEXT)


def _talks_height(sheet: PersonSheet) -> int:
    totals = [
        most_lines([(text, 130) for text, _n in pair], TEXT)
        for pair in zip(sheet.totals[::2], [*sheet.totals[1::2], ("", 0)], strict=False)
    ]
    talks = [most_lines([(level, 70), (text, 190)], TEXT) for _day, level, text in sheet.talks]
    return 72 + sum(1 + LINE * lines for lines in (*totals, *talks))


def _recent_years(sheet: PersonSheet) -> PersonSheet:
    """Leave out the earliest years of reviews until their kinds have room beside the others."""
    while len(sheet.years) > 1 and _label_room(sheet) < LEAST_LABEL:
        rows = tuple((row[0], *row[2:]) for row in sheet.reviews.rows)
        sheet = replace(sheet, years=sheet.years[1:], reviews=CutRows(rows))
    return sheet


def _label_room(sheet: PersonSheet) -> float:
    columns = zip(sheet.years, *(row[1:] for row in sheet.reviews.rows), strict=True)
    return HALF - sum(max(text_width(text, TEXT) for text in column) + 8 for column in columns)


def _review_lines(sheet: PersonSheet) -> list[int]:
    """Return how many lines the name of each kind of review takes beside the columns of years."""
    room = max(_label_room(sheet), LEAST_LABEL / 2)
    return [line_count(row[0], room, TEXT) for row in sheet.reviews.rows]


def cut(
    rows: Sequence[tuple[Any, ...]], lines: Sequence[int], room: int, first: bool = False
) -> CutRows:
    """Keep the last rows that fit, or the first, with a line for what is left out among them.

    >>> cut([("a",), ("b",), ("c",)], [1, 1, 1], 3)
    CutRows(rows=(('a',), ('b',), ('c',)), more=0)
    >>> cut([("a",), ("b",), ("c",)], [1, 1, 2], 3)
    CutRows(rows=(('c',),), more=2)
    >>> cut([("a",), ("b",), ("c",)], [1, 1, 2], 3, first=True)
    CutRows(rows=(('a',), ('b',)), more=1)
    """
    if sum(lines) <= room:
        return CutRows(tuple(rows), 0)
    kept = sum(t <= room - 1 for t in accumulate(lines if first else reversed(lines)))
    shown = rows[:kept] if first else rows[len(rows) - kept :]
    return CutRows(tuple(shown), len(rows) - kept)


def _height(shown: CutRows, lines: Sequence[int], first: bool = False) -> int:
    count = len(shown.rows)
    return sum(lines[:count] if first else lines[len(lines) - count :]) + bool(shown.more)


def _particulars(person: Stored, by: Dated) -> tuple[tuple[str, str], ...]:
    of = table("people")
    columns = {column.heading: column for column in of.columns}
    found = []
    for key in PARTICULARS:
        value = person.values.get(key)
        if value and not (key == "joined_on" and value > by.ends):
            found.append((title(columns[key]), cell(of, key, value, {})))
    return tuple(found)


def _who_and_where(known: Facts, id: str, by: Dated) -> str:
    """Say cohort, main post with rank, and what is held beside until when."""
    person = known.people.get(id)
    parts = []
    if person and person.cohort and str(person.cohort) <= by.ends:
        parts.append(_("cohort %(year)s", year=person.cohort))
    home = known.home(id)
    for each in sorted(known.current(id), key=lambda posting: posting is not home):
        post = known.posts[each.post]
        unit = known.units.get(post.unit or "")
        text = f"{unit.name} {post.name}" if unit else post.name
        index = known.rank_index(id)
        if each is home and index is not None:
            text += _(" (%(note)s)", note=term("ranks", known.programme.ranks[index].key))
        elif each is not home and each.kind:
            text = f"{term('rotation_kinds', each.kind)} {text}"
        if each.until and each.until <= by.ends:
            text += _(" until %(day)s", day=each.until)
        parts.append(text)
    return " · ".join(parts[:3])


# --- the picture


def _picture(
    known: Facts,
    id: str,
    postings: Sequence[Stored],
    posts: dict[str, Any],
    records: Sequence[Stored],
    roles: RecordRoles,
) -> tuple[LanesPicture | None, tuple[tuple[str, str], ...]]:
    beside_kinds = {e.key for e in known.programme.rotation_kinds if e.keeps_home_post}
    main: list[LanePeriod] = []
    beside: list[LanePeriod] = []
    for row in postings:
        values, post = row.values, posts[row.values["post"]]
        is_beside = values.get("kind") in beside_kinds or bool(values.get("concurrent"))
        step = 0 if is_beside else rank_step(values.get("rank") or post["rank"])
        text = f"{post['unit'] or ''} {post['name']}".strip()
        found = LanePeriod(values.get("since"), values.get("until"), text, step)
        (beside if is_beside else main).append(found)
    lanes: list[tuple[str, list[LanePeriod]]] = [(_("Posts"), main)]
    if beside:
        lanes.append((_("Beside them"), beside))
    kinds: dict[str | None, list[LanePeriod]] = defaultdict(list)
    for each in known.pairings.get(id, ()):
        kinds[each.kind].append(LanePeriod(each.since, each.until, known.name(each.mentor)))
    lanes += [
        (term("mentoring_kinds", kind) or _("{Mentors}"), those) for kind, those in kinds.items()
    ]
    mentees = known.mentees.get(id, ())
    if mentees:
        guided = [LanePeriod(e.since, e.until, known.name(e.trainee)) for e in mentees]
        lanes.append((_("{Trainees} guided"), guided))
    sign_of = dict(zip(roles.talks, SIGNS[:3], strict=False)) | dict.fromkeys(
        roles.awards, SIGNS[3]
    )
    marks = [(sign_of[row.values["kind"]], row.values["on"]) for row in records
             if row.values["kind"] in sign_of]  # fmt: skip
    dots = [(_("Talks and reports"), marks)] if marks else []
    used = {sign for sign, _day in marks}
    signs: dict[str, str] = {}
    for kind, sign in sign_of.items():
        if sign in used:
            signs.setdefault(sign, term("record_kinds", kind))
    short = [(shortened(text, 112), those) for text, those in lanes]
    return lanes_picture(known.on, short, dots), tuple(signs.items())


# --- tables


def _posting(row: Stored, posts: dict[str, Any], on: date) -> tuple[Any, ...]:
    values, post = row.values, posts[row.values["post"]]
    return (
        when(values),
        post["unit"] or "",
        post["name"],
        term("rotation_kinds", values.get("kind")),
        term("ranks_and_grades", values.get("rank") or post["rank"]),
        _months(values, on),
    )


def _months(values: Any, on: date) -> str:
    """Return the whole months held by the day; nothing where a date is not known to the day."""
    since, until = values.get("since"), values.get("until")
    known = [text for text in (since, until) if text]
    if not since or values.get("status") == "planned" or any(precision(t) != "day" for t in known):
        return "–"
    end = min(end_day(since, until), on) if until else on
    return str(max(months_between(first_day(since), end), 0))


def _mentors(known: Facts, id: str) -> list[tuple[Any, ...]]:
    programme = known.programme
    lists = (programme.mentoring_methods, programme.mentoring_duties, programme.growth_tasks)
    rows = []
    for pairing in known.pairings.get(id, ()):
        done = mentoring.pair_progress(known, pairing).done
        counts = [f"{n}/{len(terms)}" for n, terms in zip(done, lists, strict=True) if terms]
        rows.append(
            (
                known.name(pairing.mentor),
                term("mentoring_kinds", pairing.kind),
                period(pairing.since, pairing.until),
                *counts,
            )
        )
    return rows


def _guided(known: Facts, id: str) -> str:
    pairs = known.mentees.get(id, ())
    names = [
        _("%(name)s (%(period)s)", name=known.name(e.trainee), period=period(e.since, e.until))
        for e in pairs[-MOST_GUIDED:]
    ]
    more = _("%(n)s more", n=len(pairs) - MOST_GUIDED) if len(pairs) > MOST_GUIDED else None
    text = (", " if language() == "en" else "、").join(filter(None, (*names, more)))
    return _("Guided: %(who)s", who=text) if text else ""


def _reviews(
    programme: Programme, records: Sequence[Stored], roles: RecordRoles
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """Return the last result of each kind of review in each of the last years."""
    yearly = [part.rule.parameters for part in programme.growth_file]
    after = {rule.record: rule.months_after for rule in yearly if isinstance(rule, EachYear)}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in records:
        kind, result, on = row.values["kind"], row.values.get("result"), row.values["on"]
        if kind in roles.reviews and result:
            is_of_before = len(on) > 4 and int(on[5:7]) <= after.get(kind, 0)
            found[kind][str(int(on[:4]) - is_of_before)] = term("results", result)
    years = tuple(sorted({year for those in found.values() for year in those})[-MOST_YEARS:])
    rows: list[tuple[Any, ...]] = [
        (term("record_kinds", kind), *(found[kind].get(year, "") for year in years))
        for kind in sorted(found, key=lambda kind: (-len(found[kind]), roles.reviews.index(kind)))
    ]
    return years, rows


def _care(records: Sequence[Stored], roles: RecordRoles) -> list[tuple[str, str]]:
    """Return awards and care, the newest first, without sums."""
    found = []
    for row in reversed(records):
        kind = row.values["kind"]
        if kind in roles.awards or kind in roles.care:
            what = row.values.get("summary") if kind in roles.awards else None
            text = what or term("results", row.values.get("result")) or term("record_kinds", kind)
            found.append((row.values["on"], shortened(text, 220)))
    return found


def _totals(records: Iterable[Stored], roles: RecordRoles) -> tuple[tuple[str, int], ...]:
    counts: Counter[tuple[int, str]] = Counter()
    for row in records:
        if row.values["kind"] in roles.talks:
            level = term("levels", row.values.get("level"))
            text = " ".join(filter(None, (level, term("record_kinds", row.values["kind"]))))
            counts[roles.talks.index(row.values["kind"]), text] += 1
    return tuple((text, counts[place, text]) for place, text in sorted(counts))


def _last_talks(records: Sequence[Stored], roles: RecordRoles) -> tuple[tuple[str, str, str], ...]:
    those = [row for row in records if row.values["kind"] in roles.talks[:1]][-LAST_TALKS:]
    return tuple(
        (
            row.values["on"],
            term("levels", row.values.get("level")),
            shortened(row.values.get("summary") or "", 370),
        )
        for row in reversed(those)
    )
