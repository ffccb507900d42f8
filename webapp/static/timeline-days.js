// Days on a time line: what its axis says, and where a bar of a plan lands that somebody drags.
// Nothing here touches the page (timeline.js does).

/** @import { Bar } from '../types/served.js' */

const MONTHS = new Intl.DateTimeFormat('en', { month: 'short' });

/**
 * What stands at a line of the axis. There is one row of labels: the year stands where it begins.
 * @param {Date} day
 * @param {string} scale of the library: "year", "month" or finer
 * @param {boolean} isChinese
 */
export function axisLabel(day, scale, isChinese) {
  const [year, month] = [day.getFullYear(), day.getMonth()];
  if (scale === 'year' || (scale === 'month' && month === 0)) return isChinese ? `${year}年` : String(year);
  if (scale === 'month' || day.getDate() === 1) return isChinese ? `${month + 1}月` : MONTHS.format(day);
  return String(day.getDate());
}

/**
 * A day as the library wants it: its midnight here.
 * @param {string} day ISO 8601
 */
export function midnight(day) {
  return new Date(`${day}T00:00:00`);
}

/**
 * The place of the day that is nearest to a moment; of two as near, the earlier one.
 * @param {Date[]} days in order
 * @param {Date} moment
 */
export function nearest(days, moment) {
  const away = (/** @type {Date} */ day) => Math.abs(day.getTime() - moment.getTime());
  let best = 0;
  days.forEach((day, at) => {
    const known = days[best];
    if (known && away(day) < away(known)) best = at;
  });
  return best;
}

/**
 * Where a dragged bar lands: it keeps its length and to the periods, and in the view by person to
 * its person. Gives nothing where that is no move.
 * @param {Bar} bar
 * @param {{ start: Date, group: string }} dragged
 * @param {string} view "people" or "posts"
 * @param {string[]} periods the first day of each, and at last the day when the plan ends
 * @returns {{ post: string, since: string, until: string } | null}
 */
export function landed(bar, dragged, view, periods) {
  const days = periods.map(midnight);
  const last = days.length - 1;
  const post = view === 'posts' ? dragged.group : bar.post;
  if (view !== 'posts' && dragged.group !== bar.person) return null;
  const at = Math.max(0, Math.min(nearest(days, dragged.start), last - 1));
  const length = nearest(days, midnight(bar.end)) - nearest(days, midnight(bar.start));
  const [since, until] = [periods[at], periods[Math.min(at + length, last)]];
  if (since === undefined || until === undefined || (post === bar.post && since === bar.start)) return null;
  return { post, since, until };
}
