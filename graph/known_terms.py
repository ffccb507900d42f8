"""The words that hold without a programme: what the software itself knows or writes.

A programme may list more words for the fixed ones, and kinds of service of its own.
"""

from __future__ import annotations

from typing import Literal

from graph.terms import Value


class Status(Value):
    """A status of a person; whoever has one that does not count is no longer looked after."""

    counts: bool = True


class ServiceKindTerm(Value):
    """A kind of dated fact of service (在职情况): whether one serves then, what it pauses."""

    in_service: bool = True
    pauses_clocks: bool = False


class Role(Value):
    """What the programme calls a role that the schema knows, and more words for it."""

    key: Literal["trainee", "mentor"]
    en_plural: str = ""


class PostingStatus(Value):
    """More words for a status of postings that the schema knows."""

    key: Literal["actual", "planned"]


class PostingMark(Value):
    """More words for a mark of postings that the schema knows."""

    key: Literal["concurrent", "acting"]


# What holds where a programme lists no kinds of service of its own.
SERVICE_KINDS = (
    ServiceKindTerm(key="joined", zh="入职", en="joined", also=("录用", "参加工作")),
    ServiceKindTerm(
        key="leave",
        zh="休假",
        en="on leave",
        also=("请假", "长期病假", "产假", "停薪留职"),
        pauses_clocks=True,
    ),
    ServiceKindTerm(
        key="transferred_out",
        zh="调出",
        en="transferred out",
        also=("已调出", "调离"),
        in_service=False,
    ),
    ServiceKindTerm(key="resigned", zh="辞职", en="resigned", also=("已辞职",), in_service=False),
    ServiceKindTerm(key="retired", zh="退休", en="retired", also=("已退休",), in_service=False),
    ServiceKindTerm(
        key="dismissed", zh="辞退", en="dismissed", also=("开除", "已辞退"), in_service=False
    ),
    ServiceKindTerm(key="trial_failed", zh="试用不合格", en="trial not passed", in_service=False),
    ServiceKindTerm(key="died", zh="去世", en="died", also=("病故", "死亡"), in_service=False),
    ServiceKindTerm(key="returned", zh="返回", en="returned", also=("返岗", "销假", "复职")),
)


# What the software itself knows or writes; a programme may list more words for it.
FIXED: dict[str, tuple[Value, ...]] = {
    "roles": (
        Role(key="trainee", zh="学员", en="trainee", also=("选调生", "徒弟", "mentee")),
        Role(key="mentor", zh="导师", en="mentor", also=("师傅", "师父")),
    ),
    "posting_statuses": (
        PostingStatus(key="actual", zh="实际", en="actual", also=("在任", "现任", "已任")),
        PostingStatus(key="planned", zh="计划", en="planned", also=("拟任",)),
    ),
    "posting_marks": (
        PostingMark(key="concurrent", zh="兼任", en="concurrent", also=("兼",)),
        PostingMark(key="acting", zh="主持工作", en="acting", also=("主持", "代理")),
    ),
    # Of a person of whom nothing is known but that somebody names them (loaders/sources/ends.py).
    "statuses": (Status(key="unknown", zh="未知", en="unknown", counts=True),),
}
OF_SCHEMA = ("roles", "posting_statuses", "posting_marks")
