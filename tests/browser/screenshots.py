"""Draw every page in both languages into docs/screenshots and list them in docs/pages.md.

    python -m tests.browser.screenshots [NAME ...]

Names (`network`, `person`, ...) draw only those pages. Look at the pictures before committing
them: no overlapping text, no English on a Chinese page, no empty box.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from graph.settings import Settings
from graph.store import Store, open_store
from graph.upsert import add_label
from planning import kept_plans, planner
from planning.planner import PlanRequest
from tests.browser.conftest import LAPTOP, PHONE, district_store, laid_out, served, started
from tests.small_graph import put_mentoring, put_people
from webapp import create_app
from webapp.planning.found import context as planning_context

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "screenshots"
LANGUAGES = ("zh_Hans", "en")
LARGEST_PNG = 200_000


@dataclass(frozen=True)
class Shot:
    """One page to draw: what is done there before, and what it shows."""

    name: str
    path: str
    zh: str
    en: str
    empty: bool = False  # of an application without data
    phone: bool = False
    dark: bool = False
    seven: bool = False  # of a small graph in which one person has seven mentors
    press: str = ""  # a key for the picture


SHOTS = (
    Shot("home", "/", "今日", "Today"),
    Shot("home-empty", "/", "没有数据时", "Without data", empty=True),
    Shot("search", "/search?q=wang", "搜索", "Search"),
    Shot("people", "/people?cohort=2019", "人员", "People"),
    Shot("person", "/people/T020", "一个人的档案", "One person"),
    Shot("person-phone", "/people/T020", "手机上的档案", "One person, on a phone", phone=True),
    Shot("network", "/network?person=T001&depth=2", "师徒网络", "Network"),
    Shot(
        "network-selected",
        "/network?person=T001&person=T020&depth=1&selected=M004",
        "选中一人",
        "One selected",
    ),
    Shot("network-seven", "/network?person=t&depth=2", "七位导师", "Seven mentors", seven=True),
    Shot(
        "network-opened",
        "/network?person=T020&depth=1&expand=posts:T020",
        "展开岗位，菜单列出可问的问题",
        "Posts opened, and the menu of what can be asked",
        press="m",
    ),
    Shot(
        "network-time",
        "/network?person=T001&depth=3&layout=time&colour=cohort",
        "按年份",
        "By year",
    ),
    Shot("network-paper", "/network/paper?person=T001&depth=2", "打印", "On paper"),
    Shot("network-dark", "/network?person=M001&depth=1", "深色", "Dark", dark=True),
    Shot("network-begin", "/network", "从谁开始", "Where to begin"),
    Shot("network-phone", "/network?person=T020", "手机上的网络", "On a phone", phone=True),
    Shot(
        "connection",
        "/connection?a=T001&b=T020&ties=mentoring&ties=unit&k=3",
        "两人的联系",
        "Connection of two people",
    ),
    Shot("lineage", "/lineage?person=M001", "师徒传承", "Lineage"),
    Shot("careers", "/careers", "履历", "Careers"),
    Shot("career", "/careers/people/T018", "一个人的履历", "One career"),
    Shot("careers-compare", "/careers/compare?person=T001&person=T018", "并排比较", "Side by side"),
    Shot("careers-paths", "/careers/paths", "按路径查找", "Search by path"),
    Shot("careers-flows", "/careers/flows", "流动", "Flows"),
    Shot("careers-dates", "/careers/dates", "最早合规日期", "Earliest legal dates"),
    Shot("plans", "/plans", "轮岗方案", "Rotation plans"),
    Shot("plans-new", "/plans/new", "规划条件", "A scenario"),
    Shot("plan", "/plans/plan-1", "一个轮岗方案", "One rotation plan"),
    Shot("plan-person", "/plans/plan-1/people/T004", "为何在此", "Why here"),
    Shot("plan-poster", "/plans/plan-1/poster", "张贴表", "The plan as a poster"),
    Shot("programme", "/programme", "项目", "Programme"),
    Shot("programme-audit", "/programme/audit", "合规", "Compliance"),
    Shot("programme-stages", "/programme/stages", "阶段", "Stages"),
    Shot("programme-mentors", "/programme/mentors", "导师", "Mentors"),
    Shot("programme-exercises", "/programme/exercises", "锻炼", "Exercises"),
    Shot("programme-duties", "/programme/duties", "谈话与汇报", "Talks and reports"),
    Shot("programme-report", "/programme/report", "报告", "District report"),
    Shot("enter", "/enter", "录入", "Entering things"),
    Shot("units", "/units", "单位", "Units"),
    Shot("unit", "/units/U09", "一个单位", "One unit"),
    Shot("posts", "/posts?kind=key", "岗位名单", "Posts"),
    Shot("post", "/posts/P36", "一个岗位", "One post"),
    Shot("queries", "/queries", "问题库", "Questions"),
    Shot("query", "/queries/lineage.down?person=T001", "一个问题和它的 Cypher", "One question"),
    Shot("data", "/data", "数据", "Data"),
    Shot("data-problems", "/data", "文件中的问题", "Problems of a file"),
    Shot("about", "/about", "关于", "About"),
    Shot("not-found", "/people/T999", "没有这个编号", "Unknown id"),
)
WRONG = "id,name,joined_on,cohort\nT001,李娜,2017.13.01,2017\n,王伟,2018-07-01,\nT003,,2019,20x9\n"


def main(names: list[str]) -> None:
    """Draw the named pages, or all, and write the list."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = [shot for shot in SHOTS if not names or shot.name in names]
    with (
        tempfile.TemporaryDirectory() as folder,
        district_store(Path(folder)) as store,
        open_store(Settings(store_url=f"embedded:{folder}/empty.kgl")) as nothing,
        open_store(Settings(store_url=f"embedded:{folder}/seven.kgl")) as small,
        served(store) as district,
        served(nothing) as empty,
        served(_seven(small)) as seven,
        started() as browser,
    ):
        if any("/plans/plan-1" in shot.path for shot in wanted):
            _keep_plan(store)
        for shot in wanted:
            for language in LANGUAGES:
                address = empty if shot.empty else seven if shot.seven else district
                file = draw(browser, address, shot, language)
                print(f"{file.name:40} {file.stat().st_size // 1000:4} kB")
    (ROOT / "docs" / "pages.md").write_text(listing(), encoding="utf-8")


def _keep_plan(store: Store) -> None:
    """Make `plan-1`, so that there is a plan to draw."""
    app = create_app(Settings(), store)
    with app.app_context():
        context = planning_context()
        plan = planner.make(context, PlanRequest("2024-07-01", 4, seconds=20))
        kept_plans.keep(store, plan, "第一稿")


def draw(browser: Browser, address: str, shot: Shot, language: str) -> Path:
    """Draw one page in one language."""
    context = browser.new_context(
        viewport=PHONE if shot.phone else LAPTOP,
        locale="en-GB" if language == "en" else "zh-CN",
        color_scheme="dark" if shot.dark else "light",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "lang", "value": language, "url": address}])
    page = context.new_page()
    page.goto(address + shot.path)
    page.wait_for_load_state("networkidle")
    if shot.name == "data-problems":
        _send_wrong_file(page)
    if shot.press:
        page.locator("#picture[data-ready]").press(shot.press)
    laid_out(page, frames=60)
    for old in FOLDER.glob(f"{shot.name}.{language[:2]}.*"):
        old.unlink()
    file = FOLDER / f"{shot.name}.{language[:2]}.png"
    page.screenshot(path=file)
    if file.stat().st_size > LARGEST_PNG:
        file.unlink()
        file = file.with_suffix(".jpg")
        page.screenshot(path=file, type="jpeg", quality=80)
    context.close()
    return file


def _seven(store: Store) -> Store:
    """Store a person with seven mentors, their mentors and other trainees."""
    names = ["林知远", "沈文澜", "许静安", "周怀瑾", "陆明川", "方若水", "顾清和"]
    people = [("t", "叶青禾"), *((f"m{n}", name) for n, name in enumerate(names))]
    people += [("g", "程老"), ("h", "苏先生"), ("s0", "夏雨"), ("s1", "秦风"), ("u", "白露")]
    put_people(store, people)
    ties = [(f"m{n}", "t") for n in range(7)] + [("g", f"m{n}") for n in range(4)]
    ties += [("h", f"m{n}") for n in (3, 5, 6)] + [("m1", "s0"), ("m5", "s1"), ("t", "u")]
    since = [f"{2008 + at % 9}" for at in range(len(ties))]
    put_mentoring(
        store,
        [(f"{a}>{b}", a, b, "village", year) for (a, b), year in zip(ties, since, strict=True)],
    )
    add_label(store, "Person", "Mentor", sorted({mentor for mentor, _ in ties}))
    add_label(store, "Person", "Trainee", sorted({trainee for _, trainee in ties}))
    return store


def _send_wrong_file(page: Page) -> None:
    page.set_input_files(
        "input[type=file]",
        {"name": "people.csv", "mimeType": "text/csv", "buffer": WRONG.encode()},
    )
    page.locator("form[enctype] button").first.click()
    page.wait_for_load_state("networkidle")


def listing() -> str:
    """Write docs/pages.md: every page with its address and its two pictures."""
    lines = [
        "# The pages",
        "",
        "Drawn by `make pages` from the invented reference district, in Chromium.",
    ]
    for shot in SHOTS:
        lines += ["", f"## {shot.zh} · {shot.en}", "", f"`{shot.path}`", ""]
        for language in LANGUAGES:
            for file in sorted(FOLDER.glob(f"{shot.name}.{language[:2]}.*")):
                title = shot.en if language == "en" else shot.zh
                lines.append(f"![{title}](screenshots/{file.name})")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
