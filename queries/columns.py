"""What the columns of answers are called and hold, once for every question.

A column named after a kind of thing (`person`, `post`, `unit`, ...) holds its id, and a page makes
a link of it; `of` tells which kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Type = Literal["text", "integer", "date", "list"]


@dataclass(frozen=True)
class Column:
    """One column of an answer; `of` is the label of the node whose id it holds."""

    name: str
    titles: Mapping[str, str]
    type: Type = "text"
    of: str = ""


def columns(names: str) -> tuple[Column, ...]:
    """Return the columns of a list of names, as in `columns("person name generation")`.

    A name may say of what it is the id, `id:Person`, where it does not say so itself; `name/thing`
    is the name of something that is no person.

    >>> [(column.name, column.type, column.of) for column in columns("id:Post since")]
    [('id', 'text', 'Post'), ('since', 'date', '')]
    """
    found = []
    for word in names.split():
        name, _, of = word.partition(":")
        zh, en, type_, own = _COLUMNS[name]
        found.append(Column(name.partition("/")[0], {"zh_Hans": zh, "en": en}, type_, of or own))
    return tuple(found)


# name: Chinese title, English title, type, label of the node whose id it is
_COLUMNS: dict[str, tuple[str, str, Type, str]] = {
    "above": ("上级单位名称", "Name of the unit above", "text", ""),
    "also_holds": ("兼任岗位", "Also holds", "list", ""),
    "activity": ("活动编号", "Activity", "text", "Activity"),
    "born_on": ("出生日期", "Born on", "date", ""),
    "capacity": ("编制", "Capacity", "integer", ""),
    "cohort": ("届", "Cohort", "integer", ""),
    "date": ("日期", "Date", "date", ""),
    "day": ("日期", "Day", "date", ""),
    "demands": ("专长要求", "Demands", "list", ""),
    "descendants": ("带出人数", "Descendants", "integer", ""),
    "destination": ("去向", "Destination", "text", ""),
    "document": ("文号", "Document number", "text", ""),
    "detail": ("说明", "Detail", "text", ""),
    "direction": ("方向", "Direction", "text", ""),
    "distance": ("步数", "Distance", "integer", ""),
    "edge": ("关系", "Tie", "text", ""),
    "education": ("学历", "Education", "text", ""),
    "from_post": ("原岗位", "From post", "text", "Post"),
    "gap_days": ("空档天数", "Days between", "integer", ""),
    "grade": ("职级", "Grade", "text", ""),
    "from": ("起点", "From", "text", "Person"),
    "generation": ("代", "Generation", "integer", ""),
    "generation_a": ("距甲代数", "Generations above the first", "integer", ""),
    "generation_b": ("距乙代数", "Generations above the second", "integer", ""),
    "generations": ("代数", "Generations", "integer", ""),
    "how": ("方式", "How", "text", ""),
    "in_service": ("在职情况", "In service", "text", ""),
    "main_post": ("主要职务", "Main post", "text", "Post"),
    "marks": ("标记", "Marks", "list", ""),
    "meanwhile_at": ("期间挂职岗位", "Meanwhile at", "list", ""),
    "hardship": ("艰苦程度", "Hardship", "integer", ""),
    "held_on": ("日期", "Held on", "date", ""),
    "id": ("编号", "Id", "text", ""),
    "item": ("岗位或活动", "Post or activity", "text", ""),
    "joined_on": ("入职日期", "Joined on", "date", ""),
    "key": ("指标", "Key", "text", ""),
    "kind": ("类别", "Kind", "text", ""),
    "label": ("类型", "What it is", "text", ""),
    "level": ("层级", "Level", "text", ""),
    "mentor": ("{mentor}", "{Mentor}", "text", "Person"),
    "mentor_capacity": ("带教上限", "Mentor capacity", "integer", ""),
    "mentors": ("{mentor}关系数", "Ties to {mentors}", "integer", ""),
    "name": ("姓名", "Name", "text", ""),
    "name/thing": ("名称", "Name", "text", ""),
    "native_place": ("籍贯", "Native place", "text", ""),
    "neighbour": ("相邻人员", "Neighbour", "text", "Person"),
    "on": ("日期", "On", "date", ""),
    "note": ("备注", "Note", "text", ""),
    "organiser": ("主办", "Organiser", "text", ""),
    "part_of": ("上级单位", "Part of", "text", "Unit"),
    "people": ("人数", "People", "integer", ""),
    "person": ("人员", "Person", "text", "Person"),
    "place": ("地点", "Place", "text", ""),
    "post": ("岗位编号", "Post", "text", "Post"),
    "posts": ("岗位数", "Posts", "integer", ""),
    "rank": ("职务层次", "Rank", "text", ""),
    "rank_of_wish": ("志愿序", "Rank of wish", "integer", ""),
    "avoid": ("回避", "Avoid", "text", ""),
    "record": ("记录编号", "Record", "text", "Record"),
    "relation": ("关系", "Relation", "text", ""),
    "relative": ("亲属", "Relative", "text", "Person"),
    "result": ("结果", "Result", "text", ""),
    "role": ("角色", "Role", "text", ""),
    "roles": ("身份", "Roles", "list", ""),
    "rotation": ("任职编号", "Posting", "text", ""),
    "sentence": ("说明", "In words", "text", ""),
    "since": ("开始", "From", "date", ""),
    "specialties": ("专长", "Specialties", "list", ""),
    "status": ("状态", "Status", "text", ""),
    "step": ("步", "Step", "integer", ""),
    "given_by": ("谈话人", "Given by", "text", ""),
    "topic": ("主题", "Topic", "text", ""),
    "summary": ("摘要", "Summary", "text", ""),
    "tie": ("关系编号", "Tie", "text", ""),
    "title": ("名称", "Title", "text", ""),
    "to": ("终点", "To", "text", "Person"),
    "to_post": ("新岗位", "To post", "text", "Post"),
    "trainee": ("{trainee}", "{Trainee}", "text", "Person"),
    "trainees": ("{trainee}数", "{Trainees}", "integer", ""),
    "unit": ("单位编号", "Unit", "text", "Unit"),
    "unit_name": ("单位", "Unit name", "text", ""),
    "until": ("结束", "Until", "date", ""),
    "value": ("数值", "Value", "integer", ""),
}
