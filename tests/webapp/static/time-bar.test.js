import assert from 'node:assert/strict';
import { test } from 'node:test';

import { lastDay, monthAt, within } from '../../../webapp/static/time-bar.js';

const JUNE = 2024 * 12 + 5;

test('a month ends on its own last day', () => {
  assert.equal(lastDay(JUNE), '2024-06-30');
  assert.equal(lastDay(2024 * 12 + 1), '2024-02-29');
  assert.equal(lastDay(1900 * 12 + 1), '1900-02-28');
  assert.equal(lastDay(12), '0001-01-31');
  assert.equal(lastDay(9999 * 12 + 11), '9999-12-31');
});

test('a place on the bar is a month of it', () => {
  assert.equal(monthAt(0, JUNE, JUNE + 12, 1), JUNE);
  assert.equal(monthAt(0.5, JUNE, JUNE + 12, 1), JUNE + 6);
  assert.equal(monthAt(1, JUNE, JUNE + 12, 1), JUNE + 11);
  assert.equal(monthAt(-3, JUNE, JUNE + 12, 1), JUNE);
});

test('a bar of years stops at the end of a year, and no bar leaves the calendar', () => {
  assert.equal(lastDay(monthAt(0.5, 1400 * 12, 1900 * 12, 12)), '1650-12-31');
  assert.equal(lastDay(within(5, 0, 24_000, 1)), '0001-01-31');
  assert.equal(lastDay(within(130_000, 0, 120_000, 12)), '9999-12-31');
});
