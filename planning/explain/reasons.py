"""The things that stand against each other in a conflict, in sentences."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from graph.errors import N_
from planning.problem.instance import PlanningProblem, few
from planning.rules import broken
from queries.sentences import Sentence, Term, say

FEW = 4  # names of one rule that get a sentence each


@dataclass(frozen=True)
class ConflictReason:
    """One thing in a conflict: its rule, what it is about, and a sentence."""

    rule: str
    about: tuple[str, ...]
    sentence: Sentence


def describe(problem: PlanningProblem, rule: str, label: tuple[object, ...]) -> Sentence:
    """Put a row of a rule into a sentence, from the label that the rule gave it."""
    parts: dict[str, tuple[str, ...]] = {
        "one_post": ("person", "period"),
        "keeps_home_post": ("person", "period"),
        "capacity": ("post", "period"),
        "must_cover": ("post", "period"),
        "no_return": ("person", "unit"),
        "stage_first": ("person", "kind", "period"),
        "exercises": ("person", "kind"),
        "grassroots_wanted": ("person", "kind"),
        "mentors": ("kind", "unit", "period"),
        "hardship_shared": ("person",),
        "changes_in_term": ("person",),
        "pinned": ("person", "post", "period"),
        "forbidden": ("person", "post", "period"),
        "kin_apart": ("person", "relative", "unit", "period"),
    }
    ids = dict(zip(parts[rule], label, strict=False))
    if rule == "capacity" and isinstance(ids["period"], int):
        post, period = problem.post_by_id[str(ids["post"])], ids["period"]
        return say(
            N_("%(post)s has room for %(places)s in the period from %(period)s."),
            post=problem.post_name(post.id),
            places=problem.places(post, period),
            period=problem.horizon.name(period),
        )
    return broken(problem, rule, **ids)


def title_of(problem: PlanningProblem, rule: str) -> Term:
    """Return a rule's title in the language of the reader."""
    setting = problem.setting(rule)
    return Term("titles", f"{setting.zh}\n{setting.en}" if setting else rule)


def merged(problem: PlanningProblem, reasons: list[ConflictReason]) -> list[ConflictReason]:
    """Say a rule that binds many people alike once, with their number."""
    by_rule: dict[str, list[ConflictReason]] = defaultdict(list)
    for reason in reasons:
        by_rule[reason.rule].append(reason)
    found = []
    for rule, several in by_rule.items():
        if len(several) <= FEW or rule in ("pinned", "forbidden"):
            found += several
            continue
        about = sorted({reason.about[0] for reason in several})
        names = [
            problem.post_name(id_) if id_ in problem.post_by_id else problem.person_name(id_)
            for id_ in about
        ]
        sentence = say(
            N_("%(rule)s: this concerns %(count)s (%(names)s)."),
            rule=title_of(problem, rule),
            count=len(names),
            names=few(names),
        )
        found.append(ConflictReason(rule, tuple(about), sentence))
    return found
