import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Numbers of a tensor in f64: BF16 is the upper half of an F32. */
function decode(dtype, bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = { BF16: 2, F32: 4 }[dtype];
  if (size === undefined) throw new Error(`the reference reads BF16 and F32, not ${dtype}`);
  const values = new Float64Array(bytes.byteLength / size);
  const word = new DataView(new ArrayBuffer(4));
  for (let i = 0; i < values.length; i += 1) {
    if (dtype === 'F32') {
      values[i] = view.getFloat32(4 * i, true);
    } else {
      word.setUint32(0, view.getUint16(2 * i, true) << 16);
      values[i] = word.getFloat32(0);
    }
  }
  return values;
}

/** Every tensor of a checkpoint's safetensors files: name → { dtype, shape, bytes, values }. */
export function readSafetensors(folder) {
  const tensors = new Map();
  const files = readdirSync(folder).filter((name) => name.endsWith('.safetensors'));
  for (const file of files.sort()) {
    const content = readFileSync(join(folder, file));
    const headerLength = Number(content.readBigUInt64LE(0));
    const header = JSON.parse(content.subarray(8, 8 + headerLength).toString('utf8'));
    for (const [name, entry] of Object.entries(header)) {
      if (name === '__metadata__') continue;
      const [from, to] = entry.data_offsets;
      const bytes = content.subarray(8 + headerLength + from, 8 + headerLength + to);
      const { dtype, shape } = entry;
      tensors.set(name, { dtype, shape, bytes, values: decode(dtype, bytes) });
    }
  }
  return tensors;
}
