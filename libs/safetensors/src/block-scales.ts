import { MalformedCheckpoint, UnsupportedDtype, type Dtype, type TensorView } from '@jokbo/contracts';

/** Element types that block scales may multiply: all of their values are exact in f32. */
const SCALABLE: ReadonlySet<Dtype> = new Set<Dtype>([
  'F8_E4M3',
  'F8_E5M2',
  'F8_E4M3FNUZ',
  'F8_E5M2FNUZ',
  'I8',
  'U8',
  'I16',
  'U16',
  'F16',
  'BF16',
  'F32',
]);

/**
 * Multiplies decoded elements in place by the scale of their block, in f32 arithmetic:
 * value[r][c] = f32(stored[r][c] · scale[⌊r/blockRows⌋][⌊c/blockColumns⌋]), as the reference implementation of
 * block-wise FP8 does (DeepSeek-AI, DeepSeek-V3 inference code, `weight_dequant`; it multiplies by
 * `weight_scale_inv`). The product of two f32 is exact in f64, so one rounding follows, as in f32 hardware.
 * Without scales nothing changes.
 *
 * @throws UnsupportedDtype for element types wider than f32.
 * @throws MalformedCheckpoint `scales` when the view is no matrix or the grid does not cover it exactly.
 */
export function applyBlockScales(view: TensorView, values: Float32Array | Float64Array): void {
  const { scales, shape, dtype } = view;
  if (scales === undefined) return;
  if (!SCALABLE.has(dtype)) throw new UnsupportedDtype('block scales on this dtype', { value: dtype });
  const [rows, columns] = shape;
  const { blockRows, blockColumns } = scales;
  const fits =
    rows !== undefined &&
    columns !== undefined &&
    shape.length === 2 &&
    blockRows >= 1 &&
    blockColumns >= 1 &&
    scales.rows === Math.ceil(rows / blockRows) &&
    scales.columns === Math.ceil(columns / blockColumns) &&
    scales.values.length === scales.rows * scales.columns;
  if (!fits) {
    const grid = `${scales.rows} × ${scales.columns} scales of ${blockRows} × ${blockColumns} elements`;
    throw new MalformedCheckpoint('scales', `${grid} do not cover [${shape.join(', ')}]`);
  }
  for (let row = 0; row < rows; row += 1) {
    const gridRow = Math.floor(row / blockRows) * scales.columns;
    for (let block = 0; block < scales.columns; block += 1) {
      const scale = scales.values[gridRow + block] ?? NaN;
      const end = row * columns + Math.min((block + 1) * blockColumns, columns);
      for (let at = row * columns + block * blockColumns; at < end; at += 1) {
        values[at] = Math.fround((values[at] ?? NaN) * scale);
      }
    }
  }
}
