// A plan whose bars are dragged: vis-timeline over plain data that the server made. Every text is
// set as text.

import { DataSet, Timeline } from './vendor/vis-timeline/standalone/esm/vis-timeline-graph2d.min.mjs';
import { axisLabel, landed, midnight, nearest } from './timeline-days.js';

/** @import { Moment } from 'moment' */
/** @import { DataGroup, DataItem, TimelineOptions } from 'vis-timeline' */
/** @import { Bar, Board } from '../types/served.js' */

/** @typedef {DataItem & { text?: string, tip?: string }} Item */

const isChinese = document.documentElement.lang.startsWith('zh');
const format = /** @type {TimelineOptions['format']} */ ({
  minorLabels: (/** @type {Moment} */ moment, /** @type {string} */ scale) => axisLabel(moment.toDate(), scale, isChinese),
});

/**
 * The words of a bar. The whole bar, not its words alone, tells its dates.
 * @param {Item} item
 * @param {Element | undefined} element
 */
function label(item, element) {
  const bar = element?.closest('.vis-item');
  const tip = item.tip ?? '';
  if (bar instanceof HTMLElement) bar.title = tip;
  const made = spanOf(item.text ?? '');
  made.title = tip;
  return made;
}

/** @param {{ text?: string } | null | undefined} group */
function titleOf(group) {
  return spanOf(group?.text ?? '');
}

/** @param {string} text */
function spanOf(text) {
  const made = document.createElement('span');
  made.textContent = text;
  return made;
}

/**
 * A plan as bars by person or by post. A dragged bar keeps to the periods and is told to `moved`
 * with its post and first day; a chosen one to `chosen`. Gives `show(view)` and `mark(id)`.
 * @param {HTMLElement} place
 * @param {Board} data
 * @param {object} told
 * @param {(bar: Bar, post: string, day: string) => void} told.moved
 * @param {(bar: Bar | null) => void} told.chosen
 */
export async function drawBoard(place, data, { moved, chosen }) {
  const days = data.days.map(midnight);
  const bars = new Map(data.bars.map((bar) => [bar.id, bar]));
  const pinned = new Set();
  let view = 'people';
  /** @type {DataSet<Item, 'id'>} */
  const items = new DataSet();
  /** @type {DataSet<DataGroup & { order: number, text: string }, 'id'>} */
  const groups = new DataSet();
  const timeline = new Timeline(place, items, groups, {
    start: data.from,
    end: data.to,
    min: data.from,
    max: data.to,
    zoomMin: 1000 * 3600 * 24 * 60,
    stack: true,
    selectable: true,
    showCurrentTime: false,
    maxHeight: '60vh',
    verticalScroll: true,
    zoomKey: 'ctrlKey',
    margin: { item: { horizontal: 0, vertical: 2 }, axis: 3 },
    orientation: { axis: 'top', item: 'top' },
    showMajorLabels: false,
    format,
    editable: { updateTime: true, updateGroup: true, add: false, remove: false },
    itemsAlwaysDraggable: { item: true, range: false },
    snap: (date) => days[nearest(days, date)] ?? date,
    template: label,
    groupTemplate: titleOf,
    onMove: (item, done) => {
      const bar = barOf(item.id);
      const dragged = { start: new Date(item.start), group: String(item.group) };
      const to = bar && landed(bar, dragged, view, data.days);
      if (!to) return done(null);
      pinned.add(bar.id);
      done({ ...item, start: midnight(to.since), end: midnight(to.until), className: `${bar.className} pinned` });
      moved(bar, to.post, to.since);
    },
  });
  timeline.on('select', ({ items: [id] }) => chosen(barOf(id) ?? null));
  show(view);
  place.dataset.ready = 'true';
  return { show, mark };

  /** @param {string | number} id */
  function barOf(id) {
    return bars.get(Number(id));
  }

  /** @param {string} wanted */
  function show(wanted) {
    view = wanted;
    const byPost = view === 'posts';
    items.clear();
    groups.clear();
    groups.add((byPost ? data.posts : data.people).map((group, order) => ({ ...group, content: '', order })));
    items.add(data.bars.map((bar) => ({
      id: bar.id,
      group: byPost ? bar.post : bar.person,
      start: midnight(bar.start),
      end: midnight(bar.end),
      content: '',
      text: byPost ? bar.text_post : bar.text_person,
      tip: bar.tip,
      type: 'range',
      className: bar.className + (pinned.has(bar.id) ? ' pinned' : ''),
    })));
    place.dataset.view = view;
  }

  /** @param {number} id */
  function mark(id) {
    pinned.add(id);
    items.updateOnly({ id, className: `${barOf(id)?.className ?? ''} pinned` });
  }
}
