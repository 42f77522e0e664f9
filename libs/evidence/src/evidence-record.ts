import { createHash } from 'node:crypto';
import type { Component, EvidenceRecord, Method } from '@jokbo/contracts';
import type { ModelData } from '@jokbo/fingerprint';
import { rowDetails } from './dense-and-experts.js';

/** Which measurement a record is of. */
export interface RecordIdentity {
  readonly method: Method;
  readonly tier: EvidenceRecord['tier'];
  readonly component: Component;
  /** Component of the reference, where it is another one. */
  readonly against?: Component | undefined;
  readonly primary: boolean;
  readonly subject: ModelData;
  readonly reference: ModelData;
  /** What is permuted under the null, in words. */
  readonly nullHypothesis: string;
  /** Only the identity map was tried. */
  readonly identityOnly?: boolean | undefined;
  /** Blocks of layers that were matched are left out. */
  readonly primariesOnly?: boolean | undefined;
}

/** Figures of a measurement; whatever is left out was not measured. */
export type RecordFigures = Partial<
  Omit<EvidenceRecord, 'id' | 'method' | 'tier' | 'component' | 'primary' | 'mode' | 'null_hypothesis'>
>;

/**
 * Builds an evidence record. Its id follows from the two fingerprints, the component, the method, the mode and what
 * was left out, so a re-run names the same record the same, and records that can differ have different names.
 */
export function evidenceRecord(identity: RecordIdentity, figures: RecordFigures): EvidenceRecord {
  const { method, tier, component, primary, subject, reference, nullHypothesis } = identity;
  const mode = subject.mode === 'full' && reference.mode === 'full' ? 'full' : 'sampled';
  const variant = [
    ...(identity.identityOnly === true ? ['identity-map'] : []),
    ...(identity.primariesOnly === true ? ['primaries'] : []),
  ];
  const text = ['evidence-1', subject.id, reference.id, component, method, mode, ...variant].join('|');
  const hash = createHash('sha256').update(text).digest('hex');
  return {
    id: `ev-${hash.slice(0, 20)}`,
    method,
    tier,
    component,
    primary,
    status: 'measured',
    reason: null,
    mode,
    null_hypothesis: nullHypothesis,
    z: null,
    log10_p: null,
    r: null,
    r_interval: null,
    r_min: null,
    n_eff: null,
    units: null,
    ceiling: null,
    tensors: 0,
    features: 0,
    parameters: 0,
    layer_map: 'identity',
    maps_tried: 1,
    blocks: [],
    skipped: [],
    scrambles: [],
    ...figures,
    details: { ...figures.details, ...rowDetails(identity) },
  };
}

/** Seed of the permutations of one measurement: fixed by what is compared, so that a re-run draws the same. */
export function permutationSeed(purpose: string, identity: RecordIdentity): string {
  const { subject, reference, component, method } = identity;
  return createHash('sha256')
    .update(['permutation-1', purpose, subject.id, reference.id, component, method].join('|'))
    .digest('hex');
}
