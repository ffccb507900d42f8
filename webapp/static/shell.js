// The shell of every page: completion in search boxes, small cards on links, keys.

const cards = new Map();

completeAll();
document.addEventListener('page:renewed', completeAll);
followCards();
followKeys();
showPlace();

// --- search: a combobox after the ARIA pattern; without script the form itself works

function completeAll() {
  document.querySelectorAll('.search input[data-source]:not([role])').forEach(completes);
}

function completes(input) {
  const box = input.closest('.search');
  const list = element('ul', { class: 'completion', id: `${input.id}-list`, role: 'listbox', hidden: '' });
  list.setAttribute('aria-label', input.placeholder);
  box.append(list);
  set(input, { role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id });

  let active = -1;
  let waiting = 0;
  let asked = new AbortController();

  input.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 90);
  });
  input.addEventListener('focus', () => list.children.length && input.value.trim() && open(true));
  input.addEventListener('blur', () => open(false));
  input.addEventListener('keydown', (event) => {
    const options = list.querySelectorAll('[role=option]');
    if (event.key === 'Escape' && !list.hidden) {
      open(false);
      event.preventDefault();
    } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && !list.hidden && options.length) {
      const step = event.key === 'ArrowDown' ? 1 : -1;
      activate((active + step + options.length) % options.length);
      event.preventDefault();
    } else if (event.key === 'Enter' && active >= 0 && !list.hidden) {
      choose(options[active]);
      event.preventDefault();
    }
  });
  // mousedown, not click: the blur of the input would close the list first
  list.addEventListener('mousedown', (event) => {
    const option = event.target.closest('[role=option]');
    event.preventDefault();
    if (option && event.button === 0) choose(option);
  });

  // A page may take the choice itself, as a box that names a person does.
  function choose(option) {
    const detail = { url: option.dataset.url, name: option.querySelector('.name').textContent };
    const goes = input.dispatchEvent(new CustomEvent('completion:chosen', { detail, cancelable: true, bubbles: true }));
    if (goes) location.assign(option.dataset.url);
    else open(false);
  }

  async function ask() {
    asked.abort();
    asked = new AbortController();
    const text = input.value.trim();
    if (!text) return open(false);
    try {
      const answer = await fetch(`${input.dataset.source}?q=${encodeURIComponent(text)}&limit=10`, {
        signal: asked.signal,
      });
      if (!answer.ok) return open(false);
      show((await answer.json()).results);
    } catch (error) {
      if (error.name !== 'AbortError') open(false);
    }
  }

  function show(results) {
    list.replaceChildren(...results.map(option));
    if (!results.length) {
      const nobody = element('li', { class: 'nobody', role: 'presentation' });
      nobody.textContent = input.dataset.nobody;
      list.append(nobody);
    }
    open(document.activeElement === input);
    activate(-1);
  }

  function option(result, index) {
    const item = element('li', { role: 'option', id: `${list.id}-${index}`, 'aria-selected': 'false' });
    item.dataset.url = result.url;
    const name = element('span', { class: 'name' });
    const detail = element('span', { class: 'detail' });
    name.textContent = result.name;
    detail.textContent = result.detail;
    item.append(element('span', { class: `sign ${result.sign}`, 'aria-hidden': 'true' }), name, detail);
    return item;
  }

  function open(yes) {
    list.hidden = !yes;
    input.setAttribute('aria-expanded', String(yes));
    if (!yes) activate(-1);
  }

  function activate(index) {
    active = index;
    const options = [...list.querySelectorAll('[role=option]')];
    options.forEach((each, at) => each.setAttribute('aria-selected', String(at === index)));
    if (index >= 0) {
      input.setAttribute('aria-activedescendant', options[index].id);
      options[index].scrollIntoView({ block: 'nearest' });
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  }
}

// --- the same small card wherever a person, unit or post is named

function followCards() {
  let card = null;
  let waiting = 0;
  const root = document.querySelector('.search input[data-source]')?.dataset.source.replace(/search$/, 'cards/');
  if (!root) return;

  const come = (event) => {
    const link = event.target.closest?.('[data-card]');
    if (!link) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => show(link), event.type === 'focusin' ? 350 : 200);
  };
  const leave = () => {
    clearTimeout(waiting);
    card?.remove();
    card = null;
  };
  document.addEventListener('mouseover', come);
  document.addEventListener('focusin', come);
  document.addEventListener('mouseout', leave);
  document.addEventListener('focusout', leave);
  document.addEventListener('keydown', (event) => event.key === 'Escape' && leave());
  document.addEventListener('scroll', leave, { passive: true, capture: true });

  async function show(link) {
    const lines = await facts(link.dataset.card);
    if (!lines || !link.isConnected || !(link.matches(':hover') || link === document.activeElement)) return;
    card?.remove();
    card = element('div', { class: 'card', role: 'status' });
    lines.forEach((line, index) => {
      const part = element(index ? 'div' : 'strong', index ? { class: 'muted' } : {});
      part.textContent = line;
      card.append(part);
    });
    document.body.append(card);
    const place = link.getBoundingClientRect();
    const own = card.getBoundingClientRect();
    const below = place.bottom + own.height + 8 < innerHeight;
    card.style.left = `${Math.max(8, Math.min(place.left, innerWidth - own.width - 16)) + scrollX}px`;
    card.style.top = `${(below ? place.bottom + 6 : place.top - own.height - 6) + scrollY}px`;
  }

  async function facts(name) {
    if (!cards.has(name)) {
      const [kind, ...id] = name.split('/');
      const address = `${root}${kind}/${encodeURIComponent(id.join('/'))}`;
      cards.set(name, fetch(address).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null));
    }
    return (await cards.get(name))?.lines;
  }
}

// --- keys

function followKeys() {
  const keys = document.getElementById('keys');
  const button = document.getElementById('keys-button');
  button.hidden = false;
  button.addEventListener('click', () => keys.showModal());
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === '/') {
      const input = document.querySelector('main .search input') ?? document.getElementById('search');
      input.focus();
      input.select();
    } else if (event.key === '?') {
      if (!keys.open) keys.showModal();
    } else if (event.key === 'f') {
      const filter = document.querySelector('.table-tools input');
      if (!filter) return;
      filter.focus();
      filter.scrollIntoView({ block: 'nearest' });
    } else {
      return;
    }
    event.preventDefault();
  });
  // A form that takes long says so and cannot be sent twice.
  document.addEventListener('submit', (event) => {
    const pressed = event.submitter;
    if (!pressed?.dataset.busy) return;
    pressed.textContent = pressed.dataset.busy;
    setTimeout(() => (pressed.disabled = true));
  });
  addEventListener('pageshow', (event) => event.persisted && location.reload());
}

// On a narrow screen the places are a strip that scrolls: the lit one is brought into view.
function showPlace() {
  const lit = document.querySelector('.places [aria-current]');
  if (lit) lit.parentElement.scrollLeft = lit.offsetLeft + lit.offsetWidth - lit.parentElement.clientWidth + 8;
}

function isTyping(target) {
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName);
}

function element(name, attributes) {
  const made = document.createElement(name);
  set(made, attributes);
  return made;
}

function set(target, attributes) {
  Object.entries(attributes).forEach(([name, value]) => target.setAttribute(name, value));
}
