// The page of a network: every change is an address, fetched and shown without loading the page
// anew, and can be undone; the menu of a mark, saved places, downloads, the tour.
// Without this script the same addresses are links and forms.

import { link, make, view } from './network.js';

const PARTS = ['answer', 'controls', 'legend', 'below']; // what an answer of the server renews
const LINES = ['ancestors', 'descendants'];
const BEGUN = 'network-path-begun';

const place = document.getElementById('picture');
const { words } = view.scene();
let asked = new AbortController();
let depth = history.state?.at ?? 0; // how many changes back this page goes
let newest = depth;
let menu = null;
// What the server gave of each part: one that stays the same is left alone, so that another colour
// takes no table away whose rows were sorted, filtered and scrolled.
const given = new Map(PARTS.map((id) => [id, written(document.getElementById(id))]));

history.replaceState({ at: depth }, '');
place.dataset.drawn = '0'; // counts the scenes shown after the first
listen();
buttons();

// --- from one address to the next

function address() {
  return new URL(location.href);
}

// Shows another view; `push` makes it a step that can be undone.
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
    show(page, JSON.parse(data.textContent), selected ?? target.searchParams.get('selected'));
  } catch (error) {
    if (error.name === 'AbortError') return;
    location.assign(target); // the page itself says what is wrong
  }
}

function show(page, scene, selected) {
  const open = document.querySelector('.filters')?.open;
  for (const id of PARTS) {
    const [here, there] = [document.getElementById(id), page.getElementById(id)];
    if (!here || !there || given.get(id) === written(there)) continue;
    given.set(id, written(there));
    here.replaceWith(document.adoptNode(there));
  }
  for (const within of ['h1', '.actions #files div', '.path', '.how', '.languages']) {
    const [here, there] = [document.querySelector(within), page.querySelector(within)];
    if (here && there) here.replaceWith(document.adoptNode(there));
  }
  document.title = page.title;
  const filters = document.querySelector('.filters');
  if (filters) filters.open = Boolean(open);
  view.update(scene, { selected });
  document.dispatchEvent(new CustomEvent('page:renewed'));
  files();
  place.removeAttribute('aria-busy');
  place.dataset.drawn = String(Number(place.dataset.drawn) + 1);
  steps();
}

// What a part says, without what is selected, and without what readers without script are told:
// that leads to this very address.
function written(part) {
  return part?.innerHTML.replace(/<noscript>.*?<\/noscript>/s, '').replace(/<tr class="[^"]*">/g, '<tr>');
}

function changed(change) {
  const url = address();
  change(url.searchParams);
  return url;
}

function without(values, name, ...gone) {
  const left = values.getAll(name).filter((each) => !gone.includes(each));
  values.delete(name);
  left.forEach((each) => values.append(name, each));
}

// The id of a thing, without the kind that its key may begin with.
function idOf(key) {
  return view.person(key)?.of ?? key;
}

function expand(key, kind) {
  const tie = kind ? `${kind}:${idOf(key)}` : idOf(key);
  go(
    changed((values) => {
      const folded = (kind ? [tie] : ['mentors', 'trainees'].map((each) => `${each}:${idOf(key)}`).concat(tie)).filter((each) =>
        values.getAll('fold').includes(each),
      );
      without(values, 'fold', ...folded);
      if (!folded.length) values.append('expand', tie);
      values.set('selected', key);
    }),
  );
}

function collapse(key, kind) {
  const tie = `${kind}:${idOf(key)}`;
  go(
    changed((values) => {
      without(values, 'expand', tie);
      values.append('fold', tie);
      values.set('selected', key);
    }),
  );
}

// --- what is listened to

function listen() {
  place.addEventListener('picture:expand', (event) => {
    event.preventDefault();
    const { id, kind } = event.detail;
    const person = view.person(id);
    if (!person) return;
    if (LINES.includes(kind)) return expand(id, kind);
    if (kind || person.kind === 'person') {
      const missing = person.counts.some(([of, total, shown]) => (kind ? of === kind : of !== 'posts') && total > shown);
      if (missing) expand(id, kind);
      return;
    }
    const [first] = person.counts.filter(([, total, shown]) => total > shown);
    if (first) expand(id, first[0]);
  });
  place.addEventListener('picture:menu', ({ detail }) => openMenu(detail.id, detail.at));
  place.addEventListener('picture:chosen', ({ detail }) => {
    document.getElementById('menu-button').hidden = !view.person(detail.id);
    card(detail.id);
    addressOfForm();
  });
  place.addEventListener('picture:moved', ({ detail: { id, x, y } }) => {
    if (id.includes('\x1f')) return; // "n more" stands where the server puts it
    const url = changed((values) => {
      without(values, 'pin', ...values.getAll('pin').filter((each) => each.startsWith(`${id},`)));
      values.append('pin', `${id},${x},${y}`);
      values.set('selected', id);
    });
    go(url);
  });
  addEventListener('popstate', ({ state }) => {
    depth = state?.at ?? 0;
    go(location.href, { push: false });
  });
  document.addEventListener('click', (event) => {
    if (menu && !menu.contains(event.target)) closeMenu();
    const leaving = event.target.closest('a[data-scene], #people a[href*="expand="]');
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
    if (!leaving || !plain || new URL(leaving.href).searchParams.getAll('person').length + new URL(leaving.href).searchParams.getAll('unit').length + new URL(leaving.href).searchParams.getAll('cohort').length === 0) return;
    event.preventDefault();
    go(leaving.href);
  });
  document.addEventListener('change', ({ target }) => {
    if (target.matches('.controls > label > select')) submit(target.form, target.name);
  });
  document.addEventListener('submit', (event) => {
    if (!event.target.matches('.controls') || event.target.elements.add.value.trim()) return;
    event.preventDefault();
    submit(event.target);
  });
  document.addEventListener('keydown', (event) => {
    const typing = ['INPUT', 'TEXTAREA', 'SELECT'].includes(event.target.tagName);
    if (!(event.ctrlKey || event.metaKey) || typing) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) undo();
    else if (key === 'y' || (key === 'z' && event.shiftKey)) redo();
    else return;
    event.preventDefault();
  });
}

function submit(form, name) {
  const given = new URLSearchParams(new FormData(form));
  for (const key of [...given.keys()]) if (!given.get(key)) given.delete(key);
  const now = address().searchParams;
  for (const key of ['selected', 'off', 'pin', 'unit', 'cohort']) {
    given.delete(key);
    if (key === 'pin' && name === 'layout') continue; // places chosen by hand belong to a layout
    now.getAll(key).forEach((each) => given.append(key, each));
  }
  const url = address();
  url.search = given;
  go(url);
}

// --- the buttons above the picture

function buttons() {
  const press = (id, action) => {
    const button = document.getElementById(id);
    button.hidden = false;
    button.addEventListener('click', action);
  };
  press('undo', undo);
  press('redo', redo);
  press('tour', () => tour(0));
  press('copy', async () => {
    const notice = make('p', words.copied, 'notice');
    notice.setAttribute('role', 'status');
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      prompt('', location.href);
    }
    document.getElementById('copy').after(notice);
    setTimeout(() => notice.remove(), 4000);
  });
  const button = document.getElementById('menu-button');
  button.hidden = !view.person(view.selected());
  button.addEventListener('click', (event) => {
    event.stopPropagation(); // a click elsewhere closes the menu
    const id = view.selected();
    if (view.person(id)) openMenu(id, view.screen(id));
  });
  document.addEventListener('toggle', ({ target }) => {
    if (!target.matches?.('details.menu') || !target.open) return;
    document.querySelectorAll('details.menu[open]').forEach((each) => each !== target && (each.open = false));
    addressOfForm();
  }, true);
  document.addEventListener('click', ({ target }) => {
    if (!target.closest('details.menu')) document.querySelectorAll('details.menu[open]').forEach((each) => (each.open = false));
  });
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') document.querySelectorAll('details.menu[open]').forEach((each) => (each.open = false));
  });
  files();
  card(view.selected());
  steps();
}

function files() {
  const png = document.getElementById('png');
  if (!png) return;
  png.hidden = false;
  png.addEventListener('click', savePng);
}

// The form that saves the view sends the address as it is now, with what is selected.
function addressOfForm() {
  const field = document.querySelector('.save-view [name=address]');
  if (field) field.value = location.search.slice(1);
}

function undo() {
  if (depth > 0) history.back();
}

function redo() {
  if (depth < newest) history.forward();
}

function steps() {
  document.getElementById('undo').disabled = depth <= 0;
  document.getElementById('redo').disabled = depth >= newest;
  addressOfForm();
}

// The picture of the server, with title, legend and date, as PNG of twice the size.
async function savePng() {
  const source = [...document.querySelectorAll('#files a')].find(({ pathname }) => pathname.endsWith('.svg'));
  const answer = await fetch(source.href);
  const name = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('Content-Disposition') ?? '');
  const plain = /filename="?([^";]+)/.exec(answer.headers.get('Content-Disposition') ?? '');
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(await answer.text())}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  const scale = Math.min(2, 16000 / Math.max(image.width, image.height));
  canvas.width = image.width * scale;
  canvas.height = image.height * scale;
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  const file = await new Promise((done) => canvas.toBlob(done, 'image/png'));
  const save = document.createElement('a');
  save.href = URL.createObjectURL(file);
  save.download = (name ? decodeURIComponent(name[1]) : (plain?.[1] ?? 'network.svg')).replace(/\.svg$/, '.png');
  save.click();
  setTimeout(() => URL.revokeObjectURL(save.href), 1000);
}

// --- what can be asked about a mark

function questions(key) {
  const person = view.person(key);
  const isPerson = person.kind === 'person';
  const values = address().searchParams;
  const found = [];
  const add = (text, action, href) => found.push({ text, action, href });
  add(isPerson ? words.open : words.openThing, null, person.url);
  for (const [kind, total, shown] of person.counts) {
    const named = (text, n) => text.replace('{kind}', words.kinds[kind]).replace('{n}', n);
    if (total > shown) add(named(words.show, total - shown), () => expand(key, kind));
    if (shown) add(named(words.close, shown), () => collapse(key, kind));
  }
  if (isPerson) {
    add(words.roots, () => expand(key, 'ancestors'));
    add(words.descendants, () => expand(key, 'descendants'));
    add(words.line, () => view.light(view.line(key)));
    add(words.pathFrom, () => {
      sessionStorage.setItem(BEGUN, person.of);
      view.say(words.pathBegun.replace('{name}', person.name));
      document.getElementById('filtered').textContent = words.pathBegun.replace('{name}', person.name);
    });
    const from = sessionStorage.getItem(BEGUN) ?? view.scene().asked[0];
    if (from && from !== person.of) {
      add(words.pathTo, () => {
        sessionStorage.removeItem(BEGUN);
        go(changed((each) => {
          each.set(`path_from`, from);
          each.set(`path_to`, person.of);
        }));
      });
    }
    add(words.alone, null, `${view.scene().around}?${new URLSearchParams({ person: person.of, depth: 2 })}`);
    add(words.lineage, null, `${view.scene().lineage}?${new URLSearchParams({ person: person.of })}`);
  }
  const pins = values.getAll('pin').filter((each) => each.startsWith(`${key},`));
  if (pins.length) add(words.unpin, () => go(changed((each) => without(each, 'pin', ...pins))));
  add(words.hide, () => go(changed((each) => {
    each.append('hide', key);
    each.delete('selected');
  })));
  return found;
}

// The same questions as buttons below the facts of the one selected: for touch, and to be found.
function card(key) {
  const actions = document.querySelector('#card .actions');
  const person = view.person(key);
  if (!actions || !person) return;
  for (const [kind, total, shown] of person.counts) {
    if (total <= shown) continue;
    const text = words.show.replace('{kind}', words.kinds[kind]).replace('{n}', total - shown);
    const button = make('button', text);
    button.type = 'button';
    button.addEventListener('click', () => expand(key, kind));
    actions.append(button);
  }
  const more = make('button', '⋯');
  more.type = 'button';
  more.setAttribute('aria-haspopup', 'menu');
  more.setAttribute('aria-label', words.actions.replace('{name}', person.name));
  more.addEventListener('click', (event) => {
    event.stopPropagation();
    openMenu(key, view.screen(key));
  });
  actions.append(more);
}

function openMenu(key, at) {
  closeMenu();
  const person = view.person(key);
  menu = make('ul', '', 'node-menu');
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', words.actions.replace('{name}', person.name));
  for (const { text, action, href } of questions(key)) {
    const line = make('li', '');
    line.setAttribute('role', 'none');
    const item = href ? link(href, text) : make('button', text);
    if (!href) item.type = 'button';
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
  place.parentElement.append(menu);
  const room = { x: place.clientWidth - menu.offsetWidth - 8, y: place.clientHeight - menu.offsetHeight - 8 };
  menu.style.left = `${Math.max(8, Math.min(at.x + 12, room.x))}px`;
  menu.style.top = `${Math.max(8, Math.min(at.y + 12, room.y))}px`;
  const items = [...menu.querySelectorAll('[role=menuitem]')];
  items[0].focus();
  menu.addEventListener('keydown', (event) => {
    const now = items.indexOf(document.activeElement);
    if (event.key === 'ArrowDown') items[(now + 1) % items.length].focus();
    else if (event.key === 'ArrowUp') items[(now - 1 + items.length) % items.length].focus();
    else if (event.key === 'Home') items[0].focus();
    else if (event.key === 'End') items.at(-1).focus();
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

// --- three steps for a newcomer

function tour(at) {
  const dialog = document.getElementById('tour-steps');
  const all = JSON.parse(dialog.dataset.steps);
  const next = dialog.querySelector('[data-next]');
  const show = (number) => {
    const [title, text, where] = all[number];
    document.querySelectorAll('.toured').forEach((each) => each.classList.remove('toured'));
    const part = document.querySelector(where);
    part.classList.add('toured');
    part.scrollIntoView({ block: 'center' });
    dialog.querySelector('h2').textContent = title;
    dialog.querySelector('p').textContent = text;
    dialog.querySelector('.muted').textContent = `${number + 1} / ${all.length}`;
    next.textContent = number + 1 < all.length ? next.dataset.next : next.dataset.last;
    next.onclick = () => (number + 1 < all.length ? show(number + 1) : dialog.close());
  };
  dialog.onclose = () => {
    document.querySelectorAll('.toured').forEach((each) => each.classList.remove('toured'));
    document.getElementById('tour').focus();
  };
  dialog.show();
  show(at);
  next.focus();
}
