// Who is picked on a list: kept in the address, so that a reload and every link to this page keep it.

import { all, allOf, elementOf, filled } from './page.js';

const form = elementOf(HTMLFormElement, '#picks');
const boxes = allOf(HTMLInputElement, 'input[form="picks"][name="person"]');

form.ownerDocument.addEventListener('change', (event) => {
  if (event.target instanceof HTMLInputElement && boxes.includes(event.target)) renew();
});
renew();

function renew() {
  const picked = boxes.filter((box) => box.checked).map((box) => box.value);
  history.replaceState(history.state, '', withPicks(location.href, picked));
  for (const link of allOf(HTMLAnchorElement, 'a[href]')) {
    const isHere = link.origin === location.origin && link.pathname === location.pathname;
    if (isHere && !link.getAttribute('href')?.startsWith('#')) link.href = withPicks(link.href, picked);
  }
  for (const count of all('[data-picked]')) count.textContent = filled(count.dataset.picked ?? '', { n: picked.length });
  for (const button of allOf(HTMLButtonElement, '[data-from]', form)) {
    button.disabled = picked.length < Number(button.dataset.from) || picked.length > Number(button.dataset.to);
  }
}

/**
 * An address with those who are picked.
 * @param {string} address
 * @param {string[]} picked
 */
function withPicks(address, picked) {
  const url = new URL(address);
  url.searchParams.delete('person');
  for (const person of picked) url.searchParams.append('person', person);
  return url.href;
}
