"""Pairs, posts, names and loads; what is kept, mended after a write, chosen, counted, accepted."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from graph.changes import changes
from graph.errors import InputError, NotFound, UsageError
from graph.store import Store
from loaders import entry
from loaders.load import load
from queries.quality.accepted import accept, withdraw_acceptances
from queries.quality.kept import found_on
from queries.quality.listed import Choice, QualityList, chosen_findings, quality

DAY = date(2024, 6, 30)

PROGRAMME = """\
id: office
name: {zh: 计划, en: Plan}
ranks:
  - {key: 科员, zh: 科员, en: staff}
  - {key: 副科, zh: 副科, en: deputy}
  - {key: 正科, zh: 正科, en: head}
post_kinds: [{key: secretary, zh: 书记, en: secretary}, {key: staff, zh: 一般, en: staff}]
mentoring_kinds:
  - {key: village, zh: 村书记导师, en: village secretary, post_kinds: [secretary]}
  - {key: peer, zh: 同伴, en: peer}
service_kinds:
  - {key: retired, zh: 退休, en: retired, in_service: false}
"""
UNITS = "id,name,part_of\nD,区,\nT,镇,D\n"
POSTS = (
    "id,title,unit,rank,kind,capacity\n"
    "S,书记,T,正科,secretary,1\nW,科员,T,科员,staff,\nX,副主任,D,副科,staff,\n"
)
PEOPLE = (
    "id,name,joined_on,born_on\n"
    "A,张伟,2010-07-01,1985-03-01\n"
    "B,张玮,2010-07-01,1985-03-01\n"  # the same sound, one sign, the same days
    "C,李明,2019-07-01,1970-01-01\n"
    "E,李明,2018-07-01,1971-01-01\n"  # told apart by the day of birth
    "F,王芳,2012-07-01,\nG,王芳,2013-07-01,\n"  # not told apart
)
ROTATIONS = (
    "id,person,post,kind,since,until\n"
    "r1,A,S,appointment,2015-01-01,2023-01-01\n"
    "r2,A,X,appointment,2023-01-01,\n"  # 正科 to 副科: a fall
    "r3,B,S,appointment,2022-06-01,\n"  # a second secretary until 2023
    "r4,C,W,appointment,2019-07-01,\nr5,E,W,appointment,2018-07-01,\n"
    "r6,F,W,appointment,2012-07-01,\nr7,G,W,appointment,2013-07-01,2020-01-01\n"
)
MENTORING = (
    "id,mentor,trainee,kind,since,until\n"
    "m1,A,E,village,2020-01-01,\n"  # A left the secretary's post
    "m2,C,E,peer,2021-01-01,\n"  # C joined a year after E
    "m3,E,C,peer,2022-01-01,\n"  # a circle with m2
)
EXPECTED = {
    "fall": 1,
    "not_known": 1,
    "mentor_left_post": 1,
    "mentor_later": 1,
    "mentor_circle": 1,
    "over_capacity": 1,
    "namesake": 1,
    "look_alike": 1,
}


@pytest.fixture
def office(store: Store, tmp_path: Path) -> Store:
    return loaded(store, tmp_path)


def loaded(store: Store, folder: Path) -> Store:
    texts = {
        "programme.yaml": PROGRAMME,
        "units.csv": UNITS,
        "posts.csv": POSTS,
        "people.csv": PEOPLE,
        "rotations.csv": ROTATIONS,
        "mentoring.csv": MENTORING,
    }
    data = folder / "office"
    data.mkdir()
    for name, text in texts.items():
        (data / name).write_text(text, encoding="utf-8")
    load(store, data, by="me")
    return store


def listed(store: Store, on: date = DAY, **choice: str) -> QualityList:
    return quality(store, on, Choice(**choice))


def counts(store: Store, on: date = DAY, **choice: str) -> Mapping[str, int]:
    return listed(store, on, **choice).counts


def corrected(store: Store, table: str, id_: str, **cells: str) -> None:
    row = entry.stored(store, table, id_)
    texts = {**entry.texts_of(table, row.values), **cells}
    entry.correct(store, table, id_, texts, by="me", seen=row.mark)


def test_nothing_is_doubtful_where_nothing_is_stored(store: Store):
    assert (listed(store).counts, listed(store).total) == ({}, 0)
    assert listed(store, person="nobody").listed == ()


def test_each_kind_is_found_once_with_its_row_and_sentence(office: Store):
    found = listed(office)
    assert found.counts == EXPECTED
    assert found.total == len(found.listed) == 8
    rows = {each.finding.kind: each.as_dict() for each in found.listed}
    assert (rows["fall"]["file"], rows["fall"]["row"]) == ("rotations.csv", 3)
    assert (rows["mentor_left_post"]["file"], rows["mentor_left_post"]["row"]) == (
        "mentoring.csv",
        2,
    )
    assert rows["fall"]["message"] == "张伟 falls from 正科 to 副科 on 2023-01-01."
    assert rows["over_capacity"]["message"] == (
        "2 people hold 镇 书记 from 2022-06-01, which has 1 place: 张伟, 张玮."
    )
    assert rows["mentor_left_post"]["message"] == (
        "张伟 still guides 李明 (village), and left 镇 书记 on 2023-01-01."
    )


def test_a_day_before_nothing_of_it_is_there(office: Store):
    # The day before A left the post: two secretaries; the pair of a secretary is right.
    assert counts(office, date(2022, 12, 31)) == {
        "mentor_later": 1,
        "mentor_circle": 1,
        "over_capacity": 1,
        "namesake": 1,
        "look_alike": 1,
        "not_known": 1,
    }
    assert "mentor_circle" not in counts(office, date(2021, 12, 31))
    assert "over_capacity" not in counts(office, date(2022, 5, 31))
    # The second 王芳 joined on 2013-07-01.
    assert "namesake" in counts(office, date(2013, 7, 1))
    assert "namesake" not in counts(office, date(2013, 6, 30))


def test_what_is_chosen_is_counted_and_nothing_after_a_cut(office: Store):
    assert counts(office, level="red") == {"fall": 1}
    assert counts(office, unit="D") == EXPECTED
    assert counts(office, unit="T") == {
        kind: n for kind, n in EXPECTED.items() if kind not in ("fall", "look_alike")
    }  # A is in D now
    assert counts(office, load="1") == EXPECTED
    assert counts(office, load="2") == {}
    few = quality(office, DAY, Choice(), limit=2, after=1)
    assert (few.total, len(few.listed), few.counts) == (8, 2, EXPECTED)
    with pytest.raises(UsageError, match="no kind of finding"):
        listed(office, kind="nothing")
    with pytest.raises(NotFound):
        listed(office, unit="nowhere")


def test_of_one_person_everything_is_found_alone_too(office: Store):
    alone = {each.finding.id for each in listed(office, person="E").listed}
    found_on(office, DAY)
    kept = {each.finding.id for each in listed(office, person="E").listed}
    # A circle needs everybody; until then it is told as the load did.
    both = {"mentor_left_post:m1", "mentor_later:m2"}
    assert alone == {*both, "load_warning:mentoring-cycle/mentoring/m2/trainee/E"}
    assert kept == {*both, "mentor_circle:C~E"}


def mended(store: Store, on: date = DAY) -> None:
    """What is kept after a write is what is found anew."""
    followed = {(each.id, each.mark) for each in found_on(store, on)}
    other = date(2024, 7, 1)
    found_on(store, other)
    found_on(store, date(2024, 7, 2))  # two days are kept: this one is judged anew
    assert {(each.id, each.mark) for each in found_on(store, on)} == followed


def test_after_a_write_what_was_touched_is_judged_anew(office: Store):
    assert counts(office) == EXPECTED
    corrected(office, "rotations", "r3", since="2023-01-01")
    assert "over_capacity" not in counts(office)
    mended(office)
    pair = entry.stored(office, "mentoring", "m3")
    entry.remove(office, "mentoring", "m3", by="me", reason="wrong", seen=pair.mark)
    assert "mentor_circle" not in counts(office)
    mended(office)
    entry.add(office, "people", {"id": "H", "name": "李明", "born_on": "1971"}, by="me")
    assert counts(office)["namesake"] == 2
    mended(office)
    entry.add(office, "service", {"person": "A", "kind": "retired", "since": "2020-01-01"}, by="me")
    # Both postings of A go on after that day, one begins after it; the pair is cut.
    assert counts(office) == {
        "while_out": 2, "mentor_later": 1, "namesake": 2, "look_alike": 1, "not_known": 1,
    }  # fmt: skip
    mended(office)


def test_accepted_with_a_reason_it_leaves_the_list_until_the_facts_change(office: Store):
    fall = chosen_findings(office, DAY, Choice(kind="fall"))
    with pytest.raises(InputError, match="reason is missing"):
        accept(office, fall, by="me", reason=" ")
    with pytest.raises(NotFound):
        accept(office, [], by="me", reason="so")
    accept(office, fall, by="me", reason="任免通知 3 号")
    found = listed(office, state="all")
    assert "fall" not in found.counts
    assert found.accepted == {"fall": 1}
    (one,) = listed(office, state="accepted").listed
    assert one.accepted is not None
    assert (one.accepted.by, one.accepted.reason) == ("me", "任免通知 3 号")
    (change,) = changes(office, table="quality")
    assert (change.action, change.by, change.reason) == ("accepted", "me", "任免通知 3 号")
    assert changes(office, about="A") == [change]

    corrected(office, "rotations", "r2", since="2023-02-01")
    assert counts(office)["fall"] == 1


def test_what_was_accepted_together_is_taken_back_together(office: Store):
    names = chosen_findings(office, DAY, Choice(level="blue"))
    batch = accept(office, names, by="me", reason="different people")
    assert {"namesake", "look_alike"}.isdisjoint(counts(office))
    (one,) = withdraw_acceptances(office, by="me", id_=names[0].id)
    assert one.batch == batch
    assert len(withdraw_acceptances(office, by="me", batch=batch)) == 1
    assert counts(office) == EXPECTED
    with pytest.raises(NotFound):
        withdraw_acceptances(office, by="me", batch=batch)


def test_nothing_that_a_load_warned_of_is_lost(store: Store, tmp_path: Path):
    loaded(store, tmp_path)
    data = tmp_path / "more"
    data.mkdir()
    (data / "people.csv").write_text(
        "id,name,joined_on\nK,周一,1890-01-01\nL,周二,2020-01-01\n", encoding="utf-8"
    )
    (data / "rotations.csv").write_text(
        "id,person,post,since,until\n"
        "r8,K,W,2020-01-01,9999-12-31\n"
        "r9,L,W,2020-01-01,2021-01-01\n"
        "r10,L,X,2020-06-01,\n"  # overlaps r9: told by the data themselves
        "r11,L,nowhere,2020-06-01,\n",
        encoding="utf-8",
    )
    load(store, data, by="me", skip_bad=True)
    told = [each.finding for each in listed(store, load="2").listed if each.finding.place]
    assert {(each.kind, each.facts[0], each.row) for each in told} == {
        ("load_warning", "old-date", "K"),
        ("load_warning", "far-end", "r8"),
        ("load_left_out", "unknown-reference", None),
    }
    assert counts(store, load="2")["overlap"] == 1
    assert listed(store, person="K").counts["load_warning"] == 2

    corrected(store, "people", "K", joined_on="1990-01-01")
    assert counts(store, load="2")["load_warning"] == 1  # that of the rotation
    (warning,) = chosen_findings(store, DAY, Choice(kind="load_warning"))
    accept(store, [warning], by="me", reason="still there")
    assert "load_warning" not in counts(store)
    # Loaded anew without the wrong row, what was told of the file is over.
    (data / "rotations.csv").write_text("id,person,post,since\nr9,L,W,2020-01-01\n")
    load(store, data, by="me")
    assert "load_left_out" not in counts(store)
