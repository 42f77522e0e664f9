import { canonicalJson, type Checkpoint } from '@jokbo/contracts';
import { sha256Hex } from './fingerprint-file.js';

/** Raised whenever the same bytes would give another fingerprint, so that old parts are not reused. */
export const FINGERPRINT_VERSION = 1;

/** Key of the finished fingerprint of one version of one checkpoint, read with one budget. */
export function sampledFingerprintKey(
  checkpoint: Checkpoint,
  features: number,
  tasks: readonly string[],
): string {
  const { architecture, excluded, findings, tensors, tokenizer } = checkpoint;
  return sha256Hex(
    canonicalJson({
      version: FINGERPRINT_VERSION,
      features,
      tasks,
      architecture,
      excluded,
      findings,
      tensors: tensors.map(({ key, component, stored }) => [key, component, stored]),
      tokenizer: tokenizer?.digest ?? null,
    }),
  );
}
