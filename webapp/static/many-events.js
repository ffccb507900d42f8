// A table of events: cells copied from a spreadsheet fill the rows below and the columns beside.

import { all, allOf } from './page.js';

const NAME = /^rows-(\d+)-(\w+)$/;

allOf(HTMLInputElement, 'table[data-rows] input').forEach((input) => {
  input.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text') ?? '';
    if (!/[\t\n]/.test(text.trimEnd())) return;
    event.preventDefault();
    fill(input, text.trimEnd().split(/\r?\n/).map((line) => line.split('\t')));
  });
});

/**
 * What finds no row of the table goes, as it is, into the field for pasted rows.
 * @param {HTMLInputElement} from
 * @param {string[][]} lines
 */
function fill(from, lines) {
  const rows = all('table[data-rows] tbody tr:not(.follows)');
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
  return [...row.querySelectorAll('td > input, td > select')].filter(
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
