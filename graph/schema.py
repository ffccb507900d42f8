"""What the graph holds, declared once: labels, edges, properties, keys, indexes and titles.

Constraints, indexes, upsert Cypher, the columns of the native data set and the tables of
`docs/data.md` are all made from `TABLES`. A table is one file (or sheet) of the native data set;
its rows become nodes of one label, or edges of one type, and its reference columns the edges
between them.

Two rules of the embedded engine shape this page: a node has one fixed first label on which its
`id` is unique (others, `Trainee` and `Mentor`, are added), and every node stores `id` and `name`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Type = Literal["text", "integer", "number", "date", "list"]  # a number: two decimals at most
Privacy = Literal[1, 2, 3, 4]

# Who may see what a column holds. It is kept with each column and decides nothing yet.
PRIVACY: dict[Privacy, tuple[str, str]] = {
    1: ("所有用户", "all users"),
    2: ("本单位", "the person's own unit"),
    3: ("组织部门", "the organisation department"),
    4: ("组织部门，须有理由并留痕", "the department with a reason, and reading is logged"),
}


@dataclass(frozen=True)
class Property:
    """A stored property and the column that fills it."""

    name: str
    zh: str
    en: str
    type: Type = "text"
    required: bool = False
    indexed: bool = False
    key: bool = False  # part of the id that is derived when the id column is empty
    column: str = ""  # heading in the data set where it is not the property's name
    kinds: str = ""  # the list of the programme that its values come from
    formerly: str = ""  # a heading that is still read
    names_person: bool = False  # blanks inside a Chinese name are no part of it
    at_least: int | None = None
    above: int | None = None  # as `at_least`, but this one is not reached
    privacy: Privacy = field(kw_only=True)
    # Of a record the class goes by its kind too: a talk is no award.
    privacy_by_kind: tuple[tuple[str, Privacy], ...] = ()

    @property
    def heading(self) -> str:
        """Return the column heading of the data set."""
        return self.column or self.name


@dataclass(frozen=True)
class Reference:
    """A column that holds the id of another node, and so makes an edge."""

    heading: str
    zh: str
    en: str
    label: str  # first label of the node it names
    edge: str = ""  # type of the edge it makes; empty: it is an end of the table's own edge
    incoming: bool = False  # the edge comes from the other node
    required: bool = False
    adds: str = ""  # label that being named here gives to the node
    key: bool = True
    type: Type = "text"
    privacy: Privacy = field(kw_only=True)


@dataclass(frozen=True)
class Labels:
    """A column whose values add labels to the row's node."""

    heading: str
    zh: str
    en: str
    label_by_value: tuple[tuple[str, str], ...]
    kinds: str  # the list of the programme that has its words
    required: bool = False
    key: bool = False
    type: Type = "list"
    privacy: Privacy = field(kw_only=True)


Column = Property | Reference | Labels


@dataclass(frozen=True)
class Table:
    """One file of the native data set: rows that are nodes (`label`) or edges (`edge`)."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    label: str = ""
    edge: str = ""
    derived: tuple[Property, ...] = ()  # stored, never read from a file
    kept: tuple[Property, ...] = ()  # written by the application; a file may carry them on

    @property
    def properties(self) -> tuple[Property, ...]:
        """Return the columns that are stored on the row's own node or edge."""
        return tuple(column for column in self.columns if isinstance(column, Property))

    @property
    def references(self) -> tuple[Reference, ...]:
        """Return the columns that name other nodes."""
        return tuple(column for column in self.columns if isinstance(column, Reference))

    @property
    def labels(self) -> Labels | None:
        """Return the column that adds labels, where there is one."""
        return next((column for column in self.columns if isinstance(column, Labels)), None)

    @property
    def has_id_column(self) -> bool:
        """Return whether the file may give the id itself."""
        return any(column.heading == "id" for column in self.columns)

    @property
    def has_withdrawn_rows(self) -> bool:
        """Return whether a row may be withdrawn; whoever reads the table leaves those out."""
        return any(each.name == "withdrawn_on" for each in self.kept)

    @property
    def file_columns(self) -> tuple[Column, ...]:
        """Return the columns that a file may have, those that only an export writes last."""
        return (*self.columns, *self.kept)

    def column(self, heading: str) -> Column:
        """Return the column of a heading."""
        return next(column for column in self.columns if column.heading == heading)


@dataclass(frozen=True)
class EdgeType:
    """One edge type between two labels, and the table it comes from."""

    type: str
    source: str
    target: str
    table: str
    functional: Literal["", "source", "target"] = ""  # that end has at most one such edge

    @property
    def pattern(self) -> str:
        """Return the ASCII pattern, as in `(:Post)-[:IN]->(:Unit)`."""
        return f"(:{self.source})-[:{self.type}]->(:{self.target})"


ROLES = (("trainee", "Trainee"), ("mentor", "Mentor"))


def _id(required: bool = True) -> Property:
    return Property("id", "编号", "Id", required=required, privacy=1)


def _whose(edge: str, privacy: Privacy) -> Reference:
    """Return the column that names whose fact a node is."""
    return Reference(
        "person",
        "人员",
        "Person",
        "Person",
        edge=edge,
        incoming=True,
        required=True,
        privacy=privacy,
    )


_SINCE = Property("since", "开始", "From", "date", key=True, privacy=1)
_UNTIL = Property("until", "结束", "Until", "date", privacy=1)
_RANK = Property("rank", "职务层次", "Rank", kinds="ranks", formerly="职级", privacy=1)
# The result of a yearly review is the organisation department's, a talk is opened with a reason.
_BY_KIND: tuple[tuple[str, Privacy], ...] = (
    *(
        (kind, 3)
        for kind in ("appraisal", "ordinary", "performance", "democratic", "public_opinion")
    ),
    *((kind, 4) for kind in ("talk", "talk_request", "political", "inspection", "file_review")),
)

TABLES: tuple[Table, ...] = (
    # (:Unit)-[:PART_OF]->(:Unit)
    Table(
        "units",
        "单位",
        "Units",
        label="Unit",
        columns=(
            _id(),
            Property("name", "名称", "Name", required=True, indexed=True, privacy=1),
            Property("kind", "类别", "Kind", kinds="unit_kinds", privacy=1),
            Reference("part_of", "上级单位", "Part of", "Unit", edge="PART_OF", privacy=1),
        ),
    ),
    # (:Post)-[:IN]->(:Unit)
    Table(
        "posts",
        "岗位",
        "Posts",
        label="Post",
        columns=(
            _id(),
            Property(
                "name", "岗位", "Post", required=True, indexed=True, column="title", privacy=1
            ),
            Reference("unit", "单位", "Unit", "Unit", edge="IN", required=True, privacy=1),
            _RANK,
            Property("kind", "类别", "Kind", kinds="post_kinds", privacy=1),
            Property("capacity", "编制", "Capacity", "integer", at_least=0, privacy=1),
            Property("demands", "专长要求", "Demands", "list", privacy=1),
            Property("hardship", "艰苦程度", "Hardship", "integer", at_least=0, privacy=1),
        ),
    ),
    # (:Person:Trainee:Mentor)
    Table(
        "people",
        "人员",
        "People",
        label="Person",
        columns=(
            _id(),
            Property(
                "name", "姓名", "Name", required=True, indexed=True, names_person=True, privacy=2
            ),
            Labels("roles", "身份", "Roles", ROLES, "roles", privacy=1),
            Property("cohort", "届", "Cohort", "integer", indexed=True, at_least=1000, privacy=1),
            Property("joined_on", "入职日期", "Joined on", "date", privacy=1),
            Property("born_on", "出生日期", "Born on", "date", privacy=2),
            Property("native_place", "籍贯", "Native place", privacy=2),
            Property("education", "学历", "Education", privacy=2),
            Property("specialties", "专长", "Specialties", "list", privacy=1),
            Property("status", "状态", "Status", kinds="statuses", privacy=2),
            Property(
                "mentor_capacity", "带教上限", "Mentor capacity", "integer", at_least=0, privacy=1
            ),
        ),
        derived=(
            Property("pinyin", "拼音", "Pinyin", indexed=True, privacy=2),
            Property("initials", "拼音首字母", "Initials", indexed=True, privacy=2),
            Property("search", "检索文本", "Search text", privacy=2),
        ),
    ),
    # (:Mentor)-[:MENTORS]->(:Trainee)
    Table(
        "mentoring",
        "师徒关系",
        "Mentoring",
        edge="MENTORS",
        columns=(
            _id(required=False),
            Reference(
                "mentor", "导师", "Mentor", "Person", required=True, adds="Mentor", privacy=1
            ),
            Reference(
                "trainee", "学员", "Trainee", "Person", required=True, adds="Trainee", privacy=1
            ),
            Property("kind", "类别", "Kind", key=True, kinds="mentoring_kinds", privacy=1),
            _SINCE,
            _UNTIL,
            # Others than those listed are kept; a growth task may carry its state: "survey=done".
            Property(
                "methods", "指导方式", "Methods", "list", kinds="mentoring_methods", privacy=1
            ),
            Property("duties", "导师职责", "Duties", "list", kinds="mentoring_duties", privacy=1),
            Property("tasks", "成长任务", "Growth tasks", "list", kinds="growth_tasks", privacy=1),
            Property("mentor_accepted_on", "导师确认日期", "Mentor accepted on", "date", privacy=1),
            Property(
                "trainee_accepted_on", "学员确认日期", "Trainee accepted on", "date", privacy=1
            ),
            Property("mentor_note", "导师意见", "Mentor's note", privacy=3),
            Property("trainee_note", "学员意见", "Trainee's note", privacy=3),
        ),
        # The question of the catalogue that made the edge; nobody recorded it.
        kept=(Property("derived_by", "推导依据", "Derived by", privacy=1),),
    ),
    # (:Person)-[:ROTATED_TO]->(:Post)
    Table(
        "rotations",
        "任职轮岗",
        "Rotations",
        edge="ROTATED_TO",
        columns=(
            _id(required=False),
            Reference("person", "人员", "Person", "Person", required=True, privacy=1),
            Reference("post", "岗位", "Post", "Post", required=True, privacy=1),
            Property("kind", "类别", "Kind", key=True, kinds="rotation_kinds", privacy=1),
            _SINCE,
            _UNTIL,
            Property("status", "状态", "Status", kinds="posting_statuses", privacy=1),
            Property("marks", "标记", "Marks", "list", kinds="posting_marks", privacy=1),
            _RANK,
        ),
    ),
    # (:Person)-[:HAS_SERVICE]->(:Service)
    Table(
        "service",
        "在职情况",
        "Service",
        label="Service",
        columns=(
            _id(required=False),
            _whose("HAS_SERVICE", 2),
            Property(
                "kind", "类别", "Kind", required=True, key=True, kinds="service_kinds", privacy=2
            ),
            Property("since", "开始", "From", "date", required=True, key=True, privacy=2),
            Property("until", "结束", "Until", "date", privacy=2),
            Property("destination", "去向", "Destination", column="to", privacy=2),
            Property("document", "文号", "Document number", privacy=2),
            Property("note", "备注", "Note", privacy=3),
        ),
        derived=(Property("name", "名称", "Name", privacy=2),),
    ),
    # (:Person)-[:HAS_GRADE]->(:Grade)
    Table(
        "grades",
        "职级",
        "Grades",
        label="Grade",
        columns=(
            _id(required=False),
            _whose("HAS_GRADE", 1),
            Property("grade", "职级", "Grade", required=True, key=True, kinds="grades", privacy=1),
            Property("since", "开始", "From", "date", required=True, key=True, privacy=1),
            Property("document", "文号", "Document number", privacy=2),
        ),
        derived=(Property("name", "名称", "Name", privacy=1),),
    ),
    # (:Activity)-[:HELD_IN]->(:Unit)
    Table(
        "activities",
        "活动",
        "Activities",
        label="Activity",
        columns=(
            _id(),
            Property("kind", "类别", "Kind", kinds="activity_kinds", privacy=2),
            Property("name", "名称", "Title", required=True, column="title", privacy=2),
            Property("held_on", "日期", "Held on", "date", indexed=True, privacy=2),
            _UNTIL,
            Property("place", "地点", "Place", privacy=2),
            Property("organiser", "主办", "Organiser", privacy=2),
            Property("hours", "学时", "Hours", "number", above=0, privacy=2),
            Property("level", "层级", "Level", kinds="activity_levels", privacy=2),
            # Whose activity it is: the township whose meeting, the village whose task.
            Reference("unit", "单位", "Unit", "Unit", edge="HELD_IN", key=False, privacy=2),
        ),
    ),
    # (:Person)-[:TOOK_PART_IN]->(:Activity)
    Table(
        "attendance",
        "参加活动",
        "Attendance",
        edge="TOOK_PART_IN",
        columns=(
            Reference("person", "人员", "Person", "Person", required=True, privacy=2),
            Reference("activity", "活动", "Activity", "Activity", required=True, privacy=2),
            Property("role", "角色", "Role", kinds="attendance_roles", privacy=2),
            Property("result", "结果", "Result", privacy=2),
        ),
    ),
    # (:Person)-[:HAS_RECORD]->(:Record)
    Table(
        "records",
        "成长记录",
        "Records",
        label="Record",
        columns=(
            _id(required=False),
            _whose("HAS_RECORD", 2),
            Property(
                "kind", "类别", "Kind", required=True, key=True, kinds="record_kinds", privacy=2
            ),
            Property("on", "日期", "On", "date", key=True, privacy=2, privacy_by_kind=_BY_KIND),
            Property(
                "level",
                "层级",
                "Level",
                key=True,
                kinds="levels",
                privacy=2,
                privacy_by_kind=_BY_KIND,
            ),
            Property(
                "result",
                "结果",
                "Result",
                key=True,
                kinds="results",
                privacy=2,
                privacy_by_kind=_BY_KIND,
            ),
            Property("summary", "摘要", "Summary", key=True, privacy=4),
            Property("until", "截止日期", "Until", "date", privacy=3),
            Property("document", "文号", "Document number", privacy=3),
            # Of a talk: who held it, what came up in it, and how it was settled.
            Property("given_by", "谈话人", "Given by", privacy=3),  # or who judged
            Property("place", "地点", "Place", privacy=3),
            Property("topic", "主题", "Topic", privacy=4),
            Property("said", "本人反映", "Said", privacy=4),
            Property("problem", "问题", "Problem", privacy=4),
            Property("solver", "责任人", "Responsible", privacy=4),
            Property("due", "办结期限", "Settle by", "date", privacy=4),
            Property("closed_on", "办结日期", "Settled on", "date", privacy=4),
            Property("outcome", "办理结果", "Outcome", privacy=4),
            # Of care: what was paid in which batch from which account; why somebody was visited.
            Property("amount", "金额", "Amount", "number", at_least=0, privacy=3),
            Property("batch", "批次", "Batch", privacy=3),
            Property("account", "列支账户", "Account", kinds="accounts", privacy=3),
            Property("cause", "事由", "Cause", privacy=4),
        ),
        derived=(Property("name", "名称", "Name", privacy=2, privacy_by_kind=_BY_KIND),),
        kept=(
            # Of a record that a person withdrew (loaders/entry.py): it stays, and counts nowhere.
            Property("withdrawn_on", "撤回日期", "Withdrawn on", "date", privacy=2),
            Property("withdrawn_why", "撤回原因", "Reason", privacy=3),
        ),
    ),
    # (:Person)-[:WISHES_FOR]->(:Post) and (:Person)-[:WISHES_FOR]->(:Unit)
    Table(
        "wishes",
        "志愿",
        "Wishes",
        edge="WISHES_FOR",
        columns=(
            Reference("person", "人员", "Person", "Person", required=True, privacy=3),
            Reference("post", "岗位", "Post", "Post", privacy=3),
            Reference("unit", "单位", "Unit", "Unit", privacy=3),
            Property("rank_of_wish", "志愿序", "Rank of wish", "integer", at_least=1, privacy=3),
            Property("avoid", "回避", "Avoid", privacy=3),
        ),
    ),
    # (:Person)-[:KIN_OF]->(:Person)
    Table(
        "kin",
        "亲属",
        "Kin",
        edge="KIN_OF",
        columns=(
            Reference("person", "人员", "Person", "Person", required=True, privacy=4),
            Reference("relative", "亲属", "Relative", "Person", required=True, privacy=4),
            Property("relation", "关系", "Relation", kinds="relations", privacy=4),
        ),
    ),
)

PROGRAMME = "Programme"  # (:Programme {id, name, rules}): the text of programme.yaml
CHANGE = "Change"  # (:Change): one entry of the history that graph/changes.py keeps
VIEW = "View"  # (:View {id, name, address, made_at}): a view of the network, saved with a name
EVENT = "Event"  # (:Event): what a notice says happened, kept by loaders/events.py
LOAD = "Load"  # (:Load): a load of a data set, which loaders/loads.py keeps
ACCEPTANCE = "Acceptance"  # (:Acceptance): a doubt about the data that somebody accepted, why
PLAN = "Plan"  # (:Plan): a rotation plan that planning/kept_plans.py keeps, as JSON, with its name

# On every node and edge that a row made: the load that last wrote it and the number of the row,
# as in "12:345". The load knows the table's file and sheet. What was entered by hand has none.
ORIGIN = "origin"

EDGE_TYPES: tuple[EdgeType, ...] = (
    EdgeType("PART_OF", "Unit", "Unit", "units", functional="source"),
    EdgeType("IN", "Post", "Unit", "posts", functional="source"),
    EdgeType("MENTORS", "Person", "Person", "mentoring"),
    EdgeType("ROTATED_TO", "Person", "Post", "rotations"),
    EdgeType("TOOK_PART_IN", "Person", "Activity", "attendance"),
    EdgeType("HELD_IN", "Activity", "Unit", "activities", functional="source"),
    EdgeType("HAS_SERVICE", "Person", "Service", "service", functional="target"),
    EdgeType("HAS_GRADE", "Person", "Grade", "grades", functional="target"),
    EdgeType("HAS_RECORD", "Person", "Record", "records", functional="target"),
    EdgeType("WISHES_FOR", "Person", "Post", "wishes"),
    EdgeType("WISHES_FOR", "Person", "Unit", "wishes"),
    EdgeType("KIN_OF", "Person", "Person", "kin"),
)

NODE_TABLES = tuple(table for table in TABLES if table.label)
EDGE_TABLES = tuple(table for table in TABLES if table.edge)
LABELS = (
    *(table.label for table in NODE_TABLES),
    PROGRAMME,
    CHANGE,
    VIEW,
    PLAN,
    LOAD,
    EVENT,
    ACCEPTANCE,
)
EXTRA_LABELS = tuple(label for _, label in ROLES)


def table(name: str) -> Table:
    """Return the table of a name, as in `table("people")`."""
    return next(table for table in TABLES if table.name == name)


def table_of_label(label: str) -> Table:
    """Return the table whose rows are the nodes of a first label."""
    return next(table for table in NODE_TABLES if table.label == label)


def schema_statements() -> list[str]:
    """Make the Cypher of every constraint and index; each can be run again and again."""
    statements = [
        f"CREATE CONSTRAINT {label.lower()}_id IF NOT EXISTS FOR (n:{label}) REQUIRE n.id IS UNIQUE"
        for label in LABELS
    ]
    for node in NODE_TABLES:
        statements += [
            f"CREATE RANGE INDEX {node.label.lower()}_{p.name} IF NOT EXISTS "
            f"FOR (n:{node.label}) ON (n.{p.name})"
            for p in (*node.properties, *node.derived, *node.kept)
            if p.indexed
        ]
    statements += [
        f"CREATE INDEX {edge.edge.lower()}_id IF NOT EXISTS FOR ()-[e:{edge.edge}]-() ON (e.id)"
        for edge in EDGE_TABLES
    ]
    statements.append(f"CREATE INDEX change_row IF NOT EXISTS FOR (n:{CHANGE}) ON (n.row)")
    statements.append(f"CREATE INDEX change_event IF NOT EXISTS FOR (n:{CHANGE}) ON (n.event)")
    statements.append(f"CREATE INDEX change_load IF NOT EXISTS FOR (n:{CHANGE}) ON (n.load)")
    statements.append("CREATE TEXT INDEX person_search IF NOT EXISTS FOR (n:Person) ON (n.search)")
    return statements
