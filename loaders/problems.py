"""What can be wrong with a data set: a code, its severity, and its sentences in two languages.

The codes are stable: scripts and pages may rely on them. A sentence takes its details by name.
Long because it is one list: a sentence stands beside its like, in both languages.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from graph.errors import Problem, count_of
from loaders.kinds import DOUBTS, ERROR, WARNING, ProblemKind

LANGUAGE = "zh_Hans"

SHOWN_OF_A_KIND = 1_000  # per file and code; more are counted only
_LONGEST_VALUE = 200
# Details that are the same in every language; others are worded in that of the findings.
_LANGUAGE_FREE = frozenset(
    ("count", "day", "holders", "capacity", "post", "since", "other_post", "other", "path")
)


KINDS: dict[str, ProblemKind] = {
    # the files
    "empty-data-set": ProblemKind(
        ERROR,
        ("It holds no table of a data set.", "Name files or sheets like {tables}."),
        ("其中没有可用的数据表。", "请将文件或工作表命名为 {tables}。"),
    ),
    "events-file": ProblemKind(
        WARNING,
        (
            '"{name}" holds events, which are no table, and was left out.',
            "Store them with flask event --file {file}.",
        ),
        ("“{name}”是任免事项，不是数据表，未读取。", "请用 flask event --file {file} 存入。"),
    ),
    "unknown-table": ProblemKind(
        WARNING,
        ('"{name}" is not the name of a table and was left out.', "Known names: {tables}."),
        ("“{name}”不是数据表的名称，未读取。", "可用名称：{tables}。"),
    ),
    "duplicate-table": ProblemKind(
        ERROR,
        ("The table {table} is given twice, also by {other}.", "Keep one of them."),
        ("数据表 {table} 重复，另见 {other}。", "请只保留一份。"),
    ),
    "unreadable-file": ProblemKind(
        ERROR,
        ("It cannot be read: {reason}.", "Save it anew and try again."),
        ("无法读取：{reason}。", "请重新保存后再试。"),
    ),
    "other-kind": ProblemKind(
        ERROR,
        ("By its content it is {what}, which is not read here.", "Save it as .xlsx or .csv."),
        ("按内容看，这是 {what} 文件，此处不能读取。", "请另存为 .xlsx 或 .csv。"),
    ),
    "locked": ProblemKind(
        ERROR,
        ("It is protected by a password.", "Save it without a password."),
        ("文件设有密码。", "请取消密码后重新保存。"),
    ),
    "unknown-encoding": ProblemKind(
        ERROR,
        ("It is not text in any known encoding.", "Save it as CSV UTF-8."),
        ("无法识别文字编码。", "请另存为“CSV UTF-8”。"),
    ),
    "bad-quotes": ProblemKind(
        ERROR,
        (
            "A quoted cell is not closed, is followed by text, or is longer than {longest} "
            "characters.",
            'Write a quote inside a quoted cell twice: "".',
        ),
        (
            "带引号的单元格没有结束、后面多了文字，或超过 {longest} 个字符。",
            '单元格内的引号请写两次：""。',
        ),
    ),
    "not-json": ProblemKind(
        ERROR,
        ("It is not JSON: {reason}.", "Give one object with an array of objects per table."),
        ("不是有效的 JSON：{reason}。", "请提供一个对象，其中每张表为一个对象数组。"),
    ),
    "not-a-row": ProblemKind(
        ERROR,
        ("This is not an object of columns.", 'Write {{"id": "...", ...}} for each row.'),
        ("此处不是由各列组成的对象。", '每一行请写成 {{"id": "...", ...}}。'),
    ),
    "too-large": ProblemKind(
        ERROR,
        (
            "It is too large to be opened safely: {what}.",
            "Split it, or load a folder of CSV files.",
        ),
        ("内容过大，无法安全打开：{what}。", "请拆分，或改用 CSV 文件夹。"),
    ),
    "swells": ProblemKind(
        ERROR,
        ("It unpacks to more than {times} times its size.", "Give the file as it is, unpacked."),
        ("解压后超过原大小的 {times} 倍，不予打开。", "请直接提供未压缩的文件。"),
    ),
    "too-wide": ProblemKind(
        ERROR,
        ("It has {columns} columns; at most {most} are read.", "Keep the columns that are needed."),
        ("共有 {columns} 列，最多读取 {most} 列。", "请只保留需要的列。"),
    ),
    "xml-entities": ProblemKind(
        ERROR,
        ("It declares entities of its own, which is not allowed.", "Save it anew."),
        ("文件中定义了 XML 实体，不予读取。", "请用原软件重新保存。"),
    ),
    "own-export": ProblemKind(
        ERROR,
        (
            "This network was exported here: its units, posts and records are nodes as well.",
            "Export the data with `flask export x.xlsx` and load that.",
        ),
        (
            "这是本系统导出的网络文件，其中单位、岗位和档案也是节点。",
            "请用 `flask export x.xlsx` 导出数据后再导入。",
        ),
    ),
    "not-pajek": ProblemKind(
        ERROR,
        ('"{value}" cannot be read as a line of a Pajek network.', "Save it as a .net file anew."),
        ("“{value}”不是 Pajek 网络文件的内容。", "请用 Pajek 重新保存为 .net 文件。"),
    ),
    "not-xml": ProblemKind(
        ERROR,
        ("It is no network in XML: {reason}.", "Save it as GEXF or GraphML anew."),
        ("不是有效的 GEXF 或 GraphML：{reason}。", "请重新保存为 GEXF 或 GraphML。"),
    ),
    "unknown-format": ProblemKind(
        ERROR,
        ("The ending of its name says no known format.", "Known endings: {known}."),
        ("无法由扩展名判断文件格式。", "可用扩展名：{known}。"),
    ),
    # the files that the description of a source names
    "missing-file": ProblemKind(
        ERROR,
        ('No file is named "{value}".', "Add it, or correct its name in the description."),
        ("没有名为“{value}”的文件。", "请补上该文件，或改正说明中的文件名。"),
    ),
    "missing-sheet": ProblemKind(
        ERROR,
        ('It has no sheet "{value}".', "Correct the name of the sheet in the description."),
        ("其中没有工作表“{value}”。", "请改正说明中的工作表名称。"),
    ),
    "missing-source-column": ProblemKind(
        ERROR,
        ("The column {accepted}, which the description reads, is missing.", "{hint}"),
        ("缺少数据源说明要读取的列 {accepted}。", "{hint}"),
    ),
    "left-out-rows": ProblemKind(
        WARNING,
        ("Rows that do not fulfil keep_if were left out ({count}).", "The description says which."),
        ("有 {count} 行不符合 keep_if 条件，未读取。", "条件见数据源说明。"),
    ),
    "undirected-ties": ProblemKind(
        WARNING,
        (
            "Ties without a direction were left out ({count}): nothing says who is the mentor.",
            "Load it with `--source undirected` if the first of each pair is.",
        ),
        (
            "有 {count} 条关系没有方向，看不出谁是导师，未读取。",
            "如每对中前者为导师，请用 `--source undirected` 导入。",
        ),
    ),
    "skipped-row": ProblemKind(
        WARNING,
        ('Nothing has the id "{value}"; the row was left out.', "The description says so."),
        ("没有编号为“{value}”的对象，已略过此行。", "数据源说明中规定如此。"),
    ),
    "note-row": ProblemKind(
        WARNING,
        ('"{value}": a total, a note or headings once more; the row was left out.', ""),
        ("“{value}”：合计、说明或重复的标题，此行未读取。", ""),
    ),
    # the heading row
    "unknown-column": ProblemKind(
        ERROR,
        (
            '"{value}" is not a column of {table}.',
            '{hint} Or load without it (--without "{value}").',
        ),
        ("“{value}”不是 {table} 的列。", '{hint}也可不读取此列（--without "{value}"）。'),
    ),
    "unread-column": ProblemKind(
        ERROR,
        ('"{value}" is not a column of {table}; it was not read.', "{hint}"),
        ("“{value}”不是{table}的列，未读取。", "{hint}"),
    ),
    "missing-column": ProblemKind(
        ERROR,
        ("The required column {column} ({zh}) is missing.", "Add it to the heading row."),
        ("缺少必需的列 {column}（{zh}）。", "请在标题行中补上。"),
    ),
    "duplicate-column": ProblemKind(
        ERROR,
        ('"{value}" names the column {name} a second time.', "Keep one of them."),
        ("“{value}”与前面的列重复，都是 {name}。", "请只保留一列。"),
    ),
    # one cell
    "missing-id": ProblemKind(
        ERROR,
        ("The id is missing.", "Give each row an id of its own."),
        ("缺少编号。", "请为每一行填写唯一的编号。"),
    ),
    "missing-value": ProblemKind(
        ERROR,
        ("{column} is missing.", "Fill in the cell or delete the row."),
        ("缺少{column}。", "请填写该单元格，或删除此行。"),
    ),
    "surplus-cell": ProblemKind(
        ERROR,
        ('"{value}" stands in a column that has no heading.', "Give it a heading or delete it."),
        ("“{value}”所在的列没有标题。", "请补上标题，或删除该单元格。"),
    ),
    "bad-date": ProblemKind(
        ERROR,
        ('"{value}" is not a date.', "Use 2017-12-01."),
        ("“{value}”不是日期。", "请写成 2017-12-01。"),
    ),
    "january-or-october": ProblemKind(
        ERROR,
        (
            '"{value}" is a number: it may mean January or, with a zero lost, October.',
            "Give its cells the number format 0.00, or write the month as text, as in 2015-10.",
        ),
        (
            "“{value}”是数字：可能是 1 月，也可能是丢了末尾 0 的 10 月。",
            "请把单元格设为两位小数（0.00），或以文本填写，例如 2015-10。",
        ),
    ),
    "far-end": ProblemKind(
        WARNING,
        (
            "An end over a hundred years ahead means that it lasts; none is stored "
            "(first {value}; in this column: {count}).",
            "Leave the cell empty while it lasts.",
        ),
        (
            "结束日期在一百年以后，按“尚未结束”处理，不存结束日期"
            "（首个为 {value}；本列共 {count} 处）。",
            "尚未结束的请留空。",
        ),
    ),
    "far-date": ProblemKind(
        WARNING,
        (
            "A date lies over a hundred years ahead (first {value}; in this column: {count}).",
            "Correct it, unless it is meant.",
        ),
        ("日期在一百年以后（首个为 {value}；本列共 {count} 处）。", "如有误，请改正。"),
    ),
    "old-date": ProblemKind(
        WARNING,
        (
            "A date lies before 1900 (first {value}; in this column: {count}).",
            "Correct it, unless it is meant.",
        ),
        ("日期早于 1900 年（首个为 {value}；本列共 {count} 处）。", "如有误，请改正。"),
    ),
    "bad-number": ProblemKind(
        ERROR,
        ('"{value}" is not a whole number{bound}.', "Use digits only."),
        ("“{value}”不是整数{bound}。", "请只用数字。"),
    ),
    "bad-amount": ProblemKind(
        ERROR,
        (
            '"{value}" is not a number{bound} with at most two decimals.',
            "Write it like 1500 or 1500.50, without a unit.",
        ),
        (
            "“{value}”不是数字{bound}，或小数超过两位。",
            "请写成 1500 或 1500.50 的形式，不带单位。",
        ),
    ),
    "bad-value": ProblemKind(
        ERROR,
        ('"{value}" cannot stand here.', "{hint}"),
        ("“{value}”不能填在这里。", "{hint}"),
    ),
    "unknown-rank": ProblemKind(
        ERROR,
        ('The programme has no rank "{value}".', "{hint}"),
        ("培养项目中没有职务层次“{value}”。", "{hint}"),
    ),
    "unknown-kind": ProblemKind(
        ERROR,
        ('The programme has no "{value}" in {list}.', "{hint}"),
        ("培养项目的 {list} 中没有“{value}”。", "{hint}"),
    ),
    "group-as-kind": ProblemKind(
        ERROR,
        ('"{value}" is a group of kinds; say which of them it is.', "Write one of {known}."),
        ("“{value}”是一组类别，请写明是其中哪一类。", "可填：{known}。"),
    ),
    "result-of-other-kind": ProblemKind(
        ERROR,
        ('"{shown}" is no result of: {kind}.', "Those are: {known}."),
        ("“{shown}”不是{kind}的结果。", "可填：{known}。"),
    ),
    "needed-by-kind": ProblemKind(
        ERROR,
        ("{column} is missing, which is required for: {kind}.", "Fill in the cell."),
        ("缺少{column}：{kind}必须填写。", "请填写该单元格。"),
    ),
    "leaver-on-list": ProblemKind(
        ERROR,
        (
            '"{value}" left on {left}; nobody who has left is put on: {kind}.',
            "Leave the row out, or correct the person or the day.",
        ),
        ("“{value}”已于{left}离开，不能列入{kind}。", "请删去该行，或更正人员、日期。"),
    ),
    "paid-twice": ProblemKind(
        ERROR,
        (
            "{value} has had this payment already: {what} of {batch}, on {day}.",
            "Leave this row out, or correct its batch.",
        ),
        (
            "{value} 的这笔款已经发放：{batch}的{what}，发放日期 {day}。",
            "请删去此行，或改正批次。",
        ),
    ),
    "before-joining": ProblemKind(
        ERROR,
        (
            "{value} joined on {joined}; {title} of {held} was over before that.",
            "Correct the date or the person, or leave this row out.",
        ),
        (
            "{value} 于 {joined} 入职，{held} 的“{title}”在入职之前已经结束。",
            "请改正日期或人员，或删去此行。",
        ),
    ),
    "joined-after-attending": ProblemKind(
        ERROR,
        (
            "{person} took part in {title} of {held}, which was over before {value}.",
            "Correct the day, or take that attendance out first.",
        ),
        (
            "{person} 参加过 {held} 的“{title}”，该活动在 {value} 之前已经结束。",
            "请改正日期，或先删去该次参训记录。",
        ),
    ),
    "held-before-joining": ProblemKind(
        ERROR,
        (
            "{person}, who joined on {joined}, took part in {title}; on {value} it would be over "
            "before that.",
            "Correct the day, or take that attendance out first.",
        ),
        (
            "{person} 于 {joined} 入职并参加了“{title}”；按 {value} 计，活动在入职之前已经结束。",
            "请改正日期，或先删去该次参训记录。",
        ),
    ),
    "entry-after-leaving": ProblemKind(
        WARNING,
        (
            "{value} was put on the list on {day}, after leaving on {left}: {kind}. With this, "
            "that entry is withdrawn.",
            "Confirm it, or correct the day of leaving.",
        ),
        (
            "{value} 已于{left}离开，而 {day} 又列入{kind}；存入后该条将撤回。",
            "请确认，或更正离开日期。",
        ),
    ),
    "left-undated": ProblemKind(
        ERROR,
        (
            '"{value}" has left, on a day that is not known; nobody who has left is put on: '
            "{kind}.",
            "Leave the row out, or record the day of leaving where it came later.",
        ),
        (
            "“{value}”已离开（日期不详），不能列入{kind}。",
            "请删去该行；如离开在此之后，请先补记离开日期。",
        ),
    ),
    "not-on-list": ProblemKind(
        ERROR,
        (
            '"{value}" is not on the list on {day} and cannot be taken off: {kind}.',
            "Look at the list, then correct the person or the day.",
        ),
        ("“{value}”在 {day} 不在{kind}中，无从调出。", "请查看名单，更正人员或日期。"),
    ),
    "activity-without-kind": ProblemKind(
        WARNING,
        (
            "The activity has no kind, so it counts in none of: {groups}.",
            "Choose its kind, or confirm that it has none.",
        ),
        ("该活动没有类别，不计入{groups}。", "请选定类别，或确认确无类别。"),
    ),
    "grade-as-rank": ProblemKind(
        ERROR,
        (
            '"{value}" is a grade, not a rank; it belongs to the table grades.',
            "As long as that table is not read, write the rank{rank} or leave the cell empty.",
        ),
        (
            "“{value}”是职级，不是职务层次，应填入职级表（grades）。",
            "该表尚不能导入，请先改填职务层次{rank}，或留空。",
        ),
    ),
    # a programme beside what is stored
    "programme-lacks": ProblemKind(
        ERROR,
        (
            'It has no "{value}" in {list}, which stored rows of {table} hold ({count}).',
            "Keep it in the list, or correct those rows first.",
        ),
        (
            "{list} 中没有“{value}”，而已存的 {table} 有 {count} 行使用它。",
            "请在列表中保留它，或先改正这些行。",
        ),
    ),
    "programme-needs": ProblemKind(
        ERROR,
        (
            "It asks for {needed} in {kind}, which stored records of that kind lack ({count}).",
            "Complete those records first, or take it out of what the kind needs.",
        ),
        (
            "它要求{kind}填写{needed}，而已存的该类记录有 {count} 条未填。",
            "请先补齐这些记录，或不再要求填写。",
        ),
    ),
    "programme-results": ProblemKind(
        ERROR,
        (
            '"{result}" is no result of {kind} in it, and stored records have it ({count}).',
            "List it among the results of the kind, or correct those records first.",
        ),
        (
            "“{result}”不是其中{kind}的结果，而已存的记录有 {count} 条使用它。",
            "请将它列入该类的结果，或先改正这些记录。",
        ),
    ),
    "other-programme": ProblemKind(
        ERROR,
        (
            'Its id is "{value}", but the programme "{other}" is stored; a store holds one.',
            "Give it that id to replace the stored one, or load it into a store of its own.",
        ),
        (
            "其 id 为“{value}”，而已存的培养项目为“{other}”；一个数据库只存一个培养项目。",
            "如要替换，请改用相同的 id；否则请导入另一个数据库。",
        ),
    ),
    "unmapped-value": ProblemKind(
        ERROR,
        ('The description maps no value "{value}".', "Mapped: {known}."),
        ("数据源说明中没有对应“{value}”的值。", "已列出：{known}。"),
    ),
    # one row
    "duplicate-id": ProblemKind(
        ERROR,
        ('The id "{value}" was already used in row {other}.', "Give one of them another id."),
        ("编号“{value}”已在第 {other} 行用过。", "请为其中一行改用别的编号。"),
    ),
    "duplicate-row": ProblemKind(
        WARNING,
        ("It has the same {key} as row {other}; the later row counts.", "Delete one of them."),
        ("{key}与第 {other} 行相同；以后一行为准。", "请删除其中一行。"),
    ),
    "reversed-period": ProblemKind(
        ERROR,
        ("It ends on {value}, before it begins on {since}.", "Exchange or correct the two dates."),
        ("结束日期 {value} 早于开始日期 {since}。", "请对调或改正两个日期。"),
    ),
    "empty-period": ProblemKind(
        ERROR,
        (
            "It ends on {value}, the day it begins; the last day is not part of a period.",
            "Give a later date, or leave it empty while it lasts.",
        ),
        (
            "结束日期 {value} 与开始日期相同；结束当天不计入期间。",
            "请填写更晚的日期；尚未结束则留空。",
        ),
    ),
    "unknown-reference": ProblemKind(
        ERROR,
        ('There is no {what} with the id "{value}".', "{hint}"),
        ("没有编号为“{value}”的{what}。", "{hint}"),
    ),
    "unchecked-reference": ProblemKind(
        WARNING,
        (
            "The data set has no table {table}, so {column} was not checked.",
            "Loading checks it against what is stored.",
        ),
        ("数据集中没有 {table} 表，未核对{column}。", "导入时会与已存数据核对。"),
    ),
    "self-mentoring": ProblemKind(
        ERROR,
        ('"{value}" is mentor and trainee of the same pair.', "Correct one of the two ids."),
        ("“{value}”同时是同一对师徒中的导师和学员。", "请改正其中一个编号。"),
    ),
    "self-kin": ProblemKind(
        ERROR,
        ('"{value}" is given as kin of the same person.', "Correct one of the two ids."),
        ("“{value}”被填为本人的亲属。", "请改正其中一个编号。"),
    ),
    # several rows
    "part-of-cycle": ProblemKind(
        ERROR,
        ("The unit is part of itself: {path}.", "Correct part_of of one of these units."),
        ("单位的上级绕回自身：{path}。", "请改正其中一个单位的上级单位。"),
    ),
    "overlapping-posts": ProblemKind(
        WARNING,
        (
            '"{value}" holds {post} from {since}, while {other_post} (row {other}) lasts.',
            "Close the earlier one, if it ended.",
        ),
        (
            "“{value}”自 {since} 起任 {post}，而第 {other} 行的 {other_post} 尚未结束。",
            "如前一任职已结束，请补上结束日期。",
        ),
    ),
    "over-capacity": ProblemKind(
        WARNING,
        (
            'Post "{value}" has {holders} holders on {day}; its capacity is {capacity}.',
            "Close a period that ended, or raise the capacity.",
        ),
        (
            "岗位“{value}”在 {day} 有 {holders} 人任职，编制为 {capacity}。",
            "请为已结束的任职补上结束日期，或调整编制。",
        ),
    ),
    "mentoring-cycle": ProblemKind(
        WARNING,
        (
            "These people are, in a circle, each other's mentors: {path}.",
            "Check who was whose mentor.",
        ),
        ("这些人互为师徒，形成循环：{path}。", "请核对谁是谁的导师。"),
    ),
    # one row beside those that are stored
    "overlaps-stored": ProblemKind(
        WARNING,
        ("{post}, held since {since}, lasts at the same time.", "Close it first, if it ended."),
        ("自 {since} 起的“{post}”同时仍在任。", "如已结束，请先补上结束日期。"),
    ),
    "crowds-stored": ProblemKind(
        WARNING,
        (
            "With this the post has {holders} holders at a time; its capacity is {capacity}.",
            "Close a period that ended, or raise the capacity.",
        ),
        (
            "加上此条，该岗位同时有 {holders} 人任职，编制为 {capacity}。",
            "请为已结束的任职补上结束日期，或调整编制。",
        ),
    ),
    "circle-stored": ProblemKind(
        WARNING,
        ("The trainee is already, by others, a mentor of the mentor: {path}.", "Check the two."),
        ("该学员已（经由他人）是这位导师的师长：{path}。", "请核对双方。"),
    ),
    "mentor-of-another": ProblemKind(
        ERROR,
        (
            "{mentor} serves in {theirs}, and {trainee} is placed in {ours}.",
            "Choose a mentor of {ours}.",
        ),
        ("{mentor} 在{theirs}任职，而 {trainee} 在{ours}锻炼。", "请在{ours}内另选导师。"),
    ),
    "posting-parts-pair": ProblemKind(
        ERROR,
        (
            "With this, {mentor} would serve in {theirs} and {trainee} be placed in {ours} on "
            "{since}, the day of their pair.",
            "Correct the pair first, or the dates of this row.",
        ),
        (
            "如此，{mentor} 与 {trainee} 结对之日（{since}）将分别在{theirs}任职、在{ours}锻炼。",
            "请先改正该结对，或改正本行日期。",
        ),
    ),
    "mentor-full": ProblemKind(
        WARNING,
        ("{value} guides {load} already; the capacity is {capacity}.", "Choose another mentor."),
        ("{value} 已带教 {load} 人，上限为 {capacity} 人。", "请另选导师。"),
    ),
    **DOUBTS,
}

# Words that sentences are made of, where they are not data.
WORDS: dict[str, tuple[str, str]] = {
    "more": ("More rows have this problem: {count}.", "另有 {count} 行存在同样的问题。"),
    "refused": (
        "{name}: nothing was stored; errors: {count}.",
        "{name} 有 {count} 处错误，未存入任何数据。",
    ),
    "refused-hint": (
        "Correct them, or load without the wrong rows (--skip-bad).",
        "请改正后再导入，或跳过有错的行（--skip-bad）。",
    ),
    "doubtful": (
        "Nobody has said that what looks odd in {name} is right ({count}).",
        "{name} 中有 {count} 处存疑，尚未确认。",
    ),
    "doubtful-hint": (
        "Look at them, then confirm (--confirm) or answer them in the description.",
        "请逐项查看后确认（--confirm），或在数据源说明中作答。",
    ),
    "nearest": ('Did you mean "{nearest}"?', "是不是“{nearest}”？"),
    "known": ("Known: {known}.", "可用：{known}。"),
    "add-row": ("Add it to {table}, or correct the id.", "请在 {table} 中补上，或改正编号。"),
    "not-less": (" of {least} or more", "或小于 {least}"),
    "above": (" above {least}", "或不大于 {least}"),
    "comma": (", ", "、"),
    "left-before": ("Had left the service by then, on {left}.", "此前已于{left}离开。"),
    "no-batch": ("the same month", "同月"),
    "post-or-unit": (
        "Name either a post or a unit in a row, not both.",
        "每行只填岗位或单位之一。",
    ),
    "no-control": (
        "Use plain text; control characters are not allowed.",
        "请只用普通文字，不能含控制字符。",
    ),
    "place": ("sheet {sheet}", "工作表 {sheet}"),
    "row": ("row {row}", "第 {row} 行"),
}


def word(name: str, language: str, /, **details: Any) -> str:
    """Return one of the small texts in a language."""
    en, zh = WORDS[name]
    return (en if language == "en" else zh).format(**details)


def shown(value: Any) -> str | None:
    """Return a cell's value as text of bearable length."""
    if value is None:
        return None
    text = value if isinstance(value, str) else repr(value)
    # Half a surrogate pair (from JSON) could not be printed.
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def sentence(problem: Problem, language: str = LANGUAGE) -> str:
    """Say a problem in one line, with its place in front."""
    parts = [problem.file] if problem.file else []
    if problem.sheet:
        parts.append(word("place", language, sheet=problem.sheet))
    if problem.row is not None:
        parts.append(word("row", language, row=problem.row))
    if problem.column:
        parts.append(problem.column)
    comma, colon, space = (", ", ": ", " ") if language == "en" else ("，", "：", "")
    place = comma.join(parts) + colon if parts else ""
    return place + problem.message + (space + problem.hint if problem.hint else "")


@dataclass(frozen=True)
class Place:
    """Where in a data set: a file, a sheet of it, a row as a spreadsheet shows it."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None

    def at(self, row: int | None) -> Place:
        """Return a row of the same sheet."""
        return Place(self.file, self.sheet, row)

    def heading(self, column: str) -> str:
        """Return a column as its file calls it."""
        return column

    def row_shown(self, row: object) -> object:
        """Return another row of the same table as its file counts it."""
        return row


@dataclass(frozen=True)
class Wrong:
    """A cell that a step of a source's description cannot take; `code` says why."""

    text: str
    code: str
    details: dict[str, Any]

    def __init__(self, text: str, code: str, **details: Any) -> None:
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "details", details)

    def __repr__(self) -> str:
        return self.text


class Findings:
    """The problems found so far, worded in one language; many of one kind are only counted."""

    def __init__(self, language: str = LANGUAGE) -> None:
        self.language = language
        self.error_count = 0
        self._problems: list[Problem] = []
        # What a problem says and advises in the other language, for those that are kept.
        self._elsewhere: dict[Problem, tuple[str, str]] = {}
        self._count: Counter[tuple[str | None, str | None, str]] = Counter()

    def add(
        self,
        code: str,
        place: Place,
        column: str | None = None,
        value: Any = None,
        *,
        is_doubt: bool = False,
        **details: Any,
    ) -> None:
        """Word one problem; `value`, `column` and the details fill its sentences.

        With `is_doubt` it is a warning, where its code is usually an error.
        """
        kind = KINDS[code]
        severity = WARNING if is_doubt else kind.severity
        self.error_count += severity == ERROR
        self._count[place.file, place.sheet, code] += 1
        if self._count[place.file, place.sheet, code] > SHOWN_OF_A_KIND:
            return
        text = shown(value)
        column = column and place.heading(column)
        if "other" in details:
            details["other"] = place.row_shown(details["other"])
        here, other = (kind.en, kind.zh) if self.language == "en" else (kind.zh, kind.en)
        message, hint = (each.format(value=text, column=column, **details) for each in here)
        problem = Problem(
            severity, place.file, place.sheet, place.row, column, text, code, message, hint
        )
        self._problems.append(problem)
        if _LANGUAGE_FREE.issuperset(details):
            said = tuple(each.format(value=text, column=column, **details) for each in other)
            self._elsewhere[problem] = said[0], said[1]

    def take(self, problems: tuple[Problem, ...]) -> None:
        """Add problems that another reader worded."""
        self.error_count += count_of(problems, ERROR)
        # graph.programme writes its codes with underscores; here all look alike.
        self._problems += (replace(each, code=each.code.replace("_", "-")) for each in problems)

    def in_both(self, problem: Problem) -> tuple[str, str]:
        """Return what a problem says and advises, in Chinese and in English."""
        here = f"{problem.message} {problem.hint or ''}".rstrip()
        other = self._elsewhere.get(problem)
        there = f"{other[0]} {other[1]}".rstrip() if other else here
        return (there, here) if self.language == "en" else (here, there)

    def word(self, name: str, /, **details: Any) -> str:
        """Return one of the small texts in the language of the findings."""
        return word(name, self.language, **details)

    def nearest(self, name: str, known: Iterable[str]) -> str:
        """Return which known name was probably meant, or list the known ones."""
        known = list(known)
        found = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
        if found:
            return self.word("nearest", nearest=found[0])
        return self.word("known", known=", ".join(known))

    def problems(self) -> list[Problem]:
        """List the problems file by file, by row; last the number of those left out."""
        files = list(dict.fromkeys((each.file, each.sheet) for each in self._problems))
        place = {file: number for number, file in enumerate(files)}
        listed = sorted(
            self._problems, key=lambda each: (place[each.file, each.sheet], each.row or 0)
        )
        for (file, sheet, code), count in self._count.items():
            if count > SHOWN_OF_A_KIND:
                more = self.word("more", count=count - SHOWN_OF_A_KIND)
                severity = next(
                    each.severity
                    for each in self._problems
                    if (each.file, each.sheet, each.code) == (file, sheet, code)
                )
                listed.append(
                    Problem(
                        severity, file, sheet, None, None, None, code, more, None,
                        count - SHOWN_OF_A_KIND,
                    )
                )  # fmt: skip
        return listed
