"""The history of entries, on each engine."""

import pytest

from graph.changes import changes, changes_of, keep
from graph.store import Store


def put(store: Store, row: str, action: str = "added", **given) -> str:
    values = {"by": "张三", "table": "people", "before": None, "after": {"id": row}, **given}
    with store.transaction() as transaction:
        return keep(transaction, row=row, action=action, **values).id


def test_change_keeps_when_by_whom_and_both_rows(store: Store):
    put(store, "a", "corrected", before={"name": "旧", "list": ["x"]}, after={"name": "新"})
    (found,) = changes(store)
    assert (found.by, found.table, found.row, found.action) == ("张三", "people", "a", "corrected")
    assert (found.before, found.after) == ({"name": "旧", "list": ["x"]}, {"name": "新"})
    assert found.fields == ("name", "list")
    assert found.at.startswith("20") and found.at.endswith("+00:00")


def test_newest_change_comes_first_and_pages_do_not_overlap(store: Store):
    for row in ("a", "b", "c"):
        put(store, row)
    first = changes(store, limit=2)
    rest = changes(store, limit=2, before=first[-1].id)
    assert [change.row for change in (*first, *rest)] == ["c", "b", "a"]


def test_changes_are_found_by_what_they_touch_by_table_and_by_row(store: Store):
    put(store, "pair", table="mentoring", about=("m", "t"))
    put(store, "t")
    assert [change.row for change in changes(store, about="t")] == ["t", "pair"]
    assert [change.row for change in changes(store, table="mentoring")] == ["pair"]
    assert [change.row for change in changes_of(store, "people", "t")] == ["t"]
    assert changes_of(store, "mentoring", "t") == []


def test_change_is_not_kept_when_its_transaction_fails(store: Store):
    with pytest.raises(RuntimeError), store.transaction() as transaction:
        keep(transaction, by="a", table="people", row="a", action="added", before=None, after={})
        raise RuntimeError
    assert changes(store) == []
