"""How a name is found."""

import pytest

from graph.names import fold, search_fields, syllables


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("王伟", "wang wei"),
        ("曾国藩", "zeng guo fan"),  # as a surname; 曾 alone is ceng
        ("单雄信", "shan xiong xin"),
        ("仇英", "qiu ying"),
        ("解晓东", "xie xiao dong"),
        ("区志强", "ou zhi qiang"),
        ("李单", "li dan"),  # not the surname
        ("尉迟恭", "yu chi gong"),
        ("欧阳修", "ou yang xiu"),
        ("吕布", "lv bu"),
        ("阿卜杜拉·买买提", "a bo du la mai mai ti"),
        ("Wang Wei", "wang wei"),
        ("O’Neil Zoë", "o neil zoe"),
        ("Li明", "li ming"),
        ("𠮷田", "𠮷 tian"),  # no reading is known: the character itself
        ("·", ""),
        ("曾", "ceng"),
    ],
)
def test_reading_of_a_name(name: str, pinyin: str):
    assert " ".join(syllables(name)) == pinyin


def test_search_text_holds_every_entry_between_two_marks():
    fields = search_fields("T-01", "王伟芳")
    assert fields["pinyin"] == "wangweifang"
    assert fields["initials"] == "wwf"
    assert fields["search"] == "\n王伟芳\nwangweifang\nwang wei fang\nwwf\nt-01\n"


def test_entry_is_never_split_or_empty():
    search = search_fields("a\nb", "王\n\n伟")["search"]
    assert search == "\n王 伟\nwangwei\nwang wei\nww\na b\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [("ＷＡＮＧ", "wang"), ("Wáng", "wang"), ("STRASSE", "straße"), (" a  b ", "a b")],
)
def test_two_spellings_are_one(one: str, other: str):
    assert fold(one) == fold(other)
