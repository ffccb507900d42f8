"""The reasons of a posting in few words, for whoever decides: what speaks for it, what against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph.errors import N_
from planning.rules import RULE_BY_NAME
from queries.sentences import Sentence, say

# What a rule that is broken by a posting comes to; others are told with their whole sentence.
SHORT_AGAINST = {
    "demands": N_("specialty does not fit"),
    "wishes": N_("not wished for"),
    "avoided": N_("wished not to"),
    "returns": N_("back to a unit of before"),
    "rank_kept": N_("below the rank held"),
    "trial_period": N_("still on trial"),
    "no_transfer": N_("joined too recently"),
    "age_at_most": N_("above the age"),
    "home_place": N_("comes from there"),
    "opposite_way": N_("the same side again"),
    "offers": N_("exercise not known"),
}


UNSAID = frozenset({"few_moves"})  # every move is one


@dataclass(frozen=True)
class ShortReasons:
    """What speaks for a posting and what against it, each in few words."""

    good: tuple[Sentence, ...]
    against: tuple[Sentence, ...]


def short_reasons(told: Iterable[Sentence]) -> ShortReasons:
    """Return the reasons that `why` told of a posting in few words, in the same order."""
    good, against = [], []
    for sentence in told:
        values = sentence.values
        if values.get("rule") in UNSAID:
            continue
        if "rule" in values:
            against.append(_against(str(values["rule"]), values["what"]))
        elif "rank" in values:
            good.append(say(N_("wish %(rank)s"), rank=values["rank"]))
        elif "specialties" in values:
            good.append(say(N_("specialty fits")))
        elif "months" in values:
            words = N_("fills %(kind)s (%(months)s months lacking)")
            good.append(say(words, kind=values["kind"], months=values["months"]))
    return ShortReasons(tuple(good), tuple(against))


def _against(rule: str, what: object) -> Sentence:
    if rule in SHORT_AGAINST:
        return say(SHORT_AGAINST[rule])
    return what if isinstance(what, Sentence) else say(RULE_BY_NAME[rule].sentence)
