// The page of a network: every change is an address, fetched and shown without loading the page
// anew, and can be undone; the menu of a mark, saved places, downloads, the tour.
// Without this script the same addresses are links and forms.

import { view as drawn } from './network.js';
import { closed, fileName, isScene, ofDay, opened, pinned, pinsOf, submitted, without } from './network-address.js';
import { link, make } from './network-cards.js';
import { tour } from './network-tour.js';
import { all, allOf, carried, element, elementOf, filled, isAborted, isTyping, perhaps, targetOf } from './page.js';

/** @import { Place, Scene } from '../types/served.js' */

const PARTS = ['answer', 'controls', 'legend', 'below']; // what an answer of the server renews
const LINES = ['ancestors', 'descendants'];
const BEGUN = 'network-path-begun';

if (!drawn) throw new Error('This page has no picture.');
const view = drawn;
const place = element('#picture');
const { words } = sceneNow();
let asked = new AbortController();
let depth = stepOf(history.state); // how many changes back this page goes
let newest = depth;
/** @type {HTMLElement | null} */
let menu = null;
// What the server gave of each part: one that stays the same is left alone, so that another colour
// takes no table away whose rows were sorted, filtered and scrolled.
const given = new Map(PARTS.map((id) => [id, written(perhaps(`#${id}`))]));

history.replaceState({ at: depth }, '');
place.dataset.drawn = '0'; // counts the scenes shown after the first
listen();
buttons();

// --- from one address to the next

function sceneNow() {
  const scene = view.scene();
  if (!scene.open) throw new Error('This picture is no scene that can be opened.');
  return scene;
}

/**
 * How many changes of this page lie before a step of the browser's history.
 * @param {unknown} state
 */
function stepOf(state) {
  return /** @type {{ at?: number } | null} */ (state)?.at ?? 0;
}

function address() {
  return new URL(location.href);
}

/**
 * Shows another view.
 * @param {string | URL} url
 * @param {{ push?: boolean, selected?: string }} [options] `push` makes it a step that can be undone
 */
async function go(url, { push = true, selected } = {}) {
  const target = new URL(url, location.href);
  closeMenu();
  asked.abort();
  asked = new AbortController();
  place.setAttribute('aria-busy', 'true');
  try {
    const answer = await fetch(target, { signal: asked.signal, headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const data = page.getElementById('scene');
    if (!answer.ok || !data) throw new Error(String(answer.status));
    if (push) {
      depth += 1;
      newest = depth;
      history.pushState({ at: depth }, '', answer.redirected ? answer.url : target);
    }
    show(page, /** @type {Scene} */ (JSON.parse(data.textContent)), selected ?? target.searchParams.get('selected'));
  } catch (error) {
    if (isAborted(error)) return;
    location.assign(target); // the page itself says what is wrong
  }
}

/**
 * @param {Document} page
 * @param {Scene} scene
 * @param {string | null} selected
 */
function show(page, scene, selected) {
  const isOpen = perhaps('.filters[open]') !== null;
  for (const id of PARTS) {
    const [here, there] = [perhaps(`#${id}`), perhaps(`#${id}`, page)];
    if (!here || !there || given.get(id) === written(there)) continue;
    given.set(id, written(there));
    here.replaceWith(document.adoptNode(there));
  }
  for (const within of ['h1', '.actions #files div', '.path', '.how', '.shell > .languages', '.shell > .scope', '.shell > .timebar']) {
    const [here, there] = [perhaps(within), perhaps(within, page)];
    if (here && there) here.replaceWith(document.adoptNode(there));
  }
  document.title = page.title;
  perhaps('.filters')?.toggleAttribute('open', isOpen);
  view.update(scene, { selected });
  document.dispatchEvent(new CustomEvent('page:renewed'));
  files();
  place.removeAttribute('aria-busy');
  place.dataset.drawn = String(Number(place.dataset.drawn) + 1);
  steps();
}

/**
 * What a part says, without what is selected, and without what readers without script are told:
 * that leads to this very address.
 * @param {Element | null} part
 */
function written(part) {
  return part?.innerHTML.replace(/<noscript>.*?<\/noscript>/s, '').replace(/<tr class="[^"]*">/g, '<tr>');
}

/**
 * The address with a change to its parameters.
 * @param {(values: URLSearchParams) => void} change
 */
function changed(change) {
  const url = address();
  change(url.searchParams);
  return url;
}

/**
 * The id of a thing, without the kind that its key may begin with.
 * @param {string} key
 */
function idOf(key) {
  return view.person(key)?.of ?? key;
}

/**
 * @param {string} key
 * @param {string} kind of ties; empty: mentors and trainees
 */
function expand(key, kind) {
  go(changed((values) => opened(values, key, idOf(key), kind)));
}

/**
 * @param {string} key
 * @param {string} kind
 */
function collapse(key, kind) {
  go(changed((values) => closed(values, key, idOf(key), kind)));
}

// --- what is listened to

function listen() {
  listenToPicture();
  addEventListener('popstate', ({ state }) => {
    depth = stepOf(state);
    go(location.href, { push: false });
  });
  document.addEventListener('click', (event) => {
    const target = targetOf(event);
    if (menu && !menu.contains(target)) closeMenu();
    const leaving = target?.closest('a[data-scene], #people a[href*="expand="]');
    const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (!(leaving instanceof HTMLAnchorElement) || !isPlain || !isScene(new URL(leaving.href).searchParams)) return;
    event.preventDefault();
    go(leaving.href);
  });
  document.addEventListener('change', (event) => {
    const field = targetOf(event);
    if (!(field instanceof HTMLSelectElement) || !field.matches('.controls > label > select')) return;
    if (field.form) submit(field.form, field.name);
  });
  document.addEventListener('submit', (event) => {
    const form = targetOf(event);
    if (!(form instanceof HTMLFormElement)) return;
    if (form.matches('.timebar form')) {
      event.preventDefault();
      location.assign(changed((values) => ofDay(values, textsOf(form)))); // all of the page follows the day
      return;
    }
    if (!form.matches('.controls')) return;
    if (elementOf(HTMLInputElement, '[name=add]', form).value.trim()) return;
    event.preventDefault();
    submit(form);
  });
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || isTyping(targetOf(event))) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) undo();
    else if (key === 'y' || (key === 'z' && event.shiftKey)) redo();
    else return;
    event.preventDefault();
  });
}

// What the picture tells (network.js).
function listenToPicture() {
  onPicture('picture:expand', (/** @type {{ id: string, kind: string }} */ { id, kind }, event) => {
    event.preventDefault();
    const person = view.person(id);
    if (!person) return;
    if (LINES.includes(kind)) return expand(id, kind);
    const missing = person.counts.filter(([, total, shown]) => total > shown).map(([of]) => of);
    if (kind || person.kind === 'person') {
      if (missing.some((of) => (kind ? of === kind : of !== 'posts'))) expand(id, kind);
      return;
    }
    if (missing[0]) expand(id, missing[0]);
  });
  onPicture('picture:menu', (/** @type {{ id: string, at: Place }} */ { id, at }) => openMenu(id, at));
  onPicture('picture:chosen', (/** @type {{ id: string | null }} */ { id }) => {
    element('#menu-button').hidden = !view.person(id);
    card(id);
    addressOfForm();
  });
  onPicture('picture:moved', (/** @type {{ id: string, x: number, y: number }} */ { id, x, y }) => {
    if (id.includes('\x1f')) return; // "n more" stands where the server puts it
    go(changed((values) => pinned(values, id, x, y)));
  });
}

/**
 * @template T
 * @param {string} name
 * @param {(detail: T, event: Event) => void} action
 */
function onPicture(name, action) {
  place.addEventListener(name, (event) => {
    if (event instanceof CustomEvent) action(/** @type {T} */ (event.detail), event);
  });
}

/**
 * @param {HTMLFormElement} form
 * @param {string} [field] the one that was changed
 */
function submit(form, field) {
  const url = address();
  url.search = String(submitted(textsOf(form), url.searchParams, field));
  go(url);
}

/** @param {HTMLFormElement} form */
function textsOf(form) {
  return new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

// --- the buttons above the picture

function buttons() {
  const press = (/** @type {string} */ id, /** @type {() => void} */ action) => {
    const button = element(`#${id}`);
    button.hidden = false;
    button.addEventListener('click', action);
  };
  press('undo', undo);
  press('redo', redo);
  press('tour', tour);
  press('copy', async () => {
    const notice = make('p', words.copied, 'notice');
    notice.setAttribute('role', 'status');
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      prompt('', location.href);
    }
    element('#copy').after(notice);
    setTimeout(() => notice.remove(), 4000);
  });
  const button = element('#menu-button');
  button.hidden = !view.person(view.selected());
  button.addEventListener('click', (event) => {
    event.stopPropagation(); // a click elsewhere closes the menu
    const id = view.selected();
    if (id && view.person(id)) openMenu(id, view.screen(id));
  });
  const shut = (/** @type {Element | null} */ but = null) =>
    all('details.menu[open]').forEach((each) => each !== but && each.removeAttribute('open'));
  document.addEventListener('toggle', (event) => {
    const target = targetOf(event);
    if (!target?.matches('details.menu[open]')) return;
    shut(target);
    addressOfForm();
  }, true);
  document.addEventListener('click', (event) => {
    if (!targetOf(event)?.closest('details.menu')) shut();
  });
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') shut();
  });
  files();
  card(view.selected());
  steps();
}

function files() {
  const png = perhaps('#png');
  if (!png) return;
  png.hidden = false;
  png.addEventListener('click', savePng);
}

// The form that saves the view sends the address as it is now, with what is selected.
function addressOfForm() {
  const field = perhaps('.save-view [name=address]');
  if (field instanceof HTMLInputElement) field.value = location.search.slice(1);
}

function undo() {
  if (depth > 0) history.back();
}

function redo() {
  if (depth < newest) history.forward();
}

function steps() {
  elementOf(HTMLButtonElement, '#undo').disabled = depth <= 0;
  elementOf(HTMLButtonElement, '#redo').disabled = depth >= newest;
  addressOfForm();
}

// The picture of the server, with title, legend and date, as PNG of twice the size.
async function savePng() {
  const href = allOf(HTMLAnchorElement, '#files a').find(({ pathname }) => pathname.endsWith('.svg'))?.href ?? '';
  const answer = await fetch(href);
  if (!answer.ok) return location.assign(href); // the server's page says what is wrong
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await answer.text())}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  const scale = Math.min(2, 16000 / Math.max(image.width, image.height));
  canvas.width = image.width * scale;
  canvas.height = image.height * scale;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const file = await new Promise((/** @type {BlobCallback} */ done) => canvas.toBlob(done, 'image/png'));
  if (!file) throw new Error('The browser made no PNG of the picture.');
  const save = document.createElement('a');
  save.href = URL.createObjectURL(file);
  save.download = fileName(answer.headers.get('Content-Disposition'), 'network.svg').replace(/\.svg$/, '.png');
  save.click();
  setTimeout(() => URL.revokeObjectURL(save.href), 1000);
}

// --- what can be asked about a mark

/** @typedef {{ text: string, action?: () => void, href?: string }} Question */

/**
 * @param {string} key
 * @returns {Question[]}
 */
function questions(key) {
  const person = view.person(key);
  if (!person) return [];
  const isPerson = person.kind === 'person';
  const pins = pinsOf(address().searchParams, key);
  /** @type {Question[]} */
  const found = [{ text: isPerson ? words.open : words.openThing, href: person.url }];
  for (const [kind, total, shown] of person.counts) {
    if (total > shown) found.push({ text: named(words.show, kind, total - shown), action: () => expand(key, kind) });
    if (shown) found.push({ text: named(words.close, kind, shown), action: () => collapse(key, kind) });
  }
  if (isPerson) found.push(...questionsOfPerson(key, person));
  if (pins.length) found.push({ text: words.unpin, action: () => go(changed((values) => without(values, 'pin', ...pins))) });
  const hide = (/** @type {URLSearchParams} */ values) => {
    values.append('hide', key);
    values.delete('selected');
  };
  found.push({ text: words.hide, action: () => go(changed(hide)) });
  return found;
}

/**
 * @param {string} key
 * @param {{ of: string, name: string }} person
 * @returns {Question[]}
 */
function questionsOfPerson(key, { of, name }) {
  const scene = sceneNow();
  const from = sessionStorage.getItem(BEGUN) ?? scene.asked[0];
  const begin = () => {
    const begun = filled(words.pathBegun, { name });
    sessionStorage.setItem(BEGUN, of);
    view.say(begun);
    element('#filtered').textContent = begun;
  };
  const end = () => {
    sessionStorage.removeItem(BEGUN);
    go(changed((values) => {
      values.set('path_from', from ?? '');
      values.set('path_to', of);
    }));
  };
  return [
    { text: words.roots, action: () => expand(key, 'ancestors') },
    { text: words.descendants, action: () => expand(key, 'descendants') },
    { text: words.line, action: () => view.light(view.line(key)) },
    { text: words.pathFrom, action: begin },
    ...(from && from !== of ? [{ text: words.pathTo, action: end }] : []),
    { text: words.alone, href: carried(`${scene.around}?${new URLSearchParams({ person: of, depth: '2' })}`) },
    { text: words.lineage, href: carried(`${scene.lineage}?${new URLSearchParams({ person: of })}`) },
  ];
}

/**
 * @param {string} text
 * @param {string} kind of ties
 * @param {number} n
 */
function named(text, kind, n) {
  return filled(text, { kind: words.kinds[kind] ?? kind, n });
}

/**
 * The same questions as buttons below the facts of the one selected: for touch, and to be found.
 * @param {string | null} key
 */
function card(key) {
  const actions = perhaps('#card .actions');
  const person = view.person(key);
  if (!key || !actions || !person) return;
  for (const [kind, total, shown] of person.counts) {
    if (total <= shown) continue;
    const button = make('button', named(words.show, kind, total - shown));
    button.type = 'button';
    button.addEventListener('click', () => expand(key, kind));
    actions.append(button);
  }
  const more = make('button', '⋯');
  more.type = 'button';
  more.setAttribute('aria-haspopup', 'menu');
  more.setAttribute('aria-label', filled(words.actions, { name: person.name }));
  more.addEventListener('click', (event) => {
    event.stopPropagation();
    openMenu(key, view.screen(key));
  });
  actions.append(more);
}

/**
 * @param {string} key
 * @param {Place} at in the picture
 */
function openMenu(key, at) {
  closeMenu();
  const person = view.person(key);
  if (!person) return;
  menu = make('ul', '', 'menu');
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', filled(words.actions, { name: person.name }));
  for (const { text, action, href } of questions(key)) {
    const line = make('li', '');
    line.setAttribute('role', 'none');
    const item = href ? link(href, text) : Object.assign(make('button', text), { type: 'button' });
    item.setAttribute('role', 'menuitem');
    item.tabIndex = -1;
    if (action) {
      item.addEventListener('click', () => {
        closeMenu();
        place.focus({ preventScroll: true });
        action();
      });
    }
    line.append(item);
    menu.append(line);
  }
  place.parentElement?.append(menu);
  const room = { x: place.clientWidth - menu.offsetWidth - 8, y: place.clientHeight - menu.offsetHeight - 8 };
  menu.style.left = `${Math.max(8, Math.min(at.x + 12, room.x))}px`;
  menu.style.top = `${Math.max(8, Math.min(at.y + 12, room.y))}px`;
  const items = all('[role=menuitem]', menu);
  items[0]?.focus();
  menu.addEventListener('keydown', (event) => {
    const now = items.findIndex((each) => each === document.activeElement);
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) items.at(to % items.length)?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') {
      closeMenu();
      place.focus({ preventScroll: true });
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

function closeMenu() {
  menu?.remove();
  menu = null;
}
