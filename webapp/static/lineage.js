// The pages of connections and lineages: a box keeps the id that its completion offered, and a way
// is lit in the picture.

document.querySelectorAll('input[data-picks]').forEach((input) => {
  const id = document.getElementById(input.dataset.picks);
  input.addEventListener('input', () => (id.value = ''));
  input.addEventListener('completion:chosen', (event) => {
    const { url, name } = event.detail;
    const found = /\/people\/([^/]+)$/.exec(url);
    if (!found) return; // a unit or a post opens its page
    event.preventDefault();
    input.value = name;
    id.value = decodeURIComponent(found[1]);
  });
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
