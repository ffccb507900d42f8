// Tables: sort, filter and export as shown, by Tabulator over the plain HTML table of the page.
// The plain table stays in the page: for paper, and for readers without script. Of a long table it
// holds the first rows, the further ones are data (webapp/network/rows.py) until they are in view.
//
// A picture beside the table sets `marks` on the table's place: what is chosen and what is off, as
// the `data-card` of rows, and tells it by `table:marked`, with the row to bring into view.

const FEW = 8; // a shorter table needs no tools
const PATIENCE_MS = 5000; // of a table with a picture that does not come
const TALL = 25; // a longer one scrolls inside itself, so only the rows in view are drawn
const library = new URL('./vendor/tabulator-tables/dist/js/tabulator_esm.min.mjs', import.meta.url);
const { root } = document.body.dataset; // the path that the application stands below
const words = JSON.parse(document.body.dataset.words);

document.addEventListener('page:renewed', enhanceAll);
await enhanceAll();

async function enhanceAll() {
  const isLong = (place) => place.querySelectorAll('tbody tr').length >= FEW;
  const waiting = () => [...document.querySelectorAll('[data-table]:not([data-enhanced])')].filter(isLong);
  if (!waiting().length) return;
  await pictureFirst();
  const { TabulatorFull } = await import(library.href);
  for (const place of waiting()) {
    place.setAttribute('data-enhanced', '');
    enhance(place, TabulatorFull);
  }
}

// A picture beside the table comes first: table and library wait until it is on the screen.
async function pictureFirst() {
  const picture = document.getElementById('picture');
  const until = performance.now() + PATIENCE_MS;
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  while (picture && !picture.dataset.ready && performance.now() < until) await pause(20);
  if (picture && !document.hidden) await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  await pause(0);
}

function enhance(place, Tabulator) {
  const plain = place.querySelector('table');
  const headings = [...plain.tHead.rows[0].cells];
  const rows = [...plain.tBodies[0].rows].map(written);
  const rest = place.querySelector('script[data-rest]');
  if (rest) rows.push(...furtherRows(JSON.parse(rest.textContent), rows.length, headings));
  const byCard = new Map(rows.map((row) => [row.card, row]));
  const screen = document.createElement('div');
  plain.hidden = true;
  plain.setAttribute('data-enhanced', '');
  place.append(screen);

  const table = new Tabulator(screen, {
    data: rows,
    columns: headings.map((heading, at) => column(heading, at, rows)),
    layout: matchMedia('(max-width: 720px)').matches ? 'fitDataTable' : 'fitColumns',
    maxHeight: rows.length > TALL ? '70vh' : false,
    autoResize: false,
    placeholder: words.none,
    headerSortElement: '<span aria-hidden="true"></span>',
    columnDefaults: { resizable: 'header', tooltip: false, headerSortTristate: true },
    rowFormatter: (row) => {
      const { card } = row.getData();
      const { chosen, off } = place.marks ?? {};
      row.getElement().classList.toggle('chosen', Boolean(card) && card === chosen);
      row.getElement().classList.toggle('off', Boolean(off?.has(card)));
    },
  });
  place.addEventListener('table:marked', ({ detail: { changed, show } }) => {
    const drawn = (card) => byCard.has(card) && table.getRow(byCard.get(card).id);
    changed.forEach((card) => drawn(card) && drawn(card).reformat());
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
  let isAnew = false; // sorted or filtered: read from the top
  table.on('dataSorted', () => (isAnew = true));
  table.on('renderComplete', () => {
    const holder = screen.querySelector('.tabulator-tableholder');
    if (isAnew && holder) holder.scrollTop = 0;
    isAnew = false;
  });
  tools.save.addEventListener('click', () => {
    const kept = headings.map((_, at) => at).filter((at) => table.getColumn(`column${at}`).isVisible());
    const shown = table.getRows('active').map((row) => kept.map((at) => row.getData().texts[at]));
    save(`${place.dataset.table}.csv`, [kept.map((at) => headings[at].textContent.trim()), ...shown]);
  });
  table.on('tableBuilt', () => {
    choose(tools.columns, headings, table, plain);
    fitted(table, screen);
    place.setAttribute('data-built', '');
  });
  addEventListener('beforeprint', () => {
    const off = [...plain.tHead.rows[0].cells].map((cell) => cell.hidden);
    const shown = table.getRows('active').map((row) => row.getData().plain());
    shown.forEach((row) => [...row.cells].forEach((cell, at) => (cell.hidden = off[at])));
    plain.tBodies[0].replaceChildren(...shown);
  });
  screen.addEventListener('keydown', walk);
}

// The library would also draw the rows anew whenever the table comes into view or grows by a row:
// a click that had begun on the old ones is then lost.
function fitted(table, screen) {
  let [width, height] = [screen.clientWidth, innerHeight];
  new ResizeObserver(() => {
    if (!screen.clientWidth || (screen.clientWidth === width && innerHeight === height)) return;
    const wasHidden = !width;
    [width, height] = [screen.clientWidth, innerHeight];
    table.redraw(wasHidden);
  }).observe(screen);
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
      const source = cell.getData().cell(at);
      const whole = source.title || (source.querySelector('a') ? '' : source.textContent.trim());
      if (whole) cell.getElement().title = whole; // it may be cut off
      const holder = document.createElement('span');
      source.childNodes.forEach((child) => holder.append(child.cloneNode(true)));
      return holder;
    },
    sorter: (_a, _b, one, other) => compare(one.getData().sorts[at], other.getData().sorts[at], isNumber),
  };
}

// --- rows: what is looked for and sorted by, the card they open, their cells when they are shown

function written(row, index) {
  const cells = [...row.cells];
  const texts = cells.map((cell) => cell.textContent.trim());
  return {
    id: index,
    texts,
    sorts: cells.map((cell, at) => cell.dataset.sort ?? texts[at]),
    card: row.querySelector('[data-card]')?.dataset.card,
    cell: (at) => row.cells[at],
    plain: () => row,
  };
}

function furtherRows({ rows }, first, headings) {
  const numbers = headings.map((heading) => heading.classList.contains('number'));
  return rows.map((cells, index) => {
    const texts = cells.map(textOf);
    const linked = cells.find((cell) => cell?.kind);
    const cell = (at) => cellOf(cells[at], numbers[at]);
    return {
      id: first + index,
      texts,
      sorts: cells.map((each, at) => String(each?.sort ?? texts[at])),
      card: linked && cardOf(linked),
      cell,
      plain: () => {
        const row = document.createElement('tr');
        row.append(...cells.map((_, at) => cell(at)));
        return row;
      },
    };
  });
}

function textOf(cell) {
  return cell === null ? '–' : String(cell.text ?? cell);
}

function cardOf({ kind, id }) {
  return `${{ person: 'people', unit: 'units', post: 'posts' }[kind]}/${id}`;
}

// The cell of the page's own macro `cell`, from the same value.
function cellOf(value, isNumber) {
  const cell = document.createElement('td');
  if (isNumber) cell.className = 'number';
  if (value?.title) cell.title = value.title;
  if (value?.kind || value?.url) {
    const link = document.createElement('a');
    link.textContent = value.text || value.id;
    if (value.kind) {
      const [page] = cardOf(value).split('/');
      link.className = `to-${value.kind}`;
      link.href = `${root}/${page}/${encodeURIComponent(value.id)}`;
      link.dataset.card = cardOf(value);
    } else link.href = value.url;
    cell.append(link);
  } else if (value === null) {
    const nothing = Object.assign(document.createElement('span'), { className: 'nothing', textContent: '–' });
    nothing.setAttribute('aria-hidden', 'true');
    cell.append(nothing);
  } else cell.textContent = textOf(value);
  return cell;
}

// How much of the width a column asks for: the longest text in it, within reason.
function share(heading, at, rows) {
  const longest = rows.slice(0, 200).reduce((most, row) => Math.max(most, wide(row.texts[at])), 0);
  return Math.min(48, Math.max(6, wide(heading.textContent.trim()) + 2, longest));
}

function wide(text) {
  return [...text].reduce((sum, sign) => sum + (sign > '\u2e80' ? 2 : 1), 0);
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
  const name = `columns:${location.pathname.slice(root.length).split('/')[1]}:${titles.join('|')}`;
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
