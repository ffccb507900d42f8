"""What a finding can be: how grave it is and what it says; and the doubts about foreign files.

A doubt is a warning that somebody must have looked at before the file is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from typing_extensions import TypedDict

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class ProblemKind:
    """One code: how grave it is, what it says and what to do, in English and in Chinese."""

    severity: str
    en: tuple[str, str]
    zh: tuple[str, str]


class UnusedColumn(TypedDict):
    """A column that holds something and is not read."""

    file: str | None
    sheet: str | None
    column: str | None


class UnusedRow(TypedDict):
    """A row that is a total, a note or a heading once more."""

    file: str | None
    sheet: str | None
    row: int
    value: str


class DoubtDict(TypedDict):
    """Something odd that somebody must look at."""

    code: str
    file: str | None
    sheet: str | None
    column: str | None
    rows: list[int]
    message: str


def _doubt(en: tuple[str, str], zh: tuple[str, str]) -> ProblemKind:
    return ProblemKind(WARNING, en, zh)


DOUBTS: dict[str, ProblemKind] = {
    # dates
    "early-date": _doubt(
        ('"{value}" would be a date before 1906.', "Is it an Excel number or a short year?"),
        ("“{value}”会成为 1906 年以前的日期。", "是否为 Excel 序列号或两位年份？"),
    ),
    "day-or-month": _doubt(
        (
            '"{value}" may be {first} or {second}; nothing in the column decides it.',
            "Look at the order of day and month; it is read as {first}.",
        ),
        (
            "“{value}”可能是 {first}，也可能是 {second}，该列无从判断。",
            "请确认日、月的先后，现按 {first} 读取。",
        ),
    ),
    "lost-zero": _doubt(
        (
            '"{value}" may be January or October: a number cell loses the last zero.',
            "Write the month in full, as in 2021-10; it is read as {first}.",
        ),
        (
            "“{value}”可能是 1 月，也可能是 10 月：数字单元格会丢掉末尾的零。",
            "请写全月份，例如 2021-10；现按 {first} 读取。",
        ),
    ),
    "month-or-year": _doubt(
        (
            '"{value}" may be a month or the school year that begins then.',
            "It is read as {first}.",
        ),
        ("“{value}”可能是月份，也可能是学年。", "现按 {first} 读取。"),
    ),
    "unread-date": _doubt(
        ('"{value}" is not read as a date.', "Write the year too, as in 2021-07."),
        ("“{value}”读不成日期。", "请写全年月，例如 2021-07。"),
    ),
    "serial-dates": _doubt(
        (
            'Numbers such as "{value}" are read as dates of Excel ({first}).',
            "Look whether they are.",
        ),
        ("“{value}”等数字按 Excel 日期读取（{first}）。", "请核对是否正确。"),
    ),
    # ids
    "lost-digits": _doubt(
        (
            'Numbers such as "{value}" have lost digits; they are not used as ids.',
            "Format the column as text in the original file and save it anew.",
        ),
        (
            "“{value}”等号码已丢失末尾数字，不作编号使用。",
            "请在原文件中把该列设为文本格式后重新保存。",
        ),
    ),
    "identity-number": _doubt(
        (
            "It holds numbers of identity cards; they are not stored and are nobody's id.",
            "Give people a staff number, or let names be their ids.",
        ),
        ("该列是身份证号，不会保存，也不作编号。", "请使用工号，或以姓名为编号。"),
    ),
    "row-numbers": _doubt(
        (
            "It names rows and not people; it is not read.",
            "Set its meaning where it is somebody's id.",
        ),
        ("该列是行号，不是人员编号，未读取。", "如确为人员编号，请指定其含义。"),
    ),
    "unknown-end": _doubt(
        (
            'Values such as "{value}" name nobody in the files ({count}).',
            "Look whether they are people's ids or names of their own.",
        ),
        ("有 {count} 个值（如“{value}”）在文件中没有对应的人。", "请核对是编号还是姓名。"),
    ),
    # people
    "same-person": _doubt(
        ("These may be one person: {value}.", "Write the name in one way where they are."),
        ("可能是同一人：{value}。", "如为同一人，请统一写法。"),
    ),
    "namesakes": _doubt(
        ("{value} is told apart only by what stands in brackets.", "Give people ids."),
        ("{value} 只靠括号内的文字区分。", "请为人员补上编号。"),
    ),
    "equal-names": _doubt(
        (
            "{value} is there {count} times and is taken for {count} people.",
            "Look whether they are, or give people ids.",
        ),
        ("{value} 出现 {count} 次，按 {count} 个人读取。", "请核对，或为人员补上编号。"),
    ),
    "one-or-two": _doubt(
        (
            "The {count} rows of {value} may be of different people.",
            "Give people ids where they are.",
        ),
        ("{value} 的 {count} 行可能不是同一人。", "如不是，请为人员补上编号。"),
    ),
    "two-of-a-name": _doubt(
        (
            "{value} stands for {count} people of that name; whose tie it is cannot be told.",
            "Name them by their ids.",
        ),
        ("名为 {value} 的有 {count} 人，无法判断指的是谁。", "请改用编号。"),
    ),
    "brackets": _doubt(
        (
            "What stands in brackets is not read: {value}.",
            "Put it into a column of its own where it matters.",
        ),
        ("括号内的文字未读取：{value}。", "如有用，请另设一列。"),
    ),
    "first-names": _doubt(
        (
            "It may hold first names alone; people who share one would be one person.",
            "Set the meaning of the column of family names.",
        ),
        ("该列可能只有名而没有姓，同名者会被合并。", "请指定姓所在的列。"),
    ),
    "several-in-a-cell": _doubt(
        ('"{value}" may be several people.', "Put ; between them."),
        ("“{value}”可能是几个人。", "请用分号隔开。"),
    ),
    "not-a-name": _doubt(
        ('"{value}" is not read as a name.', "Correct it in the file where it is one."),
        ("“{value}”不像姓名。", "如确为姓名，请在文件中改正。"),
    ),
    # columns and rows
    "of-the-mentor": _doubt(
        (
            "It says something of the mentor and is not read.",
            "Enter the mentor's post by itself where it is wanted.",
        ),
        ("该列说的是导师，未读取。", "如需要，请另行录入导师的任职。"),
    ),
    "whose-post": _doubt(
        (
            "It stands behind the mentor and may be the mentor's; it is read as the trainee's.",
            'Set it to "not read" where it is the mentor\'s.',
        ),
        ("该列在导师之后，可能是导师的；现按学员的读取。", "如属导师，请设为“不读取”。"),
    ),
    "unit-and-post": _doubt(
        (
            "Its cells hold unit and post together; they are read as a post of no known unit.",
            "Write unit and post in two columns.",
        ),
        ("单元格内单位与职务写在一起，现按岗位读取，单位未知。", "请把单位和职务分成两列。"),
    ),
    "left-people": _doubt(
        (
            'The people of this table may have left ("{value}"); that is not stored.',
            "Load the table `service` for it.",
        ),
        ("这张表的人员可能已离开（“{value}”），但不会保存这一情况。", "请另用“在职情况”表导入。"),
    ),
    "short-year": _doubt(
        ('"{value}" is no year of four digits.', "Write the year in full, as in 2024."),
        ("“{value}”不是四位年份。", "请写全年份，例如 2024。"),
    ),
    "outside-tables": _doubt(
        (
            "What stands beside the tables is not read: {value}.",
            "Write it as an array of objects where it matters.",
        ),
        ("表以外的内容未读取：{value}。", "如有用，请写成对象数组。"),
    ),
    "twice-listed": _doubt(
        (
            '"{value}" is the id of {count} rows with different names; the first counts.',
            "Give each person an id.",
        ),
        ("“{value}”是 {count} 行不同姓名的编号，只取第一行。", "请为每人填写唯一编号。"),
    ),
    "stored-people": _doubt(
        (
            "Some names are taken for people who are stored ({count}): {value}.",
            "Look whether they are the same people.",
        ),
        ("有 {count} 个姓名按已有人员读取：{value}。", "请核对是否同一人。"),
    ),
    "stored-units": _doubt(
        (
            "Some names are taken for units that are stored ({count}): {value}.",
            "Look whether they are the same units.",
        ),
        ("有 {count} 个名称按已有单位读取：{value}。", "请核对是否同一单位。"),
    ),
    "series": _doubt(
        (
            "{count} columns, {value}, make a row of periods that is not read.",
            "Write a row for each period: person, post, from, until.",
        ),
        (
            "{value} 等 {count} 列是一串时段，未读取。",
            "请改为每个时段一行：人员、岗位、开始、结束。",
        ),
    ),
    "second-column": _doubt(
        (
            'It means the same as the column "{other}" and is not read.',
            "Set its meaning where it is to be read too.",
        ),
        ("该列与“{other}”含义相同，未读取。", "如也要读取，请指定其含义。"),
    ),
    "wish": _doubt(
        (
            "It may be a wish and not a tie that exists.",
            "Load it only where the wish came true.",
        ),
        ("该列可能只是意愿，并非已有的师徒关系。", "确已结对再导入。"),
    ),
    "undirected": _doubt(
        (
            "Ties without a direction are left out ({count}).",
            "Make them directed, mentor first, where they are mentoring, or read a network with "
            "--source undirected.",
        ),
        (
            "有 {count} 条关系没有方向，未读取。",
            "如为师徒关系，请改为有向，导师在前；网络文件也可用 --source undirected。",
        ),
    ),
    "nested": _doubt(
        (
            "It holds lists or objects ({value}) that are not read.",
            "Write them as a table of their own.",
        ),
        ("该列含有嵌套的内容（{value}），未读取。", "请改写为单独的表。"),
    ),
    "long-file": _doubt(
        ("Only the first {count} rows were looked at.", "The rows below may be written otherwise."),
        ("只查看了前 {count} 行。", "后面各行的写法可能不同。"),
    ),
    "unused-sheet": _doubt(
        ("Nothing of this table is read.", "Set what its columns mean where it matters."),
        ("这张表未读取。", "如有用，请指定各列含义。"),
    ),
    "open-postings": _doubt(
        (
            "{value} holds {count} posts at once: no column says until when.",
            "They are stored as held at the same time; give the day on which each ended.",
        ),
        (
            "{value} 同时有 {count} 个岗位：没有结束时间。",
            "现按同时担任读取；如后任职即结束前任职，请补上结束时间。",
        ),
    ),
    "yearly-rows": _doubt(
        (
            "Rows of {value} tell year after year; each is read as a posting that begins then.",
            "Give from and until where it is one posting.",
        ),
        ("{value} 按年分行，每行按一次任职读取。", "如为同一任职，请给出起止时间。"),
    ),
    "rows-without-names": _doubt(
        (
            "Rows that name nobody are not read ({count}).",
            "Look whether cells are merged or empty.",
        ),
        ("有 {count} 行没有姓名，未读取。", "请查看是否为合并单元格或空格。"),
    ),
}
