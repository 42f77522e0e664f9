// Script of the report: tables that are sorted, filtered and saved as CSV.

/** Rows from which a table has a filter. */
const FILTERED_ROWS = 6;
const UNITS = {
  k: 1e3,
  M: 1e6,
  B: 1e9,
  T: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  PiB: 2 ** 50,
};
const FIGURE =
  /^([<>]?)\s*\[?(-?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?)(?: ?(k|M|B|T|[KMGTP]iB|%))?(?![\p{L}\d.-])/u;
/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;

/** What is to be read of a node in the language of the page. @param {Node} node @returns {string} */
function readable(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.textContent;
  if (!(node instanceof Element)) return '';
  if (node.matches('.l') && node.getAttribute('lang') !== language) return '';
  if (node.matches('.spoken, svg')) return '';
  return [...node.childNodes].map(readable).join('');
}
const textOf = (node) => readable(node).replace(/\s+/g, ' ').trim();

/** @param {HTMLTableRowElement} row @param {number} column */
function cellAt(row, column) {
  let left = column;
  for (const cell of row.cells) {
    left -= cell.colSpan;
    if (left < 0) return cell;
  }
  return undefined;
}

/** A number, a text, or null for what was not measured. */
function sortKey(row, column) {
  const cell = cellAt(row, column);
  if (cell === undefined || cell.matches('.n')) return null;
  const text = cell.dataset.s ?? textOf(cell);
  if (text === '' || text === '·') return null;
  const figure = FIGURE.exec(text);
  if (figure === null) return text;
  // `<0.1 %` lies just below the number that it names, `>99.9 %` just above.
  const side = figure[1] === '<' ? 1 - 1e-9 : figure[1] === '>' ? 1 + 1e-9 : 1;
  return Number(figure[2].replaceAll(',', '')) * (UNITS[figure[3]] ?? 1) * side;
}

/** Numbers by size before text by code point; what was not measured last in both directions. */
function compareKeys(a, b, direction) {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return direction * (a < b ? -1 : a > b ? 1 : 0);
}

/** Rows of a table itself, not of tables inside it. */
const rowsOf = (table) => [...table.tBodies].flatMap((body) => [...body.rows]);
const headsOf = (table) => [...table.tHead.rows[0].cells];

function sortTable(table, column, direction) {
  headsOf(table).forEach((head, at) =>
    head.setAttribute('aria-sort', at !== column ? 'none' : direction === 1 ? 'ascending' : 'descending'),
  );
  const keyed = rowsOf(table).map((row) => ({ row, key: sortKey(row, column) }));
  keyed.sort((a, b) => compareKeys(a.key, b.key, direction));
  table.tBodies[0].append(...keyed.map(({ row }) => row));
}

const csvField = (text) => {
  const safe = FORMULA.test(text) && !Number.isFinite(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

function tableCsv(table) {
  const heads = headsOf(table);
  const rows = rowsOf(table).filter((row) => !row.hidden);
  const lines = rows.map((row) => heads.map((_, column) => textOf(cellAt(row, column) ?? row.cells[0])));
  // Excel takes a file for another encoding than UTF-8 unless it begins with this mark.
  return `\ufeff${[heads.map(textOf), ...lines].map((line) => line.map(csvField).join(',')).join('\r\n')}\r\n`;
}

/** A field that hides what does not contain its text. @param {string} key @param {() => HTMLElement[]} items */
function filterField(key, items, shownText) {
  const input = /** @type {HTMLInputElement} */ (element('input', { type: 'search' }));
  const count = element('output', { 'aria-live': 'polite' });
  const apply = () => {
    const wanted = input.value.trim().toLowerCase();
    const all = items();
    for (const item of all) item.hidden = wanted !== '' && !shownText(item).toLowerCase().includes(wanted);
    const left = all.filter((item) => !item.hidden).length;
    count.textContent = wanted === '' ? '' : message('of', { k: left, n: all.length });
    remember(`${key}.find`, input.value);
  };
  input.value = state.get(`${key}.find`) ?? '';
  input.addEventListener('input', apply);
  document.addEventListener('languageswitch', apply);
  if (input.value !== '') apply();
  return [element('label', {}, [words('span', 'filter'), ' ', input]), ' ', count];
}

/** Makes heads of a table buttons, and puts its tools above it. @param {HTMLTableElement} table */
function mountTable(table) {
  const key = table.dataset.table;
  headsOf(table).forEach((head, column) => {
    const button = element('button', { type: 'button' }, [...head.childNodes]);
    if (head.dataset.m !== undefined) {
      button.dataset.m = head.dataset.m;
      delete head.dataset.m;
    }
    head.append(button);
    head.setAttribute('aria-sort', 'none');
    button.addEventListener('click', () => {
      const direction = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
      sortTable(table, column, direction);
      remember(`${key}.sort`, direction === 1 ? `${column}` : `-${column}`);
    });
  });
  const sorted = /^(-?)(\d+)$/.exec(state.get(`${key}.sort`) ?? '');
  if (sorted !== null && Number(sorted[2]) < headsOf(table).length)
    sortTable(table, Number(sorted[2]), sorted[1] === '' ? 1 : -1);

  const save = words('button', 'csv');
  save.setAttribute('type', 'button');
  save.addEventListener('click', () => download(fileName(key), tableCsv(table)));
  const filter = rowsOf(table).length < FILTERED_ROWS ? [] : filterField(key, () => rowsOf(table), textOf);
  (table.closest('.scroll') ?? table).before(element('p', { class: 'tools' }, [...filter, ' ', save]));
}
