"""The Cypher that planning asks with: people, posts, planned postings, wishes, kin, mentors."""

from __future__ import annotations

UNITS = """
MATCH (u:Unit)
OPTIONAL MATCH (u)-[:PART_OF]->(above:Unit)
RETURN u.id AS id, u.name AS name, u.kind AS kind, above.id AS above
ORDER BY id
"""
POSTS = """
MATCH (q:Post)-[:IN]->(u:Unit)
RETURN q.id AS id, q.name AS name, u.id AS unit, q.rank AS rank, q.kind AS kind,
       q.capacity AS capacity, q.demands AS demands, q.hardship AS hardship
ORDER BY id
"""
TRAINEES = """
MATCH (p:Person)
WHERE p:Trainee
RETURN p.id AS id
ORDER BY id
LIMIT $limit
"""
PEOPLE = """
MATCH (p:Person)
WHERE p.id IN $ids
RETURN p.id AS id, p.name AS name, p.joined_on AS joined_on, p.born_on AS born_on,
       p.native_place AS native_place, p.specialties AS specialties, p.status AS status
ORDER BY id
"""
PLANNED_ROTATIONS = """
MATCH (p:Person)-[r:ROTATED_TO]->(q:Post)
WHERE p.id IN $ids AND r.status = 'planned' AND r.since IS NOT NULL
RETURN p.id AS person, q.id AS post, r.since AS since
ORDER BY person, since, post
"""
KINDS_BY_POST_KIND = """
MATCH (:Person)-[r:ROTATED_TO]->(q:Post)
WHERE r.kind IS NOT NULL
RETURN q.kind AS post_kind, r.kind AS kind, count(*) AS times
ORDER BY post_kind, kind
"""
KIN = """
MATCH (a:Person)-[k:KIN_OF]->(b:Person)
WHERE a.id IN $ids OR b.id IN $ids
RETURN a.id AS one, b.id AS other, k.relation AS relation
ORDER BY one, other
"""
WISHES_FOR_POSTS = """
MATCH (p:Person)-[w:WISHES_FOR]->(q:Post)
WHERE p.id IN $ids
RETURN p.id AS person, q.id AS post, w.rank_of_wish AS rank, w.avoid AS avoid
ORDER BY person, post
"""
WISHES_FOR_UNITS = """
MATCH (p:Person)-[w:WISHES_FOR]->(u:Unit)
WHERE p.id IN $ids
RETURN p.id AS person, u.id AS unit, w.rank_of_wish AS rank, w.avoid AS avoid
ORDER BY person, unit
"""
MENTORS = """
MATCH (m:Person)-[e:MENTORS]->(t:Person)
WHERE e.kind IN $kinds
RETURN m.id AS mentor, e.kind AS kind, t.id AS trainee, e.since AS since, e.until AS until
ORDER BY mentor, kind, trainee, since
"""
CAPACITIES = """
MATCH (m:Person)
WHERE m.id IN $ids
RETURN m.id AS id, m.name AS name, m.status AS status, m.mentor_capacity AS capacity
ORDER BY id
"""
PRACTISED = """
MATCH (p:Person)-[:TOOK_PART_IN]->(a:Activity)
WHERE p.id IN $ids AND a.kind IN $kinds
RETURN p.id AS person, a.kind AS kind
ORDER BY person, kind
"""
REVIEWS = """
MATCH (p:Person)-[:HAS_RECORD]->(r:Record)
WHERE p.id IN $ids AND r.kind = $kind AND r.on < $day AND r.withdrawn_on IS NULL
RETURN p.id AS person, r.on AS held_on, r.result AS result
ORDER BY person, held_on DESC, result
"""
