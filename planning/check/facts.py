"""What the checker knows: the plan's file and the graph, read by questions of its own.

Shares nothing with `reading`, on purpose: a mistake made there must not be repeated here.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from graph.dates import add_months, first_day, is_date, last_day, months_between
from graph.errors import N_, InputError
from graph.programme import Programme
from graph.store import Reader, Row
from planning.check.service import PostingsThatCount, StoredPosting
from planning.problem.defaults import Setting

NO = {"", "false", "no", "0", "否", "不"}


@dataclass
class Someone:
    """A person who is planned, with what the graph says of them."""

    id: str
    name: str
    joined: date | None
    surely_joined: date | None  # the last day that it can mean: times are counted from it
    born: date | None
    native: str
    specialties: set[str]
    postings: list[StoredPosting] = field(default_factory=list)  # begun by the first day
    present: list[StoredPosting] = field(default_factory=list)  # main and beside, on that day
    rank: tuple[int | None, date | None] = (None, None)  # on that day, and since when
    wishes: list[tuple[int | None, str | None, str | None]] = field(default_factory=list)
    leave: set[int] = field(default_factory=set)
    activities: set[str] = field(default_factory=set)
    reviews: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class AssignedPosting:
    """A posting of the plan by numbers of periods; `going` is the posting that it goes on with."""

    person: str
    post: str
    kind: str | None
    begin: int
    end: int
    going: StoredPosting | None


class PlanFacts:
    """The facts that a plan is judged by, and small questions about them."""

    def __init__(
        self,
        store: Reader,
        programme: Programme,
        settings: tuple[Setting, ...],
        plan: Mapping[str, Any],
    ) -> None:
        self.store, self.programme, self.settings = store, programme, settings
        scenario = plan.get("scenario") or {}
        self.waived = {(str(a), str(b)) for a, b in scenario.get("waived", ())}
        self.capacities = scenario.get("capacities", {})
        self.scenario = scenario
        self.rows = [_assignment(each) for each in plan.get("assignments", ())]
        self.planned: list[tuple[str, str, date]] = []
        self.kept: list[tuple[str, StoredPosting]] = []  # beside main posts: they go on
        self._read_horizon(plan)
        self._read_posts()
        self._read_people()
        self._read_others()

    # --- the facts

    def _read_horizon(self, plan: Mapping[str, Any]) -> None:
        given = plan.get("horizon")
        if given:
            since, count, period = given["from"], given["periods"], given["period"]
        else:  # a bare list of assignments: half-years from the first day to the last
            days = [row["since"] for row in self.rows] or ["2000-01-01"]
            since, period = min(days), "half-year"
            ends = [row["until"] for row in self.rows if row["until"]] or [since]
            count = max(1, -(-months_between(first_day(since), first_day(max(ends))) // 6))
        self.months = {"quarter": 3, "half-year": 6}[period]
        self.periods = int(count)
        self.days = [add_months(first_day(since), self.months * t) for t in range(self.periods + 1)]

    def _read_posts(self) -> None:
        self.units: dict[str, dict[str, Any]] = {}
        for row in self.store.read(
            "MATCH (u:Unit) RETURN u.id AS id, u.name AS name, u.kind AS kind ORDER BY id"
        ):
            self.units[row["id"]] = row
        self.above = {
            row["low"]: row["high"]
            for row in self.store.read(
                "MATCH (a:Unit)-[:PART_OF]->(b:Unit) RETURN a.id AS low, b.id AS high ORDER BY low"
            )
        }
        self.posts = {
            row["id"]: row
            for row in self.store.read(
                "MATCH (q:Post)-[:IN]->(u:Unit) RETURN q.id AS id, q.name AS name, u.id AS unit, "
                "q.rank AS rank, q.kind AS kind, q.capacity AS capacity, q.demands AS demands, "
                "q.hardship AS hardship ORDER BY id"
            )
        }
        for id_, capacity in self.capacities.items():
            self.posts[id_]["capacity"] = capacity
        self.exercises: dict[str, dict[str, Any]] = {
            each.key: {
                "at_least": each.at_least,
                "at_most": each.at_most,
                "after": each.after,
                "keeps": each.key in self.programme.kinds_beside,
                "required": each.required,
            }
            for each in self.programme.exercises
        }
        keeping = [each for each in self.settings if each.name == "keeps_home_post"]
        for each in self.exercises.values():
            each["keeps"] = each["keeps"] and bool(keeping)
        nothing = {
            "at_least": None,
            "at_most": None,
            "after": (),
            "keeps": False,
            "required": False,
        }
        for setting in keeping:
            for kind in sorted({*setting["kinds"], *self.programme.kinds_beside}):
                self.exercises.setdefault(kind, dict(nothing))["keeps"] = True
        for setting in self.settings:
            if setting.name == "served_months" and setting.is_hard:
                first = self.exercises.setdefault(setting["kind"], dict(nothing))
                first["at_least"] = max(first["at_least"] or 0, setting["at_least"])
                for term in self.programme.rotation_kinds:
                    self.exercises.setdefault(term.key, {**nothing, "after": (setting["kind"],)})
        self._read_offers()

    def _read_offers(self) -> None:
        """Find what holding a post is: its own kind, or what others did in posts of that kind."""
        done: dict[str | None, Counter[str]] = defaultdict(Counter)
        for row in self.store.read(
            "MATCH (:Person)-[r:ROTATED_TO]->(q:Post) WHERE r.kind IS NOT NULL "
            "RETURN q.id AS post, q.kind AS what, r.kind AS kind ORDER BY post, kind"
        ):
            done[row["what"]][row["kind"]] += 1
        rotations = {term.key for term in self.programme.rotation_kinds} | set(self.exercises)
        given = self.scenario.get("kinds_by_post_kind", {})
        self.offer: dict[str, str] = {}
        for id_, post in self.posts.items():
            what = post["kind"]
            if what in given:
                self.offer[id_] = given[what]
            elif what in rotations:
                self.offer[id_] = what
            elif done[what]:
                ordered = sorted(done[what].items(), key=lambda pair: (-pair[1], pair[0]))
                asked = [kind for kind, _ in ordered if kind in self.exercises]
                self.offer[id_] = (asked or [kind for kind, _ in ordered])[0]

    def _read_people(self) -> None:
        chosen = list(self.scenario.get("people", ()))
        gone = {word for s in self._all("leave") for word in s["gone"]}
        self.people: dict[str, Someone] = {}
        statuses: dict[str, str | None] = {}
        rows = [
            row
            for row in self.store.read(
                "MATCH (p:Person) WHERE p:Trainee OR p.id IN $ids RETURN p.id AS id, "
                "p.name AS name, p.joined_on AS joined, p.born_on AS born, "
                "p.native_place AS native, p.specialties AS specialties, p.status AS status "
                "ORDER BY id",
                ids=chosen,
            )
            if row["status"] not in gone and (not chosen or row["id"] in chosen)
        ]
        self._read_careers(rows)
        for row in rows:
            joined, career = _day(row["joined"]), self._career(row, self.days[0])
            is_coming = joined and joined > self.days[0] and career.left is None
            if not is_coming and not career.serves(self.days[0]):
                continue
            statuses[row["id"]] = row["status"]
            self.people[row["id"]] = Someone(
                row["id"],
                row["name"],
                joined,
                last_day(row["joined"]) if row["joined"] else None,
                _day(row["born"]),
                row["native"] or "",
                set(row["specialties"] or ()),
            )
            self._place(self.people[row["id"]], career)
        self._read_wishes()
        self._read_leave(statuses)
        for row in self.store.read(
            "MATCH (p:Person)-[:TOOK_PART_IN]->(a:Activity) WHERE p.id IN $ids "
            "RETURN DISTINCT p.id AS id, a.kind AS kind ORDER BY id, kind",
            ids=list(self.people),
        ):
            self.people[row["id"]].activities.add(row["kind"])
        for setting in self._all("last_reviews"):
            for row in self.store.read(
                "MATCH (p:Person)-[:HAS_RECORD]->(r:Record) WHERE p.id IN $ids AND r.kind = $kind "
                "AND r.on < $day AND r.withdrawn_on IS NULL "
                "RETURN p.id AS id, r.on AS held_on, r.result AS result "
                "ORDER BY id, held_on DESC, result",
                ids=list(self.people),
                kind=setting["record"],
                day=self.days[0].isoformat(),
            ):
                if row["result"]:
                    self.people[row["id"]].reviews.append(row["result"])

    def _read_careers(self, people: list[Row]) -> None:
        """Read the postings of everybody who has any, and the last dated facts of who left."""
        self.stored: dict[str, list[Row]] = defaultdict(list)
        self.holders: dict[str, Row] = {}
        for row in self.store.read(
            "MATCH (p:Person)-[r:ROTATED_TO]->(q:Post) OPTIONAL MATCH (q)-[:IN]->(u:Unit) "
            "RETURN p.id AS id, p.joined_on AS joined, p.born_on AS born, p.status AS status, "
            "r.id AS edge, q.id AS post, u.id AS unit, r.kind AS kind, r.since AS since, "
            "r.until AS until, r.status AS state, r.rank AS rank, q.rank AS asked, "
            "r.marks AS marks ORDER BY id, since, post, kind"
        ):
            self.stored[row["id"]].append(row)
            self.holders[row["id"]] = row
        words = {term.key for term in self.programme.statuses if not term.counts}
        left = sorted(
            {row["id"] for row in (*self.holders.values(), *people) if row["status"] in words}
        )
        self.service: dict[str, list[Row]] = defaultdict(list)
        for row in self.store.read(
            "MATCH (p:Person)-[:HAS_SERVICE]->(x:Service) WHERE x.since IS NOT NULL "
            "RETURN p.id AS person, x.id AS id, x.kind AS kind, x.since AS since, "
            "x.until AS until ORDER BY since, id"
        ):
            self.service[row["person"]].append(row)
        ending = {term.key for term in self.programme.service_kinds if not term.in_service}
        left = [id_ for id_ in left if not any(row["kind"] in ending for row in self.service[id_])]
        self.last_noted: dict[str, str] = dict.fromkeys(left, "")
        for pattern, day in (
            ("(p:Person)-[:HAS_RECORD]->(x:Record)", "x.on"),
            ("(p:Person)-[:TOOK_PART_IN]->(x:Activity)", "x.held_on"),
            ("(p:Person)-[x:MENTORS]-(:Person)", "x.since"),
            ("(p:Person)-[x:MENTORS]-(:Person)", "x.until"),
        ):
            standing = " AND x.withdrawn_on IS NULL" if "Record" in pattern else ""
            for row in self.store.read(
                f"MATCH {pattern} WHERE p.id IN $ids AND {day} IS NOT NULL{standing} "
                f"RETURN p.id AS id, max({day}) AS day ORDER BY id",
                ids=left,
            ):
                self.last_noted[row["id"]] = max(self.last_noted[row["id"]], row["day"])

    def _career(self, person: Row, done_before: date | None) -> PostingsThatCount:
        """Put the postings of a person together, planned ones that count as done among them.

        Those are the ones that begin before a day; None: whenever they begin.
        """
        id_, joined = person["id"], _day(person["joined"])
        actual = [row for row in self.stored[id_] if row["state"] != "planned"]
        left = None
        if id_ in self.last_noted:
            days = [_day(row["since"]) for row in actual]
            days += [last_day(row["until"]) for row in actual if row["until"]]
            noted = self.last_noted[id_]
            known = [day for day in (*days, joined, last_day(noted) if noted else None) if day]
            left = max(known, default=date.min)
        planned = [
            row
            for row in self.stored[id_]
            if row["state"] == "planned"
            and left is None
            and (done_before is None or (row["since"] and first_day(row["since"]) < done_before))
        ]
        keeps = frozenset(kind for kind in self.exercises if self._keeps(kind))
        return PostingsThatCount(
            [*actual, *planned],
            joined,
            _day(person["born"]),
            left,
            keeps,
            self.programme,
            self.service[id_],
        )

    def _place(self, who: Someone, career: PostingsThatCount) -> None:
        """Keep what a person served by the first day, holds on it, and is to begin later."""
        now = self.days[0]

        def told(p: StoredPosting) -> StoredPosting:
            """Leave out a begin that is not known, and an end to come that nobody set."""
            is_to_come = p.until is not None and p.until > now and not p.is_ended
            until = None if is_to_come else p.until
            return replace(p, since=p.since if p.begun else None, until=until)

        begun = [p for p in career.postings if p.since is None or p.since <= now]
        who.postings = [told(p) for p in begun]
        homes, besides = career.homes(now), career.besides(now)
        # `_ends` asks for the very same values.
        who.present = [who.postings[begun.index(p)] for p in (*homes[:1], *besides)]
        who.rank = career.rank(now)
        for p in homes[1:]:
            if p.post != homes[0].post and p.post in self.posts:
                self.kept.append((who.id, told(p)))
        for row in self.stored[who.id]:
            since = _day(row["since"])
            if row["state"] == "planned" and since and since >= now:
                self.planned.append((who.id, row["post"], since))

    def _read_wishes(self) -> None:
        for label, key in (("Post", "post"), ("Unit", "unit")):
            for row in self.store.read(
                f"MATCH (p:Person)-[w:WISHES_FOR]->(x:{label}) WHERE p.id IN $ids "
                "RETURN p.id AS id, x.id AS what, w.rank_of_wish AS rank, w.avoid AS avoid "
                "ORDER BY id, what",
                ids=list(self.people),
            ):
                is_avoided = str(row["avoid"] or "").strip().lower() not in NO
                rank = None if is_avoided else row["rank"] or 1
                post, unit = (row["what"], None) if key == "post" else (None, row["what"])
                self.people[row["id"]].wishes.append((rank, post, unit))

    def _read_leave(self, statuses: Mapping[str, str | None]) -> None:
        stated = set()
        for id_, since, until in self.scenario.get("leaves", ()):
            stated.add(id_)
            last = first_day(until) if until else self.days[-1]
            for t in range(self.periods):
                if first_day(since) < self.days[t + 1] and last > self.days[t]:
                    self.people[id_].leave.add(t)
        words = {word for s in self._all("leave") for word in s["statuses"]}
        for id_, status in statuses.items():
            if status in words and id_ not in stated:
                self.people[id_].leave |= set(range(self.periods))

    def _read_others(self) -> None:
        """Read who else holds posts, mentors and kin."""
        self.others: dict[tuple[str, int], set[str]] = defaultdict(set)
        self.seats: dict[str, set[tuple[str, str, int]]] = defaultdict(set)  # person: unit, post, t
        held = list(self.kept)
        for id_, row in self.holders.items():
            if id_ not in self.people:
                held += [(id_, p) for p in self._career(row, None).postings]
        for id_, p in held:
            for t, day in enumerate(self.days[:-1]):
                if p.is_held(day) and p.post in self.posts:
                    self.seats[id_].add((self.posts[p.post]["unit"], p.post, t))
                    if not p.is_acting:  # who acts fills no place
                        self.others[p.post, t].add(id_)
        self.relatives = {
            (row["a"], row["b"]): row["relation"]
            for row in self.store.read(
                "MATCH (a:Person)-[k:KIN_OF]->(b:Person) WHERE a.id IN $ids OR b.id IN $ids "
                "RETURN a.id AS a, b.id AS b, k.relation AS relation ORDER BY a, b",
                ids=list(self.people),
            )
        }

    # --- small questions

    def _all(self, name: str) -> list[Setting]:
        return [each for each in self.settings if each.name == name]

    def _line(self, unit: str | None) -> list[str]:
        line: list[str] = []
        while unit is not None and unit not in line:
            line.append(unit)
            unit = self.above.get(unit)
        return line

    def _keeps(self, kind: str | None) -> bool:
        return bool(self.exercises.get(kind or "", {}).get("keeps"))

    def _ladder(self, rank: str | None) -> int | None:
        return self.programme.rank_index(rank)

    def _present(self, who: Someone) -> list[StoredPosting]:
        return who.present

    def _served(self, who: Someone, kind: str) -> int:
        now, total = self.days[0], 0
        for p in who.postings:
            if p.kind == kind and p.since and p.since < now:
                total += months_between(p.since, min(p.until or now, now))
        return total

    def _total(self, posting: AssignedPosting) -> int | None:
        """Return the whole length in months; None when it is unknown or was agreed."""
        if posting.going is None:
            return (posting.end - posting.begin) * self.months
        if posting.going.until is not None or posting.going.since is None:
            return None
        return months_between(posting.going.since, self.days[posting.end])


def _day(text: str | None) -> date | None:
    return first_day(text) if text else None


def _assignment(value: Mapping[str, Any]) -> dict[str, Any]:
    """Read one assignment; raise InputError when a part is missing or no date."""
    for key in ("person", "post", "since"):
        if not isinstance(value.get(key), str) or not value[key]:
            raise InputError(N_('An assignment of the plan has no "%(key)s".'), key=key)
    for key in ("since", "until"):
        if value.get(key) and not is_date(value[key]):
            raise InputError(
                N_('"%(value)s" in an assignment of %(person)s is not a day.'),
                value=value[key],
                person=value["person"],
            )
    return {
        "person": value["person"],
        "post": value["post"],
        "kind": value.get("kind"),
        "since": value["since"],
        "until": value.get("until"),
    }
