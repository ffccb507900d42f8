"""The career of generated people agrees with the literal reading of what was true each day."""

from datetime import date

import pytest

from graph.dates import months_between
from graph.programme import parse_programme
from graph.store import Store
from queries.careers.history import career
from tests.queries.careers.careers_rows import fill, posting
from tests.queries.personnel import literal
from tests.queries.personnel.histories import dated_only, histories

PROGRAMME = parse_programme("""
ranks:
  - {key: 科员, zh: 科员, en: a}
  - {key: 副科, zh: 副科, en: b}
  - {key: 正科, zh: 正科, en: c}
  - {key: 副处, zh: 副处, en: d}
  - {key: 正处, zh: 正处, en: e}
rotation_kinds:
  - {key: secondment, zh: 挂职, en: s, keeps_home_post: true}
  - {key: platform, zh: 平台, en: p, keeps_home_post: true}
statuses: [{key: resigned, zh: 辞职, en: r, counts: false}]
""")


def days_of_change(person, on):
    """The start of service and all begins and ends by a day, in order."""
    days = {literal.start_of(person)}
    for each in literal.actual(person):
        days |= {literal.first(each.since), literal.end_of(person, each)}
    return sorted(day for day in days - {None} if literal.start_of(person) <= day <= on)


def gaps_of(person, on):
    """The times in service without a home posting, up to the last day known."""
    if not any(literal.held_on(person, day) for day in days_of_change(person, on)):
        return []
    last = min(on, literal.left_undated(person) or on)
    cuts = [day for day in days_of_change(person, on) if day < last]
    free, found = None, []
    for day in [*cuts, last]:
        home = day == last or literal.main_on(person, day) is not None
        if home and free is not None:
            found.append((months_between(free, day), day))
        free = (free or day) if not home else None
    return found


def held_as(person, posting, on):
    days = [day for day in days_of_change(person, on) if posting in literal.held_on(person, day)]
    if not days or posting.planned or not posting.since:
        return None
    if not literal.is_home(posting):
        return "meanwhile"
    mains = [literal.main_on(person, day).post for day in days]
    return "main" if posting.post in mains else "also_held"


def stored(store, people):
    """Store what a store has tables for, and the marks of postings; give the people so reduced."""
    rows, marks = [], []
    for person in people:
        person.service, person.grades, person.dated, person.born_on = [], [], [], None
        for p in person.postings:
            status = "planned" if p.planned else "actual"
            more = {"kind": p.kind, "rank": p.rank, "status": status, "id": p.id}
            rows.append(posting(person.id, p.post, p.since, p.until, **more))
            marks.append({"id": p.id, "marks": list(p.marks)})
    fill(store, rows, people={person.id: person.joined_on for person in people})
    store.write(
        "UNWIND $rows AS row MATCH (p:Person {id: row.id}) SET p.status = row.status",
        rows=[{"id": person.id, "status": person.status} for person in people],
    )
    for row in marks:
        store.write("MATCH ()-[r:ROTATED_TO]->() WHERE r.id = $id SET r.marks = $marks", **row)
    return people


@pytest.mark.parametrize("on", [date(2012, 7, 1), date(2024, 6, 30)])
def test_gaps_and_ways_of_holding_of_generated_people(embedded_store: Store, on: date):
    people = stored(embedded_store, dated_only(histories(40, 60)))
    for person in people:
        found = career(embedded_store, person.id, on, PROGRAMME)
        if literal.start_of(person):
            gaps = [(gap.months, literal.first(gap.until)) for gap in found.gaps]
            assert gaps == gaps_of(person, on), person
        told = {each.row["id"]: each.held_as for each in found.postings}
        expected = {
            p.id: held_as(person, p, on) for p in person.postings if p.since and p.id in told
        }
        assert {id_: told[id_] for id_ in expected} == expected, person
