"""Districts and hospitals of another shape, through the whole path: check, load, questions.

What is true of each stands in `tests/cases/shapes`, read by a person from what the shape is meant
to be. Below it: what must hold for everybody on any day, whatever the shape.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from examples.generate import generate_shape, main
from examples.shapes import SHAPES
from graph.settings import Settings
from graph.store import Store, open_store
from loaders.load import check, load
from queries.catalogue import ask
from queries.personnel import personnel
from queries.programme import mentoring, report, stages
from queries.programme.on_day import facts_on
from queries.quality.listed import Choice, quality
from queries.stored_programme import stored_programme
from queries.unit_file import unit_file
from tests.conftest import ROOT

TRUTH = ROOT / "tests" / "cases" / "shapes"


class Shape(NamedTuple):
    """A shape in a store, its files, and its truth."""

    name: str
    folder: Path
    store: Store
    truth: dict[str, Any]
    loaded: dict[str, int]


@pytest.fixture(scope="module", params=sorted(SHAPES))
def shape(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shape]:
    name = request.param
    folder = tmp_path_factory.mktemp(name)
    generate_shape(folder / "files", name)
    truth = tomllib.loads((TRUTH / f"{name}.toml").read_text("utf-8"))
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        loaded = load(store, folder / "files").loaded
        yield Shape(name, folder / "files", store, truth, loaded)


def _as_of(shape: Shape) -> date:
    as_of = stored_programme(shape.store).as_of
    assert as_of
    return date.fromisoformat(as_of)


def test_the_check_tells_the_mistakes_and_nothing_else(shape: Shape):
    found = [[each.code, each.value] for each in check(shape.folder)]
    assert sorted(found) == sorted(shape.truth["problems"])
    assert {name: shape.loaded[name] for name in shape.truth["loaded"]} == shape.truth["loaded"]


def test_everybody_of_the_truth_stands_where_it_says(shape: Shape):
    for person, day, *expected in shape.truth["states"]:
        (row,) = ask(shape.store, "people.state", person=person, on=day).rows
        told = [row["in_service"], row["main_post"] or "", row["also_holds"], row["meanwhile_at"]]
        assert [*told, row["rank"] or ""] == expected, (person, day)


def test_careers_are_the_moves_of_the_truth(shape: Shape):
    for person, expected in shape.truth["moves"].items():
        rows = ask(shape.store, "careers.moves", person=person, on=_as_of(shape).isoformat()).rows
        gaps = [-1 if row["gap_days"] is None else row["gap_days"] for row in rows]
        told = [
            [row["day"], row["to_post"], gap, row["how"]]
            for row, gap in zip(rows, gaps, strict=True)
        ]
        assert told == expected, person
    model = personnel(shape.store)
    marked = model.end_not_recorded.nonzero()[0].tolist()
    assert [model.columns.ids[at] for at in marked] == shape.truth["end_not_recorded"]


def test_the_programme_counts_what_the_truth_counts(shape: Shape):
    for day, expected in shape.truth["totals"].items():
        rows = ask(shape.store, "programme.totals", on=day).rows
        assert {row["key"]: row["value"] for row in rows} == expected, day
    facts = facts_on(shape.store, _as_of(shape))
    missing = [[light.person, light.kind] for light in mentoring.incomplete(facts)]
    assert sorted(missing) == shape.truth["missing_mentors"]
    if "stages" in shape.truth:
        stood = Counter(each.stage for each in stages.progress(facts).values())
        assert stood == shape.truth["stages"]
    for person, (stage, since) in shape.truth.get("since", {}).items():
        found = stages.progress(facts)[person]
        assert (found.stage, found.since) == (stage, date.fromisoformat(since)), person


def test_the_doubts_are_those_of_the_truth(shape: Shape):
    found = quality(shape.store, _as_of(shape), Choice()).as_dict()["findings"]
    told = {(row["kind"], row["person"]) for row in found}
    if shape.name == "yearly":  # whoever else is drawn may have gaps and falls
        told = {pair for pair in told if pair[1].startswith("W")}
    assert told == {tuple(pair) for pair in shape.truth["quality"]}


def test_what_must_hold_of_everybody_on_any_day(shape: Shape):
    model, draw = personnel(shape.store), Random(shape.name)
    people = draw.sample(model.columns.person_ids, min(12, len(model.columns.person_ids)))
    for day in [
        date(2012, 1, 1) + timedelta(days=draw.randrange(12 * 365 + 180)) for _ in range(8)
    ]:
        state = model.on(day)
        for person in people:
            one, held = state[person], state.holds(person)
            homes = {each["post"] for each in held if each["how"] != "meanwhile"}
            assert bool(one.main_post) == bool(homes), (person, day)
            assert one.main_post is None or one.main_post in homes
            assert one.main_post not in one.also_holds
            assert set(one.also_holds) | {one.main_post} - {None} == homes or not homes
            if one.in_service in ("no", "not_known"):
                assert (one.rank, held) == (None, [])
            if one.in_service == "yes":
                assert held, (person, day)
            assert state.serves(person) == (one.in_service in ("yes", "awaiting"))


def test_moves_chain_and_end_in_the_main_post(shape: Shape):
    model, on = personnel(shape.store), date(2024, 6, 30)
    state = model.on(on)
    last: dict[str, str] = {}
    for row in model.moves(on):
        assert row["from_post"] == last.get(row["person"]), row
        assert row["to_post"] != row["from_post"]
        assert (row["gap_days"] is None) == (row["from_post"] is None)
        last[row["person"]] = row["to_post"]
        assert model.on(date.fromisoformat(row["day"]))[row["person"]].main_post == row["to_post"]
    for person in model.columns.person_ids:
        main = state[person].main_post
        assert main is None or last[person] == main


def test_totals_are_as_many_as_the_rows_behind_them_and_as_the_report(shape: Shape):
    for day in (date(2018, 6, 30), date(2021, 6, 18), date(2024, 6, 30)):
        facts = facts_on(shape.store, day)
        for row in ask(shape.store, "programme.totals", on=day.isoformat()).rows:
            behind = ask(shape.store, "programme.total", key=row["key"], on=day.isoformat()).rows
            of_report = report.total(facts, row["key"])
            assert row["value"] == len(behind) == of_report.value, (row["key"], day)
            assert {each["person"] for each in behind} == {each.person for each in of_report.rows}


def test_lists_of_units_and_posts_name_each_holder_once(shape: Shape):
    model = personnel(shape.store)
    (top,) = [
        id_ for at, id_ in enumerate(model.columns.unit_ids) if model.columns.unit_parent[at] < 0
    ]
    for day in (date(2018, 6, 30), _as_of(shape)):
        state = model.on(day)
        told = sorted((each, row["post"]) for each in state for row in state.holds(each))
        of_unit = ask(shape.store, "units.people", unit=top, on=day.isoformat()).rows
        assert sorted((row["person"], row["post"]) for row in of_unit) == told
        listed = unit_file(shape.store, top, day)
        assert sorted((row["person"], row["post"]) for row in listed.people) == told
        assert sorted(
            (holder["person"], post["post"]) for post in listed.posts for holder in post["holders"]
        ) == [pair for pair in told if pair[1] in {post["post"] for post in listed.posts}]


@pytest.mark.parametrize("name", sorted(SHAPES))
def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path, name: str):
    def contents(folder: Path, seed: int) -> dict[str, bytes]:
        assert main(["--shape", name, "--out", str(folder), "--seed", str(seed)]) == 0
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    first = contents(tmp_path / "a", 5)
    assert contents(tmp_path / "b", 5) == first
    assert contents(tmp_path / "c", 6)["people.csv"] != first["people.csv"]


def test_a_shape_asks_for_a_folder(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["--shape", "county"])
    assert "add --out FOLDER" in capsys.readouterr().err
