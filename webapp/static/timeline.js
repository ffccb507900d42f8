// Time lines: vis-timeline over plain data that the server made. Every text is set as text.

import { DataSet, Timeline } from './vendor/vis-timeline/standalone/esm/vis-timeline-graph2d.min.mjs';

// One row of labels: the year stands where it begins, so no second row is needed.
const MONTHS = new Intl.DateTimeFormat('en', { month: 'short' });
const chinese = document.documentElement.lang.startsWith('zh');

document.querySelectorAll('.timeline[data-source]').forEach((place) => {
  draw(place, JSON.parse(document.getElementById(place.dataset.source).textContent));
});

function draw(place, data) {
  const items = new DataSet(data.items.map(({ text, tip, url, ...item }) => ({ ...item, content: '', text, tip, url })));
  const groups = new DataSet(data.groups.map((group, order) => ({ ...group, content: '', order })));
  const timeline = new Timeline(place, items, groups, {
    start: data.from,
    end: data.to,
    min: data.from,
    max: data.to,
    zoomMin: 1000 * 3600 * 24 * 31,
    stack: false,
    selectable: true,
    showCurrentTime: false,
    horizontalScroll: false,
    verticalScroll: false,
    zoomKey: 'ctrlKey',
    margin: { item: { horizontal: 0, vertical: 3 }, axis: 3 },
    orientation: { axis: 'bottom', item: 'top' },
    showMajorLabels: false,
    format: { minorLabels: axisLabel },
    template: (item, element) => label(item, element),
    groupTemplate: (group) => spanOf(group?.text ?? ''),
  });
  timeline.addCustomTime(data.today, 'today');
  timeline.setCustomTimeTitle(place.dataset.today, 'today');
  timeline.on('click', ({ item }) => {
    const url = item && items.get(item)?.url;
    if (url) location.assign(url);
  });
  place.dataset.ready = 'true';
}

// The whole bar, not its words alone, tells its dates.
function label(item, element) {
  const bar = element?.closest?.('.vis-item');
  if (bar) bar.title = item.tip;
  const made = spanOf(item.text);
  made.title = item.tip;
  return made;
}

function spanOf(text) {
  const made = document.createElement('span');
  made.textContent = text;
  return made;
}

function axisLabel(moment, scale) {
  const [year, month, day] = [moment.year(), moment.month(), moment.date()];
  if (scale === 'year' || (scale === 'month' && month === 0)) return chinese ? `${year}年` : String(year);
  if (scale === 'month' || day === 1) return chinese ? `${month + 1}月` : MONTHS.format(new Date(2000, month));
  return String(day);
}

// A plan as bars by person or by post. A dragged bar keeps to the periods and is told to `moved`
// with its post and first day; a chosen one to `chosen`. Gives `show(view)` and `mark(id)`.
export async function drawBoard(place, data, { moved, chosen }) {
  const days = data.days.map((day) => new Date(`${day}T00:00:00`));
  const nearest = (date) => days.reduce((best, day, at) => (Math.abs(day - date) < Math.abs(days[best] - date) ? at : best), 0);
  const bars = new Map(data.bars.map((bar) => [bar.id, bar]));
  const pinned = new Set();
  let view = 'people';
  const items = new DataSet();
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
    format: { minorLabels: axisLabel },
    editable: { updateTime: true, updateGroup: true, add: false, remove: false },
    itemsAlwaysDraggable: { item: true, range: false },
    snap: (date) => days[nearest(date)],
    template: (item, element) => label(item, element),
    groupTemplate: (group) => spanOf(group?.text ?? ''),
    onMove: (item, done) => {
      const bar = bars.get(item.id);
      const post = view === 'posts' ? item.group : bar.post;
      const at = Math.min(nearest(item.start), days.length - 2);
      const isOther = post !== bar.post || data.days[at] !== bar.start;
      const isRow = view === 'posts' || item.group === bar.person; // a person's bar stays theirs
      if (!isOther || !isRow) return done(null);
      const length = nearest(new Date(bar.end)) - nearest(new Date(bar.start));
      pinned.add(bar.id);
      done({ ...item, start: days[at], end: days[Math.min(at + length, days.length - 1)], className: `${bar.className} pinned` });
      return moved(bar, post, data.days[at]);
    },
  });
  timeline.on('select', ({ items: [id] }) => chosen(bars.get(id) ?? null));
  show(view);
  place.dataset.ready = 'true';
  return { show, mark };

  function show(wanted) {
    view = wanted;
    const byPost = view === 'posts';
    items.clear();
    groups.clear();
    groups.add(data[view].map((group, order) => ({ ...group, content: '', order })));
    items.add(data.bars.map((bar) => ({
      id: bar.id,
      group: byPost ? bar.post : bar.person,
      start: new Date(`${bar.start}T00:00:00`),
      end: new Date(`${bar.end}T00:00:00`),
      content: '',
      text: byPost ? bar.text_post : bar.text_person,
      tip: bar.tip,
      type: 'range',
      className: bar.className + (pinned.has(bar.id) ? ' pinned' : ''),
    })));
    place.dataset.view = view;
  }

  function mark(id) {
    pinned.add(id);
    items.update({ id, className: `${bars.get(id).className} pinned` });
  }
}
