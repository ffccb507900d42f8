"""The kinds that the data of a programme may use, as lists of `programme.yaml` declare them."""

from __future__ import annotations

from typing import Annotated, Literal

from graph.declared import Names
from graph.terms import Value

Mechanism = Annotated[str, Names("mechanisms")]


class Kind(Value):
    """A kind of unit, post, mentoring, rotation, activity or record."""

    mechanism: Mechanism | None = None


# What a kind of record may need; an amount makes it a payment, a cause a visit.
RecordColumn = Literal[
    "level",
    "result",
    "summary",
    "until",
    "document",
    "topic",
    "amount",
    "batch",
    "account",
    "cause",
]


class RecordKindTerm(Kind):
    """A kind of record: the results that it may have (any, if none) and what it needs."""

    results: tuple[Annotated[str, Names("results")], ...] = ()
    needs: tuple[RecordColumn, ...] = ()

    @property
    def is_payment(self) -> bool:
        """Return whether a record of the kind says that money was paid."""
        return "amount" in self.needs

    @property
    def is_visit(self) -> bool:
        """Return whether a record of the kind says that somebody was visited, and why."""
        return "cause" in self.needs


class MentorKindTerm(Kind):
    """A kind of mentor, and the kinds of post by which they guide; none: they guide as people."""

    post_kinds: tuple[Annotated[str, Names("post_kinds")], ...] = ()


class PostingKind(Kind):
    """A kind of posting, and whether it runs beside the home post and never ends it."""

    keeps_home_post: bool = False


class Status(Value):
    """A status of a person; whoever has one that does not count is no longer looked after."""

    counts: bool = True


class ServiceKindTerm(Value):
    """A kind of dated fact of service (在职情况): whether one serves then, what it pauses."""

    in_service: bool = True
    pauses_clocks: bool = False


class AttendanceRole(Value):
    """What somebody was at an activity, and whether its hours count for them."""

    counts_hours: bool = True


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
