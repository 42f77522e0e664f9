import { effectSize, TRACE_POWER } from './effect-size.mjs';
import { combinedTraces, hiddenUnits } from './hidden-trace-record.mjs';
import { mantelTest, unitGram } from './mantel.mjs';
import { assign } from './matching.mjs';
import { addTo, dot, norm, scaled, timesTransposed, transposed } from './matrices.mjs';
import { blocksOf } from './matched-units-records.mjs';
import { log10P } from './normal-tail.mjs';
import { counterpart, ofComponent, parameters } from './pairs.mjs';
import { mean, notApplicable, record, sum } from './record.mjs';
import { residualGram } from './residual-gram-record.mjs';
import { jointTrace } from './trace.mjs';

/** z from which a cell names an expert. */
const CELL_Z = 8;

/** Mean of the largest-sum assignment of an E × E matrix of normal numbers, for the numbers of experts of the zoo. */
const MATCHED_MEAN = new Map([
  [8, 1.204],
  [16, 1.557],
]);

/** Router rows without the mean row, of unit norm. */
function expertDirections({ factor }) {
  const distinct = factor.map((row) => {
    const average = mean([...row]);
    return row.map((value) => value - average);
  });
  return transposed(distinct).map((row) => scaled([row], 1 / norm([row]))[0]);
}

/** Which expert is which by routers alone: the assignment of largest Σ cosine, layer by layer. */
export function matchRouters(subject, reference, map) {
  return ofComponent(subject, 'router').flatMap((router) => {
    const partner = counterpart(router, map.layer(router.layer), reference);
    if (partner === undefined) return [];
    const [a, b] = [expertDirections(router), expertDirections(partner)];
    const swapped = a.length > b.length;
    const [few, many] = swapped ? [b, a] : [a, b];
    const columnOf = assign(timesTransposed(few, many));
    const experts = new Map(columnOf.map((column, row) => (swapped ? [column, row] : [row, column])));
    const cosine = mean(columnOf.map((column, row) => dot(few[row], many[column])));
    const { layer } = router;
    return [
      {
        layer,
        referenceLayer: map.layer(layer),
        experts,
        cosine,
        count: a.length,
        few: few.length,
        dimensions: a[0].length,
      },
    ];
  });
}

/**
 * shuffled_experts: hidden-axis trace of gate, up and down of the experts that routers match, blocks combined; beside
 * it the residual-axis trace of the same tensors.
 *
 * @param cells of {@link expertCells}.
 */
export function shuffledExpertsRecord(subject, reference, routers, map, cells) {
  if (routers.length === 0) return notApplicable();
  const groups = blocksOf(subject, 'experts').flatMap(({ layer, expert, tensors }) => {
    const router = routers.find((known) => known.layer === layer);
    const partner = router?.experts.get(expert);
    if (partner === undefined) return [];
    return [
      Object.values(tensors).map((own) => {
        const other = ofComponent(reference, 'experts').find(
          (known) =>
            known.layer === router.referenceLayer && known.expert === partner && known.role === own.role,
        );
        return { subject: own, reference: other };
      }),
    ];
  });
  const hidden = groups.map((pairs) =>
    jointTrace(
      pairs.map((pair) => ({ ...pair, a: hiddenUnits(pair.subject), b: hiddenUnits(pair.reference) })),
    ),
  );
  const pairs = groups.flat();
  const residual = jointTrace(
    pairs.map((pair) => ({ ...pair, a: pair.subject.factor, b: pair.reference.factor })),
  );
  const { z, r } = combinedTraces(hidden);
  const byKey = new Map(
    hidden.flatMap(({ counted }) => counted).map((test) => [test.pair.subject.key, test]),
  );
  const first = routers[0];
  const inPlace = routers.flatMap(({ experts }) =>
    [...experts].map(([own, other]) => (own === other ? 1 : 0)),
  );
  const maps = routers.map(({ experts, count }) =>
    Array.from({ length: count }, (_, i) => experts.get(i) ?? null).join(),
  );
  const best = cells.flatMap((layer) => layer.best);
  return record({
    ...effectSize(z, r, (z / r) ** 2, { power: TRACE_POWER }),
    log10_p: log10P(z),
    units: sum(hidden.map(({ units }) => units)),
    tensors: sum(hidden.map(({ tensors }) => tensors)),
    features: sum(hidden.map(({ features }) => features)),
    parameters: sum(pairs.map((pair) => parameters(pair.subject))),
    layer_map: map.name,
    blocks: residual.counted.map((test) => {
      const other = byKey.get(test.pair.subject.key);
      const said = other.z > test.z ? other : test;
      const [own, partner] = [test.pair.subject, test.pair.reference];
      return {
        ...{ key: own.key, reference_key: partner.key, z: said.z, r: said.r },
        ...{ parameters: parameters(own), identical: own.bytes.equals(partner.bytes) },
      };
    }),
    details: {
      layers: routers.length,
      matched_cosine: mean(routers.map(({ cosine }) => cosine)),
      // Without the mean row, rows are shorter by √(1 − 1/E) on either side.
      matched_cosine_null: MATCHED_MEAN.get(first.few) / (1 - 1 / first.few) / Math.sqrt(first.dimensions),
      experts_in_place: mean(inPlace),
      layers_with_that_map: maps.filter((name) => name === maps[0]).length,
      residual_z: residual.z,
      residual_r: residual.r,
      cell_layers: cells.length,
      cell_experts_matched: best.filter((expert) => expert !== null).length,
      cell_experts: best.length,
      cell_layers_with_that_map: cells.filter((layer) => layer.best.join() === cells[0].best.join()).length,
    },
  });
}

/**
 * Every expert of a layer against every expert of the layer that it follows: Mantel test of residual Grams over gate, up
 * and down, the mean Gram of a layer's experts removed on either side.
 */
export function expertCells(subject, reference, map) {
  const [own, other] = [blocksOf(subject, 'experts'), blocksOf(reference, 'experts')];
  const layers = [...new Set(own.map(({ layer }) => layer))];
  return layers.flatMap((layer) => {
    const rows = own.filter((block) => block.layer === layer);
    const columns = other.filter((block) => block.layer === map.layer(layer));
    if (columns.length === 0) return [];
    const [a, b] = [distinctGrams(rows), distinctGrams(columns)];
    const tests = a.flatMap((left) => b.map((right) => mantelTest(left, right)));
    const z = tests.map((test) => test.z);
    const best = rows.map((_, row) => {
      const cells = z.slice(row * columns.length, (row + 1) * columns.length);
      const largest = Math.max(...cells);
      return largest >= CELL_Z ? columns[cells.indexOf(largest)].expert : null;
    });
    return [
      { layer, referenceLayer: map.layer(layer), rows, columns, z, r: tests.map((test) => test.r), best },
    ];
  });
}

function distinctGrams(experts) {
  const grams = experts.map(({ tensors }) => residualGram(Object.values(tensors)));
  const average = scaled(grams[0], 0);
  for (const gram of grams) addTo(average, gram, 1 / grams.length);
  return grams.map((gram) => {
    addTo(gram, average, -1);
    return unitGram(gram);
  });
}

/** Expert × expert maps of the layers. */
export function expertMaps(cells) {
  return cells.map(({ layer, referenceLayer, rows, columns, z, r, best }) => ({
    ...{ component: 'experts', role: `experts of layer ${layer} × ${referenceLayer}`, statistic: 'gram' },
    ...{ rows: rows.length, columns: columns.length, cosine: z.map(() => null), r, z },
    row_layers: rows.map(({ expert }) => expert),
    column_layers: columns.map(({ expert }) => expert),
    ...{ diagonal_z: null, diagonal_log10_p: null, alignment: { best, path_score: null } },
  }));
}
