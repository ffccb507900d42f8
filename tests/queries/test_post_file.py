from datetime import date

from queries.post_file import gaps

DAY = date(2024, 6, 30)


def test_overlapping_holders_leave_no_gap():
    held = [
        {"since": "2010", "until": "2015"},
        {"since": "2011", "until": "2012"},
        {"since": "2014", "until": None},
    ]
    assert gaps(held, DAY) == []
