"""Edges that a question derives after a load, when the facts that gave them change."""

from pathlib import Path

from graph.changes import changes
from graph.store import Store
from loaders.load import load
from loaders.sources import parse_description
from loaders.undo import hindrances, undo
from tests.loaders.test_load import labels, ties, written
from tests.loaders.test_loads import everything

LEADING = """
name: leading
title: Who led whom
files: {posts: {name: posts.csv}, people: {name: people.csv}, held: {name: held.csv}}
tables:
  units: [{file: posts, distinct: true, columns: {id: unit, name: unit}}]
  posts: [{file: posts, columns: {id: id, title: id, unit: unit, rank: rank}}]
  people: [{file: people, columns: {id: id, name: id, roles: {column: roles, optional: true}}}]
  rotations:
    - file: held
      columns: {id: id, person: person, post: post, since: since, until: until}
derive:
  - {query: careers.served_under, parameters: {ranks: [high, low]}, kind: served_under}
"""
LED = {
    "posts.csv": "id,unit,rank\nhead,u,high\nclerk,u,low\n",
    "people.csv": "id,roles\na,\nb,\nc,\nd,mentor;trainee\n",
    "held.csv": "id,person,post,since,until\n1,a,head,2001,2005\n2,b,clerk,2002,2003\n"
    "3,c,clerk,2004,2005\n4,d,head,2004,2005\n5,d,clerk,2001,2003\n",
}


def test_derived_edges_go_with_the_facts_that_gave_them(store: Store, tmp_path: Path):
    description = parse_description(LEADING, "x")
    load(store, written(tmp_path / "first", LED), source=description)
    kinds = [("a", "b"), ("a", "c"), ("a", "d"), ("d", "c")]
    assert sorted(ties(store, "MENTORS")) == kinds
    store.write("MATCH (p:Person {id: 'c'}) SET p.native_place = 'X'")  # nothing to do with it
    other = LEADING.replace("name: leading", "name: other")  # another source, that derives the same
    first = everything(store)
    load(store, tmp_path / "first", source=parse_description(other, "x"))
    assert everything(store) == first
    # c left before d came, and b never was under a.
    held = LED["held.csv"].replace("3,c,clerk,2004,2005", "3,c,clerk,2001,2002")
    held = held.replace("2,b,clerk,2002,2003", "2,b,clerk,2006,2007")
    changed = {"people.csv": "id\na\nb\nc\nd\n", "held.csv": held}
    load(store, written(tmp_path / "second", {**LED, **changed}), source=description)
    assert sorted(ties(store, "MENTORS")) == [("a", "c"), ("a", "d")]
    # b has nobody above any more; d stays a mentor, because its own row said so.
    assert labels(store) == {
        ("a", "Mentor"), ("c", "Trainee"), ("d", "Mentor"), ("d", "Trainee"),
    }  # fmt: skip
    (removed, _) = [each for each in changes(store, table="mentoring") if each.after is None]
    assert (removed.action, removed.load, removed.by) == ("removed", "3", "second")
    again = everything(store)
    load(store, tmp_path / "second", source=description)
    assert everything(store) == again
    assert hindrances(store, "3") == []
    undo(store, "3", by="王芳")
    assert everything(store) == first
