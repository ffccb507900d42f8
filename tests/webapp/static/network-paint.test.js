import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inkOn, isOutside, paintTies, styleOf } from '../../../webapp/static/network-paint.js';

/** @import { Look } from '../../../webapp/static/network-paint.js' */
/** @import { Tie } from '../../../webapp/types/served.js' */

const AREA = { left: 0, right: 100, top: 0, bottom: 100 };
/** @type {Look['colours']} */
const COLOURS = {
  token: (name) => name,
  ink: 'ink',
  muted: 'muted',
  surface: 'surface',
  raised: 'raised',
  thin: 'thin',
  line: 'line',
  accent: 'accent',
  soft: 'soft',
  family: 'serif',
};

/**
 * @param {Partial<Look>} [more]
 * @returns {Look}
 */
function look(more = {}) {
  return {
    colours: COLOURS,
    chosen: null,
    hovered: null,
    lit: null,
    scale: 1,
    node: () => undefined,
    isLit: () => true,
    isOnWay: () => false,
    ...more,
  };
}

/**
 * @param {Partial<Tie>} [more]
 * @returns {Tie}
 */
function tie(more = {}) {
  return { id: 'A>B', from: 'A', to: 'B', style: 'mentoring', ...more };
}

test('a tie looks like its kind', () => {
  assert.deepEqual(styleOf(tie(), look()), { rank: 1, colour: 'line', opacity: 1, width: 1.4, dashes: [] });
  assert.deepEqual(styleOf(tie({ style: 'posting' }), look()).dashes, [6, 4]);
  assert.deepEqual(styleOf(tie({ planned: true }), look()).dashes, [2, 6]);
  assert.deepEqual(styleOf(tie({ style: 'plain' }), look()).dashes, [2, 4]);
  assert.equal(styleOf(tie({ style: 'structure' }), look()).colour, 'thin');
  assert.equal(styleOf(tie({ count: 2 }), look()).width, 2.2);
  assert.equal(styleOf(tie({ count: 1 }), look()).width, 1.4);
  assert.equal(styleOf(tie({ ended: true }), look()).opacity, 0.45);
});

test('a tie is strong where it or an end of it is selected, or where it is on the way asked for', () => {
  for (const chosen of ['A', 'B', 'A>B']) {
    const { rank, colour, width } = styleOf(tie(), look({ chosen }));
    assert.deepEqual({ rank, colour, width }, { rank: 2, colour: 'accent', width: 2.4 });
  }
  assert.equal(styleOf(tie({ ended: true }), look({ isOnWay: () => true })).opacity, 1);
  const hovered = styleOf(tie(), look({ hovered: 'A>B' }));
  assert.deepEqual([hovered.rank, hovered.colour], [1, 'accent']);
});

test('a tie is lit only where both of its ends are', () => {
  assert.equal(styleOf(tie(), look({ lit: new Set(['A', 'B']) })).opacity, 1);
  assert.equal(styleOf(tie(), look({ lit: new Set(['A']) })).opacity, 0.2);
});

test('only ties that cannot cross the part in view are left out', () => {
  assert.ok(isOutside({ x: -5, y: 0 }, { x: -1, y: 100 }, AREA));
  assert.ok(!isOutside({ x: -5, y: 50 }, { x: 0, y: 50 }, AREA)); // it touches the edge
  assert.ok(!isOutside({ x: -5, y: -5 }, { x: 200, y: 200 }, AREA));
});

test('names of marks are black on light colours and white on dark ones', () => {
  assert.equal(inkOn('#ffffff'), '#000000');
  assert.equal(inkOn('#000000'), '#ffffff');
  assert.equal(inkOn('#808080'), '#000000');
  assert.equal(inkOn('#6e6e6e'), '#ffffff');
  assert.equal(inkOn('#00429d'), '#ffffff');
});

/**
 * What is drawn on a canvas, in its order: names of calls, with texts.
 * @param {Tie[]} ties
 * @param {Look} [how]
 */
function drawn(ties, how = look()) {
  /** @type {string[]} */
  const calls = [];
  const canvas = new Proxy(
    {},
    {
      get: (_, name) => (/** @type {unknown[]} */ ...given) => calls.push([name, ...given.filter((each) => typeof each === 'string')].join(' ')),
      set: () => true,
    },
  );
  const places = new Map(Object.entries({ A: { x: 10, y: 10 }, B: { x: 90, y: 10 }, C: { x: 10, y: 90 }, far: { x: 900, y: 10 }, away: { x: 900, y: 90 } }));
  paintTies(/** @type {CanvasRenderingContext2D} */ (canvas), ties, how, (id) => places.get(id), AREA);
  return calls;
}

/**
 * @param {string[]} calls
 * @param {string} name
 */
function times(calls, name) {
  return calls.filter((each) => each === name).length;
}

test('ties of one look are one stroke, other looks are others', () => {
  assert.equal(times(drawn([tie(), tie({ id: '2', to: 'C' })]), 'stroke'), 1);
  assert.equal(times(drawn([tie(), tie({ id: '2', to: 'C', ended: true })]), 'stroke'), 2);
});

test('only mentoring has arrows, two where each was the mentor of the other', () => {
  assert.equal(times(drawn([tie()]), 'closePath'), 1);
  assert.equal(times(drawn([tie({ turned: true })]), 'closePath'), 2);
  assert.equal(times(drawn([tie({ style: 'posting' })]), 'closePath'), 0);
});

test('a line says how many ties it stands for, from two on', () => {
  assert.deepEqual(drawn([tie({ count: 2 })]).filter((each) => each.startsWith('fillText')), ['fillText ×2']);
  assert.equal(times(drawn([tie({ count: 1 })]), 'fillText ×1'), 0);
});

test('ties out of view, and those of hidden marks, are not drawn', () => {
  assert.equal(times(drawn([tie({ from: 'far', to: 'away' }), tie({ to: 'hidden' })]), 'stroke'), 0);
});
