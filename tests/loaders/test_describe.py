import string

from graph.schema import TABLES
from loaders.describe import PAGE, SOURCES_PAGE, described, described_sources
from loaders.problems import KINDS, WORDS
from loaders.sources import sources


def test_tables_of_the_data_page_are_current():
    page = PAGE.read_text(encoding="utf-8")
    assert described(page) == page, "run: python -m loaders.describe"


def test_steps_and_sources_of_their_page_are_current():
    page = SOURCES_PAGE.read_text(encoding="utf-8")
    assert described_sources(page) == page, "run: python -m loaders.describe"


def test_every_column_and_code_stands_on_the_data_page():
    page = PAGE.read_text(encoding="utf-8")
    for table in TABLES:
        for column in table.columns:
            assert f"{column.heading}** |" in page or f"| {column.heading} |" in page
    assert all(f"`{code}`" in page for code in KINDS)


def test_both_languages_take_the_same_details():
    def names(*templates: str) -> set[str | None]:
        return {name for text in templates for _, name, _, _ in string.Formatter().parse(text)}

    for code, kind in KINDS.items():
        assert names(*kind.en) - {None} == names(*kind.zh) - {None}, code
        assert not any("一" <= char <= "鿿" for char in "".join(kind.en)), code
        assert any("一" <= char <= "鿿" for char in kind.zh[0]), code
    for word, (en, zh) in WORDS.items():
        assert names(en) - {None} == names(zh) - {None}, word


def test_native_source_names_every_file():
    for language in ("zh_Hans", "en"):
        native = sources(language)[0]
        assert native["name"] == "native"
        assert native["files"] == [
            "units.csv", "posts.csv", "people.csv", "mentoring.csv", "rotations.csv",
            "service.csv", "grades.csv", "activities.csv", "attendance.csv", "records.csv",
            "wishes.csv", "kin.csv",
            "programme.yaml", "rules.yaml",
        ]  # fmt: skip
    assert sources("en")[0]["title"] != sources("zh_Hans")[0]["title"]
