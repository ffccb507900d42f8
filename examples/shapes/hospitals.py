"""Two hospitals: blocks of four weeks for 24 residents, and a small one with a night float."""

from __future__ import annotations

from datetime import date, timedelta

from examples.shapes.book import Book

FIRST_BLOCK = date(2023, 7, 3)  # a Monday
BLOCKS = 13
WARDS = (  # the discipline is the kind of rotation
    "internal", "internal", "internal", "surgery", "surgery", "icu", "emergency", "paediatrics",
)  # fmt: skip
RESIDENTS = 24


def block(number: int) -> str:
    """Return the day on which a block of four weeks begins, from 0."""
    return (FIRST_BLOCK + timedelta(days=28 * number)).isoformat()


def blocks(book: Book) -> None:
    """Put together a year of 13 blocks: resident r is in ward (r + block) modulo 8."""
    book.unit("H", "云岭医院", "hospital")
    book.post("earlier", "规培住院医师", "H", "", "training")
    for ward, discipline in enumerate(WARDS):
        book.unit(f"W{ward}", f"第{ward + 1}病区", "ward", "H")
        book.post(f"w{ward}", "住院医师", f"W{ward}", "", "training", capacity=3)
        book.post(f"s{ward}", "主治医师", f"W{ward}", "attending", "staff", capacity=2)
        supervisor = book.person(f"S{ward}", "mentor", specialties=discipline)
        book.posting(supervisor, f"s{ward}", f"2018-0{ward + 1}-01")
    for resident in range(RESIDENTS):
        _resident(book, resident)
    book.service("B05", "leave", "2023-10-01", "2023-12-01", note="病假")
    book.service("B08", "transferred_out", "2023-12-31", to="省人民医院")
    book.service("B24", "resigned", "2024-02-10")


def _resident(book: Book, number: int) -> None:
    id_ = f"B{number + 1:02d}"
    year = 2023 - number // 8
    rank = f"R{number // 8 + 1}"
    book.person(id_, "trainee", year, joined_on=f"{year}-07-03", status="active")
    if year < 2023:  # what was before the year of the plan is one row
        book.posting(id_, "earlier", f"{year}-07-03", block(0), rank=f"R{number // 8}")
    for at in range(BLOCKS):
        ward = (number + at) % len(WARDS)
        kind = WARDS[ward]
        book.posting(id_, f"w{ward}", block(at), block(at + 1), kind=kind, rank=rank)
        book.pair(f"S{ward}", id_, "supervisor", block(at), block(at + 1))


NIGHTS = date(2024, 4, 29)  # the Monday of the first week of nights
WEEKS = 9


def night_float(book: Book) -> None:
    """Put together six residents: a week of nights each in turn, a clinic shared with a partner."""
    book.unit("H", "溪口医院", "hospital")
    book.unit("M", "内科", "ward", "H")
    book.unit("C", "合作医院门诊", "clinic", "H")
    book.post("ward", "内科住院医师", "M", "resident", "training", capacity=6)
    book.post("nights", "夜班", "M", "", "night", capacity=1)
    book.post("clinic", "门诊住院医师", "C", "resident", "training", capacity=2)
    book.post("doctor", "主治医师", "M", "attending", "staff", capacity=2)
    for doctor in ("D1", "D2"):
        book.posting(book.person(doctor, "mentor"), "doctor", "2020-01-01")
    for n in range(1, 7):
        id_ = book.person(f"F{n}", "trainee", 2023, joined_on="2023-08-01", status="active")
        book.pair(f"D{n % 2 + 1}", id_, "tutor", "2023-08-01")
        until = {4: "2024-03-01", 5: "2024-05-20"}.get(n, "")
        book.posting(id_, "ward", "2023-08-01", until, kind="ward")
    book.posting("F2", "clinic", "2024-05-01", "2024-06-01", kind="shared", marks="concurrent")
    book.posting("F4", "clinic", "2024-03-01", kind="shared")
    book.posting("F5", "ward", "2024-06-03", kind="ward")
    for week in range(WEEKS):
        monday = NIGHTS + timedelta(weeks=week)
        period = monday.isoformat(), (monday + timedelta(weeks=1)).isoformat()
        book.posting(f"F{week % 6 + 1}", "nights", *period, kind="night_float")
    book.service("F6", "leave", "2024-06-10")
