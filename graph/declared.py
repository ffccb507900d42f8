"""Descriptions that people write as YAML: read into a model, each mistake told with its line.

The only home of PyYAML. Texts are read as plain YAML without anchors and without dates or yes/no
guessed from text, so a date keeps its precision. Every mistake is found at once, each with its
line and the nearest known name, in English or Chinese. What a description means is not judged here.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Generic, TypeVar, get_args

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from graph.dates import is_date, precision
from graph.errors import N_, InputError, Problem

Loc = tuple[int | str, ...]
_Model = TypeVar("_Model", bound=BaseModel)

# --- what models are made of


class Frozen(BaseModel):
    """The base of every description: nothing unknown, nothing changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


@dataclass(frozen=True)
class Names:
    """Mark a field whose values are keys of one list of the programme."""

    list: str


def _date_text(value: Any) -> Any:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if isinstance(text, str) and not is_date(text):
        raise ValueError("is not a date; write 2017, 2017-09 or 2017-09-16")
    return text


def _full_day(text: str) -> str:
    if precision(text) != "day":
        raise ValueError("is not a full day; write 2024-06-30")
    return text


PartialDate = Annotated[str, BeforeValidator(_date_text)]
Day = Annotated[PartialDate, AfterValidator(_full_day)]
Count = Annotated[int, Field(ge=1)]
Months = Annotated[int, Field(ge=1, le=1200)]

# --- what is said about mistakes: code -> message and hint, in English and in Chinese

_SAID: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {
    "not_yaml": (
        ("This is not YAML: {reason}.", ""),
        ("这不是有效的 YAML：{reason}。", ""),
    ),
    "unknown_key": (
        ('"{name}" is not known in {place}.', "{hint}"),
        ("{place}中没有“{name}”这一项。", "{hint}"),
    ),
    "missing": (
        ('"{name}" is missing.', 'Add a line "{name}: ...".'),
        ("缺少“{name}”。", "请加一行“{name}: ...”。"),
    ),
    "wrong_value": (("{shown}: {reason}.", ""), ("{shown}：{reason}。", "")),
    "unknown_name": (
        ('"{value}" is not one of {list}.', "{hint}"),
        ("{list} 中没有“{value}”。", "{hint}"),
    ),
    "twice": (
        ('"{value}" stands twice in {list}.', "Keep one of them."),
        ("“{value}”在 {list} 中出现了两次。", "请只保留一个。"),
    ),
    "two_meanings": (
        ('"{value}" in {name} is also a word for "{key}".', "Keep it in one place."),
        ("{name} 中的“{value}”同时也指“{key}”。", "请只保留一处。"),
    ),
    "repeated_key": (
        ('"{name}" stands twice in one place.', "Keep one of them."),
        ("“{name}”在同一处出现了两次。", "请只保留一个。"),
    ),
}
_WORDS = {
    "nearest": ('Did you mean "{nearest}"?', "是不是“{nearest}”？"),
    "known": ("Known: {known}.", "可用：{known}。"),
    "file": ("the file", "文件"),
    "key": ('"{name}"', "“{name}”"),
    "shown": ('{name} "{value}"', "{name}“{value}”"),
}
# Why a value cannot stand: pydantic's types of error (their English is its own), and our sentences.
_REASONS = {
    "string_type": "应为文字",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_from_float": "应为整数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "bool_type": "应为 true 或 false",
    "bool_parsing": "应为 true 或 false",
    "greater_than_equal": "不能小于 {ge}",
    "greater_than": "应大于 {gt}",
    "less_than_equal": "不能大于 {le}",
    "less_than": "应小于 {lt}",
    "literal_error": "应为 {expected} 之一",
    "tuple_type": "应为列表（每项以“- ”开头，或写在 [ ] 中）",
    "list_type": "应为列表（每项以“- ”开头，或写在 [ ] 中）",
    "dict_type": "应为若干“名称: 值”",
    "model_type": "应为若干“名称: 值”",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多只能有 {max_length} 项",
    "string_too_short": "不能为空",
    "string_pattern_mismatch": "写法不对",
    "is not a date; write 2017, 2017-09 or 2017-09-16": (
        "不是日期；请写成 2017、2017-09 或 2017-09-16"
    ),
    "is not a full day; write 2024-06-30": "不是完整的日期；请写成 2024-06-30",
    "takes months or since, not both": "months 与 since 只能写一个",
    "takes either months or days": "months 与 days 须写且只写一个",
    "takes either months or within_months": "months 与 within_months 须写且只写一个",
    "names exactly one rule with its parameters": "须写且只写一条规则及其参数",
    # of the descriptions of sources
    "unknown_encoding": "没有编码“{encoding}”；请写 utf-8、gb18030、big5、utf-16 或 cp1252",
    "unknown_step": "没有步骤“{step}”；可用：{known}",
    "step_without_parameter": "步骤“{step}”不带参数",
    "bad_step_parameter": "步骤“{step}”不能用 {given}；写法见 docs/sources.md",
    "one_origin": "column、parts、first_of、value 须写且只写一个",
    "one_test": "is、is_not、empty、differs_from 须写且只写一个",
}
_NOT_YAML = {  # what PyYAML says most
    "an alias (*name) is not allowed here": "此处不能用别名（*name）",
    "mapping values are not allowed here": "此处不能有冒号（“名称: 值”）",
    "could not find expected ':'": "缺少冒号",
    "found character '\\t' that cannot start any token": "不能用制表符（Tab）缩进",
}


def word(name: str, language: str, /, **details: Any) -> str:
    """Return one of the small texts in a language: English for "en", Chinese for any other."""
    return _WORDS[name][language != "en"].format(**details)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name most like a wrong one, if any is."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)), None)


def known_or_nearest(name: str, known: list[str], language: str) -> str:
    """Return which known name was probably meant, or list the known ones."""
    found = nearest(name, known)
    if found:
        return word("nearest", language, nearest=found)
    return word("known", language, known=", ".join(known))


# --- reading


@dataclass(frozen=True)
class Description(Generic[_Model]):
    """A text that was read: the value, and where its parts stand."""

    value: _Model
    file: str
    language: str
    root: yaml.Node | None

    def problem(self, code: str, loc: Loc, value: str | None, **details: Any) -> Problem:
        """Word a mistake found in the value at a place of the model."""
        return _problem(
            self.file, _line(self.root, loc), _name(loc), value, code, self.language, details
        )

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Raise the mistakes found, if there are any, as one InputError."""
        _raise(self.file, problems, self.language)


def read_text(path: Path) -> str:
    """Read a file of UTF-8 text; InputError when it is not there or not that."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(N_("%(name)s does not exist."), name=path.name) from None
    except UnicodeDecodeError:
        raise InputError(
            N_("%(name)s is not UTF-8 text."), N_("Save it as UTF-8."), name=path.name
        ) from None


def parse(model: type[_Model], text: str, file: str, language: str) -> Description[_Model]:
    """Read a text into a model; `file` names it. Every mistake is one InputError's problem."""
    try:
        loader, root = _composed(text)
        _raise(file, _repeated_keys(root, file, language), language)
        value = loader.construct_document(root) if root else {}
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = str(error.problem or error.context)
        _raise_not_yaml(file, mark.line + 1 if mark else None, reason, language)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        _raise_not_yaml(file, None, type(error).__name__, language)
    try:
        return Description(model.model_validate(value), file, language, root)
    except ValidationError as error:
        errors = error.errors()
    unknown = [each["loc"] for each in errors if each["type"] == "extra_forbidden"]
    problems = [
        _explain(model, each, root, file, language)
        for each in errors
        if not (each["type"] == "missing" and _is_misspelt(each["loc"], unknown))
    ]
    _raise(file, problems, language)
    raise AssertionError("a validation error has at least one problem")


def names_in(value: Any, loc: Loc = ()) -> Iterator[tuple[Loc, str, str]]:
    """Walk a model and give the place, the list and the key of every field marked `Names`."""
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from names_in(item, (*loc, number))
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
        yield from names_in(inner, place)


class _NoAliases(yaml.composer.Composer):
    """Composes what has no anchors; the events come from one of the two parsers below."""

    check_event: Callable[..., bool]
    peek_event: Callable[[], Any]

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(
                None, None, "an alias (*name) is not allowed here", self._here()
            )
        return super().compose_node(parent, index)

    def _here(self) -> Any:
        return self.peek_event().start_mark


class _Worded(_NoAliases, yaml.SafeLoader):
    """Plain YAML: text stays text (no dates, no yes/no), keys are unique, no anchors."""


class _Quick(_NoAliases, yaml.CSafeLoader):
    """The same by libyaml, in a third of the time; its errors are worded otherwise."""

    def __init__(self, text: str) -> None:
        yaml.CSafeLoader.__init__(self, text)
        yaml.composer.Composer.__init__(self)


def _composed(text: str) -> tuple[Any, yaml.Node | None]:
    """Return a loader and the root that it composed; what is wrong is in PyYAML's own words."""
    try:
        quick = _Quick(text)
        return quick, quick.get_single_node()
    except (yaml.YAMLError, RecursionError, ValueError):
        worded = _Worded(text)
        return worded, worded.get_single_node()


_Worded.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith((":timestamp", ":bool"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _truth in ("true", "false"):
    _Worded.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(rf"^{_truth}$"), [_truth[0]])
_Quick.yaml_implicit_resolvers = _Worded.yaml_implicit_resolvers
for _loader in (_Worded, _Quick):
    _loader.add_constructor(  # type: ignore[type-var]
        "tag:yaml.org,2002:timestamp", yaml.SafeLoader.construct_yaml_str
    )

# --- explaining


def _explain(
    model: type[BaseModel], error: Any, root: yaml.Node | None, file: str, language: str
) -> Problem:
    loc: Loc = error["loc"]
    line, name = _line(root, loc), _name(loc)
    given = error["input"]
    value = str(given) if isinstance(given, (str, int, float, bool)) else None
    if error["type"] == "extra_forbidden":
        inside = _name(loc[:-1])
        place = word("key", language, name=inside) if len(loc) > 1 else word("file", language)
        hint = known_or_nearest(name, sorted(_known_keys(model, loc[:-1])), language)
        details = {"place": place, "hint": hint}
        return _problem(file, line, name, value, "unknown_key", language, details)
    if error["type"] == "missing":
        return _problem(file, line, name, None, "missing", language, {})
    reason = _reason(error, language)
    shown = word("shown", language, name=name, value=value) if value is not None else name
    if not shown:  # the whole file is no mapping
        shown = word("file", language)
    details = {"shown": shown, "reason": reason}
    return _problem(file, line, name, value, "wrong_value", language, details)


def _reason(error: Any, language: str) -> str:
    english: str = error["msg"].removeprefix("Value error, ")
    if language != "en":
        template = _REASONS.get(english) or _REASONS.get(error["type"])
        if template:
            details = dict(error.get("ctx", {}))
            if "expected" in details:
                details["expected"] = details["expected"].replace(" or ", ", ").replace(", ", "、")
            return template.format(**details)
    return english[:1].lower() + english[1:]


def _is_misspelt(missing: Loc, unknown: list[Loc]) -> bool:
    """Return whether a missing key is there under a name like its own: one mistake, not two."""
    beside = [str(loc[-1]) for loc in unknown if loc[:-1] == missing[:-1]]
    return nearest(str(missing[-1]), beside) is not None


def _marks(annotation: Any) -> Iterator[Names]:
    for part in getattr(annotation, "__metadata__", ()):
        if isinstance(part, Names):
            yield part
    for part in get_args(annotation):
        yield from _marks(part)


def _known_keys(model: type[BaseModel], loc: Loc) -> set[str]:
    """Return the keys that the mapping at a place may have."""
    for step in loc:
        if not isinstance(step, int):
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            if step in fields:  # else a name that the description itself gives
                model = next(_models(fields[step].annotation), model)
    return {field.alias or name for name, field in model.model_fields.items()}


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _repeated_keys(node: yaml.Node | None, file: str, language: str) -> Iterator[Problem]:
    if isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item, file, language)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, item in node.value:
            name = str(key.value)
            if name in seen:
                line = key.start_mark.line + 1
                yield _problem(file, line, name, None, "repeated_key", language, {})
            seen.add(name)
            yield from _repeated_keys(item, file, language)


def _line(node: yaml.Node | None, loc: Loc) -> int | None:
    """Return the line of the deepest part of a place that the file has."""
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


def _problem(
    file: str,
    line: int | None,
    column: str | None,
    value: str | None,
    code: str,
    language: str,
    details: dict[str, Any],
) -> Problem:
    message, hint = (
        template.format(**{"name": column, "value": value, **details})
        for template in _SAID[code][language != "en"]
    )
    code = "twice" if code == "repeated_key" else code
    return Problem("error", file, None, line, column or None, value, code, message, hint or None)


def _raise_not_yaml(file: str, line: int | None, reason: str, language: str) -> None:
    if language != "en":
        reason = _NOT_YAML.get(reason, reason)
    problem = _problem(file, line, None, None, "not_yaml", language, {"reason": reason})
    _raise(file, [problem], language)


def _raise(file: str, found: Iterable[Problem], language: str) -> None:
    """Raise all problems as one InputError that says the first one and how many more."""
    problems = sorted(found, key=lambda problem: problem.row or 0)
    if not problems:
        return
    first, more = problems[0], len(problems) - 1
    if language == "en":
        place = f"{file}, line {first.row}: " if first.row else f"{file}: "
        rest = f" ({more} more)" if more else ""
    else:
        place = f"{file} 第 {first.row} 行：" if first.row else f"{file}："
        rest = f"（另有 {more} 处）" if more else ""
    raise InputError(place + first.message + rest, first.hint, problems)
