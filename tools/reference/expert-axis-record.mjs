import { effectSize, TRACE_POWER } from './effect-size.mjs';
import { transposed } from './matrices.mjs';
import { log10P } from './normal-tail.mjs';
import { counterpart, isIdentical, ofComponent, parameters } from './pairs.mjs';
import { notApplicable, record, sum } from './record.mjs';
import { traceTest } from './trace.mjs';

/**
 * expert_axis: trace test of router rows, units = the experts of a layer, features = residual dimensions; layers are
 * distinct groups: z = Σz/√k, r̂ = Σ w(T−E)/Σ w‖Ac‖‖Bc‖, n_eff = (z/r̂)². The zoo's routers have one routing group.
 */
export function expertAxisRecord(subject, reference, map) {
  const tests = [];
  const skipped = [];
  for (const router of ofComponent(subject, 'router')) {
    const partner = counterpart(router, map.layer(router.layer), reference);
    if (partner === undefined || partner.shape.join() !== router.shape.join()) {
      skipped.push({
        key: router.key,
        reason: partner === undefined ? 'no-counterpart' : 'expert-count-differs',
      });
      continue;
    }
    const test = traceTest(transposed(router.factor), transposed(partner.factor));
    tests.push({ router, partner, ...test, experts: router.shape[0], dimensions: router.shape[1] });
  }
  if (tests.length === 0) return notApplicable(skipped);
  const z = sum(tests.map((test) => test.z)) / Math.sqrt(tests.length);
  const r =
    sum(tests.map((test) => test.z)) / sum(tests.map(({ norms, variance }) => norms / Math.sqrt(variance)));
  return record({
    ...effectSize(z, r, (z / r) ** 2, { power: TRACE_POWER }),
    log10_p: log10P(z),
    units: sum(tests.map(({ experts }) => experts)),
    ceiling:
      sum(
        tests.map(({ experts, dimensions }) => Math.sqrt((experts - 1) * Math.min(dimensions, experts - 1))),
      ) / Math.sqrt(tests.length),
    tensors: tests.length,
    features: sum(tests.map(({ dimensions }) => dimensions)),
    parameters: sum(tests.map(({ router }) => parameters(router))),
    layer_map: map.name,
    skipped,
    blocks: tests.map((test) => ({
      ...{ key: test.router.key, reference_key: test.partner.key, z: test.z, r: test.r },
      parameters: parameters(test.router),
      identical: isIdentical(test.router, test.partner),
    })),
    details: { groups: tests.length, routing_groups: 1 },
  });
}
