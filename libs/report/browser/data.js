// Script of the report, first part: the embedded data, words, and parts that are unpacked when they are shown. The parts
// are joined in one block; text is written through textContent alone.

/**
 * @typedef {[steps: number, offset: number, bits: number, codes: string]} PackedColumn
 * @typedef {{ rows: number, columns: number, row_layers?: number[], column_layers?: number[],
 *   cosine: PackedColumn, r: PackedColumn, z: PackedColumn }} PackedMap
 * @typedef {'cosine' | 'r' | 'z'} Quantity
 * @typedef {(number | null)[]} Cells
 */

const data = JSON.parse(document.getElementById('data').textContent);
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

/** A word of the result in the language of the page. @param {string} english */
const resultWord = (english) => (language === 'ko' ? data.words[english] : english);

/** An element whose text follows the language. @param {string} tag @param {string} key */
const words = (tag, key) => element(tag, { 'data-m': key }, [message(key)]);

/** Digits of base 85: all that needs no escape. */
const DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?'()[]{}@%$#,;";
const VALUES = new Uint8Array(128);
[...DIGITS].forEach((digit, value) => (VALUES[digit.charCodeAt(0)] = value));

/** Bytes of a text of base 85: five digits are four bytes, the last n + 1 digits are n. @param {string} text */
function bytesOf(text) {
  const whole = Math.ceil(text.length / 5);
  const bytes = new Uint8Array(whole * 4);
  for (let group = 0; group < whole; group += 1) {
    let value = 0;
    for (let digit = 0; digit < 5; digit += 1) {
      const at = group * 5 + digit;
      value = value * 85 + (at < text.length ? VALUES[text.charCodeAt(at)] : 84);
    }
    for (let index = 3; index >= 0; index -= 1) {
      bytes[group * 4 + index] = value % 256;
      value = Math.floor(value / 256);
    }
  }
  return bytes.subarray(0, Math.floor((text.length * 4) / 5));
}

/** @param {BlobPart[]} parts @returns {Promise<Uint8Array>} */
async function inflate(parts) {
  const stream = new Blob(parts).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** A text that was packed against a dictionary: that goes in front as a stored block, and is cut off again. */
async function unpackText(packed, dictionary) {
  const size = dictionary.length;
  const stored = new Uint8Array([0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255]);
  const bytes = await inflate([stored, dictionary, bytesOf(packed)]);
  return new TextDecoder().decode(bytes.subarray(size));
}

/** One quantity: code 0 is null, code k is (offset + k - 1) / steps.
 * @param {PackedColumn} column @param {number} count @returns {Promise<Cells>} */
async function unpackColumn([steps, offset, bits, codes], count) {
  const bytes = await inflate([bytesOf(codes)]);
  const perByte = 8 / bits;
  const codeAt = (cell) => {
    if (bits < 8) return (bytes[Math.floor(cell / perByte)] >> ((cell % perByte) * bits)) & (2 ** bits - 1);
    let code = 0;
    for (let plane = bits / 8 - 1; plane >= 0; plane -= 1) code = code * 256 + bytes[plane * count + cell];
    return code;
  };
  return Array.from({ length: count }, (_, cell) => {
    const code = codeAt(cell);
    return code === 0 ? null : (offset + code - 1) / steps;
  });
}

/** The three quantities of a map. @param {PackedMap} map @returns {Promise<Record<Quantity, Cells>>} */
async function unpackMap({ rows, columns, cosine, r, z }) {
  const [first, second, third] = await Promise.all(
    [cosine, r, z].map((column) => unpackColumn(column, rows * columns)),
  );
  return { cosine: first, r: second, z: third };
}

/** Offers a text as a file. @param {string} name @param {string} text */
function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  element('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A name of letters, digits and signs that no file system minds. @param {string} text */
const fileName = (text) => `${text.replace(/[^\p{L}\p{N}.]+/gu, '-').slice(0, 80)}.csv`;

// ---- state in the address: #anchor?key=value, which works from disk ----

const address = () => location.hash.slice(1).split('?');
let state = new URLSearchParams(address()[1]);

function writeState() {
  const query = state.toString();
  history.replaceState(null, '', `#${address()[0]}${query === '' ? '' : `?${query}`}`);
}

/** @param {string} key @param {string} value An empty one is left out. */
function remember(key, value) {
  if (value === '') state.delete(key);
  else state.set(key, value);
  writeState();
}
