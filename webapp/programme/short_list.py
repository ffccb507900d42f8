"""Who meets the conditions of a post: addresses of the short list as a matrix, a sheet, files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from flask import Response, render_template, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from typing_extensions import TypedDict

from graph.errors import N_, NotFound
from graph.programme import Rule
from queries.programme.facts import Facts
from queries.programme.on_day import appointment_rules
from queries.rules import short_list as lists
from webapp.programme.answers import PlainOf, ProgrammeAsked
from webapp.programme.blueprint import bp
from webapp.programme.cells import Cells, link
from webapp.programme.documents import Document, Section, sent
from webapp.programme.matrix import AMONG_EQUALS, Matrix, answered, matrix_of
from webapp.programme.page import as_json, facts, page
from webapp.shell import words
from webapp.shell.asking import Several
from webapp.shell.frame import term
from webapp.shell.language import either
from webapp.shell.operations import operation
from webapp.shell.sentences import said
from webapp.shell.store import current_store

MOST_ROWS = 150  # that the page shows


class ShortlistAsked(ProgrammeAsked):
    """What is not compared for once: priorities by key, `demands`, `wish`, `months`."""

    off: Several = ()


class PickedAsked(ShortlistAsked):
    """Beside it who is picked, for the sheet and to be put side by side."""

    person: Several = ()


class ShortlistAnswer(TypedDict):
    """The short list of one post."""

    shortlist: lists.Shortlist


@bp.get("/api/programme/vacancies/<path:id>")
@operation(Annotated[Any, PlainOf(ShortlistAnswer)], ShortlistAsked)
def shortlist_json(id: str) -> Response:
    """Return the short list of one post as JSON."""
    return as_json(shortlist=_shortlist(facts(), id))


def _shortlist(known: Facts, id: str) -> lists.Shortlist:
    if id not in known.posts:
        raise NotFound(N_("There is no post %(id)s."), N_("Search for its title."), id=id)
    off = frozenset(ShortlistAsked.read().off)
    return lists.shortlist(known, id, appointment_rules(current_store()), off)


@bp.get("/programme/vacancies/<path:id>")
def shortlist(id: str) -> str:
    """Show who meets the conditions of one post, a line each, and who does not, by rule."""
    known = facts()
    found, rules = _shortlist(known, id), _rules()
    picked = PickedAsked.read().person
    matrix = matrix_of(known, found, rules, found.places[:MOST_ROWS], picked)
    out: list[lists.Excluded | lists.NotDecided] = [*found.excluded, *found.undecided]
    return page(
        "shortlist.html",
        "people",
        "posts",
        "postings",
        "records",
        "kin",
        "wishes",
        **_of_post(known, id),
        found=found,
        matrix=matrix,
        answer_clauses=answered(known, found),
        picked=[each for each in picked if any(each == row.person for row in matrix.rows)],
        off=ShortlistAsked.read().off,
        chips=_chips(found),
        out=[(_out_title(rules, group), group) for group in found.excluded_by],
        reasons={each.person: _whys(rules, each) for each in out},
        why=lambda rule, sentence: _why(rules, rule, said(sentence)),
        has_rules=bool(rules),
        sheet_url=link("programme.shortlist_sheet", id=id),
        files=[
            (name, _address(id, found, endpoint="programme.shortlist_file", ending=ending))
            for name, ending in ((_("Excel"), "xlsx"), (_("Word"), "docx"))
        ],
    )


@bp.get("/programme/vacancies/<path:id>/sheet")
def shortlist_sheet(id: str) -> str:
    """Show those who are picked, else all who meet the conditions, as one sheet for a meeting."""
    known = facts()
    found, rules = _shortlist(known, id), _rules()
    chosen = PickedAsked.read().person
    those = [each for each in found.places if not chosen or each.person in chosen]
    matrix, clauses = matrix_of(known, found, rules, those), answered(known, found)
    out = [(_out_title(rules, group), group) for group in found.excluded_by]
    paragraphs = (
        "".join(Markup(clause).striptags() for clause in clauses) + " " * 60,
        "".join(matrix.told_once),
        "".join(f"{title} {len(group.people)}     " for title, group in out) + " " * 60,
    )
    return render_template(
        "programme/shortlist_sheet.html",
        **_of_post(known, id),
        id=id,
        facts=known,
        found=found,
        matrix=matrix,
        fitted=matrix.on_one_sheet(*paragraphs),
        lines=matrix.sheet_lines(),
        answer_clauses=clauses,
        out=out,
        back=_address(id, found, person=chosen),
        is_picked=bool(chosen),
    )


@bp.get("/programme/vacancies/<path:id>/list.docx", defaults={"ending": "docx"})
@bp.get("/programme/vacancies/<path:id>/list.xlsx", defaults={"ending": "xlsx"})
def shortlist_file(id: str, ending: str) -> Response:
    """Return the short list as Word or Excel: the places, and who is excluded by what."""
    known = facts()
    found, rules = _shortlist(known, id), _rules()
    matrix = matrix_of(known, found, rules, found.places)
    return sent(_document(known, found, rules, matrix), ending)


def _rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in appointment_rules(current_store())}


def _of_post(known: Facts, id: str) -> dict[str, Any]:
    """Return what a page says of the post: its name, its rank, what it asks for."""
    post = known.posts[id]
    notes = [term("ranks", post.rank)] if post.rank else []
    if post.demands:
        what = _(", ").join(post.demands)
        notes.append(_("asks for: %(what)s", what=what))
    return {"post": post, "post_name": Cells(known).post(id)["text"], "post_notes": notes}


def _address(
    id: str, found: lists.Shortlist, endpoint: str = "programme.shortlist", **values: Any
) -> str:
    """Return an address of the list that keeps what is compared, and who is picked."""
    asked = PickedAsked.read()
    kept = {"off": list(asked.off), "person": list(asked.person), "unit": asked.unit or None}
    return url_for(endpoint, id=id, **{**kept, **values})


def _chips(found: lists.Shortlist) -> dict[str, Any]:
    """Return what is compared, each with the address that switches it."""
    off = set(ShortlistAsked.read().off)
    keys = [key for key, _is_on in found.priorities]

    def switched(*which: str, on: bool) -> str:
        return _address(found.post, found, off=sorted(off - set(which) if on else off | set(which)))

    on = [key for key, is_on in found.priorities if is_on]
    return {
        "group": _group_title(),
        "on": len(on),
        "of": len(keys),
        "url": switched(*keys, on=not on),
        "each": [
            {
                "text": f"{'✓' if is_on else '–'} {term('priorities', key)}",
                "url": switched(key, on=not is_on),
            }
            for key, is_on in found.priorities
        ],
        "equals": [
            (AMONG_EQUALS[key], switched(key, on=not is_on), is_on) for key, is_on in found.compared
        ],
    }


def _group_title() -> str:
    """Return what the programme calls its priorities."""
    mechanisms = [each for part in words.programme().parts for each in part.mechanisms]
    title = next((each for each in mechanisms if each.page == "vacancies"), None)
    return either(title) if title else _("Priorities")


def _out_title(rules: dict[str, Rule], group: lists.ExcludedGroup) -> str:
    if group.rule is None:
        return said(group.words)
    return _("%(what)s (%(rule)s)", what=either(rules[group.rule].title), rule=group.rule)


def _whys(rules: dict[str, Rule], those: lists.Excluded | lists.NotDecided) -> list[str]:
    return [_why(rules, rule, said(sentence)) for rule, sentence in those.why]


def _why(rules: dict[str, Rule], rule: str | None, sentence: str) -> str:
    if rule is None:
        return sentence
    return _("%(rule)s: %(why)s", rule=f"{rule} {either(rules[rule].title)}", why=sentence)


def _document(
    known: Facts, found: lists.Shortlist, rules: dict[str, Rule], matrix: Matrix
) -> Document:
    post = Cells(known).post(found.post)["text"]
    columns = (
        *(_("No."), _("Name"), _("Cohort"), _("Post"), _("Stage")),
        *(column.title for column in matrix.columns),
        *((_("Months in the rank"),) if matrix.has_months else ()),
        *(_("Weighs against"), *matrix.days, _("Light"), _("Reasons")),
    )
    places = tuple(
        (
            *(row.number, row.name, row.cohort, row.post, row.stage),
            *("✓" if cell.holds else "–" for cell in row.cells),
            *((row.months,) if matrix.has_months else ()),
            " · ".join(chip.text for chip in row.chips),
            *row.days,
            row.light[1] if row.light else "",
            " · ".join(said(each.words) for each in place.reasons),
        )
        for row, place in zip(matrix.rows, found.places, strict=True)
    )
    sections = [Section("places", _("Meet the conditions"), columns, places)]
    out: Sequence[tuple[str, str, Sequence[lists.Excluded | lists.NotDecided]]] = (
        ("excluded", _("Excluded by a hard rule"), found.excluded),
        ("undecided", _("Not decided"), found.undecided),
    )
    for key, title, those in out:
        rows = tuple((known.name(e.person), " · ".join(_whys(rules, e))) for e in those)
        sections.append(Section(key, title, (_("Name"), _("Why")), rows, annex=True))
    return Document(
        name=f"{found.post}-{known.day}",
        title=_("Who meets the conditions for %(post)s?", post=post),
        subtitle=_("as of %(day)s", day=known.day),
        facts=(),
        sections=tuple(sections),
        invented=known.programme.invented,
    )
