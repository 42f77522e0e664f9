import type { PlannedComparison } from '@jokbo/contracts';
import type { PlannedModelWork } from './plan-audit.js';

/** Seconds of one processor per GB: histograms, digests and samples at 1.94 GB/s on two threads (docs/benchmarks.md). */
const FINGERPRINT_S_PER_GB = 1.03;

/** Reading a GB from a bucket with TLS takes as much of a processor beside that. */
const BUCKET_S_PER_GB = 7.2;

/**
 * Seconds of one processor per tensor of the smaller model of a pair: tiers 0 to 2 and maps of two models of 18,915
 * tensors take 74 s, tier 3 of them 90 s; of two models of 140 tensors, .45 s and .3 s.
 */
const COMPARE_S_PER_TENSOR = 0.004;
const DISGUISE_S_PER_TENSOR = 0.0048;

const GB = 1e9;

/** What an audit takes, as measured on one kind of processor: divided by processors it is time. */
export interface WorkEstimate {
  /** Seconds of one processor for what is to be read. */
  readonly readSeconds: number;
  readonly compareSeconds: number;
}

/**
 * Estimates the work of an audit. Training records, pairs over all elements that their samples ask for, and what of the
 * comparisons is stored already are not known before.
 */
export function estimateWork(
  models: readonly PlannedModelWork[],
  comparisons: readonly PlannedComparison[],
): WorkEstimate {
  const byId = new Map(models.map((model) => [model.id, model]));
  const readingOf = (id: string, bytes: (model: PlannedModelWork) => number): number => {
    const model = byId.get(id);
    if (model === undefined) return 0;
    const perGb = FINGERPRINT_S_PER_GB + (model.uri.startsWith('s3:') ? BUCKET_S_PER_GB : 0);
    return (bytes(model) / GB) * perGb;
  };
  let readSeconds = 0;
  let compareSeconds = 0;
  for (const { id } of models) readSeconds += readingOf(id, ({ bytes, cachedBytes }) => bytes - cachedBytes);
  for (const { kind, subject, reference, mode } of comparisons) {
    const tensors = Math.min(byId.get(subject)?.tensors ?? 0, byId.get(reference)?.tensors ?? 0);
    compareSeconds += tensors * (kind === 'disguise' ? DISGUISE_S_PER_TENSOR : COMPARE_S_PER_TENSOR);
    if (mode === 'sampled') continue;
    for (const id of new Set([subject, reference])) readSeconds += readingOf(id, ({ bytes }) => bytes);
  }
  return { readSeconds, compareSeconds };
}
