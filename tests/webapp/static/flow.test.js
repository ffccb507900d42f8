import assert from 'node:assert/strict';
import { test } from 'node:test';

import { coloured } from '../../../webapp/static/chart.js';
import { bandOf, texted } from '../../../webapp/static/flow.js';

/** @import { Flow, FlowPart } from '../../../webapp/types/served.js' */

test('names of colours become colours, however deep, and nothing else changes', () => {
  const given = { label: { color: '--ink', text: 'a--b' }, data: ['--line', 1, null, true] };
  const expected = { label: { color: '#ink', text: 'a--b' }, data: ['#line', 1, null, true] };
  assert.deepEqual(coloured(given, (token) => token.replace('--', '#')), expected);
  assert.equal(given.label.color, '--ink');
});

test('a flow says texts where it knows nodes by their names', () => {
  /** @type {Flow} */
  const option = { series: [{ data: [{ name: '0 a', text: 'Office' }, { name: '1 a', text: 'Town' }], label: {} }], tooltip: {} };
  const { series, tooltip } = texted(option);
  const band = { source: '0 a', target: '1 a', value: 3, url: '/people' };
  assert.equal(series[0].label.formatter?.({ name: '1 a' }), 'Town');
  assert.equal(tooltip.formatter?.({ dataType: 'node', name: '0 a', value: 7 }), 'Office: 7');
  assert.equal(tooltip.formatter?.({ dataType: 'edge', name: '', data: band }), 'Office → Town: 3');
});

test('only a band has an address to open', () => {
  /** @type {FlowPart} */
  const node = { dataType: 'node', name: '0 a', data: { url: '/never' } };
  assert.equal(bandOf(node), null);
  assert.equal(bandOf({ dataType: 'edge', name: '', data: { url: '/people' } })?.url, '/people');
});
