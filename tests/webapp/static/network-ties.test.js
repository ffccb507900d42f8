import assert from 'node:assert/strict';
import { test } from 'node:test';

import { around, isSame, isStep, line, neighboursOf } from '../../../webapp/static/network-ties.js';

/** @import { Tie } from '../../../webapp/types/served.js' */

/**
 * @param {string} ends such as "A>B"
 * @param {Partial<Tie>} [more]
 * @returns {Tie}
 */
function tie(ends, more = {}) {
  const [from = '', to = ''] = ends.split('>');
  return { id: ends, from, to, style: 'mentoring', ...more };
}

test('neighbours are those at the other end of a tie, whichever way it goes', () => {
  const found = neighboursOf([tie('A>B'), tie('C>A'), tie('B>A')]);
  assert.deepEqual(Object.fromEntries([...found].map(([id, others]) => [id, [...others].sort()])), {
    A: ['B', 'C'],
    B: ['A'],
    C: ['A'],
  });
});

test('light falls on the neighbours and on the way to the nearest one asked for', () => {
  const neighbours = neighboursOf([tie('R>A'), tie('A>B'), tie('B>C'), tie('C>D'), tie('R>X'), tie('C>S')]);
  assert.deepEqual([...around('C', neighbours, ['R'])].sort(), ['A', 'B', 'C', 'D', 'R', 'S']);
  assert.deepEqual([...around('C', neighbours, ['R', 'S'])].sort(), ['B', 'C', 'D', 'S']);
  assert.deepEqual([...around('R', neighbours, ['R'])].sort(), ['A', 'R', 'X']);
  assert.deepEqual([...around('nobody', neighbours, ['R'])], ['nobody']);
});

test('a line goes up to mentors of mentors and down to trainees of trainees, never up and down again', () => {
  const ties = [tie('R>A'), tie('A>B'), tie('A>sibling'), tie('B>C'), tie('C>D'), tie('other>D')];
  assert.deepEqual(line('B', ties).sort(), ['A', 'B', 'C', 'D', 'R']);
});

test('a line follows ties of mentoring only, and both ways where each was the mentor of the other', () => {
  assert.deepEqual(line('A', [tie('A>P', { style: 'posting' })]), ['A']);
  assert.deepEqual(line('C', [tie('A>C'), tie('A>B', { turned: true })]).sort(), ['A', 'B', 'C']);
  assert.deepEqual(line('C', [tie('A>C'), tie('A>B')]).sort(), ['A', 'C']);
});

test('a circle of mentors ends', () => {
  assert.deepEqual(line('A', [tie('A>B'), tie('B>C'), tie('C>A')]).sort(), ['A', 'B', 'C']);
});

test('a step of a way joins two that follow each other', () => {
  const way = ['A', 'B', 'C'];
  for (const ends of ['A>B', 'B>A', 'B>C', 'C>B']) assert.ok(isStep(way, tie(ends)), ends);
  for (const ends of ['A>C', 'C>A', 'A>X', 'X>A']) assert.ok(!isStep(way, tie(ends)), ends);
});

test('a tie is the same where its ends and its sentences are', () => {
  const said = [{ text: 'A mentored B.', source: '', url: '' }];
  assert.ok(isSame(tie('A>B', { said }), tie('A>B', { said: [...said], ended: true })));
  assert.ok(!isSame(tie('A>B', { said }), tie('A>B')));
  assert.ok(!isSame(tie('A>B'), tie('A>C')));
  assert.ok(!isSame(tie('A>B'), undefined));
});
