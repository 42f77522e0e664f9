import { MalformedCheckpoint, canonicalJson, type Dtype, type TensorMoments } from '@jokbo/contracts';
import { encodeSafetensors, parseHeader } from '@jokbo/safetensors';

/** One logical tensor as measured by one task. */
export interface MeasuredPart {
  readonly key: string;
  readonly stored: string;
  readonly digest: string;
  readonly parameters: number;
  readonly moments: TensorMoments;
  readonly sample: { readonly dtype: Dtype; readonly features: number; readonly units: number } | null;
}

/** What one task found: resumable, mergeable, independent of where the checkpoint lies. */
export interface Partial {
  readonly file: string;
  readonly header_digest: string | null;
  /** Stored tensors in file order, with the digest of their bytes. */
  readonly stored: readonly (readonly [string, string])[];
  readonly parts: readonly MeasuredPart[];
}

/** A partial and the bytes of its samples, by key. */
export interface PartialWithSamples extends Partial {
  readonly samples: ReadonlyMap<string, Uint8Array>;
}

/** A partial as one safetensors file: the samples as tensors, the rest as canonical JSON in the metadata. */
export function encodePartial(partial: PartialWithSamples): Uint8Array {
  const { samples, ...document } = partial;
  const tensors = partial.parts.flatMap((part) => {
    const bytes = samples.get(part.key);
    if (part.sample === null || bytes === undefined) return [];
    return [
      { name: part.key, dtype: part.sample.dtype, shape: [part.sample.features, part.sample.units], bytes },
    ];
  });
  return encodeSafetensors(tensors, { partial: canonicalJson(document) });
}

/** @throws MalformedCheckpoint when the bytes are not a partial. */
export function decodePartial(bytes: Uint8Array, object: string): PartialWithSamples {
  const header = parseHeader(bytes, bytes.length, object);
  const text = header.metadata.get('partial');
  if (text === undefined) throw new MalformedCheckpoint('partial', 'not a partial fingerprint', { object });
  const document = parsePartial(text, object);
  const samples = new Map<string, Uint8Array>();
  for (const tensor of header.tensors) samples.set(tensor.name, bytes.subarray(tensor.begin, tensor.end));
  return { ...document, samples };
}

function parsePartial(text: string, object: string): Partial {
  try {
    return JSON.parse(text) as Partial;
  } catch (cause) {
    throw new MalformedCheckpoint('partial', 'a partial fingerprint is not JSON', { object, cause });
  }
}
