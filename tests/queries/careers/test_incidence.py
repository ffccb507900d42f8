"""Incidence and Kaplan-Meier against figures worked out by hand, and R's of a published set."""

import numpy as np
import pytest
from scipy.stats import CensoredData, ecdf

from queries.careers import incidence
from queries.careers.incidence import (
    ARRIVED,
    CENSORED,
    LEFT,
    arrival_curve,
    times_to_arrive,
)

# Leukaemia, both arms (the `aml` of R's survival): medians 31 and 23, limits by log-log.
MAINTAINED = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])
OTHERS = ([5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45], [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1])


def curve(time, how, entry=None):
    entry = [0] * len(time) if entry is None else entry
    return arrival_curve(*(np.array(each, dtype=np.int64) for each in (entry, time, how)))


@pytest.fixture
def no_least(monkeypatch):
    """Say quantiles of any number at risk."""
    monkeypatch.setattr(incidence, "FEW", 1)


@pytest.mark.parametrize(
    ("arm", "median", "limits"), [(MAINTAINED, 31, (13, None)), (OTHERS, 23, (5, 33))]
)
def test_kaplan_meier_is_that_of_survfit(no_least, arm, median, limits):
    found = curve(*arm)
    assert (found.quantile(), found.interval()) == (median, limits)


def test_staying_is_multiplied_over_those_at_risk(no_least):
    found = curve(*MAINTAINED)
    stay = 1 - found.share
    assert found.at_risk.tolist() == [11, 10, 8, 7, 6, 5, 4, 3, 2, 1]
    by_hand = [10 / 11, 9 / 11, 9 / 11 * 7 / 8, 9 / 11 * 6 / 8]
    assert stay[:4].tolist() == pytest.approx(by_hand)


# Four people: at 1 one arrives, at 2 one leaves, at 3 one arrives, at 4 one is out of sight.
FOUR = ([1, 2, 3, 4], [ARRIVED, LEFT, ARRIVED, CENSORED])


def test_who_left_will_not_arrive_in_the_incidence_and_may_by_kaplan_meier(no_least):
    found = curve(*FOUR)
    # Of all: 1/4 by 1; at 3 half of those are left, and one of the two arrives: 1/4 + 1/2 * 1/2.
    assert found.incidence.tolist() == pytest.approx([1 / 4, 1 / 4, 1 / 2, 1 / 2])
    # Of those who stay: 3/4 stay away after 1, of two at risk at 3 one more arrives.
    assert found.share.tolist() == pytest.approx([1 / 4, 1 / 4, 5 / 8, 5 / 8])
    # Exactly one half from 3 to the end of what was seen: its middle, as in survfit.
    assert found.incidence_quantile() == 3.5
    assert found.quantile() == 3


def test_the_spread_of_an_incidence_without_exits_is_that_of_kaplan_meier(no_least):
    found = curve(*OTHERS)
    assert found.incidence.tolist() == pytest.approx(found.share.tolist())
    spread = incidence._deviation(
        found.at_risk, found.arrived, found.left, np.r_[1, 1 - found.share[:-1]], found.incidence
    )
    greenwood = np.cumsum(incidence._greenwood(found.at_risk, found.arrived))
    by_greenwood = (1 - found.share) * np.sqrt(greenwood)
    assert spread.tolist() == pytest.approx(by_greenwood.tolist(), abs=1e-7)


def test_who_is_seen_later_is_at_risk_from_then_on(no_least):
    found = curve([5, 6, 7], [ARRIVED] * 3, entry=[0, 6, 7])
    assert found.at_risk.tolist() == [1, 1, 1]
    found = curve([5, 6, 7, 9], [ARRIVED] * 4, entry=[0, 5, 6, 0])
    assert found.at_risk.tolist() == [3, 3, 2, 1]


@pytest.mark.parametrize(("count", "median"), [(17, None), (18, 9.5), (19, 10), (20, 10.5)])
def test_of_fewer_than_ten_at_risk_there_is_no_percentile(count, median):
    # One arrives each month: of 17 the ninth makes it half, and nine were at risk then; of 18 and
    # 20 it is exactly half until the next one.
    found = curve(list(range(1, count + 1)), [ARRIVED] * count)
    assert (found.quantile(), found.incidence_quantile()) == (median, median)


def test_nobody_is_no_time():
    none = np.zeros(0, dtype=np.int64)
    assert times_to_arrive(none, none, none).as_dict() == {
        "incidence_median_months": None,
        "incidence_interval_months": [None, None],
        "km_median_months": None,
        "km_interval_months": [None, None],
    }


def test_kaplan_meier_and_its_limits_are_those_of_scipy(no_least):
    chosen = np.random.default_rng(16)
    time, how = chosen.integers(1, 40, 200), chosen.integers(0, 2, 200)
    found = curve(time, how)
    data = CensoredData.right_censored(time, how == CENSORED)
    theirs = ecdf(data).sf
    limits = theirs.confidence_interval(method="log-log")
    for month in (3, 10, 20, 30):
        at = np.searchsorted(found.time, month, side="right") - 1
        assert 1 - found.share[at] == pytest.approx(theirs.evaluate(month))
        low, high = (1 - each[at] for each in reversed(found.share_limits))
        assert low == pytest.approx(limits.low.evaluate(month))
        assert high == pytest.approx(limits.high.evaluate(month))
