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
import { cardOf, keyOf } from './network-address.js';
import { link, make, markRows, personCard, tieCard } from './network-cards.js';
import { paintGuides, paintTies, readColours, renderer } from './network-paint.js';
import { firstView, fitted, nearest, partAround } from './network-places.js';
import { around, isSame, isStep, line, neighboursOf } from './network-ties.js';
import { all, dataOf, element, filled, perhaps, targetOf } from './page.js';

/** @import { Edge, Node } from 'vis-network' */
/** @import { Card, Mark, Picture, Place, Tie } from '../types/served.js' */
/** @import { Label, Look } from './network-paint.js' */
/** @import { Part } from './network-places.js' */

/**
 * Where marks stood when a page was left.
 * @typedef {{ view: Part, at: Record<string, Place> }} Kept
 *
 * @typedef {object} Selecting
 * @property {boolean} [quietly] nobody is told, and the address stays
 * @property {boolean} [reveal] the row is brought into view
 * @property {boolean} [stay] the picture is not moved
 * @property {boolean} [kept] the address stays
 *
 * What of the library's inside is used, of the locked version.
 * @typedef {object} Inside
 * @property {{ nodes: Record<string, Place>, emitter: { emit: (name: string) => void } }} body
 * @property {{ _drawEdges: () => void, _drawArrows: () => void }} renderer
 *
 * @typedef {ReturnType<typeof start>} View
 */

const GLIDE_MS = 350;
const GLIDES = 400; // more marks than this jump
const KEPT = 'network-places';
/** @type {Map<string, [number, number]>} to the right, down */
const STEPS = new Map([['ArrowUp', [0, -1]], ['ArrowDown', [0, 1]], ['ArrowLeft', [-1, 0]], ['ArrowRight', [1, 0]]]);

const glide = /** @type {const} */ ({ duration: GLIDE_MS, easingFunction: 'easeInOutQuad' });
const picture = perhaps('#picture');
export const view = picture && start(picture, /** @type {Picture} */ (dataOf('scene')));

/**
 * @param {HTMLElement & { view?: object }} place
 * @param {Picture} first
 */
function start(place, first) {
  let scene = first;
  /** @type {Map<string, Card>} */
  let people = new Map();
  /** @type {Map<string, Mark>} */
  let marks = new Map(); // by id: what the scene says of each mark, and whether it is hidden
  /** @type {Map<string, Tie>} */
  let ties = new Map();
  let neighbours = neighboursOf([]);
  let gliding = 0;
  /** @type {Set<string>} */
  const off = new Set();
  /** @type {Map<string, Label>} */
  const labels = new Map();
  /** @type {Look} */
  const look = {
    colours: readColours(place),
    chosen: null, // id of the person, tie or "more" node that is selected
    hovered: null, // id of the tie under the pointer
    lit: null, // ids drawn in full colour; null: all
    scale: 1,
    node: (id) => marks.get(id),
    isLit: (id) => !look.lit || look.lit.has(id),
    isOnWay: (tie) => ways().some((way) => isStep(way, tie)),
  };
  const paint = renderer(look, labels);
  /** @type {DataSet<Node, 'id'>} */
  const nodes = new DataSet();
  /** @type {DataSet<Edge, 'id'>} */
  const edges = new DataSet();
  // Begun empty, or it would draw everything once before the part in view is chosen.
  const network = new Network(place, { nodes, edges }, scene.drawing.options);
  const inside = /** @type {Network & Inside} */ (network);
  inside.renderer._drawEdges = () => {}; // painted below, all of one style in one go
  inside.renderer._drawArrows = () => {};

  learn();
  network.on('beforeDrawing', (ctx) => {
    look.scale = network.getScale();
    paintGuides(ctx, scene.drawing.guides, look.colours);
    paintTies(ctx, scene.drawing.edges, look, placed, inView());
  });
  inside.body.emitter.emit('_blockRedraw');
  nodes.add(scene.drawing.nodes.map(placeOf));
  edges.add(scene.drawing.edges.map(endsOf));
  inside.body.emitter.emit('_resizeNodes');
  listen();
  const before = new URLSearchParams(location.search);
  before.getAll('off').forEach((key) => off.add(key));
  filter();
  select(before.get('selected') || (ways().length ? null : scene.asked[0]) || null, { quietly: true });
  if (!look.chosen && ways().length) light(ways().flat());
  inside.body.emitter.emit('_allowRedraw');
  open();

  // For the page's own script, for tests, and for people at the console.
  const shown = {
    network,
    nodes: { get: () => [...marks.values()] },
    edges: { get: () => [...ties.values()] },
    select,
    light,
    update,
    say,
    neighbours: (/** @type {string} */ id) => [...(neighbours.get(id) ?? [])],
    person: (/** @type {string | null} */ id) => people.get(id ?? ''),
    scene: () => scene,
    selected: () => look.chosen,
    lit: () => look.lit && [...look.lit],
    shown: () => [...marks.values()].filter((node) => !node.hidden && node.of === undefined).map((node) => node.id),
    labels: () => [...labels.values()].filter(({ id }) => isShown(id)),
    screen,
    line: (/** @type {string} */ id) => line(id, ties.values()),
    off: () => [...off],
  };
  place.view = shown;
  place.dataset.ready = 'true';
  return shown;

  // --- the scene, at first and anew

  function learn() {
    people = new Map(scene.people.map((person) => [person.id, person]));
    marks = new Map(scene.drawing.nodes.map((node) => [node.id, node]));
    ties = new Map(scene.drawing.edges.map((edge) => [edge.id, edge]));
    neighbours = neighboursOf(scene.drawing.edges);
  }

  // The ways that were asked for, as ids of marks.
  function ways() {
    return scene.open ? scene.ways : [];
  }

  /** @param {string} id */
  function isShown(id) {
    const mark = marks.get(id);
    return mark !== undefined && !mark.hidden;
  }

  function size() {
    return { width: place.clientWidth, height: place.clientHeight };
  }

  /**
   * Shows another scene: who stays glides to the new place, the eye stays on the one selected.
   * @param {Picture} wanted
   * @param {{ selected?: string | null }} [options]
   */
  function update(wanted, { selected = look.chosen } = {}) {
    const given = new Map(wanted.drawing.nodes.map((node) => [node.id, node]));
    const anchor = [selected, look.chosen, ...wanted.asked].find((id) => id && marks.has(id) && given.has(id)) ?? '';
    const at = network.getPositions(nodes.getIds());
    const old = { scale: network.getScale(), position: network.getViewPosition() };
    const [marksBefore, tiesBefore] = [marks, ties];
    scene = wanted;
    learn();
    labels.clear();
    inside.body.emitter.emit('_blockRedraw');
    const gone = [...marksBefore.keys()].filter((id) => !marks.has(id));
    nodes.remove(gone);
    const moved = scene.drawing.nodes.filter((node) => {
      const stood = at[node.id];
      const isNew = !marksBefore.has(node.id) || marksBefore.get(node.id)?.hidden;
      return isNew || stood?.x !== Math.round(node.x) || stood.y !== Math.round(node.y);
    });
    if (moved.length) nodes.update(moved.map(placeOf));
    edges.remove([...tiesBefore.keys()].filter((id) => !ties.has(id)));
    const tied = scene.drawing.edges.filter((edge) => !isSame(edge, tiesBefore.get(edge.id)));
    if (tied.length) edges.update(tied.map(endsOf));
    for (const key of off) if (!perhaps(`[data-filter="${CSS.escape(key)}"]`)) off.delete(key);
    filter();
    const isThere = given.has(selected ?? '');
    select(isThere ? selected : null, { quietly: !ways().length && !isThere, stay: true, kept: true });
    if (ways().length) light(ways().flat());
    inside.body.emitter.emit('_resizeNodes');
    inside.body.emitter.emit('_allowRedraw');
    if (moved.length || gone.length) glideTo({ view: old, at }, partAround(scene.drawing, size(), old, at[anchor], marks.get(anchor)));
    else redraw();
  }

  /**
   * @param {Mark} mark
   * @returns {Node & { ctxRenderer: typeof paint }}
   */
  function placeOf({ id, x, y }) {
    return { id, x, y, hidden: false, ctxRenderer: paint };
  }

  /**
   * @param {Tie} tie
   * @returns {Edge}
   */
  function endsOf({ id, from, to, said }) {
    if (!said?.length) return { id, from, to };
    const title = make('span', said.map((each) => each.text).join(' '));
    return { id, from, to, title };
  }

  /**
   * Where a mark stands now, on its way or dragged too; nothing where it is hidden.
   * @param {string} id
   */
  function placed(id) {
    return marks.get(id)?.hidden ? null : inside.body.nodes[id];
  }

  function inView() {
    const { x: left, y: top } = network.DOMtoCanvas({ x: 0, y: 0 });
    const { x: right, y: bottom } = network.DOMtoCanvas({ x: place.clientWidth, y: place.clientHeight });
    return { left, top, right, bottom };
  }

  // --- the part of the picture that is in view

  function open() {
    const kept = takeKept();
    const wanted = firstView(scene.drawing, size());
    network.moveTo(wanted);
    if (kept) glideTo(kept, wanted);
  }

  // Where a page is loaded anew, who was there before glides to the new place.
  function keep() {
    const seen = { scale: network.getScale(), position: network.getViewPosition() };
    sessionStorage.setItem(KEPT, JSON.stringify({ view: seen, at: network.getPositions(nodes.getIds()) }));
  }

  function takeKept() {
    const text = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    const kept = /** @type {Kept | null} */ (text && JSON.parse(text));
    return kept && scene.asked.some((id) => kept.at[id]) ? kept : null;
  }

  /**
   * @param {Kept} kept
   * @param {Part} wanted
   */
  function glideTo(kept, wanted) {
    gliding += 1;
    const mine = gliding;
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches || marks.size > GLIDES;
    if (still) return network.moveTo(wanted);
    const moving = scene.drawing.nodes.map((node) => {
      const source = kept.at[node.id] ?? kept.at[node.of ?? ''] ?? kept.at[nearestKept(node.id, kept)] ?? node;
      return { id: node.id, from: { x: source.x, y: source.y }, to: { x: node.x, y: node.y } };
    });
    const begun = performance.now();
    const step = (/** @type {number} */ now) => {
      if (mine !== gliding) return; // another scene came in between
      const part = Math.min(1, Math.max(0, (now - begun) / GLIDE_MS));
      const eased = 1 - (1 - part) ** 3;
      const between = (/** @type {number} */ from, /** @type {number} */ to) => from + (to - from) * eased;
      for (const { id, from, to } of moving) {
        const node = inside.body.nodes[id]; // moveNode would draw everything anew for each
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

  /**
   * @param {string} id
   * @param {Kept} kept
   */
  function nearestKept(id, kept) {
    return [...(neighbours.get(id) ?? [])].find((other) => kept.at[other]) ?? '';
  }

  // --- selecting, lighting, opening

  /**
   * @param {string | null} [id] of a person, a tie or a "more" node; nothing: nobody is selected
   * @param {Selecting} [how]
   */
  function select(id, { quietly = false, reveal = false, stay = false, kept = false } = {}) {
    look.chosen = id && (marks.has(id) || ties.has(id)) ? id : null;
    const edge = tieChosen();
    const person = personChosen();
    if (edge) look.lit = new Set([edge.from, edge.to]);
    else if (person && !quietly) look.lit = around(person.id, neighbours, scene.asked);
    else look.lit = null;
    redraw();
    showCard();
    markRow(reveal);
    if (quietly) return;
    if (!kept) remember();
    tell('picture:chosen', { id: look.chosen });
    if (person && scene.open) say(filled(scene.words.selected, { name: person.name, facts: person.facts.filter(Boolean).join(', ') }));
    if (!stay && look.chosen && marks.has(look.chosen)) bringIntoView(look.chosen);
  }

  function tieChosen() {
    return ties.get(look.chosen ?? '');
  }

  function markChosen() {
    return marks.get(look.chosen ?? '');
  }

  function personChosen() {
    return people.get(look.chosen ?? '');
  }

  /** @param {Iterable<string> | null} ids nothing: all are lit */
  function light(ids) {
    look.lit = ids && new Set(ids);
    redraw();
  }

  function redraw() {
    network.redraw();
  }

  /** @param {string} id */
  function screen(id) {
    return network.canvasToDOM(network.getPosition(id));
  }

  /** @param {string} id */
  function bringIntoView(id) {
    const at = screen(id);
    const isInView = at.x > 30 && at.y > 30 && at.x < place.clientWidth - 30 && at.y < place.clientHeight - 50;
    if (!isInView) network.moveTo({ position: network.getPosition(id), animation: glide });
  }

  /** @param {string} id */
  function openFile(id) {
    const person = people.get(id);
    if (person) location.assign(person.url);
  }

  /** @param {string} id */
  function expand(id) {
    const node = marks.get(id);
    const [whose, kind] = node?.of === undefined ? [id, ''] : [node.of, node.opens];
    if (!tell('picture:expand', { id: whose, kind })) return; // the page takes care
    if (!beyond(whose)) return;
    keep();
    location.assign(expandUrl(whose));
  }

  /**
   * How many ties of a person lead out of the picture.
   * @param {string} id
   */
  function beyond(id) {
    const mark = marks.get(id);
    return mark?.of === undefined ? (mark?.beyond ?? 0) : 0;
  }

  /** @param {string} id */
  function expandUrl(id) {
    const url = new URL(location.href);
    url.searchParams.append('expand', id);
    url.searchParams.set('selected', id);
    return url.href;
  }

  /**
   * @param {string} name
   * @param {object} detail
   */
  function tell(name, detail) {
    return place.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));
  }

  /** @param {string} text */
  function say(text) {
    const said = perhaps('#said');
    if (said && text) said.textContent = text;
  }

  function remember() {
    const url = new URL(location.href);
    url.searchParams.delete('selected');
    url.searchParams.delete('off');
    const person = personChosen();
    if (person) url.searchParams.set('selected', person.id);
    off.forEach((key) => url.searchParams.append('off', key));
    history.replaceState(history.state, '', url);
  }

  // --- the card beside the picture, and the rows below it

  /**
   * The link that adds some of those left out of a small picture, if any were.
   * @param {Card} person
   */
  function wider({ id }) {
    const more = Math.min(beyond(id), scene.step);
    if (!more || scene.open) return null;
    const made = link(expandUrl(id), filled(scene.words.expand, { n: more }), 'button');
    made.addEventListener('click', keep);
    return made;
  }

  function showCard() {
    const card = perhaps('#card');
    if (!card) return;
    const said = tieChosen()?.said;
    const person = personChosen() ?? people.get(markChosen()?.of ?? '');
    if (said?.length) card.replaceChildren(...tieCard(scene, said));
    else if (person) card.replaceChildren(...personCard(scene, person, wider(person)));
    else card.replaceChildren(make('p', scene.words.nobody, 'muted'));
  }

  /** @param {boolean} reveal */
  function markRow(reveal) {
    const person = personChosen();
    const chosen = person && cardOf(person);
    markRows({ chosen }, reveal ? chosen : undefined);
  }

  // --- the legend filters

  function filter() {
    const isOff = (/** @type {Mark} */ node) =>
      node.of === undefined && (off.has(`role:${node.role}`) || off.has(`category:${node.category}`));
    const { nodes: drawn } = scene.drawing;
    const hidden = new Set(drawn.filter(isOff).map((node) => node.id));
    const changed = drawn.filter((node) => Boolean(node.hidden) !== hidden.has(node.of ?? node.id));
    changed.forEach((node) => (node.hidden = hidden.has(node.of ?? node.id)));
    if (changed.length) nodes.update(changed.map((node) => ({ id: node.id, hidden: node.hidden })));
    all('.legend [data-filter]').forEach((button) => {
      button.setAttribute('aria-pressed', String(!off.has(button.dataset.filter ?? '')));
    });
    if (look.chosen && hidden.has(look.chosen)) select(null);
    element('#filtered').textContent = hidden.size ? filled(scene.words.filtered, { n: hidden.size }) : '';
    markRows({ off: new Set([...people.values()].filter(({ id }) => hidden.has(id)).map(cardOf)) });
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
      const id = markAt({ x: clientX - left, y: clientY - top });
      if (!id || marks.get(id)?.of !== undefined) return;
      if (scene.open) expand(id);
      else openFile(id);
    });
    const menu = (/** @type {Place} */ at, /** @type {Event} */ event) => {
      const id = markAt(at);
      if (!id || marks.get(id)?.of !== undefined || !scene.open) return;
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
      if (event.ctrlKey || event.metaKey || event.altKey || !onKey(event)) return;
      event.preventDefault();
      event.stopPropagation();
    });

    element('.zoom').addEventListener('click', (event) => {
      const wanted = targetOf(event)?.closest('button')?.dataset.zoom;
      if (wanted === 'fit') network.moveTo({ ...fitted(scene.drawing, size()), animation: glide });
      else if (wanted) zoom(wanted === 'in' ? 1.25 : 0.8);
    });
    document.addEventListener('click', (event) => {
      const target = targetOf(event);
      const entry = target?.closest('.legend [data-filter]');
      const key = entry instanceof HTMLElement && entry.dataset.filter;
      if (key) {
        if (!off.delete(key)) off.add(key);
        filter();
        remember();
        return;
      }
      if (target?.closest('a, button, input') || !target?.closest('#people')) return;
      const row = target.closest('tr, .tabulator-row');
      const id = row && keyOf(perhaps('[data-card]', row)?.dataset.card);
      if (id) select(id);
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      look.colours = readColours(place);
      redraw();
    });
  }

  /**
   * What a key does in the picture; says whether it does anything.
   * @param {KeyboardEvent} event
   */
  function onKey({ key, shiftKey }) {
    const step = STEPS.get(key);
    const id = look.chosen ?? '';
    const person = personChosen();
    if (step) select(next(step) ?? id, { reveal: true });
    else if (key === 'Enter' && markChosen()?.of !== undefined) expand(id);
    else if (key === 'Enter') openFile(id);
    else if (key === 'e') expand(id);
    else if (key === 'l' && person) light(line(id, ties.values()));
    else if ((key === 'm' || key === 'ContextMenu' || (key === 'F10' && shiftKey)) && person) tell('picture:menu', { id, at: screen(id) });
    else if (key === '+' || key === '=') zoom(1.25);
    else if (key === '-') zoom(0.8);
    else if (key === '0') network.moveTo({ ...fitted(scene.drawing, size()), animation: glide });
    else if (key === 'Escape' && (look.chosen || look.lit)) select(null);
    else return false;
    return true;
  }

  /** @param {number} factor */
  function zoom(factor) {
    const scale = Math.min(3, Math.max(0.05, network.getScale() * factor));
    network.moveTo({ scale, animation: { ...glide, duration: 150 } });
  }

  /**
   * The nearest mark in a direction: among the neighbours first, then along the row.
   * @param {readonly [number, number]} step
   */
  function next(step) {
    const from = look.chosen;
    if (!from || !marks.has(from)) return scene.asked[0] ?? scene.drawing.nodes[0]?.id;
    const here = network.getPosition(from);
    const among = (/** @type {Iterable<string>} */ ids) =>
      [...ids].filter((id) => id !== from && isShown(id)).map((id) => /** @type {[string, Place]} */ ([id, network.getPosition(id)]));
    return nearest(here, among(neighbours.get(from) ?? []), step, true) ?? nearest(here, among(marks.keys()), step, false);
  }

  /**
   * The mark at a point of the picture, if one is there.
   * @param {Place} at
   */
  function markAt(at) {
    return /** @type {string | undefined} */ (network.getNodeAt(at));
  }
}
