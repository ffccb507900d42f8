"""The questions of the catalogue that the model answers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from graph.store import Row, Store
from queries.columns import columns
from queries.people import ON, PERSON
from queries.personnel.follow import of_people, personnel
from queries.personnel.reading import FETCH
from queries.query import Parameter, Query, bilingual

if TYPE_CHECKING:
    from queries.personnel.model import Personnel


def _state(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    model = of_people(store, [values["person"]])
    if values["person"] not in model.columns.person_at:
        return []
    state = model.on(date.fromisoformat(values["on"]))[values["person"]]
    return [
        {
            "in_service": state.in_service,
            "since": state.since,
            "main_post": state.main_post,
            "also_holds": list(state.also_holds),
            "meanwhile_at": list(state.meanwhile_at),
            "rank": state.rank,
            "grade": state.grade,
        }
    ]


def _moves(store: Store, query: Query, values: Row, language: str) -> list[Row]:
    person = values["person"]
    model: Personnel = of_people(store, [person]) if person else personnel(store)
    return model.moves(date.fromisoformat(values["on"]), person)


QUERIES = (
    Query(
        "people.state",
        bilingual("某日的状态", "State on a day"),
        bilingual(
            "某人在某日是否在职（在职、待安排、不在职、不详）、主要职务、兼任和期间挂职的岗位、"
            "职务层次和职级。兼任与挂职不改变主要职务；挂职不产生职务层次。",
            "Whether a person serves on a day (yes, awaiting a post, no, not known) and since "
            "when, the main post, posts also held and held meanwhile, rank and grade. A beside "
            "posting "
            "gives no rank and ends no home posting.",
        ),
        (PERSON, ON),
        columns("in_service since main_post also_holds meanwhile_at rank grade"),
        FETCH["postings"].strip() + "\nORDER BY since, id",
        runner=_state,
        computed=("people",),
    ),
    Query(
        "careers.moves",
        bilingual("职务变动", "Moves"),
        bilingual(
            "截至某日主要职务的变动，按人员和日期排列：从哪个岗位到哪个岗位、中间空档的天数；"
            "remains_in 表示留任原兼任的岗位，不算到任。第一个主要职务没有来处。",
            "Changes of main post by a day, by person and day: from where to where, and the days "
            "between. `remains_in` goes on in a post that was also held, which is no arrival. "
            "A first main post comes from nowhere.",
        ),
        (Parameter("person", "人员编号", "id of a person", of="Person"), ON),
        columns("person:Person day from_post:Post to_post:Post gap_days how"),
        FETCH["postings"].strip() + "\nORDER BY person, since, id",
        runner=_moves,
        computed=("people",),
    ),
)
