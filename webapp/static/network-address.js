// What an address says of a network, and what keys, rows and links say of a person, post or unit.
// Changes are made to the parameters that are given (webapp/network/address.py reads them). Nothing
// here touches the page.

/** @import { Card } from '../types/served.js' */

const PAGES = { person: 'people', post: 'posts', unit: 'units' };
const OWN = ['selected', 'off', 'pin', 'unit', 'cohort']; // parameters that no field of the form has
const DAY = ['on', 'as_of', 'planned']; // the day, its older name, and whether planned facts are shown

/**
 * What the row of a person, post or unit carries as `data-card`.
 * @param {Card} card
 */
export function cardOf({ kind, of }) {
  return `${PAGES[kind]}/${of}`;
}

/**
 * The key of a person, post or unit, as queries/network/view.py writes it, from `data-card`; nothing without one.
 * @param {string | undefined} card
 */
export function keyOf(card) {
  if (!card) return null;
  const [page, ...rest] = card.split('/');
  const id = rest.join('/');
  if (page === 'people') return /^(post|unit|person):/.test(id) ? `person:${id}` : id;
  return `${page?.replace(/s$/, '')}:${id}`;
}

/**
 * The person or unit whose page an address is; nothing of another page.
 * @param {string} url
 */
export function chosenOf(url) {
  const [, page, id] = /\/(people|units)\/([^/?#]+)(?:[?#].*)?$/.exec(url) ?? [];
  return page && id ? { kind: page === 'people' ? 'person' : 'unit', id: decodeURIComponent(id) } : null;
}

/**
 * Take some values of a parameter away and leave its others in their order.
 * @param {URLSearchParams} values
 * @param {string} name
 * @param {string[]} gone
 */
export function without(values, name, ...gone) {
  const left = values.getAll(name).filter((each) => !gone.includes(each));
  values.delete(name);
  left.forEach((each) => values.append(name, each));
}

/**
 * Show more of a mark: what was closed of it by hand comes back, else its ties are opened.
 * @param {URLSearchParams} values
 * @param {string} key of the mark
 * @param {string} id of what it stands for
 * @param {string} kind of ties; empty: mentors and trainees
 */
export function opened(values, key, id, kind) {
  const tie = kind ? `${kind}:${id}` : id;
  const ties = kind ? [tie] : [`mentors:${id}`, `trainees:${id}`, tie];
  const folded = values.getAll('fold').filter((each) => ties.includes(each));
  without(values, 'fold', ...folded);
  if (!folded.length) values.append('expand', tie);
  values.set('selected', key);
}

/**
 * Close one kind of ties of a mark.
 * @param {URLSearchParams} values
 * @param {string} key of the mark
 * @param {string} id of what it stands for
 * @param {string} kind
 */
export function closed(values, key, id, kind) {
  const tie = `${kind}:${id}`;
  without(values, 'expand', tie);
  values.append('fold', tie);
  values.set('selected', key);
}

/**
 * The places by hand of one mark, as the address has them.
 * @param {URLSearchParams} values
 * @param {string} key
 */
export function pinsOf(values, key) {
  return values.getAll('pin').filter((each) => each.replace(/,[^,]*,[^,]*$/, '') === key); // an id may hold commas
}

/**
 * Put a mark to a place by hand.
 * @param {URLSearchParams} values
 * @param {string} key
 * @param {number} x
 * @param {number} y
 */
export function pinned(values, key, x, y) {
  without(values, 'pin', ...pinsOf(values, key));
  values.append('pin', `${key},${x},${y}`);
  values.set('selected', key);
}

/**
 * What a form that is sent makes of the address: its fields that say something, and what no field
 * has. Places by hand belong to a layout, so another layout lets them go.
 * @param {URLSearchParams} given
 * @param {URLSearchParams} now
 * @param {string} [field] the one that was changed
 */
export function submitted(given, now, field) {
  const asked = new URLSearchParams([...given].filter(([name, value]) => value && !OWN.includes(name)));
  for (const name of OWN) {
    if (name === 'pin' && field === 'layout') continue;
    now.getAll(name).forEach((each) => asked.append(name, each));
  }
  return asked;
}

/**
 * Look at the day that the form of the header names, and at all else as it is now.
 * @param {URLSearchParams} values
 * @param {URLSearchParams} given
 */
export function ofDay(values, given) {
  for (const name of DAY) {
    values.delete(name);
    given.getAll(name).forEach((each) => values.append(name, each));
  }
}

/**
 * Whether an address names somebody or something to begin with, so that a scene can be made of it.
 * @param {URLSearchParams} values
 */
export function isScene(values) {
  return ['person', 'unit', 'cohort'].some((name) => values.has(name));
}

/**
 * The name of a file that is sent, from its Content-Disposition; another where it has none.
 * @param {string | null} disposition
 * @param {string} other
 */
export function fileName(disposition, other) {
  const [, whole] = /filename\*=UTF-8''([^;]+)/.exec(disposition ?? '') ?? [];
  const [, plain] = /filename="?([^";]+)/.exec(disposition ?? '') ?? [];
  return whole ? decodeURIComponent(whole) : (plain ?? other);
}
