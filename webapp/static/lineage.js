// Boxes for a name on the pages of networks, connections and lineages: a box keeps the id that its
// completion offered, or opens the network at once; and a way is lit in the picture.

import { chosenOf } from './network-address.js';
import { all, carried, elementOf, perhaps, targetOf } from './page.js';

/** @import { View } from './network.js' */

document.addEventListener('input', (event) => {
  const input = targetOf(event);
  if (input instanceof HTMLInputElement && input.dataset.picks) fieldOf(input.dataset.picks).value = '';
});
document.addEventListener('completion:chosen', (event) => {
  const input = targetOf(event);
  if (!(event instanceof CustomEvent) || !(input instanceof HTMLInputElement)) return;
  const { url, name } = /** @type {{ url: string, name: string }} */ (event.detail);
  const chosen = chosenOf(url);
  if (!chosen) return;
  if (input.dataset.opens) {
    event.preventDefault();
    location.assign(carried(`${input.dataset.opens}?${new URLSearchParams({ [chosen.kind]: chosen.id })}`));
  } else if (input.dataset.picks && chosen.kind === 'person') {
    event.preventDefault();
    input.value = name;
    fieldOf(input.dataset.picks).value = chosen.id;
    // In the form of the scene a choice is the whole answer.
    if (input.form?.matches('.controls')) input.form.requestSubmit();
  }
});

const ways = all('[data-light]');
/** @type {(HTMLElement & { view?: View }) | null} */
const picture = perhaps('#picture');

ways.forEach((button) => button.addEventListener('click', () => light(button)));
if (ways.length > 1 && picture) lightOnceDrawn(picture);

/** @param {string} id */
function fieldOf(id) {
  return elementOf(HTMLInputElement, `#${CSS.escape(id)}`);
}

/** @param {HTMLElement | undefined} button */
function light(button) {
  ways.forEach((each) => each.setAttribute('aria-pressed', String(each === button)));
  picture?.view?.light(JSON.parse(button?.dataset.light ?? 'null'));
}

/** @param {HTMLElement} place */
function lightOnceDrawn(place) {
  if (place.dataset.ready) return light(ways[0]);
  const waiting = new MutationObserver(() => {
    if (!place.dataset.ready) return;
    waiting.disconnect();
    light(ways[0]);
  });
  waiting.observe(place, { attributes: true, attributeFilter: ['data-ready'] });
}
