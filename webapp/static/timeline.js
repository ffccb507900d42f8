// Time lines: vis-timeline over plain data that the server made. Every text is set as text.

import { DataSet, Timeline } from '/vendor/vis-timeline/standalone/esm/vis-timeline-graph2d.min.mjs';

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
