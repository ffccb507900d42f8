"""The rules of the invented instances once more: slow, plain, period by period, from the rows.

Judges the rows of an instance directly, without any store; gives the units broken by rule.
"""

from collections import Counter
from datetime import date
from itertools import product

import networkx as nx

from graph.dates import add_months, first_day

BESIDE = {"secondment", "platform"}
LENGTHS = {"grassroots": (12, 24), "key_post": (12, 24), "rotation": (12, 24),
           "secondment": (6, 12), "platform": (6, 12)}  # fmt: skip
AFTER = {"key_post": "grassroots", "rotation": "grassroots", "secondment": "grassroots"}
REQUIRED = ("grassroots", "key_post", "secondment", "platform")


def months(a: date, b: date) -> int:
    """Whole months by counting them one by one."""
    n = 0
    while add_months(a, n + 1) <= b:
        n += 1
    return n


def judge(instance, plan) -> Counter:
    """Count the units that a plan breaks, by rule."""
    tables, periods = instance.tables, instance.horizon.periods
    days = [add_months(instance.horizon.since, 6 * t) for t in range(periods + 1)]
    start = days[0]
    posts = {row["id"]: row for row in tables["posts"]}
    people = {row["id"]: row for row in tables["people"] if "trainee" in row["roles"]}
    given = [
        (a["person"], a["post"], a["kind"], days.index(first_day(a["since"])),
         days.index(first_day(a["until"])))
        for a in plan["assignments"]
    ]  # fmt: skip
    past: dict[str, list[tuple]] = {id_: [] for id_ in people}
    others: Counter = Counter()
    for row in tables["rotations"]:
        since = first_day(row["since"])
        until = first_day(row["until"]) if row.get("until") else None
        if row["person"] in past:
            past[row["person"]].append((row["post"], row["kind"], since, until))
        else:
            for t in range(periods):
                if since <= days[t] and (until is None or until > days[t]):
                    others[row["post"], t] += 1
    present = {id_: [p for p in past[id_] if p[3] is None or p[3] > start] for id_ in people}

    def going(a):
        return a[3] == 0 and any((p[0], p[1]) == (a[1], a[2]) for p in present[a[0]])

    def since_of(a):
        return next(p[2] for p in present[a[0]] if (p[0], p[1]) == (a[1], a[2]))

    def at(person, t, beside):
        return [
            a for a in given if a[0] == person and a[3] <= t < a[4] and (a[2] in BESIDE) == beside
        ]

    units: Counter = Counter()
    for id_, t in product(people, range(periods)):
        for beside in (False, True):
            units["one_post"] += max(0, len(at(id_, t, beside)) - 1)
        units["placed"] += not at(id_, t, False) and first_day(people[id_]["joined_on"]) <= days[t]
    for post, t in product(posts, range(periods)):
        held = sum(a[1] == post and a[3] <= t < a[4] for a in given)
        units["capacity"] += max(0, held - max(0, posts[post]["capacity"] - others[post, t]))
        if post in instance.scenario.must_cover:
            units["must_cover"] += max(0, 1 - held - others[post, t])

    for a, b in product(given, given):
        units["periods"] += (a[0], a[1], a[4]) == (b[0], b[1], b[3])
    for a in given:
        person, post, kind, begin, end = a
        row, who = posts[post], people[person]
        length = end - begin
        mine = [w for w in tables["wishes"] if w["person"] == person]
        if mine:
            rank = min([w["rank_of_wish"] - 1 for w in mine if w["post"] == post] + [9])
            units["wishes"] += rank * length
        if not going(a):
            units["few_moves"] += 1
            units["offers"] += row["kind"] != kind
            if row.get("demands") and not set(row["demands"]) & set(who["specialties"]):
                units["demands"] += length
            first = AFTER.get(kind)
            if first:
                has = sum(
                    months(p[2], min(p[3] or start, start))
                    for p in past[person]
                    if p[1] == first and p[2] < start
                )
                has += 6 * sum(
                    o[0] == person and o[2] == first and o[3] <= t < o[4]
                    for o in given
                    for t in range(begin)
                )
                units["stage_first"] += has < 12
            joined = first_day(who["joined_on"])
            units["leave"] += sum(joined > days[t] for t in range(begin, end))
        total = months(since_of(a), days[end]) if going(a) else 6 * length
        least, most = LENGTHS.get(kind, (0, 10_000))
        is_long = total > most
        if is_long and going(a):  # it may end on the first boundary after its longest time
            is_long = months(since_of(a), days[end - 1]) >= most
        units["tenure"] += (total < least and end < periods) or is_long
        if kind in BESIDE:
            homes = set()
            for t in range(begin, end):
                homes |= {(m[1], m[3], going(m)) for m in at(person, t, False)} or {None}
            moved_in = going(a) and not any(
                going(m) for m in given if m[0] == person and m[2] not in BESIDE
            )
            units["keeps_home_post"] += None in homes or len(homes) > 1 or moved_in
    for id_ in people:
        for p in present[id_]:
            if not any(going(a) and a[0] == id_ and (a[1], a[2]) == (p[0], p[1]) for a in given):
                units["tenure"] += months(p[2], start) < LENGTHS.get(p[1], (0, 0))[0]
        seen = {posts[p[0]]["unit"] for p in past[id_]}
        for a in sorted(
            (a for a in given if a[0] == id_ and not going(a)), key=lambda a: (a[3], a[1])
        ):
            units["no_return"] += posts[a[1]]["unit"] in seen
            seen.add(posts[a[1]]["unit"])
        for kind in REQUIRED:
            need = LENGTHS[kind][0]
            has = sum(
                months(p[2], min(p[3] or start, start))
                for p in past[id_]
                if p[1] == kind and p[2] < start
            )
            has += 6 * sum(a[4] - a[3] for a in given if a[0] == id_ and a[2] == kind)
            units["exercises"] += has < need
    hard = [(r["hardship"], r["capacity"]) for r in posts.values() if r.get("hardship")]
    mean = sum(h * c for h, c in hard) / sum(c for _, c in hard)
    for id_ in people:
        here = sum(first_day(people[id_]["joined_on"]) <= days[t] for t in range(periods))
        share = next(n for n in range(10_000) if n >= mean * here - 1e-9)
        points = sum(
            (posts[a[1]].get("hardship") or 0) * (a[4] - a[3]) for a in given if a[0] == id_
        )
        units["hardship_shared"] += max(0, points - share)
    for pair in tables["kin"]:
        one, other = sorted((pair["person"], pair["relative"]))
        met = set()
        for a in (a for a in given if a[0] == one):
            for b in (b for b in given if b[0] == other):
                is_fact = going(a) and going(b)
                if posts[a[1]]["unit"] == posts[b[1]]["unit"] and not is_fact:
                    for t in range(max(a[3], b[3]), min(a[4], b[4])):
                        met |= {(t, a[1]), (t, b[1])}
        units["kin_apart"] += len(met)
    for t in range(periods):
        units["mentors"] += _without_mentor(tables, posts, given, t)
    return +units


def _without_mentor(tables, posts, given, t) -> int:
    graph = nx.DiGraph()
    for row in tables["people"]:
        if "mentor" in row["roles"]:
            seat = next(r for r in tables["rotations"] if r["person"] == row["id"])
            graph.add_edge("s", row["id"], capacity=row["mentor_capacity"])
            graph.add_edge(row["id"], posts[seat["post"]]["unit"])
    held = Counter(
        posts[a[1]]["unit"]
        for a in given
        if posts[a[1]]["kind"] == "grassroots" and a[3] <= t < a[4]
    )
    for unit, number in held.items():
        graph.add_edge(unit, "t", capacity=number)
    if "t" not in graph or "s" not in graph:
        return sum(held.values())
    return sum(held.values()) - nx.maximum_flow_value(graph, "s", "t")
