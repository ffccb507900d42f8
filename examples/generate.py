"""Write the invented reference district, or one of the same shape for any number of trainees.

    python -m examples.generate [--out DIR] [--seed N] [--trainees N] [--files people,mentoring]
    python -m examples.generate --shape NAME --out DIR [--seed N]
    python -m examples.generate --doctoral [--out DIR]

Rows stream to the files district by district, so memory does not grow with the number of trainees.
The same seed gives the same bytes. Without options it rewrites `examples/shifeng`. A shape is a
data set of its own: another district or a hospital, with its own programme (`examples/shapes`). The
doctoral school is the one of `examples/doctoral`.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from examples import (
    acceptance,
    assessments,
    care,
    doctoral_school,
    growth,
    others,
    reserve,
    talks,
    tasks,
)
from examples.district import TRAINEES, District, Row
from examples.shapes import SHAPES
from examples.shapes.book import Book
from examples.words import INVENTED, UNITS

HERE = Path(__file__).parent / "shifeng"
SEED = 3425
AREA_SIZE = 50  # districts (or areas) that one area above them holds

Rows = Callable[[District], Iterator[Row]]


def _then(first: Rows, second: Rows) -> Rows:
    """Let the rows of the others follow those of trainees and mentors."""

    def rows(district: District) -> Iterator[Row]:
        yield from first(district)
        yield from second(district)

    return rows


def _and_nothing(rows: Rows, cells: int) -> Rows:
    """Fill so many further columns with nothing."""

    def filled(district: District) -> Iterator[Row]:
        for row in rows(district):
            yield *row, *[""] * cells

    return filled


# The files, their headings in order, and which ids are counted through (none: the row has its own).
FILES: dict[str, tuple[str, str, Rows]] = {
    "people": (
        "",
        "id,name,roles,cohort,joined_on,born_on,native_place,education,specialties,status,"
        "mentor_capacity",
        _then(District.people, others.people),
    ),
    "units": ("", "id,name,kind,part_of", District.units),
    "posts": (
        "",
        "id,title,unit,rank,kind,capacity,demands,hardship",
        tasks.posts(_then(District.posts, others.posts)),
    ),
    "mentoring": (
        "MT",
        f"id,mentor,trainee,kind,since,until,methods,duties,tasks,{acceptance.COLUMNS}",
        acceptance.accepted(_then(growth.mentoring, others.mentoring)),
    ),
    "rotations": (
        "RT",
        "id,person,post,kind,since,until,status,rank,marks",
        tasks.rotations(District.rotations, others.rotations),
    ),
    "service": (
        "SV",
        "id,person,kind,since,until,to,document,note",
        _then(District.service, others.service),
    ),
    "grades": ("GR", "id,person,grade,since,document", _then(District.grades, others.grades)),
    "activities": (
        "",
        "id,kind,title,held_on,until,place,organiser,hours,level,unit",
        care.activities(tasks.activities(growth.activities)),
    ),
    "attendance": (
        "",
        "person,activity,role,result",
        care.attendance(tasks.attendance(_then(growth.attendance, others.attendance))),
    ),
    "records": (
        "RC",
        f"id,person,kind,on,level,result,summary,until,document,{talks.COLUMNS},{care.COLUMNS}",
        care.records(
            _then(
                talks.told(_and_nothing(_then(growth.records, others.records), 2)),
                _then(
                    _and_nothing(reserve.records, len(talks.COLUMNS.split(","))),
                    _and_nothing(assessments.records, len(talks.COLUMNS.split(",")) - 1),
                ),
            )
        ),
    ),
    "wishes": ("", "person,post,unit,rank_of_wish,avoid", District.wishes),
    "kin": ("", "person,relative,relation", District.kin),
}
BESIDE = ("programme.yaml", "rules.yaml", "README.md")


def generate(
    out: Path, seed: int = SEED, trainees: int = TRAINEES, files: Iterable[str] = FILES
) -> None:
    """Write the chosen files of a data set of so many trainees into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    for name in BESIDE:
        if (HERE / name).exists() and out.resolve() != HERE.resolve():
            shutil.copyfile(HERE / name, out / name)
    districts = -(-trainees // TRAINEES)
    with ExitStack() as stack:
        writers = {}
        for name in files:
            file = stack.enter_context(
                (out / f"{name}.csv").open("w", encoding="utf-8", newline="")
            )
            writers[name] = csv.writer(file, lineterminator="\n")
            writers[name].writerow(FILES[name][1].split(","))
        if "units" in writers:
            writers["units"].writerows(areas(districts))
        counts = dict.fromkeys(FILES, 0)
        for number in range(districts):
            district = District(number, trainees - number * TRAINEES, seed)
            for name, writer in writers.items():
                prefix, _, rows_of = FILES[name]
                if name == "units" and districts > 1:
                    rows: Iterable[Row] = district.units(area_of(number, 0))
                else:
                    rows = rows_of(district)
                if prefix:
                    first = counts[name] + 1
                    rows = [(f"{prefix}{n:04d}", *row) for n, row in enumerate(rows, first)]
                    counts[name] += len(rows)
                writer.writerows(rows)


def generate_shape(out: Path, name: str, seed: int = SEED) -> None:
    """Write a data set of another shape, with its programme, into a folder."""
    book = Book(name, seed)
    SHAPES[name](book)
    book.write(out)


def area_of(number: int, level: int) -> str:
    """Return the id of the area that a district (level 0) or an area belongs to."""
    return f"R{level + 1}-{number // AREA_SIZE + 1}"


def areas(districts: int) -> Iterator[Row]:
    """Yield the units above the districts: areas of areas up to one; none for one district."""
    levels = []
    size = districts
    while size > 1:
        size = -(-size // AREA_SIZE)
        levels.append(size)
    for level in reversed(range(len(levels))):
        for number in range(levels[level]):
            top = level == len(levels) - 1
            name = f"{UNITS[0].name}片区" if top else f"第{level + 1}级片区{number + 1}"
            above = "" if top else area_of(number, level + 1)
            yield f"R{level + 1}-{number + 1}", name + INVENTED, "area", above


def main(arguments: list[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m examples.generate", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--out", type=Path, help="folder (default: examples/shifeng)")
    parser.add_argument("--seed", type=int, default=SEED, help=f"default: {SEED}")
    parser.add_argument(
        "--trainees",
        type=int,
        default=TRAINEES,
        help=f"default: {TRAINEES}, the reference district",
    )
    parser.add_argument(
        "--shape", choices=sorted(SHAPES), help="another data set than the district; asks for --out"
    )
    parser.add_argument(
        "--doctoral", action="store_true", help="the doctoral school (folder: examples/doctoral)"
    )
    parser.add_argument("--files", default=",".join(FILES), help="which files, by comma")
    options = parser.parse_args(arguments)
    files = options.files.split(",")
    unknown = [name for name in files if name not in FILES]
    if unknown:
        parser.error(f"--files: {unknown[0]!r} is none of {', '.join(FILES)}")
    if options.trainees < 1:
        parser.error(f"--trainees: {options.trainees} is not a number from 1 up")
    if options.doctoral:
        doctoral_school.generate(options.out or doctoral_school.HERE)
        return 0
    if options.shape:
        if options.out is None:
            parser.error("--shape: no folder is given to write into; add --out FOLDER")
        generate_shape(options.out, options.shape, options.seed)
        return 0
    generate(options.out or HERE, options.seed, options.trainees, files)
    return 0


if __name__ == "__main__":
    sys.exit(main())
