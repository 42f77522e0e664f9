import type { BlockRecord } from '@jokbo/contracts';

/** |z| that two unrelated tensors keep below. */
const UNRELATED_Z = 4;

/** z of the best tensor of a role from which another of the role cannot have lost every trace by training alone. */
const ROLE_Z = 5 * UNRELATED_Z;

/**
 * Tensors without a trace of their predecessor where others of the same role show theirs plainly: a part that was put
 * in from elsewhere. Training forgets all tensors of a role at about the same pace; in an honest run the least z of a
 * role is half of its median, not a fifth of its largest and below {@link UNRELATED_Z} besides.
 */
export function untracedTensors(blocks: readonly BlockRecord[]): readonly string[] {
  const best = new Map<string, number>();
  for (const { key, z } of blocks) {
    const role = roleOf(key);
    best.set(role, Math.max(best.get(role) ?? Number.NEGATIVE_INFINITY, z ?? Number.NEGATIVE_INFINITY));
  }
  return blocks.flatMap(({ key, z }) =>
    z !== null && z < UNRELATED_Z && (best.get(roleOf(key)) ?? 0) >= ROLE_Z ? [key] : [],
  );
}

/** Keys are `scope|layer|role|expert|part`. */
function roleOf(key: string): string {
  const [scope, , role, , part] = key.split('|');
  return `${scope ?? ''}|${role ?? ''}|${part ?? ''}`;
}
