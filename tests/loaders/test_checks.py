"""A check, which keeps no rows, tells of a long data set what a load tells."""

from pathlib import Path

import pytest

from graph.errors import InputError
from graph.store import Store
from loaders.load import check, load

COUNT = 13_000  # rows of a table, so that the second core reads most of them


TABLES = {
    "units": ("id,name,part_of", lambda n: f"u{n},组,{f'u{n // 2}' if n else ''}"),
    "posts": ("id,title,unit,capacity,hardship", lambda n: f"p{n},岗,u{n % 100},1,2"),
    "people": ("id,name,roles,joined_on,native_place", lambda n: f"t{n},名,trainee,2017,县"),
    "mentoring": (
        "mentor,trainee,kind,since,until,methods",
        lambda n: f"t{n},t{min(n + 1, COUNT - 1)},,2017,2018-03,talk",
    ),
    "rotations": (
        "id,person,post,since,until,status,rank",
        lambda n: f"r{n},t{n},p{n},2019-05-01,2020,actual,科员",
    ),
}
# Most of them are far down; the last row of `mentoring` is a fault of its own.
FAULTS = {
    "units": {9000: "u9000,组,u9001", 9001: "u9001,组,u9000", 9008: "u9008,组,nowhere"},
    "posts": {
        6998: "p6998,岗,u1,many,2",
        7998: "p7,岗,u1,1,2",
        8000: "p8000,岗,u1,,2",
        8001: "p8001,岗,u1,0,x",
    },
    "people": {
        10998: "t10998, 名 ,trainee,2017-13,县",
        11498: "t11498,名,chief,2017,县",
        11998: "t5,名,trainee,2017,\x07",
    },
    "mentoring": {
        9998: "t9998,t9000,,2017,2018,talk",
        10200: "t3,t4,,2017,2016,",
        10300: "t3,t4,,2017,2018-03,talk",
        10350: "t3,t4,village,2017,2018-03,talk",  # its kind makes it another tie
        10400: "t4,who,,2017,2018,",
        10500: "t4,t10998,,2017,2018,",
        10600: "t4,t5,village,2017-03-01,2017-03-01,",
    },
    "rotations": {
        11998: "r11998,t30,p31,2019-06,,actual,",
        12008: "r12008,t12,p8000,2019,2020-09,planned,",
        12018: "r12018,t13,p13,2019,2018,actual,",
        12028: "r1,t14,p8001,2019-07-01,,actual,",
        12038: ",t15,p6998,2019,2020,actual,科员",
        12048: "r12048,t16,p0,2019-05-01,2019-05-02,actual,",
    },
}


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    """Write a data set of five tables with faults of many kinds."""
    for name, (headings, row) in TABLES.items():
        rows = [FAULTS[name].get(number) or row(number) for number in range(COUNT)]
        text = "\n".join([headings, *rows, ""])
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_check_alone_tells_what_a_load_tells(embedded_store: Store, faulty: Path):
    problems = check(faulty, embedded_store)
    with pytest.raises(InputError) as refused:
        load(embedded_store, faulty)
    assert list(refused.value.problems) == problems
    assert {each.code for each in problems} == {
        "bad-date", "bad-number", "bad-value", "duplicate-id", "duplicate-row", "empty-period",
        "mentoring-cycle", "over-capacity", "overlapping-posts", "part-of-cycle",
        "reversed-period", "self-mentoring", "unknown-reference",
    }  # fmt: skip
