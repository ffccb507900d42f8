// The planning pages: a run's progress, rows of forms, and on demand a Gantt whose bars are dragged.

import { all, allOf, carried, dataOf, element, elementOf, perhaps } from './page.js';

/** @import { Bar, Board, LogLine, Run } from '../types/served.js' */

const PAUSE_MS = 700;

all('[data-run]:not([data-over])').forEach(watch);
all('[data-add]').forEach((button) => {
  button.hidden = false;
  button.addEventListener('click', () => element('select, input', addRow(button.dataset.add ?? '')).focus());
});
perhaps('#problem')?.focus();
const drag = perhaps('#drag');
if (drag) offerDragging(drag);

// --- a run

/** @param {HTMLElement} panel */
async function watch(panel) {
  const parts = all('[data-part]', panel);
  for (;;) {
    await new Promise((later) => setTimeout(later, PAUSE_MS));
    let run;
    try {
      const answer = await fetch(panel.dataset.run ?? '');
      if (!answer.ok) break;
      run = /** @type {Run} */ (await answer.json());
    } catch {
      continue; // the server may be restarting
    }
    if (run.is_over) break; // what it found is written by the server
    for (const part of parts) {
      const value = String(run[part.dataset.part ?? ''] ?? '');
      if (part.tagName === 'TBODY') part.replaceChildren(...run.log.map(line));
      else if (part.textContent !== value) part.textContent = value;
    }
  }
  location.reload();
}

/** @param {LogLine} found */
function line({ seconds, stage, cost, bound }) {
  const row = document.createElement('tr');
  [seconds, stage, cost, bound].forEach((text, at) => {
    const cell = row.insertCell();
    cell.textContent = String(text ?? '');
    if (at !== 1) cell.className = 'number';
  });
  return row;
}

// --- rows of forms

/**
 * Give a further, empty row of a form: a copy of the last one.
 * @param {string} name
 */
function addRow(name) {
  const body = element(`[data-rows="${name}"] tbody`);
  const row = element('tr:last-child', body).cloneNode(true);
  if (!(row instanceof HTMLElement)) throw new TypeError('A row is an element.');
  allOf(HTMLInputElement, 'input', row).forEach((field) => (field.value = ''));
  allOf(HTMLSelectElement, 'select', row).forEach((field) => (field.selectedIndex = 0));
  body.append(row);
  return row;
}

function freeRow() {
  return all('[data-rows="pins"] tbody tr').find((row) => !fieldOf(row, 'pin_person').value) ?? addRow('pins');
}

/**
 * A field of a row, whatever is typed or chosen in it.
 * @param {HTMLElement} row
 * @param {string} name
 */
function fieldOf(row, name) {
  const field = element(`[name=${name}]`, row);
  if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) return field;
  throw new TypeError(`${name} is no field`);
}

// --- a Gantt whose bars are dragged: its library comes when it is asked for

/** @param {HTMLElement} details */
function offerDragging(details) {
  details.hidden = false;
  details.addEventListener('toggle', () => begin(details), { once: true });
}

/** @param {HTMLElement} details */
async function begin(details) {
  const style = Object.assign(document.createElement('link'), { rel: 'stylesheet', href: details.dataset.style });
  const styled = new Promise((done) => style.addEventListener('load', done, { once: true }));
  document.head.append(style);
  await styled;
  await start(element('[data-board]', details));
}

/** @param {HTMLElement} place */
async function start(place) {
  const { drawBoard } = await import('./timeline.js');
  const data = /** @type {Board} */ (dataOf(place.dataset.board ?? ''));
  const panel = element('#picked');
  /** @type {Bar | null} */
  let picked = null;
  const board = await drawBoard(place, data, {
    moved: (bar, post, day) => pin('pin', bar, post, day),
    chosen: (bar) => {
      picked = bar;
      panel.hidden = !bar;
      if (!bar) return;
      element('[data-part=words]', panel).textContent = bar.tip.replace('\n', ' · ');
      const why = elementOf(HTMLAnchorElement, '[data-part=why]', panel);
      why.href = carried(`${location.pathname.replace(/\/change$/, '')}/people/${encodeURIComponent(bar.person)}`);
    },
  });
  const views = all('button[data-view]');
  views.forEach((button) => {
    button.addEventListener('click', () => {
      views.forEach((each) => each.setAttribute('aria-pressed', String(each === button)));
      board.show(button.dataset.view ?? '');
    });
  });
  all('[data-do]').forEach((button) => {
    button.addEventListener('click', () => {
      if (picked) pin(button.dataset.do ?? '', picked, picked.post, picked.start);
    });
  });

  /**
   * Write a pin or a ban into the form, and say so.
   * @param {string} what "pin" or "forbid"
   * @param {Bar} bar
   * @param {string} post
   * @param {string} day
   */
  function pin(what, bar, post, day) {
    const row = freeRow();
    const values = { what, pin_person: bar.person, pin_post: post, pin_day: day };
    Object.entries(values).forEach(([name, value]) => (fieldOf(row, name).value = value));
    board.mark(bar.id);
    const said = element('[data-part=pinned]');
    const words = allOf(HTMLSelectElement, 'select', row).map((each) => each.selectedOptions[0]?.textContent ?? '');
    said.textContent = [words[1], words[0], words[2], words[3]].join(' · ');
    said.hidden = false;
  }
}
