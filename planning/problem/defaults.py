"""The planning rules as data: number, hard or soft, weight, parameters, title, source.

`rules.yaml` changes any of them by its name: its kind, weight, parameters and switch count, and
the appointment rules that it adds are planned with too. `PLANNED` names every rule that the
planner and the checker know; what `rules.yaml` says beyond them is reported as not judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from typing_extensions import TypedDict

from graph.errors import N_, InputError
from graph.meanings import first_exercises, mentors_from_anywhere, statuses_away, statuses_gone
from graph.programme import Programme, Rule


class TitleDict(TypedDict):
    """A title in both languages."""

    zh: str
    en: str


class SettingDict(TypedDict):
    """One rule as it is switched."""

    rule: str
    number: str
    kind: Literal["hard", "soft", "warning"]
    weight: int
    title: TitleDict
    parameters: dict[str, Any]
    source: str


@dataclass(frozen=True)
class Setting:
    """One rule as it is switched: `name` is its function, `number` what a reader calls it."""

    name: str
    number: str
    kind: Literal["hard", "soft", "warning"]
    weight: int
    zh: str
    en: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    @property
    def is_hard(self) -> bool:
        """Return whether a plan may not break it."""
        return self.kind == "hard"

    @property
    def penalty(self) -> int:
        """Return the cost of breaking it once; a hard rule or a warning has none."""
        return self.weight if self.kind == "soft" else 0

    def __getitem__(self, parameter: str) -> Any:
        return self.parameters[parameter]

    def as_dict(self) -> SettingDict:
        """Return the setting as JSON values."""
        return {
            "rule": self.name,
            "number": self.number,
            "kind": self.kind,
            "weight": self.weight,
            "title": {"zh": self.zh, "en": self.en},
            "parameters": {
                key: list(value) if isinstance(value, tuple) else value
                for key, value in self.parameters.items()
            },
            "source": self.source,
        }


DEFAULTS: tuple[Setting, ...] = (
    Setting("one_post", "P1", "hard", 0, "一人同一时间只任一岗", "One post at a time"),
    Setting("capacity", "P2", "hard", 0, "岗位不超编", "No post holds more than its capacity"),
    Setting(
        "offers", "P3", "hard", 0, "岗位只提供其类别的锻炼", "A post gives its own kind of exercise"
    ),
    Setting("placed", "P4", "soft", 40, "每人每期都有岗位", "Everybody has a post in every period"),
    Setting(
        "must_cover",
        "P5",
        "soft",
        20,
        "必须有人的岗位不空缺",
        "Posts that must be covered are held",
        {"post_kinds": (), "at_least": 1},
    ),
    Setting(
        "rank_kept",
        "P6",
        "hard",
        0,
        "不安排到低于本人职级的岗位",
        "Nobody is given a post below their rank",
        {"exempt": ()},
    ),
    Setting(
        "demands",
        "P7",
        "soft",
        1,
        "岗位专长要求与人相符",
        "A post's demands are met by a specialty",
    ),
    Setting(
        "stage_first",
        "P8",
        "hard",
        0,
        "先期锻炼满期后再安排其他锻炼",
        "What must come first has been served",
    ),
    Setting(
        "exercises",
        "P9",
        "soft",
        12,
        "期末各类必经锻炼齐备",
        "Required exercises are served by the end",
    ),
    Setting(
        "tenure",
        "P10",
        "hard",
        0,
        "任期在各类锻炼的上下限内",
        "A posting is neither too short nor too long",
    ),
    Setting("no_return", "P11", "hard", 0, "不回到待过的单位", "Nobody returns to a unit"),
    Setting(
        "mentors",
        "P12",
        "soft",
        10,
        "需要带教的人有人带教，且不超带教上限",
        "Those whose stage asks for guidance have it, within everybody's load",
        {"kinds": (), "anywhere": ()},
    ),
    Setting(
        "leave",
        "P13",
        "hard",
        0,
        "休假期间不安排新岗位",
        "Nobody is sent anywhere while on leave",
        {"statuses": (), "gone": ()},
    ),
    Setting(
        "wishes",
        "P14",
        "soft",
        1,
        "尽量满足志愿",
        "People get the posts they wish for",
        {"unlisted": 4},
    ),
    Setting(
        "avoided",
        "P15",
        "soft",
        6,
        "避开本人申请回避的岗位",
        "Nobody is sent where they asked not to go",
    ),
    Setting("hardship_shared", "P16", "soft", 2, "艰苦岗位公平分担", "Hardship is shared evenly"),
    Setting("few_moves", "P17", "soft", 3, "尽量少变动", "As few moves as possible"),
    Setting("pinned", "P18", "hard", 0, "指定的安排", "What was pinned holds"),
    Setting("forbidden", "P19", "hard", 0, "禁止的安排", "What was forbidden does not happen"),
    Setting(
        "agreed_end",
        "P20",
        "hard",
        0,
        "已定结束时间的任职按期结束",
        "A posting with an agreed end ends then",
    ),
    Setting(
        "keeps_home_post",
        "R13",
        "hard",
        0,
        "兼在他处期间保留原岗位",
        "A posting beside the home post keeps it",
        {"kinds": ()},
        "公务员法（2018修订）第72条",
    ),
    Setting(
        "kin_apart",
        "R16",
        "hard",
        0,
        "亲属任职回避",
        "Relatives do not serve under one leader",
        {"relations": (), "leading_post_kinds": (), "guarded_words": ()},
        "公务员法（2018修订）第74条",
    ),
)

FROM_RULES_FILE = (
    "trial_period",
    "served_months",
    "no_transfer",
    "hardship_service",
    "rank_after",
    "level_by_level",
    "lasts",
    "age_at_most",
    "opposite_way",
    "home_place",
    "longest_in_post",
    "changes_in_term",
    "grassroots_wanted",
    "settled",
    "last_reviews",
)

PLANNED = (*(each.name for each in DEFAULTS), *FROM_RULES_FILE)

ALWAYS_HARD = ("one_post", "offers", "keeps_home_post", "pinned", "forbidden", "agreed_end")
KINDS = ("hard", "soft", "warning")
MOST_WEIGHT = 10_000
NEVER_SOFT = ("kin_apart",)  # what meets whom is said once a period, so it has no price


def settle(rules: tuple[Rule, ...], programme: Programme) -> tuple[tuple[Setting, ...], list[str]]:
    """Put `rules.yaml` over the defaults: the rules in force, and the numbers not judged here."""
    given = [_setting(rule) for rule in rules if rule.rule.name in PLANNED]
    switched = {rule.rule.name for rule in rules}
    on = {rule.id for rule in rules if rule.enabled}
    settings = [each for each in _of_programme(programme) if each.name not in switched]
    settings += [each for each in given if each.number in on]
    for each in settings:
        is_wrong = each.name in ALWAYS_HARD and not each.is_hard
        if is_wrong or (each.name in NEVER_SOFT and each.kind == "soft"):
            _refuse(each, each.kind)
    order = {name: at for at, name in enumerate(PLANNED)}
    settings.sort(key=lambda each: order[each.name])
    passed = [rule.id for rule in rules if rule.enabled and rule.rule.name not in PLANNED]
    return tuple(settings), passed


def _of_programme(programme: Programme) -> Iterator[Setting]:
    """Yield the defaults with the kinds that the programme's own rules mean."""
    first = first_exercises(programme)
    kinds = {
        "rank_kept": {"exempt": first},
        "mentors": {"kinds": first, "anywhere": mentors_from_anywhere(programme)},
        "leave": {"statuses": statuses_away(programme), "gone": statuses_gone(programme)},
    }
    for each in DEFAULTS:
        yield replace(each, parameters=kinds.get(each.name, each.parameters))


def adjust(
    settings: tuple[Setting, ...], changes: Mapping[str, Mapping[str, Any]]
) -> tuple[Setting, ...]:
    """Change rules by name: `{"demands": {"kind": "hard"}, "wishes": {"enabled": False}}`."""
    unknown = sorted(set(changes) - set(PLANNED))
    if unknown:
        raise InputError(N_('No planning rule is called "%(rule)s".'), rule=unknown[0])
    changed = []
    for each in settings:
        change = changes.get(each.name, {})
        _check_change(each, change)
        if not change.get("enabled", True):
            continue
        changed.append(
            Setting(
                each.name,
                each.number,
                change.get("kind", each.kind),
                change.get("weight", each.weight),
                each.zh,
                each.en,
                {**each.parameters, **change.get("parameters", {})},
                each.source,
            )
        )
    return tuple(changed)


def _check_change(setting: Setting, change: Mapping[str, Any]) -> None:
    """Raise InputError where a change is none, or takes away what a plan is."""
    if not isinstance(change, Mapping) or not isinstance(change.get("parameters", {}), Mapping):
        raise InputError(
            N_("The rules cannot be read."),
            N_('They look like this: {"wishes": {"kind": "soft", "weight": 2}}.'),
        )
    unknown = sorted(set(change) - {"kind", "weight", "enabled", "parameters"})
    parameters = change.get("parameters", {})
    if not unknown:
        unknown = sorted(set(parameters) - set(setting.parameters))
    if unknown:
        raise InputError(
            N_('The rule "%(rule)s" has no "%(key)s".'), rule=setting.name, key=unknown[0]
        )
    kind, weight = change.get("kind", setting.kind), change.get("weight", setting.weight)
    if kind not in KINDS:
        raise InputError(
            N_('The rule "%(rule)s" (%(number)s) cannot be %(kind)s.'),
            N_("It is hard, soft or warning."),
            rule=setting.name,
            number=setting.number,
            kind=kind,
        )
    if isinstance(weight, bool) or not isinstance(weight, int) or not 0 <= weight <= MOST_WEIGHT:
        raise InputError(
            N_('The rule "%(rule)s" cannot weigh "%(weight)s".'),
            N_("Give a whole number from 0 to %(most)s."),
            rule=setting.name,
            weight=weight,
            most=MOST_WEIGHT,
        )
    is_off = not change.get("enabled", True)
    if setting.name in ALWAYS_HARD and (is_off or kind != "hard"):
        _refuse(setting, "off" if is_off else kind)
    if setting.name in NEVER_SOFT and kind == "soft":
        _refuse(setting, kind)


def _refuse(setting: Setting, kind: str) -> None:
    raise InputError(
        N_('The rule "%(rule)s" (%(number)s) cannot be %(kind)s.'),
        N_("It says what a plan is; make it hard."),
        rule=setting.name,
        number=setting.number,
        kind=kind,
    )


def setting_from(value: Mapping[str, Any]) -> Setting:
    """Read a setting back from the JSON values that `as_dict` gave."""
    return Setting(
        value["rule"],
        value["number"],
        value["kind"],
        int(value["weight"]),
        value["title"]["zh"],
        value["title"]["en"],
        {
            key: tuple(each) if isinstance(each, list) else each
            for key, each in value["parameters"].items()
        },
        value.get("source", ""),
    )


def _setting(rule: Rule) -> Setting:
    defaults = next((each for each in DEFAULTS if each.name == rule.rule.name), None)
    parameters = dict(defaults.parameters) if defaults else {}
    parameters.update(rule.rule.parameters.model_dump())
    return Setting(
        rule.rule.name,
        rule.id,
        rule.kind,
        rule.weight,
        rule.title.zh,
        rule.title.en,
        parameters,
        rule.source,
    )
