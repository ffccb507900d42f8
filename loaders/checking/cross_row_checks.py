"""What the right rows of whole tables say together: mentors in a circle, posts at the same time.

The bare facts of postings and ties are kept by column. All of it is doubtful only, no mistake.
"""

from __future__ import annotations

from functools import partial
from itertools import compress

import numpy as np

from graph.programme import Programme
from loaders.checking.cycles import cycles, edges_on_cycles, path
from loaders.checking.numbered import Days, Ids, Marks, Numbered, Numbers
from loaders.checking.postings import FilePostings
from loaders.checking.rows import TableReader
from loaders.problems import Findings

# The columns that are looked at beside what rows name and their periods.
COMPARED = {"posts": ("capacity",), "rotations": ("status", "kind")}


class CrossRowChecks:
    """Keeps what is to be compared of each table, and tells what is doubtful about it."""

    def __init__(self, findings: Findings, ids: Ids, days: Days) -> None:
        self._findings = findings
        self._ids = ids
        self._ties: list[tuple[Numbers, Numbers, Numbers]] = []  # mentors, trainees and rows
        self._postings = FilePostings(days)

    def keep(
        self, reader: TableReader, programme: Programme, batch: Numbered, right: Marks
    ) -> None:
        """Keep what is to be compared of the right rows of a batch."""
        name, at = reader.table.name, reader.at
        if name == "mentoring":
            columns = batch.named("mentor"), batch.named("trainee"), batch.numbers()
            self._ties.append((columns[0][right], columns[1][right], columns[2][right]))
        elif name == "posts" and "capacity" in at:
            capacities = compress(batch.column("capacity"), right.tolist())
            self._postings.add_capacities(batch.numbers()[right], capacities)
        elif name == "rotations" and "since" in at:
            keeping = programme.kinds_beside
            right = right & ~batch.are("status", {"planned"})
            self._postings.add(
                batch.numbers()[right],
                batch.named("person")[right],
                batch.named("post")[right],
                batch.dates("since")[right],
                batch.dates("until")[right],
                batch.are("kind", keeping)[right],
            )

    def compare(self, reader: TableReader) -> None:
        """Tell what is doubtful about a table that was read."""
        if reader.table.name == "mentoring" and self._ties:
            self._compare_ties(reader)
        elif reader.table.name == "rotations":
            self._compare_postings(reader)

    def _compare_ties(self, reader: TableReader) -> None:
        mentors, trainees, rows = map(np.concatenate, zip(*self._ties, strict=True))
        self._ties.clear()
        at = edges_on_cycles(mentors, trainees)
        sources, targets, numbers = (each[at].tolist() for each in (mentors, trainees, rows))
        id_by_number = self._ids.named("Person", {*sources, *targets})
        named = [id_by_number[each] for each in sources], [id_by_number[each] for each in targets]
        for cycle in cycles(zip(*named, numbers, strict=True)):
            place = reader.raw.place.at(cycle[0][2])
            column = reader.heading("trainee")
            self._findings.add("mentoring-cycle", place, column, cycle[0][1], path=path(cycle))

    def _compare_postings(self, reader: TableReader) -> None:
        names = partial(self._ids.named, "Person"), partial(self._ids.named, "Post")
        for posting, holders, capacity in self._postings.crowds(*names):
            self._findings.add(
                "over-capacity",
                reader.raw.place.at(posting.row),
                reader.heading("post"),
                posting.post,
                holders=holders,
                day=posting.since,
                capacity=capacity,
            )
        for posting, other in self._postings.overlaps(*names):
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
        self._postings.clear()
