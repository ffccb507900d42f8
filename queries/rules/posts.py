"""The rules about places: which post a person may take, how long they hold it, with whom.

One function a rule, named as in `rules.yaml`, of the same shape as in `queries/rules/ranks.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date

from graph import appointment_rules as rules
from graph.dates import add_days, add_months, first_day
from graph.errors import N_
from queries.personnel.spans import merged
from queries.rules.candidate import (
    Candidate,
    CandidatePosting,
    PostPlace,
    ProposedMove,
    Relative,
    Verdict,
    from_day,
    missing,
)
from queries.rules.ranks import resting, silent
from queries.sentences import Term, say


def hardship_service(rule: rules.HardshipService, who: Candidate, move: ProposedMove) -> Verdict:
    """A recruit of a post in hardship serves there so long; only short moves of some kinds."""
    if not who.home_postings:
        return silent()
    first = who.home_postings[0]
    if first.place.hardship is None:
        return missing("hardship")
    if first.place.hardship < rule.hardship:
        return silent()
    if who.joined is None:
        return missing("joined_on")
    short = move.months is not None and move.months <= (rule.allowed_months or 0)
    if move.kind in rule.allowed_kinds and short:
        return Verdict("allows", say(N_("It is one of the short moves that are allowed.")))
    day = who.months_after(who.joined, rule.months)
    if day is None:
        return resting()
    because = say(
        N_("%(months)s months of service in hardship end on %(day)s."), months=rule.months, day=day
    )
    return from_day(day, who.on, because)


def keeps_home_post(rule: rules.KeepsHomePost, who: Candidate, move: ProposedMove) -> Verdict:
    """A rotation of these kinds runs beside a home post, so there must be one."""
    if move.kind not in rule.kinds and move.kind not in who.kinds_beside:
        return silent()
    home = who.main
    if home is not None:
        return Verdict("allows", say(N_("The home post %(post)s is kept."), post=home.place.title))
    return Verdict(
        "blocks",
        say(N_("No home post is held that could be kept.")),
        change=say(N_("First a post of their own.")),
    )


def lasts(rule: rules.Lasts, who: Candidate, move: ProposedMove) -> Verdict:
    """A rotation of these kinds lasts so long; a running one must end by its day."""
    longest = min(each for each in (rule.at_most, rule.never_over, 1200) if each)
    if move.kind in rule.kinds and move.months is None:
        low = rule.at_least or 0
        return Verdict(
            "allows", say(N_("It lasts %(low)s to %(high)s months."), low=low, high=longest)
        )
    if move.kind in rule.kinds and move.months is not None:
        if (rule.at_least or 0) <= move.months <= longest:
            return Verdict("allows", say(N_("The length is within the rule.")))
        return Verdict(
            "blocks",
            say(
                N_("%(months)s months are not within %(low)s to %(high)s."),
                months=move.months,
                low=rule.at_least or 0,
                high=longest,
            ),
            change=say(N_("Another length.")),
        )
    running = [s for s in who.postings if s.kind in rule.kinds and s.runs(who.on)]
    if not running or rule.at_most is None:
        return silent()
    day = add_months(running[-1].period[0], rule.at_most)
    because = say(N_("The running one should end by %(day)s."), day=day)
    return Verdict("allows", because, until=day)


def age_at_most(rule: rules.AgeAtMost, who: Candidate, move: ProposedMove) -> Verdict:
    """Nobody older than this begins such a rotation in such a unit."""
    if move.kind not in rule.kinds or move.place is None:
        return silent()
    unit_kind = move.place.unit_kind
    if unit_kind is not None and unit_kind not in rule.unit_kinds:
        return silent()
    if not who.born_on:
        return missing("born_on")
    last = add_days(add_months(first_day(who.born_on), 12 * (rule.years + 1)), -1)
    if unit_kind is None:
        return silent() if who.on <= last else missing("unit_kind")
    because = say(N_("The age of %(years)s is passed on %(day)s."), years=rule.years, day=last)
    return Verdict("allows" if who.on <= last else "blocks", because, until=last)


def opposite_way(rule: rules.OppositeWay, who: Candidate, move: ProposedMove) -> Verdict:
    """Who was long above goes below, and who was long below goes above."""
    if move.kind not in rule.kinds or move.place is None:
        return silent()
    for side, other in ((rule.above, rule.below), (rule.below, rule.above)):
        there = who.time(_at_home_in(who, side))
        if who.done(there) < rule.months:
            continue
        if move.place.unit_kind is None:
            return missing("unit_kind")
        kinds = tuple(Term("unit_kinds", kind) for kind in other)
        if move.place.unit_kind in other:
            return Verdict("allows", say(N_("It leads to the other side.")))
        if move.place.unit_kind in side:
            return Verdict(
                "blocks",
                say(
                    N_("%(months)s months or more were spent on the same side."),
                    months=rule.months,
                ),
                change=say(N_("A post in one of %(kinds)s."), kinds=kinds),
            )
    return silent()


def _at_home_in(who: Candidate, unit_kinds: Collection[str]) -> Callable[[CandidatePosting], bool]:
    return lambda posting: who.is_home(posting) and posting.place.unit_kind in unit_kinds


def kin_apart(rule: rules.KinApart, who: Candidate, move: ProposedMove) -> Verdict:
    """Relatives do not serve in one unit where one of them leads, nor in its guarded units."""
    if move.place is None:
        return silent()
    if move.place.unit is None:
        return missing("unit") if move.place.post and who.kin else silent()
    if who.kin is None:
        return missing("kin")
    lacking: str | None = None
    for relative in who.kin:
        if relative.relation is not None and relative.relation not in rule.relations:
            continue
        for held, until in relative.places:
            if not _in_the_way(rule, move.place, held):
                if _may_be_in_the_way(rule, move.place, held):
                    lacking = lacking or "post_kind"
            elif relative.relation is None:
                lacking = "relation"
            else:
                return _stands_in_the_way(relative, held, until)
    if lacking is not None:
        return missing(lacking)
    return Verdict("allows", say(N_("No relative stands in the way.")))


def _stands_in_the_way(relative: Relative, held: PostPlace, until: date | None) -> Verdict:
    because = say(
        N_("%(name)s (%(relation)s) serves in %(unit)s."),
        name=relative.name,
        relation=Term("relations", relative.relation),
        unit=held.unit_names[0] if held.unit_names else held.title,
    )
    change = say(N_("The relative leaves that post, or another unit is chosen."))
    if until is not None:
        return Verdict("waits", because, since=until, change=change)
    return Verdict("blocks", because, change=change)


def _may_be_in_the_way(rule: rules.KinApart, place: PostPlace, held: PostPlace) -> bool:
    """Return whether two places could be in the way if a post of unknown kind is one that leads."""
    leading = rule.leading_post_kinds[0] if rule.leading_post_kinds else None
    one, other = (
        each if each.post_kind is not None else replace(each, post_kind=leading)
        for each in (place, held)
    )
    return _in_the_way(rule, one, other)


def _in_the_way(rule: rules.KinApart, place: PostPlace, held: PostPlace) -> bool:
    """Return whether two places may not be held by relatives."""
    one_leads = {place.post_kind, held.post_kind} & set(rule.leading_post_kinds)
    if place.unit == held.unit:
        return bool(one_leads)
    for leading, other in ((held, place), (place, held)):
        if leading.post_kind in rule.leading_post_kinds and leading.unit in other.units:
            name = other.unit_names[0] if other.unit_names else ""
            return any(word in name for word in rule.guarded_words)
    return False


def home_place(rule: rules.HomePlace, who: Candidate, move: ProposedMove) -> Verdict:
    """Nobody is principal of the place where they grew up; the places are compared by name."""
    place = move.place
    if place is None:
        return silent()
    kinds = {"post_kind": place.post_kind, "unit_kind": place.unit_kind}
    unclear = [name for name, kind in kinds.items() if kind is None]
    if place.post_kind not in (None, *rule.post_kinds):
        return silent()
    if place.unit_kind not in (None, *rule.unit_kinds):
        return silent()
    if not who.native_place:
        return missing("native_place")
    name = home_among(who.native_place, place.unit_names)
    if name is None:
        return Verdict("allows", say(N_("They grew up elsewhere.")))
    if unclear:
        return missing(*unclear)
    return Verdict(
        "blocks",
        say(N_("%(unit)s is where they grew up."), unit=name),
        change=say(N_("A post in another place.")),
    )


def home_among(native: str, names: Sequence[str]) -> str | None:
    """Return the name of the unit that somebody comes from: the first one, or one it is part of.

    A wider place counts only where nothing closer is known: it may be this unit.

    >>> home_among("石峰区河东镇", ("河东镇", "石峰区")), home_among("石峰区", ("河东镇", "石峰区"))
    ('河东镇', '石峰区')
    >>> home_among("石峰区河西镇", ("河东镇", "石峰区"))
    """
    for at, name in enumerate(names):
        bare = name.split("（")[0]
        is_own = at == 0 and (bare in native or native in bare)
        if bare and (is_own or native.endswith(bare)):
            return name
    return None


def longest_in_post(rule: rules.LongestInPost, who: Candidate, move: ProposedMove) -> Verdict:
    """Nobody holds one post longer; a move is asked for by the day."""
    home = who.main
    if home is None:
        return silent()
    since = _since_in_post(who, home)
    if move.place is not None and move.place.post == home.place.post:
        return Verdict("blocks", say(N_("It is the post held already.")))
    day = add_months(since, rule.months)
    because = say(
        N_("The present post may be held for %(months)s months, until %(day)s."),
        months=rule.months,
        day=day,
    )
    return Verdict("allows", because, until=day)


def _since_in_post(who: Candidate, home: CandidatePosting) -> date:
    """Return since when the present post has been held: times that touch or overlap are one."""
    held = who.time(
        lambda posting: (
            who.is_home(posting)
            and posting.place.post == home.place.post
            and posting.since <= home.since
        )
    )
    return max(since for since, _ in merged(held))


def grassroots_wanted(rule: rules.GrassrootsWanted, who: Candidate, move: ProposedMove) -> Verdict:
    """Who has served little at the grassroots goes there first."""
    if move.kind in rule.kinds:
        return Verdict("allows", say(N_("It is such a rotation.")))
    periods = who.time(lambda posting: posting.kind in rule.kinds)
    day = who.full(periods, rule.months)
    kinds = tuple(Term("rotation_kinds", kind) for kind in rule.kinds)
    if day is None:
        return Verdict(
            "blocks",
            say(
                N_("%(done)s of %(months)s months at the grassroots."),
                done=who.done(periods),
                months=rule.months,
            ),
            change=say(N_("First %(kinds)s."), kinds=kinds),
        )
    because = say(
        N_("%(months)s months at the grassroots are full on %(day)s."), months=rule.months, day=day
    )
    return from_day(day, who.on, because)


def township_counts(rule: rules.TownshipCounts, who: Candidate, move: ProposedMove) -> Verdict:
    """Experience in such units counts from so long as principal there, or so long as deputy."""
    if move.rank is None:
        return silent()
    units = tuple(Term("unit_kinds", kind) for kind in rule.unit_kinds)
    long_enough = (
        (rule.principals, rule.principal_months),
        (rule.deputies, rule.deputy_months),
    )
    days = []
    for kinds, months in long_enough:
        held = who.time(_leads(kinds, rule.unit_kinds))
        if held:
            day = who.full(held, months)
            if day is None:
                too_short = N_("The time in these units is too short to count: %(units)s.")
                return silent(say(too_short, units=units))
            days.append(day)
    if not days:
        return silent(say(N_("There is no such time in these units: %(units)s."), units=units))
    day = min(days)
    counts = N_("Experience in these units counts from %(day)s: %(units)s.")
    return from_day(day, who.on, say(counts, day=day, units=units))


def _leads(
    post_kinds: Collection[str], unit_kinds: Collection[str]
) -> Callable[[CandidatePosting], bool]:
    """Return whether a posting is in such a unit, in such a post and not only acting in it."""
    return lambda posting: (
        posting.place.unit_kind in unit_kinds
        and posting.place.post_kind in post_kinds
        and not posting.acting
    )
