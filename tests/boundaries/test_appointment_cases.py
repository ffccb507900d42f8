"""Fifteen careers made for the rules of appointment, under the reference district's programme.

`tests/cases/appointments` holds them; the right answers on 2024-06-30 are worked out by hand.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from graph.errors import InputError
from graph.settings import Settings
from graph.store import Store, open_store
from loaders.load import check, load
from queries.careers.eligibility import Eligibility, earliest_dates
from queries.personnel import personnel
from queries.personnel.spans import served
from queries.programme.reading import read_facts
from queries.rules.appointments import stored_rules
from queries.rules.reading import candidates
from queries.rules.short_list import shortlist
from queries.stored_programme import stored_programme
from tests.conftest import ROOT

ON = date(2024, 6, 30)


def written(folder: Path) -> Path:
    """Copy the cases beside the programme and the rules of the reference district."""
    copytree(ROOT / "tests" / "cases" / "appointments", folder)
    for name in ("programme.yaml", "rules.yaml"):
        text = (ROOT / "examples" / "shifeng" / name).read_text(encoding="utf-8")
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def careers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = written(tmp_path_factory.mktemp("cases") / "data")
    people = folder / "people.csv"
    people.write_text(
        people.read_text(encoding="utf-8").replace(",left", ",resigned"), encoding="utf-8"
    )
    with open_store(Settings(store_url=f"embedded:{folder.parent / 'graph.kgl'}")) as store:
        load(store, folder)
        yield store


def found(store: Store, person: str, on: date = ON) -> Eligibility:
    (answer,) = earliest_dates(store, stored_programme(store), on, [person])
    return answer


def test_a_status_that_is_no_kind_of_service_is_an_error_at_load(embedded_store, tmp_path):
    folder = written(tmp_path / "data")
    errors = [each for each in check(folder) if each.severity == "error"]
    assert [(each.file, each.row, each.column) for each in errors] == [("people.csv", 8, "status")]
    with pytest.raises(InputError):
        load(embedded_store, folder)
    assert embedded_store.read("MATCH (p:Person) RETURN p.id AS id LIMIT 1") == []


# rank held, then the next rank with its state and earliest day, then the grade held and the next
RIGHT = {
    "E01-plain": ("科员", "副科", "open", "2022-07-01", "一级科员", "2021-07-01"),
    # trial and three years are four years from 29 February
    "E02-leap": ("科员", "副科", "open", "2024-02-29", "一级科员", "2023-02-28"),
    "E03-master": ("科员", "副科", "open", "2023-08-15", "四级主任科员", "2022-08-15"),
    "E04-doctor": ("科员", "副科", "open", "2023-08-15", "二级主任科员", "2022-08-15"),
    # 18 whole months before the break, 18 (for the grade 6) after it
    "E06-break": ("科员", "副科", "open", "2021-09-01", "一级科员", "2020-09-01"),
    # a year after the rise of 2013, which the fall of 2018 did not undo
    "E07-demoted": ("科员", "副科", "open", "2014-07-01", "一级科员", "2011-07-01"),
    "E09-secondment-rank": ("科员", "副科", "open", "2020-07-01", "一级科员", "2019-07-01"),
    # no month of the kind grassroots, so R2 is not met
    "E11-township-grassroots": ("正科", "副处", "blocked", "None", "一级科员", "2011-07-01"),
    # a basically competent year leaves the last three on 2025-12-20, and adds one to the grade
    "E12-badreview": ("科员", "副科", "waits", "2025-12-20", "一级科员", "2019-07-01"),
    "E14-parts": ("科员", "副科", "open", "2021-01-01", "一级科员", "2015-07-01"),
    # two posts at the level below are asked for generally only; four years without a post
    "E16-skip": ("正科", "副处", "waits", "2024-07-01", "一级科员", "2022-07-01"),
    "E18-noreview": ("科员", "副科", "undecided", "2022-07-01", "一级科员", "2021-07-01"),
    "E20-gap-village": ("科员", "副科", "blocked", "None", "一级科员", "2021-07-01"),
    "E21-village23": ("科员", "副科", "blocked", "None", "一级科员", "2021-07-01"),
}


@pytest.mark.parametrize("person", RIGHT)
def test_rank_and_next_days_are_right(careers, person):
    answer = found(careers, person)
    rank, grade = answer.ranks[0], answer.grades[0]
    assert (
        answer.rank, rank.key, rank.state, str(rank.earliest), answer.grade, str(grade.earliest),
    ) == RIGHT[person]  # fmt: skip


def test_who_left_has_no_rank_no_day_and_is_on_no_list(careers):
    answer = found(careers, "E08-left")
    assert (answer.rank, answer.ranks, answer.grade, answer.grades) == (None, (), None, ())
    facts = read_facts(careers, stored_programme(careers), ON)
    listed = shortlist(facts, "k2", stored_rules(careers, stored_programme(careers)))
    everybody = {each.person for each in listed.places}
    everybody |= {each.person for each in listed.excluded}
    everybody |= {each.person for each in listed.undecided}
    assert everybody == set(RIGHT)


def test_who_was_demoted_is_kept_out_of_a_post_two_levels_above(careers):
    programme = stored_programme(careers)
    facts = read_facts(careers, programme, ON)
    listed = shortlist(facts, "h1", stored_rules(careers, programme))
    out = {each.person: [rule for rule, _ in each.why] for each in listed.excluded}
    assert "R9" in out["E07-demoted"]
    at_rank = [
        (date.fromisoformat(each.since), each.until and date.fromisoformat(each.until))
        for each in facts.postings["E07-demoted"]
        if each.rank == "副科"
    ]
    assert served(at_rank, ON) == 60
    assert [each.key for each in found(careers, "E07-demoted").ranks[:2]] == ["副科", "正科"]


def test_years_in_a_township_are_years_at_the_grassroots(careers):
    first_of = "E11-township-grassroots"
    first = found(careers, first_of).ranks[0]
    (time,) = [each.verdict for each in first.judged if each.rule.id == "R7"]
    # 96 months there by 2016-07-01; the three years as section end last, on 2019-07-01
    assert (time.state, str(time.since)) == ("allows", "2019-07-01")
    who = candidates(careers, stored_programme(careers), ON, [first_of])[first_of]
    (rule,) = [each.rule.rule.rank_after for each in first.judged if each.rule.id == "R7"]
    kinds = rule.grassroots_unit_kinds
    assert who.done(who.time(lambda posting: posting.place.unit_kind in kinds)) == 96


def test_a_seconded_clerk_stays_a_clerk_and_is_on_no_trial(careers):
    for on in (date(2023, 6, 30), date(2024, 1, 1), ON):
        answer = found(careers, "E09-secondment-rank", on)
        assert answer.rank == "科员"
        assert answer.ranks[0].key == "副科"
        assert "R12" not in {each.rule.id for each in answer.ranks[0].judged}
    model = personnel(careers, stored_programme(careers))
    assert model.on(date(2023, 6, 30))["E09-secondment-rank"].rank == "科员"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2023-12-31", ("waits", "2025-07-01")),  # an end that comes later is not known
        ("2024-06-30", ("waits", "2025-07-01")),  # intended on the next day: it has not come
        ("2024-07-01", ("blocked", "None")),  # it has come: no time runs without a post
        ("2024-07-02", ("blocked", "None")),
    ],
)
def test_no_clock_stops_by_an_end_that_is_intended(
    embedded_store: Store, tmp_path: Path, on: str, expected: tuple[str, str]
):
    """Joined 2021-07-01, a clerk in a village until 2024-07-01, the next post only planned.

    A year of trial and three years as clerk are full on 2025-07-01 if all goes on as it runs.
    """
    folder = written(tmp_path / "data")
    for path in folder.glob("*.csv"):
        path.unlink()
    texts = {
        "units": "id,name,kind\nu,村,village\n",
        "posts": "id,title,unit,rank,kind\np,主任助理,u,科员,grassroots\nq,科员,u,科员,staff\n",
        "people": "id,name,roles,cohort,joined_on,born_on,education,status\n"
        "t,曹昕,trainee,2021,2021-07-01,1999-01-01,本科,active\n",
        "rotations": "id,person,post,kind,since,until,status,rank\n"
        "a,t,p,grassroots,2021-07-01,2024-07-01,actual,科员\n"
        "b,t,q,appointment,2024-07-01,,planned,科员\n",
        "records": "id,person,kind,on,level,result\n"
        "r0,t,appraisal,2021-12-20,,称职\n"
        "r1,t,appraisal,2022-12-20,,称职\n"
        "r2,t,appraisal,2023-12-20,,称职\n",
    }
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    load(embedded_store, folder)
    step = found(embedded_store, "t", date.fromisoformat(on)).ranks[0]
    assert (step.state, str(step.earliest)) == expected
