"""Clocks, stages, deadlines, duties and lights worked out from the files alone.

Nothing of the project is imported: the files are read with `csv`, the rules with a reader of YAML,
and every rule is written out once more, as literally as `docs/programme.md` says it. Who has a
status of leaving without a day is left out: no file says when that was.
"""

from __future__ import annotations

import csv
from calendar import monthrange
from collections import defaultdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

ONE = timedelta(days=1)


def first(text):
    year, month, day = (*(int(part) for part in text.split("-")), 1, 1)[:3]
    return date(year, month, day)


def last(text):
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return date(parts[0], 12, 31)
    year, month = parts[:2]
    return first(text) if len(parts) == 3 else date(year, month, monthrange(year, month)[1])


def months_on(day, months):
    at = day.year * 12 + day.month - 1 + months
    year, month = at // 12, at % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def whole_months(since, until):
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if months_on(since, months) <= until else months - 1


def rest_between(since, until, pauses):
    return sum(
        since <= begin + ONE * n < until
        for begin, end in pauses
        for n in range(((end or until) - begin).days)
    )


def moved_on(since, day, pauses):
    """Count day after day; a day of a pause makes the clock end a day later."""
    for begin, end in sorted(pauses, key=lambda each: each[0]):
        if begin >= day:
            break
        if end is None:
            return None
        day += ONE * max((end - max(begin, since)).days, 0)
    return day


@cache
def table(path):
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Plain:
    """One data set on one day."""

    def __init__(self, folder: Path, on: date) -> None:
        self.on, self.folder = on, folder
        self.rules = yaml.safe_load((folder / "programme.yaml").read_text(encoding="utf-8"))
        self.posts = {row["id"]: row for row in self.table("posts")}
        self.unit_kind = {row["id"]: row["kind"] for row in self.table("units")}
        service = [r for r in self.table("service") if first(r["since"]) <= on]
        kinds = {each["key"]: each for each in self.rules["service_kinds"]}
        out = {key for key, each in kinds.items() if not each.get("in_service", True)}
        self.left = {r["person"]: first(r["since"]) for r in service if r["kind"] in out}
        self.pauses: dict[str, list[tuple[date, date | None]]] = {}
        for row in service:
            if kinds[row["kind"]].get("pauses_clocks"):
                end = first(row["until"]) if row["until"] else None
                self.pauses.setdefault(row["person"], []).append((first(row["since"]), end))
        gone = {each["key"] for each in self.rules["statuses"] if not each.get("counts", True)}
        self.people = {
            row["id"]: row
            for row in self.table("people")
            if "trainee" in row["roles"].split(";")
            and row["status"] not in gone
            and row["joined_on"]
            and first(row["joined_on"]) <= on
            and row["id"] not in self.left
        }
        self.postings = {person: self._postings_of(person) for person in self.people}
        self.records = defaultdict(list)
        for row in self.table("records"):
            if row["on"] <= str(on):
                self.records[row["person"]].append(row)
        self.ways = {person: self._way(person) for person in self.people}

    def table(self, name):
        return table(self.folder / f"{name}.csv")

    def _postings_of(self, person):
        joined, found = self.people[person]["joined_on"], []
        for row in self.table("rotations"):
            if row["person"] != person or row["status"] != "actual" or row["since"] > str(self.on):
                continue
            since = joined if first(row["since"]) < first(joined) else row["since"]
            post = self.posts[row["post"]]
            found.append({**row, "since": since, "at": post, "rank": row["rank"] or post["rank"]})
        return sorted(found, key=lambda row: row["since"])

    # --- stages

    def _way(self, person):
        """Return the stages gone through, each with its first day and the day it ended."""
        since, stages = first(self.people[person]["joined_on"]), self.rules["stages"]
        steps: list[tuple[dict, date, date | None]] = []
        for stage in stages:
            days = [self._gate(person, gate) for gate in stage.get("gates", ())]
            is_last = stage is stages[-1]
            if is_last or not days or any(day is None or day > self.on for day in days):
                return [*steps, (stage, since, None)]
            ended = max([since, *days])
            steps.append((stage, since, ended))
            since = ended
        raise AssertionError(person)

    def _gate(self, person, gate):
        ((name, rule),) = gate.items()
        pauses, joined = self.pauses.get(person, []), self.people[person]["joined_on"]
        if name == "since_joining":
            entry = last(joined)
            return moved_on(entry, months_on(entry, rule["months"]), pauses)
        if name == "reviewed":
            begin = "" if "months" not in rule else self._window(rule["months"])
            days = sorted(
                r["on"]
                for r in self.records[person]
                if r["kind"] == rule["record"]
                and r["result"] in rule["results"]
                and r["on"] >= begin
            )
            wanted = rule.get("at_least", 1)
            return first(days[wanted - 1]) if len(days) >= wanted else None
        if name == "reached_rank":
            ladder = [each["key"] for each in self.rules["ranks"]]
            high = ladder[ladder.index(rule["rank"]) :]
            beside = {k["key"] for k in self.rules["rotation_kinds"] if k.get("keeps_home_post")}
            found = [
                p["since"]
                for p in self.postings[person]
                if p["rank"] in high and p["kind"] not in beside
            ]
            return first(min(found)) if found else None
        held = [
            p
            for p in self.postings[person]
            if p["kind"] == rule["kind"] or p["at"]["kind"] in rule.get("or_post_kinds", ())
        ]
        if name == "has_served":
            return first(held[0]["since"]) if held else None
        assert name == "served_months", name
        return self._full(held, rule["at_least"], pauses)

    def _periods(self, postings):
        """Join what touches or overlaps, each taken as short as its dates allow."""
        begins = {p["since"] for p in postings}
        periods = [(last(p["since"]), first(p["until"]) if p["until"] else None) for p in postings]
        periods += [(first(p["until"]), last(p["until"])) for p in postings if p["until"] in begins]
        joined: list[tuple[date, date | None]] = []
        for since, until in sorted(periods, key=lambda each: (each[0], each[1] or date.max)):
            if until and until <= since:
                continue
            if joined and (joined[-1][1] is None or since <= joined[-1][1]):
                before = joined[-1]
                end = max(before[1], until) if before[1] and until else None
                joined[-1] = (before[0], end)
            else:
                joined.append((since, until))
        return joined

    def _full(self, postings, months, pauses):
        for since, until in self._periods(postings):
            day = moved_on(since, months_on(since, months), pauses)
            if day and (until is None or day <= until):
                return day
            if until is None:
                return None
            months -= whole_months(since, until - ONE * rest_between(since, until, pauses))
        return None

    def _window(self, months):
        begin = str(months_on(self.on + ONE, -months))
        return begin.removesuffix("-01").removesuffix("-01")

    def stands(self):
        """Return of each person the stage, since when, whole months in it, and its deadline."""
        found = {}
        for person, way in self.ways.items():
            stage, since, _ = way[-1]
            rest = ONE * rest_between(since, self.on, self.pauses.get(person, []))
            found[person] = (
                stage["key"],
                since,
                whole_months(since, self.on - rest),
                self._deadline(person, stage, since),
            )
        return found

    def _deadline(self, person, stage, since):
        if stage is self.rules["stages"][-1]:
            return None
        joined, pauses = first(self.people[person]["joined_on"]), self.pauses.get(person, [])
        days = [
            moved_on(begin, months_on(begin, stage[name]), pauses)
            for begin, name in ((since, "at_most"), (joined, "within_months"))
            if name in stage
        ]
        return min((day for day in days if day), default=None)

    # --- duties

    def duties(self):
        """Return of each duty and person when it is due and how it stands."""
        found = {}
        for duty in self.rules["duties"]:
            rule = duty["rule"]["every"]
            for person, way in self.ways.items():
                if rule.get("while") and way[-1][0]["key"] not in rule["while"]:
                    continue
                days = [
                    r["on"]
                    for r in self.records[person]
                    if r["kind"] == rule["record"] and rule.get("level", r["level"]) == r["level"]
                ]
                begins = [
                    since
                    for stage, since, _ in way
                    if not rule.get("while") or stage["key"] in rule["while"]
                ]
                base = max([begins[0], *map(first, sorted(days)[-1:])])
                pauses = self.pauses.get(person, [])
                step = (
                    months_on(base, rule["months"])
                    if "months" in rule
                    else base + ONE * rule["days"]
                )
                due = moved_on(base, step, pauses)
                if due is None:
                    continue
                late = moved_on(due, due + ONE * (rule.get("late_after_days", 0) + 1), pauses)
                is_late = late is not None and self.on >= late
                state = "done" if self.on < due else "late" if is_late else "due"
                found[duty["key"], person] = (due, state)
        return found

    # --- lights

    def lights(self):
        """Return what the checks of these clocks find: rule, person, the day it turns on."""
        ahead = self.on + ONE * self.rules["audit"].get("ahead_days", 30)
        found = []
        for person, (_, _, _, day) in self.stands().items():
            if day and day < self.on:
                found.append(("stage_late", person, day))
            elif day and day <= ahead:
                found.append(("stage_deadline", person, day))
        for (_, person), (due, state) in self.duties().items():
            if state != "done":
                found.append((f"duty_{state}", person, due))
        for person in self.people:
            for exercise in self.rules["exercises"]:
                found += self._exercise(person, exercise)
            found += self._requests(person)
            found += self._trainings(person)
            found += self._care(person)
        return sorted(found, key=str)

    def _exercise(self, person, exercise):
        had = self.postings[person]
        own = [p for p in had if p["kind"] == exercise["key"]]
        running = [p for p in own if not p["until"] or str(self.on) < p["until"]]
        pauses = self.pauses.get(person, [])
        for p in own:
            for kind in exercise.get("after", ()):
                if not any(q["kind"] == kind and q["since"] <= p["since"] for q in had):
                    yield "exercise_out_of_order", person, first(p["since"])
                    break
        for p in running if "at_most" in exercise else ():
            since = first(p["since"])
            over = moved_on(since, months_on(since, exercise["at_most"]), pauses)
            if over and over <= self.on:
                yield "exercise_too_long", person, over
        if own and not running and "at_least" in exercise:
            served = sum(
                whole_months(a, b - ONE * rest_between(a, b, pauses)) for a, b in self._joined(own)
            )
            if served < exercise["at_least"]:
                yield "exercise_too_short", person, first(max(p["until"] for p in own))

    def _joined(self, postings):
        """Join what touches or overlaps; each begins and ends on the first day of its dates."""
        joined: list[tuple[date, date]] = []
        for p in postings:
            since, until = first(p["since"]), first(p["until"])
            if joined and since <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(joined[-1][1], until))
            else:
                joined.append((since, until))
        return joined

    def _requests(self, person):
        for request in self.rules.get("requests", ()):
            rule = request["rule"]["answered"]
            mine = sorted(self.records[person], key=lambda r: r["on"])
            answers = [r for r in mine if r["kind"] == rule["by"]]
            for asked in (r for r in mine if r["kind"] == rule["record"]):
                owner = asked["level"] or rule.get("owner")
                fits = [
                    a
                    for a in answers
                    if first(a["on"]) >= first(asked["on"])
                    and (not owner or a["level"] == owner or a["result"] == rule["record"])
                ]
                if fits:
                    answers.remove(fits[0])
                    continue
                end = first(asked["on"]) + ONE * rule["within_days"]
                due = moved_on(first(asked["on"]), end, self.pauses.get(person, []))
                due = due or max(end, self.on)
                yield "request_open" if self.on <= due else "request_late", person, due

    def _trainings(self, person):
        joined, pauses = self.ways[person][0][1], self.pauses.get(person, [])
        had = {row["activity"] for row in self.table("attendance") if row["person"] == person}
        for training in self.rules.get("trainings", ()):
            rule = training["rule"]["attends"]
            wanted = rule.get("at_least", 1)
            days = sorted(
                each["held_on"]
                for each in self.table("activities")
                if each["id"] in had
                and self._kinds_of(each["kind"]) & {*rule["kinds"]}
                and each["held_on"] <= str(self.on)
            )
            if "within_months" in rule:
                lacks = len(days) < wanted
                due = moved_on(joined, months_on(joined, rule["within_months"]), pauses)
            else:
                lacks = sum(day >= self._window(rule["months"]) for day in days) < wanted
                base = last(days[-wanted]) if len(days) >= wanted else joined
                due = moved_on(base, months_on(base, rule["months"]), pauses)
            if lacks and due and due < self.on:
                yield "training_missing", person, due

    def _kinds_of(self, kind):
        above = {each["key"]: each.get("group") for each in self.rules["activity_kinds"]}
        return {kind, above.get(kind)}

    def _care(self, person):
        joined, pauses = self.ways[person][0][1], self.pauses.get(person, [])
        for measure in self.rules.get("entitlements", ()):
            rule = measure["rule"]["receives"]
            if str(self.people[person]["cohort"]) not in map(
                str, rule.get("cohorts", [self.people[person]["cohort"]])
            ):
                continue
            days = sorted(
                r["on"]
                for r in self.records[person]
                if r["kind"] == rule["record"] and r["result"] == rule["result"]
            )
            if "months" not in rule:
                if not days:
                    yield "care_missing", person, joined
                continue
            base = last(days[-1]) if days else joined
            due = moved_on(base, months_on(base, rule["months"]), pauses)
            if due and due <= self.on and not any(d >= self._window(rule["months"]) for d in days):
                yield "care_missing", person, due

    # --- totals

    def totals(self):
        """Return the figures of the report whose rule is about joining, postings, attendance."""
        return {
            each["key"]: value
            for each in self.rules["totals"]
            if (value := self._total(*next(iter(each["rule"].items())))) is not None
        }

    def _total(self, name, rule):
        begin = rule.get("since") or (self._window(rule["months"]) if "months" in rule else "")
        begin = str(begin)
        if name == "joined":
            return len(self.people)
        if name == "sent":
            return len(
                {
                    person
                    for person, had in self.postings.items()
                    for p in had
                    if p["kind"] in rule["kinds"]
                    and p["since"] >= begin
                    and self.unit_kind[p["at"]["unit"]]
                    in rule.get("unit_kinds", self.unit_kind.values())
                }
            )
        if name == "attendances":
            held = {
                a["id"]
                for a in self.table("activities")
                if a["kind"] in rule["kinds"] and begin <= a["held_on"] <= str(self.on)
            }
            return sum(
                r["person"] in self.people and r["activity"] in held
                for r in self.table("attendance")
            )
        if name == "recorded":
            return sum(
                record["kind"] in rule["records"]
                and record["result"] in rule["results"]
                and record["on"] >= begin
                for person in self.people
                for record in self.records[person]
            )
        if name == "promoted":
            return sum(self._rose(had, rule["to"], begin) for had in self.postings.values())
        return None

    def _rose(self, had, rank, begin):
        ladder = [each["key"] for each in self.rules["ranks"]]
        beside = {k["key"] for k in self.rules["rotation_kinds"] if k.get("keeps_home_post")}
        homes = [p for p in had if p["kind"] not in beside and p["rank"] in ladder]
        at = [p["since"] for p in homes if p["rank"] == rank]
        below = ladder[: ladder.index(rank)]
        return (
            bool(at)
            and min(at) >= begin
            and any(p["rank"] in below and p["since"] < min(at) for p in homes)
        )
