// Walks along the ties of a picture, by the ids of marks. Nothing here touches the page.

/** @import { Tie } from '../types/served.js' */

/** @typedef {Map<string, Set<string>>} Neighbours */

/**
 * Who is tied to whom, whichever way a tie goes.
 * @param {{ from: string, to: string }[]} ties
 * @returns {Neighbours}
 */
export function neighboursOf(ties) {
  /** @type {Neighbours} */
  const found = new Map();
  for (const { from, to } of ties) {
    add(found, from, to);
    add(found, to, from);
  }
  return found;
}

/**
 * A mark with its neighbours, and the way to the nearest one who was asked for.
 * @param {string} id
 * @param {Neighbours} neighbours
 * @param {string[]} asked
 */
export function around(id, neighbours, asked) {
  const found = new Set([id, ...(neighbours.get(id) ?? [])]);
  /** @type {Map<string, string | undefined>} */
  const through = new Map([[id, undefined]]);
  for (const each of through.keys()) {
    if (asked.includes(each)) {
      for (let at = /** @type {string | undefined} */ (each); at !== undefined; at = through.get(at)) found.add(at);
      break;
    }
    for (const other of neighbours.get(each) ?? []) if (!through.has(other)) through.set(other, each);
  }
  return found;
}

/**
 * A person with everybody above and below: mentors of mentors, trainees of trainees.
 * @param {string} id
 * @param {Iterable<Tie>} ties
 */
export function line(id, ties) {
  /** @type {Neighbours} */
  const trainees = new Map();
  /** @type {Neighbours} */
  const mentors = new Map();
  for (const { from, to, style, turned } of ties) {
    if (style !== 'mentoring') continue;
    add(trainees, from, to);
    add(mentors, to, from);
    if (!turned) continue; // each was the other's mentor
    add(trainees, to, from);
    add(mentors, from, to);
  }
  return [...new Set([...reached(id, mentors), ...reached(id, trainees)])];
}

/**
 * Whether a tie joins two that follow each other on a way.
 * @param {string[]} way
 * @param {{ from: string, to: string }} tie
 */
export function isStep(way, tie) {
  const at = way.indexOf(tie.from);
  return at >= 0 && (way[at + 1] === tie.to || way[at - 1] === tie.to);
}

/**
 * Whether the library has to learn nothing new of a tie.
 * @param {Tie} tie
 * @param {Tie | undefined} before
 */
export function isSame(tie, before) {
  const said = (/** @type {Tie} */ each) => JSON.stringify(each.said ?? []);
  return before !== undefined && tie.from === before.from && tie.to === before.to && said(tie) === said(before);
}

/**
 * @param {Neighbours} map
 * @param {string} one
 * @param {string} other
 */
function add(map, one, other) {
  map.set(one, (map.get(one) ?? new Set()).add(other));
}

/**
 * Everybody who is reached from one, that one first.
 * @param {string} id
 * @param {Neighbours} next
 */
function reached(id, next) {
  const met = new Set([id]);
  for (const each of met) for (const other of next.get(each) ?? []) met.add(other);
  return met;
}
