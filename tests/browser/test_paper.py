"""Every sheet of paper is as many pages as it says, and nothing on it is cut off."""

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from graph.dates import add_months
from graph.settings import Settings
from graph.store import open_store
from loaders.load import load
from planning import kept_plans, planner
from planning.planner import PlanningContext, PlanRequest
from queries.programme.on_day import appointment_rules
from queries.stored_programme import stored_programme
from tests.browser.conftest import SHIFENG, served

LONG = "阿卜杜热合曼·麦麦提图尔荪"
UNIT = "区人力资源和社会保障局（加挂区退役军人事务服务中心、区就业服务管理局牌子）"
PAGES = re.compile(rb"/Type /Page\b")
# Whatever stands outside the sheet, or is wider than the place that it has.
CUT_OFF = """() => [...document.querySelectorAll('.sheet')].flatMap((sheet) => {
  const paper = sheet.getBoundingClientRect();
  return [...sheet.querySelectorAll('*')].filter((each) => {
    const box = each.getBoundingClientRect();
    const isHtml = each instanceof HTMLElement;
    return box.right > paper.right + 1 || box.bottom > paper.bottom + 1 || box.left < paper.left - 1
      || (isHtml && each.clientWidth && each.scrollWidth > each.clientWidth + 1);
  }).map((each) => each.outerHTML.slice(0, 120));
})"""


def written(folder: Path, **tables: list[dict[str, object]]) -> Path:
    """Write rows as files of a folder."""
    folder.mkdir()
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


def many_facts(folder: Path) -> Path:
    """Two people beside the district's: one with twenty postings, one with none."""
    days = [add_months(date(2014, 7, 1), 6 * at).isoformat() for at in range(21)]
    posts = [
        {"id": f"XP{at}", "title": f"综合协调科副科长兼信访接待专员（第{at}项）", "unit": "XU",
         "rank": "科员", "kind": "staff", "capacity": 1}
        for at in range(20)
    ]  # fmt: skip
    return written(
        folder,
        units=[{"id": "XU", "name": UNIT, "kind": "department", "part_of": "U01"}],
        posts=posts,
        people=[
            {"id": "X1", "name": LONG, "roles": "trainee", "cohort": 2014,
             "joined_on": "2014-07-01", "born_on": "1990-01-02", "native_place": UNIT,
             "education": "本科", "specialties": "法学;经济学;统计学;汉语言文学"},
            {"id": "X2", "name": "无名", "roles": "trainee", "cohort": 2024,
             "joined_on": "", "born_on": "", "native_place": "", "education": "",
             "specialties": ""},
        ],
        rotations=[
            {"person": "X1", "post": f"XP{at}", "kind": "appointment", "rank": "科员",
             "since": days[at], "until": days[at + 1] if at < 19 else ""}
            for at in range(20)
        ],
        mentoring=[
            {"mentor": f"T0{at:02d}", "trainee": "X1", "kind": "peer",
             "since": days[at], "until": days[at + 1]}
            for at in range(7, 18)
        ],
        records=[
            {"person": "X1", "kind": kind, "on": f"20{14 + at % 10}-0{1 + at % 9}-1{at % 9}",
             "level": level, "result": result, "summary": f"{UNIT}，能独立承担任务。" * 3}
            for at in range(40)
            for kind, level, result in (("talk", "district", ""), ("award", "district", ""),
                                        ("appraisal", "", "称职"))
        ],
    )  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The district, two people more, and a plan of half a year that is kept."""
    folder = tmp_path_factory.mktemp("paper")
    with open_store(Settings(store_url=f"embedded:{folder / 'graph.kgl'}")) as store:
        load(store, SHIFENG)
        load(store, many_facts(folder / "more"))
        programme = stored_programme(store)
        context = PlanningContext(store, programme, appointment_rules(store))
        asked = PlanRequest("2024-07-01", 2, "half-year", 5.0, 0)
        kept_plans.keep(store, planner.make(context, asked, date(2024, 6, 30)), "试排")
        with served(store) as address:
            yield address


SHEETS = [
    ("/programme/files/T022", (595, 842)),
    ("/programme/files/X1", (595, 842)),
    ("/programme/files/X2", (595, 842)),
    ("/programme/files/M001", (595, 842)),
    ("/programme/vacancies/P08/sheet", (842, 595)),
    ("/programme/report", (595, 842)),
    ("/plans/plan-1/sheet", (842, 595)),
    ("/plans/plan-1/poster", (1191, 842)),
]


@pytest.mark.parametrize("lang", ["zh_Hans", "en"])
def test_every_sheet_is_as_many_pages_as_it_says_and_nothing_is_cut_off(
    office, open_page, lang: str
):
    for path, (width, height) in SHEETS:
        page = open_page(f"{office}{path}", lang=lang)
        made = page.pdf(prefer_css_page_size=True)
        assert len(PAGES.findall(made)) == page.locator(".sheet").count() == 1, path
        boxes = {tuple(map(round, map(float, each))) for each in
                 re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", made)}  # fmt: skip
        assert boxes == {(width, height)}, path
        page.set_viewport_size({"width": round(width * 4 / 3 - 76), "height": 700})
        page.emulate_media(media="print")
        assert page.evaluate(CUT_OFF) == [], path
        page.close()
    page = open_page(f"{office}/programme/files/X1?annex=yes", lang=lang)
    made = page.pdf(prefer_css_page_size=True)
    assert len(PAGES.findall(made)) > 2  # the annex has pages of its own
