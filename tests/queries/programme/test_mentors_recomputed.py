"""Who is whose mentor, recomputed from the files alone by a plain script, on ten days.

Nothing of the project is used for it: only `csv`, dates, and what `programme.yaml` says in words.
"""

import csv
from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from graph.settings import Settings
from graph.store import Store, open_store
from tests.queries.programme.programme_cases import DISTRICT, loaded
from webapp import create_app

DAYS = (
    *("2016-01-01", "2017-09-20", "2019-11-30", "2019-12-01", "2020-03-15", "2020-03-16"),
    *("2022-08-14", "2024-03-14", "2024-03-15", "2024-06-30"),
)
TITLES = {"township": {"党委书记", "党工委书记"}, "village": {"村党总支书记", "社区党总支书记"}}
HIGHER = {"key", "deputy", "unit_head", "leader"}
FAR = date(9999, 1, 1)


def rows(name: str) -> list[dict[str, str]]:
    with (Path(DISTRICT) / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def first(text: str) -> date:
    year, month, day = (*map(int, text.split("-")), 1, 1)[:3]
    return date(year, month, day)


def later(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    year, month = divmod(month, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


UNITS = {row["id"]: row for row in rows("units")}
POSTS = {row["id"]: row for row in rows("posts")}
GONE = {
    row["person"]: first(row["since"])
    for row in rows("service")
    if row["kind"] in ("retired", "transferred_out", "resigned")
}


def line(unit: str) -> Iterator[str]:
    while unit:
        yield unit
        unit = UNITS[unit]["part_of"]


def stays(person: str) -> list[tuple[date, date, dict[str, str], dict[str, str]]]:
    """Begin, end, posting, post; a leaving ends what runs."""
    found = []
    for row in rows("rotations"):
        if row["person"] == person and row["status"] == "actual" and row["marks"] != "acting":
            end = min(first(row["until"]) if row["until"] else FAR, GONE.get(person, FAR))
            found.append((first(row["since"]), end, row, POSTS[row["post"]]))
    return sorted(found, key=lambda each: each[0])


def needs_secretaries_until(person: dict[str, str]) -> date:
    mine = stays(person["id"])
    served, wanted = FAR, 24
    for since, until, row, _ in mine:
        if row["kind"] == "grassroots":
            if later(since, wanted) <= until:
                served = later(since, wanted)
                break
            while later(since, 1) <= until:
                since, wanted = later(since, 1), wanted - 1
    begun = [s for s, _, row, post in mine if row["kind"] == "key_post" or post["kind"] in HIGHER]
    return max(later(first(person["joined_on"]), 12), served, min(begun, default=FAR))


def expected(on: date) -> dict[tuple[str, str], tuple[int, list[str], list[str]]]:
    """By trainee and kind: how many are missing, who is right, who is no longer in the post."""
    found = {}
    for person in rows("people"):
        if not person["id"].startswith("T") or first(person["joined_on"]) > on:
            continue
        mine = [e for e in stays(person["id"]) if e[2]["kind"] == "grassroots" and e[0] <= on]
        kinds = ["township", "village"] if on < needs_secretaries_until(person) else []
        if any(until > on for _, until, _, _ in mine):
            kinds.append("peer")
        places = [e for e in mine if e[1] > on] or mine[-1:]
        for kind in kinds:
            right, gone = list[str](), list[str]()
            for pair in rows("mentoring"):
                end = min(
                    first(pair["until"]) if pair["until"] else FAR, GONE.get(pair["mentor"], FAR)
                )
                is_mine = pair["trainee"] == person["id"] and pair["kind"] == kind
                if not is_mine or first(pair["since"]) > on or end <= on:
                    continue
                near = kind == "peer" or any(
                    since <= on < until
                    and post["title"] in TITLES[kind]
                    and any(
                        post["unit"] in line(place[3]["unit"])
                        or place[3]["unit"] in line(post["unit"])
                        for place in places
                    )
                    for since, until, _, post in stays(pair["mentor"])
                )
                (right if near else gone).append(pair["mentor"])
            missing = max(0, 1 - len(right) - len(gone))
            found[person["id"], kind] = missing, sorted(right), sorted(gone)
    return found


@pytest.fixture(scope="module")
def district(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("mentors") / "graph.kgl"
    with open_store(Settings(store_url=f"embedded:{path}")) as store:
        yield loaded(store, DISTRICT)


def test_mentors_right_missing_and_departed_are_those_of_the_files(district: Store):
    client = create_app(Settings(language="en"), district).test_client()
    states = set()
    for on in DAYS:
        told = {}
        answer = client.get(f"/api/programme/mentors?on={on}").json
        for light in (light for lights in answer["lights"] for light in lights):
            gone = sorted(each["pairing"]["mentor"] for each in light["not_in_post"])
            right = sorted({each["mentor"] for each in light["mentors"]} - set(gone))
            if light["person"].startswith("T"):
                told[light["person"], light["kind"]] = light["missing"], right, gone
        assert told == expected(first(on)), on
        states |= {(missing, bool(gone)) for missing, _, gone in told.values()}
    assert states == {(0, False), (1, False), (0, True)}


def test_the_figures_of_the_mock_ups_stand_on_the_page(district: Store):
    found = expected(date(2024, 6, 30))
    needing = {person for person, _ in found}
    lacking = {person for (person, _), (missing, _, _) in found.items() if missing}
    left = {person for (person, _), (_, _, gone) in found.items() if gone}
    assert (len(needing), lacking, left) == (24, {"T039", "T041", "T044"}, {"T035", "T038"})
    page = create_app(Settings(language="en"), district).test_client().get("/programme/mentors")
    sentence = "Of 24 trainees who need mentors, 19 have all of them, each in the post; 3 lack one,"
    assert sentence in page.text
    assert "/events?kind=hand_over&amp;person=M011&amp;on=2024-06-30" in page.text
