"""What other pages show of the programme: the counts of the day, and one person's standing.

Both are left out where the data are so large that a page would wait for them.
"""

from __future__ import annotations

from dataclasses import dataclass

from queries.programme import audit as audits
from queries.programme import mentoring
from queries.programme.facts import Facts
from queries.programme.stages import StageProgress, progress
from webapp.programme.blueprint import bp
from webapp.programme.ground import facts_of
from webapp.shell import words
from webapp.shell.store import current_store

MOST_PEOPLE = 20_000


@dataclass(frozen=True)
class Standing:
    """Where one trainee stands: stage, mentors of those asked for, findings by level."""

    where: StageProgress
    have: int
    wanted: int
    counts: dict[str, int]


@bp.app_template_global("programme_counts")
def counts() -> dict[str, int] | None:
    """Count today's findings by level; none without a programme or with very many people."""
    known = _known()
    return audits.audit(known).counts if known and known.trainees else None


@bp.app_template_global("programme_standing")
def standing(person: str) -> Standing | None:
    """Return where somebody stands; none for whoever is no trainee of the programme."""
    known = _known()
    if known is None or person not in known.trainees:
        return None
    lights = mentoring.lights(known)[person]
    found = audits.of_person(known, person)
    return Standing(
        where=progress(known)[person],
        have=sum(light.wanted - light.missing for light in lights),
        wanted=sum(light.wanted for light in lights),
        counts={level: sum(f.level == level for f in found) for level in audits.LEVELS},
    )


def _known() -> Facts | None:
    if not words.programme().stages:
        return None
    people = current_store().read("MATCH (p:Person) RETURN count(p) AS n")[0]["n"]
    return facts_of(words.as_of()) if people <= MOST_PEOPLE else None
