// Flows: each element with data-flow names the JSON that Python made. Nodes carry their text beside
// a unique name, bands the address that a click (or Enter on the table below) opens.
// A text such as "--ink" stands for the colour of that token in the style sheet.

import { draw } from './chart.js';

document.querySelectorAll('[data-flow]').forEach(async (place) => {
  const option = coloured(JSON.parse(document.getElementById(place.dataset.flow).textContent));
  const [series] = option.series;
  const texts = new Map(series.data.map((node) => [node.name, node.text]));
  series.label.formatter = ({ name }) => texts.get(name);
  option.tooltip.formatter = ({ dataType, name, data, value }) =>
    dataType === 'edge'
      ? `${texts.get(data.source)} → ${texts.get(data.target)}: ${data.value}`
      : `${texts.get(name)}: ${value}`;
  const chart = await draw(place, option);
  chart.on('click', ({ dataType, data }) => {
    if (dataType === 'edge' && data.url) location.assign(data.url);
  });
  place.dataset.ready = 'true';
});

function coloured(value) {
  if (typeof value === 'string' && value.startsWith('--')) {
    return getComputedStyle(document.documentElement).getPropertyValue(value).trim();
  }
  if (Array.isArray(value)) return value.map(coloured);
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, coloured(each)]));
  }
  return value;
}
