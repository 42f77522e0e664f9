import { createHash } from 'node:crypto';
import { DTYPE_BITS } from '@jokbo/contracts';
import type { FactorData, ModelData } from '@jokbo/fingerprint';
import { decodeF64 } from '@jokbo/safetensors';
import { featureNames } from './disguise/factor-rows.js';

/** Bytes of a SHA-256 digest in hex, as kept per row. */
const DIGEST_BYTES = 64;

/** The kept rows of a factor as values in memory. */
export interface TensorRows {
  /** Index of each row in the tensor, or token bytes in hex. */
  readonly names: readonly string[];
  readonly bytes: Uint8Array;
  readonly rowBytes: number;
  readonly valueBytes: number;
  /** SHA-256 of each row's values. */
  readonly digests: readonly string[];
}

/**
 * Rows of a factor with their digests, which are made once per model.
 *
 * @param asStored compare bytes as they are stored: only where both sides have one format; else as decoded values.
 */
export async function tensorRows(
  model: ModelData,
  key: string,
  factor: FactorData,
  { byToken, asStored }: { readonly byToken: boolean; readonly asStored: boolean },
): Promise<TensorRows> {
  const { view, dtype, units, features } = factor;
  const decoded = asStored && DTYPE_BITS[dtype] % 8 === 0 ? null : decodeF64(view);
  const bytes =
    decoded === null ? view.bytes : new Uint8Array(decoded.buffer, decoded.byteOffset, decoded.byteLength);
  const valueBytes = decoded === null ? DTYPE_BITS[dtype] / 8 : Float64Array.BYTES_PER_ELEMENT;
  const rowBytes = units * valueBytes;
  const digestsOf = (): Promise<string[]> =>
    Promise.resolve(
      Array.from({ length: features }, (_, row) =>
        createHash('sha256')
          .update(bytes.subarray(row * rowBytes, (row + 1) * rowBytes))
          .digest('hex'),
      ),
    );
  const digests = await model.memo.get(
    `row-digests|${decoded === null ? dtype : 'F64'}|${key}`,
    DIGEST_BYTES * features,
    digestsOf,
  );
  const names = byToken && factor.tokens !== null ? factor.tokens : featureNames(factor).map(String);
  return { names, bytes, rowBytes, valueBytes, digests };
}

/** The values of one row. */
export function rowValues({ bytes, rowBytes }: TensorRows, row: number): Uint8Array {
  return bytes.subarray(row * rowBytes, (row + 1) * rowBytes);
}
