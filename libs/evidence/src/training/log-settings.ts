import type { LogInputs } from './log-consistent.js';
import type { Findings } from './training-test.js';

/**
 * Settings and run ids of the log that say otherwise than training.json, by the names that both use; null where there
 * is nothing to compare.
 */
export function differentSettings(
  { settings, runIds, record }: LogInputs,
  findings: Findings,
): number | null {
  if (record === null) return null;
  const { seed, totalSteps, optimiser, schedule, runId } = record;
  const declared: readonly (readonly [name: string, value: number | null])[] = [
    ['seed', seed === null ? null : Number(seed)],
    ['total_steps', totalSteps],
    ['weight_decay', optimiser?.weightDecay ?? null],
    ['beta1', optimiser?.beta1 ?? null],
    ['beta2', optimiser?.beta2 ?? null],
    ['warmup_steps', schedule?.warmupSteps ?? null],
  ];
  let compared = 0;
  let different = 0;
  for (const [name, value] of declared) {
    const own = settings.get(name);
    if (value === null || own === undefined) continue;
    compared += 1;
    if (own === value) continue;
    different += 1;
    findings.add('setting-differs', name, own);
  }
  for (const id of runId === null ? [] : runIds) {
    compared += 1;
    if (id === runId) continue;
    different += 1;
    findings.add('run-id-differs', null, id.slice(0, 80));
  }
  return compared === 0 ? null : different;
}
