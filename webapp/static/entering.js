// Forms: suggestions for people and posts, the name of what is chosen, a warning before leaving.

import { all, allOf, isAborted, onDay, perhaps } from './page.js';

/** @import { SearchResult } from '../types/served.js' */

allOf(HTMLInputElement, 'input[data-search]').forEach((input) => {
  if (!input.list) return;
  if (input.dataset.source) suggests(input, input.list);
  names(input, input.list);
});
all('form[data-entry]').forEach(guards);

/**
 * The datalist is filled while typing; choosing an entry writes its id.
 * @param {HTMLInputElement} input
 * @param {HTMLDataListElement} list
 */
function suggests(input, list) {
  const kind = new Map([['people', 'person'], ['units', 'unit'], ['posts', 'post']]).get(input.dataset.search ?? '');
  let waiting = 0;
  let asked = new AbortController();
  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 120);
  });

  async function ask() {
    asked.abort();
    asked = new AbortController();
    const text = input.value.trim();
    if (!text || [...list.options].some((option) => option.value === text)) return;
    try {
      const address = onDay(`${input.dataset.source}?q=${encodeURIComponent(text)}&limit=20`);
      const answer = await fetch(address, { signal: asked.signal });
      if (!answer.ok) return;
      const { results } = /** @type {{ results: SearchResult[] }} */ (await answer.json());
      list.replaceChildren(
        ...results
          .filter((result) => result.kind === kind)
          .map((result) => new Option(`${result.name} ${result.detail}`, result.id)),
      );
      input.dispatchEvent(new Event('suggested'));
    } catch (error) {
      if (!isAborted(error)) throw error;
    }
  }
}

/**
 * Beside an id stands whose it is.
 * @param {HTMLInputElement} input
 * @param {HTMLDataListElement} list
 */
function names(input, list) {
  const said = perhaps(`output[data-named="${input.name}"]`);
  const show = () => {
    const chosen = [...list.options].find((option) => option.value === input.value);
    if (said && chosen) said.textContent = chosen.text;
    else if (said && input.value !== input.defaultValue) said.textContent = '';
  };
  for (const event of ['input', 'change', 'suggested']) input.addEventListener(event, show);
}

/** @param {HTMLElement} form */
function guards(form) {
  let touched = false;
  form.addEventListener('input', () => (touched = true));
  form.addEventListener('submit', () => (touched = false));
  window.addEventListener('beforeunload', (event) => {
    if (touched) event.preventDefault();
  });
}
