"""An officer's week: the roster, a mentor, a talk, a rotation, the file, the report."""

import io
import re

import docx
import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, SHIFENG
from tests.small_graph import fill

LANGUAGES = pytest.mark.parametrize("lang", ["zh_Hans", "en"])


def save(page: Page) -> None:
    page.locator("button[value=save]").click()


@LANGUAGES
def test_a_week_of_an_officer(serve, open_page, lang: str):
    address = serve()
    # Monday: the roster comes in as files.
    page = open_page(f"{address}/data", lang=lang)
    files = [file for file in sorted(SHIFENG.iterdir()) if file.suffix in (".csv", ".yaml")]
    page.locator("#files").set_input_files([str(file) for file in files])
    page.locator("form[action$='/data/check'] button").click()
    page.locator("form[action$='/data/load'] button").click()
    people = page.locator("main a[href$='/data/people']").first
    expect(people).to_contain_text("77", timeout=60_000)

    # Who lacks a mentor? Pair the first with the first who could be asked.
    page.goto(f"{address}/programme/mentors")
    asked = "a[href*='/enter/mentoring'][href*='mentor=']"
    first = page.locator(asked).first
    wanted = first.get_attribute("href") or ""
    before = page.locator(asked).count()
    trainee = re.search(r"trainee=(\w+)", wanted)[1]
    kind = re.search(r"kind=(\w+)", wanted)[1]
    first.click()
    expect(page.locator(".offers .state.green")).to_have_count(1)  # the one that was chosen
    page.locator("#by").fill("张三")
    save(page)
    expect(page.locator("h1")).to_be_visible()
    assert page.url.startswith(f"{address}/programme/mentors")
    assert page.locator(asked).count() < before
    again = f"a[href*='trainee={trainee}'][href*='kind={kind}']"
    expect(page.locator(again)).to_have_count(0)

    # Tuesday: a talk that is late, from the red light in two clicks; the name is known by now.
    page.goto(f"{address}/programme/duties?state=late")
    owed = page.locator("[data-table=duties] a[href*='/enter/records']")
    due = owed.count()
    owed.first.click()
    save(page)
    assert page.url.startswith(f"{address}/programme/duties")
    expect(owed).to_have_count(due - 1)

    # Wednesday: a rotation, with the person found by typing a name.
    page.goto(f"{address}/enter/rotations")
    person = page.locator("input[name=person]")
    person.press_sequentially("zhangzhiying", delay=10)
    expect(page.locator("#f-person-list option[value=T001]")).to_have_count(1)
    person.fill("T001")
    expect(page.locator("output[data-named=person]")).to_contain_text("张志映")
    page.locator("input[name=post]").fill("P02")
    page.locator("select[name=kind]").select_option("secondment")
    page.locator("input[name=since]").fill("2024-06-01")
    save(page)
    expect(page.locator("h1")).to_have_text("张志映")
    expect(page.locator("main")).to_contain_text("2024-06-01")

    # Thursday: the growth file, on paper and as Word.
    page.locator("a[href$='/programme/files/T001']").first.click()
    expect(page.locator(".sheet")).to_contain_text("2024-06-01")
    page.locator("main a[href*='annex=yes']").first.click()
    expect(page.locator("main")).to_contain_text("张三")
    page.emulate_media(media="print")
    expect(page.locator("nav.places")).to_be_hidden()
    expect(page.locator(".sheet table").first).to_be_visible()
    assert page.pdf(format="A4", print_background=True).startswith(b"%PDF")
    page.emulate_media(media="screen")
    with page.expect_download() as download:
        page.locator(".heading summary").last.click()
        page.locator("a[href*='file.docx']").click()
    file = docx.Document(str(download.value.path()))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    assert any("2024-06-01" in cell for cell in cells)

    # Friday: the report.
    page.goto(f"{address}/programme/report")
    with page.expect_download() as download:
        page.locator("a[href*='report.xlsx']").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    values = [cell for row in book.worksheets[0].values for cell in row]
    assert 46 in values and 81 in values  # trainees; on-site teaching

    # And who did all this?
    page.goto(f"{address}/enter/changes")
    expect(page.locator(".changes > li")).to_have_count(3)


@LANGUAGES
def test_two_officers_at_one_person_lose_nothing(serve, open_page, watch, lang: str):
    watch.expected_status = {409}
    address = serve()
    one = open_page(f"{address}/enter/people", lang=lang)
    for field, text in (("id", "T1"), ("name", "李娜"), ("by", "甲")):
        one.locator(f"[name={field}]").fill(text)
    save(one)
    one.goto(f"{address}/enter/people/T1")
    two = open_page(f"{address}/enter/people/T1", lang=lang)
    one.locator("[name=education]").fill("硕士")
    save(one)
    two.locator("[name=native_place]").fill("道县")
    two.locator("[name=by]").fill("乙")
    save(two)
    versions = two.locator(".versions")
    expect(versions.locator("tr.differs")).to_have_count(2)
    expect(versions).to_contain_text("硕士")
    expect(versions).to_contain_text("道县")
    save(two)
    two.goto(f"{address}/enter/people/T1")
    expect(two.locator("[name=education]")).to_have_value("硕士")
    expect(two.locator("[name=native_place]")).to_have_value("道县")


PASTES = """(text) => {
  const data = new DataTransfer();
  data.setData('text', text);
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', how));
}"""


def test_a_table_of_events_is_filled_by_keys_and_pasting_on_a_phone(
    serve, embedded_store, open_page, axe
):
    fill(embedded_store)
    page = open_page(f"{serve()}/events/many", lang="en", viewport=PHONE)
    widths = "() => [document.documentElement.scrollWidth, window.innerWidth]"
    wide, seen = page.evaluate(widths)
    assert wide <= seen
    page.locator("#kind").focus()
    page.keyboard.type("Appointment")
    page.keyboard.press("Tab")
    page.keyboard.type("2024-03-01")
    page.locator("#by").fill("王")
    # Nine people in a table of eight rows: the ninth waits in the field for pasted rows.
    page.locator("input[name='rows-0-person']").focus()
    page.evaluate(PASTES, "\n".join(["李敏\t区委办 科员", *["王方\t柳村 村书记助理"] * 8]))
    expect(page.locator("input[name='rows-7-post']")).to_have_value("柳村 村书记助理")
    expect(page.locator("textarea[name=pasted]")).to_have_value("王方\t柳村 村书记助理")
    page.locator("textarea[name=pasted]").fill("")
    for at in range(2, 8):
        page.locator(f"input[name='rows-{at}-person']").fill("")
        page.locator(f"input[name='rows-{at}-post']").fill("")
    page.locator("input[name='rows-1-post']").press("Enter")  # tells, and stores nothing
    expect(page.locator("main")).to_contain_text("Postings that begin: 2.")
    expect(page.locator("main")).to_contain_text("李敏 begins as 区委办 科员 on 2024-03-01.")
    wide, seen = page.evaluate(widths)
    assert wide <= seen and axe(page) == []
    # 李敏 was deputy section in her last post, and the new one is of staff: a fall wants a reason.
    expect(page.locator("main")).to_contain_text("李敏 falls from deputy section to staff")
    page.locator("#rows-0-reason").fill("自愿回原单位")
    page.locator("button[value=store]").press("Enter")
    expect(page.locator("main")).to_contain_text("Undo all 2 entered with it")


def test_rows_are_pasted_corrected_and_stored_by_keys(serve, embedded_store, open_page, watch, axe):
    watch.expected_status = {400}
    fill(embedded_store)
    page = open_page(f"{serve()}/enter/many/records?kind=talk", lang="en", viewport=PHONE)
    page.locator("[name='rows-0-person']").focus()
    page.evaluate(PASTES, "姓名\t日期\t摘要\n李敏\t2024-13-01\t住房\n李明\t2024-03-02\t\n")
    date_of_first = page.locator("input[name='rows-0-on']")
    expect(date_of_first).to_have_value("2024-13-01")  # the server read the headings
    page.locator("[name='rows-2-person']").focus()
    page.evaluate(PASTES, "王芳\ttalk\t2024-03-03")  # without headings: the cells beside
    expect(page.locator("input[name='rows-2-on']")).to_have_value("2024-03-03")
    page.locator("input[name='rows-1-summary']").focus()
    page.keyboard.press("Control+d")
    expect(page.locator("input[name='rows-1-summary']")).to_have_value("住房")
    page.locator("main [name=by]").fill("王")
    page.locator("main [name=by]").press("Enter")  # checks, and stores nothing
    expect(page.locator("#rows-0-on-fault")).to_contain_text("2024-13-01")
    expect(page.locator("input[name='rows-2-person']")).to_have_value("王芳")
    wide, seen = page.evaluate("() => [document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= seen and axe(page) == []
    date_of_first.fill("2024-03-01")
    date_of_first.press("Enter")
    expect(page.locator("main")).to_contain_text("3 rows are right and would be stored.")
    page.locator(".actions button[value=store]").press("Enter")
    expect(page.locator("main")).to_contain_text("Records: 3 rows")
