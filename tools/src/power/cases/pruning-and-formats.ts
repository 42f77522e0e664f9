import type { VerdictClass } from '@jokbo/contracts';
import { doubleExperts, joinExperts, upcycleDense } from '../transformations/upcycle.js';
import { dropPrediction } from '../transformations/drop-prediction.js';
import { pruneExperts, pruneHeads, pruneHidden, pruneResidual } from '../transformations/prune-width.js';
import { pruneMagnitude, truncateRank } from '../transformations/prune-weights.js';
import { quantise, type QuantisationFormat } from '../transformations/quantise.js';
import { fuseTensors, renameTensors, storeAs } from '../transformations/rename-tensors.js';
import { DENSE, derivedCase, MIXTURE, type PowerCase } from './power-case.js';

const FORMATS: readonly QuantisationFormat[] = [
  'int8 per row',
  'Q8_0',
  'Q4_0',
  'NF4',
  'FP8 E4M3',
  'FP8 E5M2',
  'MXFP4',
];
const SAME: readonly VerdictClass[] = ['identical'];
const RECTANGULAR = 'rectangular matching of the kept dimensions or units';

/** Width pruned, weights thinned out. */
export const PRUNING: readonly PowerCase[] = [
  derivedCase('hidden pruning', '64 of 96 units', (model) => pruneHidden(model, 64), { needs: RECTANGULAR }),
  derivedCase('head pruning', '6 of 8 heads', (model) => pruneHeads(model, 3), { needs: 'residual Gram' }),
  derivedCase('expert pruning', '4 of 8 experts', (model) => pruneExperts(dropPrediction(model), 2), {
    base: MIXTURE,
    needs: 'residual Gram, or rectangular assignment of experts',
  }),
  derivedCase('residual pruning', '96 of 128 dimensions', (model) => pruneResidual(model, 96), {
    needs: RECTANGULAR,
  }),
  derivedCase('magnitude pruning', 'half of the elements', (model) => pruneMagnitude(model, 0.5)),
  derivedCase('magnitude pruning', '90 % of the elements', (model) => pruneMagnitude(model, 0.9)),
  derivedCase('rank truncation', 'rank 16', (model, random) => truncateRank(model, 16, random)),
];

/** Dense to mixture of experts and back. */
export const UPCYCLING: readonly PowerCase[] = [
  ...[1, 0.9, 0.5].map((r) =>
    derivedCase(
      'up-cycling to experts',
      `8 experts, r = ${r}`,
      (model, random) => upcycleDense(model, 8, r, random),
      { needs: 'experts held against the dense block (residual Gram, trace over hidden units)' },
    ),
  ),
  derivedCase(
    'up-cycling of experts',
    '8 to 16, r = 0.9',
    (model, random) => doubleExperts(dropPrediction(model), 0.9, random),
    { base: MIXTURE, needs: 'assignment of more experts than the base has' },
  ),
  derivedCase(
    'experts joined to a dense block',
    '8 of width 16',
    (model) => joinExperts(dropPrediction(model)),
    {
      base: MIXTURE,
      needs: 'the dense block held against the summed experts',
    },
  ),
];

/** Quantised and decoded, stored otherwise. */
export const FORMAT_CHANGES: readonly PowerCase[] = [
  ...FORMATS.map((format) => derivedCase('quantise–dequantise', format, (model) => quantise(model, format))),
  ...(['NF4', 'FP8 E4M3'] as const).map((format) =>
    derivedCase('quantise–dequantise', format, (model) => quantise(model, format), { base: MIXTURE }),
  ),
  derivedCase('stored as F32', 'same values', (model) => storeAs(model, 'F32'), { expected: SAME }),
  derivedCase('stored as F16', 'rounded below 2⁻²⁴', (model) => storeAs(model, 'F16'), {
    expected: ['identical', 'derived'],
  }),
  derivedCase('re-sharded', 'five files', (model) => model, { base: MIXTURE, expected: SAME, shards: 5 }),
  ...[DENSE, MIXTURE].map((base) =>
    derivedCase('renamed', 'another naming tradition', (model) => renameTensors(dropPrediction(model)), {
      base,
      expected: SAME,
    }),
  ),
  derivedCase('fused', 'qkv and gate-up', fuseTensors, { expected: SAME }),
];
