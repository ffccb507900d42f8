"""What stands on a time line, from the rows of a file: lane, name, terms and where it leads."""

from queries.sentences import Term
from queries.timeline import LineEntry, of_file

POSTING = {
    "post": "p1",
    "title": "书记",
    "unit_name": "柳村",
    "kind": "appointment",
    "since": "2019",
    "until": None,
    "status": "actual",
}


def test_posting_of_an_exercise_has_its_own_lane_and_term():
    rows = [POSTING, POSTING | {"kind": "grassroots", "status": "planned", "unit_name": None}]
    assert of_file(rows, [], [], [], [], [], [], ["appointment"]) == (
        LineEntry("posting 0", "posts", "柳村 书记", "2019", post="p1"),
        LineEntry(
            "posting 1",
            "exercises",
            "书记",
            "2019",
            planned=True,
            terms=(Term("rotation_kinds", "grassroots"),),
            post="p1",
        ),
    )


def test_ties_lead_to_the_person_at_the_other_end():
    tie = {"name": "王芳", "kind": None, "since": None, "until": "2020"}
    found = of_file(
        [], [tie | {"mentor": "m"}], [tie | {"trainee": "t"}], [], [], [], [], ["appointment"]
    )
    assert [(e.id, e.lane, e.person, e.until) for e in found] == [
        ("mentor 0", "mentors", "m", "2020"),
        ("trainee 0", "trainees", "t", "2020"),
    ]


def test_activities_and_records_are_points():
    activity = {"title": "第一课", "kind": "course", "held_on": "2017-08-20", "until": None}
    record = {"kind": "talk", "on": "2018", "level": None, "result": "good", "summary": None}
    one, other = of_file([], [], [], [activity], [record], [], [], ["appointment"])
    assert (one.is_point, one.name, one.terms) == (
        True,
        "第一课",
        (Term("activity_kinds", "course"),),
    )
    assert (other.is_point, other.name, other.since) == (True, "", "2018")
    assert other.as_dict()["terms"] == ["talk", "good"]
