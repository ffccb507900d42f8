"""The steps that turn a foreign cell into ours: a fixed list, each a small function with examples.

A step takes a text, or None for an empty cell, and gives the same; `Wrong` marks a text that the
step cannot take, which becomes a problem of its row. There are no expressions and no patterns, so
a description from anywhere is safe to run. `docs/sources.md` has its table made from this list.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from graph.dates import following
from loaders.problems import Wrong
from loaders.readers.cells import LostZero, narrow, without_blanks
from loaders.sources.dates import halves, plain_date, read_date
from loaders.words import bare, is_absent, is_open

Value = Any  # a text, None, Wrong, or what JSON nests
Step = Callable[[Value], Value]


class _Parameters(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DateParameters(_Parameters):
    """How a date is written."""

    forms: tuple[Literal["ymd", "dmy", "mdy", "excel"], ...] = ("ymd",)
    pivot: Annotated[int, Field(ge=0, le=99)] | None = None


class MapParameters(_Parameters):
    """What stands for what."""

    values: dict[str, str | int | None]
    otherwise: Literal["keep", "empty", "error"] = "error"


class SplitParameters(_Parameters):
    """Which part of a text."""

    by: Annotated[str, Field(min_length=1)]
    take: int = 1


@dataclass(frozen=True)
class Transform:
    """One step: what it is given, what it does in both languages, and examples that a test runs."""

    name: str
    zh: str
    en: str
    parameter: Any  # a type that pydantic checks; None: the step takes none
    make: Callable[[Any], Step]
    examples: tuple[tuple[Any, str | None, str | None], ...]  # parameter, cell, result


# --- text -------------------------------------------------------------------------------------

_WIDE: dict[int, str | None] = {
    0x3000: " ",
    **{code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)},
}
_WIDE |= {code: chr(code - 0xFEE0) for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_WIDE |= {0xA0: " ", 0x200B: None, 0xFEFF: None, 0x2060: None}
_DOTS = re.compile(r"\s*[•‧∙⋅・･．●˙ᐧ·‧]\s*")


def _tidy(_: Any) -> Step:
    def step(text: Value) -> Value:
        if text.isascii():
            return " ".join(text.split()) or None
        return without_blanks(" ".join(text.translate(_WIDE).split())) or None

    return step


def _trim(characters: str) -> Step:
    return lambda text: text.strip(characters + " ").strip() or None


def _replace(pairs: dict[str, str]) -> Step:
    def step(text: Value) -> Value:
        for old, new in pairs.items():
            text = text.replace(old, new)
        return text.strip() or None

    return step


def _split(given: SplitParameters) -> Step:
    at = given.take - 1 if given.take > 0 else given.take

    def step(text: Value) -> Value:
        parts = [part.strip() for part in text.split(given.by)]
        return parts[at] or None if -len(parts) <= at < len(parts) else None

    return step


def _list(separator: str) -> Step:
    return lambda text: (
        ";".join(filter(None, (part.strip() for part in text.split(separator)))) or None
    )


def _map(given: MapParameters) -> Step:
    known = {key: None if value is None else str(value) for key, value in given.values.items()}
    hint = tuple(known)

    def step(text: Value) -> Value:
        if text in known:
            return known[text]
        if given.otherwise == "error":
            return Wrong(text, "unmapped-value", known=", ".join(hint[:12]))
        return text if given.otherwise == "keep" else None

    return step


# --- numbers ----------------------------------------------------------------------------------

_ZERO = re.compile(r"[0０][0０./\-]*")
_FLOAT = re.compile(r"^(\d+)\.0+$")
_NUMBER = re.compile(r"([+-]?\d{1,18})(?:\.0*)?")


def _number(_: Any) -> Step:
    def step(text: Value) -> Value:
        match = _NUMBER.fullmatch(narrow(text).replace(",", "").replace("，", "").strip())
        return str(int(match.group(1))) if match else Wrong(text, "bad-number", bound="")

    return step


def _plus(count: int) -> Step:
    def step(text: Value) -> Value:
        match = _NUMBER.fullmatch(text)
        if not match:
            return Wrong(text, "bad-number", bound="")
        return str(int(match.group(1)) + count)

    return step


def _numbered(_: Any) -> Step:
    met: Counter[str] = Counter()

    def step(text: Value) -> Value:
        met[text] += 1
        return text if met[text] == 1 else f"{text}-{met[text]}"

    return step


# --- dates ----------------------------------------------------------------------------------


def _date(given: DateParameters) -> Step:
    @lru_cache(maxsize=1 << 16)
    def step(text: Value) -> Value:
        if isinstance(text, LostZero):
            return Wrong(text, "january-or-october")
        plain = plain_date(text)
        for form in given.forms:
            found = read_date(plain, form, given.pivot)
            if found:
                return found
        return Wrong(text, "bad-date")

    return step


def _period(end: str) -> Step:
    def step(text: Value) -> Value:
        found = halves(text)
        if found is None:
            return text if end == "since" else None
        return found[0] if end == "since" else found[1]

    return step


def _through(_: Any) -> Step:
    """Make the last day, month or year of a period the first after it."""

    @lru_cache(maxsize=1 << 16)
    def step(text: Value) -> Value:
        try:
            return following(text)
        except ValueError:
            return Wrong(text, "bad-date")

    return step


_Texts = tuple[str, ...]

TRANSFORMS: dict[str, Transform] = {
    each.name: each
    for each in (
        Transform(
            "tidy",
            "全角字母数字与空格改为半角，去掉汉字之间的空格（“张　三”）和看不见的字符",
            "full-width letters, digits and blanks become plain ones; blanks between Chinese "
            "characters and invisible characters go",
            None,
            _tidy,
            ((None, "张　三", "张三"), (None, "Ａ１２ ", "A12"), (None, "Li  Wei", "Li Wei")),
        ),
        Transform(
            "trim",
            "去掉两端的这些字符",
            "takes these characters away at both ends",
            str,
            _trim,
            (("()*", "(Wang)*", "Wang"),),
        ),
        Transform(
            "middle_dot",
            "统一姓名中的各种间隔点为“·”",
            "every kind of dot between the parts of a name becomes “·”",
            None,
            lambda _: lambda text: text if text.isascii() else _DOTS.sub("·", text),
            ((None, "迪丽热巴•迪力木拉提", "迪丽热巴·迪力木拉提"),),
        ),
        Transform(
            "lower",
            "改为小写",
            "small letters",
            None,
            lambda _: str.lower,
            ((None, "PhD", "phd"),),
        ),
        Transform(
            "replace",
            "逐个替换文字",
            "puts one text for another, in order",
            dict[str, str],
            _replace,
            (({"Univ.": "University"}, "Univ. of Bonn", "University of Bonn"),),
        ),
        Transform(
            "split",
            "按分隔符切开，取第几段（负数从末尾数）",
            "cuts a text apart and takes one part; counted from 1, from the end when negative",
            SplitParameters,
            _split,
            (
                ({"by": "/"}, "财政局/局长", "财政局"),
                ({"by": "/", "take": -1}, "财政局/局长", "局长"),
                ({"by": "/", "take": 3}, "财政局/局长", None),
            ),
        ),
        Transform(
            "list",
            "单元格内的多个值，按此分隔符",
            "the cell holds several values with this between them",
            Annotated[str, Field(min_length=1)],
            _list,
            (("、", "法学、经济", "法学;经济"),),
        ),
        Transform(
            "map",
            "把值换成另一个值；没有列出的值（otherwise）：error 报错、keep 保留、empty 留空",
            "puts one value for another; one that is not listed (`otherwise`) is an error, kept "
            "(`keep`) or left `empty`",
            MapParameters,
            _map,
            (
                ({"values": {"1": "phd"}, "otherwise": "keep"}, "1", "phd"),
                ({"values": {"1": "phd"}, "otherwise": "empty"}, "2", None),
            ),
        ),
        Transform(
            "missing",
            "这些文字表示没有",
            "these texts mean that nothing is known",
            _Texts,
            lambda words: lambda text: None if text in words else text,
            ((["无", "N/A", "-"], "无", None), (["无"], "有", "有")),
        ),
        Transform(
            "absent",
            "表示“没有”的各种写法（NA、null、无、待定、—）",
            "the words for nothing: NA, null, none, unknown, TBD, 无, 待定, signs alone",
            None,
            lambda _: lambda text: None if is_absent(text) else text,
            ((None, "N/A", None), (None, "待定", None), (None, "—", None), (None, "李宁", "李宁")),
        ),
        Transform(
            "open",
            "表示“至今”的各种写法（至今、present、9999-12-31），期间没有结束",
            "the words for a period that goes on: present, ongoing, 至今, 9999-12-31",
            None,
            lambda _: lambda text: None if is_open(text) else text,
            ((None, "Present", None), (None, "至今", None), (None, "2019", "2019")),
        ),
        Transform(
            "period",
            "一格内的期间取开始（since）或结束（until）",
            "takes the begin (`since`) or the end (`until`) of a period in one cell",
            Literal["since", "until"],
            _period,
            (
                ("since", "2015.07-2018.09", "2015.07"),
                ("until", "2015.07-2018.09", "2018.09"),
                ("until", "2022.7至今", None),
                ("since", "2018.09", "2018.09"),
            ),
        ),
        Transform(
            "bare",
            "去掉姓名后面的括号，如“（女）”",
            "takes away what stands in brackets after a name",
            None,
            lambda _: bare,
            ((None, "王芳（女）", "王芳"), (None, "Li Wei (mentor)", "Li Wei")),
        ),
        Transform(
            "whole",
            "编号末尾的“.0”去掉",
            "takes the “.0” of a whole number away, as in an id that was read as a number",
            None,
            lambda _: lambda text: _FLOAT.sub(r"\1", text),
            ((None, "201.0", "201"), (None, "T1.0", "T1.0")),
        ),
        Transform(
            "zero_means_missing",
            "零（0、0000、0000-00-00）表示没有",
            "a zero (0, 0000, 0000-00-00) means that nothing is known",
            None,
            lambda _: lambda text: None if _ZERO.fullmatch(text) else text,
            ((None, "0", None), (None, "0000-00-00", None), (None, "10", "10")),
        ),
        Transform(
            "default",
            "单元格为空时填这个值",
            "what an empty cell holds",
            str | int,
            lambda value: lambda text: str(value) if text is None else text,
            (("mentor", None, "mentor"), ("mentor", "x", "x")),
        ),
        Transform(
            "number",
            "带千分位、全角或“.0”的整数",
            "a whole number with commas, full-width digits or a “.0”",
            None,
            _number,
            ((None, "1,234.0", "1234"), (None, "３", "3")),
        ),
        Transform(
            "plus",
            "整数加上这个数",
            "adds to a whole number",
            int,
            _plus,
            ((1, "2004", "2005"),),
        ),
        Transform(
            "prefix",
            "在前面加上文字",
            "puts a text before it",
            str,
            lambda prefix: lambda text: prefix + text,
            (("aft-", "12", "aft-12"),),
        ),
        Transform(
            "numbered",
            "相同的值依次编号，使同名者不被合并",
            "tells equal texts apart: the second gets -2; for lists of people without ids",
            None,
            _numbered,
            ((None, "王芳", "王芳"),),
        ),
        Transform(
            "date",
            "日期，保留原有精度。forms 依次为 ymd、dmy、mdy、excel（序列号）；两位年份不大于 pivot "
            "的属于 20xx 年",
            "a date in the precision it has. `forms` in order: ymd, dmy, mdy, excel (serial "
            "numbers); a year of two digits up to `pivot` is 20xx",
            DateParameters,
            _date,
            (
                ({}, "2023/9/16", "2023-09-16"),
                ({}, "2023.09", "2023-09"),
                ({}, "2023年9月16日", "2023-09-16"),
                ({}, "２０２３年９月", "2023-09"),
                ({}, "二〇二三年十二月", "2023-12"),
                ({}, "20230916", "2023-09-16"),
                ({}, "16 Sep 2023", "2023-09-16"),
                ({}, "2004-04-06 00:00:00.000", "2004-04-06"),
                ({}, "683", "0683"),
                ({"forms": ["dmy"]}, "16.9.2023", "2023-09-16"),
                ({"forms": ["mdy"], "pivot": 30}, "9/16/31", "1931-09-16"),
                ({"forms": ["excel", "ymd"]}, "45185", "2023-09-16"),
            ),
        ),
        Transform(
            "through",
            "期间的最后一天（月、年）改为其后一天：本系统的结束日期不计入期间",
            "the last day (month, year) of a period becomes the first after it, as `until` is here",
            None,
            _through,
            ((None, "2023-12-31", "2024-01-01"), (None, "2023-12", "2024-01")),
        ),
    )
}

TAKES_EMPTY = {"default"}  # the others leave an empty cell empty
REMEMBERS = {"numbered"}  # the others make the same of the same cell


def compiled(steps: list[tuple[str, Any]]) -> Step | None:
    """Make one function of some steps, given as names and checked parameters."""
    if not steps:
        return None
    made = [(TRANSFORMS[name].make(given), name in TAKES_EMPTY) for name, given in steps]

    def run(value: Value) -> Value:
        for step, takes_empty in made:
            if value is None:
                if takes_empty:
                    value = step(value)
            elif isinstance(value, str):
                value = step(value)
            else:
                return value
        return value

    return run
