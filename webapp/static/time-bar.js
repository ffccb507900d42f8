// Months of the time bar, counted from year 0: where they stand, and their last days.

/**
 * The month at a share of the bar: of a bar that goes by the year, its December.
 * @param {number} share from 0 to 1
 * @param {number} first the month at 0
 * @param {number} until the month at 1
 * @param {number} move months that the handle moves by
 */
export function monthAt(share, first, until, move) {
  return within(Math.floor(first + Math.min(Math.max(share, 0), 1) * (until - first)), first, until, move);
}

/**
 * A month that the handle may stand at.
 * @param {number} month
 * @param {number} first
 * @param {number} until
 * @param {number} move
 */
export function within(month, first, until, move) {
  const kept = Math.min(Math.max(month, first, 12), until - 1, 12 * 10_000 - 1);
  return move < 12 ? kept : Math.min(Math.floor(kept / 12) * 12 + 11, 12 * 10_000 - 1);
}

/**
 * The last day of a month, as an address has it.
 * @param {number} month
 */
export function lastDay(month) {
  const year = Math.floor(month / 12);
  const of = (month % 12) + 1;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = of === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(of) ? 30 : 31;
  return `${String(year).padStart(4, '0')}-${String(of).padStart(2, '0')}-${days}`;
}
