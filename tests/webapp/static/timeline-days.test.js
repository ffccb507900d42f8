import assert from 'node:assert/strict';
import { test } from 'node:test';

import { axisLabel, landed, midnight, nearest } from '../../../webapp/static/timeline-days.js';

/** @import { Bar } from '../../../webapp/types/served.js' */

const PERIODS = ['2024-07-01', '2025-01-01', '2025-07-01', '2026-01-01']; // three, and the end
/** @type {Bar} */
const BAR = {
  id: 0,
  person: 'T1',
  post: 'P1',
  start: '2024-07-01',
  end: '2025-01-01',
  text_person: '',
  text_post: '',
  tip: '',
  className: '',
};

test('the axis names years, months and days, the year where it begins', () => {
  const day = (/** @type {string} */ text) => midnight(text);
  assert.equal(axisLabel(day('2024-03-09'), 'year', false), '2024');
  assert.equal(axisLabel(day('2024-01-01'), 'month', false), '2024');
  assert.equal(axisLabel(day('2024-02-01'), 'month', false), 'Feb');
  assert.equal(axisLabel(day('2024-02-01'), 'day', false), 'Feb');
  assert.equal(axisLabel(day('2024-02-02'), 'day', false), '2');
  assert.equal(axisLabel(day('2024-01-01'), 'month', true), '2024年');
  assert.equal(axisLabel(day('2024-02-01'), 'month', true), '2月');
});

test('the nearest day is found, the earlier one of two', () => {
  const days = ['2024-01-01', '2024-01-11'].map(midnight);
  assert.equal(nearest(days, midnight('2023-05-01')), 0);
  assert.equal(nearest(days, midnight('2024-01-06')), 0);
  assert.equal(nearest(days, midnight('2024-01-07')), 1);
  assert.equal(nearest(days, midnight('2030-01-01')), 1);
});

/**
 * @param {string} start
 * @param {string} group
 * @param {string} view
 * @param {Partial<Bar>} [bar]
 */
function dropped(start, group, view, bar = {}) {
  return landed({ ...BAR, ...bar }, { start: midnight(start), group }, view, PERIODS);
}

test('a bar that is dragged lands at the period that is nearest, with its length', () => {
  assert.deepEqual(dropped('2025-02-20', 'T1', 'people'), { post: 'P1', since: '2025-01-01', until: '2025-07-01' });
  assert.deepEqual(dropped('2025-02-20', 'T1', 'people', { end: '2025-07-01' }), {
    post: 'P1',
    since: '2025-01-01',
    until: '2026-01-01',
  });
});

test('a bar stays within the plan: it begins in the last period at the latest, and ends with it', () => {
  assert.deepEqual(dropped('2031-01-01', 'T1', 'people', { end: '2025-07-01' }), {
    post: 'P1',
    since: '2025-07-01',
    until: '2026-01-01',
  });
  assert.equal(dropped('1999-01-01', 'T1', 'people'), null); // it has been in the first
});

test('a bar that lands where it was is not moved', () => {
  assert.equal(dropped('2024-07-20', 'T1', 'people'), null);
  assert.equal(dropped('2024-07-20', 'P1', 'posts'), null);
});

test('by person a bar stays with its person, by post it may take another post', () => {
  assert.equal(dropped('2025-01-01', 'T2', 'people'), null);
  assert.deepEqual(dropped('2024-07-01', 'P2', 'posts'), { post: 'P2', since: '2024-07-01', until: '2025-01-01' });
});
