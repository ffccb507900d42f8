"""The programme and the rules that come with a data set, beside what is stored under others.

A programme is refused that lacks what stored rows hold, or that asks of stored records what they do
not have: what is exported under it would be refused. Records that the data set brings anew are
judged by themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from graph.errors import InputError
from graph.kinds import RecordKindTerm
from graph.programme import EMPTY_PROGRAMME, Programme, parse_programme, parse_rules
from graph.schema import table
from graph.store import Reader
from loaders.checking.rows import TableReader
from loaders.checking.values import stored_programme, unfit
from loaders.export.rows import stored_texts
from loaders.problems import LANGUAGE, Findings, Place
from loaders.readers import PROGRAMME_FILE, RULES_FILE, DataSet


class ShortRecords(NamedTuple):
    """Stored records of a kind that lack what it needs, or have a result that it has not."""

    kind: RecordKindTerm
    heading: str
    result: str | None  # None: the column is empty
    ids: frozenset[str]


def read_texts(
    data_set: DataSet, findings: Findings, store: Reader | None
) -> tuple[Programme, dict[str, str]]:
    """Return the programme that is to hold, beside the files or stored, and the right texts."""
    texts, language = data_set.texts, findings.language
    programme = stored = stored_programme(store)
    right: dict[str, str] = {}
    try:
        if PROGRAMME_FILE in texts:
            given = parse_programme(texts[PROGRAMME_FILE], PROGRAMME_FILE, language)
            if store and not _may_replace(data_set, findings, store, stored, given):
                return programme, right
            programme = given
            right[PROGRAMME_FILE] = texts[PROGRAMME_FILE]
        if RULES_FILE in texts:
            parse_rules(texts[RULES_FILE], RULES_FILE, programme, language)
            right[RULES_FILE] = texts[RULES_FILE]
    except InputError as error:
        # Without its programme, what the rules name cannot be judged: the first stops both.
        findings.take(error.problems)
    return programme, right


def _may_replace(
    data_set: DataSet, findings: Findings, store: Reader, stored: Programme, given: Programme
) -> bool:
    """Return whether what is stored fits a programme, and say what does not."""
    if given == stored:
        return True
    place, before = Place(PROGRAMME_FILE), findings.error_count
    if stored != EMPTY_PROGRAMME and stored.id != given.id:
        findings.add("other-programme", place, "id", given.id, other=stored.id)
        return False
    for each in unfit(store, given):
        findings.add(
            "programme-lacks",
            place,
            each.column.kinds,
            each.value,
            list=each.column.kinds,
            table=each.table.name,
            count=each.count,
        )
    short = list(short_records(store, given))
    brought = _brought(data_set, findings, given) if short else set()
    for one in short:
        if not (count := len(one.ids - brought)):
            continue
        code = "programme-needs" if one.result is None else "programme-results"
        column = table("records").column(one.heading)
        result = given.title("results", one.result, findings.language) if one.result else ""
        findings.add(
            code,
            place,
            "record_kinds",
            one.kind.key,
            kind=one.kind.text(findings.language),
            needed=column.en if findings.language == "en" else column.zh,
            result=result,
            count=count,
        )
    rules = stored_texts(store).get(RULES_FILE)
    if rules and not _brings_rules(data_set, given):  # then the stored ones stay beside it
        parse_rules(rules, RULES_FILE, given, findings.language)
    return findings.error_count == before


def _brings_rules(data_set: DataSet, programme: Programme) -> bool:
    """Return whether rules come with the programme, and are right beside it."""
    try:
        if RULES_FILE in data_set.texts:
            parse_rules(data_set.texts[RULES_FILE], RULES_FILE, programme, LANGUAGE)
    except InputError:
        return False
    return RULES_FILE in data_set.texts


def short_records(
    store: Reader, programme: Programme, but_load: str = ""
) -> Iterator[ShortRecords]:
    """Find stored records that a programme asks more of than they have; `but_load`: of others."""
    load = f"{but_load}:" if but_load else ""
    names = {each.heading: each.name for each in table("records").properties}
    for kind in programme.record_kinds:
        for heading in kind.needs:
            rows = store.read(
                f"MATCH (r:Record)\nWHERE r.kind = $kind AND r.`{names[heading]}` IS NULL\n"
                "  AND ($load = '' OR NOT (coalesce(r.origin, '') STARTS WITH $load))\n"
                "RETURN r.id AS id\nORDER BY id",
                kind=kind.key,
                load=load,
            )
            if rows:
                yield ShortRecords(kind, heading, None, frozenset(row["id"] for row in rows))
        if not kind.results:
            continue
        by_result: dict[str, set[str]] = {}
        for row in store.read(
            "MATCH (r:Record)\nWHERE r.kind = $kind AND r.result IS NOT NULL\n"
            "  AND NOT (r.result IN $results)\n"
            "  AND ($load = '' OR NOT (coalesce(r.origin, '') STARTS WITH $load))\n"
            "RETURN r.id AS id, r.result AS result\nORDER BY id",
            kind=kind.key,
            results=list(kind.results),
            load=load,
        ):
            by_result.setdefault(row["result"], set()).add(row["id"])
        for result, ids in by_result.items():
            yield ShortRecords(kind, "result", result, frozenset(ids))


def _brought(data_set: DataSet, findings: Findings, programme: Programme) -> set[str]:
    """Return the ids of the records that the data set brings."""
    if "records" not in data_set.tables:
        return set()
    reader = TableReader(data_set.tables["records"], Findings(findings.language), programme)
    return {reader.id(row) for batch in reader.batches() for row in batch.rows}
