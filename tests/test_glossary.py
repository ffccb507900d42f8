"""Labels, columns, titles and translations use the words of `docs/glossary.md`."""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from babel.messages.pofile import read_po

from graph.schema import EDGE_TYPES, EXTRA_LABELS, LABELS, TABLES
from queries.catalogue import QUERIES

ROOT = Path(__file__).resolve().parent.parent
TRANSLATIONS = ROOT / "webapp/translations/zh_Hans/LC_MESSAGES/messages.po"


class Entry(NamedTuple):
    """One row of the glossary."""

    english: str
    chinese: tuple[str, ...]
    code: tuple[str, ...]
    never: tuple[str, ...]


def entries_of(page: str) -> list[Entry]:
    """Return the rows of all tables of a glossary page."""
    found = []
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| ") or len(cells) != 5 or cells[0] in ("English", "---"):
            continue
        english, chinese, code, _, never = cells
        found.append(
            Entry(
                english,
                tuple(chinese.split("、")),
                tuple(re.findall(r"`([^`]+)`", code)),
                tuple(word for word in never.split(", ") if word),
            )
        )
    return found


@cache
def glossary() -> list[Entry]:
    return entries_of((ROOT / "docs/glossary.md").read_text(encoding="utf-8"))


@cache
def translations() -> list[tuple[str, str]]:
    """Every text of the pages with its Chinese; of a plural both forms."""
    with TRANSLATIONS.open("rb") as file:
        catalogue = read_po(file, locale="zh_Hans")
    pairs = []
    for message in catalogue:
        ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
        texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
        pairs += [(id_, texts[0] or "") for id_ in ids if id_]
    return pairs


def unlike(entries: list[Entry], pairs: list[tuple[str, str]]) -> list[str]:
    """One sentence for each pair whose English is a term and whose Chinese is not the term's."""
    chinese_of = {entry.english: entry.chinese for entry in entries}
    return [
        f'"{english}" is {" or ".join(chinese_of[english])}, not {chinese}'
        for english, chinese in pairs
        if english in chinese_of and chinese not in chinese_of[english]
    ]


def uses(entries: list[Entry], pairs: list[tuple[str, str]]) -> list[str]:
    """One sentence for each text that uses a word which the glossary gives up."""
    found = []
    for entry in entries:
        for word in entry.never:
            # A Chinese word stands without blanks around it; an English one is whole.
            pattern = re.compile(rf"\b{word}s?\b" if word.isascii() else word, re.IGNORECASE)
            found += [
                f'"{word}" in "{english}" ({chinese}): say {entry.english} {entry.chinese[0]}'
                for english, chinese in pairs
                if pattern.search(english if word.isascii() else chinese)
            ]
    return found


def schema_titles() -> list[tuple[str, str]]:
    titles = [(table.en, table.zh) for table in TABLES]
    return titles + [(c.en, c.zh) for table in TABLES for c in table.file_columns]


@pytest.mark.parametrize(("english", "chinese"), sorted(set(schema_titles())))
def test_tables_and_columns_have_the_titles_of_the_glossary(english: str, chinese: str):
    known = {entry.english: entry.chinese for entry in glossary()}
    assert english in known, f"{english} ({chinese}) is not in docs/glossary.md"
    assert chinese in known[english]


def test_every_label_and_edge_type_is_a_word_of_the_glossary():
    words = {word for entry in glossary() for word in entry.code}
    named = {*LABELS, *EXTRA_LABELS, *(edge.type for edge in EDGE_TYPES)}
    assert named <= words


def test_every_column_of_an_answer_is_a_word_of_the_glossary():
    words = {word for entry in glossary() for word in entry.code}
    columns = {column.name for query in QUERIES.values() for column in query.columns}
    assert columns <= words


def test_a_term_has_its_one_chinese_word_on_every_page():
    assert unlike(glossary(), translations()) == []


def test_words_that_were_given_up_stand_nowhere():
    assert uses(glossary(), translations()) == []


def test_a_term_is_explained_once():
    names = [entry.english for entry in glossary()]
    assert len(names) == len(set(names))


def test_another_word_is_found():
    (entry,) = entries_of("| Posting | 任职 | `since` | one stay in a post | stint, 在岗史 |")
    assert unlike([entry], [("Posting", "任职"), ("Posting", "岗位史")]) == [
        '"Posting" is 任职, not 岗位史'
    ]
    texts = [("Two stints", "两段任职"), ("A stinted meal", "在岗史")]
    assert len(uses([entry], texts)) == 2
