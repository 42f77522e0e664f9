import { mantelTest } from './mantel.mjs';
import { norm, scaled } from './matrices.mjs';
import { chosenFeatures, counterpart, ofComponent, parameters } from './pairs.mjs';
import { mean, notApplicable, record, sum } from './record.mjs';
import { residualGram } from './residual-gram-record.mjs';
import { jointTrace, traceTest } from './trace.mjs';

/** z from which a head counts as inherited. */
const HEAD_Z = 8;

/** Roles whose heads are re-ordered together. */
const SHARED_HEADS = [
  ['attn.q', 'attn.o'],
  ['attn.k', 'attn.v'],
];

function headCount(model, { role }) {
  return role === 'attn.q' || role === 'attn.o' ? model.heads : model.kvHeads;
}

/** Channels of each head of a tensor: units × channels. */
function headsOf(model, tensor) {
  const count = headCount(model, tensor);
  const channels = tensor.factor[0].length / count;
  return Array.from({ length: count }, (_, head) =>
    chosenFeatures(
      tensor.factor,
      Array.from({ length: channels }, (_unused, channel) => head * channels + channel),
    ),
  );
}

/**
 * attention_heads: trace test of the channels of each head over the residual dimensions, and of all heads of a layer
 * jointly; a Mantel test of residual Grams where a role has other numbers of heads on the two sides. Where asked, heads
 * whose best partner (trace of q and o, or of k and v, each of unit norm, jointly) is another number carry its z.
 */
export function attentionHeadsRecord(subject, reference, map, matchHeads) {
  const layers = [];
  const grams = [];
  const heads = [];
  const skipped = [];
  let moved = 0;
  for (let layer = 0; layer < subject.layers.text; layer += 1) {
    const pairs = ofComponent(subject, 'attention')
      .filter((tensor) => tensor.layer === layer)
      .flatMap((tensor) => {
        const partner = counterpart(tensor, map.layer(layer), reference);
        return partner === undefined ? [] : [{ tensor, partner }];
      });
    const matched = pairs.filter(({ tensor }) => headCount(subject, tensor) === headCount(reference, tensor));
    for (const { tensor, partner } of pairs.filter((pair) => !matched.includes(pair))) {
      skipped.push({ key: tensor.key, reason: 'head-count-differs' });
      const { z, r } = mantelTest(residualGram([tensor]), residualGram([partner]));
      grams.push(block(`${tensor.key}|gram`, `${partner.key}|gram`, z, r, parameters(tensor)));
    }
    const factors = matched.flatMap(({ tensor, partner }) => {
      const others = headsOf(reference, partner);
      return headsOf(subject, tensor).map((a, head) => ({ tensor, partner, head, a, b: others[head] }));
    });
    if (factors.length === 0) continue;
    const joint = jointTrace(factors);
    const size = sum(factors.map(({ a }) => a.length * a[0].length));
    const [key, other] = [`text|${layer}|attn|-|weight`, `text|${map.layer(layer)}|attn|-|weight`];
    layers.push(block(key, other, joint.z, joint.r, size));
    const moves = matchHeads ? movedHeads(pairs, subject, reference) : new Map();
    moved += moves.size;
    for (const { pair, z, r } of joint.counted) {
      const [own, partner] = [
        `${pair.tensor.key}|head ${pair.head}`,
        `${pair.partner.key}|head ${pair.head}`,
      ];
      const plain = block(own, partner, z, r, pair.a.length * pair.a[0].length);
      heads.push({ pair, z, block: moves.get(own) ?? plain });
    }
  }
  if (layers.length === 0 && grams.length === 0) return notApplicable(skipped);
  const z = heads.map((head) => head.z);
  const blocks = heads.map((head) => head.block);
  return record({
    units: heads[0]?.pair.a.length ?? null,
    tensors: new Set(heads.map(({ pair }) => pair.tensor.key)).size,
    features: sum(heads.map(({ pair }) => pair.a[0].length)),
    parameters: sum(blocks.map((one) => one.parameters)),
    layer_map: map.name,
    blocks: [...layers, ...grams, ...blocks],
    skipped,
    details: {
      heads: heads.length,
      heads_listed: heads.length,
      heads_z8: blocks.filter((one) => one.z >= HEAD_Z).length,
      z_mean: z.length === 0 ? null : mean(z),
      z_deviation:
        z.length < 2 ? null : Math.sqrt(sum(z.map((value) => (value - mean(z)) ** 2)) / (z.length - 1)),
      z_max_abs: z.length === 0 ? null : Math.max(...z.map(Math.abs)),
      layer_z_max: layers.length === 0 ? null : Math.max(...layers.map((one) => one.z)),
      gram_z_max: grams.length === 0 ? null : Math.max(...grams.map((one) => one.z)),
      ...(matchHeads ? { heads_moved: moved } : {}),
    },
  });
}

function block(key, referenceKey, z, r, size) {
  return { key, reference_key: referenceKey, z, r, parameters: size, identical: false };
}

function movedHeads(pairs, subject, reference) {
  const blocks = new Map();
  for (const roles of SHARED_HEADS) {
    const shared = pairs.filter(({ tensor }) => roles.includes(tensor.role));
    const own = joined(shared.map(({ tensor }) => headsOf(subject, tensor)));
    const other = joined(shared.map(({ partner }) => headsOf(reference, partner)));
    own.forEach((a, head) => {
      const tests = other.map((b) => traceTest(a, b));
      const largest = Math.max(...tests.map(({ z }) => z));
      const partner = tests.findIndex(({ z }) => z === largest);
      if (largest < HEAD_Z || partner === head) return;
      for (const pair of shared) {
        const key = `${pair.tensor.key}|head ${head}`;
        const size = parameters(pair.tensor) / own.length;
        blocks.set(key, block(key, `${pair.partner.key}|head ${partner}`, largest, tests[partner].r, size));
      }
    });
  }
  return blocks;
}

/** Heads of several roles side by side, each of unit norm. */
function joined(roles) {
  return roles[0].map((_, head) => {
    const parts = roles.map((heads) => scaled(heads[head], 1 / norm(heads[head])));
    return parts[0].map((_unused, unit) => Float64Array.from(parts.flatMap((part) => [...part[unit]])));
  });
}
