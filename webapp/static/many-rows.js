// A table of rows: cells copied from a spreadsheet fill the rows below and the columns beside;
// with headings above them the server puts them in. Ctrl+D takes what stands in the row above.

import { all, allOf } from './page.js';

const NAME = /^rows-(\d+)-(\w+)$/;

allOf(HTMLInputElement, 'table[data-rows] tr:not(.shared) input:not([type=checkbox])').forEach((input) => {
  input.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text') ?? '';
    if (!/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    const lines = text.trimEnd().split(/\r?\n/).map((line) => line.split('\t'));
    if (!isHeaded(lines[0] ?? [])) fill(input, lines);
    else take(text);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key !== 'd' || !event.ctrlKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const rows = all('table[data-rows] tbody tr:not(.follows)');
    const row = rows[rows.findIndex((each) => each.contains(input)) - 1];
    const heading = NAME.exec(input.name)?.[2];
    const above = row && fields(row).find((each) => NAME.exec(each.name)?.[2] === heading);
    if (above) input.value = above.value;
  });
});

/**
 * Whether a line is the titles of the columns, in either language.
 * @param {string[]} texts
 */
function isHeaded(texts) {
  const titles = new Set(
    all('table[data-rows] th[data-titles]').flatMap((each) => (each.dataset.titles ?? '').split('|')),
  );
  titles.add('姓名').add('Name').add('name');
  return texts.filter((each) => titles.has(each.trim())).length >= Math.min(texts.length, 2);
}

/**
 * Rows with headings go to the server, which reads them as those of a file.
 * @param {string} text
 */
function take(text) {
  const pasted = document.querySelector('textarea[name="pasted"]');
  if (!(pasted instanceof HTMLTextAreaElement) || !pasted.form) return;
  pasted.value = text;
  const button = pasted.form.querySelector('button[value="take"]');
  pasted.form.requestSubmit(button instanceof HTMLButtonElement ? button : undefined);
}

/**
 * What finds no row of the table goes, as it is, into the field for pasted rows.
 * @param {HTMLInputElement} from
 * @param {string[][]} lines
 */
function fill(from, lines) {
  const rows = all('table[data-rows] tbody tr:not(.follows):not(.shared)');
  const begin = rows.findIndex((row) => row.contains(from));
  const left = NAME.exec(from.name)?.[2];
  lines.forEach((texts, at) => {
    const row = rows[begin + at];
    const cells = row ? fields(row) : [];
    const first = cells.findIndex((cell) => NAME.exec(cell.name)?.[2] === left);
    texts.forEach((text, beside) => {
      const cell = cells[first + beside];
      if (cell) choose(cell, text.trim());
    });
  });
  const over = lines.slice(rows.length - begin);
  const pasted = document.querySelector('textarea[name="pasted"]');
  if (over.length && pasted instanceof HTMLTextAreaElement) {
    pasted.value += over.map((texts) => texts.join('\t')).join('\n');
    pasted.closest('details')?.setAttribute('open', '');
    pasted.focus();
  }
  from.dispatchEvent(new Event('input', { bubbles: true }));
}

/**
 * @param {Element} row
 * @returns {(HTMLInputElement | HTMLSelectElement)[]}
 */
function fields(row) {
  return [...row.querySelectorAll('td > input:not([type=checkbox]), td > select')].filter(
    (each) => each instanceof HTMLInputElement || each instanceof HTMLSelectElement,
  );
}

/**
 * @param {HTMLInputElement | HTMLSelectElement} field
 * @param {string} text
 */
function choose(field, text) {
  if (field instanceof HTMLSelectElement) {
    const known = [...field.options].find((option) => option.text === text || option.value === text);
    if (!known && text) field.add(new Option(text, text));
    field.value = known?.value ?? text;
  } else field.value = text;
}
