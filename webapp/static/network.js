// The network picture: vis-network over the places that the server computed. Nothing moves by
// itself; every text is drawn on the canvas or set as text, never read as HTML.
//
// The library is told where marks stand and which ties there are, for it finds what is pointed at
// and moves the view; how they look is painted from the scene itself (network-paint.js). So another
// colour, light or selection is one new painting, and the library learns only what comes and goes.
//
// `view` is what other scripts of the page work with; a page tells its wishes by listening on the
// picture: `picture:expand`, `picture:menu`, `picture:moved`, `picture:chosen`. Long because all of
// it works on the one network and its view.

import { DataSet, Network } from './vendor/vis-network/standalone/esm/vis-network.min.mjs';
import { REACH, paintGuides, paintTies, readColours, renderer } from './network-paint.js';

const READABLE = 0.8; // below this scale names are hard to read: show a part instead
const LARGEST = 1.2;
const GLIDE_MS = 350;
const GLIDES = 400; // more marks than this jump
const KEPT = 'network-places';

const picture = document.getElementById('picture');
export const view = picture && start(picture, JSON.parse(document.getElementById('scene').textContent));

function start(place, first) {
  let scene = first;
  let people = new Map();
  let marks = new Map(); // by id: what the scene says of each mark, and whether it is hidden
  let ties = new Map();
  let neighbours = new Map();
  let gliding = 0;
  const off = new Set();
  const labels = new Map();
  const look = {
    colours: readColours(place),
    chosen: null, // id of the person, tie or "more" node that is selected
    hovered: null, // id of the tie under the pointer
    lit: null, // ids drawn in full colour; null: all
    scale: 1,
    node: (id) => marks.get(id),
    isLit: (id) => !look.lit || look.lit.has(id),
    isOnWay: (tie) => Boolean(scene.ways?.some((way) => isStep(way, tie))),
  };
  const paint = renderer(look, labels);
  const nodes = new DataSet();
  const edges = new DataSet();
  // Begun empty, or it would draw everything once before the part in view is chosen.
  const network = new Network(place, { nodes, edges }, scene.drawing.options);
  network.renderer._drawEdges = () => {}; // painted below, all of one style in one go
  network.renderer._drawArrows = () => {};

  learn();
  network.on('beforeDrawing', (ctx) => {
    look.scale = network.getScale();
    paintGuides(ctx, scene.drawing.guides, look.colours);
    paintTies(ctx, scene.drawing.edges, look, placed, inView());
  });
  network.body.emitter.emit('_blockRedraw');
  nodes.add(scene.drawing.nodes.map(placeOf));
  edges.add(scene.drawing.edges.map(endsOf));
  network.body.emitter.emit('_resizeNodes');
  listen();
  const before = new URLSearchParams(location.search);
  before.getAll('off').forEach((key) => off.add(key));
  filter();
  select(before.get('selected') || (scene.ways?.length ? null : scene.asked[0]) || null, { quietly: true });
  if (!look.chosen && scene.ways?.length) light(scene.ways.flat());
  network.body.emitter.emit('_allowRedraw');
  open();

  // For the page's own script, for tests, and for people at the console.
  place.view = {
    network,
    nodes: { get: () => [...marks.values()] },
    edges: { get: () => [...ties.values()] },
    select,
    light,
    update,
    say,
    neighbours: (id) => [...(neighbours.get(id) ?? [])],
    person: (id) => people.get(id),
    scene: () => scene,
    selected: () => look.chosen,
    lit: () => look.lit && [...look.lit],
    shown: () => [...marks.values()].filter((node) => !node.hidden && node.of === undefined).map((node) => node.id),
    labels: () => [...labels.values()].filter(({ id }) => marks.has(id) && !marks.get(id).hidden),
    screen: (id) => network.canvasToDOM(network.getPosition(id)),
    line,
    off: () => [...off],
  };
  place.dataset.ready = 'true';
  return place.view;

  // --- the scene, at first and anew

  function learn() {
    people = new Map(scene.people.map((person) => [person.id, person]));
    marks = new Map(scene.drawing.nodes.map((node) => [node.id, node]));
    ties = new Map(scene.drawing.edges.map((edge) => [edge.id, edge]));
    neighbours = neighboursOf(scene.drawing.edges);
  }

  // Shows another scene: who stays glides to the new place, the eye stays on the one selected.
  function update(next, { selected = look.chosen } = {}) {
    const given = new Map(next.drawing.nodes.map((node) => [node.id, node]));
    const anchor = [selected, look.chosen, ...next.asked].find((id) => id && marks.has(id) && given.has(id));
    const at = network.getPositions(nodes.getIds());
    const old = { scale: network.getScale(), position: network.getViewPosition() };
    const [marksBefore, tiesBefore] = [marks, ties];
    scene = next;
    learn();
    labels.clear();
    network.body.emitter.emit('_blockRedraw');
    const gone = [...marksBefore.keys()].filter((id) => !marks.has(id));
    nodes.remove(gone);
    const moved = scene.drawing.nodes.filter((node) => {
      const before = marksBefore.get(node.id);
      return !before || before.hidden || at[node.id].x !== Math.round(node.x) || at[node.id].y !== Math.round(node.y);
    });
    if (moved.length) nodes.update(moved.map(placeOf));
    edges.remove([...tiesBefore.keys()].filter((id) => !ties.has(id)));
    const tied = scene.drawing.edges.filter((edge) => !isSame(edge, tiesBefore.get(edge.id)));
    if (tied.length) edges.update(tied.map(endsOf));
    for (const key of off) if (!document.querySelector(`[data-filter="${CSS.escape(key)}"]`)) off.delete(key);
    filter();
    select(given.has(selected) ? selected : null, { quietly: !scene.ways?.length && !given.has(selected), stay: true, kept: true });
    if (scene.ways?.length) light(scene.ways.flat());
    network.body.emitter.emit('_resizeNodes');
    network.body.emitter.emit('_allowRedraw');
    if (moved.length || gone.length) glide({ view: old, at }, target(anchor, at, old));
    else redraw();
  }

  function target(anchor, at, old) {
    const whole = fitted();
    if (!anchor || whole.scale >= READABLE) return whole.scale >= READABLE ? whole : firstView();
    const [from, to] = [at[anchor], marks.get(anchor)];
    const scale = Math.max(old.scale, READABLE);
    const away = { x: (from.x - old.position.x) * (old.scale / scale), y: (from.y - old.position.y) * (old.scale / scale) };
    const half = { x: place.clientWidth / scale / 2 - 80, y: place.clientHeight / scale / 2 - 60 };
    const within = (value, most) => Math.min(Math.max(value, -most), most);
    return { scale, position: { x: to.x - within(away.x, half.x), y: to.y - within(away.y, half.y) } };
  }

  function placeOf({ id, x, y }) {
    return { id, x, y, hidden: false, ctxRenderer: paint };
  }

  function endsOf({ id, from, to, said }) {
    const tie = { id, from, to };
    if (said?.length) {
      tie.title = document.createElement('span');
      tie.title.textContent = said.map((each) => each.text).join(' ');
    }
    return tie;
  }

  // Where a mark stands now, on its way or dragged too; nothing where it is hidden.
  function placed(id) {
    return marks.get(id)?.hidden ? null : network.body.nodes[id];
  }

  function inView() {
    const { x: left, y: top } = network.DOMtoCanvas({ x: 0, y: 0 });
    const { x: right, y: bottom } = network.DOMtoCanvas({ x: place.clientWidth, y: place.clientHeight });
    return { left, top, right, bottom };
  }

  // --- the part of the picture that is in view

  function open() {
    const kept = takeKept();
    const wanted = firstView();
    network.moveTo(wanted);
    if (kept) glide(kept, wanted);
  }

  function bounds() {
    const all = scene.drawing.nodes;
    if (!all.length) return { left: -60, right: 60, top: -60, bottom: 60 };
    const xs = all.map((node) => node.x);
    const ys = all.map((node) => node.y);
    const sides = {
      left: Math.min(...xs) - 60,
      right: Math.max(...xs) + 60,
      top: Math.min(...ys) - 36,
      bottom: Math.max(...ys) + 60,
    };
    for (const guide of scene.drawing.guides) {
      sides.left = Math.min(sides.left, guide.x - 8);
      sides.right = Math.max(sides.right, guide.x + guide.width + 8);
      sides.top = Math.min(sides.top, guide.y - 8);
      sides.bottom = Math.max(sides.bottom, guide.y + guide.height + 8);
    }
    return sides;
  }

  function fitted() {
    const { left, right, top, bottom } = bounds();
    const scale = Math.min(place.clientWidth / (right - left), place.clientHeight / (bottom - top));
    return { scale: Math.min(scale, LARGEST), position: { x: (left + right) / 2, y: (top + bottom) / 2 } };
  }

  // All of it where names stay readable; otherwise the part around the person asked for.
  function firstView() {
    const whole = fitted();
    if (whole.scale >= READABLE) return whole;
    const { left, right, top, bottom } = bounds();
    const centre = scene.drawing.nodes.find((node) => node.asked) ?? whole.position;
    const clamp = (value, low, high, size) => {
      const half = size / READABLE / 2;
      return high - low <= 2 * half ? (low + high) / 2 : Math.min(Math.max(value, low + half), high - half);
    };
    return {
      scale: READABLE,
      position: {
        x: clamp(centre.x, left, right, place.clientWidth),
        y: uncut(clamp(centre.y, top, bottom, place.clientHeight)),
      },
    };
  }

  // Moves the part in view a little, so that its edges run between the rows, not through marks.
  function uncut(middle) {
    const half = place.clientHeight / READABLE / 2;
    const cut = (y) =>
      scene.drawing.nodes.filter((node) =>
        [y - half, y + half].some((edge) => node.y - REACH - 6 < edge && edge < node.y + REACH + 36),
      ).length;
    const tries = Array.from({ length: 25 }, (_, at) => middle + (at % 2 ? 1 : -1) * Math.ceil(at / 2) * 6);
    return tries.reduce((best, y) => (cut(y) < cut(best) ? y : best), middle);
  }

  // Where a page is loaded anew, who was there before glides to the new place.
  function keep() {
    const seen = { scale: network.getScale(), position: network.getViewPosition() };
    sessionStorage.setItem(KEPT, JSON.stringify({ view: seen, at: network.getPositions(nodes.getIds()) }));
  }

  function takeKept() {
    const text = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    const kept = text && JSON.parse(text);
    return kept && scene.asked.some((id) => kept.at[id]) ? kept : null;
  }

  function glide(kept, wanted) {
    gliding += 1;
    const mine = gliding;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches || marks.size > GLIDES;
    if (still) return network.moveTo(wanted);
    const moving = scene.drawing.nodes.map((node) => {
      const source = kept.at[node.id] ?? kept.at[node.of] ?? kept.at[nearestKept(node.id, kept)] ?? node;
      return { id: node.id, from: { x: source.x, y: source.y }, to: { x: node.x, y: node.y } };
    });
    const begun = performance.now();
    const step = (now) => {
      if (mine !== gliding) return; // another scene came in between
      const part = Math.min(1, Math.max(0, (now - begun) / GLIDE_MS));
      const eased = 1 - (1 - part) ** 3;
      const between = (from, to) => from + (to - from) * eased;
      for (const { id, from, to } of moving) {
        const node = network.body.nodes[id]; // moveNode would draw everything anew for each
        if (node) Object.assign(node, { x: between(from.x, to.x), y: between(from.y, to.y) });
      }
      network.moveTo({
        scale: between(kept.view.scale, wanted.scale),
        position: {
          x: between(kept.view.position.x, wanted.position.x),
          y: between(kept.view.position.y, wanted.position.y),
        },
      });
      if (part < 1) requestAnimationFrame(step);
    };
    step(begun);
  }

  function nearestKept(id, kept) {
    return [...(neighbours.get(id) ?? [])].find((other) => kept.at[other]);
  }

  // --- selecting, lighting, opening

  function select(id, { quietly = false, reveal = false, stay = false, kept = false } = {}) {
    look.chosen = marks.has(id) || ties.has(id) ? id : null;
    const edge = ties.get(look.chosen);
    if (edge) look.lit = new Set([edge.from, edge.to]);
    else if (look.chosen && people.has(look.chosen) && !quietly) look.lit = around(look.chosen);
    else look.lit = null;
    redraw();
    showCard();
    markRow(reveal);
    if (quietly) return;
    if (!kept) remember();
    tell('picture:chosen', { id: look.chosen });
    const person = people.get(look.chosen);
    if (person) say(scene.words.selected?.replace('{name}', person.name).replace('{facts}', person.facts.filter(Boolean).join(', ')));
    if (!stay && marks.has(look.chosen)) bringIntoView(look.chosen);
  }

  // A person with the neighbours, and the way to the nearest one who was asked for.
  function around(id) {
    const found = new Set([id, ...(neighbours.get(id) ?? [])]);
    const through = new Map([[id, null]]);
    for (const each of through.keys()) {
      if (scene.asked.includes(each)) {
        for (let at = each; at; at = through.get(at)) found.add(at);
        break;
      }
      for (const other of neighbours.get(each) ?? []) if (!through.has(other)) through.set(other, each);
    }
    return found;
  }

  // Everybody above and below in the picture.
  function line(id) {
    const found = new Set([id]);
    const taught = [...ties.values()].filter((tie) => tie.style === 'mentoring');
    const [mentor, trainee] = [(tie) => tie.from, (tie) => tie.to];
    for (const [here, there] of [[mentor, trainee], [trainee, mentor]]) {
      const waiting = [id];
      const met = new Set(waiting);
      for (const each of waiting) {
        for (const other of taught.filter((tie) => here(tie) === each).map(there)) {
          if (met.has(other)) continue;
          met.add(other);
          found.add(other);
          waiting.push(other);
        }
      }
    }
    return [...found];
  }

  function light(ids) {
    look.lit = ids && new Set(ids);
    redraw();
  }

  function redraw() {
    network.redraw();
  }

  function bringIntoView(id) {
    const at = network.canvasToDOM(network.getPosition(id));
    const inside = at.x > 30 && at.y > 30 && at.x < place.clientWidth - 30 && at.y < place.clientHeight - 50;
    if (!inside) network.moveTo({ position: network.getPosition(id), animation: { duration: GLIDE_MS } });
  }

  function openFile(id) {
    const person = people.get(id);
    if (person) location.assign(person.url);
  }

  function expand(id) {
    const node = marks.get(id);
    const whose = node?.of ?? id;
    const kind = node?.opens ?? '';
    if (!tell('picture:expand', { id: whose, kind })) return; // the page takes care
    if (!marks.get(whose)?.beyond) return;
    keep();
    location.assign(expandUrl(whose));
  }

  function expandUrl(id) {
    const url = new URL(location.href);
    url.searchParams.append('expand', id);
    url.searchParams.set('selected', id);
    return url.href;
  }

  function tell(name, detail) {
    return place.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));
  }

  function say(text) {
    const said = document.getElementById('said');
    if (said && text) said.textContent = text;
  }

  function remember() {
    const url = new URL(location.href);
    url.searchParams.delete('selected');
    url.searchParams.delete('off');
    if (look.chosen && people.has(look.chosen)) url.searchParams.set('selected', look.chosen);
    off.forEach((key) => url.searchParams.append('off', key));
    history.replaceState(history.state, '', url);
  }

  // --- the card beside the picture, and the rows below it

  function showCard() {
    const card = document.getElementById('card');
    if (!card) return;
    const edge = ties.get(look.chosen);
    const person = people.get(look.chosen) ?? people.get(marks.get(look.chosen)?.of);
    if (edge?.said?.length) card.replaceChildren(...tieCard(edge));
    else if (person) card.replaceChildren(...personCard(person));
    else card.replaceChildren(make('p', scene.words.nobody, 'muted'));
  }

  function tieCard({ said }) {
    const { words } = scene;
    const heading = make('h2', said.length > 1 && words.ties ? words.ties.replace('{n}', said.length) : words.tie);
    const parts = said.flatMap(({ text, source, url }) => {
      const line = make('p', text);
      if (!source) return [line];
      const from = make('p', source, 'muted source');
      if (url && scene.enter) {
        const next = encodeURIComponent(location.pathname + location.search);
        from.append(' ', link(`${scene.enter.replace(/\/$/, '')}/${url}?next=${next}`, words.correct));
      }
      return [line, from];
    });
    return [heading, ...parts];
  }

  function personCard(person) {
    const { words } = scene;
    const heading = make('h2', '');
    heading.append(link(person.url, person.name));
    const facts = make('dl', '', 'facts');
    person.facts.forEach((value, at) => {
      if (value) facts.append(make('dt', scene.factTitles[at]), make('dd', value));
    });
    const actions = make('div', '', 'actions');
    actions.append(link(person.url, person.kind && person.kind !== 'person' ? words.openThing : words.open, 'button'));
    if (!scene.open) {
      if (!scene.asked.includes(person.id) || scene.asked.length > 1) {
        actions.append(link(`${scene.around}?${new URLSearchParams({ person: person.id, depth: 2 })}`, words.around, 'button'));
      }
      const more = Math.min(marks.get(person.id)?.beyond ?? 0, scene.step);
      if (more) {
        const wider = link(expandUrl(person.id), words.expand.replace('{n}', more), 'button');
        wider.addEventListener('click', keep);
        actions.append(wider);
      }
    }
    return [heading, facts, actions];
  }

  // Marks rows of the table, both of the plain one and of the one that table.js made of it.
  function markRows(marks, show) {
    const table = document.querySelector('#people [data-table]');
    if (!table) return;
    const before = table.marks ?? { chosen: undefined, off: new Set() };
    table.marks = { ...before, ...marks };
    const { chosen, off } = table.marks;
    const changed = new Set([...before.off, ...off].filter((card) => before.off.has(card) !== off.has(card)));
    if (chosen !== before.chosen) [chosen, before.chosen].forEach((card) => card && changed.add(card));
    for (const row of table.querySelectorAll('tbody tr')) {
      const { card } = row.querySelector('[data-card]')?.dataset ?? {};
      if (!changed.has(card)) continue;
      row.classList.toggle('chosen', card === chosen);
      row.classList.toggle('off', off.has(card));
    }
    table.dispatchEvent(new CustomEvent('table:marked', { detail: { changed: [...changed], show } }));
  }

  function markRow(reveal) {
    const chosen = cardOf(people.get(look.chosen));
    markRows({ chosen }, reveal ? chosen : null);
  }

  // --- the legend filters

  function filter() {
    const isOff = (node) => off.has(`role:${node.role}`) || off.has(`category:${node.category}`);
    const all = scene.drawing.nodes;
    const hidden = new Set(all.filter((node) => node.of === undefined && isOff(node)).map((node) => node.id));
    const changed = all.filter((node) => Boolean(node.hidden) !== hidden.has(node.of ?? node.id));
    changed.forEach((node) => (node.hidden = hidden.has(node.of ?? node.id)));
    if (changed.length) nodes.update(changed.map(({ id, hidden }) => ({ id, hidden })));
    document.querySelectorAll('.legend [data-filter]').forEach((button) => {
      button.setAttribute('aria-pressed', String(!off.has(button.dataset.filter)));
    });
    if (hidden.has(look.chosen)) select(null);
    const note = document.getElementById('filtered');
    note.textContent = hidden.size ? scene.words.filtered.replace('{n}', hidden.size) : '';
    markRows({ off: new Set([...hidden].map((id) => cardOf(people.get(id))).filter(Boolean)) });
  }

  // --- keys and clicks

  function listen() {
    network.on('click', ({ nodes: [node], edges: [edge] }) => {
      place.focus({ preventScroll: true });
      if (marks.get(node)?.of !== undefined) return expand(node);
      const tie = ties.get(edge);
      select(node ?? (tie?.more ? null : edge) ?? null, { reveal: true, stay: true });
    });
    place.addEventListener('dblclick', ({ clientX, clientY }) => {
      const { left, top } = place.getBoundingClientRect();
      const id = network.getNodeAt({ x: clientX - left, y: clientY - top });
      if (!id || marks.get(id)?.of !== undefined) return;
      if (scene.open) expand(id);
      else openFile(id);
    });
    const menu = (at, event) => {
      const id = network.getNodeAt(at);
      if (!id || marks.get(id).of !== undefined || !scene.open) return;
      event.preventDefault();
      select(id, { stay: true });
      tell('picture:menu', { id, at });
    };
    network.on('oncontext', ({ pointer, event }) => menu(pointer.DOM, event));
    network.on('hold', ({ pointer, event }) => menu(pointer.DOM, event.srcEvent ?? event));
    network.on('dragStart', ({ nodes: [id] }) => id && (gliding += 1));
    network.on('dragEnd', ({ nodes: [id] }) => {
      if (!id) return;
      const at = network.getPosition(id);
      tell('picture:moved', { id, x: Math.round(at.x), y: Math.round(at.y) });
    });
    network.on('hoverEdge', ({ edge }) => (look.hovered = edge));
    network.on('blurEdge', () => (look.hovered = null));
    network.on('hoverNode', () => (place.style.cursor = 'pointer'));
    network.on('blurNode', () => (place.style.cursor = ''));

    place.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
      const isMore = marks.get(look.chosen)?.of !== undefined;
      if (steps[event.key]) select(next(...steps[event.key]) ?? look.chosen, { reveal: true });
      else if (event.key === 'Enter') isMore ? expand(look.chosen) : openFile(look.chosen);
      else if (event.key === 'e') expand(look.chosen);
      else if (event.key === 'l' && people.has(look.chosen)) light(line(look.chosen));
      else if ((event.key === 'm' || event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) && people.has(look.chosen)) {
        tell('picture:menu', { id: look.chosen, at: place.view.screen(look.chosen) });
      } else if (event.key === '+' || event.key === '=') zoom(1.25);
      else if (event.key === '-') zoom(0.8);
      else if (event.key === '0') network.moveTo({ ...fitted(), animation: { duration: GLIDE_MS } });
      else if (event.key === 'Escape' && (look.chosen || look.lit)) select(null);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });

    document.querySelector('.zoom').addEventListener('click', (event) => {
      const wanted = event.target.closest('button')?.dataset.zoom;
      if (wanted === 'fit') network.moveTo({ ...fitted(), animation: { duration: GLIDE_MS } });
      else if (wanted) zoom(wanted === 'in' ? 1.25 : 0.8);
    });
    document.addEventListener('click', (event) => {
      const key = event.target.closest('.legend [data-filter]')?.dataset.filter;
      if (key) {
        if (!off.delete(key)) off.add(key);
        filter();
        remember();
        return;
      }
      if (event.target.closest('a, button, input') || !event.target.closest('#people')) return;
      const row = event.target.closest('tr, .tabulator-row');
      const id = row && keyOf(row);
      if (id) select(id);
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      look.colours = readColours(place);
      redraw();
    });
  }

  function zoom(factor) {
    network.moveTo({ scale: Math.min(3, Math.max(0.05, network.getScale() * factor)), animation: { duration: 150 } });
  }

  // The nearest mark in a direction: among the neighbours first, then along the row.
  function next(stepX, stepY) {
    const from = marks.has(look.chosen) ? look.chosen : (scene.asked[0] ?? scene.drawing.nodes[0]?.id);
    if (!marks.has(look.chosen)) return from;
    return nearest(from, neighbours.get(from) ?? [], stepX, stepY, true) ?? nearest(from, marks.keys(), stepX, stepY, false);
  }

  function nearest(from, among, stepX, stepY, isTied) {
    const here = network.getPosition(from);
    let best = null;
    let least = Infinity;
    for (const id of among) {
      if (id === from || marks.get(id)?.hidden) continue;
      const there = network.getPosition(id);
      const ahead = (there.x - here.x) * stepX + (there.y - here.y) * stepY;
      const aside = Math.abs((there.x - here.x) * stepY) + Math.abs((there.y - here.y) * stepX);
      if (ahead <= 0 || (isTied && stepX && aside > ahead)) continue;
      const distance = isTied ? aside + ahead / 4 : ahead + aside * 4;
      if (distance < least) [best, least] = [id, distance];
    }
    return best;
  }
}

// Whether the library has to learn nothing new of a tie.
function isSame(tie, before) {
  const said = (each) => JSON.stringify(each.said ?? []);
  return Boolean(before) && tie.from === before.from && tie.to === before.to && said(tie) === said(before);
}

function isStep(way, edge) {
  const at = way.indexOf(edge.from);
  return at >= 0 && (way[at + 1] === edge.to || way[at - 1] === edge.to);
}

function neighboursOf(edges) {
  const found = new Map();
  const add = (one, other) => found.set(one, (found.get(one) ?? new Set()).add(other));
  for (const { from, to } of edges) {
    add(from, to);
    add(to, from);
  }
  return found;
}

// What the row of a person, post or unit carries as `data-card`.
function cardOf(person) {
  if (!person) return undefined;
  return `${{ post: 'posts', unit: 'units' }[person.kind] ?? 'people'}/${person.of ?? person.id}`;
}

// The key of a row's person, post or unit, as view.py writes it.
function keyOf(row) {
  const [kind, ...rest] = (row.querySelector('[data-card]')?.dataset.card ?? '').split('/');
  const id = rest.join('/');
  if (kind === 'people') return /^(post|unit|person):/.test(id) ? `person:${id}` : id;
  return `${kind.replace(/s$/, '')}:${id}`;
}

export function make(name, text, style) {
  const made = document.createElement(name);
  made.textContent = text;
  if (style) made.className = style;
  return made;
}

export function link(url, text, style) {
  const made = make('a', text, style);
  made.href = url;
  return made;
}
