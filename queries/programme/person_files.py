"""One trainee and one mentor in the programme on a day: all that their pages show, as one value."""

from __future__ import annotations

from dataclasses import dataclass

from graph.errors import N_, NotFound
from graph.store import Store
from queries.programme import audit as audits
from queries.programme import (
    care,
    duties,
    exercises,
    growth_file,
    learning,
    mentoring,
    portrait,
    stages,
)
from queries.programme.facts import Facts
from queries.programme.own_records import own_records
from queries.programme.payments import Payment, Visit, payments, visits


@dataclass(frozen=True)
class TraineeFile:
    """Where one trainee stands: stage, mentors, findings, portrait, growth file, duties, care."""

    person: str
    stage: stages.StageProgress
    mentors: tuple[mentoring.Light, ...]
    candidates: dict[str, tuple[mentoring.ProposedMentor, ...]]  # by kind of mentor that is missing
    pairs: tuple[mentoring.PairProgress, ...]
    findings: tuple[audits.Finding, ...]
    portrait: tuple[portrait.Axis, ...]
    file: growth_file.Score
    duties: tuple[duties.DutyStanding, ...]
    care: tuple[care.CareStanding, ...]
    exercises: exercises.Coverage
    hours: tuple[learning.LearningHours, ...]
    payments: tuple[Payment, ...]
    visits: tuple[Visit, ...]


def trainee_file(store: Store, facts: Facts, person: str) -> TraineeFile:
    """Return where one trainee stands; NotFound for whoever is none on the day."""
    if person not in facts.trainees:
        raise NotFound(
            N_("%(id)s is no {trainee} of the programme on %(day)s."),
            N_("Choose another day, or look at the person's own page."),
            id=person,
            day=facts.day,
        )
    lights = mentoring.lights(facts)[person]
    return TraineeFile(
        person,
        stages.progress(facts)[person],
        lights,
        {
            light.kind: tuple(mentoring.candidates(facts, person, light.kind))
            for light in lights
            if light.missing
        },
        tuple(mentoring.pair_progress(facts, each) for each in facts.pairings.get(person, ())),
        tuple(audits.of_person(facts, person)),
        portrait.portrait(facts, person, own_records(store, person, facts.day)),
        growth_file.scores(facts)[person],
        tuple(each for each in duties.duties(facts) if each.person == person),
        tuple(each for each in care.entitlements(facts) if each.person == person),
        next(each for each in exercises.coverage(facts) if each.person == person),
        tuple(learning.learning_hours(store, facts, person=person)),
        tuple(payments(store, facts, person)),
        tuple(visits(store, facts, person)),
    )


@dataclass(frozen=True)
class MentorFile:
    """One mentor's own trainees: what each pair has done, where each stands, what is due."""

    mentor: mentoring.PoolMember
    pairs: tuple[mentoring.PairProgress, ...]
    stages: tuple[stages.StageProgress, ...]  # of the trainee of each pair
    duties: tuple[duties.DutyStanding, ...]  # due and late ones


def mentor_file(facts: Facts, mentor: str) -> MentorFile:
    """Return one mentor's own trainees on the day; NotFound for whoever is no mentor."""
    member = mentoring.pool(facts).get(mentor)
    if member is None:
        raise NotFound(N_("There is no {mentor} %(id)s."), N_("Search for the name."), id=mentor)
    where = stages.progress(facts)
    mine = [pairing for pairing in member.current if pairing.trainee in where]
    trainees = {pairing.trainee for pairing in mine}
    return MentorFile(
        member,
        tuple(mentoring.pair_progress(facts, pairing) for pairing in mine),
        tuple(where[pairing.trainee] for pairing in mine),
        tuple(d for d in duties.duties(facts) if d.person in trainees and d.state != "done"),
    )
