// A form whose page follows what is typed: the server filters, and the part that it names is
// replaced. Without script the form is sent by its button.

import { all, allOf, element, perhaps } from './page.js';

const PAUSE_MS = 200; // after the last key

allOf(HTMLFormElement, 'form[data-live]').forEach(follow);

/** @param {HTMLFormElement} form */
function follow(form) {
  let waiting = 0;
  let asked = 0;
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = window.setTimeout(renew, PAUSE_MS);
  });

  async function renew() {
    const number = ++asked;
    const address = new URL(form.action);
    for (const [name, value] of new FormData(form)) if (value) address.searchParams.set(name, String(value));
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (number !== asked || !answer.ok) return; // a later one is on its way
    const id = `#${form.dataset.live}`;
    element(id).replaceWith(document.adoptNode(element(id, page)));
    const [said, anew] = [perhaps('.answer'), perhaps('.answer', page)];
    if (said && anew) said.replaceWith(document.adoptNode(anew));
    history.replaceState(history.state, '', address);
    all(id).forEach((part) => part.setAttribute('data-renewed', String(number)));
    document.dispatchEvent(new CustomEvent('page:renewed'));
  }
}
