"""The model of a store, on both engines: what is read, the two questions, and one person alone."""

from datetime import date

import pytest

from graph import cache
from graph.store import Store
from loaders.load import load
from queries.catalogue import ask
from queries.personnel import of_people, personnel
from tests.conftest import ROOT
from tests.queries.careers.careers_rows import fill, posting
from tests.queries.personnel import literal

ON = date(2024, 6, 30)


@pytest.fixture
def district(store: Store) -> Store:
    load(store, ROOT / "examples" / "shifeng")
    return store


def test_state_and_moves_are_questions_of_the_catalogue(district):
    (row,) = ask(district, "people.state", person="T001").rows
    assert list(row) == [
        "in_service", "since", "main_post", "also_holds", "meanwhile_at", "rank", "grade",
    ]  # fmt: skip
    assert (row["in_service"], row["main_post"], row["rank"]) == ("yes", "P01", "副处")
    moves = ask(district, "careers.moves", person="T001").rows
    assert [(move["from_post"], move["to_post"]) for move in moves][:3] == [
        (None, "P56"), ("P56", "P36"), ("P36", "P21"),
    ]  # fmt: skip
    everybody = ask(district, "careers.moves").rows
    assert [move for move in everybody if move["person"] == "T001"] == moves
    early = ask(district, "careers.moves", on="2017-09-19").rows
    assert all(move["day"] <= "2017-09-19" for move in early)


def test_one_person_read_alone_is_as_in_the_whole(district):
    whole = personnel(district)
    alone = [id_ for id_ in whole.columns.person_ids if id_.startswith("T00")]
    apart = _fresh(district, alone)
    for day in (date(2018, 5, 1), ON):
        assert {id_: apart.on(day)[id_] for id_ in alone} == {
            id_: whole.on(day)[id_] for id_ in alone
        }


def _fresh(store, people):
    cache.forget(store)
    found = of_people(store, people)
    assert len(found.columns.person_ids) == len(people)
    return found


def test_everybody_of_the_district_agrees_with_the_literal_reading(district):
    model = personnel(district)
    rows = {
        "people": district.read(
            "MATCH (p:Person) RETURN p.id AS id, p.joined_on AS joined_on, p.status AS status "
            "ORDER BY id"
        ),
        "posts": district.read("MATCH (p:Post) RETURN p.id AS id, p.rank AS rank ORDER BY id"),
        "rotations": district.read(
            "MATCH (p:Person)-[r:ROTATED_TO]->(q:Post) RETURN r.id AS id, p.id AS person, "
            "q.id AS post, r.kind AS kind, r.since AS since, r.until AS until, "
            "r.status AS status, r.rank AS rank, r.marks AS marks ORDER BY id"
        ),
    }
    people = literal.people_of(rows)
    for row in district.read(
        "MATCH (p:Person)-[:HAS_SERVICE]->(s:Service) RETURN p.id AS id, s.kind AS kind, "
        "s.since AS since ORDER BY id, since"
    ):
        people[row["id"]].service.append((row["kind"], row["since"]))
    for person in people.values():
        assert model.moves(ON, person.id) == literal.moves_by(person, ON)
        for day in (date(2016, 1, 1), date(2019, 7, 1), date(2022, 3, 15), ON):
            state, expected = model.on(day)[person.id], literal.state_on(person, day)
            assert (state.in_service, state.main_post, state.rank) == (
                expected["in_service"],
                expected["main_post"],
                expected["rank"],
            )


def test_a_write_is_in_the_next_answer(store):
    fill(store, [posting("a", "u:x", "2020", "2021")])
    assert personnel(store).on(ON)["a"].in_service == "not_known"
    store.write("CREATE (:Person {id: 'b', name: 'B', joined_on: '2024-06-01'})")
    assert personnel(store).on(ON)["b"].in_service == "awaiting"


def test_a_record_is_the_last_dated_fact_of_somebody_not_known_since(store):
    fill(store, [posting("a", "u:x", "2018-01-01", "2020-01-01")])
    store.write(
        "MATCH (p:Person {id: 'a'}) CREATE (p)-[:HAS_RECORD]->"
        "(:Record {id: 'r', name: 'r', kind: 'talk', `on`: '2021-05-06'})"
    )
    assert personnel(store).on(ON)["a"].since == "2021-05-06"
    assert personnel(store).on(date(2021, 5, 5))["a"].since == "2020-01-01"
