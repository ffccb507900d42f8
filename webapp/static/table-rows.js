// The rows of a table as values: what is looked for and sorted by, and what a CSV file holds of
// them. Nothing here touches the page (table.js does).

/** @import { Cell, CellParts } from '../types/served.js' */

const FORMULA = '=+\\-@\\t\\r＝＋－＠'; // as loaders/readers/cells.py, which reads the files back
const DANGEROUS = new RegExp(`^(?:[${FORMULA}]|'[${FORMULA}])`);
const SAMPLE = 200; // rows that tell how wide a column is

/**
 * @param {Cell} cell
 * @returns {cell is CellParts}
 */
export function isParts(cell) {
  return typeof cell === 'object' && cell !== null && !Array.isArray(cell);
}

/**
 * The text of a cell: what is shown, looked for and exported.
 * @param {Cell} cell
 * @param {string} between between the parts of a list
 */
export function textOf(cell, between) {
  if (cell === null) return '–';
  if (Array.isArray(cell)) return cell.join(between);
  return isParts(cell) ? String(cell.text || cell.id || '') : String(cell);
}

/**
 * What a cell of the server's data is sorted by.
 * @param {Cell} cell
 * @param {string} text
 */
export function sortOf(cell, text) {
  return isParts(cell) && cell.sort !== undefined ? String(cell.sort) : text;
}

/**
 * The card that a cell opens, as `data-card` names it; nothing where it links to none.
 * @param {Cell} cell
 */
export function cardOf(cell) {
  if (!isParts(cell) || !cell.kind) return undefined;
  return `${{ person: 'people', unit: 'units', post: 'posts' }[cell.kind]}/${cell.id}`;
}

/**
 * How a column compares two cells. Numbers by value, and what is no number comes last whichever way
 * they are sorted; texts as the language sorts them, with numbers in them by value.
 * @param {string} language
 * @returns {(one: string, other: string, isNumber: boolean, isFalling?: boolean) => number}
 */
export function comparing(language) {
  const { compare } = new Intl.Collator(language, { numeric: true });
  return (one, other, isNumber, isFalling = false) => {
    if (!isNumber) return compare(one, other);
    const [first, second] = [parseFloat(one), parseFloat(other)];
    if (!Number.isNaN(first) && !Number.isNaN(second)) return first - second;
    return (Number(Number.isNaN(first)) - Number(Number.isNaN(second))) * (isFalling ? -1 : 1);
  };
}

/**
 * What tells whether a row is shown: some cell of it holds the text that was typed.
 * @param {string} typed
 * @returns {(row: { texts: string[] }) => boolean}
 */
export function matching(typed) {
  const wanted = typed.trim().toLowerCase();
  return ({ texts }) => texts.some((text) => text.toLowerCase().includes(wanted));
}

/**
 * How much of the width a column asks for: the longest text in it, within reason.
 * @param {string} title
 * @param {string[]} texts
 */
export function share(title, texts) {
  const longest = Math.max(0, ...texts.slice(0, SAMPLE).map(wide));
  return Math.min(48, Math.max(6, wide(title) + 2, longest));
}

/**
 * How many Latin letters a text is wide; a Chinese sign takes the room of two.
 * @param {string} text
 */
export function wide(text) {
  return [...text].reduce((sum, sign) => sum + (sign > '\u2e80' ? 2 : 1), 0);
}

/**
 * The text of a CSV file.
 * @param {string[][]} rows
 */
export function csv(rows) {
  // The mark at the start tells Excel that this is UTF-8.
  return `\ufeff${rows.map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

/**
 * A cell of a CSV file. A spreadsheet would run one that begins like a formula: an apostrophe keeps
 * it a text, and is taken away again where the file is read.
 * @param {string} text
 */
function csvCell(text) {
  const safe = DANGEROUS.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
