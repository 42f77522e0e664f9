// Numbers of the element types, in the order of src/kinds.ts. Kinds below FIRST_F64 are exact in f32.

/** Kinds 0 to 7 are one byte wide and read through a table of 256 f32 values each, at address kind × 1024. */
export const KIND_BF16: u32 = 8;
export const KIND_F16: u32 = 9;
export const KIND_U16: u32 = 10;
export const KIND_I16: u32 = 11;
export const KIND_F32: u32 = 12;
export const KIND_I32: u32 = 13;
export const KIND_U32: u32 = 14;
export const KIND_I64: u32 = 15;
export const KIND_U64: u32 = 16;
export const KIND_F64: u32 = 17;

export const FIRST_F64: u32 = KIND_I32;

/** log2 of the width in bytes. */
export function widthShift(kind: u32): u32 {
  if (kind < KIND_BF16) return 0;
  if (kind < KIND_F32) return 1;
  return kind < KIND_I64 ? 2 : 3;
}
