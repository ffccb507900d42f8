import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  cardOf,
  chosenOf,
  closed,
  fileName,
  isScene,
  keyOf,
  ofDay,
  opened,
  pinned,
  pinsOf,
  submitted,
  without,
} from '../../../webapp/static/network-address.js';

/**
 * The address after a change.
 * @param {string} query
 * @param {(values: URLSearchParams) => void} change
 */
function after(query, change) {
  const values = new URLSearchParams(query);
  change(values);
  return decodeURIComponent(String(values));
}

test('a card names the page and the id', () => {
  const card = { id: 'unit:U1', name: '', url: '', facts: [], counts: [] };
  assert.equal(cardOf({ ...card, kind: 'unit', of: 'U1' }), 'units/U1');
  assert.equal(cardOf({ ...card, kind: 'post', of: 'P/1' }), 'posts/P/1');
  assert.equal(cardOf({ ...card, kind: 'person', of: 'post:1' }), 'people/post:1');
});

test('the key of a row is that of queries/network/view.py, for ids that look like keys too', () => {
  const keys = { 'people/T001': 'T001', 'people/a/b': 'a/b', 'people/post:1': 'person:post:1', 'posts/P01': 'post:P01', 'units/U1': 'unit:U1' };
  for (const [card, key] of Object.entries(keys)) assert.equal(keyOf(card), key);
  assert.equal(keyOf(undefined), null); // a row that names nobody
});

test('a completion is a person or a unit, with the id as it is', () => {
  assert.deepEqual(chosenOf('/people/T001'), { kind: 'person', id: 'T001' });
  assert.deepEqual(chosenOf('/below/here/units/a%2Fb%20%E5%8E%BF'), { kind: 'unit', id: 'a/b 县' });
  assert.deepEqual(chosenOf('/people/T001?on=2016'), { kind: 'person', id: 'T001' });
  assert.equal(chosenOf('/posts/P1'), null);
  assert.equal(chosenOf('/people'), null);
});

test('values are taken away one by one, and the others keep their order', () => {
  assert.equal(after('a=1&b=2&a=3&a=4', (values) => without(values, 'a', '3')), 'b=2&a=1&a=4');
  assert.equal(after('a=1', (values) => without(values, 'a', '1')), '');
});

test('what was closed of a mark comes back before anything is opened', () => {
  const open = (/** @type {string} */ query, kind = '') => after(query, (values) => opened(values, 'post:P1', 'P1', kind));
  assert.equal(open('person=T1', 'holders'), 'person=T1&expand=holders:P1&selected=post:P1');
  assert.equal(open('fold=holders:P1&fold=posts:P1', 'holders'), 'fold=posts:P1&selected=post:P1');
  assert.equal(open(''), 'expand=P1&selected=post:P1');
  assert.equal(open('fold=mentors:P1&fold=trainees:P1&fold=posts:P1&fold=P1'), 'fold=posts:P1&selected=post:P1');
});

test('what is closed is no longer opened', () => {
  const query = 'expand=mentors:T1&expand=posts:T1&selected=X';
  assert.equal(after(query, (values) => closed(values, 'T1', 'T1', 'posts')), 'selected=T1&expand=mentors:T1&fold=posts:T1');
});

test('a mark has one place by hand, and keeps its hands off those of others', () => {
  const query = 'pin=T1,5,6&pin=T1,a,7,8&pin=T11,1,1';
  assert.deepEqual(pinsOf(new URLSearchParams(query), 'T1'), ['T1,5,6']);
  assert.deepEqual(pinsOf(new URLSearchParams(query), 'T1,a'), ['T1,a,7,8']);
  assert.equal(after(query, (values) => pinned(values, 'T1', -3, 4)), 'pin=T1,a,7,8&pin=T11,1,1&pin=T1,-3,4&selected=T1');
});

test('a form keeps what it has no field for, and says nothing that is empty', () => {
  const now = new URLSearchParams('person=old&selected=T1&off=role:mentor&off=role:both&pin=T1,1,1&unit=U1&cohort=2020&depth=1');
  const given = new URLSearchParams('person=T1&add=&depth=2&layout=radial&selected=forged');
  const kept = 'selected=T1&off=role:mentor&off=role:both';
  assert.equal(
    decodeURIComponent(String(submitted(given, now))),
    `person=T1&depth=2&layout=radial&${kept}&pin=T1,1,1&unit=U1&cohort=2020`,
  );
  // Places by hand belong to a layout.
  assert.equal(
    decodeURIComponent(String(submitted(given, now, 'layout'))),
    `person=T1&depth=2&layout=radial&${kept}&unit=U1&cohort=2020`,
  );
});

test('another day takes the place of any that the address names, and the view stays', () => {
  const view = 'person=T1&person=T2&selected=T2';
  const asked = (/** @type {string} */ query, /** @type {string} */ given) =>
    after(query, (values) => ofDay(values, new URLSearchParams(given)));
  assert.equal(asked(view, 'person=old&on=2018-06-30'), `${view}&on=2018-06-30`);
  assert.equal(asked(`as_of=2017-01-01&planned=yes&${view}`, 'on=2018-06-30'), `${view}&on=2018-06-30`);
  assert.equal(asked(`${view}&on=2017-01-01`, 'on=2030-01-01&planned=yes'), `${view}&on=2030-01-01&planned=yes`);
});

test('a scene begins with a person, a unit or a cohort', () => {
  for (const name of ['person', 'unit', 'cohort']) assert.ok(isScene(new URLSearchParams({ [name]: 'x' })), name);
  assert.ok(!isScene(new URLSearchParams('depth=2')));
});

test('a file is called what the server calls it', () => {
  assert.equal(fileName("attachment; filename=x.svg; filename*=UTF-8''%E7%BD%91.svg", 'other'), '网.svg');
  assert.equal(fileName('attachment; filename="a b.svg"', 'other'), 'a b.svg');
  assert.equal(fileName('attachment; filename=plain.svg', 'other'), 'plain.svg');
  assert.equal(fileName(null, 'other'), 'other');
});
