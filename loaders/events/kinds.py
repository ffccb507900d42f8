"""The kinds of events beside those of service, and which kind a word of a notice means."""

from __future__ import annotations

from typing import NamedTuple

from graph.errors import N_, UsageError
from graph.programme import Programme
from graph.terms import Title, TitledTerm, Value, key_of, nearest_term

EVENT_KINDS = (
    Value(key="appoint", zh="任命", en="Appointment", also=("任职", "任", "任免", "提任", "调任")),
    Value(key="renew", zh="连任", en="Reappointment", also=("续任", "连续任职")),
    Value(key="remove", zh="免去职务", en="Removal", also=("免职", "免", "免去")),
    Value(key="second", zh="挂职开始", en="Secondment begins", also=("挂职", "secondment")),
    Value(
        key="return",
        zh="挂职期满或销假返回",
        en="Back from secondment or leave",
        also=("挂职期满", "挂职结束", "期满返回"),
    ),
    Value(
        key="hand_over",
        zh="书记换届或学员交接",
        en="Change of secretary or hand-over of the guided",
        also=("换届", "书记换届", "学员交接", "交接", "hand-over of the guided"),
    ),
    Value(
        key="end_pair", zh="解除师徒关系", en="End of a pair", also=("师徒结束", "结束带教", "解除")
    ),
)


class MeantKind(NamedTuple):
    """What a word for a kind means; of a kind of posting, by which event it begins."""

    key: str
    posting_kind: str | None = None


def meant_kind(programme: Programme, word: str) -> MeantKind:
    """Return the kind of event that a word means; UsageError tells the nearest known one.

    A kind of posting means its beginning: beside the home post a secondment, else an appointment.

    >>> from graph.programme import EMPTY_PROGRAMME
    >>> meant_kind(EMPTY_PROGRAMME, "免职").key, meant_kind(EMPTY_PROGRAMME, "退休").key
    ('remove', 'retired')
    """
    key = key_of(EVENT_KINDS, word) or key_of(programme.service_kinds, word)
    if key is not None:
        return MeantKind(key)
    posting = key_of(programme.rotation_kinds, word)
    if posting is not None:
        return MeantKind("second" if posting in programme.kinds_beside else "appoint", posting)
    known = (*EVENT_KINDS, *programme.service_kinds)
    near = nearest_term(known, word)
    raise UsageError(
        N_("There is no event “%(kind)s”."),
        N_("Did you mean %(nearest)s? Known: %(known)s.") if near else N_("Known: %(known)s."),
        column="kind",
        kind=word,
        nearest=near.key if near else "",
        known=", ".join(term.key for term in known),
    )


def title_of(programme: Programme, kind: str) -> Title:
    """Return the title of a kind of event, also of one that was stored as it had been typed."""
    try:
        key = meant_kind(programme, kind).key
    except UsageError:
        key = kind
    terms: tuple[TitledTerm, ...] = (*EVENT_KINDS, *programme.service_kinds)
    return next((term for term in terms if term.key == key), Title(zh=kind, en=kind))
