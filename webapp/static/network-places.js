// Which part of a picture is in view, and which mark lies next to another: numbers of the drawing
// in, numbers out. Nothing here touches the page.

import { REACH } from './network-paint.js';

/** @import { Area } from './network-paint.js' */
/** @import { Drawing, Place } from '../types/served.js' */

/**
 * @typedef {{ width: number, height: number }} Size of the picture on the page, in px
 * @typedef {{ scale: number, position: Place }} Part in view: how large, and around which place
 */

const READABLE = 0.8; // below this scale names are hard to read: show a part instead
const LARGEST = 1.2;

/**
 * What a drawing takes, with some room around it.
 * @param {Drawing} drawing
 * @returns {Area}
 */
export function bounds({ nodes, guides }) {
  if (!nodes.length) return { left: -60, right: 60, top: -60, bottom: 60 };
  const xs = nodes.map((node) => node.x);
  const ys = nodes.map((node) => node.y);
  const sides = {
    left: Math.min(...xs) - 60,
    right: Math.max(...xs) + 60,
    top: Math.min(...ys) - 36,
    bottom: Math.max(...ys) + 60,
  };
  for (const guide of guides) {
    sides.left = Math.min(sides.left, guide.x - 8);
    sides.right = Math.max(sides.right, guide.x + guide.width + 8);
    sides.top = Math.min(sides.top, guide.y - 8);
    sides.bottom = Math.max(sides.bottom, guide.y + guide.height + 8);
  }
  return sides;
}

/**
 * All of a drawing, as large as it fits.
 * @param {Drawing} drawing
 * @param {Size} size
 * @returns {Part}
 */
export function fitted(drawing, { width, height }) {
  const { left, right, top, bottom } = bounds(drawing);
  const scale = Math.min(width / (right - left), height / (bottom - top));
  return { scale: Math.min(scale, LARGEST), position: { x: (left + right) / 2, y: (top + bottom) / 2 } };
}

/**
 * All of a drawing where names stay readable; otherwise the part around the person asked for.
 * @param {Drawing} drawing
 * @param {Size} size
 * @returns {Part}
 */
export function firstView(drawing, size) {
  const whole = fitted(drawing, size);
  if (whole.scale >= READABLE) return whole;
  const { left, right, top, bottom } = bounds(drawing);
  const centre = drawing.nodes.find((node) => node.of === undefined && node.asked) ?? whole.position;
  const y = clamped(centre.y, top, bottom, size.height);
  return { scale: READABLE, position: { x: clamped(centre.x, left, right, size.width), y: uncut(drawing, y, size.height) } };
}

/**
 * The part to show of a changed drawing: the eye stays on a mark that was there before.
 * @param {Drawing} drawing
 * @param {Size} size
 * @param {Part} old
 * @param {Place | undefined} from where the mark stood
 * @param {Place | undefined} to where it stands now
 * @returns {Part}
 */
export function partAround(drawing, size, old, from, to) {
  const whole = fitted(drawing, size);
  if (whole.scale >= READABLE) return whole;
  if (!from || !to) return firstView(drawing, size);
  const scale = Math.max(old.scale, READABLE);
  const away = { x: (from.x - old.position.x) * (old.scale / scale), y: (from.y - old.position.y) * (old.scale / scale) };
  const half = { x: size.width / scale / 2 - 80, y: size.height / scale / 2 - 60 };
  return { scale, position: { x: to.x - within(away.x, half.x), y: to.y - within(away.y, half.y) } };
}

/**
 * The mark that lies nearest in a direction; of marks that are tied the one most ahead counts, of
 * others the one in the row.
 * @param {Place} here
 * @param {Iterable<[string, Place]>} among
 * @param {readonly [number, number]} step -1, 0 or 1 to the right and down
 * @param {boolean} isTied
 */
export function nearest(here, among, [stepX, stepY], isTied) {
  let best = null;
  let least = Infinity;
  for (const [id, there] of among) {
    const ahead = (there.x - here.x) * stepX + (there.y - here.y) * stepY;
    const aside = Math.abs((there.x - here.x) * stepY) + Math.abs((there.y - here.y) * stepX);
    if (ahead <= 0 || (isTied && stepX && aside > ahead)) continue;
    const distance = isTied ? aside + ahead / 4 : ahead + aside * 4;
    if (distance < least) [best, least] = [id, distance];
  }
  return best;
}

/**
 * A middle so that the part in view shows nothing beyond the bounds; the middle of them all where
 * they are smaller than it.
 * @param {number} value
 * @param {number} low
 * @param {number} high
 * @param {number} size
 */
function clamped(value, low, high, size) {
  const half = size / READABLE / 2;
  return high - low <= 2 * half ? (low + high) / 2 : Math.min(Math.max(value, low + half), high - half);
}

/**
 * Moves the part in view a little, so that its edges run between the rows, not through marks.
 * @param {Drawing} drawing
 * @param {number} middle
 * @param {number} height
 */
function uncut({ nodes }, middle, height) {
  const half = height / READABLE / 2;
  const cut = (/** @type {number} */ y) =>
    nodes.filter((node) => [y - half, y + half].some((edge) => node.y - REACH - 6 < edge && edge < node.y + REACH + 36))
      .length;
  const tries = Array.from({ length: 25 }, (_, at) => middle + (at % 2 ? 1 : -1) * Math.ceil(at / 2) * 6);
  return tries.reduce((best, y) => (cut(y) < cut(best) ? y : best), middle);
}

/**
 * @param {number} value
 * @param {number} most
 */
function within(value, most) {
  return Math.min(Math.max(value, -most), most);
}
