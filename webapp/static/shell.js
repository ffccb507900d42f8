// The shell of every page: completion in search boxes, small cards on links, keys.

import { all, allOf, element, elementOf, isAborted, isTyping, onDay, perhaps, targetOf } from './page.js';
import { lastDay, monthAt, within } from './time-bar.js';

/** @import { SearchResult } from '../types/served.js' */

/** @type {Map<string, Promise<{ lines: string[] } | null>>} */
const cards = new Map(); // by what `data-card` names

completeAll();
document.addEventListener('page:renewed', completeAll);
document.addEventListener('page:renewed', followTimeBar);
followCards();
followKeys();
followMenus();
followTimeBar();

// --- search: a combobox after the ARIA pattern; without script the form itself works

function completeAll() {
  allOf(HTMLInputElement, '.search input[data-source]:not([role])').forEach(completes);
}

/** @param {HTMLInputElement} input */
function completes(input) {
  const list = make('ul', { class: 'completion', id: `${input.id}-list`, role: 'listbox', hidden: '' });
  list.setAttribute('aria-label', input.placeholder);
  input.closest('.search')?.append(list);
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
    const options = all('[role=option]', list);
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
    event.preventDefault();
    if (event.button === 0) choose(targetOf(event)?.closest('[role=option]'));
  });

  /**
   * A page may take the choice itself, as a box that names a person does.
   * @param {Element | null | undefined} item
   */
  function choose(item) {
    if (!(item instanceof HTMLElement)) return;
    const url = item.dataset.url ?? '';
    const detail = { url, name: element('.name', item).textContent };
    const goes = input.dispatchEvent(new CustomEvent('completion:chosen', { detail, cancelable: true, bubbles: true }));
    if (goes) location.assign(url);
    else open(false);
  }

  async function ask() {
    asked.abort();
    asked = new AbortController();
    const text = input.value.trim();
    if (!text) return open(false);
    try {
      const answer = await fetch(onDay(`${input.dataset.source}?q=${encodeURIComponent(text)}&limit=10`), {
        signal: asked.signal,
      });
      if (!answer.ok) return open(false);
      show(/** @type {{ results: SearchResult[] }} */ (await answer.json()).results);
    } catch (error) {
      if (!isAborted(error)) open(false);
    }
  }

  /** @param {SearchResult[]} results */
  function show(results) {
    list.replaceChildren(...results.map(option));
    if (!results.length) {
      const nobody = make('li', { class: 'nobody', role: 'presentation' });
      nobody.textContent = input.dataset.nobody ?? '';
      list.append(nobody);
    }
    open(document.activeElement === input);
    activate(-1);
  }

  /**
   * @param {SearchResult} result
   * @param {number} index
   */
  function option(result, index) {
    const item = make('li', { role: 'option', id: `${list.id}-${index}`, 'aria-selected': 'false' });
    item.dataset.url = result.url;
    const name = make('span', { class: 'name' });
    const detail = make('span', { class: 'detail' });
    name.textContent = result.name;
    detail.textContent = result.detail;
    item.append(make('span', { class: `sign ${result.sign}`, 'aria-hidden': 'true' }), name, detail);
    return item;
  }

  /** @param {boolean} yes */
  function open(yes) {
    list.hidden = !yes;
    input.setAttribute('aria-expanded', String(yes));
    if (!yes) activate(-1);
  }

  /** @param {number} index */
  function activate(index) {
    active = index;
    const options = all('[role=option]', list);
    options.forEach((each, at) => each.setAttribute('aria-selected', String(at === index)));
    const chosen = options[index];
    if (chosen) {
      input.setAttribute('aria-activedescendant', chosen.id);
      chosen.scrollIntoView({ block: 'nearest' });
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  }
}

// --- the same small card wherever a person, unit or post is named

function followCards() {
  /** @type {HTMLElement | null} */
  let card = null;
  let waiting = 0;
  const root = perhaps('.search input[data-source]')?.dataset.source?.replace(/search$/, 'cards/');
  if (!root) return;

  const come = (/** @type {Event} */ event) => {
    const link = targetOf(event)?.closest('[data-card]');
    if (!(link instanceof HTMLElement)) return;
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

  /** @param {HTMLElement} link */
  async function show(link) {
    const lines = await facts(link.dataset.card ?? '');
    if (!lines || !link.isConnected || !(link.matches(':hover') || link === document.activeElement)) return;
    card?.remove();
    card = make('div', { class: 'card floating', role: 'status' });
    lines.forEach((line, index) => {
      const part = make(index ? 'div' : 'strong', index ? { class: 'muted' } : {});
      part.textContent = line;
      card?.append(part);
    });
    document.body.append(card);
    const place = link.getBoundingClientRect();
    const own = card.getBoundingClientRect();
    const below = place.bottom + own.height + 8 < innerHeight;
    card.style.left = `${Math.max(8, Math.min(place.left, innerWidth - own.width - 16)) + scrollX}px`;
    card.style.top = `${(below ? place.bottom + 6 : place.top - own.height - 6) + scrollY}px`;
  }

  /** @param {string} name as `data-card` has it */
  async function facts(name) {
    if (!cards.has(name)) {
      const [kind, ...id] = name.split('/');
      const address = `${root}${kind}/${encodeURIComponent(id.join('/'))}`;
      cards.set(name, fetch(onDay(address)).then((answer) => (answer.ok ? answer.json() : null)).catch(() => null));
    }
    return (await cards.get(name))?.lines;
  }
}

// --- keys

function followKeys() {
  const keys = elementOf(HTMLDialogElement, '#keys');
  const button = element('#keys-button');
  button.hidden = false;
  button.addEventListener('click', () => keys.showModal());
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(targetOf(event))) return;
    if (event.key === '/') {
      const [input] = [...allOf(HTMLInputElement, 'main .search input'), ...allOf(HTMLInputElement, '#search')];
      input?.focus();
      input?.select();
    } else if (event.key === '?') {
      if (!keys.open) keys.showModal();
    } else if (event.key === 'f') {
      const filter = perhaps('.table-tools input');
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
    if (!(pressed instanceof HTMLButtonElement) || !pressed.dataset.busy) return;
    pressed.textContent = pressed.dataset.busy;
    setTimeout(() => (pressed.disabled = true));
  });
  addEventListener('pageshow', (event) => event.persisted && location.reload());
}

// --- menus of the frame close when somebody goes on elsewhere

function followMenus() {
  const open = () => all('.shell details[open], .places details[open]');
  const close = (/** @type {HTMLElement} */ menu) => menu.removeAttribute('open');
  document.addEventListener('click', (event) => {
    const at = targetOf(event);
    open().filter((menu) => !at || !menu.contains(at)).forEach(close);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of open()) {
      if (menu.contains(document.activeElement)) perhaps('summary', menu)?.focus();
      close(menu);
    }
  });
}

// --- the time bar: a slider whose value is the last day of a month

function followTimeBar() {
  const bar = perhaps('.timebar .begun:not([role=slider])');
  if (!bar) return;
  const handle = element('.handle', bar);
  const said = bar.dataset;
  const first = Number(said.first), until = Number(said.until), move = Number(said.move);
  const shown = Number(said.month), today = Number(said.today);
  let month = shown;
  set(bar, {
    role: 'slider',
    tabindex: '0',
    'aria-label': bar.dataset.slides ?? '',
    'aria-valuemin': String(first),
    'aria-valuemax': String(until - 1),
  });
  put(shown);

  bar.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    bar.setPointerCapture(event.pointerId);
    drag(event);
  });
  bar.addEventListener('pointermove', (event) => bar.hasPointerCapture(event.pointerId) && drag(event));
  bar.addEventListener('pointerup', (event) => bar.hasPointerCapture(event.pointerId) && go());
  bar.addEventListener('pointercancel', () => put(shown));
  bar.addEventListener('keydown', (event) => {
    /** @type {Record<string, number>} */
    const to = {
      ArrowLeft: month - move, ArrowDown: month - move, ArrowRight: month + move, ArrowUp: month + move,
      PageDown: month - 12 * move, PageUp: month + 12 * move, Home: first, End: until - 1, Escape: shown,
    };
    const wanted = to[event.key];
    if (event.key === 'Enter') go();
    else if (wanted !== undefined) put(within(wanted, first, until, move));
    else return;
    event.preventDefault();
  });

  /** @param {PointerEvent} event */
  function drag(event) {
    const place = bar?.getBoundingClientRect();
    if (place) put(monthAt((event.clientX - place.left) / place.width, first, until, move));
  }

  /** @param {number} wanted */
  function put(wanted) {
    month = wanted;
    const day = month === shown ? (bar?.dataset.day ?? '') : lastDay(month);
    if (month !== shown) handle.style.left = `${(100 * (month + 1 - first)) / (until - first)}%`;
    handle.dataset.day = month === shown ? '' : day;
    if (bar) set(bar, { 'aria-valuenow': String(month), 'aria-valuetext': day });
  }

  function go() {
    if (month === shown) return;
    const address = new URL(location.href);
    address.searchParams.delete('as_of');
    if (month === today) address.searchParams.delete('on');
    else address.searchParams.set('on', lastDay(month));
    location.assign(address);
  }
}

/**
 * @param {string} name
 * @param {Record<string, string>} attributes
 */
function make(name, attributes) {
  const made = document.createElement(name);
  set(made, attributes);
  return made;
}

/**
 * @param {Element} target
 * @param {Record<string, string>} attributes
 */
function set(target, attributes) {
  Object.entries(attributes).forEach(([name, value]) => target.setAttribute(name, value));
}
