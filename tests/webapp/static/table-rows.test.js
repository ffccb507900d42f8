import assert from 'node:assert/strict';
import { test } from 'node:test';

import { cardOf, comparing, csv, matching, share, sortOf, textOf, wide } from '../../../webapp/static/table-rows.js';

/** @import { Cell } from '../../../webapp/types/served.js' */

/**
 * @param {string[]} values
 * @param {{ language?: string, isNumber?: boolean, isFalling?: boolean }} [how]
 */
function sorted(values, { language = 'en', isNumber = false, isFalling = false } = {}) {
  const compare = comparing(language);
  // As the library does: it asks with the two in the other order where the order is turned.
  return values.toSorted((a, b) => (isFalling ? compare(b, a, isNumber, true) : compare(a, b, isNumber)));
}

test('numbers are sorted by value', () => {
  assert.deepEqual(sorted(['10', '9', '-1', '2.5'], { isNumber: true }), ['-1', '2.5', '9', '10']);
});

test('a cell without a number comes last, whichever way the column is sorted', () => {
  const values = ['–', '3', '0', '', '-2'];
  assert.deepEqual(sorted(values, { isNumber: true }), ['-2', '0', '3', '–', '']);
  assert.deepEqual(sorted(values, { isNumber: true, isFalling: true }), ['3', '0', '-2', '–', '']);
});

test('texts are sorted as the language does, and numbers in them by value', () => {
  assert.deepEqual(sorted(['T10', 'T9', 't1']), ['t1', 'T9', 'T10']);
  assert.deepEqual(sorted(['张三', '李四', '王五', '阿依'], { language: 'zh-Hans' }), ['阿依', '李四', '王五', '张三']);
});

test('a row is found by any of its cells, whatever the case and the blanks around', () => {
  const row = { texts: ['Ada Lovelace', 'Town hall'] };
  for (const typed of ['ada', ' HALL ', '']) assert.ok(matching(typed)(row), typed);
  assert.ok(!matching('hall ada')(row));
});

test('the texts of cells are those of the page', () => {
  /** @type {[Cell, string][]} */
  const cells = [
    [null, '–'],
    [0, '0'],
    ['Ada', 'Ada'],
    [['one', 'two'], 'one, two'],
    [{ kind: 'person', id: 'T1', text: 'Ada' }, 'Ada'],
    [{ kind: 'unit', id: 'U1', text: null }, 'U1'], // a unit without a name is called by its id
    [{ text: '' }, ''],
  ];
  for (const [cell, text] of cells) assert.equal(textOf(cell, ', '), text);
});

test('a cell is sorted by what the server says, else by its text', () => {
  assert.equal(sortOf({ text: 'Head', sort: 3 }, 'Head'), '3');
  assert.equal(sortOf({ text: 'Head', sort: 0 }, 'Head'), '0');
  assert.equal(sortOf({ text: 'Head' }, 'Head'), 'Head');
  assert.equal(sortOf(7, '7'), '7');
});

test('a cell opens the card of its person, unit or post, and no other', () => {
  assert.equal(cardOf({ kind: 'person', id: 'T/1' }), 'people/T/1');
  assert.equal(cardOf({ kind: 'unit', id: 'U1' }), 'units/U1');
  assert.equal(cardOf({ kind: 'post', id: 'P1' }), 'posts/P1');
  assert.equal(cardOf({ text: '+3', url: '/network' }), undefined);
  assert.equal(cardOf(null), undefined);
});

test('a column asks for the width of its longest text, within reason', () => {
  assert.equal(wide('县委ab'), 6);
  assert.equal(share('No', ['1', '22']), 6); // not narrower
  assert.equal(share('Name', ['Ada Lovelace']), 12);
  assert.equal(share('Name of unit', ['x']), 14); // its heading with the sign of the sorting
  assert.equal(share('Name', ['x'.repeat(99)]), 48); // not wider
  assert.equal(share('Name', []), 6);
});

test('a CSV file begins with the mark of UTF-8, and quotes what has to be quoted', () => {
  assert.equal(csv([['Name', 'Note'], ['李娜', 'a, "b"\nc']]), '\ufeffName,Note\r\n李娜,"a, ""b""\nc"\r\n');
  assert.equal(csv([]), '\ufeff\r\n');
});

for (const sign of '=+-@\t\r＝＋－＠') {
  test(`a text that begins with ${JSON.stringify(sign)} is no formula in a CSV file`, () => {
    const cell = csv([[`${sign}cmd`]]).slice(1, -2).replaceAll('"', '');
    assert.equal(cell, `'${sign}cmd`);
  });
}

test('numbers with a sign stay numbers in a CSV file, and an escaped text is escaped again', () => {
  assert.equal(csv([['-5', '+3', "'=1", "'tis"]]), "\ufeff-5,+3,''=1,'tis\r\n");
});
