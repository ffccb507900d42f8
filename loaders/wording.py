"""What an office edits of a stored programme itself: the three lists of a pair and the focus rule.

The rest of `programme.yaml` stays as it stands, comments too: only the blocks of changed parts are
written anew, and the whole text then passes the checks of the file. The change is kept beside it.
Whoever edits says which state of a part they saw; when somebody else changed that part meanwhile
nothing is stored and `Reworded` carries what is stored now.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph.changes import Change, changes_of, keep
from graph.errors import N_, Conflict, InputError, NotFound
from graph.programme import Programme, parse_programme
from graph.schema import PROGRAMME
from graph.store import Reader, Store
from graph.touched import nodes
from loaders.entry import mark

TABLE = "programme"  # the name under which the history keeps these changes
LISTS = ("mentoring_methods", "mentoring_duties", "growth_tasks")
FOCUS = "focus"
PARTS = (*LISTS, FOCUS)

_READ = f"MATCH (p:{PROGRAMME})\nRETURN p.id AS id, p.rules AS rules\nORDER BY id\nLIMIT 1"
_WRITE = f"MATCH (p:{PROGRAMME} {{id: $id}})\nSET p.rules = $rules"

Part = Any  # plain values: a list of {key, zh, en}, or {key, zh, en, record, rules}


@dataclass(frozen=True)
class Wording:
    """The parts as they are stored, as plain values."""

    id: str
    programme: Programme
    text: str
    parts: Mapping[str, Part]

    @property
    def marks(self) -> dict[str, str]:
        """Return a short text for each part that differs when the part does."""
        return {name: part_mark(part) for name, part in self.parts.items()}


class Reworded(Conflict):
    """Somebody else changed one of the same parts since it was shown; nothing was stored."""

    def __init__(self, now: Wording, parts: list[str], last: Change | None) -> None:
        super().__init__(
            N_("%(id)s was changed by %(by)s while you were writing; nothing was stored."),
            N_("Compare the two and choose."),
            id=now.id,
            by=last.by if last else "?",
        )
        self.now = now
        self.parts = parts
        self.last = last


def part_mark(part: Part) -> str:
    """Return a short text for the values of one part."""
    return mark({"part": part})


def wording(store: Reader) -> Wording:
    """Return the parts that are stored; NotFound when no programme is stored."""
    rows = store.read(_READ)
    if not rows or not rows[0]["rules"]:
        raise NotFound(N_("No programme is stored."), N_("Load a data set with a programme.yaml."))
    text = str(rows[0]["rules"])
    programme = parse_programme(text)
    return Wording(str(rows[0]["id"]), programme, text, _parts(programme))


def reword(
    store: Store, parts: Mapping[str, Part], *, by: str, seen: Mapping[str, str]
) -> Programme:
    """Store changed parts; `seen` has the mark of each part that the person had before them.

    A part that the person left as it was is not touched, whoever changed it meanwhile.
    """
    if not by.strip():
        raise InputError(N_("Your name is missing."), N_("Every entry is kept with a name."))
    with store.transaction() as transaction:
        now = wording(transaction)
        mine = {n: p for n, p in parts.items() if part_mark(p) != seen.get(n, "")}
        wanted = {n: p for n, p in mine.items() if part_mark(p) != now.marks[n]}
        lost = [n for n in wanted if seen.get(n, "") != now.marks[n]]
        if lost:
            history = changes_of(transaction, TABLE, now.id)
            raise Reworded(now, lost, history[0] if history else None)
        if not wanted:
            return now.programme
        text = now.text
        for name, part in wanted.items():
            text = _replaced(text, name, part)
        programme = parse_programme(text)
        _only_these(now.programme, programme, wanted)
        transaction.run(_WRITE, nodes(PROGRAMME, [now.id]), id=now.id, rules=text)
        keep(
            transaction,
            by=by.strip(),
            table=TABLE,
            row=now.id,
            action="corrected",
            before={name: lines(now.parts[name]) for name in wanted},
            after={name: lines(part) for name, part in _parts(programme).items() if name in wanted},
        )
        return programme


def lines(part: Part) -> list[str]:
    """Say a part in lines, as the history keeps it."""
    if part is None:
        return []
    if isinstance(part, list):
        return [f"{each['zh']} / {each['en']}" for each in part]
    return [f"{part['zh']} / {part['en']}", *(_flow(rule) for rule in part["rules"])]


def _parts(programme: Programme) -> dict[str, Part]:
    found: dict[str, Part] = {
        name: [term.model_dump(include={"key", "zh", "en"}) for term in programme.terms(name)]
        for name in LISTS
    }
    listed = programme.focus
    found[FOCUS] = listed and {
        **listed.model_dump(include={"key", "zh", "en"}),
        **({"record": listed.record} if listed.record else {}),
        "rules": [
            {use.name: use.parameters.model_dump(mode="json", exclude_unset=True, by_alias=True)}
            for use in listed.rules
        ],
    }
    return found


def _only_these(before: Programme, after: Programme, wanted: Mapping[str, Part]) -> None:
    """Refuse a text in which writing the blocks anew changed anything else, or not what was meant.

    That can happen where a file is written in an unusual style; it is edited as a file, then.
    """
    kept = set(Programme.model_fields) - set(wanted)
    same = before.model_dump(include=kept) == after.model_dump(include=kept)
    now = _parts(after)
    if not same or any(part_mark(now[name]) != part_mark(part) for name, part in wanted.items()):
        raise Conflict(
            N_("The programme's file is written in a way that this page cannot edit."),
            N_("Edit programme.yaml and load it again."),
        )


# --- text --------------------------------------------------------------------------------------


def _replaced(text: str, name: str, part: Part) -> str:
    """Write the block of one key of the file anew; a key that is not there comes to the end."""
    rows = text.splitlines()
    block = _block(name, part)
    first = next((at for at, row in enumerate(rows) if re.match(rf"{name}\s*:", row)), None)
    if first is None:
        return "\n".join([*rows, *block]) + "\n"
    last = first + 1
    while last < len(rows) and not re.match(r"[^\s#\-\]}]", rows[last]):
        last += 1
    # What stands right before the next key belongs to that one.
    while last > first + 1 and re.match(r"\s*(#.*)?$", rows[last - 1]):
        last -= 1
    return "\n".join([*rows[:first], *block, *rows[last:]]) + "\n"


def _block(name: str, part: Part) -> list[str]:
    if part is None or part == []:
        return [f"{name}: {'null' if part is None else '[]'}"]
    if isinstance(part, list):
        return [f"{name}:", *(f"  - {_flow(each)}" for each in part)]
    plain = [f"  {key}: {_flow(value)}" for key, value in part.items() if key != "rules"]
    rules = [f"    - {_flow(rule)}" for rule in part["rules"]]
    return [f"{name}:", *plain, "  rules:" if rules else "  rules: []", *rules]


def _flow(value: Any) -> str:
    """Write plain values in YAML's flow style; texts are quoted as JSON quotes them.

    >>> _flow({"reviewed": {"results": ["优秀"], "at_least": 1}})
    '{reviewed: {results: ["优秀"], at_least: 1}}'
    """
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
