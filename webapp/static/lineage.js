// Boxes for a name on the pages of networks, connections and lineages: a box keeps the id that its
// completion offered, or opens the network at once; and a way is lit in the picture.

document.addEventListener('input', ({ target }) => {
  if (target.dataset?.picks) document.getElementById(target.dataset.picks).value = '';
});
document.addEventListener('completion:chosen', (event) => {
  const input = event.target;
  const { url, name } = event.detail;
  const [, kind, id] = /\/(people|units)\/([^/]+)$/.exec(url) ?? [];
  if (input.dataset.opens && kind) {
    event.preventDefault();
    const asked = new URLSearchParams({ [kind === 'people' ? 'person' : 'unit']: decodeURIComponent(id) });
    location.assign(`${input.dataset.opens}?${asked}`);
  } else if (input.dataset.picks && kind === 'people') {
    event.preventDefault();
    input.value = name;
    document.getElementById(input.dataset.picks).value = decodeURIComponent(id);
    // In the form of the scene a choice is the whole answer.
    if (input.form.matches('.controls')) input.form.requestSubmit();
  }
});

const ways = [...document.querySelectorAll('[data-light]')];
const picture = document.getElementById('picture');

ways.forEach((button) => button.addEventListener('click', () => light(button)));
if (ways.length > 1) lightOnceDrawn();

function light(button) {
  ways.forEach((each) => each.setAttribute('aria-pressed', String(each === button)));
  picture.view.light(JSON.parse(button.dataset.light));
}

function lightOnceDrawn() {
  if (picture.dataset.ready) return light(ways[0]);
  const waiting = new MutationObserver(() => {
    if (!picture.dataset.ready) return;
    waiting.disconnect();
    light(ways[0]);
  });
  waiting.observe(picture, { attributes: true, attributeFilter: ['data-ready'] });
}
