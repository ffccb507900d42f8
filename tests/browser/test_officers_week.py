"""An officer's week in Chinese, counted: clicks and typed fields stand in docs/entering.md."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, district_store, served

_ROW = re.compile(r"^\| ([^|]+) \| (\d+) \| (\d+) \| [^|]* \| ([^|]+) \|$", re.MULTILINE)


def told() -> dict[str, tuple[int, int, str]]:
    """What the document says of each task: clicks, fields, the sentence that the page shows."""
    text = (ROOT / "docs" / "entering.md").read_text(encoding="utf-8")
    part = text.partition("## An officer's week")[2].partition("\n## ")[0]
    rows = _ROW.findall(part)
    return {task: (int(clicks), int(fields), said) for task, clicks, fields, said in rows}


class Week:
    """One task after the other, each counted."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self._address = page, address
        self.counted: dict[str, tuple[int, int]] = {}
        self._clicks = self._fields = 0

    @contextmanager
    def task(self, name: str, at: str) -> Iterator[None]:
        """Count what a task takes from a page on, and look for the sentence that tells of it."""
        self.page.goto(f"{self._address}{at}")
        self._clicks = self._fields = 0
        yield
        self.counted[name] = (self._clicks, self._fields)
        expect(self.page.locator("body")).to_contain_text(told()[name][2])

    def click(self, what: str) -> None:
        """Press the first of some buttons or links."""
        self._clicks += 1
        self.page.locator(what).first.click()

    def type(self, **texts: str) -> None:
        """Write into fields by their names; `__` stands for a hyphen."""
        for name, text in texts.items():
            self._fields += 1
            field = self.page.locator(f"main [name='{name.replace('__', '-')}']").first
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(text)
            else:
                field.fill(text)

    def store(self) -> None:
        """Store what is told, with a reason where something is doubtful."""
        expect(self.page.locator("button[value=store]").first).to_be_visible()
        reason = self.page.locator("main input[name=reason]")
        if reason.count():
            self.type(reason="组织决定")
        self.click("button[value=store]")

    def notice(self, **texts: str) -> None:
        """Enter what a notice says of a person whose page is open."""
        self.click(".heading details:has(a[href*='/events?person=']) summary")
        self.click(".heading a[href*='/events?person=']")
        self.type(**texts)
        self.click("button[value=tell]")
        self.store()


def new_people(week: Week) -> None:
    with week.task("a new trainee with post and three mentors", "/enter"):
        week.click("a[href$='/enter/many/arrival']")
        week.type(
            by="刘敏",
            rows__0__name="周子涵",
            rows__0__cohort="2024",
            rows__0__joined_on="2024-06-01",
            rows__0__post="桥头村 村党总支书记助理",
            rows__0__mentor_township="白若立",
            rows__0__mentor_village="程红",
        )
        mentor = week.page.locator("input[name^='rows-0-mentor_']").last.get_attribute("name") or ""
        week.type(**{mentor.replace("-", "__"): "张志映"})
        week.click(".actions button[value=store]")
        expect(week.page.locator("main")).to_contain_text("程红 桥头村 村党总支书记")
        week.store()


def records(week: Week) -> None:
    with week.task("three talks", "/enter"):
        week.click("a[href$='/enter/many/records']")
        week.type(
            shared__kind="谈心谈话",
            shared__level="区级",
            shared__on="2024-06-28",
            shared__summary="谈近期工作",
            rows__0__person="T037",
            rows__1__person="T041",
            rows__2__person="T045",
        )
        week.click(".actions button[value=store]")
    with week.task("the reports that are due (two)", "/programme/todo"):
        week.click("main a[href*='waiting_for=thought_report']")
        week.type(shared__summary="年度思想汇报")
        week.click(".actions button[value=store]")
    with week.task("a payment to all who wait for it", "/programme/care"):
        week.click(".heading details:has(a[href*='waiting_for=']) summary")
        week.click(".heading a[href*='waiting_for=']")
        week.type(
            shared__amount="6000", shared__batch="2024年第二批", shared__account="关心关爱经费"
        )
        week.click(".actions button[value=store]")


def notices(week: Week) -> None:
    with week.task("a secondment", "/people/T021"):
        week.notice(kind="second", on="2024-06-24", post="P46", document="石组〔2024〕21号")
    with week.task("a promotion: removed and appointed by one document", "/people/T017"):
        week.notice(kind="appoint", on="2024-06-24", post="P08", document="石委〔2024〕9号")
    with week.task("somebody leaves", "/people/T041"):
        week.notice(
            kind="transferred_out", on="2024-06-24", to="省委组织部", document="石组〔2024〕22号"
        )


def test_an_officers_week_takes_no_more_clicks_than_told(
    tmp_path: Path, open_page: Callable[..., Page], watch
):
    watch.expected_status = {409}
    with district_store(tmp_path) as store, served(store) as address:
        week = Week(open_page(address), address)
        new_people(week)
        records(week)
        notices(week)
        with week.task("the A4 file of a person", "/people/T017"):
            week.click("main a[href*='/programme/files/']")
            expect(week.page.locator(".sheet")).to_contain_text("区发展和改革局")
        assert week.page.pdf(format="A4").startswith(b"%PDF")
        limits = {task: (clicks, fields) for task, (clicks, fields, _) in told().items()}
        assert set(limits) == set(week.counted)
        over = {
            task: (counted, limits[task])
            for task, counted in week.counted.items()
            if counted[0] > limits[task][0] or counted[1] > limits[task][1]
        }
        assert over == {}
