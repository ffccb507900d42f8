"""What each kind of thing to do says; whoever shows it puts the name of the person to it."""

from __future__ import annotations

from graph.errors import N_
from queries.programme.care import CareStanding
from queries.programme.duties import DutyStanding, TraineeRequest
from queries.programme.exercises import ExerciseFinding
from queries.programme.facts import Facts
from queries.programme.focus import Focus
from queries.programme.mentoring import Light
from queries.programme.problems import TalkProblem, who_settles
from queries.programme.stages import StageProgress
from queries.programme.training import TrainingStanding
from queries.sentences import Sentence, Term, say


def duty(_: Facts, each: DutyStanding) -> Sentence:
    """Say that a talk or report is due."""
    return say(N_("%(duty)s: %(name)s"), duty=Term("duties", each.duty))


def request(_: Facts, each: TraineeRequest) -> Sentence:
    """Say that a request waits for its answer."""
    asked = N_("Answer %(name)s: %(request)s, asked on %(day)s")
    return say(asked, request=Term("requests", each.request), day=each.on)


def problem(facts: Facts, each: TalkProblem) -> Sentence:
    """Say that a problem waits to be settled."""
    settled = who_settles(facts, each)
    told = N_("%(name)s: %(problem)s (%(settled)s)")
    return say(told, problem=each.problem, settled=settled)


def missing(_: Facts, light: Light) -> Sentence:
    """Say that a mentor is to be found."""
    kind = Term("mentoring_kinds", light.kind)
    return say(N_("Find a {mentor} (%(kind)s) for %(name)s"), kind=kind)


def task(_: Facts, task: str) -> Sentence:
    """Say that a pair is at a task."""
    return say(N_("See %(name)s through: %(task)s"), task=Term("growth_tasks", task))


def gate(_: Facts, where: StageProgress) -> Sentence:
    """Say that the next stage is within reach."""
    stage, following = Term("stages", where.stage), Term("stages", where.next_stage)
    return say(N_("%(name)s: from %(stage)s to %(next)s"), stage=stage, next=following)


def deadline(_: Facts, where: StageProgress) -> Sentence:
    """Say that a stage is to be passed."""
    stage = Term("stages", where.stage)
    return say(N_("%(name)s: the stage %(stage)s is to be passed"), stage=stage)


def exercise(facts: Facts, each: ExerciseFinding) -> Sentence:
    """Say that an exercise ends."""
    post = facts.posts[each.posting.post].name if each.posting else "-"
    kind = Term("rotation_kinds", each.kind)
    return say(N_("%(name)s: end of %(kind)s as %(post)s"), kind=kind, post=post)


def training(_: Facts, each: TrainingStanding) -> Sentence:
    """Say that a training is to be had."""
    return say(N_("%(training)s: %(name)s"), training=Term("trainings", each.training))


def care(_: Facts, each: CareStanding) -> Sentence:
    """Say that a care measure is to be received."""
    return say(N_("%(measure)s: %(name)s"), measure=Term("entitlements", each.entitlement))


def focus(_: Facts, _each: Focus) -> Sentence:
    """Say that the key-focus list is to be decided."""
    return say(N_("Decide on the key-focus list: %(name)s"))
