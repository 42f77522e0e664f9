import type { EvidenceRecord, Scope, TensorSummary } from '@jokbo/contracts';
import type { Comparison } from './comparison.js';
import { isComputedTable } from './computed-table.js';
import { evidenceRecord } from './evidence-record.js';
import { componentTensors, counterpartOf } from './paired-tensors.js';

/** Information below which equal bytes prove nothing: constants, fresh norms, masks, positions. */
const TRIVIAL_BITS = 1024;

/** Elements × Rényi-2 entropy: bits of information that equal bytes would have to match by chance; none in what code computes. */
export function informationBits(tensor: TensorSummary): number {
  return isComputedTable(tensor) ? 0 : tensor.parameters * tensor.moments.entropy_bits;
}

/**
 * Byte identity (tier 0): tensors of equal role whose canonical digests agree, wherever they lie: a layer of multi-token
 * prediction that became an ordinary one, or the reverse, is the same layer. Tensors that are
 * trivial on both sides never count; one that only one side has trained counts as not identical. If every tensor
 * of the component is trivial by entropy, entropy adds up, and what is identical must reach the bound together. 64
 * trained bytes agree by chance with p ~ 0, so a hit needs no null.
 */
export function byteIdentityEvidence(comparison: Comparison): EvidenceRecord {
  const { component, subject, reference } = comparison;
  const own = componentTensors(subject, component);
  const digests = new Map<string, string>();
  for (const tensor of [...componentTensors(reference, component), ...otherDecoderLayers(reference, own)]) {
    const name = identityName(tensor);
    if (!digests.has(name)) digests.set(name, tensor.key);
  }
  const eitherBits = (tensor: TensorSummary): number => {
    const partner = counterpartOf(tensor, reference);
    return Math.max(informationBits(tensor), partner === undefined ? 0 : informationBits(partner));
  };
  const least = fewestBits(own, sum(own, eitherBits));
  const counted = own.filter((tensor) => eitherBits(tensor) >= least);
  const identity = {
    ...comparison,
    method: 'byte_identity',
    tier: 0,
    primary: false,
    nullHypothesis: 'none needed: equal bytes of trained tensors',
  } as const;
  if (counted.length === 0) {
    return evidenceRecord(identity, { status: 'not_applicable', reason: 'only-trivial-tensors' });
  }
  const equal = counted.filter(
    (tensor) => informationBits(tensor) >= least && digests.has(identityName(tensor)),
  );
  const identical = sum(equal, informationBits) >= TRIVIAL_BITS ? equal : [];
  const parameters = sum(counted, (tensor) => tensor.parameters);
  const identicalParameters = sum(identical, (tensor) => tensor.parameters);
  return evidenceRecord(identity, {
    r: null,
    tensors: counted.length,
    parameters,
    blocks: identical.map((tensor) => ({
      key: tensor.key,
      reference_key: digests.get(identityName(tensor)) ?? tensor.key,
      z: null,
      r: 1,
      parameters: tensor.parameters,
      identical: true,
    })),
    details: {
      tensors_identical: identical.length,
      parameters_identical: identicalParameters,
      bytes_identical: sum(identical, (tensor) => tensor.bytes),
      share_identical: parameters === 0 ? null : identicalParameters / parameters,
      trivial_tensors: own.length - counted.length,
    },
  });
}

/** Bits from which a tensor counts: any at all where no tensor reaches the bound by itself, but all do together. */
function fewestBits(own: readonly TensorSummary[], together: number): number {
  if (own.some((tensor) => informationBits(tensor) >= TRIVIAL_BITS)) return TRIVIAL_BITS;
  return together >= TRIVIAL_BITS ? Number.MIN_VALUE : Infinity;
}

/** Scopes whose layers are decoder layers of one make. */
const DECODER: readonly Scope[] = ['text', 'mtp'];

/** Layers of the reference's other decoder scope, which are of another component, where the component has any of them. */
function otherDecoderLayers(
  reference: Comparison['reference'],
  own: readonly TensorSummary[],
): TensorSummary[] {
  const scopes = new Set(own.map(({ scope }) => scope).filter((scope) => DECODER.includes(scope)));
  const missing = DECODER.filter((scope) => scopes.size > 0 && !scopes.has(scope));
  return [...reference.tensors.values()].filter(
    ({ scope, layer }) => layer !== null && missing.includes(scope),
  );
}

function identityName(tensor: TensorSummary): string {
  const scope = DECODER.includes(tensor.scope) ? 'decoder' : tensor.scope;
  return `${scope}|${tensor.role}|${tensor.part}|${tensor.shape.join('x')}|${tensor.digest}`;
}

function sum(tensors: readonly TensorSummary[], value: (tensor: TensorSummary) => number): number {
  return tensors.reduce((total, tensor) => total + value(tensor), 0);
}
