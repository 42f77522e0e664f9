import { DTYPE_BITS, type TensorView } from '@jokbo/contracts';

/** Residual dimensions that a statistic reads. */
export interface ChosenUnits {
  readonly units: number;
  /** Kept residual dimensions; null = all. */
  readonly indices: readonly number[] | null;
  /** Width of the stream. */
  readonly width: number;
}

/** The chosen residual dimensions of a factor's view. */
export function selectUnits(view: TensorView, chosen: ChosenUnits): TensorView {
  const { indices, units, width } = chosen;
  if (indices === null) return view;
  const [features = 0] = view.shape;
  const size = DTYPE_BITS[view.dtype] / 8;
  const bytes = new Uint8Array(features * units * size);
  const kept = Uint32Array.from(indices);
  if (size === 2 && view.bytes.byteOffset % 2 === 0) {
    const from = new Uint16Array(view.bytes.buffer, view.bytes.byteOffset, view.bytes.length / 2);
    select(from, new Uint16Array(bytes.buffer), kept, features, width);
  } else {
    const inBytes = Uint32Array.from({ length: kept.length * size }, (_, at) => {
      return (kept[Math.floor(at / size)] ?? 0) * size + (at % size);
    });
    select(view.bytes, bytes, inBytes, features, width * size);
  }
  return { bytes, dtype: view.dtype, shape: [features, units] };
}

function select(
  from: Uint8Array | Uint16Array,
  to: Uint8Array | Uint16Array,
  kept: Uint32Array,
  rows: number,
  rowLength: number,
): void {
  for (let row = 0; row < rows; row += 1) {
    const [start, target] = [row * rowLength, row * kept.length];
    for (let at = 0; at < kept.length; at += 1) to[target + at] = from[start + (kept[at] ?? 0)] ?? 0;
  }
}
