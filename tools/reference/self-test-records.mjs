import { centred, norm, scaled, transposed } from './matrices.mjs';
import { log10P } from './normal-tail.mjs';
import { parameters } from './pairs.mjs';
import { mean, record, sum } from './record.mjs';
import { traceTest } from './trace.mjs';

/** Hidden units of a block that are read, the first. */
const UNITS = 64;

/** |z| from which two blocks are the same. */
const SAME_Z = 8;

/** Feed-forward blocks of the text layers: hidden units × residual dimensions of gate, up and down, each of unit norm. */
function blocksOf(model) {
  return model.tensors
    .filter(({ scope, role }) => scope === 'text' && role.endsWith('.gate'))
    .map((gate) => {
      const prefix = gate.role.replace('.gate', '');
      const tensors = ['gate', 'up', 'down'].map((role) =>
        model.tensors.find(
          (tensor) =>
            tensor.scope === 'text' &&
            tensor.layer === gate.layer &&
            tensor.expert === gate.expert &&
            tensor.role === `${prefix}.${role}`,
        ),
      );
      const parts = tensors.map(({ factor }) => {
        const units = centred(transposed(factor).slice(0, UNITS));
        return scaled(units, 1 / norm(units));
      });
      return {
        ...{ layer: gate.layer, expert: gate.expert, tensors },
        slot: `${prefix}|${gate.expert ?? '-'}|${gate.shape[0]}`,
        key: `text|${gate.layer}|${prefix}|${gate.expert ?? '-'}|weight`,
        factor: parts[0].map((_, unit) => Float64Array.from(parts.flatMap((part) => [...part[unit]]))),
        parameters: sum(tensors.map(parameters)),
      };
    })
    .sort((a, b) => a.layer - b.layer || (a.expert ?? -1) - (b.expert ?? -1));
}

/** Hidden-axis trace of every pair of blocks. */
function pairsOf(blocks) {
  return blocks.flatMap((second, row) =>
    blocks.slice(0, row).map((first) => ({ first, second, ...traceTest(second.factor, first.factor) })),
  );
}

function groupedBy(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}

/**
 * upcycled_experts and duplicated_layers of one model: pairs of blocks, and pairs of expert or layer numbers over all
 * blocks that share them, z = Σz/√k, r the mean; p = number of tests × the smallest.
 */
export function selfTestRecords(model) {
  const blocks = blocksOf(model);
  const records = [];
  const experts = blocks.filter(({ expert }) => expert !== null);
  if (experts.length > 0) {
    const pairs = groupedBy(experts, ({ layer }) => layer).flatMap(pairsOf);
    const members = new Set(experts.map(({ expert }) => expert)).size;
    records.push({
      component: 'experts',
      method: 'upcycled_experts',
      ...selfRecord(pairs, ({ expert }) => expert, { experts: members }),
    });
  }
  const layers = new Set(blocks.map(({ layer }) => layer)).size;
  if (layers > 1) {
    const pairs = groupedBy(blocks, ({ slot }) => slot).flatMap(pairsOf);
    records.push({
      component: blocks.some(({ expert }) => expert === null) ? 'mlp' : 'experts',
      method: 'duplicated_layers',
      ...selfRecord(pairs, ({ layer }) => layer, { layers }),
    });
  }
  return records;
}

function selfRecord(pairs, number, details) {
  if (pairs.length === 0) return record({ status: 'not_applicable' });
  const joint = groupedBy(pairs, ({ first, second }) => `${number(first)}|${number(second)}`).map(
    (parts) => ({
      z: sum(parts.map(({ z }) => z)) / Math.sqrt(parts.length),
      r: mean(parts.map(({ r }) => r)),
    }),
  );
  const bySize = (a, b) => Math.abs(b.z) - Math.abs(a.z);
  const strongest = [...joint].sort(bySize)[0];
  const tests = [...joint, ...pairs];
  const smallest = Math.min(...tests.map(({ z }) => log10P(z)));
  const blocks = [...new Set(pairs.flatMap(({ first, second }) => [first, second]))];
  const found = pairs.filter(({ z }) => Math.abs(z) >= SAME_Z).sort(bySize);
  return record({
    z: strongest.z,
    r: strongest.r,
    log10_p: Math.min(0, smallest + Math.log10(tests.length)),
    tensors: blocks.length,
    parameters: sum(blocks.map((block) => block.parameters)),
    blocks: found.slice(0, 256).map(({ first, second, z, r }) => ({
      ...{ key: second.key, reference_key: first.key, z, r, parameters: second.parameters },
      identical: second.tensors.every((tensor, i) => tensor.bytes.equals(first.tensors[i].bytes)),
    })),
    details: {
      ...details,
      pairs: joint.length,
      pairs_z8: joint.filter(({ z }) => Math.abs(z) >= SAME_Z).length,
      block_pairs: pairs.length,
      block_pairs_z8: found.length,
      block_z_max_abs: Math.max(...pairs.map(({ z }) => Math.abs(z))),
    },
  });
}
