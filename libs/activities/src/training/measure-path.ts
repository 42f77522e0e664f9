import type { TrainingTest } from '@jokbo/contracts';
import {
  jointScore,
  measureNeighbours,
  notProvided,
  rateSum,
  shareOfStart,
  step0FromSeed,
  step0Initialisation,
  type LearningRate,
  type NeighbourMeasurement,
  type StartMeasurement,
} from '@jokbo/evidence';
import { openFingerprint } from '@jokbo/fingerprint';
import type { TrainingRecord } from '@jokbo/models';
import { numericClass, sha256 } from '../evidence-store.js';
import type { OpenedCheckpoint } from './open-training-checkpoint.js';
import { remember } from './remember.js';
import type { TrajectoryDeps } from './trajectory-deps.js';

/** What the path is measured against. */
export interface PathInputs {
  /** As logged, else as declared; null where neither is known. */
  readonly rate: LearningRate | null;
  readonly record: TrainingRecord | null;
  /** SHA-256 of training.json. */
  readonly digest: string;
  readonly deps: TrajectoryDeps;
}

/** Both tests of step 0 itself. */
export async function testStep0(
  { fingerprint, readable }: OpenedCheckpoint,
  { record, digest, deps }: PathInputs,
): Promise<readonly TrainingTest[]> {
  const names = ['step0_initialisation', 'step0_from_seed'] as const;
  if (readable === null) return names.map((name) => notProvided(name, 'weights-not-at-hand'));
  const { parts, backend, signal } = deps;
  return remember(parts, ['step0', fingerprint.id, digest, ...numericClass(backend)], async () => [
    await step0Initialisation({
      ...readable,
      data: openFingerprint(fingerprint),
      init: record?.init ?? null,
      backend,
      signal,
    }),
    await step0FromSeed({ ...readable, seed: record?.seed ?? null, init: record?.init ?? null, signal }),
  ]);
}

/** A checkpoint against step 0. */
export async function measureStart(
  start: OpenedCheckpoint,
  later: OpenedCheckpoint,
  { rate, record, deps }: PathInputs,
): Promise<StartMeasurement> {
  const { parts, backend, signal } = deps;
  const measured = await remember(
    parts,
    ['start', start.fingerprint.id, later.fingerprint.id, ...numericClass(backend)],
    async () => {
      const [a, b] = [openFingerprint(start.fingerprint), openFingerprint(later.fingerprint)];
      return {
        joint: await jointScore(a, b, backend, { signal }),
        ...(await shareOfStart(a, b, backend, signal)),
      };
    },
  );
  const decay = decoupledDecay(record);
  const { step } = later.planned;
  return {
    step,
    ...measured,
    expectedShare: decay === null || rate === null ? null : Math.exp(-decay * rateSum(rate, 0, step)),
  };
}

/** Weight decay where it is decoupled from the gradient: only then is its effect known. */
function decoupledDecay(record: TrainingRecord | null): number | null {
  const optimiser = record?.optimiser ?? null;
  return optimiser !== null && /^(?:(?:fused ?)?adamw|muon)$/i.test(optimiser.name)
    ? optimiser.weightDecay
    : null;
}

/** A checkpoint against the one before. */
export function measureStep(
  earlier: OpenedCheckpoint,
  later: OpenedCheckpoint,
  { rate, record, deps }: PathInputs,
): Promise<NeighbourMeasurement> {
  const { parts, backend, signal } = deps;
  const optimiser = record?.optimiser ?? null;
  const [from, to] = [earlier.planned.step, later.planned.step];
  const rates = rate === null ? null : rateDigest(rate, from, to);
  return remember(
    parts,
    [
      'step',
      earlier.fingerprint.id,
      later.fingerprint.id,
      from,
      to,
      optimiser,
      rates,
      ...numericClass(backend),
    ],
    () =>
      measureNeighbours(
        { step: from, data: openFingerprint(earlier.fingerprint), readable: earlier.readable },
        { step: to, data: openFingerprint(later.fingerprint), readable: later.readable },
        { optimiser, rate, backend, signal },
      ),
  );
}

/** SHA-256 of the rates that a step bound adds up. */
function rateDigest(rate: LearningRate, from: number, to: number): string {
  const rates = Float64Array.from({ length: to - from + 1 }, (_, index) => rate(from + index));
  return sha256(new Uint8Array(rates.buffer));
}
