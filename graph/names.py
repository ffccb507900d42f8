"""How a name is found: its pinyin, its initials and the text that a search looks into.

The only home of pypinyin. Readings are taken character by character, which is fast enough for
millions; the readings that are special in surnames stand in a table. A character without a known
reading stands for itself, so nobody is beyond reach of a search.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from unicodedata import combining, normalize

_IDEOGRAPHS = re.compile("[\u4e00-\u9fff]+")
SEPARATOR = "\n"  # around each entry of the search text; a folded text never contains it

# A surname's reading where it is not the character's usual one; double surnames as a whole.
_SURNAMES = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "盖": "ge",
    "缪": "miao", "翟": "zhai", "覃": "qin", "朴": "piao", "洗": "xian", "召": "shao",
    "种": "chong",
    "秘": "bi", "员": "yun", "贠": "yun", "黑": "he", "乐": "yue", "折": "she", "繁": "po",
    "句": "gou", "么": "yao", "祭": "zhai", "牟": "mu", "宓": "mi", "适": "kuo", "逄": "pang",
    "郇": "xun", "郗": "chi", "隗": "wei", "尉": "wei", "晟": "cheng", "长": "zhang",
    "尉迟": "yu chi", "万俟": "mo qi", "单于": "chan yu", "长孙": "zhang sun", "澹台": "tan tai",
}  # fmt: skip
# Readings that are usual in given names, where the dictionary puts another one first.
_GIVEN_NAMES = {"晟": "sheng", "长": "chang"}


def fold(text: str) -> str:
    """Make two spellings of one text equal: case, width, accents, tone marks and spaces.

    >>> fold("  ＷÁNG\\u3000Wěi "), fold("王伟")
    ('wang wei', '王伟')
    """
    if _IDEOGRAPHS.fullmatch(text):  # most names: nothing to fold, and ten times faster
        return text
    if not text.isascii():
        decomposed = normalize("NFKD", text.casefold())
        text = normalize("NFC", "".join(char for char in decomposed if not combining(char)))
    return " ".join(text.casefold().split())


def syllables(name: str) -> tuple[str, ...]:
    """Split a name into the pinyin of each Chinese character and the words of other scripts.

    >>> syllables("曾国藩"), syllables("欧阳晟"), syllables("Li 明")
    (('zeng', 'guo', 'fan'), ('ou', 'yang', 'sheng'), ('li', 'ming'))
    """
    folded = fold(name)
    found: list[str] = []
    if len(folded) > 1:
        surname = folded[:2] if folded[:2] in _SURNAMES else folded[:1]
        if surname in _SURNAMES:
            found = _SURNAMES[surname].split()
            folded = folded[len(surname) :]
    word = ""
    for char in folded:
        reading = _GIVEN_NAMES.get(char) or _reading(char)
        if reading or not char.isalnum():
            if word:
                found.append(word)
            word = ""
            if reading:
                found.append(reading)
        else:
            word += char
    return (*found, word) if word else tuple(found)


def search_fields(id: str, name: str) -> dict[str, str]:
    """Return the derived properties of a person: `pinyin`, `initials` and `search`.

    `search` holds every entry that a search compares, each between two separators: the folded
    name, its pinyin together and apart (also with u for ü), the initials and the folded id.

    >>> search_fields("t-7", "吕  Wei")["search"]
    '\\n吕 wei\\nlvwei\\nlv wei\\nluwei\\nlw\\nt-7\\n'
    """
    pinyin, initials, names = _entries(name)
    folded = fold(id)
    if not folded or f"{SEPARATOR}{folded}{SEPARATOR}" in names:
        return {"pinyin": pinyin, "initials": initials, "search": names or SEPARATOR}
    search = f"{names or SEPARATOR}{folded}{SEPARATOR}"
    return {"pinyin": pinyin, "initials": initials, "search": search}


@lru_cache(maxsize=100_000)  # namesakes are many
def _entries(name: str) -> tuple[str, str, str]:
    """Return pinyin, initials and what a search compares of a name."""
    parts = syllables(name)
    pinyin = "".join(parts)
    initials = "".join([part[0] for part in parts])
    with_u = pinyin
    if "v" in pinyin:
        with_u = "".join([_U_FOR_V.get(part, part) for part in parts])
    entries = dict.fromkeys((fold(name), pinyin, " ".join(parts), with_u, initials))
    known = [entry for entry in entries if entry]
    return pinyin, initials, SEPARATOR.join(("", *known, "")) if known else ""


_U_FOR_V = {"lv": "lu", "lve": "lue", "nv": "nu", "nve": "nue"}


@lru_cache(maxsize=100_000)
def _reading(char: str) -> str:
    """Return the usual pinyin of one Chinese character, or nothing."""
    if char.isascii():
        return ""
    # Phrases are not asked for, and reading them in would take half a second.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin

    (reading,) = lazy_pinyin(char)
    return reading if reading != char and reading.isascii() else ""
