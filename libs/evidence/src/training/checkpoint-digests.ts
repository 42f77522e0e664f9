import { createHash } from 'node:crypto';
import type { ByteSource, TensorSummary, TrainingTest } from '@jokbo/contracts';
import { context, createFindings, judged, limited, notProvided, type Findings } from './training-test.js';

/** Bytes hashed at a time. */
const PIECE_BYTES = 8 * 1024 * 1024;

/** SHA-256 of a whole file, read in pieces. */
export async function fileDigest(source: ByteSource, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const buffer = new Uint8Array(Math.min(source.size, PIECE_BYTES));
  for (let start = 0; start < source.size; start += buffer.length) {
    const piece = buffer.subarray(0, Math.min(buffer.length, source.size - start));
    await source.read({ start, end: start + piece.length }, piece, signal);
    hash.update(piece);
  }
  return hash.digest('hex');
}

/** The files of one checkpoint. */
export interface DigestedCheckpoint {
  readonly step: number;
  readonly path: string;
  /** The checkpoint is there. */
  readonly present: boolean;
  /** SHA-256 by file name: as declared, and as read. */
  readonly declared: ReadonlyMap<string, string>;
  readonly found: ReadonlyMap<string, string>;
  /** Tensors of its fingerprint; none where the checkpoint is absent. */
  readonly tensors: readonly Pick<TensorSummary, 'key' | 'digest' | 'moments'>[];
}

/** Information below which two tensors are equal by chance or by nature: constants, zeros, untrained norms. */
const MIN_BITS = 1024;

/**
 * Checkpoints against the commitments of training.json: SHA-256 of every declared file; and against each other: a
 * tensor that has other content in between but the same again later was not reached by training (as where a branch of
 * an early step serves the final weights), nor are whole files equal at different steps.
 *
 * @param checkpoints in rising order of step.
 */
export function checkpointDigests(checkpoints: readonly DigestedCheckpoint[]): TrainingTest {
  const findings = createFindings();
  let declared = 0;
  let wrong = 0;
  let absent = 0;
  let undeclared = 0;
  for (const { step, path, present, declared: expected, found } of checkpoints) {
    const at = `step ${step} (${path})`;
    if (!present) {
      absent += 1;
      findings.add('checkpoint-absent', at, null);
      continue;
    }
    for (const [file, digest] of expected) {
      declared += 1;
      const own = found.get(file);
      if (own === digest) continue;
      wrong += 1;
      findings.add(own === undefined ? 'file-absent' : 'digest-differs', `${at}, ${file}`, own ?? null);
    }
    if (expected.size === 0) continue;
    for (const file of found.keys()) {
      if (expected.has(file)) continue;
      undeclared += 1;
      findings.add('file-not-declared', `${at}, ${file}`, null);
    }
  }
  const repeated = repeatedTensors(checkpoints, findings);
  const any = declared > 0;
  const outcome = judged(
    'checkpoint_digests',
    [
      limited('digests_wrong', any ? wrong : null, 'at_most', 0),
      limited('files_not_declared', any ? undeclared : null, 'at_most', 0),
      limited('checkpoints_absent', checkpoints.length === 0 ? null : absent, 'at_most', 0),
      limited('tensors_repeated', checkpoints.length < 2 ? null : repeated, 'at_most', 0),
      context('digests_declared', declared),
      context('checkpoints', checkpoints.length),
    ],
    findings,
    'no-digest-declared',
  );
  // Without a commitment nothing was kept, however well the checkpoints differ.
  if (outcome.outcome !== 'pass' || any) return outcome;
  return notProvided('checkpoint_digests', 'no-digest-declared', outcome.figures, findings);
}

/** Tensors whose content comes back after it was another. */
function repeatedTensors(checkpoints: readonly DigestedCheckpoint[], findings: Findings): number {
  const history = new Map<string, { readonly seen: Map<string, number>; last: string }>();
  let repeated = 0;
  for (const { step, tensors } of checkpoints) {
    for (const { key, digest, moments } of tensors) {
      if (moments.entropy_bits * moments.n < MIN_BITS) continue;
      const own = history.get(key) ?? { seen: new Map<string, number>(), last: digest };
      history.set(key, own);
      const before = own.seen.get(digest);
      if (before !== undefined && own.last !== digest) {
        repeated += 1;
        findings.add('tensor-repeated', `${key}, step ${step}`, `as at step ${before}`);
      }
      if (before === undefined) own.seen.set(digest, step);
      own.last = digest;
    }
  }
  return repeated;
}
