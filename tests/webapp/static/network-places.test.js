import assert from 'node:assert/strict';
import { test } from 'node:test';

import { bounds, firstView, fitted, nearest, partAround } from '../../../webapp/static/network-places.js';

/** @import { Drawing, Guide, PersonMark, Place } from '../../../webapp/types/served.js' */

/**
 * @param {number} x
 * @param {number} y
 * @param {Partial<PersonMark>} [more]
 * @returns {PersonMark}
 */
function mark(x, y, more = {}) {
  const look = { label: '', name: '', initials: '', role: 'mentor', category: '', colour: 'kind-0', letter: '', beyond: 0 };
  return { id: `${x} ${y}`, x, y, ...look, asked: false, pinned: false, ...more };
}

/**
 * @param {PersonMark[]} nodes
 * @param {Guide[]} [guides]
 * @returns {Drawing}
 */
function drawing(nodes, guides = []) {
  return { nodes, edges: [], guides, options: {} };
}

test('bounds leave room around marks, below for names, and hold the guides', () => {
  assert.deepEqual(bounds(drawing([mark(0, 0), mark(100, 50)])), { left: -60, right: 160, top: -36, bottom: 110 });
  assert.deepEqual(bounds(drawing([])), { left: -60, right: 60, top: -60, bottom: 60 });
  const year = { kind: 'year', label: '2020', x: -200, y: -100, width: 10, height: 400 };
  assert.deepEqual(bounds(drawing([mark(0, 0)], [year])), { left: -208, right: 60, top: -108, bottom: 308 });
});

test('a drawing is shown whole, but not larger than is good', () => {
  const two = drawing([mark(0, 0), mark(880, 0)]); // 1000 wide, 96 high
  assert.deepEqual(fitted(two, { width: 500, height: 500 }), { scale: 0.5, position: { x: 440, y: 12 } });
  assert.equal(fitted(two, { width: 5000, height: 5000 }).scale, 1.2);
});

test('a wide drawing begins with the one asked for, where names are readable', () => {
  const nodes = [mark(0, 0), mark(2000, 0), mark(4000, 0)];
  const size = { width: 800, height: 400 };
  const begun = (/** @type {number} */ at) => firstView(drawing(nodes.map((each, i) => ({ ...each, asked: i === at }))), size);
  assert.equal(begun(1).scale, 0.8);
  assert.equal(begun(1).position.x, 2000);
  assert.equal(begun(0).position.x, 440); // not beyond the left end: -60 and half of 1000
  assert.equal(begun(2).position.x, 3560);
  assert.equal(firstView(drawing([mark(0, 0)]), size).scale, 1.2);
});

test('the edges of the part in view run between the rows', () => {
  const rows = Array.from({ length: 40 }, (_, at) => mark(0, at * 100, { asked: at === 20 }));
  const { position } = firstView(drawing(rows), { width: 800, height: 400 });
  const edges = [position.y - 250, position.y + 250];
  for (const { y } of rows) for (const edge of edges) assert.ok(edge <= y - 23 || edge >= y + 53, `${edge} cuts the row at ${y}`);
  assert.ok(Math.abs(position.y - 2000) <= 72);
});

test('the eye stays on the mark that was there before', () => {
  const wide = drawing([mark(0, 0), mark(4000, 0)]);
  const size = { width: 800, height: 400 };
  const old = { scale: 1, position: { x: 500, y: 0 } };
  const part = partAround(wide, size, old, { x: 600, y: 10 }, { x: 3000, y: 30 });
  assert.deepEqual(part, { scale: 1, position: { x: 2900, y: 20 } }); // as far from the middle as before
  const far = partAround(wide, size, old, { x: 5000, y: 0 }, { x: 3000, y: 0 });
  assert.equal(3000 - far.position.x, 320); // a mark that was out of view comes to its edge
  const small = partAround(wide, size, { ...old, scale: 0.4 }, { x: 600, y: 0 }, { x: 3000, y: 0 });
  assert.deepEqual(small, { scale: 0.8, position: { x: 2950, y: 0 } }); // names become readable again
  assert.deepEqual(partAround(wide, size, old, undefined, undefined), firstView(wide, size));
  assert.equal(partAround(drawing([mark(0, 0)]), size, old, { x: 0, y: 0 }, { x: 0, y: 0 }).scale, 1.2);
});

test('an arrow key goes to the nearest mark ahead', () => {
  const here = { x: 0, y: 0 };
  /** @type {[string, Place][]} */
  const marks = [['left', { x: -10, y: 0 }], ['near', { x: 50, y: 5 }], ['row', { x: 60, y: 0 }], ['below', { x: 20, y: 90 }]];
  assert.equal(nearest(here, marks, [1, 0], false), 'row');
  assert.equal(nearest(here, marks, [-1, 0], false), 'left');
  assert.equal(nearest(here, marks, [0, 1], false), 'below');
  assert.equal(nearest(here, marks, [0, -1], false), null);
});

test('among marks that are tied, one far aside is none ahead to the right, but may be below', () => {
  const here = { x: 0, y: 0 };
  /** @type {[string, Place][]} */
  const marks = [['aside', { x: 50, y: 60 }]];
  assert.equal(nearest(here, marks, [1, 0], true), null);
  assert.equal(nearest(here, [['trainee', { x: 60, y: 50 }]], [0, 1], true), 'trainee');
});
