// Tables: sort, filter and export as shown, by Tabulator over the plain HTML table of the page.
// The plain table stays in the page: for paper, and for readers without script.

const FEW = 8; // a shorter table needs no tools
const TALL = 25; // a longer one scrolls inside itself, so only the rows in view are drawn
const library = new URL('/vendor/tabulator-tables/dist/js/tabulator_esm.min.mjs', import.meta.url);
const words = JSON.parse(document.body.dataset.words);

document.addEventListener('page:renewed', enhanceAll);
await enhanceAll();

async function enhanceAll() {
  const places = [...document.querySelectorAll('[data-table]:not([data-enhanced])')].filter(
    (place) => place.querySelectorAll('tbody tr').length >= FEW,
  );
  if (!places.length) return;
  places.forEach((place) => place.setAttribute('data-enhanced', ''));
  const { TabulatorFull } = await import(library.href);
  await new Promise((drawn) => setTimeout(drawn)); // a picture beside the table comes first
  places.filter((place) => place.isConnected).forEach((place) => enhance(place, TabulatorFull));
}

function enhance(place, Tabulator) {
  const plain = place.querySelector('table');
  const headings = [...plain.tHead.rows[0].cells];
  const rows = [...plain.tBodies[0].rows].map((row, index) => ({
    id: index,
    row,
    texts: [...row.cells].map((cell) => cell.textContent.trim()),
  }));
  const screen = document.createElement('div');
  plain.hidden = true;
  plain.setAttribute('data-enhanced', '');
  place.append(screen);

  const table = new Tabulator(screen, {
    data: rows,
    columns: headings.map((heading, at) => column(heading, at, rows)),
    layout: matchMedia('(max-width: 720px)').matches ? 'fitDataTable' : 'fitColumns',
    maxHeight: rows.length > TALL ? '70vh' : false,
    placeholder: words.none,
    headerSortElement: '<span aria-hidden="true"></span>',
    columnDefaults: { resizable: 'header', tooltip: false, headerSortTristate: true },
    rowFormatter: (row) => {
      const { classList } = row.getData().row; // of the plain row: what a picture marked
      for (const name of ['chosen', 'off']) row.getElement().classList.toggle(name, classList.contains(name));
    },
  });
  // A picture beside the table has marked plain rows, and may want one of them in view.
  place.addEventListener('table:rows', ({ detail: { changed, show } }) => {
    const drawn = (plainRow) => table.getRow(rows.find(({ row }) => row === plainRow)?.id ?? -1);
    changed.map(drawn).forEach((row) => row && row.reformat());
    if (show && drawn(show)) table.scrollToRow(drawn(show), 'nearest', false).catch(() => {});
  });
  table.on('tableBuilt', () => {
    // The library leaves its scrolling part without a role inside the grid.
    screen.querySelector('.tabulator-tableholder')?.setAttribute('role', 'rowgroup');
    screen.querySelector('.tabulator-table')?.setAttribute('role', 'presentation');
  });
  const tools = toolbar(place, rows.length);
  place.before(tools.bar);
  tools.filter.addEventListener('input', () => {
    const wanted = tools.filter.value.trim().toLowerCase();
    table.setFilter((row) => row.texts.some((text) => text.toLowerCase().includes(wanted)));
  });
  table.on('dataFiltered', (_, shown) => tools.say(shown.length));
  tools.save.addEventListener('click', () => {
    const kept = headings.map((_, at) => at).filter((at) => table.getColumn(`column${at}`).isVisible());
    const shown = table.getRows('active').map((row) => kept.map((at) => row.getData().texts[at]));
    save(`${place.dataset.table}.csv`, [kept.map((at) => headings[at].textContent.trim()), ...shown]);
  });
  table.on('tableBuilt', () => choose(tools.columns, headings, table, plain));
  addEventListener('beforeprint', () => {
    const shown = table.getRows('active').map((row) => row.getData().row);
    plain.tBodies[0].replaceChildren(...shown);
  });
  screen.addEventListener('keydown', walk);
}

function column(heading, at, rows) {
  const isNumber = heading.classList.contains('number');
  const wraps = heading.hasAttribute('data-wrap');
  return {
    title: heading.textContent.trim(),
    field: `column${at}`,
    hozAlign: isNumber ? 'right' : 'left',
    cssClass: isNumber ? 'number' : wraps ? 'wrap' : '',
    variableHeight: wraps,
    minWidth: Math.max(isNumber ? 72 : 96, 8 * wide(heading.textContent.trim()) + 56),
    widthGrow: share(heading, at, rows),
    formatter: (cell) => {
      const source = cell.getData().row.cells[at];
      const made = document.createDocumentFragment();
      source.childNodes.forEach((child) => made.append(child.cloneNode(true)));
      const whole = source.title || (source.querySelector('a') ? '' : source.textContent.trim());
      if (whole) cell.getElement().title = whole; // it may be cut off
      const holder = document.createElement('span');
      holder.append(made);
      return holder;
    },
    sorter: (_a, _b, one, other) => compare(key(one.getData().row, at), key(other.getData().row, at), isNumber),
  };
}

// How much of the width a column asks for: the longest text in it, within reason.
function share(heading, at, rows) {
  const longest = rows.slice(0, 200).reduce((most, row) => Math.max(most, wide(row.texts[at])), 0);
  return Math.min(48, Math.max(6, wide(heading.textContent.trim()) + 2, longest));
}

function wide(text) {
  return [...text].reduce((sum, sign) => sum + (sign > '\u2e80' ? 2 : 1), 0);
}

function key(row, at) {
  const cell = row.cells[at];
  return cell.dataset.sort ?? cell.textContent.trim();
}

function compare(one, other, isNumber) {
  if (isNumber) return (parseFloat(one) || 0) - (parseFloat(other) || 0);
  return one.localeCompare(other, document.documentElement.lang, { numeric: true });
}

function toolbar(place, total) {
  const bar = document.createElement('div');
  bar.className = 'table-tools';
  const filter = Object.assign(document.createElement('input'), { type: 'search', placeholder: words.filter });
  filter.setAttribute('aria-label', words.filter);
  const count = Object.assign(document.createElement('span'), { className: 'count' });
  count.setAttribute('role', 'status');
  const save = Object.assign(document.createElement('button'), { type: 'button', textContent: words.save });
  const columns = Object.assign(document.createElement('details'), { className: 'choice' });
  const say = (shown) => {
    count.textContent = words.shown.replace('{shown}', shown).replace('{total}', total);
  };
  say(total);
  bar.append(filter, count, columns, save);
  return { bar, filter, save, say, columns };
}

// Which columns are shown, kept in this browser for tables of the same headings.
function choose(place, headings, table, plain) {
  if (headings.length < 5) return place.remove();
  const titles = headings.map((cell) => cell.textContent.trim());
  const name = `columns:${location.pathname.split('/')[1]}:${titles.join('|')}`;
  const off = new Set(JSON.parse(localStorage.getItem(name) ?? '[]'));
  const list = document.createElement('div');
  const show = (at) => {
    table[off.has(titles[at]) ? 'hideColumn' : 'showColumn'](`column${at}`);
    [...plain.rows].forEach((row) => (row.cells[at].hidden = off.has(titles[at])));
  };
  titles.forEach((title, at) => {
    const label = document.createElement('label');
    const box = Object.assign(document.createElement('input'), { type: 'checkbox', checked: !off.has(title), disabled: !at });
    box.addEventListener('change', () => {
      box.checked ? off.delete(title) : off.add(title);
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

// Arrow keys walk the links of a column's rows.
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target.tagName !== 'A') return;
  const row = event.target.closest('.tabulator-row');
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  const link = next?.querySelector('a');
  if (!link) return;
  link.focus();
  event.preventDefault();
}

function save(name, rows) {
  const text = rows.map((row) => row.map(csv).join(',')).join('\r\n');
  // The mark at the start tells Excel that this is UTF-8.
  const file = new Blob(['\ufeff', text, '\r\n'], { type: 'text/csv;charset=utf-8' });
  const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(file), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

// A spreadsheet would run a cell that begins like a formula: an apostrophe keeps it a text.
function csv(text) {
  const safe = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
