"""Settings come from the environment, and a wrong one fails at start with its name."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from graph.errors import ConfigError
from graph.settings import Settings, from_environment, table

CONTRACT = {
    "STORE_URL",
    "NEO4J_USERNAME",
    "NEO4J_PASSWORD",
    "NEO4J_DATABASE",
    "SECRET_KEY",
    "LANGUAGE",
}


def test_nothing_set_means_the_embedded_graph_and_chinese():
    settings = from_environment({})
    assert settings.store_url == "embedded:var/graph.kgl"
    assert settings.is_embedded
    assert settings.embedded_path == "var/graph.kgl"
    assert settings.language == "zh_Hans"


def test_empty_value_means_the_default():
    assert from_environment({"STORE_URL": "", "LANGUAGE": ""}) == Settings()


def test_every_setting_is_read_from_its_variable():
    given = {
        "STORE_URL": "neo4j+s://graph.example:7687",
        "NEO4J_USERNAME": "reader",
        "NEO4J_PASSWORD": "secret-word",
        "NEO4J_DATABASE": "people",
        "SECRET_KEY": "another-word",
        "LANGUAGE": "en",
        "UNRELATED": "x",
    }
    settings = from_environment(given)
    assert not settings.is_embedded
    for name in CONTRACT:
        assert getattr(settings, name.lower()) == given[name]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STORE_URL", "http://localhost"),
        ("STORE_URL", "embedded:"),
        ("STORE_URL", "graph.kgl"),
        ("LANGUAGE", "fr"),
        ("UPLOAD_LIMIT_MB", "much"),
        ("UPLOAD_LIMIT_MB", "0"),
    ],
)
def test_wrong_value_names_the_variable_the_value_and_what_it_may_be(name: str, value: str):
    with pytest.raises(ConfigError) as caught:
        from_environment({name: value})
    assert caught.value.message == f"The setting {name} cannot be {value!r}."
    assert caught.value.hint
    assert (caught.value.status, caught.value.exit_code) == (500, 2)


def test_secrets_are_not_shown():
    settings = from_environment({"NEO4J_PASSWORD": "secret-word", "SECRET_KEY": "another-word"})
    assert "secret-word" not in repr(settings)
    assert "another-word" not in repr(settings)


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError):
        Settings().language = "en"


@pytest.mark.parametrize(
    ("value", "expected"), [("zh_CN:zh", "zh_Hans"), ("en_US:en", "en"), ("zh_Hans", "zh_Hans")]
)
def test_language_of_a_desktop_is_understood(value: str, expected: str):
    assert from_environment({"LANGUAGE": value}).language == expected


def test_every_setting_has_a_help_line():
    told = {name: line for name, _, line in table()}
    assert set(told) >= CONTRACT
    assert all(told.values())


def test_path_with_chinese_characters_is_kept():
    assert (
        Path(from_environment({"STORE_URL": "embedded:数据/图.kgl"}).embedded_path).name == "图.kgl"
    )
