"""What columns mean by their headings: each word for a meaning, of which person it speaks."""

from __future__ import annotations

import re
from pathlib import PurePath

from graph.schema import TABLES
from loaders.guessing.meanings import MEANINGS
from loaders.guessing.sheets import GuessedColumn, GuessedSheet
from loaders.readers.headings import normal_heading

ENDS = ("person", "trainee", "mentor")

_READ = ("people", "units", "posts", "mentoring", "rotations")  # our tables that are proposed
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ID = re.compile(
    r"(?:^|_)ids?(?:$|_)|pid|pernr|reports_to|personnel_number|编号|工号|学号|号码|代码"
)
_PARENTHESES = re.compile(r"[(（\[【].*?[)）\]】]|[*＊:：?？]")
_ADMIN_TYPE = re.compile(r"(?<=\w):(?:ID|int|long|float|double|string|boolean|date|datetime).*$")
_FAMILY = re.compile(r"(?:^|_)(?:last|family)_?name(?:$|_)|(?:^|_)surname(?:$|_)|^姓氏?$")
_GIVEN = re.compile(r"(?:^|_)(?:first|given)_?name(?:$|_)|(?:^|_)forename(?:$|_)|^名$")
_MENTOR = re.compile(r"导师|师傅|师父|带教|指导老师|指导教师|mentor(?!ee)|supervisor|advis[eo]r")
_TRAINEE = re.compile(r"学员|徒弟|学生|mentee|trainee|student|advisee")
_NOT_NAMES = re.compile(
    r"职务|职级|职称|岗位|单位|部门|电话|手机|联系|邮箱|性别|年龄|备注|学历|意见|评语|评价|人数"
    r"|(?:^|_)(?:title|post|position|unit|department|office|organi[sz]ation|institution|email|mail"
    r"|phone|tel|gender|sex|age|rank|degree|field|country|comments?|notes?|university|school"
    r"|affiliation|count|number|capacity|load|quota)(?:_|$)"
)
_OF_TRAINEES = re.compile(
    r"是否|年度|年份|届|人数|数量|类别|(?:^|_)(?:is|count|number|year)(?:_|$)"
)
_NOT_POSTS = re.compile(r"wikipedia|book|thesis|article|page|paper|song|film")
_NEVER = re.compile(r"timestamp|created|updated|modified|提交时间|填报时间|填表时间")
_WISH = re.compile(r"choice|wish|prefer|would_you_like|志愿|意向|希望")
_ONLY_WHOLE = {
    "id",
    "编号",
    "pid",
    "name",
    "year",
    "date",
    "from",
    "to",
    "type",
    "source",
    "target",
}
_IDS = ("id", "编号", "代码", "code")
_NAMES = ("name", "名称", "title")
_OF_NO_LIST = {"trainee", "mentor", "mentor_id", "since", "until", "born_on", "joined_on"}
_OF_LISTS = re.compile(r"(?:一览表|名册|名单|清单|信息|列表|表|_list|_table)$")
_UNREAD = [t for t in TABLES if t.name not in _READ]
_TOWN = (("township", "镇乡街"), ("village", "村社"))


def plain_heading(heading: str) -> str:
    """Return a heading without what stands in parentheses; playerID becomes player_id.

    >>> plain_heading("playerID"), plain_heading("personId:ID"), plain_heading(":START_ID")
    ('player_id', 'person_id', 'start_id')
    """
    plain = _PARENTHESES.sub("", _ADMIN_TYPE.sub("", heading))
    plain = _CAMEL.sub("_", plain)
    return normal_heading(plain.replace("\n", "").replace("\u3000", ""))


def name_by_heading(sheet: GuessedSheet) -> None:
    """Give each meaning to the column whose heading says it best: exactly, else as a part."""
    plain = [plain_heading(each.heading) for each in sheet.columns]
    taken: set[str] = set()
    for column, heading in zip(sheet.columns, plain, strict=True):
        _name_parts(column, heading, taken)
        if _MENTOR.search(heading) and _NOT_NAMES.search(heading):
            column.about = "of-the-mentor"
        elif _NEVER.search(heading):
            column.about = "never"
        elif _MENTOR.search(heading) and _WISH.search(heading):
            column.about = "wish"
    for is_exact in (True, False):
        for _, _, at, key in sorted(_fitting(sheet, plain, is_exact)):
            column = sheet.columns[at]
            is_id = bool(_ID.search(plain[at]))
            if not column.meaning and key not in taken and is_id == key.endswith("_id"):
                column.meaning, column.why = key, "heading"
                taken.add(key)
    _name_more(sheet, plain)
    _name_labels(sheet, plain)
    _name_lists_of_others(sheet)


def _fitting(
    sheet: GuessedSheet, plain: list[str], is_exact: bool
) -> list[tuple[bool, int, int, str]]:
    """Return what may fit, the best first: the word at the end of a heading, then the longest."""
    return [
        (not heading.endswith(known), -len(known), at, meaning.key)
        for at, heading in enumerate(plain)
        for meaning in MEANINGS.values()
        for known in meaning.headings
        if heading
        and sheet.columns[at].about in ("", "wish")
        and (heading == known if is_exact else _is_part(known, heading))
        and not (meaning.key == "post" and _NOT_POSTS.search(heading))
        and not (meaning.key.startswith("trainee") and _MENTOR.search(heading))
        and not (meaning.key == "trainee" and _OF_TRAINEES.search(heading))
    ]


def _is_part(known: str, heading: str) -> bool:
    """Return whether a heading holds a known one: whole words of English, two signs of Chinese."""
    if not known.isascii():
        return len(known) > 1 and known not in _ONLY_WHOLE and known in heading
    if known in ("name", "year", "date", "type"):  # they say of what at the beginning
        return heading.endswith(f"_{known}") and not _names_a_thing(heading.removesuffix(known))
    words = re.sub(r"[\W_]+", "_", heading)
    return known not in _ONLY_WHOLE and f"_{known}_" in f"_{words}_"


def _names_a_thing(before: str) -> bool:
    """Return whether a heading speaks of a unit or post: "court_name" is nobody's name."""
    words = before.strip("_").split("_")
    things = {each for key in ("unit", "post") for each in MEANINGS[key].headings}
    return bool(things.intersection(words)) or bool({"file", "user"}.intersection(words))


def _owner(heading: str) -> str:
    return "mentor" if _MENTOR.search(heading) else "trainee" if _TRAINEE.search(heading) else ""


def _name_parts(column: GuessedColumn, heading: str, taken: set[str]) -> None:
    """Name the columns that hold one part of a name: "Mentor First Name", "surname"."""
    owner = _owner(heading) or "person"
    for pattern, key in ((_GIVEN, owner), (_FAMILY, f"{owner}_family")):
        if pattern.search(heading) and key not in taken:
            column.meaning, column.why = key, "heading"
            taken.add(key)
            return


def _name_more(sheet: GuessedSheet, plain: list[str]) -> None:
    """Name further columns of mentors and trainees: "Supervisor 2", "村（社区）导师"."""
    for column, heading in zip(sheet.columns, plain, strict=True):
        if column.meaning or column.about or _ID.search(heading) or heading.startswith("is_"):
            continue
        stem = re.sub(r"[\d_#.]+$", "", heading)
        for key in ("mentor", "trainee"):
            known = MEANINGS[key].headings
            if stem in known or (key == "mentor" and stem.endswith(("导师", "师傅", "_mentor"))):
                if sheet.column(key):
                    column.meaning, column.why = key, "heading"
                break
    mentors = sheet.all("mentor")
    for column in mentors if len(mentors) > 1 else ():
        column.kind = _kind_of(plain_heading_of_kind(column.heading))


def plain_heading_of_kind(heading: str) -> str:
    """Return a heading of a mentor without the word itself: "镇（街道）导师" -> "镇（街道）"."""
    return re.sub(r"导师|师傅|mentor|supervisor|advis[eo]r|[\d_#\s]+", "", heading.casefold())


def _kind_of(words: str) -> str:
    if "选调" in words or words == "senior":
        return "senior"
    for kind, signs in _TOWN:
        if any(sign in words for sign in signs):
            return kind
    return words.strip()


def _name_labels(sheet: GuessedSheet, plain: list[str]) -> None:
    """Take a column for ids where another one is its label: student, studentLabel."""
    for column, heading in zip(sheet.columns, plain, strict=True):
        stem, sign, last = heading.rpartition("_")
        if last not in ("label", "name") or not sign:
            continue
        end = next((each for each in ENDS if stem in MEANINGS[each].headings), None)
        own = sheet.column(end) if end else None
        if end and own and own is not column and column.meaning in ("", end):
            own.meaning, column.meaning, column.why = f"{end}_id", end, "heading"


def _name_lists_of_others(sheet: GuessedSheet) -> None:
    """Give an id to what is listed: people, units, posts, or the labels of a network."""
    by_heading = {plain_heading(each.heading): each for each in sheet.columns}
    of = listed_by_name(sheet.sheet if sheet.is_workbook else sheet.file)
    if of == "other":  # a table of ours of which no column is a person, a post or a tie
        for column in sheet.columns:
            column.meaning = ""
        return
    if of and not sheet.has & _OF_NO_LIST and _is_named(sheet.column("person")):
        _name_list_of(of, by_heading)
        return
    if sheet.has & {"person", "trainee", "mentor", "mentor_id"}:
        return
    label = by_heading.get("label")
    ids = sheet.column("person_id") or (by_heading.get("number") if label else None)
    if ids is None:
        return
    if label:
        ids.meaning, ids.why = "person_id", "heading"
        label.meaning, label.why = "person", "heading"
        return
    of = next((each for each in ("post", "unit") if sheet.column(each)), "")
    if of:  # its id is theirs; a post beside its unit is what a row tells
        ids.meaning = f"{of}_id"


def _is_named(column: GuessedColumn | None) -> bool:
    """Return whether the names of a table may be of anything, as none is a person's for certain."""
    return column is None or plain_heading(column.heading) in _NAMES


def listed_by_name(name: str) -> str:
    """Return what a table lists by its own name: "unit", "post", "other"; empty: people, or any.

    >>> [listed_by_name(name) for name in ("units.csv", "单位表", "Companies", "wishes", "名单")]
    ['unit', 'unit', 'unit', 'other', '']
    """
    plain = _OF_LISTS.sub("", normal_heading(PurePath(name).stem if "." in name else name))
    if any(plain in (normal_heading(t.name), t.zh, normal_heading(t.en)) for t in _UNREAD):
        return "other"
    words = {plain, plain.removesuffix("s"), plain.removesuffix("es")}
    if plain.endswith("ies"):
        words.add(f"{plain.removesuffix('ies')}y")
    return next((key for key in ("unit", "post") if words & set(MEANINGS[key].headings)), "")


def _name_list_of(of: str, by_heading: dict[str, GuessedColumn]) -> None:
    """Take the id and the name of a row for those of the unit or post that it lists."""
    for column in by_heading.values():
        if column.meaning in ("person", "person_id", f"{of}_id", of):
            column.meaning = ""
    known_by_key = {
        f"{of}_id": (*MEANINGS[f"{of}_id"].headings, *_IDS),
        of: (*MEANINGS[of].headings, *_NAMES),
    }
    for key, known in known_by_key.items():
        found = next((by_heading[each] for each in known if each in by_heading), None)
        if found:
            found.meaning, found.why = key, "heading"
