"""The published totals of a day, counted again with plain Python over the CSV files.

Nothing of the project is imported: if a page and this script disagree, one of them is wrong. What
each total counts is written out here as the district's programme says it in words.

    python tests/examples/totals_by_hand.py 2024-06-30
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

SHIFENG = Path(__file__).parents[2] / "examples" / "shifeng"
LADDER = ["科员", "副科", "正科", "副处", "正处"]
BESIDE = {"secondment", "platform", "study", "borrowed"}  # these keep the home post
LEAVING = {"transferred_out", "resigned", "retired"}
TASKS = {"land", "development", "petitions", "investment"}


def table(name):
    with (SHIFENG / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PEOPLE = {row["id"]: row for row in table("people")}
UNIT_KIND = {row["id"]: row["kind"] for row in table("units")}
POSTS = {row["id"]: row for row in table("posts")}
ACTIVITIES = {row["id"]: row for row in table("activities")}
ROTATIONS = [row for row in table("rotations") if row["status"] == "actual"]
ATTENDANCE = table("attendance")
SERVICE = table("service")
RECORDS = table("records")


def first_day(text):
    """A month counts from its first day, a year from the first of January."""
    return (text + "-01-01")[:10] if len(text) < 10 else text


def three_years(day):
    """The first day of three whole years that end on a day, that day included."""
    after = date.fromisoformat(day) + timedelta(days=1)
    try:
        return after.replace(year=after.year - 3).isoformat()
    except ValueError:  # 29 February
        return after.replace(year=after.year - 3, day=28).isoformat()


def last_known(person):
    """The last day of which anything is written down of somebody."""
    days = [row[key] for row in ROTATIONS if row["person"] == person for key in ("since", "until")]
    days += [row["on"] for row in RECORDS if row["person"] == person]
    return max(days)


def on_the_roll(day):
    people = set()
    for id_, row in PEOPLE.items():
        if "trainee" not in row["roles"].split(";") or first_day(row["joined_on"]) > day:
            continue
        left = [s["since"] for s in SERVICE if s["person"] == id_ and s["kind"] in LEAVING]
        # With a status and no day somebody is gone since nothing more is known.
        undated = not left and row["status"] in LEAVING and last_known(id_) < day
        if not undated and not (left and min(left) <= day):
            people.add(id_)
    return people


def first_postings(day, takes, first=""):
    """Who began such a posting, from a first day on; one written before joining begins with it."""
    return {
        row["person"]
        for row in ROTATIONS
        if takes(row)
        and first
        <= max(first_day(row["since"]), first_day(PEOPLE[row["person"]]["joined_on"] or "0001"))
        and first_day(row["since"]) <= day
    }


def attended(day, kinds, first):
    for row in ATTENDANCE:
        activity = ACTIVITIES[row["activity"]]
        if activity["kind"] in kinds and first <= activity["held_on"] <= day:
            yield row["person"], activity["kind"], activity["held_on"]


def raised_to(rank, day, first):
    """Whose first day at a rank lies in the window, after a day at a lower one."""
    homes = defaultdict(list)
    for row in ROTATIONS:
        if row["kind"] not in BESIDE and row["marks"] != "acting":
            held = row["rank"] or POSTS[row["post"]]["rank"]
            if held:
                until = first_day(row["until"]) if row["until"] else "9999"
                homes[row["person"]].append((first_day(row["since"]), until, LADDER.index(held)))
    people, aim = set(), LADDER.index(rank)
    for person, path in homes.items():
        was_lower = False
        for at in sorted({day_ for since, until, _ in path for day_ in (since, until)}):
            now = max((place for since, until, place in path if since <= at < until), default=-1)
            if at > day or now == aim:
                if now == aim and was_lower and first <= at <= day:
                    people.add(person)
                break
            was_lower = was_lower or 0 <= now < aim
    return people


def in_units(row, *kinds):
    return UNIT_KIND[POSTS[row["post"]]["unit"]] in kinds


def is_head(row, kind):
    heads = in_units(row, "township", "subdistrict", "department")
    return POSTS[row["post"]]["kind"] == kind and heads


def totals(day):
    """Every total of a day, and what of it is of each kind where there are several."""
    first, roll = three_years(day), on_the_roll(day)
    courses = ("first_lesson", "course", "party_school")
    heads = {kind: first_postings(day, lambda row, kind=kind: is_head(row, kind)) & roll
             for kind in ("unit_head", "secretary")}  # fmt: skip
    tasks = {kind: {p for p, _, _ in attended(day, {kind}, first)} & roll for kind in TASKS}

    def attendances(*kinds):
        return sum(person in roll for person, _, _ in attended(day, kinds, first))

    def sent(kind):
        return len(first_postings(day, lambda row: row["kind"] == kind, first) & roll)

    def to_village(row):
        return row["kind"] == "grassroots" and in_units(row, "village", "community")

    def is_grid_worker(row):
        return POSTS[row["post"]]["kind"] == "grid_worker"

    figures = {
        "trainees": len(roll),
        "villages": len(first_postings(day, to_village, "2017-01-01") & roll),
        "key_posts": sent("key_post"),
        "secondments": sent("secondment"),
        "platform": len(set().union(*tasks.values())),
        "grid_workers": len(first_postings(day, is_grid_worker, first) & roll),
        "courses": attendances(*courses),
        "onsite_teaching": attendances("onsite_teaching"),
        "seminars": attendances("seminar", "reading_group"),
        "to_deputy_county": len(raised_to("副处", day, first) & roll),
        "to_section": len(raised_to("正科", day, first) & roll),
        "to_deputy_section": len(raised_to("副科", day, first) & roll),
        "unit_heads": len(set().union(*heads.values())),
    }
    by_kind = {
        "platform": {kind: len(people) for kind, people in tasks.items()},
        "unit_heads": {kind: len(people) for kind, people in heads.items()},
        "courses": {kind: attendances(kind) for kind in courses},
        "seminars": {kind: attendances(kind) for kind in ("seminar", "reading_group")},
    }
    return figures, by_kind


if __name__ == "__main__":
    for key, figure in totals(sys.argv[1])[0].items():
        print(key, figure)
