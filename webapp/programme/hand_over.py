"""Where a pair is mended whose mentor is not in the post, and where a vacant post is filled."""

from __future__ import annotations

from typing import Any

from flask import url_for

from queries.programme import mentoring
from queries.programme.facts import Facts, runs
from queries.programme.holding import NotInPost
from webapp.shell.form_links import enter_url

OFFERED = 3


def appoint_url(known: Facts, post: str) -> str:
    """Return the address of the notice by which somebody is appointed to a post."""
    return url_for("entering.event_list", kind="appoint", post=post, on=known.day)


def hand_over_url(known: Facts, pair: NotInPost, to: str | None) -> str:
    """Return the address of what mends a pair whose mentor is not in the post.

    The notice of a hand-over takes all whom somebody guides. Who is right for others keeps those:
    one trainee has another mentor then, and the old pair ends.
    """
    pairing = pair.pairing
    if _guides_nobody_rightly(known, pairing.mentor):
        return _notice(known, "hand_over", pairing.mentor, to)
    if to is None:
        return _notice(known, "end_pair", pairing.mentor, pairing.trainee)
    return enter_url(
        "mentoring", trainee=pairing.trainee, kind=pair.kind, mentor=to, since=known.day
    )


def _guides_nobody_rightly(known: Facts, mentor: str) -> bool:
    wrong = {each.pairing.id for each in mentoring.to_hand_over(known)}
    return all(p.id in wrong for p in known.mentees.get(mentor, ()) if runs(p.until, known.day))


def mend_url(known: Facts, pair: NotInPost) -> str:
    """Return the address of the step that comes next for a pair whose mentor is not in the post."""
    found = mentoring.hand_over(known, pair, 1)
    if found.is_spare:
        return _notice(known, "end_pair", pair.pairing.mentor, pair.pairing.trainee)
    return hand_over_url(known, pair, found.candidates[0].mentor if found.candidates else None)


def _notice(known: Facts, kind: str, person: str, to: str | None) -> str:
    given: dict[str, Any] = {"kind": kind, "person": person, "on": known.day}
    if to:
        given["to"] = to
    return url_for("entering.event_list", **given)
