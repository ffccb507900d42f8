"""A development programme as data: `programme.yaml` and `rules.yaml`, read and checked.

How such a text is read, and how a mistake is told, stands in `graph/declared.py`; what the rules
mean is not judged here.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from graph.appointment_rules import AppointmentRule, completed
from graph.bad_names import bad_names
from graph.dates import first_day
from graph.declared import (
    Day,
    Frozen,
    Months,
    Names,
    PartialDate,
    parse,
)
from graph.file_rules import AxisRule, FileRule
from graph.kinds import (
    ActivityKindTerm,
    AttendanceRole,
    Mechanism,
    MentorKindTerm,
    PostingKind,
    PostKindTerm,
    RecordKindTerm,
    UnitKindTerm,
)
from graph.known_terms import (
    FIXED,
    OF_SCHEMA,
    SERVICE_KINDS,
    PostingMark,
    PostingStatus,
    Role,
    ServiceKindTerm,
    Status,
)
from graph.own_words import english_plural
from graph.rules import (
    ActivityKind,
    DutyRule,
    EntitlementRule,
    GateRule,
    MentorRule,
    PostKind,
    PriorityRule,
    RecordKind,
    RequestRule,
    RotationKind,
    TotalRule,
    TrainingRule,
    UnitKind,
)
from graph.terms import Title, TitledTerm, Value, key_of, nearest_term


class Grade(Value):
    """A grade (职级) beside the ranks, and the rank that it counts as."""

    counts_as: Annotated[str, Names("ranks")] | None = None


class MechanismTerm(TitledTerm):
    """One mechanism of the programme, and the page that shows its state."""

    page: (
        Literal[
            "training",
            "mentors",
            "exercises",
            "vacancies",
            "reserve",
            "stages",
            "files",
            "focus",
            "duties",
            "care",
        ]
        | None
    ) = None


class ProgrammePart(TitledTerm):
    """One part of the programme's own shape, with its mechanisms."""

    mechanisms: tuple[MechanismTerm, ...]


class Stage(TitledTerm):
    """A stage of development; it ends when all its gates hold, and is late after its deadline."""

    batch: Literal["train", "mature", "use"]
    gates: tuple[GateRule, ...] = ()
    at_most: Months | None = None  # in the stage
    within_months: Months | None = None  # of joining; of two deadlines the earlier holds


class Exercise(Frozen):
    """What the programme asks of a kind of rotation. Lengths are in months."""

    key: RotationKind
    at_least: Months | None = None
    at_most: Months | None = None
    after: tuple[RotationKind, ...] = ()
    keeps_home_post: bool = False  # as written before it stood on `rotation_kinds`
    required: bool = False
    mechanism: Mechanism | None = None


class Duty(TitledTerm):
    """Something that falls due again and again for each trainee."""

    rule: DutyRule
    mechanism: Mechanism | None = None


class Training(TitledTerm):
    """A training that each trainee has, once or again and again."""

    rule: TrainingRule
    mechanism: Mechanism | None = None


class Ability(TitledTerm):
    """An ability that posts ask for: who brings it, and which courses (by title) give it."""

    specialties: tuple[str, ...]
    courses: tuple[str, ...] = ()


class RequestTerm(TitledTerm):
    """Something a trainee may ask for."""

    rule: RequestRule
    mechanism: Mechanism | None = None


class FilePart(TitledTerm):
    """One part of the growth file."""

    rule: FileRule


class CheckSetting(Frozen):
    """One check of the audit, with another level than its own, or switched off."""

    check: str
    level: Literal["red", "yellow", "blue"] | None = None
    enabled: bool = True


class AuditRules(Frozen):
    """How far the audit looks ahead, how full a growth file must be, and changed checks."""

    ahead_days: Annotated[int, Field(ge=0, le=366)] = 30
    file_at_least: Annotated[int, Field(ge=0, le=100, description="percent")] = 80
    checks: tuple[CheckSetting, ...] = ()


class Entitlement(TitledTerm):
    """A care measure for some cohorts."""

    rule: EntitlementRule


class Priority(TitledTerm):
    """One of the reasons that put a person first; it can be switched off."""

    rule: PriorityRule
    enabled: bool = True


class NeedRules(TitledTerm):
    """The list of needs that people name: the kind of its records, whose topic is the need."""

    record: RecordKind


class FocusRules(TitledTerm):
    """The key-focus list: who meets all its rules. A person confirms each entry by a record."""

    rules: tuple[GateRule, ...]
    record: RecordKind | None = None
    confirmed: Annotated[str, Names("results")] | None = None
    removed: Annotated[str, Names("results")] | None = None

    @property
    def decisions(self) -> tuple[str, str]:
        """Return the results of a record that confirm an entry and take it off."""
        return self.confirmed or "confirmed", self.removed or "removed"


class ReserveRules(TitledTerm):
    """The reserve list: the kind of its records, and the results that put on and take off."""

    record: RecordKind
    put_on: Annotated[str, Names("results")]
    taken_off: Annotated[str, Names("results")]


class TaskPlaceRules(TitledTerm):
    """Where people are sent to: kinds of unit, of posting and post there, what is done there.

    Activities of these kinds (or groups) count that run or were held in the last `months`.
    """

    unit_kinds: tuple[UnitKind, ...]
    rotation_kinds: tuple[RotationKind, ...]
    post_kinds: tuple[PostKind, ...] = ()
    activities: tuple[ActivityKind, ...]
    months: Months = 12


class PortraitAxis(TitledTerm):
    """One axis of the portrait; `source` says in words where its figure comes from."""

    rule: AxisRule
    source: Title


class ReportTotal(TitledTerm):
    """A figure of the report: what it counts, and its rule in one sentence."""

    rule: TotalRule
    sentence: Title


class Programme(Frozen):
    """One development programme. An empty list of kinds means that any kind is taken."""

    id: str = "none"
    name: Title = Title(zh="", en="")
    invented: bool = False
    as_of: Day | None = None
    ranks: tuple[Value, ...] = Field(default=(), description="lowest first")
    grades: tuple[Grade, ...] = Field(default=(), description="lowest first")
    unit_kinds: tuple[UnitKindTerm, ...] = ()
    post_kinds: tuple[PostKindTerm, ...] = ()
    mentoring_kinds: tuple[MentorKindTerm, ...] = ()
    rotation_kinds: tuple[PostingKind, ...] = ()
    activity_kinds: tuple[ActivityKindTerm, ...] = ()
    activity_groups: tuple[Value, ...] = Field(default=(), description="of kinds of activity")
    activity_levels: tuple[Value, ...] = Field(default=(), description="who holds an activity")
    attendance_roles: tuple[AttendanceRole, ...] = Field(
        default=(), description="taking part or listening; the first where none is given"
    )
    record_kinds: tuple[RecordKindTerm, ...] = ()
    levels: tuple[Value, ...] = Field(default=(), description="levels of a record")
    results: tuple[Value, ...] = Field(default=(), description="results of a record")
    accounts: tuple[Value, ...] = Field(default=(), description="accounts that care is paid from")
    statuses: tuple[Status, ...] = Field(default=(), description="status of a person")
    service_kinds: tuple[ServiceKindTerm, ...] = Field(
        default=SERVICE_KINDS, description="what a dated fact of service means from its day on"
    )
    unknown_after: Annotated[int, Field(ge=0, le=120)] = Field(
        default=3, description="months without a post after which it is not known who serves"
    )
    age_limit: Annotated[int, Field(ge=1, le=130)] = Field(
        default=100, description="years of age past which an open posting does not serve"
    )
    grades_count_as_ranks: bool = False
    relations: tuple[Value, ...] = Field(default=(), description="relations of kin")
    roles: tuple[Role, ...] = Field(default=(), description="the words for trainee and mentor")
    posting_statuses: tuple[PostingStatus, ...] = Field(
        default=(), description="more words for actual and planned"
    )
    posting_marks: tuple[PostingMark, ...] = Field(
        default=(), description="more words for concurrent and acting"
    )
    parts: tuple[ProgrammePart, ...] = ()
    stages: tuple[Stage, ...] = Field(default=(), description="in order")
    mentor_needs: tuple[MentorRule, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    trainings: tuple[Training, ...] = ()
    abilities: tuple[Ability, ...] = ()
    training_needs: NeedRules | None = None
    duties: tuple[Duty, ...] = ()
    requests: tuple[RequestTerm, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()
    mentoring_methods: tuple[TitledTerm, ...] = ()
    mentoring_duties: tuple[TitledTerm, ...] = ()
    growth_tasks: tuple[TitledTerm, ...] = ()
    priorities: tuple[Priority, ...] = ()
    reserve: ReserveRules | None = None
    focus: FocusRules | None = None
    places: TaskPlaceRules | None = None
    portrait: tuple[PortraitAxis, ...] = ()
    totals: tuple[ReportTotal, ...] = ()
    growth_file: tuple[FilePart, ...] = ()
    audit: AuditRules = AuditRules()

    def terms(self, what: str) -> tuple[TitledTerm, ...]:
        """Return the terms of one list by its name in the file (`ranks`, `unit_kinds`, ...)."""
        if what == "ranks_and_grades":
            return (*self.ranks, *self.grades)
        if what == "activity_kinds_and_groups":
            return (*self.activity_kinds, *self.activity_groups)
        if what == "mechanisms":
            return tuple(term for part in self.parts for term in part.mechanisms)
        return tuple(getattr(self, what))

    def values(self, what: str) -> tuple[TitledTerm, ...]:
        """Return the terms that data may hold in a column of one list; none means any text."""
        own = self.terms(what)
        return (*own, *FIXED[what]) if what in OF_SCHEMA or (own and what in FIXED) else own

    def allows(self, what: str, key: str) -> bool:
        """Return whether a rule may name a key of one list: it is listed, or the list is empty."""
        terms = self.terms(what)
        return not terms or any(term.key == key for term in terms)

    @property
    def groups_of_kinds(self) -> tuple[Value, ...]:
        """Return the groups in which a kind of activity is."""
        within = {each.group for each in self.activity_kinds}
        return tuple(each for each in self.activity_groups if each.key in within)

    def kinds_within(self, named: tuple[str, ...]) -> tuple[str, ...]:
        """Return kinds of activity that a rule names, each group as the kinds that are in it."""
        groups = {each.key for each in self.activity_groups}.intersection(named)
        within = (each.key for each in self.activity_kinds if each.group in groups)
        return (*(key for key in named if key not in groups), *within) if groups else named

    def key_of(self, what: str, word: str) -> str | None:
        """Return the key that a word in data means; a list without terms takes any word."""
        terms = self.values(what)
        return key_of(terms, word) if terms else word

    def nearest(self, what: str, key: str) -> TitledTerm | None:
        """Return the term of one list most like a wrong word, by any of its words."""
        return nearest_term(self.values(what), key)

    def title(self, what: str, key: str | None, language: str) -> str:
        """Return the title of a key in a language, or the key itself when it is not listed."""
        for term in self.terms(what):
            if term.key == key:
                return term.text(language)
        return key or ""

    def role_words(self, language: str) -> dict[str, str]:
        """Return what the roles are called in a language, one and many, for `in_words`."""
        words: dict[str, str] = {}
        for role in (*FIXED["roles"], *self.roles):  # the programme's own come last
            one = role.text(language)
            many = getattr(role, "en_plural", "") or english_plural(one)
            words |= {role.key: one, f"{role.key}s": many if language.startswith("en") else one}
        return words

    def rank_index(self, rank: str | None) -> int | None:
        """Return a rank's place on the ladder from 0.

        A grade has that of the rank it counts as, where the programme counts grades as ranks.
        """
        for grade in self.grades if self.grades_count_as_ranks else ():
            if grade.key == rank:
                rank = grade.counts_as
        keys = [term.key for term in self.ranks]
        return keys.index(rank) if rank in keys else None

    @property
    def kinds_beside(self) -> frozenset[str]:
        """Return the kinds of posting that run beside the home post."""
        marked = {each.key for each in self.rotation_kinds if each.keeps_home_post}
        # Once it stood on exercises only.
        return frozenset(marked | {each.key for each in self.exercises if each.keeps_home_post})

    @property
    def talk_kind(self) -> str | None:
        """Return the kind of record that is a talk: the one that answers a request."""
        answers = (each.rule.parameters.by for each in self.requests)
        return next(answers, None)

    def exercise(self, kind: str) -> Exercise | None:
        """Return what the programme asks of a kind of rotation."""
        return next((each for each in self.exercises if each.key == kind), None)


EMPTY_PROGRAMME = Programme()


class Rule(Frozen):
    """One rule of appointment, rotation or promotion."""

    id: str
    title: Title
    rule: AppointmentRule
    kind: Literal["hard", "soft", "warning"]
    source: str
    date: PartialDate | None = None
    enabled: bool = True
    waivable: bool = False
    weight: Annotated[int, Field(ge=0)] = 1
    note: Title | None = None


class _RuleFile(Frozen):
    rules: tuple[Rule, ...]


def parse_programme(text: str, file: str = "programme.yaml", language: str = "en") -> Programme:
    """Read and check the text of a `programme.yaml`; `file` names it in problems."""
    read = parse(Programme, text, file, language)
    read.refuse(bad_names(read, read.value))
    return read.value


def parse_rules(
    text: str,
    file: str = "rules.yaml",
    programme: Programme = EMPTY_PROGRAMME,
    language: str = "en",
) -> tuple[Rule, ...]:
    """Read and check the text of a `rules.yaml`; `file` names it in problems."""
    read = parse(_RuleFile, text, file, language)
    read.refuse(bad_names(read, programme))
    return tuple(
        rule.model_copy(update={"rule": completed(rule.rule, programme.allows)})
        for rule in read.value.rules
    )


def day_of(programme: Programme, today: date) -> date:
    """Return the programme's own as-of day, or today when it has none."""
    return first_day(programme.as_of) if programme.as_of else today
