"""Four districts of another shape: large with streets, nine trainees, years only, one election."""

from __future__ import annotations

from datetime import date, timedelta

from examples.shapes.book import Book

# --- a large county: streets beside townships, no third mentor, 160 trainees

COUNTY_COHORTS = range(2016, 2024)
COUNTY_COHORT_SIZE = 20


def county(book: Book) -> None:
    """Put together a county of 160 trainees, of whom two have left and two lack a mentor."""
    book.unit("X", "云岭县", "county")
    towns = [book.unit(f"T{n:02d}", f"第{n}镇", "township", "X") for n in range(1, 11)]
    streets = [book.unit(f"S{n:02d}", f"第{n}街道", "subdistrict", "X") for n in range(1, 5)]
    places = [
        *(book.unit(f"V{n:02d}", f"第{n}村", "village", towns[n % 10]) for n in range(20)),
        *(book.unit(f"K{n:02d}", f"第{n}社区", "community", streets[n % 4]) for n in range(8)),
    ]
    above = dict(zip(places, [*towns * 2, *streets * 2], strict=True))
    for unit in [*towns, *streets]:
        book.post(f"{unit}-sec", "书记", unit, "正科", "secretary", capacity=1)
        book.post(f"{unit}-clerk", "科员", unit, "科员", "staff", capacity=40)
    for unit in places:
        book.post(f"{unit}-sec", "书记", unit, "", "secretary", capacity=1)
        book.post(f"{unit}-aide", "书记助理", unit, "科员", "grassroots", capacity=10)
    for unit in [*towns, *streets, *places]:
        book.posting(book.person(f"M-{unit}", "mentor"), f"{unit}-sec", "2014-01-01")
    for number in range(len(COUNTY_COHORTS) * COUNTY_COHORT_SIZE):
        _county_trainee(book, number, places[number % 28], above)
    book.service("Y201601", "resigned", "2019-05-06")
    book.service("Y201720", "transferred_out", "2022-03-01", to="省直机关")


def _county_trainee(book: Book, number: int, place: str, above: dict[str, str]) -> None:
    """Add one trainee: two years and some weeks in a village or community, then a township."""
    cohort = COUNTY_COHORTS[number // COUNTY_COHORT_SIZE]
    id_ = f"Y{cohort}{number % COUNTY_COHORT_SIZE + 1:02d}"
    joined = date(cohort, 7, 1) + timedelta(days=book.draw.randrange(60))
    left = joined.replace(year=cohort + 2) + timedelta(days=book.draw.randrange(90))
    is_there = cohort >= 2022
    until = "" if is_there else left.isoformat()
    book.person(id_, "trainee", cohort, joined_on=joined.isoformat(), status="active")
    book.posting(id_, f"{place}-aide", joined.isoformat(), until, kind="grassroots")
    if not is_there:
        book.posting(id_, f"{above[place]}-clerk", until)
    for kind, unit, lacks in (("township", above[place], "Y202302"), ("village", place, "Y202301")):
        if id_ != lacks:
            book.pair(f"M-{unit}", id_, kind, joined.isoformat(), until)


# --- a small mountain district: nine trainees, one secretary of two villages


def mountain(book: Book) -> None:
    """Put together a district of nine trainees; every row is fixed, only names are drawn."""
    book.unit("U", "雾岭区", "district")
    for town in "ABC":
        book.unit(town, f"{town}乡", "township", "U")
        book.unit(town.lower(), f"{town}村", "village", town)
        book.post(f"{town}-org", "组织委员", town, "副科", "deputy", capacity=1)
        book.post(f"{town}-clerk", "科员", town, "科员", "staff", capacity=4)
        book.post(f"{town.lower()}-sec", "村书记", town.lower(), "", "secretary", capacity=1)
        book.post(
            f"{town.lower()}-aide", "书记助理", town.lower(), "科员", "grassroots", capacity=3
        )
    book.post("U-office", "区办挂职", "U", "", "secondment", capacity=2)
    for mentor in ("M1", "M2"):
        book.person(mentor, "mentor")
    book.posting("M1", "a-sec", "2015-01-01")
    book.posting("M1", "b-sec", "2017-03-01", marks="concurrent")
    book.posting("M2", "c-sec", "2016-05-01")
    for id_, joined in {
        "N1": "2016-08-01", "N2": "2016-08-01", "N3": "2017-08-01", "N4": "2018-08-01",
        "N5": "2019-08-01", "N6": "2020-08-01", "N7": "2022-08-01", "N8": "2023-08-01",
        "N9": "2023-08-01",
    }.items():  # fmt: skip
        book.person(id_, "trainee", int(joined[:4]), joined_on=joined, status="active")
    for person, post, since, until, kind in (
        ("N1", "a-aide", "2016-08-01", "2018-08-01", "grassroots"),
        ("N1", "A-clerk", "2018-08-01", "2021-03-01", "appointment"),
        ("N1", "A-org", "2021-03-01", "", "appointment"),
        ("N2", "b-aide", "2016-08-01", "2018-08-01", "grassroots"),
        ("N2", "B-clerk", "2018-08-01", "", "appointment"),
        ("N2", "U-office", "2020-10-01", "2022-04-01", "secondment"),
        ("N3", "c-aide", "2017-08-01", "2019-08-01", "grassroots"),
        ("N3", "C-clerk", "2019-08-01", "", "appointment"),  # open, though N3 resigned
        ("N4", "a-aide", "2018-08-01", "", "grassroots"),
        ("N5", "b-aide", "2019-08-01", "2021-08-01", "grassroots"),
        ("N5", "B-clerk", "2021-08-20", "", "appointment"),  # a gap of 19 days
        ("N6", "c-aide", "2020-08-01", "2022-08-01", "grassroots"),
        ("N6", "C-org", "2022-08-01", "2023-06-01", "appointment"),
        ("N6", "C-clerk", "2023-06-01", "", "appointment"),  # a fall in rank
        ("N7", "a-aide", "2022-08-01", "", "grassroots"),
        ("N8", "b-aide", "2023-08-01", "", "grassroots"),
        ("N9", "c-aide", "2023-08-01", "", "grassroots"),
    ):
        book.posting(person, post, since, until, kind=kind)
    book.service("N3", "resigned", "2021-12-31", note="个人原因")
    for mentor, trainee in (("M1", "N4"), ("M1", "N7"), ("M1", "N8")):  # nobody guides N9
        book.pair(mentor, trainee, "village", "2023-09-01")


# --- a district whose dates are years

YEARLY_OTHERS = 30


def yearly(book: Book) -> None:
    """Put together a district that writes down years only."""
    book.unit("U", "旧档区", "district")
    for n, rank in enumerate(("科员", "科员", "副科", "正科"), start=1):
        book.post(f"P{n}", f"岗位{n}", "U", rank, "staff")
    for id_, joined in {
        "W1": "2010", "W2": "2013", "W3": "2019", "W4": "2000", "W5": "2011", "W6": "2012",
    }.items():  # fmt: skip
        book.person(id_, "trainee", joined_on=joined, status="active")
    for person, post, since, until in (
        ("W1", "P1", "2010", "2013"),
        ("W1", "P3", "2013", "2016"),
        ("W1", "P4", "2016", ""),
        ("W2", "P1", "2013", "2013"),
        ("W2", "P2", "2013", "2013"),
        ("W2", "P3", "2013", "2019"),
        ("W2", "P1", "2019", ""),
        ("W3", "P1", "2019", ""),
        ("W4", "P4", "2004", ""),
        ("W5", "P1", "2014", "2018"),
    ):
        book.posting(person, post, since, until)
    book.posting("W6", "P3", "2012", "2020")
    book.posting("W6", "P2", "2015", "2022", marks="concurrent")
    book.service("W4", "retired", "2021")
    for n in range(YEARLY_OTHERS):
        id_, year = book.person(f"Z{n + 1:02d}"), 2000 + book.draw.randrange(10)
        for post in book.draw.sample(("P1", "P2", "P3", "P4"), book.draw.choice((1, 2, 3))):
            begin, year = year, year + book.draw.randint(2, 5)
            book.posting(id_, post, str(begin), str(year))


# --- a county whose terms all end on one day

ELECTION = "2021-06-18"
_BEFORE = "2016-06-20"


def term(book: Book) -> None:
    """Put together four townships whose leaders change on one day."""
    book.unit("X", "换届县", "county")
    for town in "ABCD":
        book.unit(town, f"{town}镇", "township", "X")
        for key, title, rank, kind in (
            ("sec", "党委书记", "正科", "secretary"),
            ("head", "镇长", "正科", "unit_head"),
            ("dep", "副镇长", "副科", "deputy"),
            ("clerk", "科员", "科员", "staff"),
        ):
            capacity = 5 if key == "clerk" else 1
            book.post(f"{town}-{key}", title, town, rank, kind, capacity=capacity)
    posts = [f"{town}-{key}" for key in ("sec", "head", "dep") for town in "ABCD"]
    for n, post in enumerate(posts, start=1):
        book.person(f"K{n:02d}", "mentor")
        until = "2021-06" if post == "B-head" else ELECTION
        book.posting(f"K{n:02d}", post, _BEFORE, until)
    for person, post in (
        ("K01", "B-sec"), ("K02", "C-sec"), ("K03", "D-sec"), ("K05", "A-sec"),
        ("K08", "D-head"), ("K09", "A-head"), ("K10", "B-dep"), ("K11", "C-dep"),
    ):  # fmt: skip
        book.posting(person, post, ELECTION)
    book.posting("K06", "B-head", "2021-06")  # re-elected; the office noted the month
    book.posting("K11", "C-head", ELECTION, marks="acting")  # K07 was not re-elected
    book.service("K04", "retired", ELECTION)
    book.service("K12", "transferred_out", ELECTION, to="邻县")
    for n, town in enumerate("AABBCD", start=1):
        id_ = book.person(f"J{n}", "trainee", 2017, joined_on="2017-07-10", status="active")
        until = ELECTION if n == 1 else ""
        book.posting(id_, f"{town}-clerk", "2017-07-10", until, kind="grassroots")
    book.posting("J1", "A-dep", ELECTION)
    book.pair("K01", "J2", "township", "2017-07-10", ELECTION)
    book.pair("K05", "J2", "township", ELECTION)
    book.pair("K02", "J3", "township", "2017-07-10")  # not handed over to K01
    book.pair("K04", "J6", "township", "2017-07-10")  # the mentor has retired
