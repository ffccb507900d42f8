"""How long it took, of all who started: incidence with exits competing, and Kaplan-Meier beside it.

Everybody starts the clock at 0, may be looked at from a later time on (delayed entry), and ends it
by arriving, by leaving, or by being out of sight (censored). The cumulative incidence is that of
Aalen and Johansen: who left will not arrive. Kaplan-Meier takes exits as censored: it speaks of
those who stay. Quantiles are those of R's `survfit`, limits are at 95 % by log-log; where fewer
than `FEW` were at risk there is none. Times are whole numbers, as whole months are: who enters at
a time is at risk at it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from typing_extensions import TypedDict

from queries.careers.at_level import FEW
from queries.personnel.days import Ints

Floats = npt.NDArray[np.float64]

CENSORED, ARRIVED, LEFT = range(3)
_Z = 1.959963984540054  # of a normal distribution, 95 % between -z and z
_TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class ArrivalCurve:
    """What is known after each time at which somebody arrived, left or went out of sight."""

    time: Ints
    at_risk: Ints
    arrived: Ints
    left: Ints
    share: Floats  # who has arrived, of those who stay: 1 - Kaplan-Meier
    share_limits: tuple[Floats, Floats]
    incidence: Floats  # who has arrived, of all
    incidence_limits: tuple[Floats, Floats]

    def incidence_quantile(self, part: float = 0.5) -> float | None:
        """Return the time by which a part of all who started has arrived; None: not reached."""
        return self._quantile(self.incidence, part)

    def incidence_interval(self, part: float = 0.5) -> tuple[float | None, float | None]:
        """Return the 95 % limits of that time."""
        low, high = self.incidence_limits
        return self._quantile(high, part), self._quantile(low, part)

    def quantile(self, part: float = 0.5) -> float | None:
        """Return the time by which a part of those who stay has arrived; None: not reached."""
        return self._quantile(self.share, part)

    def interval(self, part: float = 0.5) -> tuple[float | None, float | None]:
        """Return the 95 % limits of that time."""
        low, high = self.share_limits
        return self._quantile(high, part), self._quantile(low, part)

    def _quantile(self, share: Floats, part: float) -> float | None:
        """Return where a curve reaches a part; the middle of where it stays exactly there."""
        reached = np.flatnonzero(share >= part - _TOLERANCE)
        if not len(reached) or self.at_risk[reached[0]] < FEW:
            return None
        first = int(self.time[reached[0]])
        above = np.flatnonzero(share > part + _TOLERANCE)
        if len(above) and above[0] == reached[0]:
            return first
        middle = (first + int(self.time[above[0] if len(above) else -1])) / 2
        return int(middle) if middle.is_integer() else middle


def arrival_curve(entry: Ints, time: Ints, how: Ints) -> ArrivalCurve:
    """Return the curves of people who are looked at from `entry` until `time`.

    `how` says how each time ends: ARRIVED, LEFT or CENSORED. Nobody ends before the entry.
    """
    time = np.maximum(time, entry)
    times, at = np.unique(time, return_inverse=True)
    entered = np.searchsorted(np.sort(entry), times, side="right")
    ended = np.searchsorted(np.sort(time), times, side="left")
    at_risk = (entered - ended).astype(np.int64)
    arrived, left = (
        np.bincount(at[how == each], minlength=len(times)).astype(np.int64)
        for each in (ARRIVED, LEFT)
    )
    away = _survival(at_risk, arrived)
    here = _survival(at_risk, arrived + left)
    before = np.r_[1.0, here[:-1]]
    incidence = np.cumsum(before * arrived / at_risk, dtype=np.float64)
    spread = np.sqrt(np.cumsum(_greenwood(at_risk, arrived)))
    upper, lower = _log_log(away, spread)  # of staying away: the lower one has arrived sooner
    deviation = _deviation(at_risk, arrived, left, before, incidence)
    relative = deviation / np.where(incidence > 0, incidence, 1.0)
    low, high = _log_log(incidence, relative)
    return ArrivalCurve(
        time=times,
        at_risk=at_risk,
        arrived=arrived,
        left=left,
        share=1 - away,
        share_limits=(1 - lower, 1 - upper),
        incidence=incidence,
        incidence_limits=(np.minimum(low, high), np.maximum(low, high)),
    )


def _survival(at_risk: Ints, ended: Ints) -> Floats:
    return np.cumprod(1 - ended / at_risk, dtype=np.float64)


def _greenwood(at_risk: Ints, ended: Ints) -> Floats:
    """Return what each time adds to the variance; after the last one at risk nothing follows."""
    goes_on = at_risk > ended
    return np.where(goes_on, ended / np.where(goes_on, at_risk * (at_risk - ended), 1), 0.0)


def _log_log(share: Floats, relative: Floats) -> tuple[Floats, Floats]:
    """Return the lower and upper limits of a share, given the deviation of its logarithm."""
    inside = (share > _TOLERANCE) & (share < 1 - _TOLERANCE)
    logarithm = np.log(np.where(inside, share, 0.5))
    width = _Z * relative / -logarithm
    lower, upper = (np.exp(logarithm * np.exp(sign * width)) for sign in (1, -1))
    return np.where(inside, lower, share), np.where(inside, upper, share)


def _deviation(
    at_risk: Ints, arrived: Ints, left: Ints, before: Floats, incidence: Floats
) -> Floats:
    """Return the standard deviation of the incidence, by the delta method."""
    ends = _greenwood(at_risk, arrived + left)
    own = before**2 * arrived * (at_risk - arrived) / at_risk.astype(np.float64) ** 3
    both = before * arrived / at_risk.astype(np.float64) ** 2
    variance = (
        incidence**2 * np.cumsum(ends)
        - 2 * incidence * np.cumsum(ends * incidence)
        + np.cumsum(ends * incidence**2)
        + np.cumsum(own)
        - 2 * (incidence * np.cumsum(both) - np.cumsum(both * incidence))
    )
    return np.sqrt(np.maximum(variance, 0))


@dataclass(frozen=True)
class TimesToArrive:
    """When half of those who started had arrived, in months; None: not reached, or too few."""

    incidence_median_months: float | None = None
    incidence_interval_months: tuple[float | None, float | None] = (None, None)
    km_median_months: float | None = None
    km_interval_months: tuple[float | None, float | None] = (None, None)

    def as_dict(self) -> TimesToArriveDict:
        """Return plain values for JSON."""
        return {
            "incidence_median_months": self.incidence_median_months,
            "incidence_interval_months": list(self.incidence_interval_months),
            "km_median_months": self.km_median_months,
            "km_interval_months": list(self.km_interval_months),
        }


class TimesToArriveDict(TypedDict):
    """When half of those who started had arrived; null: not reached, or too few at risk."""

    incidence_median_months: float | None
    incidence_interval_months: list[float | None]
    km_median_months: float | None
    km_interval_months: list[float | None]


def times_to_arrive(entry: Ints, time: Ints, how: Ints) -> TimesToArrive:
    """Return the medians of the curves of people (`arrival_curve`)."""
    if not len(time):
        return TimesToArrive()
    curve = arrival_curve(entry, time, how)
    return TimesToArrive(
        curve.incidence_quantile(), curve.incidence_interval(), curve.quantile(), curve.interval()
    )
