"""The options of the programme's charts, as plain values for `static/chart.js`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from queries.programme.portrait import Axis
from webapp.shell.frame import term
from webapp.shell.language import language

_TEXT = {"color": "--ink", "fontSize": 12}


def radar(axes: Sequence[Axis]) -> dict[str, Any]:
    """Draw a portrait; each axis carries beside its name its figure, or that there is none."""
    return {
        "aria": {"enabled": True},
        "animation": False,
        "radar": {
            "radius": "62%",
            "axisName": _TEXT,
            "splitArea": {"show": False},
            "splitLine": {"lineStyle": {"color": "--line"}},
            "axisLine": {"lineStyle": {"color": "--line"}},
            "indicator": [
                {"name": f"{term('portrait', axis.key)} {figure_of(axis)}", "max": 100}
                for axis in axes
            ],
        },
        "series": [
            {
                "type": "radar",
                "symbolSize": 6,
                "lineStyle": {"color": "--muted", "width": 2},
                "itemStyle": {"color": "--muted"},
                "areaStyle": {"color": "--muted", "opacity": 0.18},
                "data": [{"value": [axis.percent for axis in axes]}],
            }
        ],
    }


def figure_of(axis: Axis) -> str:
    """Return the figure of an axis beside what is full, or a word where there is no figure."""
    if axis.state == "doubtful":
        return _("in doubt")
    if axis.state == "unknown" and axis.figure == 0:
        return _("not known")
    return f"{axis.figure}/{axis.full}"


def heat(days: Mapping[str, int], first: str, last: str, name: str) -> dict[str, Any]:
    """Draw how many records fall on each day, as a calendar."""
    full = [(day, count) for day, count in sorted(days.items()) if len(day) == 10]
    most = max((count for _day, count in full), default=1)
    return {
        "aria": {"enabled": True},
        "animation": False,
        "tooltip": {},
        "visualMap": {
            "min": 0,
            "max": most,
            "calculable": True,
            "orient": "horizontal",
            "left": "center",
            "top": 0,
            "textStyle": _TEXT,
            "inRange": {"color": ["--surface", "--line", "--muted"]},
        },
        "calendar": {
            "range": [first, last],
            "top": 80,
            "left": 48,
            "right": 16,
            "cellSize": ["auto", 16],
            "itemStyle": {"color": "--surface", "borderColor": "--line"},
            "splitLine": {"lineStyle": {"color": "--line-strong"}},
            "yearLabel": {"show": False},
            "monthLabel": {
                "nameMap": "en" if language() == "en" else "cn",
                "color": "--muted",
                "fontSize": 10.5,  # twelve of them stand on a phone
            },
            "dayLabel": {
                "firstDay": 1,
                "nameMap": "en" if language() == "en" else "cn",
                "color": "--muted",
            },
        },
        "series": [{"name": name, "type": "heatmap", "coordinateSystem": "calendar", "data": full}],
    }


def bars(names: Sequence[str], values: Sequence[int], title: str) -> dict[str, Any]:
    """Draw one bar for each name."""
    return {
        "aria": {"enabled": True},
        "animation": False,
        "tooltip": {"trigger": "axis"},
        "grid": {"left": 40, "right": 16, "top": 32, "bottom": 32},
        "xAxis": {"type": "category", "data": list(names), "axisLabel": _TEXT},
        "yAxis": {
            "type": "value",
            "minInterval": 1,
            "name": title,
            "nameTextStyle": {**_TEXT, "align": "left"},
            "axisLabel": _TEXT,
            "splitLine": {"lineStyle": {"color": "--line"}},
        },
        "series": [
            {
                "type": "bar",
                "name": title,
                "data": list(values),
                "itemStyle": {"color": "--muted"},
                "barMaxWidth": 24,
            }
        ],
    }


def summary(names: Sequence[str], values: Sequence[int]) -> str:
    """Say a chart in words, for readers who do not see it."""
    return " · ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
