/** Element types of the safetensors format, spelled as on disk. */
export const DTYPE_BITS = {
  BOOL: 8,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U16: 16,
  I16: 16,
  F16: 16,
  BF16: 16,
  U32: 32,
  I32: 32,
  F32: 32,
  U64: 64,
  I64: 64,
  F64: 64,
  C64: 64,
} as const;

/** One element type; its width in bits is `DTYPE_BITS[dtype]`. */
export type Dtype = keyof typeof DTYPE_BITS;

/** Whether `text` is an element type of the format (case-sensitive). */
export function isDtype(text: string): text is Dtype {
  return Object.hasOwn(DTYPE_BITS, text);
}
