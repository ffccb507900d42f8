"""What the frame of every page says: bars of postings begun, people counted, what is late."""

from datetime import date

import numpy as np
import pytest

from graph.store import Store
from loaders.load import load
from queries.frame import BegunBars, bars_of, begun_bars, month_number, people_told
from queries.programme.on_day import facts_on, known_facts
from queries.programme.todo import late_count, todo
from queries.scope import Scope
from queries.today import late_told, today
from tests.conftest import ROOT

TODAY = date(2024, 6, 30)


def bars(months: list[int], planned: list[bool] | None = None) -> BegunBars:
    return bars_of(
        np.array(months), np.array(planned or [False] * len(months)), month_number(TODAY)
    )


def month(year: int, number: int = 1) -> int:
    return month_number(date(year, number, 1))


@pytest.mark.parametrize(
    ("since", "until", "step", "first", "count"),
    [
        # by quarter, by year, by two years, by decade, by centuries: never more than 80 bars
        (month(2024, 5), month(2024, 6), 3, month(2024, 4), 2),
        (month(2005), month(2024), 3, month(2005), 79),
        (month(2004), month(2024), 12, month(2004), 22),
        (month(1947), month(2024), 12, month(1947), 79),
        (month(1871), month(2015), 24, month(1870), 79),  # a league of players
        (month(1400), month(1911), 120, month(1400), 64),  # a family of five hundred years
        (month(1), month(9999, 12), 2400, 0, 50),
    ],
)
def test_bars_are_as_wide_as_the_time_needs(
    since: int, until: int, step: int, first: int, count: int
):
    found = bars([since, until])
    assert (found.step, found.first) == (step, first)
    assert -(-(found.until - found.first) // step) == count <= 80
    assert sum(bar.begun for bar in found.bars) == 2


def test_a_bar_counts_what_begins_in_its_months_and_what_is_planned_apart():
    found = bars(
        [month(2024), month(2024, 3), month(2024, 4), month(2024, 9)], [False] * 3 + [True]
    )
    assert [(bar.month, bar.begun, bar.planned) for bar in found.bars] == [
        (month(2024, 1), 2, 0), (month(2024, 4), 1, 0), (month(2024, 7), 0, 1),
    ]  # fmt: skip


def test_a_slip_of_a_pen_widens_nothing():
    found = bars([month(202)] + [month(2020, 2)] * 99)
    assert found.first == month(2020)
    assert [(bar.month, bar.begun) for bar in found.bars] == [(month(2020), 100)]


def test_a_day_beyond_the_bars_stands_at_their_end():
    found = bars([month(2020), month(2024, 6)])
    assert (found.place(date(1999, 1, 1)), found.place(date.max)) == (0, 1)
    assert found.place(date(2020, 1, 1)) == 0
    assert 0 < found.place(TODAY) < 1
    assert [year for year, _at in found.years(11)] == [2020, 2021, 2022, 2023, 2024]
    assert len(list(bars([month(1), month(9999)]).years(11))) <= 11


def test_a_graph_without_dated_postings_has_no_bars(embedded_store: Store):
    assert begun_bars(embedded_store, TODAY) is None
    assert late_told(embedded_store, None, TODAY) is None  # no stages either
    assert people_told(embedded_store, None, TODAY) == 0


def test_of_very_many_people_only_what_is_kept_is_told(
    embedded_store: Store, monkeypatch: pytest.MonkeyPatch
):
    load(embedded_store, ROOT / "examples" / "shifeng")
    monkeypatch.setattr("queries.frame.SOON_READ", 10)
    monkeypatch.setattr("queries.today.SOON_JUDGED", 10)
    assert begun_bars(embedded_store, TODAY) is None
    assert people_told(embedded_store, None, TODAY) is None
    assert late_told(embedded_store, None, TODAY) is None
    known = facts_on(embedded_store, TODAY)  # a page needs them
    assert known_facts(embedded_store, TODAY) is known
    assert people_told(embedded_store, None, TODAY) == 46
    assert late_told(embedded_store, None, TODAY) is None  # nobody has asked what is late
    late = known.once(late_count)
    assert late_told(embedded_store, None, TODAY) == late > 0
    assert late == sum(item.when == "late" for item in todo(known, 30))
    told = today(embedded_store, TODAY, waits=True).programme
    assert told and told.late == late  # as Today says it
    assert late_told(embedded_store, Scope("cohort", "2019"), TODAY) is None
