// Charts of the programme's pages: each element with data-chart names the JSON that Python made.
// A text such as "--category-1" in it stands for the colour of that token in the style sheet.

import { draw } from './chart.js';

document.querySelectorAll('[data-chart]').forEach((place) => {
  draw(place, coloured(JSON.parse(document.getElementById(place.dataset.chart).textContent)));
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
