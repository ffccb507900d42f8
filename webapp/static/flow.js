// What a flow says of its nodes and bands: the texts of Python, which knows each node by a name that
// no other has. Nothing here touches the page (careers.js does).

/** @import { Band, Flow, FlowPart } from '../types/served.js' */

/**
 * Let a flow say the text of each node instead of its name.
 * @template {Flow} T
 * @param {T} option
 * @returns {T}
 */
export function texted(option) {
  const [series] = option.series;
  const texts = new Map(series.data.map((node) => [node.name, node.text]));
  series.label.formatter = ({ name }) => texts.get(name);
  option.tooltip.formatter = (part) => {
    const band = bandOf(part);
    if (!band) return `${texts.get(part.name)}: ${part.value}`;
    return `${texts.get(band.source)} → ${texts.get(band.target)}: ${band.value}`;
  };
  return option;
}

/**
 * The band that an event of the chart is about; nothing where it is about a node.
 * @param {FlowPart} part
 */
export function bandOf({ dataType, data }) {
  return dataType === 'edge' ? /** @type {Band} */ (data) : null;
}
