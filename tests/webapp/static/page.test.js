import assert from 'node:assert/strict';
import { test } from 'node:test';

import { carried, filled, isAborted } from '../../../webapp/static/page.js';

test('gaps are filled by name, the others stay', () => {
  assert.equal(filled('{shown} of {total} ({more})', { shown: 0, total: 12 }), '0 of 12 ({more})');
});

test('a value is put in as it is, whatever signs are in it', () => {
  assert.equal(filled('Path from {name}: {n}', { name: "$& $' {n}", n: 2 }), "Path from $& $' {n}: 2");
});

test('a question that was given up is no failure', () => {
  assert.ok(isAborted(new DOMException('given up', 'AbortError')));
  assert.ok(!isAborted(new TypeError('no network')));
  assert.ok(!isAborted('AbortError'));
});

test('an address keeps the day that is looked at, before its anchor', () => {
  assert.equal(carried('/people/T1', []), '/people/T1');
  assert.equal(carried('/people/T1', ['on=2016', '']), '/people/T1?on=2016');
  assert.equal(carried('/people?q=a#b', ['on=2016-01-02', 'in=unit%3AU08']), '/people?q=a&on=2016-01-02&in=unit%3AU08#b');
});
