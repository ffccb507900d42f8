"""Words for nothing and for "until now", brackets after names, and rows that are notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split(","))


_ABSENT = _words(
    "na,n/a,n.a.,nan,#n/a,null,\\n,none,nil,unknown,not known,unk,tbd,tba,tbc,to be determined,"
    "to be confirmed,not assigned,unassigned,vacant,missing,无,没有,暂无,待定,未定,不详,未知,空,"
    "待补,暂缺,空缺,缺,未安排,待安排,未配备,待配备,未填,不明"
)
_OPEN = _words(
    "present,to present,current,currently,ongoing,on-going,now,today,to date,till now,until now,"
    "open,至今,今,现在,目前,现任,在任"
)
_FAR = _words("99991231")  # no date that any form reads; those are told as far ends
_BRACKET = re.compile(r"\s*[（(\[【]([^（()）\[\]【】]*)[)）\]】]\s*$")
_NOTE = re.compile(
    r"(?:合计|总计|小计|共计|总数|注|备注|说明|附注|填表说明|填表人|填报人|填报单位|填报时间|填表单位|审核人|制表人?|制表单位|"
    r"经办人|负责人签字|单位盖章|联系人|联系电话|统计时间|截止时间)(?:[:：（(\s].*|\d.*)?"
    r"|(?i:(?:grand |sub)?totals?)(?:[:\s(].*)?|(?i:sum|count|average|mean)"
    r"|(?i:notes?|source|prepared by|compiled by|generated (?:on|by)|last updated)\s*[:：].*"
    r"|(?:共|总共)\s*\d+\s*[人名条行].*",
    re.DOTALL,
)


def is_absent(text: str) -> bool:
    """Return whether a cell says that nothing is known: a word for it, or signs alone.

    >>> [is_absent(text) for text in ("NA", "Na", "待定", "—", "/", "无锡", "N. A. Li")]
    [True, False, True, True, True, False, False]
    """
    if text == "Na":  # a name
        return False
    plain = text.strip().casefold()
    return plain in _ABSENT or not any(sign.isalnum() for sign in plain)


def is_empty(value: Any) -> bool:
    """Return whether a cell holds nothing, or says so.

    >>> [is_empty(value) for value in (None, [], "N/A", "0", ["x"])]
    [True, True, True, False, False]
    """
    return value in (None, [], {}) or (isinstance(value, str) and is_absent(value))


def is_open(text: str) -> bool:
    """Return whether the end of a period says that it goes on.

    >>> [is_open(text) for text in ("Present", "至今", "9999-12-31", "2019", "-")]
    [True, True, False, False, True]
    """
    plain = text.strip().casefold()
    return says_open(plain) or plain in _FAR or not any(sign.isalnum() for sign in plain)


def says_open(text: str) -> bool:
    """Return whether a cell holds a word for an end that is still to come.

    >>> [says_open(text) for text in ("Present", "在任", "—", "9999-12-31", "2024")]
    [True, True, False, False, False]
    """
    return text.strip().casefold() in _OPEN


def bare(text: str) -> str | None:
    """Return a name without what stands in brackets after it."""
    return _BRACKET.sub("", text).strip() or None


def in_brackets(text: str) -> str | None:
    """Return what stands in brackets after a name.

    >>> in_brackets("王芳（女）"), in_brackets("王芳")
    ('女', None)
    """
    found = _BRACKET.search(text)
    return found.group(1).strip() if found and found.start() else None


def is_note(cells: Sequence[Any], headings: Sequence[str]) -> bool:
    """Return whether a row is a total, a note under a table, or its headings once more.

    >>> is_note(["合计", "2"], ["姓名", "导师"]), is_note(["姓名", "导师"], ["姓名", "导师"])
    (True, True)
    >>> is_note(["注 涛", "王芳"], ["姓名", "导师"])
    False
    """
    given = [(at, str(cell).strip()) for at, cell in enumerate(cells) if cell]
    if not given:
        return False
    same = sum(at < len(headings) and text == headings[at].strip() for at, text in given)
    if same == len(given) and same > 1:
        return True
    first = given[0][1]
    if not _NOTE.fullmatch(first):
        return False
    # A name may begin so; beside it stand then as many cells as in other rows.
    return any(sign in first for sign in ":：") or first == _word(first) or len(given) == 1


def _word(text: str) -> str:
    return text.split()[0] if text.split() else text
