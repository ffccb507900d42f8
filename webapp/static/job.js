// The page of a running job: asks how far it is and shows it; at the end the page is opened anew.

import { element, elementOf, perhaps } from './page.js';

/** @import { Job } from '../types/served.js' */

const PAUSE_MS = 500;

const running = perhaps('[data-job]');
if (running) watch(running);

/** @param {HTMLElement} panel */
async function watch(panel) {
  for (;;) {
    await new Promise((later) => setTimeout(later, PAUSE_MS));
    let job;
    try {
      const answer = await fetch(panel.dataset.job ?? '');
      if (!answer.ok) break;
      job = /** @type {Job} */ (await answer.json());
    } catch {
      continue; // the server may be restarting
    }
    // A table that begins has its title from the server, like everything that is written here.
    if (job.state !== 'running' || show(panel, job.tables)) break;
    const far = perhaps('[data-progress]', panel);
    if (far) far.textContent = job.how_far;
  }
  location.reload();
}

/**
 * Show how far each table is; say whether one has begun that the page does not have.
 * @param {HTMLElement} panel
 * @param {Job['tables']} tables
 */
function show(panel, tables) {
  let isNew = false;
  for (const { table, done, total } of tables) {
    const row = perhaps(`tr[data-name="${CSS.escape(table)}"]`, panel);
    if (!row) {
      isNew = true;
      continue;
    }
    const bar = elementOf(HTMLProgressElement, 'progress', row);
    bar.max = total || 1;
    bar.value = total ? done : 1;
    element('.number', row).textContent = `${done} / ${total}`;
  }
  return isNew;
}
