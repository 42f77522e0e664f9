import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Byte for every character of byte-level BPE: printable bytes stand for themselves, the others follow from U+0100. */
function byteOfCharacter() {
  const printable = (byte) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || (byte >= 174 && byte <= 255);
  const bytes = new Map();
  let next = 256;
  for (let byte = 0; byte < 256; byte += 1) {
    bytes.set(String.fromCodePoint(printable(byte) ? byte : next), byte);
    if (!printable(byte)) next += 1;
  }
  return bytes;
}

/**
 * Text bytes (hex) of each token id of a BPE `tokenizer.json`, byte-level or metaspace. Added, unknown and reserved
 * tokens have none; of two ids with equal bytes the lower one has them, a `<0xNN>` piece only if no other piece does.
 */
export function readTokens(folder) {
  const tokenizer = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8'));
  const isByteLevel = tokenizer.decoder?.type === 'ByteLevel';
  const added = new Set(tokenizer.added_tokens.map((token) => token.content));
  const alphabet = byteOfCharacter();
  const pieces = [];
  for (const [token, id] of Object.entries(tokenizer.model.vocab)) {
    if (added.has(token) || token === tokenizer.model.unk_token) continue;
    if (token.startsWith('<|reserved')) continue;
    const single = /^<0x([0-9A-F]{2})>$/.exec(token);
    if (isByteLevel) {
      const bytes = [...token].map((character) => alphabet.get(character));
      pieces.push({ id, hex: Buffer.from(bytes).toString('hex'), last: false });
    } else if (single !== null) {
      pieces.push({ id, hex: single[1].toLowerCase(), last: true });
    } else {
      pieces.push({ id, hex: Buffer.from(token.replaceAll('▁', ' ')).toString('hex'), last: false });
    }
  }
  pieces.sort((a, b) => Number(a.last) - Number(b.last) || a.id - b.id);
  const taken = new Set();
  const hexOfId = new Map();
  for (const { id, hex } of pieces) {
    if (taken.has(hex)) continue;
    taken.add(hex);
    hexOfId.set(id, hex);
  }
  return hexOfId;
}
