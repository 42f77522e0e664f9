import {
  MalformedCheckpoint,
  type BlockScales,
  type LogicalTensor,
  type StoredTensor,
} from '@jokbo/contracts';
import { decodeF32 } from '@jokbo/safetensors/decode';

/** bitsandbytes stores the largest magnitude of a row, which its INT8 values reach at 127. */
const INT8_MAXIMUM = 127;

/**
 * The scales of a quantised tensor as multipliers of its stored values, in f32: `weight_scale_inv` multiplies as it
 * stands, U8 holds exponents (2^(b − 127)), bitsandbytes' SCB is divided by 127. They belong to the whole stored
 * matrix: decode it first, cut after.
 *
 * @param weight the stored tensor that `tensor` names.
 * @param scales the stored tensor that `tensor.scales` names, and its bytes.
 * @throws MalformedCheckpoint `scales` when the number of scales does not fit the blocks.
 */
export function blockScales(
  tensor: Pick<LogicalTensor, 'block'>,
  weight: StoredTensor,
  scales: StoredTensor,
  bytes: Uint8Array,
): BlockScales {
  const [rows = 0, columns = 0] = weight.shape;
  const [blockRows, blockColumns] = tensor.block ?? [rows, columns];
  const dtype = scales.dtype === 'U8' ? 'F8_E8M0' : scales.dtype;
  const values = decodeF32({ bytes, dtype, shape: scales.shape });
  const grid = { rows: Math.ceil(rows / blockRows), columns: Math.ceil(columns / blockColumns) };
  if (values.length !== grid.rows * grid.columns) {
    throw new MalformedCheckpoint(
      'scales',
      `${values.length} scales for ${grid.rows} × ${grid.columns} blocks`,
      {
        tensor: scales.name,
      },
    );
  }
  if (scales.name.endsWith('SCB'))
    for (const [at, value] of values.entries()) values[at] = value / INT8_MAXIMUM;
  return { values, ...grid, blockRows, blockColumns };
}
