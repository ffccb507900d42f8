"""Places that were computed before are taken from memory or their file."""

import json

from layouts import Hints
from tests.layouts.test_generations import tangle
from webapp.network.kept_places import KeptPlaces

GIVEN, TIES = tangle(60, 20)
HINTS = Hints(("p0",), groups={f"p{n}": (f"u{n % 6}", f"单位{n % 6}") for n in range(60)})


def test_kept_layout_is_taken_from_its_file_after_a_restart(tmp_path):
    before = KeptPlaces(tmp_path).arrange("generations", GIVEN, TIES, HINTS)
    (file,) = tmp_path.glob("*.json")
    assert KeptPlaces(tmp_path).arrange("generations", GIVEN, TIES, HINTS) == before
    stored = json.loads(file.read_text(encoding="utf-8"))
    stored["at"]["p0"] = [12345, 0]
    file.write_text(json.dumps(stored), encoding="utf-8")
    assert KeptPlaces(tmp_path).arrange("generations", GIVEN, TIES, HINTS).at["p0"] == (12345, 0)


def test_other_data_are_laid_out_anew(tmp_path):
    layouts = KeptPlaces(tmp_path)
    layouts.arrange("generations", GIVEN, TIES, HINTS)
    layouts.arrange("generations", GIVEN, TIES[1:], HINTS)
    layouts.arrange("radial", GIVEN, TIES, HINTS)
    assert len(list(tmp_path.glob("*.json"))) == 3


def test_damaged_file_of_a_layout_is_computed_again(tmp_path):
    before = KeptPlaces(tmp_path).arrange("units", GIVEN, TIES, HINTS)
    for file in tmp_path.glob("*.json"):
        file.write_text("{", encoding="utf-8")
    assert KeptPlaces(tmp_path).arrange("units", GIVEN, TIES, HINTS) == before


def test_folder_that_cannot_be_written_hinders_nothing(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    layouts = KeptPlaces(blocked / "layouts")
    assert layouts.arrange("units", GIVEN, TIES, HINTS).at
