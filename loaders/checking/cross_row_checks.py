"""What the right rows of whole tables say together: mentors in a circle, posts at the same time.

All of it is doubtful only, no mistake.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from graph.programme import Programme
from loaders.checking.columns import Marks
from loaders.checking.cycles import cycles, edges_on_cycles, path
from loaders.checking.numbered import CheckedRows, Ids
from loaders.checking.periods import BESIDE_MARKS
from loaders.checking.postings import FilePostings
from loaders.checking.rows import Numbers
from loaders.problems import Findings
from loaders.readers.blocks import pl
from queries.personnel.terms import ACTING

# The columns that are looked at beside what rows name and their periods.
COMPARED = {
    "units": ("kind", "name"),
    "posts": ("capacity",),
    "people": ("status",),
    "rotations": ("status", "kind", "marks"),
    "mentoring": ("kind",),
    "activities": ("title", "kind"),
    "records": (
        "document",
        "given_by",
        "topic",
        "amount",
        "batch",
        "account",
        "cause",
        "withdrawn_on",
    ),
    "service": ("kind",),
}


class CrossRowChecks:
    """Tells what is doubtful about the right rows of each table, in the order of the tables."""

    def __init__(self, findings: Findings, ids: Ids) -> None:
        self._findings = findings
        self._ids = ids
        self._capacities: tuple[Numbers, pl.Series] | None = None  # rows of posts, and of each

    def compare(self, rows: CheckedRows, programme: Programme, right: Marks) -> None:
        """Tell what is doubtful about the right ones of some rows of a table."""
        name, at = rows.reader.table.name, rows.reader.at
        if name == "mentoring":
            self._compare_ties(rows, np.flatnonzero(right))
        elif name == "posts" and "capacity" in at:
            self._capacities = rows.numbers[right], rows.column("capacity").filter(pl.Series(right))
        elif name == "rotations" and "since" in at:
            self._compare_postings(rows, programme, right)

    def _compare_ties(self, rows: CheckedRows, right: Numbers) -> None:
        mentors, trainees = rows.named("mentor")[right], rows.named("trainee")[right]
        at = edges_on_cycles(mentors, trainees)
        columns = mentors[at], trainees[at], rows.numbers[right][at]
        sources, targets, numbers = (each.tolist() for each in columns)
        id_by_number = self._ids.named("Person", {*sources, *targets})
        named = [id_by_number[each] for each in sources], [id_by_number[each] for each in targets]
        for cycle in cycles(zip(*named, numbers, strict=True)):
            place = rows.reader.raw.place.at(cycle[0][2])
            column = rows.reader.heading("trainee")
            self._findings.add("mentoring-cycle", place, column, cycle[0][1], path=path(cycle))

    def _compare_postings(self, rows: CheckedRows, programme: Programme, right: Marks) -> None:
        reader = rows.reader
        those = np.flatnonzero(right & ~rows.are("status", {"planned"}))
        postings = FilePostings(
            rows.numbers[those],
            rows.named("person")[those],
            rows.named("post")[those],
            rows.column("since").gather(those),
            rows.column("until").gather(those),
            (rows.are("kind", programme.kinds_beside) | rows.hold("marks", BESIDE_MARKS))[those],
            rows.hold("marks", {ACTING})[those],
        )
        names = partial(self._ids.named, "Person"), partial(self._ids.named, "Post")
        crowds = postings.crowds(self._capacities, *names) if self._capacities else ()
        for posting, holders, capacity in crowds:
            self._findings.add(
                "over-capacity",
                reader.raw.place.at(posting.row),
                reader.heading("post"),
                posting.post,
                holders=holders,
                day=posting.since,
                capacity=capacity,
            )
        for posting, other in postings.overlaps(*names):
            self._findings.add(
                "overlapping-posts",
                reader.raw.place.at(posting.row),
                reader.heading("person"),
                posting.person,
                post=posting.post,
                since=posting.since,
                other_post=other.post,
                other=other.row,
            )
