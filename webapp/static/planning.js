// The planning pages: a run's progress, rows of forms, and the Gantt whose bars can be pinned.

import { drawBoard } from './timeline.js';

const PAUSE_MS = 700;

document.querySelectorAll('[data-run]:not([data-over])').forEach(watch);
document.querySelectorAll('[data-add]').forEach((button) => {
  button.hidden = false;
  button.addEventListener('click', () => addRow(button.dataset.add).querySelector('select, input').focus());
});
document.getElementById('problem')?.focus();
const picture = document.querySelector('[data-board]');
if (picture) await start(picture);

// --- a run

async function watch(panel) {
  const parts = [...panel.querySelectorAll('[data-part]')];
  for (;;) {
    await new Promise((later) => setTimeout(later, PAUSE_MS));
    let run;
    try {
      const answer = await fetch(panel.dataset.run);
      if (!answer.ok) break;
      run = await answer.json();
    } catch {
      continue; // the server may be restarting
    }
    if (run.is_over) break; // what it found is written by the server
    for (const part of parts) {
      const value = run[part.dataset.part];
      if (part.tagName === 'TBODY') part.replaceChildren(...run.log.map(line));
      else if (part.textContent !== String(value)) part.textContent = value;
    }
  }
  location.reload();
}

function line({ seconds, stage, cost, bound }) {
  const row = document.createElement('tr');
  [seconds, stage, cost, bound].forEach((text, at) => {
    const cell = row.insertCell();
    cell.textContent = text;
    if (at !== 1) cell.className = 'number';
  });
  return row;
}

// --- rows of forms

// Give an empty row of a form: the last one if nobody has filled it, else a copy.
function addRow(name) {
  const body = document.querySelector(`[data-rows="${name}"] tbody`);
  const last = body.rows[body.rows.length - 1];
  const row = last.cloneNode(true);
  row.querySelectorAll('input, select').forEach((field) => {
    if (field.tagName === 'SELECT') field.selectedIndex = 0;
    else field.value = '';
  });
  body.append(row);
  return row;
}

function freeRow() {
  const rows = [...document.querySelectorAll('[data-rows="pins"] tbody tr')];
  return rows.find((row) => !row.querySelector('[name=pin_person]').value) ?? addRow('pins');
}

// --- the Gantt

async function start(place) {
  const data = JSON.parse(document.getElementById(place.dataset.board).textContent);
  const panel = document.getElementById('picked');
  let picked = null;
  const board = await drawBoard(place, data, {
    moved: (bar, post, day) => pin('pin', bar, post, day),
    chosen: (bar) => {
      picked = bar;
      panel.hidden = !bar;
      if (!bar) return;
      panel.querySelector('[data-part=words]').textContent = bar.tip.replace('\n', ' · ');
      const why = panel.querySelector('[data-part=why]');
      why.href = `${location.pathname.replace(/\/change$/, '')}/people/${encodeURIComponent(bar.person)}`;
    },
  });
  document.querySelectorAll('[data-view]').forEach((button, _at, all) => {
    button.parentElement.hidden = false;
    button.addEventListener('click', () => {
      all.forEach((each) => each.setAttribute('aria-pressed', String(each === button)));
      board.show(button.dataset.view);
    });
  });
  document.querySelectorAll('[data-do]').forEach((button) => {
    button.hidden = false;
    button.addEventListener('click', () => {
      const bar = button.dataset.bar ? data.bars[button.dataset.bar] : picked;
      if (bar) pin(button.dataset.do, bar, bar.post, bar.start);
    });
  });

  function pin(what, bar, post, day) {
    const row = freeRow();
    row.querySelector('[name=what]').value = what;
    row.querySelector('[name=pin_person]').value = bar.person;
    row.querySelector('[name=pin_post]').value = post;
    row.querySelector('[name=pin_day]').value = day;
    board.mark(bar.id);
    const said = document.querySelector('[data-part=pinned]');
    const words = [...row.querySelectorAll('select')].map((each) => each.selectedOptions[0]?.textContent ?? '');
    said.textContent = [words[1], words[0], words[2], words[3]].join(' · ');
    said.hidden = false;
  }
}
