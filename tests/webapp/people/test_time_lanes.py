"""A person's time line, drawn by the server."""

from datetime import date

from flask import Flask

from queries.timeline import LineEntry
from webapp.people.timeline import timeline
from webapp.pictures.time_lanes import HEAD, LEFT, ROW, time_lanes

DAY = date(2024, 6, 30)


def entry(id_: str, lane: str, since: str | None, until: str | None = None, **more) -> LineEntry:
    return LineEntry(id=id_, lane=lane, name=f"name of {id_}", since=since, until=until, **more)


def drawn(app: Flask, *entries: LineEntry):
    with app.test_request_context("/people/a?lang=en"):
        return time_lanes(timeline(entries, DAY))


def test_lanes_stand_below_each_other_and_marks_at_their_days(app: Flask):
    picture = drawn(
        app,
        entry("r1", "posts", "2014-06-30", "2019-06-30"),
        entry("r2", "posts", "2019-06-30"),
        entry("a1", "activities", "2024-06-30", is_point=True),
    )
    assert [(row.title, row.y) for row in picture.rows] == [
        ("Posts", HEAD),
        ("Activities", HEAD + ROW),
    ]
    first, second = picture.rows[0].marks
    (day,) = picture.rows[1].marks
    # Ten years with a margin of a twenty-fifth on both sides: 3653 and twice 146 days.
    scale = (picture.width - LEFT) / (3653 + 2 * 146)
    assert first.x == round(LEFT + 146 * scale, 1)
    assert abs(first.x + first.width - second.x) < 0.2
    assert abs(second.x + second.width - picture.now) < 0.2
    assert (day.x, day.width) == (picture.now, 0)
    assert "open-end" in second.signs
    assert "open-end" not in first.signs
    assert [tick.label for tick in picture.ticks] == [str(year) for year in range(2015, 2025)]


def test_a_day_known_by_its_year_has_a_vague_edge_and_a_short_period_no_text(app: Flask):
    (row,) = drawn(
        app,
        entry("r1", "posts", "2000", "2024-06-01"),
        entry("r2", "posts", "2024-06-01", "2024-06-02"),
    ).rows
    long, short = row.marks
    assert "vague-begin" in long.signs
    assert long.text == "name of r1"
    assert (short.text, short.width) == ("", 2.0)


def test_nothing_dated_is_no_picture(app: Flask):
    assert drawn(app, entry("r1", "posts", None)) is None
