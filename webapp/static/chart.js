// Charts: ECharts over options that Python made. The one place that knows the library.

/** @import { ECharts, EChartsOption } from 'echarts' */
/** @import { Json } from '../types/served.js' */

/**
 * Draw a chart into an element and keep it as wide as the element; give the chart back.
 * @param {HTMLElement} element
 * @param {EChartsOption} option
 * @returns {Promise<ECharts>}
 */
export async function draw(element, option) {
  const echarts = await import('./vendor/echarts/dist/echarts.esm.min.mjs');
  const chart = echarts.init(element, null, { renderer: 'svg' });
  chart.setOption(option);
  new ResizeObserver(() => chart.resize()).observe(element);
  addEventListener('beforeprint', () => chart.resize());
  return chart;
}

/**
 * The same data with colours for their names: a text such as "--ink" stands for the colour of that
 * token in the style sheet.
 * @param {Json} value
 * @param {(token: string) => string} [colour]
 * @returns {Json}
 */
export function coloured(value, colour = tokenColour) {
  if (typeof value === 'string') return value.startsWith('--') ? colour(value) : value;
  if (Array.isArray(value)) return value.map((each) => coloured(each, colour));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, coloured(each, colour)]));
}

/** @param {string} token */
function tokenColour(token) {
  return getComputedStyle(document.documentElement).getPropertyValue(token).trim();
}
