"""The thirteen faults: each can be put in as it is listed, and its test saw it the last time."""

import importlib

import pytest

from tests.conftest import ROOT
from tools.faults import Edit, PlantedFault, copied, fails, listed, page, put_in

FAULTS = listed()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda each: each.what)
def test_a_fault_can_be_put_in_and_its_test_is_there(fault: PlantedFault):
    for each in fault.edits:
        assert (ROOT / each.file).read_text(encoding="utf-8").count(each.before) == 1, each
        assert each.after != each.before
    module, name = fault.test.split(".py::")
    assert callable(getattr(importlib.import_module(f"tests.boundaries.{module}"), name))


def test_the_page_is_of_these_faults_and_every_test_fails_with_its_own():
    text = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    assert text == page(dict.fromkeys(FAULTS, True))


def test_an_edit_whose_text_is_gone_is_refused(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\nx = 1\n", encoding="utf-8")
    for before in ("x = 1", "y"):
        with pytest.raises(ValueError, match=r"a\.py: "):
            Edit("a.py", before, "z").make(tmp_path)


@pytest.mark.slow
def test_a_fault_is_seen_and_what_is_none_is_not(tmp_path):
    copied(tmp_path)
    (seen,) = [
        each for each in FAULTS if each.what == "a rank allowed with one yearly review too few"
    ]
    assert not fails(tmp_path, [seen.test])
    assert put_in(tmp_path, seen)
    edit = seen.edits[0]
    harmless = PlantedFault(
        "nothing", seen.test, (Edit(edit.file, edit.before, f"{edit.before} "),)
    )
    assert not put_in(tmp_path, harmless)
    assert (tmp_path / edit.file).read_bytes() == (ROOT / edit.file).read_bytes()
