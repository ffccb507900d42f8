"""A development programme as data: `programme.yaml` and `rules.yaml`, read and checked.

The only home of PyYAML. Texts are read as plain YAML without anchors and without dates or yes/no
guessed from text, so a date keeps its precision. Every mistake is found at once, each with its
line and the nearest known name. What the rules mean is not judged here. Long because the models
and the reading that finds lines in YAML stand together.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

import yaml
from pydantic import AfterValidator, BaseModel, Field, ValidationError

from graph.dates import first_day, precision
from graph.errors import InputError, Problem
from graph.rules import (
    AppointmentRule,
    AxisRule,
    DutyRule,
    EntitlementRule,
    FileRule,
    Frozen,
    GateRule,
    MentorRule,
    Months,
    Names,
    PartialDate,
    PriorityRule,
    RecordKind,
    RequestRule,
    RotationKind,
    TotalRule,
    TrainingRule,
)


def _full_day(text: str) -> str:
    if precision(text) != "day":
        raise ValueError("is not a full day; write 2024-06-30")
    return text


Day = Annotated[PartialDate, AfterValidator(_full_day)]
Mechanism = Annotated[str, Names("mechanisms")]


class Title(Frozen):
    """A text in the two languages of the interface."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """Give the text in a language: `en`, or Chinese for any other."""
        return self.en if language.startswith("en") else self.zh


class Term(Title):
    """A key that data may use, with its title."""

    key: str


class Kind(Term):
    """A kind of unit, post, mentoring, rotation, activity or record."""

    mechanism: Mechanism | None = None


class Status(Term):
    """A status of a person; whoever has one that does not count is no longer looked after."""

    counts: bool = True


class Grade(Term):
    """A grade (职级) beside the ranks, and the rank that it counts as."""

    counts_as: Annotated[str, Names("ranks")] | None = None


class MechanismTerm(Term):
    """One mechanism of the programme, and the page that shows its state."""

    page: (
        Literal[
            "training",
            "mentors",
            "exercises",
            "vacancies",
            "stages",
            "files",
            "focus",
            "duties",
            "care",
        ]
        | None
    ) = None


class Part(Term):
    """One part of the programme's own shape, with its mechanisms."""

    mechanisms: tuple[MechanismTerm, ...]


class Stage(Term):
    """A stage of development; it ends when all its gates hold."""

    batch: Literal["train", "mature", "use"]
    gates: tuple[GateRule, ...] = ()


class Exercise(Frozen):
    """What the programme asks of a kind of rotation. Lengths are in months."""

    key: RotationKind
    at_least: Months | None = None
    at_most: Months | None = None
    after: tuple[RotationKind, ...] = ()
    keeps_home_post: bool = False
    required: bool = False
    mechanism: Mechanism | None = None


class Duty(Term):
    """Something that falls due again and again for each trainee."""

    rule: DutyRule
    mechanism: Mechanism | None = None


class Training(Term):
    """A training that each trainee has, once or again and again."""

    rule: TrainingRule
    mechanism: Mechanism | None = None


class Ability(Term):
    """An ability that posts ask for: who brings it, and which courses (by title) give it."""

    specialties: tuple[str, ...]
    courses: tuple[str, ...] = ()


class Request(Term):
    """Something a trainee may ask for."""

    rule: RequestRule
    mechanism: Mechanism | None = None


class FilePart(Term):
    """One part of the growth file."""

    rule: FileRule


class CheckSetting(Frozen):
    """One check of the audit, with another level than its own, or switched off."""

    check: str
    level: Literal["red", "yellow", "blue"] | None = None
    enabled: bool = True


class Audit(Frozen):
    """How far the audit looks ahead, how full a growth file must be, and changed checks."""

    ahead_days: Annotated[int, Field(ge=0, le=366)] = 30
    file_at_least: Annotated[int, Field(ge=0, le=100, description="percent")] = 80
    checks: tuple[CheckSetting, ...] = ()


class Entitlement(Term):
    """A care measure for some cohorts."""

    rule: EntitlementRule


class Priority(Term):
    """One of the reasons that put a person first; it can be switched off."""

    rule: PriorityRule
    enabled: bool = True


class Focus(Term):
    """The key-focus list: who meets all its rules. A person confirms each entry by a record."""

    rules: tuple[GateRule, ...]
    record: RecordKind | None = None


class Axis(Term):
    """One axis of the portrait; `source` says in words where its figure comes from."""

    rule: AxisRule
    source: Title


class Total(Term):
    """A figure of the report: what it counts, and its rule in one sentence."""

    rule: TotalRule
    sentence: Title


class Programme(Frozen):
    """One development programme. An empty list of kinds means that any kind is taken."""

    id: str = "none"
    name: Title = Title(zh="", en="")
    invented: bool = False
    as_of: Day | None = None
    ranks: tuple[Term, ...] = Field(default=(), description="lowest first")
    grades: tuple[Grade, ...] = Field(default=(), description="lowest first")
    unit_kinds: tuple[Kind, ...] = ()
    post_kinds: tuple[Kind, ...] = ()
    mentoring_kinds: tuple[Kind, ...] = ()
    rotation_kinds: tuple[Kind, ...] = ()
    activity_kinds: tuple[Kind, ...] = ()
    record_kinds: tuple[Kind, ...] = ()
    levels: tuple[Term, ...] = Field(default=(), description="levels of a record")
    results: tuple[Term, ...] = Field(default=(), description="results that need a title")
    statuses: tuple[Status, ...] = Field(default=(), description="status of a person")
    relations: tuple[Term, ...] = Field(default=(), description="relations of kin")
    parts: tuple[Part, ...] = ()
    stages: tuple[Stage, ...] = Field(default=(), description="in order")
    mentor_needs: tuple[MentorRule, ...] = ()
    exercises: tuple[Exercise, ...] = ()
    trainings: tuple[Training, ...] = ()
    abilities: tuple[Ability, ...] = ()
    duties: tuple[Duty, ...] = ()
    requests: tuple[Request, ...] = ()
    entitlements: tuple[Entitlement, ...] = ()
    mentoring_methods: tuple[Term, ...] = ()
    mentoring_duties: tuple[Term, ...] = ()
    growth_tasks: tuple[Term, ...] = ()
    priorities: tuple[Priority, ...] = ()
    focus: Focus | None = None
    portrait: tuple[Axis, ...] = ()
    totals: tuple[Total, ...] = ()
    growth_file: tuple[FilePart, ...] = ()
    audit: Audit = Audit()

    def terms(self, what: str) -> tuple[Term, ...]:
        """Give the terms of one list by its name in the file (`ranks`, `unit_kinds`, ...)."""
        if what == "ranks_and_grades":
            return (*self.ranks, *self.grades)
        if what == "mechanisms":
            return tuple(term for part in self.parts for term in part.mechanisms)
        return tuple(getattr(self, what))

    def allows(self, what: str, key: str) -> bool:
        """Tell whether data may use a key of one list: it is listed, or the list is empty."""
        terms = self.terms(what)
        return not terms or any(term.key == key for term in terms)

    def nearest(self, what: str, key: str) -> str | None:
        """Give the listed key most like a wrong one, by key or by title."""
        by_word = {
            word: term.key
            for term in self.terms(what)
            for word in (term.en, term.zh, term.key)
            if word
        }
        found = _nearest(key, by_word)
        return by_word[found] if found else None

    def title(self, what: str, key: str | None, language: str) -> str:
        """Give the title of a key in a language, or the key itself when it is not listed."""
        for term in self.terms(what):
            if term.key == key:
                return term.text(language)
        return key or ""

    def rank_index(self, rank: str | None) -> int | None:
        """Give a rank's place on the ladder from 0; a grade has that of the rank it counts as."""
        for grade in self.grades:
            if grade.key == rank:
                rank = grade.counts_as
        keys = [term.key for term in self.ranks]
        return keys.index(rank) if rank in keys else None

    def exercise(self, kind: str) -> Exercise | None:
        """Give what the programme asks of a kind of rotation."""
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


def read_programme(path: Path) -> Programme:
    """Read and check a `programme.yaml`; every mistake in it is one InputError."""
    return parse_programme(_text(path), path.name)


def parse_programme(text: str, file: str = "programme.yaml") -> Programme:
    """Read and check the text of a `programme.yaml`; `file` names it in problems."""
    programme, root = _parse(Programme, text, file)
    _raise(file, _bad_names(programme, programme, root, file))
    return programme


def read_rules(path: Path, programme: Programme = EMPTY_PROGRAMME) -> tuple[Rule, ...]:
    """Read and check a `rules.yaml`; the kinds and ranks it names must be the programme's."""
    return parse_rules(_text(path), path.name, programme)


def parse_rules(
    text: str, file: str = "rules.yaml", programme: Programme = EMPTY_PROGRAMME
) -> tuple[Rule, ...]:
    """Read and check the text of a `rules.yaml`; `file` names it in problems."""
    rule_file, root = _parse(_RuleFile, text, file)
    _raise(file, _bad_names(rule_file, programme, root, file))
    return rule_file.rules


def day_of(programme: Programme, today: date) -> date:
    """Give the programme's own as-of day, or today when it has none."""
    return first_day(programme.as_of) if programme.as_of else today


# --- YAML with lines --------------------------------------------------------------------------


class _Loader(yaml.SafeLoader):
    """Plain YAML: text stays text (no dates, no yes/no), keys are unique, no anchors."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(
                None, None, "an alias (*name) is not allowed here", self._here()
            )
        return super().compose_node(parent, index)

    def _here(self) -> Any:
        return self.peek_event().start_mark  # type: ignore[no-untyped-call]


_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _word in ("true", "false"):
    _Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(rf"^{_word}$"), [_word[0]])
_Loader.add_constructor(  # type: ignore[type-var]
    "tag:yaml.org,2002:timestamp", yaml.SafeLoader.construct_yaml_str
)

Loc = tuple[int | str, ...]
_Model = TypeVar("_Model", bound=BaseModel)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path.name} does not exist.") from None
    except UnicodeDecodeError:
        raise InputError(f"{path.name} is not UTF-8 text.", "Save it as UTF-8.") from None


def _parse(model: type[_Model], text: str, file: str) -> tuple[_Model, yaml.Node | None]:
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        _raise(file, _repeated_keys(root, file))
        value = loader.construct_document(root) if root else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else None
        message = f"This is not YAML: {error.problem or error.context}."
        _raise(file, [_problem(file, line, None, None, "not_yaml", message, None)])
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        message = f"This is not YAML: {type(error).__name__}."
        _raise(file, [_problem(file, None, None, None, "not_yaml", message, None)])
    try:
        return model.model_validate(value), root
    except ValidationError as error:
        errors = error.errors()
        unknown = [each["loc"] for each in errors if each["type"] == "extra_forbidden"]
        problems = [
            _explain(model, each, root, file)
            for each in errors
            if not (each["type"] == "missing" and _misspelt(each["loc"], unknown))
        ]
    _raise(file, problems)
    raise AssertionError("a validation error has at least one problem")


def _explain(model: type[BaseModel], error: Any, root: yaml.Node | None, file: str) -> Problem:
    loc: Loc = error["loc"]
    line, name = _line(root, loc), _name(loc)
    given = error["input"]
    value = str(given) if isinstance(given, (str, int, float, bool)) else None
    if error["type"] == "extra_forbidden":
        known = sorted(_known_keys(model, loc[:-1]))
        place = f'"{_name(loc[:-1])}"' if len(loc) > 1 else "the file"
        message = f'"{name}" is not known in {place}.'
        return _problem(file, line, name, value, "unknown_key", message, _hint(name, known))
    if error["type"] == "missing":
        message = f'"{name}" is missing.'
        return _problem(file, line, name, None, "missing", message, f'Add a line "{name}: ...".')
    reason = error["msg"].removeprefix("Value error, ")
    shown = f'{name} "{value}"' if value is not None else name
    message = f"{shown}: {reason[:1].lower()}{reason[1:]}." if shown else f"{reason}."
    return _problem(file, line, name, value, "wrong_value", message, None)


def _misspelt(missing: Loc, unknown: list[Loc]) -> bool:
    """Tell whether a missing key is there under a name much like its own: one mistake, not two."""
    beside = [str(loc[-1]) for loc in unknown if loc[:-1] == missing[:-1]]
    return _nearest(str(missing[-1]), beside) is not None


def _bad_names(
    model: BaseModel, programme: Programme, root: yaml.Node | None, file: str
) -> Iterator[Problem]:
    """Find keys that no list of the programme has, and keys that one list has twice."""
    for loc, what, key in _named(model, ()):
        if not programme.allows(what, key):
            nearest = programme.nearest(what, key)
            known = [nearest] if nearest else [term.key for term in programme.terms(what)]
            message = f'"{key}" is not one of {what}.'
            hint = f'Did you mean "{nearest}"?' if nearest else f"Known: {', '.join(known)}."
            yield _problem(file, _line(root, loc), _name(loc), key, "unknown_name", message, hint)
    for field in type(model).model_fields:
        seen: set[str] = set()
        items = getattr(model, field)
        for number, item in enumerate(items if isinstance(items, tuple) else ()):
            key = str(getattr(item, "key", None) or getattr(item, "id", number))
            if key in seen:
                message = f'"{key}" stands twice in {field}.'
                line = _line(root, (field, number))
                yield _problem(file, line, field, key, "twice", message, "Keep one of them.")
            seen.add(key)


def _named(value: Any, loc: Loc) -> Iterator[tuple[Loc, str, str]]:
    """Walk a model and give the place, the list and the key of every field marked `Names`."""
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _named(item, (*loc, number))
    if not isinstance(value, BaseModel):
        return
    for name, field in type(value).model_fields.items():
        inner, place = getattr(value, name), (*loc, field.alias or name)
        marks = [mark for mark in field.metadata if isinstance(mark, Names)]
        for mark in [*marks, *_marks(field.annotation)]:
            if isinstance(inner, str):
                yield place, mark.list, inner
            elif isinstance(inner, dict):
                yield from (((*place, key), mark.list, each) for key, each in inner.items())
            elif inner:
                yield from (((*place, at), mark.list, each) for at, each in enumerate(inner))
        yield from _named(inner, place)


def _marks(annotation: Any) -> Iterator[Names]:
    for part in getattr(annotation, "__metadata__", ()):
        if isinstance(part, Names):
            yield part
    for part in get_args(annotation):
        yield from _marks(part)


def _known_keys(model: type[BaseModel], loc: Loc) -> set[str]:
    """Give the keys that the mapping at a place may have."""
    for step in loc:
        if not isinstance(step, int):
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            model = next(_models(fields[step].annotation))
    return {field.alias or name for name, field in model.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _repeated_keys(node: yaml.Node | None, file: str) -> Iterator[Problem]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item, file)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, item in node.value:
            name = str(key.value)
            if name in seen:
                message = f'"{name}" stands twice in one place.'
                line = key.start_mark.line + 1
                yield _problem(file, line, name, None, "twice", message, "Keep one of them.")
            seen.add(name)
            yield from _repeated_keys(item, file)


def _line(node: yaml.Node | None, loc: Loc) -> int | None:
    """Give the line of the deepest part of a place that the file has."""
    line = None if node is None else node.start_mark.line + 1
    for step in loc:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            pair = next((each for each in node.value if each[0].value == step), None)
            if pair is None:
                break
            node, line = pair[1], pair[0].start_mark.line + 1
    return line


def _name(loc: Loc) -> str:
    return str(next((step for step in reversed(loc) if isinstance(step, str)), ""))


def _nearest(word: str, known: Any) -> str | None:
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)), None)


def _hint(word: str, known: list[str]) -> str:
    nearest = _nearest(word, known)
    return f'Did you mean "{nearest}"?' if nearest else f"Known: {', '.join(known)}."


def _problem(
    file: str,
    line: int | None,
    column: str | None,
    value: str | None,
    code: str,
    message: str,
    hint: str | None,
) -> Problem:
    return Problem("error", file, None, line, column or None, value, code, message, hint)


def _raise(file: str, found: Any) -> None:
    """Raise all problems as one InputError that says the first one and how many more."""
    problems = sorted(found, key=lambda problem: problem.row or 0)
    if problems:
        first = problems[0]
        place = f"{file}, line {first.row}" if first.row else file
        more = f" ({len(problems) - 1} more)" if len(problems) > 1 else ""
        raise InputError(f"{place}: {first.message}{more}", first.hint, problems)
