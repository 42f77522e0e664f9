import type { FingerprintDocument } from '@jokbo/contracts';
import type { tensor } from '../schema/tables.js';

/** Every tensor of a fingerprint: those with a meaning in its order, then those that are excluded. */
export function tensorRows(
  fingerprint: string,
  { tensors, excluded }: Pick<FingerprintDocument, 'tensors' | 'excluded'>,
): (typeof tensor.$inferInsert)[] {
  return [
    ...tensors.map(
      ({ stored, key, scope, component, layer, role, expert, part, dtype, shape, parameters, ...one }) => ({
        ...{ stored, key, scope, component, layer, role, expert, part, dtype, parameters },
        ...{ shape: [...shape], bytes: one.bytes, digest: one.digest, reason: null },
      }),
    ),
    ...excluded.map(({ stored, reason, parameters }) => ({ stored, reason, parameters })),
  ].map((row, position) => ({ fingerprint, position, ...row }));
}
