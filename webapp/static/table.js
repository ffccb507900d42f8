// Tables: sort, filter and export as shown, by Tabulator over the plain HTML table of the page.
// The plain table stays in the page: for paper, and for readers without script. Of a long table it
// holds the first rows, the further ones are data (webapp/network/rows.py) until they are in view.
//
// A picture beside the table sets `marks` on the table's place: what is chosen and what is off, as
// the `data-card` of rows, and tells it by `table:marked`, with the row to bring into view.

import { all, allOf, carried, elementOf, filled, perhaps, root, targetOf } from './page.js';
import { cardOf, comparing, csv, isParts, matching, share, sortOf, textOf, wide } from './table-rows.js';

/** @import { TabulatorFull as Table, ColumnDefinition, RowComponent } from 'tabulator-tables' */
/** @import { Cell, Marked, TableWords } from '../types/served.js' */

/**
 * The place of a table, on which a picture sets its marks.
 * @typedef {HTMLElement & { marks?: Marked }} Place
 *
 * A row of the table. `cell` and `plain` make its cells and the row of the plain table.
 * @typedef {object} Row
 * @property {number} id
 * @property {string[]} texts
 * @property {string[]} sorts
 * @property {string} [card]
 * @property {(at: number) => HTMLTableCellElement} cell
 * @property {() => HTMLTableRowElement} plain
 */

const FEW = 8; // a shorter table needs no tools
const PATIENCE_MS = 5000; // of a table with a picture that does not come
const TALL = 25; // a longer one scrolls inside itself, so only the rows in view are drawn
const FIRST = 300; // px of the first column on a phone: all others stand below it
const isPhone = matchMedia('(max-width: 720px)').matches;
const words = /** @type {TableWords} */ (JSON.parse(document.body.dataset.words ?? '{}'));
const language = document.documentElement.lang;
const compare = comparing(language);
const between = language.startsWith('zh') ? '、' : ', '; // as the macro `cell` joins a list

document.addEventListener('page:renewed', enhanceAll);
await enhanceAll();

async function enhanceAll() {
  const isLong = (/** @type {Element} */ place) => place.querySelectorAll('tbody tr').length >= FEW;
  const waiting = () => all('[data-table]:not([data-enhanced])').filter(isLong);
  if (!waiting().length) return;
  await pictureFirst();
  const { TabulatorFull } = await import('./vendor/tabulator-tables/dist/js/tabulator_esm.min.mjs');
  for (const place of waiting()) {
    place.setAttribute('data-enhanced', '');
    enhance(place, TabulatorFull);
  }
}

// A picture beside the table comes first: table and library wait until it is on the screen.
async function pictureFirst() {
  const picture = document.getElementById('picture');
  const until = performance.now() + PATIENCE_MS;
  const pause = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));
  while (picture && !picture.dataset.ready && performance.now() < until) await pause(20);
  if (picture && !document.hidden) await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  await pause(0);
}

/**
 * @param {Place} place
 * @param {typeof Table} Tabulator
 */
function enhance(place, Tabulator) {
  const plain = elementOf(HTMLTableElement, 'table', place);
  const body = elementOf(HTMLTableSectionElement, 'tbody', plain);
  const headings = allOf(HTMLTableCellElement, 'thead tr:first-child > *', plain);
  const rows = [...body.rows].map(written);
  const rest = perhaps('script[data-rest]', place);
  if (rest) rows.push(...furtherRows(JSON.parse(rest.textContent), rows.length, headings));
  const byCard = new Map(rows.map((row) => [row.card, row]));
  const screen = document.createElement('div');
  const room = Object.assign(document.createElement('div'), { className: 'being-built' });
  plain.setAttribute('data-enhanced', '');
  room.append(screen);
  place.append(room);

  const rowOf = (/** @type {RowComponent} */ row) => /** @type {Row} */ (row.getData());
  const table = new Tabulator(screen, {
    data: rows,
    columns: headings.map((heading, at) => column(heading, at, rows)),
    layout: 'fitColumns',
    // On a phone what does not fit stands in lines below its row.
    ...(isPhone && {
      responsiveLayout: 'collapse',
      responsiveLayoutCollapseStartOpen: true,
      responsiveLayoutCollapseFormatter: below,
    }),
    ...(rows.length > TALL && { maxHeight: '70vh' }),
    autoResize: false,
    placeholder: words.none,
    headerSortElement: '<span aria-hidden="true"></span>',
    columnDefaults: { resizable: 'header', tooltip: false, headerSortTristate: true },
    rowFormatter: (row) => {
      const { card } = rowOf(row);
      const { chosen, off } = place.marks ?? {};
      row.getElement().classList.toggle('chosen', Boolean(card) && card === chosen);
      row.getElement().classList.toggle('off', Boolean(card && off?.has(card)));
    },
  });
  place.addEventListener('table:marked', (event) => {
    if (!(event instanceof CustomEvent)) return;
    const { changed, show } = /** @type {{ changed: string[], show?: string }} */ (event.detail);
    const drawn = (/** @type {string | undefined} */ card) => {
      const row = byCard.get(card);
      return row && table.getRow(row.id);
    };
    changed.forEach((card) => drawn(card)?.reformat());
    const wanted = show && drawn(show);
    if (wanted) table.scrollToRow(wanted, 'nearest', false).catch(() => {});
  });
  table.on('tableBuilt', () => {
    // The library leaves its scrolling part without a role inside the grid.
    screen.querySelector('.tabulator-tableholder')?.setAttribute('role', 'rowgroup');
    screen.querySelector('.tabulator-table')?.setAttribute('role', 'presentation');
  });
  const tools = toolbar(rows.length);
  place.before(tools.bar);
  tools.filter.addEventListener('input', () => table.setFilter(matching(tools.filter.value), undefined));
  table.on('dataFiltered', (_, shown) => tools.say(shown.length));
  let isAnew = false; // sorted or filtered: read from the top
  table.on('dataSorted', () => (isAnew = true));
  table.on('renderComplete', () => {
    const holder = screen.querySelector('.tabulator-tableholder');
    if (isAnew && holder) holder.scrollTop = 0;
    isAnew = false;
  });
  tools.save.addEventListener('click', () => {
    const kept = headings.map((_, at) => at).filter((at) => !headings[at]?.hidden);
    const shown = table.getRows('active').map((row) => kept.map((at) => rowOf(row).texts[at] ?? ''));
    save(`${place.dataset.table}.csv`, [kept.map((at) => titleOf(headings[at])), ...shown]);
  });
  table.on('tableBuilt', () => {
    plain.hidden = true;
    room.className = '';
    choose(tools.columns, headings, table, plain);
    fitted(table, screen);
    place.setAttribute('data-built', '');
  });
  addEventListener('beforeprint', () => {
    const shown = table.getRows('active').map((row) => rowOf(row).plain());
    shown.forEach((row) => [...row.cells].forEach((cell, at) => (cell.hidden = Boolean(headings[at]?.hidden))));
    body.replaceChildren(...shown);
  });
  screen.addEventListener('keydown', walk);
}

/**
 * What did not fit of a row, each with the heading of its column.
 * @param {{ title: string, value: unknown }[]} cells
 */
function below(cells) {
  const lines = document.createElement('div');
  lines.setAttribute('role', 'gridcell');
  for (const { title, value } of cells) {
    if (!(value instanceof Element) || value.querySelector('.nothing')) continue;
    const line = document.createElement('span');
    line.setAttribute('data-label', title);
    line.append(value);
    lines.append(line, ' ');
  }
  return lines;
}

// The library would also draw the rows anew whenever the table comes into view or grows by a row:
// a click that had begun on the old ones is then lost.
/**
 * @param {Table} table
 * @param {HTMLElement} screen
 */
function fitted(table, screen) {
  let [width, height] = [screen.clientWidth, innerHeight];
  new ResizeObserver(() => {
    if (!screen.clientWidth || (screen.clientWidth === width && innerHeight === height)) return;
    const wasHidden = !width;
    [width, height] = [screen.clientWidth, innerHeight];
    table.redraw(wasHidden);
  }).observe(screen);
}

/**
 * @param {HTMLTableCellElement} heading
 * @param {number} at
 * @param {Row[]} rows
 * @returns {ColumnDefinition}
 */
function column(heading, at, rows) {
  const title = titleOf(heading);
  const isNumber = heading.classList.contains('number');
  const wraps = heading.hasAttribute('data-wrap');
  const isDated = rows.some((row) => /^\d{4}(-\d\d){2}$/.test(row.texts[at] ?? ''));
  return {
    title,
    field: `column${at}`,
    hozAlign: isNumber ? 'right' : 'left',
    cssClass: isNumber ? 'number' : wraps ? 'wrap' : '',
    variableHeight: wraps,
    minWidth: isPhone && !at ? FIRST : Math.max(isNumber ? 72 : isDated ? 112 : 96, 8 * wide(title) + 56),
    widthGrow: share(title, rows.map((row) => row.texts[at] ?? '')),
    formatter: (cell) => {
      const source = /** @type {Row} */ (cell.getData()).cell(at);
      const whole = source.title || (source.querySelector('a') ? '' : source.textContent.trim());
      if (whole) cell.getElement().title = whole; // it may be cut off
      const holder = document.createElement('span');
      source.childNodes.forEach((child) => holder.append(child.cloneNode(true)));
      return holder;
    },
    sorter: (_one, _other, first, second, _column, direction) => {
      const value = (/** @type {RowComponent} */ row) => /** @type {Row} */ (row.getData()).sorts[at] ?? '';
      return compare(value(first), value(second), isNumber, direction === 'desc');
    },
  };
}

// --- rows: what is looked for and sorted by, the card they open, their cells when they are shown

/** @param {HTMLTableCellElement | undefined} heading */
function titleOf(heading) {
  return heading?.textContent.trim() ?? '';
}

/**
 * @param {HTMLTableRowElement} row
 * @param {number} index
 * @returns {Row}
 */
function written(row, index) {
  const cells = [...row.cells];
  const texts = cells.map((cell) => cell.textContent.trim());
  return {
    id: index,
    texts,
    sorts: cells.map((cell) => cell.dataset.sort ?? cell.textContent.trim()),
    card: perhaps('[data-card]', row)?.dataset.card,
    cell: (at) => cells[at] ?? document.createElement('td'),
    plain: () => row,
  };
}

/**
 * @param {{ rows: Cell[][] }} rest
 * @param {number} first
 * @param {HTMLTableCellElement[]} headings
 * @returns {Row[]}
 */
function furtherRows(rest, first, headings) {
  const numbers = headings.map((heading) => heading.classList.contains('number'));
  return rest.rows.map((cells, index) => {
    const texts = cells.map((cell) => textOf(cell, between));
    const cell = (/** @type {number} */ at) => cellOf(cells[at] ?? null, Boolean(numbers[at]));
    return {
      id: first + index,
      texts,
      sorts: cells.map((each, at) => sortOf(each, texts[at] ?? '')),
      card: cells.map(cardOf).find(Boolean),
      cell,
      plain: () => {
        const row = document.createElement('tr');
        row.append(...cells.map((_, at) => cell(at)));
        return row;
      },
    };
  });
}

/**
 * The cell of the page's own macro `cell`, from the same value.
 * @param {Cell} value
 * @param {boolean} isNumber
 */
function cellOf(value, isNumber) {
  const cell = document.createElement('td');
  if (isNumber) cell.className = 'number';
  const parts = isParts(value) ? value : {};
  if (parts.title) cell.title = parts.title;
  const card = cardOf(value);
  if (card || parts.url) {
    const link = document.createElement('a');
    link.textContent = textOf(value, between);
    if (card) {
      const [page] = card.split('/');
      link.className = `to-${parts.kind}`;
      link.href = carried(`${root()}/${page}/${encodeURIComponent(parts.id ?? '')}`);
      link.dataset.card = card;
    } else link.href = parts.url ?? '';
    cell.append(link);
  } else if (value === null) {
    const nothing = Object.assign(document.createElement('span'), { className: 'nothing', textContent: '–' });
    nothing.setAttribute('aria-hidden', 'true');
    cell.append(nothing);
  } else cell.textContent = textOf(value, between);
  return cell;
}

/** @param {number} total */
function toolbar(total) {
  const bar = document.createElement('div');
  bar.className = 'table-tools';
  const filter = Object.assign(document.createElement('input'), { type: 'search', placeholder: words.filter });
  filter.setAttribute('aria-label', words.filter);
  const count = Object.assign(document.createElement('span'), { className: 'count' });
  count.setAttribute('role', 'status');
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: words.save });
  const columns = Object.assign(document.createElement('details'), { className: 'menu' });
  const say = (/** @type {number} */ shown) => {
    count.textContent = filled(words.shown, { shown, total });
  };
  say(total);
  bar.append(filter, count, columns, button);
  return { bar, filter, save: button, say, columns };
}

/**
 * Which columns are shown, kept in this browser for tables of the same headings.
 * @param {HTMLElement} place
 * @param {HTMLTableCellElement[]} headings
 * @param {Table} table
 * @param {HTMLTableElement} plain
 */
function choose(place, headings, table, plain) {
  if (headings.length < 5) return place.remove();
  const titles = headings.map(titleOf);
  const name = `columns:${location.pathname.slice(root().length).split('/')[1]}:${titles.join('|')}`;
  const off = new Set(JSON.parse(localStorage.getItem(name) ?? '[]'));
  const list = document.createElement('div');
  const show = (/** @type {number} */ at) => {
    const isOff = off.has(titles[at]);
    table[isOff ? 'hideColumn' : 'showColumn'](`column${at}`);
    [...plain.rows].forEach((row) => {
      const cell = row.cells[at];
      if (cell) cell.hidden = isOff;
    });
  };
  titles.forEach((title, at) => {
    const label = document.createElement('label');
    const box = Object.assign(document.createElement('input'), { type: 'checkbox', checked: !off.has(title), disabled: !at });
    box.addEventListener('change', () => {
      if (box.checked) off.delete(title);
      else off.add(title);
      localStorage.setItem(name, JSON.stringify([...off]));
      show(at);
    });
    label.append(box, title);
    list.append(label);
    if (off.has(title)) show(at);
  });
  const summary = Object.assign(document.createElement('summary'), { className: 'button', textContent: words.columns });
  place.append(summary, list);
}

/**
 * Arrow keys walk the links of a column's rows.
 * @param {KeyboardEvent} event
 */
function walk(event) {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const target = targetOf(event);
  if (!step || target?.tagName !== 'A') return;
  const row = target.closest('.tabulator-row');
  const next = step > 0 ? row?.nextElementSibling : row?.previousElementSibling;
  const link = next && perhaps('a', next);
  if (!link) return;
  link.focus();
  event.preventDefault();
}

/**
 * @param {string} name
 * @param {string[][]} rows
 */
function save(name, rows) {
  const file = new Blob([csv(rows)], { type: 'text/csv;charset=utf-8' });
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(file), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}
