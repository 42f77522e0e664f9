// Script of the report: layer maps.

/** End of the fixed colour scale of each quantity; it begins at its negative. r and z have a meaningful zero. */
const SCALES = { cosine: 1, r: 1, z: 8 };
const PALETTES = { cosine: data.viridis, r: data.diverging, z: data.diverging };
const TICKS = { cosine: [-1, 0, 1], r: [-1, 0, 1], z: [-8, -4, 0, 4, 8] };
/** Ends of the middle 99 % of the standard normal null. */
const NULL_MARKS = { cosine: [], r: [], z: [-2.58, 2.58] };
const QUANTITIES = /** @type {const} */ (['r', 'cosine', 'z']);
/** Largest side of a cell, rem. */
const LARGEST_CELL = 3;
const SVG = 'http://www.w3.org/2000/svg';
const UNMEASURED = [110, 110, 110];

/** A value with the decimals of its rounding. @param {number | null} value @param {PackedColumn} column */
function shown(value, [steps]) {
  const decimals = Math.max(0, Math.ceil(Math.log10(steps)));
  return value === null ? message('not_measured') : value.toFixed(decimals).replace(/^-(0(\.0*)?)$/, '$1');
}

/** Colour of a value on the fixed scale; clipped beyond its ends. @param {Quantity} quantity @param {number} value */
function colourOf(quantity, value) {
  const end = SCALES[quantity];
  const step = Math.round(Math.min(1, Math.max(0, (value + end) / (2 * end))) * 255);
  const hex = PALETTES[quantity].slice(step * 6, step * 6 + 6);
  return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

/** @param {HTMLCanvasElement} canvas @param {number} width @param {number} height @param {(index: number) => number[]} colour */
function paintCells(canvas, width, height, colour) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  const image = context.createImageData(width, height);
  for (let index = 0; index < width * height; index += 1) image.data.set([...colour(index), 255], index * 4);
  context.putImageData(image, 0, 0);
}

/** @param {string} kind @param {string} path */
function outline(kind, path) {
  const node = document.createElementNS(SVG, 'path');
  node.setAttribute('class', kind);
  node.setAttribute('d', path);
  return node;
}

/** @param {number} row @param {number} column */
const square = (row, column) => `M${column} ${row}h1v1h-1z`;

/** Draws one map into its figure. @param {HTMLElement} figure */
async function drawMap(figure) {
  if (figure.dataset.drawn === '1') return;
  figure.dataset.drawn = '1';
  /** @type {PackedMap} */
  const map = data.maps[figure.dataset.map];
  if (map === undefined) {
    figure.append(words('p', 'map_omitted'));
    figure.classList.add('omitted');
    return;
  }
  const cells = await unpackMap(map);
  const rowName = (row) => map.row_layers?.[row] ?? row;
  const columnName = (column) => map.column_layers?.[column] ?? column;
  const state = { /** @type {Quantity} */ quantity: 'r', row: 0, column: 0, seen: false };

  const options = QUANTITIES.map((quantity) => element('option', { value: quantity }));
  const select = /** @type {HTMLSelectElement} */ (element('select', {}, options));
  const caption = element('span');
  const canvas = /** @type {HTMLCanvasElement} */ (element('canvas'));
  const overlay = document.createElementNS(SVG, 'svg');
  overlay.setAttribute('viewBox', `0 0 ${map.columns} ${map.rows}`);
  overlay.setAttribute('preserveAspectRatio', 'none');
  overlay.setAttribute('aria-hidden', 'true');
  const squares = Array.from({ length: Math.min(map.rows, map.columns) }, (_, index) => square(index, index));
  overlay.append(
    outline('diagonal under', squares.join('')),
    outline('diagonal', squares.join('')),
    outline('unmeasured', ''),
    outline('cursor under', ''),
    outline('cursor', ''),
  );
  const plot = element('div', { class: 'plot', tabindex: '0', role: 'application' }, [canvas, overlay]);
  plot.style.aspectRatio = `${map.columns} / ${map.rows}`;
  plot.style.maxWidth = `${Math.min(26, map.columns * LARGEST_CELL)}rem`;
  const read = element('output', { class: 'read', 'aria-live': 'polite' });
  const bar = /** @type {HTMLCanvasElement} */ (element('canvas', { class: 'bar', 'aria-hidden': 'true' }));
  const ticks = element('div', { class: 'ticks' });
  const scale = element('span', { class: 'scale' });
  const tableSummary = element('summary');
  const tableBody = element('div', { class: 'scroll', tabindex: '0' });
  const table = /** @type {HTMLDetailsElement} */ (element('details', {}, [tableSummary, tableBody]));
  const title = figure.querySelector('figcaption');
  const save = element('button', { type: 'button' });
  const controls = element('div', { class: 'tools' }, [
    element('label', {}, [caption, ' ', select]),
    ' ',
    save,
  ]);
  title.after(controls, plot, bar, ticks, scale, read, table);

  function describe() {
    const index = state.row * map.columns + state.column;
    return message('map_cell', {
      row: rowName(state.row),
      column: columnName(state.column),
      cosine: shown(cells.cosine[index], map.cosine),
      r: shown(cells.r[index], map.r),
      z: shown(cells.z[index], map.z),
    });
  }

  function point() {
    for (const node of overlay.querySelectorAll('.cursor')) {
      node.setAttribute('d', state.seen ? square(state.row, state.column) : '');
    }
    read.textContent = state.seen ? describe() : message('map_hint');
  }

  function fillTable() {
    if (!table.open) return;
    const head = element('tr', {}, [
      element('td'),
      ...Array.from({ length: map.columns }, (_, column) =>
        element('th', { scope: 'col' }, [String(columnName(column))]),
      ),
    ]);
    const rows = Array.from({ length: map.rows }, (_, row) =>
      element('tr', {}, [
        element('th', { scope: 'row' }, [String(rowName(row))]),
        ...Array.from({ length: map.columns }, (_, column) =>
          element('td', {}, [shown(cells[state.quantity][row * map.columns + column], map[state.quantity])]),
        ),
      ]),
    );
    tableBody.replaceChildren(
      element('table', {}, [element('thead', {}, [head]), element('tbody', {}, rows)]),
    );
  }

  function paint() {
    const end = SCALES[state.quantity];
    const values = cells[state.quantity];
    paintCells(canvas, map.columns, map.rows, (index) => {
      const value = values[index];
      return value === null ? UNMEASURED : colourOf(state.quantity, value);
    });
    const crosses = values.map((value, index) => {
      const row = Math.floor(index / map.columns);
      const column = index % map.columns;
      return value === null ? `M${column} ${row}l1 1M${column + 1} ${row}l-1 1` : '';
    });
    overlay.querySelector('.unmeasured').setAttribute('d', crosses.join(''));
    paintCells(bar, 256, 1, (index) => colourOf(state.quantity, ((index / 255) * 2 - 1) * end));
    const placed = (value, node) => {
      node.style.left = `${((value + end) / (2 * end)) * 100}%`;
      return node;
    };
    ticks.replaceChildren(
      ...TICKS[state.quantity].map((tick) =>
        placed(tick, element('span', {}, [String(tick).replace('-', '\u2212')])),
      ),
      ...NULL_MARKS[state.quantity].map((mark) => placed(mark, element('i'))),
    );
    fillTable();
  }

  function write() {
    caption.textContent = message('map_value');
    options.forEach((option, index) => {
      option.textContent = message(`map_value_${QUANTITIES[index]}`);
    });
    save.textContent = message('csv');
    scale.textContent = message(`map_scale_${state.quantity}`);
    tableSummary.textContent = message('map_table');
    plot.setAttribute('aria-label', `${textOf(title)} ${message('map_hint')}`);
    point();
    fillTable();
  }

  /** @param {number} row @param {number} column */
  function move(row, column) {
    state.row = Math.min(map.rows - 1, Math.max(0, row));
    state.column = Math.min(map.columns - 1, Math.max(0, column));
    state.seen = true;
    point();
  }

  save.addEventListener('click', () => {
    const lines = cells.r.map((_, index) => {
      const at = [rowName(Math.floor(index / map.columns)), columnName(index % map.columns)];
      const figures = QUANTITIES.map((quantity) => cells[quantity][index] ?? '');
      return [...at, ...figures].join(',');
    });
    const head = ['subject_layer', 'reference_layer', ...QUANTITIES].join(',');
    download(fileName(figure.dataset.name), `${[head, ...lines].join('\r\n')}\r\n`);
  });
  select.addEventListener('change', () => {
    state.quantity = /** @type {Quantity} */ (select.value);
    paint();
    write();
  });
  table.addEventListener('toggle', fillTable);
  plot.addEventListener('pointermove', (event) => {
    const box = canvas.getBoundingClientRect();
    const row = Math.floor(((event.clientY - box.top) / box.height) * map.rows);
    move(row, Math.floor(((event.clientX - box.left) / box.width) * map.columns));
  });
  plot.addEventListener('focus', () => move(state.row, state.column));
  plot.addEventListener('keydown', (event) => {
    const steps = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      Home: [0, -map.columns],
      End: [0, map.columns],
    };
    const step = Object.hasOwn(steps, event.key) ? steps[event.key] : null;
    if (step === null) return;
    event.preventDefault();
    move(state.row + step[0], state.column + step[1]);
  });
  document.addEventListener('languageswitch', write);
  paint();
  write();
}
