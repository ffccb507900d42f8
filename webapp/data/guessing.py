"""Files of an unknown shape: a description is proposed, shown with its rows, corrected, then used.

Which column means what stands in the address, so a proposal can be reopened and shared while the
upload is kept. Checking and loading are those of the data page: the description is put beside the
files, where the loader finds it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from graph.errors import N_, InputError, NotFound, Problem
from graph.schema import table as table_of
from loaders.guess import Guess, PreviewTable, guess, preview
from loaders.guessing.meanings import MEANINGS
from loaders.sources import described, parse_description
from loaders.sources.reading import SHIPPED, shipped_names
from webapp.data import background, stored, uploads
from webapp.data import pages as data
from webapp.data.accounts import place_of
from webapp.data.forms import PROPOSED, DescriptionForm, GuessForm, foreign_sources
from webapp.shell.asking import Asked
from webapp.shell.language import joined, language
from webapp.shell.store import current_jobs, current_store

bp = Blueprint("guessing", __name__, url_prefix="/data/guess")

FILE = "source.yaml"


@bp.get("")
def index() -> str:
    """Ask for files whose columns are to be recognised."""
    return _index(GuessForm())


def _index(form: GuessForm) -> str:
    return render_template("guessing/index.html", form=form, sources=foreign_sources())


@bp.post("")
def upload() -> Response | tuple[str, int]:
    """Put files aside and go to what is proposed for them."""
    form = GuessForm.sent()
    token = form.kept()
    if token is None:
        return _index(form), 400
    named = form.source.data if form.source.data != PROPOSED else None
    return redirect(url_for("guessing.show", token=token, source=named), 303)  # type: ignore[return-value]


class GuessPage(Asked):
    """The description that is shown instead of the proposed one, by name."""

    source: str = ""


@bp.get("/<token>")
def show(token: str) -> str:
    """Show what is proposed for an upload, or what the meanings in the address make of it."""
    path = uploads.kept(token)
    source = GuessPage.read().source
    if source:
        text = _text_of(source)
        description = described(source, language())  # by then one that ships
        tables, problems = preview(path, description, language=language(), store=current_store())
        return _page(token, text, tables, problems)
    return _page_of(token, _guessed(path))


@bp.post("/<token>")
def use(token: str) -> Response | str:
    """Take the text of the description: show what it makes, or check the files with it."""
    path = uploads.kept(token)
    form = DescriptionForm.sent()
    text = form.text.data
    try:
        description = parse_description(text, FILE, language())
    except InputError as error:
        return _page(token, text, [], list(error.problems) or [_as_problem(error)])
    if form.action.data == "preview":
        tables, problems = preview(path, description, language=language(), store=current_store())
        return _page(token, text, tables, problems)
    uploads.describe(token, text)
    job = background.start_check(token)
    current_jobs().wait(job.id, data.QUICK_SECONDS)
    return redirect(url_for("data.job", id=job.id), 303)  # type: ignore[return-value]


@bp.get("/<token>/source.yaml")
def download(token: str) -> Response:
    """Return the description as a file, to be kept and used again with `--source`."""
    source = GuessPage.read().source
    text = _text_of(source) if source else _guessed(uploads.kept(token)).text
    return Response(
        text,
        mimetype="application/yaml",
        headers={"Content-Disposition": f'attachment; filename="{FILE}"'},
    )


def _text_of(source: str) -> str:
    """Return the text of a description that ships; an address may name no other file."""
    if source not in shipped_names():
        raise NotFound(
            N_('There is no source "%(name)s".'),
            N_("Give the file of a description, or one of %(known)s."),
            name=source,
            known=", ".join(shipped_names()),
        )
    return (SHIPPED / f"{source}.yaml").read_text(encoding="utf-8")


def _guessed(path: Path) -> Guess:
    given = {key[2:]: value for key, value in request.args.items() if key.startswith("m.")}
    return guess(path, given or None, language=language(), store=current_store())


def _page_of(token: str, found: Guess) -> str:
    return _page(token, found.text, found.tables, found.problems, found)


def _page(
    token: str,
    text: str,
    tables: list[PreviewTable],
    problems: list[Problem],
    found: Guess | None = None,
) -> str:
    arguments = {key: value for key, value in request.args.items() if key.startswith("m.")}
    if source := GuessPage.read().source:
        arguments["source"] = source
    path = uploads.kept(token)
    return render_template(
        "guessing/show.html",
        token=token,
        names=sorted(
            file.name for file in (path.iterdir() if path.is_dir() else [path]) if file.name != FILE
        ),
        form=_described(text, problems),
        lines=min(max(text.count("\n") + 2, 12), 40),
        sheets=found.sheets if found else [],
        meanings=[(each.key, each.title(language())) for each in MEANINGS.values()],
        reasons={
            "heading": _("by its heading"),
            "dates": _("by the shape of its dates"),
            "reference": _("its values name rows of another column"),
        },
        tables=[_shown(each) for each in tables],
        unused_columns=[place_of(each) for each in found.unused_columns] if found else [],
        unused_rows=[(place_of(each), each["value"]) for each in found.unused_rows]
        if found
        else [],
        doubts=[(place_of(doubt := each.as_dict()), doubt["message"]) for each in found.doubts]
        if found
        else [],
        problems=data.problem_rows(problems),
        has_errors=any(problem.severity == "error" for problem in problems),
        arguments=arguments,
    )


def _described(text: str, problems: list[Problem]) -> DescriptionForm:
    """Return the form of a text; the first thing that is wrong in it stands at the field."""
    form = DescriptionForm(data={"text": text})
    wrong = [each for each in problems if each.severity == "error"]
    form.text.errors = [joined(each.message, each.hint) for each in wrong[:1]]
    return form


def _shown(found: PreviewTable) -> dict[str, Any]:
    table = table_of(found.name)
    columns = [
        {"key": heading, "title": column.en if language() == "en" else column.zh, "number": False}
        for heading in found.headings
        for column in [table.column(heading)]
    ]
    return {
        "name": found.name,
        "title": stored.title(table),
        "columns": columns,
        "rows": [dict(zip(found.headings, row, strict=True)) for row in found.rows],
    }


def _as_problem(error: InputError) -> Problem:
    message, hint = error.translated(_)
    return Problem("error", FILE, None, None, None, None, "bad-description", message, hint)
