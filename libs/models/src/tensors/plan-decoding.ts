import type { Dtype, ExclusionReason, StoredTensor } from '@jokbo/contracts';
import { elementCount, isFloatDtype } from '@jokbo/safetensors';
import type { ModelConfig } from '../config/parse-config.js';
import { scaleBlock } from './scale-block.js';

/** How the values of a stored weight are had. */
export type Decoding =
  | { readonly kind: 'plain' }
  | { readonly kind: 'scaled'; readonly scales: string; readonly block: readonly [number, number] }
  | { readonly kind: 'excluded'; readonly reason: ExclusionReason; readonly parameters: number };

/** A weight with the companions that its name says belong to it, by part. */
export interface WeightGroup {
  /** The tensor that holds the values: the weight, or its packed form. */
  readonly main: StoredTensor;
  /** Part of the main tensor: `weight`, `bias`, `weight_packed`, `qweight`, `mxblocks`. */
  readonly part: string;
  readonly companions: ReadonlyMap<string, StoredTensor>;
}

/** Parts that hold the values of a weight in packed form. */
export const PACKED_PARTS: readonly string[] = ['weight_packed', 'qweight', 'mxblocks'];

/** Scales that multiply the stored values. */
const SCALE_PARTS = ['weight_scale_inv', 'weight_scale', 'scale', 'bnb_SCB'];

/** Stored types of scales; U8 holds exponents, 2^(b − 127), as F8_E8M0 does. */
const SCALE_DTYPES: readonly Dtype[] = ['F32', 'F16', 'BF16', 'F64', 'F8_E8M0', 'U8'];

/** Companions that do not change the weight's values: scales of activations and caches, a format tag. */
const ACTIVATION_PART = /^(?:(?:input|output|k|v|q)_(?:scale|zero_point|global_scale)|bnb_format)$/;

/** Floating-point types that need a scale to mean anything. */
const SUB_BYTE: readonly Dtype[] = ['F4', 'F6_E2M3', 'F6_E3M2'];

/** Stored types whose plain values a block scale multiplies. */
const SCALED_DTYPES: readonly Dtype[] = ['F8_E4M3', 'F8_E5M2', 'F8_E4M3FNUZ', 'F8_E5M2FNUZ', 'I8'];

/**
 * Decides how a weight is decoded. Expressible: plain floating-point values; FP8 or symmetric INT8 times one scale,
 * one per row, or a grid of blocks (block FP8, where `weight_scale_inv` multiplies; compressed-tensors
 * `float-quantized` and `int-quantized`). Everything else is left out with its parameters counted.
 */
export function planDecoding(
  { main, part, companions }: WeightGroup,
  quantisation: ModelConfig['quantisation'],
  square: number | null,
): Decoding {
  const serving = new Map([...companions].filter(([name]) => !ACTIVATION_PART.test(name)));
  const excluded = (reason: ExclusionReason): Decoding => ({
    kind: 'excluded',
    reason,
    parameters: parameterCount(main, part, serving, quantisation.bits),
  });
  if (serving.size === 0 && !PACKED_PARTS.includes(part)) {
    return isFloatDtype(main.dtype) && !SUB_BYTE.includes(main.dtype)
      ? { kind: 'plain' }
      : excluded('unsupported-dtype');
  }
  const scales = soleScale({ main, part, companions });
  if (scales === null) return excluded('unsupported-quantisation');
  const block = scaleBlock({ weight: main.shape, scales: scales.shape }, quantisation, square);
  return block === null
    ? excluded('unsupported-quantisation')
    : { kind: 'scaled', scales: scales.name, block };
}

/** The one scale tensor of a weight that needs nothing else; null otherwise. */
export function soleScale({ main, part, companions }: WeightGroup): StoredTensor | null {
  const serving = [...companions].filter(([name]) => !ACTIVATION_PART.test(name));
  const [only] = serving;
  if (part !== 'weight' || only === undefined || serving.length > 1) return null;
  const [name, scales] = only;
  const decodable =
    SCALED_DTYPES.includes(main.dtype) && main.shape.length === 2 && SCALE_DTYPES.includes(scales.dtype);
  return decodable && SCALE_PARTS.includes(name) ? scales : null;
}

/** Values that a stored tensor stands for; packed forms hold several per element. */
function parameterCount(
  main: StoredTensor,
  part: string,
  companions: ReadonlyMap<string, StoredTensor>,
  bits: number | null,
): number {
  const elements = elementCount(main.shape);
  const packed =
    PACKED_PARTS.includes(part) ||
    companions.has('bnb_absmax') ||
    (main.dtype === 'U8' && companions.has('weight_scale_2'));
  if (!packed) return elements;
  const width = main.dtype === 'I32' || main.dtype === 'U32' ? 32 : 8;
  return Math.floor((elements * width) / Math.min(bits ?? 4, width));
}
