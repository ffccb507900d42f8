"""Static files are kept by the browser for good, and asked for anew once they change."""

import mimetypes
import re
import shutil
from pathlib import Path

import pytest


@pytest.fixture
def style(client, tmp_path):
    """The address of the style sheet in a page; the static folder is a copy."""
    app = client.application
    app.static_folder = str(shutil.copytree(app.static_folder, tmp_path / "static"))

    def address() -> str:
        (found,) = re.findall(r'href="(/static/[^"]*tokens\.css)"', client.get("/about").text)
        return found

    return address


def test_file_is_kept_for_good_under_its_version(client, style):
    with client.get(style()) as answer:
        assert answer.status_code == 200
        assert answer.cache_control.immutable
        assert answer.cache_control.max_age > 30_000_000


def test_changed_file_has_another_address_and_the_old_one_is_not_kept(client, style):
    before = style()
    file = Path(client.application.static_folder) / "table.js"
    file.write_text("// changed\n", encoding="utf-8")
    after = style()
    assert after != before
    with client.get(before) as old:
        assert old.status_code == 200
        assert not old.cache_control.immutable


def test_type_of_a_file_is_not_the_systems_to_say(client, monkeypatch):
    monkeypatch.setattr(mimetypes, "guess_type", lambda *_: ("text/plain", None))  # as on Windows
    vendor = "vendor/vis-network/standalone/esm/vis-network.min.mjs"
    for file, kind in (
        ("table.js", "text/javascript"),
        (vendor, "text/javascript"),
        ("parts.css", "text/css"),
        ("icons.svg", "image/svg+xml"),
    ):
        with client.get(f"/static/{file}") as answer:
            assert answer.mimetype == kind


def test_address_without_version_serves_the_same(client, style):
    with client.get("/static/tokens.css") as plain, client.get(style()) as kept:
        assert plain.data == kept.data


@pytest.mark.parametrize("path", ["v-0/nothing.css", "v-0/../security.py", "nothing.css"])
def test_what_is_no_static_file_is_not_found(client, path: str):
    assert client.get(f"/static/{path}").status_code == 404
