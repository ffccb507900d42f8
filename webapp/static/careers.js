// Flows: each element with data-flow names the JSON that Python made. Nodes carry their text beside
// a unique name, bands the address that a click (or Enter on the table below) opens.

import { coloured, draw } from './chart.js';
import { bandOf, texted } from './flow.js';
import { all, dataOf } from './page.js';

/** @import { EChartsOption } from 'echarts' */
/** @import { Flow, FlowPart, Json } from '../types/served.js' */

all('[data-flow]').forEach(async (place) => {
  const option = coloured(/** @type {Json} */ (dataOf(place.dataset.flow ?? '')));
  const flow = texted(/** @type {EChartsOption & Flow} */ (option));
  const chart = await draw(place, flow);
  chart.on('click', (part) => {
    const url = bandOf(/** @type {FlowPart} */ (part))?.url;
    if (url) location.assign(url);
  });
  place.dataset.ready = 'true';
});
