import { norm, scaled, timesTransposed, transposed } from './matrices.mjs';
import { assign, fixedPoints, log10Fisher, spearman } from './matching.mjs';
import { ofComponent, parameters } from './pairs.mjs';
import { mean, notApplicable, record, sum } from './record.mjs';

/** Feed-forward blocks of a component. */
export function blocksOf(model, component) {
  const blocks = new Map();
  for (const tensor of ofComponent(model, component)) {
    const { layer, expert } = tensor;
    const [prefix, role] = [tensor.role.replace(/\.\w+$/, ''), tensor.role.replace(/^.*\./, '')];
    const key = `text|${layer}|${prefix}|${expert ?? '-'}|weight`;
    if (!blocks.has(key)) blocks.set(key, { key, layer, expert, prefix, tensors: {} });
    blocks.get(key).tensors[role] = tensor;
  }
  return [...blocks.values()];
}

/** Rows of a projection, their mean over the residual dimensions removed, of unit norm. */
function directions({ factor }) {
  return transposed(factor).map((row) => {
    const average = mean([...row]);
    const centre = row.map((value) => value - average);
    return scaled([centre], 1 / norm([centre]))[0];
  });
}

/** MATCH: the assignment of largest Σ cosine, for each unit of the narrower side. */
function match(own, other) {
  const [a, b] = [directions(own), directions(other)];
  return a.length > b.length ? assign(timesTransposed(b, a)) : assign(timesTransposed(a, b));
}

function matchBlock(own, other) {
  const gate = match(own.tensors.gate, other.tensors.gate);
  const up = match(own.tensors.up, other.tensors.up);
  const [width, otherWidth] = [own.tensors.gate.shape[0], other.tensors.gate.shape[0]];
  const inOrder = gate.map((_, unit) => unit);
  const same = (first, second) => first.filter((column, unit) => column === second[unit]).length;
  const [units, columns] = [gate.length, Math.max(width, otherWidth)];
  return {
    ...{ own, other },
    agreement: spearman(gate, up),
    agreementFixed: { count: same(gate, up), units, columns },
    ordered: width === otherWidth ? spearman(up, inOrder) : null,
    orderedFixed: width === otherWidth ? { count: same(up, inOrder), units, columns } : null,
  };
}

/**
 * matched_units: φ_MATCH = SPEARMAN(MATCH(gate), MATCH(up)) of every block, φ_U = SPEARMAN(MATCH(up), identity), and
 * the fixed points of both.
 *
 * @param expertOf expert of the reference for an expert of the subject in a layer.
 */
export function matchedUnitsRecord(
  subject,
  reference,
  component,
  map,
  expertOf = (_layer, expert) => expert,
) {
  const others = blocksOf(reference, component);
  const found = blocksOf(subject, component).flatMap((own) => {
    const expert = own.expert === null ? null : expertOf(own.layer, own.expert);
    const other = others.find(
      (block) =>
        block.layer === map.layer(own.layer) && block.prefix === own.prefix && block.expert === expert,
    );
    return other === undefined ? [] : [matchBlock(own, other)];
  });
  if (found.length > 64) throw new Error('the reference matches every block, at most 64');
  if (found.length === 0) return notApplicable();
  const size = ({ own }) => sum(Object.values(own.tensors).map(parameters));
  const z = found.map(({ agreement }) => agreement.z);
  const ordered = found.filter((block) => block.ordered !== null);
  return record({
    z: sum(z) / Math.sqrt(z.length),
    r: mean(found.map(({ agreement }) => agreement.r)),
    units: sum(found.map(({ agreement }) => agreement.units)),
    tensors: 2 * found.length,
    parameters: sum(found.map(size)),
    layer_map: map.name,
    blocks: found.map((block) => ({
      ...{ key: block.own.key, reference_key: block.other.key },
      ...{ z: block.agreement.z, r: block.agreement.r, parameters: size(block), identical: false },
    })),
    details: {
      blocks: found.length,
      blocks_untested: 0,
      block_z_mean: mean(z),
      block_z_max: Math.max(...z),
      match_log10_p: log10Fisher(found.map(({ agreement }) => agreement.log10P)),
      ...fixedDetails('match_fixed', fixedPoints(found.map(({ agreementFixed }) => agreementFixed))),
      up_log10_p: log10Fisher(ordered.map((block) => block.ordered.log10P)),
      ...fixedDetails('up_fixed', fixedPoints(ordered.map(({ orderedFixed }) => orderedFixed))),
    },
  });
}

function fixedDetails(name, { count, expected, log10P }) {
  return { [name]: count, [`${name}_expected`]: expected, [`${name}_log10_p`]: log10P };
}

/** φ_MATCH of all dense or shared blocks against all, a map for each kind of block. */
export function matchedUnitsMaps(subject, reference, component) {
  const own = blocksOf(subject, component).filter(({ expert }) => expert === null);
  const other = blocksOf(reference, component).filter(({ expert }) => expert === null);
  const kinds = [...new Set(own.map(({ prefix }) => prefix))];
  return kinds.flatMap((prefix) => {
    const rows = own.filter((block) => block.prefix === prefix);
    const columns = other.filter((block) => block.prefix === prefix);
    if (columns.length === 0) return [];
    const cells = rows.flatMap((row) => columns.map((column) => matchBlock(row, column).agreement));
    const layer = (block) => block.layer;
    return [
      {
        ...{
          component,
          role: `${prefix}.units`,
          statistic: 'matching',
          rows: rows.length,
          columns: columns.length,
        },
        ...{ row_layers: rows.map(layer), column_layers: columns.map(layer) },
        ...{ cosine: cells.map(() => null), r: cells.map(({ r }) => r), z: cells.map(({ z }) => z) },
        ...{ diagonal_z: null, diagonal_log10_p: null, alignment: null },
      },
    ];
  });
}
