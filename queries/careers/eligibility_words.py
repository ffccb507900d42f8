"""What is said of an earliest legal date: one sentence, what would change it, what is advised."""

from __future__ import annotations

from datetime import date

from graph.errors import N_
from graph.terms import Title
from queries.careers.eligibility import NextStep
from queries.rules.candidate import fact_terms, rough_terms
from queries.sentences import Sentence, Term, say


def changes(asked: NextStep, on: date) -> tuple[Sentence, ...]:
    """Return what would bring the day of a step nearer: of each rule that holds it, and each fact
    that lacks.
    """
    found: list[Sentence] = []
    if asked.state in ("waits", "blocked") or asked.earliest is None or asked.earliest > on:
        for each in asked.held_by:
            title, change = _either(each.rule.title), each.verdict.change
            if change is not None:
                found.append(say(N_("%(rule)s: %(change)s"), rule=title, change=change))
            elif not each.rule.waivable:
                found.append(say(N_("%(rule)s: nothing but time."), rule=title))
            if each.rule.waivable:
                waived = N_("%(rule)s: it may be waived with a written reason.")
                found.append(say(waived, rule=title))
        if asked.held_by and asked.without is not None:
            found.append(
                say(N_("If that did not hold, the day would be %(day)s."), day=asked.without)
            )
    for each in asked.undecided:
        if each.rule.kind == "hard":
            facts = fact_terms(each.verdict.missing)
            lacks = N_("%(rule)s: with %(facts)s on file it could be judged.")
            found.append(say(lacks, rule=_either(each.rule.title), facts=facts))
    return tuple(found)


def advice(asked: NextStep) -> tuple[Sentence, ...]:
    """Return what rules ask for generally and is not met; it keeps nobody out."""
    return tuple(
        say(N_("%(rule)s (generally): %(advice)s"), rule=_either(each.rule.title), advice=words)
        for each in asked.judged
        for words in each.verdict.advice
    )


def sentence(asked: NextStep, on: date) -> Sentence:
    """Return in one sentence when a step may be taken, and which rule holds it."""
    rank = Term("ranks_and_grades" if asked.terms == "grades" else "ranks", asked.key)
    titles = tuple(_either(each.rule.title) for each in asked.held_by)
    day, latest = asked.earliest, asked.latest
    if asked.state == "blocked" and not asked.held_by:
        return say(N_("%(rank)s: no day follows before the step below."), rank=rank)
    if asked.state == "blocked":
        return say(
            N_("%(rank)s: something has to happen first, by %(rules)s."), rank=rank, rules=titles
        )
    if asked.state == "undecided":
        return _undecided(asked, rank, on)
    if day is None or latest is None:
        return say(N_("%(rank)s: no rule covers it."), rank=rank)
    if day < latest <= on:
        return say(
            N_("%(rank)s: open, since a day between %(day)s and %(latest)s (%(about)s)."),
            rank=rank,
            day=day,
            latest=latest,
            about=rough_terms(asked.about),
        )
    if day < latest:
        return say(
            N_("%(rank)s: between %(day)s and %(latest)s (%(about)s), held by %(rules)s."),
            rank=rank,
            day=day,
            latest=latest,
            about=rough_terms(asked.about),
            rules=titles,
        )
    if day <= on:
        return say(N_("%(rank)s: open since %(day)s."), rank=rank, day=day)
    return say(
        N_("%(rank)s: %(day)s at the earliest, held by %(rules)s."),
        rank=rank,
        day=day,
        rules=titles,
    )


def _undecided(asked: NextStep, rank: Term, on: date) -> Sentence:
    hard = [each for each in asked.undecided if each.rule.kind == "hard"]
    names = dict.fromkeys(fact for each in hard for fact in each.verdict.missing)
    rules = tuple(_either(each.rule.title) for each in hard)
    if asked.earliest is not None and asked.earliest > on:
        return say(
            N_("%(rank)s: not decided, but not before %(day)s: %(facts)s is missing (%(rules)s)."),
            rank=rank,
            day=asked.earliest,
            facts=fact_terms(names),
            rules=rules,
        )
    return say(
        N_("%(rank)s: not decided: %(facts)s is missing (%(rules)s)."),
        rank=rank,
        facts=fact_terms(names),
        rules=rules,
    )


def _either(title: Title) -> Term:
    """Carry a title in both languages to where the language is known."""
    return Term("titles", f"{title.zh}\n{title.en}")
