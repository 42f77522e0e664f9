import { canonicalJson, type FingerprintDocument, type TensorSummary } from '@jokbo/contracts';
import { createHash } from 'node:crypto';

/** A fingerprint under its digest, as a store of parts gives it. */
export interface ExampleFingerprint {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

const sha256 = (of: string | Uint8Array): string => createHash('sha256').update(of).digest('hex');

function tensor(
  at: Pick<TensorSummary, 'component' | 'layer' | 'role' | 'expert'>,
  shape: readonly number[],
  values: string,
): TensorSummary {
  const parameters = shape.reduce((product, size) => product * size, 1);
  return {
    ...{ scope: 'text', part: 'weight', dtype: 'BF16', residual_axis: null, sample: null, ...at },
    key: `text|${String(at.layer ?? '-')}|${at.role}|${String(at.expert ?? '-')}|weight`,
    // A name that a hostile header could hold.
    stored: `model.${at.role}\0'"; drop table tensor; --`,
    shape,
    digest: sha256(values),
    parameters,
    bytes: parameters * 2,
    moments: {
      ...{ n: parameters, sum: 0, sum_squares: 0, min: null, max: null },
      ...{ zeros: 0, not_finite: 0, entropy_bits: 0 },
    },
  };
}

/** The fingerprint of a made-up model, whose first norm is the same in every model. */
export function exampleFingerprint(model: string): ExampleFingerprint {
  const document: FingerprintDocument = {
    schema_version: 1,
    sampling: 's1',
    features: 128,
    architecture: {
      ...{ modelType: 'llama', architecture: 'listed', hiddenSize: 128, layers: 1, heads: 2, kvHeads: 2 },
      ...{ headDim: 64, experts: 2, vocabulary: 256, tied: false, visionWidth: null, visionHeads: null },
      mla: null,
    },
    files: [],
    tensors: [
      tensor({ component: 'norms', layer: 0, role: 'norm.pre_attn', expert: null }, [128], 'ones'),
      tensor({ component: 'experts', layer: 0, role: 'moe.expert.up', expert: 1 }, [64, 128], model),
      tensor({ component: null, layer: null, role: 'rotary', expert: null }, [64], `${model} context`),
    ],
    excluded: [{ stored: '\ud800', reason: 'buffer', parameters: 3 }],
    findings: [],
    vocabulary: null,
    tokens: null,
    samples_digest: sha256(''),
  };
  const bytes = Buffer.from(canonicalJson(document));
  return { bytes, digest: sha256(bytes) };
}

/** Reads the fingerprints of these models. */
export function readExamples(...models: readonly string[]): (digest: string) => Promise<Uint8Array | null> {
  const kept = new Map(
    models.map((model) => [exampleFingerprint(model).digest, exampleFingerprint(model).bytes]),
  );
  return (digest) => Promise.resolve(kept.get(digest) ?? null);
}
