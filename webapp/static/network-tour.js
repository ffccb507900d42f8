// The tour of the network page: three steps for a newcomer, each with a part of the page.

import { all, element, elementOf } from './page.js';

/** @typedef {[title: string, text: string, where: string]} Step */

// Begin the tour.
export function tour() {
  const dialog = elementOf(HTMLDialogElement, '#tour-steps');
  const steps = /** @type {Step[]} */ (JSON.parse(dialog.dataset.steps ?? '[]'));
  const next = element('[data-next]', dialog);
  const unmark = () => all('.toured').forEach((each) => each.classList.remove('toured'));
  const show = (/** @type {number} */ number) => {
    const step = steps[number];
    if (!step) return dialog.close();
    const [title, text, where] = step;
    unmark();
    const part = element(where);
    part.classList.add('toured');
    part.scrollIntoView({ block: 'center' });
    element('h2', dialog).textContent = title;
    element('p', dialog).textContent = text;
    element('.muted', dialog).textContent = `${number + 1} / ${steps.length}`;
    next.textContent = (number + 1 < steps.length ? next.dataset.next : next.dataset.last) ?? '';
    next.onclick = () => show(number + 1);
  };
  dialog.onclose = () => {
    unmark();
    element('#tour').focus();
  };
  dialog.show();
  show(0);
  next.focus();
}
