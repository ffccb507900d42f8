"""The rows of one shape while they are put together, and how they become files."""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from pathlib import Path
from random import Random
from typing import Any

from examples.words import INVENTED, new_name
from graph.schema import TABLES

HERE = Path(__file__).parent
Cells = dict[str, Any]


class Book:
    """The tables of one data set; ids of pairs, postings and facts are counted through."""

    def __init__(self, shape: str, seed: int) -> None:
        self.shape = shape
        self.draw = Random(f"{seed}/{shape}")
        self.tables: dict[str, list[Cells]] = defaultdict(list)
        self.is_chinese = False  # headings are Chinese titles, not keys
        self._names: set[str] = set()

    def unit(self, id_: str, name: str, kind: str, part_of: str = "") -> str:
        """Add a unit; the first one is marked as invented."""
        mark = "" if self.tables["units"] else INVENTED
        self.tables["units"].append(
            {"id": id_, "name": name + mark, "kind": kind, "part_of": part_of}
        )
        return id_

    def post(
        self, id_: str, title: str, unit: str, rank: str = "", kind: str = "", **more: Any
    ) -> str:
        """Add a post."""
        row = {"id": id_, "title": title, "unit": unit, "rank": rank, "kind": kind, **more}
        self.tables["posts"].append(row)
        return id_

    def person(self, id_: str, roles: str = "", cohort: int | None = None, **more: Any) -> str:
        """Add a person of a name that nobody has yet."""
        row = {"id": id_, "name": new_name(self.draw, self._names), "roles": roles, **more}
        self.tables["people"].append({**row, "cohort": cohort or ""})
        return id_

    def posting(self, person: str, post: str, since: str, until: str = "", **more: Any) -> None:
        """Add a posting, of the kind appointment where none is given."""
        row = {"person": person, "post": post, "kind": "appointment", "since": since}
        self._counted("rotations", "RT", {**row, "until": until, "status": "actual", **more})

    def pair(self, mentor: str, trainee: str, kind: str, since: str, until: str = "") -> None:
        """Add a pair of mentor and trainee."""
        row = {"mentor": mentor, "trainee": trainee, "kind": kind, "since": since, "until": until}
        self._counted("mentoring", "MT", row)

    def service(self, person: str, kind: str, since: str, until: str = "", **more: Any) -> None:
        """Add a dated fact of service."""
        row = {"person": person, "kind": kind, "since": since, "until": until, **more}
        self._counted("service", "SV", row)

    def _counted(self, table: str, prefix: str, row: Cells) -> None:
        number = len(self.tables[table]) + 1
        self.tables[table].append({"id": f"{prefix}{number:04d}", **row})

    def write(self, folder: Path) -> None:
        """Write a file for each table that has rows, and the programme beside them."""
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(HERE / f"{self.shape}.yaml", folder / "programme.yaml")
        for table in TABLES:
            rows = self.tables.get(table.name)
            if not rows:
                continue
            columns = [each for each in table.columns if any(each.heading in row for row in rows)]
            path = folder / f"{table.name}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(each.zh if self.is_chinese else each.heading for each in columns)
                writer.writerows([row.get(each.heading, "") for each in columns] for row in rows)
