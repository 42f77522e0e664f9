import { type Dtype, UnsupportedDtype } from '@jokbo/contracts';

/** Numbers of the element types inside the WebAssembly module (assembly/kinds.ts). */
const KINDS: Partial<Record<Dtype, number>> = {
  BOOL: 0,
  U8: 1,
  I8: 2,
  F8_E5M2: 3,
  F8_E4M3: 4,
  F8_E8M0: 5,
  F8_E4M3FNUZ: 6,
  F8_E5M2FNUZ: 7,
  BF16: 8,
  F16: 9,
  U16: 10,
  I16: 11,
  F32: 12,
  I32: 13,
  U32: 14,
  I64: 15,
  U64: 16,
  F64: 17,
};

export const KIND_F64 = 17;

/**
 * Number of an element type inside the module.
 * @throws UnsupportedDtype where an element has no single real value: C64, or packed types narrower than a byte.
 */
export function kindOf(dtype: Dtype): number {
  const kind = KINDS[dtype];
  if (kind === undefined) {
    throw new UnsupportedDtype('element type without a real value per element', { value: dtype });
  }
  return kind;
}
