// The network picture: vis-network over the places that the server computed. Nothing moves by
// itself; every text is drawn on the canvas or set as text, never read as HTML.

import { DataSet, Network } from '/vendor/vis-network/standalone/esm/vis-network.min.mjs';

const REACH = 17; // from the middle of a mark to its farthest point, as in drawing.py
const RADIUS = 14;
const FONT = 13;
const LINE = 16;
const READABLE = 0.8; // below this scale names are hard to read: show a part instead
const GLIDE_MS = 350;
const KEPT = 'network-places';

const picture = document.getElementById('picture');
if (picture) start(picture, JSON.parse(document.getElementById('scene').textContent));

function start(place, scene) {
  const { words } = scene;
  const nodes = new DataSet(scene.drawing.nodes.map((node) => ({ ...node, ctxRenderer: paint })));
  const edges = new DataSet(scene.drawing.edges.map(withTooltip));
  const network = new Network(place, { nodes, edges }, scene.drawing.options);
  const people = new Map(scene.people.map((person) => [person.id, person]));
  const neighbours = neighboursOf(scene.drawing.edges);
  const off = new Set();
  const labels = new Map();
  const rows = rowsByPerson();
  let colours = readColours();
  let chosen = null; // id of the person, tie or "more" node that is selected
  let lit = null; // ids drawn in full colour; null: all

  paintEdges();
  look();
  listen();
  const before = new URLSearchParams(location.hash.slice(1));
  (before.get('off') ?? '').split(' ').filter(Boolean).forEach((key) => off.add(decodeURIComponent(key)));
  filter();
  select(before.get('selected') ?? scene.asked[0] ?? null, { quietly: true });

  // For tests and for people at the console: what is drawn, in the picture's own units.
  place.view = {
    network,
    select,
    selected: () => chosen,
    light: (ids) => {
      lit = new Set(ids);
      paintEdges();
      network.redraw();
    },
    lit: () => lit && [...lit],
    shown: () => nodes.get({ filter: (node) => !node.hidden && !node.of }).map((node) => node.id),
    labels: () => [...labels.values()].filter((label) => !nodes.get(label.id)?.hidden),
    screen: (id) => network.canvasToDOM(network.getPosition(id)),
  };
  place.dataset.ready = 'true';

  // --- drawing

  function readColours() {
    const style = getComputedStyle(document.documentElement);
    const token = (name) => style.getPropertyValue(`--${name}`).trim();
    return {
      category: Array.from({ length: 8 }, (_, at) => token(`category-${at}`)),
      ink: token('ink'),
      muted: token('muted'),
      surface: token('surface'),
      raised: token('raised'),
      line: token('line-strong'),
      accent: token('accent'),
      soft: token('accent-soft'),
      family: getComputedStyle(place).fontFamily,
    };
  }

  function paint({ ctx, id, x, y, state }) {
    const node = nodes.get(id);
    if (!node) return {};
    const alpha = lit && !lit.has(id) ? 0.2 : 1;
    if (node.of) return paintMore(ctx, node, x, y, state, alpha);
    return {
      drawNode() {
        const fill = colours.category[node.colour];
        ctx.globalAlpha = alpha;
        if (id === chosen || state.hover) halo(ctx, x, y, id === chosen);
        if (node.role === 'mentor') diamond(ctx, x, y, REACH);
        else if (node.role === 'person') square(ctx, x, y, RADIUS - 2);
        else circle(ctx, x, y, RADIUS);
        ctx.fillStyle = fill;
        ctx.fill();
        ctx.lineWidth = node.asked ? 3 : 1;
        ctx.strokeStyle = node.asked ? colours.ink : colours.line;
        ctx.stroke();
        if (node.role === 'both') {
          diamond(ctx, x, y, RADIUS - 1.5);
          ctx.lineWidth = 1.5;
          ctx.strokeStyle = inkOn(fill);
          ctx.stroke();
        }
        write(ctx, node.letter, x, y + 0.5, { colour: inkOn(fill), size: 12, weight: 600 });
        if (node.beyond) beyond(ctx, x + RADIUS + 1, y - RADIUS + 2);
      },
      drawExternalLabel() {
        ctx.globalAlpha = alpha;
        const lines = node.label.split('\n');
        const widths = lines.map((line, at) =>
          write(ctx, line, x, y + REACH + LINE * (at + 0.5), {
            colour: colours.ink,
            size: FONT,
            weight: node.asked || id === chosen ? 600 : 400,
            behind: colours.surface,
          }),
        );
        const width = Math.max(...widths, 2 * REACH);
        labels.set(id, { id, left: x - width / 2, right: x + width / 2, top: y - REACH, bottom: y + REACH + LINE * lines.length });
      },
      nodeDimensions: { width: 2 * REACH, height: 2 * REACH },
    };
  }

  function paintMore(ctx, node, x, y, state, alpha) {
    const [width, height] = [44, 24];
    return {
      drawNode() {
        ctx.globalAlpha = alpha;
        ctx.beginPath();
        ctx.roundRect(x - width / 2, y - height / 2, width, height, height / 2);
        ctx.fillStyle = node.id === chosen || state.hover ? colours.soft : colours.raised;
        ctx.fill();
        ctx.setLineDash([4, 3]);
        ctx.lineWidth = node.id === chosen ? 2 : 1;
        ctx.strokeStyle = colours.accent;
        ctx.stroke();
        ctx.setLineDash([]);
        write(ctx, node.label, x, y, { colour: colours.accent, size: 12, weight: 600 });
        labels.set(node.id, { id: node.id, left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 });
      },
      nodeDimensions: { width, height },
    };
  }

  function write(ctx, text, x, y, { colour, size, weight, behind }) {
    ctx.font = `${weight} ${size}px ${colours.family}`;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    if (behind) {
      ctx.lineJoin = 'round';
      ctx.lineWidth = 4;
      ctx.strokeStyle = behind;
      ctx.strokeText(text, x, y);
    }
    ctx.fillStyle = colour;
    ctx.fillText(text, x, y);
    return ctx.measureText(text).width;
  }

  // A small plus: ties lead on from here, out of the picture.
  function beyond(ctx, x, y) {
    ctx.beginPath();
    ctx.moveTo(x - 3, y);
    ctx.lineTo(x + 3, y);
    ctx.moveTo(x, y - 3);
    ctx.lineTo(x, y + 3);
    ctx.lineWidth = 1.2;
    ctx.strokeStyle = colours.muted;
    ctx.stroke();
  }

  function halo(ctx, x, y, strong) {
    circle(ctx, x, y, REACH + 6);
    ctx.fillStyle = colours.soft;
    ctx.fill();
    if (!strong) return;
    ctx.lineWidth = 2;
    ctx.strokeStyle = colours.accent;
    ctx.stroke();
  }

  function paintEdges() {
    edges.update(
      edges.get().map((edge) => {
        const bright = !lit || (lit.has(edge.from) && lit.has(edge.to));
        const touched = edge.id === chosen || edge.from === chosen || edge.to === chosen;
        const opacity = (bright ? 1 : 0.2) * (edge.ended ? 0.45 : 1);
        const colour = touched ? colours.accent : colours.line;
        return {
          id: edge.id,
          color: { color: colour, hover: colours.accent, highlight: colours.accent, opacity },
          width: edge.more ? 1 : touched ? 2.4 : 1.4,
          dashes: edge.more ? [2, 4] : false,
          arrows: { to: { enabled: !edge.more, scaleFactor: 0.5 } },
        };
      }),
    );
  }

  function withTooltip(edge) {
    if (!edge.sentence) return edge;
    const title = document.createElement('span');
    title.textContent = edge.sentence;
    return { ...edge, title };
  }

  // --- the part of the picture that is in view

  function look() {
    const kept = takeKept();
    const target = firstView();
    network.moveTo(target);
    if (!kept || matchMedia('(prefers-reduced-motion: reduce)').matches || nodes.length > 400) return;
    glide(kept, target);
  }

  function bounds() {
    const all = scene.drawing.nodes;
    const xs = all.map((node) => node.x);
    const ys = all.map((node) => node.y);
    return {
      left: Math.min(...xs) - 60,
      right: Math.max(...xs) + 60,
      top: Math.min(...ys) - 30,
      bottom: Math.max(...ys) + 56,
    };
  }

  function fitted() {
    const { left, right, top, bottom } = bounds();
    const scale = Math.min(place.clientWidth / (right - left), place.clientHeight / (bottom - top));
    return { scale: Math.min(scale, 1.2), position: { x: (left + right) / 2, y: (top + bottom) / 2 } };
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
        y: clamp(centre.y, top, bottom, place.clientHeight),
      },
    };
  }

  // The page is loaded anew when the view changes; who was there before glides to the new place.
  function keep() {
    const view = { scale: network.getScale(), position: network.getViewPosition() };
    const at = network.getPositions(nodes.getIds());
    sessionStorage.setItem(KEPT, JSON.stringify({ view, at }));
  }

  function takeKept() {
    const text = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    const kept = text && JSON.parse(text);
    return kept && scene.asked.some((id) => kept.at[id]) ? kept : null;
  }

  function glide(kept, target) {
    const moving = scene.drawing.nodes.map((node) => {
      const source = kept.at[node.id] ?? kept.at[node.of] ?? kept.at[nearestKept(node.id, kept)] ?? node;
      return { id: node.id, from: { x: source.x, y: source.y }, to: { x: node.x, y: node.y } };
    });
    const begun = performance.now();
    const step = (now) => {
      const part = Math.min(1, (now - begun) / GLIDE_MS);
      const eased = 1 - (1 - part) ** 3;
      const between = (from, to) => from + (to - from) * eased;
      for (const { id, from, to } of moving) network.moveNode(id, between(from.x, to.x), between(from.y, to.y));
      network.moveTo({
        scale: between(kept.view.scale, target.scale),
        position: {
          x: between(kept.view.position.x, target.position.x),
          y: between(kept.view.position.y, target.position.y),
        },
      });
      if (part < 1) requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  function nearestKept(id, kept) {
    return [...(neighbours.get(id) ?? [])].find((other) => kept.at[other]);
  }

  // --- selecting, opening, expanding

  function select(id, { quietly = false, reveal = false, stay = false } = {}) {
    chosen = nodes.get(id) || edges.get(id) ? id : null;
    const edge = chosen && edges.get(chosen);
    if (edge) lit = new Set([edge.from, edge.to]);
    else if (chosen && people.has(chosen) && !quietly) lit = new Set([chosen, ...(neighbours.get(chosen) ?? [])]);
    else lit = null;
    paintEdges();
    network.redraw();
    showCard();
    markRow(reveal);
    if (quietly) return;
    remember();
    if (!stay && nodes.get(chosen ?? '')) bringIntoView(chosen);
  }

  function bringIntoView(id) {
    const at = network.canvasToDOM(network.getPosition(id));
    const inside = at.x > 30 && at.y > 30 && at.x < place.clientWidth - 30 && at.y < place.clientHeight - 50;
    if (!inside) network.moveTo({ position: network.getPosition(id), animation: { duration: GLIDE_MS } });
  }

  function open(id) {
    const person = people.get(id);
    if (person) location.assign(person.url);
  }

  function expand(id) {
    const node = nodes.get(id);
    const whose = node?.of ?? id;
    if (!left(whose)) return;
    keep();
    location.assign(expandUrl(whose));
  }

  function left(id) {
    return nodes.get(id)?.beyond ?? 0;
  }

  function expandUrl(id) {
    const url = new URL(location.href);
    url.searchParams.append('expand', id);
    url.hash = new URLSearchParams({ selected: id });
    return url.href;
  }

  function aroundUrl(id) {
    return `${scene.around}?${new URLSearchParams({ person: id, depth: 2 })}`;
  }

  function remember() {
    const state = new URLSearchParams();
    if (chosen && people.has(chosen)) state.set('selected', chosen);
    if (off.size) state.set('off', [...off].map(encodeURIComponent).join(' '));
    const hash = state.toString();
    history.replaceState(null, '', `${location.pathname}${location.search}${hash && `#${hash}`}`);
  }

  // --- the card beside the picture, and the rows below it

  function showCard() {
    const card = document.getElementById('card');
    const edge = chosen && edges.get(chosen);
    const person = people.get(chosen) ?? people.get(nodes.get(chosen)?.of);
    if (edge?.sentence) card.replaceChildren(make('h2', words.tie), make('p', edge.sentence));
    else if (person) card.replaceChildren(...personCard(person));
    else card.replaceChildren(make('p', words.nobody, 'muted'));
  }

  function personCard(person) {
    const heading = make('h2', '');
    heading.append(link(person.url, person.name));
    const facts = make('dl', '', 'facts');
    person.facts.forEach((value, at) => {
      if (value) facts.append(make('dt', scene.factTitles[at]), make('dd', value));
    });
    const actions = make('div', '', 'actions');
    actions.append(link(person.url, words.open, 'button'));
    if (!scene.asked.includes(person.id) || scene.asked.length > 1) {
      actions.append(followed(aroundUrl(person.id), words.around));
    }
    const more = Math.min(left(person.id), scene.step);
    if (more) actions.append(followed(expandUrl(person.id), words.expand.replace('{n}', more)));
    return [heading, facts, actions];
  }

  function followed(url, text) {
    const made = link(url, text, 'button');
    made.addEventListener('click', keep);
    return made;
  }

  // The rows of the plain table; table.js shows what is marked here.
  function mark(name, isMarked, show) {
    const changed = [...rows.values()].filter((row) => row.classList.contains(name) !== isMarked(row));
    changed.forEach((row) => row.classList.toggle(name));
    const table = document.querySelector('#people [data-table]');
    table?.dispatchEvent(new CustomEvent('table:rows', { detail: { changed, show } }));
  }

  function markRow(reveal) {
    const row = rows.get(chosen);
    mark('chosen', (each) => each === row, reveal ? row : null);
  }

  // --- the legend filters

  function filter() {
    const isOff = (node) => off.has(`role:${node.role}`) || off.has(`category:${node.category}`);
    const hidden = new Set(scene.drawing.nodes.filter((node) => !node.of && isOff(node)).map((node) => node.id));
    nodes.update(scene.drawing.nodes.map((node) => ({ id: node.id, hidden: hidden.has(node.of ?? node.id) })));
    document.querySelectorAll('.legend [data-filter]').forEach((button) => {
      button.setAttribute('aria-pressed', String(!off.has(button.dataset.filter)));
    });
    if (hidden.has(chosen)) select(null);
    const note = document.getElementById('filtered');
    note.textContent = hidden.size ? words.filtered.replace('{n}', hidden.size) : '';
    const rowsOff = new Set([...hidden].map((id) => rows.get(id)));
    mark('off', (row) => rowsOff.has(row));
  }

  // --- keys and clicks

  function listen() {
    network.on('click', ({ nodes: [node], edges: [edge] }) => {
      place.focus({ preventScroll: true });
      if (nodes.get(node)?.of) return expand(node);
      const tie = edges.get(edge ?? '');
      select(node ?? (tie?.more ? null : edge) ?? null, { reveal: true, stay: true });
    });
    place.addEventListener('dblclick', ({ clientX, clientY }) => {
      const { left, top } = place.getBoundingClientRect();
      open(network.getNodeAt({ x: clientX - left, y: clientY - top }));
    });
    network.on('hoverNode', () => (place.style.cursor = 'pointer'));
    network.on('blurNode', () => (place.style.cursor = ''));

    place.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
      if (steps[event.key]) select(next(...steps[event.key]) ?? chosen, { reveal: true });
      else if (event.key === 'Enter') nodes.get(chosen)?.of ? expand(chosen) : open(chosen);
      else if (event.key === 'e') expand(chosen);
      else if (event.key === '+' || event.key === '=') zoom(1.25);
      else if (event.key === '-') zoom(0.8);
      else if (event.key === '0') network.moveTo({ ...fitted(), animation: { duration: GLIDE_MS } });
      else if (event.key === 'Escape' && chosen) select(null);
      else return;
      event.preventDefault();
      event.stopPropagation();
    });

    document.querySelector('.zoom').addEventListener('click', (event) => {
      const wanted = event.target.closest('button')?.dataset.zoom;
      if (wanted === 'fit') network.moveTo({ ...fitted(), animation: { duration: GLIDE_MS } });
      else if (wanted) zoom(wanted === 'in' ? 1.25 : 0.8);
    });
    document.querySelector('.legend').addEventListener('click', (event) => {
      const key = event.target.closest('[data-filter]')?.dataset.filter;
      if (!key) return;
      if (!off.delete(key)) off.add(key);
      filter();
      remember();
    });
    document.getElementById('people').addEventListener('click', (event) => {
      if (event.target.closest('a, button, input')) return;
      const row = event.target.closest('tr, .tabulator-row');
      const id = row && personOf(row);
      if (id) select(id);
    });
    document.querySelectorAll('.controls select').forEach((control) => {
      control.addEventListener('change', () => {
        keep();
        control.form.requestSubmit();
      });
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      colours = readColours();
      paintEdges();
      network.redraw();
    });
  }

  function zoom(factor) {
    network.moveTo({ scale: Math.min(3, Math.max(0.05, network.getScale() * factor)), animation: { duration: 150 } });
  }

  // The nearest mark in a direction: among the neighbours first, then along the row.
  function next(stepX, stepY) {
    const from = nodes.get(chosen) ? chosen : scene.asked[0] ?? scene.drawing.nodes[0]?.id;
    if (!nodes.get(chosen)) return from;
    const here = network.getPosition(from);
    const near = stepY ? [...(neighbours.get(from) ?? [])] : nodes.getIds();
    let best = null;
    let least = Infinity;
    for (const id of near) {
      if (id === from || nodes.get(id)?.hidden) continue;
      const there = network.getPosition(id);
      const ahead = (there.x - here.x) * stepX + (there.y - here.y) * stepY;
      const aside = Math.abs((there.x - here.x) * stepY) + Math.abs((there.y - here.y) * stepX);
      if (ahead <= 0) continue;
      const distance = stepY ? aside + ahead / 4 : ahead + aside * 4;
      if (distance < least) [best, least] = [id, distance];
    }
    return best;
  }
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

function rowsByPerson() {
  return new Map([...document.querySelectorAll('#people tbody tr')].map((row) => [personOf(row), row]));
}

function personOf(row) {
  return row.querySelector('[data-card^="people/"]')?.dataset.card.slice('people/'.length);
}

function circle(ctx, x, y, radius) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
}

function diamond(ctx, x, y, reach) {
  ctx.beginPath();
  ctx.moveTo(x, y - reach);
  ctx.lineTo(x + reach, y);
  ctx.lineTo(x, y + reach);
  ctx.lineTo(x - reach, y);
  ctx.closePath();
}

function square(ctx, x, y, half) {
  ctx.beginPath();
  ctx.rect(x - half, y - half, 2 * half, 2 * half);
}

// Black or white, whichever is read better on a colour of the style sheet (#rrggbb).
function inkOn(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => (parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? '#000000' : '#ffffff';
}

function make(name, text, style) {
  const made = document.createElement(name);
  made.textContent = text;
  if (style) made.className = style;
  return made;
}

function link(url, text, style) {
  const made = make('a', text, style);
  made.href = url;
  return made;
}
