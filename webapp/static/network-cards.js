// What stands beside a picture and below it: the card of the one selected, the rows of the table.

import { all, carried, filled, perhaps } from './page.js';

/** @import { Card, Picture, Said } from '../types/served.js' */
/** @import { Place } from './table.js' */

/**
 * What the card says of a tie: a sentence for each that the line stands for, and where it is from.
 * @param {Picture} scene
 * @param {Said[]} said
 */
export function tieCard(scene, said) {
  const heading = make('h2', scene.open && said.length > 1 ? filled(scene.words.ties, { n: said.length }) : scene.words.tie);
  const parts = said.flatMap(({ text, source, url }) => {
    const line = make('p', text);
    if (!source) return [line];
    const from = make('p', source, 'muted source');
    if (url && scene.open) {
      const next = encodeURIComponent(location.pathname + location.search);
      from.append(' ', link(carried(`${scene.enter.replace(/\/$/, '')}/${url}?next=${next}`), scene.words.correct));
    }
    return [line, from];
  });
  return [heading, ...parts];
}

/**
 * What the card says of a person, post or unit, and where it leads.
 * @param {Picture} scene
 * @param {Card} person
 * @param {HTMLElement | null} wider the link that shows more
 */
export function personCard(scene, person, wider) {
  const { words } = scene;
  const heading = make('h2', '');
  heading.append(link(person.url, person.name));
  const facts = make('dl', '', 'facts');
  person.facts.forEach((value, at) => {
    if (value) facts.append(make('dt', scene.factTitles[at] ?? ''), make('dd', value));
  });
  const actions = make('div', '', 'actions');
  actions.append(link(person.url, scene.open && person.kind !== 'person' ? scene.words.openThing : words.open, 'button'));
  if (!scene.open && (!scene.asked.includes(person.id) || scene.asked.length > 1)) {
    const asked = new URLSearchParams({ person: person.id, depth: '2' });
    actions.append(link(carried(`${scene.around}?${asked}`), words.around, 'button'));
  }
  if (wider) actions.append(wider);
  return [heading, facts, actions];
}

/**
 * Marks rows of the table, both of the plain one and of the one that table.js made of it.
 * @param {{ chosen?: string, off?: Set<string> }} marked what is changed of the marks
 * @param {string} [show] the row to bring into view
 */
export function markRows(marked, show) {
  /** @type {Place | null} */
  const table = perhaps('#people [data-table]');
  if (!table) return;
  const before = table.marks ?? { chosen: undefined, off: new Set() };
  table.marks = { ...before, ...marked };
  const { chosen, off } = table.marks;
  const changed = new Set([...before.off, ...off].filter((card) => before.off.has(card) !== off.has(card)));
  if (chosen !== before.chosen) [chosen, before.chosen].forEach((card) => card && changed.add(card));
  for (const row of all('tbody tr', table)) {
    const card = perhaps('[data-card]', row)?.dataset.card;
    if (!card || !changed.has(card)) continue;
    row.classList.toggle('chosen', card === chosen);
    row.classList.toggle('off', off.has(card));
  }
  table.dispatchEvent(new CustomEvent('table:marked', { detail: { changed: [...changed], show } }));
}

/**
 * An element with a text.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} name
 * @param {string} text
 * @param {string} [style] its classes
 * @returns {HTMLElementTagNameMap[T]}
 */
export function make(name, text, style) {
  const made = document.createElement(name);
  made.textContent = text;
  if (style) made.className = style;
  return made;
}

/**
 * @param {string} url
 * @param {string} text
 * @param {string} [style] its classes
 */
export function link(url, text, style) {
  const made = make('a', text, style);
  made.href = url;
  return made;
}
