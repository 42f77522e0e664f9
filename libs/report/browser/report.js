// Script of the HTML report: language switch, sorting, layer maps. Plain browser JavaScript, inlined into the page
// as it stands; it reads only the embedded data, and writes text through textContent alone.
'use strict';
{
  /**
   * @typedef {{ decimals: number, offset: number, bits: number, cells: string }} PackedColumn
   * @typedef {{ component: string, role: string, rows: number, columns: number,
   *   diagonal_z: number | null, diagonal_log10_p: number | null, cosine: PackedColumn, r: PackedColumn, z: PackedColumn }} PackedMap
   * @typedef {'cosine' | 'r' | 'z'} Quantity
   * @typedef {(number | null)[]} Cells
   */

  const data = JSON.parse(document.getElementById('data').textContent);
  /** End of the fixed colour scale of each quantity; it begins at its negative. */
  const SCALES = { cosine: 1, r: 1, z: 8 };
  const TICKS = { cosine: [-1, 0, 1], r: [-1, 0, 1], z: [-8, -4, 0, 4, 8] };
  const QUANTITIES = /** @type {const} */ (['r', 'cosine', 'z']);
  /** Largest side of a cell, rem. */
  const LARGEST_CELL = 3;
  const SVG = 'http://www.w3.org/2000/svg';
  const UNMEASURED = [110, 110, 110];

  let language = data.language;

  /** @param {string} key @param {Record<string, string | number>} [values] */
  function message(key, values = {}) {
    return data.messages[language][key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
  }

  /**
   * @param {string} tag @param {Record<string, string>} [attributes] @param {(Node | string)[]} [children]
   * @returns {HTMLElement}
   */
  function element(tag, attributes = {}, children = []) {
    const node = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  // ---- packed maps ----

  /** Undoes the packing of one quantity: code 0 is null, code k is (offset + k - 1) / 10^decimals.
   * @param {PackedColumn} column @param {number} count @returns {Cells} */
  function unpack(column, count) {
    const bytes = atob(column.cells);
    /** @type {Cells} */
    const cells = [];
    let position = 0;
    for (let cell = 0; cell < count; cell += 1) {
      let code = 0;
      for (let bit = 0; bit < column.bits; bit += 1, position += 1) {
        code = code * 2 + ((bytes.charCodeAt(position >> 3) >> (7 - (position & 7))) & 1);
      }
      cells.push(code === 0 ? null : (column.offset + code - 1) / 10 ** column.decimals);
    }
    return cells;
  }

  /** @param {PackedMap} map */
  function unpackMap(map) {
    const count = map.rows * map.columns;
    return { cosine: unpack(map.cosine, count), r: unpack(map.r, count), z: unpack(map.z, count) };
  }

  /** @param {number | null} value @param {number} decimals */
  function shown(value, decimals) {
    return value === null ? message('not_measured') : value.toFixed(decimals).replace(/^-(0(\.0*)?)$/, '$1');
  }

  /** Colour of a value on the fixed scale; clipped beyond its ends. @param {number} value @param {number} end */
  function viridis(value, end) {
    const step = Math.round(Math.min(1, Math.max(0, (value + end) / (2 * end))) * 255);
    const hex = data.viridis.slice(step * 6, step * 6 + 6);
    return [0, 2, 4].map((at) => parseInt(hex.slice(at, at + 2), 16));
  }

  /** @param {HTMLCanvasElement} canvas @param {number} width @param {number} height @param {(index: number) => number[]} colour */
  function fill(canvas, width, height, colour) {
    canvas.width = width;
    canvas.height = height;
    const context = canvas.getContext('2d');
    const image = context.createImageData(width, height);
    for (let index = 0; index < width * height; index += 1)
      image.data.set([...colour(index), 255], index * 4);
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
  function drawMap(figure) {
    if (figure.dataset.drawn === '1') return;
    figure.dataset.drawn = '1';
    /** @type {PackedMap} */
    const map = data.maps[Number(figure.dataset.map)];
    const cells = unpackMap(map);
    const state = { /** @type {Quantity} */ quantity: 'r', row: 0, column: 0, seen: false };

    const options = QUANTITIES.map((quantity) => element('option', { value: quantity }));
    const select = /** @type {HTMLSelectElement} */ (element('select', {}, options));
    const caption = element('span');
    const canvas = /** @type {HTMLCanvasElement} */ (element('canvas'));
    const overlay = document.createElementNS(SVG, 'svg');
    overlay.setAttribute('viewBox', `0 0 ${map.columns} ${map.rows}`);
    overlay.setAttribute('preserveAspectRatio', 'none');
    overlay.setAttribute('aria-hidden', 'true');
    const squares = Array.from({ length: Math.min(map.rows, map.columns) }, (_, index) =>
      square(index, index),
    );
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
    fill(bar, 256, 1, (index) => viridis((index / 255) * 2 - 1, 1));
    const ticks = element('div', { class: 'ticks' });
    const scale = element('span', { class: 'scale' });
    const tableSummary = element('summary');
    const tableBody = element('div', { class: 'scroll', tabindex: '0' });
    const table = /** @type {HTMLDetailsElement} */ (element('details', {}, [tableSummary, tableBody]));
    const title = element('figcaption');
    figure.append(title, element('label', {}, [caption, select]), plot, bar, ticks, scale, read, table);

    function describe() {
      const index = state.row * map.columns + state.column;
      return message('map_cell', {
        row: state.row,
        column: state.column,
        cosine: shown(cells.cosine[index], map.cosine.decimals),
        r: shown(cells.r[index], map.r.decimals),
        z: shown(cells.z[index], map.z.decimals),
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
          element('th', { scope: 'col' }, [String(column)]),
        ),
      ]);
      const rows = Array.from({ length: map.rows }, (_, row) =>
        element('tr', {}, [
          element('th', { scope: 'row' }, [String(row)]),
          ...Array.from({ length: map.columns }, (_, column) =>
            element('td', {}, [
              shown(cells[state.quantity][row * map.columns + column], map[state.quantity].decimals),
            ]),
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
      fill(canvas, map.columns, map.rows, (index) => {
        const value = values[index];
        return value === null ? UNMEASURED : viridis(value, end);
      });
      const crosses = values.map((value, index) => {
        const row = Math.floor(index / map.columns);
        const column = index % map.columns;
        return value === null ? `M${column} ${row}l1 1M${column + 1} ${row}l-1 1` : '';
      });
      overlay.querySelector('.unmeasured').setAttribute('d', crosses.join(''));
      ticks.replaceChildren(
        ...TICKS[state.quantity].map((tick) => {
          const mark = element('span', {}, [String(tick).replace('-', '\u2212')]);
          mark.style.left = `${((tick + end) / (2 * end)) * 100}%`;
          return mark;
        }),
      );
      fillTable();
    }

    function write() {
      caption.textContent = message('map_value');
      options.forEach((option, index) => {
        option.textContent = message(`map_value_${QUANTITIES[index]}`);
      });
      scale.textContent = message(`map_scale_${state.quantity}`);
      tableSummary.textContent = message('map_table');
      const values = {
        component: message(`component_${map.component}`),
        role: map.role,
        rows: map.rows,
        columns: map.columns,
      };
      const diagonal = { z: shown(map.diagonal_z, 2), log10_p: shown(map.diagonal_log10_p, 2) };
      title.textContent = `${message('map_title', values)}. ${message('map_diagonal', diagonal)}.`;
      plot.setAttribute('aria-label', `${message('map_title', values)}. ${message('map_hint')}`);
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
      const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
      const step = Object.hasOwn(steps, event.key) ? steps[event.key] : null;
      if (step === null) return;
      event.preventDefault();
      move(state.row + step[0], state.column + step[1]);
    });
    figure.addEventListener('languageswitch', write);
    paint();
    write();
  }

  const figures = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('figure.map')]);
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        observer.unobserve(entry.target);
        drawMap(/** @type {HTMLElement} */ (entry.target));
      }
    },
    { rootMargin: '400px' },
  );
  for (const figure of figures) observer.observe(figure);
  window.addEventListener('beforeprint', () => {
    for (const figure of figures) if (figure.closest('details.pair')?.open) drawMap(figure);
  });

  // ---- language ----

  for (const button of document.querySelectorAll('[data-language]')) {
    button.addEventListener('click', () => {
      language = button.dataset.language;
      document.documentElement.lang = language;
      for (const other of document.querySelectorAll('[data-language]')) {
        other.setAttribute('aria-pressed', String(other === button));
      }
      for (const node of document.querySelectorAll('[data-m]')) node.textContent = message(node.dataset.m);
      for (const figure of figures) figure.dispatchEvent(new Event('languageswitch'));
    });
  }

  // ---- sorting ----

  /** Numbers by size, text by code point. @param {string} a @param {string} b */
  function compare(a, b) {
    if (a !== '' && b !== '' && Number.isFinite(Number(a)) && Number.isFinite(Number(b)))
      return Number(a) - Number(b);
    return a < b ? -1 : a > b ? 1 : 0;
  }

  for (const table of document.querySelectorAll('table.sortable')) {
    const heads = [...table.querySelectorAll('thead th')];
    heads.forEach((head, column) => {
      head.querySelector('button').addEventListener('click', () => {
        const direction = head.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
        for (const other of heads) other.setAttribute('aria-sort', 'none');
        head.setAttribute('aria-sort', direction === 1 ? 'ascending' : 'descending');
        const body = table.querySelector('tbody');
        const rows = [...body.rows];
        rows.sort(
          (a, b) => direction * compare(a.cells[column].dataset.s ?? '', b.cells[column].dataset.s ?? ''),
        );
        body.append(...rows);
      });
    });
  }

  // ---- pairs ----

  const pairs = /** @type {HTMLDetailsElement[]} */ ([...document.querySelectorAll('details.pair')]);
  for (const button of document.querySelectorAll('[data-open]')) {
    button.addEventListener('click', () => {
      for (const pair of pairs) pair.open = button.dataset.open === '1';
    });
  }

  /** Opens the pair that the address names, or that holds what it names. */
  function reveal() {
    const target = document.getElementById(location.hash.slice(1));
    const pair = target?.closest('details.pair');
    if (!pair) return;
    pair.open = true;
    target.scrollIntoView();
  }
  window.addEventListener('hashchange', reveal);
  reveal();
}
