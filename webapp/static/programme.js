// Charts of the programme's pages: each element with data-chart names the JSON that Python made.

import { coloured, draw } from './chart.js';
import { all, dataOf } from './page.js';

/** @import { EChartsOption } from 'echarts' */
/** @import { Json } from '../types/served.js' */

all('[data-chart]').forEach((place) => {
  const data = /** @type {Json} */ (dataOf(place.dataset.chart ?? ''));
  draw(place, /** @type {EChartsOption} */ (coloured(data)));
});
